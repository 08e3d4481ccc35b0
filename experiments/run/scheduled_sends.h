/* When messages leave, and together with which: each as a transaction of its own; bundled by a
 * concentrator, which sends when it holds 1000 of them, when all its meters have sent, or 5 s after
 * the first; or, under the ideal protocol, in batches that are executed in the order of sending.
 * Every delay is a keyed draw. */
#ifndef EXPERIMENTS_RUN_SCHEDULED_SENDS_H
#define EXPERIMENTS_RUN_SCHEDULED_SENDS_H

#include "chain/network/network.h"
#include "experiments/run/environment.h"
#include "experiments/run/outgoing.h"

#define GB_RUN_CONCENTRATOR_WAIT_NS (5 * GB_NS_PER_SECOND) /* from the first of a bundle */

struct gb_run_send_rules { /* set once; all borrowed */
    const struct gb_run_environment *env;
    const struct gb_network *network;
    size_t concentrator_size; /* meters a bundle sender serves; 0: there are none */
};

struct gb_run_scheduled_send { /* of a transaction */
    int64_t leaves_ns;
    uint32_t concentrator; /* or GB_NO_CONCENTRATOR */
    uint32_t number;       /* of a bundle; alone: the message's part */
    uint32_t first, n;     /* its messages: part of the order; alone: the message itself */
};

struct gb_run_scheduled_sends { /* written by scheduled_sends.c alone; begins as {0} */
    uint32_t *order;            /* bundled: in the order of leaving, group by group; else NULL */
    struct gb_run_scheduled_send *sends;
    size_t n, capacity, order_capacity;
    struct gb_radix_item *items; /* scratch */
    size_t items_capacity;
};

/* Plans all of it, in place of what was planned before; after a failure, which is that of the run,
 * the plan is not complete. */
void gb_run_scheduled_sends_plan(struct gb_run_scheduled_sends *plan,
                                 const struct gb_run_send_rules *rules,
                                 const struct gb_run_outgoing *out);
/* What was planned has left: the plan keeps its memory for what is planned next, if it is little.
 */
void gb_run_scheduled_sends_retire(struct gb_run_scheduled_sends *plan);
void gb_run_scheduled_sends_clear(struct gb_run_scheduled_sends *plan);

/* Where the draws stand of what is signed again: at its nonce, whatever else its sender sends.
 * kind  0: a bundle */
void gb_run_address_by_nonce(struct gb_route *route, uint8_t kind, uint64_t nonce);

#endif
