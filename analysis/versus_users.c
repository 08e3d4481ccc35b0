#include "analysis/versus_users.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/cell_users.h"
#include "analysis/home_choice.h"
#include "analysis/order_statistics.h"
#include "analysis/pairing.h"
#include "analysis/versus_priv.h"
#include "base/quantity.h"

#define N_FIGURES (GB_N_USER_QUANTILES + 1) /* the last is the share who pay more */

const double gb_user_quantiles[GB_N_USER_QUANTILES] = {0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0};

/* ---- one trial */

void gb_find_user_quantiles(double quantiles[GB_N_USER_QUANTILES], double *users, size_t n)
{
    gb_order_sample(users, n);
    for (size_t q = 0; q < GB_N_USER_QUANTILES; q++)
        quantiles[q] = gb_quantile(users, n, gb_user_quantiles[q]);
}

static void summarise(double figures[N_FIGURES], const struct gb_user_row *rows,
                      const struct gb_user_row *base, size_t n, double *scratch)
{
    size_t n_worse = 0;

    for (size_t i = 0; i < n; i++) {
        int64_t more = rows[i].cost - base[i].cost;

        scratch[i] = (double)more / (double)GB_UNITS_PER_CURRENCY;
        n_worse += more > 0;
    }
    gb_find_user_quantiles(figures, scratch, n);
    figures[GB_N_USER_QUANTILES] = n ? (double)n_worse / (double)n : NAN;
}

/* The users of a trial and of its reference, as many of both. */
struct user_pair {
    struct gb_user_row *rows, *base;
    size_t n;
};

static void clear_pair(struct user_pair *pair)
{
    free(pair->rows);
    free(pair->base);
}

/* Clear it in any case. */
static enum gb_status load_pair(struct user_pair *pair, struct gb_results *results, size_t trial,
                                size_t base_trial, struct gb_error *err)
{
    const struct gb_summary_row *summary = gb_results_summary(results);
    size_t n_base = 0;
    enum gb_status status =
        gb_home_choice_rows(results, summary[trial].trial, &pair->rows, &pair->n, err);

    if (status == GB_OK)
        status = gb_home_choice_rows(results, summary[base_trial].trial, &pair->base, &n_base, err);
    if (status == GB_OK && pair->n != n_base)
        status = gb_fail(err, GB_EINPUT,
                         "trial %" PRIu64 " has %zu users and trial %" PRIu64
                         ", its reference, %zu: they cannot be compared one by one",
                         summary[trial].trial, pair->n, summary[base_trial].trial, n_base);
    return status;
}

static enum gb_status read_trials(double figures[N_FIGURES], struct gb_results *results,
                                  size_t trial, size_t base_trial, struct gb_error *err)
{
    struct user_pair pair = {NULL, NULL, 0};
    double *scratch = NULL;
    enum gb_status status = load_pair(&pair, results, trial, base_trial, err);

    if (status == GB_OK && !(scratch = malloc((pair.n + 1) * sizeof *scratch)))
        status = gb_fail(err, GB_ENOMEM, "no memory for %zu users", pair.n);
    if (status == GB_OK)
        summarise(figures, pair.rows, pair.base, pair.n, scratch);
    free(scratch);
    clear_pair(&pair);
    return status;
}

/* ---- one cell */

/* The trials of a replication that a sweep averages over count with their mean. */
static enum gb_status read_replication(double figures[N_FIGURES], struct gb_results *results,
                                       const struct gb_cell_replications *own, size_t place,
                                       const struct gb_cell_replications *base, size_t base_place,
                                       struct gb_error *err)
{
    size_t n = own->first[place + 1] - own->first[place];
    enum gb_status status = GB_OK;

    if (n != base->first[base_place + 1] - base->first[base_place])
        return gb_fail(err, GB_EINPUT,
                       "replication %" PRIu32 " has %zu trials in a cell and not as many in its "
                       "reference",
                       own->numbers[place], n);
    for (size_t q = 0; q < N_FIGURES; q++)
        figures[q] = 0.0;
    for (size_t i = 0; status == GB_OK && i < n; i++) {
        double of_trial[N_FIGURES];

        status = read_trials(of_trial, results, own->trials[own->first[place] + i],
                             base->trials[base->first[base_place] + i], err);
        for (size_t q = 0; status == GB_OK && q < N_FIGURES; q++)
            figures[q] += of_trial[q] / (double)n;
    }
    return status;
}

