/* What is known of each meter in one interval: its standing orders, its reading, its trades and
 * whether it has its bill. */
#ifndef CHAIN_CONTRACTS_INTERVAL_METERS_PRIV_H
#define CHAIN_CONTRACTS_INTERVAL_METERS_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/market/order.h"
#include "models/market/trade.h"

#define GB_NO_ORDER UINT32_MAX

/* A meter in an interval. */
struct gb_meter_interval {
    int64_t order_wh;   /* standing orders: bought positive, sold negative */
    int64_t metered_wh; /* net of its reading; import positive */
    union {
        uint32_t latest_order; /* before the match: head of the chain of its orders, or
                                * GB_NO_ORDER */
        uint32_t first_trade;  /* from the match on: where its part of the trade lists begins;
                                * it ends where the next meter's begins */
    };
    uint32_t n_pending : 30; /* trades neither settled nor void */
    uint32_t has_reading : 1, is_billed : 1;
};

/* One a meter and one behind them; NULL without memory. */
struct gb_meter_interval *gb_interval_meters_create(size_t n_meters);

/* Energy of an order, bought positive, sold negative. */
static inline int64_t gb_interval_meters_order_wh(const struct gb_order *order)
{
    return order->side == GB_BUY ? order->quantity.wh : -order->quantity.wh;
}
static inline void gb_interval_meters_add_order(struct gb_meter_interval *meters,
                                                const struct gb_order *order, uint32_t number)
{
    meters[order->owner].latest_order = number;
    meters[order->owner].order_wh += gb_interval_meters_order_wh(order);
}
static inline void gb_interval_meters_withdraw_order(struct gb_meter_interval *meters,
                                                     const struct gb_order *order)
{
    meters[order->owner].order_wh -= gb_interval_meters_order_wh(order);
}
/* An order grew by so much, or shrank. */
static inline void gb_interval_meters_change_order(struct gb_meter_interval *meters,
                                                   const struct gb_order *order, int64_t wh)
{
    meters[order->owner].order_wh += order->side == GB_BUY ? wh : -wh;
}
/* Counts anew what stands of each meter. */
void gb_interval_meters_recount_orders(struct gb_meter_interval *meters, size_t n_meters,
                                       const struct gb_order *orders, const uint8_t *withdrawn,
                                       size_t n_orders);

/* Lists each meter's trades, ascending: from here on a meter leads to trades, no more to orders.
 * lists  out: 2 n_trades indices of trades, meter by meter */
void gb_interval_meters_list_trades(struct gb_meter_interval *meters, size_t n_meters,
                                    const struct gb_trade *trades, size_t n_trades,
                                    uint32_t *lists);
/* A trade between two meters is settled or void. */
static inline void gb_interval_meters_end_trade(struct gb_meter_interval *meters,
                                                const struct gb_trade *trade)
{
    meters[trade->seller].n_pending--;
    meters[trade->buyer].n_pending--;
}
static inline void gb_interval_meters_set_reading(struct gb_meter_interval *meters, uint32_t meter,
                                                  int64_t metered_wh)
{
    meters[meter].has_reading = true;
    meters[meter].metered_wh = metered_wh;
}
static inline void gb_interval_meters_set_billed(struct gb_meter_interval *meters, uint32_t meter)
{
    meters[meter].is_billed = true;
}

#endif
