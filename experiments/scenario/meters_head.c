/* The columns of a table of meters, and its first row, which names them. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/edit_distance.h"
#include "base/text.h"
#include "experiments/scenario/meters_table_priv.h"

enum { MOST_MISTAKES = 20 };

#define AT(member) offsetof(struct gb_listed_meter, member)
const struct gb_meters_column gb_meters_columns[GB_METERS_N_COLUMNS] = {
    {"pv_kw", "pv.size", NULL, 0, 0, GB_METERS_SIZE, AT(pv_kw)},
    {"tilt", "pv.tilt", NULL, 0, 0, GB_METERS_NUMBER, AT(tilt_deg)},
    {"azimuth", "pv.azimuth", NULL, 0, 0, GB_METERS_NUMBER, AT(azimuth_deg)},
    {"shading", NULL, "1", 0, 1, GB_METERS_NUMBER, AT(shading)},
    {"turbine_kw", "wind.turbine", NULL, 0, 0, GB_METERS_SIZE, AT(turbine_kw)},
    {"battery_kwh", "storage.capacity", NULL, 0, 0, GB_METERS_SIZE, AT(battery_kwh)},
    {"battery_kw", "storage.power", NULL, 0, 0, GB_METERS_NUMBER, AT(battery_kw)},
    {"ev_kw", "ev.power", NULL, 0, 0, GB_METERS_SIZE, AT(ev_kw)},
    {"ev_kwh", "ev.energy", NULL, 0, 0, GB_METERS_NUMBER, AT(ev_kwh)},
    {"heat_pump_kw", "heat_pump.power", NULL, 0, 0, GB_METERS_SIZED, AT(heat_pump_kw)},
    {"heat_loss", "heat_pump.heat_loss", NULL, 0, 0, GB_METERS_NUMBER, AT(heat_loss_w_k)},
    {"yearly_kwh", "load.yearly", NULL, 0, 0, GB_METERS_NUMBER, AT(yearly_kwh)},
    {"connection", "connection", NULL, 0, 0, GB_METERS_NUMBER, AT(connection_kw)},
    {"x", NULL, "m", -GB_METERS_MOST_M, GB_METERS_MOST_M, GB_METERS_NUMBER, AT(east_m)},
    {"y", NULL, "m", -GB_METERS_MOST_M, GB_METERS_MOST_M, GB_METERS_NUMBER, AT(north_m)},
    /* degrees, which place_by_degrees() makes metres of */
    {"lon", NULL, "degree", -180, 180, GB_METERS_NUMBER, AT(east_m)},
    {"lat", NULL, "degree", -89, 89, GB_METERS_NUMBER, AT(north_m)},
    {"reserve_sell", "agents.reserve_sell", NULL, 0, 0, GB_METERS_PRICE, AT(reserve_sell)},
    {"reserve_buy", "agents.reserve_buy", NULL, 0, 0, GB_METERS_PRICE, AT(reserve_buy)},
    {"beta", "market.beta", NULL, 0, 0, GB_METERS_MILLIONTHS, AT(beta_millionths)},
};

void gb_meters_complain(struct gb_meters_reader *reader, const char *at, const char *format, ...)
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

bool gb_meters_next_row(struct gb_meters_reader *reader, bool is_first)
{
    while (gb_lines_take(&reader->lines, &reader->line)) {
        reader->n_cells = gb_cells_cut(reader->line, reader->layout.dialect.separator,
                                       reader->cells, GB_METERS_MOST_COLUMNS);
        bool is_empty = reader->n_cells == 1 && reader->cells[0].n == 0;
        if (!is_empty && !(is_first && reader->line.at[0] == '#'))
            return true;
    }
    return false;
}

bool gb_meters_has_good_quotes(struct gb_meters_reader *reader)
{
    const char *why, *at = gb_cells_bad_quote(reader->line, reader->layout.dialect.separator, &why);

    if (at)
        gb_meters_complain(reader, at, "%s", why);
    return !at;
}

