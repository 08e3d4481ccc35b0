#include "chain/contracts/event.h"

#include <stdlib.h>

void gb_events_clear(struct gb_events *events)
{
    for (size_t i = 0; i < events->n_pieces; i++)
        free(events->pieces[i]);
    free(events->pieces);
    *events = (struct gb_events){0};
}
