#include "tests/random_books.h"

#include <stdlib.h>

size_t n_random_books(void)
{
    const char *text = getenv("GB_RANDOM_BOOKS");

    return text ? (size_t)strtoull(text, NULL, 10) : 50000;
}

uint64_t random_state;

int64_t below(int64_t n)
{
    return (int64_t)(splitmix64(&random_state) % (uint64_t)n);
}

struct gb_order random_order(const struct shape *shape, uint32_t owner)
{
    uint8_t side = (uint8_t)below(2);
    int64_t price = below(shape->n_prices) * shape->tick;
    int64_t capacity = below(2) ? 0 : below(shape->n_prices) * shape->tick / 2;

    return (struct gb_order){
        .owner = owner,
        .side = side,
        .type = below(8) == 0 ? GB_ORDER_MARKET : GB_ORDER_LIMIT,
        .source = (uint8_t)(side == GB_SELL ? 1 + below(4)
                            : below(2)      ? 0
                                            : below(5)),
        .quantity = {1 + below(shape->n_quantities)},
        .price = {price},
        .reserve = {side == GB_SELL ? price - capacity : price + capacity},
        .beta_millionths = below(3) ? GB_BETA_OF_MARKET : (int32_t)below(1000001),
    };
}

void random_book(const struct shape *shape, struct gb_book_action *actions, size_t n)
{
    uint32_t n_orders = 0;

    for (size_t a = 0; a < n; a++) {
        actions[a] = (struct gb_book_action){0};
        if (shape->has_cancels && n_orders > 0 && below(10) == 0) {
            actions[a].is_cancel = 1;
            actions[a].target = (uint32_t)below(n_orders);
        } else {
            actions[a].order = random_order(shape, 100 + n_orders++);
        }
    }
}

bool same_trade(const struct gb_trade *a, const struct gb_trade *b)
{
    return a->round == b->round && a->sell_order == b->sell_order && a->buy_order == b->buy_order &&
           a->seller == b->seller && a->buyer == b->buyer && a->source == b->source &&
           a->energy.wh == b->energy.wh && a->price_buy.ticks == b->price_buy.ticks &&
           a->price_sell.ticks == b->price_sell.ticks;
}
