/* Key figures as figures show them: columns of /summary or of a kind of households, or one over
 * another as a ratio of sums, with what they are called and the unit they are shown in. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/contrast.h"
#include "analysis/figure_grid_priv.h"
#include "analysis/home_choice.h"
#include "analysis/paired_cells.h"
#include "analysis/schema.h"
#include "base/edit_distance.h"

#define DAY_NS 86400e9
#define UNIT_SIZE 64

/* ---- names and units */

/* Names that are shorter than the descriptions in the file. */
static const char *short_label(const char *name)
{
    static const struct {
        const char *name, *label;
    } labels[] = {
        {"buyers_saving_pct", "Buyers’ saving"},
        {"sellers_gain_pct", "Sellers’ gain"},
        {"saving_pct", "Community’s saving"},
        {"gain_per_user_day", "Benefit"},
        {"buyers_cost", "Buyers’ cost"},
        {"sellers_revenue", "Sellers’ revenue"},
        {"buyers_gain_per_kwh", "Buyers’ gain per kWh"},
        {"sellers_gain_per_kwh", "Sellers’ gain per kWh"},
        {GB_GAP_OF_SIDES, "Sellers’ less buyers’ gain per kWh"},
        {"first_choice_share", "Served by the first choice"},
        {"price_mean", "Mean price of trades"},
        {"latency_p50_ms", "Order to stable, median"},
        {"latency_p95_ms", "Order to stable, 95 %"},
        {"latency_p99_ms", "Order to stable, 99 %"},
        {"local_matching_ratio", "Moved by trades, of matchable energy"},
        {"contracted_ratio", "Contracted, of matchable energy"},
        {"efficiency_reserves", "Allocative efficiency"},
        {"self_sufficiency", "Self-sufficiency"},
        {"self_consumption", "Self-consumption"},
        {"traded_self_sufficiency", "Self-sufficiency by trades"},
        {"n_late", "Orders too late"},
        {"n_users_losing", "Users who lose"},
        {"n_late/n_orders", "Orders too late"},
        {"n_late_sent/n_orders", "Orders sent too late"},
        {"n_late_link/n_orders", "Orders late on the client’s link"},
        {"n_late_pool/n_orders", "Orders late in a pool"},
        {"n_late_consensus/n_orders", "Orders late in consensus"},
        {"n_transactions/s", "Throughput"},
        {"n_missed_slots/n_slots", "Missed slots"},
        {"n_messages/n_blocks", "Consensus messages a block"},
        {"n_transactions/n_blocks", "Transactions a block"},
        {"n_bytes/n_blocks", "Bytes a block"},
        {"deviant_gain", "Deviant’s saving"},
        {"deviant_surplus", "Deviant’s surplus"},
        {"gini", "Gini of gains"},
        {"jain", "Jain’s index of gains"},
        {"gini_bills", "Gini of bills"},
        {"saving", "Saving"},
        {"cost", "Bill"},
        {"saving/n_homes", "Saving of a home"},
        {"cost/n_homes", "Bill of a home"},
        {"load_wh/n_homes", "Load of a home"},
        {"saving/cost_grid_only", "Saving of the grid-only bill"},
    };

    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        if (strcmp(labels[i].name, name) == 0)
            return labels[i].label;
    return NULL;
}

/* The first part of a column's description, with a capital. */
static void describe(const struct gb_field *field, char *label, size_t size)
{
    int n = (int)strcspn(field->long_name, ";,:");

    snprintf(label, size, "%.*s", n, field->long_name);
    if (label[0] >= 'a' && label[0] <= 'z')
        label[0] = (char)(label[0] - 'a' + 'A');
}

/* Counts of which one is part of the other: their ratio is a share. */
static bool is_share(const struct gb_indicator *indicator)
{
    static const char *const wholes[] = {"n_orders", "n_slots", "n_meters", "n_trades"};

    for (size_t i = 0; i < sizeof wholes / sizeof wholes[0]; i++)
        if (strcmp(indicator->over->name, wholes[i]) == 0)
            return strcmp(indicator->of.field->unit, "1") == 0;
    return false;
}

/* Counts that are parts of another, by how their names begin. */
static bool is_part(const char *part, const char *whole)
{
    static const struct {
        const char *part, *whole;
    } known[] = {
        {"n_late", "n_orders"},         {"n_missed_", "n_slots"}, {"n_settled", "n_trades"},
        {"n_users_losing", "n_meters"}, {"n_voided", "n_trades"},
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strncmp(part, known[i].part, strlen(known[i].part)) == 0 &&
            strcmp(whole, known[i].whole) == 0)
            return true;
    return false;
}

