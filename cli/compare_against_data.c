/* Comparisons of cells for programs: a row a cell and quantity, main effects behind them. */
#include <math.h>

#include "cli/compare_against.h"

static void add_unit(struct gb_data_rows *rows, const struct gb_against *against, const char *unit)
{
    char shown[GB_COMPARE_UNIT_SIZE];

    gb_data_rows_text(rows, "unit", gb_compare_unit(against->request, unit, shown));
}

static void add_interval(struct gb_data_rows *rows, const struct gb_contrast *difference,
                         const struct gb_confidence_interval *interval)
{
    gb_data_rows_number(rows, "difference", difference->estimate);
    gb_data_rows_number(rows, "lower", interval->lower);
    gb_data_rows_number(rows, "upper", interval->upper);
}

/* what  "cell", or the group of users that it is of
 * size  of the family */
static void add_row(struct gb_data_rows *rows, const struct gb_against *against, const char *what,
                    const char *quantity, const char *unit, size_t size,
                    const struct gb_versus_row *row)
{
    for (size_t k = 0; k < gb_results_n_factors(against->results); k++)
        gb_data_rows_text(rows, gb_results_varied_key(against->results, k),
                          gb_cell_value(against->results, &against->cells->items[row->cell], k));
    gb_compare_add_homes(rows, against->request);
    gb_data_rows_text(rows, "row", what);
    gb_data_rows_text(rows, "quantity", quantity);
    add_unit(rows, against, unit);
    gb_data_rows_count(rows, "trials", row->difference.n);
    gb_data_rows_count(rows, "missing", gb_versus_n_missing(against->versus, row->cell));
    gb_data_rows_number(rows, "cell", row->value);
    gb_data_rows_number(rows, "reference", row->base);
    add_interval(rows, &row->difference, &row->interval);
    gb_data_rows_number(rows, "bonferroni_lower", row->simultaneous.lower);
    gb_data_rows_number(rows, "bonferroni_upper", row->simultaneous.upper);
    gb_data_rows_number(rows, "detectable", row->detectable);
    gb_data_rows_number(rows, "p", row->p);
    gb_data_rows_number(rows, "holm_p", row->adjusted_p);
    gb_data_rows_count(rows, "family", size);
    gb_data_rows_text(rows, "state", gb_against_row_state(row));
    gb_data_rows_end(rows);
}

/* "homes of farm", "users of zip": the quantity user_saving is that of one of them. */
static void add_group(struct gb_data_rows *rows, const struct gb_against *against, size_t grouping,
                      size_t i)
{
    const struct gb_against_groups *groups = &against->groups[grouping];
    char who[GB_NAME_SIZE + 16];

    snprintf(who, sizeof who, "%s%s", gb_compare_groupings[grouping].who, groups->list[i].name);
    add_row(rows, against, who, "user_saving", "currency", groups->size, &groups->list[i].row);
}

/* Of a main effect its own key has a value, and those that vary together with it. */
static void add_effect(struct gb_data_rows *rows, const struct gb_against *against,
                       const struct gb_against_family *family, const struct gb_main_effect *effect)
{
    char unit[GB_ESTIMAND_UNIT_SIZE];

    for (size_t k = 0; k < gb_results_n_factors(against->results); k++)
        gb_data_rows_text(
            rows, gb_results_varied_key(against->results, k),
            against->leaders[k] == effect->key
                ? gb_cell_value(against->results, &against->cells->items[effect->level_cell], k)
                : "");
    gb_compare_add_homes(rows, against->request);
    gb_data_rows_text(rows, "row", "main effect");
    gb_data_rows_text(rows, "quantity", family->estimand.name);
    add_unit(rows, against, gb_estimand_unit(&family->estimand, unit));
    gb_data_rows_count(rows, "trials", effect->effect.n);
    gb_data_rows_count(rows, "missing", 0);
    gb_data_rows_number(rows, "cell", NAN);
    gb_data_rows_number(rows, "reference", NAN);
    add_interval(rows, &effect->effect, &effect->interval);
    gb_data_rows_number(rows, "bonferroni_lower", NAN);
    gb_data_rows_number(rows, "bonferroni_upper", NAN);
    gb_data_rows_number(rows, "detectable",
                        gb_contrast_detectable(&effect->effect, GB_CONFIDENCE, GB_POWER));
    gb_data_rows_number(rows, "p", effect->p);
    gb_data_rows_number(rows, "holm_p", effect->adjusted_p);
    gb_data_rows_count(rows, "family", family->effects_size);
    gb_data_rows_text(rows, "state", gb_against_state(&effect->effect, false));
    gb_data_rows_end(rows);
}

