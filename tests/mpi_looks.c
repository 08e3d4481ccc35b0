/* A library to be preloaded that counts how a rank of MPI waits: through MPI's own profiling
 * interface its looks for a message, and those that found one; its sleeps; and the records that it
 * sends, by MPI_Send and without waiting. MPI_Finalize, which every rank calls, adds a line "rank
 * looks found sleeps waiting not_waiting" to the file that GB_LOOKS names. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <mpi.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define RECORD 1000 /* bytes: no other message has as many */

static atomic_long n_looks, n_found, n_sleeps, n_waiting, n_not_waiting;

int MPI_Iprobe(int source, int tag, MPI_Comm comm, int *flag, MPI_Status *status)
{
    int result = PMPI_Iprobe(source, tag, comm, flag, status);

    n_looks++;
    n_found += *flag != 0;
    return result;
}

int MPI_Send(const void *bytes, int n, MPI_Datatype type, int rank, int tag, MPI_Comm comm)
{
    n_waiting += n >= RECORD;
    return PMPI_Send(bytes, n, type, rank, tag, comm);
}

int MPI_Isend(const void *bytes, int n, MPI_Datatype type, int rank, int tag, MPI_Comm comm,
              MPI_Request *request)
{
    n_not_waiting += n >= RECORD;
    return PMPI_Isend(bytes, n, type, rank, tag, comm, request);
}

int nanosleep(const struct timespec *pause, struct timespec *rest)
{
    int (*sleep_on)(const struct timespec *, struct timespec *) = NULL;

    *(void **)&sleep_on = dlsym(RTLD_NEXT, "nanosleep");
    n_sleeps++;
    return sleep_on(pause, rest);
}

int MPI_Finalize(void)
{
    const char *path = getenv("GB_LOOKS");
    FILE *file = path ? fopen(path, "a") : NULL;
    int rank = -1;

    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    if (file) {
        fprintf(file, "%d %ld %ld %ld %ld %ld\n", rank, (long)n_looks, (long)n_found,
                (long)n_sleeps, (long)n_waiting, (long)n_not_waiting);
        fclose(file);
    }
    return PMPI_Finalize();
}
