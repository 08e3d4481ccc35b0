/* What the strategies share: the members of the list, prices as they reckon with them, and the
 * limits of every quote. */
#ifndef MODELS_AGENTS_STRATEGIES_PRIV_H
#define MODELS_AGENTS_STRATEGIES_PRIV_H

#include "models/agents/options.h"
#include "models/agents/strategy.h"
#include "models/agents/traits.h"

/* That of element i of a batch. */
struct gb_price gb_quote_reserve(const struct gb_traits *traits, const struct gb_quote_batch *batch,
                                 size_t i);

/* What a meter asks for beyond its strategy's shade: 0 but of the one who does otherwise. */
int64_t gb_further_shade(const struct gb_traits *traits, uint32_t meter);

/* The quote of element i that gives up `shade` of its own gain and what it asks for beyond: reserve
 * + shade for a seller, reserve - shade for a buyer, held within the band; a quote never passes its
 * own reserve. */
struct gb_price gb_quote_shaded(const struct gb_traits *traits, const struct gb_quote_batch *batch,
                                size_t i, struct gb_price shade);

/* Every order carries its agent's own beta, whatever the strategy: it is a trait, not a choice. */
void gb_quote_betas(const struct gb_traits *traits, const struct gb_quote_batch *batch,
                    int32_t *beta_out);

/* Learning strategies reckon with prices above zero, whatever the signs of the band. */

/* A price as ticks above the tick below the band: 1 at its lower end. */
static inline double gb_scaled(const struct gb_tariff *tariff, struct gb_price price)
{
    return (double)(price.ticks - tariff->feed_in.ticks + 1);
}

/* The same for a buyer, for a seller in the mirror: ticks below the tick above the band. Of either,
 * more is nearer to the other side, and the own reserve is the most it may quote. */
static inline double gb_mirrored(const struct gb_tariff *tariff, enum gb_side side,
                                 struct gb_price price)
{
    return side == GB_BUY ? gb_scaled(tariff, price)
                          : (double)(tariff->retail.ticks - price.ticks + 1);
}

/* Back to a price: the nearest tick within the own reserve and the band. */
struct gb_price gb_unscaled(const struct gb_tariff *tariff, enum gb_side side,
                            struct gb_price reserve, double scaled);
struct gb_price gb_unmirrored(const struct gb_tariff *tariff, enum gb_side side,
                              struct gb_price reserve, double mirrored);

/* The last shout of a block; NULL where there is none. Whoever learns from shouts answers this one
 * alone: a block is heard at once. */
static inline const struct gb_shout *gb_last_shout(const struct gb_market_news *news)
{
    return news->n_shouts > 0 ? &news->shouts[news->n_shouts - 1] : NULL;
}

/* Does a meter still have something standing on this side, as it knows? */
static inline bool gb_stands(const struct gb_market_news *news, uint32_t meter, enum gb_side side)
{
    return (news->standing[meter] & (side == GB_BUY ? GB_STANDS_TO_BUY : GB_STANDS_TO_SELL)) != 0;
}

#endif