static void describe_columns(char *text, size_t size)
{
    snprintf(text, size, "name, kind");
    for (size_t c = 0; c < GB_METERS_N_COLUMNS; c++)
        gb_text_append(text, size, ", %s", gb_meters_columns[c].name);
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

static void refuse_column(struct gb_meters_reader *reader, struct gb_span cell)
{
    char word[64], all[512];
    const char *nearest = NULL;

    snprintf(word, sizeof word, "%.*s", (int)(cell.n < 60 ? cell.n : 60), cell.at);
    size_t min = strlen(word) / 3 + 2;
    for (size_t c = 0; c < GB_METERS_N_COLUMNS; c++)
        near(word, gb_meters_columns[c].name, &min, &nearest);
    for (size_t c = 0; c < GB_N_ROW_SETTINGS; c++)
        near(word, gb_row_setting_names[c], &min, &nearest);
    describe_columns(all, sizeof all);
    if (nearest)
        gb_meters_complain(reader, cell.at, "unknown column '%s' (did you mean '%s'?)", word,
                           nearest);
    else
        gb_meters_complain(reader, cell.at, "unknown column '%s'; expected some of %s", word, all);
}

/* The place where a column of this head is noted; NULL: there is no such column. */
static size_t *place_of(struct gb_meters_layout *layout, struct gb_span head)
{
    if (gb_span_is(head, "name") || gb_span_is(head, "id"))
        return &layout->name;
    if (gb_span_is(head, "kind"))
        return &layout->kind;
    for (size_t c = 0; c < GB_METERS_N_COLUMNS; c++)
        if (gb_span_is(head, gb_meters_columns[c].name))
            return &layout->place[c];
    for (size_t c = 0; c < GB_N_ROW_SETTINGS; c++)
        if (gb_span_is(head, gb_row_setting_names[c]))
            return &layout->setting[c];
    return NULL;
}

static void note_columns(struct gb_meters_reader *reader)
{
    struct gb_meters_layout *layout = &reader->layout;

    layout->n_cells = reader->n_cells;
    for (size_t i = 0; i < reader->n_cells && i < GB_METERS_MOST_COLUMNS; i++) {
        size_t *place = place_of(layout, reader->cells[i]);

        if (!place)
            refuse_column(reader, reader->cells[i]);
        else if (*place != GB_METERS_NOT_THERE)
            gb_meters_complain(reader, reader->cells[i].at, "a column '%.*s' stands there already",
                               (int)reader->cells[i].n, reader->cells[i].at);
        else
            *place = i;
    }
}

static bool has_column(const struct gb_meters_layout *layout, const char *name)
{
    bool has = false;

    for (size_t c = 0; c < GB_METERS_N_COLUMNS; c++)
        has |=
            strcmp(gb_meters_columns[c].name, name) == 0 && layout->place[c] != GB_METERS_NOT_THERE;
    return has;
}

static void check_pair(struct gb_meters_reader *reader, const char *a, const char *b)
{
    bool has_a = has_column(&reader->layout, a), has_b = has_column(&reader->layout, b);

    if (has_a != has_b)
        gb_meters_complain(reader, NULL, "column %s without %s: expected both, or none",
                           has_a ? a : b, has_a ? b : a);
}

bool gb_meters_read_head(struct gb_meters_reader *reader)
{
    struct gb_meters_layout *layout = &reader->layout;
    struct gb_span text = {reader->table->text, reader->table->length};
    size_t before = reader->n_mistakes;

    layout->name = layout->kind = GB_METERS_NOT_THERE;
    for (size_t c = 0; c < GB_METERS_N_COLUMNS; c++)
        layout->place[c] = GB_METERS_NOT_THERE;
    for (size_t c = 0; c < GB_N_ROW_SETTINGS; c++)
        layout->setting[c] = GB_METERS_NOT_THERE;
    if (!gb_dialect_find(text, &layout->dialect) || layout->dialect.separator == GB_BLANKS)
        layout->dialect = (struct gb_dialect){.separator = ',', .decimal = '.'};
    reader->lines = (struct gb_lines){text.at, text.at + text.n, 0};
    if (!gb_meters_next_row(reader, true)) {
        gb_meters_complain(reader, NULL,
                           "expected a first row with the names of columns: name, kind, pv_kw");
        return false;
    }
    if (!gb_meters_has_good_quotes(reader))
        return false;
    note_columns(reader);
    if (layout->name == GB_METERS_NOT_THERE)
        gb_meters_complain(
            reader, NULL,
            "expected a column `name` (or `id`): each meter has a name of its own, by which "
            "its draws go");
    check_pair(reader, "x", "y");
    check_pair(reader, "lat", "lon");
    layout->is_in_degrees = has_column(layout, "lat");
    if (layout->is_in_degrees && has_column(layout, "x"))
        gb_meters_complain(reader, NULL, "both x, y and lat, lon: one pair says where meters lie");
    return reader->n_mistakes == before;
}
