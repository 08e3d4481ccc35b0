/* Rounds are the mechanism's, whose state lives on from the first close to the second; here what
 * users say between them is checked, held for, and put in force. */
#include "chain/contracts/requoting_priv.h"

#include "chain/contracts/matching_priv.h"

static const struct gb_requoting *requoting_of(const struct gb_contracts *contracts)
{
    return contracts->mechanism->requoting;
}

/* ---- round 1 */

static void record_round(struct gb_event_log *log, const struct gb_interval *interval)
{
    const struct gb_requotes *requotes = &interval->requotes;
    int64_t words[8] = {interval->number, (int64_t)interval->close_height,
                        (int64_t)interval->book.n_orders, (int64_t)requotes->round.n_trades};

    gb_event_log_root_words(&requotes->root, words + 4);
    gb_event_log_record(log, GB_CHANGE_ROUND, 0, words, sizeof words / sizeof words[0]);
    for (uint32_t source = 0; source < GB_N_SOURCES; source++) {
        const struct gb_anchors *anchors = &requotes->round.anchors[source];
        const int64_t of_book[] = {interval->number, anchors->has_ask, anchors->ask.ticks,
                                   anchors->has_bid, anchors->bid.ticks};

        if (anchors->has_ask || anchors->has_bid)
            gb_event_log_record(log, GB_CHANGE_ANCHORS, source, of_book,
                                sizeof of_book / sizeof of_book[0]);
    }
}

void gb_requoting_publish(struct gb_contracts *contracts, struct gb_interval *interval,
                          uint64_t height)
{
    struct gb_event_log *log = &contracts->event_log;
    void *auction = gb_matching_fill(contracts, interval, height);
    struct gb_round round;

    if (!auction)
        return;
    if (requoting_of(contracts)->publish(auction, &round, &log->failure.first) != GB_OK) {
        gb_failure_keep(&log->failure, GB_EBROKEN, "the market's mechanism failed");
        return;
    }
    if (!gb_matching_are_sound(&log->failure, &interval->book, round.trades, round.n_trades) ||
        !gb_requotes_begin(&interval->requotes, &log->failure, &interval->book, &round))
        return;
    if (log->is_hashed) {
        gb_requotes_seal(&interval->requotes, interval->number);
        record_round(log, interval);
    }
    gb_event_log_emit_match(log, gb_event_log_add(log, GB_EVENT_ROUND, interval->number, 0),
                            &interval->requotes.root);
}

/* ---- amendments */

enum gb_receipt gb_requoting_find(const struct gb_contracts *contracts,
                                  const struct gb_interval *interval,
                                  const struct gb_order_message *body, uint32_t *number)
{
    const struct gb_message *message = contracts->event_log.message;

    *number = gb_order_book_find(&interval->book, interval->meters, GB_PARTY_INDEX(message->sender),
                                 body->amends);
    if (*number == GB_NO_ORDER)
        return GB_RECEIPT_UNKNOWN_TARGET;
    if (message->nonce < interval->requotes.orders[*number].nonce)
        return GB_RECEIPT_SUPERSEDED;
    return interval->requotes.orders[*number].is_over ? GB_RECEIPT_ALREADY_DONE : GB_RECEIPT_OK;
}

static bool is_same_but_for_quote(const struct gb_order *a, const struct gb_order *b)
{
    return a->side == b->side && a->source == b->source && a->type == b->type &&
           a->reserve.ticks == b->reserve.ticks;
}

/* May the order become what the message says?
 * more  by how much its largest total grows */
