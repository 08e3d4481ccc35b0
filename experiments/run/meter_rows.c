#include "experiments/run/meter_rows.h"

#include <math.h>
#include <stdlib.h>

void gb_run_meter_rows_init(struct gb_run_meter_rows *rows, const struct gb_run_environment *env,
                            const struct gb_run_assets *assets)
{
    *rows = (struct gb_run_meter_rows){.env = env, .assets = assets};
}

void gb_run_meter_rows_clear(struct gb_run_meter_rows *rows)
{
    for (size_t place = 0; place < rows->n_places; place++)
        free(rows->at[place]);
    free(rows->at);
    rows->at = NULL;
    rows->n_places = 0;
}

void gb_run_meter_rows_open(struct gb_run_meter_rows *rows, size_t place)
{
    gb_run_reach_place((void **)&rows->at, &rows->n_places, place, sizeof *rows->at,
                       rows->env->error);
}

void gb_run_meter_rows_retire(struct gb_run_meter_rows *rows, size_t place)
{
    free(rows->at[place]);
    rows->at[place] = NULL;
}

bool gb_run_meter_rows_reserve(struct gb_run_meter_rows *rows, size_t place)
{
    size_t n = rows->env->n;

    if (rows->env->scenario->output_level < GB_OUTPUT_METERS)
        return true;
    rows->at[place] = malloc(n * sizeof *rows->at[place]);
    if (!rows->at[place])
        gb_fail(rows->env->error, GB_ENOMEM, "no memory for the rows of %zu meters", n);
    return rows->at[place] != NULL;
}

/* Storage of the slot that has just been metered, in whole Wh, behind the meters of a part. */
static void show_storage(const struct gb_run_assets *assets, struct gb_range part,
                         struct gb_meter_row *of)
{
    const uint32_t *meters = gb_run_assets_battery_meters(assets);
    const double *stored = gb_run_assets_stored_wh(assets);
    const double *baseline = gb_run_assets_baseline_stored_wh(assets);
    struct gb_range batteries = gb_owners_of(meters, gb_run_assets_n_batteries(assets), part);

    for (size_t b = batteries.first; b < batteries.first + batteries.n; b++) {
        of[meters[b]].stored_wh = llround(stored[b]);
        of[meters[b]].baseline_stored_wh = llround(baseline[b]);
    }
}

void gb_run_meter_rows_deliver(const struct gb_run_meter_rows *rows, size_t place,
                               struct gb_range part, const struct gb_slot_energy *energy,
                               const int64_t *baseline_wh)
{
    struct gb_meter_row *of = rows->at[place];

    for (size_t j = 0; of && j < part.n; j++) {
        size_t i = part.first + j;
        const struct gb_tariff *tariff = gb_run_tariff(rows->env, i, energy->interval);

        of[i] = (struct gb_meter_row){.interval = energy->interval - rows->env->first_slot,
                                      .meter = (uint32_t)i,
                                      .metered_wh = energy->net_wh[j],
                                      .baseline_wh = baseline_wh[j],
                                      .load_wh = energy->load_wh[j],
                                      .ev_wh = energy->ev_wh[j],
                                      .ev_unserved_wh = energy->ev_unserved_wh[j],
                                      .heat_pump_wh = energy->heat_pump_wh[j],
                                      .heat_wh = energy->heat_wh[j],
                                      .heat_unserved_wh = energy->heat_unserved_wh[j],
                                      .solar_wh = energy->solar_wh[j],
                                      .wind_wh = energy->wind_wh[j],
                                      .curtailed_wh = energy->curtailed_wh[j],
                                      .charge_wh = energy->charge_wh[j],
                                      .discharge_wh = energy->discharge_wh[j],
                                      .retail = tariff->retail.ticks,
                                      .feed_in = tariff->feed_in.ticks};
    }
    if (of)
        show_storage(rows->assets, part, of);
}

void gb_run_meter_rows_gap(struct gb_run_meter_rows *rows, size_t place, uint32_t meter, int64_t wh,
                           int64_t cost)
{
    if (!rows->at[place])
        return;
    rows->at[place][meter].gap_wh = wh;
    rows->at[place][meter].gap_cost = cost;
}

void gb_run_meter_rows_show(struct gb_run_meter_rows *rows, size_t place, uint32_t meter,
                            bool is_read, int64_t traded_wh, int64_t cost,
                            const struct gb_row_sink *sink)
{
    if (!rows->at[place])
        return;
    struct gb_meter_row *row = &rows->at[place][meter];
    row->is_read = is_read;
    row->traded_wh = traded_wh;
    row->cost = cost;
    gb_row_sink_append(sink, GB_TABLE_METERS, row, rows->env->error);
}
