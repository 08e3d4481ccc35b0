/* The book of the continuous auction under random streams of orders, cancels and amendments,
 * against a book written a second time. */
#include "models/market/continuous/book.h"

#include <inttypes.h>
#include <stdlib.h>

#include "tests/continuous_oracle.h"
#include "tests/random_books.h"
#include "tests/tap.h"

static struct continuous_event random_event(const struct shape *shape, uint32_t n_orders)
{
    struct continuous_event event = {.what = n_orders == 0 ? ADD : (int)below(5) - 2};

    if ((int)event.what < 0)
        event.what = ADD;
    event.target = n_orders ? (uint32_t)below(n_orders) : 0;
    event.order = random_order(shape, (uint32_t)below(4));
    if (below(6) == 0)
        event.order.type = GB_ORDER_IOC;
    if (event.order.type != GB_ORDER_LIMIT && below(2))
        event.order.minimum.wh = 1 + below(event.order.quantity.wh);
    return event;
}

static bool apply(struct gb_continuous_book *book, const struct continuous_event *event,
                  uint64_t nonce)
{
    enum gb_fate fate;
    struct gb_error err = {0};

    switch (event->what) {
    case ADD: return gb_continuous_book_add(book, &event->order, &err) == GB_OK;
    case CANCEL: gb_continuous_book_cancel(book, event->target, nonce); return true;
    case AMEND: break;
    }
    return gb_continuous_book_amend(book, event->target, nonce, event->order.price,
                                    event->order.quantity, &fate, &err) == GB_OK;
}

/* The same trades in the same order, the same rests, and no two orders left that would trade. */
static bool agrees(const struct gb_continuous_book *book, const struct continuous_oracle *o)
{
    size_t n;
    const struct gb_trade *trades = gb_continuous_book_trades(book, &n);
    bool is_same = n == o->n_trades;

    for (size_t t = 0; is_same && t < n; t++)
        is_same = same_trade(&trades[t], &o->trades[t]);
    for (uint32_t i = 0; is_same && i < o->n; i++) {
        is_same =
            gb_continuous_book_left(book, i).wh == o->orders[i].left &&
            gb_continuous_book_quote(book, i).ticks == continuous_oracle_quote(&o->orders[i].order);
        for (uint32_t j = 0; is_same && j < i; j++)
            is_same = gb_continuous_book_left(book, i).wh == 0 ||
                      gb_continuous_book_left(book, j).wh == 0 ||
                      !continuous_oracle_may_meet(o, &o->orders[i].order, &o->orders[j].order);
    }
    return is_same;
}

/* Plays streams, a new one a slot, through books made once a set of rules. */
static void play(size_t n_books, const struct shape *shape, bool has_band, uint64_t seed)
{
    static struct continuous_oracle oracle;
    struct gb_continuous_book *books[16];
    int64_t reach = shape->tick * shape->n_prices * 2; /* a reserve lies up to half beyond */
    size_t n_with_trades = 0;

    for (unsigned i = 0; i < 16; i++) {
        const struct gb_continuous_rules rules = {.books = i & 1,
                                                  .trade_price = i >> 1 & 1,
                                                  .self_trade = i >> 2 & 3,
                                                  .has_band = has_band,
                                                  .low = -reach,
                                                  .high = reach};
        EXPECT_INT(gb_continuous_book_create(&books[i], &rules, NULL), GB_OK);
    }
    for (size_t b = 0; b < n_books; b++) {
        random_state = seed + b * 1000003;
        unsigned i = (unsigned)below(16);
        size_t n_events = (size_t)below(CONTINUOUS_MAX_EVENTS + 1);
        bool is_same = true;

        oracle.rules = (struct gb_continuous_rules){
            .books = i & 1, .trade_price = i >> 1 & 1, .self_trade = i >> 2 & 3};
        oracle.n = oracle.n_trades = 0;
        oracle.next_place = 0;
        gb_continuous_book_clear(books[i]);
        for (size_t e = 0; is_same && e < n_events; e++) {
            struct continuous_event event = random_event(shape, (uint32_t)oracle.n);

            continuous_oracle_apply(&oracle, &event);
            is_same = apply(books[i], &event, e);
        }
        n_with_trades += oracle.n_trades > 0;
        if (!EXPECT(is_same && agrees(books[i], &oracle))) {
            tap_note("stream %zu of seed %" PRIu64 ", rules %u", b, seed, i);
            break;
        }
    }
    EXPECT(n_with_trades > n_books / 2);
    for (unsigned i = 0; i < 16; i++)
        gb_continuous_book_free(books[i]);
}

static void random_streams_trade_as_a_plain_book_does(void)
{
    const struct shape tight = {.n_prices = 6, .tick = 1, .n_quantities = 4};
    const struct shape band = {.n_prices = 500, .tick = 17, .n_quantities = 9};
    const struct shape wide = {.n_prices = 30, .tick = INT64_C(660000001), .n_quantities = 9};
    size_t n = n_random_books();

    play(n / 4, &tight, true, 1);
    play(n / 4, &band, true, UINT64_C(1) << 40);
    play(n / 4, &tight, false, UINT64_C(1) << 41);
    play(n / 4, &wide, false, UINT64_C(1) << 42);
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(random_streams_trade_as_a_plain_book_does), {0}};
    return tap_main("continuous_streams", tests);
}
