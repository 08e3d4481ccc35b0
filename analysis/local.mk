noinst_LIBRARIES += libanalysis.a
libanalysis_a_SOURCES = \
	%D%/bytes.c %D%/bytes_priv.h \
	%D%/compare.c %D%/compare.h \
	%D%/fingerprint.c %D%/fingerprint.h \
	%D%/hdf5.c %D%/hdf5_priv.h \
	%D%/journal.c %D%/journal.h \
	%D%/metrics.c %D%/metrics.h \
	%D%/paper_case.c %D%/paper_case.h \
	%D%/record.c %D%/record.h \
	%D%/results.h %D%/results_read.c %D%/results_write.c \
	%D%/schema.c %D%/schema.h \
	%D%/statistics.c %D%/statistics.h
