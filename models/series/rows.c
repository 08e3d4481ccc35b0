#include "models/series/rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/memory.h"

/* ---- rows and meters */

/* Room for so many rows that are likely to come; where there is no memory for all at once, they
 * find theirs one by one. */
static void reserve(struct gb_rows *rows, size_t n)
{
    size_t row_bytes = gb_memory_whole_pages(n * sizeof *rows->rows);
    size_t value_bytes = gb_memory_whole_pages(n * rows->width * sizeof *rows->values);
    struct gb_row *room = gb_memory_paged(row_bytes);
    int64_t *values = gb_memory_paged(value_bytes);

    if (!room || !values) {
        free(room);
        free(values);
        return;
    }
    rows->rows = room;
    rows->values = values;
    rows->capacity = n;
}

int64_t *gb_rows_add(struct gb_rows *rows, int64_t time_s, uint32_t line, uint32_t meter)
{
    if (rows->n == rows->capacity) {
        size_t capacity = gb_array_next_capacity(rows->capacity, rows->n + 1);
        struct gb_row *more = gb_array_resize(rows->rows, capacity, sizeof *more);
        if (more)
            rows->rows = more;
        int64_t *values =
            more ? gb_array_resize(rows->values, capacity, rows->width * sizeof *values) : NULL;
        if (!values)
            return NULL;
        rows->values = values;
        rows->capacity = capacity;
    }
    rows->rows[rows->n] = (struct gb_row){time_s, line, meter};
    return rows->values + rows->width * rows->n++;
}

static uint64_t hash_of(struct gb_span name)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */

    for (size_t i = 0; i < name.n; i++)
        hash = (hash ^ (unsigned char)name.at[i]) * UINT64_C(1099511628211);
    return hash ^ hash >> 32;
}

/* The place of a key in the table, or the empty one where it belongs. */
static size_t slot_of(const struct gb_rows *rows, struct gb_span key)
{
    size_t slot = (size_t)hash_of(key) & (rows->n_slots - 1);

    for (;; slot = (slot + 1) & (rows->n_slots - 1)) {
        uint32_t number = rows->slots[slot];
        if (number == 0 || (rows->meters[number - 1].n_key == key.n &&
                            memcmp(rows->meters[number - 1].name, key.at, key.n) == 0))
            return slot;
    }
}

static bool grow_table(struct gb_rows *rows)
{
    uint32_t *slots = calloc(rows->n_slots ? 2 * rows->n_slots : 64, sizeof *slots);

    if (!slots)
        return false;
    free(rows->slots);
    rows->slots = slots;
    rows->n_slots = rows->n_slots ? 2 * rows->n_slots : 64;
    for (size_t i = 0; i < rows->n_meters; i++) {
        const struct gb_rows_meter *meter = &rows->meters[i];
        slots[slot_of(rows, (struct gb_span){meter->name, meter->n_key})] = (uint32_t)i + 1;
    }
    return true;
}

/* The number of the meter of a key, new or known. */
static bool meter_of_key(struct gb_rows *rows, struct gb_span key, int64_t issued_s, uint32_t *out)
{
    if (2 * rows->n_meters >= rows->n_slots && !grow_table(rows))
        return false;
    size_t slot = slot_of(rows, key);
    if (rows->slots[slot] == 0) {
        struct gb_rows_meter *meters =
            gb_array_grow(rows->meters, &rows->meter_capacity, rows->n_meters + 1, sizeof *meters);
        if (!meters)
            return false;
        rows->meters = meters;
        char *copy = calloc(key.n + 1, 1);
        if (!copy)
            return false;
        if (key.n > 0)
            memcpy(copy, key.at, key.n);
        meters[rows->n_meters++] =
            (struct gb_rows_meter){.name = copy, .n_key = key.n, .issued_s = issued_s};
        rows->slots[slot] = (uint32_t)rows->n_meters;
    }
    *out = rows->slots[slot] - 1;
    return true;
}

bool gb_rows_meter(struct gb_rows *rows, struct gb_span name, uint32_t *out)
{
    size_t n = name.n ? strnlen(name.at, name.n) : 0; /* a name ends at a NUL */

    return meter_of_key(rows, (struct gb_span){n ? name.at : "", n}, 0, out);
}

enum { LONGEST_NAME = 500 };

