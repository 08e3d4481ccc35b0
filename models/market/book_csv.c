/* Reading BOOK.csv: the header names the columns, the rows are read one by one, and what holds
 * between rows comes last. Nothing stops at the first mistake. */
#include "models/market/book_csv_priv.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/edit_distance.h"
#include "base/file.h"

static enum gb_status read_rows(struct gb_book_reader *reader, struct gb_error *err)
{
    struct gb_book_csv *book = reader->book;
    enum gb_status status = GB_OK;

    while (status == GB_OK && gb_csv_next(&reader->csv)) {
        size_t needed = (size_t)book->n + 1;
        struct gb_book_row *rows =
            needed < UINT32_MAX ? gb_array_grow(book->rows, &reader->capacity, needed, sizeof *rows)
                                : NULL;

        if (!rows)
            return gb_fail(err, GB_ENOMEM, "no memory for the %zu orders of '%s'", needed,
                           reader->name);
        book->rows = rows;
        status = gb_book_read_row(reader, &book->rows[book->n], err);
        book->n++;
    }
    return status;
}

/* ---- the header */

static enum gb_book_column column_named(const char *name)
{
    size_t i = 0;

    while (i < GB_BOOK_N_COLUMNS && strcmp(gb_book_column_names[i], name) != 0)
        i++;
    return (enum gb_book_column)i;
}

static const char *nearest_column(const struct gb_book_reader *reader, const char *name)
{
    size_t n = reader->options.with_slot ? GB_BOOK_N_COLUMNS : GB_BOOK_SLOT;
    size_t best = 3; /* three edits away is another word */
    const char *nearest = NULL;

    for (size_t i = 0; i < n && strlen(name) < 32; i++) {
        size_t distance = gb_edit_distance(name, gb_book_column_names[i]);

        if (distance < best) {
            best = distance;
            nearest = gb_book_column_names[i];
        }
    }
    return nearest;
}

static void unknown_column(struct gb_book_reader *reader, const struct gb_csv_cell *cell)
{
    const char *nearest = nearest_column(reader, cell->text);

    if (strcmp(cell->text, "slot") == 0)
        gb_book_report(reader, reader->csv.line, cell->column,
                       "column 'slot' belongs to orders.file of a scenario; a book has no slots");
    else if (nearest)
        gb_book_report(reader, reader->csv.line, cell->column,
                       "unknown column '%.60s' (did you mean '%s'?)", cell->text, nearest);
    else
        gb_book_report(reader, reader->csv.line, cell->column,
                       "unknown column '%.60s'; expected id, side, price, quantity, and "
                       "optionally reserve, time, owner, source, beta, type, minimum, action",
                       cell->text);
}

/* One cell that holds the separators of a spreadsheet elsewhere: every row would be wrong. */
static bool has_other_separators(const struct gb_csv *csv)
{
    return csv->n_cells == 1 && strpbrk(csv->cells[0].text, ";\t");
}

/* Does no cell look like the name of a column? Then the line is an order, and the header is gone.
 */
static bool names_no_column(const struct gb_book_reader *reader)
{
    const struct gb_csv *csv = &reader->csv;

    for (size_t i = 0; i < csv->n_cells && i < GB_CSV_MAX_CELLS; i++)
        if (column_named(csv->cells[i].text) != GB_BOOK_N_COLUMNS ||
            (strlen(csv->cells[i].text) > 2 && nearest_column(reader, csv->cells[i].text)))
            return false;
    return true;
}

/* The column of a cell of the header, as its file calls them. */
static enum gb_book_column column_of(struct gb_book_reader *reader, const char *name)
{
    return reader->options.foreign ? gb_book_foreign_column(reader, name) : column_named(name);
}

/* Reports a first line that is no header at all; returns whether it is none. */
static bool refuse_other_line(struct gb_book_reader *reader)
{
    const struct gb_csv *csv = &reader->csv;

    if (reader->options.foreign)
        return false;
    if (has_other_separators(csv))
        gb_book_report(reader, csv->line, 1,
                       "expected columns separated by commas (and numbers "
                       "with a decimal point), got '%.60s'; `clear --map` reads others",
                       csv->cells[0].text);
    else if (names_no_column(reader))
        gb_book_report(reader, csv->line, 1,
                       "the first line is no header: expected the names of "
                       "the columns (id,side,price,quantity and what else is there, without # in "
                       "front), got '%.60s'%s",
                       csv->cells[0].text, csv->n_cells > 1 ? " and so on" : "");
    else
        return false;
    reader->has_no_columns = true;
    return true;
}

static const char *const map_hints[GB_BOOK_N_REQUIRED] = {"id=NAME", "side=NAME", "price=NAME",
                                                          "quantity=NAME"};

