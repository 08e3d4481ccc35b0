libchain_a_SOURCES += \
	%D%/consensus.c %D%/consensus.h \
	%D%/pbft.c %D%/pbft.h \
	%D%/pbft_priv.h \
	%D%/pbft_votes.c
