/* Reading somebody else's file: cell by cell, and what is told of it in the end. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/quantity.h"
#include "models/market/book_csv_priv.h"

static const char *const unit_names[] = {"kWh", "Wh", "MWh"};

/* ---- the header */

void gb_book_foreign_start(struct gb_book_reader *reader, const char *text)
{
    struct gb_foreign_reading *reading = &reader->foreign;
    const char *start = reader->csv.next;

    *reading = (struct gb_foreign_reading){.has_mark = start != text, .first_ns = INT64_MAX};
    size_t to_line_end = strcspn(start, "\r\n");
    reading->has_crlf = strncmp(start + to_line_end, "\r\n", 2) == 0;
    reader->csv.separator = gb_foreign_separator(start);
}

static void ignore(struct gb_foreign_reading *reading, const char *name)
{
    size_t n = strlen(reading->ignored);

    snprintf(reading->ignored + n, sizeof reading->ignored - n, "%s'%.60s'", n > 0 ? ", " : "",
             name);
}

enum gb_book_column gb_book_foreign_column(struct gb_book_reader *reader, const char *name)
{
    const struct gb_book_foreign *foreign = reader->options.foreign;
    enum gb_book_column found = GB_BOOK_N_COLUMNS;

    for (int column = 0; column < GB_BOOK_SLOT; column++) {
        const char *theirs = gb_book_column_names[column];

        for (size_t i = 0; i < foreign->n_mapped; i++)
            if (strcmp(foreign->mapped[i].column, gb_book_column_names[column]) == 0)
                theirs = foreign->mapped[i].name;
        if (strcmp(theirs, name) == 0)
            found = (enum gb_book_column)column;
    }
    if (found == GB_BOOK_N_COLUMNS)
        ignore(&reader->foreign, name);
    return found;
}

void gb_book_foreign_check_header(struct gb_book_reader *reader)
{
    const struct gb_book_foreign *foreign = reader->options.foreign;
    const struct gb_csv *csv = &reader->csv;

    for (size_t i = 0; i < foreign->n_mapped; i++) {
        bool is_there = false;

        for (size_t c = 0; c < csv->n_cells && c < GB_CSV_MAX_CELLS; c++)
            is_there = is_there || strcmp(csv->cells[c].text, foreign->mapped[i].name) == 0;
        if (!is_there)
            gb_book_report(reader, csv->line, 1,
                           "expected a column '%.60s' for %s, as --map says, among those of the "
                           "header, which begins with '%.60s'",
                           foreign->mapped[i].name, foreign->mapped[i].column, csv->cells[0].text);
    }
}

/* ---- cells */

static enum gb_book_measure measure_of(enum gb_book_column column)
{
    if (column == GB_BOOK_PRICE || column == GB_BOOK_RESERVE)
        return GB_BOOK_OF_PRICE;
    return column == GB_BOOK_QUANTITY || column == GB_BOOK_MINIMUM ? GB_BOOK_OF_ENERGY
                                                                   : GB_BOOK_OF_NEITHER;
}

/* Which mark stands before decimals: the first one seen is that of the file, and a comma none where
 * commas separate columns, for in quotes it may as well mark thousands. */
static bool settle_mark(struct gb_book_reader *reader, const char *text, char *expected,
                        size_t size)
{
    struct gb_foreign_reading *reading = &reader->foreign;
    const char *mark = strpbrk(text, ".,");

    if (!mark)
        return true;
    if (*mark == ',' && reader->csv.separator == ',') {
        snprintf(expected, size, "a decimal point where commas separate columns");
        return false;
    }
    if (!reading->decimal_mark) {
        reading->decimal_mark = *mark;
        reading->decimal_line = reader->csv.line;
    }
    if (*mark == reading->decimal_mark && !strpbrk(mark + 1, ".,"))
        return true;
    snprintf(expected, size, "one decimal %s, as in line %" PRIu32 ", and no mark of thousands",
             reading->decimal_mark == ',' ? "comma" : "point", reading->decimal_line);
    return false;
}

static bool read_time(struct gb_book_reader *reader, const char *text, int64_t *out, char *expected,
                      size_t size)
{
    struct gb_foreign_reading *reading = &reader->foreign;
    int64_t ns;

    if (!gb_instant_parse(text, &ns) || ns < 0) {
        snprintf(expected, size, "a time like 2026-06-01T12:00:05.25+02:00, from 1970 on");
        return false;
    }
    reading->first_ns = ns < reading->first_ns ? ns : reading->first_ns;
    *out = ns;
    return true;
}

static void count_rounded(struct gb_foreign_reading *reading, enum gb_book_measure measure)
{
    if (measure == GB_BOOK_OF_PRICE)
        reading->n_rounded_prices++;
    else
        reading->n_rounded_energies++;
}

static bool say_finer(const struct gb_book_foreign *foreign, enum gb_book_measure measure,
                      char *expected, size_t size)
{
    const char *unit = unit_names[foreign->unit];

    if (measure == GB_BOOK_OF_PRICE)
        snprintf(expected, size,
                 "a price in currency per %s of whole ticks (0.000001 per kWh), or --round STEP",
                 unit);
    else if (measure == GB_BOOK_OF_ENERGY)
        snprintf(expected, size, "energy in %s of whole Wh, or --round STEP", unit);
    else
        snprintf(expected, size, "a number with fewer digits");
    return false;
}

