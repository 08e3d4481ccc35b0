/* The ranks of a program that is built without MPI: there is one. */
#include "experiments/sweep/ranks.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

/* How many processes mpirun or srun --mpi has started, by what they leave in the environment. */
static int n_started(void)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MPI_LOCALNRANKS"};
    int n = 1;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *text = getenv(names[i]);

        if (text && atoi(text) > n)
            n = atoi(text);
    }
    return n;
}

char *gb_ranks_library(char *buffer, size_t size)
{
    snprintf(buffer, size, "no");
    return buffer;
}

enum gb_status gb_ranks_begin(struct gb_ranks *ranks, struct gb_error *err)
{
    int n = n_started();

    *ranks = (struct gb_ranks){.n = 1};
    if (n > 1)
        return gb_fail(err, GB_EINPUT,
                       "%d of this program were started together, and it is built without MPI: "
                       "build it with `configure --with-mpi`, or use --shard K/N and merge",
                       n);
    return GB_OK;
}

void gb_ranks_end(const struct gb_ranks *ranks)
{
    (void)ranks; /* nobody is there */
}

enum gb_status gb_ranks_agree(const struct gb_ranks *ranks, enum gb_status own_status,
                              const struct gb_error *own_err, const struct gb_rank_identity *own,
                              struct gb_error *err)
{
    (void)ranks, (void)own;
    return own_status == GB_OK ? GB_OK : gb_fail(err, own_status, "%s", own_err->text);
}

bool gb_ranks_go_on(const struct gb_ranks *ranks, bool goes_on)
{
    (void)ranks;
    return goes_on;
}

enum gb_status gb_ranks_serve(struct gb_ranks *ranks, const struct gb_ranks_service *service,
                              struct gb_error *err)
{
    (void)ranks, (void)service, (void)err;
    return GB_OK; /* there is nobody to serve */
}

enum gb_status gb_ranks_work(const struct gb_ranks *ranks, const struct gb_ranks_worker *worker,
                             struct gb_error *err)
{
    (void)worker, (void)err;
    assert(ranks->number > 0); /* never so here */
    return GB_OK;
}

bool gb_ranks_are_over(struct gb_ranks *ranks)
{
    (void)ranks;
    return false;
}
