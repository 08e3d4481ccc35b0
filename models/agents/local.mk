libmodels_a_SOURCES += \
	%D%/fixed_shade.c \
	%D%/paper_beta.c \
	%D%/pick_priv.h \
	%D%/paper_beta.def %D%/strategies.c %D%/strategies.def %D%/strategies_priv.h \
	%D%/strategy.h \
	%D%/traits.c %D%/traits.h \
	%D%/truthful.c \
	%D%/zi_c.c
