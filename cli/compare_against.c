/* Every cell of a sweep against a reference: choosing the cells, and the families computed before
 * anything is printed. */
#include "cli/compare_against.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/bootstrap.h"
#include "cli/stored_cases.h"

static enum gb_status compute_family(const struct gb_against *against,
                                     struct gb_against_family *family, struct gb_error *err)
{
    enum gb_status status;

    family->rows = calloc(gb_versus_n_compared(against->versus) + 1, sizeof *family->rows);
    if (!family->rows)
        return gb_fail(err, GB_ENOMEM, "no memory for a comparison of cells");
    status = gb_versus_family(against->versus, &family->estimand, family->rows, &family->size, err);
    if (status == GB_OK && against->grid == GB_GRID_COMPLETE)
        status = gb_versus_main_effects(against->versus, &family->estimand, &family->effects,
                                        &family->n_effects, err);
    for (size_t i = 0; status == GB_OK && i < family->n_effects; i++)
        if (!isnan(family->effects[i].p))
            family->effects_size++;
    return status;
}

static enum gb_status compute_users(struct gb_against *against, struct gb_error *err)
{
    against->users = calloc(gb_versus_n_compared(against->versus) + 1, sizeof *against->users);
    if (!against->users)
        return gb_fail(err, GB_ENOMEM, "no memory for a comparison of users");
    gb_versus_users_init(against->versus, against->users);
    /* user by user nothing shows the distribution over them: it is not read for nothing */
    return against->request->each_user
               ? GB_OK
               : gb_versus_users(against->versus, against->results, against->users, err);
}

static enum gb_status compute_each_user(struct gb_against *against, struct gb_error *err)
{
    size_t n = gb_versus_n_compared(against->versus);
    enum gb_status status = GB_OK;

    against->each_user = calloc(n + 1, sizeof *against->each_user);
    against->n_each = calloc(n + 1, sizeof *against->n_each);
    if (!against->each_user || !against->n_each)
        return gb_fail(err, GB_ENOMEM, "no memory for a comparison of users");
    for (size_t i = 0; status == GB_OK && i < n; i++)
        status = gb_versus_each_user(against->versus, against->results, against->users[i].cell,
                                     &against->each_user[i], &against->n_each[i], err);
    return status;
}

/* Are there several groups in a cell? Else all users are alike. */
static bool tells_apart(const struct gb_against_groups *groups)
{
    bool does = false;

    for (size_t i = 1; i < groups->n; i++)
        does |= groups->list[i].row.cell == groups->list[i - 1].row.cell;
    return does;
}

/* The groups that users are of, where there are several. */
static enum gb_status compute_groups(struct gb_against *against, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    for (size_t g = 0; status == GB_OK && g < GB_COMPARE_N_GROUPINGS; g++) {
        struct gb_against_groups *groups = &against->groups[g];

        if (!gb_user_groups_are_kept(against->results, gb_compare_groupings[g].by))
            continue;
        status = gb_versus_groups(against->versus, against->results, gb_compare_groupings[g].by,
                                  &groups->list, &groups->n, &groups->size, err);
        if (status == GB_OK && !tells_apart(groups))
            groups->n = 0;
    }
    return status;
}

/* Has a cell more or fewer users than its reference? Then none of them is compared one by one. */
static bool have_other_numbers(const struct gb_against *against)
{
    const struct gb_summary_row *summary = gb_results_summary(against->results);
    const struct gb_cell *cells = against->cells->items;
    size_t n = against->n_families > 0 ? gb_versus_n_compared(against->versus) : 0;
    bool have = false;

    for (size_t i = 0; i < n; i++) {
        const struct gb_versus_row *row = &against->families[0].rows[i];
        have |= summary[cells[row->cell].trials[0]].n_meters !=
                    summary[cells[row->reference].trials[0]].n_meters &&
                gb_home_choice_is_all(&against->request->homes);
        have |= !gb_compare_homes_are_as_many(against->request, against->results, &cells[row->cell],
                                              &cells[row->reference]);
    }
    return have;
}

/* Do all cells keep users, where they may differ in their level of output? */
static enum gb_status find_users(bool *have, const struct gb_against *against, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    *have = true;
    for (size_t c = 0; status == GB_OK && *have && c < against->cells->n; c++)
        status = gb_results_keeps(have, against->results, GB_TABLE_USERS,
                                  against->cells->items[c].trials[0], err);
    return status;
}

/* What can be asked of users. */
static enum gb_status compute_all_users(struct gb_against *against, struct gb_error *err)
{
    bool has_users = false;
    enum gb_status status = find_users(&has_users, against, err);
    bool are_groups_asked = !against->request->columns;
    bool are_shown = are_groups_asked && !against->request->each_user && has_users;

    if (status != GB_OK)
        return status;
    if (against->request->each_user && !has_users)
        return gb_fail(err, GB_EINPUT, "%s; a sweep keeps them from output.level: market on",
                       gb_results_has(against->results, GB_TABLE_USERS)
                           ? "some of the cells compared hold no users, so that none are compared"
                           : "the result holds no users");
    against->has_other_numbers = are_shown && have_other_numbers(against);
    if ((are_shown && !against->has_other_numbers) || against->request->each_user)
        status = compute_users(against, err);
    if (status == GB_OK && are_groups_asked)
        status = compute_groups(against, err);
    return status == GB_OK && against->request->each_user ? compute_each_user(against, err)
                                                          : status;
}

static enum gb_status compute(struct gb_against *against, struct gb_error *err)
{
    struct gb_estimand *estimands = NULL;
    enum gb_status status = gb_compare_columns(&estimands, &against->n_families, against->request,
                                               against->results, err);

