noinst_LIBRARIES += libexperiments.a
libexperiments_a_SOURCES = \
	%D%/again.c \
	%D%/agenda.c \
	%D%/causes.c \
	%D%/declare.c \
	%D%/deliver.c \
	%D%/departures.c \
	%D%/dispatch.c \
	%D%/embedded.c %D%/embedded.h \
	%D%/identities.c \
	%D%/microgrid.c %D%/microgrid.h %D%/microgrid_priv.h \
	%D%/operator.c \
	%D%/outcome.c \
	%D%/complaints.c %D%/complaints.h \
	%D%/scenario.c %D%/scenario.h %D%/scenario_priv.h \
	%D%/scenario_check.c \
	%D%/scenario_orders.c \
	%D%/scenario_read.c \
	%D%/scenario_rows.c \
	%D%/scenario_text.c \
	%D%/sweep.c %D%/sweep.h %D%/sweep_priv.h \
	%D%/sweep_read.c %D%/sweep_read_priv.h %D%/sweep_values.c \
	%D%/meter_rows.c %D%/summary.c \
	%D%/yaml.c %D%/yaml.h \
	%D%/yaml_write.c %D%/yaml_write.h

experimentsdir = $(pkgdatadir)/experiments
dist_experiments_DATA = \
	%D%/beta-sweep.yaml \
	%D%/paper.yaml %D%/paper-orders.csv \
	%D%/village.yaml
