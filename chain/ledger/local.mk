libchain_a_SOURCES += \
	%D%/ledger.h \
	%D%/ledger_format.c %D%/ledger_format_priv.h \
	%D%/ledger_reader.c \
	%D%/ledger_writer.c \
	%D%/proof.c %D%/proof.h \
	%D%/seen.c %D%/seen.h \
	%D%/validity.c %D%/validity.h \
	%D%/verify.c
