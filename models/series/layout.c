#include "models/series/layout_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "models/series/header_words.h"

enum { FEWEST_OF_DAY = 24, DAY_S = 86400, DIGITS_OF_SECONDS = 10 };

void gb_layout_name(const struct gb_layout *layout, size_t cell, char *buffer, size_t size)
{
    struct gb_span name = layout->names[cell];

    if (name.n > 0)
        snprintf(buffer, size, "%.*s", (int)(name.n < 60 ? name.n : 60), name.at);
    else
        snprintf(buffer, size, "column %zu", cell + 1);
}

/* ---- where the table begins, and its stamps */

enum kind { DATED, PARTS, UNIX, SERIAL, CLOCK, N_KINDS };

/* The cell of a row that is the best stamp of a kind: one with an offset before one without, one
 * with a clock before a date alone. */
static size_t stamp_in(const struct gb_layout *layout, enum kind kind)
{
    struct gb_stamp_reader reader = {.order = layout->order};
    size_t best = GB_NO_COLUMN;
    int best_rank = 0;

    for (size_t i = 0; i < layout->dialect.n_cells; i++) {
        struct gb_stamp stamp = {.local_s = 0};
        if (i == layout->issued)
            continue;
        bool is_one = kind == UNIX ? gb_stamp_read_unix(layout->cells[i], &stamp)
                                   : gb_stamp_read(&reader, layout->cells[i], &stamp);
        if (!is_one || (kind == DATED) != (stamp.has_date && kind != UNIX))
            continue;
        int rank = 1 + stamp.has_clock + stamp.has_offset;
        if (rank > best_rank) {
            best_rank = rank;
            best = i;
        }
    }
    return best;
}

/* The cell of a row with ten digits that are seconds since 1970, of 2030 to 2036, and no day and
 * hour. */
static size_t seconds_in(const struct gb_layout *layout)
{
    struct gb_stamp_reader reader = {.order = layout->order};
    struct gb_stamp stamp;

    for (size_t i = 0; i < layout->dialect.n_cells; i++)
        if (layout->cells[i].n == DIGITS_OF_SECONDS &&
            gb_stamp_read_unix(layout->cells[i], &stamp) &&
            !gb_stamp_read(&reader, layout->cells[i], &stamp))
            return i;
    return GB_NO_COLUMN;
}

/* Whether ten digits, which read as a day and its hour, are seconds all the same: some below are no
 * day. Steps of a second show it within 100 rows, longer ones sooner.
 * below  the rows; the cells are lost */
static bool are_seconds(struct gb_layout *layout, struct gb_lines below)
{
    enum { TELLING_ROWS = 100 };
    struct gb_span line;
    size_t column = layout->time;

    if (layout->cells[column].n != DIGITS_OF_SECONDS)
        return false;
    for (size_t i = 0; i < TELLING_ROWS && gb_lines_take(&below, &line); i++)
        if (gb_layout_cut_row(layout, line) && seconds_in(layout) == column)
            return true;
    return false;
}

static void cut_first(struct gb_layout *layout)
{
    struct gb_lines lines = layout->lines;
    struct gb_span line = {NULL, 0};

    gb_lines_take(&lines, &line);
    gb_layout_cut_row(layout, line);
}

/* Keeps a line that may be of the header. */
static void keep_above(struct gb_layout *layout, struct gb_lines before, uint32_t number)
{
    size_t n = layout->n_above;

    if (n > 0 && layout->above[n - 1].number + 1 != number)
        n = 0;
    if (n == GB_LAYOUT_MOST_ABOVE)
        memmove(layout->above, layout->above + 1, --n * sizeof *layout->above);
    layout->above[n] = (struct gb_layout_above){before, number};
    layout->n_above = n + 1;
}

/* The first part of a row whose stamp is in parts, as a line before, or this one, names them.
 * list  of names that are said, or NULL */
