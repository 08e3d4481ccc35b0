/* McAfee's double auction. Behind the last pair that crosses stand the next ask and the next bid;
 * where the middle of those two lies within the last pair, everybody trades at it. Otherwise, and
 * where there is no next pair, the last ask and the last bid go without, buyers pay that bid and
 * sellers get that ask, and the difference is the market operator's. Where all quantities are
 * equal nobody gains by another quote than the reserve.
 * source  R. P. McAfee (1992), "A dominant strategy double auction", J. Econ. Theory 56,
 *         doi:10.1016/0022-0531(92)90091-U: for one unit each; here an order is what a trader is
 *         there, whatever its quantity, and the longer side is served by quote and time */
#include "models/market/call/call_priv.h"

/* Sets the price of the next pair where it lies within the last. */
static bool find_price(const struct gb_call *call, const struct gb_call_book *book,
                       struct gb_price ask, struct gb_price bid, struct gb_price *price)
{
    if (book->met[GB_SELL] == book->sides[GB_SELL].n || book->met[GB_BUY] == book->sides[GB_BUY].n)
        return false;
    struct gb_price next_ask = gb_call_quote(call, book, GB_SELL, book->met[GB_SELL]);
    struct gb_price next_bid = gb_call_quote(call, book, GB_BUY, book->met[GB_BUY]);
    int64_t sum = next_ask.ticks + next_bid.ticks;

    *price = gb_pair_price((struct gb_fraction){1, 2}, next_ask, next_bid);
    return 2 * ask.ticks <= sum && sum <= 2 * bid.ticks;
}

static enum gb_status settle(struct gb_call *call, struct gb_call_book *book)
{
    struct gb_price ask = gb_call_marginal(call, book, GB_SELL);
    struct gb_price bid = gb_call_marginal(call, book, GB_BUY);
    struct gb_price price;

    if (find_price(call, book, ask, bid, &price)) {
        gb_call_price_all(call, book, price, price);
        return GB_OK;
    }
    gb_call_drop_marginal(call, book);
    gb_call_price_all(call, book, bid, ask);
    return GB_OK;
}

static const struct gb_call_rule rule = {
    .mechanism = "mcafee", .params = gb_call_params, .settle = settle};

static enum gb_status mcafee_create(void **state, const struct gb_market_rules *rules,
                                    struct gb_error *err)
{
    return gb_call_create(state, &rule, rules, err);
}

const struct gb_mechanism gb_mechanism_mcafee = {
    .member = {.name = "mcafee",
               .summary = "McAfee 1992: the next pair sets the price, or the last one goes without",
               .params = gb_call_params,
               .config_size = sizeof(struct gb_call_options)},
    .create = mcafee_create,
    GB_CALL_FUNCTIONS,
};
