/* A comparison with the grid for programs: one row a cell and quantity. */
#include "cli/compare_priv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/cell_gains.h"
#include "analysis/cell_users.h"
#include "analysis/completeness.h"
#include "analysis/estimand.h"

static void add_interval(struct gb_data_rows *rows, const char *name,
                         const struct gb_confidence_interval *interval)
{
    char bound[64];

    gb_data_rows_number(rows, name, interval->estimate);
    snprintf(bound, sizeof bound, "%s_lower", name);
    gb_data_rows_number(rows, bound, interval->lower);
    snprintf(bound, sizeof bound, "%s_upper", name);
    gb_data_rows_number(rows, bound, interval->upper);
}

/* A cell and where its rows go. */
struct data {
    struct gb_data_rows *rows;
    const struct gb_compare_request *request;
    struct gb_results *results;
    const struct gb_cell *cell;
};

static void add_row(const struct data *data, const char *who, const char *what,
                    const struct gb_comparison *comparison)
{
    const struct gb_results *results = data->results;
    struct gb_data_rows *rows = data->rows;

    for (size_t k = 0; k < gb_results_n_factors(results); k++)
        gb_data_rows_text(rows, gb_results_varied_key(results, k),
                          gb_cell_value(results, data->cell, k));
    gb_compare_add_homes(rows, data->request);
    gb_data_rows_text(rows, "who", who);
    gb_data_rows_text(rows, "what", what);
    gb_data_rows_count(rows, "trials", gb_cell_n_replications(results, data->cell));
    gb_data_rows_count(rows, "missing", gb_cell_n_missing(results, data->cell));
    add_interval(rows, "market", &comparison->market);
    add_interval(rows, "grid_only", &comparison->grid_only);
    add_interval(rows, "difference", &comparison->difference);
    add_interval(rows, "change_pct", &comparison->change_pct);
    gb_data_rows_count(rows, "change_pct_trials", comparison->change_pct.n);
    gb_data_rows_end(rows);
}

/* What has no grid-only counterpart stands under the market alone. */
static void add_alone(const struct data *data, const char *who, const char *what,
                      struct gb_confidence_interval interval)
{
    static const struct gb_confidence_interval none = {NAN, NAN, NAN, 0, 0, GB_INTERVAL_USUAL};
    struct gb_comparison comparison = {interval, none, none, none};

    add_row(data, who, what, &comparison);
}

static void add_field(const struct data *data, const char *field)
{
    add_alone(data, "all", field, gb_compare_interval(data->results, data->cell, field));
}

/* Both sides and the community. */
static void add_market(const struct data *data)
{
    for (size_t i = 0; i < GB_COMPARE_N_SIDES; i++) {
        struct gb_comparison side = gb_compare_fields(
            data->results, data->cell, gb_compare_sides[i].market, gb_compare_sides[i].grid_only);

        add_row(data, "all", gb_compare_sides[i].key, &side);
    }
    add_field(data, "saving");
    if (gb_compare_last_a_day(data->results))
        add_field(data, GB_COMPARE_PER_DAY);
    add_field(data, GB_COMPARE_BUYERS_GAIN);
    add_field(data, GB_COMPARE_SELLERS_GAIN);
    add_field(data, GB_GAP_OF_SIDES);
}

/* The quantities that are asked for, or the usual ones of homes.
 * but  one that has a row of its own; NULL: none */
static enum gb_status add_columns(const struct data *data, const char *who, const char *but,
                                  struct gb_error *err)
{
    struct gb_estimand *estimands = NULL;
    size_t n = 0;
    enum gb_status status = gb_compare_columns(&estimands, &n, data->request, data->results, err);

    for (size_t i = 0; status == GB_OK && i < n; i++)
        if (!but || strcmp(estimands[i].name, but) != 0)
            add_alone(data, who, estimands[i].name,
                      gb_compare_estimate(data->results, data->cell, &estimands[i]));
    free(estimands);
    return status;
}

/* Homes that are asked about: their bills on both sides, and what else there is of them. */
static enum gb_status add_homes(const struct data *data, struct gb_error *err)
{
    struct gb_comparison bill =
        gb_cell_compare_homes(data->results, data->cell, &data->request->of_homes);

