/* What one meter does over time: its load, that of its car and heat pump, generation, what passes
 * it, its battery, and the prices of the grid and of its own trades. Without a window it shows the
 * first week. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure_slots_priv.h"
#include "analysis/home_choice.h"

#define DAYS_SHOWN 7 /* where no window is asked for */

/* Powers of the meter, in the order of the columns. */
enum power { LOAD, EV, HEAT_PUMP, SOLAR, WIND, NET, TRADED, CHARGE, DISCHARGE, N_POWERS };
/* Energy at the end of the slot, of the market run and grid-only. */
enum stock { STORED, STORED_GRID_ONLY, N_STOCKS };
/* Means of its own trades, weighted by energy. */
enum own_price { BOUGHT, SOLD, N_OWN_PRICES };

/* Of the grid, to this meter. */
enum tariff { RETAIL, FEED_IN, N_TARIFFS };

struct moment {
    double kw[N_POWERS], kwh[N_STOCKS], tariff[N_TARIFFS];
    double price[N_OWN_PRICES]; /* NaN where nothing traded */
};

struct course {
    struct gb_slots slots;
    struct gb_user_row who;
    struct moment *moments; /* one a slot shown */
};

/* ---- which meter */

static int count_owned(const struct gb_user_row *user)
{
    return (user->pv_kw > 0) + (user->turbine_kw > 0) + (user->battery_kwh > 0) +
           (user->ev_kw > 0) + (user->heat_pump_kw > 0);
}

/* The one that owns most kinds of plants, the first of equals. */
static const struct gb_user_row *richest(const struct gb_user_row *users, size_t n)
{
    const struct gb_user_row *most = users;

    for (size_t u = 1; u < n; u++)
        if (count_owned(&users[u]) > count_owned(most))
            most = &users[u];
    return most;
}

/* By its name, else by its number; NULL where there is none. */
static const struct gb_user_row *find_user(const struct gb_user_row *users, size_t n,
                                           const char *asked)
{
    char *end;
    long long number = strtoll(asked, &end, 10);

    for (size_t u = 0; u < n; u++)
        if (strcmp(users[u].name, asked) == 0)
            return &users[u];
    for (size_t u = 0; end != asked && *end == '\0' && u < n; u++)
        if (number == (long long)users[u].meter)
            return &users[u];
    return NULL;
}

static enum gb_status refuse_meter(const struct gb_figure_request *request,
                                   const struct gb_user_row *first, struct gb_error *err)
{
    const struct gb_summary_row *trial = gb_results_trial(request->results, request->trial);
    char homes[GB_HOME_CHOICE_TEXT_SIZE];

    if (!gb_home_choice_is_all(gb_results_homes(request->results)))
        return gb_fail(err, GB_EINPUT, "there is no meter '%.80s' among the homes of %s",
                       request->meter,
                       gb_home_choice_describe(gb_results_homes(request->results), homes));
    return gb_fail(
        err, GB_EINPUT,
        "there is no meter '%.80s': they are called by their numbers, 0 to %" PRId64 "%s%s%s",
        request->meter, trial->n_meters - 1, first->name[0] ? ", or by names like '" : "",
        first->name, first->name[0] ? "'" : "");
}

static enum gb_status choose_user(struct gb_user_row *out, const struct gb_figure_request *request,
                                  struct gb_error *err)
{
    const struct gb_user_row *found = NULL;
    struct gb_user_row *rows = NULL;
    size_t n = 0;
    enum gb_status status = gb_home_choice_rows(request->results, request->trial, &rows, &n, err);

    if (status == GB_OK && n > 0)
        found = request->meter ? find_user(rows, n, request->meter) : richest(rows, n);
    if (status == GB_OK && n == 0)
        status = gb_home_choice_refuse_none(request->results, err);
    if (status == GB_OK && !found)
        status = refuse_meter(request, rows, err);
    if (status == GB_OK)
        *out = *found;
    free(rows);
    return status;
}

/* ---- its rows */

