/* A stage that has come to delivery: one trade between two meters, their readings and their bills.
 * Prices of the stage: 0.59 and 0.31, imbalance 0.70 and 0.20. */
#ifndef TESTS_STAGE_DELIVERY_H
#define TESTS_STAGE_DELIVERY_H

#include "tests/stage.h"

#define SLOT (15 * STAGE_MINUTE)
#define CENTS(x) (INT64_C(10000000) * (x)) /* of the currency, in money units */

static const uint32_t first_trade[] = {0};

/* Opens a stage with all meters registered, on which nothing that is done is forgotten. */
void stage_start_under(struct stage *stage, size_t n_meters, struct gb_contract_rules rules);
/* The same under stage_rules(). */
void stage_start(struct stage *stage, size_t n_meters, uint32_t signatures_required);
/* Meter 0 buys 2 kWh of which it gets 1 from meter 1 at 0.45: trade 0 of the interval,
 * delivering; the clock stands at the interval's end. */
void stage_play_to_delivery(struct stage *stage, int64_t interval);
/* A reading in a block of its own, with the meter's signatures or without; its receipt. */
enum gb_receipt stage_read_and_sign(struct stage *stage, uint32_t meter, int64_t interval,
                                    int64_t net_wh);
enum gb_receipt stage_read_only(struct stage *stage, uint32_t meter, int64_t interval,
                                int64_t net_wh);
/* The meter's bill in the last block; NULL if it got none. */
const struct gb_contract_event *stage_bill(const struct stage *stage, uint32_t meter);

#endif