static enum gb_receipt check_change(const struct gb_contracts *contracts,
                                    const struct gb_interval *interval, uint32_t number,
                                    const struct gb_order *changed, struct gb_energy more)
{
    const struct gb_order *order = &interval->book.orders[number];
    int64_t total = interval->meters[order->owner].order_wh;
    int64_t volume = (total < 0 ? -total : total) + more.wh;
    int64_t filled = interval->requotes.orders[number].filled.wh;

    if (!is_same_but_for_quote(changed, order))
        return GB_RECEIPT_MALFORMED;
    if (!gb_is_within_capacity(contracts, order->owner, volume))
        return GB_RECEIPT_BEYOND_CAPACITY;
    if (gb_order_escrow(&contracts->rules, interval->number, order, more) >
        contracts->accounts.users[order->owner].balance)
        return GB_RECEIPT_UNDERFUNDED;
    return changed->quantity.wh > filled && changed->quantity.wh < contracts->rules.min_quantity.wh
               ? GB_RECEIPT_BELOW_MINIMUM
               : GB_RECEIPT_OK;
}

enum gb_receipt gb_requoting_amend(struct gb_contracts *contracts, struct gb_interval *interval,
                                   uint32_t number, const struct gb_order *changed)
{
    struct gb_event_log *log = &contracts->event_log;
    const struct gb_order *order = &interval->book.orders[number];
    const struct gb_requote requote = {.origin = {log->position, log->message->nonce},
                                       .order = number,
                                       .price = changed->price,
                                       .total = changed->quantity};
    int64_t held_wh = gb_requotes_held(&interval->requotes, &interval->book, number).wh;
    struct gb_energy more = {requote.total.wh > held_wh ? requote.total.wh - held_wh : 0};
    enum gb_receipt receipt = check_change(contracts, interval, number, changed, more);

    if (receipt != GB_RECEIPT_OK || !gb_requotes_add(&interval->requotes, &log->failure, &requote))
        return receipt;
    gb_accounts_move(&contracts->accounts, log, gb_balance_of(order->owner),
                     gb_escrow_of(order->owner),
                     gb_order_escrow(&contracts->rules, interval->number, order, more));
    gb_interval_meters_change_order(interval->meters, order, more.wh);
    gb_event_log_record_amendment(log, interval->number, number, changed);
    return GB_RECEIPT_OK;
}

/* ---- round 2 */

/* A total within what is filled leaves that. */
static void put_in_force(struct gb_contracts *contracts, struct gb_interval *interval,
                         void *auction, const struct gb_requote *requote)
{
    struct gb_failure *failure = &contracts->event_log.failure;
    struct gb_order changed = interval->book.orders[requote->order];
    struct gb_energy filled = interval->requotes.orders[requote->order].filled;
    enum gb_fate fate;

    changed.price = requote->price;
    if (requoting_of(contracts)->amend(auction, requote->order, requote->price, requote->total,
                                       &fate, &failure->first) != GB_OK)
        gb_failure_keep(failure, GB_EBROKEN, "the market's mechanism failed");
    gb_order_book_amend(&interval->book, requote->order, &changed,
                        requote->total.wh > filled.wh ? requote->total : filled);
}

void gb_requoting_match(struct gb_contracts *contracts, struct gb_interval *interval,
                        uint64_t height)
{
    const struct gb_requotes *requotes = &interval->requotes;
    void *auction = gb_auctions_find(&contracts->auctions, interval->number);

    gb_requotes_end(&interval->requotes);
    for (size_t i = 0; i < requotes->n; i++)
        if (requotes->items[i].origin.position.height <= height)
            put_in_force(contracts, interval, auction, &requotes->items[i]);
        else
            gb_matching_refuse_late(&contracts->event_log, interval, requotes->items[i].order,
                                    &requotes->items[i].origin, GB_BELATED_AMENDMENT);
    gb_interval_meters_recount_orders(interval->meters, contracts->n_users, interval->book.orders,
                                      interval->book.withdrawn, interval->book.n_orders);
    gb_matching_finish(contracts, interval, auction);
}

void gb_requoting_abandon(struct gb_contracts *contracts, struct gb_interval *interval)
{
    gb_requotes_end(&interval->requotes);
    gb_auctions_end(&contracts->auctions, interval->number);
}