static void find_limits(struct gb_indicator *indicator)
{
    const struct gb_field *field = indicator->of.field;
    enum gb_share share = !field || indicator->is_per_second            ? GB_NO_SHARE
                          : !indicator->over                            ? field->share
                          : is_part(field->name, indicator->over->name) ? GB_SHARE
                                                                        : GB_NO_SHARE;

    indicator->least = share == GB_SHARE ? 0.0 : -INFINITY;
    indicator->most = share != GB_NO_SHARE ? indicator->scale : INFINITY;
}

static void show_as(struct gb_indicator *indicator, double scale, const char *unit)
{
    indicator->scale = scale;
    snprintf(indicator->unit, sizeof indicator->unit, "%s", unit);
}

/* The unit that a column is shown in, and its scale from the column's own. */
static double shown_unit(const struct gb_field *field, const char *currency, char unit[UNIT_SIZE])
{
    bool is_money = strncmp(field->unit, "currency", 8) == 0;

    unit[0] = '\0';
    if (strcmp(field->unit, "Wh") == 0) {
        snprintf(unit, UNIT_SIZE, "kWh");
        return 1e-3;
    }
    if (strcmp(field->unit, "ns") == 0) {
        snprintf(unit, UNIT_SIZE, "s");
        return 1e-9;
    }
    if (is_money)
        snprintf(unit, UNIT_SIZE, "%s%s", currency, field->unit + 8);
    else if (strcmp(field->unit, "1") != 0)
        snprintf(unit, UNIT_SIZE, "%s", field->unit);
    return 1.0;
}

/* One column over another: of equal units a share, else the one unit for each of the other. */
static void choose_unit_of_ratio(struct gb_indicator *indicator, const char *currency)
{
    char above[UNIT_SIZE], below[UNIT_SIZE], unit[UNIT_SIZE];
    double scale = shown_unit(indicator->of.field, currency, above);

    scale /= shown_unit(indicator->over, currency, below);
    if (is_share(indicator) || (above[0] && strcmp(above, below) == 0))
        show_as(indicator, 100.0, "%");
    else {
        snprintf(unit, sizeof unit, "%.30s%s%.30s", above[0] || !below[0] ? above : "1",
                 below[0] ? "/" : "", below);
        show_as(indicator, scale, unit);
    }
}

static void choose_unit(struct gb_indicator *indicator, const char *currency)
{
    const struct gb_field *field = indicator->of.field;
    char unit[UNIT_SIZE];

    if (indicator->is_per_second) {
        show_as(indicator, 1.0, "");
        snprintf(indicator->unit, sizeof indicator->unit, "%s/s",
                 strncmp(field->name, "n_", 2) == 0 ? field->name + 2 : field->unit);
    } else if (indicator->over)
        choose_unit_of_ratio(indicator, currency);
    else if (field->denominator && strcmp(field->unit, "1") == 0 &&
             (field->share || strncmp(field->denominator, "n_", 2) != 0)) /* not: a block has */
        show_as(indicator, 100.0, "%");
    else {
        double scale = shown_unit(field, currency, unit);

        show_as(indicator, scale, unit);
    }
}

/* ---- saving per meter and day */

/* The length of all the trials where they are equally long and shorter than a day, which has not
 * happened then; else a day. */
static double days_shown(const struct gb_results *results)
{
    const struct gb_summary_row *summary = gb_results_summary(results);
    double first = (double)summary[0].slot_ns * (double)summary[0].n_slots / DAY_NS;

    for (size_t i = 1; i < gb_results_n_trials(results); i++)
        if (summary[i].slot_ns != summary[0].slot_ns || summary[i].n_slots != summary[0].n_slots)
            return 1.0;
    return first < 1.0 ? first : 1.0;
}

static void show_per_day(struct gb_indicator *indicator, const struct gb_figure_request *request)
{
    double days = days_shown(request->results);

    indicator->scale = days;
    if (days == 1.0)
        snprintf(indicator->unit, sizeof indicator->unit, "%s per meter and day",
                 request->currency);
    else if (days * 24.0 >= 1.0)
        snprintf(indicator->unit, sizeof indicator->unit, "%s per meter in %g h", request->currency,
                 days * 24.0);
    else
        snprintf(indicator->unit, sizeof indicator->unit, "%s per meter in %g min",
                 request->currency, days * 1440.0);
}

/* ---- reading a name */

