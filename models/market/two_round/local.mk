libmodels_a_SOURCES += \
	%D%/first_fit.c %D%/first_fit_priv.h \
	%D%/match.c \
	%D%/options.c %D%/options.h %D%/options.def \
	%D%/turn.c \
	%D%/two_round.c %D%/two_round_priv.h
