/* A sweep compared: one row a cell. */
#include "cli/compare_priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/quantity.h"
#include "cli/message.h"
#include "cli/stored_market.h"

/* What all trials share of length and tariff. */
static void print_shared_size(const struct gb_results *results)
{
    const struct gb_summary_row *rows = gb_results_summary(results);
    bool has_length = true, has_tariff = true;
    char retail[32], feed_in[32];

    for (size_t i = 1; i < gb_results_n_trials(results); i++) {
        has_length &= rows[i].n_slots == rows[0].n_slots && rows[i].slot_ns == rows[0].slot_ns;
        has_tariff &= rows[i].retail == rows[0].retail && rows[i].feed_in == rows[0].feed_in;
    }
    if (has_length)
        printf(", %" PRId64 " slot%s of %g min", rows[0].n_slots,
               gb_message_plural(rows[0].n_slots), (double)rows[0].slot_ns * 1e-9 / 60.0);
    if (has_tariff)
        printf(", tariff %s / %s per kWh",
               gb_format_decimal(rows[0].retail, 6, retail, sizeof retail),
               gb_format_decimal(rows[0].feed_in, 6, feed_in, sizeof feed_in));
    putchar('\n');
}

void gb_compare_print_sweep(const struct gb_compare_request *request,
                            const struct gb_results *results, const struct gb_cells *cells)
{
    size_t n_keys = gb_results_n_varied(results);
    bool has_days = gb_compare_last_a_day(results);
    size_t n_columns = n_keys + 4 + has_days;
    char *alignment = calloc(n_columns + 1, 1);
    struct gb_text_table table = {.alignment = alignment, .n_repeated = n_keys};
    bool is_any_near_zero = false;

    if (!alignment)
        return;
    memset(alignment, 'r', n_columns);
    gb_message_print_name(request->path, stdout);
    printf(": %zu trials in %zu cells", gb_results_n_trials(results), cells->n);
    print_shared_size(results);
    gb_shared_overrides_print(results);
    puts(gb_results_n_trials(results) == cells->n ? "One trial a cell: no interval can be given.\n"
                                                  : GB_COMPARE_ABOUT_INTERVALS);
    for (size_t k = 0; k < n_keys; k++)
        gb_text_table_add(&table, "%s", gb_results_varied_key(results, k));
    gb_text_table_add(&table, "trials");
    gb_text_table_add(&table, "buyers' cost");
    gb_text_table_add(&table, "sellers' revenue");
    gb_text_table_add(&table, "saving");
    if (has_days)
        gb_text_table_add(&table, "per meter and day");
    for (size_t c = 0; c < cells->n; c++) {
        const struct gb_cell *cell = &cells->items[c];

        for (size_t k = 0; k < n_keys; k++)
            gb_text_table_add(&table, "%s", gb_cell_value(results, cell, k));
        gb_text_table_add(&table, "%zu%s", cell->n_trials,
                          gb_cell_is_deterministic(results, cell) ? ", deterministic" : "");
        for (size_t i = 0; i < 2; i++) {
            struct gb_comparison side = gb_compare_fields(results, cell, gb_compare_sides[i].market,
                                                          gb_compare_sides[i].grid_only);
            gb_compare_add_interval(&table, side.change_pct, 1.0, 2, true, "%");
            is_any_near_zero = is_any_near_zero || gb_compare_lacks_change(&side);
        }
        gb_compare_add_interval(&table, gb_compare_interval(results, cell, "saving"), 1.0, 3, false,
                                "");
        if (has_days)
            gb_compare_add_interval(&table, gb_compare_interval(results, cell, GB_COMPARE_PER_DAY),
                                    1.0, 4, false, "");
    }
    gb_text_table_print(&table, 2, stdout);
    gb_compare_explain_near_zero(is_any_near_zero);
    free(alignment);
}
