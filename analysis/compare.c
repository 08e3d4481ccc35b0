#include "analysis/compare.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/contrast.h"
#include "analysis/paired_cells.h"
#include "analysis/schema.h"
#include "base/draws.h"

/* The two arms of a comparison, replication by replication, and what flowed both ways in the
 * grid-only one: what its bill is the balance of. */
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

/* ---- fields of the summary over the replications of a cell */

static double gross_of(const struct gb_summary_row *row, const void *grid_only)
{
    return gross_flows(row, grid_only);
}

/* The columns have as many places as the cell trials; replications are never more.
 * returns false without memory; both to be cleared in any case */
static bool begin(struct columns *columns, struct gb_cell_replications *replications,
                  const struct gb_results *results, const struct gb_cell *cell)
{
    *replications = (struct gb_cell_replications){0};
    return create_columns(columns, cell->n_trials) &&
           gb_cell_replications_find(replications, results, cell, NULL) == GB_OK;
}

static struct gb_confidence_interval ratio_over(const struct gb_results *results,
                                                const struct gb_cell_replications *replications,
                                                const struct gb_field *field,
                                                struct columns *columns)
{
    const struct gb_field *denominator = gb_field_find(GB_TABLE_SUMMARY, field->denominator);
    size_t n = replications->n;

    gb_cell_replications_values(replications, results, field, NULL, n, columns->market,
                                columns->grid_only);
    for (size_t i = 0; i < n; i++)
        columns->gross[i] =
            gb_cell_replication_mean(replications, results, i, gross_of, denominator);
    return gb_interval_scaled(percentage(columns->market, columns->grid_only, columns->gross, n),
                              0.01);
}

struct gb_confidence_interval gb_cell_interval(const struct gb_results *results,
                                               const struct gb_cell *cell, const char *name)
{
    const struct gb_field *field = gb_field_find(GB_TABLE_SUMMARY, name);
    struct gb_confidence_interval interval = {NAN, NAN, NAN, 0, 0, GB_INTERVAL_USUAL};
    struct gb_cell_replications replications;
    struct columns columns;
    bool ok = begin(&columns, &replications, results, cell);

    assert(field);
    if (ok && field->denominator) {
        interval = ratio_over(results, &replications, field, &columns);
    } else if (ok) {
        gb_cell_replications_values(&replications, results, field, NULL, replications.n,
                                    columns.market, NULL);
        interval = gb_t_interval(columns.market, replications.n, GB_CONFIDENCE);
    }
    gb_cell_replications_clear(&replications);
    clear_columns(&columns);
    return interval;
}

static double value_of(const struct gb_summary_row *row, const void *field)
{
    return gb_field_value(field, row);
}

struct gb_comparison gb_cell_compare(const struct gb_results *results, const struct gb_cell *cell,
                                     const char *market, const char *grid_only)
{
    const struct gb_field *market_field = gb_field_find(GB_TABLE_SUMMARY, market);
    const struct gb_field *grid_field = gb_field_find(GB_TABLE_SUMMARY, grid_only);
    struct gb_cell_replications replications;
    struct columns columns;
    bool ok = begin(&columns, &replications, results, cell);

    assert(market_field && grid_field);
    for (size_t i = 0; ok && i < replications.n; i++)
        add_pair(&columns,
                 gb_cell_replication_mean(&replications, results, i, value_of, market_field),
                 gb_cell_replication_mean(&replications, results, i, value_of, grid_field),
                 gb_cell_replication_mean(&replications, results, i, gross_of, grid_field));
    struct gb_comparison comparison = compare_columns(&columns);
    gb_cell_replications_clear(&replications);
    clear_columns(&columns);
    return comparison;
}

