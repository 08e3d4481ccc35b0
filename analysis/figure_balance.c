#include "analysis/figures_priv.h"

#include <inttypes.h>
#include <stdlib.h>

#include "analysis/schema.h"

#define FEWEST_SLOTS 4                  /* fewer are no course of anything */

/* Every slot as two rows, its start and its end: a course of steps. */
static void write_slots(const struct gb_slot_row *slots, size_t n, double hours, FILE *data)
{
    for (size_t i = 0; i < 2 * n; i++) {
        const struct gb_slot_row *slot = &slots[i / 2];
        double at = (double)slot->time_ns / 3.6e12 + (i % 2 ? hours : 0.0);
        double kw = 1e-3 / hours;       /* of a Wh a slot */

        fprintf(data, "%.12g %.12g %.12g %.12g %.12g %.12g\n", at, kw * (double)slot->generation_wh,
                kw * (double)slot->load_wh, kw * (double)slot->traded_wh,
                kw * (double)slot->import_wh, kw * (double)slot->export_wh);
    }
}

enum gb_status gb_figure_balance(const struct gb_figure_request *request, FILE *settings,
                                 FILE *data, struct gb_error *err)
{
    const struct gb_summary_row *summary = gb_results_trial(request->results, request->trial);
    double hours = summary ? (double)summary->slot_ns / 3.6e12 : 0.0;
    struct gb_slot_row *slots;
    void *rows = NULL;
    size_t n = 0;
    char caption[96];
    enum gb_status status;

    if (!summary)
        return gb_fail(err, GB_EREFUSED, "there is no trial %" PRIu64, request->trial);
    if (!gb_results_has(request->results, GB_TABLE_SLOTS))
        return gb_fail(err, GB_EREFUSED, "the result holds no slots (output.level: summary)");
    status = gb_results_rows(request->results, GB_TABLE_SLOTS, request->trial, &rows, &n, err);
    slots = rows;
    if (status == GB_OK && n < FEWEST_SLOTS)
        status =
            gb_fail(err, GB_EREFUSED, "%zu slot%s no course of a day", n, n == 1 ? " is" : "s are");
    if (status == GB_OK) {
        fprintf(settings, "hours = %.12g\n", (double)n * hours);
        snprintf(caption, sizeof caption, "trial %" PRIu64 ", means over slots of %g min",
                 request->trial, hours * 60.0);
        gb_figure_set_text(settings, "caption", caption);
        fprintf(data,
                "# Source: /slots of the result, trial %" PRIu64 ".\n"
                "# Columns: start and end of the slot; generation, load, traded locally, import, "
                "export.\n"
                "# Units: hours since the start of the run, kW (mean power over the slot).\n",
                request->trial);
        write_slots(slots, n, hours, data);
    }
    free(rows);
    return status;
}
