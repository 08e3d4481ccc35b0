#include "analysis/book_history.h"

#include <inttypes.h>
#include <stdlib.h>

#define OK 0 /* receipt, enum gb_side and type, as the file spells them */
#define LIMIT 0
#define MARKET 1

/* ---- loading */

/* By place in the ledger. */
static int compare_places(const void *a, const void *b)
{
    const struct gb_order_row *x = a, *y = b;

    if (x->height != y->height)
        return x->height < y->height ? -1 : 1;
    if (x->transaction != y->transaction)
        return x->transaction < y->transaction ? -1 : 1;
    return (x->message > y->message) - (x->message < y->message);
}

static int compare_trades(const void *a, const void *b)
{
    const struct gb_trade_row *x = a, *y = b;

    return (x->number > y->number) - (x->number < y->number);
}

/* Keeps the messages of a slot that changed its book, and its trades. */
static void keep_slot(struct gb_book_history *history, size_t n_rows, size_t n_trades, int64_t slot)
{
    for (size_t i = 0; i < n_rows; i++)
        if (history->rows[i].interval == slot && history->rows[i].status == OK) {
            history->n_orders += history->rows[i].action == GB_ACTION_ADD;
            history->rows[history->n_messages++] = history->rows[i];
        }
    for (size_t i = 0; i < n_trades; i++)
        if (history->trades[i].interval == slot)
            history->trades[history->n_trades++] = history->trades[i];
    if (history->n_messages > 0)
        qsort(history->rows, history->n_messages, sizeof *history->rows, compare_places);
    if (history->n_trades > 0)
        qsort(history->trades, history->n_trades, sizeof *history->trades, compare_trades);
}

static int compare_height(const void *key, const void *block)
{
    uint64_t height = *(const uint64_t *)key, other = ((const struct gb_block_row *)block)->height;

    return (height > other) - (height < other);
}

/* Numbers the orders and dates all messages. */
static enum gb_status fill(struct gb_book_history *history, const struct gb_block_row *blocks,
                           size_t n_blocks, struct gb_error *err)
{
    size_t n_come = 0;

    for (size_t i = 0; i < history->n_messages; i++) {
        const struct gb_order_row *row = &history->rows[i];
        bool is_new = row->action == GB_ACTION_ADD;
        const struct gb_block_row *block =
            n_blocks == 0 ? NULL
                          : bsearch(&row->height, blocks, n_blocks, sizeof *blocks, compare_height);

        if (!block)
            return gb_fail(err, GB_EINPUT,
                           "/orders/height: order %zu of slot %" PRId64 " stands in block %" PRIu64
                           ", which is not there",
                           i, row->interval, row->height);
        if (is_new ? row->number != n_come : row->target >= n_come)
            return gb_fail(err, GB_EINPUT,
                           is_new ? "/orders/number: slot %" PRId64 " has an order %" PRIu32
                                    " where %zu was expected"
                                  : "/orders/target: an amendment in slot %" PRId64
                                    " is about order %" PRIu32 ", which is not there: %zu are",
                           row->interval, is_new ? row->number : row->target, n_come);
        history->messages[i] =
            (struct gb_book_message){row, is_new ? row->number : row->target, block->sealed_ns};
        if (is_new)
            history->orders[n_come++].sent = *row;
    }
    for (size_t t = 0; t < history->n_trades; t++)
        if (history->trades[t].sell_order >= n_come || history->trades[t].buy_order >= n_come)
            return gb_fail(err, GB_EINPUT,
                           "/trades: trade %" PRIu32 " of slot %" PRId64
                           " is of an order that is not there",
                           history->trades[t].number, history->trades[t].interval);
    return GB_OK;
}

enum gb_status gb_book_history_load(struct gb_book_history *out, struct gb_results *results,
                                    uint64_t trial, int64_t slot, bool is_continuous,
                                    struct gb_error *err)
{
    void *rows = NULL, *trades = NULL, *blocks = NULL;
    size_t n_rows = 0, n_trades = 0, n_blocks = 0;
    enum gb_status status = gb_results_rows(results, GB_TABLE_ORDERS, trial, &rows, &n_rows, err);

    if (status == GB_OK)
        status = gb_results_rows(results, GB_TABLE_TRADES, trial, &trades, &n_trades, err);
    if (status == GB_OK)
        status = gb_results_rows(results, GB_TABLE_BLOCKS, trial, &blocks, &n_blocks, err);
    *out = (struct gb_book_history){.is_continuous = is_continuous, .trades = trades, .rows = rows};
    if (status == GB_OK) {
        keep_slot(out, n_rows, n_trades, slot);
        out->orders = calloc(out->n_orders + 1, sizeof *out->orders);
        out->messages = calloc(out->n_messages + 1, sizeof *out->messages);
        status = out->orders && out->messages
                     ? fill(out, blocks, n_blocks, err)
                     : gb_fail(err, GB_ENOMEM, "no memory for %zu orders", out->n_messages);
    }
    free(blocks);
    return status;
}

void gb_book_history_clear(struct gb_book_history *history)
{
    free(history->orders);
    free(history->messages);
    free(history->trades);
    free(history->rows);
    *history = (struct gb_book_history){0};
}

/* ---- playing */

/* The place stays where the quote does and the total does not grow. */
static void amend(struct gb_book_order *order, const struct gb_order_row *row, size_t place)
{
    if (row->price != order->quote || row->quantity_wh > order->total_wh)
        order->place = place;
    order->quote = row->price;
    order->total_wh = row->quantity_wh > order->filled_wh ? row->quantity_wh : order->filled_wh;
}

/* Whether the next trade is one that a message about `order` made. */
static bool is_made(const struct gb_book_history *history, uint32_t order)
{
    if (history->next_trade == history->n_trades)
        return false;
    const struct gb_trade_row *trade = &history->trades[history->next_trade];
    const struct gb_book_order *ask = &history->orders[trade->sell_order];
    const struct gb_book_order *bid = &history->orders[trade->buy_order];

    return (trade->sell_order == order || trade->buy_order == order) &&
           gb_book_order_left(ask) > 0 && gb_book_order_left(bid) > 0 && ask->quote <= bid->quote;
}

static void take_trades(struct gb_book_history *history, uint32_t order)
{
    for (; is_made(history, order); history->next_trade++) {
        const struct gb_trade_row *trade = &history->trades[history->next_trade];

        history->orders[trade->sell_order].filled_wh += trade->energy_wh;
        history->orders[trade->buy_order].filled_wh += trade->energy_wh;
    }
}

const struct gb_book_message *gb_book_history_step(struct gb_book_history *history)
{
    if (history->next_message == history->n_messages)
        return NULL;
    size_t place = history->next_message++;
    const struct gb_book_message *message = &history->messages[place];
    struct gb_book_order *order = &history->orders[message->order];

    if (message->row->action == GB_ACTION_AMEND) {
        amend(order, message->row, place);
    } else if (message->row->action == GB_ACTION_CANCEL) {
        order->total_wh = order->filled_wh;
    } else {
        order->has_come = true;
        order->place = place;
        order->quote = message->row->type == MARKET ? message->row->reserve : message->row->price;
        order->total_wh = message->row->quantity_wh;
    }
    if (history->is_continuous) {
        take_trades(history, message->order);
        if (order->sent.type != LIMIT) /* what does not trade at once lapses */
            order->total_wh = order->filled_wh;
    }
    return message;
}

void gb_book_history_play(struct gb_book_history *history, int64_t until_ns)
{
    while (history->next_message < history->n_messages &&
           history->messages[history->next_message].time_ns <= until_ns)
        gb_book_history_step(history);
}
