/* Users of cells against those of their reference: by group, by quantiles, and one by one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/compare_against.h"
#include "cli/message.h"

static double *open_sizes(size_t n)
{
    double *sizes = malloc((n + 1) * sizeof *sizes);

    if (!sizes)
        gb_message_exhausted("a table");
    return sizes;
}

/* ---- groups of users */

static const struct gb_quantity saving_of_user = {
    "what a user saves: grid-only bill less bill, mean over the users of a group", 1.0, 4,
    "currency"};

static unsigned print_groups(const struct gb_against *against,
                             const struct gb_compare_grouping *grouping,
                             const struct gb_against_groups *groups)
{
    struct gb_quantity quantity = saving_of_user;
    char *alignment, what[64];
    struct gb_text_table table = gb_against_open_table(against, 9, &alignment);
    double *sizes = open_sizes(groups->n);
    size_t n = 0, n_left;

    table.n_repeated++; /* the group's name, too */
    memmove(alignment + 1, alignment, table.n_repeated - 1);
    alignment[0] = 'r';
    gb_text_table_add(&table, "%s", grouping->head);
    gb_against_add_heads(&table, against);
    for (size_t i = 0; i < groups->n; i++)
        if (gb_against_shows(against, groups->list[i].row.cell) &&
            gb_user_group_is_shown(against->results, grouping->by, groups->list[i].name)) {
            gb_text_table_add(&table, "%s", groups->list[i].name);
            gb_against_add_row(&table, against, &groups->list[i].row, &quantity);
            sizes[n++] = gb_against_size(&groups->list[i].row.difference);
        }
    n_left = gb_against_bound(against, &table, 2, sizes, n);
    snprintf(what, sizeof what, "by %s: ", grouping->head);
    gb_against_add_title(against, &table, what, &quantity);
    gb_text_table_print(&table, 2, stdout);
    gb_against_note_left_out(against, n_left, n);
    free(sizes);
    free(alignment);
    return table.marks;
}

/* ---- users */

static const struct gb_quantity bill = {
    "what a user pays more, quantiles over the users of a trial and their means over trials", 1.0,
    4, "currency"};

static void add_users(struct gb_text_table *table, const struct gb_against *against,
                      const struct gb_users_row *row)
{
    gb_against_add_cell(table, against, row->cell);
    for (size_t q = 0; q < GB_N_USER_QUANTILES; q++)
        gb_compare_add_interval(table, gb_contrast_interval(&row->quantiles[q], GB_CONFIDENCE),
                                bill.scale, bill.decimals, true, "");
    gb_compare_add_interval(table, gb_contrast_interval(&row->worse, GB_CONFIDENCE), 100.0, 1,
                            false, "%");
}

/* Of the quantile that differs most. */
static double size_of_users(const struct gb_users_row *row)
{
    double size = -1.0;

    for (size_t q = 0; q < GB_N_USER_QUANTILES; q++) {
        double of_quantile = gb_against_size(&row->quantiles[q]);

        size = of_quantile > size ? of_quantile : size;
    }
    return size;
}

static unsigned print_users(const struct gb_against *against)
{
    double *sizes = open_sizes(gb_versus_n_compared(against->versus));
    size_t n = 0, n_left;
    char *alignment;
    struct gb_text_table table =
        gb_against_open_table(against, GB_N_USER_QUANTILES + 1, &alignment);

    gb_against_add_keys(&table, against);
    gb_compare_add_quantile_heads(&table, "least", "most");
    gb_text_table_add(&table, "pay more");
    for (size_t i = 0; i < gb_versus_n_compared(against->versus); i++)
        if (gb_against_shows(against, against->users[i].cell)) {
            add_users(&table, against, &against->users[i]);
            sizes[n++] = size_of_users(&against->users[i]);
        }
    n_left = gb_against_bound(against, &table, 2, sizes, n);
    gb_against_add_title(against, &table, "", &bill);
    gb_text_table_print(&table, 2, stdout);
    gb_against_note_left_out(against, n_left, n);
    free(sizes);
    free(alignment);
    return table.marks;
}

static const struct gb_quantity bill_of_user = {
    "what each user pays more, mean over replications; users are in no family of tests", 1.0, 4,
    "currency"};

/* Appends the first of a cell's users, all of them with --all. */
static void add_each_user(struct gb_text_table *table, const struct gb_against *against, size_t i,
                          size_t n, double *sizes)
{
    for (size_t u = 0; u < n; u++) {
        const struct gb_user_difference *user = &against->each_user[i][u];

        gb_against_add_cell(table, against, against->users[i].cell);
        gb_text_table_add(table, "%s", user->name);
        gb_against_add_difference(table, &user->more,
                                  gb_contrast_interval(&user->more, GB_CONFIDENCE), &bill_of_user);
        sizes[u] = gb_against_size(&user->more);
    }
}

static size_t n_users_shown(const struct gb_against *against, size_t i)
{
    size_t n = against->n_each[i];

    return against->request->all || n < GB_COMPARE_USERS_SHOWN ? n : GB_COMPARE_USERS_SHOWN;
}

/* In all cells that are shown. */
static size_t n_users_in_all(const struct gb_against *against)
{
    size_t n = 0;

    for (size_t i = 0; i < gb_versus_n_compared(against->versus); i++)
        if (gb_against_shows(against, against->users[i].cell))
            n += n_users_shown(against, i);
    return n;
}

static unsigned print_each_user(const struct gb_against *against)
{
    size_t n_compared = gb_versus_n_compared(against->versus), n = 0, n_left, n_more = 0;
    char *alignment;
    struct gb_text_table table = gb_against_open_table(against, 2, &alignment);
    double *sizes = open_sizes(n_users_in_all(against));

    gb_against_add_keys(&table, against);
    gb_text_table_add(&table, "user");
    gb_text_table_add(&table, "difference");
    for (size_t i = 0; i < n_compared; i++)
        if (gb_against_shows(against, against->users[i].cell)) {
            size_t shown = n_users_shown(against, i);

            add_each_user(&table, against, i, shown, sizes + n);
            n += shown;
            n_more += against->n_each[i] - shown;
        }
    n_left = gb_against_bound(against, &table, 2, sizes, n);
    gb_against_add_title(against, &table, "", &bill_of_user);
    gb_text_table_print(&table, 2, stdout);
    gb_against_note_left_out(against, n_left, n);
    if (n_more > 0)
        gb_compare_note(against->request, "  ... and %zu more: --all shows them", n_more);
    free(sizes);
    free(alignment);
    return table.marks;
}

unsigned gb_against_print_people(const struct gb_against *against)
{
    unsigned marks = 0;

    for (size_t g = 0; g < GB_COMPARE_N_GROUPINGS; g++)
        if (against->groups[g].n > 0)
            marks |= print_groups(against, &gb_compare_groupings[g], &against->groups[g]);
    if (against->each_user)
        marks |= print_each_user(against);
    else if (against->users)
        marks |= print_users(against);
    return marks;
}
