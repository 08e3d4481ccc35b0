#include "analysis/compare.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/contrast.h"
#include "analysis/paired_cells.h"
#include "analysis/pairing.h"
#include "analysis/schema.h"
#include "base/draws.h"

/* A field of the summary in one trial of the cell. */
static double value_in(const struct gb_results *results, const struct gb_cell *cell, size_t i,
                       const struct gb_field *field)
{
    return gb_field_value(field, &gb_results_summary(results)[cell->trials[i]]);
}

/* The two arms of a comparison, trial by trial, and what flowed both ways in the grid-only one:
 * what its bill is the balance of. */
struct columns {
    double *market, *grid_only, *gross, *change;
    size_t n;
};

static bool create_columns(struct columns *columns, size_t capacity)
{
    size_t size = (capacity + 1) * sizeof(double);

    *columns = (struct columns){malloc(size), malloc(size), malloc(size), malloc(size), 0};
    return columns->market && columns->grid_only && columns->gross && columns->change;
}

static void clear_columns(struct columns *columns)
{
    free(columns->market);
    free(columns->grid_only);
    free(columns->gross);
    free(columns->change);
}

static void add_pair(struct columns *columns, double market, double grid_only, double gross)
{
    columns->market[columns->n] = market;
    columns->grid_only[columns->n] = grid_only;
    columns->gross[columns->n] = gross;
    columns->change[columns->n] = market - grid_only;
    columns->n++;
}

/* 100 sum x / |sum y|, in %. A sum below the line that is little beside the flows it balances gives
 * no percentage; where its own scatter over trials can tell, gb_ratio_interval judges that. */
static struct gb_confidence_interval percentage(const double *x, const double *y,
                                                const double *gross, size_t n)
{
    struct gb_confidence_interval out = gb_ratio_interval(x, y, n, GB_CONFIDENCE);
    double sum = 0.0, flows = 0.0;

    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i] + y[i])) {
            sum += y[i];
            flows += gross[i];
        }
    if (!gb_interval_has_bounds(&out) && fabs(sum) < GB_MIN_FRACTION_OF_FLOWS * flows) {
        out.estimate = NAN;
        out.kind = GB_INTERVAL_NEAR_ZERO;
    }
    return gb_interval_scaled(out, sum < 0.0 ? -100.0 : 100.0);
}

static struct gb_comparison compare_columns(const struct columns *columns)
{
    return (struct gb_comparison){
        gb_t_interval(columns->market, columns->n, GB_CONFIDENCE),
        gb_t_interval(columns->grid_only, columns->n, GB_CONFIDENCE),
        gb_paired_interval(columns->market, columns->grid_only, columns->n, GB_CONFIDENCE),
        percentage(columns->change, columns->grid_only, columns->gross, columns->n)};
}

/* What the grid-only bills of a trial are the balance of: of the community, all that was paid and
 * earned; of a side, itself. */
static double gross_flows(const struct gb_summary_row *row, const struct gb_field *grid_only)
{
    if (strcmp(grid_only->name, "cost_grid_only") != 0)
        return fabs(gb_field_value(grid_only, row));
    return (fabs((double)row->buyers_cost_grid_only) +
            fabs((double)row->sellers_revenue_grid_only) + fabs((double)row->zero_cost_grid_only)) /
           (double)GB_UNITS_PER_CURRENCY;
}

/* ---- fields of the summary over trials */

/* A ratio of a trial as numerator and denominator, which add up over trials. A trial with nothing
 * below the line has nothing above it either. */
static void split_ratio(const struct gb_results *results, const struct gb_cell *cell, size_t i,
                        const struct gb_field *ratio, double *above, double *below)
{
    const struct gb_field *denominator = gb_field_find(GB_TABLE_SUMMARY, ratio->denominator);

    assert(denominator);
    *below = value_in(results, cell, i, denominator);
    *above = *below == 0.0 ? 0.0 : value_in(results, cell, i, ratio) * fabs(*below);
}

