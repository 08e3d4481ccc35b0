libmodels_a_SOURCES += \
	%D%/call.c %D%/call_priv.h \
	%D%/meet.c \
	%D%/options.c %D%/options.h %D%/options.def \
	%D%/uniform.c \
	%D%/pay_as_bid.c \
	%D%/mid_market_rate.c \
	%D%/mcafee.c \
	%D%/huang.c
