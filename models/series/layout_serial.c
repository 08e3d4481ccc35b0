/* Stamps that are days since 1899-12-30, as spreadsheets count them: a column is taken for one
 * where its name is of time and its numbers are of 1982 to 2064 and lie on even steps. */
#include <stdio.h>
#include <string.h>

#include "base/integer.h"
#include "models/series/header_words.h"
#include "models/series/layout_priv.h"

enum { MOST_COLUMNS = 64, LOOKED_AT = 200, FEWEST = 3, DAY_S = 86400 };

static const double first_day = 30000, last_day = 60000;

static bool read(const struct gb_layout *layout, struct gb_span cell, bool is_said,
                 int64_t *seconds)
{
    struct gb_stamp stamp;
    int64_t nano;

    if (gb_cell_number(cell, layout->dialect.decimal, &nano) != GB_CELL_NUMBER ||
        !gb_stamp_read_serial(cell, layout->dialect.decimal, false, &stamp))
        return false;
    *seconds = stamp.local_s;
    double day = (double)nano / (double)GB_NANO;
    return is_said || (day >= first_day && day <= last_day);
}

/* Is it called a time in one of the lines above? */
static bool is_called_time(const struct gb_layout *layout, size_t column)
{
    struct gb_span line, cells[MOST_COLUMNS];

    for (size_t i = 0; i < layout->n_above; i++) {
        struct gb_lines before = layout->above[i].before;
        gb_lines_take(&before, &line);
        if (gb_cells_cut(line, layout->dialect.separator, cells, MOST_COLUMNS) > column &&
            gb_header_is_time(cells[column]))
            return true;
    }
    return false;
}

/* Do the first rows lie on steps that divide the day, and are no longer than that? */
static bool is_even(const struct gb_layout *layout, struct gb_lines lines, size_t column,
                    int64_t longest_s)
{
    struct gb_span line, cells[MOST_COLUMNS];
    int64_t seconds, before_s = 0, step_s = 0, shortest_s = 0;
    size_t n = 0;

    for (size_t i = 0; i < LOOKED_AT && gb_lines_take(&lines, &line); i++) {
        if (gb_cells_cut(line, layout->dialect.separator, cells, MOST_COLUMNS) !=
            layout->dialect.n_cells)
            continue;
        if (!read(layout, cells[column], false, &seconds))
            return false;
        int64_t distance_s = seconds > before_s ? seconds - before_s : before_s - seconds;
        if (n++ > 0 && distance_s > 0) {
            step_s = gb_common_divisor(step_s, distance_s);
            if (shortest_s == 0 || distance_s < shortest_s)
                shortest_s = distance_s;
        }
        before_s = seconds;
    }
    return n >= FEWEST && step_s > 0 && step_s == shortest_s && DAY_S % step_s == 0 &&
           step_s <= longest_s;
}

size_t gb_layout_find_serial(const struct gb_layout *layout, struct gb_lines rows, bool is_said,
                             bool is_named)
{
    const size_t n =
        layout->dialect.n_cells < MOST_COLUMNS ? layout->dialect.n_cells : MOST_COLUMNS;
    int64_t seconds;

    for (size_t i = 0; i < n; i++)
        if (i != layout->issued && read(layout, layout->cells[i], is_said, &seconds) &&
            (is_said || ((!is_named || is_called_time(layout, i)) &&
                         is_even(layout, rows, i, is_named ? DAY_S : DAY_S / 2))))
            return i;
    return GB_NO_COLUMN;
}
