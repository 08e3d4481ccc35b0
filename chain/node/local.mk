libchain_a_SOURCES += \
	%D%/chain.h \
	%D%/ideal.c \
	%D%/ingress.c \
	%D%/pool.c %D%/pool.h \
	%D%/protocols.c \
	%D%/replicated.c \
	%D%/replicated_priv.h \
	%D%/transit.c %D%/transit.h