static struct gb_confidence_interval ratio_over(const struct gb_results *results,
                                                const struct gb_cell *cell,
                                                const struct gb_field *field)
{
    const struct gb_field *denominator = gb_field_find(GB_TABLE_SUMMARY, field->denominator);
    struct gb_confidence_interval out = {NAN, NAN, NAN, 0, 0, GB_INTERVAL_USUAL};
    struct columns columns;

    if (create_columns(&columns, cell->n_trials)) {
        for (size_t i = 0; i < cell->n_trials; i++) {
            split_ratio(results, cell, i, field, &columns.market[i], &columns.grid_only[i]);
            columns.gross[i] =
                gross_flows(&gb_results_summary(results)[cell->trials[i]], denominator);
        }
        out = percentage(columns.market, columns.grid_only, columns.gross, cell->n_trials);
        out = gb_interval_scaled(out, 0.01);
    }
    clear_columns(&columns);
    return out;
}

struct gb_confidence_interval gb_cell_interval(const struct gb_results *results,
                                               const struct gb_cell *cell, const char *name)
{
    const struct gb_field *field = gb_field_find(GB_TABLE_SUMMARY, name);
    struct gb_confidence_interval interval = {NAN, NAN, NAN, 0, 0, GB_INTERVAL_USUAL};

    assert(field);
    if (field->denominator)
        return ratio_over(results, cell, field);
    double *values = malloc((cell->n_trials + 1) * sizeof *values);
    for (size_t i = 0; values && i < cell->n_trials; i++)
        values[i] = value_in(results, cell, i, field);
    if (values)
        interval = gb_t_interval(values, cell->n_trials, GB_CONFIDENCE);
    free(values);
    return interval;
}

struct gb_comparison gb_cell_compare(const struct gb_results *results, const struct gb_cell *cell,
                                     const char *market, const char *grid_only)
{
    const struct gb_field *market_field = gb_field_find(GB_TABLE_SUMMARY, market);
    const struct gb_field *grid_field = gb_field_find(GB_TABLE_SUMMARY, grid_only);
    struct gb_comparison comparison;
    struct columns columns;
    bool ok = create_columns(&columns, cell->n_trials);

    assert(market_field && grid_field);
    for (size_t i = 0; ok && i < cell->n_trials; i++)
        add_pair(&columns, value_in(results, cell, i, market_field),
                 value_in(results, cell, i, grid_field),
                 gross_flows(&gb_results_summary(results)[cell->trials[i]], grid_field));
    comparison = compare_columns(&columns);
    clear_columns(&columns);
    return comparison;
}

/* Two cells side by side over the replications that both have. */
struct pair {
    struct gb_cell_replications of[2];
    size_t *places, n;
    double *values; /* above and below the line of each, and scratch: five rows */
};

static bool create_pair(struct pair *pair, const struct gb_results *results,
                        const struct gb_cell *cell, const struct gb_cell *base)
{
    size_t n = cell->n_trials;

    *pair = (struct pair){.places = malloc(2 * (n + 1) * sizeof *pair->places),
                          .values = malloc(5 * (n + 1) * sizeof *pair->values)};
    if (!pair->places || !pair->values ||
        gb_cell_replications_find(&pair->of[0], results, cell, NULL) != GB_OK ||
        gb_cell_replications_find(&pair->of[1], results, base, NULL) != GB_OK)
        return false;
    const struct gb_replication_list lists[] = {{pair->of[0].numbers, pair->of[0].n},
                                                {pair->of[1].numbers, pair->of[1].n}};
    pair->n = gb_pairing_find(pair->places, lists, 2);
    return true;
}

static void clear_pair(struct pair *pair)
{
    gb_cell_replications_clear(&pair->of[0]);
    gb_cell_replications_clear(&pair->of[1]);
    free(pair->places);
    free(pair->values);
}

