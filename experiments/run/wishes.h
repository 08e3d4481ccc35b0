/* What agents want of their orders that stand: whoever wakes up at one moment, or before anybody
 * can learn anything, is gathered, and their strategy is asked about all of them in one batch. None
 * of the answers can depend on what comes of another one. */
#ifndef EXPERIMENTS_RUN_WISHES_H
#define EXPERIMENTS_RUN_WISHES_H

#include "experiments/run/agents.h"

/* An order as its agent knows it, and how much of its time is over. */
struct gb_run_wish {
    const struct gb_order *order; /* whose, side, beta; the rest is not read */
    uint8_t part;
    uint32_t wake_up; /* from 0 */
    double elapsed;
    int64_t filled_wh;
    const struct gb_market_knowledge *knowledge;
    struct gb_price quote; /* in: where it stands; out: where it should */
    int64_t total_wh;      /* the same of what it is for in all */
};

struct gb_run_wishes { /* written by wishes.c alone */
    size_t n, capacity;
    size_t n_answered, n_taken; /* of the batch that was asked about last */
    uint32_t *meter, *wake_up;
    uint8_t *side, *part;
    int32_t *beta;
    double *elapsed;
    int64_t *filled_wh, *total_wh;
    struct gb_price *standing, *quote;
    const struct gb_market_knowledge **knowledge;
};

void gb_run_wishes_clear(struct gb_run_wishes *wishes);
/* One more of the batch. false after a failure */
bool gb_run_wishes_add(struct gb_run_wishes *wishes, const struct gb_run_wish *wish,
                       struct gb_error *err);
/* Asks about all that were added since the last time, of one interval.
 * batch  interval, tariff, market's beta and key are filled in */
void gb_run_wishes_ask(struct gb_run_wishes *wishes, const struct gb_run_agents *agents,
                       struct gb_requote_batch batch);
/* Takes what became of the next one of them, in their order; `wish` as it was added. */
void gb_run_wishes_take(struct gb_run_wishes *wishes, struct gb_run_wish *wish);
/* Were some asked about whose answers nobody has taken yet? */
bool gb_run_wishes_are_left(const struct gb_run_wishes *wishes);

#endif
