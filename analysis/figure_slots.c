#include "analysis/figure_slots_priv.h"

#include <inttypes.h>
#include <stdlib.h>

#define FEWEST_SLOTS 4 /* fewer are no course of anything */

static void keep_window(struct gb_slots *slots, size_t n)
{
    const struct gb_slot_row *rows = slots->all;
    size_t first = 0;

    while (first < n && rows[first].time_ns + slots->slot_ns <= slots->window.from_ns)
        first++;
    while (n > first && rows[n - 1].time_ns >= slots->window.to_ns)
        n--;
    slots->rows = rows + first;
    slots->n = n - first;
}

enum gb_status gb_slots_load(struct gb_slots *out, const struct gb_figure_request *request,
                             struct gb_error *err)
{
    struct gb_slots slots = {0};
    size_t n = 0;
    enum gb_status status = gb_time_window_of(&slots.window, request, err);

    if (status != GB_OK)
        return status;
    if (!gb_results_has(request->results, GB_TABLE_SLOTS))
        return gb_fail(err, GB_EREFUSED, "the result holds no slots (output.level: summary)");
    slots.slot_ns = gb_results_trial(request->results, request->trial)->slot_ns;
    slots.kw_per_wh = 1e-3 / gb_hours(slots.slot_ns);
    status = gb_results_rows(request->results, GB_TABLE_SLOTS, request->trial, &slots.all, &n, err);
    if (status == GB_OK)
        keep_window(&slots, n);
    if (status == GB_OK && slots.n < FEWEST_SLOTS)
        status = gb_fail(err, GB_EREFUSED, "%zu slot%s no course of a day", slots.n,
                         slots.n == 1 ? " is" : "s are");
    if (status == GB_OK)
        *out = slots;
    else
        gb_slots_clear(&slots);
    return status;
}

void gb_slots_clear(struct gb_slots *slots)
{
    free(slots->all);
    free(slots->of_homes);
    *slots = (struct gb_slots){0};
}

void gb_slots_write_head(const struct gb_slots *slots, const struct gb_figure_request *request,
                         FILE *data)
{
    char when[96];

    fprintf(data, "# Source: /%s of the result, trial %" PRIu64 ", %s.\n",
            slots->of_homes ? "meters" : "slots", request->trial,
            gb_time_window_format(&slots->window, when, sizeof when));
}

void gb_slots_describe(const struct gb_slots *slots, const struct gb_figure_request *request,
                       FILE *caption)
{
    double minutes = 60.0 * gb_hours(slots->slot_ns);
    char when[96];

    fprintf(caption, "slots of %g %s, %s", minutes < 1.0 ? 60.0 * minutes : minutes,
            minutes < 1.0 ? "s" : "min", gb_time_window_format(&slots->window, when, sizeof when));
    if (gb_results_n_trials(request->results) > 1)
        fprintf(caption, ", trial %" PRIu64, request->trial);
    if (slots->of_homes)
        gb_figure_describe_homes(request, caption);
}
