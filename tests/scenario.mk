# tests of scenario, sweep and the command line
if HAVE_CUNIT
GB_VILLAGE_RUNS = %D%/village_runs.c %D%/village_runs.h %D%/runs.c %D%/runs.h %D%/scenarios.c %D%/scenarios.h
check_PROGRAMS += %D%/test_scenario %D%/test_scenario_stored %D%/test_refused_options
%C%_test_refused_options_SOURCES = %D%/test_refused_options.c %D%/scenarios.c %D%/scenarios.h
%C%_test_refused_options_LDADD = $(GB_TEST_LIBS)
check_PROGRAMS += %D%/test_sweep %D%/test_sweep_run %D%/test_sweep_sharing %D%/test_sweep_unread %D%/test_sweep_wrong
check_PROGRAMS += %D%/test_queue %D%/test_redraw %D%/test_warm_up %D%/test_storage_run %D%/test_contracted %D%/test_calendar
%C%_test_calendar_SOURCES = %D%/test_calendar.c %D%/runs.c %D%/runs.h
%C%_test_calendar_LDADD = $(GB_TEST_LIBS)
check_PROGRAMS += %D%/test_connections
%C%_test_connections_SOURCES = %D%/test_connections.c $(GB_VILLAGE_RUNS)
%C%_test_connections_LDADD = $(GB_TEST_LIBS)
check_PROGRAMS += %D%/test_community %D%/test_share_out
%C%_test_community_SOURCES = %D%/test_community.c $(GB_VILLAGE_RUNS)
%C%_test_community_LDADD = $(GB_TEST_LIBS)
%C%_test_share_out_SOURCES = %D%/test_share_out.c %D%/splitmix64.h
%C%_test_share_out_LDADD = $(GB_TEST_LIBS)
check_PROGRAMS += %D%/test_evs
%C%_test_evs_SOURCES = %D%/test_evs.c %D%/one_home.c %D%/one_home.h $(GB_VILLAGE_RUNS)
%C%_test_evs_LDADD = $(GB_TEST_LIBS)
check_PROGRAMS += %D%/test_heat_pumps
%C%_test_heat_pumps_SOURCES = %D%/test_heat_pumps.c %D%/one_home.c %D%/one_home.h $(GB_VILLAGE_RUNS)
%C%_test_heat_pumps_LDADD = $(GB_TEST_LIBS)
check_PROGRAMS += %D%/test_heat_losses
%C%_test_heat_losses_SOURCES = %D%/test_heat_losses.c $(GB_VILLAGE_RUNS)
%C%_test_heat_losses_LDADD = $(GB_TEST_LIBS)
check_PROGRAMS += %D%/test_villages %D%/test_tariffs
%C%_test_tariffs_SOURCES = %D%/test_tariffs.c %D%/runs.c %D%/runs.h %D%/scenarios.c %D%/scenarios.h %D%/small_chain.c %D%/small_chain.h
%C%_test_tariffs_LDADD = $(GB_TEST_LIBS)
check_PROGRAMS += %D%/test_tariff_series
%C%_test_tariff_series_SOURCES = %D%/test_tariff_series.c %D%/runs.c %D%/runs.h %D%/scenarios.c %D%/scenarios.h %D%/text_file.c %D%/text_file.h
%C%_test_tariff_series_LDADD = $(GB_TEST_LIBS)
%C%_test_villages_SOURCES = %D%/test_villages.c $(GB_VILLAGE_RUNS)
%C%_test_villages_LDADD = $(GB_TEST_LIBS)
check_PROGRAMS += %D%/test_village_keys
%C%_test_village_keys_SOURCES = %D%/test_village_keys.c $(GB_VILLAGE_RUNS) %D%/sweeps.c %D%/sweeps.h
%C%_test_village_keys_LDADD = $(GB_TEST_LIBS)
check_PROGRAMS += %D%/test_meters_file %D%/test_meters_file_refused
%C%_test_meters_file_refused_SOURCES = %D%/test_meters_file_refused.c %D%/meters_beside.c %D%/meters_beside.h $(GB_VILLAGE_RUNS)
%C%_test_meters_file_refused_LDADD = $(GB_TEST_LIBS)
check_PROGRAMS += %D%/test_unread_of_kinds
%C%_test_unread_of_kinds_SOURCES = %D%/test_unread_of_kinds.c %D%/meters_beside.c %D%/meters_beside.h $(GB_VILLAGE_RUNS)
%C%_test_unread_of_kinds_LDADD = $(GB_TEST_LIBS)
%C%_test_meters_file_SOURCES = %D%/test_meters_file.c %D%/meters_beside.c %D%/meters_beside.h $(GB_VILLAGE_RUNS)
%C%_test_meters_file_LDADD = $(GB_TEST_LIBS)
check_PROGRAMS += %D%/test_row_settings
%C%_test_row_settings_SOURCES = %D%/test_row_settings.c %D%/meters_beside.c %D%/meters_beside.h $(GB_VILLAGE_RUNS)
%C%_test_row_settings_LDADD = $(GB_TEST_LIBS)
check_PROGRAMS += %D%/test_village_storage
%C%_test_village_storage_SOURCES = %D%/test_village_storage.c $(GB_VILLAGE_RUNS)
%C%_test_village_storage_LDADD = $(GB_TEST_LIBS)
check_PROGRAMS += %D%/test_village_agents
%C%_test_village_agents_SOURCES = %D%/test_village_agents.c %D%/runs.c %D%/runs.h %D%/scenarios.c %D%/scenarios.h %D%/sweeps.c \
	%D%/sweeps.h
