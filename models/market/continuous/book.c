#include "models/market/continuous/book.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/array.h"
#include "models/market/continuous/ladder.h"
#include "models/market/order_store.h"

/* An order of the book; 64 bytes, a line of the cache. */
struct entry {
    int64_t price;         /* ticks: the quote */
    int64_t left, filled;  /* Wh */
    uint64_t place;        /* among those of one price: the lower first */
    uint64_t nonce;        /* of the last amendment that was applied */
    uint32_t before, next; /* in its level */
    uint32_t level, owner;
    uint8_t side, source;
    bool rests;
};

#define MOST_LADDERS_SEEN 4 /* by a bid for any */

struct gb_continuous_book {
    struct gb_continuous_rules rules;
    struct gb_ladder ladders[2][GB_N_SOURCES]; /* by side and source; pooled: the first of a side */
    uint64_t next_place;
    size_t n, capacity;
    struct entry *entries;
    size_t n_trades, trades_capacity;
    struct gb_trade *trades;
};

/* ---- the life of a book */

static enum gb_status init_ladders(struct gb_continuous_book *book, struct gb_error *err)
{
    const struct gb_continuous_rules *rules = &book->rules;
    size_t n = rules->books == GB_BOOKS_POOLED ? 1 : GB_N_SOURCES;
    enum gb_status status = GB_OK;

    for (int side = GB_BUY; side <= GB_SELL; side++)
        for (size_t i = 0; i < n && status == GB_OK; i++)
            status = gb_ladder_init(&book->ladders[side][i], (enum gb_side)side,
                                    rules->has_band ? rules->low : 0,
                                    rules->has_band ? rules->high : -1, err);
    return status;
}

enum gb_status gb_continuous_book_create(struct gb_continuous_book **out,
                                         const struct gb_continuous_rules *rules,
                                         struct gb_error *err)
{
    struct gb_continuous_book *book = calloc(1, sizeof *book);

    if (!book)
        return gb_fail(err, GB_ENOMEM, "no memory for a book");
    book->rules = *rules;
    enum gb_status status = init_ladders(book, err);
    if (status == GB_OK)
        *out = book;
    else
        gb_continuous_book_free(book);
    return status;
}

void gb_continuous_book_free(struct gb_continuous_book *book)
{
    if (!book)
        return;
    for (int side = GB_BUY; side <= GB_SELL; side++)
        for (size_t i = 0; i < GB_N_SOURCES; i++)
            gb_ladder_free(&book->ladders[side][i]);
    free(book->entries);
    free(book->trades);
    free(book);
}

void gb_continuous_book_clear(struct gb_continuous_book *book)
{
    size_t n = book->rules.books == GB_BOOKS_POOLED ? 1 : GB_N_SOURCES;

    for (int side = GB_BUY; side <= GB_SELL; side++)
        for (size_t i = 0; i < n; i++)
            gb_ladder_clear(&book->ladders[side][i]);
    book->n = book->n_trades = 0;
    book->next_place = 0;
}

/* ---- who rests */

static struct gb_ladder *ladder_of(struct gb_continuous_book *book, const struct entry *entry)
{
    size_t i = book->rules.books == GB_BOOKS_POOLED ? 0 : entry->source;

    return &book->ladders[entry->side][i];
}

/* At the end of its price's queue. returns false without memory */
static bool rest(struct gb_continuous_book *book, uint32_t order)
{
    struct entry *entry = &book->entries[order];
    struct gb_ladder *ladder = ladder_of(book, entry);
    uint32_t number = gb_ladder_raise(ladder, entry->price);

    if (number == GB_NO_LEVEL)
        return false;
    struct gb_level *level = &ladder->levels[number];

    entry->level = number;
    entry->before = level->tail;
    entry->next = GB_NO_ORDER;
    entry->place = book->next_place++;
    entry->rests = true;
    if (level->tail == GB_NO_ORDER)
        level->head = order;
    else
        book->entries[level->tail].next = order;
    level->tail = order;
    return true;
}

