libexperiments_a_SOURCES += \
	%D%/diagnostics.c %D%/diagnostics.h \
	%D%/embedded.c %D%/embedded.h \
	%D%/households.c %D%/households.def \
	%D%/agents_config.c %D%/agents_config.h \
	%D%/kind_agents.c %D%/kind_agents.h %D%/kind_storage.c %D%/kind_storage.h \
	%D%/kind_unread.c %D%/kind_unread.h \
	%D%/meters_file.c %D%/meters_head.c %D%/meters_row.c %D%/meters_table.c %D%/meters_table.h %D%/meters_table_priv.h \
	%D%/section.c %D%/section.h %D%/sections.c %D%/sections.def \
	%D%/storage.def %D%/storage_config.c %D%/storage_config.h \
	%D%/series.c %D%/series.def \
	%D%/agents.def %D%/chain.def %D%/delivery.def %D%/fees.def %D%/gate.def %D%/output.def \
	%D%/presets.c %D%/presets.def %D%/presets.h \
	%D%/run.def %D%/settlement.def \
	%D%/tariff.def %D%/tariff_series.c %D%/tariff_series.h \
	%D%/tariff_sources.c %D%/tariff_sources.h %D%/tariff_times.c %D%/tariff_times.h %D%/tariffs.c \
	%D%/row_settings.c %D%/row_settings.h \
	%D%/scenario.c %D%/scenario.h \
	%D%/scenario_calendar.c \
	%D%/scenario_check.c \
	%D%/scenario_money.c \
	%D%/scenario_physics.c \
	%D%/scenario_describe.c \
	%D%/scenario_keys.c \
	%D%/scenario_reads.c \
	%D%/scenario_overrides.c \
	%D%/scenario_market.c %D%/scenario_orders.c \
	%D%/scenario_priv.h \
	%D%/scenario_presets.c \
	%D%/scenario_assign.c %D%/scenario_read.c \
	%D%/scenario_reading.c \
	%D%/scenario_store.c \
	%D%/scenario_text.c \
	%D%/scenario_unknown.c \
	%D%/yaml.c %D%/yaml.h \
	%D%/yaml_write.c %D%/yaml_write.h

# Presets as texts of the program: a row a file, and the names of each section.
GB_PRESETS = \
	experiments/presets/clouds-chicago.yaml experiments/presets/clouds-greensboro.yaml \
	experiments/presets/load-london.yaml experiments/presets/site-berlin.yaml \
	experiments/presets/site-chicago.yaml experiments/presets/site-copenhagen.yaml \
	experiments/presets/site-delhi.yaml experiments/presets/site-greensboro.yaml \
	experiments/presets/site-london.yaml experiments/presets/site-madrid.yaml \
	experiments/presets/site-munich.yaml experiments/presets/site-new_york.yaml \
	experiments/presets/site-phoenix.yaml experiments/presets/site-sao_paulo.yaml \
	experiments/presets/site-sydney.yaml experiments/presets/site-tokyo.yaml \
	experiments/presets/site-zurich.yaml experiments/presets/tariff-de-2024.yaml \
	experiments/presets/wind-chicago.yaml experiments/presets/wind-nyc.yaml
%D%/presets.inc: $(GB_PRESETS) Makefile
	@$(MKDIR_P) %D%
	@for file in $(GB_PRESETS); do \
	    name=`basename $$file .yaml`; \
	    printf '{"%s.preset", "%s",\n' "$${name%%-*}" "$${name#*-}"; \
	    $(SED) 's/\\/\\\\/g; s/"/\\"/g; s/.*/    "&\\n"/; $$ s/$$/},/' $(srcdir)/$$file || exit 1; \
	done >$@.new && mv -f $@.new $@
%D%/preset_names.inc: $(GB_PRESETS) Makefile
	@$(MKDIR_P) %D%
	@for section in site tariff clouds wind load; do \
	    printf 'const char *const gb_%s_presets[] = {"none"' $$section; \
	    for file in $(GB_PRESETS); do \
	        name=`basename $$file .yaml`; \
	        [ "$${name%%-*}" != $$section ] || printf ', "%s"' "$${name#*-}"; \
	    done; \
	    printf ', NULL};\n'; \
	done >$@.new && mv -f $@.new $@
%D%/presets.$(OBJEXT): %D%/presets.inc %D%/preset_names.inc
CLEANFILES += %D%/presets.inc %D%/preset_names.inc
