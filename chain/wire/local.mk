libchain_a_SOURCES += \
	%D%/block.c %D%/block.h \
	%D%/codec.c %D%/codec.h \
	%D%/genesis.c %D%/genesis.h \
	%D%/genesis_check.c \
	%D%/hash.c %D%/hash.h \
	%D%/keys.c %D%/keys.h \
	%D%/quorum.c %D%/quorum.h \
	%D%/transaction.c %D%/transaction.h \
	%D%/transaction_decode.c \
	%D%/transaction_encode.c \
	%D%/transaction_priv.h
