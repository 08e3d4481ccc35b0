#include "chain/contracts/interval_meters_priv.h"

#include "base/array.h"

struct gb_meter_interval *gb_interval_meters_create(size_t n_meters)
{
    struct gb_meter_interval *meters = gb_array_resize(NULL, n_meters + 1, sizeof *meters);

    for (size_t i = 0; meters && i <= n_meters; i++)
        meters[i] = (struct gb_meter_interval){.latest_order = GB_NO_ORDER};
    return meters;
}

void gb_interval_meters_recount_orders(struct gb_meter_interval *meters, size_t n_meters,
                                       const struct gb_order *orders, const uint8_t *withdrawn,
                                       size_t n_orders)
{
    for (size_t i = 0; i < n_meters; i++)
        meters[i].order_wh = 0;
    for (size_t i = 0; i < n_orders; i++)
        if (!withdrawn[i])
            meters[orders[i].owner].order_wh += gb_interval_meters_order_wh(&orders[i]);
}

void gb_interval_meters_list_trades(struct gb_meter_interval *meters, size_t n_meters,
                                    const struct gb_trade *trades, size_t n_trades, uint32_t *lists)
{
    uint32_t first = 0;

    for (size_t i = 0; i < n_trades; i++) {
        meters[trades[i].seller].n_pending++;
        meters[trades[i].buyer].n_pending++;
    }
    for (size_t i = 0; i < n_meters; i++) {
        meters[i].first_trade = first;
        first += meters[i].n_pending;
    }
    for (size_t i = 0; i < n_trades; i++) {
        lists[meters[trades[i].seller].first_trade++] = (uint32_t)i;
        lists[meters[trades[i].buyer].first_trade++] = (uint32_t)i;
    }
    /* each part has been filled up to where the next begins: back to where it began itself */
    for (size_t i = n_meters; i > 0; i--)
        meters[i].first_trade = meters[i - 1].first_trade;
    meters[0].first_trade = 0;
}
