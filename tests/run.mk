# tests of the chain put together and of whole runs
if HAVE_CUNIT
check_PROGRAMS += %D%/test_pool %D%/test_sealer %D%/test_ingress %D%/test_live_blocks \
	%D%/test_chain %D%/test_chain_senders %D%/test_run %D%/test_lateness %D%/test_late_causes \
	%D%/test_run_chain %D%/test_run_pairs %D%/test_chain_limits \
	%D%/test_campaign %D%/test_families %D%/test_guards %D%/test_kpis %D%/test_village_memory \
	%D%/test_causes %D%/test_overtaken %D%/test_intervals %D%/test_schedule %D%/test_scheduled_sends \
	%D%/test_unread %D%/test_concessions %D%/test_deviant %D%/test_fees %D%/test_heard %D%/test_best_quote \
	%D%/test_unmatched %D%/test_delivery
%C%_test_delivery_SOURCES = %D%/test_delivery.c $(GB_VILLAGE_RUNS)
%C%_test_delivery_LDADD = $(GB_TEST_LIBS)
%C%_test_unmatched_SOURCES = %D%/test_unmatched.c %D%/runs.c %D%/runs.h
%C%_test_unmatched_LDADD = $(GB_TEST_LIBS)
%C%_test_heard_SOURCES = %D%/test_heard.c
%C%_test_heard_LDADD = $(GB_TEST_LIBS)
%C%_test_deviant_SOURCES = %D%/test_deviant.c %D%/runs.c %D%/runs.h
%C%_test_deviant_LDADD = $(GB_TEST_LIBS)
%C%_test_fees_SOURCES = %D%/test_fees.c %D%/runs.c %D%/runs.h
%C%_test_fees_LDADD = $(GB_TEST_LIBS)
%C%_test_best_quote_SOURCES = %D%/test_best_quote.c
%C%_test_best_quote_LDADD = $(GB_TEST_LIBS)
%C%_test_concessions_SOURCES = %D%/test_concessions.c %D%/runs.c %D%/runs.h
%C%_test_concessions_LDADD = $(GB_TEST_LIBS)
%C%_test_unread_SOURCES = %D%/test_unread.c %D%/runs.c %D%/runs.h
%C%_test_unread_LDADD = $(GB_TEST_LIBS)
%C%_test_pool_SOURCES = %D%/test_pool.c
%C%_test_pool_LDADD = $(GB_TEST_LIBS)
%C%_test_sealer_SOURCES = %D%/test_sealer.c
%C%_test_sealer_LDADD = $(GB_TEST_LIBS)
%C%_test_ingress_SOURCES = %D%/test_ingress.c
%C%_test_ingress_LDADD = $(GB_TEST_LIBS)
%C%_test_live_blocks_SOURCES = %D%/test_live_blocks.c
%C%_test_live_blocks_LDADD = $(GB_STAGE_LIBS)
%C%_test_chain_SOURCES = %D%/test_chain.c %D%/chain_bench.c %D%/chain_bench.h %D%/byzantine.c %D%/byzantine.h %D%/flows.h
%C%_test_chain_senders_SOURCES = %D%/test_chain_senders.c %D%/chain_bench.c %D%/chain_bench.h
%C%_test_chain_senders_LDADD = $(GB_STAGE_LIBS)
%C%_test_chain_LDADD = $(GB_STAGE_LIBS)
%C%_test_run_SOURCES = %D%/test_run.c %D%/runs.c %D%/runs.h
%C%_test_run_LDADD = $(GB_TEST_LIBS)
%C%_test_run_chain_SOURCES = %D%/test_run_chain.c %D%/runs.c %D%/runs.h
%C%_test_run_chain_LDADD = $(GB_TEST_LIBS)
%C%_test_run_pairs_SOURCES = %D%/test_run_pairs.c %D%/runs.c %D%/runs.h
%C%_test_run_pairs_LDADD = $(GB_TEST_LIBS)
%C%_test_chain_limits_SOURCES = %D%/test_chain_limits.c %D%/runs.c %D%/runs.h
%C%_test_chain_limits_LDADD = $(GB_TEST_LIBS)
%C%_test_kpis_SOURCES = %D%/test_kpis.c %D%/runs.c %D%/runs.h
%C%_test_kpis_LDADD = $(GB_TEST_LIBS)
%C%_test_lateness_SOURCES = %D%/test_lateness.c %D%/runs.c %D%/runs.h
%C%_test_lateness_LDADD = $(GB_TEST_LIBS)
%C%_test_late_causes_SOURCES = %D%/test_late_causes.c %D%/runs.c %D%/runs.h
%C%_test_late_causes_LDADD = $(GB_TEST_LIBS)
%C%_test_campaign_SOURCES = %D%/test_campaign.c %D%/drawn_scenario.c %D%/drawn_scenario.h \
	%D%/runs.c %D%/runs.h
