#include "analysis/figure_slot_priv.h"

#include <inttypes.h>
#include <stdlib.h>

#define MINUTE_NS INT64_C(60000000000)

/* INT64_MIN where there is no trade. */
static int64_t busiest_slot(const struct gb_trade_row *trades, size_t n)
{
    int64_t best = INT64_MIN, max = 0, sum = 0;

    for (size_t i = 0; i < n; i++) { /* trades stand slot by slot */
        if (i == 0 || trades[i].interval != trades[i - 1].interval)
            sum = 0;
        sum += trades[i].energy_wh;
        if (sum > max) {
            max = sum;
            best = trades[i].interval;
        }
    }
    return best;
}

static enum gb_status choose(int64_t *interval, const struct gb_figure_request *request,
                             struct gb_error *err)
{
    void *rows = NULL;
    size_t n = 0;
    enum gb_status status =
        gb_results_rows(request->results, GB_TABLE_TRADES, request->trial, &rows, &n, err);

    *interval = status == GB_OK ? busiest_slot(rows, n) : INT64_MIN;
    free(rows);
    if (status != GB_OK || *interval != INT64_MIN)
        return status;
    rows = NULL;
    status = gb_results_rows(request->results, GB_TABLE_ORDERS, request->trial, &rows, &n, err);
    for (size_t i = 0; i < n && *interval == INT64_MIN; i++)
        if (((const struct gb_order_row *)rows)[i].number != GB_NO_NUMBER)
            *interval = ((const struct gb_order_row *)rows)[i].interval;
    free(rows);
    return status;
}

enum gb_status gb_figure_slot_load(struct gb_book_history *out, int64_t *interval,
                                   const struct gb_figure_request *request, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    *out = (struct gb_book_history){0};
    *interval = request->slot;
    if (!gb_results_trial(request->results, request->trial))
        return gb_fail(err, GB_EREFUSED, "there is no trial %" PRIu64, request->trial);
    if (!gb_results_has(request->results, GB_TABLE_ORDERS))
        return gb_fail(err, GB_EREFUSED, "the result holds no orders (output.level: summary)");
    if (request->slot == GB_SLOT_WITH_MAX_TRADE)
        status = choose(interval, request, err);
    if (status == GB_OK && *interval == INT64_MIN)
        return gb_fail(err, GB_EREFUSED, "the trial has no order in any slot");
    if (status == GB_OK)
        status = gb_book_history_load(out, request->results, request->trial, *interval,
                                      request->is_continuous, err);
    if (status == GB_OK && out->n_orders == 0)
        status = gb_fail(err, GB_EREFUSED, "slot %" PRId64 " has no accepted order", *interval);
    return status;
}

struct gb_slot_window gb_figure_slot_window(const struct gb_figure_request *request,
                                            int64_t interval)
{
    int64_t start = interval * gb_results_trial(request->results, request->trial)->slot_ns;

    return (struct gb_slot_window){start - request->open_ns, start - request->gate_ns};
}

void gb_slot_axis_write(const struct gb_slot_window *window, FILE *settings)
{
    double seconds = gb_slot_seconds(window, window->gate_ns);
    struct gb_axis axis = gb_axis_of(0.0, seconds, 7.0);

    axis.high = seconds;
    gb_axis_write(&axis, "x", settings);
}

void gb_figure_slot_describe(const struct gb_figure_request *request, int64_t interval,
                             FILE *caption)
{
    int64_t slot_ns = gb_results_trial(request->results, request->trial)->slot_ns;
    struct gb_figure_request of_slot = *request;
    struct gb_time_window window;
    char day[96];

    fprintf(caption, "Slot %" PRId64, interval);
    of_slot.from_ns = interval * slot_ns;
    of_slot.to_ns = of_slot.from_ns + slot_ns;
    if (gb_time_window_of(&window, &of_slot, NULL) == GB_OK) {
        int64_t minute = gb_calendar_local_ns(&window.calendar, of_slot.from_ns) / MINUTE_NS % 1440;
        fprintf(caption, " (%s, %02d:%02d)", gb_time_window_format(&window, day, sizeof day),
                (int)(minute / 60), (int)(minute % 60));
    }
    if (gb_results_n_trials(request->results) > 1)
        fprintf(caption, " of trial %" PRIu64, request->trial);
}
