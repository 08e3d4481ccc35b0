/* Agents of several kinds of households, each kind with a strategy and options of its own, as one
 * strategy: every call goes on to those whom it is about. A strategy learns and draws for its own
 * meters as if it were alone, at the same addresses, so that kinds which all follow one strategy do
 * what they would without kinds. One from outside this program hears of the fills and answers of
 * its own meters alone. */
#ifndef MODELS_AGENTS_BY_KIND_H
#define MODELS_AGENTS_BY_KIND_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "models/agents/strategy.h"

struct gb_kind_strategy { /* of a kind; both borrowed for life */
    const struct gb_strategy *strategy;
    const void *config;
};

struct gb_by_kind_request {
    size_t n_kinds;
    const struct gb_kind_strategy *kinds; /* borrowed for the call */
    const uint32_t *kind_of;              /* of each meter; borrowed for life */
    const struct gb_strategy_facts *facts;
    const struct gb_traits *traits;
    struct gb_error *failure; /* kept, as by gb_strategy.open */
};

/* Makes the state, which gb_by_kind_free() frees, and in *made what a strategy can be asked: what
 * any of them can, with `open` where any is from outside. Kinds of equal strategy and options share
 * theirs. GB_ENOMEM, or what is wrong with a strategy from outside */
enum gb_status gb_by_kind_create(void **state, struct gb_strategy *made,
                                 const struct gb_by_kind_request *request, struct gb_error *err);
void gb_by_kind_free(void *state);
/* The strategy of a meter. */
const struct gb_strategy *gb_by_kind_strategy(const void *state, uint32_t meter);

/* What `followed` of a strategy says of meters whose strategy comes from outside. */
#define GB_FOLLOWS_OUTSIDE UINT8_MAX

#endif
