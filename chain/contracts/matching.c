/* Computed when the operator's close is executed, never submitted: the contract runs the market's
 * mechanism over the orders that came in time, in the ledger's order. */
#include "chain/contracts/matching_priv.h"

#include <stdlib.h>

enum { AHEAD = 8 }; /* orders */

/* ---- what came too late */

void gb_matching_refuse_late(struct gb_event_log *log, const struct gb_interval *interval,
                             uint32_t order, const struct gb_order_origin *origin,
                             enum gb_belated what)
{
    struct gb_contract_event *event = gb_event_log_add(
        log, GB_EVENT_ORDER, interval->number, what == GB_BELATED_ORDER ? order : GB_NO_ORDER);
    const int64_t words[] = {interval->number, what};

    event->receipt = GB_RECEIPT_LATE;
    event->message = GB_MESSAGE_ORDER;
    event->sender = GB_PARTY(GB_ROLE_METER, interval->book.orders[order].owner);
    event->position = origin->position;
    event->nonce = origin->nonce;
    gb_event_log_record(log, GB_CHANGE_LATE, order, words, 2);
    gb_event_log_emit(log, event);
}

static void release_escrow(struct gb_contracts *contracts, uint32_t meter, int64_t units)
{
    gb_accounts_move(&contracts->accounts, &contracts->event_log, gb_escrow_of(meter),
                     gb_balance_of(meter), units);
}

static void release_order(struct gb_contracts *contracts, const struct gb_interval *interval,
                          size_t i)
{
    const struct gb_order_book *book = &interval->book;

    release_escrow(contracts, book->orders[i].owner,
                   gb_order_escrow(&contracts->rules, interval->number, &book->orders[i],
                                   gb_requotes_held(&interval->requotes, book, i)));
}

/* Late cancels leave their orders standing; late orders go, with their escrow back. What stands of
 * each meter is counted anew where there are any. */
static void drop_late(struct gb_contracts *contracts, struct gb_interval *interval, uint64_t height)
{
    struct gb_order_book *book = &interval->book;
    size_t n_orders = gb_order_book_orders_until(book, height);
    size_t n_withdrawals = gb_order_book_withdrawals_until(book, height);

    if (n_orders == book->n_orders && n_withdrawals == book->n_withdrawals)
        return;
    for (size_t i = n_withdrawals; i < book->n_withdrawals; i++) {
        const struct gb_withdrawal *late = &book->withdrawals[i];
        if (!late->is_amendment) /* of an amendment the new order is refused below */
            gb_matching_refuse_late(&contracts->event_log, interval, late->order,
                                    &(struct gb_order_origin){late->position, late->nonce},
                                    GB_BELATED_WITHDRAWAL);
    }
    for (size_t i = n_orders; i < book->n_orders; i++) {
        release_order(contracts, interval, i);
        gb_matching_refuse_late(&contracts->event_log, interval, (uint32_t)i,
                                &(struct gb_order_origin){book->positions[i], book->nonces[i]},
                                GB_BELATED_ORDER);
    }
    gb_order_book_truncate(book, interval->meters, n_orders, n_withdrawals);
    gb_interval_meters_recount_orders(interval->meters, contracts->n_users, book->orders,
                                      book->withdrawn, book->n_orders);
}

/* ---- the match */

/* Orders and cancels as the ledger has them, in its order. */
static enum gb_status replay_book(struct gb_contracts *contracts, void *state,
                                  const struct gb_order_book *book)
{
    const struct gb_mechanism *mechanism = contracts->mechanism;
    struct gb_error *err = &contracts->event_log.failure.first;
    enum gb_status status = GB_OK;
    size_t next = 0; /* order */

    for (size_t i = 0; status == GB_OK && i < book->n_withdrawals; i++) {
        const struct gb_withdrawal *withdrawal = &book->withdrawals[i];

        if (next < withdrawal->before)
            status = mechanism->apply(state, &book->orders[next], withdrawal->before - next, err);
        next = withdrawal->before;
        if (status == GB_OK)
            status = mechanism->cancel(state, withdrawal->order, err);
    }
    if (status == GB_OK && next < book->n_orders)
        status = mechanism->apply(state, &book->orders[next], book->n_orders - next, err);
    return status;
}