/* The distribution over users: quantity user_cost_q05 is its 5 % quantile, users_worse the share of
 * users who pay more. */
static void add_users_figure(struct gb_data_rows *rows, const struct gb_against *against,
                             size_t cell, const char *row, const char *quantity, const char *unit,
                             const char *state, const struct gb_contrast *figure)
{
    struct gb_confidence_interval interval = gb_contrast_interval(figure, GB_CONFIDENCE);

    for (size_t k = 0; k < gb_results_n_factors(against->results); k++)
        gb_data_rows_text(rows, gb_results_varied_key(against->results, k),
                          gb_cell_value(against->results, &against->cells->items[cell], k));
    gb_compare_add_homes(rows, against->request);
    gb_data_rows_text(rows, "row", row);
    gb_data_rows_text(rows, "quantity", quantity);
    add_unit(rows, against, unit);
    gb_data_rows_count(rows, "trials", figure->n);
    gb_data_rows_count(rows, "missing", gb_versus_n_missing(against->versus, cell));
    gb_data_rows_number(rows, "cell", NAN);
    gb_data_rows_number(rows, "reference", NAN);
    add_interval(rows, figure, &interval);
    gb_data_rows_number(rows, "bonferroni_lower", NAN);
    gb_data_rows_number(rows, "bonferroni_upper", NAN);
    gb_data_rows_number(rows, "detectable", NAN);
    gb_data_rows_number(rows, "p", NAN);
    gb_data_rows_number(rows, "holm_p", NAN);
    gb_data_rows_count(rows, "family", 0);
    gb_data_rows_text(rows, "state", state);
    gb_data_rows_end(rows);
}

static void add_users(struct gb_data_rows *rows, const struct gb_against *against,
                      const struct gb_users_row *row)
{
    for (size_t q = 0; q < GB_N_USER_QUANTILES; q++) {
        char name[32];

        snprintf(name, sizeof name, "user_cost_q%02.0f", 100.0 * gb_user_quantiles[q]);
        add_users_figure(rows, against, row->cell, "users", name, "currency",
                         gb_against_state(&row->quantiles[q], row->is_withheld),
                         &row->quantiles[q]);
    }
    add_users_figure(rows, against, row->cell, "users", "users_worse", "1",
                     gb_against_state(&row->worse, row->is_withheld), &row->worse);
}

/* Of --users: a row has the name of its user, and the quantity user_cost. */
static void add_each_user(struct gb_data_rows *rows, const struct gb_against *against, size_t i)
{
    for (size_t u = 0; u < against->n_each[i]; u++)
        add_users_figure(
            rows, against, against->users[i].cell, against->each_user[i][u].name, "user_cost",
            "currency",
            gb_against_state(&against->each_user[i][u].more, against->users[i].is_withheld),
            &against->each_user[i][u].more);
}

void gb_against_print_data(const struct gb_against *against, enum gb_data_format format)
{
    struct gb_data_rows rows = {.format = format, .out = stdout};
    bool is_of_homes = !gb_home_choice_is_all(&against->request->homes);
    char unit[GB_ESTIMAND_UNIT_SIZE];

    for (size_t f = 0; f < against->n_families; f++) {
        const struct gb_against_family *family = &against->families[f];

        for (size_t i = 0; i < gb_versus_n_compared(against->versus); i++)
            if (gb_against_shows(against, family->rows[i].cell))
                add_row(&rows, against, is_of_homes ? "homes" : "cell", family->estimand.name,
                        gb_estimand_unit(&family->estimand, unit), family->size, &family->rows[i]);
        for (size_t i = 0; i < family->n_effects; i++)
            add_effect(&rows, against, family, &family->effects[i]);
    }
    for (size_t g = 0; g < GB_COMPARE_N_GROUPINGS; g++)
        for (size_t i = 0; i < against->groups[g].n; i++)
            if (gb_against_shows(against, against->groups[g].list[i].row.cell) &&
                gb_user_group_is_shown(against->results, gb_compare_groupings[g].by,
                                       against->groups[g].list[i].name))
                add_group(&rows, against, g, i);
    for (size_t i = 0; against->each_user && i < gb_versus_n_compared(against->versus); i++)
        if (gb_against_shows(against, against->users[i].cell))
            add_each_user(&rows, against, i);
    for (size_t i = 0;
         against->users && !against->each_user && i < gb_versus_n_compared(against->versus); i++)
        if (gb_against_shows(against, against->users[i].cell))
            add_users(&rows, against, &against->users[i]);
    gb_data_rows_close(&rows);
}