static void leave(struct gb_continuous_book *book, struct entry *entry)
{
    struct gb_ladder *ladder = ladder_of(book, entry);
    struct gb_level *level = &ladder->levels[entry->level];

    entry->rests = false;
    if (entry->before == GB_NO_ORDER)
        level->head = entry->next;
    else
        book->entries[entry->before].next = entry->next;
    if (entry->next == GB_NO_ORDER)
        level->tail = entry->before;
    else
        book->entries[entry->next].before = entry->before;
    if (level->head == GB_NO_ORDER)
        gb_ladder_drop(ladder, entry->level);
}

static void lose_rest(struct gb_continuous_book *book, struct entry *entry)
{
    entry->left = 0;
    if (entry->rests)
        leave(book, entry);
}

/* ---- who is met */

/* The ladders that an order sees, in the order in which equal asks are taken. returns how many */
static size_t seen_by(struct gb_continuous_book *book, const struct entry *entry,
                      struct gb_ladder *seen[MOST_LADDERS_SEEN])
{
    struct gb_ladder *others = book->ladders[entry->side == GB_BUY ? GB_SELL : GB_BUY];

    if (book->rules.books == GB_BOOKS_POOLED) {
        seen[0] = &others[0];
        return 1;
    }
    if (entry->side == GB_SELL) {
        seen[0] = &others[entry->source];
        seen[1] = &others[GB_SOURCE_ANY];
        return 2;
    }
    if (entry->source != GB_SOURCE_ANY) {
        seen[0] = &others[entry->source];
        return 1;
    }
    for (size_t i = 0; i < MOST_LADDERS_SEEN; i++)
        seen[i] = &others[GB_SOURCE_SOLAR + i];
    return MOST_LADDERS_SEEN;
}

/* Does resting order a go before resting order b of another ladder? Bids for a source and for any
 * are one queue; of equal asks the one listed first stays. */
static bool goes_before(const struct entry *a, const struct entry *b)
{
    if (a->side == GB_SELL)
        return a->price < b->price;
    return a->price > b->price || (a->price == b->price && a->place < b->place);
}

static bool crosses(const struct entry *entry, const struct entry *resting)
{
    return entry->side == GB_BUY ? entry->price >= resting->price : entry->price <= resting->price;
}

/* The best of some resting orders, GB_NO_ORDER where none is one. */
static size_t best_of(const struct gb_continuous_book *book, const uint32_t *orders, size_t n)
{
    size_t best = n;

    for (size_t i = 0; i < n; i++)
        if (orders[i] != GB_NO_ORDER &&
            (best == n || goes_before(&book->entries[orders[i]], &book->entries[orders[best]])))
            best = i;
    return best;
}

static uint32_t head_of(const struct gb_ladder *ladder)
{
    return ladder->best == GB_NO_LEVEL ? GB_NO_ORDER : ladder->levels[ladder->best].head;
}

static uint32_t behind(const struct gb_continuous_book *book, const struct gb_ladder *ladder,
                       uint32_t order)
{
    const struct entry *entry = &book->entries[order];

    if (entry->next != GB_NO_ORDER)
        return entry->next;
    uint32_t level = gb_ladder_next(ladder, entry->level);

    return level == GB_NO_LEVEL ? GB_NO_ORDER : ladder->levels[level].head;
}

/* Would it trade at least `minimum` Wh at once? */
static bool finds(struct gb_continuous_book *book, const struct entry *entry, int64_t minimum)
{
    struct gb_ladder *seen[MOST_LADDERS_SEEN];
    uint32_t at[MOST_LADDERS_SEEN];
    size_t n = seen_by(book, entry, seen);
    enum gb_self_trade self_trade = book->rules.self_trade;

    for (size_t i = 0; i < n; i++)
        at[i] = head_of(seen[i]);
    while (minimum > 0) {
        size_t best = best_of(book, at, n);
        const struct entry *resting = best < n ? &book->entries[at[best]] : NULL;

        if (!resting || !crosses(entry, resting))
            return false;
        bool is_own = self_trade != GB_SELF_TRADE_ALLOWED && resting->owner == entry->owner;
        if (is_own && self_trade != GB_SELF_TRADE_OLDEST)
            return false;
        if (!is_own)
            minimum -= resting->left;
        at[best] = behind(book, seen[best], at[best]);
    }
    return true;
}

/* ---- trades */

static bool reserve_trade(struct gb_continuous_book *book)
{
    if (book->n_trades < book->trades_capacity)
        return true;
    struct gb_trade *trades =
        gb_array_grow(book->trades, &book->trades_capacity, book->n_trades + 1, sizeof *trades);

    if (!trades)
        return false;
    book->trades = trades;
    return true;
}

