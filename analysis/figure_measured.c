/* Statistics of the loads of a run's homes beside those of measured ones: mean day, load duration,
 * correlation over time, and how homes vary. Both in steps that hold whole slots and whole steps of
 * the series. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/figure_slots_priv.h"
#include "analysis/home_choice.h"
#include "analysis/order_statistics.h"
#include "base/date.h"
#include "base/integer.h"
#include "base/quantity.h"

enum { LONGEST_STEP_S = 3600, DAY_S = 86400 };
enum { MODELLED, MEASURED, N_SETS };

struct both {
    struct gb_load_statistics of[N_SETS];
    int64_t step_s;
};

/* ---- the run's loads */

/* The homes that are shown: the place of each meter among them, or NO_PLACE. */
#define NO_PLACE SIZE_MAX
struct places {
    size_t n, n_homes; /* meters; those that are shown */
    size_t *of;        /* n */
};

static enum gb_status find_places(struct places *places, struct gb_results *results, uint64_t trial,
                                  struct gb_error *err)
{
    struct gb_user_row *users = NULL;
    size_t n = 0;
    enum gb_status status = gb_home_choice_rows(results, trial, &users, &n, err);

    places->n = (size_t)gb_results_trial(results, trial)->n_meters;
    places->of = malloc((places->n + 1) * sizeof *places->of);
    if (status == GB_OK && !places->of)
        status = gb_fail(err, GB_ENOMEM, "no memory for the homes of a trial");
    if (status == GB_OK && n == 0)
        status = gb_home_choice_refuse_none(results, err);
    for (size_t m = 0; status == GB_OK && m < places->n; m++)
        places->of[m] = NO_PLACE;
    for (size_t u = 0; status == GB_OK && u < n; u++)
        places->of[users[u].meter] = places->n_homes++;
    free(users);
    return status;
}

/* Rows come slot by slot; what a car or a heat pump takes is not the habit of a home. */
static void keep_rows(struct gb_loads *loads, const struct places *places,
                      const struct gb_meter_row *rows, size_t n, int64_t first_interval)
{
    for (size_t i = 0; i < n; i++) {
        int64_t at = rows[i].interval - first_interval;
        size_t place = rows[i].meter < places->n ? places->of[rows[i].meter] : NO_PLACE;

        if (at >= 0 && at < (int64_t)loads->n_steps && place != NO_PLACE)
            loads->power[place * loads->n_steps + (size_t)at] =
                (double)(rows[i].load_wh - rows[i].ev_wh - rows[i].heat_pump_wh);
    }
}

static enum gb_status take_rows(struct gb_loads *out, const struct gb_slots *slots,
                                const struct places *places, const struct gb_meter_row *rows,
                                size_t n, struct gb_error *err)
{
    const struct gb_calendar *calendar = &slots->window.calendar;
    int64_t step_s = slots->slot_ns / GB_NS_PER_SECOND;

    if (slots->slot_ns % GB_NS_PER_SECOND != 0 || DAY_S % step_s != 0)
        return gb_fail(err, GB_EREFUSED, "slots of this length do not divide a day");
    enum gb_status status = gb_loads_create(out, places->n_homes, slots->n, step_s, err);

    if (status != GB_OK)
        return status;
    for (size_t i = 0; i < slots->n; i++) {
        int64_t local_s = gb_calendar_local_ns(calendar, slots->rows[i].time_ns) / GB_NS_PER_SECOND;
        out->clock_s[i] = (int32_t)(local_s - DAY_S * gb_floor_divide(local_s, DAY_S));
    }
    keep_rows(out, places, rows, n, slots->rows[0].interval);
    return GB_OK;
}

static enum gb_status load_modelled(struct gb_loads *out, const struct gb_slots *slots,
                                    const struct gb_figure_request *request, struct gb_error *err)
{
    struct places places = {0};
    void *rows = NULL;
    size_t n = 0;
    enum gb_status status = find_places(&places, request->results, request->trial, err);

    if (status == GB_OK)
        status = gb_results_rows(request->results, GB_TABLE_METERS, request->trial, &rows, &n, err);
    if (status == GB_OK)
        status = take_rows(out, slots, &places, rows, n, err);
    free(places.of);
    free(rows);
    return status;
}

/* ---- in common steps */

/* The steps in which both are shown. */
static enum gb_status choose_step(int64_t *step_s, int64_t slot_s, int64_t measured_s,
                                  struct gb_error *err)
{
    int64_t longer_s = slot_s > measured_s ? slot_s : measured_s;
    int64_t most_s = longer_s > LONGEST_STEP_S ? longer_s : LONGEST_STEP_S;

