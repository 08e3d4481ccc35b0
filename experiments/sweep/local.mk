libexperiments_a_SOURCES += \
	%D%/part.c %D%/part.h \
	%D%/queue.c %D%/queue.h \
	%D%/ranks.h \
	%D%/sweep.c %D%/sweep.h \
	%D%/sweep_average.c \
	%D%/sweep_base.c %D%/sweep_base.h \
	%D%/sweep_cases.c \
	%D%/sweep_grid.c \
	%D%/sweep_layout.c %D%/sweep_layout.h \
	%D%/sweep_order.c \
	%D%/sweep_priv.h \
	%D%/sweep_range.c %D%/sweep_range.h \
	%D%/sweep_read.c \
	%D%/sweep_read_priv.h \
	%D%/sweep_run.c %D%/sweep_run.h \
	%D%/sweep_text.c \
	%D%/sweep_values.c \
	%D%/sweep_unread.c %D%/sweep_unread.h \
	%D%/sweep_until.c \
	%D%/sweep_vary.c \
	%D%/sweep_words.c %D%/sweep_words.h \
	%D%/trial_size.c %D%/trial_size.h
# The ranks of MPI, or the one process that there is without.
if HAVE_MPI
libexperiments_a_SOURCES += %D%/ranks_mpi.c \
	%D%/ranks_outbox.c %D%/ranks_outbox.h \
	%D%/ranks_pause.h
else
libexperiments_a_SOURCES += %D%/ranks_alone.c
endif
EXTRA_DIST += %D%/ranks_mpi.c %D%/ranks_outbox.c %D%/ranks_outbox.h %D%/ranks_pause.h \
	%D%/ranks_alone.c
