/* One row of BOOK.csv: a function for each kind of cell reads it and says what it expected. */
#include "models/market/book_csv_priv.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

static const char *const side_words[] = {"buy", "sell", NULL};
static const char *const type_words[] = {"limit", "market", NULL};
static const char *const stream_type_words[] = {"limit", "market", "ioc", NULL};
static const char *const source_words[] = {"any", "solar", "wind", "storage", "grid", NULL};
static const char *const own_source_words[] = {"any", "solar", "wind", "storage", NULL};
static const char *const action_words[] = {"add", "cancel", NULL};
static const char *const stream_action_words[] = {"add", "cancel", "amend", NULL};

/* ---- diagnostics */

void gb_book_report(struct gb_book_reader *reader, uint32_t line, uint32_t column,
                    const char *format, ...)
{
    char text[1024];
    int n = snprintf(text, sizeof text, "%s:%" PRIu32 ":%" PRIu32 ": ", reader->name, line, column);
    va_list args;

    if (n < 0 || (size_t)n >= sizeof text)
        n = 0; /* a path longer than a message: leave it out */
    va_start(args, format);
    vsnprintf(text + n, sizeof text - (size_t)n, format, args);
    va_end(args);
    reader->n_diagnostics++;
    reader->report(reader->context, text);
}

static const struct gb_csv_cell *cell_of(const struct gb_book_reader *reader,
                                         enum gb_book_column column)
{
    size_t place = reader->place[column];

    return place < reader->csv.n_cells && place < GB_CSV_MAX_CELLS ? &reader->csv.cells[place]
                                                                   : NULL;
}

/* Reports a cell of the current row: "... column: expected this, got 'that'". */
static void report_mistake(struct gb_book_reader *reader, enum gb_book_column column,
                           const char *expected)
{
    const struct gb_csv_cell *cell = cell_of(reader, column);
    char hint[160];

    if (!cell) /* a column or a cell is missing, which was already said */
        return;
    bool is_number = column != GB_BOOK_ID && column != GB_BOOK_SIDE && column != GB_BOOK_SOURCE &&
                     column != GB_BOOK_TYPE && column != GB_BOOK_ACTION;
    bool has_hint =
        is_number && !reader->options.foreign && gb_number_hint(cell->text, hint, sizeof hint);
    if (cell->text[0])
        gb_book_report(reader, reader->csv.line, cell->column, "%s: expected %s, got '%.60s'%s%s",
                       gb_book_column_names[column], expected, cell->text, has_hint ? ": " : "",
                       has_hint ? hint : "");
    else
        gb_book_report(reader, reader->csv.line, cell->column, "%s: expected %s, got nothing",
                       gb_book_column_names[column], expected);
}

/* ---- single cells. Each returns whether the cell could be read and leaves *out if not */

/* An empty cell, or none: the meaning of a missing column. */
static bool is_open(const struct gb_book_reader *reader, enum gb_book_column column)
{
    const struct gb_csv_cell *cell = cell_of(reader, column);

    return !cell || cell->text[0] == '\0';
}

static bool read_word(struct gb_book_reader *reader, enum gb_book_column column,
                      const char *const *words, uint8_t *out)
{
    const struct gb_csv_cell *cell = cell_of(reader, column);
    const char *word = !cell                     ? ""
                       : reader->options.foreign ? gb_book_foreign_word(reader, column, cell->text)
                                                 : cell->text;
    char expected[96] = "";

    for (uint8_t i = 0; words[i]; i++)
        if (strcmp(words[i], word) == 0) {
            *out = i;
            return true;
        }
    for (size_t i = 0; words[i]; i++) {
        size_t n = strlen(expected);

        snprintf(expected + n, sizeof expected - n, "%s%s", i ? " or " : "", words[i]);
    }
    report_mistake(reader, column, expected);
    return false;
}

/* Is text a plain decimal at all, be it too long or too large? */
static bool is_plain_decimal(const char *text)
{
    if (gb_number_has_leading_zero(text))
        return false;
    text += *text == '-' || *text == '+';
    size_t n = strspn(text, "0123456789");
    size_t n_behind = text[n] == '.' ? strspn(text + n + 1, "0123456789") : 0;

    return n + n_behind > 0 && text[n + (text[n] == '.') + n_behind] == '\0';
}

