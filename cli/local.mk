bin_PROGRAMS += gridbourse
gridbourse_SOURCES = \
	%D%/arguments.c %D%/arguments.h \
	%D%/book.c %D%/book_ids.c %D%/book_ids.h \
	%D%/warn_places.c %D%/warnings.c %D%/warnings.h %D%/wrap.c %D%/wrap.h \
	%D%/clear.c %D%/clear_outcome.c %D%/clear_outcome.h \
	%D%/channel_values.c %D%/channel_values.h \
	%D%/command.h \
	%D%/compare.c %D%/compare_priv.h %D%/compare_cell.c %D%/compare_groups.c %D%/compare_homes.c %D%/compare_data.c %D%/compare_show.c \
	%D%/compare_sweep.c %D%/compare_against.c %D%/compare_against.h %D%/compare_against_data.c \
	%D%/compare_against_bound.c %D%/compare_against_cells.c %D%/compare_against_family.c \
	%D%/compare_against_people.c %D%/compare_against_summary.c %D%/compare_against_show.c %D%/compare_columns.c %D%/compare_missing.c \
	%D%/data_rows.c %D%/data_rows.h \
	%D%/consensus.c \
	%D%/diff.c \
	%D%/overrides.c %D%/overrides.h \
	%D%/estimate.c %D%/estimate.h \
	%D%/explain.c \
	%D%/failed_trials.c %D%/failed_trials.h \
	%D%/figure_window.c %D%/figure_window.h \
	%D%/figures.c \
	%D%/fit.c \
	%D%/crash_handler.c %D%/crash_handler.h \
	%D%/init.c \
	%D%/interrupt.c %D%/interrupt.h \
	%D%/join.c %D%/join.h \
	%D%/latex_layout.c %D%/latex_layout.h %D%/latex_table.c %D%/latex_table.h \
	%D%/latex_text.c %D%/latex_text.h \
	%D%/ledger.c %D%/ledger_priv.h %D%/ledger_meter.c %D%/ledger_proof.c %D%/ledger_show.c \
	%D%/ledger_trace.c %D%/ledger_words.c \
	%D%/list.c \
	%D%/losing_users.c %D%/losing_users.h \
	%D%/main.c \
	%D%/measured_loads.c %D%/measured_loads.h \
	%D%/merge.c %D%/merge_target.c %D%/merge_target.h \
	%D%/message.c %D%/message.h \
	%D%/reasons.c %D%/reasons.h \
	%D%/output.c %D%/output.h \
	%D%/parameter_file.c %D%/parameter_file.h \
	%D%/pair.c %D%/pair.h \
	%D%/paper_case.c %D%/paper_case.h \
	%D%/command_files.c %D%/command_files.h \
	%D%/progress.c %D%/progress.h \
	%D%/quantity.c %D%/quantity.h \
	%D%/request.c %D%/request.h \
	%D%/run.c \
	%D%/series.c %D%/series_options.c %D%/series_options.h %D%/series_report.c %D%/series_report.h \
	%D%/text_table.c %D%/text_table.h \
	%D%/stored_cases.c %D%/stored_cases.h \
	%D%/stored_market.c %D%/stored_market.h \
	%D%/summary.c \
	%D%/sweep.c \
	%D%/result_input.c %D%/result_input.h \
	%D%/slot_moment.c %D%/slot_moment.h \
	%D%/sole_writer.c %D%/sole_writer.h \
	%D%/sweep_files.c %D%/sweep_files.h \
	%D%/templates.c %D%/templates.h \
	%D%/version.c %D%/version.h
nodist_gridbourse_SOURCES = revision.h

# Templates of strategies, and a village, as texts of the program.
GB_TEMPLATES = \
	experiments/strategies/my_strategy.c experiments/strategies/my_strategy.py \
	experiments/strategies/my_strategy.R experiments/strategies/gridbourse_env.py \
	experiments/village-of-kinds.yaml
%D%/templates.inc: $(GB_TEMPLATES) Makefile
	@$(MKDIR_P) %D%
	@for file in $(GB_TEMPLATES); do \
	    printf 'static const char %s[] =\n' "`basename $$file | tr .- __`"; \
	    $(SED) 's|@includedir[@]|$(includedir)|; s/\\/\\\\/g; s/"/\\"/g; s/.*/    "&\\n"/; $$ s/$$/;/' $(srcdir)/$$file || exit 1; \
	done >$@.new && mv -f $@.new $@
%D%/gridbourse-templates.$(OBJEXT) %D%/templates.$(OBJEXT): %D%/templates.inc
CLEANFILES += %D%/templates.inc
# top-down: a library may use those below it
GB_LIBS = libexperiments.a libanalysis.a libchain.a libmodels.a libsim.a libbase.a
GB_OTHER_LIBS = $(ZLIB_LIBS) $(SODIUM_LIBS) $(YAML_LIBS) $(MPI_LIBS)
GB_EXTERNAL_LIBS = $(GSL_LIBS) $(HDF5_LIBS) $(GB_OTHER_LIBS)
# static in the program alone: each of some hundred tests would hold an HDF5
gridbourse_LDADD = $(GB_LIBS) $(GSL_LIBS) $(HDF5_PROGRAM_LIBS) $(GB_OTHER_LIBS)
