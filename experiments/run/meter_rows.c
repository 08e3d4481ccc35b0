/* What /meters shows: a row a meter, filled when the slot is metered and finished when its account
 * closes. Kept at output.level meters alone. */
#include <math.h>
#include <stdlib.h>

#include "experiments/run/run_priv.h"

/* Storage of the slot that has just been metered, in whole Wh. The baseline of a greedy fleet is
 * the fleet itself, and may have been run ahead. */
static void show_storage(const struct gb_run *run, struct gb_meter_row *rows)
{
    const struct gb_batteries *batteries = &run->fleet->batteries;
    const double *stored = gb_meters_charge_wh(run->meters);
    const double *baseline =
        run->foresight_is_baseline ? stored : gb_meters_charge_wh(run->baseline);

    for (size_t b = 0; b < batteries->n; b++) {
        rows[batteries->meter[b]].stored_wh = llround(stored[b]);
        rows[batteries->meter[b]].baseline_stored_wh = llround(baseline[b]);
    }
}

void gb_run_begin_meter_rows(struct gb_run *run, struct live_interval *live,
                             const struct gb_slot_energy *energy)
{
    struct gb_meter_row *rows;

    if (run->scenario->output_level < GB_OUTPUT_METERS)
        return;
    rows = live->meter_rows = calloc(run->n, sizeof *rows);
    if (!rows) {
        gb_fail(&run->error, GB_ENOMEM, "no memory for the rows of %zu meters", run->n);
        return;
    }
    for (size_t i = 0; i < run->n; i++)
        rows[i] = (struct gb_meter_row){.interval = live->interval,
                                        .meter = (uint32_t)i,
                                        .metered_wh = energy->net_wh[i],
                                        .baseline_wh = live->baseline_wh[i],
                                        .load_wh = energy->load_wh[i],
                                        .solar_wh = energy->solar_wh[i],
                                        .wind_wh = energy->wind_wh[i],
                                        .charge_wh = energy->charge_wh[i],
                                        .discharge_wh = energy->discharge_wh[i]};
    if (run->meters)
        show_storage(run, rows);
}

void gb_run_append_meter_rows(struct gb_run *run, struct live_interval *live)
{
    for (size_t i = 0; live->meter_rows && i < run->n; i++) {
        struct gb_meter_row *row = &live->meter_rows[i];

        row->is_read = (live->flags[i] & METER_IS_UNREAD) == 0;
        row->traded_wh = live->traded_wh[i];
        row->cost = live->cash[i];
        gb_record_append(run->record, GB_TABLE_METERS, row, &run->error);
    }
}
