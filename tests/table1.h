/* Table 1 of the paper as orders: S1 to S4 are orders 0 to 3, B1 to B4 orders 4 to 7, and each
 * owner has the number of its order. Prices in ticks, energy in Wh. */
#ifndef TESTS_TABLE1_H
#define TESTS_TABLE1_H

#include "models/market/two_round/options.h"

#define TABLE1_ROWS 8

static inline void table1(struct gb_book_action actions[TABLE1_ROWS])
{
    /* clang-format off */
    static const struct { uint8_t side; int64_t reserve, kwh, quote; } rows[TABLE1_ROWS] = {
        {GB_SELL, 340000, 220, 410000}, {GB_SELL, 410000, 540, 450000},
        {GB_SELL, 450000, 435, 500000}, {GB_SELL, 400000, 300, 450000},
        {GB_BUY, 580000, 400, 530000},  {GB_BUY, 560000, 480, 510000},
        {GB_BUY, 550000, 830, 490000},  {GB_BUY, 530000, 500, 460000},
    };
    /* clang-format on */

    for (uint32_t i = 0; i < TABLE1_ROWS; i++)
        /* clang-format off */
        actions[i] = (struct gb_book_action){.order = {
            .owner = i, .side = rows[i].side, .source = GB_SOURCE_ANY,
            .quantity = {rows[i].kwh * GB_WH_PER_KWH}, .price = {rows[i].quote},
            .reserve = {rows[i].reserve}, .beta_millionths = GB_BETA_OF_MARKET}};
    /* clang-format on */
}

/* The rules of the paper's reading, on one book. */
static inline struct gb_market_rules paper_rules(void)
{
    struct gb_market_rules rules;

    gb_market_rules_init(&rules);
    rules.has_band = 1;
    gb_two_round_options(&rules)->books = GB_BOOKS_POOLED;
    return rules;
}

#endif
