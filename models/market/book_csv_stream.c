/* A book whose rows are messages to a market in which orders may be amended: one that trades as
 * they come, or whose users quote anew between two rounds. An id may be used again once its order
 * was cancelled, so a cancel or an amendment means the latest order of its id before it. */
#include <inttypes.h>
#include <stdlib.h>

#include "models/market/book_csv_priv.h"

/* A new order: nobody's id, or that of one that was cancelled. */
static enum gb_status link_order(struct gb_book_reader *reader, uint32_t row, const bool *is_gone,
                                 struct gb_error *err)
{
    const struct gb_book_row *rows = reader->book->rows;
    uint32_t seen = row;
    enum gb_status status =
        gb_book_ids_enter(&reader->orders, rows[row].slot, rows[row].id, &seen, err);

    if (status != GB_OK || seen == row)
        return status;
    if (!is_gone[seen])
        gb_book_report(reader, rows[row].line, 1,
                       "id: '%.60s' is the order of line %" PRIu32
                       ", which was not cancelled before",
                       rows[row].id, rows[seen].line);
    gb_book_ids_replace(&reader->orders, rows[row].slot, rows[row].id, row);
    return GB_OK;
}

/* What must hold between an amendment and its order. */
static void check_amendment(struct gb_book_reader *reader, const struct gb_book_row *row)
{
    const struct gb_book_row *order = &reader->book->rows[row->target];

    if ((row->order.side != GB_BOOK_OPEN && row->order.side != order->order.side) ||
        (row->order.source != GB_BOOK_OPEN && row->order.source != order->order.source))
        gb_book_report(reader, row->line, 1,
                       "amends '%.60s' with another side or source than line %" PRIu32
                       "; expected another price or quantity alone",
                       row->id, order->line);
}

static void link_message(struct gb_book_reader *reader, struct gb_book_row *row, bool *is_gone)
{
    if (!gb_book_ids_find(&reader->orders, row->slot, row->id, &row->target)) {
        gb_book_report(reader, row->line, 1, "%s '%.60s', but no order before it has this id",
                       row->is_cancel ? "cancels" : "amends", row->id);
        return;
    }
    if (row->is_cancel)
        is_gone[row->target] = true;
    else
        check_amendment(reader, row);
}

enum gb_status gb_book_link_stream(struct gb_book_reader *reader, struct gb_error *err)
{
    struct gb_book_csv *book = reader->book;
    bool *is_gone = calloc(book->n + 1, sizeof *is_gone);
    enum gb_status status = GB_OK;

    if (!is_gone)
        return gb_fail(err, GB_ENOMEM, "no memory for a book of %zu orders", book->n);
    for (uint32_t i = 0; i < book->n && status == GB_OK; i++)
        if (book->rows[i].is_cancel || book->rows[i].is_amendment)
            link_message(reader, &book->rows[i], is_gone);
        else
            status = link_order(reader, i, is_gone, err);
    free(is_gone);
    return status;
}
