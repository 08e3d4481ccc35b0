# tests of physics
dist_check_DATA += \
	%D%/reference/h0.csv \
	%D%/reference/h0_table.csv \
	%D%/reference/pv.csv \
	%D%/reference/pvwatts_year.csv \
	%D%/reference/solar.csv \
	%D%/reference/solar_position.csv \
	%D%/reference/wind.csv
if HAVE_CUNIT
check_PROGRAMS += %D%/test_sun %D%/test_irradiance %D%/test_clouds %D%/test_drifting %D%/test_weather_targets %D%/test_wind %D%/test_pv \
	%D%/test_turbine %D%/test_load %D%/test_habits %D%/test_habit_beliefs %D%/test_load_limit %D%/test_batch %D%/test_battery %D%/test_fleet \
	%D%/test_meter %D%/test_steps %D%/test_controller %D%/test_physics %D%/test_forecasts %D%/test_realisation %D%/test_tables %D%/test_replayed %D%/test_replayed_forecasts %D%/test_observed %D%/test_foreseen \
	%D%/test_home_steps %D%/test_parts
GB_REPLAYED_VILLAGE = %D%/replayed_village.c %D%/replayed_village.h %D%/power_model.c %D%/power_model.h \
	%D%/text_file.c %D%/text_file.h
%C%_test_replayed_SOURCES = %D%/test_replayed.c $(GB_REPLAYED_VILLAGE)
%C%_test_replayed_LDADD = $(GB_TEST_LIBS)
%C%_test_replayed_forecasts_SOURCES = %D%/test_replayed_forecasts.c $(GB_REPLAYED_VILLAGE)
%C%_test_replayed_forecasts_LDADD = $(GB_TEST_LIBS)
GB_OBSERVED = %D%/observed_file.c %D%/observed_file.h %D%/power_model.c %D%/power_model.h \
	%D%/text_file.c %D%/text_file.h
%C%_test_observed_SOURCES = %D%/test_observed.c $(GB_OBSERVED)
%C%_test_observed_LDADD = $(GB_TEST_LIBS)
%C%_test_foreseen_SOURCES = %D%/test_foreseen.c $(GB_OBSERVED)
%C%_test_foreseen_LDADD = $(GB_TEST_LIBS)
GB_SERIES = %D%/series.c %D%/series.h
GB_REFERENCE = %D%/reference.c %D%/reference.h
%C%_test_sun_SOURCES = %D%/test_sun.c $(GB_REFERENCE)
%C%_test_sun_LDADD = $(GB_TEST_LIBS)
%C%_test_irradiance_SOURCES = %D%/test_irradiance.c $(GB_REFERENCE)
%C%_test_irradiance_LDADD = $(GB_TEST_LIBS)
%C%_test_clouds_SOURCES = %D%/test_clouds.c $(GB_SERIES)
%C%_test_clouds_LDADD = $(GB_TEST_LIBS)
%C%_test_drifting_SOURCES = %D%/test_drifting.c $(GB_SERIES)
%C%_test_drifting_LDADD = $(GB_TEST_LIBS)
GB_TARGET_PLACES = %D%/target_places.c %D%/target_places.h
%C%_test_weather_targets_SOURCES = %D%/test_weather_targets.c $(GB_TARGET_PLACES) %D%/power_model.c %D%/power_model.h $(GB_SERIES)
%C%_test_weather_targets_LDADD = $(GB_TEST_LIBS)
%C%_test_wind_SOURCES = %D%/test_wind.c $(GB_REFERENCE) $(GB_SERIES)
%C%_test_wind_LDADD = $(GB_TEST_LIBS)
%C%_test_pv_SOURCES = %D%/test_pv.c $(GB_REFERENCE)
%C%_test_pv_LDADD = $(GB_TEST_LIBS)
%C%_test_turbine_SOURCES = %D%/test_turbine.c $(GB_REFERENCE)
%C%_test_turbine_LDADD = $(GB_TEST_LIBS)
%C%_test_load_SOURCES = %D%/test_load.c %D%/london.c %D%/london.h $(GB_REFERENCE) $(GB_SERIES)
%C%_test_habits_SOURCES = %D%/test_habits.c %D%/home_statistics.c %D%/home_statistics.h \
	%D%/homes.c %D%/homes.h %D%/london.c %D%/london.h $(GB_SERIES)
