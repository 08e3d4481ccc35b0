noinst_LIBRARIES += libexperiments.a
libexperiments_a_SOURCES =
include experiments/scenario/local.mk
include experiments/run/local.mk
include experiments/sweep/local.mk

experimentsdir = $(pkgdatadir)/experiments
dist_experiments_DATA = \
	%D%/beta-sweep.yaml %D%/consensus-cost.yaml \
	%D%/paper.yaml %D%/paper-orders.csv \
	%D%/village.yaml
clusterdir = $(experimentsdir)/cluster
dist_cluster_SCRIPTS = \
	%D%/cluster/gridengine.sh %D%/cluster/merge.sh %D%/cluster/parallel.sh \
	%D%/cluster/shard.sh %D%/cluster/slurm.sh
