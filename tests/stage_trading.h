/* A stage on which orders trade as they come: all of slot 0, of meters in one pooled book, between
 * 0.31 and 0.59. */
#ifndef TESTS_STAGE_TRADING_H
#define TESTS_STAGE_TRADING_H

#include "tests/stage.h"

#define SLOT (15 * STAGE_MINUTE)
#define GATE (5 * STAGE_MINUTE)

/* books  market.books */
struct gb_contract_rules stage_trading_rules(const char *books);
/* With all meters registered. */
void stage_open_trading(struct stage *stage, enum gb_crypto crypto, size_t n_meters);
/* Two of them in a band from -0.14 to 0.14. */
void stage_open_of_either_sign(struct stage *stage);
/* An order in a block of its own; its receipt. A sale goes down to 0.31. */
enum gb_receipt stage_bid(struct stage *stage, uint32_t meter, int64_t wh, int64_t price,
                          int64_t reserve);
enum gb_receipt stage_ask(struct stage *stage, uint32_t meter, int64_t wh, int64_t price);
const struct gb_execution *stage_execution(const struct stage *stage, size_t i);
size_t stage_n_executions(const struct stage *stage);

#endif
