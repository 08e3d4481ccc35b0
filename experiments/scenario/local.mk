libexperiments_a_SOURCES += \
	%D%/diagnostics.c %D%/diagnostics.h \
	%D%/embedded.c %D%/embedded.h \
	%D%/households.c %D%/households.def \
	%D%/section.c %D%/section.h %D%/sections.c %D%/sections.def \
	%D%/series.c %D%/series.def \
	%D%/agents.def %D%/chain.def %D%/delivery.def %D%/gate.def %D%/output.def \
	%D%/run.def %D%/settlement.def \
	%D%/scenario.c %D%/scenario.h \
	%D%/scenario_check.c \
	%D%/scenario_describe.c \
	%D%/scenario_keys.c \
	%D%/scenario_overrides.c \
	%D%/scenario_orders.c \
	%D%/scenario_priv.h \
	%D%/scenario_read.c \
	%D%/scenario_reading.c \
	%D%/scenario_text.c \
	%D%/scenario_unknown.c \
	%D%/yaml.c %D%/yaml.h \
	%D%/yaml_write.c %D%/yaml_write.h