struct decimal_kind {
    const char *what; /* "a price in currency per kWh" */
    int decimals;
    const char *finest;       /* what lies in the last decimal */
    int64_t minimum, maximum; /* in units of the last decimal */
};

static const struct decimal_kind price_kind = {"a price in currency per kWh", 6,
                                               "a tick is 0.000001", -GB_PRICE_LIMIT_TICKS,
                                               GB_PRICE_LIMIT_TICKS};
static const struct decimal_kind quantity_kind = {"a quantity in kWh", 3, "a Wh is 0.001", 1,
                                                  GB_QUANTITY_LIMIT_WH};
static const struct decimal_kind minimum_kind = {"a quantity in kWh", 3, "a Wh is 0.001", 0,
                                                 GB_QUANTITY_LIMIT_WH};
static const struct decimal_kind time_kind = {"a time in seconds", 9, "a nanosecond is 0.000000001",
                                              0, INT64_MAX};
static const struct decimal_kind beta_kind = {"a factor", 6, "a millionth is 0.000001", 0,
                                              GB_MILLIONTHS};
static const struct decimal_kind owner_kind = {"the number of a meter", 0, "a whole number", 0,
                                               UINT32_MAX - 1};
static const struct decimal_kind slot_kind = {"the number of an interval", 0, "a whole number", 0,
                                              INT32_MAX};

/* A number of somebody else's file that is none, or falls on no tick. returns whether it could be
 * read */
static bool read_foreign(struct gb_book_reader *reader, enum gb_book_column column,
                         const struct decimal_kind *kind, int64_t *out)
{
    const struct gb_csv_cell *cell = cell_of(reader, column);
    char expected[160];

    if (cell && gb_book_foreign_number(reader, column, cell->text, kind->decimals, out, expected,
                                       sizeof expected))
        return true;
    report_mistake(reader, column, cell ? expected : kind->what);
    return false;
}

static bool read_decimal(struct gb_book_reader *reader, enum gb_book_column column,
                         const struct decimal_kind *kind, int64_t *out)
{
    const struct gb_csv_cell *cell = cell_of(reader, column);
    bool is_foreign = reader->options.foreign != NULL;
    char expected[160], low[32], high[32];
    int64_t value;

    if (is_foreign && !read_foreign(reader, column, kind, &value))
        return false;
    if (is_foreign || (cell && gb_parse_decimal(cell->text, kind->decimals, &value))) {
        if (value >= kind->minimum && value <= kind->maximum) {
            *out = value;
            return true;
        }
    } else if (cell && is_plain_decimal(cell->text)) {
        const char *point = strchr(cell->text, '.');
        size_t n_decimals = point ? strlen(point + 1) : 0;

        while (n_decimals > 0 && point[n_decimals] == '0')
            n_decimals--;
        if (n_decimals > (size_t)kind->decimals) {
            snprintf(expected, sizeof expected, "%s with at most %d decimals (%s)", kind->what,
                     kind->decimals, kind->finest);
            report_mistake(reader, column, expected);
            return false;
        }
    } else {
        snprintf(expected, sizeof expected, "%s as a plain decimal", kind->what);
        report_mistake(reader, column, expected);
        return false;
    }
    snprintf(expected, sizeof expected, "%s from %s to %s", kind->what,
             gb_format_decimal(kind->minimum, kind->decimals, low, sizeof low),
             gb_format_decimal(kind->maximum, kind->decimals, high, sizeof high));
    report_mistake(reader, column, expected);
    return false;
}

static bool read_price(struct gb_book_reader *reader, enum gb_book_column column,
                       struct gb_price *out)
{
    char expected[128], low[32], high[32];
    struct gb_tariff band = reader->options.band;

    if (!read_decimal(reader, column, &price_kind, &out->ticks))
        return false;
    if (!reader->options.has_band ||
        (out->ticks >= band.feed_in.ticks && out->ticks <= band.retail.ticks))
        return true;
    snprintf(expected, sizeof expected, "a price within the band of feed-in %s to retail %s",
             gb_format_decimal(band.feed_in.ticks, 6, low, sizeof low),
             gb_format_decimal(band.retail.ticks, 6, high, sizeof high));
    report_mistake(reader, column, expected);
    return false;
}

/* ---- one row */

