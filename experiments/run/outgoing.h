/* What is handed over to leave: messages of one kind of many meters, in ascending order of meters.
 */
#ifndef EXPERIMENTS_RUN_OUTGOING_H
#define EXPERIMENTS_RUN_OUTGOING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chain/wire/transaction.h"

struct gb_run_outgoing {
    int64_t interval;
    uint8_t kind; /* enum gb_message_kind */
    size_t n;
    const uint32_t *meter;  /* NULL: message i is of meter i */
    const uint8_t *part;    /* which message of the meter; NULL: 0 */
    uint32_t first_part;    /* added to it: messages of this kind before these */
    uint32_t first_bundle;  /* number of the first bundle, likewise */
    const int64_t *sent_ns; /* for the call; NULL: all at all_sent_ns */
    int64_t all_sent_ns;
    bool is_resubmission; /* signed again: draws are addressed by nonces, that of the way
                           * to a concentrator by the nonce that was refused */
    uint64_t (*refused_nonce)(void *context, size_t i); /* with is_resubmission */
    bool is_requote;  /* of orders sent before: bundles are numbered by their first message */
    bool is_complete; /* every meter sends: a concentrator waits for nobody else */
    void *context;
    size_t (*n_approvals)(void *context, size_t i); /* in message i; NULL: none */
    /* Fills in the body, which is zeroed. Kind and sender are there already, and with `release`
     * nonce and validity. */
    void (*fill)(void *context, size_t i, struct gb_transaction *transaction,
                 struct gb_message *message);
    bool fills_apart; /* n_approvals and fill may be called of several messages at once */
    /* Message `near` is filled in soon, and `far` some time later: what that will read may be
     * fetched now. Each is far once before it is near. NULL: nothing to do */
    void (*look_ahead)(void *context, size_t near, size_t far);
    /* NULL: messages are filled in at once, to be dated and signed when they leave. Else that
     * too waits until then, which costs no memory, and the context is released after the last
     * one. */
    void (*release)(void *context);
};

/* Of message i: which meter sends it, when, and as which part of what it sends for the interval. */
static inline uint32_t gb_run_outgoing_meter(const struct gb_run_outgoing *out, size_t i)
{
    return out->meter ? out->meter[i] : (uint32_t)i;
}

static inline int64_t gb_run_outgoing_sent_ns(const struct gb_run_outgoing *out, size_t i)
{
    return out->sent_ns ? out->sent_ns[i] : out->all_sent_ns;
}

static inline uint32_t gb_run_outgoing_part(const struct gb_run_outgoing *out, size_t i)
{
    return out->first_part + (out->part ? out->part[i] : 0);
}

#endif