    *step_s = slot_s / gb_common_divisor(slot_s, measured_s) * measured_s;
    if (*step_s <= most_s && DAY_S % *step_s == 0)
        return GB_OK;
    return gb_fail(err, GB_EREFUSED,
                   "slots of %" PRId64 " s and measured steps of %" PRId64
                   " s have no step in common that divides a day and is no longer than an hour",
                   slot_s, measured_s);
}

static enum gb_status measure(struct gb_load_statistics *out, const struct gb_loads *loads,
                              int64_t step_s, struct gb_error *err)
{
    struct gb_loads coarse = {0};
    enum gb_status status = gb_loads_coarsen(&coarse, loads, step_s, err);

    if (status == GB_OK)
        status = gb_load_statistics_of(out, &coarse, err);
    gb_loads_clear(&coarse);
    return status;
}

static enum gb_status measure_both(struct both *both, const struct gb_loads *modelled,
                                   const struct gb_loads *measured, struct gb_error *err)
{
    enum gb_status status = choose_step(&both->step_s, modelled->step_s, measured->step_s, err);
    struct gb_error why = {0};

    if (status == GB_OK)
        status = measure(&both->of[MODELLED], modelled, both->step_s, err);
    if (status != GB_OK)
        return status;
    status = measure(&both->of[MEASURED], measured, both->step_s, &why);
    return status == GB_OK ? GB_OK : gb_fail(err, status, "the measured series: %s", why.text);
}

/* ---- what is printed */

static void put_band(FILE *data, const double *band)
{
    for (int b = 0; b < GB_N_BAND; b++)
        if (isnan(band[b])) /* printf may say -nan, which gnuplot does not read */
            fputs(" NaN", data);
        else
            fprintf(data, " %.12g", band[b]);
}

/* A point of each set; of one that has none there, NaN. */
static void put_bands(FILE *data, double x, const double *modelled, const double *measured)
{
    static const double none[GB_N_BAND] = {NAN, NAN, NAN};

    fprintf(data, "%.12g", x);
    put_band(data, modelled ? modelled : none);
    put_band(data, measured ? measured : none);
    fputc('\n', data);
}

static void write_day(const struct both *both, FILE *data)
{
    size_t n = both->of[MODELLED].steps_a_day;

    for (size_t i = 0; i <= n; i++) /* closed: 24 h is 0 h */
        put_bands(data, (double)i * (double)both->step_s / 3600, both->of[MODELLED].day[i % n],
                  both->of[MEASURED].day[i % n]);
    fputs("\n\n", data);
}

static void write_exceeded(const struct both *both, FILE *data)
{
    for (size_t i = 0; i < GB_LOAD_QUANTILES; i++)
        put_bands(data, 100.0 * (double)i / (GB_LOAD_QUANTILES - 1), both->of[MODELLED].exceeded[i],
                  both->of[MEASURED].exceeded[i]);
    fputs("\n\n", data);
}

static void write_correlation(const struct both *both, FILE *data)
{
    size_t n[N_SETS] = {both->of[MODELLED].n_lags, both->of[MEASURED].n_lags};

    for (size_t i = 0; i < n[MODELLED] || i < n[MEASURED]; i++)
        put_bands(data, (double)i * (double)both->step_s / 3600,
                  i < n[MODELLED] ? both->of[MODELLED].correlation[i] : NULL,
                  i < n[MEASURED] ? both->of[MEASURED].correlation[i] : NULL);
    fputs("\n\n", data);
}

static void write_variation(const struct gb_load_statistics *of, FILE *data)
{
    for (size_t h = 0; h < of->n_homes; h++)
        fprintf(data, "%.12g %.12g\n", 100.0 * ((double)h + 0.5) / (double)of->n_homes,
                of->variation[h]);
    fputs("\n\n", data);
}

/* The lowest and the highest of a curve's bands, of both sets. */
static void extend(double extent[2], const double (*curve)[GB_N_BAND], size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (int b = 0; b < GB_N_BAND; b++) {
            extent[0] = fmin(extent[0], curve[i][b]);
            extent[1] = fmax(extent[1], curve[i][b]);
        }
}

static void write_axis(double low, double high, const char *name, FILE *settings)
{
    struct gb_axis axis = gb_axis_of(low, fmax(high, low + 1e-3), 5);

    gb_axis_write(&axis, name, settings);
}

