noinst_LIBRARIES += libanalysis.a
libanalysis_a_SOURCES = \
	%D%/book_history.c %D%/book_history.h \
	%D%/bootstrap.c %D%/bootstrap.h \
	%D%/tariff_text.c %D%/tariff_text.h \
	%D%/causes.c %D%/causes.h \
	%D%/cell_gains.c %D%/cell_gains.h \
	%D%/cell_kinds.c %D%/cell_kinds.h \
	%D%/cell_users.c %D%/cell_users.h \
	%D%/user_groups.c %D%/user_groups.h \
	%D%/cells.c %D%/cells.h \
	%D%/compare.c %D%/compare.h \
	%D%/comparison.c %D%/comparison.h \
	%D%/completeness.c %D%/completeness.h \
	%D%/contrast.c %D%/contrast.h \
	%D%/diff.c %D%/diff.h \
	%D%/domain.c %D%/domain.h \
	%D%/estimand.c %D%/estimand.h \
	%D%/factorial.c %D%/factorial.h \
	%D%/figure_advice.c %D%/figure_axis.c %D%/figure_balance.c %D%/figure_book.c %D%/figure_book_priv.h \
	%D%/figure_causes.c %D%/figure_clearing.c %D%/figure_convergence.c %D%/figure_curves.c %D%/figure_curves_presets.c %D%/figure_curves_priv.h \
	%D%/figure_duration.c %D%/figure_kinds.c \
	%D%/figure_factor.c %D%/figure_gains.c %D%/figure_gnuplot.c %D%/figure_grid.c %D%/figure_sample.c \
	%D%/figure_grid_priv.h %D%/figure_indicator.c %D%/figure_latency.c %D%/figure_letters.c %D%/figure_lorenz.c \
	%D%/figure_home_slots.c %D%/figure_main_effects.c %D%/figure_map.c %D%/figure_measured.c %D%/figure_meter.c %D%/figure_page.c %D%/figure_quotes.c %D%/figure_slot.c %D%/figure_slot_priv.h %D%/figure_slots.c %D%/figure_slots_priv.h \
	%D%/figure_storage.c %D%/figure_time.c %D%/figure_trades.c %D%/figure_user_gains.c \
	%D%/figure_users.c %D%/figure_users_priv.h %D%/figures.c %D%/figures.h %D%/figures_priv.h \
	%D%/fingerprint.c %D%/fingerprint.h \
	%D%/home_choice.c %D%/home_choice.h \
	%D%/hdf5.c %D%/hdf5_column.c %D%/hdf5_heap.c %D%/hdf5_in.c %D%/hdf5_in_priv.h \
	%D%/hdf5_chunk.c %D%/hdf5_chunk_priv.h %D%/hdf5_out.c %D%/hdf5_priv.h %D%/hdf5_text.c \
	%D%/hdf5_disk.c %D%/hdf5_disk_priv.h %D%/hdf5_scale.c %D%/hdf5_scale_priv.h \
	%D%/hdf5_shuffle.c %D%/hdf5_shuffle_priv.h %D%/hdf5_unpack.c %D%/hdf5_unpack.h \
	%D%/journal.c %D%/journal.h %D%/journal_priv.h \
	%D%/kind_sums.c %D%/kind_sums.h \
	%D%/loads.c %D%/loads.h \
	%D%/journal_owner.c %D%/journal_owner.h %D%/journal_owner_priv.h %D%/journal_read.c \
	%D%/main_effects.c \
	%D%/merge.c %D%/merge.h \
	%D%/metrics.c %D%/metrics.h \
	%D%/multiplicity.c %D%/multiplicity.h \
	%D%/order_statistics.c %D%/order_statistics.h \
	%D%/paired_cells.c %D%/paired_cells.h %D%/pairing.c %D%/pairing.h \
	%D%/paper_case.c %D%/paper_case.h \
	%D%/pilot.c %D%/pilot.h \
	%D%/plan.c %D%/plan.h \
	%D%/record.c %D%/record.h %D%/record_bytes.c %D%/record_bytes.h \
	%D%/row_sink.h %D%/rows.def %D%/rows.h \
	%D%/results_plan.c %D%/results_plan_priv.h \
	%D%/reference.c %D%/reference.h \
	%D%/results.h %D%/results_priv.h %D%/results_read.c %D%/results_record.c %D%/results_rows.c \
	%D%/results_trial.c %D%/results_varied.c %D%/results_write.c \
	%D%/schema.c %D%/schema.h \
	%D%/statistics.c %D%/statistics.h \
	%D%/selection.c %D%/selection.h %D%/stopping.c %D%/stopping.h \
	%D%/table_thread.c %D%/table_thread_priv.h \
	%D%/table_writer.c %D%/table_writer_priv.h \
	%D%/varied_writer.c %D%/varied_writer_priv.h \
	%D%/versus.c %D%/versus.h %D%/versus_priv.h \
	%D%/versus_groups.c %D%/versus_groups.h \
	%D%/versus_users.c %D%/versus_users.h

# The figures' scripts are installed as files, and stand in the program as text.
figuresdir = $(pkgdatadir)/figures
dist_figures_DATA = \
	%D%/figures/balance.gp \
	%D%/figures/causes.gp \
	%D%/figures/clearing.gp \
	%D%/figures/concessions.gp \
	%D%/figures/convergence.gp \
	%D%/figures/curves.gp \
	%D%/figures/duration.gp \
	%D%/figures/gains.gp \
	%D%/figures/kinds.gp \
	%D%/figures/latency.gp \
	%D%/figures/lorenz.gp \
	%D%/figures/main_effects.gp \
	%D%/figures/quotes.gp \
	%D%/figures/map.gp %D%/figures/measured.gp %D%/figures/meter.gp \
	%D%/figures/storage.gp \
	%D%/figures/style.gp \
	%D%/figures/trades.gp \
	%D%/figures/users.gp
nodist_libanalysis_a_SOURCES = %D%/figures_text.c
CLEANFILES += %D%/figures_text.c
%D%/figures_text.c: $(dist_figures_DATA) %D%/local.mk
	$(AM_V_GEN)$(MKDIR_P) %D% && { \
	  echo '#include "analysis/figures_priv.h"'; \
	  for name in \
	    balance causes clearing concessions convergence curves duration gains kinds latency lorenz main_effects map measured meter quotes storage style trades users; do \
	    echo; echo "const char gb_figure_script_$$name[] ="; \
	    $(SED) -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/.*/    "&\\n"/' \
	      $(srcdir)/%D%/figures/$$name.gp; \
	    echo '    ;'; \
	  done; } > $@.tmp && mv $@.tmp $@
