/* The calendar of a run: registration, and for each interval k its opening, its gate, its start,
 * its end and its deadline. One event a phase, sweeping all meters; each opening files the next. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/run/microgrid_priv.h"

bool gb_grid_push(struct microgrid *grid, int64_t time_ns, unsigned priority,
                  gb_event_action *action, int64_t a, int64_t b)
{
    struct gb_event event = {.time_ns = time_ns, .action = action, .subject = grid,
                             .a = (uint64_t)a, .b = (uint64_t)b, .priority = priority};

    if (!gb_queue_push(grid->queue, &event)) {
        gb_fail(&grid->error, GB_ENOMEM, "no memory for an event");
        return false;
    }
    return true;
}

/* ---- live intervals */

struct live_interval *gb_grid_live(const struct microgrid *grid, int64_t interval)
{
    for (size_t i = 0; i < grid->n_live; i++)
        if (grid->live[i]->is_used && grid->live[i]->interval == interval)
            return grid->live[i];
    return NULL;
}

static void free_arrays(struct live_interval *live)
{
    void *const arrays[] = {live->first_order, live->orders, live->details, live->baseline_wh,
                            live->net_wh, live->traded_wh, live->cash, live->flags, live->fresh, live->trade_flags,
                            live->trade_gains, live->trade_details, live->meter_rows};

    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        free(arrays[i]);
    gb_slot_energy_free(live->planned);
}

void gb_grid_free_live(struct microgrid *grid)
{
    for (size_t i = 0; i < grid->n_live; i++) {
        free_arrays(grid->live[i]);
        free(grid->live[i]);
    }
    free(grid->live);
}

struct live_interval *gb_grid_oldest(const struct microgrid *grid)
{
    struct live_interval *oldest = NULL;

    for (size_t i = 0; i < grid->n_live; i++)
        if (grid->live[i]->is_used && (!oldest || grid->live[i]->interval < oldest->interval))
            oldest = grid->live[i];
    return oldest;
}

void gb_grid_retire(struct live_interval *live)
{
    free_arrays(live);
    *live = (struct live_interval){.is_used = false};   /* serves the next interval that opens */
}

static struct live_interval *unused_live(struct microgrid *grid)
{
    for (size_t i = 0; i < grid->n_live; i++)
        if (!grid->live[i]->is_used)
            return grid->live[i];
    if (grid->n_live == grid->live_room) {
        size_t room = grid->live_room ? 2 * grid->live_room : 8;
        struct live_interval **grown = realloc(grid->live, room * sizeof *grown);
        if (!grown)
            return NULL;
        grid->live = grown;
        grid->live_room = room;
    }
    struct live_interval *live = calloc(1, sizeof *live);
    if (live)
        grid->live[grid->n_live++] = live;
    return live;
}

static struct live_interval *begin_live(struct microgrid *grid, int64_t interval)
{
    struct live_interval *live = unused_live(grid);

    if (!live) {
        gb_fail(&grid->error, GB_ENOMEM, "no memory for interval %lld", (long long)interval);
        return NULL;
    }
    *live = (struct live_interval){
        .interval = interval, .is_used = true, .status = INTERVAL_PENDING,
        .row = {.interval = interval, .time_ns = interval_start_ns(grid, interval)}};
    return live;
}

/* ---- energies that do not depend on the market */

void gb_grid_declared_energy(const struct microgrid *grid, int64_t interval,
                             struct gb_slot_energy *out)
{
    const struct gb_scenario *scenario = grid->scenario;
    int64_t *const arrays[] = {out->net_wh, out->load_wh, out->solar_wh,
                               out->wind_wh, out->charge_wh, out->discharge_wh};

    for (size_t a = 0; a < sizeof arrays / sizeof arrays[0]; a++)
        memset(arrays[a], 0, grid->n * sizeof *arrays[a]);
    out->interval = interval;
    for (size_t e = 0; e < scenario->n_entries; e++) {
        const struct gb_order_entry *entry = &scenario->entries[e];
        uint32_t meter = entry->order.owner;
        int64_t wh = entry->order.quantity.wh;

        if (entry->interval != interval)
            continue;
        out->net_wh[meter] += entry->order.side == GB_BUY ? wh : -wh;
        if (entry->order.side == GB_BUY)
            out->load_wh[meter] += wh;
        else if (entry->order.source == GB_SOURCE_WIND)
            out->wind_wh[meter] += wh;
        else if (entry->order.source == GB_SOURCE_STORAGE)
            out->discharge_wh[meter] += wh;
        else
            out->solar_wh[meter] += wh;
    }
}

