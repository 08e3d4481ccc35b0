#include "cli/losers.h"

#include <stdbool.h>
#include <stdio.h>

#include "cli/message.h"
#include "cli/sheet.h"

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

static void add_heads(struct gb_sheet *sheet, const bool is_shown[GB_N_CAUSES])
{
    static const char *const heads[GB_N_CAUSES] = {"by trades", "not delivered", "not taken",
                                                   "schedules", "storage"};

    gb_sheet_add(sheet, "user who loses");
    gb_sheet_add(sheet, "in all");
    for (int c = 0; c < GB_N_CAUSES; c++)
        if (is_shown[c])
            gb_sheet_add(sheet, "%s", heads[c]);
}

static void add_user(struct gb_sheet *sheet, const struct gb_user_comparison *user,
                     const bool is_shown[GB_N_CAUSES])
{
    gb_sheet_add(sheet, "%s", user->name);
    gb_sheet_add(sheet, "%+.4f", gain_of(user));
    for (int c = 0; c < GB_N_CAUSES; c++)
        if (is_shown[c])
            gb_sheet_add(sheet, "%+.4f", user->causes[c]);
}

/* "most for: 12 bought and not taken, 3 sold and not delivered" */
static void print_counts(const struct gb_user_comparison *users, size_t n, size_t n_losers)
{
    size_t counts[GB_N_CAUSES] = {0};
    const char *before = "";

    for (size_t u = 0; u < n; u++)
        if (loses(&users[u]))
            counts[main_cause(&users[u])]++;
    printf("\n%zu of %zu user%s pay%s more than with the grid alone; what took most: ", n_losers, n,
           gb_message_plural((int64_t)n), n_losers == 1 ? "s" : "");
    for (int c = 0; c < GB_N_CAUSES; c++) {
        if (counts[c] == 0)
            continue;
        printf("%s%s (%zu)", before, gb_cause_text((enum gb_cause)c), counts[c]);
        before = ", ";
    }
    printf("\n");
}

void gb_losers_print(const struct gb_user_comparison *users, size_t n, size_t n_shown)
{
    char alignment[GB_N_CAUSES + 3] = "lr";
    struct gb_sheet sheet = {.alignment = alignment};
    bool is_shown[GB_N_CAUSES];
    size_t n_losers = 0, n_columns = 2;

    for (size_t u = 0; u < n; u++)
        n_losers += loses(&users[u]);
    if (n_losers == 0)
        return;
    print_counts(users, n, n_losers);
    find_columns(users, n, is_shown);
    for (int c = 0; c < GB_N_CAUSES; c++)
        if (is_shown[c])
            alignment[n_columns++] = 'r';
    alignment[n_columns] = '\0';
    add_heads(&sheet, is_shown);
    for (size_t u = 0, shown = 0; u < n && shown < n_shown; u++) {
        if (!loses(&users[u]))
            continue;
        add_user(&sheet, &users[u], is_shown);
        shown++;
    }
    gb_sheet_print(&sheet, 2, stdout);
    if (n_losers > n_shown)
        printf("  ... and %zu more: --all shows them\n", n_losers - n_shown);
    if (is_shown[GB_CAUSE_STORAGE])
        puts(
            "  What a battery holds more or less at the end is not in this; \"users who lose\" above counts "
            "it,\n  at the kinder price.");
}