bool gb_rows_compound(struct gb_rows *rows, const struct gb_span *parts, size_t n,
                      const int64_t *issued_s, uint32_t *out)
{
    char key[LONGEST_NAME + 1 + GB_LAYOUT_MOST_IDS * sizeof(uint16_t) + sizeof *issued_s];
    uint16_t ends[GB_LAYOUT_MOST_IDS];
    size_t used = 0;

    for (size_t i = 0; i < n; i++) {
        if (i > 0 && used < LONGEST_NAME)
            key[used++] = '/';
        size_t left = LONGEST_NAME - used;
        size_t length =
            parts[i].n ? strnlen(parts[i].at, parts[i].n < left ? parts[i].n : left) : 0;
        if (length > 0)
            memcpy(key + used, parts[i].at, length);
        used += length;
        ends[i] = (uint16_t)used;
    }
    key[used++] = '\0';
    if (n > 1) {
        memcpy(key + used, ends, n * sizeof ends[0]);
        used += n * sizeof ends[0];
    }
    if (issued_s) {
        memcpy(key + used, issued_s, sizeof *issued_s);
        used += sizeof *issued_s;
    }
    return meter_of_key(rows, (struct gb_span){key, used}, issued_s ? *issued_s : 0, out);
}

void gb_rows_clear(struct gb_rows *rows)
{
    for (size_t i = 0; i < rows->n_meters; i++)
        free(rows->meters[i].name);
    free(rows->meters);
    free(rows->slots);
    free(rows->rows);
    free(rows->values);
}

void gb_series_note_odd(struct gb_series *series, uint32_t line, const char *format, ...)
{
    va_list args;

    if (series->n_odd < GB_SERIES_MOST_ODD) {
        struct gb_series_odd *odd = &series->odd[series->n_odd];
        odd->line = line;
        va_start(args, format);
        vsnprintf(odd->text, sizeof odd->text, format, args);
        va_end(args);
    }
    series->n_odd++;
}

/* ---- a table */

struct reading {
    struct gb_rows *rows;
    struct gb_series *series;
    const struct gb_layout *layout;
    const char *file;
    struct gb_stamp_reader stamps;
    struct gb_stamp_reader issues;
    struct gb_span line; /* that is read */
    struct gb_span last_ids[GB_LAYOUT_MOST_IDS], last_issued;
    bool has_last;
    uint32_t last_meter;
    uint32_t odd_line; /* no row, and perhaps the table's end; 0: none */
    char odd[160];
};

enum gb_status gb_rows_value(struct gb_rows *rows, int64_t *out, struct gb_span cell, char decimal,
                             const char *file, uint32_t line, const char *column,
                             struct gb_error *err)
{
    switch (gb_cell_number(cell, decimal, out)) {
    case GB_CELL_NUMBER: return GB_OK;
    case GB_CELL_MISSING:
        *out = GB_SERIES_MISSING;
        rows->n_missing[gb_cell_sentinel(cell)]++;
        return GB_OK;
    case GB_CELL_BEYOND:
        return gb_fail(err, GB_EINPUT, "'%s':%u: %s: %.*s is beyond 1e9; is it a number at all?",
                       file, line, column, (int)(cell.n < 40 ? cell.n : 40), cell.at);
    case GB_CELL_WORD: break;
    }
    return gb_fail(
        err, GB_EINPUT,
        "'%s':%u: %s: a number with a decimal %s is expected, not '%.*s'; mend the cell, or "
        "name the columns that are meant to leave this one out",
        file, line, column, decimal == ',' ? "comma" : "point", (int)(cell.n < 40 ? cell.n : 40),
        cell.at);
}

static enum gb_status read_value(const struct reading *reading, size_t cell, uint32_t line,
                                 int64_t *out, struct gb_error *err)
{
    const struct gb_layout *layout = reading->layout;
    char name[64];

    if (gb_cell_number(layout->cells[cell], layout->dialect.decimal, out) == GB_CELL_NUMBER)
        return GB_OK;
    gb_layout_name(layout, cell, name, sizeof name);
    return gb_rows_value(reading->rows, out, layout->cells[cell], layout->dialect.decimal,
                         reading->file, line, name, err);
}

static enum gb_status no_memory(const struct reading *reading, struct gb_error *err)
{
    return gb_fail(err, GB_ENOMEM, "no memory for the rows of '%s'", reading->file);
}

static bool is_same(struct gb_span a, struct gb_span b)
{
    return a.n == b.n && memcmp(a.at, b.at, a.n) == 0;
}

/* When a forecast was made. Of an hour that the clock shows twice it is the second, and of one that
 * it leaves out an hour later: nobody knows a forecast before it is there. */
