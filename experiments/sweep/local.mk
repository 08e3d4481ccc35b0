libexperiments_a_SOURCES += \
	%D%/sweep.c %D%/sweep.h \
	%D%/sweep_order.c \
	%D%/sweep_priv.h \
	%D%/sweep_range.c %D%/sweep_range.h \
	%D%/sweep_read.c \
	%D%/sweep_read_priv.h \
	%D%/sweep_run.c %D%/sweep_run.h \
	%D%/sweep_values.c \
	%D%/sweep_words.c %D%/sweep_words.h