/* Half to even. */
static int64_t midpoint(int64_t a, int64_t b)
{
    int64_t floor = (a + b) >> 1;

    return floor + ((a + b) & floor & 1);
}

/* returns false without memory */
static bool trade(struct gb_continuous_book *book, uint32_t arriving, uint32_t resting)
{
    struct entry *a = &book->entries[arriving], *r = &book->entries[resting];
    const struct entry *ask = a->side == GB_SELL ? a : r, *bid = a->side == GB_SELL ? r : a;
    int64_t wh = a->left < r->left ? a->left : r->left;
    struct gb_price price = {book->rules.trade_price == GB_TRADE_PRICE_RESTING
                                 ? r->price
                                 : midpoint(a->price, r->price)};

    if (!reserve_trade(book))
        return false;
    book->trades[book->n_trades++] = (struct gb_trade){
        .round = 1,
        .sell_order = ask == a ? arriving : resting,
        .buy_order = ask == a ? resting : arriving,
        .seller = ask->owner,
        .buyer = bid->owner,
        .source = ask->source,
        .energy = {wh},
        .price_buy = price,
        .price_sell = price,
    };
    a->left -= wh;
    a->filled += wh;
    r->left -= wh;
    r->filled += wh;
    if (r->left == 0)
        leave(book, r);
    return true;
}

static void part(struct gb_continuous_book *book, struct entry *arriving, struct entry *resting)
{
    if (book->rules.self_trade != GB_SELF_TRADE_NEWEST)
        lose_rest(book, resting);
    if (book->rules.self_trade != GB_SELF_TRADE_OLDEST)
        arriving->left = 0;
}

/* Trades an order that does not rest with those that do. returns false without memory */
static bool meet(struct gb_continuous_book *book, uint32_t order)
{
    struct entry *entry = &book->entries[order];
    struct gb_ladder *seen[MOST_LADDERS_SEEN];
    uint32_t heads[MOST_LADDERS_SEEN];
    size_t n = seen_by(book, entry, seen);

    while (entry->left > 0) {
        for (size_t i = 0; i < n; i++)
            heads[i] = head_of(seen[i]);
        size_t best = best_of(book, heads, n);

        if (best == n || !crosses(entry, &book->entries[heads[best]]))
            return true;
        struct entry *resting = &book->entries[heads[best]];

        if (resting->owner == entry->owner && book->rules.self_trade != GB_SELF_TRADE_ALLOWED)
            part(book, entry, resting);
        else if (!trade(book, order, heads[best]))
            return false;
    }
    return true;
}

/* ---- what arrives */

/* number  of the order that is added or amended */
static enum gb_status check_price(const struct gb_continuous_book *book, size_t number,
                                  struct gb_price price, struct gb_error *err)
{
    const struct gb_continuous_rules *rules = &book->rules;

    if (gb_order_store_is_price(price) &&
        (!rules->has_band || (price.ticks >= rules->low && price.ticks <= rules->high)))
        return GB_OK;
    return gb_fail(err, GB_ERANGE,
                   "order %zu: its price of %" PRId64 " ticks lies outside the band", number,
                   price.ticks);
}

static enum gb_status check_quantity(size_t number, struct gb_energy wh, struct gb_error *err)
{
    if (wh.wh > 0 && wh.wh <= GB_QUANTITY_LIMIT_WH)
        return GB_OK;
    return gb_fail(err, GB_ERANGE,
                   "order %zu: expected a quantity from 1 to %" PRId64 " Wh, got %" PRId64, number,
                   GB_QUANTITY_LIMIT_WH, wh.wh);
}

static enum gb_status no_memory(const struct gb_continuous_book *book, struct gb_error *err)
{
    return gb_fail(err, GB_ENOMEM, "no memory for a book of %zu orders", book->n);
}

static struct entry *add_entry(struct gb_continuous_book *book, const struct gb_order *order,
                               struct gb_price quote)
{
    if (book->n == book->capacity) {
        struct entry *entries =
            book->n < GB_NO_ORDER
                ? gb_array_grow(book->entries, &book->capacity, book->n + 1, sizeof *entries)
                : NULL;
        if (!entries)
            return NULL;
        book->entries = entries;
    }
    struct entry *entry = &book->entries[book->n++];

