#include "experiments/scenario/meters_table.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/edit_distance.h"
#include "base/param_row.h"
#include "base/text.h"
#include "base/utf8.h"
#include "models/series/cells.h"
#include "models/series/dialect.h"

enum { MOST_COLUMNS = 64, MOST_MISTAKES = 20 };
#define NANO_A_MILLIONTH 1000
#define NOT_THERE SIZE_MAX
#define MOST_M 1e5 /* from the middle of a village */

/* ---- columns */

/* A size of 0: it has none; SORT_SIZED: or the word, in place of a number below 0. */
enum sort { SORT_NUMBER, SORT_SIZE, SORT_SIZED, SORT_PRICE, SORT_MILLIONTHS };

struct column {
    const char *name;
    const char *key; /* of a kind of households, whose range and unit it has; NULL: these */
    const char *unit;
    double low, high;
    enum sort sort;
    size_t offset; /* in struct gb_listed_meter */
};

#define AT(member) offsetof(struct gb_listed_meter, member)
static const struct column columns[] = {
    {"pv_kw", "pv.size", NULL, 0, 0, SORT_SIZE, AT(pv_kw)},
    {"tilt", "pv.tilt", NULL, 0, 0, SORT_NUMBER, AT(tilt_deg)},
    {"azimuth", "pv.azimuth", NULL, 0, 0, SORT_NUMBER, AT(azimuth_deg)},
    {"shading", NULL, "1", 0, 1, SORT_NUMBER, AT(shading)},
    {"turbine_kw", "wind.turbine", NULL, 0, 0, SORT_SIZE, AT(turbine_kw)},
    {"battery_kwh", "storage.capacity", NULL, 0, 0, SORT_SIZE, AT(battery_kwh)},
    {"battery_kw", "storage.power", NULL, 0, 0, SORT_NUMBER, AT(battery_kw)},
    {"ev_kw", "ev.power", NULL, 0, 0, SORT_SIZE, AT(ev_kw)},
    {"ev_kwh", "ev.energy", NULL, 0, 0, SORT_NUMBER, AT(ev_kwh)},
    {"heat_pump_kw", "heat_pump.power", NULL, 0, 0, SORT_SIZED, AT(heat_pump_kw)},
    {"heat_loss", "heat_pump.heat_loss", NULL, 0, 0, SORT_NUMBER, AT(heat_loss_w_k)},
    {"yearly_kwh", "load.yearly", NULL, 0, 0, SORT_NUMBER, AT(yearly_kwh)},
    {"connection", "connection", NULL, 0, 0, SORT_NUMBER, AT(connection_kw)},
    {"x", NULL, "m", -MOST_M, MOST_M, SORT_NUMBER, AT(east_m)},
    {"y", NULL, "m", -MOST_M, MOST_M, SORT_NUMBER, AT(north_m)},
    /* degrees, which place_by_degrees() makes metres of */
    {"lon", NULL, "degree", -180, 180, SORT_NUMBER, AT(east_m)},
    {"lat", NULL, "degree", -89, 89, SORT_NUMBER, AT(north_m)},
    {"reserve_sell", "agents.reserve_sell", NULL, 0, 0, SORT_PRICE, AT(reserve_sell)},
    {"reserve_buy", "agents.reserve_buy", NULL, 0, 0, SORT_PRICE, AT(reserve_buy)},
    {"beta", "market.beta", NULL, 0, 0, SORT_MILLIONTHS, AT(beta_millionths)},
};
enum { N_COLUMNS = sizeof columns / sizeof columns[0] };

/* Where the columns of a table stand: of the name, of the kind, of those above, of settings. */
struct layout {
    struct gb_dialect dialect;
    size_t n_cells, name, kind, place[N_COLUMNS], setting[GB_N_ROW_SETTINGS];
    bool is_in_degrees; /* are places given as lat and lon? */
};

