/* One row of a table of meters: its name and kind, sizes in the ranges of their columns, and what
 * it says of settings. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/param_row.h"
#include "base/text.h"
#include "base/utf8.h"
#include "experiments/scenario/meters_table_priv.h"

#define NANO_A_MILLIONTH 1000

static const struct gb_param *row_of(const struct gb_meters_column *column)
{
    return column->key ? gb_section_find_row(gb_sections[GB_SECTION_HOUSEHOLDS], column->key)
                       : NULL;
}

struct range {
    double low, high;
    const char *unit;
};

static struct range range_of(const struct gb_meters_column *column)
{
    const struct gb_param *row = row_of(column);

    return row ? (struct range){row->minimum, row->maximum, row->unit}
               : (struct range){column->low, column->high, column->unit};
}

/* nano 1e-9 of the unit; a price that no cell gives is INT64_MIN, a number NAN, a beta -1 */
static void store(const struct gb_meters_column *column, struct gb_listed_meter *meter,
                  bool is_given, int64_t nano)
{
    void *at = (char *)meter + column->offset;
    struct gb_price price = {is_given ? nano / NANO_A_MILLIONTH : GB_PARAM_PRICE_WORD};
    int64_t millionths = is_given ? nano / NANO_A_MILLIONTH : -1;
    double number = is_given ? (double)nano / (double)GB_NANO : NAN;

    switch (column->sort) {
    case GB_METERS_PRICE: memcpy(at, &price, sizeof price); return;
    case GB_METERS_MILLIONTHS: memcpy(at, &millionths, sizeof millionths); return;
    case GB_METERS_NUMBER:
    case GB_METERS_SIZE:
    case GB_METERS_SIZED: memcpy(at, &number, sizeof number); return;
    }
}

static void refuse_cell(struct gb_meters_reader *reader, const struct gb_meters_column *column,
                        struct gb_span cell)
{
    struct range range = range_of(column);

    gb_meters_complain(
        reader, cell.at,
        "%s: expected %sa number from %.12g to %.12g%s%s with a decimal %s, or nothing: as its "
        "kind says; got '%.*s'",
        column->name,
        column->sort == GB_METERS_SIZE    ? "0 (it has none) or "
        : column->sort == GB_METERS_SIZED ? "0 (it has none), sized (by its home) or "
                                          : "",
        range.low, range.high, strcmp(range.unit, "1") == 0 ? "" : " in ",
        strcmp(range.unit, "1") == 0 ? "" : range.unit,
        reader->layout.dialect.decimal == ',' ? "comma" : "point", (int)(cell.n < 40 ? cell.n : 40),
        cell.at);
}

static void read_cell(struct gb_meters_reader *reader, const struct gb_meters_column *column,
                      struct gb_span cell, struct gb_listed_meter *meter)
{
    struct range range = range_of(column);
    bool is_exact = column->sort == GB_METERS_PRICE || column->sort == GB_METERS_MILLIONTHS;
    int64_t nano = 0;

    if (cell.n == 0)
        return;
    if (column->sort == GB_METERS_SIZED && gb_span_is(cell, "sized")) {
        store(column, meter, true, -GB_NANO);
        return;
    }
    if (gb_cell_number(cell, reader->layout.dialect.decimal, &nano) != GB_CELL_NUMBER) {
        refuse_cell(reader, column, cell);
        return;
    }
    double number = (double)nano / (double)GB_NANO;
    bool may_be_none = column->sort == GB_METERS_SIZE || column->sort == GB_METERS_SIZED;
    if ((number < range.low || number > range.high) && !(may_be_none && nano == 0))
        refuse_cell(reader, column, cell);
    else if (is_exact && nano % NANO_A_MILLIONTH != 0)
        gb_meters_complain(reader, cell.at, "%s: expected at most six decimals, got '%.*s'",
                           column->name, (int)(cell.n < 40 ? cell.n : 40), cell.at);
    else
        store(column, meter, true, nano);
}

static void read_name(struct gb_meters_reader *reader, struct gb_listed_meter *meter)
{
    struct gb_span cell = reader->cells[reader->layout.name];
    size_t n = gb_cell_text(reader->line, cell, meter->name, sizeof meter->name);

    meter->name[n < sizeof meter->name ? n : 0] = '\0';
    if (n == 0 || n >= sizeof meter->name || memchr(meter->name, '\0', n) ||
        !gb_utf8_is_plain(meter->name, false))
        gb_meters_complain(reader, cell.at,
                           "name: expected 1 to %zu bytes of printable UTF-8, got '%.*s'",
                           sizeof meter->name - 1, (int)(cell.n < 60 ? cell.n : 60), cell.at);
}

static void describe_kinds(const struct gb_items *kinds, char *text, size_t size)
{
    text[0] = '\0';
    for (size_t k = 0; k < kinds->n; k++)
        gb_text_append(text, size, "%s%s",
                       k == 0             ? ""
                       : k + 1 < kinds->n ? ", "
                                          : " or ",
                       kinds->list[k].name);
}

