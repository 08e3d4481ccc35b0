# tests of market
dist_check_DATA += %D%/reference/beta_table1.csv
EXTRA_DIST += %D%/table1.h
dist_check_SCRIPTS += %D%/clear.sh
if HAVE_CUNIT
check_PROGRAMS += %D%/test_two_round %D%/test_two_round_rules %D%/test_books %D%/test_sources %D%/test_strategies \
	%D%/test_book_csv %D%/test_welfare %D%/test_call
%C%_test_call_SOURCES = %D%/test_call.c %D%/random_books.c %D%/random_books.h \
	%D%/call_oracle.c %D%/call_oracle.h
%C%_test_call_LDADD = $(GB_TEST_LIBS)
%C%_test_two_round_SOURCES = %D%/test_two_round.c
%C%_test_two_round_LDADD = $(GB_TEST_LIBS)
%C%_test_two_round_rules_SOURCES = %D%/test_two_round_rules.c
%C%_test_two_round_rules_LDADD = $(GB_TEST_LIBS)
%C%_test_books_SOURCES = %D%/test_books.c %D%/random_books.c %D%/random_books.h \
	%D%/auction_oracle.c %D%/auction_oracle.h
%C%_test_books_LDADD = $(GB_TEST_LIBS)
%C%_test_sources_SOURCES = %D%/test_sources.c
%C%_test_sources_LDADD = $(GB_TEST_LIBS)
%C%_test_strategies_SOURCES = %D%/test_strategies.c
%C%_test_strategies_LDADD = $(GB_TEST_LIBS)
%C%_test_book_csv_SOURCES = %D%/test_book_csv.c
%C%_test_book_csv_LDADD = $(GB_TEST_LIBS)
%C%_test_welfare_SOURCES = %D%/test_welfare.c
%C%_test_welfare_LDADD = $(GB_TEST_LIBS)
endif

# A million random books of every call market (make check-long).
check-long: check-random-books
check-random-books: %D%/test_call$(EXEEXT)
	GB_RANDOM_BOOKS=1000000 ./%D%/test_call
.PHONY: check-random-books
