#include "analysis/user_groups.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/home_choice.h"
#include "analysis/paired_cells.h"
#include "analysis/schema.h"
#include "base/array.h"
#include "base/quantity.h"

/* Sums over the users of a group and the trials of a replication. */
struct sums {
    double n, gain, kwh;
};

struct group {
    char name[GB_NAME_SIZE];
    int order;         /* of the word of a strategy; of kinds 0: they go by their names */
    struct sums *sums; /* a replication */
};

struct tally {
    enum gb_user_grouping by;
    const struct gb_home_choice *homes; /* that are asked about */
    const struct gb_field *strategy;
    struct gb_cell_replications replications;
    size_t n, capacity, last; /* groups; the one that was found last */
    struct group *groups;
    double *values, *others; /* scratch, one a replication each */
};

static void clear(struct tally *tally)
{
    for (size_t g = 0; g < tally->n; g++)
        free(tally->groups[g].sums);
    free(tally->groups);
    free(tally->values);
    free(tally->others);
    gb_cell_replications_clear(&tally->replications);
}

/* ---- groups */

static struct group *add_group(struct tally *tally, const char *name, int order)
{
    struct group *groups =
        gb_array_grow(tally->groups, &tally->capacity, tally->n + 1, sizeof *groups);
    struct sums *sums = calloc(tally->replications.n + 1, sizeof *sums);

    if (groups)
        tally->groups = groups;
    if (!groups || !sums) {
        free(sums);
        return NULL;
    }
    struct group *group = &groups[tally->n];
    *group = (struct group){.order = order, .sums = sums};
    snprintf(group->name, sizeof group->name, "%s", name);
    tally->last = tally->n++;
    return group;
}

/* The group of a name; neighbours are of one kind as a rule. NULL without memory */
static struct group *group_named(struct tally *tally, const char *name, int order)
{
    for (size_t i = 0; i < tally->n; i++) {
        size_t g = (tally->last + i) % tally->n;

        if (strcmp(tally->groups[g].name, name) == 0) {
            tally->last = g;
            return &tally->groups[g];
        }
    }
    return add_group(tally, name, order);
}

static struct group *group_of(struct tally *tally, const struct gb_user_row *row)
{
    char word[GB_NAME_SIZE];

    return tally->by == GB_USERS_BY_KIND
               ? group_named(tally, row->kind, 0)
               : group_named(tally,
                             gb_field_word(tally->strategy, row->strategy, word, sizeof word),
                             row->strategy);
}

static int in_order(const void *a, const void *b)
{
    const struct group *x = a, *y = b;

    return x->order != y->order ? (x->order > y->order) - (x->order < y->order)
                                : strcmp(x->name, y->name);
}

/* Groups are set beside each other by what sets them apart, whatever of it is shown; of another
 * column, homes that are not asked about are in none. */
static bool is_asked_about(const struct tally *tally, const struct gb_user_row *user)
{
    return tally->by == GB_USERS_BY_KIND ? gb_home_choice_has_strategy(tally->homes, user->strategy)
                                         : gb_home_choice_has_kind(tally->homes, user->kind);
}

/* ---- reading */

static enum gb_status add_users(struct tally *tally, size_t replication,
                                const struct gb_user_row *rows, size_t n, struct gb_error *err)
{
    for (size_t u = 0; u < n; u++) {
        if (!is_asked_about(tally, &rows[u]))
            continue;
        struct group *group = group_of(tally, &rows[u]);

        if (!group)
            return gb_fail(err, GB_ENOMEM, "no memory for groups of users");
        struct sums *sums = &group->sums[replication];
        sums->n++;
        sums->gain += (double)(rows[u].cost_grid_only - rows[u].cost) / GB_UNITS_PER_CURRENCY;
        sums->kwh += (double)(rows[u].import_wh + rows[u].export_wh) / GB_WH_PER_KWH;
    }
    return GB_OK;
}

