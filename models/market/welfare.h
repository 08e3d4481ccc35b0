/* The most surplus that a set of orders could give: the bound of allocative efficiency. */
#ifndef MODELS_MARKET_WELFARE_H
#define MODELS_MARKET_WELFARE_H

#include <stddef.h>
#include <stdint.h>

#include "base/quantity.h"
#include "models/market/order.h"

/* Sum over the best allocation of q (v - c), v and c being buyers' and sellers' reserves:
 * dearest buyers meet cheapest sellers as long as that gains. Sources do not bind it, so it
 * bounds every book.
 * withdrawn  per order: not 0 where it does not count; NULL: all count
 * returns    money units (Wh times tick) */
struct gb_money gb_market_max_surplus(const struct gb_order *orders, const uint8_t *withdrawn,
                                      size_t n);

#endif
