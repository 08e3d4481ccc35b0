#include "tests/stage_delivery.h"

#include "tests/tap.h"

void stage_start_under(struct stage *stage, size_t n_meters, struct gb_contract_rules rules)
{
    stage_open(stage, GB_CRYPTO_MODELLED, n_meters, rules);
    stage_register_all(stage);
    gb_contracts_acknowledge(stage->contracts,
                             0); /* by nobody: what is done stays readable for the tests */
}

void stage_start(struct stage *stage, size_t n_meters, uint32_t signatures_required)
{
    struct gb_contract_rules rules = stage_rules();

    rules.signatures_required = signatures_required;
    stage_start_under(stage, n_meters, rules);
}

void stage_play_to_delivery(struct stage *stage, int64_t interval)
{
    EXPECT_INT(stage_send(stage, stage_order(stage, 0, interval, GB_BUY, 2000, 500000, 550000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_send(stage, stage_order(stage, 1, interval, GB_SELL, 1000, 400000, 350000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_send(stage, stage_gate(stage, interval, stage->height)), GB_RECEIPT_OK);
    stage->time_ns = interval * SLOT;
    EXPECT_INT(stage_send(stage, stage_deliver(stage, interval)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_interval(stage->contracts, interval).n_trades, 1);
    stage->time_ns = (interval + 1) * SLOT;
}

enum gb_receipt stage_read_and_sign(struct stage *stage, uint32_t meter, int64_t interval,
                                    int64_t net)
{
    struct stage_approval approvals[8];

    return stage_send(stage, stage_reading(stage, meter, interval, net, approvals));
}

enum gb_receipt stage_read_only(struct stage *stage, uint32_t meter, int64_t interval, int64_t net)
{
    return stage_send(stage, stage_reading(stage, meter, interval, net, NULL));
}

const struct gb_contract_event *stage_bill(const struct stage *stage, uint32_t meter)
{
    for (size_t i = 0; i < stage_count(stage, GB_EVENT_BILLED); i++)
        if (stage_event(stage, GB_EVENT_BILLED, i)->sender == GB_PARTY(GB_ROLE_METER, meter))
            return stage_event(stage, GB_EVENT_BILLED, i);
    return NULL;
}