/* returns whether it is one */
static bool read_kind(struct gb_meters_reader *reader, const struct gb_items *kinds,
                      struct gb_listed_meter *meter)
{
    static const struct gb_span none = {"", 0};
    struct gb_span cell =
        reader->layout.kind == GB_METERS_NOT_THERE ? none : reader->cells[reader->layout.kind];
    const struct gb_item *item = gb_items_find(kinds, cell.at, cell.n);
    char all[512];

    if (reader->layout.kind == GB_METERS_NOT_THERE && kinds->n == 1)
        item = &kinds->list[0];
    if (item) {
        meter->kind = (uint32_t)(item - kinds->list);
        return true;
    }
    describe_kinds(kinds, all, sizeof all);
    if (reader->layout.kind == GB_METERS_NOT_THERE)
        gb_meters_complain(reader, NULL,
                           "expected a column `kind`: `households` names several kinds, %s", all);
    else if (!gb_item_name_is_good(cell.at, cell.n))
        gb_meters_complain(
            reader, cell.at,
            "kind: expected a name of letters, digits, - and _, at most %d, a letter first, "
            "got '%.*s'",
            GB_ITEM_NAME_SIZE - 1, (int)(cell.n < 60 ? cell.n : 60), cell.at);
    else
        gb_meters_complain(reader, cell.at,
                           "kind: there is no kind of households '%.*s'; expected %s", (int)cell.n,
                           cell.at, all);
    return false;
}

/* A cell that kinds have a key for. returns its setting; NULL: there is none, or a mistake */
static char *read_setting(struct gb_meters_reader *reader, enum gb_row_setting column,
                          uint32_t kind, bool *lacks_memory)
{
    size_t place = reader->layout.setting[column];
    char why[512], *setting;

    if (place == GB_METERS_NOT_THERE || reader->cells[place].n == 0)
        return NULL;
    struct gb_span cell = reader->cells[place];
    setting = gb_row_setting_read(reader->extensions, &reader->kinds->list[kind], column, cell.at,
                                  cell.n, reader->layout.dialect.decimal, why, sizeof why);
    if (!setting && why[0])
        gb_meters_complain(reader, cell.at, "%s: %s (or nothing: as its kind says)",
                           gb_row_setting_names[column], why);
    *lacks_memory |= !setting && !why[0];
    return setting;
}

/* Where what its row says of settings differs from its kind's, those are behind the kinds. */
static enum gb_status read_settings(struct gb_meters_reader *reader, struct gb_listed_meter *meter,
                                    struct gb_error *err)
{
    char *cells[GB_N_ROW_SETTINGS];
    bool has_any = false, lacks_memory = false;
    size_t place;

    meter->settings = meter->kind;
    for (size_t c = 0; c < GB_N_ROW_SETTINGS; c++) {
        cells[c] = read_setting(reader, (enum gb_row_setting)c, meter->kind, &lacks_memory);
        has_any |= cells[c] != NULL;
    }
    if (lacks_memory)
        return gb_fail(err, GB_ENOMEM, "no memory for the settings of rows");
    if (!has_any)
        return GB_OK;
    enum gb_status status = gb_rows_settings_place(reader->settings, reader->kinds, meter->kind,
                                                   meter->line, cells, &place, err);
    if (status == GB_ECONFIG)
        gb_meters_complain(
            reader, NULL,
            "more than %d different combinations of kind, retail, feed_in, strategy and "
            "controllers: expected homes that share them",
            GB_ROW_SETTINGS_MOST);
    else if (status == GB_OK)
        meter->settings = (uint32_t)(reader->kinds->n + place);
    return status == GB_ENOMEM ? status : GB_OK;
}

static void check_place(struct gb_meters_reader *reader, const struct gb_listed_meter *meter)
{
    if (isnan(meter->east_m) != isnan(meter->north_m))
        gb_meters_complain(reader, NULL,
                           "a place has both %s; expected the other one, too, or none",
                           reader->layout.is_in_degrees ? "lat and lon" : "x and y");
}

enum gb_status gb_meters_read_row(struct gb_meters_reader *reader, struct gb_listed_meter *meter,
                                  struct gb_error *err)
{
    if (!gb_meters_has_good_quotes(reader))
        return GB_OK;
    if (reader->n_cells != reader->layout.n_cells) {
        gb_meters_complain(reader, NULL, "expected %zu cells, as the first row has, got %zu",
                           reader->layout.n_cells, reader->n_cells);
        return GB_OK;
    }
    read_name(reader, meter);
    bool has_kind = read_kind(reader, reader->kinds, meter);
    for (size_t c = 0; c < GB_METERS_N_COLUMNS; c++)
        store(&gb_meters_columns[c], meter, false, 0);
    for (size_t c = 0; c < GB_METERS_N_COLUMNS; c++)
        if (reader->layout.place[c] != GB_METERS_NOT_THERE)
            read_cell(reader, &gb_meters_columns[c], reader->cells[reader->layout.place[c]], meter);
    check_place(reader, meter);
    return has_kind ? read_settings(reader, meter, err) : GB_OK; /* which go by its kind */
}
