/* The mechanism says what trades and what rests; here each trade moves its escrow, is recorded and
 * told. Quantities of the book's orders are totals, fills included, as their latest amendments say.
 */
#include "chain/contracts/trading_priv.h"

#include <stdlib.h>

#include "chain/contracts/matching_priv.h"

static const struct gb_trading *trading_of(const struct gb_contracts *contracts)
{
    return contracts->mechanism->trading;
}

static void *auction_of(const struct gb_contracts *contracts, const struct gb_interval *interval)
{
    return gb_auctions_find(&contracts->auctions, interval->number);
}

static int64_t standing_wh(const struct gb_contracts *contracts, const struct gb_interval *interval,
                           uint32_t order)
{
    const void *auction = auction_of(contracts, interval);

    return auction && !interval->is_closed ? trading_of(contracts)->standing(auction, order).wh : 0;
}

int64_t gb_trading_escrow(const struct gb_contracts *contracts, const struct gb_interval *interval,
                          uint32_t order)
{
    struct gb_energy standing = {standing_wh(contracts, interval, order)};

    return gb_order_escrow(&contracts->rules, interval->number, &interval->book.orders[order],
                           standing);
}

/* From the free balance of an order's owner; negative: back to it. */
static void hold(struct gb_contracts *contracts, uint32_t meter, int64_t units)
{
    gb_accounts_move(&contracts->accounts, &contracts->event_log, gb_balance_of(meter),
                     gb_escrow_of(meter), units);
}

/* ---- what traded */

static bool is_sound(const struct gb_order_book *book, const struct gb_execution *execution)
{
    const struct gb_trade *trade = &execution->trade;

    return gb_matching_is_sound(book, trade) &&
           trade->price_buy.ticks <= book->orders[trade->buy_order].reserve.ticks &&
           trade->price_sell.ticks >= book->orders[trade->sell_order].reserve.ticks;
}

static void record_execution(struct gb_event_log *log, int64_t interval, uint32_t index,
                             const struct gb_execution *execution)
{
    const struct gb_trade *trade = &execution->trade;
    const int64_t words[] = {interval,
                             (int64_t)trade->sell_order << 32 | trade->buy_order,
                             trade->energy.wh,
                             trade->price_buy.ticks,
                             trade->price_sell.ticks,
                             execution->ask.ticks,
                             execution->bid.ticks};

    gb_event_log_record(log, GB_CHANGE_EXECUTION, index, words, sizeof words / sizeof words[0]);
    gb_event_log_emit(log, gb_event_log_add(log, GB_EVENT_TRADED, interval, index));
}

/* Of what an order holds, a trade of it keeps what its owner will pay. */
static void keep_payable(struct gb_contracts *contracts, int64_t interval,
                         const struct gb_order *order, struct gb_energy energy,
                         struct gb_price price)
{
    hold(contracts, order->owner,
         gb_payable(&contracts->rules.trade_fees, order->side, energy, price) -
             gb_order_escrow(&contracts->rules, interval, order, energy));
}

static void execute(struct gb_contracts *contracts, struct gb_interval *interval,
                    const struct gb_execution *execution)
{
    const struct gb_trade *trade = &execution->trade;
    struct gb_failure *failure = &contracts->event_log.failure;
    const struct gb_order *orders = interval->book.orders;
    uint32_t index = (uint32_t)interval->executions.n;

    if (!is_sound(&interval->book, execution)) {
        gb_failure_keep(failure, GB_EBROKEN,
                        "the mechanism made a trade beyond the orders it was given");
        return;
    }
    if (!gb_executions_add(&interval->executions, failure, execution))
        return;
    keep_payable(contracts, interval->number, &orders[trade->buy_order], trade->energy,
                 trade->price_buy);
    keep_payable(contracts, interval->number, &orders[trade->sell_order], trade->energy,
                 trade->price_sell);
    record_execution(&contracts->event_log, interval->number, index, execution);
}