struct gb_confidence_interval gb_cell_paired(const struct gb_results *results,
                                             const struct gb_cell *cell, const struct gb_cell *base,
                                             const char *name)
{
    static const double weights[] = {1.0, -1.0};
    const struct gb_field *field = gb_field_find(GB_TABLE_SUMMARY, name);
    struct gb_confidence_interval interval = {NAN, NAN, NAN, 0, 0, GB_INTERVAL_USUAL};
    struct gb_sample samples[2];
    struct gb_cell_pair pair;
    double *values = malloc(5 * (cell->n_trials + 1) * sizeof *values);

    assert(field);
    if (gb_cell_pair_find(&pair, results, cell, base) && values) {
        for (size_t j = 0; j < 2; j++) {
            double *above = values + 2 * j * pair.n, *below = above + pair.n;

            gb_cell_replications_values(&pair.of[j], results, field, pair.places[j], pair.n, above,
                                        below);
            samples[j] = (struct gb_sample){above, field->denominator ? below : NULL};
        }
        struct gb_contrast difference =
            gb_contrast_estimate(samples, weights, 2, pair.n, NULL, values + 4 * pair.n);
        interval = gb_contrast_interval(&difference, GB_CONFIDENCE);
    }
    free(values);
    gb_cell_pair_clear(&pair);
    return interval;
}

