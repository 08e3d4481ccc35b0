noinst_LIBRARIES += libsim.a
libsim_a_SOURCES =
libsim_a_SOURCES += \
	%D%/event.c %D%/event.h \
	%D%/histogram.c %D%/histogram.h \
	%D%/tally.c %D%/tally.h