/* The true energies under a perfect forecast. Nothing the market does reaches the meters that show
 * them, so they may be known when the interval opens. */
static void plan_truth(struct microgrid *grid, struct live_interval *live)
{
    struct gb_meters *meters = grid->oracle_is_baseline ? grid->baseline : grid->oracle;
    struct gb_slot_power power;

    if (gb_slot_energy_create(&live->planned, grid->n, &grid->error) == GB_OK &&
        grid->provider->slot(grid->physics, live->interval, &power, &grid->error) == GB_OK)
        gb_meters_advance(meters, &power, live->planned);
}

/* ---- phases */

static void on_gate(const struct gb_event *event)
{
    struct microgrid *grid = event->subject;

    if (!gb_grid_has_failed(grid))
        gb_grid_close(grid, gb_grid_live(grid, (int64_t)event->a));
}

static void on_start(const struct gb_event *event)
{
    struct microgrid *grid = event->subject;
    const struct gb_run_options *options = grid->options;

    if (gb_grid_has_failed(grid))
        return;
    if (options->progress &&
        options->progress(options->progress_context, (int64_t)event->a, grid->n_slots)) {
        gb_fail(&grid->error, GB_EINTERRUPTED, "interrupted at slot %lld of %lld",
                (long long)event->a, (long long)grid->n_slots);
        return;
    }
    gb_grid_open(grid, gb_grid_live(grid, (int64_t)event->a));
}

static void on_end(const struct gb_event *event)
{
    struct microgrid *grid = event->subject;

    if (!gb_grid_has_failed(grid))
        gb_grid_deliver(grid, gb_grid_live(grid, (int64_t)event->a));
}

static void on_finalize(const struct gb_event *event)
{
    struct microgrid *grid = event->subject;

    if (!gb_grid_has_failed(grid))
        gb_grid_finalize(grid, (int64_t)event->a);
}

static void on_opening(const struct gb_event *event)
{
    struct microgrid *grid = event->subject;
    int64_t k = (int64_t)event->a;
    int64_t end_ns = interval_start_ns(grid, k + 1);

    if (gb_grid_has_failed(grid))
        return;
    struct live_interval *live = begin_live(grid, k);
    if (!live)
        return;
    if (grid->physics && grid->scenario->physics.forecast == GB_FORECAST_PERFECT)
        plan_truth(grid, live);
    gb_grid_push(grid, gate_ns(grid, k), GB_PRIORITY_GATE, on_gate, k, 0);
    gb_grid_push(grid, interval_start_ns(grid, k), PHASE_START, on_start, k, 0);
    gb_grid_push(grid, end_ns, PHASE_END, on_end, k, 0);
    gb_grid_push(grid, end_ns + grid->scenario->deadline_ns, PHASE_FINALIZE, on_finalize, k, 0);
    if (k + 1 < grid->n_slots)
        gb_grid_push(grid, opening_ns(grid, k + 1), PHASE_OPENING, on_opening, k + 1, 0);
    if (gb_grid_has_failed(grid))
        return;
    if (gb_mechanisms[grid->scenario->market.mechanism]->has_no_market)
        return;
    if (grid->scenario->n_entries > 0)
        gb_grid_send_entries(grid, live);
    else
        gb_grid_quote(grid, live, event->time_ns);
}

static void on_clock_start(const struct gb_event *event)
{
    gb_grid_register(event->subject);
}

void gb_grid_schedule(struct microgrid *grid)
{
    gb_grid_push(grid, opening_ns(grid, 0) - GB_LEAD_OF_CLOCK_NS, GB_PRIORITY_SLOT,
                 on_clock_start, 0, 0);
    gb_grid_push(grid, opening_ns(grid, 0), PHASE_OPENING, on_opening, 0, 0);
}
