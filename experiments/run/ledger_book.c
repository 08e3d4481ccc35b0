#include "experiments/run/ledger_book.h"

#include <assert.h>
#include <stdlib.h>

#include "base/array.h"

void gb_run_ledger_book_init(struct gb_run_ledger_book *book, const struct gb_run_environment *env,
                             const struct gb_run_gateway *gateway,
                             const struct gb_run_sent_orders *sent_orders,
                             const struct gb_run_intervals *intervals)
{
    *book = (struct gb_run_ledger_book){
        .env = env, .gateway = gateway, .sent_orders = sent_orders, .intervals = intervals};
}

void gb_run_ledger_book_clear(struct gb_run_ledger_book *book)
{
    for (size_t place = 0; place < book->n_places; place++) {
        for (size_t i = 0; i < GB_RUN_BOOKS; i++) {
            gb_run_best_quote_free(&book->at[place].standing[GB_BUY][i]);
            gb_run_best_quote_free(&book->at[place].standing[GB_SELL][i]);
        }
        free(book->at[place].orders);
        free(book->at[place].fills);
        free(book->at[place].best);
    }
    free(book->at);
    book->at = NULL;
    book->n_places = 0;
}

void gb_run_ledger_book_open(struct gb_run_ledger_book *book, size_t place)
{
    if (!gb_run_reach_place((void **)&book->at, &book->n_places, place, sizeof *book->at,
                            book->env->error))
        return;
    struct gb_run_interval_book *of = &book->at[place];
    of->n_orders = of->n_fills = of->n_best = 0;
    for (size_t i = 0; i < GB_RUN_BOOKS; i++) {
        gb_run_best_quote_clear(&of->standing[GB_BUY][i]);
        gb_run_best_quote_clear(&of->standing[GB_SELL][i]);
    }
    of->has_changed = false;
}

/* The accepted order of this number, which may be a new one; NULL after a failure. */
static struct gb_run_ledger_order *order_at(struct gb_run_ledger_book *book, size_t place,
                                            uint32_t number)
{
    struct gb_run_interval_book *of = &book->at[place];
    struct gb_run_ledger_order *grown =
        gb_array_grow(of->orders, &of->orders_capacity, (size_t)number + 1, sizeof *grown);

    if (!grown) {
        gb_fail(book->env->error, GB_ENOMEM, "no memory for %zu orders", (size_t)number + 1);
        return NULL;
    }
    of->orders = grown;
    for (; of->n_orders <= number; of->n_orders++)
        of->orders[of->n_orders] = (struct gb_run_ledger_order){.live = GB_NO_ORDER};
    return &of->orders[number];
}

static bool is_published(const struct gb_run_ledger_book *book)
{
    return book->env->scenario->information == GB_INFORMATION_BOOK;
}

static bool has_left(const struct gb_run_ledger_order *order)
{
    return order->rests && order->filled.wh < order->total.wh;
}

/* Its quote may be the best one from now on. */
static void note_quote(struct gb_run_ledger_book *book, struct gb_run_interval_book *of,
                       uint32_t number)
{
    const struct gb_run_ledger_order *order = &of->orders[number];

    if (is_published(book) && has_left(order) &&
        !gb_run_best_quote_add(&of->standing[order->side][order->source], (enum gb_side)order->side,
                               order->quote.ticks, number))
        gb_fail(book->env->error, GB_ENOMEM, "no memory for the quotes of %zu orders",
                of->n_orders);
}

/* What the message of an event says, of its order from now on; NULL after a failure. */
static struct gb_run_ledger_order *take_terms(struct gb_run_ledger_book *book, size_t place,
                                              uint32_t number,
                                              const struct gb_contract_event *event)
{
    struct gb_run_ledger_order *order = order_at(book, place, number);
    uint32_t message = gb_run_sent_orders_find(book->sent_orders, place,
                                               GB_PARTY_INDEX(event->sender), event->nonce);

    if (!order || message == GB_NO_ORDER)
        return order;
    const struct gb_run_terms *terms = gb_run_sent_orders_terms(book->sent_orders, place, message);
    if (!terms->is_amendment) {
        order->live = terms->live;
        order->side = terms->side;
        order->source = terms->source;
        order->rests = terms->type == GB_ORDER_LIMIT;
    }
    order->total = terms->is_cancel ? order->filled : terms->total;
    order->quote = terms->quote;
    book->at[place].has_changed = true;
    note_quote(book, &book->at[place], number);
    return order;
}

const struct gb_execution *gb_run_ledger_book_execution(const struct gb_run_ledger_book *book,
                                                        const struct gb_contract_event *event)
{
    size_t n;
    const struct gb_execution *executions =
        gb_contracts_executions(gb_run_gateway_contracts(book->gateway), event->interval, &n);

    assert(event->index < n);
    return &executions[event->index];
}

