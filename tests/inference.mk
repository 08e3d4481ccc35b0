# tests of inference: intervals, families of tests, cells against cells
if HAVE_CUNIT
check_PROGRAMS += %D%/test_contrast %D%/test_inference %D%/test_coverage %D%/test_versus %D%/test_versus_sides \
	%D%/test_pilot %D%/test_diff %D%/test_cell_users
%C%_test_contrast_SOURCES = %D%/test_contrast.c
%C%_test_contrast_LDADD = $(GB_TEST_LIBS)
%C%_test_inference_SOURCES = %D%/test_inference.c %D%/village_days.h
%C%_test_inference_LDADD = $(GB_TEST_LIBS)
%C%_test_coverage_SOURCES = %D%/test_coverage.c %D%/village_days.h
%C%_test_coverage_LDADD = $(GB_TEST_LIBS)
%C%_test_versus_SOURCES = %D%/test_versus.c %D%/made_trials.c %D%/made_trials.h
%C%_test_versus_LDADD = $(GB_SAMPLE_LIBS)
%C%_test_versus_sides_SOURCES = %D%/test_versus_sides.c %D%/made_trials.c %D%/made_trials.h
%C%_test_versus_sides_LDADD = $(GB_SAMPLE_LIBS)
%C%_test_pilot_SOURCES = %D%/test_pilot.c %D%/made_trials.c %D%/made_trials.h
%C%_test_pilot_LDADD = $(GB_SAMPLE_LIBS)
%C%_test_diff_SOURCES = %D%/test_diff.c
%C%_test_diff_LDADD = $(GB_SAMPLE_LIBS)
%C%_test_cell_users_SOURCES = %D%/test_cell_users.c
%C%_test_cell_users_LDADD = $(GB_SAMPLE_LIBS)
endif
dist_check_SCRIPTS += %D%/against_kinds.sh %D%/against_many.sh %D%/against_where.sh %D%/some_homes.sh
EXTRA_DIST += %D%/against_kinds.py %D%/against_many.py %D%/against_where.py %D%/paired_tests.py \
	%D%/some_homes.py
dist_check_SCRIPTS += %D%/against.sh %D%/against_zip.sh %D%/averages.sh %D%/latex.sh %D%/recomputed.sh %D%/threads.sh %D%/until.sh
EXTRA_DIST += %D%/averages.py %D%/intervals.py %D%/latex.py %D%/markdown.py %D%/recomputed.py %D%/until.py
%D%/against.log: %D%/write_sample$(EXEEXT)