/* That of an interval, or NULL where it is not shown. */
static struct moment *moment_of(const struct course *course, int64_t interval)
{
    int64_t at = interval - course->slots.rows[0].interval;

    return at >= 0 && at < (int64_t)course->slots.n ? &course->moments[at] : NULL;
}

static void keep_row(const struct course *course, const struct gb_meter_row *row)
{
    const int64_t wh[N_POWERS] = {
        [LOAD] = row->load_wh,     [EV] = row->ev_wh,         [HEAT_PUMP] = row->heat_pump_wh,
        [SOLAR] = row->solar_wh,   [WIND] = row->wind_wh,     [NET] = row->metered_wh,
        [TRADED] = row->traded_wh, [CHARGE] = row->charge_wh, [DISCHARGE] = row->discharge_wh};
    struct moment *moment = moment_of(course, row->interval);

    if (row->meter != course->who.meter || !moment)
        return;
    for (int p = 0; p < N_POWERS; p++)
        moment->kw[p] = course->slots.kw_per_wh * (double)wh[p];
    moment->kwh[STORED] = 1e-3 * (double)row->stored_wh;
    moment->kwh[STORED_GRID_ONLY] = 1e-3 * (double)row->baseline_stored_wh;
    moment->tariff[RETAIL] = 1e-6 * (double)row->retail;
    moment->tariff[FEED_IN] = 1e-6 * (double)row->feed_in;
}

static enum gb_status keep_meter(const struct course *course,
                                 const struct gb_figure_request *request, struct gb_error *err)
{
    const struct gb_meter_row *meters;
    void *rows = NULL;
    size_t n = 0;
    enum gb_status status =
        gb_results_rows(request->results, GB_TABLE_METERS, request->trial, &rows, &n, err);

    meters = rows;
    for (size_t i = 0; status == GB_OK && i < n; i++)
        keep_row(course, &meters[i]);
    free(rows);
    return status;
}

/* What one side of the trades that settled comes to: `cost` in 1e-6 currency/kWh times Wh. */
struct sum {
    double cost, wh;
};

static void add_trade(struct sum *sum, const struct gb_trade_row *trade, enum own_price side)
{
    int64_t price = side == BOUGHT ? trade->price_buy : trade->price_sell;

    sum->cost += (double)price * (double)trade->executed_wh;
    sum->wh += (double)trade->executed_wh;
}

/* Trades come slot by slot: a moment's mean is set anew with each of its trades. */
static void keep_trades(const struct course *course, const struct gb_trade_row *trades, size_t n)
{
    struct sum sums[N_OWN_PRICES] = {{0, 0}, {0, 0}};

    for (size_t i = 0; i < n; i++) {
        struct moment *moment = moment_of(course, trades[i].interval);
        bool is_side[N_OWN_PRICES] = {[BOUGHT] = trades[i].buyer == course->who.meter,
                                      [SOLD] = trades[i].seller == course->who.meter};

        if (i == 0 || trades[i].interval != trades[i - 1].interval)
            memset(sums, 0, sizeof sums);
        for (int side = 0; moment && side < N_OWN_PRICES; side++)
            if (is_side[side] && trades[i].executed_wh > 0) {
                add_trade(&sums[side], &trades[i], (enum own_price)side);
                moment->price[side] = 1e-6 * sums[side].cost / sums[side].wh;
            }
    }
}

static enum gb_status load_trades(const struct course *course,
                                  const struct gb_figure_request *request, struct gb_error *err)
{
    void *rows = NULL;
    size_t n = 0;
    enum gb_status status = GB_OK;

    if (gb_results_has(request->results, GB_TABLE_TRADES))
        status = gb_results_rows(request->results, GB_TABLE_TRADES, request->trial, &rows, &n, err);
    if (status == GB_OK)
        keep_trades(course, rows, n);
    free(rows);
    return status;
}

static enum gb_status load_slots(struct course *course, const struct gb_figure_request *request,
                                 struct gb_error *err)
{
    struct gb_figure_request asked = *request;
    struct gb_time_window whole;
    enum gb_status status = gb_time_window_of(&whole, request, err);

