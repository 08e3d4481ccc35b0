#include "cli/losing_users.h"

#include <stdbool.h>
#include <stdio.h>

#include "cli/message.h"
#include "cli/text_table.h"

/* What a user gains over its grid-only bill, in currency. */
static double gain_of(const struct gb_user_comparison *user)
{
    double gain = 0;

    for (int c = 0; c < GB_N_CAUSES; c++)
        gain += user->causes[c];
    return gain;
}

/* Money is exact to 1e-9; sums over trials are so up to rounding. */
static bool loses(const struct gb_user_comparison *user)
{
    return gain_of(user) < -0.5e-9;
}

static enum gb_cause main_cause(const struct gb_user_comparison *user)
{
    enum gb_cause worst = GB_CAUSE_TRADES;

    for (int c = 0; c < GB_N_CAUSES; c++)
        if (user->causes[c] < user->causes[worst])
            worst = (enum gb_cause)c;
    return worst;
}

/* Which causes take anything from anybody who loses? */
static void find_columns(const struct gb_user_comparison *users, size_t n,
                         bool is_shown[GB_N_CAUSES])
{
    for (int c = 0; c < GB_N_CAUSES; c++) {
        is_shown[c] = c == GB_CAUSE_TRADES;
        for (size_t u = 0; u < n; u++)
            is_shown[c] |= loses(&users[u]) && users[u].causes[c] != 0;
    }
}

static void add_heads(struct gb_text_table *table, const bool is_shown[GB_N_CAUSES])
{
    static const char *const heads[GB_N_CAUSES] = {"by trades", "not delivered", "not taken",
                                                   "schedules", "fees",          "storage"};

    gb_text_table_add(table, "user who loses");
    gb_text_table_add(table, "in all");
    for (int c = 0; c < GB_N_CAUSES; c++)
        if (is_shown[c])
            gb_text_table_add(table, "%s", heads[c]);
}

static void add_user(struct gb_text_table *table, const struct gb_user_comparison *user,
                     const bool is_shown[GB_N_CAUSES])
{
    gb_text_table_add(table, "%s", user->name);
    gb_text_table_add(table, "%+.4f", gain_of(user));
    for (int c = 0; c < GB_N_CAUSES; c++)
        if (is_shown[c])
            gb_text_table_add(table, "%+.4f", user->causes[c]);
}

/* "most for: 12 bought and not taken, 3 sold and not delivered" */
static void print_counts(const struct gb_user_comparison *users, size_t n, size_t n_losing)
{
    size_t counts[GB_N_CAUSES] = {0};
    const char *before = "";

    for (size_t u = 0; u < n; u++)
        if (loses(&users[u]))
            counts[main_cause(&users[u])]++;
    printf("\n%zu of %zu user%s pay%s more than with the grid alone; what took most: ", n_losing, n,
           gb_message_plural((int64_t)n), n_losing == 1 ? "s" : "");
    for (int c = 0; c < GB_N_CAUSES; c++) {
        if (counts[c] == 0)
            continue;
        printf("%s%s (%zu)", before, gb_cause_text((enum gb_cause)c), counts[c]);
        before = ", ";
    }
    printf("\n");
}

void gb_losing_users_print(const struct gb_user_comparison *users, size_t n, size_t n_shown)
{
    char alignment[GB_N_CAUSES + 3] = "lr";
    struct gb_text_table table = {.alignment = alignment};
    bool is_shown[GB_N_CAUSES];
    size_t n_losing = 0, n_columns = 2;

    for (size_t u = 0; u < n; u++)
        n_losing += loses(&users[u]);
    if (n_losing == 0)
        return;
    print_counts(users, n, n_losing);
    find_columns(users, n, is_shown);
    for (int c = 0; c < GB_N_CAUSES; c++)
        if (is_shown[c])
            alignment[n_columns++] = 'r';
    alignment[n_columns] = '\0';
    add_heads(&table, is_shown);
    for (size_t u = 0, shown = 0; u < n && shown < n_shown; u++) {
        if (!loses(&users[u]))
            continue;
        add_user(&table, &users[u], is_shown);
        shown++;
    }
    gb_text_table_print(&table, 2, stdout);
    if (n_losing > n_shown)
        printf("  ... and %zu more: --all shows them\n", n_losing - n_shown);
    if (is_shown[GB_CAUSE_STORAGE])
        puts(
            "  What a battery holds more or less at the end is not in this; \"users who lose\" above counts "
            "it,\n  at the kinder price.");
}
