# tests of sweeps on many machines: the ranks of MPI
dist_check_SCRIPTS += %D%/mpi.sh
EXTRA_DIST += %D%/mpi_looks.c
if HAVE_MPI
%D%/mpi.log: %D%/failing.so %D%/mpi_looks.so
# Preloaded into the program, as failing.so is.
%D%/mpi_looks.so: %D%/mpi_looks.c
	$(AM_V_CC)$(CC) -std=gnu17 -O1 -Wall -Wextra -shared -fPIC $(MPI_CFLAGS) -o $@ \
	  $(srcdir)/%D%/mpi_looks.c $(MPI_LIBS) -ldl
CLEANFILES += %D%/mpi_looks.so
endif

# At length: with MPICH, too, in a build of its own.
check-long: check-mpich
check-mpich:
	GB_RANK_KILLS=300 $(srcdir)/.ci/mpi mpich
.PHONY: check-mpich
