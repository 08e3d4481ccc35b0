#include "analysis/cell_users.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/home_choice.h"
#include "analysis/paired_cells.h"
#include "analysis/schema.h"
#include "base/draws.h"

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
    struct gb_user_row *rows = NULL;
    size_t n = 0;

    if (gb_cell_shares_households(results, cell)) {
        *keeps = true;
        return GB_OK;
    }
    enum gb_status status = gb_home_choice_rows(
        results, gb_results_summary(results)[cell->trials[0]].trial, &rows, &n, err);
    if (status == GB_OK)
        *keeps = n == 0 || gb_user_is_identified(rows);
    free(rows);
    return status;
}

bool gb_user_is_identified(const struct gb_user_row *user)
{
    size_t length = strlen(user->kind);
    const char *behind = user->name + length;

    if (user->name[0] == '\0')
        return false;
    return length == 0 || strncmp(user->name, user->kind, length) != 0 || behind[0] != ' ' ||
           behind[1] == '\0' || behind[1 + strspn(behind + 1, "0123456789")] != '\0';
}

char *gb_user_name(const struct gb_user_row *user, char buffer[GB_NAME_SIZE])
{
    if (user->name[0])
        snprintf(buffer, GB_NAME_SIZE, "%s", user->name);
    else
        snprintf(buffer, GB_NAME_SIZE, "meter %u", user->meter);
    return buffer;
}

double gb_user_gain(const struct gb_user_row *user)
{
    return 1e-9 * (double)(user->cost_grid_only - user->cost);
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
    struct user_bill *bills; /* a user: of the replication that is being read */
    struct gb_comparison_sums *comparisons;
    struct gb_cell_replications replications;
    bool is_second_pass;
};

static void clear_sums(struct user_sums *sums)
{
    free(sums->users);
    free(sums->grid_only);
    free(sums->bills);
    free(sums->comparisons);
    gb_cell_replications_clear(&sums->replications);
}

static enum gb_status begin_users(struct user_sums *sums, const struct gb_user_row *rows, size_t n,
                                  struct gb_error *err)
{
    sums->n_users = n;
    sums->users = calloc(n + 1, sizeof *sums->users);
    sums->grid_only = calloc(n + 1, sizeof *sums->grid_only);
    sums->bills = calloc(n + 1, sizeof *sums->bills);
    sums->comparisons = calloc(n + 1, sizeof *sums->comparisons);
    if (!sums->users || !sums->grid_only || !sums->bills || !sums->comparisons)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu users", n);
    for (size_t u = 0; u < n; u++) {
        sums->users[u].meter = rows[u].meter;
        sums->users[u].is_named = rows[u].name[0] != '\0';
        gb_user_name(&rows[u], sums->users[u].name);
        gb_comparison_init(&sums->comparisons[u]);
    }
    return GB_OK;
}

static void add_bills(struct user_sums *sums, const struct gb_user_row *rows)
{
    const struct gb_field *cost = gb_field_find(GB_TABLE_USERS, "cost");
    const struct gb_field *cost_grid_only = gb_field_find(GB_TABLE_USERS, "cost_grid_only");

    for (size_t u = 0; u < sums->n_users; u++) {
        struct user_bill *bill = &sums->bills[u];

        bill->market += gb_field_value(cost, &rows[u]);
        bill->grid_only += gb_field_value(cost_grid_only, &rows[u]);
        bill->gross += (fabs((double)rows[u].buyer_cost_grid_only) +
                        fabs((double)rows[u].seller_revenue_grid_only)) /
                       (double)GB_UNITS_PER_CURRENCY;
    }
}

