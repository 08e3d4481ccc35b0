libchain_a_SOURCES += \
	%D%/ledger.c %D%/ledger.h \
	%D%/proof.c %D%/proof.h \
	%D%/seen.c %D%/seen.h \
	%D%/validity.c %D%/validity.h \
	%D%/verify.c