static const struct gb_param *row_of(const struct column *column)
{
    return column->key ? gb_section_find_row(gb_sections[GB_SECTION_HOUSEHOLDS], column->key)
                       : NULL;
}

struct range {
    double low, high;
    const char *unit;
};

static struct range range_of(const struct column *column)
{
    const struct gb_param *row = row_of(column);

    return row ? (struct range){row->minimum, row->maximum, row->unit}
               : (struct range){column->low, column->high, column->unit};
}

/* ---- reading */

struct reader {
    const struct gb_meters_table *table;
    const struct gb_items *kinds;
    const struct gb_extensions *extensions;
    struct gb_rows_settings *settings;
    struct gb_diagnostics *diagnostics; /* NULL: nobody wants to know */
    struct gb_lines lines;
    struct gb_span line;
    struct gb_span cells[MOST_COLUMNS];
    size_t n_cells, n_mistakes;
    struct layout layout;
};

static void complain(struct reader *reader, const char *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void complain(struct reader *reader, const char *at, const char *format, ...)
{
    char description[1024];
    va_list args;

    if (!reader->diagnostics || reader->n_mistakes++ > MOST_MISTAKES)
        return;
    va_start(args, format);
    vsnprintf(description, sizeof description, format, args);
    va_end(args);
    gb_diagnostics_add_at(reader->diagnostics, reader->table->name, reader->lines.number,
                          at ? (size_t)(at - reader->line.at) + 1 : 1, "%s",
                          reader->n_mistakes > MOST_MISTAKES
                              ? "and what follows: the first mistakes are above"
                              : description);
}

/* The next line that is neither empty nor, before the first row, a comment. */
static bool next_row(struct reader *reader, bool is_first)
{
    while (gb_lines_take(&reader->lines, &reader->line)) {
        reader->n_cells = gb_cells_cut(reader->line, reader->layout.dialect.separator,
                                       reader->cells, MOST_COLUMNS);
        bool is_empty = reader->n_cells == 1 && reader->cells[0].n == 0;
        if (!is_empty && !(is_first && reader->line.at[0] == '#'))
            return true;
    }
    return false;
}

static bool has_good_quotes(struct reader *reader)
{
    const char *why, *at = gb_cells_bad_quote(reader->line, reader->layout.dialect.separator, &why);

    if (at)
        complain(reader, at, "%s", why);
    return !at;
}

static void describe_columns(char *text, size_t size)
{
    snprintf(text, size, "name, kind");
    for (size_t c = 0; c < N_COLUMNS; c++)
        gb_text_append(text, size, ", %s", columns[c].name);
    for (size_t c = 0; c < GB_N_ROW_SETTINGS; c++)
        gb_text_append(text, size, ", %s", gb_row_setting_names[c]);
}

/* Takes a name that is nearer to a word than any before. */
static void near(const char *word, const char *name, size_t *min, const char **nearest)
{
    size_t distance = gb_edit_distance(word, name);

    if (distance >= *min)
        return;
    *min = distance;
    *nearest = name;
}

static void refuse_column(struct reader *reader, struct gb_span cell)
{
    char word[64], all[512];
    const char *nearest = NULL;

    snprintf(word, sizeof word, "%.*s", (int)(cell.n < 60 ? cell.n : 60), cell.at);
    size_t min = strlen(word) / 3 + 2;
    for (size_t c = 0; c < N_COLUMNS; c++)
        near(word, columns[c].name, &min, &nearest);
    for (size_t c = 0; c < GB_N_ROW_SETTINGS; c++)
        near(word, gb_row_setting_names[c], &min, &nearest);
    describe_columns(all, sizeof all);
    if (nearest)
        complain(reader, cell.at, "unknown column '%s' (did you mean '%s'?)", word, nearest);
    else
        complain(reader, cell.at, "unknown column '%s'; expected some of %s", word, all);
}

/* The place where a column of this head is noted; NULL: there is no such column. */
static size_t *place_of(struct layout *layout, struct gb_span head)
{
    if (gb_span_is(head, "name") || gb_span_is(head, "id"))
        return &layout->name;
    if (gb_span_is(head, "kind"))
        return &layout->kind;
    for (size_t c = 0; c < N_COLUMNS; c++)
        if (gb_span_is(head, columns[c].name))
            return &layout->place[c];
    for (size_t c = 0; c < GB_N_ROW_SETTINGS; c++)
        if (gb_span_is(head, gb_row_setting_names[c]))
            return &layout->setting[c];
    return NULL;
}

static void note_columns(struct reader *reader)
{
    struct layout *layout = &reader->layout;

    layout->n_cells = reader->n_cells;
    for (size_t i = 0; i < reader->n_cells && i < MOST_COLUMNS; i++) {
        size_t *place = place_of(layout, reader->cells[i]);

        if (!place)
            refuse_column(reader, reader->cells[i]);
        else if (*place != NOT_THERE)
            complain(reader, reader->cells[i].at, "a column '%.*s' stands there already",
                     (int)reader->cells[i].n, reader->cells[i].at);
        else
            *place = i;
    }
}

static bool has_column(const struct layout *layout, const char *name)
{
    bool has = false;

    for (size_t c = 0; c < N_COLUMNS; c++)
        has |= strcmp(columns[c].name, name) == 0 && layout->place[c] != NOT_THERE;
    return has;
}

static void check_pair(struct reader *reader, const char *a, const char *b)
{
    bool has_a = has_column(&reader->layout, a), has_b = has_column(&reader->layout, b);

    if (has_a != has_b)
        complain(reader, NULL, "column %s without %s: expected both, or none", has_a ? a : b,
                 has_a ? b : a);
}

/* Reads the first row. returns false where it is none of such a table */
static bool read_head(struct reader *reader)
{
    struct layout *layout = &reader->layout;
    struct gb_span text = {reader->table->text, reader->table->length};
    size_t before = reader->n_mistakes;

    layout->name = layout->kind = NOT_THERE;
    for (size_t c = 0; c < N_COLUMNS; c++)
        layout->place[c] = NOT_THERE;
    for (size_t c = 0; c < GB_N_ROW_SETTINGS; c++)
        layout->setting[c] = NOT_THERE;
    if (!gb_dialect_find(text, &layout->dialect) || layout->dialect.separator == GB_BLANKS)
        layout->dialect = (struct gb_dialect){.separator = ',', .decimal = '.'};
    reader->lines = (struct gb_lines){text.at, text.at + text.n, 0};
    if (!next_row(reader, true)) {
        complain(reader, NULL, "expected a first row with the names of columns: name, kind, pv_kw");
        return false;
    }
    if (!has_good_quotes(reader))
        return false;
    note_columns(reader);
    if (layout->name == NOT_THERE)
        complain(reader, NULL,
                 "expected a column `name` (or `id`): each meter has a name of its own, by which "
                 "its draws go");
    check_pair(reader, "x", "y");
    check_pair(reader, "lat", "lon");
    layout->is_in_degrees = has_column(layout, "lat");
    if (layout->is_in_degrees && has_column(layout, "x"))
        complain(reader, NULL, "both x, y and lat, lon: one pair says where meters lie");
    return reader->n_mistakes == before;
}

static struct reader reader_of(const struct gb_meters_table *table,
                               struct gb_diagnostics *diagnostics)
{
    return (struct reader){.table = table, .diagnostics = diagnostics};
}

/* ---- one row */

/* nano 1e-9 of the unit; a price that no cell gives is INT64_MIN, a number NAN, a beta -1 */
static void store(const struct column *column, struct gb_listed_meter *meter, bool is_given,
                  int64_t nano)
{
    void *at = (char *)meter + column->offset;
    struct gb_price price = {is_given ? nano / NANO_A_MILLIONTH : GB_PARAM_PRICE_WORD};
    int64_t millionths = is_given ? nano / NANO_A_MILLIONTH : -1;
    double number = is_given ? (double)nano / (double)GB_NANO : NAN;

    switch (column->sort) {
    case SORT_PRICE: memcpy(at, &price, sizeof price); return;
    case SORT_MILLIONTHS: memcpy(at, &millionths, sizeof millionths); return;
    case SORT_NUMBER:
    case SORT_SIZE:
    case SORT_SIZED: memcpy(at, &number, sizeof number); return;
    }
}

static void refuse_cell(struct reader *reader, const struct column *column, struct gb_span cell)
{
    struct range range = range_of(column);

    complain(
        reader, cell.at,
        "%s: expected %sa number from %.12g to %.12g%s%s with a decimal %s, or nothing: as its "
        "kind says; got '%.*s'",
        column->name,
        column->sort == SORT_SIZE    ? "0 (it has none) or "
        : column->sort == SORT_SIZED ? "0 (it has none), sized (by its home) or "
                                     : "",
        range.low, range.high, strcmp(range.unit, "1") == 0 ? "" : " in ",
        strcmp(range.unit, "1") == 0 ? "" : range.unit,
        reader->layout.dialect.decimal == ',' ? "comma" : "point", (int)(cell.n < 40 ? cell.n : 40),
        cell.at);
}

static void read_cell(struct reader *reader, const struct column *column, struct gb_span cell,
                      struct gb_listed_meter *meter)
{
    struct range range = range_of(column);
    bool is_exact = column->sort == SORT_PRICE || column->sort == SORT_MILLIONTHS;
    int64_t nano = 0;

    if (cell.n == 0)
        return;
    if (column->sort == SORT_SIZED && gb_span_is(cell, "sized")) {
        store(column, meter, true, -GB_NANO);
        return;
    }
    if (gb_cell_number(cell, reader->layout.dialect.decimal, &nano) != GB_CELL_NUMBER) {
        refuse_cell(reader, column, cell);
        return;
    }
    double number = (double)nano / (double)GB_NANO;
    bool may_be_none = column->sort == SORT_SIZE || column->sort == SORT_SIZED;
    if ((number < range.low || number > range.high) && !(may_be_none && nano == 0))
        refuse_cell(reader, column, cell);
    else if (is_exact && nano % NANO_A_MILLIONTH != 0)
        complain(reader, cell.at, "%s: expected at most six decimals, got '%.*s'", column->name,
                 (int)(cell.n < 40 ? cell.n : 40), cell.at);
    else
        store(column, meter, true, nano);
}

static void read_name(struct reader *reader, struct gb_listed_meter *meter)
{
    struct gb_span cell = reader->cells[reader->layout.name];
    size_t n = gb_cell_text(reader->line, cell, meter->name, sizeof meter->name);

    meter->name[n < sizeof meter->name ? n : 0] = '\0';
    if (n == 0 || n >= sizeof meter->name || memchr(meter->name, '\0', n) ||
        !gb_utf8_is_plain(meter->name, false))
        complain(reader, cell.at, "name: expected 1 to %zu bytes of printable UTF-8, got '%.*s'",
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

static void read_kind(struct reader *reader, const struct gb_items *kinds,
                      struct gb_listed_meter *meter)
{
    static const struct gb_span none = {"", 0};
    struct gb_span cell =
        reader->layout.kind == NOT_THERE ? none : reader->cells[reader->layout.kind];
    const struct gb_item *item = gb_items_find(kinds, cell.at, cell.n);
    char all[512];

    if (reader->layout.kind == NOT_THERE && kinds->n == 1)
        item = &kinds->list[0];
    if (item) {
        meter->kind = (uint32_t)(item - kinds->list);
        return;
    }
    describe_kinds(kinds, all, sizeof all);
    if (reader->layout.kind == NOT_THERE)
        complain(reader, NULL, "expected a column `kind`: `households` names several kinds, %s",
                 all);
    else if (!gb_item_name_is_good(cell.at, cell.n))
        complain(reader, cell.at,
                 "kind: expected a name of letters, digits, - and _, at most %d, a letter first, "
                 "got '%.*s'",
                 GB_ITEM_NAME_SIZE - 1, (int)(cell.n < 60 ? cell.n : 60), cell.at);
    else
        complain(reader, cell.at, "kind: there is no kind of households '%.*s'; expected %s",
                 (int)cell.n, cell.at, all);
}

/* A cell that kinds have a key for. returns its setting; NULL: there is none, or a mistake */
static char *read_setting(struct reader *reader, enum gb_row_setting column, uint32_t kind,
                          bool *lacks_memory)
{
    size_t place = reader->layout.setting[column];
    char why[512], *setting;

    if (place == NOT_THERE || reader->cells[place].n == 0)
        return NULL;
    struct gb_span cell = reader->cells[place];
    setting = gb_row_setting_read(reader->extensions, &reader->kinds->list[kind], column, cell.at,
                                  cell.n, reader->layout.dialect.decimal, why, sizeof why);
    if (!setting && why[0])
        complain(reader, cell.at, "%s: %s (or nothing: as its kind says)",
                 gb_row_setting_names[column], why);
    *lacks_memory |= !setting && !why[0];
    return setting;
}

/* Where what its row says of settings differs from its kind's, those are behind the kinds. */
static enum gb_status read_settings(struct reader *reader, struct gb_listed_meter *meter,
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
        complain(reader, NULL,
                 "more than %d different combinations of kind, retail, feed_in, strategy and "
                 "controllers: expected homes that share them",
                 GB_ROW_SETTINGS_MOST);
    else if (status == GB_OK)
        meter->settings = (uint32_t)(reader->kinds->n + place);
    return status == GB_ENOMEM ? status : GB_OK;
}

static void check_place(struct reader *reader, const struct gb_listed_meter *meter)
{
    if (isnan(meter->east_m) != isnan(meter->north_m))
        complain(reader, NULL, "a place has both %s; expected the other one, too, or none",
                 reader->layout.is_in_degrees ? "lat and lon" : "x and y");
}

static enum gb_status read_row(struct reader *reader, struct gb_listed_meter *meter,
                               struct gb_error *err)
{
    if (!has_good_quotes(reader))
        return GB_OK;
    if (reader->n_cells != reader->layout.n_cells) {
        complain(reader, NULL, "expected %zu cells, as the first row has, got %zu",
                 reader->layout.n_cells, reader->n_cells);
        return GB_OK;
    }
    read_name(reader, meter);
    read_kind(reader, reader->kinds, meter);
    for (size_t c = 0; c < N_COLUMNS; c++)
        store(&columns[c], meter, false, 0);
    for (size_t c = 0; c < N_COLUMNS; c++)
        if (reader->layout.place[c] != NOT_THERE)
            read_cell(reader, &columns[c], reader->cells[reader->layout.place[c]], meter);
    check_place(reader, meter);
    return read_settings(reader, meter, err);
}

/* ---- all rows */

/* Degrees to metres east and north of their mean, on a plane that touches the sphere there: an
 * equirectangular projection, within 1e-4 over the few kilometres of a village.
 * source  mean radius of the Earth: H. Moritz, Geodetic Reference System 1980, Journal of Geodesy
 *         74 (2000) 128-133 */
static void place_by_degrees(struct reader *reader, struct gb_listed *listed)
{
    const double m_a_degree = 6371008.8 * acos(-1) / 180;
    double lon = 0, lat = 0, n = 0;

    for (size_t i = 0; i < listed->n; i++)
        if (!isnan(listed->meters[i].east_m)) {
            lon += listed->meters[i].east_m;
            lat += listed->meters[i].north_m;
            n++;
        }
    double per_lon = m_a_degree * cos(lat / n * acos(-1) / 180);
    for (size_t i = 0; i < listed->n; i++) {
        struct gb_listed_meter *meter = &listed->meters[i];
        meter->east_m = (meter->east_m - lon / n) * per_lon;
        meter->north_m = (meter->north_m - lat / n) * m_a_degree;
        if (fabs(meter->east_m) > MOST_M || fabs(meter->north_m) > MOST_M) {
            reader->lines.number = meter->line;
            complain(
                reader, NULL,
                "lat, lon: '%s' lies %.0f km from the middle of all meters; expected a village "
                "within %.0f km",
                meter->name, hypot(meter->east_m, meter->north_m) / 1000, MOST_M / 1000);
        }
    }
}

/* Names that two rows have. */
struct named {
    const char *name;
    uint32_t line;
};

static int by_name_and_line(const void *a, const void *b)
{
    const struct named *left = a, *right = b;
    int order = strcmp(left->name, right->name);

    return order != 0 ? order : (left->line > right->line) - (left->line < right->line);
}

static bool check_names(struct reader *reader, const struct gb_listed *listed)
{
    struct named *sorted = malloc((listed->n + 1) * sizeof *sorted);

    if (!sorted)
        return false;
    for (size_t i = 0; i < listed->n; i++)
        sorted[i] = (struct named){listed->meters[i].name, listed->meters[i].line};
    qsort(sorted, listed->n, sizeof *sorted, by_name_and_line);
    for (size_t i = 1; i < listed->n; i++)
        if (strcmp(sorted[i].name, sorted[i - 1].name) == 0) {
            reader->lines.number = sorted[i].line;
            complain(reader, NULL,
                     "name: '%s' stands in line %" PRIu32
                     ", too; expected a name of its own for each meter",
                     sorted[i].name, sorted[i - 1].line);
        }
    free(sorted);
    return true;
}

enum gb_status gb_meters_table_read(struct gb_listed *out, struct gb_rows_settings *settings,
                                    const struct gb_meters_table *table,
                                    const struct gb_items *kinds,
                                    const struct gb_extensions *extensions,
                                    struct gb_diagnostics *diagnostics, struct gb_error *err)
{
    struct reader reader = reader_of(table, diagnostics);
    enum gb_status status = GB_OK;
    size_t capacity = 0;

    reader.kinds = kinds;
    reader.extensions = extensions;
    reader.settings = settings;

    *out = (struct gb_listed){.n = 0};
    if (!read_head(&reader))
        return GB_ECONFIG;
    while (status == GB_OK && next_row(&reader, false)) {
        struct gb_listed_meter *meters =
            gb_array_grow(out->meters, &capacity, out->n + 1, sizeof *meters);
        if (!meters)
            return gb_fail(err, GB_ENOMEM, "no memory for %zu meters", out->n + 1);
        out->meters = meters;
        memset(&meters[out->n], 0, sizeof *meters);
        meters[out->n].line = reader.lines.number;
        status = read_row(&reader, &meters[out->n++], err);
    }
    if (status != GB_OK)
        return status;
    if (reader.layout.is_in_degrees && reader.n_mistakes == 0)
        place_by_degrees(&reader, out);
    if (out->n == 0)
        complain(&reader, NULL, "expected a row a meter behind the names of columns");
    if (reader.n_mistakes == 0 && !check_names(&reader, out))
        return gb_fail(err, GB_ENOMEM, "no memory for the names of %zu meters", out->n);
    return reader.n_mistakes == 0 ? GB_OK : GB_ECONFIG;
}

void gb_meters_table_kinds(const struct gb_meters_table *table,
                           void (*visit)(void *context, const char *name, size_t length),
                           void *context)
{
    struct reader reader = reader_of(table, NULL);

    if (!read_head(&reader))
        return;
    if (reader.layout.kind == NOT_THERE)
        visit(context, GB_KIND_OF_ALL, strlen(GB_KIND_OF_ALL));
    while (reader.layout.kind != NOT_THERE && next_row(&reader, false))
        if (reader.layout.kind < reader.n_cells)
            visit(context, reader.cells[reader.layout.kind].at, reader.cells[reader.layout.kind].n);
}
