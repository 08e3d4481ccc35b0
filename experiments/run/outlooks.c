#include "experiments/run/outlooks.h"

#include <stdlib.h>

static bool reads_prices(const struct gb_fleet *fleet)
{
    bool any = false;

    for (size_t i = 0; i < fleet->evs.n; i++)
        any |= gb_fleet_kind(fleet, fleet->evs.meter[i])->ev.controller != GB_FLEXIBLE_AT_ONCE;
    for (size_t i = 0; i < fleet->heat_pumps.n; i++)
        any |= gb_fleet_kind(fleet, fleet->heat_pumps.meter[i])->heat_pump.controller !=
               GB_FLEXIBLE_AT_ONCE;
    return any;
}

enum gb_status gb_run_outlooks_init(struct gb_run_outlooks *outlooks,
                                    const struct gb_run_environment *env,
                                    const struct gb_fleet *fleet, struct gb_error *err)
{
    *outlooks = (struct gb_run_outlooks){
        .env = env, .fleet = fleet, .is_asked = reads_prices(fleet), .n_nodes = 1, .n_tariffs = 1};
    if (!outlooks->is_asked)
        return GB_OK;
    outlooks->n_ahead = gb_flexible_n_ahead(env->slot_ns);
    outlooks->n_tariffs = env->scenario->tariffs ? env->scenario->tariffs->n_kinds : 1;
    outlooks->outlook_of = calloc(env->n, sizeof *outlooks->outlook_of);
    outlooks->contracted_wh = calloc(env->n, sizeof *outlooks->contracted_wh);
    return outlooks->outlook_of && outlooks->contracted_wh
               ? GB_OK
               : gb_fail(err, GB_ENOMEM, "no memory for what %zu meters expect", env->n);
}

void gb_run_outlooks_clear(struct gb_run_outlooks *outlooks)
{
    free(outlooks->ticks);
    free(outlooks->outlooks);
    free(outlooks->outlook_of);
    free(outlooks->contracted_wh);
    *outlooks = (struct gb_run_outlooks){.env = NULL};
}

enum gb_status gb_run_outlooks_listen(struct gb_run_outlooks *outlooks,
                                      const struct gb_run_gateway *gateway,
                                      const struct gb_run_contracted *contracted,
                                      const struct gb_run_expected_prices *prices,
                                      struct gb_error *err)
{
    size_t n;

    outlooks->gateway = gateway;
    outlooks->contracted = contracted;
    outlooks->prices = prices;
    if (!outlooks->is_asked)
        return GB_OK;
    outlooks->n_nodes = gb_run_gateway_n_nodes(gateway);
    n = outlooks->n_nodes * outlooks->n_tariffs;
    outlooks->ticks = calloc(n * outlooks->n_ahead, sizeof *outlooks->ticks);
    outlooks->outlooks = calloc(n, sizeof *outlooks->outlooks);
    if (!outlooks->ticks || !outlooks->outlooks)
        return gb_fail(err, GB_ENOMEM, "no memory for the prices of %zu slots at %zu nodes",
                       outlooks->n_ahead, outlooks->n_nodes);
    for (uint32_t meter = 0; meter < outlooks->env->n; meter++)
        outlooks->outlook_of[meter] =
            (uint32_t)(gb_run_gateway_entry_node(gateway, meter) * outlooks->n_tariffs +
                       gb_run_tariff_kind(outlooks->env, meter));
    return GB_OK;
}

static struct gb_price_expectation tariff_of(const struct gb_run_outlooks *outlooks, size_t kind,
                                             int64_t interval)
{
    const struct gb_scenario *scenario = outlooks->env->scenario;
    const struct gb_tariff *own = scenario->tariffs
                                      ? gb_tariffs_at(scenario->tariffs, kind, interval)
                                      : &scenario->market.tariff;

    return (struct gb_price_expectation){own->retail, own->feed_in};
}

/* What users of a node and kind of tariff expect of a slot that is still traded, or will be. */
static struct gb_price_expectation market_of(const struct gb_run_outlooks *outlooks, size_t node,
                                             size_t kind, int64_t interval)
{
    struct gb_run_heard_price heard = gb_run_hear_price(outlooks->prices, interval, (uint32_t)node);

    return heard.has_trades ? heard.mean : tariff_of(outlooks, kind, interval);
}

/* hears  of trades, in slots from `traded_from` on */
static void look(struct gb_run_outlooks *outlooks, int64_t interval, bool hears,
                 int64_t traded_from)
{
    for (size_t node = 0; node < outlooks->n_nodes; node++)
        for (size_t kind = 0; kind < outlooks->n_tariffs; kind++) {
            size_t at = node * outlooks->n_tariffs + kind;
            int64_t *ticks = outlooks->ticks + at * outlooks->n_ahead;
            struct gb_price_expectation first = {{0}, {0}};

            for (size_t later = 0; later < outlooks->n_ahead; later++) {
                int64_t slot = interval + (int64_t)later;
                struct gb_price_expectation price = hears && slot >= traded_from
                                                        ? market_of(outlooks, node, kind, slot)
                                                        : tariff_of(outlooks, kind, slot);
                first = later == 0 ? price : first;
                ticks[later] = price.buy.ticks;
            }
            outlooks->outlooks[at] =
                (struct gb_outlook){outlooks->n_ahead, ticks, first.sell.ticks};
        }
}

/* Of n owners. */
static void read_contracts(struct gb_run_outlooks *outlooks, size_t place, const uint32_t *owners,
                           size_t n)
{
    for (size_t i = 0; i < n; i++)
        outlooks->contracted_wh[owners[i]] =
            place == GB_NO_PLACE ? 0 : gb_run_contracted_wh(outlooks->contracted, place, owners[i]);
}

struct gb_flexible_signals gb_run_outlooks_of(struct gb_run_outlooks *outlooks, size_t place,
                                              int64_t interval)
{
    const struct gb_run_environment *env = outlooks->env;
    const struct gb_fleet *fleet = outlooks->fleet;
    int64_t now_ns = gb_run_now_ns(env);
    bool is_bid_for = now_ns < gb_run_gate_ns(env, interval);

    if (!outlooks->is_asked)
        return (struct gb_flexible_signals){NULL, NULL, NULL};
    look(outlooks, interval, true, is_bid_for ? interval : interval + 1);
    read_contracts(outlooks, place, fleet->evs.meter, fleet->evs.n);
    read_contracts(outlooks, place, fleet->heat_pumps.meter, fleet->heat_pumps.n);
    return (struct gb_flexible_signals){outlooks->contracted_wh, outlooks->outlooks,
                                        outlooks->outlook_of};
}

struct gb_flexible_signals gb_run_outlooks_of_grid(struct gb_run_outlooks *outlooks,
                                                   int64_t interval)
{
    if (!outlooks->is_asked)
        return (struct gb_flexible_signals){NULL, NULL, NULL};
    look(outlooks, interval, false, interval);
    return (struct gb_flexible_signals){NULL, outlooks->outlooks, outlooks->outlook_of};
}
