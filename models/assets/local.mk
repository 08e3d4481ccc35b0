libmodels_a_SOURCES += \
	%D%/appliances.c %D%/appliances.h \
	%D%/battery.c %D%/battery.h %D%/battery.def \
	%D%/ev.c %D%/ev.h %D%/ev.def %D%/evs.c %D%/evs.h \
	%D%/flexible.c %D%/flexible.h \
	%D%/fleet.def %D%/household.def %D%/pv.def %D%/turbine.def \
	%D%/cell.c %D%/cell.h \
	%D%/controller.c %D%/controller.h %D%/community.def %D%/connection.def \
	%D%/controllers.c %D%/controllers.def \
	%D%/demand.c %D%/demand.h \
	%D%/draw_owner.c %D%/draw_owner.h \
	%D%/drifting.c %D%/drifting.h \
	%D%/fleet.c %D%/fleet.h \
	%D%/h0.c %D%/h0.h %D%/h0_table.c \
	%D%/habits.c %D%/habits_belief.c %D%/habits_priv.h %D%/habits.def \
	%D%/heat_pump.c %D%/heat_pump.h %D%/heat_pump.def %D%/heat_pumps.c %D%/heat_pumps.h \
	%D%/homes.c %D%/homes.h \
	%D%/household.c %D%/household_belief.c %D%/household_events.c %D%/household_gains.c \
	%D%/household_priv.h %D%/household.h \
	%D%/home.c %D%/home.h \
	%D%/kinds.c %D%/kinds.h \
	%D%/load.c %D%/load.h %D%/load_models.def %D%/load_limit.c %D%/load_limit.h \
	%D%/listed.c %D%/listed.h \
	%D%/london_table.c \
	%D%/mean_day.c %D%/mean_day.h \
	%D%/meter.c %D%/meter.h %D%/meter_priv.h \
	%D%/meter_community.c %D%/meter_connection.c %D%/meter_plan.c %D%/meter_steps.c %D%/meter_storage.c \
	%D%/modelled.c %D%/modelled_beliefs.c %D%/modelled_sweep.c %D%/modelled_priv.h \
	%D%/physics.c %D%/physics.h %D%/physics_config.h %D%/providers.def \
	%D%/physics_params.c \
	%D%/positions.c %D%/positions.h \
	%D%/plant.c %D%/plant.h \
	%D%/pv.h \
	%D%/realisation.c %D%/realisation.h \
	%D%/realisations.c %D%/realisations.h %D%/realisations_priv.h \
	%D%/shared_physics.c %D%/shared_physics_priv.h \
	%D%/replayed.c \
	%D%/replays.c %D%/replays.h \
	%D%/registers_priv.h %D%/slot_energy.c %D%/slot_energy.h \
	%D%/scatter.c %D%/scatter.h \
	%D%/stepped.c %D%/stepped.h \
	%D%/tables.c %D%/tables.h \
	%D%/turbine_curves.c %D%/turbine.c %D%/turbine.h