static struct gb_contrast mean_of(const double *values, size_t n, double *linear)
{
    static const double weight = 1.0;
    struct gb_sample sample = {values, NULL};

    return gb_contrast_estimate(&sample, &weight, 1, n, NULL, linear);
}

static enum gb_status compare_cell(const struct gb_versus *versus, struct gb_results *results,
                                   struct gb_users_row *row, size_t *places, double *values,
                                   struct gb_error *err)
{
    const struct gb_cell_replications *own = &versus->replications[row->cell];
    const struct gb_cell_replications *base = &versus->replications[versus->reference[row->cell]];
    const struct gb_replication_list lists[] = {{own->numbers, own->n}, {base->numbers, base->n}};
    size_t n = gb_pairing_find(places, lists, 2);
    double *linear = values + N_FIGURES * n;
    enum gb_status status = GB_OK;

    for (size_t k = 0; status == GB_OK && k < n; k++) {
        double figures[N_FIGURES];

        status = read_replication(figures, results, own, places[k], base, places[own->n + k], err);
        for (size_t q = 0; status == GB_OK && q < N_FIGURES; q++)
            values[q * n + k] = figures[q];
    }
    for (size_t q = 0; status == GB_OK && q < GB_N_USER_QUANTILES; q++)
        row->quantiles[q] = mean_of(values + q * n, n, linear);
    if (status == GB_OK)
        row->worse = mean_of(values + GB_N_USER_QUANTILES * n, n, linear);
    return status;
}

void gb_versus_users_init(const struct gb_versus *versus, struct gb_users_row *rows)
{
    static const struct gb_contrast none = {NAN, NAN, 0, 0, GB_CONTRAST_NOTHING};
    size_t n = 0;

    for (size_t c = 0; c < versus->cells->n; c++) {
        if (versus->reference[c] == GB_NO_CELL)
            continue;
        struct gb_users_row *row = &rows[n++];

        *row = (struct gb_users_row){
            .cell = c, .is_withheld = gb_versus_is_withheld(versus, c), .worse = none};
        for (size_t q = 0; q < GB_N_USER_QUANTILES; q++)
            row->quantiles[q] = none;
    }
}

enum gb_status gb_versus_users(const struct gb_versus *versus, struct gb_results *results,
                               struct gb_users_row *rows, struct gb_error *err)
{
    size_t width = versus->n_replications + 1;
    size_t *places = malloc(2 * width * sizeof *places);
    double *values = malloc((N_FIGURES + 1) * width * sizeof *values);
    enum gb_status status = GB_OK;

    if (!places || !values)
        status = gb_fail(err, GB_ENOMEM, "no memory for the users of %zu replications", width);
    for (size_t i = 0; status == GB_OK && i < gb_versus_n_compared(versus); i++)
        if (!rows[i].is_withheld)
            status = compare_cell(versus, results, &rows[i], places, values, err);
    free(places);
    free(values);
    return status;
}

/* ---- user by user */

/* Trials are read one by one, and this is all that stays of them. */
struct user_bills {
    size_t n_users;
    double *more; /* a user: in the replication that is being read, cell less reference */
    struct gb_mean_sums *means;
    struct gb_user_difference *users;
};

static void clear_bills(struct user_bills *bills)
{
    free(bills->more);
    free(bills->means);
    free(bills->users);
}

static enum gb_status begin_bills(struct user_bills *bills, const struct user_pair *pair,
                                  struct gb_error *err)
{
    bills->n_users = pair->n;
    bills->users = calloc(pair->n + 1, sizeof *bills->users);
    bills->means = calloc(pair->n + 1, sizeof *bills->means);
    bills->more = calloc(pair->n + 1, sizeof *bills->more);
    if (!bills->users || !bills->means || !bills->more)
        return gb_fail(err, GB_ENOMEM, "no memory for the bills of %zu users", pair->n);
    for (size_t u = 0; u < pair->n; u++) {
        gb_user_name(&pair->rows[u], bills->users[u].name);
        gb_mean_init(&bills->means[u]);
    }
    return GB_OK;
}

