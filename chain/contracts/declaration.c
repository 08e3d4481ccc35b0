/* A declaration that breaks a rule is refused with the first
 * reason in the order of the rules; one that stands holds its escrow until the interval is closed.
 *
 * A meter may send several orders for a slot, all on one side; capacity bounds their sum. A cancel
 * is kept in its place in the ledger's order and takes effect at the close if it came in time, so
 * the match depends on blocks up to H and on nothing a user learnt after them. */
#include "chain/contracts/declaration_priv.h"

#include "chain/contracts/requoting_priv.h"
#include "chain/contracts/trading_priv.h"

static enum gb_receipt check_form(const struct gb_contracts *contracts,
                                  const struct gb_order_message *body)
{
    const struct gb_order *order = &body->order;

    if (body->interval < 0 || order->owner != GB_PARTY_INDEX(contracts->event_log.message->sender))
        return GB_RECEIPT_MALFORMED;
    if (body->cancels)
        return body->amends == 0 ? GB_RECEIPT_MALFORMED : GB_RECEIPT_OK;
    bool is_trading = gb_trades_as_orders_come(contracts);

    if (order->side > GB_SELL || order->type > (is_trading ? GB_ORDER_IOC : GB_ORDER_MARKET) ||
        order->source > GB_SOURCE_STORAGE ||
        (order->side == GB_SELL && order->source == GB_SOURCE_ANY &&
         gb_market_needs_source(&contracts->rules.market)))
        return GB_RECEIPT_MALFORMED;
    if (order->quantity.wh < 1 || order->quantity.wh > contracts->energy_limit_wh ||
        order->minimum.wh < 0 || order->minimum.wh > order->quantity.wh ||
        (order->minimum.wh > 0 && !contracts->mechanism->takes_minimum) ||
        (order->minimum.wh > 0 && is_trading && order->type == GB_ORDER_LIMIT))
        return GB_RECEIPT_MALFORMED;
    if (order->beta_millionths != GB_BETA_OF_MARKET &&
        (order->beta_millionths < 0 || order->beta_millionths > GB_MILLIONTHS))
        return GB_RECEIPT_MALFORMED;
    return GB_RECEIPT_OK;
}

static bool is_in_band(const struct gb_contracts *contracts, const struct gb_tariff *tariff,
                       struct gb_price price)
{
    if (contracts->rules.market.has_band)
        return price.ticks >= tariff->feed_in.ticks && price.ticks <= tariff->retail.ticks;
    return price.ticks >= 0 && price.ticks <= GB_CONTRACT_PRICE_LIMIT_TICKS;
}

/* A market order is quoted at its reserve; its price counts for nothing. The band is that of its
 * owner in the interval. */
static enum gb_receipt check_prices(const struct gb_contracts *contracts,
                                    const struct gb_order *order, int64_t interval)
{
    const struct gb_tariff *tariff = gb_tariff_of(contracts, order->owner, interval);
    bool is_limit = order->type != GB_ORDER_MARKET;

    if (!is_in_band(contracts, tariff, order->reserve) ||
        (is_limit && !is_in_band(contracts, tariff, order->price)))
        return GB_RECEIPT_OUT_OF_BAND;
    if (is_limit && (order->side == GB_BUY ? order->price.ticks > order->reserve.ticks
                                           : order->price.ticks < order->reserve.ticks))
        return GB_RECEIPT_OUTSIDE_RESERVE;
    return GB_RECEIPT_OK;
}

/* interval  of that number; NULL: none of it yet */
static enum gb_receipt check_gate(const struct gb_contracts *contracts,
                                  const struct gb_interval *interval, int64_t number)
{
    if (number > contracts->clock.last_opened)
        return GB_RECEIPT_TOO_EARLY;
    if ((interval ? interval->phase != GB_INTERVAL_OPEN || gb_requoting_is_open(interval)
                  : number < contracts->intervals.final_before) ||
        number <= (gb_trades_as_orders_come(contracts) ? contracts->clock.last_gated
                                                       : contracts->clock.last_started))
        return GB_RECEIPT_GATE_CLOSED;
    return GB_RECEIPT_OK;
}

