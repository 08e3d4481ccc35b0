# tests of market
dist_check_DATA += %D%/reference/beta_table1.csv
EXTRA_DIST += %D%/table1.h %D%/auction_cases.py %D%/learning.py \
	%D%/reference/auction-cases/assume_pac_500.json \
	%D%/reference/auction-cases/assume_pac_excess_supply.json \
	%D%/reference/auction-cases/call_efficient_volume.json \
	%D%/reference/auction-cases/freeride_fr1.json \
	%D%/reference/auction-cases/freeride_fr3.json \
	%D%/reference/auction-cases/freeride_fr5.json \
	%D%/reference/auction-cases/gsy_pab_m1.json \
	%D%/reference/auction-cases/gsy_pac_excess_offer.json \
	%D%/reference/auction-cases/gsy_pac_floats.json \
	%D%/reference/auction-cases/gsy_pac_mcp_1.json \
	%D%/reference/auction-cases/lb_complete_bid.json \
	%D%/reference/auction-cases/lb_multi_match_ask.json \
	%D%/reference/auction-cases/lob_million_w25.json \
	%D%/reference/auction-cases/lob_million_w500.json \
	%D%/reference/auction-cases/lob_seq_101_n40_w5_c0.json \
	%D%/reference/auction-cases/lob_seq_103_n60_w3_c40.json \
	%D%/reference/auction-cases/lob_seq_105_n200_w8_c0.json \
	%D%/reference/auction-cases/lob_seq_107_n500_w25_c0.json \
	%D%/reference/auction-cases/mcafee_1x1.json \
	%D%/reference/auction-cases/mcafee_2x2_reduce.json \
	%D%/reference/auction-cases/mcafee_demo_noreduction.json \
	%D%/reference/auction-cases/mcafee_stat_small.json \
	%D%/reference/auction-cases/muda_paper_example1.json \
	%D%/reference/auction-cases/npt_mre_signs.json \
	%D%/reference/auction-cases/paper_b019_cross.json \
	%D%/reference/auction-cases/paper_b01_filled_iter.json \
	%D%/reference/auction-cases/paper_b02_cross.json \
	%D%/reference/auction-cases/paper_round1_lemlab.json \
	%D%/reference/auction-cases/paper_single_round.json \
	%D%/reference/auction-cases/paper_table2.json \
	%D%/reference/auction-cases/pymarket_d0_huang.json \
	%D%/reference/auction-cases/pymarket_d1_ce.json \
	%D%/reference/auction-cases/pymarket_huang_doc2.json \
	%D%/reference/auction-cases/zic_smith_symmetric.json
dist_check_SCRIPTS += %D%/clear.sh %D%/auction_cases.sh
if HAVE_CUNIT
check_PROGRAMS += %D%/test_two_round %D%/test_two_round_rules %D%/test_books %D%/test_sources %D%/test_strategies %D%/test_by_kind %D%/test_reply %D%/test_paper_beta \
	%D%/test_book_csv %D%/test_welfare %D%/test_call %D%/test_continuous \
	%D%/test_continuous_streams %D%/test_continuous_totals %D%/test_ladder %D%/test_sorted_side %D%/test_invariants %D%/test_replay \
	%D%/test_learning %D%/test_institutions
%C%_test_learning_SOURCES = %D%/test_learning.c
%C%_test_learning_LDADD = $(GB_TEST_LIBS)
%C%_test_institutions_SOURCES = %D%/test_institutions.c
%C%_test_institutions_LDADD = $(GB_TEST_LIBS)
%C%_test_invariants_SOURCES = %D%/test_invariants.c %D%/random_books.c %D%/random_books.h
%C%_test_invariants_LDADD = $(GB_TEST_LIBS)
%C%_test_replay_SOURCES = %D%/test_replay.c
%C%_test_replay_LDADD = $(GB_TEST_LIBS)
%C%_test_call_SOURCES = %D%/test_call.c %D%/random_books.c %D%/random_books.h \
	%D%/call_oracle.c %D%/call_oracle.h
%C%_test_call_LDADD = $(GB_TEST_LIBS)
%C%_test_continuous_SOURCES = %D%/test_continuous.c %D%/continuous_book.h
%C%_test_continuous_totals_SOURCES = %D%/test_continuous_totals.c %D%/continuous_book.h
%C%_test_continuous_totals_LDADD = $(GB_TEST_LIBS)
%C%_test_continuous_LDADD = $(GB_TEST_LIBS)
%C%_test_continuous_streams_SOURCES = %D%/test_continuous_streams.c %D%/continuous_oracle.c %D%/continuous_oracle.h \
	%D%/random_books.c %D%/random_books.h
%C%_test_continuous_streams_LDADD = $(GB_TEST_LIBS)
%C%_test_ladder_SOURCES = %D%/test_ladder.c %D%/random_books.c %D%/random_books.h
%C%_test_ladder_LDADD = $(GB_TEST_LIBS)
%C%_test_sorted_side_SOURCES = %D%/test_sorted_side.c
%C%_test_sorted_side_LDADD = $(GB_TEST_LIBS)
%C%_test_two_round_SOURCES = %D%/test_two_round.c
%C%_test_two_round_LDADD = $(GB_TEST_LIBS)
%C%_test_two_round_rules_SOURCES = %D%/test_two_round_rules.c
%C%_test_two_round_rules_LDADD = $(GB_TEST_LIBS)
%C%_test_books_SOURCES = %D%/test_books.c %D%/random_books.c %D%/random_books.h \
	%D%/auction_oracle.c %D%/auction_oracle.h
%C%_test_books_LDADD = $(GB_TEST_LIBS)
%C%_test_sources_SOURCES = %D%/test_sources.c
%C%_test_sources_LDADD = $(GB_TEST_LIBS)
%C%_test_reply_SOURCES = %D%/test_reply.c
%C%_test_reply_LDADD = $(GB_TEST_LIBS)
%C%_test_by_kind_SOURCES = %D%/test_by_kind.c
%C%_test_by_kind_LDADD = $(GB_TEST_LIBS)
%C%_test_strategies_SOURCES = %D%/test_strategies.c
%C%_test_strategies_LDADD = $(GB_TEST_LIBS)
%C%_test_paper_beta_SOURCES = %D%/test_paper_beta.c
%C%_test_paper_beta_LDADD = $(GB_TEST_LIBS)
%C%_test_book_csv_SOURCES = %D%/test_book_csv.c
%C%_test_book_csv_LDADD = $(GB_TEST_LIBS)
%C%_test_welfare_SOURCES = %D%/test_welfare.c
%C%_test_welfare_LDADD = $(GB_TEST_LIBS)
endif

# A million random books of every market (make check-long).
check-long: check-random-books
check-random-books: %D%/test_books$(EXEEXT) %D%/test_call$(EXEEXT) %D%/test_continuous_streams$(EXEEXT) %D%/test_invariants$(EXEEXT)
	GB_RANDOM_BOOKS=1000000 ./%D%/test_invariants
	GB_RANDOM_BOOKS=1000000 ./%D%/test_books
	GB_RANDOM_BOOKS=1000000 ./%D%/test_call
	GB_RANDOM_BOOKS=1000000 ./%D%/test_continuous_streams
	GB_MILLION=1 srcdir=$(srcdir) PATH="`pwd`:$$PATH" $(SHELL) $(srcdir)/%D%/auction_cases.sh
.PHONY: check-random-books
