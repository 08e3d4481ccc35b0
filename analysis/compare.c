#include "analysis/compare.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/contrast.h"
#include "analysis/estimand.h"
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

/* Of a field: Student's interval of a mean, or Fieller's of a ratio. */
static struct gb_confidence_interval interval_over(const struct gb_results *results,
                                                   const struct gb_cell_replications *replications,
                                                   const struct gb_field *field,
                                                   struct columns *columns)
{
    if (field->denominator)
        return ratio_over(results, replications, field, columns);
    gb_cell_replications_values(replications, results, field, NULL, replications->n,
                                columns->market, NULL);
    return gb_t_interval(columns->market, replications->n, GB_CONFIDENCE);
}

/* Of a difference of two fields within a cell. */
static struct gb_confidence_interval difference_over(
    const struct gb_results *results, const struct gb_cell_replications *replications,
    const struct gb_estimand *estimand, struct columns *columns)
{
    struct gb_confidence_interval interval = {NAN, NAN, NAN, 0, 0, GB_INTERVAL_USUAL};
    size_t n = replications->n;
    double *values = malloc(2 * GB_MAX_ESTIMAND_PARTS * (n + 1) * sizeof *values);
    double weights[GB_MAX_ESTIMAND_PARTS];
    struct gb_sample samples[GB_MAX_ESTIMAND_PARTS];

    if (values) {
        gb_estimand_weights(estimand, 1.0, weights);
        gb_estimand_samples(estimand, replications, results, NULL, n, samples, values);
        struct gb_contrast difference = gb_contrast_estimate(
            samples, weights, gb_estimand_n_parts(estimand), n, NULL, columns->change);
        interval = gb_contrast_interval(&difference, GB_CONFIDENCE);
    }
    free(values);
    return interval;
}