static enum gb_status read_issued(struct reading *reading, struct gb_span cell, uint32_t line,
                                  int64_t *out, struct gb_error *err)
{
    const struct gb_zone *zone = &reading->series->zone;
    struct gb_zone_year year = {0};
    struct gb_stamp stamp = {.local_s = 0};
    int64_t instants[2];

    if (!(gb_stamp_read(&reading->issues, cell, &stamp) && stamp.has_date) &&
        !gb_stamp_read_unix(cell, &stamp))
        return gb_fail(err, GB_EINPUT,
                       "'%s':%u: a date and a clock are expected that say when the forecast was "
                       "made, not '%.*s'",
                       reading->file, line, (int)(cell.n < 40 ? cell.n : 40), cell.at);
    *out = stamp.local_s - stamp.offset_s;
    if (stamp.has_offset)
        return GB_OK;
    int n = gb_zone_instants(zone, &year, stamp.local_s, instants);
    *out = n > 0 ? instants[n - 1] : stamp.local_s - zone->offset_s;
    return GB_OK;
}

/* Are the cells that name the meter, and say when a forecast was made, those of the row before? */
static bool is_same_meter(struct reading *reading, const struct gb_span *names,
                          struct gb_span issued)
{
    size_t n = reading->layout->n_ids;
    bool is_one = reading->has_last && is_same(reading->last_issued, issued);

    for (size_t i = 0; i < n; i++) {
        is_one = is_one && is_same(reading->last_ids[i], names[i]);
        reading->last_ids[i] = names[i];
    }
    reading->last_issued = issued;
    reading->has_last = true;
    return is_one;
}

/* A cell without its quotes, kept in `text`. */
static struct gb_span text_of(struct gb_span line, struct gb_span cell, char text[LONGEST_NAME])
{
    return (struct gb_span){text, gb_cell_text(line, cell, text, LONGEST_NAME)};
}

/* The meter of a row, or the forecast of one: most often that of the row before. */
static enum gb_status find_meter(struct reading *reading, uint32_t line, struct gb_error *err)
{
    const struct gb_layout *layout = reading->layout;
    const struct gb_span none = {"", 0};
    struct gb_span names[GB_LAYOUT_MOST_IDS] = {none};
    struct gb_span issued = layout->issued == GB_NO_COLUMN ? none : layout->cells[layout->issued];
    char text[GB_LAYOUT_MOST_IDS][LONGEST_NAME];
    int64_t issued_s = 0;
    bool is_forecast = layout->issued != GB_NO_COLUMN;

    for (size_t i = 0; i < layout->n_ids; i++)
        names[i] = layout->cells[layout->ids[i]];
    if (is_same_meter(reading, names, issued))
        return GB_OK;
    for (size_t i = 0; i < layout->n_ids; i++)
        if (names[i].n > 0 && memchr(names[i].at, '"', names[i].n))
            names[i] = text_of(reading->line, names[i], text[i]);
    enum gb_status status =
        is_forecast ? read_issued(reading, issued, line, &issued_s, err) : GB_OK;
    if (status != GB_OK)
        return status;
    bool is_found = !is_forecast && layout->n_ids <= 1
                        ? gb_rows_meter(reading->rows, names[0], &reading->last_meter)
                        : gb_rows_compound(reading->rows, names, layout->n_ids ? layout->n_ids : 1,
                                           is_forecast ? &issued_s : NULL, &reading->last_meter);
    return is_found ? GB_OK : no_memory(reading, err);
}

static enum gb_status add_day(struct reading *reading, int64_t day_s, uint32_t line,
                              struct gb_error *err)
{
    const struct gb_layout *layout = reading->layout;
    enum gb_status status = GB_OK;

    for (size_t i = 0; status == GB_OK && i < layout->n_values; i++) {
        int64_t *value =
            gb_rows_add(reading->rows, day_s + layout->clocks[i], line, reading->last_meter);
        status = value ? read_value(reading, layout->values[i], line, value, err)
                       : no_memory(reading, err);
    }
    return status;
}

static enum gb_status add_row(struct reading *reading, const struct gb_stamp *stamp, uint32_t line,
                              struct gb_error *err)
{
    const struct gb_layout *layout = reading->layout;
    int64_t time_s = stamp->local_s - (stamp->has_offset ? stamp->offset_s : 0);
    enum gb_status status = GB_OK;

    if (stamp->has_offset != layout->has_offsets)
        return gb_fail(err, GB_EINPUT, "'%s':%u: the stamp has %s, unlike the rows before",
                       reading->file, line, stamp->has_offset ? "an offset" : "no offset");
    status = find_meter(reading, line, err);
    if (status != GB_OK)
        return status;
    if (layout->is_day_rows)
        return add_day(reading, time_s, line, err);
    int64_t *values = gb_rows_add(reading->rows, time_s, line, reading->last_meter);
    if (!values)
        return no_memory(reading, err);
    for (size_t i = 0; status == GB_OK && i < layout->n_values; i++)
        if (!gb_cell_plain_number(layout->cells[layout->values[i]], layout->dialect.decimal,
                                  &values[i]))
            status = read_value(reading, layout->values[i], line, &values[i], err);
    return status;
}