bool gb_matching_is_sound(const struct gb_order_book *book, const struct gb_trade *trade)
{
    return trade->sell_order < book->n_orders && trade->buy_order < book->n_orders &&
           trade->energy.wh > 0 && book->orders[trade->sell_order].owner == trade->seller &&
           book->orders[trade->buy_order].owner == trade->buyer &&
           book->orders[trade->sell_order].side == GB_SELL &&
           book->orders[trade->buy_order].side == GB_BUY;
}

bool gb_matching_are_sound(struct gb_failure *failure, const struct gb_order_book *book,
                           const struct gb_trade *trades, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!gb_matching_is_sound(book, &trades[i])) {
            gb_failure_keep(failure, GB_EBROKEN,
                            "the mechanism made a trade between orders it was not given");
            return false;
        }
    return true;
}

static void init_trades(struct gb_contracts *contracts, struct gb_interval *interval,
                        const struct gb_match *match, struct gb_trade *handed_over,
                        size_t n_standing)
{
    gb_trades_init(&interval->trades, interval->meters, contracts->n_users, match, handed_over,
                   n_standing, contracts->rules.settlement == GB_SETTLE_DELIVERED,
                   &contracts->event_log.failure);
}

void *gb_matching_fill(struct gb_contracts *contracts, struct gb_interval *interval,
                       uint64_t height)
{
    struct gb_failure *failure = &contracts->event_log.failure;
    void *auction;

    drop_late(contracts, interval, height);
    auction = gb_auctions_need(&contracts->auctions, failure, interval->number);
    if (!auction || replay_book(contracts, auction, &interval->book) == GB_OK)
        return auction;
    gb_failure_keep(failure, GB_EBROKEN, "the market's mechanism failed");
    return NULL;
}

/* What was cut of orders before they were matched is no schedule with the grid: it is as if it had
 * not been sent. */
static void note_cuts(struct gb_contracts *contracts, struct gb_interval *interval)
{
    const struct gb_order_book *book = &interval->book;
    struct gb_event_log *log = &contracts->event_log;

    for (size_t i = 0; book->cut && i < book->n_orders; i++) {
        const int64_t words[] = {interval->number, book->cut[i].wh};

        if (book->cut[i].wh == 0)
            continue;
        struct gb_contract_event *event =
            gb_event_log_add(log, GB_EVENT_CUT, interval->number, (uint32_t)i);
        event->message = GB_MESSAGE_ORDER;
        event->sender = GB_PARTY(GB_ROLE_METER, book->orders[i].owner);
        event->position = book->positions[i];
        event->nonce = book->nonces[i];
        event->executed = book->cut[i];
        gb_event_log_record(log, GB_CHANGE_CUT, (uint32_t)i, words, 2);
        gb_event_log_emit(log, event);
        gb_interval_meters_change_order(interval->meters, &book->orders[i], -book->cut[i].wh);
    }
}

/* Ends the auction and keeps what it came to. */
static bool take_match(struct gb_contracts *contracts, struct gb_interval *interval, void *auction)
{
    struct gb_failure *failure = &contracts->event_log.failure;
    struct gb_match match = {0};
    enum gb_status status = contracts->mechanism->finish(auction, &match, &failure->first);

    if (status != GB_OK)
        gb_failure_keep(failure, status, "the market's mechanism failed");
    else if (gb_matching_are_sound(failure, &interval->book, match.trades, match.n_trades)) {
        gb_order_book_set_unmatched(&interval->book, failure, match.unmatched, match.cut);
        note_cuts(contracts, interval);
        struct gb_trade *handed_over =
            contracts->mechanism->take_trades ? contracts->mechanism->take_trades(auction) : NULL;
        if (handed_over) /* nothing else of the auction is needed, and it is large */
            gb_auctions_end(&contracts->auctions, interval->number);
        init_trades(contracts, interval, &match, handed_over, match.n_trades);
    }
    gb_auctions_end(&contracts->auctions, interval->number);
    return gb_failure_is_none(failure);
}

