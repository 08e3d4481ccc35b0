noinst_LIBRARIES += libanalysis.a
libanalysis_a_SOURCES = \
	%D%/bootstrap.c %D%/bootstrap.h \
	%D%/causes.c %D%/causes.h \
	%D%/compare.c %D%/compare.h \
	%D%/contrast.c %D%/contrast.h \
	%D%/domain.c %D%/domain.h \
	%D%/factorial.c %D%/factorial.h \
	%D%/figure_axis.c %D%/figure_balance.c %D%/figure_beta.c \
	%D%/figure_book.c %D%/figure_book_priv.h %D%/figure_clearing.c \
	%D%/figure_curves.c %D%/figure_curves_priv.h %D%/figure_effect.c %D%/figure_users.c \
	%D%/figures.c %D%/figures.h %D%/figures_priv.h \
	%D%/fingerprint.c %D%/fingerprint.h \
	%D%/hdf5.c %D%/hdf5_column.c %D%/hdf5_heap.c %D%/hdf5_in.c %D%/hdf5_in_priv.h \
	%D%/hdf5_out.c %D%/hdf5_priv.h %D%/hdf5_text.c \
	%D%/journal.c %D%/journal.h %D%/journal_priv.h \
	%D%/journal_owner.c %D%/journal_owner.h %D%/journal_owner_priv.h %D%/journal_read.c \
	%D%/metrics.c %D%/metrics.h \
	%D%/multiplicity.c %D%/multiplicity.h \
	%D%/order_statistics.c %D%/order_statistics.h \
	%D%/pairing.c %D%/pairing.h \
	%D%/paper_case.c %D%/paper_case.h \
	%D%/record.c %D%/record.h %D%/record_bytes.c %D%/record_bytes.h \
	%D%/rows.def %D%/rows.h \
	%D%/results.h %D%/results_priv.h %D%/results_read.c %D%/results_rows.c \
	%D%/results_trial.c %D%/results_varied.c %D%/results_write.c \
	%D%/schema.c %D%/schema.h \
	%D%/statistics.c %D%/statistics.h \
	%D%/stopping.c %D%/stopping.h \
	%D%/table_writer.c %D%/table_writer_priv.h \
	%D%/varied_writer.c %D%/varied_writer_priv.h

# The figures' scripts are installed as files, and stand in the program as text.
figuresdir = $(pkgdatadir)/figures
dist_figures_DATA = \
	%D%/figures/balance.gp \
	%D%/figures/beta.gp \
	%D%/figures/clearing.gp \
	%D%/figures/effect.gp \
	%D%/figures/style.gp \
	%D%/figures/users.gp
nodist_libanalysis_a_SOURCES = %D%/figures_text.c
CLEANFILES += %D%/figures_text.c
%D%/figures_text.c: $(dist_figures_DATA) %D%/local.mk
	$(AM_V_GEN)$(MKDIR_P) %D% && { \
	  echo '#include "analysis/figures_priv.h"'; \
	  for name in balance beta clearing effect style users; do \
	    echo; echo "const char gb_figure_script_$$name[] ="; \
	    $(SED) -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/.*/    "&\\n"/' \
	      $(srcdir)/%D%/figures/$$name.gp; \
	    echo '    ;'; \
	  done; } > $@.tmp && mv $@.tmp $@
