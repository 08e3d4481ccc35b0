/* The users of a cell by the strategy that they follow, as a table. */
#include "cli/compare_priv.h"

#include <stdio.h>

void gb_compare_print_groups(const struct gb_compare_request *request,
                             const struct gb_strategy_group *groups, size_t n)
{
    static const char *const heads[] = {"strategy", "users", "saving", "above others"};
    struct gb_text_table table = {.alignment = "lrrr", .style = request->style};

    gb_compare_note(request,
                    "\nBy the strategy that users follow, in %s: saving a user, "
                    "and how much more than all\nothers in the same market do",
                    request->currency);
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        gb_text_table_add(&table, "%s", heads[i]);
    for (size_t g = 0; g < n; g++) {
        gb_text_table_add(&table, "%s", groups[g].name);
        gb_text_table_add(&table, "%.4g", groups[g].n_users);
        gb_compare_add_interval(&table, groups[g].gain, 1.0, 4, false, "");
        gb_compare_add_interval(&table, groups[g].above_others, 1.0, 4, true, "");
    }
    gb_text_table_print(&table, 2, stdout);
    gb_compare_explain_dashes(request, table.marks);
}
