/* Declaration: orders with their escrow. A declaration that breaks a rule is refused with the first
 * reason in the order of the rules; one that stands holds its escrow until the interval is closed.
 *
 * A meter may send several orders for a slot, all on one side; capacity bounds their sum. A cancel
 * is noted in its place in the ledger's order and takes effect at the close if it came in time, so
 * the match depends on blocks up to H and on nothing a user learnt after them. */
#include "chain/contracts/contracts_priv.h"

int64_t gb_declaration_escrow(const struct gb_contracts *contracts, const struct gb_order *order)
{
    const struct gb_market_rules *market = &contracts->rules.market;
    struct gb_price price =
        market->match == GB_MATCH_UNCONDITIONAL ? market->tariff.retail : order->reserve;

    if (order->side != GB_BUY)
        return 0;
    return gb_cost(order->quantity, price).units;
}

static enum gb_receipt check_form(const struct gb_contracts *contracts,
                                  const struct gb_order_message *body)
{
    const struct gb_order *order = &body->order;

    if (body->interval < 0 || order->owner != GB_PARTY_INDEX(contracts->message->sender))
        return GB_RECEIPT_MALFORMED;
    if (body->cancels)
        return body->amends == 0 ? GB_RECEIPT_MALFORMED : GB_RECEIPT_OK;
    if (order->side > GB_SELL || order->type > GB_ORDER_MARKET ||
        order->source > GB_SOURCE_STORAGE ||
        (order->side == GB_SELL && order->source == GB_SOURCE_ANY &&
         contracts->rules.market.books == GB_BOOKS_BY_SOURCE))
        return GB_RECEIPT_MALFORMED;
    if (order->quantity.wh < 1 || order->quantity.wh > contracts->energy_limit_wh ||
        order->minimum.wh < 0 || order->minimum.wh > order->quantity.wh ||
        (order->minimum.wh > 0 && !contracts->mechanism->takes_minimum))
        return GB_RECEIPT_MALFORMED;
    if (order->beta_millionths != GB_BETA_OF_MARKET &&
        (order->beta_millionths < 0 || order->beta_millionths > GB_MILLIONTHS))
        return GB_RECEIPT_MALFORMED;
    return GB_RECEIPT_OK;
}

static bool is_in_band(const struct gb_contracts *contracts, struct gb_price price)
{
    const struct gb_market_rules *market = &contracts->rules.market;

    if (market->has_band &&
        (price.ticks < market->tariff.feed_in.ticks || price.ticks > market->tariff.retail.ticks))
        return false;
    return price.ticks >= 0 && price.ticks <= GB_CONTRACT_PRICE_LIMIT_TICKS;
}

/* A market order is quoted at its reserve; its price counts for nothing. */
static enum gb_receipt check_prices(const struct gb_contracts *contracts,
                                    const struct gb_order *order)
{
    bool is_limit = order->type == GB_ORDER_LIMIT;

    if (!is_in_band(contracts, order->reserve) ||
        (is_limit && !is_in_band(contracts, order->price)))
        return GB_RECEIPT_OUT_OF_BAND;
    if (is_limit && (order->side == GB_BUY ? order->price.ticks > order->reserve.ticks
                                           : order->price.ticks < order->reserve.ticks))
        return GB_RECEIPT_OUTSIDE_RESERVE;
    return GB_RECEIPT_OK;
}

static enum gb_receipt check_gate(const struct gb_contracts *contracts, int64_t number)
{
    const struct gb_interval *interval = gb_intervals_find(contracts, number);

    if (number > contracts->last_opened)
        return GB_RECEIPT_TOO_EARLY;
    if ((interval ? interval->phase != GB_INTERVAL_OPEN : number < contracts->final_before) ||
        number <= contracts->last_started)
        return GB_RECEIPT_GATE_CLOSED;
    return GB_RECEIPT_OK;
}

/* The standing order of a meter that it sent under this nonce, while orders are taken;
 * GB_NO_ORDER. */
static uint32_t find_order(const struct gb_interval *interval, uint32_t meter, uint64_t nonce)
{
    bool is_open = interval && interval->phase == GB_INTERVAL_OPEN;
    uint32_t i = is_open ? interval->cells[meter].latest_order : GB_NO_ORDER;

    while (i != GB_NO_ORDER && (interval->nonces[i] != nonce || interval->withdrawn[i]))
        i = interval->previous[i];
    return i;
}

int64_t gb_declaration_signed_wh(const struct gb_order *order)
{
    return order->side == GB_BUY ? order->quantity.wh : -order->quantity.wh;
}

static void withdraw(struct gb_contracts *contracts, struct gb_interval *interval, uint32_t order,
                     bool is_amendment)
{
    interval->withdrawals =
        gb_contracts_grown(contracts, interval->withdrawals, &interval->withdrawal_capacity,
                           interval->n_withdrawals + 1, sizeof *interval->withdrawals);
    if (interval->n_withdrawals == interval->withdrawal_capacity)
        return;
    interval->withdrawals[interval->n_withdrawals++] =
        (struct gb_withdrawal){.position = contracts->position,
                               .nonce = contracts->message->nonce,
                               .order = order,
                               .before = (uint32_t)interval->n_orders,
                               .is_amendment = is_amendment};
    interval->withdrawn[order] = true;
    interval->cells[interval->orders[order].owner].order_wh -=
        gb_declaration_signed_wh(&interval->orders[order]);
    const int64_t words[] = {interval->number, is_amendment};
    gb_event_log_record(contracts, GB_CHANGE_WITHDRAWAL, order, words, 2);
}