/* Executes what the mechanism has traded since it was looked at last. returns how much of it an
 * order traded */
static int64_t take_trades(struct gb_contracts *contracts, struct gb_interval *interval,
                           const void *auction, uint32_t order)
{
    const struct gb_trading *trading = trading_of(contracts);
    size_t n;
    const struct gb_trade *trades = trading->trades(auction, &n);
    int64_t traded = 0;

    for (size_t i = interval->executions.n;
         i < n && gb_failure_is_none(&contracts->event_log.failure); i++) {
        const struct gb_trade *trade = &trades[i];
        const struct gb_execution execution = {.trade = *trade,
                                               .ask = trading->quote(auction, trade->sell_order),
                                               .bid = trading->quote(auction, trade->buy_order),
                                               .height = contracts->clock.height};

        execute(contracts, interval, &execution);
        if (trade->sell_order == order || trade->buy_order == order)
            traded += trade->energy.wh;
    }
    return traded;
}

/* ---- what arrives */

/* So much of an order is gone for good. */
static void lapse(struct gb_contracts *contracts, struct gb_interval *interval, uint32_t number,
                  int64_t wh)
{
    const struct gb_order *order = &interval->book.orders[number];

    gb_interval_meters_change_order(interval->meters, order, -wh);
    hold(contracts, order->owner,
         -gb_order_escrow(&contracts->rules, interval->number, order, (struct gb_energy){wh}));
}

void gb_trading_arrive(struct gb_contracts *contracts, struct gb_interval *interval,
                       uint32_t number)
{
    struct gb_failure *failure = &contracts->event_log.failure;
    const struct gb_order *order = &interval->book.orders[number];
    void *auction = gb_auctions_need(&contracts->auctions, failure, interval->number);

    if (!auction || contracts->mechanism->apply(auction, order, 1, &failure->first) != GB_OK) {
        gb_failure_keep(failure, GB_EBROKEN, "the market's mechanism failed");
        return;
    }
    int64_t traded = take_trades(contracts, interval, auction, number);
    int64_t lapsed =
        order->quantity.wh - traded - trading_of(contracts)->standing(auction, number).wh;

    if (lapsed > 0)
        lapse(contracts, interval, number, lapsed);
}

enum gb_receipt gb_trading_find(const struct gb_contracts *contracts,
                                const struct gb_interval *interval,
                                const struct gb_order_message *body, uint32_t *number)
{
    const struct gb_message *message = contracts->event_log.message;
    const void *auction = interval ? auction_of(contracts, interval) : NULL;
    uint32_t meter = GB_PARTY_INDEX(message->sender);

    *number = auction && interval->phase == GB_INTERVAL_OPEN
                  ? gb_order_book_find_sent(&interval->book, interval->meters, meter, body->amends)
                  : GB_NO_ORDER;
    if (*number == GB_NO_ORDER)
        return GB_RECEIPT_UNKNOWN_TARGET;
    switch (trading_of(contracts)->fate(auction, *number, message->nonce)) {
    case GB_FATE_APPLIED: return GB_RECEIPT_OK;
    case GB_FATE_SUPERSEDED: return GB_RECEIPT_SUPERSEDED;
    case GB_FATE_ALREADY_DONE: break;
    }
    return GB_RECEIPT_ALREADY_DONE;
}

void gb_trading_cancel(struct gb_contracts *contracts, struct gb_interval *interval,
                       uint32_t number)
{
    struct gb_event_log *log = &contracts->event_log;
    const int64_t words[] = {interval->number, false};
    int64_t standing = standing_wh(contracts, interval, number);

    trading_of(contracts)->cancel(auction_of(contracts, interval), number, log->message->nonce);
    lapse(contracts, interval, number, standing);
    gb_order_book_cancel(&interval->book, number);
    gb_event_log_record(log, GB_CHANGE_WITHDRAWAL, number, words, 2);
}

/* May the order become what the message says? Side, source and type are what they were.
 * standing  what would stand of it before it meets anybody */
