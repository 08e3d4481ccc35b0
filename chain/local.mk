noinst_LIBRARIES += libchain.a
libchain_a_SOURCES =
libchain_a_SOURCES += %D%/codec.c %D%/codec.h %D%/hash.c %D%/hash.h %D%/keys.c %D%/keys.h
libchain_a_SOURCES += %D%/transaction.c %D%/transaction_encode.c %D%/transaction_decode.c \
	%D%/transaction.h %D%/transaction_priv.h %D%/genesis.c %D%/genesis.h \
	%D%/genesis_check.c
libchain_a_SOURCES += %D%/block.c %D%/block.h %D%/seen.c %D%/seen.h %D%/validity.c %D%/validity.h
libchain_a_SOURCES += %D%/ledger.c %D%/ledger.h %D%/verify.c %D%/proof.c %D%/proof.h
libchain_a_SOURCES += \
	%D%/consensus.c %D%/consensus.h \
	%D%/pbft.c %D%/pbft.h %D%/pbft_priv.h %D%/pbft_votes.c
libchain_a_SOURCES += \
	%D%/chain.h \
	%D%/ideal.c \
	%D%/pool.c %D%/pool.h \
	%D%/protocols.c \
	%D%/intake.c \
	%D%/replicated.c %D%/replicated_priv.h \
	%D%/transit.c %D%/transit.h
include chain/contracts/local.mk
EXTRA_DIST += doc/chain.md
