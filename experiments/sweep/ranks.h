/* The processes of one sweep under MPI. Rank 0 hands out trials and takes in what comes of them; it
 * alone has the journal. The others ask for trials, run one at a time and send each record as it is
 * finished. A rank that waits sleeps between two looks, so that it takes no core from the others.
 *
 * Two files make this true: ranks_mpi.c where the program is built with MPI, ranks_alone.c where
 * not. There, and where no mpirun has started the program, rank 0 is alone. MPI is called by the
 * main thread only. */
#ifndef EXPERIMENTS_SWEEP_RANKS_H
#define EXPERIMENTS_SWEEP_RANKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/status.h"

#define GB_RANK_CHUNK 64 /* trials that are handed out at once, at most */

struct gb_ranks {
    int number, n;
    bool is_broken; /* of rank 0: it could not go on serving, and the others still wait for it */
    int64_t
        next_look_ns; /* of the others: when gb_ranks_are_over looks again, by a clock of its own */
};

/* "Open MPI v4.1.4", "MPICH 4.0.2", or "no". returns buffer */
char *gb_ranks_library(char *buffer, size_t size);
/* Joins the others where mpirun or srun has started the program; once in a process. GB_EINPUT where
 * it has, and the program is built without MPI. */
enum gb_status gb_ranks_begin(struct gb_ranks *ranks, struct gb_error *err);
/* All leave together, when rank 0 does; those that wait for it sleep. Where it is broken it ends
 * the others where they are, and itself with exit status 1. */
void gb_ranks_end(const struct gb_ranks *ranks);

/* What must be the same on all ranks before they share work. */
struct gb_rank_identity {
    char libm[40];
    uint8_t work[32]; /* hash of program and sweep */
};
/* Compares the identities of all ranks, which call this together.
 * own_status, own  of this rank: whether it has one; where it has none, why
 * err              on rank 0 names the rank and its machine that cannot take part, and why; on the
 *                  others there may be no sentence
 * returns          the same failure, or GB_OK, on all ranks */
enum gb_status gb_ranks_agree(const struct gb_ranks *ranks, enum gb_status own_status,
                              const struct gb_error *own_err, const struct gb_rank_identity *own,
                              struct gb_error *err);

/* Before each stage: rank 0 says whether there is one, for which the others wait asleep.
 * goes_on  of rank 0
 * returns  what rank 0 said */
bool gb_ranks_go_on(const struct gb_ranks *ranks, bool goes_on);

/* ---- rank 0 */

/* What rank 0 does with what the others ask and send. */
struct gb_ranks_service {
    void *context;
    /* hands out trials, up to GB_RANK_CHUNK; 0: there are no more, now and later */
    size_t (*take)(void *context, uint64_t *trials);
    void (*done)(void *context, uint64_t trial, const uint8_t *record, size_t n);
    void (*failed)(void *context, uint64_t trial, const struct gb_error *why);
    bool (*is_over)(void *context); /* the others shall leave what they are at */
};
/* Serves until all others have left. A failure leaves the ranks broken. */
enum gb_status gb_ranks_serve(struct gb_ranks *ranks, const struct gb_ranks_service *service,
                              struct gb_error *err);

/* ---- the others */

/* What another rank does with a trial that it is given: fills in the bytes of its record, or fails
 * and says why. GB_EINTERRUPTED: it shall leave. */
struct gb_ranks_worker {
    void *context;
    enum gb_status (*run)(void *context, uint64_t trial, struct gb_bytes *record,
                          struct gb_error *why);
};
/* Works until there is nothing left to do. */
enum gb_status gb_ranks_work(const struct gb_ranks *ranks, const struct gb_ranks_worker *worker,
                             struct gb_error *err);
/* Whether rank 0 has said that it is over, for a worker amid its trial: cheap, for it looks once in
 * a millisecond. */
bool gb_ranks_are_over(struct gb_ranks *ranks);

#endif