struct gb_confidence_interval gb_cell_paired(const struct gb_results *results,
                                             const struct gb_cell *cell, const struct gb_cell *base,
                                             const char *name)
{
    static const double weights[] = {1.0, -1.0};
    const struct gb_field *field = gb_field_find(GB_TABLE_SUMMARY, name);
    struct gb_confidence_interval interval = {NAN, NAN, NAN, 0, 0, GB_INTERVAL_USUAL};
    struct gb_sample samples[2];
    struct pair pair;

    assert(field);
    if (create_pair(&pair, results, cell, base)) {
        for (size_t j = 0; j < 2; j++) {
            double *above = pair.values + 2 * j * pair.n, *below = above + pair.n;

            gb_cell_replications_values(&pair.of[j], results, field, pair.places + j * pair.of[0].n,
                                        pair.n, above, below);
            samples[j] = (struct gb_sample){above, field->denominator ? below : NULL};
        }
        struct gb_contrast difference =
            gb_contrast_estimate(samples, weights, 2, pair.n, NULL, pair.values + 4 * pair.n);
        interval = gb_contrast_interval(&difference, GB_CONFIDENCE);
    }
    clear_pair(&pair);
    return interval;
}

/* Do two trials agree in all that they computed, whatever their numbers and seeds? */
static bool is_same_outcome(const struct gb_summary_row *a, const struct gb_summary_row *b)
{
    static const char *const labels[] = {"trial", "seed", "replication"};

    for (const struct gb_field *field = gb_schemas[GB_TABLE_SUMMARY].fields; field->name; field++) {
        bool is_label = false;
        double x = gb_field_value(field, a), y = gb_field_value(field, b);

        for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
            is_label = is_label || strcmp(field->name, labels[i]) == 0;
        if (!is_label && !(x == y || (isnan(x) && isnan(y))))
            return false;
    }
    return true;
}

bool gb_cell_is_deterministic(const struct gb_results *results, const struct gb_cell *cell)
{
    const struct gb_summary_row *rows = gb_results_summary(results);

    for (size_t i = 1; i < cell->n_trials; i++)
        if (!is_same_outcome(&rows[cell->trials[0]], &rows[cell->trials[i]]))
            return false;
    return cell->n_trials > 1;
}

bool gb_cell_causes(const struct gb_results *results, const struct gb_cell *cell,
                    struct gb_confidence_interval causes[GB_N_CAUSES])
{
    double *values = malloc((cell->n_trials + 1) * sizeof *values);

    for (int c = 0; values && c < GB_N_CAUSES; c++) {
        for (size_t i = 0; i < cell->n_trials; i++)
            values[i] =
                gb_causes_of_summary(&gb_results_summary(results)[cell->trials[i]]).currency[c];
        causes[c] = gb_t_interval(values, cell->n_trials, GB_CONFIDENCE);
    }
    free(values);
    return values != NULL;
}

bool gb_cell_shares_households(const struct gb_results *results, const struct gb_cell *cell)
{
    const struct gb_summary_row *rows = gb_results_summary(results);
    struct gb_draws draws = {.kept = gb_results_provenance(results)->kept};
    bool are_same = cell->n_trials <= 1 || gb_draws_are_kept(draws, GB_DRAWS_HOUSEHOLDS);

    for (size_t i = 1; are_same && i < cell->n_trials; i++)
        are_same = rows[cell->trials[i]].seed == rows[cell->trials[0]].seed;
    return are_same;
}

char *gb_user_name(const struct gb_user_row *user, char buffer[GB_NAME_SIZE])
{
    if (user->name[0])
        snprintf(buffer, GB_NAME_SIZE, "%s", user->name);
    else
        snprintf(buffer, GB_NAME_SIZE, "meter %u", user->meter);
    return buffer;
}

/* The rows of every trial of a cell, and its summary. */
struct user_tables {
    size_t n_trials, *n_rows;
    struct gb_user_row **rows;
    const struct gb_summary_row *summary;
    const size_t *trials; /* places in it */
};