    if (status == GB_OK && !request->has_window) {
        int64_t week_ns = gb_calendar_day_ns(&whole.calendar, DAYS_SHOWN);
        asked.to_ns = week_ns < whole.to_ns ? week_ns : whole.to_ns;
    }
    return status == GB_OK ? gb_slots_load(&course->slots, &asked, err) : status;
}

static enum gb_status load(struct course *course, const struct gb_figure_request *request,
                           struct gb_error *err)
{
    if (!gb_results_has(request->results, GB_TABLE_METERS))
        return gb_fail(err, GB_EREFUSED,
                       "the result holds no rows of meters: run it with output.level: meters");
    enum gb_status status = choose_user(&course->who, request, err);
    if (status == GB_OK)
        status = load_slots(course, request, err);
    if (status != GB_OK)
        return status;
    course->moments = calloc(course->slots.n, sizeof *course->moments);
    if (!course->moments)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu slots of a meter", course->slots.n);
    for (size_t i = 0; i < course->slots.n; i++)
        course->moments[i].price[BOUGHT] = course->moments[i].price[SOLD] = NAN;
    status = keep_meter(course, request, err);
    return status == GB_OK ? load_trades(course, request, err) : status;
}

/* ---- what is printed */

static void write_rows(const struct course *course, FILE *data)
{
    for (size_t i = 0; i < course->slots.n; i++) {
        const struct gb_slot_row *slot = &course->slots.rows[i];
        const struct moment *m = &course->moments[i];

        for (int end = 0; end < 2; end++) {
            fprintf(data, "%.12g", gb_hours(slot->time_ns + (end ? course->slots.slot_ns : 0)));
            for (int p = 0; p < N_POWERS; p++)
                fprintf(data, " %.12g", m->kw[p]);
            for (int s = 0; s < N_STOCKS; s++)
                fprintf(data, " %.12g", m->kwh[s]);
            fprintf(data, " %.12g %.12g", m->tariff[RETAIL], m->tariff[FEED_IN]);
            for (int p = 0; p < N_OWN_PRICES; p++)
                fprintf(data, " %.12g", m->price[p]);
            fputc('\n', data);
        }
    }
}

/* The least and the greatest that any slot shows. */
struct extent {
    double low, high;
};

static void extend(struct extent *extent, double value)
{
    extent->low = fmin(extent->low, value);
    extent->high = fmax(extent->high, value);
}

static void write_axis(struct extent extent, double max_steps, const char *name, FILE *settings)
{
    struct gb_axis axis = gb_axis_of(extent.low, fmax(extent.high, extent.low + 1e-3), max_steps);

    gb_axis_write(&axis, name, settings);
}

static void write_axes(const struct course *course, FILE *settings)
{
    struct extent power = {0, 0}, net = {0, 0}, stored = {0, 0}, price = {INFINITY, -INFINITY};
    double most[N_POWERS] = {0};
    bool trades[N_OWN_PRICES] = {false, false};

    for (size_t i = 0; i < course->slots.n; i++) {
        const struct moment *m = &course->moments[i];

        for (int p = 0; p < N_POWERS; p++)
            most[p] = fmax(most[p], fabs(m->kw[p]));
        extend(&net, m->kw[NET]);
        extend(&net, m->kw[TRADED]);
        extend(&net, m->kw[CHARGE]);
        extend(&net, -m->kw[DISCHARGE]);
        for (int s = 0; s < N_STOCKS; s++)
            extend(&stored, m->kwh[s]);
        for (int t = 0; t < N_TARIFFS; t++)
            extend(&price, m->tariff[t]);
        for (int p = 0; p < N_OWN_PRICES; p++) {
            extend(&price, m->price[p]); /* fmin and fmax pass NaN over */
            trades[p] = trades[p] || !isnan(m->price[p]);
        }
    }
    power.high = fmax(fmax(most[LOAD], most[SOLAR]), most[WIND]);
    fprintf(settings, "has_solar = %d\nhas_wind = %d\nhas_battery = %d\n", most[SOLAR] > 0,
            most[WIND] > 0, stored.high > 0 || most[CHARGE] > 0 || most[DISCHARGE] > 0);
    fprintf(settings, "has_ev = %d\nhas_heat_pump = %d\n", most[EV] > 0, most[HEAT_PUMP] > 0);
    fprintf(settings, "has_bought = %d\nhas_sold = %d\n", trades[BOUGHT], trades[SOLD]);
    write_axis(power, 4, "y1", settings);
    write_axis(net, 4, "y2", settings);
    write_axis(stored, 3, "y3", settings);
    write_axis((struct extent){price.low - 0.01, price.high + 0.01}, 4, "y4", settings);
}

