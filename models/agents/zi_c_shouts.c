/* The traders of Gode and Sunder: zero intelligence with a budget constraint that draws a quote
 * anew each time it may shout. A draw that is worse for the other side than what stands is void, as
 * in their auction; so a standing quote only improves. */
#include "models/agents/zero_intelligence_priv.h"

static void requote(const void *config, void *state, const struct gb_traits *traits,
                    const struct gb_requote_batch *batch, struct gb_price *quote_out)
{
    (void)config;
    (void)state;
    for (size_t i = 0; i < batch->n; i++) {
        enum gb_side side = batch->side[i];
        struct gb_price drawn = gb_zero_intelligence(
            &batch->tariff, side, gb_reserve_of(traits, batch->interval, batch->meter[i], side),
            gb_draw_at(batch->key, gb_traits_draw_owner(traits, batch->meter[i]), batch->part[i],
                       (uint32_t)batch->interval, batch->wake_up[i]));
        bool improves = side == GB_SELL ? drawn.ticks < batch->quote[i].ticks
                                        : drawn.ticks > batch->quote[i].ticks;

        quote_out[i] = improves ? drawn : batch->quote[i];
    }
}

const struct gb_strategy gb_strategy_zi_c_shouts = {
    .member = {.name = "zi_c_shouts",
               .summary = "zero intelligence: a new draw each time it may shout (Gode, Sunder)"},
    .quote = gb_zi_c_quote,
    .requote = requote,
};
