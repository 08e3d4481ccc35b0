/* NEM12: what Australian meters hand in. `400` records (qualities of parts of a day) and `500`
 * (readings of the register by hand) say nothing about energy and are passed over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "models/series/forms.h"

enum { DAY_S = 86400, MOST_CELLS = 1440 + 8 };

struct block { /* what the last 200 record said */
    bool is_there;
    uint32_t meter;
    int minutes;
};

static enum gb_status expected(const char *file, uint32_t line, const char *what,
                               struct gb_error *err)
{
    return gb_fail(err, GB_EINPUT, "'%s':%u: %s", file, line, what);
}

/* 200,NMI,configuration,register,suffix,stream,serial,unit,minutes,next reading */
static enum gb_status read_200(struct gb_rows *rows, struct block *block,
                               const struct gb_span *cells, size_t n, const char *file,
                               uint32_t line, struct gb_error *err)
{
    int64_t nano;
    char name[64];

    if (n < 9 || gb_cell_number(cells[8], '.', &nano) != GB_CELL_NUMBER)
        return expected(file, line, "a 200 record has the minutes of a step in its ninth cell",
                        err);
    block->minutes = (int)(nano / GB_NANO);
    if (block->minutes < 1 || block->minutes > 1440 || 1440 % block->minutes != 0)
        return expected(file, line, "the minutes of a step divide the day", err);
    snprintf(name, sizeof name, "%.*s/%.*s", (int)(cells[1].n < 30 ? cells[1].n : 30), cells[1].at,
             (int)(cells[4].n < 30 ? cells[4].n : 30), cells[4].at);
    if (!gb_rows_meter(rows, (struct gb_span){name, strlen(name)}, &block->meter))
        return gb_fail(err, GB_ENOMEM, "no memory for the meters of '%s'", file);
    const struct gb_unit *unit = gb_unit_named(cells[7].at, cells[7].n);
    struct gb_rows_meter *meter = &rows->meters[block->meter];
    if (block->is_there && meter->unit && meter->unit != unit)
        return expected(file, line, "the register had another unit before", err);
    meter->unit = unit;
    block->is_there = true;
    return GB_OK;
}

/* 300,date,value,...,quality,... */
static enum gb_status read_300(struct gb_rows *rows, const struct block *block,
                               const struct gb_span *cells, size_t n, const char *file,
                               uint32_t line, struct gb_error *err)
{
    struct gb_stamp_reader reader = {.order = GB_DATE_UNSAID};
    struct gb_stamp day = {.local_s = 0};
    enum gb_status status = GB_OK;
    char why[80];

    if (!block->is_there)
        return expected(file, line, "a 200 record is expected before a 300 record", err);
    size_t n_values = 1440 / (size_t)block->minutes;
    snprintf(why, sizeof why, "a 300 record has a date and %zu values, not %zu cells", n_values, n);
    if (n < 2 + n_values || !gb_stamp_read(&reader, cells[1], &day) || !day.has_date)
        return expected(file, line, why, err);
    for (size_t i = 0; status == GB_OK && i < n_values; i++) {
        int64_t *value =
            gb_rows_add(rows, day.local_s + 60 * block->minutes * (int64_t)i, line, block->meter);
        status =
            value ? gb_rows_value(rows, value, cells[2 + i], '.', file, line, "a 300 record", err)
                  : gb_fail(err, GB_ENOMEM, "no memory for the rows of '%s'", file);
    }
    return status;
}

static enum gb_status read_record(struct gb_rows *rows, struct gb_series *series,
                                  struct block *block, const struct gb_span *cells, size_t n,
                                  const char *file, uint32_t line, struct gb_error *err)
{
    if (gb_span_is(cells[0], "200"))
        return read_200(rows, block, cells, n, file, line, err);
    if (gb_span_is(cells[0], "300")) {
        series->first_line = series->first_line ? series->first_line : line;
        return read_300(rows, block, cells, n, file, line, err);
    }
    if (gb_span_is(cells[0], "400") || gb_span_is(cells[0], "500")) {
        gb_series_note_odd(series, line, "a %.*s record, passed over", (int)cells[0].n,
                           cells[0].at);
        return GB_OK;
    }
    if (gb_span_is(cells[0], "100") || gb_span_is(cells[0], "900"))
        return GB_OK;
    return expected(file, line, "a record begins with 100, 200, 300, 400, 500 or 900", err);
}

enum gb_status gb_nem12_read(struct gb_rows *rows, struct gb_series *series, struct gb_span text,
                             const char *file, struct gb_error *err)
{
    struct gb_lines lines = {text.at, text.at + text.n, 0};
    struct gb_span *cells = calloc(MOST_CELLS, sizeof *cells), line;
    struct block block = {.is_there = false};
    enum gb_status status =
        cells ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory for the records of '%s'", file);

    rows->width = 1;
    series->zone = gb_zone_ahead(1000);
    if (status == GB_OK)
        status = gb_cells_check_quotes(lines, ',', file, err);
    while (status == GB_OK && gb_lines_take(&lines, &line)) {
        if (line.n == 0)
            continue;
        size_t n = gb_cells_cut(line, ',', cells, MOST_CELLS);
        status = read_record(rows, series, &block, cells, n < MOST_CELLS ? n : MOST_CELLS, file,
                             lines.number, err);
    }
    free(cells);
    return status;
}