    *entry = (struct entry){
        .price = quote.ticks,
        .left = order->quantity.wh,
        .owner = order->owner,
        .side = order->side,
        .source = order->source,
    };
    return entry;
}

enum gb_status gb_continuous_book_add(struct gb_continuous_book *book, const struct gb_order *order,
                                      struct gb_error *err)
{
    bool may_rest = order->type == GB_ORDER_LIMIT;
    struct gb_price quote = order->type == GB_ORDER_MARKET ? order->reserve : order->price;
    enum gb_status status = check_price(book, book->n, quote, err);

    if (status == GB_OK)
        status = check_quantity(book->n, order->quantity, err);
    if (status != GB_OK)
        return status;
    uint32_t number = (uint32_t)book->n;
    struct entry *entry = add_entry(book, order, quote);

    if (!entry)
        return no_memory(book, err);
    if (!may_rest && !finds(book, entry, order->minimum.wh))
        entry->left = 0;
    if (!meet(book, number))
        return no_memory(book, err);
    if (!may_rest)
        entry->left = 0;
    return entry->left == 0 || rest(book, number) ? GB_OK : no_memory(book, err);
}

enum gb_fate gb_continuous_book_fate(const struct gb_continuous_book *book, uint32_t order,
                                     uint64_t nonce)
{
    const struct entry *entry = &book->entries[order];

    if (nonce < entry->nonce)
        return GB_FATE_SUPERSEDED;
    return entry->rests ? GB_FATE_APPLIED : GB_FATE_ALREADY_DONE;
}

/* The same, where it happens: its nonce counts. */
static enum gb_fate take_nonce(struct gb_continuous_book *book, uint32_t order, uint64_t nonce)
{
    enum gb_fate fate = gb_continuous_book_fate(book, order, nonce);

    if (fate == GB_FATE_APPLIED)
        book->entries[order].nonce = nonce;
    return fate;
}

enum gb_fate gb_continuous_book_cancel(struct gb_continuous_book *book, uint32_t order,
                                       uint64_t nonce)
{
    assert(order < book->n);
    struct entry *entry = &book->entries[order];
    enum gb_fate fate = take_nonce(book, order, nonce);

    if (fate == GB_FATE_APPLIED)
        lose_rest(book, entry);
    return fate;
}

/* An order that rests takes another quote or more, and arrives once more. */
static bool arrive_again(struct gb_continuous_book *book, uint32_t order, int64_t ticks,
                         int64_t left)
{
    struct entry *entry = &book->entries[order];

    leave(book, entry);
    entry->price = ticks;
    entry->left = left;
    return meet(book, order) && (entry->left == 0 || rest(book, order));
}

enum gb_status gb_continuous_book_amend(struct gb_continuous_book *book, uint32_t order,
                                        uint64_t nonce, struct gb_price price,
                                        struct gb_energy total, enum gb_fate *fate,
                                        struct gb_error *err)
{
    assert(order < book->n);
    struct entry *entry = &book->entries[order];
    enum gb_status status = check_price(book, order, price, err);

    if (status == GB_OK)
        status = check_quantity(order, total, err);
    if (status != GB_OK)
        return status;
    *fate = take_nonce(book, order, nonce);
    if (*fate != GB_FATE_APPLIED)
        return GB_OK;
    int64_t left = total.wh - entry->filled;

    if (left <= 0)
        lose_rest(book, entry);
    else if (price.ticks == entry->price && left <= entry->left)
        entry->left = left;
    else if (!arrive_again(book, order, price.ticks, left))
        return no_memory(book, err);
    return GB_OK;
}

/* ---- what there is */

const struct gb_trade *gb_continuous_book_trades(const struct gb_continuous_book *book, size_t *n)
{
    *n = book->n_trades;
    return book->trades;
}

size_t gb_continuous_book_n_orders(const struct gb_continuous_book *book)
{
    return book->n;
}

struct gb_energy gb_continuous_book_left(const struct gb_continuous_book *book, uint32_t order)
{
    return (struct gb_energy){book->entries[order].left};
}

struct gb_price gb_continuous_book_quote(const struct gb_continuous_book *book, uint32_t order)
{
    return (struct gb_price){book->entries[order].price};
}