/* Price and reserve of an order; each stands for the other where the rules let it stay open. A
 * market order is quoted at its reserve: a price beside it need only be one. */
static bool read_prices(struct gb_book_reader *reader, struct gb_order *order)
{
    bool has_reserve = !is_open(reader, GB_BOOK_RESERVE);
    bool reserve_is_read = has_reserve && read_price(reader, GB_BOOK_RESERVE, &order->reserve);

    if (order->type == GB_ORDER_MARKET && has_reserve) {
        order->price = order->reserve;
        return (is_open(reader, GB_BOOK_PRICE) ||
                read_decimal(reader, GB_BOOK_PRICE, &price_kind, &order->price.ticks)) &&
               reserve_is_read;
    }
    if (!read_price(reader, GB_BOOK_PRICE, &order->price))
        return false;
    if (!has_reserve)
        order->reserve = order->price;
    return !has_reserve || reserve_is_read;
}

/* What must hold between the cells of an order. */
static void check_order(struct gb_book_reader *reader, const struct gb_order *order, bool has_side)
{
    bool is_limit = order->type != GB_ORDER_MARKET;
    int64_t price = llabs(is_limit ? order->price.ticks : 0), reserve = llabs(order->reserve.ticks);
    int64_t product;

    if (is_limit && has_side && order->side == GB_SELL && order->price.ticks < order->reserve.ticks)
        report_mistake(reader, GB_BOOK_PRICE, "an ask that is not below its reserve");
    if (is_limit && has_side && order->side == GB_BUY && order->price.ticks > order->reserve.ticks)
        report_mistake(reader, GB_BOOK_PRICE, "a bid that is not above its reserve");
    if (__builtin_mul_overflow(order->quantity.wh, price > reserve ? price : reserve, &product))
        report_mistake(reader, GB_BOOK_QUANTITY,
                       "a quantity that costs less than 9 billion at its price");
    if (order->minimum.wh > 0 && reader->options.no_minimum)
        report_mistake(reader, GB_BOOK_MINIMUM,
                       "0 or nothing, for this mechanism takes no minimum");
    else if (order->minimum.wh > order->quantity.wh)
        report_mistake(reader, GB_BOOK_MINIMUM, "a minimum that is not above the quantity");
}

static void read_order(struct gb_book_reader *reader, struct gb_order *order)
{
    const char *const *sources = reader->options.no_grid ? own_source_words : source_words;
    int64_t beta = GB_BETA_OF_MARKET;

    if (!is_open(reader, GB_BOOK_TYPE))
        read_word(reader, GB_BOOK_TYPE, reader->options.takes_ioc ? stream_type_words : type_words,
                  &order->type);
    bool has_side = read_word(reader, GB_BOOK_SIDE, side_words, &order->side);
    bool has_prices = read_prices(reader, order);
    bool has_quantity = read_decimal(reader, GB_BOOK_QUANTITY, &quantity_kind, &order->quantity.wh);
    bool has_minimum = is_open(reader, GB_BOOK_MINIMUM) ||
                       read_decimal(reader, GB_BOOK_MINIMUM, &minimum_kind, &order->minimum.wh);

    if (has_prices && has_quantity && has_minimum)
        check_order(reader, order, has_side);
    if (!is_open(reader, GB_BOOK_BETA))
        read_decimal(reader, GB_BOOK_BETA, &beta_kind, &beta);
    order->beta_millionths = (int32_t)beta;
    bool has_source = is_open(reader, GB_BOOK_SOURCE) ||
                      read_word(reader, GB_BOOK_SOURCE, sources, &order->source);
    if (has_source && has_side && order->side == GB_SELL && order->source == GB_SOURCE_ANY &&
        reader->book->has_source && reader->options.sells_name_source)
        report_mistake(reader, GB_BOOK_SOURCE,
                       "solar, wind, storage or grid for energy that is sold");
}

