/* The continuous auction as a mechanism: its book trades while orders are applied, in the ledger's
 * order, and finish only says what stands. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "models/market/books.h"
#include "models/market/continuous/book.h"
#include "models/market/mechanism.h"

#define GB_KEY GB_PARAM_FIELD
struct gb_continuous_options {
#include "models/market/continuous/options.def"
};
#undef GB_KEY

static const char *const trade_price_names[] = {"midpoint", "resting", NULL};
static const char *const self_trade_names[] = {"allowed", "newest", "oldest", "both", NULL};

#define GB_KEY(...) GB_PARAM_ROW(struct gb_continuous_options, __VA_ARGS__)
static const struct gb_param params[] = {
#include "models/market/continuous/options.def"
    {0},
};

struct continuous {
    size_t n_books;
    struct gb_continuous_book *book;
    size_t capacity; /* of the outcome, by number of the order */
    struct gb_energy *left;
    struct gb_price *quotes;
};

static bool continuous_needs_source(const struct gb_market_rules *rules)
{
    struct gb_continuous_options options;

    memcpy(&options, rules->options, sizeof options);
    return options.books == GB_BOOKS_BY_SOURCE;
}

static void continuous_free(void *state)
{
    struct continuous *auction = state;

    if (!auction)
        return;
    gb_continuous_book_free(auction->book);
    free(auction->left);
    free(auction->quotes);
    free(auction);
}

static enum gb_status continuous_create(void **state, const struct gb_market_rules *rules,
                                        struct gb_error *err)
{
    struct gb_continuous_options options;
    struct continuous *auction;

    if (!gb_param_is_sound(params, rules->options)) /* of a stranger's ledger */
        return gb_fail(err, GB_ECONFIG, "a rule of the continuous auction is out of its range");
    memcpy(&options, rules->options, sizeof options);
    auction = calloc(1, sizeof *auction);
    if (!auction)
        return gb_fail(err, GB_ENOMEM, "no memory for a mechanism");
    auction->n_books = gb_books_number((enum gb_books)options.books);
    const struct gb_continuous_rules book_rules = {
        .books = (enum gb_books)options.books,
        .trade_price = (enum gb_trade_price)options.trade_price,
        .self_trade = (enum gb_self_trade)options.self_trade,
        .has_band = rules->has_band,
        .low = rules->tariff.feed_in.ticks,
        .high = rules->tariff.retail.ticks,
    };
    enum gb_status status = gb_continuous_book_create(&auction->book, &book_rules, err);
    if (status == GB_OK)
        *state = auction;
    else
        continuous_free(auction);
    return status;
}

static void continuous_begin(void *state, int64_t interval)
{
    struct continuous *auction = state;

    (void)interval; /* a book knows nothing of earlier ones */
    gb_continuous_book_clear(auction->book);
}

/* A minimum is for what trades at once. */
static enum gb_status check_order(const struct continuous *auction, const struct gb_order *order,
                                  struct gb_error *err)
{
    size_t number = gb_continuous_book_n_orders(auction->book);

    if (order->minimum.wh > 0 && order->type == GB_ORDER_LIMIT)
        return gb_fail(err, GB_EREFUSED,
                       "order %zu asks for at least %" PRId64 " Wh or nothing, and may rest; "
                       "a minimum is for orders of type ioc or market",
                       number, order->minimum.wh);
    return gb_books_check_source(auction->n_books, number, order, err);
}

static enum gb_status continuous_apply(void *state, const struct gb_order *orders, size_t n,
                                       struct gb_error *err)
{
    struct continuous *auction = state;
    enum gb_status status = GB_OK;

    for (size_t i = 0; i < n && status == GB_OK; i++) {
        status = check_order(auction, &orders[i], err);
        if (status == GB_OK)
            status = gb_continuous_book_add(auction->book, &orders[i], err);
    }
    return status;
}

static enum gb_status check_target(const struct continuous *auction, uint32_t order,
                                   struct gb_error *err)
{
    size_t n = gb_continuous_book_n_orders(auction->book);

