#include "tests/stage_trading.h"

#include "tests/tap.h"

struct gb_contract_rules stage_trading_rules(const char *books)
{
    struct gb_contract_rules rules = stage_rules();
    char why[200];

    gb_market_rules_select(&rules.market, &gb_mechanism_continuous);
    EXPECT(gb_market_rules_set(&rules.market, "market.books", books, why, sizeof why));
    return rules;
}

void stage_open_trading(struct stage *stage, enum gb_crypto crypto, size_t n_meters)
{
    stage_open(stage, crypto, n_meters, stage_trading_rules("pooled"));
    stage_register_all(stage);
}

enum gb_receipt stage_bid(struct stage *s, uint32_t meter, int64_t wh, int64_t price,
                          int64_t reserve)
{
    return stage_send(s, stage_order(s, meter, 0, GB_BUY, wh, price, reserve));
}

enum gb_receipt stage_ask(struct stage *s, uint32_t meter, int64_t wh, int64_t price)
{
    return stage_send(s, stage_order(s, meter, 0, GB_SELL, wh, price, 310000));
}

const struct gb_execution *stage_execution(const struct stage *s, size_t i)
{
    size_t n;
    const struct gb_execution *all = gb_contracts_executions(s->contracts, 0, &n);

    EXPECT(i < n);
    return &all[i];
}

size_t stage_n_executions(const struct stage *s)
{
    size_t n;

    gb_contracts_executions(s->contracts, 0, &n);
    return n;
}

void stage_open_of_either_sign(struct stage *stage)
{
    struct gb_contract_rules rules = stage_trading_rules("pooled");

    rules.market.tariff = (struct gb_tariff){.retail = {140000}, .feed_in = {-140000}};
    stage_open(stage, GB_CRYPTO_MODELLED, 2, rules);
    stage_register_all(stage);
}