static void note_order(struct gb_contracts *contracts, int64_t interval, size_t number,
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

    gb_event_log_record(contracts, GB_CHANGE_ORDER, order->owner, words,
                        sizeof words / sizeof words[0]);
}

static void add_order(struct gb_contracts *contracts, struct gb_interval *interval,
                      const struct gb_order *order)
{
    size_t i = interval->n_orders;
    struct gb_meter_interval *cell = &interval->cells[order->owner];

    if (i >= GB_NO_ORDER || !gb_interval_reserve_orders(contracts, interval, i + 1))
        return;
    interval->orders[i] = *order;
    interval->positions[i] = contracts->position;
    interval->nonces[i] = contracts->message->nonce;
    interval->previous[i] = cell->latest_order;
    interval->withdrawn[i] = false;
    interval->n_orders++;
    cell->latest_order = (uint32_t)i;
    cell->order_wh += gb_declaration_signed_wh(order);
    note_order(contracts, interval->number, i, order);
    gb_accounts_move(contracts, GB_ACCOUNT_BALANCE, order->owner, GB_ACCOUNT_ESCROW, order->owner,
                     gb_declaration_escrow(contracts, order));
}

/* What the meter may still send: `standing` is what its other orders for the slot come to. */
static enum gb_receipt check_means(const struct gb_contracts *contracts,
                                   const struct gb_order *order, int64_t standing)
{
    const struct gb_user *user = &contracts->users[order->owner];
    int64_t total = standing + gb_declaration_signed_wh(order);
    int64_t volume = total < 0 ? -total : total;

    if ((order->side == GB_BUY && standing < 0) || (order->side == GB_SELL && standing > 0))
        return GB_RECEIPT_NOT_ALLOWED;
    if (volume > contracts->energy_limit_wh ||
        (user->capacity_wh > 0 && volume > user->capacity_wh))
        return GB_RECEIPT_BEYOND_CAPACITY;
    if (gb_declaration_escrow(contracts, order) > user->balance)
        return GB_RECEIPT_UNDERFUNDED;
    if (order->quantity.wh < contracts->rules.min_quantity.wh)
        return GB_RECEIPT_BELOW_MINIMUM;
    return GB_RECEIPT_OK;
}

/* What an order says of an earlier one: it must stand, and once the gate is closed nothing does. */
static enum gb_receipt check_target(const struct gb_contracts *contracts, int64_t number,
                                    uint32_t target)
{
    enum gb_receipt receipt = check_gate(contracts, number);

    return receipt == GB_RECEIPT_OK && target == GB_NO_ORDER ? GB_RECEIPT_UNKNOWN_TARGET : receipt;
}

static enum gb_receipt cancel(struct gb_contracts *contracts, const struct gb_order_message *body)
{
    struct gb_interval *interval = gb_intervals_find(contracts, body->interval);
    uint32_t target =
        find_order(interval, GB_PARTY_INDEX(contracts->message->sender), body->amends);
    enum gb_receipt receipt = check_target(contracts, body->interval, target);

    if (receipt == GB_RECEIPT_OK)
        withdraw(contracts, interval, target, false);
    return receipt;
}

/* What the standing orders of a meter come to; nothing stands once the interval is done. */
static int64_t standing_wh(const struct gb_interval *interval, uint32_t meter)
{
    return interval && !gb_interval_is_done(interval) ? interval->cells[meter].order_wh : 0;
}

enum gb_receipt gb_declaration_order(struct gb_contracts *contracts,
                                     const struct gb_order_message *body)
{
    const struct gb_order *order = &body->order;
    enum gb_receipt receipt = check_form(contracts, body);

    if (receipt != GB_RECEIPT_OK)
        return receipt;
    if (body->cancels)
        return cancel(contracts, body);
    receipt = check_prices(contracts, order);
    if (receipt != GB_RECEIPT_OK)
        return receipt;
    struct gb_interval *interval = gb_intervals_find(contracts, body->interval);
    int64_t standing = standing_wh(interval, order->owner);
    uint32_t target = GB_NO_ORDER;
    if (body->amends != 0) {
        target = find_order(interval, order->owner, body->amends);
        receipt = check_target(contracts, body->interval, target);
        if (receipt != GB_RECEIPT_OK)
            return receipt;
        standing -= gb_declaration_signed_wh(&interval->orders[target]);
    }
    receipt = check_means(contracts, order, standing);
    if (receipt == GB_RECEIPT_OK)
        receipt = check_gate(contracts, body->interval);
    if (receipt != GB_RECEIPT_OK)
        return receipt;
    interval = gb_intervals_need(contracts, body->interval);
    if (interval && target != GB_NO_ORDER)
        withdraw(contracts, interval, target, true);
    if (interval)
        add_order(contracts, interval, order);
    return GB_RECEIPT_OK;
}
