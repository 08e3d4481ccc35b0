/* The market's authorities. The supervisor admits users before the first opening; the operator
 * closes the gate on the ledger, opens delivery under the match that is stable at its node, signs
 * settlements once both readings are there, and finalizes at the deadline. It acts on what its
 * entry node has stable, and on nothing else. */
#ifndef EXPERIMENTS_RUN_MARKET_OPERATOR_H
#define EXPERIMENTS_RUN_MARKET_OPERATOR_H

#include "experiments/run/accounts.h"
#include "experiments/run/causes.h"
#include "experiments/run/outbox.h"

/* What it reads, calls and writes to; all borrowed for life. */
struct gb_run_operator_links {
    const struct gb_run_environment *env;
    const struct gb_run_gateway *gateway;
    const struct gb_run_knowledge *knowledge;
    const struct gb_run_accounts *accounts;
    struct gb_run_causes *causes;
    struct gb_run_outbox *outbox;
};

struct gb_run_operator { /* written by market_operator.c alone */
    struct gb_run_operator_links to;
    bool is_waiting;
    struct gb_run_operator_interval *at; /* per place */
    size_t n_places;
};

/* links: borrowed, must outlive it. A place holds one live interval: opened before its first use,
 * retired, and its memory let go, when the interval is over. */
void gb_run_operator_init(struct gb_run_operator *operator_,
                          const struct gb_run_operator_links *links);
void gb_run_operator_clear(struct gb_run_operator *operator_);
void gb_run_operator_open_place(struct gb_run_operator *operator_, size_t place);
void gb_run_operator_retire(struct gb_run_operator *operator_, size_t place);

void gb_run_operator_register(struct gb_run_operator *operator_);
void gb_run_operator_close(struct gb_run_operator *operator_, size_t place, int64_t interval);
/* The second gate: it closes round 2 as soon as that of round 1 is stable at its node. */
void gb_run_operator_close_round_2(struct gb_run_operator *operator_, size_t place,
                                   int64_t interval);
void gb_run_operator_open(struct gb_run_operator *operator_, size_t place, int64_t interval);
void gb_run_operator_finalize(struct gb_run_operator *operator_, int64_t interval);
/* Readings of one instant are on their way: where they are executed at once, it waits for the last
 * one. */
void gb_run_operator_wait(struct gb_run_operator *operator_, bool is_waiting);
/* What a block that is stable at its node says: of a reading, that round 1 is over, and that
 * delivery is open. */
void gb_run_operator_learn(struct gb_run_operator *operator_, size_t place,
                           const struct gb_contract_event *event);
void gb_run_operator_learn_round(struct gb_run_operator *operator_, size_t place, int64_t interval);
void gb_run_operator_learn_open(struct gb_run_operator *operator_, size_t place);
/* Signs the settlement of what can be settled by what it learnt. */
void gb_run_operator_settle(struct gb_run_operator *operator_, size_t place, int64_t interval);
/* Signs the root of a settle, where anybody signs. */
void gb_run_operator_sign_settle(const struct gb_run_operator *operator_,
                                 struct gb_transaction *transaction);

#endif
