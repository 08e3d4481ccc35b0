libchain_a_SOURCES += \
	%D%/consensus.c %D%/consensus.h \
	%D%/pbft.c %D%/pbft.h \
	%D%/pbft_log.c %D%/pbft_log_priv.h \
	%D%/pbft_priv.h \
	%D%/pbft_replica.c \
	%D%/pbft_safety.c
