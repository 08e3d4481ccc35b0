#include "chain/contracts/event.h"

#include <stdlib.h>

void gb_events_keep(struct gb_events *events, size_t n_pieces)
{
    while (events->n_pieces > n_pieces)
        free(events->pieces[--events->n_pieces]);
}

void gb_events_clear(struct gb_events *events)
{
    gb_events_keep(events, 0);
    free(events->pieces);
    *events = (struct gb_events){0};
}
