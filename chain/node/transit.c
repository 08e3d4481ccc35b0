#include "chain/node/transit.h"

#include <assert.h>
#include <stdlib.h>

#include "base/array.h"

void gb_transit_clear(struct gb_transit *transit)
{
    for (size_t i = 0; i < transit->n_slots; i++)
        gb_transaction_free(transit->slots[i].transaction);
    free(transit->slots);
    free(transit->free_slots);
    *transit = (struct gb_transit){0};
}

static enum gb_status grow(struct gb_transit *transit, struct gb_error *err)
{
    size_t capacity = gb_array_next_capacity(transit->capacity, transit->n_slots + 1);
    struct gb_transit_slot *slots = gb_array_resize(transit->slots, capacity, sizeof *slots);

    if (slots)
        transit->slots = slots;
    size_t *free_slots =
        slots ? gb_array_resize(transit->free_slots, capacity, sizeof *free_slots) : NULL;
    if (!free_slots)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu transactions on their way", capacity);
    transit->free_slots = free_slots;
    transit->capacity = capacity;
    return GB_OK;
}

enum gb_status gb_transit_add(struct gb_transit *transit, struct gb_transaction *transaction,
                              const struct gb_route *route, uint32_t node, size_t *slot,
                              struct gb_error *err)
{
    size_t at;

    if (transit->n_free > 0) {
        at = transit->free_slots[--transit->n_free];
    } else {
        if (transit->n_slots == transit->capacity && grow(transit, err) != GB_OK)
            return GB_ENOMEM;
        at = transit->n_slots++;
    }
    transit->slots[at] = (struct gb_transit_slot){.transaction = transaction,
                                                  .route = *route,
                                                  .node = node,
                                                  .arrived_ns = INT64_MAX,
                                                  .answered_ns = INT64_MAX};
    transit->n_transactions++;
    *slot = at;
    return GB_OK;
}

struct gb_transaction *gb_transit_take(struct gb_transit *transit, size_t slot)
{
    struct gb_transaction *transaction = transit->slots[slot].transaction;

    assert(transaction);
    transit->slots[slot].transaction = NULL;
    transit->n_transactions--;
    return transaction;
}

void gb_transit_release(struct gb_transit *transit, size_t slot)
{
    struct gb_transit_slot *s = &transit->slots[slot];

    assert(s->n_events > 0);
    if (--s->n_events == 0 && !s->transaction)
        transit->free_slots[transit->n_free++] = slot;
}

void gb_transit_hold(struct gb_transit *transit, size_t slot)
{
    transit->slots[slot].n_events++;
}

uint32_t gb_transit_count_attempt(struct gb_transit *transit, size_t slot)
{
    return transit->slots[slot].n_attempts++;
}

void gb_transit_count_refusal(struct gb_transit *transit, size_t slot)
{
    transit->slots[slot].n_refusals++;
}

void gb_transit_count_repeat(struct gb_transit *transit, size_t slot)
{
    transit->slots[slot].n_repeats++;
}

void gb_transit_record_arrival(struct gb_transit *transit, size_t slot, int64_t time_ns)
{
    struct gb_transit_slot *s = &transit->slots[slot];

    if (time_ns < s->arrived_ns)
        s->arrived_ns = time_ns;
    if (s->transaction)
        s->transaction->arrived_ns = s->arrived_ns;
}

void gb_transit_record_answer(struct gb_transit *transit, size_t slot, int64_t time_ns)
{
    if (time_ns < transit->slots[slot].answered_ns)
        transit->slots[slot].answered_ns = time_ns;
}

void gb_transit_set_timer(struct gb_transit *transit, size_t slot, gb_event_handle timer,
                          int64_t time_ns)
{
    transit->slots[slot].timer = timer;
    transit->slots[slot].timer_ns = time_ns;
}