/* Leaves in escrow what buyer and seller of each trade will pay and gives the rest back. */
static void release_unmatched(struct gb_contracts *contracts, const struct gb_interval *interval)
{
    const struct gb_order_book *book = &interval->book;
    struct gb_failure *failure = &contracts->event_log.failure;
    int64_t *units = malloc((book->n_orders + 1) * sizeof *units);

    if (!units) {
        gb_failure_keep(failure, GB_ENOMEM, "no memory for the escrows of a match");
        return;
    }
    for (size_t i = 0; i < book->n_orders; i++)
        units[i] = gb_order_escrow(&contracts->rules, interval->number, &book->orders[i],
                                   gb_requotes_held(&interval->requotes, book, i));
    for (size_t i = 0; i < interval->trades.n; i++) {
        const struct gb_trade *trade = &interval->trades.trades[i];
        units[trade->buy_order] -=
            gb_payable(&contracts->rules.trade_fees, GB_BUY, trade->energy, trade->price_buy);
        units[trade->sell_order] -=
            gb_payable(&contracts->rules.trade_fees, GB_SELL, trade->energy, trade->price_sell);
    }
    for (size_t i = 0; i < book->n_orders; i++) {
        if (i + AHEAD < book->n_orders) /* orders stand in no order of meters */
            __builtin_prefetch(&contracts->accounts.users[book->orders[i + AHEAD].owner], 1);
        if (units[i] < 0)
            gb_failure_keep(failure, GB_EBROKEN,
                            "the mechanism made trades that cost a user more than its escrow");
        else
            release_escrow(contracts, book->orders[i].owner, units[i]);
    }
    free(units);
}

/* What the roles of the trades will sign, and the match recorded as a change of state. */
static void seal(struct gb_contracts *contracts, struct gb_interval *interval)
{
    const struct gb_trade_table *table = &interval->trades;
    struct gb_event_log *log = &contracts->event_log;

    if (!log->is_hashed)
        return;
    gb_trades_seal(&interval->trades, &contracts->chain_id, interval->number, &log->failure);
    int64_t words[8] = {interval->number, (int64_t)interval->close_height,
                        (int64_t)interval->book.n_orders, (int64_t)table->n_standing};
    gb_event_log_root_words(&table->root, words + 4);
    gb_event_log_record(log, GB_CHANGE_MATCH, 0, words, 8);
}

/* The trades are there. */
static void conclude(struct gb_contracts *contracts, struct gb_interval *interval)
{
    if (!gb_failure_is_none(&contracts->event_log.failure))
        return;
    for (size_t i = 0; i < contracts->n_users; i++) /* a slow match may follow readings */
        if (interval->meters[i].has_reading)
            gb_trades_allot(&interval->trades, interval->meters, (uint32_t)i);
    seal(contracts, interval);
}

void gb_matching_finish(struct gb_contracts *contracts, struct gb_interval *interval, void *auction)
{
    if (!take_match(contracts, interval, auction))
        return;
    release_unmatched(contracts, interval);
    conclude(contracts, interval);
}

void gb_matching_run(struct gb_contracts *contracts, struct gb_interval *interval, uint64_t height)
{
    void *auction = gb_matching_fill(contracts, interval, height);

    if (auction)
        gb_matching_finish(contracts, interval, auction);
}

void gb_matching_keep(struct gb_contracts *contracts, struct gb_interval *interval,
                      const struct gb_match *match, size_t n)
{
    init_trades(contracts, interval, match, NULL, n);
    conclude(contracts, interval);
}

void gb_matching_release_escrow(struct gb_contracts *contracts, const struct gb_interval *interval)
{
    for (size_t i = 0; i < interval->book.n_orders; i++)
        release_order(contracts, interval, i);
}