static const struct gb_field *find_field(enum gb_table table, const char *name,
                                         struct gb_error *err)
{
    const struct gb_field *field = gb_field_find(table, name);
    const char *names[GB_MAX_FIELDS + 1], *nearest;
    size_t n = 0;

    if (field && field->kind != GB_FIELD_NAME)
        return field;
    if (table == GB_TABLE_KINDS && gb_field_find(GB_TABLE_SUMMARY, name)) {
        gb_estimand_refuse_of_homes(name, err);
        return NULL;
    }
    for (field = gb_schemas[table].fields; field->name; field++)
        if (field->kind != GB_FIELD_NAME)
            names[n++] = field->name;
    names[n] = NULL;
    nearest = gb_nearest_word(name, names);
    gb_fail(err, GB_EINPUT, "/%s has no column '%.80s' of numbers%s%s%s", gb_schemas[table].group,
            name, nearest ? " (did you mean '" : "", nearest ? nearest : "",
            nearest ? "'?)" : "; doc/results.md and the result itself name them");
    return NULL;
}

/* A ratio of /kinds as a ratio of sums: what its own numerator is, its denominator gives. */
static void take_apart(struct gb_indicator *out)
{
    const char *denominator = out->of.field->denominator;

    out->is_weighted = denominator != NULL;
    if (denominator)
        out->over = gb_field_find(GB_TABLE_KINDS, denominator);
}

static enum gb_status find_fields(struct gb_indicator *out, enum gb_table table, const char *name,
                                  struct gb_error *err)
{
    const char *slash = strchr(name, '/');
    char above[sizeof out->name];

    snprintf(above, sizeof above, "%.*s", (int)(slash ? (size_t)(slash - name) : strlen(name)),
             name);
    if (!slash && table == GB_TABLE_SUMMARY && gb_estimand_find(&out->of, above))
        return GB_OK;
    const struct gb_field *field = find_field(table, above, err);
    if (!field)
        return GB_EINPUT;
    out->of = gb_estimand_of(field);
    if (!slash)
        return GB_OK;
    out->is_per_second = strcmp(slash, "/s") == 0;
    if (out->is_per_second)
        return GB_OK;
    out->over = find_field(table, slash + 1, err);
    if (!out->over)
        return GB_EINPUT;
    if (field->denominator || out->over->denominator)
        return gb_fail(err, GB_EINPUT, "'%.80s' divides what is a ratio already", name);
    return GB_OK;
}

enum gb_status gb_indicator_find(struct gb_indicator *out, enum gb_table table, const char *name,
                                 const struct gb_figure_request *request, struct gb_error *err)
{
    struct gb_indicator indicator = {.scale = 1.0};
    const char *label = short_label(name);
    enum gb_status status = find_fields(&indicator, table, name, err);

    if (status != GB_OK)
        return status;
    snprintf(indicator.name, sizeof indicator.name, "%s", name);
    choose_unit(&indicator, request->currency);
    if (strcmp(name, "gain_per_user_day") == 0)
        show_per_day(&indicator, request);
    find_limits(&indicator); /* before a ratio of kinds is taken apart */
    if (label)
        snprintf(indicator.label, sizeof indicator.label, "%s", label);
    else if (!indicator.over && !indicator.is_per_second)
        describe(indicator.of.field, indicator.label, sizeof indicator.label);
    else
        snprintf(indicator.label, sizeof indicator.label, "%s", name);
    if (table == GB_TABLE_KINDS && !indicator.over && !indicator.is_per_second)
        take_apart(&indicator);
    *out = indicator;
    return GB_OK;
}

enum gb_status gb_indicator_find_of_homes(struct gb_indicator *out, struct gb_kinds *homes,
                                          const char *name, const struct gb_figure_request *request,
                                          struct gb_error *err)
{
    if (gb_home_choice_is_all(gb_results_homes(request->results)))
        return gb_indicator_find(out, GB_TABLE_SUMMARY, name, request, err);
    enum gb_status status = gb_indicator_find(out, GB_TABLE_KINDS, name, request, err);
    if (status == GB_OK)
        status = gb_kinds_read_together(homes, request->results, err);
    out->kinds = homes;
    out->kind = GB_KINDS_TOGETHER;
    return status;
}

/* ---- values */

/* A column of a trial; of a kind NaN where the trial has no home of it. */
static double column_of(const struct gb_indicator *indicator, const struct gb_field *field,
                        const struct gb_summary_row *trial)
{
    const void *row = trial;

    if (indicator->kind)
        row = gb_kinds_row(indicator->kinds, trial, indicator->kind);

    return row ? gb_field_value(field, row) : NAN;
}