static void write_axes(const struct both *both, FILE *settings)
{
    double day[2] = {0, 0}, correlation[2] = {0, 1}, variation = 0, exceeded = 1;
    double hours = 0;

    for (int s = 0; s < N_SETS; s++) {
        const struct gb_load_statistics *of = &both->of[s];

        extend(day, (const double(*)[GB_N_BAND])of->day, of->steps_a_day);
        extend(correlation, (const double(*)[GB_N_BAND])of->correlation, of->n_lags);
        variation = fmax(variation, of->variation[of->n_homes - 1]);
        exceeded = fmax(exceeded, of->exceeded[0][GB_BAND_HIGH]);
        hours = fmax(hours, (double)(of->n_lags - 1) * (double)both->step_s / 3600);
    }
    write_axis(day[0], day[1], "y1", settings);
    write_axis(correlation[0], correlation[1], "y3", settings);
    write_axis(0, variation, "y4", settings);
    fprintf(settings, "most_exceeded = %.12g\nmost_hours = %.12g\n", pow(10, ceil(log10(exceeded))),
            hours);
    fprintf(settings, "has_bands = %d\n",
            both->of[MODELLED].n_homes > 1 || both->of[MEASURED].n_homes > 1);
}

/* A statistic of the home in the middle. */
static double middle_variation(const struct gb_load_statistics *of)
{
    return gb_quantile(of->variation, of->n_homes, 0.5);
}

static void describe(const struct both *both, const struct gb_figure_request *request,
                     const struct gb_slots *slots, FILE *caption)
{
    const struct gb_load_statistics *modelled = &both->of[MODELLED],
                                    *measured = &both->of[MEASURED];
    size_t one_percent = (GB_LOAD_QUANTILES - 1) / 100;

    fprintf(caption, "Loads of %zu modelled home%s beside %zu of ", modelled->n_homes,
            modelled->n_homes == 1 ? "" : "s", measured->n_homes);
    fprintf(caption, "%s, each over its own mean, in steps of %g min", request->measured_name,
            (double)both->step_s / 60);
    gb_figure_describe_homes(request, caption);
    fputs("; modelled are ", caption);
    gb_slots_describe(slots, request, caption);
    fprintf(caption,
            ". Lines: the home in the middle; bands: from the tenth to the ninetieth of a hundred "
            "homes. Of the home in the middle, modelled and measured: standard deviation %.2f and "
            "%.2f of the mean; exceeded for 1 %% of the time %.2f and %.2f; mean difference to the "
            "same time a day before %.2f and %.2f. Modelled without cars and heat pumps.",
            middle_variation(modelled), middle_variation(measured),
            modelled->exceeded[one_percent][GB_BAND_MIDDLE],
            measured->exceeded[one_percent][GB_BAND_MIDDLE], modelled->difference,
            measured->difference);
}

static void print(const struct both *both, const struct gb_figure_request *request,
                  const struct gb_slots *slots, struct gb_figure_page *page)
{
    gb_page_set_width(page, request, GB_PAGE_MM);
    write_axes(both, page->settings);
    gb_slots_write_head(slots, request, page->data);
    fprintf(
        page->data,
        "# Loads (/meters) of %zu homes beside %zu of %s, in steps of %" PRId64
        " s, each over its own mean.\n"
        "# Columns: a place; modelled: quantiles 0.1, 0.5 and 0.9 over homes; measured: the "
        "same.\n"
        "# Blocks: the mean day (h); what is exceeded for a share of the time (%%); correlation "
        "over a time (h);\n# standard deviation over mean of the homes in ascending order "
        "(%% of homes, value), modelled, then measured.\n",
        both->of[MODELLED].n_homes, both->of[MEASURED].n_homes, request->measured_name,
        both->step_s);
    write_day(both, page->data);
    write_exceeded(both, page->data);
    write_correlation(both, page->data);
    write_variation(&both->of[MODELLED], page->data);
    write_variation(&both->of[MEASURED], page->data);
    describe(both, request, slots, page->caption);
}

enum gb_status gb_figure_measured(const struct gb_figure_request *request,
                                  struct gb_figure_page *page, struct gb_error *err)
{
    struct gb_loads modelled = {0};
    struct gb_slots slots = {0};
    struct both both = {0};

    if (!request->measured)
        return gb_fail(err, GB_EREFUSED, "no measured series is named (--beside FILE)");
    if (!gb_results_has(request->results, GB_TABLE_METERS))
        return gb_fail(err, GB_EREFUSED,
                       "the result holds no rows of meters: run it with output.level: meters");
    enum gb_status status = gb_slots_load(&slots, request, err);
    if (status == GB_OK)
        status = load_modelled(&modelled, &slots, request, err);
    if (status == GB_OK)
        status = measure_both(&both, &modelled, request->measured, err);
    if (status == GB_OK)
        print(&both, request, &slots, page);
    gb_load_statistics_clear(&both.of[MODELLED]);
    gb_load_statistics_clear(&both.of[MEASURED]);
    gb_loads_clear(&modelled);
    gb_slots_clear(&slots);
    return status;
}