static void read_header(struct gb_book_reader *reader)
{
    struct gb_csv *csv = &reader->csv;

    for (size_t i = 0; i < GB_BOOK_N_COLUMNS; i++)
        reader->place[i] = GB_BOOK_NO_COLUMN;
    if (!gb_csv_next(csv)) {
        gb_book_report(reader, 1, 1, "expected a header line, got an empty file");
        return;
    }
    if (refuse_other_line(reader))
        return;
    if (csv->fault)
        gb_book_report(reader, csv->line, csv->fault_column, "%s", csv->fault);
    if (csv->n_cells > GB_CSV_MAX_CELLS)
        gb_book_report(reader, csv->line, 1, "expected at most %d columns, got %zu",
                       GB_BOOK_N_COLUMNS, csv->n_cells);
    reader->n_cells = csv->n_cells;
    for (size_t i = 0; i < csv->n_cells && i < GB_CSV_MAX_CELLS; i++) {
        enum gb_book_column column = column_of(reader, csv->cells[i].text);

        if (column == GB_BOOK_N_COLUMNS && reader->options.foreign)
            continue;
        if (column == GB_BOOK_N_COLUMNS || (column == GB_BOOK_SLOT && !reader->options.with_slot))
            unknown_column(reader, &csv->cells[i]);
        else if (reader->place[column] != GB_BOOK_NO_COLUMN)
            gb_book_report(reader, csv->line, csv->cells[i].column, "column '%s' stands here twice",
                           gb_book_column_names[column]);
        else
            reader->place[column] = i;
    }
    if (reader->options.foreign)
        gb_book_foreign_check_header(reader);
    for (size_t i = 0; i < GB_BOOK_N_REQUIRED; i++)
        if (reader->place[i] == GB_BOOK_NO_COLUMN)
            gb_book_report(reader, csv->line, 1, "the column '%s' is missing%s%s",
                           gb_book_column_names[i],
                           reader->options.foreign ? "; name the one that holds it, --map " : "",
                           reader->options.foreign ? map_hints[i] : "");
}

/* ---- order of rows, and cancels */

struct moment {
    int64_t slot, time_ns;
    uint32_t row;
};

