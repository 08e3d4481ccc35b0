/* The users of a cell by the strategy that they follow, or by their kind of household, as tables.
 */
#include "cli/compare_priv.h"

#include <stdio.h>

const struct gb_compare_grouping gb_compare_groupings[GB_COMPARE_N_GROUPINGS] = {
    {GB_USERS_BY_STRATEGY, "strategy", "By the strategy that users follow", "users of "},
    {GB_USERS_BY_KIND, "kind", "By kind of household", "homes of "},
};

void gb_compare_print_groups(const struct gb_compare_request *request,
                             const struct gb_results *results,
                             const struct gb_compare_grouping *grouping,
                             const struct gb_user_group *groups, size_t n)
{
    struct gb_text_table table = {.alignment = "lrrrr", .style = request->style};
    const char *const heads[] = {grouping->head, "users", "saving", "saving a kWh", "above others"};

    gb_compare_note(request,
                    "\n%s, in %s: saving a user, and for each kWh through its\nmeter, and how much "
                    "more a user saves than all others in the same market do",
                    grouping->title, request->currency);
    gb_compare_caption(
        request, &table,
        "%s, in %s: saving a user, for each kWh through its meter, and how much more "
        "a user saves than all others in the same market do",
        grouping->title, request->currency);
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        gb_text_table_add(&table, "%s", heads[i]);
    for (size_t g = 0; g < n; g++) {
        if (!gb_user_group_is_shown(results, grouping->by, groups[g].name))
            continue;
        gb_text_table_add(&table, "%s", groups[g].name);
        gb_text_table_add(&table, "%.4g", groups[g].n_users);
        gb_compare_add_interval(&table, groups[g].gain, 1.0, 4, false, "");
        gb_compare_add_interval(&table, groups[g].gain_per_kwh, 1.0, 4, false, "");
        gb_compare_add_interval(&table, groups[g].above_others, 1.0, 4, true, "");
    }
    gb_text_table_print(&table, 2, stdout);
    gb_compare_explain_dashes(request, table.marks);
}
