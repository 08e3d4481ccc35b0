/* Columns of a table: by the names that options say, and, where none is said, which of them hold
 * values and which the meter's name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "models/series/layout_priv.h"

enum { SAMPLE_ROWS = 100 };

/* ---- by name */

size_t gb_layout_find_column(const struct gb_layout *layout, const char *name, size_t n)
{
    struct gb_span wanted = {name, n};
    size_t place = 0;

    for (size_t i = 0; i < layout->dialect.n_cells; i++)
        if (layout->names[i].n == n && strncasecmp(layout->names[i].at, name, n) == 0)
            return i;
    for (size_t i = 0; i < wanted.n; i++) {
        if (name[i] < '0' || name[i] > '9' || place > GB_LAYOUT_MOST_CELLS)
            return GB_NO_COLUMN;
        place = 10 * place + (size_t)(name[i] - '0');
    }
    return place >= 1 && place <= layout->dialect.n_cells ? place - 1 : GB_NO_COLUMN;
}

enum gb_status gb_layout_fail_column(const struct gb_layout *layout, const char *file,
                                     const char *name, size_t n, struct gb_error *err)
{
    char names[512] = "", one[64];
    size_t used = 0;

    for (size_t i = 0; i < layout->dialect.n_cells && used + 70 < sizeof names; i++) {
        gb_layout_name(layout, i, one, sizeof one);
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "", one);
    }
    return gb_fail(err, GB_EINPUT, "'%s' has no column '%.*s': it has %s", file, (int)n, name,
                   names);
}

/* Steps over the next name of a list. */
static const char *next_name(const char **list, size_t *n)
{
    const char *name = *list;

    *n = strcspn(name, ",");
    *list = name + *n + (name[*n] == ',');
    return name;
}

enum gb_status gb_layout_take_time(struct gb_layout *layout, const char *file, const char *list,
                                   struct gb_error *err)
{
    size_t n, *const places[] = {&layout->time, &layout->clock};

    if (gb_parts_is_list(list)) /* found by it already */
        return GB_OK;
    layout->parts.is_used = false;
    layout->clock = GB_NO_COLUMN;
    for (size_t i = 0; i < 2 && *list; i++) {
        const char *name = next_name(&list, &n);
        *places[i] = gb_layout_find_column(layout, name, n);
        if (*places[i] == GB_NO_COLUMN)
            return gb_layout_fail_column(layout, file, name, n, err);
    }
    return GB_OK;
}

/* ---- of values and of the meter's name */

static bool is_time(const struct gb_layout *layout, size_t cell)
{
    return cell == layout->time || cell == layout->clock || cell == layout->issued ||
           gb_parts_has(&layout->parts, cell);
}

/* Is the cell a word, or a date or a number as no series has? */
static bool is_no_value(const struct gb_layout *layout, struct gb_span cell, enum gb_cell what)
{
    struct gb_stamp_reader reader = {.order = layout->order};
    struct gb_stamp stamp;

    return what == GB_CELL_WORD || what == GB_CELL_BEYOND ||
           (cell.n >= 8 && what == GB_CELL_NUMBER && gb_stamp_read(&reader, cell, &stamp) &&
            stamp.has_date && !layout->is_unix);
}

struct cells_seen { /* of a column */
    uint32_t n_numbers, n_others;
};

static void see_first_rows(struct gb_layout *layout, struct cells_seen *seen)
{
    struct gb_lines lines = layout->lines;
    struct gb_span line;

    for (size_t k = 0; k < SAMPLE_ROWS && gb_lines_take(&lines, &line); k++)
        for (size_t i = 0; gb_layout_cut_row(layout, line) && i < layout->dialect.n_cells; i++) {
            int64_t value;
            enum gb_cell what = gb_cell_number(layout->cells[i], layout->dialect.decimal, &value);
            bool is_other = is_no_value(layout, layout->cells[i], what);

            seen[i].n_others += is_other;
            seen[i].n_numbers += !is_other && what == GB_CELL_NUMBER;
        }
}