%C%_test_village_agents_LDADD = $(GB_TEST_LIBS)
%C%_test_warm_up_SOURCES = %D%/test_warm_up.c %D%/runs.c %D%/runs.h
%C%_test_warm_up_LDADD = $(GB_TEST_LIBS)
%C%_test_storage_run_SOURCES = %D%/test_storage_run.c %D%/runs.c %D%/runs.h
%C%_test_storage_run_LDADD = $(GB_TEST_LIBS)
%C%_test_contracted_SOURCES = %D%/test_contracted.c
%C%_test_contracted_LDADD = $(GB_TEST_LIBS)
%C%_test_redraw_SOURCES = %D%/test_redraw.c %D%/runs.c %D%/runs.h
%C%_test_redraw_LDADD = $(GB_TEST_LIBS)
%C%_test_queue_SOURCES = %D%/test_queue.c
%C%_test_queue_LDADD = $(GB_TEST_LIBS)
%C%_test_scenario_SOURCES = %D%/test_scenario.c %D%/scenarios.c %D%/scenarios.h
%C%_test_scenario_LDADD = $(GB_TEST_LIBS)
%C%_test_scenario_stored_SOURCES = %D%/test_scenario_stored.c %D%/scenarios.c %D%/scenarios.h
%C%_test_scenario_stored_LDADD = $(GB_TEST_LIBS)
%C%_test_sweep_SOURCES = %D%/test_sweep.c %D%/sweeps.c %D%/sweeps.h
%C%_test_sweep_LDADD = $(GB_TEST_LIBS)
%C%_test_sweep_run_SOURCES = %D%/test_sweep_run.c %D%/sweeps.c %D%/sweeps.h
%C%_test_sweep_run_LDADD = $(GB_TEST_LIBS)
%C%_test_sweep_sharing_SOURCES = %D%/test_sweep_sharing.c %D%/runs.c %D%/runs.h %D%/sweeps.c %D%/sweeps.h
%C%_test_sweep_sharing_LDADD = $(GB_TEST_LIBS)
%C%_test_sweep_unread_SOURCES = %D%/test_sweep_unread.c %D%/sweeps.c %D%/sweeps.h
%C%_test_sweep_unread_LDADD = $(GB_TEST_LIBS)
%C%_test_sweep_wrong_SOURCES = %D%/test_sweep_wrong.c %D%/sweeps.c %D%/sweeps.h
%C%_test_sweep_wrong_LDADD = $(GB_TEST_LIBS)
endif
dist_check_SCRIPTS += %D%/presets.sh %D%/cli.sh %D%/output_width.sh %D%/bad_input.sh %D%/sweep.sh %D%/studies.sh
%D%/sweep.log: %D%/failing.so
check-long: check-sweep-kills
check-sweep-kills: gridbourse$(EXEEXT) %D%/failing.so
	$(AM_TESTS_ENVIRONMENT) GB_KILLS=1000 $(SHELL) $(srcdir)/%D%/sweep.sh
.PHONY: check-sweep-kills
# strategies of the user's own
dist_check_SCRIPTS += %D%/plugin.sh %D%/process.sh %D%/own_tariffs.sh %D%/betas.sh
EXTRA_DIST += %D%/betas.py %D%/cancelling_strategy.py %D%/echo_strategy.sh %D%/heard_strategy.py %D%/tariff_strategy.py %D%/own_strategies.sh %D%/environment/check.py %D%/environment/gymnasium/__init__.py \
	%D%/environment/gymnasium/spaces.py %D%/environment/pettingzoo/__init__.py
dist_check_SCRIPTS += %D%/villages.sh %D%/kinds.sh %D%/unread_of_kinds.sh
EXTRA_DIST += %D%/kinds.py %D%/unread_of_kinds.py
check-long: check-unread
check-unread: gridbourse$(EXEEXT)
	$(AM_TESTS_ENVIRONMENT) GB_UNREAD=--long $(SHELL) $(srcdir)/%D%/unread_of_kinds.sh
.PHONY: check-unread
dist_check_SCRIPTS += %D%/tariffs.sh %D%/heat_pumps.sh %D%/tariff_series.sh
dist_check_SCRIPTS += %D%/fees.sh
EXTRA_DIST += %D%/tariffs.py %D%/heat_pumps.py
