# tests of market
dist_check_DATA += %D%/reference/beta_table1.csv
EXTRA_DIST += %D%/table1.h
if HAVE_CUNIT
check_PROGRAMS += %D%/test_two_round
%C%_test_two_round_SOURCES = %D%/test_two_round.c
%C%_test_two_round_LDADD = $(GB_TEST_LIBS)
endif
