# tests of analysis
if HAVE_CUNIT
check_LIBRARIES += libsample.a
libsample_a_SOURCES = %D%/sample.c %D%/sample.h
GB_SAMPLE_LIBS = libsample.a $(GB_TEST_LIBS)
check_PROGRAMS += %D%/test_record %D%/test_journal %D%/test_results %D%/test_statistics %D%/test_compare \
	%D%/test_spoilt %D%/test_results_system %D%/test_contrast %D%/test_inference %D%/test_coverage
%C%_test_record_SOURCES = %D%/test_record.c
%C%_test_record_LDADD = $(GB_SAMPLE_LIBS)
check_PROGRAMS += %D%/test_fingerprint
%C%_test_fingerprint_SOURCES = %D%/test_fingerprint.c
%C%_test_fingerprint_LDADD = $(GB_TEST_LIBS)
%C%_test_journal_SOURCES = %D%/test_journal.c
%C%_test_journal_LDADD = $(GB_SAMPLE_LIBS)
%C%_test_statistics_SOURCES = %D%/test_statistics.c
%C%_test_statistics_LDADD = $(GB_TEST_LIBS)
%C%_test_contrast_SOURCES = %D%/test_contrast.c
%C%_test_contrast_LDADD = $(GB_TEST_LIBS)
%C%_test_inference_SOURCES = %D%/test_inference.c %D%/village_days.h
%C%_test_inference_LDADD = $(GB_TEST_LIBS)
%C%_test_coverage_SOURCES = %D%/test_coverage.c %D%/village_days.h
%C%_test_coverage_LDADD = $(GB_TEST_LIBS)
%C%_test_compare_SOURCES = %D%/test_compare.c
%C%_test_compare_LDADD = $(GB_SAMPLE_LIBS)
%C%_test_results_SOURCES = %D%/test_results.c
%C%_test_results_LDADD = $(GB_SAMPLE_LIBS)
%C%_test_results_system_SOURCES = %D%/test_results_system.c
%C%_test_results_system_LDADD = $(GB_SAMPLE_LIBS)
%C%_test_spoilt_SOURCES = %D%/test_spoilt.c %D%/spoilt.c %D%/spoilt.h
%C%_test_spoilt_LDADD = $(GB_SAMPLE_LIBS)
endif

# results as other programs see them
EXTRA_PROGRAMS += %D%/write_sample
CLEANFILES += %D%/write_sample$(EXEEXT)
%C%_write_sample_SOURCES = %D%/write_sample.c %D%/sample.c %D%/sample.h
%C%_write_sample_LDADD = $(GB_LIBS) $(GB_EXTERNAL_LIBS)
dist_check_SCRIPTS += %D%/results_python.sh %D%/compare.sh %D%/figures.sh %D%/spoilt_results.sh
EXTRA_PROGRAMS += %D%/spoil_result
CLEANFILES += %D%/spoil_result$(EXEEXT)
%C%_spoil_result_SOURCES = %D%/spoil_result.c %D%/spoilt.c %D%/spoilt.h %D%/sample.c %D%/sample.h
%C%_spoil_result_LDADD = $(GB_LIBS) $(GB_EXTERNAL_LIBS)
%D%/spoilt_results.log: %D%/spoil_result$(EXEEXT)
# Every way to spoil one (make check-long).
check-spoilt: %D%/spoil_result$(EXEEXT) gridbourse$(EXEEXT)
	GB_SPOILT=all srcdir=$(abs_srcdir) builddir=$(abs_builddir) sh $(srcdir)/%D%/spoilt_results.sh
check-long: check-spoilt
.PHONY: check-spoilt
EXTRA_DIST += %D%/results_python.py %D%/svg_text.awk
%D%/results_python.log %D%/compare.log %D%/figures.log: %D%/write_sample$(EXEEXT)