/* Adds a trial's part of a replication. */
static enum gb_status add_bills(struct user_bills *bills, const struct user_pair *pair,
                                double weight, struct gb_error *err)
{
    enum gb_status status = bills->users ? GB_OK : begin_bills(bills, pair, err);

    if (status == GB_OK && pair->n != bills->n_users)
        status = gb_fail(err, GB_EINPUT, "replications of one cell have %zu and %zu users",
                         bills->n_users, pair->n);
    for (size_t u = 0; status == GB_OK && u < pair->n; u++)
        bills->more[u] += weight * (double)(pair->rows[u].cost - pair->base[u].cost) /
                          (double)GB_UNITS_PER_CURRENCY;
    return status;
}

static enum gb_status read_bills(struct user_bills *bills, struct gb_results *results,
                                 const struct gb_cell_replications *own, size_t place,
                                 const struct gb_cell_replications *base, size_t base_place,
                                 struct gb_error *err)
{
    size_t n = own->first[place + 1] - own->first[place];
    enum gb_status status = GB_OK;

    for (size_t i = 0; status == GB_OK && i < n; i++) {
        struct user_pair pair = {NULL, NULL, 0};

        status = load_pair(&pair, results, own->trials[own->first[place] + i],
                           base->trials[base->first[base_place] + i], err);
        if (status == GB_OK)
            status = add_bills(bills, &pair, 1.0 / (double)n, err);
        clear_pair(&pair);
    }
    return status;
}

/* One pass over the replications that a cell has in common with its reference.
 * places  of the n of them: in `own`, and behind own->n in `base`
 * add     what takes a user's difference of a replication */
static enum gb_status pass_replications(struct user_bills *bills, struct gb_results *results,
                                        const struct gb_cell_replications *own,
                                        const struct gb_cell_replications *base,
                                        const size_t *places, size_t n,
                                        void (*add)(struct gb_mean_sums *sums, double value),
                                        struct gb_error *err)
{
    enum gb_status status = GB_OK;

    for (size_t k = 0; status == GB_OK && k < n; k++) {
        status = read_bills(bills, results, own, places[k], base, places[own->n + k], err);
        for (size_t u = 0; status == GB_OK && u < bills->n_users; u++) {
            add(&bills->means[u], bills->more[u]);
            bills->more[u] = 0.0;
        }
    }
    return status;
}

static enum gb_status check_same_users(const struct gb_versus *versus, struct gb_results *results,
                                       size_t cell, struct gb_error *err)
{
    bool keeps = true;
    enum gb_status status = gb_cell_keeps_users(&keeps, results, &versus->cells->items[cell], err);

    if (!keeps)
        status = gb_fail(err, GB_EINPUT,
                         "each replication has households of its own, so that no user is in two of "
                         "them; a sweep whose `redraw` leaves out households keeps them");
    return status;
}

enum gb_status gb_versus_each_user(const struct gb_versus *versus, struct gb_results *results,
                                   size_t cell, struct gb_user_difference **users, size_t *n,
                                   struct gb_error *err)
{
    const struct gb_cell_replications *own = &versus->replications[cell];
    const struct gb_cell_replications *base = &versus->replications[versus->reference[cell]];
    const struct gb_replication_list lists[] = {{own->numbers, own->n}, {base->numbers, base->n}};
    size_t *places = malloc((2 * own->n + 1) * sizeof *places), n_paired = 0;
    struct user_bills bills = {0};
    enum gb_status status = places ? check_same_users(versus, results, cell, err)
                                   : gb_fail(err, GB_ENOMEM, "no memory for users");

    if (status == GB_OK && !gb_versus_is_withheld(versus, cell))
        n_paired = gb_pairing_find(places, lists, 2);
    if (status == GB_OK)
        status = pass_replications(&bills, results, own, base, places, n_paired, gb_mean_add, err);
    if (status == GB_OK)
        status = pass_replications(&bills, results, own, base, places, n_paired, gb_mean_add_linear,
                                   err);
    for (size_t u = 0; status == GB_OK && u < bills.n_users; u++)
        bills.users[u].more = gb_mean_contrast(&bills.means[u]);
    free(places);
    if (status == GB_OK) {
        *users = bills.users;
        *n = bills.n_users;
        bills.users = NULL;
    }
    clear_bills(&bills);
    return status;
}
