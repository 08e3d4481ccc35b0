/* What a rank of MPI has sent to rank 0 and rank 0 may not have taken yet. MPI_Send may hold a core
 * until rank 0 looks: Open MPI does so for a record that goes to another process of the same
 * machine, about a millisecond each. So records are sent without waiting, and the next trial runs
 * meanwhile. */
#ifndef EXPERIMENTS_SWEEP_RANKS_OUTBOX_H
#define EXPERIMENTS_SWEEP_RANKS_OUTBOX_H

#include <stddef.h>

#include <mpi.h>

#include "base/bytes.h"

#define GB_RANKS_OUTBOX 64 /* messages that are on their way, at most */

/* ranks_outbox.c writes it. */
struct gb_ranks_outbox {
    size_t next;                               /* place of the message to be written next */
    struct gb_bytes messages[GB_RANKS_OUTBOX]; /* memory stays with its place */
    MPI_Request requests[GB_RANKS_OUTBOX];     /* MPI_REQUEST_NULL: the place is free */
};

void gb_ranks_outbox_init(struct gb_ranks_outbox *outbox);
/* The message to be written next, empty; sleeps until the one before in its place has gone. */
struct gb_bytes *gb_ranks_outbox_message(struct gb_ranks_outbox *outbox);
/* Sends that message to rank 0 and goes to the next place. Where many bytes are kept, flushes. */
void gb_ranks_outbox_send(struct gb_ranks_outbox *outbox, int tag);
/* Sleeps until all messages have gone, and releases their memory. */
void gb_ranks_outbox_flush(struct gb_ranks_outbox *outbox);

#endif
