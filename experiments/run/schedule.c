/* The calendar of a run: registration, and for each interval k its opening, its gate, its start,
 * its end and its deadline. One event a phase, sweeping all meters; each opening files the next. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/run/run_priv.h"

bool gb_run_push(struct gb_run *run, int64_t time_ns, unsigned priority, gb_event_action *action,
                 int64_t a, int64_t b)
{
    struct gb_event event = {.time_ns = time_ns,
                             .action = action,
                             .subject = run,
                             .a = (uint64_t)a,
                             .b = (uint64_t)b,
                             .priority = priority};

    if (!gb_queue_push(run->queue, &event)) {
        gb_fail(&run->error, GB_ENOMEM, "no memory for an event");
        return false;
    }
    return true;
}

/* ---- live intervals */

struct live_interval *gb_run_live(const struct gb_run *run, int64_t interval)
{
    for (size_t i = 0; i < run->n_live; i++)
        if (run->live[i]->is_used && run->live[i]->interval == interval)
            return run->live[i];
    return NULL;
}

static void free_arrays(struct live_interval *live)
{
    void *const arrays[] = {live->first_order, live->orders,      live->details,
                            live->baseline_wh, live->net_wh,      live->traded_wh,
                            live->cash,        live->flags,       live->fresh,
                            live->trade_flags, live->trade_gains, live->trade_details,
                            live->meter_rows};

    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        free(arrays[i]);
    gb_slot_energy_free(live->planned);
}

void gb_run_free_live(struct gb_run *run)
{
    for (size_t i = 0; i < run->n_live; i++) {
        free_arrays(run->live[i]);
        free(run->live[i]);
    }
    free(run->live);
}

struct live_interval *gb_run_oldest(const struct gb_run *run)
{
    struct live_interval *oldest = NULL;

    for (size_t i = 0; i < run->n_live; i++)
        if (run->live[i]->is_used && (!oldest || run->live[i]->interval < oldest->interval))
            oldest = run->live[i];
    return oldest;
}

void gb_run_retire(struct live_interval *live)
{
    free_arrays(live);
    *live = (struct live_interval){.is_used = false}; /* serves the next interval that opens */
}

static struct live_interval *unused_live(struct gb_run *run)
{
    for (size_t i = 0; i < run->n_live; i++)
        if (!run->live[i]->is_used)
            return run->live[i];
    if (run->n_live == run->live_capacity) {
        size_t capacity = run->live_capacity ? 2 * run->live_capacity : 8;
        struct live_interval **grown = realloc(run->live, capacity * sizeof *grown);
        if (!grown)
            return NULL;
        run->live = grown;
        run->live_capacity = capacity;
    }
    struct live_interval *live = calloc(1, sizeof *live);
    if (live)
        run->live[run->n_live++] = live;
    return live;
}

static struct live_interval *begin_live(struct gb_run *run, int64_t interval)
{
    struct live_interval *live = unused_live(run);

    if (!live) {
        gb_fail(&run->error, GB_ENOMEM, "no memory for interval %lld", (long long)interval);
        return NULL;
    }
    *live = (struct live_interval){
        .interval = interval,
        .is_used = true,
        .status = INTERVAL_PENDING,
        .row = {.interval = interval, .time_ns = interval_start_ns(run, interval)}};
    return live;
}

/* ---- energies that do not depend on the market */

void gb_run_declared_energy(const struct gb_run *run, int64_t interval, struct gb_slot_energy *out)
{
    const struct gb_scenario *scenario = run->scenario;
    int64_t *const arrays[] = {out->net_wh,  out->load_wh,   out->solar_wh,
                               out->wind_wh, out->charge_wh, out->discharge_wh};

    for (size_t a = 0; a < sizeof arrays / sizeof arrays[0]; a++)
        memset(arrays[a], 0, run->n * sizeof *arrays[a]);
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
static void plan_truth(struct gb_run *run, struct live_interval *live)
{
    struct gb_meters *meters = run->foresight_is_baseline ? run->baseline : run->foresight;
    struct gb_slot_power power;

    if (gb_slot_energy_create(&live->planned, run->n, &run->error) == GB_OK &&
        run->provider->slot(run->physics, live->interval, &power, &run->error) == GB_OK)
        gb_meters_advance(meters, &power, live->planned);
}

/* ---- phases */

static void on_gate(const struct gb_event *event)
{
    struct gb_run *run = event->subject;

    if (!gb_run_has_failed(run))
        gb_run_close(run, gb_run_live(run, (int64_t)event->a));
}

void gb_run_show_progress(struct gb_run *run)
{
    const struct gb_run_options *options = run->options;

    if (options->progress &&
        options->progress(options->progress_context, run->n_begun, run->n_slots))
        gb_fail(&run->error, GB_EINTERRUPTED, "interrupted at slot %lld of %lld",
                (long long)run->n_begun, (long long)run->n_slots);
}

static void on_start(const struct gb_event *event)
{
    struct gb_run *run = event->subject;

    if (gb_run_has_failed(run))
        return;
    run->n_begun = (int64_t)event->a;
    gb_run_show_progress(run);
    if (!gb_run_has_failed(run))
        gb_run_open(run, gb_run_live(run, (int64_t)event->a));
}

static void on_end(const struct gb_event *event)
{
    struct gb_run *run = event->subject;

    if (!gb_run_has_failed(run))
        gb_run_deliver(run, gb_run_live(run, (int64_t)event->a));
}

static void on_finalize(const struct gb_event *event)
{
    struct gb_run *run = event->subject;

    if (gb_run_has_failed(run))
        return;
    gb_run_note_deadline(run, (int64_t)event->a);
    gb_run_finalize(run, (int64_t)event->a);
}

static void on_opening(const struct gb_event *event)
{
    struct gb_run *run = event->subject;
    int64_t k = (int64_t)event->a;
    int64_t end_ns = interval_start_ns(run, k + 1);

    if (gb_run_has_failed(run))
        return;
    struct live_interval *live = begin_live(run, k);
    if (!live)
        return;
    if (run->physics && run->scenario->physics.forecast.kind == GB_FORECAST_PERFECT)
        plan_truth(run, live);
    gb_run_push(run, gate_ns(run, k), GB_PRIORITY_GATE, on_gate, k, 0);
    gb_run_push(run, interval_start_ns(run, k), PHASE_START, on_start, k, 0);
    gb_run_push(run, end_ns, PHASE_END, on_end, k, 0);
    gb_run_push(run, end_ns + run->scenario->deadline_ns, PHASE_FINALIZE, on_finalize, k, 0);
    if (k + 1 < run->n_slots)
        gb_run_push(run, opening_ns(run, k + 1), PHASE_OPENING, on_opening, k + 1, 0);
    if (gb_run_has_failed(run))
        return;
    if (run->scenario->market.mechanism->has_no_market)
        return;
    if (run->scenario->n_entries > 0)
        gb_run_send_entries(run, live);
    else
        gb_run_quote(run, live, event->time_ns);
}

static void on_clock_start(const struct gb_event *event)
{
    gb_run_register(event->subject);
}

void gb_run_schedule(struct gb_run *run)
{
    gb_run_push(run, opening_ns(run, 0) - GB_CLOCK_LEAD_NS, GB_PRIORITY_SLOT, on_clock_start, 0, 0);
    gb_run_push(run, opening_ns(run, 0), PHASE_OPENING, on_opening, 0, 0);
}
