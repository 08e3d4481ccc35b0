/* The best of quotes that come and go: a binary heap, in which a quote that stands no more is left
 * until it would be the best. Each costs the logarithm of how many there are, once, in place of a
 * look at all of them after each block. */
#ifndef EXPERIMENTS_RUN_BEST_QUOTE_H
#define EXPERIMENTS_RUN_BEST_QUOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/market/order.h"

struct gb_run_quote {
    int64_t ticks;
    uint32_t order; /* whose it is, or was */
};

struct gb_run_best_quote { /* all zero is empty; written by best_quote.c alone */
    struct gb_run_quote *heap;
    size_t n, capacity;
};

void gb_run_best_quote_free(struct gb_run_best_quote *best);
/* Nothing stands any more; memory stays. */
void gb_run_best_quote_clear(struct gb_run_best_quote *best);
/* An order stands at this quote from now on; one that it had before is left to `stands`. All are of
 * one side, on which a buyer's best is the highest. false without memory */
bool gb_run_best_quote_add(struct gb_run_best_quote *best, enum gb_side side, int64_t ticks,
                           uint32_t order);
/* The best that stands; NULL: none does. Those before it that do not are forgotten.
 * stands  does the order stand at this quote? */
const struct gb_run_quote *gb_run_best_quote_find(struct gb_run_best_quote *best, enum gb_side side,
                                                  bool (*stands)(const void *context,
                                                                 const struct gb_run_quote *quote),
                                                  const void *context);

#endif