struct gb_confidence_interval gb_cell_interval(const struct gb_results *results,
                                               const struct gb_cell *cell, const char *name)
{
    struct gb_confidence_interval interval = {NAN, NAN, NAN, 0, 0, GB_INTERVAL_USUAL};
    struct gb_cell_replications replications;
    struct gb_estimand estimand;
    struct columns columns;
    bool is_known = gb_estimand_find(&estimand, name);

    assert(is_known);
    (void)is_known;
    if (begin(&columns, &replications, results, cell))
        interval = estimand.less ? difference_over(results, &replications, &estimand, &columns)
                                 : interval_over(results, &replications, estimand.field, &columns);
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
    const struct gb_estimand estimand = gb_estimand_of(gb_field_find(GB_TABLE_SUMMARY, name));
    struct gb_confidence_interval interval = {NAN, NAN, NAN, 0, 0, GB_INTERVAL_USUAL};
    struct gb_sample samples[2];
    struct gb_cell_pair pair;
    double *values = malloc(5 * (cell->n_trials + 1) * sizeof *values);

    if (gb_cell_pair_find(&pair, results, cell, base) && values) {
        for (size_t j = 0; j < 2; j++)
            gb_estimand_samples(&estimand, &pair.of[j], results, pair.places[j], pair.n,
                                &samples[j], values + 2 * j * pair.n);
        struct gb_contrast difference =
            gb_contrast_estimate(samples, weights, 2, pair.n, NULL, values + 4 * pair.n);
        interval = gb_contrast_interval(&difference, GB_CONFIDENCE);
    }
    free(values);
    gb_cell_pair_clear(&pair);
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

enum gb_status gb_cell_keeps_users(bool *keeps, struct gb_results *results,
                                   const struct gb_cell *cell, struct gb_error *err)
{
    void *rows = NULL;
    size_t n = 0;

    if (gb_cell_shares_households(results, cell)) {
        *keeps = true;
        return GB_OK;
    }
    enum gb_status status =
        gb_results_rows(results, GB_TABLE_USERS, gb_results_summary(results)[cell->trials[0]].trial,
                        &rows, &n, err);
    if (status == GB_OK)
        *keeps = n == 0 || ((const struct gb_user_row *)rows)->name[0] != '\0';
    free(rows);
    return status;
}

char *gb_user_name(const struct gb_user_row *user, char buffer[GB_NAME_SIZE])
{
    if (user->name[0])
        snprintf(buffer, GB_NAME_SIZE, "%s", user->name);
    else
        snprintf(buffer, GB_NAME_SIZE, "meter %u", user->meter);
    return buffer;
}

/* ---- users over the trials of a cell */

/* Of a replication, over its trials, in currency. */
struct user_bill {
    double market, grid_only, gross;
};

/* Trials are read one by one, and this is all that stays of them. */
struct user_sums {
    size_t n_users;
    struct gb_user_comparison *users;
    double *grid_only;       /* a user: over all trials, in currency */
    struct user_bill *bills; /* a replication and user */
    struct gb_cell_replications replications;
};

static void clear_sums(struct user_sums *sums)
{
    free(sums->users);
    free(sums->grid_only);
    free(sums->bills);
    gb_cell_replications_clear(&sums->replications);
}

static enum gb_status begin_users(struct user_sums *sums, const struct gb_user_row *rows, size_t n,
                                  struct gb_error *err)
{
    sums->n_users = n;
    sums->users = calloc(n + 1, sizeof *sums->users);
    sums->grid_only = calloc(n + 1, sizeof *sums->grid_only);
    sums->bills = calloc(sums->replications.n * n + 1, sizeof *sums->bills);
    if (!sums->users || !sums->grid_only || !sums->bills)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu users", n);
    for (size_t u = 0; u < n; u++) {
        sums->users[u].meter = rows[u].meter;
        sums->users[u].is_named = rows[u].name[0] != '\0';
        gb_user_name(&rows[u], sums->users[u].name);
    }
    return GB_OK;
}

static void add_rows(struct user_sums *sums, size_t replication, const struct gb_user_row *rows,
                     const struct gb_summary_row *trial)
{
    const struct gb_field *cost = gb_field_find(GB_TABLE_USERS, "cost");
    const struct gb_field *cost_grid_only = gb_field_find(GB_TABLE_USERS, "cost_grid_only");
    double n_trials = (double)sums->replications.first[sums->replications.n];
    struct user_bill *bills = sums->bills + replication * sums->n_users;

    for (size_t u = 0; u < sums->n_users; u++) {
        const struct gb_user_row *row = &rows[u];
        struct gb_causes causes = gb_causes_of_user(row, trial);
        double grid_only = gb_field_value(cost_grid_only, row);

        bills[u].market += gb_field_value(cost, row);
        bills[u].grid_only += grid_only;
        bills[u].gross += (fabs((double)row->buyer_cost_grid_only) +
                           fabs((double)row->seller_revenue_grid_only)) /
                          (double)GB_UNITS_PER_CURRENCY;
        sums->grid_only[u] += grid_only;
        for (int c = 0; c < GB_N_CAUSES; c++)
            sums->users[u].causes[c] += causes.currency[c] / n_trials;
    }
}

static enum gb_status add_trial(struct user_sums *sums, struct gb_results *results,
                                size_t replication, size_t trial, struct gb_error *err)
{
    const struct gb_summary_row *summary = &gb_results_summary(results)[trial];
    void *rows = NULL;
    size_t n = 0;
    enum gb_status status =
        gb_results_rows(results, GB_TABLE_USERS, summary->trial, &rows, &n, err);

    if (status == GB_OK && !sums->users)
        status = begin_users(sums, rows, n, err);
    if (status == GB_OK && n != sums->n_users)
        status = gb_fail(err, GB_EINPUT, "replications of one cell have %zu and %zu users",
                         sums->n_users, n);
    if (status == GB_OK)
        add_rows(sums, replication, rows, summary);
    free(rows);
    return status;
}

static enum gb_status add_trials(struct user_sums *sums, struct gb_results *results,
                                 const struct gb_cell *cell, struct gb_error *err)
{
    enum gb_status status = gb_cell_replications_find(&sums->replications, results, cell, err);
    size_t n = status == GB_OK ? sums->replications.n : 0;

    for (size_t k = 0; k < n; k++)
        for (size_t i = sums->replications.first[k];
             status == GB_OK && i < sums->replications.first[k + 1]; i++)
            status = add_trial(sums, results, k, sums->replications.trials[i], err);
    return status == GB_OK && !sums->users ? begin_users(sums, NULL, 0, err) : status;
}

/* The means of a replication's bills: of one who earns, as revenue. `columns` is scratch. */
static void compare_user(struct user_sums *sums, size_t u, struct columns *columns)
{
    struct gb_user_comparison *user = &sums->users[u];

    user->earns = sums->grid_only[u] < 0.0;
    columns->n = 0;
    for (size_t k = 0; k < sums->replications.n; k++) {
        const struct user_bill *bill = &sums->bills[k * sums->n_users + u];
        double n = (double)(sums->replications.first[k + 1] - sums->replications.first[k]);
        double sign = user->earns ? -1.0 : 1.0;

        /* 0 is added for no -0 to be shown */
        add_pair(columns, (0.0 + sign * bill->market) / n, (0.0 + sign * bill->grid_only) / n,
                 bill->gross / n);
    }
    user->bill = compare_columns(columns);
}

enum gb_status gb_cell_users(struct gb_user_comparison **users, size_t *n,
                             struct gb_results *results, const struct gb_cell *cell,
                             struct gb_error *err)
{
    struct columns columns = {0};
    struct user_sums sums = {0};
    enum gb_status status = add_trials(&sums, results, cell, err);

    if (status == GB_OK && !create_columns(&columns, cell->n_trials))
        status = gb_fail(err, GB_ENOMEM, "no memory for %zu users", sums.n_users);
    for (size_t u = 0; status == GB_OK && u < sums.n_users; u++)
        compare_user(&sums, u, &columns);
    if (status == GB_OK) {
        *users = sums.users;
        *n = sums.n_users;
        sums.users = NULL;
    }
    clear_columns(&columns);
    clear_sums(&sums);
    return status;
}
