/* State of charge of all the storage together, and what goes in and out of it. Where the result has
 * rows a meter and slot, the stored energy of the grid-only run stands beside it. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/figure_slots_priv.h"

static enum gb_status baseline_of_homes(double **out, const struct gb_slots *slots,
                                        struct gb_error *err)
{
    *out = calloc(slots->n, sizeof **out);
    if (!*out)
        return gb_fail(err, GB_ENOMEM, "no memory for the storage of %zu slots", slots->n);
    for (size_t i = 0; i < slots->n; i++)
        (*out)[i] = (double)slots->of_homes[i].baseline_stored_wh;
    return GB_OK;
}

/* The stored energy of the grid-only run at the end of each slot shown, Wh; *out stays NULL where
 * the result does not hold it. */
static enum gb_status load_baseline(double **out, const struct gb_figure_request *request,
                                    const struct gb_slots *slots, struct gb_error *err)
{
    const struct gb_meter_row *meters;
    void *rows = NULL;
    size_t n = 0;
    enum gb_status status;

    *out = NULL;
    if (!gb_results_has(request->results, GB_TABLE_METERS))
        return GB_OK;
    if (slots->of_homes)
        return baseline_of_homes(out, slots, err);
    status = gb_results_rows(request->results, GB_TABLE_METERS, request->trial, &rows, &n, err);
    if (status == GB_OK && !(*out = calloc(slots->n, sizeof **out)))
        status = gb_fail(err, GB_ENOMEM, "no memory for the storage of %zu slots", slots->n);
    meters = rows;
    for (size_t i = 0; status == GB_OK && i < n; i++) {
        int64_t at = meters[i].interval - slots->rows[0].interval;

        if (at >= 0 && at < (int64_t)slots->n)
            (*out)[at] += (double)meters[i].baseline_stored_wh;
    }
    free(rows);
    return status;
}

static void write_slots(const struct gb_slots *slots, const double *baseline, FILE *data)
{
    for (size_t i = 0; i < slots->n; i++) {
        const struct gb_slot_row *slot = &slots->rows[i];

        for (int end = 0; end < 2; end++)
            fprintf(data, "%.12g %.12g %.12g %.12g %.12g\n",
                    gb_hours(slot->time_ns + (end ? slots->slot_ns : 0)),
                    1e-3 * (double)slot->stored_wh, baseline ? 1e-3 * baseline[i] : NAN,
                    slots->kw_per_wh * (double)slot->charge_wh,
                    slots->kw_per_wh * (double)slot->discharge_wh);
    }
}

/* returns whether there is anything stored at all */
static bool write_axes(const struct gb_slots *slots, const double *baseline, FILE *settings)
{
    double stored = 0.0, charge = 0.0, discharge = 0.0;
    struct gb_axis axis;

    for (size_t i = 0; i < slots->n; i++) {
        const struct gb_slot_row *slot = &slots->rows[i];

        stored = fmax(stored, 1e-3 * fmax((double)slot->stored_wh, baseline ? baseline[i] : 0.0));
        charge = fmax(charge, slots->kw_per_wh * (double)slot->charge_wh);
        discharge = fmax(discharge, slots->kw_per_wh * (double)slot->discharge_wh);
    }
    axis = gb_axis_of(0.0, fmax(stored, 1e-3), 5.0);
    gb_axis_write(&axis, "y1", settings);
    axis = gb_axis_of(-discharge, fmax(charge, 1e-3 - discharge), 4.0);
    gb_axis_write(&axis, "y2", settings);
    return stored > 0.0 || charge > 0.0;
}

enum gb_status gb_figure_storage(const struct gb_figure_request *request,
                                 struct gb_figure_page *page, struct gb_error *err)
{
    struct gb_slots slots;
    double *baseline = NULL;
    enum gb_status status = gb_slots_load_of_homes(&slots, request, err);

    if (status != GB_OK)
        return status;
    status = load_baseline(&baseline, request, &slots, err);
    if (status == GB_OK && !write_axes(&slots, baseline, page->settings))
        status =
            gb_fail(err, GB_EREFUSED,
                    slots.of_homes ? "none of these homes has storage" : "no meter has storage");
    if (status == GB_OK) {
        gb_page_set_width(page, request, GB_PAGE_MM);
        gb_time_axis_write(&slots.window, page);
        fprintf(page->settings, "has_baseline = %d\n", baseline != NULL);
        gb_slots_write_head(&slots, request, page->data);
        fputs(
            "# Columns: start and end of the slot; stored at its end, the same grid-only (/meters); "
            "charging,\n# discharging. Units: hours since the start of the run, kWh, kW (mean "
            "power over the slot).\n",
            page->data);
        write_slots(&slots, baseline, page->data);
        fputs("All storage together: energy at the end of, and mean power over, ", page->caption);
        gb_slots_describe(&slots, request, page->caption);
        fputc('.', page->caption);
    }
    free(baseline);
    gb_slots_clear(&slots);
    return status;
}
