/* All local energy at the middle of the grid's two prices. Quotes say only who takes part: sellers
 * who ask for no more, buyers who bid no less; the longer side is served by quote and time.
 * source  C. Long, J. Wu, C. Zhang, L. Thomas, M. Cheng, N. Jenkins (2017), "Peer-to-peer energy
 *         trading in a community microgrid", IEEE PES General Meeting,
 *         doi:10.1109/PESGM.2017.8274546, where the longer side shares instead */
#include "models/market/call/call_priv.h"

static struct gb_price rate_of(const struct gb_call *call)
{
    return gb_pair_price((struct gb_fraction){1, 2}, call->tariff.feed_in, call->tariff.retail);
}

/* How many of a side, from the best on, accept the rate. */
static size_t number_accepting(const struct gb_call *call, const struct gb_call_book *book,
                               enum gb_side side, struct gb_price rate)
{
    size_t low = 0, high = book->sides[side].n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int64_t quote = gb_call_quote(call, book, side, middle).ticks;

        if (side == GB_SELL ? quote <= rate.ticks : quote >= rate.ticks)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void admit(const struct gb_call *call, struct gb_call_book *book)
{
    struct gb_price rate = rate_of(call);

    for (int side = GB_BUY; side <= GB_SELL; side++) {
        gb_sorted_side_reach_all(&book->sides[side]);
        book->sides[side].n = number_accepting(call, book, (enum gb_side)side, rate);
    }
}

static enum gb_status settle(struct gb_call *call, struct gb_call_book *book)
{
    gb_call_price_all(call, book, rate_of(call), rate_of(call));
    return GB_OK;
}

static const struct gb_call_rule rule = {
    .mechanism = "mid_market_rate", .params = gb_call_params, .admit = admit, .settle = settle};

static enum gb_status mid_market_rate_create(void **state, const struct gb_market_rules *rules,
                                             struct gb_error *err)
{
    if (!rules->has_band)
        return gb_fail(err, GB_ECONFIG,
                       "the mechanism mid_market_rate trades in the middle of the "
                       "grid's prices: give both, tariff.retail and tariff.feed_in");
    return gb_call_create(state, &rule, rules, err);
}

const struct gb_mechanism gb_mechanism_mid_market_rate = {
    .member = {.name = "mid_market_rate",
               .summary = "all who accept it trade at the middle of the grid's prices",
               .params = gb_call_params,
               .config_size = sizeof(struct gb_call_options)},
    .needs_tariff = true,
    .create = mid_market_rate_create,
    GB_CALL_FUNCTIONS,
};