static size_t parts_in(struct gb_layout *layout, const char *list, uint32_t line)
{
    struct gb_parts parts;
    struct gb_stamp stamp;
    size_t n = layout->dialect.n_cells, column = 0;
    bool is_named = list ? gb_parts_listed(&parts, list, layout->cells, n)
                         : gb_parts_named(&parts, layout->cells, n, false);

    if (is_named && (!layout->parts.is_used || !list)) {
        layout->parts = parts;
        layout->parts.decimal = layout->dialect.decimal;
        layout->parts.line = line;
    }
    parts = layout->parts;
    parts.is_digits = !parts.is_used || !gb_parts_read(&parts, NULL, layout->cells, 0, &stamp);
    if (!parts.is_used ||
        (parts.is_digits && !gb_parts_read(&parts, NULL, layout->cells, 0, &stamp)))
        return GB_NO_COLUMN;
    while (parts.columns[column] == GB_NO_COLUMN)
        column++;
    return parts.columns[column];
}

/* Finds the first row with a stamp of this kind; the last lines before it with as many cells are
 * the header.
 * list  of names of parts that are said, or NULL */
static bool find_first(struct gb_layout *layout, struct gb_lines lines, enum kind kind,
                       const char *list)
{
    struct gb_lines before = lines;
    struct gb_span line;
    size_t seconds = GB_NO_COLUMN; /* a column of them has numbers that look like days */

    layout->n_above = 0;
    layout->parts.is_used = false;
    for (size_t i = 0; i < GB_LAYOUT_MOST_BEFORE && gb_lines_take(&lines, &line);
         i++, before = lines) {
        if (!gb_layout_cut_row(layout, line))
            continue;
        layout->time = kind == PARTS ? parts_in(layout, list, lines.number)
                       : kind == SERIAL
                           ? gb_layout_find_serial(layout, before, layout->is_serial, true)
                           : stamp_in(layout, kind);
        if (seconds == GB_NO_COLUMN)
            seconds = seconds_in(layout);
        if (layout->time == GB_NO_COLUMN ||
            (kind == DATED && (layout->time == seconds || are_seconds(layout, lines)))) {
            keep_above(layout, before, lines.number);
            continue;
        }
        layout->first_line = lines.number;
        layout->lines = before;
        gb_layout_cut_row(layout, line);
        return true;
    }
    return false;
}

/* Cuts the header into names, in which quotes written twice are undone; from there on all quotes
 * must close. */
static enum gb_status take_names(struct gb_layout *layout, const char *file, struct gb_error *err)
{
    struct gb_lines lines = layout->header_line ? layout->header : layout->lines;
    char separator = layout->dialect.separator;
    struct gb_span header;
    size_t used = 0;

    enum gb_status status = gb_cells_check_quotes(lines, separator, file, err);
    if (status != GB_OK || layout->header_line == 0)
        return status;
    gb_lines_take(&lines, &header);
    layout->name_text = malloc(header.n + 1);
    if (!layout->name_text)
        return gb_fail(err, GB_ENOMEM, "no memory for the columns of '%s'", file);
    gb_cells_cut(header, separator, layout->names, layout->dialect.n_cells);
    for (size_t i = 0; i < layout->dialect.n_cells; i++) {
        char *text = layout->name_text + used;
        size_t n = gb_cell_text(header, layout->names[i], text, layout->names[i].n);
        layout->names[i] = (struct gb_span){text, n};
        used += n;
    }
    return GB_OK;
}

static bool name_holds(struct gb_span name, const char *word)
{
    size_t n = strlen(word);

    for (size_t i = 0; i + n <= name.n; i++)
        if (strncasecmp(name.at + i, word, n) == 0)
            return true;
    return false;
}

/* An hour beside a date, which is a number or stands further away. */
static void find_hour(struct gb_layout *layout)
{
    struct gb_stamp_reader reader = {.order = layout->order};
    struct gb_stamp stamp;
    struct gb_parts parts;

    if (!gb_parts_named(&parts, layout->names, layout->dialect.n_cells, true))
        return;
    parts.decimal = layout->dialect.decimal;
    parts.line = layout->header_line;
    if (!gb_parts_read(&parts, &reader, layout->cells, layout->time, &stamp)) {
        parts.is_digits = true;
        reader = (struct gb_stamp_reader){.order = layout->order};
        if (!gb_parts_read(&parts, &reader, layout->cells, layout->time, &stamp))
            return;
    }
    layout->parts = parts;
}

