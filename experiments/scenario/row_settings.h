/* Rows of meters.file that say otherwise than their kind what only kinds have: prices of the grid,
 * the strategy, who runs battery, car and heat pump. Meters of one kind with the same cells there
 * share their settings: an item like that of the kind, with the keys of those cells given. They
 * stand behind the kinds wherever something is looked up by kind; a meter's kind stays what its row
 * says. */
#ifndef EXPERIMENTS_SCENARIO_ROW_SETTINGS_H
#define EXPERIMENTS_SCENARIO_ROW_SETTINGS_H

#include <stddef.h>
#include <stdint.h>

#include "base/registry.h"
#include "base/status.h"
#include "experiments/scenario/section.h"

enum gb_row_setting {
    GB_ROW_RETAIL,
    GB_ROW_FEED_IN,
    GB_ROW_STRATEGY,
    GB_ROW_BATTERY_CONTROLLER,
    GB_ROW_EV_CONTROLLER,
    GB_ROW_HEAT_PUMP_CONTROLLER,
    GB_N_ROW_SETTINGS
};
extern const char *const gb_row_setting_names[GB_N_ROW_SETTINGS]; /* of the columns */

/* Different ones of all rows: each has an item of its own, and a tariff of every slot. */
#define GB_ROW_SETTINGS_MOST 1000

struct gb_row_settings {
    uint32_t kind;                  /* place among the kinds */
    char *cells[GB_N_ROW_SETTINGS]; /* owned: "tariff.retail=0.3"; NULL: as the kind says */
    struct gb_item item;            /* its rows and texts are the kind's */
};

struct gb_rows_settings {
    size_t n, capacity;
    struct gb_row_settings *list;
};

/* What a cell says, as a setting behind the name of a kind: "tariff.retail=0.3"; NULL: nothing that
 * the column takes, and why says what was expected, or nothing without memory. Caller frees it.
 * item     of the row's kind
 * decimal  sign of numbers in the table */
char *gb_row_setting_read(const struct gb_extensions *extensions, const struct gb_item *item,
                          enum gb_row_setting column, const char *cell, size_t length, char decimal,
                          char *why, size_t why_size);
/* Finds the settings of a row, or adds them. GB_ENOMEM; GB_ECONFIG, without a sentence: there are
 * more than GB_ROW_SETTINGS_MOST.
 * line   of the row
 * cells  which all go over to it, whatever comes of it
 * out    place among them */
enum gb_status gb_rows_settings_place(struct gb_rows_settings *rows, const struct gb_items *kinds,
                                      uint32_t kind, uint32_t line, char *cells[GB_N_ROW_SETTINGS],
                                      size_t *out, struct gb_error *err);
/* Gives each its kind's values, and then those of its cells; kinds are settled. */
void gb_rows_settings_derive(struct gb_rows_settings *rows, const struct gb_extensions *extensions,
                             const struct gb_items *kinds);
/* GB_ENOMEM
 * kinds  of the copy */
enum gb_status gb_rows_settings_copy(struct gb_rows_settings *out,
                                     const struct gb_rows_settings *from,
                                     const struct gb_items *kinds, struct gb_error *err);
void gb_rows_settings_clear(struct gb_rows_settings *rows);

#endif