/* Columns that hold words in the first rows are none of values. One with a wrong cell among more
 * numbers is, so that whoever reads it hears of that cell. */
static bool holds_values(const struct cells_seen *seen)
{
    return seen->n_others == 0 || seen->n_others < seen->n_numbers;
}

static bool is_id(const struct gb_layout *layout, size_t cell)
{
    for (size_t i = 0; i < layout->n_ids; i++)
        if (cell == layout->ids[i])
            return true;
    return false;
}

/* The columns that name the meter together, as --id lists them. A name that has a comma itself
 * counts as it stands. */
static enum gb_status take_ids(struct gb_layout *layout, const char *file, const char *list,
                               struct gb_error *err)
{
    const char *all = list;
    size_t n = strlen(list), cell = gb_layout_find_column(layout, list, n);

    for (; cell == GB_NO_COLUMN && *list; cell = GB_NO_COLUMN) {
        const char *name = next_name(&list, &n);
        cell = gb_layout_find_column(layout, name, n);
        if (cell == GB_NO_COLUMN)
            return gb_layout_fail_column(layout, file, name, n, err);
        if (is_id(layout, cell) || layout->n_ids == GB_LAYOUT_MOST_IDS)
            return gb_fail(err, GB_EINPUT,
                           "'%s': '%s' names a meter by up to %d columns, each of them once", file,
                           all, GB_LAYOUT_MOST_IDS);
        layout->ids[layout->n_ids++] = cell;
    }
    if (layout->n_ids == 0 && cell != GB_NO_COLUMN)
        layout->ids[layout->n_ids++] = cell;
    return GB_OK;
}

static size_t find_id(const struct gb_layout *layout)
{
    static const char *const names[] = {
        "id",     "lclid",  "meter",    "meter_id",     "meterid",   "customer", "household",
        "house",  "home",   "nmi",      "ean",          "ean-code",  "user",     "station",
        "origin", "device", "house_id", "household_id", "entity_id", "cups",     "mpan"};

    for (size_t i = 0; i < layout->dialect.n_cells; i++)
        for (size_t k = 0; !is_time(layout, i) && k < sizeof names / sizeof names[0]; k++)
            if (gb_span_is(layout->names[i], names[k]))
                return i;
    return GB_NO_COLUMN;
}

static enum gb_status take_columns(struct gb_layout *layout, const char *file, const char *list,
                                   struct gb_error *err)
{
    while (*list) {
        size_t n, cell;
        const char *name = next_name(&list, &n);

        cell = gb_layout_find_column(layout, name, n);
        if (cell == GB_NO_COLUMN || layout->n_values == layout->dialect.n_cells)
            return gb_layout_fail_column(layout, file, name, n, err);
        layout->values[layout->n_values++] = cell;
    }
    return GB_OK;
}

enum gb_status gb_layout_find_values(struct gb_layout *layout, const char *file,
                                     const struct gb_series_options *options, struct gb_error *err)
{
    struct cells_seen *seen;

    size_t id = options->id ? GB_NO_COLUMN : find_id(layout);
    if (id != GB_NO_COLUMN)
        layout->ids[layout->n_ids++] = id;
    enum gb_status status = options->id ? take_ids(layout, file, options->id, err) : GB_OK;
    if (status != GB_OK)
        return status;
    if (options->columns)
        return take_columns(layout, file, options->columns, err);
    seen = calloc(layout->dialect.n_cells, sizeof *seen);
    if (!seen)
        return gb_fail(err, GB_ENOMEM, "no memory for the columns of '%s'", file);
    see_first_rows(layout, seen);
    for (size_t i = 0; i < layout->dialect.n_cells; i++)
        if (holds_values(&seen[i]) && !is_time(layout, i) && !is_id(layout, i) &&
            (layout->names[i].n > 0 || layout->header_line == 0))
            layout->values[layout->n_values++] = i;
    free(seen);
    return layout->n_values > 0 ? GB_OK
                                : gb_fail(err, GB_EINPUT,
                                          "'%s':%u: no column holds numbers; --column says which "
                                          "is meant",
                                          file, layout->first_line);
}
