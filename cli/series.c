/* gridbourse series: what is understood of somebody's file of load, PV, weather or prices, before
 * anything runs; or its energy or prices by steps of another length, as CSV. */
#include "models/series/series.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/date.h"
#include "base/duration.h"
#include "base/quantity.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/series_options.h"
#include "cli/series_report.h"
#include "models/series/flow.h"

struct request {
    struct gb_series_options options;
    int64_t step_s; /* 0: the report */
};

/* ---- energy by steps */

struct windows {
    int64_t start_s;
    size_t n, n_columns;
    int64_t *wh; /* column by column; of prices 1e-6 of their unit */
};

static bool is_of_prices(const struct gb_channel *channel)
{
    return channel->unit && channel->unit->kind == GB_UNIT_PRICE;
}

/* Means over windows, weighted by time; of a window that the file has in part, of that part. */
static void average(const struct gb_series_flow *flow, const struct windows *windows,
                    int64_t window_s, int64_t *out)
{
    for (size_t w = 0; w < windows->n; w++) {
        int64_t from_s = windows->start_s + (int64_t)w * window_s - flow->start_s;
        int64_t to_s = from_s + window_s, end_s = (int64_t)flow->n * flow->step_s;
        __int128 sum = 0;

        from_s = from_s > 0 ? from_s : 0;
        to_s = to_s < end_s ? to_s : end_s;
        for (int64_t at_s = from_s, next_s; at_s < to_s; at_s = next_s) {
            int64_t step = at_s / flow->step_s;
            next_s = (step + 1) * flow->step_s < to_s ? (step + 1) * flow->step_s : to_s;
            sum += (__int128)flow->quantities[step] * (next_s - at_s);
        }
        __int128 whole = to_s > from_s ? (__int128)(to_s - from_s) * 1000 : 1;
        sum += sum < 0 ? -(whole / 2) : whole / 2;
        out[w] = (int64_t)(sum / whole);
    }
}

static enum gb_status cut_channel(struct windows *windows, const struct request *request,
                                  const struct gb_series *series, size_t k, const char *path,
                                  struct gb_error *err)
{
    const struct gb_channel *channel = &series->channels[k];
    struct gb_series_flow flow;
    char unsaid[512];

    if (gb_series_is_unsaid(series, channel, unsaid, sizeof unsaid))
        return gb_fail(err, GB_EINPUT, "'%s', %s: still to be said: %s", path, channel->name,
                       unsaid);
    if (channel->unit->kind > GB_UNIT_ENERGY && !is_of_prices(channel))
        return gb_fail(err, GB_EINPUT,
                       "'%s', %s: %s is neither energy nor a price; --column says what is meant",
                       path, channel->name, channel->unit->name);
    enum gb_status status = gb_series_flow_make(&flow, channel, series, request->options.gaps, err);
    if (status == GB_OK && flow.n_missing > 0)
        status = gb_fail(err, GB_EINPUT,
                         "'%s', %s: nothing is known of %zu of %zu steps; --gaps hold or --gaps "
                         "week fills them, as far as it reaches",
                         path, *channel->name ? channel->name : "(all)", flow.n_missing, flow.n);
    if (status == GB_OK && is_of_prices(channel))
        average(&flow, windows, request->step_s, windows->wh + k * windows->n);
    else if (status == GB_OK)
        status = gb_series_flow_cut(&flow, windows->start_s, request->step_s, windows->n,
                                    windows->wh + k * windows->n, err);
    gb_series_flow_clear(&flow);
    return status;
}

/* The last of samples and of counters is the end of what is known, and no step's beginning. */
static int64_t end_of(const struct gb_series *series, const struct gb_channel *channel)
{
    bool is_of_moments = channel->value == GB_VALUE_COUNTER ||
                         (channel->value == GB_VALUE_SAMPLE && !series->is_daily);

    return channel->start_s +
           ((int64_t)channel->n - (is_of_moments && channel->n > 1)) * channel->step_s;
}

/* The windows that hold all channels. */
static enum gb_status measure(struct windows *windows, const struct gb_series *series,
                              int64_t step_s, struct gb_error *err)
{
    int64_t first_s = INT64_MAX, last_s = INT64_MIN;

    for (size_t k = 0; k < series->n_channels; k++) {
        const struct gb_channel *channel = &series->channels[k];
        int64_t end_s = end_of(series, channel);

        first_s = channel->start_s < first_s ? channel->start_s : first_s;
        last_s = end_s > last_s ? end_s : last_s;
    }
    windows->start_s = gb_floor_divide(first_s, step_s) * step_s;
    windows->n = (size_t)((last_s - windows->start_s + step_s - 1) / step_s);
    windows->n_columns = series->n_channels;
    windows->wh = calloc(windows->n * windows->n_columns, sizeof *windows->wh);
    return windows->wh ? GB_OK
                       : gb_fail(err, GB_ENOMEM, "no memory for %zu steps of %zu channels",
                                 windows->n, windows->n_columns);
}