static bool is_ratio(const struct gb_indicator *indicator)
{
    return indicator->over || indicator->is_per_second;
}

/* Whether its values are gathered here, and not by compare, which knows /summary alone. */
static bool is_own(const struct gb_indicator *indicator)
{
    return is_ratio(indicator) || indicator->kind;
}

/* What stands below the line. */
static double below_of(const struct gb_summary_row *row, const void *context)
{
    const struct gb_indicator *indicator = context;

    return indicator->is_per_second ? 1e-9 * (double)row->slot_ns * (double)row->n_slots
                                    : column_of(indicator, indicator->over, row);
}

static double above_of(const struct gb_summary_row *row, const void *context)
{
    const struct gb_indicator *indicator = context;
    double weight = indicator->is_weighted ? fabs(below_of(row, context)) : 1.0;

    return weight == 0.0 ? 0.0 : weight * column_of(indicator, indicator->of.field, row);
}

/* What stands above and below the line over replications: n of them at `places`, NULL: all of them.
 */
static void fill(const struct gb_indicator *indicator, const struct gb_results *results,
                 const struct gb_cell_replications *replications, const size_t *places, size_t n,
                 double *above, double *below)
{
    for (size_t i = 0; i < n; i++) {
        size_t place = places ? places[i] : i;

        above[i] = gb_cell_replication_mean(replications, results, place, above_of, indicator);
        if (is_ratio(indicator))
            below[i] = gb_cell_replication_mean(replications, results, place, below_of, indicator);
    }
}

static struct gb_confidence_interval own_interval(const struct gb_indicator *indicator,
                                                  const struct gb_results *results,
                                                  const struct gb_cell *cell)
{
    struct gb_confidence_interval out = {NAN, NAN, NAN, 0, 0, GB_INTERVAL_USUAL};
    struct gb_cell_replications replications;
    double *columns = malloc(2 * cell->n_trials * sizeof *columns);

    if (gb_cell_replications_find(&replications, results, cell, NULL) == GB_OK && columns) {
        size_t n = replications.n;

        fill(indicator, results, &replications, NULL, n, columns, columns + n);
        out = is_ratio(indicator) ? gb_share_interval(columns, columns + n, n, GB_CONFIDENCE)
                                  : gb_t_interval(columns, n, GB_CONFIDENCE);
    }
    gb_cell_replications_clear(&replications);
    free(columns);
    return out;
}

struct gb_confidence_interval gb_indicator_of(const struct gb_indicator *indicator,
                                              const struct gb_results *results,
                                              const struct gb_cell *cell)
{
    struct gb_confidence_interval interval =
        is_own(indicator) ? own_interval(indicator, results, cell)
                          : gb_cell_interval(results, cell, indicator->of.name);

    return gb_interval_scaled(interval, indicator->scale);
}

static struct gb_confidence_interval own_paired(const struct gb_indicator *indicator,
                                                const struct gb_results *results,
                                                const struct gb_cell *cell,
                                                const struct gb_cell *base)
{
    static const double weights[] = {1.0, -1.0};
    struct gb_confidence_interval out = {NAN, NAN, NAN, 0, 0, GB_INTERVAL_USUAL};
    double *columns = malloc(5 * cell->n_trials * sizeof *columns);
    struct gb_cell_pair pair;

    if (gb_cell_pair_find(&pair, results, cell, base) && columns) {
        struct gb_sample samples[2];

        for (size_t j = 0; j < 2; j++) {
            double *above = columns + 2 * j * pair.n;

            fill(indicator, results, &pair.of[j], pair.places[j], pair.n, above, above + pair.n);
            samples[j] = (struct gb_sample){above, is_ratio(indicator) ? above + pair.n : NULL};
        }
        struct gb_contrast difference =
            gb_contrast_estimate(samples, weights, 2, pair.n, NULL, columns + 4 * pair.n);
        out = gb_contrast_interval(&difference, GB_CONFIDENCE);
    }
    gb_cell_pair_clear(&pair);
    free(columns);
    return out;
}

struct gb_confidence_interval gb_indicator_paired(const struct gb_indicator *indicator,
                                                  const struct gb_results *results,
                                                  const struct gb_cell *cell,
                                                  const struct gb_cell *base)
{
    struct gb_confidence_interval interval =
        is_own(indicator) ? own_paired(indicator, results, cell, base)
                          : gb_cell_paired(results, cell, base, indicator->of.name);

    return gb_interval_scaled(interval, indicator->scale);
}
