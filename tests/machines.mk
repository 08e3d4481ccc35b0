# tests of sweeps on many machines: the ranks of MPI, and scripts of clusters
dist_check_SCRIPTS += %D%/mpi.sh %D%/cluster.sh
EXTRA_DIST += %D%/mpi_looks.c
if HAVE_MPI
%D%/mpi.log: %D%/failing.so %D%/mpi_looks.so
# Preloaded into the program, as failing.so is.
%D%/mpi_looks.so: %D%/mpi_looks.c
	$(AM_V_CC)$(CC) -std=gnu17 -O1 -Wall -Wextra -shared -fPIC $(MPI_CFLAGS) -o $@ \
	  $(srcdir)/%D%/mpi_looks.c $(MPI_LIBS) -ldl
CLEANFILES += %D%/mpi_looks.so
endif

# At length: with MPICH, too, in a build of its own; and a Slurm of this one host.
check-long: check-mpich check-slurm
check-mpich:
	GB_RANK_KILLS=1000 $(srcdir)/.ci/mpi mpich
EXTRA_DIST += %D%/slurm.sh
check-slurm: gridbourse$(EXEEXT) %D%/failing.so
	$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/%D%/slurm.sh
.PHONY: check-mpich check-slurm
