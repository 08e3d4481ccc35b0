/* The orders of a slot as mechanisms keep them: by number, which is their time, in arrays that a
 * match walks. Memory grows by parts; that of some hundred orders is kept from slot to slot.
 *
 * The store alone changes its arrays; a mechanism reads them and says through the calls below what
 * it traded and quoted. They are inline because a match makes them for every order. */
#ifndef MODELS_MARKET_ORDER_STORE_H
#define MODELS_MARKET_ORDER_STORE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "models/market/order.h"

/* What a match asks of an order, but for what is left of it: 16 bytes, because it is looked up by
 * number in the order of quotes, and a line of the cache holds four. */
struct gb_order_terms {
    int64_t reserve;               /* ticks */
    uint32_t owner;                /* meter */
    unsigned beta_millionths : 20; /* the order's own or the market's */
    unsigned source : 3;           /* enum gb_source */
    unsigned side : 1;             /* enum gb_side */
};

/* Arrays by number of the order; they share their capacity. All zero is an empty store. */
struct gb_order_store {
    size_t n, capacity;
    size_t usual; /* orders of the slot before: capacity for the next one's */
    struct gb_energy *left;
    struct gb_price *quote; /* as it came in, or where it stands by now */
    struct gb_order_terms *terms;
};

/* Reserves capacity for n more orders. GB_ERANGE beyond 2^32, GB_ENOMEM */
enum gb_status gb_order_store_reserve(struct gb_order_store *store, size_t n, struct gb_error *err);
/* Empties the store; memory stays. */
void gb_order_store_clear(struct gb_order_store *store);
/* The slot is over: remembers how many orders it had and gives memory above `kept` bytes an array
 * back. */
void gb_order_store_release(struct gb_order_store *store, size_t kept);
/* Nothing is left of the order. GB_EINPUT when there is none of this number */
enum gb_status gb_order_store_cancel(struct gb_order_store *store, uint32_t order,
                                     struct gb_error *err);
/* Another quote, and what is left of the order now. GB_ERANGE with the reason and nothing changed
 */
enum gb_status gb_order_store_amend(struct gb_order_store *store, uint32_t order,
                                    struct gb_price quote, struct gb_energy left,
                                    struct gb_error *err);
/* GB_ERANGE with the reason when a number of the order is beyond all bounds. */
enum gb_status gb_order_store_refuse(const struct gb_order_store *store,
                                     const struct gb_order *order, struct gb_error *err);

/* Is it within the bounds that keep every sum of a market in 64 bits? */
static inline bool gb_order_store_is_price(struct gb_price price)
{
    return price.ticks >= -GB_PRICE_LIMIT_TICKS && price.ticks <= GB_PRICE_LIMIT_TICKS;
}

/* Adds an order, capacity for which is reserved. The price of a market order counts for nothing,
 * whatever it is: it is quoted at its reserve.
 * beta_millionths  the market's, for orders without their own
 * returns          GB_ERANGE with the reason, and nothing added */
static inline enum gb_status gb_order_store_add(struct gb_order_store *store,
                                                const struct gb_order *order,
                                                int64_t beta_millionths, struct gb_error *err)
{
    bool is_market = order->type == GB_ORDER_MARKET;
    size_t number = store->n;

    if (order->quantity.wh <= 0 || order->quantity.wh > GB_QUANTITY_LIMIT_WH ||
        !gb_order_store_is_price(order->reserve) ||
        (!is_market && !gb_order_store_is_price(order->price)) ||
        order->beta_millionths < GB_BETA_OF_MARKET || order->beta_millionths > GB_MILLIONTHS)
        return gb_order_store_refuse(store, order, err);
    assert(order->source < GB_N_SOURCES && number < store->capacity);
    store->left[number] = order->quantity;
    store->quote[number] = is_market ? order->reserve : order->price;
    store->terms[number] = (struct gb_order_terms){
        .reserve = order->reserve.ticks,
        .owner = order->owner,
        .beta_millionths = 0xfffff & (unsigned)(order->beta_millionths == GB_BETA_OF_MARKET
                                                    ? beta_millionths
                                                    : order->beta_millionths),
        .source = order->source & 7u,
        .side = order->side & 1u,
    };
    store->n++;
    return GB_OK;
}

/* What is left of an order, in Wh, and where it is quoted now. */
static inline void gb_order_store_set_left(struct gb_order_store *store, uint32_t order, int64_t wh)
{
    store->left[order].wh = wh;
}

static inline void gb_order_store_set_quote(struct gb_order_store *store, uint32_t order,
                                            struct gb_price quote)
{
    store->quote[order] = quote;
}

#endif
