/* What the community makes and uses, trades, draws and feeds in, over the run or a part of it. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/figure_slots_priv.h"

#define HATCH_MM 1.3 /* between lines that tell local trade apart */

/* In kW: what was used, with what went into storage; what of that came from users' own generation
 * and storage, and was neither traded nor drawn from the grid. */
struct powers {
    double generation, use, own, traded, import, export, sold;
};

static struct powers powers_of(const struct gb_slots *slots, size_t i)
{
    const struct gb_slot_row *slot = &slots->rows[i];
    int64_t sold = slots->of_homes ? slots->of_homes[i].sold_wh : 0;
    double kw = slots->kw_per_wh;
    int64_t use = slot->load_wh + slot->charge_wh;
    int64_t own = use - slot->import_wh - slot->traded_wh;

    return (struct powers){kw * (double)slot->generation_wh,
                           kw * (double)use,
                           kw * (double)(own > 0 ? own : 0),
                           kw * (double)slot->traded_wh,
                           kw * (double)slot->import_wh,
                           kw * (double)slot->export_wh,
                           kw * (double)sold};
}

/* Every slot as two rows, its start and its end: a course of steps. */
static void write_slots(const struct gb_slots *slots, FILE *data)
{
    for (size_t i = 0; i < 2 * slots->n; i++) {
        struct powers p = powers_of(slots, i / 2);

        fprintf(data, "%.12g %.12g %.12g %.12g %.12g %.12g %.12g",
                gb_hours(slots->rows[i / 2].time_ns + (i % 2 ? slots->slot_ns : 0)), p.generation,
                p.use, p.own, p.traded, p.import, p.export);
        if (slots->of_homes)
            fprintf(data, " %.12g", p.sold);
        fputc('\n', data);
    }
}

/* The axis of power holds 0, the export below it, and above it whatever is largest. */
static void write_power_axis(const struct gb_slots *slots, FILE *settings)
{
    double low = 0.0, high = 0.0;
    struct gb_axis axis;

    for (size_t i = 0; i < slots->n; i++) {
        struct powers p = powers_of(slots, i);

        low = fmin(low, -p.export - p.sold);
        high = fmax(high, fmax(p.generation, p.use));
        high = fmax(high, p.own + p.traded + p.import);
    }
    axis = gb_axis_of(low, fmax(high, low + 1e-3), 7.0);
    if (low > axis.low + 0.5 * axis.step) /* a little export needs no whole step */
        axis.low += 0.5 * axis.step;
    gb_axis_write(&axis, "y", settings);
}

static bool has_storage(const struct gb_slots *slots)
{
    for (size_t i = 0; i < slots->n; i++)
        if (slots->rows[i].charge_wh > 0 || slots->rows[i].discharge_wh > 0)
            return true;
    return false;
}

static void describe(const struct gb_slots *slots, const struct gb_figure_request *request,
                     FILE *caption)
{
    fputs("Mean power over ", caption);
    gb_slots_describe(slots, request, caption);
    fprintf(caption, "; own use, %s are stacked and make up the load",
            slots->of_homes ? "what they bought in trades and took, and what they drew from the "
                              "grid"
                            : "local trade as contracted and import");
    fputs(has_storage(slots) ? " and what charges storage; own use holds what storage gave." : ".",
          caption);
}

enum gb_status gb_figure_balance(const struct gb_figure_request *request,
                                 struct gb_figure_page *page, struct gb_error *err)
{
    struct gb_slots slots;
    enum gb_status status = gb_slots_load_of_homes(&slots, request, err);

    if (status != GB_OK)
        return status;
    gb_page_set_width(page, request, GB_PAGE_MM);
    gb_time_axis_write(&slots.window, page);
    write_power_axis(&slots, page->settings);
    fprintf(page->settings, "is_of_homes = %d\n", slots.of_homes != NULL);
    fprintf(page->settings, "has_storage = %d\nslot_hours = %.12g\nhatch_every = %d\n",
            has_storage(&slots), gb_hours(slots.slot_ns),
            (int)ceil(HATCH_MM * (double)slots.n / page->width_mm));
    gb_slots_write_head(&slots, request, page->data);
    fprintf(page->data,
            "# Columns: start and end of the slot; generation; load and charging; of that own use "
            "(with\n# storage); %s.\n"
            "# Units: hours since the start of the run, kW (mean power over the slot).\n",
            slots.of_homes ? "bought in trades; drawn from the grid; fed into the grid; fed in for "
                             "trades"
                           : "traded locally, as contracted; import; export");
    write_slots(&slots, page->data);
    describe(&slots, request, page->caption);
    gb_slots_clear(&slots);
    return GB_OK;
}