/* The same of rows of kinds, which are sums already. */
static enum gb_status add_kinds(struct tally *tally, size_t replication,
                                const struct gb_kind_row *rows, size_t n, struct gb_error *err)
{
    for (size_t r = 0; r < n; r++) {
        struct group *group = group_named(tally, rows[r].kind, 0);

        if (!group)
            return gb_fail(err, GB_ENOMEM, "no memory for groups of users");
        struct sums *sums = &group->sums[replication];
        sums->n += (double)rows[r].n_homes;
        sums->gain += (double)rows[r].saving / GB_UNITS_PER_CURRENCY;
        sums->kwh += (double)(rows[r].import_wh + rows[r].export_wh) / GB_WH_PER_KWH;
    }
    return GB_OK;
}

static enum gb_status add_trials(struct tally *tally, struct gb_results *results,
                                 struct gb_error *err)
{
    const struct gb_cell_replications *replications = &tally->replications;
    bool has_kinds = tally->by == GB_USERS_BY_KIND && gb_results_has(results, GB_TABLE_KINDS) &&
                     !(tally->homes && tally->homes->n_strategies > 0);
    enum gb_status status = GB_OK;

    for (size_t k = 0; k < replications->n; k++) {
        for (size_t i = replications->first[k]; status == GB_OK && i < replications->first[k + 1];
             i++) {
            const struct gb_summary_row *row =
                &gb_results_summary(results)[replications->trials[i]];
            void *rows = NULL;
            size_t n = 0;

            status = gb_results_rows(results, has_kinds ? GB_TABLE_KINDS : GB_TABLE_USERS,
                                     row->trial, &rows, &n, err);
            if (status == GB_OK)
                status = has_kinds ? add_kinds(tally, k, rows, n, err)
                                   : add_users(tally, k, rows, n, err);
            free(rows);
        }
    }
    return status;
}

static enum gb_status load(struct tally *tally, struct gb_results *results,
                           const struct gb_cell *cell, struct gb_error *err)
{
    enum gb_status status = gb_cell_replications_find(&tally->replications, results, cell, err);
    size_t n = tally->replications.n;

    if (status != GB_OK)
        return status;
    tally->values = calloc(n + 1, sizeof *tally->values);
    tally->others = calloc(n + 1, sizeof *tally->others);
    if (!tally->values || !tally->others)
        return gb_fail(err, GB_ENOMEM, "no memory for the groups of %zu replications", n);
    status = add_trials(tally, results, err);
    if (tally->n > 1)
        qsort(tally->groups, tally->n, sizeof *tally->groups, in_order);
    return status;
}

/* ---- a group */

static struct gb_confidence_interval above_others(struct tally *tally, const struct group *group)
{
    size_t kept = 0;

    for (size_t k = 0; k < tally->replications.n; k++) {
        const struct sums *own = &group->sums[k];
        struct sums others = {-own->n, -own->gain, 0};

        for (size_t g = 0; g < tally->n; g++) {
            others.n += tally->groups[g].sums[k].n;
            others.gain += tally->groups[g].sums[k].gain;
        }
        if (own->n > 0 && others.n > 0)
            tally->values[kept++] = own->gain / own->n - others.gain / others.n;
    }
    return gb_t_interval(tally->values, kept, GB_CONFIDENCE);
}

static struct gb_confidence_interval gain_of(struct tally *tally, const struct group *group)
{
    size_t kept = 0;

    for (size_t k = 0; k < tally->replications.n; k++)
        if (group->sums[k].n > 0)
            tally->values[kept++] = group->sums[k].gain / group->sums[k].n;
    return gb_t_interval(tally->values, kept, GB_CONFIDENCE);
}

static double kwh_of(const struct tally *tally, const struct group *group)
{
    double sum = 0, n = 0;

    for (size_t k = 0; k < tally->replications.n; k++)
        if (group->sums[k].n > 0) {
            sum += group->sums[k].kwh / group->sums[k].n;
            n++;
        }
    return sum / n;
}

static struct gb_confidence_interval gain_per_kwh(struct tally *tally, const struct group *group)
{
    size_t kept = 0;

    for (size_t k = 0; k < tally->replications.n; k++)
        if (group->sums[k].n > 0) {
            tally->values[kept] = group->sums[k].gain;
            tally->others[kept++] = group->sums[k].kwh;
        }
    return gb_ratio_interval(tally->values, tally->others, kept, GB_CONFIDENCE);
}

