/* A call market: orders are kept by number, which is their time, until the gate; then each book in
 * its turn is sorted, meets and is settled by the market's rule. A buyer of any goes into every
 * book in turn with what is left of the order. */
#include "models/market/call/call_priv.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* Bytes of an array that are kept from slot to slot: asking anew for those of a small book would
 * be much of what it takes. */
#define KEPT_SIZE ((size_t)1 << 14)

static enum gb_status no_memory(size_t n, struct gb_error *err)
{
    return gb_fail(err, GB_ENOMEM, "no memory for a book of %zu orders", n);
}

enum gb_status gb_call_create(void **state, const struct gb_call_rule *rule,
                              const struct gb_market_rules *rules, struct gb_error *err)
{
    struct gb_call *call;

    if (!gb_param_is_sound(rule->params, rules->options)) /* of a stranger's ledger */
        return gb_fail(err, GB_ECONFIG, "a rule of the market %s is out of its range",
                       rule->mechanism);
    call = calloc(1, sizeof *call);
    if (!call)
        return no_memory(0, err);
    call->rule = rule;
    memcpy(&call->options, rules->options, sizeof call->options);
    call->tariff = rules->tariff;
    call->n_books = gb_books_number((enum gb_books)call->options.books);
    *state = call;
    return GB_OK;
}

void gb_call_begin(void *state, int64_t interval)
{
    struct gb_call *call = state;

    (void)interval; /* a call knows nothing of earlier ones */
    gb_order_store_clear(&call->orders);
    gb_order_cuts_clear(&call->cuts);
    call->n_asks = 0;
    call->n_trades = 0;
}

enum gb_status gb_call_apply(void *state, const struct gb_order *orders, size_t n,
                             struct gb_error *err)
{
    struct gb_call *call = state;
    enum gb_status status = gb_order_store_reserve(&call->orders, n, err);

    for (size_t i = 0; i < n && status == GB_OK; i++) {
        status = gb_books_check_order(call->rule->mechanism, call->n_books, call->orders.n,
                                      &orders[i], err);
        if (status == GB_OK)
            status = gb_order_store_add(&call->orders, &orders[i], 0, err);
        call->n_asks += status == GB_OK && orders[i].side == GB_SELL;
    }
    return status;
}

enum gb_status gb_call_cancel(void *state, uint32_t order, struct gb_error *err)
{
    return gb_order_store_cancel(&((struct gb_call *)state)->orders, order, err);
}

/* ---- the gate */

/* Capacity for both sides and for what they are sorted through. */
static bool reserve_entries(struct gb_call *call)
{
    size_t needed = 2 * call->orders.n + 2;

    if (needed <= call->entries_capacity)
        return true;
    free(call->entries); /* nothing in it outlives a book */
    call->entries = gb_array_resize(NULL, needed, sizeof *call->entries);
    call->entries_capacity = call->entries ? needed : 0;
    return call->entries != NULL;
}

static int64_t look_quote_up(const void *context, uint32_t order)
{
    return ((const struct gb_call *)context)->orders.quote[order].ticks;
}

/* The orders that stand in book b with something left, to be reached from the best on. */
static void gather(struct gb_call *call, size_t b, struct gb_call_book *book)
{
    const struct gb_order_store *orders = &call->orders;
    unsigned takes = gb_books_take(call->n_books, b);
    struct gb_side_entry *spare = call->entries + orders->n + 2;

    *book = (struct gb_call_book){.first_trade = call->n_trades};
    gb_sorted_side_init(&book->sides[GB_SELL], GB_SELL, call->entries, spare);
    gb_sorted_side_init(&book->sides[GB_BUY], GB_BUY, call->entries + call->n_asks + 1,
                        spare + call->n_asks);
    for (size_t i = 0; i < orders->n; i++)
        gb_sorted_side_add_if(&book->sides[orders->terms[i].side],
                              (orders->left[i].wh > 0) & (takes >> orders->terms[i].source),
                              orders->quote[i].ticks, (uint32_t)i);
    gb_sorted_side_sort(&book->sides[GB_SELL], look_quote_up, call);
    gb_sorted_side_sort(&book->sides[GB_BUY], look_quote_up, call);
}

static enum gb_status clear_book(struct gb_call *call, size_t b)
{
    struct gb_call_book book;
    enum gb_status status;

    gather(call, b, &book);
    if (call->rule->admit)
        call->rule->admit(call, &book);
    status = gb_call_meet(call, &book);
    if (status == GB_OK && call->n_trades > book.first_trade)
        status = call->rule->settle(call, &book);
    return status;
}

enum gb_status gb_call_finish(void *state, struct gb_match *out, struct gb_error *err)
{
    struct gb_call *call = state;
    enum gb_status status = reserve_entries(call) ? GB_OK : GB_ENOMEM;

    if (status == GB_OK)
        status = gb_order_cuts_make(&call->cuts, &call->orders, call->options.export_limit_wh,
                                    call->options.import_limit_wh, err);
    for (size_t b = 0; b < call->n_books && status == GB_OK; b++)
        status = clear_book(call, b);
    if (status != GB_OK)
        return no_memory(call->orders.n, err);
    *out = (struct gb_match){
        .n_trades = call->n_trades,
        .trades = call->trades,
        .n_orders = call->orders.n,
        .unmatched = gb_order_cuts_unmatched(&call->cuts, &call->orders),
        .cut = call->cuts.cut,
        .last_quote = call->orders.quote,
        .rounds = 1,
    };
    return GB_OK;
}

/* Frees every array above `kept` bytes. */
static void release_above(struct gb_call *call, size_t kept)
{
    gb_order_store_release(&call->orders, kept);
    gb_order_cuts_clear(&call->cuts);
    if (call->trades_capacity * sizeof *call->trades > kept) {
        free(call->trades);
        call->trades = NULL;
        call->trades_capacity = 0;
    }
    if (call->entries_capacity * sizeof *call->entries > kept) {
        free(call->entries);
        call->entries = NULL;
        call->entries_capacity = 0;
    }
}

void gb_call_release(void *state)
{
    release_above(state, KEPT_SIZE);
}

void gb_call_free(void *state)
{
    if (!state)
        return;
    release_above(state, 0);
    free(state);
}