struct gb_confidence_interval gb_cell_gap(const struct gb_results *results,
                                          const struct gb_cell *cell, const char *field,
                                          const char *other)
{
    static const double weights[] = {1.0, -1.0};
    const struct gb_field *fields[] = {gb_field_find(GB_TABLE_SUMMARY, field),
                                       gb_field_find(GB_TABLE_SUMMARY, other)};
    struct gb_confidence_interval interval = {NAN, NAN, NAN, 0, 0, GB_INTERVAL_USUAL};
    struct gb_cell_replications replications = {0};
    struct gb_sample samples[2];
    double *values = malloc(5 * (cell->n_trials + 1) * sizeof *values);

    if (values && gb_cell_replications_find(&replications, results, cell, NULL) == GB_OK) {
        size_t n = replications.n;

        for (size_t j = 0; j < 2; j++) {
            double *above = values + 2 * j * n, *below = above + n;

            gb_cell_replications_values(&replications, results, fields[j], NULL, n, above, below);
            samples[j] = (struct gb_sample){above, below};
        }
        struct gb_contrast gap = gb_contrast_estimate(samples, weights, 2, n, NULL, values + 4 * n);
        interval = gb_contrast_interval(&gap, GB_CONFIDENCE);
    }
    free(values);
    gb_cell_replications_clear(&replications);
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

/* Of an average the trials of a replication differ, and each is as that of the first one. */
bool gb_cell_is_deterministic(const struct gb_results *results, const struct gb_cell *cell)
{
    const struct gb_summary_row *rows = gb_results_summary(results);
    struct gb_cell_replications replications;
    bool is = gb_cell_replications_find(&replications, results, cell, NULL) == GB_OK;
    size_t n_trials = is && replications.n > 0 ? replications.first[replications.n] : 0;

    is = is && replications.n > 1;
    for (size_t i = cell->n_members; is && i < n_trials; i++)
        is = is_same_outcome(&rows[replications.trials[i % cell->n_members]],
                             &rows[replications.trials[i]]);
    gb_cell_replications_clear(&replications);
    return is;
}

static double cause_of(const struct gb_summary_row *row, const void *cause)
{
    return gb_causes_of_summary(row).currency[*(const int *)cause];
}

bool gb_cell_causes(const struct gb_results *results, const struct gb_cell *cell,
                    struct gb_confidence_interval causes[GB_N_CAUSES])
{
    struct gb_cell_replications replications;
    double *values = malloc((cell->n_trials + 1) * sizeof *values);
    bool ok = gb_cell_replications_find(&replications, results, cell, NULL) == GB_OK && values;

    for (int c = 0; ok && c < GB_N_CAUSES; c++) {
        for (size_t i = 0; i < replications.n; i++)
            values[i] = gb_cell_replication_mean(&replications, results, i, cause_of, &c);
        causes[c] = gb_t_interval(values, replications.n, GB_CONFIDENCE);
    }
    free(values);
    gb_cell_replications_clear(&replications);
    return ok;
}

size_t gb_cell_n_replications(const struct gb_results *results, const struct gb_cell *cell)
{
    struct gb_cell_replications replications;
    size_t n =
        gb_cell_replications_find(&replications, results, cell, NULL) == GB_OK ? replications.n : 0;

    gb_cell_replications_clear(&replications);
    return n;
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

/* The rows of every trial of a cell, replication by replication, and its summary. */
struct user_tables {
    size_t n_trials, *n_rows;
    struct gb_user_row **rows;
    const struct gb_summary_row *summary;
    struct gb_cell_replications replications;
};

static void clear_tables(struct user_tables *tables)
{
    for (size_t i = 0; tables->rows && i < tables->n_trials; i++)
        free(tables->rows[i]);
    free(tables->rows);
    free(tables->n_rows);
    gb_cell_replications_clear(&tables->replications);
}

static enum gb_status load_tables(struct user_tables *tables, struct gb_results *results,
                                  const struct gb_cell *cell, struct gb_error *err)
{
    enum gb_status status;

    *tables = (struct user_tables){.n_rows = calloc(cell->n_trials + 1, sizeof(size_t)),
                                   .rows = calloc(cell->n_trials + 1, sizeof(struct gb_user_row *)),
                                   .summary = gb_results_summary(results)};
    status = gb_cell_replications_find(&tables->replications, results, cell, err);
    if (status != GB_OK)
        return status;
    if (!tables->n_rows || !tables->rows)
        return gb_fail(err, GB_ENOMEM, "no memory for the users of %zu trials", cell->n_trials);
    tables->n_trials = tables->replications.first[tables->replications.n];
    for (size_t i = 0; status == GB_OK && i < tables->n_trials; i++) {
        void *rows = NULL;

        status = gb_results_rows(results, GB_TABLE_USERS,
                                 tables->summary[tables->replications.trials[i]].trial, &rows,
                                 &tables->n_rows[i], err);
        tables->rows[i] = rows;
        if (status == GB_OK && tables->n_rows[i] != tables->n_rows[0])
            status = gb_fail(err, GB_EINPUT, "replications of one cell have %zu and %zu users",
                             tables->n_rows[0], tables->n_rows[i]);
    }
    return status;
}

/* The bills of user u in the k-th replication, the mean over its trials. */
static void add_bill(struct columns *columns, const struct user_tables *tables, size_t u, size_t k,
                     double sign)
{
    const struct gb_field *cost = gb_field_find(GB_TABLE_USERS, "cost");
    const struct gb_field *grid_only = gb_field_find(GB_TABLE_USERS, "cost_grid_only");
    size_t from = tables->replications.first[k], to = tables->replications.first[k + 1];
    double market = 0.0, grid = 0.0, gross = 0.0, n = (double)(to - from);

    for (size_t i = from; i < to; i++) {
        const struct gb_user_row *row = &tables->rows[i][u];

        market += sign * gb_field_value(cost, row);
        grid += sign * gb_field_value(grid_only, row);
        gross += (fabs((double)row->buyer_cost_grid_only) +
                  fabs((double)row->seller_revenue_grid_only)) /
                 (double)GB_UNITS_PER_CURRENCY;
    }
    add_pair(columns, market / n, grid / n, gross / n);
}

/* User u of every trial; `columns` is scratch. */
static struct gb_user_comparison compare_user(const struct user_tables *tables, size_t u,
                                              struct columns *columns)
{
    const struct gb_field *grid_only = gb_field_find(GB_TABLE_USERS, "cost_grid_only");
    struct gb_user_comparison user = {.meter = tables->rows[0][u].meter};
    double sum = 0.0;

    gb_user_name(&tables->rows[0][u], user.name);
    user.is_named = tables->rows[0][u].name[0] != '\0';
    for (size_t i = 0; i < tables->n_trials; i++)
        sum += gb_field_value(grid_only, &tables->rows[i][u]);
    user.earns = sum < 0.0;
    columns->n = 0;
    for (size_t k = 0; k < tables->replications.n; k++)
        add_bill(columns, tables, u, k, user.earns ? -1.0 : 1.0);
    user.bill = compare_columns(columns);
    for (size_t i = 0; i < tables->n_trials; i++) {
        struct gb_causes causes = gb_causes_of_user(
            &tables->rows[i][u], &tables->summary[tables->replications.trials[i]]);
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
