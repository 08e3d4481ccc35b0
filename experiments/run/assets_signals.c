/* What controllers of storage and flexible demand are told of an interval: what their meter has
 * contracted, what its energy is expected to cost. */
#include "experiments/run/assets_priv.h"

#include <stdlib.h>

bool gb_run_assets_expect_prices(struct gb_run_assets *assets, size_t place, int64_t interval)
{
    uint32_t n_nodes = gb_run_gateway_n_nodes(assets->gateway);
    struct gb_run_heard_price *of;

    if (!gb_run_reach_place((void **)&assets->price_at, &assets->n_price_places, place,
                            sizeof *assets->price_at, assets->env->error))
        return false;
    if (!assets->price_at[place])
        assets->price_at[place] = calloc(n_nodes, sizeof *of);
    of = assets->price_at[place];
    if (!of) {
        gb_fail(assets->env->error, GB_ENOMEM, "no memory for the prices of %u nodes",
                (unsigned)n_nodes);
        return false;
    }
    for (uint32_t node = 0; node < n_nodes; node++)
        of[node] = gb_run_hear_price(assets->prices, interval, node);
    return true;
}

struct gb_storage_signals gb_run_assets_signals(struct gb_run_assets *assets, size_t place,
                                                int64_t interval, size_t first, size_t n)
{
    const uint32_t *meters = assets->fleet->batteries.meter;
    struct gb_storage_signals signals = {
        .flexible = gb_run_outlooks_of(&assets->outlooks, place, interval)};

    if (place == GB_NO_PLACE)
        return signals;
    for (size_t b = first; assets->reads_contracts && b < first + n; b++)
        assets->contracted_wh[b] = gb_run_contracted_wh(assets->contracted, place, meters[b]);
    for (size_t b = first; assets->reads_prices && b < first + n; b++) {
        uint32_t node = gb_run_gateway_entry_node(assets->gateway, meters[b]);

        assets->price[b] =
            gb_run_expected_price(assets->env, &assets->price_at[place][node], meters[b]);
    }
    if (assets->reads_contracts)
        signals.contracted_wh = assets->contracted_wh;
    if (assets->reads_prices)
        signals.price = assets->price;
    return signals;
}

struct gb_storage_signals gb_run_assets_baseline_signals(struct gb_run_assets *assets,
                                                         int64_t interval)
{
    struct gb_storage_signals signals = {.flexible =
                                             gb_run_outlooks_of_grid(&assets->outlooks, interval)};

    if (!assets->baseline_reads_prices)
        return signals;
    for (size_t b = 0; b < assets->fleet->batteries.n; b++)
        assets->price[b] =
            gb_run_tariff_expectation(assets->env, assets->fleet->batteries.meter[b], interval);
    signals.price = assets->price;
    return signals;
}

struct gb_storage_signals gb_run_assets_slot_signals(struct gb_run_assets *assets, int64_t interval,
                                                     size_t first, size_t n)
{
    if (!assets->reads_contracts && !assets->reads_prices && !assets->outlooks.is_asked)
        return (struct gb_storage_signals){.price = NULL};
    return gb_run_assets_signals(assets, gb_run_intervals_find(assets->intervals, interval),
                                 interval, first, n);
}