static bool is_blank(struct gb_span line)
{
    for (size_t i = 0; i < line.n; i++)
        if (line.at[i] != ' ' && line.at[i] != '\t' && line.at[i] != '\0')
            return false;
    return true;
}

/* A line that holds no row: behind the table that is a footer, within it a fault. */
static void set_odd(struct reading *reading, struct gb_span line, uint32_t number, size_t n_cells)
{
    char why[160];

    if (n_cells == reading->layout->dialect.n_cells &&
        gb_parts_is_leap_day(&reading->layout->parts, reading->layout->cells))
        snprintf(why, sizeof why,
                 "29 February is no day of 2001, as which stamps without a year, or of months of "
                 "several, are read: a column called year says whose it is");
    else if (n_cells != reading->layout->dialect.n_cells)
        snprintf(why, sizeof why, "%zu cells are expected, not %zu",
                 reading->layout->dialect.n_cells, n_cells);
    else
        snprintf(why, sizeof why, "no time stamp like that of the first row%s",
                 reading->layout->is_serial       ? "; a fraction of a day needs five decimals"
                 : reading->layout->parts.is_used ? ": no date or hour of the columns of its parts"
                                                  : "");
    gb_series_note_odd(reading->series, number, "%.*s", (int)(line.n < 50 ? line.n : 50), line.at);
    if (reading->odd_line == 0) {
        reading->odd_line = number;
        memcpy(reading->odd, why, sizeof why);
    }
}

static enum gb_status read_line(struct reading *reading, struct gb_span line, uint32_t number,
                                struct gb_error *err)
{
    const struct gb_layout *layout = reading->layout;
    struct gb_stamp stamp;

    reading->line = line;
    if (is_blank(line)) {
        if (line.n > 0)
            gb_series_note_odd(reading->series, number, "%zu blanks", line.n);
        return GB_OK;
    }
    size_t n =
        gb_cells_cut(line, layout->dialect.separator, layout->cells, layout->dialect.n_cells);
    if (line.at[0] == '#') {
        gb_series_note_odd(reading->series, number, "%.*s", (int)(line.n < 50 ? line.n : 50),
                           line.at);
        return GB_OK;
    }
    if (n != layout->dialect.n_cells ||
        !gb_layout_stamp(layout, &reading->stamps, layout->cells, &stamp)) {
        set_odd(reading, line, number, n);
        return GB_OK;
    }
    if (reading->odd_line)
        return gb_fail(err, GB_EINPUT, "'%s':%u: %s", reading->file, reading->odd_line,
                       reading->odd);
    if (stamp.span_s > 0)
        reading->rows->span_s = stamp.span_s;
    return add_row(reading, &stamp, number, err);
}

/* How many rows the lines hold, by the length of the first of them: a tenth more, for lines differ.
 */
static size_t guess_rows(struct gb_lines lines, const struct gb_layout *layout)
{
    enum { LOOKED_AT = 100 };
    size_t left = (size_t)(lines.end - lines.next), looked_at = 0, n = 0;
    struct gb_span line;

    while (n < LOOKED_AT && gb_lines_take(&lines, &line)) {
        looked_at += line.n + 1;
        n++;
    }
    return n == 0 ? 1
                  : (left / looked_at * n / 10 * 11 + n) *
                        (layout->is_day_rows ? layout->n_values : 1);
}

enum gb_status gb_rows_read_table(struct gb_rows *rows, struct gb_series *series,
                                  const struct gb_layout *layout, const char *file,
                                  struct gb_error *err)
{
    struct reading reading = {.rows = rows,
                              .series = series,
                              .layout = layout,
                              .file = file,
                              .stamps = {.order = layout->order},
                              .issues = {.order = layout->order}};
    struct gb_lines lines = layout->lines;
    struct gb_span line;
    enum gb_status status = GB_OK;

    rows->width = layout->is_day_rows ? 1 : layout->n_values;
    rows->has_issues = layout->issued != GB_NO_COLUMN;
    series->has_issues = rows->has_issues;
    rows->is_utc = layout->has_offsets || layout->parts.counts_day;
    rows->is_settled = layout->parts.counts_day;
    if (layout->parts.is_used && layout->parts.counts_hours)
        rows->label = GB_LABEL_END;
    rows->span_s = layout->span_s;
    rows->drops_skipped = layout->is_day_rows;
    reserve(rows, guess_rows(lines, layout));
    while (status == GB_OK && gb_lines_take(&lines, &line))
        status = read_line(&reading, line, lines.number, err);
    return status;
}
