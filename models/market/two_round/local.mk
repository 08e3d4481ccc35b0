libmodels_a_SOURCES += \
	%D%/match.c \
	%D%/options.c %D%/options.h %D%/options.def \
	%D%/turn.c \
	%D%/two_round.c %D%/two_round_priv.h