static double count_users(const struct tally *tally, const struct group *group)
{
    size_t n = tally->replications.n;
    double sum = 0;

    for (size_t k = 0; k < n; k++)
        sum += group->sums[k].n;
    return sum / (double)tally->replications.first[n]; /* trials */
}

bool gb_user_group_is_shown(const struct gb_results *results, enum gb_user_grouping by,
                            const char *name)
{
    const struct gb_home_choice *homes = gb_results_homes(results);

    if (by == GB_USERS_BY_KIND)
        return gb_home_choice_has_kind(homes, name);
    for (size_t i = 0; homes && i < homes->n_strategies; i++)
        if (strcmp(homes->strategies[i], name) == 0)
            return true;
    return !homes || homes->n_strategies == 0;
}

bool gb_user_groups_are_kept(const struct gb_results *results, enum gb_user_grouping by)
{
    return gb_results_has(results, GB_TABLE_USERS) ||
           (by == GB_USERS_BY_KIND && gb_results_has(results, GB_TABLE_KINDS));
}

enum gb_status gb_user_groups(struct gb_user_group **groups, size_t *n, struct gb_results *results,
                              const struct gb_cell *cell, enum gb_user_grouping by,
                              struct gb_error *err)
{
    struct tally tally = {.by = by,
                          .homes = gb_results_homes(results),
                          .strategy = gb_field_find(GB_TABLE_USERS, "strategy")};
    enum gb_status status = load(&tally, results, cell, err);

    *n = 0;
    *groups = status == GB_OK ? calloc(tally.n + 1, sizeof **groups) : NULL;
    if (status == GB_OK && !*groups) {
        status = gb_fail(err, GB_ENOMEM, "no memory for %zu groups of users", tally.n);
    } else if (status == GB_OK) {
        for (; *n < tally.n; ++*n) {
            struct gb_user_group *group = &(*groups)[*n];
            const struct group *found = &tally.groups[*n];

            memcpy(group->name, found->name, sizeof group->name);
            group->n_users = count_users(&tally, found);
            group->gain = gain_of(&tally, found);
            group->kwh = kwh_of(&tally, found);
            group->gain_per_kwh = gain_per_kwh(&tally, found);
            group->above_others = above_others(&tally, found);
        }
    }
    clear(&tally);
    return status;
}

/* ---- replication by replication */

void gb_group_gains_clear(struct gb_group_gains *gains)
{
    free(gains->names);
    free(gains->values);
    *gains = (struct gb_group_gains){.n = 0};
}

static double mean_gain(const struct sums *sums)
{
    return sums->n > 0 ? sums->gain / sums->n : NAN;
}

enum gb_status gb_group_gains_find(struct gb_group_gains *out, struct gb_results *results,
                                   const struct gb_cell *cell, enum gb_user_grouping by,
                                   struct gb_error *err)
{
    struct tally tally = {.by = by,
                          .homes = gb_results_homes(results),
                          .strategy = gb_field_find(GB_TABLE_USERS, "strategy")};
    enum gb_status status = load(&tally, results, cell, err);
    size_t n = tally.n, width = tally.replications.n;
    struct gb_group_gains gains = {.n = n, .n_replications = width};

    if (status == GB_OK) {
        gains.names = calloc(n + 1, sizeof *gains.names);
        gains.values = malloc((n * width + 1) * sizeof *gains.values);
        if (!gains.names || !gains.values)
            status = gb_fail(err, GB_ENOMEM, "no memory for %zu groups of users", n);
    }
    for (size_t g = 0; status == GB_OK && g < n; g++) {
        memcpy(gains.names[g], tally.groups[g].name, sizeof gains.names[g]);
        for (size_t k = 0; k < width; k++)
            gains.values[g * width + k] = mean_gain(&tally.groups[g].sums[k]);
    }
    clear(&tally);
    if (status == GB_OK)
        *out = gains;
    else
        gb_group_gains_clear(&gains);
    return status;
}
