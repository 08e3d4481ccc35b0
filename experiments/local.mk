noinst_LIBRARIES += libexperiments.a
libexperiments_a_SOURCES =
include experiments/scenario/local.mk
include experiments/run/local.mk
include experiments/sweep/local.mk

experimentsdir = $(pkgdatadir)/experiments
dist_experiments_DATA = \
	%D%/beta-by-size.yaml %D%/beta-equilibrium.yaml %D%/beta-fee.yaml %D%/beta-latency.yaml %D%/beta-sweep.yaml %D%/books-by-source.yaml \
	%D%/call-or-continuous.yaml %D%/chain-latency.yaml \
	%D%/consensus-cost.yaml %D%/decomposition.yaml %D%/gate-frontier.yaml \
	%D%/market-size.yaml %D%/penetration.yaml %D%/regret.yaml %D%/storage.yaml %D%/strategies.yaml %D%/strategies-mix.yaml \
	%D%/paper.yaml %D%/paper-orders.csv %D%/load.csv \
	%D%/street.yaml %D%/street-consensus.yaml %D%/village.yaml \
	%D%/village-of-cars.yaml %D%/village-of-heat-pumps.yaml %D%/village-of-kinds.yaml %D%/village-of-meters.yaml %D%/meters.csv \
	%D%/village-week.yaml %D%/village-of-prices.yaml %D%/prices.csv
presetsdir = $(experimentsdir)/presets
dist_presets_DATA = $(GB_PRESETS)
strategiesdir = $(experimentsdir)/strategies
dist_strategies_DATA = \
	%D%/strategies/my_strategy.c %D%/strategies/my_strategy.py %D%/strategies/my_strategy.R \
	%D%/strategies/gridbourse_env.py
gridbourseincludedir = $(includedir)/gridbourse
dist_gridbourseinclude_HEADERS = include/gridbourse/strategy.h
clusterdir = $(experimentsdir)/cluster
dist_cluster_SCRIPTS = \
	%D%/cluster/gridengine.sh %D%/cluster/merge.sh %D%/cluster/parallel.sh \
	%D%/cluster/shard.sh %D%/cluster/slurm.sh
dist_cluster_DATA = %D%/cluster/stages.sh

dist_experiments_SCRIPTS = %D%/studies.sh

# All studies of doc/studies.md with their figures, below studies/, at half their replications, and as that page
# has them, below studies-whole/; STUDIES names some of them.
studies: gridbourse$(EXEEXT)
	$(SHELL) $(srcdir)/%D%/studies.sh ./gridbourse$(EXEEXT) studies $(STUDIES)
studies-whole: gridbourse$(EXEEXT)
	$(SHELL) $(srcdir)/%D%/studies.sh --whole ./gridbourse$(EXEEXT) studies-whole $(STUDIES)
.PHONY: studies studies-whole
