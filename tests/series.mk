# tests of series that people bring
dist_check_SCRIPTS += %D%/wild.sh
if HAVE_CUNIT
check_PROGRAMS += %D%/test_zone %D%/test_series
%C%_test_zone_SOURCES = %D%/test_zone.c
%C%_test_zone_LDADD = $(GB_TEST_LIBS)
%C%_test_series_SOURCES = %D%/test_series.c
%C%_test_series_LDADD = $(GB_TEST_LIBS)
endif
