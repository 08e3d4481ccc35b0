libexperiments_a_SOURCES += \
	%D%/accounts.c \
	%D%/bidding.c \
	%D%/causes.c \
	%D%/invariants.c \
	%D%/kpis.c \
	%D%/livelock.c \
	%D%/market_operator.c \
	%D%/meter_rows.c \
	%D%/metering.c \
	%D%/outbox.c \
	%D%/resubmission.c \
	%D%/run.c %D%/run.h \
	%D%/run_priv.h \
	%D%/schedule.c