bool gb_book_foreign_number(struct gb_book_reader *reader, enum gb_book_column column,
                            const char *text, int decimals, int64_t *out, char *expected,
                            size_t size)
{
    const struct gb_book_foreign *foreign = reader->options.foreign;
    enum gb_book_measure measure = measure_of(column);
    struct gb_book_decimal value;
    bool is_rounded = false;

    if (column == GB_BOOK_TIME && foreign->clock == GB_BOOK_CLOCK_ISO)
        return read_time(reader, text, out, expected, size);
    if (!settle_mark(reader, text, expected, size))
        return false;
    if (!gb_foreign_decimal(text, reader->foreign.decimal_mark, &value)) {
        snprintf(expected, size, "%s",
                 column == GB_BOOK_TIME ? "a number of seconds, or another clock by --time"
                                        : "a decimal number");
        return false;
    }
    if (!gb_foreign_scale(foreign, value, measure, decimals, out, &is_rounded))
        return say_finer(foreign, measure, expected, size);
    if (is_rounded)
        count_rounded(&reader->foreign, measure);
    if (column == GB_BOOK_TIME && *out < reader->foreign.first_ns)
        reader->foreign.first_ns = *out;
    return true;
}

const char *gb_book_foreign_word(struct gb_book_reader *reader, enum gb_book_column column,
                                 const char *word)
{
    struct gb_foreign_reading *reading = &reader->foreign;
    const char *ours = gb_foreign_word(gb_book_column_names[column], word);

    if (strcmp(ours, word) == 0)
        return ours;
    if (reading->n_words++ == 0) {
        snprintf(reading->word, sizeof reading->word, "%s", word);
        reading->taken_for = ours;
    }
    return ours;
}

/* ---- what was changed */

static void tell(const struct gb_book_reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void tell(const struct gb_book_reader *reader, const char *format, ...)
{
    char text[1024];
    int n = snprintf(text, sizeof text, "%.400s: ", reader->name);
    va_list args;

    va_start(args, format);
    vsnprintf(text + n, sizeof text - (size_t)n, format, args);
    va_end(args);
    reader->options.tell(reader->context, text);
}

static void tell_of_header(const struct gb_book_reader *reader)
{
    const struct gb_book_foreign *foreign = reader->options.foreign;
    const struct gb_foreign_reading *reading = &reader->foreign;
    char separator = reader->csv.separator;

    if (reading->has_mark)
        tell(reader, "a byte order mark was stepped over");
    if (reading->has_crlf)
        tell(reader, "lines end with CRLF");
    if (separator != ',')
        tell(reader, "columns are separated by %s", separator == '\t' ? "tabs" : "semicolons");
    for (size_t i = 0; i < foreign->n_mapped; i++)
        tell(reader, "column '%.60s' is %s", foreign->mapped[i].name, foreign->mapped[i].column);
    if (reading->ignored[0])
        tell(reader, "not read: %s", reading->ignored);
}

static void tell_of_numbers(const struct gb_book_reader *reader)
{
    const struct gb_book_foreign *foreign = reader->options.foreign;
    const struct gb_foreign_reading *reading = &reader->foreign;
    const char *unit = unit_names[foreign->unit];

    if (reading->decimal_mark == ',')
        tell(reader, "decimals stand behind a comma");
    if (foreign->unit != GB_BOOK_UNIT_KWH)
        tell(reader, "energy in %s became kWh, prices per %s became prices per kWh", unit, unit);
    if (reading->n_rounded_prices > 0)
        tell(reader, "prices rounded to multiples of %" PRId64 "e%d per %s: %zu",
             foreign->step.mantissa, foreign->step.exponent, unit, reading->n_rounded_prices);
    if (reading->n_rounded_energies > 0)
        tell(reader, "quantities rounded to whole Wh: %zu", reading->n_rounded_energies);
    if (reading->n_words > 0)
        tell(reader, "words taken for ours, like '%s' for '%s': %zu", reading->word,
             reading->taken_for, reading->n_words);
    if (reader->book->has_owner)
        tell(reader, "owners were numbered as they first appear: %" PRIu32, reader->owners.n);
}

/* Times become those after the first one. */
static void tell_of_times(struct gb_book_reader *reader)
{
    struct gb_book_csv *book = reader->book;
    int64_t first = reader->foreign.first_ns;
    char text[32];

    if (reader->options.foreign->clock == GB_BOOK_CLOCK_SECONDS || first == INT64_MAX)
        return;
    for (size_t i = 0; i < book->n; i++)
        book->rows[i].time_ns -= book->rows[i].time_ns < first ? book->rows[i].time_ns : first;
    gb_instant_format(first, text, sizeof text);
    tell(reader, "times count from the first, %s", text);
}

void gb_book_foreign_end(struct gb_book_reader *reader)
{
    tell_of_header(reader);
    tell_of_numbers(reader);
    tell_of_times(reader);
}
