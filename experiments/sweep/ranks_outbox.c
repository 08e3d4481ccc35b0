#include "experiments/sweep/ranks_outbox.h"

#include <stdbool.h>
#include <stdlib.h>

#include "experiments/sweep/ranks_pause.h"

#define MAX_KEPT (1 << 20) /* bytes: 64 records of a summary have less */

void gb_ranks_outbox_init(struct gb_ranks_outbox *outbox)
{
    *outbox = (struct gb_ranks_outbox){0};
    for (size_t i = 0; i < GB_RANKS_OUTBOX; i++)
        outbox->requests[i] = MPI_REQUEST_NULL;
}

static bool has_gone(MPI_Request *request)
{
    int has = 0;

    MPI_Test(request, &has, MPI_STATUS_IGNORE);
    return has != 0;
}

static void wait_until_gone(MPI_Request *request)
{
    long sleep_ns = GB_RANKS_SHORTEST_SLEEP_NS;

    while (!has_gone(request))
        gb_ranks_pause(&sleep_ns);
}

struct gb_bytes *gb_ranks_outbox_message(struct gb_ranks_outbox *outbox)
{
    struct gb_bytes *message = &outbox->messages[outbox->next];

    wait_until_gone(&outbox->requests[outbox->next]);
    message->n = 0;
    message->failed = false;
    return message;
}

static size_t bytes_kept(const struct gb_ranks_outbox *outbox)
{
    size_t n = 0;

    for (size_t i = 0; i < GB_RANKS_OUTBOX; i++)
        n += outbox->messages[i].capacity;
    return n;
}

void gb_ranks_outbox_send(struct gb_ranks_outbox *outbox, int tag)
{
    const struct gb_bytes *message = &outbox->messages[outbox->next];

    MPI_Isend(message->bytes, (int)message->n, MPI_BYTE, 0, tag, MPI_COMM_WORLD,
              &outbox->requests[outbox->next]);
    outbox->next = (outbox->next + 1) % GB_RANKS_OUTBOX;
    if (bytes_kept(outbox) > MAX_KEPT)
        gb_ranks_outbox_flush(outbox);
}

void gb_ranks_outbox_flush(struct gb_ranks_outbox *outbox)
{
    for (size_t i = 0; i < GB_RANKS_OUTBOX; i++) {
        wait_until_gone(&outbox->requests[i]);
        free(outbox->messages[i].bytes);
        outbox->messages[i] = (struct gb_bytes){0};
    }
}
