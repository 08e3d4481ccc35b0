# tests of base/ and sim/
if HAVE_CUNIT
check_PROGRAMS += %D%/test_quantity %D%/test_number %D%/test_random %D%/test_draws %D%/test_delay %D%/test_param \
	%D%/test_event %D%/test_tally %D%/test_histogram %D%/test_memory %D%/test_arena %D%/test_radix %D%/test_patience \
	%D%/test_array %D%/test_bytes %D%/test_csv %D%/test_date
%C%_test_quantity_SOURCES = %D%/test_quantity.c
%C%_test_quantity_LDADD = $(GB_TEST_LIBS)
%C%_test_number_SOURCES = %D%/test_number.c
%C%_test_number_LDADD = $(GB_TEST_LIBS)
%C%_test_draws_SOURCES = %D%/test_draws.c
%C%_test_draws_LDADD = $(GB_TEST_LIBS)
%C%_test_random_SOURCES = %D%/test_random.c
%C%_test_random_LDADD = $(GB_TEST_LIBS)
%C%_test_delay_SOURCES = %D%/test_delay.c
%C%_test_delay_LDADD = $(GB_TEST_LIBS)
%C%_test_param_SOURCES = %D%/test_param.c
%C%_test_param_LDADD = $(GB_TEST_LIBS)
%C%_test_event_SOURCES = %D%/test_event.c
%C%_test_event_LDADD = $(GB_TEST_LIBS)
%C%_test_tally_SOURCES = %D%/test_tally.c
%C%_test_tally_LDADD = $(GB_TEST_LIBS)
%C%_test_histogram_SOURCES = %D%/test_histogram.c
%C%_test_histogram_LDADD = $(GB_TEST_LIBS)
%C%_test_arena_SOURCES = %D%/test_arena.c
%C%_test_arena_LDADD = $(GB_TEST_LIBS)
%C%_test_memory_SOURCES = %D%/test_memory.c
%C%_test_memory_LDADD = $(GB_TEST_LIBS)
%C%_test_array_SOURCES = %D%/test_array.c
%C%_test_array_LDADD = $(GB_TEST_LIBS)
%C%_test_bytes_SOURCES = %D%/test_bytes.c
%C%_test_bytes_LDADD = $(GB_TEST_LIBS)
%C%_test_csv_SOURCES = %D%/test_csv.c
%C%_test_csv_LDADD = $(GB_TEST_LIBS)
%C%_test_date_SOURCES = %D%/test_date.c
%C%_test_date_LDADD = $(GB_TEST_LIBS)
%C%_test_patience_SOURCES = %D%/test_patience.c
%C%_test_patience_LDADD = $(GB_TEST_LIBS)
%C%_test_radix_SOURCES = %D%/test_radix.c
%C%_test_radix_LDADD = $(GB_TEST_LIBS)
endif

dist_check_SCRIPTS += %D%/symbols.sh %D%/manual.sh %D%/install.sh