%C%_test_habits_LDADD = $(GB_TEST_LIBS)
%C%_test_habit_beliefs_SOURCES = %D%/test_habit_beliefs.c %D%/homes.c %D%/homes.h $(GB_SERIES)
%C%_test_habit_beliefs_LDADD = $(GB_TEST_LIBS)
%C%_test_load_limit_SOURCES = %D%/test_load_limit.c %D%/homes.c %D%/homes.h
%C%_test_load_limit_LDADD = $(GB_TEST_LIBS)
%C%_test_batch_SOURCES = %D%/test_batch.c
%C%_test_batch_LDADD = $(GB_TEST_LIBS)
%C%_test_load_LDADD = $(GB_TEST_LIBS)
%C%_test_battery_SOURCES = %D%/test_battery.c
%C%_test_battery_LDADD = $(GB_TEST_LIBS)
%C%_test_fleet_SOURCES = %D%/test_fleet.c
%C%_test_fleet_LDADD = $(GB_TEST_LIBS)
%C%_test_meter_SOURCES = %D%/test_meter.c
%C%_test_meter_LDADD = $(GB_TEST_LIBS)
GB_STEPPED_VILLAGE = %D%/stepped_village.c %D%/stepped_village.h
%C%_test_steps_SOURCES = %D%/test_steps.c $(GB_STEPPED_VILLAGE)
%C%_test_steps_LDADD = $(GB_TEST_LIBS)
%C%_test_home_steps_SOURCES = %D%/test_home_steps.c $(GB_STEPPED_VILLAGE)
%C%_test_home_steps_LDADD = $(GB_TEST_LIBS)
%C%_test_parts_SOURCES = %D%/test_parts.c $(GB_STEPPED_VILLAGE)
%C%_test_parts_LDADD = $(GB_TEST_LIBS)
%C%_test_controller_SOURCES = %D%/test_controller.c
%C%_test_controller_LDADD = $(GB_TEST_LIBS)
%C%_test_physics_SOURCES = %D%/test_physics.c %D%/power_model.c %D%/power_model.h $(GB_SERIES)
%C%_test_forecasts_SOURCES = %D%/test_forecasts.c %D%/power_model.c %D%/power_model.h $(GB_SERIES)
%C%_test_forecasts_LDADD = $(GB_TEST_LIBS)
%C%_test_physics_LDADD = $(GB_TEST_LIBS)
%C%_test_realisation_SOURCES = %D%/test_realisation.c
%C%_test_realisation_LDADD = $(GB_TEST_LIBS)
%C%_test_tables_SOURCES = %D%/test_tables.c
%C%_test_tables_LDADD = $(GB_TEST_LIBS)
endif
# The long protocol: 1000 homes (make check-long).
check-habits: %D%/test_habits$(EXEEXT)
	GB_HOMES=1000 srcdir=$(srcdir) %D%/test_habits
check-long: check-habits
.PHONY: check-habits

# The targets of the weather over ten times as many days.
check-long: check-weather
check-weather: %D%/test_weather_targets$(EXEEXT)
	GB_TARGETS=long %D%/test_weather_targets$(EXEEXT)
.PHONY: check-weather

# Seeds after seeds against the same targets by estimators in Python: what chance makes of them, and how
# often a right model would be called wrong (make check-long; check holds a few seeds and a fault).
EXTRA_PROGRAMS += %D%/modelled_series
CLEANFILES += %D%/modelled_series$(EXEEXT)
%C%_modelled_series_SOURCES = %D%/modelled_series.c $(GB_TARGET_PLACES)
%C%_modelled_series_LDADD = $(GB_LIBS) $(GB_EXTERNAL_LIBS)
dist_check_SCRIPTS += %D%/targets.sh
EXTRA_DIST += %D%/targets.py %D%/target_rows.py %D%/target_bands.py %D%/resampled.py
%D%/targets.log: %D%/modelled_series$(EXEEXT)
check-long: check-targets
check-targets: %D%/modelled_series$(EXEEXT)
	srcdir=$(srcdir) GB_TARGETS=long $(srcdir)/%D%/targets.sh
.PHONY: check-targets