/* The standing order of a meter that it sent under this nonce, while orders are taken;
 * GB_NO_ORDER. */
static uint32_t find_order(const struct gb_interval *interval, uint32_t meter, uint64_t nonce)
{
    if (!interval || interval->phase != GB_INTERVAL_OPEN)
        return GB_NO_ORDER;
    return gb_order_book_find(&interval->book, interval->meters, meter, nonce);
}

static struct gb_order_origin origin_of(const struct gb_event_log *log)
{
    return (struct gb_order_origin){log->position, log->message->nonce};
}

static void withdraw(struct gb_contracts *contracts, struct gb_interval *interval, uint32_t order,
                     bool is_amendment)
{
    struct gb_event_log *log = &contracts->event_log;
    struct gb_order_origin origin = origin_of(log);
    const int64_t words[] = {interval->number, is_amendment};

    if (gb_order_book_withdraw(&interval->book, interval->meters, &log->failure, order, &origin,
                               is_amendment))
        gb_event_log_record(log, GB_CHANGE_WITHDRAWAL, order, words, 2);
}

static void record_order(struct gb_event_log *log, int64_t interval, uint32_t number,
                         const struct gb_order *order)
{
    const int64_t words[] = {interval,
                             (int64_t)number << 24 | order->side << 16 | order->type << 8 |
                                 order->source,
                             order->quantity.wh,
                             order->minimum.wh,
                             order->price.ticks,
                             order->reserve.ticks,
                             order->beta_millionths};

    gb_event_log_record(log, GB_CHANGE_ORDER, order->owner, words, sizeof words / sizeof words[0]);
}

/* escrow   what it holds back, in money units
 * returns  its number */
static uint32_t add_order(struct gb_contracts *contracts, struct gb_interval *interval,
                          const struct gb_order *order, int64_t escrow)
{
    struct gb_event_log *log = &contracts->event_log;
    struct gb_order_origin origin = origin_of(log);
    uint32_t number = gb_order_book_add(&interval->book, interval->meters, &log->failure, order,
                                        &origin, contracts->intervals.usual_orders);

    if (number == GB_NO_ORDER)
        return number;
    if (log->is_hashed)
        record_order(log, interval->number, number, order);
    gb_accounts_move(&contracts->accounts, log, gb_balance_of(order->owner),
                     gb_escrow_of(order->owner), escrow);
    return number;
}

/* What the meter may still send: `standing` is what its other orders for the slot come to, `escrow`
 * what this one holds back. */
static enum gb_receipt check_means(const struct gb_contracts *contracts,
                                   const struct gb_order *order, int64_t standing, int64_t escrow)
{
    int64_t total = standing + gb_interval_meters_order_wh(order);
    int64_t volume = total < 0 ? -total : total;

    if ((order->side == GB_BUY && standing < 0) || (order->side == GB_SELL && standing > 0))
        return GB_RECEIPT_NOT_ALLOWED;
    if (!gb_is_within_capacity(contracts, order->owner, volume))
        return GB_RECEIPT_BEYOND_CAPACITY;
    if (escrow > contracts->accounts.users[order->owner].balance)
        return GB_RECEIPT_UNDERFUNDED;
    if (order->quantity.wh < contracts->rules.min_quantity.wh)
        return GB_RECEIPT_BELOW_MINIMUM;
    return GB_RECEIPT_OK;
}

/* What an order wants of an earlier one: it must stand, and once the gate is closed nothing does.
 */
static enum gb_receipt check_target(const struct gb_contracts *contracts,
                                    const struct gb_interval *interval, int64_t number,
                                    uint32_t target)
{
    enum gb_receipt receipt = check_gate(contracts, interval, number);

    return receipt == GB_RECEIPT_OK && target == GB_NO_ORDER ? GB_RECEIPT_UNKNOWN_TARGET : receipt;
}

static enum gb_receipt cancel(struct gb_contracts *contracts, const struct gb_order_message *body)
{
    struct gb_interval *interval = gb_intervals_find(&contracts->intervals, body->interval);
    uint32_t target =
        find_order(interval, GB_PARTY_INDEX(contracts->event_log.message->sender), body->amends);
    enum gb_receipt receipt = check_target(contracts, interval, body->interval, target);