/* A clock beside a date without one; digits without a colon only where they are called a time, for
 * energy of a day looks just so. */
static void find_clock(struct gb_layout *layout)
{
    struct gb_stamp_reader reader = {.order = layout->order};
    struct gb_stamp stamp = {.local_s = 0};
    size_t next = layout->time + 1;

    if (layout->parts.is_used || layout->is_serial)
        return;
    gb_stamp_read(&reader, layout->cells[layout->time], &stamp);
    if (stamp.has_clock || !stamp.has_date)
        return;
    if (next >= layout->dialect.n_cells || !gb_stamp_read_clock(layout->cells[next], &stamp))
        find_hour(layout);
    else if (memchr(layout->cells[next].at, ':', layout->cells[next].n) ||
             memchr(layout->cells[next].at, 'h', layout->cells[next].n) ||
             (layout->header_line == 0 && layout->cells[next].n == 4) ||
             name_holds(layout->names[next], "time") || name_holds(layout->names[next], "hour"))
        layout->clock = next;
}

/* ---- when a forecast was made */

/* The first stamp of a row may be that one; what is forecast has another, unless its column is
 * said. */
static enum gb_status take_issued_option(struct gb_layout *layout, const char *file,
                                         const struct gb_series_options *options, enum kind kind,
                                         struct gb_error *err)
{
    const char *name = options->issued;

    layout->issued = gb_layout_find_column(layout, name, strlen(name));
    if (layout->issued == GB_NO_COLUMN)
        return gb_layout_fail_column(layout, file, name, strlen(name), err);
    if (!gb_parts_is_list(options->time)) /* parts that are listed are all there */
        layout->time = stamp_in(layout, kind);
    return layout->time != GB_NO_COLUMN || options->time
               ? GB_OK
               : gb_fail(err, GB_EINPUT,
                         "'%s':%u: a time stamp is expected beside that of the column '%s', to say "
                         "what is forecast",
                         file, layout->first_line, name);
}

/* A day a row: a date without a clock, and columns named by the clock. */
static void find_day_rows(struct gb_layout *layout)
{
    struct gb_stamp_reader reader = {.order = layout->order};
    struct gb_stamp stamp = {.local_s = 0};
    size_t n = 0;

    gb_layout_stamp(layout, &reader, layout->cells, &stamp);
    if (layout->clock != GB_NO_COLUMN || stamp.has_clock || !stamp.has_date)
        return;
    for (size_t i = 0; i < layout->n_values; i++) {
        size_t cell = layout->values[i];
        if (!gb_stamp_read(&reader, layout->names[cell], &stamp) || stamp.has_date)
            continue;
        layout->values[n] = cell;
        layout->clocks[n] = stamp.local_s; /* the last of ends may be called 00:00 */
        if (n > 0 && layout->clocks[n] <= layout->clocks[n - 1])
            layout->clocks[n] += DAY_S;
        n++;
        layout->span_s = stamp.span_s;
    }
    layout->is_day_rows = n >= FEWEST_OF_DAY;
    if (layout->is_day_rows)
        layout->n_values = n;
}

/* ---- day or month first */

/* Looks at dates until one has a part beyond 12. */
static enum gb_status settle_order(struct gb_layout *layout, const char *file, struct gb_error *err)
{
    struct gb_stamp_reader reader = {.order = GB_DATE_UNSAID};
    struct gb_lines lines = layout->lines;
    struct gb_span line, example = {NULL, 0};

