/* Every buyer pays what it bid, and its seller gets that: the discriminatory price of the engine
 * gsy-framework, whose pay-as-bid matching trades at the bid. */
#include "models/market/call/call_priv.h"

static enum gb_status settle(struct gb_call *call, struct gb_call_book *book)
{
    for (size_t i = book->first_trade; i < call->n_trades; i++) {
        struct gb_trade *trade = &call->trades[i];

        trade->price_buy = call->orders.quote[trade->buy_order];
        trade->price_sell = trade->price_buy;
    }
    return GB_OK;
}

static const struct gb_call_rule rule = {
    .mechanism = "pay_as_bid", .params = gb_call_params, .settle = settle};

static enum gb_status pay_as_bid_create(void **state, const struct gb_market_rules *rules,
                                        struct gb_error *err)
{
    return gb_call_create(state, &rule, rules, err);
}

const struct gb_mechanism gb_mechanism_pay_as_bid = {
    .member = {.name = "pay_as_bid",
               .summary = "every pair that crosses trades at what its buyer bids",
               .params = gb_call_params,
               .config_size = sizeof(struct gb_call_options)},
    .create = pay_as_bid_create,
    GB_CALL_FUNCTIONS,
};