static int compare_moments(const void *a, const void *b)
{
    const struct moment *x = a, *y = b;

    if (x->slot != y->slot)
        return x->slot < y->slot ? -1 : 1;
    if (x->time_ns != y->time_ns)
        return x->time_ns < y->time_ns ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static bool is_in_order(const struct gb_book_csv *book)
{
    for (size_t i = 1; i < book->n; i++) {
        const struct gb_book_row *a = &book->rows[i - 1], *b = &book->rows[i];

        if (a->slot > b->slot || (a->slot == b->slot && a->time_ns > b->time_ns))
            return false;
    }
    return true;
}

/* Brings rows into the order of slot, time and place in the file; targets follow. */
static enum gb_status sort_rows(struct gb_book_csv *book, struct gb_error *err)
{
    enum gb_status status = GB_ENOMEM;
    struct moment *moments = NULL;
    struct gb_book_row *sorted = NULL;
    uint32_t *new_place = NULL;

    if (is_in_order(book))
        return GB_OK;
    moments = malloc(book->n * sizeof *moments);
    sorted = malloc(book->n * sizeof *sorted);
    new_place = malloc(book->n * sizeof *new_place);
    if (!moments || !sorted || !new_place) {
        gb_fail(err, status, "no memory to sort %zu orders", book->n);
        goto done;
    }
    for (uint32_t i = 0; i < book->n; i++)
        moments[i] = (struct moment){book->rows[i].slot, book->rows[i].time_ns, i};
    qsort(moments, book->n, sizeof *moments, compare_moments);
    for (uint32_t i = 0; i < book->n; i++) {
        sorted[i] = book->rows[moments[i].row];
        new_place[moments[i].row] = i;
    }
    for (size_t i = 0; i < book->n; i++)
        if (sorted[i].is_cancel)
            sorted[i].target = new_place[sorted[i].target];
    free(book->rows);
    book->rows = sorted;
    sorted = NULL;
    status = GB_OK;
done:
    free(new_place);
    free(sorted);
    free(moments);
    return status;
}

/* Finds the order of every cancel, which must be earlier. */
static void find_targets(struct gb_book_reader *reader)
{
    struct gb_book_csv *book = reader->book;

    for (uint32_t i = 0; i < book->n; i++) {
        struct gb_book_row *row = &book->rows[i];

        if (!row->is_cancel || row->id[0] == '\0')
            continue;
        if (!gb_book_ids_find(&reader->orders, row->slot, row->id, &row->target)) {
            row->target = i;
            gb_book_report(reader, row->line, 1, "cancels '%.60s', but no order has this id",
                           row->id);
            continue;
        }
        const struct gb_book_row *order = &book->rows[row->target];
        if (order->time_ns > row->time_ns || (order->time_ns == row->time_ns && row->target > i))
            gb_book_report(reader, row->line, 1,
                           "cancels '%.60s' before it was sent (line %" PRIu32 ")", row->id,
                           order->line);
    }
}

/* ---- the file */

static enum gb_status read_book(struct gb_book_reader *reader, size_t n_bytes, struct gb_error *err)
{
    struct gb_book_csv *book = reader->book;
    enum gb_status status;

    if (strlen(book->text) != n_bytes) {
        gb_book_report(reader, 1, 1, "expected text, got a file with NUL bytes");
        return GB_EINPUT;
    }
    gb_csv_start(&reader->csv, book->text, n_bytes);
    if (reader->options.foreign)
        gb_book_foreign_start(reader, book->text);
    read_header(reader);
    if (reader->has_no_columns)
        return GB_EINPUT;
    book->has_reserve = reader->place[GB_BOOK_RESERVE] != GB_BOOK_NO_COLUMN;
    book->has_time = reader->place[GB_BOOK_TIME] != GB_BOOK_NO_COLUMN;
    book->has_owner = reader->place[GB_BOOK_OWNER] != GB_BOOK_NO_COLUMN;
    book->has_source = reader->place[GB_BOOK_SOURCE] != GB_BOOK_NO_COLUMN;
    book->has_slot = reader->place[GB_BOOK_SLOT] != GB_BOOK_NO_COLUMN;
    status = read_rows(reader, err);
    if (status != GB_OK)
        return status;
    if (reader->options.foreign && reader->n_diagnostics == 0)
        gb_book_foreign_end(reader);
    if (!reader->options.is_stream)
        find_targets(reader);
    status = reader->n_diagnostics > 0 ? GB_EINPUT : sort_rows(book, err);
    if (status == GB_OK && reader->options.is_stream)
        status = gb_book_link_stream(reader, err);
    return status == GB_OK && reader->n_diagnostics > 0 ? GB_EINPUT : status;
}

/* Takes the text, which it frees with the book or on failure. */
static enum gb_status parse(struct gb_book_csv **out, char *text, size_t n_bytes, const char *name,
                            const struct gb_book_csv_options *options, gb_book_csv_report *report,
                            void *context, struct gb_error *err)
{
    struct gb_book_reader reader = {
        .name = name, .options = *options, .report = report, .context = context};
    enum gb_status status;

    reader.book = calloc(1, sizeof *reader.book);
    if (!reader.book) {
        free(text);
        return gb_fail(err, GB_ENOMEM, "no memory to read '%s'", name);
    }
    reader.book->text = text;
    status = read_book(&reader, n_bytes, err);
    gb_book_ids_clear(&reader.owners);
    gb_book_ids_clear(&reader.orders);
    if (status == GB_OK)
        *out = reader.book;
    else
        gb_book_csv_free(reader.book);
    return status;
}

static bool is_stdin(const char *path)
{
    return strcmp(path, "-") == 0;
}

const char *gb_book_csv_name(const char *path)
{
    return is_stdin(path) ? "stdin" : path;
}

enum gb_status gb_book_csv_read(struct gb_book_csv **out, const char *path,
                                const struct gb_book_csv_options *options,
                                gb_book_csv_report *report, void *context, struct gb_error *err)
{
    const char *name = gb_book_csv_name(path);
    char *text = NULL;
    size_t n_bytes = 0;
    enum gb_status status =
        is_stdin(path) ? gb_file_read_stream(stdin, name, GB_BOOK_MAX_BYTES, &text, &n_bytes, err)
                       : gb_file_read(path, GB_BOOK_MAX_BYTES, &text, &n_bytes, err);

    return status == GB_OK ? parse(out, text, n_bytes, name, options, report, context, err)
                           : status;
}

enum gb_status gb_book_csv_parse(struct gb_book_csv **out, const char *text, size_t n_bytes,
                                 const char *name, const struct gb_book_csv_options *options,
                                 gb_book_csv_report *report, void *context, struct gb_error *err)
{
    char *copy = malloc(n_bytes + 1);

    if (!copy)
        return gb_fail(err, GB_ENOMEM, "no memory to read '%s'", name);
    memcpy(copy, text, n_bytes);
    copy[n_bytes] = '\0';
    return parse(out, copy, n_bytes, name, options, report, context, err);
}

void gb_book_csv_free(struct gb_book_csv *book)
{
    if (!book)
        return;
    free(book->rows);
    free(book->text);
    free(book);
}
