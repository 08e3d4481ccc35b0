/* A book of actions played through a mechanism from its opening to its gate, and what became of
 * every order and of every cancel and amendment. */
#ifndef MODELS_MARKET_REPLAY_H
#define MODELS_MARKET_REPLAY_H

#include "models/market/mechanism.h"

struct gb_replayed_order {
    struct gb_energy wanted; /* its last total; of one that was cancelled, what was filled */
    struct gb_energy filled;
    bool is_cancelled; /* by a message that came in time */
};

struct gb_replay {
    size_t n_orders;
    struct gb_replayed_order *orders; /* by number */
    enum gb_fate *fates;              /* by action; an order's own is applied */
    struct gb_match match;            /* the state's, until its next change */
};

/* Plays a slot.
 * actions  cancels and amendments are of orders that stand before them
 * out      for gb_replay_clear; untouched on failure
 * returns  what the mechanism returns, or GB_ENOMEM */
enum gb_status gb_replay_run(struct gb_replay *out, const struct gb_mechanism *mechanism,
                             void *state, const struct gb_book_action *actions, size_t n,
                             struct gb_error *err);
void gb_replay_clear(struct gb_replay *replay);

#endif
