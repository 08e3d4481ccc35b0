# tests of series that people bring
EXTRA_DIST += %D%/issued.py %D%/measured.py
dist_check_SCRIPTS += %D%/wild.sh %D%/fit.sh %D%/issued.sh %D%/load_file.sh %D%/measured.sh %D%/places.sh
if HAVE_CUNIT
check_PROGRAMS += %D%/test_zone %D%/test_series %D%/test_series_cells %D%/test_series_clocks %D%/test_series_flow %D%/test_series_formats %D%/test_series_headers %D%/test_series_meters %D%/test_series_missing %D%/test_series_parts %D%/test_series_round_trips %D%/test_fit %D%/test_fit_pv
check_PROGRAMS += %D%/test_course %D%/test_measured
%C%_test_measured_SOURCES = %D%/test_measured.c %D%/text_file.c %D%/text_file.h
%C%_test_measured_LDADD = $(GB_TEST_LIBS)
check_PROGRAMS += %D%/test_series_scenario
%C%_test_series_scenario_SOURCES = %D%/test_series_scenario.c %D%/runs.c %D%/runs.h \
	%D%/scenarios.c %D%/scenarios.h %D%/text_file.c %D%/text_file.h
%C%_test_series_scenario_LDADD = $(GB_TEST_LIBS)
%C%_test_course_SOURCES = %D%/test_course.c
%C%_test_course_LDADD = $(GB_TEST_LIBS)
%C%_test_zone_SOURCES = %D%/test_zone.c
%C%_test_zone_LDADD = $(GB_TEST_LIBS)
GB_SERIES_TEXT = %D%/series_text.c %D%/series_text.h
%C%_test_series_formats_SOURCES = %D%/test_series_formats.c $(GB_SERIES_TEXT)
%C%_test_series_formats_LDADD = $(GB_TEST_LIBS)
%C%_test_series_headers_SOURCES = %D%/test_series_headers.c $(GB_SERIES_TEXT)
%C%_test_series_headers_LDADD = $(GB_TEST_LIBS)
%C%_test_series_meters_SOURCES = %D%/test_series_meters.c $(GB_SERIES_TEXT)
%C%_test_series_meters_LDADD = $(GB_TEST_LIBS)
%C%_test_series_parts_SOURCES = %D%/test_series_parts.c $(GB_SERIES_TEXT)
%C%_test_series_parts_LDADD = $(GB_TEST_LIBS)
%C%_test_series_SOURCES = %D%/test_series.c $(GB_SERIES_TEXT)
%C%_test_series_LDADD = $(GB_TEST_LIBS)
%C%_test_series_missing_SOURCES = %D%/test_series_missing.c $(GB_SERIES_TEXT)
%C%_test_series_missing_LDADD = $(GB_TEST_LIBS)
%C%_test_series_cells_SOURCES = %D%/test_series_cells.c
%C%_test_series_cells_LDADD = $(GB_TEST_LIBS)
%C%_test_series_clocks_SOURCES = %D%/test_series_clocks.c $(GB_SERIES_TEXT)
%C%_test_series_clocks_LDADD = $(GB_TEST_LIBS)
%C%_test_series_round_trips_SOURCES = %D%/test_series_round_trips.c $(GB_SERIES_TEXT)
%C%_test_series_round_trips_LDADD = $(GB_TEST_LIBS)
%C%_test_series_flow_SOURCES = %D%/test_series_flow.c $(GB_SERIES_TEXT)
%C%_test_series_flow_LDADD = $(GB_TEST_LIBS)
%C%_test_fit_SOURCES = %D%/test_fit.c %D%/fit_estimates.c %D%/fit_estimates.h %D%/power_model.c %D%/power_model.h
%C%_test_fit_LDADD = $(GB_TEST_LIBS)
%C%_test_fit_pv_SOURCES = %D%/test_fit_pv.c %D%/fit_estimates.c %D%/fit_estimates.h %D%/power_model.c %D%/power_model.h
%C%_test_fit_pv_LDADD = $(GB_TEST_LIBS)
endif

# Fitted sets of loads, too, which take longer (make check-long).
check-fit: gridbourse$(EXEEXT)
	srcdir=$(srcdir) PATH=$(abs_builddir):$$PATH GB_FIT_LONG=1 $(srcdir)/%D%/fit.sh
check-long: check-fit
.PHONY: check-fit
