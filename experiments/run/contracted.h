/* What each meter has bought less sold for an interval, as its entry node knew it before the slot
 * began: what storage controllers track. A match counts for the meters of a node that had it stable
 * then; where orders trade as they come, each trade does that is in a block stable there. */
#ifndef EXPERIMENTS_RUN_CONTRACTED_H
#define EXPERIMENTS_RUN_CONTRACTED_H

#include "experiments/run/gateway.h"
#include "experiments/run/intervals.h"
#include "experiments/run/knowledge.h"

struct gb_run_contracted { /* written by contracted.c alone */
    const struct gb_run_environment *env;
    const struct gb_run_gateway *gateway;
    const struct gb_run_knowledge *knowledge;
    bool is_asked;                     /* does anybody track contracts? Otherwise nothing is kept */
    struct gb_run_contracts_known *at; /* per place */
    size_t n_places;
};

/* All borrowed for life. */
void gb_run_contracted_init(struct gb_run_contracted *contracted,
                            const struct gb_run_environment *env,
                            const struct gb_run_gateway *gateway,
                            const struct gb_run_knowledge *knowledge, bool is_asked);
void gb_run_contracted_clear(struct gb_run_contracted *contracted);
void gb_run_contracted_open(struct gb_run_contracted *contracted, size_t place);
void gb_run_contracted_retire(struct gb_run_contracted *contracted, size_t place);
/* The match of the interval is in the block of that height, which is stable somewhere. */
void gb_run_contracted_match(struct gb_run_contracted *contracted, size_t place,
                             const struct gb_interval_view *view, uint64_t height);
/* The slot begins: what is not known by now will not be tracked in it. */
void gb_run_contracted_begin(struct gb_run_contracted *contracted, size_t place, int64_t interval);
/* Wh bought less sold by the meter, as is known at its entry node: now, or before the slot began if
 * it has. 0 where nothing is. */
int64_t gb_run_contracted_wh(const struct gb_run_contracted *contracted, size_t place,
                             uint32_t meter);

#endif
