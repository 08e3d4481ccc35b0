libchain_a_SOURCES += \
	%D%/chain.h \
	%D%/ideal.c \
	%D%/ingress.c %D%/ingress.h \
	%D%/live_blocks.c %D%/live_blocks.h \
	%D%/pool.c %D%/pool.h \
	%D%/protocols.c %D%/protocols.def \
	%D%/replicated.c \
	%D%/sealer.c %D%/sealer.h \
	%D%/transit.c %D%/transit.h