static void print_value(const struct gb_channel *channel, int64_t value)
{
    char number[32];

    printf(",%s", gb_format_decimal(value, is_of_prices(channel) ? 6 : 0, number, sizeof number));
}

static void print_windows(const struct windows *windows, const struct gb_series *series,
                          int64_t step_s)
{
    char time[32], name[256];

    fputs(series->is_daily ? "time of day" : "start (UTC)", stdout);
    for (size_t k = 0; k < windows->n_columns; k++) {
        const struct gb_channel *channel = &series->channels[k];
        snprintf(name, sizeof name, "%s%s(%s)", channel->name,
                 *channel->name          ? " "
                 : is_of_prices(channel) ? "price "
                                         : "energy ",
                 is_of_prices(channel) ? channel->unit->name : "Wh");
        putchar(',');
        gb_csv_write_cell(stdout, name, GB_CSV_QUOTES_SAFE);
    }
    putchar('\n');
    for (size_t w = 0; w < windows->n; w++) {
        gb_instant_format((windows->start_s + (int64_t)w * step_s) * GB_NS_PER_SECOND, time,
                          sizeof time);
        if (series->is_daily)
            printf("%.8s", time + 11);
        else
            fputs(time, stdout);
        for (size_t k = 0; k < windows->n_columns; k++)
            print_value(&series->channels[k], windows->wh[k * windows->n + w]);
        putchar('\n');
    }
}

static enum gb_status print_energy(const struct gb_series *series, const struct request *request,
                                   const char *path, struct gb_error *err)
{
    struct windows windows = {.wh = NULL};
    enum gb_status status = measure(&windows, series, request->step_s, err);

    for (size_t k = 0; status == GB_OK && k < series->n_channels; k++)
        status = cut_channel(&windows, request, series, k, path, err);
    if (status == GB_OK)
        print_windows(&windows, series, request->step_s);
    free(windows.wh);
    return status;
}

/* ---- the command */

enum { OPTION_STEP = GB_N_SERIES_OPTIONS, OPTION_ISSUED };
static const struct gb_option options[] = {
    GB_SERIES_OPTION_ROWS(0),
    [OPTION_STEP] = {"--step", NULL, "STEP",
                     "print energy, or mean prices, by such steps (`15 min`) as CSV instead"},
    [OPTION_ISSUED] = {"--issued", NULL, "NAME",
                       "of forecasts, the column that says when each was made"},
    {0},
};

static int take_step(struct request *request, const struct gb_arguments *arguments)
{
    int64_t ns;

    if (!gb_duration_parse(arguments->value, &ns) || ns <= 0 || ns % GB_NS_PER_SECOND != 0 ||
        ns > 7 * GB_NS_PER_DAY)
        return gb_message_wrong_use(arguments->command,
                                    "series: '--step' expects whole seconds up to a week, like "
                                    "'15 min', not '%s'",
                                    arguments->value);
    request->step_s = ns / GB_NS_PER_SECOND;
    return GB_EXIT_DONE;
}

static int take_option(void *context, const struct gb_arguments *arguments, int option)
{
    struct request *request = context;

    if (option == OPTION_ISSUED) {
        request->options.issued = arguments->value;
        return GB_EXIT_DONE;
    }
    return option == OPTION_STEP ? take_step(request, arguments)
                                 : gb_series_options_take(&request->options, arguments, 0, option);
}

static int show(const struct request *request, const char *path)
{
    struct gb_error err = {0};
    struct gb_series *series = NULL;
    bool is_whole = true;
    enum gb_status status = gb_series_read(&series, path, &request->options, &err);

    if (status == GB_OK && request->step_s && series->has_issues)
        status = gb_fail(&err, GB_EINPUT,
                         "'%s': forecasts of several times of issue overlap: --step prints what is "
                         "measured",
                         path);
    if (status == GB_OK)
        status = request->step_s
                     ? print_energy(series, request, path, &err)
                     : gb_series_report(series, &request->options, path, &is_whole, &err);
    gb_series_free(series);
    if (status == GB_EFILE) {
        gb_message_failure(&err);
        return GB_EXIT_WRONG_USE;
    }
    if (status != GB_OK)
        return gb_message_failure(&err);
    return is_whole ? GB_EXIT_DONE : GB_EXIT_WRONG_USE;
}

static int run(int argc, char **argv)
{
    struct gb_arguments arguments = {
        .command = &gb_command_series, .options = options, .argc = argc, .argv = argv};
    struct request request = {.step_s = 0};
    const char *path;
    int code;

    if (!gb_arguments_read(&arguments, "file", take_option, &request, &path, &code))
        return code;
    if (!path)
        return gb_message_wrong_use(&gb_command_series, "series: which file?");
    return show(&request, path);
}

const struct gb_command gb_command_series = {
    "series", "FILE [OPTION ...]",
    "show what is understood of a load, PV, weather or price file, or cut it into steps", run};
