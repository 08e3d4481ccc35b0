#include "experiments/scenario/row_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/quantity.h"
#include "models/series/cells.h"

const char *const gb_row_setting_names[GB_N_ROW_SETTINGS] = {
    "retail", "feed_in", "strategy", "battery_controller", "ev_controller", "heat_pump_controller"};

static const char *const keys[GB_N_ROW_SETTINGS] = {"tariff.retail",   "tariff.feed_in",
                                                    "agents.strategy", "storage.controller",
                                                    "ev.controller",   "heat_pump.controller"};

static size_t row_of(const struct gb_item *item, const char *key)
{
    size_t before = strlen(item->section->name) + strlen(item->name) + 2, r = 0;

    while (r < item->n_rows && strcmp(item->rows[r].key + before, key) != 0)
        r++;
    return r;
}

/* ---- one cell */

/* "key=value"; NULL without memory */
static char *setting_of(const char *key, const char *behind, const char *value)
{
    size_t size = strlen(key) + strlen(behind) + strlen(value) + 2;
    char *setting = malloc(size);

    if (setting)
        snprintf(setting, size, "%s%s=%s", key, behind, value);
    return setting;
}

/* Is a value one of its row? Tried on a copy of the kind's values. */
static bool is_good(const struct gb_extensions *extensions, const struct gb_item *item,
                    const char *key, const char *value, char *why, size_t why_size)
{
    const struct gb_param *row = &item->rows[row_of(item, key)];
    void *scratch = calloc(1, item->section->size);
    bool good = scratch && gb_param_parse_with(extensions, row, value, scratch, why, why_size);

    if (!scratch)
        why[0] = '\0';
    free(scratch);
    return good;
}

/* A price, prices by time, or the name of a series: which of them a cell is can be seen. */
static char *read_price(const struct gb_extensions *extensions, const struct gb_item *item,
                        const char *key, struct gb_span cell, char decimal, const char *value,
                        char *why, size_t why_size)
{
    char number[32];
    int64_t nano;

    if (gb_cell_number(cell, decimal, &nano) == GB_CELL_NUMBER) {
        gb_format_decimal(nano, 9, number, sizeof number);
        return is_good(extensions, item, key, number, why, why_size) ? setting_of(key, "", number)
                                                                     : NULL;
    }
    if (strchr(value, ':'))
        return setting_of(key, "_by_time", value);
    if (gb_item_name_is_good(cell.at, cell.n))
        return setting_of(key, "_series", value);
    snprintf(
        why, why_size,
        "expected a price in currency/kWh, prices by time of day (\"0:00 0.24, 6:00 0.38\"), or "
        "the name of a series; got '%.60s'",
        value);
    return NULL;
}

char *gb_row_setting_read(const struct gb_extensions *extensions, const struct gb_item *item,
                          enum gb_row_setting column, const char *cell, size_t length, char decimal,
                          char *why, size_t why_size)
{
    char *value = strndup(cell, length), *setting = NULL;

    why[0] = '\0';
    if (!value)
        return NULL;
    if (column == GB_ROW_RETAIL || column == GB_ROW_FEED_IN)
        setting = read_price(extensions, item, keys[column], (struct gb_span){cell, length},
                             decimal, value, why, why_size);
    else if (is_good(extensions, item, keys[column], value, why, why_size))
        setting = setting_of(keys[column], "", value);
    free(value);
    return setting;
}

/* ---- all rows */

static void free_cells(char *cells[GB_N_ROW_SETTINGS])
{
    for (size_t c = 0; c < GB_N_ROW_SETTINGS; c++)
        free(cells[c]);
}

static bool are_equal(char *const a[GB_N_ROW_SETTINGS], char *const b[GB_N_ROW_SETTINGS])
{
    for (size_t c = 0; c < GB_N_ROW_SETTINGS; c++)
        if (!a[c] != !b[c] || (a[c] && strcmp(a[c], b[c]) != 0))
            return false;
    return true;
}

/* An item beside that of a kind, of which it borrows rows and texts. */
static bool make_item(struct gb_item *out, const struct gb_item *of, size_t line)
{
    *out = *of;
    out->row_line = line;
    out->values = malloc(of->section->size);
    out->is_given = calloc(of->n_rows + 1, sizeof *out->is_given);
    return out->values && out->is_given;
}

