/* What /meters shows: a row a meter, filled when the slot is metered and finished when its account
 * closes. Kept at output.level meters alone; below it nothing here has an effect. */
#ifndef EXPERIMENTS_RUN_METER_ROWS_H
#define EXPERIMENTS_RUN_METER_ROWS_H

#include "analysis/row_sink.h"
#include "experiments/run/assets.h"

struct gb_run_meter_rows { /* written by meter_rows.c alone */
    const struct gb_run_environment *env;
    const struct gb_run_assets *assets;
    struct gb_meter_row **at; /* per place and meter; NULL: none */
    size_t n_places;
};

/* Both are borrowed for life. */
void gb_run_meter_rows_init(struct gb_run_meter_rows *rows, const struct gb_run_environment *env,
                            const struct gb_run_assets *assets);
void gb_run_meter_rows_clear(struct gb_run_meter_rows *rows);
void gb_run_meter_rows_open(struct gb_run_meter_rows *rows, size_t place);
/* The slot is about to be metered. false after a failure */
bool gb_run_meter_rows_reserve(struct gb_run_meter_rows *rows, size_t place);
/* Meters of a part have just been, any part by any thread.
 * energy, baseline_wh  an element each of those meters */
void gb_run_meter_rows_deliver(const struct gb_run_meter_rows *rows, size_t place,
                               struct gb_range part, const struct gb_slot_energy *energy,
                               const int64_t *baseline_wh);
/* Of a gap in a meter's readings, what falls on this interval. */
void gb_run_meter_rows_gap(struct gb_run_meter_rows *rows, size_t place, uint32_t meter, int64_t wh,
                           int64_t cost);
/* The account is closed. is_read, traded_wh and cost are those of the meter. */
void gb_run_meter_rows_show(struct gb_run_meter_rows *rows, size_t place, uint32_t meter,
                            bool is_read, int64_t traded_wh, int64_t cost,
                            const struct gb_row_sink *sink);
void gb_run_meter_rows_retire(struct gb_run_meter_rows *rows, size_t place);

#endif
