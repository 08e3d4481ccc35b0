# tests of scenario, sweep and the command line
if HAVE_CUNIT
check_PROGRAMS += %D%/test_scenario %D%/test_sweep
%C%_test_scenario_SOURCES = %D%/test_scenario.c
%C%_test_scenario_LDADD = $(GB_TEST_LIBS)
%C%_test_sweep_SOURCES = %D%/test_sweep.c
%C%_test_sweep_LDADD = $(GB_TEST_LIBS)
endif
dist_check_SCRIPTS += %D%/cli.sh %D%/output_width.sh %D%/bad_input.sh
