/* The family of strategies, and what they share. */
#include "models/agents/strategies_priv.h"

#include <math.h>

#include "models/agents/betas.h"

#define GB_MEMBER(name) &gb_strategy_##name.member,
static const struct gb_member *const members[] = {
#include "models/agents/strategies.def"
    NULL};
#undef GB_MEMBER

const struct gb_family gb_strategy_family = {.name = "strategy", .members = members};

struct gb_price gb_quote_reserve(const struct gb_traits *traits, const struct gb_quote_batch *batch,
                                 size_t i)
{
    return gb_reserve_of(traits, batch->interval, batch->meter[i], batch->side[i]);
}

int64_t gb_further_shade(const struct gb_traits *traits, uint32_t meter)
{
    return meter == traits->deviant ? traits->further_shade.ticks : 0;
}

struct gb_price gb_quote_shaded(const struct gb_traits *traits, const struct gb_quote_batch *batch,
                                size_t i, struct gb_price shade)
{
    int64_t reserve = gb_quote_reserve(traits, batch, i).ticks;
    int64_t kept = shade.ticks + gb_further_shade(traits, batch->meter[i]);

    kept = kept > 0 ? kept : 0;
    if (batch->side[i] == GB_SELL) {
        int64_t ask = reserve + kept, highest = batch->tariff.retail.ticks;

        return (struct gb_price){ask > highest ? highest : ask};
    }
    int64_t bid = reserve - kept, lowest = batch->tariff.feed_in.ticks;

    return (struct gb_price){bid < lowest ? lowest : bid};
}

void gb_quote_betas(const struct gb_traits *traits, const struct gb_quote_batch *batch,
                    int32_t *beta_out)
{
    for (size_t i = 0; !traits->betas && i < batch->n; i++)
        beta_out[i] = GB_BETA_OF_MARKET;
    for (size_t i = 0; traits->betas && i < batch->n; i++)
        beta_out[i] = gb_betas_of(traits->betas, batch->meter[i], batch->interval);
}

/* Bounds first: a price beyond them need not fit an integer. */
struct gb_price gb_unscaled(const struct gb_tariff *tariff, enum gb_side side,
                            struct gb_price reserve, double scaled)
{
    struct gb_price low = side == GB_SELL ? reserve : tariff->feed_in;
    struct gb_price high = side == GB_SELL ? tariff->retail : reserve;

    if (!(scaled > gb_scaled(tariff, low)))
        return low;
    if (scaled >= gb_scaled(tariff, high))
        return high;
    return (struct gb_price){tariff->feed_in.ticks - 1 + llrint(scaled)};
}

struct gb_price gb_unmirrored(const struct gb_tariff *tariff, enum gb_side side,
                              struct gb_price reserve, double mirrored)
{
    double top = (double)(tariff->retail.ticks - tariff->feed_in.ticks + 2);

    return gb_unscaled(tariff, side, reserve, side == GB_BUY ? mirrored : top - mirrored);
}