    if (status == GB_OK)
        against->families = calloc(against->n_families + 1, sizeof *against->families);
    if (status == GB_OK && !against->families)
        status = gb_fail(err, GB_ENOMEM, "no memory for a comparison of cells");
    for (size_t f = 0; status == GB_OK && f < against->n_families; f++) {
        against->families[f].estimand = estimands[f];
        status = compute_family(against, &against->families[f], err);
    }
    free(estimands);
    return status == GB_OK ? compute_all_users(against, err) : status;
}

static enum gb_status begin(struct gb_against *against, struct gb_error *err)
{
    const struct gb_compare_request *request = against->request;
    struct gb_versus_options options = {request->allow_missing, request->n_resamples,
                                        &request->shown};
    const struct gb_conditions reference = {1, {request->against}};
    enum gb_status status =
        gb_stored_select(&against->reference, NULL, against->results, &reference, err);

    if (status == GB_OK)
        status = gb_versus_create(&against->versus, against->results, against->cells,
                                  &against->reference, &options, err);
    if (status == GB_OK)
        against->grid = gb_versus_grid(against->versus);
    return status == GB_OK ? gb_versus_find_leaders(against->versus, &against->leaders, err)
                           : status;
}

static void clear(struct gb_against *against)
{
    for (size_t f = 0; against->families && f < against->n_families; f++) {
        free(against->families[f].rows);
        free(against->families[f].effects);
    }
    free(against->families);
    for (size_t i = 0; against->each_user && i < gb_versus_n_compared(against->versus); i++)
        free(against->each_user[i]);
    free(against->each_user);
    free(against->n_each);
    free(against->users);
    for (size_t g = 0; g < GB_COMPARE_N_GROUPINGS; g++)
        free(against->groups[g].list);
    free(against->leaders);
    gb_versus_free(against->versus);
    gb_selection_clear(&against->reference);
}

bool gb_against_shows(const struct gb_against *against, size_t cell)
{
    return gb_selection_holds(&against->request->shown, against->results,
                              against->cells->items[cell].trials[0]);
}

const char *gb_against_state(const struct gb_contrast *difference, bool is_withheld)
{
    if (is_withheld)
        return "missing";
    switch (difference->kind) {
    case GB_CONTRAST_ESTIMATED: return difference->n == 1 ? "single" : "estimated";
    case GB_CONTRAST_EQUAL: return "equal";
    case GB_CONTRAST_CONSTANT: return "deterministic";
    case GB_CONTRAST_NEAR_ZERO: return "near zero";
    default: return "none";
    }
}

const char *gb_against_row_state(const struct gb_versus_row *row)
{
    switch (row->is_withheld ? GB_INTERVAL_USUAL : row->interval.kind) {
    case GB_INTERVAL_FEW: return "few";
    case GB_INTERVAL_LOST: return "lost";
    default: return gb_against_state(&row->difference, row->is_withheld);
    }
}

/* No row of a result can have more replications than the fullest cell. */
static enum gb_status check_resamples(const struct gb_against *against, struct gb_error *err)
{
    size_t n = gb_versus_n_replications(against->versus);

    return against->request->n_resamples == 0 || n >= GB_BOOTSTRAP_MIN_N
               ? GB_OK
               : gb_fail(err, GB_EINPUT,
                         "--bootstrap takes cells of at least %d replications, these have %zu: "
                         "without it intervals are Student's t",
                         GB_BOOTSTRAP_MIN_N, n);
}

/* The reference is compared with nothing: where it is all that --where shows, there is no row. */
static enum gb_status check_shown(const struct gb_against *against, struct gb_error *err)
{
    size_t n_shown = 0;

    for (size_t c = 0; c < against->cells->n; c++)
        n_shown += gb_versus_is_compared(against->versus, c) && gb_against_shows(against, c);
    return n_shown > 0 ? GB_OK
                       : gb_fail(err, GB_EINPUT,
                                 "--where shows no cell but the reference, %s: leave it out, or "
                                 "name the values of cells to compare with the reference",
                                 against->request->against);
}

/* Nor is anything compared with cells that have none of the homes which are asked about. */
static enum gb_status check_homes(const struct gb_against *against, struct gb_error *err)
{
    const struct gb_compare_request *request = against->request;
    char text[GB_HOME_CHOICE_TEXT_SIZE];

    for (size_t c = 0; c < against->cells->n; c++) {
        const struct gb_cell *cell = &against->cells->items[c];

        if (gb_selection_holds(&against->reference, against->results, cell->trials[0]) &&
            gb_compare_has_homes(request, against->results, cell))
            return GB_OK;
    }
    return gb_fail(err, GB_EINPUT, "--against %s: the reference has no homes of %s",
                   request->against, gb_home_choice_describe(&request->homes, text));
}

enum gb_status gb_compare_print_against(const struct gb_compare_request *request,
                                        struct gb_results *results, const struct gb_cells *cells,
                                        struct gb_error *err)
{
    struct gb_against against = {.request = request, .results = results, .cells = cells};
    enum gb_status status = begin(&against, err);

    if (status == GB_OK)
        status = check_shown(&against, err);
    if (status == GB_OK)
        status = check_homes(&against, err);
    if (status == GB_OK)
        status = check_resamples(&against, err);
    if (status == GB_OK)
        status = compute(&against, err);
    if (status == GB_OK && request->output == GB_COMPARE_CSV)
        gb_against_print_data(&against, GB_DATA_CSV);
    else if (status == GB_OK && request->output == GB_COMPARE_JSON)
        gb_against_print_data(&against, GB_DATA_JSON);
    else if (status == GB_OK)
        gb_against_print(&against);
    clear(&against);
    return status;
}
