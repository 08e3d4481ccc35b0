/* What the strategies share: the members of the list, and the limits of every quote. */
#ifndef MODELS_AGENTS_STRATEGIES_PRIV_H
#define MODELS_AGENTS_STRATEGIES_PRIV_H

#include "models/agents/strategy.h"

#define GB_MEMBER(name) extern const struct gb_strategy gb_strategy_##name;
#include "models/agents/strategies.def"
#undef GB_MEMBER

/* Reserve of element i of a batch, on its side. */
struct gb_price gb_quote_reserve(const struct gb_traits *traits, const struct gb_quote_batch *batch,
                                 size_t i);

/* The quote of element i that gives up `shade` of its own gain: reserve + shade for a seller,
 * reserve
 * - shade for a buyer, held within the band; a quote never passes its own reserve. */
struct gb_price gb_quote_shaded(const struct gb_traits *traits, const struct gb_quote_batch *batch,
                                size_t i, struct gb_price shade);

/* Every order carries its agent's own beta, whatever the strategy: it is a trait, not a choice. */
void gb_quote_betas(const struct gb_traits *traits, const struct gb_quote_batch *batch,
                    int32_t *beta_out);

#endif