    add_row(data, "homes", "cost", &bill);
    return add_columns(data, "homes", "cost", err);
}

/* Users who are others in each trial: gain_q05 is the 5 % quantile of their gains. */
static enum gb_status add_gains(const struct data *data, struct gb_error *err)
{
    struct gb_confidence_interval gains[GB_N_USER_QUANTILES];
    enum gb_status status = gb_cell_gain_quantiles(gains, data->results, data->cell, err);

    for (size_t q = 0; status == GB_OK && q < GB_N_USER_QUANTILES; q++) {
        char name[32];

        snprintf(name, sizeof name, "gain_q%02.0f", 100.0 * gb_user_quantiles[q]);
        add_alone(data, "users", name, gains[q]);
    }
    return status;
}

static enum gb_status add_users(const struct data *data, struct gb_error *err)
{
    struct gb_user_comparison *users = NULL;
    size_t n = 0;
    bool keeps = true;
    enum gb_status status = gb_cell_keeps_users(&keeps, data->results, data->cell, err);

    if (!keeps)
        return add_gains(data, err);
    if (status == GB_OK)
        status = gb_cell_users(&users, &n, data->results, data->cell, err);
    for (size_t u = 0; u < n; u++)
        add_row(data, users[u].name, users[u].earns ? "revenue" : "cost", &users[u].bill);
    free(users);
    return status;
}

/* Where users follow several strategies, or are of several kinds, a group each: "users of zip",
 * "homes of farm". */
static enum gb_status add_groups(const struct data *data,
                                 const struct gb_compare_grouping *grouping, struct gb_error *err)
{
    struct gb_user_group *groups = NULL;
    size_t n = 0;
    enum gb_status status =
        gb_user_groups(&groups, &n, data->results, data->cell, grouping->by, err);

    for (size_t g = 0; n > 1 && g < n; g++) {
        char who[GB_NAME_SIZE + 16];

        if (!gb_user_group_is_shown(data->results, grouping->by, groups[g].name))
            continue;
        snprintf(who, sizeof who, "%s%s", grouping->who, groups[g].name);
        add_alone(data, who, "gain", groups[g].gain);
        add_alone(data, who, "gain_per_kwh", groups[g].gain_per_kwh);
        add_alone(data, who, "gain_above_others", groups[g].above_others);
    }
    free(groups);
    return status;
}

static enum gb_status add_cell(const struct data *data, struct gb_error *err)
{
    bool keeps = false;
    enum gb_status status =
        gb_results_keeps(&keeps, data->results, GB_TABLE_USERS, data->cell->trials[0], err);
    bool are_all = gb_home_choice_is_all(&data->request->homes);

    if (status != GB_OK)
        return status;
    if (data->request->columns) /* these alone, as in the table for a person */
        return add_columns(data, are_all ? "all" : "homes", NULL, err);
    if (are_all)
        add_market(data);
    else
        status = add_homes(data, err);
    if (status == GB_OK && keeps &&
        gb_compare_homes_are_as_many(data->request, data->results, data->cell, data->cell))
        status = add_users(data, err);
    for (size_t g = 0; g < GB_COMPARE_N_GROUPINGS; g++)
        if (status == GB_OK && gb_user_groups_are_kept(data->results, gb_compare_groupings[g].by))
            status = add_groups(data, &gb_compare_groupings[g], err);
    return status;
}

enum gb_status gb_compare_print_data(const struct gb_compare_request *request,
                                     struct gb_results *results, const struct gb_cells *cells,
                                     enum gb_data_format format, struct gb_error *err)
{
    struct gb_data_rows rows = {.format = format, .out = stdout};
    struct gb_estimand *estimands = NULL;
    size_t n = 0;
    enum gb_status status = GB_OK;

    if (request->columns) /* what is asked for is there, or nothing is printed */
        status = gb_compare_columns(&estimands, &n, request, results, err);
    free(estimands);
    if (status != GB_OK)
        return status;
    for (size_t c = 0; status == GB_OK && c < cells->n; c++)
        status = add_cell(&(struct data){&rows, request, results, &cells->items[c]}, err);
    gb_data_rows_close(&rows);
    return status;
}