static enum gb_receipt check_change(const struct gb_contracts *contracts,
                                    const struct gb_interval *interval, uint32_t number,
                                    const struct gb_order *changed, int64_t standing)
{
    const struct gb_order *order = &interval->book.orders[number];
    const struct gb_user_accounts *user = &contracts->accounts.users[order->owner];
    int64_t was_standing = standing_wh(contracts, interval, number);
    int64_t total = interval->meters[order->owner].order_wh;
    int64_t volume = (total < 0 ? -total : total) - was_standing + standing;

    if (changed->side != order->side || changed->source != order->source ||
        changed->type != order->type)
        return GB_RECEIPT_MALFORMED;
    if (!gb_is_within_capacity(contracts, order->owner, volume))
        return GB_RECEIPT_BEYOND_CAPACITY;
    if (gb_order_escrow(&contracts->rules, interval->number, changed,
                        (struct gb_energy){standing}) >
        user->balance + gb_trading_escrow(contracts, interval, number))
        return GB_RECEIPT_UNDERFUNDED;
    if (standing > 0 && changed->quantity.wh < contracts->rules.min_quantity.wh)
        return GB_RECEIPT_BELOW_MINIMUM;
    return GB_RECEIPT_OK;
}

enum gb_receipt gb_trading_amend(struct gb_contracts *contracts, struct gb_interval *interval,
                                 uint32_t number, const struct gb_order *changed)
{
    struct gb_event_log *log = &contracts->event_log;
    const struct gb_order *order = &interval->book.orders[number];
    void *auction = auction_of(contracts, interval);
    int64_t was_standing = standing_wh(contracts, interval, number);
    int64_t filled = order->quantity.wh - was_standing; /* it rests: nothing of it has lapsed */
    int64_t standing = changed->quantity.wh > filled ? changed->quantity.wh - filled : 0;
    enum gb_receipt receipt = check_change(contracts, interval, number, changed, standing);

    if (receipt != GB_RECEIPT_OK)
        return receipt;
    hold(contracts, order->owner,
         gb_order_escrow(&contracts->rules, interval->number, changed,
                         (struct gb_energy){standing}) -
             gb_trading_escrow(contracts, interval, number));
    gb_interval_meters_change_order(interval->meters, order, standing - was_standing);
    gb_order_book_amend(&interval->book, number, changed, (struct gb_energy){filled + standing});
    gb_event_log_record_amendment(log, interval->number, number, order);
    enum gb_fate fate;
    if (trading_of(contracts)->amend(auction, number, log->message->nonce, changed->price,
                                     changed->quantity, &fate, &log->failure.first) != GB_OK)
        gb_failure_keep(&log->failure, GB_EBROKEN, "the market's mechanism failed");
    else
        take_trades(contracts, interval, auction, number);
    return GB_RECEIPT_OK;
}

/* ---- the end */

void gb_trading_close(struct gb_contracts *contracts, struct gb_interval *interval)
{
    if (interval->is_closed)
        return;
    for (size_t i = 0; i < interval->book.n_orders; i++) {
        int64_t units = gb_trading_escrow(contracts, interval, (uint32_t)i);

        if (units > 0)
            hold(contracts, interval->book.orders[i].owner, -units);
    }
    gb_intervals_set_close(&contracts->intervals, interval, 0, contracts->event_log.position);
}

void gb_trading_conclude(struct gb_contracts *contracts, struct gb_interval *interval, size_t n)
{
    struct gb_failure *failure = &contracts->event_log.failure;
    const void *auction;
    struct gb_match match = {0};

    gb_trading_close(contracts, interval);
    auction = auction_of(contracts, interval);
    if (auction)
        match.trades = trading_of(contracts)->trades(auction, &match.n_trades);
    gb_order_book_set_unfilled(&interval->book, failure, match.trades, match.n_trades);
    gb_matching_keep(contracts, interval, &match, n);
    gb_auctions_end(&contracts->auctions, interval->number);
}
