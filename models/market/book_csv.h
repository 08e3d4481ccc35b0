/* BOOK.csv: one order book as a table, for `clear`, for orders.file of a scenario and for other
 * people's tools. A header line names the columns, in any order: id, side, price, quantity, and
 * where wanted reserve, time, owner, source, beta, type, minimum, action (and slot in
 * orders.file).
 *
 *     id,side,price,quantity,reserve        price, reserve   currency per kWh, at most 6 decimals
 *     S1,sell,0.41,220,0.34                 quantity, minimum   kWh, at most 3 decimals
 *     B1,buy,0.53,400,0.58                  time   seconds after opening, at most 9 decimals
 *
 * An empty cell of a wanted column means what its absence means: the reserve is the price, the
 * source any, the beta the market's, the type limit, the action add. A market order is quoted at
 * its reserve, and a price beside the reserve counts for nothing. Comma, RFC 4180 quotes, spaces
 * around cells, CRLF, a byte order mark, empty lines and, before the header alone, comments (lines
 * that begin with #) are all read; behind the header such a line is an order like any other.
 * Numbers are plain decimals: what does not fall on a tick or a Wh is refused, never rounded. */
#ifndef MODELS_MARKET_BOOK_CSV_H
#define MODELS_MARKET_BOOK_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/status.h"
#include "models/market/book_foreign.h"
#include "models/market/mechanism.h"
#include "models/market/order.h"
#include "models/market/tariff.h"

struct gb_book_row {
    const char *id;               /* as given; in a book read, owned by it */
    struct gb_order order;        /* of a cancel only the owner means anything */
    int64_t slot;                 /* interval; 0 without the column */
    int64_t time_ns;              /* after the opening; 0 without the column */
    uint32_t line;                /* of the file, counted from 1 */
    uint32_t target;              /* of a cancel or an amendment: the row of its order */
    bool is_cancel, is_amendment; /* of an amendment the order's price and quantity count alone */
};

struct gb_book_csv {
    size_t n;
    struct gb_book_row *rows; /* by slot, then time, then place in the file */
    bool has_reserve, has_time, has_owner, has_source, has_slot; /* columns that were there */
    char *text; /* the file, cut into cells; ids point into it */
};

/* Receives one description, with its place ("BOOK.csv:3:7: ..."), for every thing that is wrong. */
typedef void gb_book_csv_report(void *context, const char *message);

struct gb_book_csv_options {
    bool with_slot;         /* a column `slot` is allowed: orders.file */
    bool sells_name_source; /* where there is a column `source`, no sell may leave it open */
    bool no_grid;           /* the source `grid` is refused: a run trades none */
    bool no_minimum;        /* a minimum above 0 is refused: the mechanism takes none */
    bool is_stream;         /* orders may be amended: action amend, and ids used again after their
                             * cancel, are allowed */
    bool takes_ioc;         /* type ioc is allowed: the mechanism trades as orders come */
    bool has_band;          /* prices that count must lie in [feed_in, retail] */
    struct gb_tariff band;
    size_t longest_id; /* bytes; 0 = any length */
    /* Somebody else's file: how it is read, and who is told what was changed; NULL: a BOOK.csv. */
    const struct gb_book_foreign *foreign;
    gb_book_csv_report *tell;
};

/* What a path is called in messages. */
const char *gb_book_csv_name(const char *path);

#define GB_BOOK_MAX_BYTES (256 << 20) /* of a file; some six million orders */

/* Reads a whole book; the caller frees it.
 * path     "-" reads stdin; it is also the name in messages, but for stdin
 * returns  GB_EINPUT when anything was complained of, GB_EFILE when the file cannot be read,
 * GB_ENOMEM; the last two with the reason in err and no diagnostic Without a column `owner` the
 * owners are the ids, numbered from 0 as they first appear: with a column `slot`, the same id in
 * two slots is the same owner. An id may occur once a slot. */
enum gb_status gb_book_csv_read(struct gb_book_csv **out, const char *path,
                                const struct gb_book_csv_options *options,
                                gb_book_csv_report *report, void *context, struct gb_error *err);
/* The same from memory; `name` stands for the file in messages. The text is copied. */
enum gb_status gb_book_csv_parse(struct gb_book_csv **out, const char *text, size_t n_bytes,
                                 const char *name, const struct gb_book_csv_options *options,
                                 gb_book_csv_report *report, void *context, struct gb_error *err);
void gb_book_csv_free(struct gb_book_csv *book);

/* The rows as a mechanism takes them, all of them as one slot; the caller frees *actions. */
enum gb_status gb_book_csv_actions(const struct gb_book_csv *book, struct gb_book_action **actions,
                                   struct gb_error *err);

/* Writes rows as BOOK.csv with all columns of `clear`, in the order given; the ids of orders must
 * be unique, those of amendments and cancels are their order's.
 * with_source  write the column `source`, which makes `clear` keep one book a source
 * returns      GB_EFILE when the stream fails */
enum gb_status gb_book_csv_write(FILE *out, size_t n, const struct gb_book_row *rows,
                                 bool with_source, struct gb_error *err);

#endif