    if ((layout->parts.is_used && layout->parts.has_date) || layout->is_serial)
        return GB_OK;
    while (layout->order == GB_DATE_UNSAID && gb_lines_take(&lines, &line)) {
        struct gb_stamp stamp = {.local_s = 0};
        bool as_day, as_month;

        if (!gb_layout_cut_row(layout, line))
            continue;
        reader.order = GB_DATE_DMY;
        as_day = gb_stamp_read(&reader, layout->cells[layout->time], &stamp);
        if (as_day && !stamp.has_day_first)
            return GB_OK;
        reader = (struct gb_stamp_reader){.order = GB_DATE_MDY};
        as_month = gb_stamp_read(&reader, layout->cells[layout->time], &stamp);
        reader = (struct gb_stamp_reader){.order = GB_DATE_DMY};
        if (as_day != as_month)
            layout->order = as_day ? GB_DATE_DMY : GB_DATE_MDY;
        if (as_day && !example.at)
            example = layout->cells[layout->time];
    }
    if (layout->order != GB_DATE_UNSAID || !example.at)
        return GB_OK;
    return gb_fail(err, GB_EINPUT,
                   "'%s':%u: is '%.*s' day/month or month/day? No date of the file tells; say "
                   "--date dmy or --date mdy",
                   file, layout->first_line, (int)(example.n < 40 ? example.n : 40), example.at);
}

/* The clock that the names of the stamps' columns, or what stands for their units, say. */
static void find_zone(struct gb_layout *layout)
{
    const size_t columns[] = {layout->time, layout->clock, layout->parts.columns[GB_PART_HOUR]};
    const size_t n = layout->parts.is_used ? 3 : 2;

    for (size_t i = 0; i < n && !layout->has_offsets && !layout->is_daily; i++) {
        size_t cell = columns[i];
        if (cell == GB_NO_COLUMN || layout->has_zone)
            continue;
        layout->has_zone = gb_header_zone(layout->names[cell], &layout->zone) ||
                           (layout->units && gb_header_zone(layout->units[cell], &layout->zone));
    }
}

/* ---- all of it */

bool gb_layout_stamp(const struct gb_layout *layout, struct gb_stamp_reader *reader,
                     const struct gb_span *cells, struct gb_stamp *out)
{
    struct gb_stamp clock;

    if (layout->parts.is_used)
        return gb_parts_read(&layout->parts, reader, cells, layout->time, out);
    if (layout->is_unix)
        return gb_stamp_read_unix(cells[layout->time], out);
    if (layout->is_serial && layout->clock == GB_NO_COLUMN)
        return gb_stamp_read_serial(cells[layout->time], layout->dialect.decimal,
                                    layout->since_1904, out);
    if (!gb_stamp_read(reader, cells[layout->time], out) || out->has_date == layout->is_daily)
        return false;
    if (layout->clock == GB_NO_COLUMN)
        return true;
    if (!gb_stamp_read_clock(cells[layout->clock], &clock))
        return false;
    out->local_s += clock.local_s;
    return true;
}

static enum gb_status allocate(struct gb_layout *layout, const char *file, struct gb_error *err)
{
    size_t n = layout->dialect.n_cells;

    if (n > GB_LAYOUT_MOST_CELLS)
        return gb_fail(err, GB_EINPUT, "'%s': a row of %zu cells; at most %d are read", file, n,
                       GB_LAYOUT_MOST_CELLS);
    layout->names = calloc(n, sizeof *layout->names);
    layout->cells = calloc(n, sizeof *layout->cells);
    layout->values = calloc(n, sizeof *layout->values);
    layout->clocks = calloc(n, sizeof *layout->clocks);
    for (size_t i = 0; layout->names && i < n; i++)
        layout->names[i].at = "";
    return layout->names && layout->cells && layout->values && layout->clocks
               ? GB_OK
               : gb_fail(err, GB_ENOMEM, "no memory for the columns of '%s'", file);
}

