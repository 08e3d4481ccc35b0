# tests of analysis
GB_CORRUPTION = tests/corruption.c tests/corruption.h tests/corruption_priv.h tests/corruption_cases.c \
	tests/corruption_columns.c tests/corruption_members.c
if HAVE_CUNIT
check_LIBRARIES += libsample.a
libsample_a_SOURCES = %D%/sample.c %D%/sample.h
GB_SAMPLE_LIBS = libsample.a $(GB_TEST_LIBS)
check_PROGRAMS += %D%/test_record %D%/test_journal %D%/test_results %D%/test_statistics %D%/test_compare \
	%D%/test_corrupted %D%/test_results_system %D%/test_results_rows %D%/test_hdf5_unpack
%C%_test_record_SOURCES = %D%/test_record.c
%C%_test_record_LDADD = $(GB_SAMPLE_LIBS)
check_PROGRAMS += %D%/test_fingerprint %D%/test_plan
%C%_test_plan_SOURCES = %D%/test_plan.c
%C%_test_plan_LDADD = $(GB_SAMPLE_LIBS)
%C%_test_fingerprint_SOURCES = %D%/test_fingerprint.c
%C%_test_fingerprint_LDADD = $(GB_TEST_LIBS)
%C%_test_journal_SOURCES = %D%/test_journal.c
%C%_test_journal_LDADD = $(GB_SAMPLE_LIBS)
%C%_test_statistics_SOURCES = %D%/test_statistics.c
%C%_test_statistics_LDADD = $(GB_TEST_LIBS)
%C%_test_compare_SOURCES = %D%/test_compare.c
%C%_test_compare_LDADD = $(GB_SAMPLE_LIBS)
check_PROGRAMS += %D%/test_figures %D%/test_figures_sweep %D%/test_figures_cases %D%/test_figure_meter
%C%_test_figure_meter_SOURCES = %D%/test_figure_meter.c %D%/figure_files.c %D%/figure_files.h $(GB_VILLAGE_RUNS)
%C%_test_figure_meter_LDADD = $(GB_SAMPLE_LIBS)
%C%_test_figures_SOURCES = %D%/test_figures.c %D%/figure_files.c %D%/figure_files.h %D%/runs.c %D%/runs.h
%C%_test_figures_sweep_SOURCES = %D%/test_figures_sweep.c %D%/figure_files.c %D%/figure_files.h %D%/runs.c %D%/runs.h
%C%_test_figures_sweep_LDADD = $(GB_SAMPLE_LIBS)
%C%_test_figures_cases_SOURCES = %D%/test_figures_cases.c %D%/figure_files.c %D%/figure_files.h %D%/runs.c %D%/runs.h
%C%_test_figures_cases_LDADD = $(GB_SAMPLE_LIBS)
%C%_test_figures_LDADD = $(GB_SAMPLE_LIBS)
%C%_test_results_SOURCES = %D%/test_results.c %D%/text_file.c %D%/text_file.h
%C%_test_results_LDADD = $(GB_SAMPLE_LIBS)
%C%_test_results_rows_SOURCES = %D%/test_results_rows.c %D%/text_file.c %D%/text_file.h
%C%_test_results_rows_LDADD = $(GB_SAMPLE_LIBS)
%C%_test_hdf5_unpack_SOURCES = %D%/test_hdf5_unpack.c
%C%_test_hdf5_unpack_LDADD = $(GB_SAMPLE_LIBS)
%C%_test_results_system_SOURCES = %D%/test_results_system.c
%C%_test_results_system_LDADD = $(GB_SAMPLE_LIBS)
%C%_test_corrupted_SOURCES = %D%/test_corrupted.c $(GB_CORRUPTION)
%C%_test_corrupted_LDADD = $(GB_SAMPLE_LIBS)
endif

# results as other programs see them
EXTRA_PROGRAMS += %D%/write_sample
CLEANFILES += %D%/write_sample$(EXEEXT)
%C%_write_sample_SOURCES = %D%/write_sample.c %D%/sample.c %D%/sample.h
%C%_write_sample_LDADD = $(GB_LIBS) $(GB_EXTERNAL_LIBS)
dist_check_SCRIPTS += %D%/results_python.sh %D%/compare.sh %D%/figures.sh %D%/figure_names.sh %D%/figure_marks.sh %D%/corrupted_results.sh \
	%D%/unfinished.sh %D%/cases.sh %D%/repacked.sh
EXTRA_PROGRAMS += %D%/corrupt_result
CLEANFILES += %D%/corrupt_result$(EXEEXT)
%C%_corrupt_result_SOURCES = %D%/corrupt_result.c $(GB_CORRUPTION) %D%/sample.c %D%/sample.h
%C%_corrupt_result_LDADD = $(GB_LIBS) $(GB_EXTERNAL_LIBS)
%D%/corrupted_results.log: %D%/corrupt_result$(EXEEXT)
# Every way to corrupt one (make check-long).
CORRUPTED = 1
check-corrupted: %D%/corrupt_result$(EXEEXT) gridbourse$(EXEEXT)
	GB_CORRUPTED=$(CORRUPTED) srcdir=$(abs_srcdir) builddir=$(abs_builddir) sh $(srcdir)/%D%/corrupted_results.sh
check-long: check-corrupted
.PHONY: check-corrupted
EXTRA_DIST += %D%/results_python.py %D%/repacked.py %D%/svg_text.awk
%D%/results_python.log %D%/compare.log %D%/figures.log %D%/unfinished.log: %D%/write_sample$(EXEEXT)
