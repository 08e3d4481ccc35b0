/* The inside of the reader of BOOK.csv: book_csv.c reads the file, its header and what holds
 * between rows, book_csv_row.c the cells of one row. */
#ifndef MODELS_MARKET_BOOK_CSV_PRIV_H
#define MODELS_MARKET_BOOK_CSV_PRIV_H

#include "base/csv.h"
#include "models/market/book_columns_priv.h"
#include "models/market/book_csv.h"
#include "models/market/book_foreign_priv.h"
#include "models/market/book_ids_priv.h"

struct gb_book_reader {
    const char *name; /* of the file, for messages */
    struct gb_book_csv_options options;
    gb_book_csv_report *report;
    void *context;
    size_t n_diagnostics;
    struct gb_csv csv;
    size_t place[GB_BOOK_N_COLUMNS]; /* which cell of a row; GB_BOOK_NO_COLUMN */
    size_t n_cells;                  /* of the header */
    bool has_no_columns;             /* no row is worth a diagnostic: the first line names none */
    struct gb_book_csv *book;
    size_t capacity;
    struct gb_book_ids orders; /* (slot, id) of every add, by row */
    struct gb_foreign_reading foreign;
    struct gb_book_ids owners; /* ids alone, where no column names the owner */
};

/* Reports at a place of the file. */
void gb_book_report(struct gb_book_reader *reader, uint32_t line, uint32_t column,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Begins with somebody else's file: what stands between its columns. */
void gb_book_foreign_start(struct gb_book_reader *reader, const char *text);
/* Our column for one of theirs, GB_BOOK_N_COLUMNS where it is none and nothing is read from it. */
enum gb_book_column gb_book_foreign_column(struct gb_book_reader *reader, const char *name);
/* Reports what was mapped and is not there. */
void gb_book_foreign_check_header(struct gb_book_reader *reader);
/* Reads a number, or a time, in units of 10^-decimals of ours; false with what was expected. */
bool gb_book_foreign_number(struct gb_book_reader *reader, enum gb_book_column column,
                            const char *text, int decimals, int64_t *out, char *expected,
                            size_t size);
/* Our word for theirs. */
const char *gb_book_foreign_word(struct gb_book_reader *reader, enum gb_book_column column,
                                 const char *word);
/* Counts times from the first one on, and tells what was changed. */
void gb_book_foreign_end(struct gb_book_reader *reader);

/* Reads the row that reader->csv holds and reports all that is wrong with it. */
enum gb_status gb_book_read_row(struct gb_book_reader *reader, struct gb_book_row *row,
                                struct gb_error *err);

/* Of a stream, its rows in the order of time: finds the order of every cancel and amendment and
 * reports what does not go together. */
enum gb_status gb_book_link_stream(struct gb_book_reader *reader, struct gb_error *err);

#endif