static bool fill(struct gb_run_ledger_order *order, struct gb_energy energy)
{
    order->filled.wh += energy.wh;
    return order->filled.wh >= order->total.wh;
}

void gb_run_ledger_book_trade(struct gb_run_ledger_book *book, size_t place,
                              const struct gb_contract_event *event)
{
    struct gb_run_interval_book *of = &book->at[place];
    const struct gb_trade *trade = &gb_run_ledger_book_execution(book, event)->trade;
    uint32_t arriving =
        GB_PARTY_INDEX(event->sender) == trade->seller ? trade->sell_order : trade->buy_order;
    struct gb_run_fill *grown =
        gb_array_grow(of->fills, &of->fills_capacity, (size_t)event->index + 1, sizeof *grown);

    if (!grown) {
        gb_fail(book->env->error, GB_ENOMEM, "no memory for %zu trades", (size_t)event->index + 1);
        return;
    }
    of->fills = grown;
    if (!take_terms(book, place, arriving, event))
        return;
    assert(of->n_fills == event->index && trade->sell_order < of->n_orders &&
           trade->buy_order < of->n_orders);
    of->fills[of->n_fills++] =
        (struct gb_run_fill){fill(&of->orders[trade->sell_order], trade->energy),
                             fill(&of->orders[trade->buy_order], trade->energy)};
}

void gb_run_ledger_book_order(struct gb_run_ledger_book *book, size_t place,
                              const struct gb_contract_event *event)
{
    take_terms(book, place, event->index, event);
}

/* ---- best quotes */

/* Does an order of this interval stand at this quote? */
static bool stands(const void *context, const struct gb_run_quote *quote)
{
    const struct gb_run_interval_book *of = context;
    const struct gb_run_ledger_order *order = &of->orders[quote->order];

    return has_left(order) && order->quote.ticks == quote->ticks;
}

static void add_bid(struct gb_run_best_quotes *best, size_t book, int64_t ticks)
{
    if (!best->has_bid[book] || ticks > best->bid[book].ticks)
        best->bid[book].ticks = ticks;
    best->has_bid[book] = true;
}

static void add_ask(struct gb_run_best_quotes *best, size_t book, int64_t ticks)
{
    if (!best->has_ask[book] || ticks < best->ask[book].ticks)
        best->ask[book].ticks = ticks;
    best->has_ask[book] = true;
}

/* The best of one side and source, in all books in which it stands. */
static void add_quote(struct gb_run_best_quotes *best, enum gb_side side, size_t source,
                      int64_t ticks)
{
    for (size_t book = 0; book < GB_RUN_BOOKS; book++) {
        bool is_in = book == GB_SOURCE_ANY || book == source;

        /* a bid for any source stands in each book */
        if (side == GB_BUY && (is_in || source == GB_SOURCE_ANY))
            add_bid(best, book, ticks);
        else if (side == GB_SELL && is_in)
            add_ask(best, book, ticks);
    }
}

static void note_best(struct gb_run_ledger_book *book, struct gb_run_interval_book *of,
                      uint64_t height)
{
    struct gb_run_best_quotes best = {.height = height};
    struct gb_run_best_quotes *grown =
        gb_array_grow(of->best, &of->best_capacity, of->n_best + 1, sizeof *grown);

    if (!grown) {
        gb_fail(book->env->error, GB_ENOMEM, "no memory for the quotes of %zu blocks",
                of->n_best + 1);
        return;
    }
    of->best = grown;
    for (int side = GB_BUY; side <= GB_SELL; side++)
        for (size_t source = 0; source < GB_RUN_BOOKS; source++) {
            const struct gb_run_quote *quote =
                gb_run_best_quote_find(&of->standing[side][source], (enum gb_side)side, stands, of);

            if (quote)
                add_quote(&best, (enum gb_side)side, source, quote->ticks);
        }
    of->best[of->n_best++] = best;
}

void gb_run_ledger_book_end_block(struct gb_run_ledger_book *book, uint64_t height)
{
    for (size_t place = 0; place < book->n_places; place++) {
        struct gb_run_interval_book *of = &book->at[place];

        if (of->has_changed && is_published(book))
            note_best(book, of, height);
        of->has_changed = false;
    }
}

static int compare_height(const void *key, const void *item)
{
    uint64_t height = *(const uint64_t *)key;
    const struct gb_run_best_quotes *best = item;

    return (height > best->height) - (height < best->height);
}

const struct gb_run_best_quotes *gb_run_ledger_book_best(const struct gb_run_ledger_book *book,
                                                         size_t place, uint64_t height)
{
    const struct gb_run_interval_book *of = &book->at[place];

    return of->n_best == 0
               ? NULL
               : bsearch(&height, of->best, of->n_best, sizeof *of->best, compare_height);
}