enum gb_status gb_rows_settings_place(struct gb_rows_settings *rows, const struct gb_items *kinds,
                                      uint32_t kind, uint32_t line, char *cells[GB_N_ROW_SETTINGS],
                                      size_t *out, struct gb_error *err)
{
    size_t i = 0;

    while (i < rows->n && (rows->list[i].kind != kind || !are_equal(rows->list[i].cells, cells)))
        i++;
    *out = i;
    if (i < rows->n || i == GB_ROW_SETTINGS_MOST) {
        free_cells(cells);
        return i < rows->n ? GB_OK : GB_ECONFIG;
    }
    struct gb_row_settings *list =
        gb_array_grow(rows->list, &rows->capacity, rows->n + 1, sizeof *list);
    if (!list) {
        free_cells(cells);
        return gb_fail(err, GB_ENOMEM, "no memory for the settings of rows");
    }
    rows->list = list;
    rows->n++;
    list[i] = (struct gb_row_settings){.kind = kind};
    memcpy(list[i].cells, cells, sizeof list[i].cells);
    return make_item(&list[i].item, &kinds->list[kind], line)
               ? GB_OK
               : gb_fail(err, GB_ENOMEM, "no memory for the settings of rows");
}

/* ---- what follows */

/* A price that a row says itself goes before all that its kind says of it, but for factor and
 * addition of a series where it is one. */
static void forget_price(struct gb_item *item, const char *key, bool is_series)
{
    static const char *const behind[] = {"", "_by_time", "_series", "_factor", "_add"};
    char whole[64];

    for (size_t i = 0; i < (is_series ? 3 : 5); i++) {
        snprintf(whole, sizeof whole, "%s%s", key, behind[i]);
        item->is_given[row_of(item, whole)] = false;
    }
}

static void put(struct gb_item *item, const struct gb_extensions *extensions, size_t column,
                const char *setting)
{
    char key[64], why[512];
    const char *value = strchr(setting, '=') + 1;

    snprintf(key, sizeof key, "%.*s", (int)(value - 1 - setting), setting);
    if (column == GB_ROW_RETAIL || column == GB_ROW_FEED_IN)
        forget_price(item, keys[column], strstr(key, "_series") != NULL);
    size_t r = row_of(item, key);
    gb_param_parse_with(extensions, &item->rows[r], value, item->values, why, sizeof why);
    item->is_given[r] = true;
}

void gb_rows_settings_derive(struct gb_rows_settings *rows, const struct gb_extensions *extensions,
                             const struct gb_items *kinds)
{
    for (size_t i = 0; i < rows->n; i++) {
        struct gb_item *item = &rows->list[i].item;
        const struct gb_item *of = &kinds->list[rows->list[i].kind];

        memcpy(item->values, of->values, of->section->size);
        memcpy(item->is_given, of->is_given, of->n_rows * sizeof *of->is_given);
        for (size_t c = 0; c < GB_N_ROW_SETTINGS; c++)
            if (rows->list[i].cells[c])
                put(item, extensions, c, rows->list[i].cells[c]);
    }
}

/* ---- life */

static bool copy_cells(char *out[GB_N_ROW_SETTINGS], char *const from[GB_N_ROW_SETTINGS])
{
    bool ok = true;

    for (size_t c = 0; c < GB_N_ROW_SETTINGS; c++) {
        out[c] = from[c] ? strdup(from[c]) : NULL;
        ok &= !from[c] || out[c];
    }
    return ok;
}

enum gb_status gb_rows_settings_copy(struct gb_rows_settings *out,
                                     const struct gb_rows_settings *from,
                                     const struct gb_items *kinds, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    *out = (struct gb_rows_settings){.n = 0};
    for (size_t i = 0; i < from->n && status == GB_OK; i++) {
        const struct gb_row_settings *one = &from->list[i];
        char *cells[GB_N_ROW_SETTINGS];
        size_t place;

        if (copy_cells(cells, one->cells)) {
            status = gb_rows_settings_place(out, kinds, one->kind, (uint32_t)one->item.row_line,
                                            cells, &place, err);
        } else {
            free_cells(cells);
            status = gb_fail(err, GB_ENOMEM, "no memory for the settings of rows");
        }
    }
    for (size_t i = 0; i < out->n && status == GB_OK; i++) {
        memcpy(out->list[i].item.values, from->list[i].item.values,
               from->list[i].item.section->size);
        memcpy(out->list[i].item.is_given, from->list[i].item.is_given,
               from->list[i].item.n_rows * sizeof *out->list[i].item.is_given);
    }
    if (status != GB_OK)
        gb_rows_settings_clear(out);
    return status;
}

void gb_rows_settings_clear(struct gb_rows_settings *rows)
{
    for (size_t i = 0; i < rows->n; i++) {
        free_cells(rows->list[i].cells);
        free(rows->list[i].item.values);
        free(rows->list[i].item.is_given);
    }
    free(rows->list);
    *rows = (struct gb_rows_settings){.n = 0};
}
