libchain_a_SOURCES += \
	%D%/block.c %D%/block.h \
	%D%/codec.c %D%/codec.h \
	%D%/flow.c %D%/flow.h %D%/flows.def \
	%D%/flow_classic.c %D%/flow_fisco2.c %D%/flow_fisco3.c \
	%D%/genesis.c %D%/genesis.h \
	%D%/genesis_check.c %D%/genesis_decode.c %D%/genesis_encode.c \
	%D%/hash.c %D%/hash.h \
	%D%/keys.c %D%/keys.h \
	%D%/quorum.c %D%/quorum.h \
	%D%/transaction.c %D%/transaction.h \
	%D%/transaction_decode.c \
	%D%/transaction_encode.c \
	%D%/transaction_priv.h
