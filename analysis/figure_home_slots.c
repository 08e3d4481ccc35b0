/* The slots of some homes: what their meters show of each slot, added up, in place of what the
 * whole community did. */
#include <stdlib.h>

#include "analysis/figure_slots_priv.h"
#include "analysis/home_choice.h"

/* Of which meters, by number, the homes are that the result is asked about. */
static enum gb_status find_meters(bool **out, size_t *n_meters, struct gb_results *results,
                                  uint64_t trial, struct gb_error *err)
{
    struct gb_user_row *users = NULL;
    size_t n = 0;
    enum gb_status status = gb_home_choice_rows(results, trial, &users, &n, err);

    *n_meters = (size_t)gb_results_trial(results, trial)->n_meters;
    *out = calloc(*n_meters + 1, sizeof **out);
    if (status == GB_OK && !*out)
        status = gb_fail(err, GB_ENOMEM, "no memory for the homes of a trial");
    if (status == GB_OK && n == 0)
        status = gb_home_choice_refuse_none(results, err);
    for (size_t u = 0; status == GB_OK && u < n; u++)
        if (users[u].meter < *n_meters)
            (*out)[users[u].meter] = true;
    free(users);
    return status;
}

static int64_t above_0(int64_t value)
{
    return value > 0 ? value : 0;
}

/* What nobody of the homes has shown yet. */
static void empty(struct gb_slot_row *row)
{
    row->load_wh = row->ev_wh = row->heat_pump_wh = 0;
    row->generation_wh = row->solar_wh = row->wind_wh = 0;
    row->charge_wh = row->discharge_wh = row->stored_wh = 0;
    row->import_wh = row->export_wh = row->traded_wh = 0;
}

/* Of what passes a meter trades come first, as on the bill: the grid's is the rest. */
static void add(struct gb_slot_row *row, int64_t *sold_wh, const struct gb_meter_row *meter)
{
    int64_t drawn = above_0(meter->metered_wh), fed_in = above_0(-meter->metered_wh);
    int64_t bought = above_0(meter->traded_wh), sold = above_0(-meter->traded_wh);

    row->load_wh += meter->load_wh;
    row->ev_wh += meter->ev_wh;
    row->heat_pump_wh += meter->heat_pump_wh;
    row->solar_wh += meter->solar_wh;
    row->wind_wh += meter->wind_wh;
    row->generation_wh += meter->solar_wh + meter->wind_wh;
    row->charge_wh += meter->charge_wh;
    row->discharge_wh += meter->discharge_wh;
    row->stored_wh += meter->stored_wh;
    row->traded_wh += bought < drawn ? bought : drawn;
    row->import_wh += above_0(drawn - bought);
    row->export_wh += above_0(fed_in - sold);
    *sold_wh += sold < fed_in ? sold : fed_in;
}

static enum gb_status add_up(struct gb_slots *slots, const struct gb_figure_request *request,
                             const bool *is_shown, size_t n_meters, struct gb_error *err)
{
    struct gb_slot_row *all = slots->all, *rows = all + (slots->rows - all); /* within the window */
    const struct gb_meter_row *meters;
    void *read = NULL;
    size_t n = 0;
    enum gb_status status =
        gb_results_rows(request->results, GB_TABLE_METERS, request->trial, &read, &n, err);

    for (size_t i = 0; i < slots->n; i++)
        empty(&rows[i]);
    meters = read;
    for (size_t i = 0; status == GB_OK && i < n; i++) {
        int64_t at = meters[i].interval - rows[0].interval;

        if (at < 0 || at >= (int64_t)slots->n || meters[i].meter >= n_meters ||
            !is_shown[meters[i].meter])
            continue;
        add(&rows[at], &slots->of_homes[at].sold_wh, &meters[i]);
        slots->of_homes[at].baseline_stored_wh += meters[i].baseline_stored_wh;
    }
    free(read);
    return status;
}

enum gb_status gb_slots_load_of_homes(struct gb_slots *out, const struct gb_figure_request *request,
                                      struct gb_error *err)
{
    bool *is_shown = NULL;
    size_t n_meters = 0;
    enum gb_status status = gb_slots_load(out, request, err);

    if (status != GB_OK || gb_home_choice_is_all(gb_results_homes(request->results)))
        return status;
    if (!gb_results_has(request->results, GB_TABLE_METERS))
        status = gb_fail(err, GB_EREFUSED,
                         "of some homes alone it is made of rows of meters, which the result does "
                         "not hold: run it with output.level: meters");
    if (status == GB_OK)
        status = find_meters(&is_shown, &n_meters, request->results, request->trial, err);
    if (status == GB_OK && !(out->of_homes = calloc(out->n, sizeof *out->of_homes)))
        status = gb_fail(err, GB_ENOMEM, "no memory for %zu slots of some homes", out->n);
    if (status == GB_OK)
        status = add_up(out, request, is_shown, n_meters, err);
    free(is_shown);
    if (status != GB_OK)
        gb_slots_clear(out);
    return status;
}
