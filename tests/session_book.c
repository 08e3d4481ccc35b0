#include "tests/session_book.h"

#include <stdlib.h>

#include "tests/auction_oracle.h"
#include "tests/call_oracle.h"
#include "tests/continuous_oracle.h"
#include "tests/random_books.h"
#include "tests/tap.h"

void session_book_begin(struct session_book *book, int64_t interval, enum gb_books books)
{
    *book = (struct session_book){.interval = interval, .books = books};
}

void session_book_hear(struct session_book *book, const struct gb_message *message, uint64_t block)
{
    if (message->kind == GB_MESSAGE_CLOSE && message->body.close.interval == book->interval &&
        EXPECT(book->n_closes < SESSION_BOOK_CLOSES)) {
        book->closes[book->n_closes].height = message->body.close.height;
        book->closes[book->n_closes++].block = block;
    }
    if (message->kind == GB_MESSAGE_ORDER && message->body.order.interval == book->interval &&
        EXPECT(book->n_messages < SESSION_BOOK_MESSAGES)) {
        book->blocks[book->n_messages] = block;
        book->messages[book->n_messages++] = *message;
    }
}

/* ---- the orders of a call, as actions */

struct call {
    size_t n_actions, n_orders;
    struct gb_book_action actions[2 * SESSION_BOOK_MESSAGES];
    struct gb_order orders[SESSION_BOOK_MESSAGES];
    uint64_t nonces[SESSION_BOOK_MESSAGES]; /* by number of the order */
};

/* The number of the order that a message names. */
static uint32_t find(const struct call *call, const struct gb_message *message)
{
    uint32_t i = 0;

    while (i < call->n_orders && (call->nonces[i] != message->body.order.amends ||
                                  call->orders[i].owner != message->body.order.order.owner))
        i++;
    EXPECT(i < call->n_orders);
    return i;
}

static void add_order(struct call *call, const struct gb_message *message)
{
    call->actions[call->n_actions++] = (struct gb_book_action){.order = message->body.order.order};
    call->orders[call->n_orders] = message->body.order.order;
    call->nonces[call->n_orders++] = message->nonce;
}

/* What stands at the first close: an amendment is a cancel and an order of its own. */
static void fill_call(const struct session_book *book, struct call *call)
{
    *call = (struct call){0};
    for (size_t i = 0; i < book->n_messages && book->blocks[i] <= book->closes[0].height; i++) {
        const struct gb_order_message *body = &book->messages[i].body.order;

        if (body->amends)
            call->actions[call->n_actions++] =
                (struct gb_book_action){.is_cancel = 1, .target = find(call, &book->messages[i])};
        if (!body->cancels)
            add_order(call, &book->messages[i]);
    }
}

/* What users said between two rounds; between the height and the block of the first close came what
 * was late. */
static size_t fill_requotes(const struct session_book *book, const struct call *call,
                            struct oracle_requote *requotes)
{
    size_t n = 0;

    for (size_t i = 0; i < book->n_messages; i++)
        if (book->blocks[i] > book->closes[0].block && book->blocks[i] <= book->closes[1].height)
            requotes[n++] = (struct oracle_requote){find(call, &book->messages[i]),
                                                    book->messages[i].body.order.order.price.ticks,
                                                    book->messages[i].body.order.order.quantity.wh};
    return n;
}

/* ---- trades */

static bool are_same(const struct gb_trade *trades, size_t n, const struct gb_trade *others,
                     size_t n_others)
{
    bool is_same = n == n_others;

    for (size_t t = 0; is_same && t < n; t++)
        is_same = same_trade(&trades[t], &others[t]);
    return is_same;
}

static bool two_rounds_trade(const struct session_book *book, struct gb_market_rules rules,
                             const struct call *call, const struct gb_trade *trades, size_t n)
{
    struct oracle *oracle = calloc(1, sizeof *oracle);
    struct oracle_requote requotes[SESSION_BOOK_MESSAGES];

    if (gb_market_asks_users(&rules))
        oracle_clear_by_user(oracle, gb_two_round_options(&rules), call->actions, call->n_actions,
                             requotes, fill_requotes(book, call, requotes));
    else
        oracle_clear(oracle, gb_two_round_options(&rules), call->actions, call->n_actions);
    bool is_same = are_same(trades, n, oracle->trades, oracle->n_trades);
    free(oracle);
    return is_same;
}

static bool call_trades(const struct session_book *book, const struct gb_market_rules *rules,
                        const struct gb_trade *trades, size_t n)
{
    struct call *call = calloc(1, sizeof *call);
    struct call_oracle *oracle = calloc(1, sizeof *oracle);
    bool is_same;

    fill_call(book, call);
    if (rules->mechanism == &gb_mechanism_two_round) {
        is_same = two_rounds_trade(book, *rules, call, trades, n);
    } else {
        call_oracle_clear(oracle, rules, call->actions, call->n_actions);
        is_same = are_same(trades, n, oracle->trades, oracle->n_trades);
    }
    for (size_t t = 0; t < n; t++)
        is_same = is_same &&
                  call->orders[trades[t].sell_order].reserve.ticks <= trades[t].price_sell.ticks &&
                  trades[t].price_buy.ticks <= call->orders[trades[t].buy_order].reserve.ticks;
    free(oracle);
    free(call);
    return is_same;
}

static bool stream_trades(const struct session_book *book, const struct gb_trade *trades, size_t n)
{
    struct continuous_oracle *oracle = calloc(1, sizeof *oracle);
    struct call *orders = calloc(1, sizeof *orders);

    oracle->rules.books = book->books;
    for (size_t i = 0; i < book->n_messages; i++) {
        const struct gb_order_message *body = &book->messages[i].body.order;
        struct continuous_event event = {.what = body->cancels  ? CANCEL
                                                 : body->amends ? AMEND
                                                                : ADD,
                                         .order = body->order};

        if (body->amends)
            event.target = find(orders, &book->messages[i]);
        else
            add_order(orders, &book->messages[i]);
        continuous_oracle_apply(oracle, &event);
    }
    bool is_same = are_same(trades, n, oracle->trades, oracle->n_trades);
    free(orders);
    free(oracle);
    return is_same;
}

/* What buyers pay more than sellers get is the operator's, of mechanisms that promise it something.
 */
static bool keeps_promises(const struct gb_market_rules *rules, const struct gb_trade *trade)
{
    bool pays_operator =
        rules->mechanism == &gb_mechanism_mcafee || rules->mechanism == &gb_mechanism_huang;
    int64_t spread = trade->price_buy.ticks - trade->price_sell.ticks;

    return (pays_operator ? spread >= 0 : spread == 0) &&
           trade->price_sell.ticks >= rules->tariff.feed_in.ticks &&
           trade->price_buy.ticks <= rules->tariff.retail.ticks && trade->energy.wh > 0;
}

bool session_book_trades(const struct session_book *book, const struct gb_market_rules *rules,
                         const struct gb_trade *trades, size_t n)
{
    for (size_t t = 0; t < n; t++)
        if (!keeps_promises(rules, &trades[t]))
            return false;
    return rules->mechanism->trading ? stream_trades(book, trades, n)
                                     : call_trades(book, rules, trades, n);
}