/* What a user is told of beside the bill: in the first pass. */
static void add_causes(struct user_sums *sums, const struct gb_user_row *rows)
{
    const struct gb_field *cost_grid_only = gb_field_find(GB_TABLE_USERS, "cost_grid_only");
    double n_trials = (double)sums->replications.first[sums->replications.n];

    for (size_t u = 0; u < sums->n_users; u++) {
        struct gb_causes causes = gb_causes_of_user(&rows[u]);

        sums->grid_only[u] += gb_field_value(cost_grid_only, &rows[u]);
        for (int c = 0; c < GB_N_CAUSES; c++)
            sums->users[u].causes[c] += causes.currency[c] / n_trials;
    }
}

static enum gb_status add_trial(struct user_sums *sums, struct gb_results *results, size_t trial,
                                struct gb_error *err)
{
    const struct gb_summary_row *summary = &gb_results_summary(results)[trial];
    struct gb_user_row *rows = NULL;
    size_t n = 0;
    enum gb_status status = gb_home_choice_rows(results, summary->trial, &rows, &n, err);

    if (status == GB_OK && !sums->users)
        status = begin_users(sums, rows, n, err);
    if (status == GB_OK && n != sums->n_users)
        status = gb_fail(err, GB_EINPUT, "replications of one cell have %zu and %zu users",
                         sums->n_users, n);
    if (status == GB_OK)
        add_bills(sums, rows);
    if (status == GB_OK && !sums->is_second_pass)
        add_causes(sums, rows);
    free(rows);
    return status;
}

/* The means of a replication's bills go on into the comparisons: in the second pass, which knows
 * who earns, as revenue of those. */
static void end_replication(struct user_sums *sums, size_t n_trials)
{
    double n = (double)n_trials;

    for (size_t u = 0; u < sums->n_users; u++) {
        struct user_bill *bill = &sums->bills[u];
        double sign = sums->users[u].earns ? -1.0 : 1.0;
        /* 0 is added for no -0 to be shown */
        double market = (0.0 + sign * bill->market) / n;
        double grid_only = (0.0 + sign * bill->grid_only) / n;

        if (sums->is_second_pass)
            gb_comparison_add_residual(&sums->comparisons[u], market, grid_only);
        else
            gb_comparison_add(&sums->comparisons[u], market, grid_only, bill->gross / n);
        *bill = (struct user_bill){0.0, 0.0, 0.0};
    }
}

static enum gb_status pass_trials(struct user_sums *sums, struct gb_results *results,
                                  struct gb_error *err)
{
    const struct gb_cell_replications *replications = &sums->replications;
    enum gb_status status = GB_OK;

    for (size_t k = 0; status == GB_OK && k < replications->n; k++) {
        size_t from = replications->first[k], to = replications->first[k + 1];

        for (size_t i = from; status == GB_OK && i < to; i++)
            status = add_trial(sums, results, replications->trials[i], err);
        if (status == GB_OK)
            end_replication(sums, to - from);
    }
    return status;
}

static void find_earners(struct user_sums *sums)
{
    for (size_t u = 0; u < sums->n_users; u++) {
        sums->users[u].earns = sums->grid_only[u] < 0.0;
        if (sums->users[u].earns)
            gb_comparison_negate(&sums->comparisons[u]);
    }
}

enum gb_status gb_cell_users(struct gb_user_comparison **users, size_t *n,
                             struct gb_results *results, const struct gb_cell *cell,
                             struct gb_error *err)
{
    struct user_sums sums = {0};
    enum gb_status status = gb_cell_replications_find(&sums.replications, results, cell, err);

    if (status == GB_OK)
        status = pass_trials(&sums, results, err);
    if (status == GB_OK && !sums.users)
        status = begin_users(&sums, NULL, 0, err);
    if (status == GB_OK) {
        find_earners(&sums);
        sums.is_second_pass = true;
        if (sums.replications.n > 1)
            status = pass_trials(&sums, results, err);
    }
    for (size_t u = 0; status == GB_OK && u < sums.n_users; u++)
        sums.users[u].bill = gb_comparison_of(&sums.comparisons[u]);
    if (status == GB_OK) {
        *users = sums.users;
        *n = sums.n_users;
        sums.users = NULL;
    }
    clear_sums(&sums);
    return status;
}
