/* What the community makes and uses, trades, draws and feeds in, over the run. */
#include "analysis/figures_priv.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/schema.h"

#define FEWEST_SLOTS 4 /* fewer are no course of anything */
#define MAX_TICKS 8    /* of time: more steps than this take the next longer one */

/* Every slot as two rows, its start and its end: a course of steps. Times in `unit` hours. */
static void write_slots(const struct gb_slot_row *slots, size_t n, double hours, double unit,
                        FILE *data)
{
    for (size_t i = 0; i < 2 * n; i++) {
        const struct gb_slot_row *slot = &slots[i / 2];
        double at = (double)slot->time_ns / 3.6e12 + (i % 2 ? hours : 0.0);
        double kw = 1e-3 / hours; /* of a Wh a slot */

        fprintf(data, "%.12g %.12g %.12g %.12g %.12g %.12g\n", at / unit,
                kw * (double)slot->generation_wh, kw * (double)slot->load_wh,
                kw * (double)slot->traded_wh, kw * (double)slot->import_wh,
                kw * (double)slot->export_wh);
    }
}

/* The axis of power holds 0, the export below it, and above it whatever is largest. */
static void write_power_axis(const struct gb_slot_row *slots, size_t n, double hours,
                             FILE *settings)
{
    double low = 0.0, high = 0.0;
    struct gb_axis axis;

    for (size_t i = 0; i < n; i++) {
        const struct gb_slot_row *slot = &slots[i];

        low = fmin(low, -(double)slot->export_wh);
        high = fmax(high, fmax((double)slot->generation_wh, (double)slot->load_wh));
        high = fmax(high, (double)(slot->traded_wh + slot->import_wh));
    }
    axis = gb_axis_of(1e-3 / hours * low, 1e-3 / hours * fmax(high, low + 1.0), 6.0);
    gb_axis_write(&axis, "y", settings);
}

/* ---- time */

struct time_unit {
    const char *name;
    double hours;
};

static struct time_unit time_unit_of(double hours)
{
    if (hours <= 2.0)
        return (struct time_unit){"Minute", 1.0 / 60.0};
    return hours <= 48.0 ? (struct time_unit){"Hour", 1.0} : (struct time_unit){"Day", 24.0};
}

/* Steps that divide hours and days as clocks do; anything else where the run is too short for
 * them. */
static double time_step(struct time_unit unit, double length)
{
    static const double of_hours[] = {0.5, 1.0, 2.0, 3.0, 6.0},
                        of_minutes[] = {1.0, 2.0, 5.0, 10.0, 15.0};
    bool is_hours = unit.hours == 1.0;
    const double *steps = is_hours ? of_hours : of_minutes;

    for (size_t i = 0; unit.hours < 24.0 && length >= 4.0 && i < 5; i++)
        if (length <= MAX_TICKS * steps[i] * (1.0 + 1e-9))
            return steps[i];
    return gb_axis_of(0.0, length, MAX_TICKS).step;
}

static void write_time_axis(struct time_unit unit, double length, FILE *settings)
{
    double step = time_step(unit, length);

    fprintf(settings, "length = %.12g\nx_step = %.12g\n", length, step);
    gb_figure_set_text(settings, "unit", unit.name);
}

/* ---- the figure */

static void write_figure(const struct gb_figure_request *request, const struct gb_slot_row *slots,
                         size_t n, double hours, FILE *settings, FILE *data)
{
    struct time_unit unit = time_unit_of((double)n * hours);
    char caption[160];

    write_time_axis(unit, (double)n * hours / unit.hours, settings);
    write_power_axis(slots, n, hours, settings);
    snprintf(caption, sizeof caption,
             "trial %" PRIu64 ", means over slots of %g %s; local trade as contracted, import "
             "stacked on it",
             request->trial, hours < 1.0 / 60.0 ? hours * 3600.0 : hours * 60.0,
             hours < 1.0 / 60.0 ? "s" : "min");
    gb_figure_set_text(settings, "caption", caption);
    fprintf(data,
            "# Source: /slots of the result, trial %" PRIu64 ".\n"
            "# Columns: start and end of the slot; generation, load, traded locally, import, "
            "export.\n"
            "# Units: %ss since the start of the run, kW (mean power over the slot).\n",
            request->trial, unit.name);
    write_slots(slots, n, hours, unit.hours, data);
}

enum gb_status gb_figure_balance(const struct gb_figure_request *request, FILE *settings,
                                 FILE *data, struct gb_error *err)
{
    const struct gb_summary_row *summary = gb_results_trial(request->results, request->trial);
    double hours = summary ? (double)summary->slot_ns / 3.6e12 : 0.0;
    struct gb_slot_row *slots;
    void *rows = NULL;
    size_t n = 0;
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
    if (status == GB_OK)
        write_figure(request, slots, n, hours, settings, data);
    free(rows);
    return status;
}