/* The new price and the new total; side and source may stand there once more. */
static void read_amendment(struct gb_book_reader *reader, struct gb_order *order)
{
    static const enum gb_book_column fixed[] = {GB_BOOK_RESERVE, GB_BOOK_BETA, GB_BOOK_TYPE,
                                                GB_BOOK_MINIMUM};

    order->side = order->source = GB_BOOK_OPEN;
    read_price(reader, GB_BOOK_PRICE, &order->price);
    read_decimal(reader, GB_BOOK_QUANTITY, &quantity_kind, &order->quantity.wh);
    if (!is_open(reader, GB_BOOK_SIDE))
        read_word(reader, GB_BOOK_SIDE, side_words, &order->side);
    if (!is_open(reader, GB_BOOK_SOURCE))
        read_word(reader, GB_BOOK_SOURCE, source_words, &order->source);
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        if (!is_open(reader, fixed[i]))
            report_mistake(reader, fixed[i],
                           "nothing, for an amendment changes price and quantity alone");
}

/* The id, which no other add of the slot may have. */
static enum gb_status read_id(struct gb_book_reader *reader, struct gb_book_row *row,
                              struct gb_error *err)
{
    const struct gb_csv_cell *cell = cell_of(reader, GB_BOOK_ID);
    const struct gb_book_csv *book = reader->book;
    size_t longest = reader->options.longest_id;
    uint32_t number = (uint32_t)book->n, seen = number;
    enum gb_status status = GB_OK;

    row->id = cell ? cell->text : "";
    if (row->id[0] == '\0') {
        report_mistake(reader, GB_BOOK_ID, "the name of an order");
        return GB_OK;
    }
    if (longest > 0 && strlen(row->id) > longest)
        gb_book_report(reader, row->line, cell->column,
                       "id: expected at most %zu bytes, got '%.60s'", longest, row->id);
    if (!row->is_cancel && !reader->options.is_stream) /* of a stream that follows from the times */
        status = gb_book_ids_enter(&reader->orders, row->slot, row->id, &seen, err);
    if (status == GB_OK && seen != number)
        gb_book_report(reader, row->line, cell->column,
                       "id: '%.60s' is already the order of line %" PRIu32, row->id,
                       book->rows[seen].line);
    return status;
}

/* The owner: a number in a column of its own, or the id, numbered as it first appears. */
static enum gb_status read_owner(struct gb_book_reader *reader, struct gb_book_row *row,
                                 struct gb_error *err)
{
    int64_t owner = 0;

    if (!reader->book->has_owner || reader->options.foreign) { /* elsewhere owners have names */
        bool has_name = !is_open(reader, GB_BOOK_OWNER);
        const char *name = has_name ? cell_of(reader, GB_BOOK_OWNER)->text : row->id;

        row->order.owner = reader->owners.n;
        return gb_book_ids_enter(&reader->owners, 0, name, &row->order.owner, err);
    }
    if (!is_open(reader, GB_BOOK_OWNER) || !(row->is_cancel || row->is_amendment))
        read_decimal(reader, GB_BOOK_OWNER, &owner_kind, &owner);
    row->order.owner = (uint32_t)owner;
    return GB_OK;
}

enum gb_status gb_book_read_row(struct gb_book_reader *reader, struct gb_book_row *row,
                                struct gb_error *err)
{
    uint8_t action = 0;

    *row = (struct gb_book_row){.line = reader->csv.line};
    if (reader->csv.fault)
        gb_book_report(reader, row->line, reader->csv.fault_column, "%s", reader->csv.fault);
    else if (reader->csv.n_cells != reader->n_cells)
        gb_book_report(reader, row->line, 1, "expected %zu cells, as in the header, got %zu%s",
                       reader->n_cells, reader->csv.n_cells,
                       reader->csv.cells[0].text[0] == '#'
                           ? "; comments (lines that begin with #) stand before the header only"
                           : "");
    if (!is_open(reader, GB_BOOK_ACTION))
        read_word(reader, GB_BOOK_ACTION,
                  reader->options.is_stream ? stream_action_words : action_words, &action);
    row->is_cancel = action == 1;
    row->is_amendment = action == 2;
    if (!is_open(reader, GB_BOOK_SLOT))
        read_decimal(reader, GB_BOOK_SLOT, &slot_kind, &row->slot);
    if (!is_open(reader, GB_BOOK_TIME))
        read_decimal(reader, GB_BOOK_TIME, &time_kind, &row->time_ns);
    enum gb_status status = read_id(reader, row, err);
    if (status == GB_OK)
        status = read_owner(reader, row, err);
    if (row->is_amendment)
        read_amendment(reader, &row->order);
    else if (!row->is_cancel)
        read_order(reader, &row->order);
    return status;
}