static void clear_tables(struct user_tables *tables)
{
    for (size_t i = 0; tables->rows && i < tables->n_trials; i++)
        free(tables->rows[i]);
    free(tables->rows);
    free(tables->n_rows);
}

static enum gb_status load_tables(struct user_tables *tables, struct gb_results *results,
                                  const struct gb_cell *cell, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    *tables = (struct user_tables){cell->n_trials, calloc(cell->n_trials + 1, sizeof(size_t)),
                                   calloc(cell->n_trials + 1, sizeof(struct gb_user_row *)),
                                   gb_results_summary(results), cell->trials};
    if (!tables->n_rows || !tables->rows)
        return gb_fail(err, GB_ENOMEM, "no memory for the users of %zu trials", cell->n_trials);
    for (size_t i = 0; status == GB_OK && i < cell->n_trials; i++) {
        void *rows = NULL;

        status = gb_results_rows(results, GB_TABLE_USERS,
                                 gb_results_summary(results)[cell->trials[i]].trial, &rows,
                                 &tables->n_rows[i], err);
        tables->rows[i] = rows;
        if (status == GB_OK && tables->n_rows[i] != tables->n_rows[0])
            status = gb_fail(err, GB_EINPUT, "replications of one cell have %zu and %zu users",
                             tables->n_rows[0], tables->n_rows[i]);
    }
    return status;
}

/* User u of every trial; `columns` is scratch. */
static struct gb_user_comparison compare_user(const struct user_tables *tables, size_t u,
                                              struct columns *columns)
{
    const struct gb_field *cost = gb_field_find(GB_TABLE_USERS, "cost");
    const struct gb_field *grid_only = gb_field_find(GB_TABLE_USERS, "cost_grid_only");
    struct gb_user_comparison user = {.meter = tables->rows[0][u].meter};
    double sum = 0.0;

    gb_user_name(&tables->rows[0][u], user.name);
    user.is_named = tables->rows[0][u].name[0] != '\0';
    for (size_t i = 0; i < tables->n_trials; i++)
        sum += gb_field_value(grid_only, &tables->rows[i][u]);
    user.earns = sum < 0.0;
    columns->n = 0;
    for (size_t i = 0; i < tables->n_trials; i++) {
        double sign = user.earns ? -1.0 : 1.0;

        const struct gb_user_row *row = &tables->rows[i][u];
        double gross = (fabs((double)row->buyer_cost_grid_only) +
                        fabs((double)row->seller_revenue_grid_only)) /
                       (double)GB_UNITS_PER_CURRENCY;

        add_pair(columns, sign * gb_field_value(cost, row), sign * gb_field_value(grid_only, row),
                 gross);
    }
    user.bill = compare_columns(columns);
    for (size_t i = 0; i < tables->n_trials; i++) {
        struct gb_causes causes =
            gb_causes_of_user(&tables->rows[i][u], &tables->summary[tables->trials[i]]);
        for (int c = 0; c < GB_N_CAUSES; c++)
            user.causes[c] += causes.currency[c] / (double)tables->n_trials;
    }
    return user;
}

enum gb_status gb_cell_users(struct gb_user_comparison **users, size_t *n,
                             struct gb_results *results, const struct gb_cell *cell,
                             struct gb_error *err)
{
    struct gb_user_comparison *items = NULL;
    struct columns columns = {0};
    struct user_tables tables;
    enum gb_status status = load_tables(&tables, results, cell, err);

    if (status != GB_OK)
        goto done;
    items = calloc(tables.n_rows[0] + 1, sizeof *items);
    if (!create_columns(&columns, cell->n_trials) || !items) {
        status = gb_fail(err, GB_ENOMEM, "no memory for %zu users", tables.n_rows[0]);
        goto done;
    }
    for (size_t u = 0; u < tables.n_rows[0]; u++)
        items[u] = compare_user(&tables, u, &columns);
    *users = items;
    *n = tables.n_rows[0];
    items = NULL;
done:
    free(items);
    clear_columns(&columns);
    clear_tables(&tables);
    return status;
}