/* "Meter 3, farm 1: 25 kWp of photovoltaics, a battery of 10 kWh." */
static void describe_user(const struct gb_user_row *who, FILE *caption)
{
    fprintf(caption, "Meter %" PRIu32 "%s%s", who->meter, who->name[0] ? ", " : "", who->name);
    if (who->pv_kw > 0)
        fprintf(caption, ", %.3g kWp", who->pv_kw);
    if (who->turbine_kw > 0)
        fprintf(caption, ", a turbine of %.3g kW", who->turbine_kw);
    if (who->battery_kwh > 0)
        fprintf(caption, ", a battery of %.3g kWh", who->battery_kwh);
    if (who->ev_kw > 0)
        fprintf(caption, ", an electric vehicle charged with up to %.3g kW", who->ev_kw);
    if (who->heat_pump_kw > 0)
        fprintf(caption, ", a heat pump of %.3g kW", who->heat_pump_kw);
    fputs(": mean power over ", caption);
}

static void describe(const struct course *course, const struct gb_figure_request *request,
                     FILE *caption)
{
    describe_user(&course->who, caption);
    gb_slots_describe(&course->slots, request, caption);
    if (course->who.ev_kw > 0)
        fputs(". What the car takes is part of the load", caption);
    if (course->who.heat_pump_kw > 0)
        fputs(course->who.ev_kw > 0 ? ", and so is what the heat pump does, upon it"
                                    : ". What the heat pump takes is part of the load",
              caption);
    fputs(". Net is drawn from the grid above 0 and fed in below it", caption);
    if (course->who.battery_kwh > 0)
        fputs(", the battery charges above and discharges below", caption);
    fputs("; traded is bought less sold in trades that settled. ", caption);
    if (course->who.battery_kwh > 0)
        fputs("Stored is the energy at the end of a slot. ", caption);
    fprintf(caption, "Prices in %s/kWh: the grid's to this meter, and the means of its own trades.",
            request->currency);
}

enum gb_status gb_figure_meter(const struct gb_figure_request *request, struct gb_figure_page *page,
                               struct gb_error *err)
{
    struct course course = {.moments = NULL};
    enum gb_status status = load(&course, request, err);

    if (status == GB_OK) {
        gb_page_set_width(page, request, GB_PAGE_MM);
        gb_time_axis_write(&course.slots.window, page);
        write_axes(&course, page->settings);
        gb_figure_set_text(page->settings, "currency", request->currency);
        fprintf(page->settings, "slot_hours = %.12g\n", gb_hours(course.slots.slot_ns));
        gb_slots_write_head(&course.slots, request, page->data);
        fprintf(
            page->data,
            "# Meter %" PRIu32 " (/meters, /trades).\n"
            "# Columns: start and end of the slot; load, the car's part of it, solar, wind, net, "
            "traded, charging,\n# discharging; stored at its end, the same grid-only; retail, "
            "feed-in, mean price of what it bought, of what it sold.\n"
            "# Units: hours since the start of the run, kW (mean power over the slot), kWh, "
            "%s/kWh.\n",
            course.who.meter, request->currency);
        write_rows(&course, page->data);
        describe(&course, request, page->caption);
    }
    free(course.moments);
    gb_slots_clear(&course.slots);
    return status;
}