static enum gb_status find_stamps(struct gb_layout *layout, struct gb_span text, const char *file,
                                  const struct gb_series_options *options, struct gb_error *err)
{
    struct gb_lines lines = {text.at, text.at + text.n, 0};
    enum kind kind = DATED;
    enum gb_status status;
    struct gb_stamp stamp;
    struct gb_stamp_reader reader = {.order = layout->order};

    const char *list = gb_parts_is_list(options->time) ? options->time : NULL;
    if (list)
        kind = find_first(layout, lines, PARTS, list) ? PARTS : N_KINDS;
    if (layout->is_serial && !list)
        kind = find_first(layout, lines, SERIAL, NULL) ? SERIAL : N_KINDS;
    while (!list && kind < N_KINDS && !find_first(layout, lines, kind, NULL))
        kind++;
    if (list && kind == N_KINDS)
        return gb_fail(
            err, GB_EINPUT,
            "'%s': no row has whole numbers in columns '%s', which are to be year, month, "
            "day and perhaps hour, minute and second (names, or places from 1)",
            file, list);
    layout->is_serial |= kind == SERIAL;
    if (kind == N_KINDS)
        return gb_layout_fail_stamps(layout, lines, file, err);
    status = gb_layout_settle_header(layout, file, err);
    if (status == GB_OK)
        status = take_names(layout, file, err);
    if (status != GB_OK)
        return status;
    cut_first(layout);
    if (options->issued) {
        status = take_issued_option(layout, file, options, kind, err);
        if (status != GB_OK)
            return status;
    }
    if (layout->time != GB_NO_COLUMN)
        find_clock(layout);
    if (options->time) {
        status = gb_layout_take_time(layout, file, options->time, err);
        if (status != GB_OK)
            return status;
    }
    if (layout->order == GB_DATE_UNSAID && layout->units)
        layout->order = gb_header_order(layout->units[layout->time]);
    status = settle_order(layout, file, err);
    cut_first(layout);
    reader.order = layout->order;
    if (status == GB_OK && layout->parts.is_used)
        return gb_layout_settle_parts(layout, file, options, err);
    layout->is_unix =
        !layout->is_serial &&
        (kind == UNIX || !gb_stamp_read(&reader, layout->cells[layout->time], &stamp)) &&
        gb_stamp_read_unix(layout->cells[layout->time], &stamp);
    return status;
}

enum gb_status gb_layout_find(struct gb_layout *out, struct gb_span text, const char *name,
                              const struct gb_series_options *options, struct gb_error *err)
{
    struct gb_stamp_reader reader = {.order = GB_DATE_UNSAID};
    struct gb_stamp stamp = {.local_s = 0};

    *out = (struct gb_layout){.is_serial = options->date >= GB_DATE_SERIAL,
                              .since_1904 = options->date == GB_DATE_SERIAL_1904,
                              .time = GB_NO_COLUMN,
                              .clock = GB_NO_COLUMN,
                              .issued = GB_NO_COLUMN,

                              .order =
                                  options->date < GB_DATE_SERIAL ? options->date : GB_DATE_UNSAID};
    if (!gb_dialect_find(text, &out->dialect))
        return gb_fail(err, GB_EINPUT,
                       "'%s': no line has two cells; a table of time stamps and values is expected",
                       name);
    enum gb_status status = allocate(out, name, err);
    if (status == GB_OK)
        status = find_stamps(out, text, name, options, err);
    if (status == GB_OK)
        status = gb_layout_find_values(out, name, options, err);
    if (status != GB_OK)
        return status;
    cut_first(out);
    reader.order = out->order;
    bool is_stamp = out->parts.is_used || out->is_serial
                        ? gb_layout_stamp(out, &reader, out->cells, &stamp)
                    : out->is_unix ? gb_stamp_read_unix(out->cells[out->time], &stamp)
                                   : gb_stamp_read(&reader, out->cells[out->time], &stamp);
    if (!is_stamp)
        return gb_fail(err, GB_EINPUT, "'%s':%u: a time stamp is expected, not '%.*s'", name,
                       out->first_line,
                       (int)(out->cells[out->time].n < 60 ? out->cells[out->time].n : 60),
                       out->cells[out->time].at);
    out->is_daily = !stamp.has_date;
    if (out->is_daily && out->issued != GB_NO_COLUMN)
        return gb_fail(err, GB_EINPUT,
                       "'%s':%u: what is forecast has a clock and no date; both are expected", name,
                       out->first_line);
    out->has_offsets = stamp.has_offset;
    find_zone(out);
    find_day_rows(out);
    return GB_OK;
}

void gb_layout_clear(struct gb_layout *layout)
{
    free(layout->names);
    free(layout->units);
    free(layout->name_text);
    free(layout->cells);
    free(layout->values);
    free(layout->clocks);
}