%C%_test_campaign_LDADD = $(GB_TEST_LIBS)
%C%_test_families_SOURCES = %D%/test_families.c %D%/runs.c %D%/runs.h
%C%_test_families_LDADD = $(GB_TEST_LIBS)
%C%_test_causes_SOURCES = %D%/test_causes.c %D%/part_of_run.c %D%/part_of_run.h
%C%_test_causes_LDADD = $(GB_TEST_LIBS)
%C%_test_overtaken_SOURCES = %D%/test_overtaken.c %D%/part_of_run.c %D%/part_of_run.h
%C%_test_overtaken_LDADD = $(GB_TEST_LIBS)
%C%_test_intervals_SOURCES = %D%/test_intervals.c
%C%_test_intervals_LDADD = $(GB_TEST_LIBS)
%C%_test_schedule_SOURCES = %D%/test_schedule.c %D%/part_of_run.c %D%/part_of_run.h
%C%_test_schedule_LDADD = $(GB_TEST_LIBS)
%C%_test_scheduled_sends_SOURCES = %D%/test_scheduled_sends.c %D%/part_of_run.c %D%/part_of_run.h
%C%_test_scheduled_sends_LDADD = $(GB_TEST_LIBS)
%C%_test_village_memory_SOURCES = %D%/test_village_memory.c
%C%_test_village_memory_LDADD = $(GB_TEST_LIBS)
%C%_test_guards_SOURCES = %D%/test_guards.c
%C%_test_guards_LDADD = $(GB_TEST_LIBS)
endif

# every published figure, by a program that shares nothing with this one
dist_check_SCRIPTS += %D%/kpi_oracle.sh %D%/replay.sh %D%/requoting.sh %D%/translation.sh %D%/book_clear.sh \
	%D%/causes_by_hand.sh
EXTRA_DIST += %D%/cleared.py %D%/hand_strategy.py %D%/random_scenario.awk %D%/replay.py %D%/requoting.py %D%/slot_figures.py \
	%D%/standing.py %D%/translation.py
EXTRA_DIST += %D%/kpi_oracle.py %D%/kpi_oracle_agents.py %D%/kpi_oracle_baseline.py %D%/kpi_oracle_cells.py %D%/kpi_oracle_chain.py \
	%D%/kpi_oracle_community.py %D%/kpi_oracle_draws.py %D%/kpi_oracle_fees.py %D%/kpi_oracle_forecasts.py %D%/kpi_oracle_homes.py %D%/kpi_oracle_market.py \
	%D%/kpi_oracle_money.py %D%/kpi_oracle_planes.py %D%/kpi_oracle_plants.py %D%/kpi_oracle_result.py %D%/kpi_oracle_series.py %D%/kpi_oracle_table.py \
	%D%/kpi_oracle_terms.py %D%/random_village.py %D%/random_village_agents.py %D%/random_village_rows.py \
	%D%/random_village_series.py

# At length: the campaign over scenarios that `make check` has not seen (make check-long CAMPAIGN=20000),
# every figure of as many results again, replays of twice as many streets, every bit of a ledger under real signatures, and how often
# intervals hold the truth.
CAMPAIGN = 4000
check-long: $(check_PROGRAMS)
	GB_ORACLE=$(CAMPAIGN) GB_ORACLE_FIRST=1000000 srcdir=$(srcdir) builddir=. PATH="`pwd`:$$PATH" \
		$(SHELL) $(srcdir)/%D%/kpi_oracle.sh
	GB_CAMPAIGN=$(CAMPAIGN) GB_CAMPAIGN_FIRST=1000000 ./%D%/test_campaign
	GB_TAMPERING=all ./%D%/test_tampering
	GB_COVERAGE=10000 ./%D%/test_coverage
	GB_REPLAY=16 srcdir=$(srcdir) builddir=. PATH="`pwd`:$$PATH" $(SHELL) $(srcdir)/%D%/replay.sh
.PHONY: check-long
