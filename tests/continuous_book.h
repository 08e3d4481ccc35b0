/* A book of the continuous auction, as its tests fill it. */
#ifndef TESTS_CONTINUOUS_BOOK_H
#define TESTS_CONTINUOUS_BOOK_H

#include "models/market/continuous/book.h"
#include "tests/tap.h"

static inline struct gb_continuous_book *new_book(const struct gb_continuous_rules *rules)
{
    struct gb_continuous_book *book = NULL;
    struct gb_error err = {0};

    EXPECT_INT(gb_continuous_book_create(&book, rules, &err), GB_OK);
    return book;
}

/* A limit order of an owner of its own, whose number and its own this returns. */
static inline uint32_t add(struct gb_continuous_book *book, enum gb_side side, int64_t ticks,
                           int64_t wh)
{
    uint32_t number = (uint32_t)gb_continuous_book_n_orders(book);
    const struct gb_order order = {.owner = number,
                                   .side = (uint8_t)side,
                                   .quantity = {wh},
                                   .price = {ticks},
                                   .reserve = {ticks}};
    struct gb_error err = {0};

    EXPECT_INT(gb_continuous_book_add(book, &order, &err), GB_OK);
    return number;
}

static inline int64_t left(const struct gb_continuous_book *book, uint32_t order)
{
    return gb_continuous_book_left(book, order).wh;
}

#endif