    if (order < n)
        return GB_OK;
    return gb_fail(err, GB_EINPUT, "a message about order %" PRIu32 ", but there are only %zu",
                   order, n);
}

static enum gb_fate continuous_fate(const void *state, uint32_t order, uint64_t nonce)
{
    return gb_continuous_book_fate(((const struct continuous *)state)->book, order, nonce);
}

static enum gb_fate continuous_withdraw(void *state, uint32_t order, uint64_t nonce)
{
    return gb_continuous_book_cancel(((struct continuous *)state)->book, order, nonce);
}

/* What is filled or gone already stays so. */
static enum gb_status continuous_cancel(void *state, uint32_t order, struct gb_error *err)
{
    enum gb_status status = check_target(state, order, err);

    if (status == GB_OK)
        continuous_withdraw(state, order, 0);
    return status;
}

static enum gb_status continuous_amend(void *state, uint32_t order, uint64_t nonce,
                                       struct gb_price price, struct gb_energy total,
                                       enum gb_fate *fate, struct gb_error *err)
{
    struct continuous *auction = state;
    enum gb_status status = check_target(auction, order, err);

    return status == GB_OK
               ? gb_continuous_book_amend(auction->book, order, nonce, price, total, fate, err)
               : status;
}

static const struct gb_trade *continuous_trades(const void *state, size_t *n)
{
    return gb_continuous_book_trades(((const struct continuous *)state)->book, n);
}

static struct gb_energy continuous_standing(const void *state, uint32_t order)
{
    return gb_continuous_book_left(((const struct continuous *)state)->book, order);
}

static struct gb_price continuous_quote(const void *state, uint32_t order)
{
    return gb_continuous_book_quote(((const struct continuous *)state)->book, order);
}

static bool reserve_outcome(struct continuous *auction, size_t n)
{
    size_t capacity = gb_array_next_capacity(auction->capacity, n);
    void *left, *quotes;

    if (n <= auction->capacity)
        return true;
    left = gb_array_resize(auction->left, capacity, sizeof *auction->left);
    auction->left = left ? left : auction->left;
    quotes = left ? gb_array_resize(auction->quotes, capacity, sizeof *auction->quotes) : NULL;
    auction->quotes = quotes ? quotes : auction->quotes;
    auction->capacity = quotes ? capacity : auction->capacity;
    return quotes != NULL;
}

static enum gb_status continuous_finish(void *state, struct gb_match *out, struct gb_error *err)
{
    struct continuous *auction = state;
    size_t n = gb_continuous_book_n_orders(auction->book);

    if (!reserve_outcome(auction, n))
        return gb_fail(err, GB_ENOMEM, "no memory for a book of %zu orders", n);
    for (uint32_t i = 0; i < n; i++) {
        auction->left[i] = gb_continuous_book_left(auction->book, i);
        auction->quotes[i] = gb_continuous_book_quote(auction->book, i);
    }
    *out = (struct gb_match){
        .n_orders = n, .unmatched = auction->left, .last_quote = auction->quotes, .rounds = 1};
    out->trades = gb_continuous_book_trades(auction->book, &out->n_trades);
    return GB_OK;
}

static const struct gb_trading trading = {
    .trades = continuous_trades,
    .standing = continuous_standing,
    .quote = continuous_quote,
    .fate = continuous_fate,
    .cancel = continuous_withdraw,
    .amend = continuous_amend,
};

const struct gb_mechanism gb_mechanism_continuous = {
    .member = {.name = "continuous",
               .summary = "an order trades as it arrives, by price and time",
               .params = params,
               .config_size = sizeof(struct gb_continuous_options)},
    .takes_minimum = true,
    .needs_source = continuous_needs_source,
    .create = continuous_create,
    .begin = continuous_begin,
    .apply = continuous_apply,
    .cancel = continuous_cancel,
    .trading = &trading,
    .finish = continuous_finish,
    .free = continuous_free,
};
