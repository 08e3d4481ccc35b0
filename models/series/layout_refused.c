/* What is said of a table none of whose rows has a stamp: what its columns may be, and the cure. */
#include <stdio.h>

#include "models/series/layout_priv.h"

/* A column of numbers that may be days of a spreadsheet, though nothing calls it a time. */
static bool find_unnamed(struct gb_layout *layout, struct gb_lines from, struct gb_lines *lines,
                         size_t *column)
{
    struct gb_lines before = from;
    struct gb_span line;

    *lines = from;
    for (size_t i = 0; i < GB_LAYOUT_MOST_BEFORE && gb_lines_take(lines, &line);
         i++, before = *lines) {
        if (!gb_layout_cut_row(layout, line))
            continue;
        *column = gb_layout_find_serial(layout, before, false, false);
        if (*column != GB_NO_COLUMN)
            return true;
    }
    return false;
}

/* Days of a spreadsheet that were cut short: a number with one to four decimals, and a greater one
 * of the same day below. */
static bool is_cut_short(const struct gb_layout *layout, size_t column, struct gb_lines below)
{
    enum { FIRST = 30000, LAST = 60000 };
    struct gb_span line, cell = layout->cells[column], *cells = layout->names;
    char decimal = layout->dialect.decimal;
    struct gb_stamp stamp;
    int64_t nano, next;

    return gb_cell_number(cell, decimal, &nano) == GB_CELL_NUMBER && nano >= FIRST * GB_NANO &&
           nano <= LAST * GB_NANO && nano % GB_NANO != 0 &&
           !gb_stamp_read_serial(cell, decimal, false, &stamp) && gb_lines_take(&below, &line) &&
           gb_cells_cut(line, layout->dialect.separator, cells, layout->dialect.n_cells) ==
               layout->dialect.n_cells &&
           gb_cell_number(cells[column], decimal, &next) == GB_CELL_NUMBER && next > nano &&
           next - nano < GB_NANO;
}

static bool find_cut_short(struct gb_layout *layout, struct gb_lines *lines, size_t *column)
{
    struct gb_span line;

    for (size_t i = 0; i < GB_LAYOUT_MOST_BEFORE && gb_lines_take(lines, &line); i++) {
        size_t n = gb_layout_cut_row(layout, line) ? layout->dialect.n_cells : 0;
        for (*column = 0; *column < n; ++*column)
            if (is_cut_short(layout, *column, *lines))
                return true;
    }
    return false;
}

static enum gb_status fail_parts(uint32_t line, const char *file, struct gb_error *err)
{
    return gb_fail(err, GB_EINPUT,
                   "'%s':%u: the parts of a stamp have columns of their own, and no row below "
                   "holds whole numbers of a date and, where it is named, an hour up to 24; "
                   "one column like 2024-03-01 12:00 is read, too",
                   file, line);
}

/* The line that names an hour and no date. */
static bool find_hour_alone(struct gb_layout *layout, struct gb_lines *lines)
{
    struct gb_parts parts;
    struct gb_span line;

    for (size_t i = 0; i < GB_LAYOUT_MOST_BEFORE && gb_lines_take(lines, &line); i++)
        if (gb_layout_cut_row(layout, line) &&
            gb_parts_named(&parts, layout->cells, layout->dialect.n_cells, true) &&
            gb_parts_is_hour(&parts, layout->cells))
            return true;
    return false;
}

/* No row has a stamp: perhaps because its parts stand in columns of their own. */
enum gb_status gb_layout_fail_stamps(struct gb_layout *layout, struct gb_lines lines,
                                     const char *file, struct gb_error *err)
{
    struct gb_lines first = lines;
    struct gb_span line;
    struct gb_parts parts = {.is_used = false};
    size_t column;
    char name[64];

    for (size_t i = 0; i < GB_LAYOUT_MOST_BEFORE && !parts.is_used && gb_lines_take(&lines, &line);
         i++)
        if (gb_layout_cut_row(layout, line))
            gb_parts_named(&parts, layout->cells, layout->dialect.n_cells, false);
    if (parts.is_used)
        return fail_parts(lines.number, file, err);
    lines = first;
    if (find_hour_alone(layout, &lines))
        return gb_fail(
            err, GB_EINPUT,
            "'%s':%u: an hour has a column, and no date does: hours of a year, or of many "
            "days, need their dates beside them, like 2024-03-01",
            file, lines.number);
    if (find_unnamed(layout, first, &lines, &column)) {
        gb_layout_name(layout, column, name, sizeof name);
        return gb_fail(err, GB_EINPUT,
                       "'%s':%u: does %s, like '%.*s', count days as spreadsheets do? Say --date "
                       "serial (since 1899-12-30) or --date serial-1904, or call the column Time",
                       file, lines.number, name,
                       (int)(layout->cells[column].n < 40 ? layout->cells[column].n : 40),
                       layout->cells[column].at);
    }
    lines = first;
    if (find_cut_short(layout, &lines, &column))
        return gb_fail(err, GB_EINPUT,
                       "'%s':%u: does '%.*s' count days as spreadsheets do? Its decimals tell no "
                       "second: five at least are expected, or the cells written as date and time",
                       file, lines.number,
                       (int)(layout->cells[column].n < 40 ? layout->cells[column].n : 40),
                       layout->cells[column].at);
    return gb_fail(err, GB_EINPUT,
                   "'%s': none of the first %d lines has %zu cells and a time stamp among them, "
                   "like 2024-03-01 12:00, 1/3/2024 12:00, 01-Mar-2024 12:00 or seconds since 1970",
                   file, GB_LAYOUT_MOST_BEFORE, layout->dialect.n_cells);
}
