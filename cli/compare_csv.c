/* A comparison as comma-separated values: one row a cell and quantity, numbers with all their
 * digits. */
#include "cli/compare_priv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"

static void print_csv_text(const char *text)
{
    gb_csv_write_cell(stdout, text, GB_CSV_QUOTES_NEEDED);
}

static void print_csv_number(double value)
{
    putchar(',');
    if (!isnan(value))
        printf("%.12g", value); /* an empty field is "no number" */
}

static void print_csv_row(const struct gb_results *results, const struct gb_cell *cell,
                          const char *who, const char *what, const struct gb_comparison *comparison)
{
    const struct gb_confidence_interval *parts[] = {&comparison->market, &comparison->grid_only,
                                                    &comparison->difference,
                                                    &comparison->change_pct};

    for (size_t k = 0; k < gb_results_n_varied(results); k++) {
        print_csv_text(gb_cell_value(results, cell, k));
        putchar(',');
    }
    print_csv_text(who);
    printf(",%s,%zu", what, cell->n_trials);
    for (size_t i = 0; i < 4; i++) {
        print_csv_number(parts[i]->estimate);
        print_csv_number(parts[i]->lower);
        print_csv_number(parts[i]->upper);
    }
    printf(",%zu\n", comparison->change_pct.n);
}

enum gb_status gb_compare_print_csv(struct gb_results *results, const struct gb_cells *cells,
                                    struct gb_error *err)
{
    static const char *const quantities[] = {"market", "grid_only", "difference", "change_pct"};
    enum gb_status status = GB_OK;

    for (size_t k = 0; k < gb_results_n_varied(results); k++) {
        print_csv_text(gb_results_varied_key(results, k));
        putchar(',');
    }
    fputs("who,what,trials", stdout);
    for (size_t i = 0; i < sizeof quantities / sizeof quantities[0]; i++)
        printf(",%s,%s_lower,%s_upper", quantities[i], quantities[i], quantities[i]);
    puts(",change_pct_trials");
    for (size_t c = 0; status == GB_OK && c < cells->n; c++) {
        const struct gb_cell *cell = &cells->items[c];
        struct gb_user_comparison *users = NULL;
        size_t n = 0;

        for (size_t i = 0; i < GB_COMPARE_N_SIDES; i++) {
            struct gb_comparison side = gb_compare_fields(results, cell, gb_compare_sides[i].market,
                                                          gb_compare_sides[i].grid_only);
            print_csv_row(results, cell, "all", gb_compare_sides[i].key, &side);
        }
        if (gb_results_has(results, GB_TABLE_USERS))
            status = gb_cell_users(&users, &n, results, cell, err);
        for (size_t u = 0; u < n; u++)
            print_csv_row(results, cell, users[u].name, users[u].earns ? "revenue" : "cost",
                          &users[u].bill);
        free(users);
    }
    return status;
}
