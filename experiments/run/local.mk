libexperiments_a_SOURCES += \
	%D%/again.c \
	%D%/agenda.c \
	%D%/causes.c \
	%D%/declare.c \
	%D%/deliver.c \
	%D%/dispatch.c \
	%D%/identities.c \
	%D%/meter_rows.c \
	%D%/run.c %D%/run.h \
	%D%/run_priv.h \
	%D%/operator.c \
	%D%/outcome.c \
	%D%/summary.c
