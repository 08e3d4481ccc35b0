/* Transactions on their way from a party to an entry node, and what their senders have tried so
 * far: a table of slots with stable numbers that events can carry. A slot lives as long as an event
 * still points at it, its transaction until a pool has taken it or its sender gives it up. */
#ifndef CHAIN_NODE_TRANSIT_H
#define CHAIN_NODE_TRANSIT_H

#include <stddef.h>
#include <stdint.h>

#include "chain/node/chain.h"

struct gb_transit_slot {
    struct gb_transaction *transaction; /* NULL once accepted, or given up */
    struct gb_route route;
    uint32_t node; /* of the first attempt; each further one goes to the next */
    uint32_t n_attempts;
    uint32_t n_events;     /* events that still carry this slot's number */
    uint32_t n_refusals;   /* by full pools */
    uint32_t n_repeats;    /* for want of an answer */
    int64_t arrived_ns;    /* first arrival at a node; INT64_MAX: none yet */
    int64_t answered_ns;   /* when its first answer reaches the sender; INT64_MAX: not yet known */
    gb_event_handle timer; /* of its wait for an answer; 0: it does not wait */
    int64_t timer_ns;      /* when that runs out */
};

struct gb_transit { /* zero-initialised is empty; written by transit.c alone */
    struct gb_transit_slot *slots;
    size_t *free_slots;
    size_t n_slots, n_free, capacity;
    size_t n_transactions; /* not yet accepted */
};

void gb_transit_clear(struct gb_transit *transit); /* frees what it still holds */
/* Takes the transaction on success. */
enum gb_status gb_transit_add(struct gb_transit *transit, struct gb_transaction *transaction,
                              const struct gb_route *route, uint32_t node, size_t *slot,
                              struct gb_error *err);
/* Hands the transaction over; the slot stays while events point at it. */
struct gb_transaction *gb_transit_take(struct gb_transit *transit, size_t slot);
/* An event of the slot has been filed. */
void gb_transit_hold(struct gb_transit *transit, size_t slot);
/* An event of the slot has run (or was never filed); the last one releases an empty slot. */
void gb_transit_release(struct gb_transit *transit, size_t slot);

/* The sender tries once more. returns the number of the attempt, from 0 */
uint32_t gb_transit_count_attempt(struct gb_transit *transit, size_t slot);
void gb_transit_count_refusal(struct gb_transit *transit, size_t slot);
void gb_transit_count_repeat(struct gb_transit *transit, size_t slot);
/* The transaction arrives at a node / an answer will reach its sender; the earliest counts. */
void gb_transit_record_arrival(struct gb_transit *transit, size_t slot, int64_t time_ns);
void gb_transit_record_answer(struct gb_transit *transit, size_t slot, int64_t time_ns);
/* The sender waits for an answer until time_ns; timer 0: it waits no more. */
void gb_transit_set_timer(struct gb_transit *transit, size_t slot, gb_event_handle timer,
                          int64_t time_ns);

#endif