    if (receipt == GB_RECEIPT_OK)
        withdraw(contracts, interval, target, false);
    return receipt;
}

/* What the standing orders of a meter come to; nothing stands once the interval is done. */
static int64_t standing_wh(const struct gb_interval *interval, uint32_t meter)
{
    return interval && !gb_interval_is_done(interval) ? interval->meters[meter].order_wh : 0;
}

/* An amendment or a cancel of an order that may trade at any time. */
static enum gb_receipt change_standing(struct gb_contracts *contracts,
                                       const struct gb_order_message *body, uint32_t *number)
{
    struct gb_interval *interval = gb_intervals_find(&contracts->intervals, body->interval);
    enum gb_receipt receipt = check_gate(contracts, interval, body->interval);
    uint32_t target;

    if (receipt == GB_RECEIPT_OK)
        receipt = gb_trading_find(contracts, interval, body, &target);
    if (receipt == GB_RECEIPT_OK && body->cancels)
        gb_trading_cancel(contracts, interval, target);
    else if (receipt == GB_RECEIPT_OK)
        receipt = gb_trading_amend(contracts, interval, target, &body->order);
    if (receipt == GB_RECEIPT_OK)
        *number = target;
    return receipt;
}

/* An amendment of what round 1 left. */
static enum gb_receipt requote(struct gb_contracts *contracts, struct gb_interval *interval,
                               const struct gb_order_message *body, uint32_t *number)
{
    uint32_t target;
    enum gb_receipt receipt = body->interval <= contracts->clock.last_started
                                  ? GB_RECEIPT_GATE_CLOSED
                                  : gb_requoting_find(contracts, interval, body, &target);

    if (receipt == GB_RECEIPT_OK)
        receipt = gb_requoting_amend(contracts, interval, target, &body->order);
    if (receipt == GB_RECEIPT_OK)
        *number = target;
    return receipt;
}

enum gb_receipt gb_declaration_execute(struct gb_contracts *contracts,
                                       const struct gb_order_message *body, uint32_t *number)
{
    const struct gb_order *order = &body->order;
    enum gb_receipt receipt = check_form(contracts, body);

    if (receipt != GB_RECEIPT_OK)
        return receipt;
    bool is_trading = gb_trades_as_orders_come(contracts);
    if (body->cancels && !is_trading)
        return cancel(contracts, body);
    receipt = body->cancels ? GB_RECEIPT_OK : check_prices(contracts, order, body->interval);
    if (receipt != GB_RECEIPT_OK)
        return receipt;
    if (is_trading && body->amends != 0)
        return change_standing(contracts, body, number);
    struct gb_interval *interval = gb_intervals_find(&contracts->intervals, body->interval);
    if (body->amends != 0 && gb_requoting_is_open(interval))
        return requote(contracts, interval, body, number);
    int64_t standing = standing_wh(interval, order->owner);
    uint32_t target = GB_NO_ORDER;
    if (body->amends != 0) {
        target = find_order(interval, order->owner, body->amends);
        receipt = check_target(contracts, interval, body->interval, target);
        if (receipt != GB_RECEIPT_OK)
            return receipt;
        standing -= gb_interval_meters_order_wh(&interval->book.orders[target]);
    }
    int64_t escrow = gb_order_escrow(&contracts->rules, body->interval, order, order->quantity);
    receipt = check_means(contracts, order, standing, escrow);
    if (receipt == GB_RECEIPT_OK)
        receipt = check_gate(contracts, interval, body->interval);
    if (receipt != GB_RECEIPT_OK)
        return receipt;
    if (!interval)
        interval =
            gb_intervals_need(&contracts->intervals, &contracts->event_log.failure, body->interval);
    if (interval && target != GB_NO_ORDER)
        withdraw(contracts, interval, target, true);
    if (interval)
        *number = add_order(contracts, interval, order, escrow);
    if (is_trading && *number != GB_NO_ORDER)
        gb_trading_arrive(contracts, interval, *number);
    return GB_RECEIPT_OK;
}
