/* One price for all: that of the last pair that trades, ask + k (bid - ask). As much trades as
 * crosses, each side in the order of its quotes, so the last one served may get a part.
 * source  M. A. Satterthwaite, S. R. Williams (1989), "Bilateral trade with the sealed bid k-double
 *         auction", J. Econ. Theory 48, doi:10.1016/0022-0531(89)90121-X, on the marginal pair */
#include "models/market/call/call_priv.h"

static enum gb_status settle(struct gb_call *call, struct gb_call_book *book)
{
    struct gb_price price =
        gb_pair_price(gb_fraction_of_millionths(call->options.k_millionths),
                      gb_call_marginal(call, book, GB_SELL), gb_call_marginal(call, book, GB_BUY));

    gb_call_price_all(call, book, price, price);
    return GB_OK;
}

static const struct gb_call_rule rule = {
    .mechanism = "uniform", .params = gb_uniform_params, .settle = settle};

static enum gb_status uniform_create(void **state, const struct gb_market_rules *rules,
                                     struct gb_error *err)
{
    return gb_call_create(state, &rule, rules, err);
}

const struct gb_mechanism gb_mechanism_uniform = {
    .member = {.name = "uniform",
               .summary = "one price for all, within the last pair that crosses",
               .params = gb_uniform_params,
               .config_size = sizeof(struct gb_call_options)},
    .create = uniform_create,
    GB_CALL_FUNCTIONS,
};
