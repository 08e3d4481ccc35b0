/* Matching: computed when the operator's close is executed, never submitted. The first valid close
 * names the height H up to which orders count; the contract runs the market's mechanism over them
 * in the ledger's order and keeps of each escrow what the trades cost. The open at delivery must
 * name the same match by its root, or none: a missed slot, everybody on the grid, as is one that is
 * opened after its settlement deadline. */
#include "chain/contracts/contracts_priv.h"

#include <stdlib.h>

enum { BATCH = 64 };

struct gb_hash gb_match_leaf(int64_t interval, uint32_t index, const struct gb_trade *trade)
{
    const int64_t words[] = {interval,
                             index,
                             trade->round,
                             trade->sell_order,
                             trade->buy_order,
                             trade->seller,
                             trade->buyer,
                             trade->source,
                             trade->energy.wh,
                             trade->price_buy.ticks,
                             trade->price_sell.ticks};
    uint8_t bytes[sizeof words];

    gb_event_log_put(bytes, words, sizeof words / sizeof words[0]);
    return gb_hash_bytes(GB_DOMAIN_TRADE, bytes, sizeof bytes);
}

/* ---- what came too late */

/* An ORDER event for something that stands in a block above H. */
static void tell_late(struct gb_contracts *contracts, const struct gb_interval *interval,
                      uint32_t order, struct gb_position position, uint64_t nonce,
                      bool is_withdrawal)
{
    struct gb_contract_event event = gb_event_log_event(contracts, GB_EVENT_ORDER, interval->number,
                                                        is_withdrawal ? GB_NO_ORDER : order);
    const int64_t words[] = {interval->number, is_withdrawal};

    event.receipt = GB_RECEIPT_LATE;
    event.message = GB_MESSAGE_ORDER;
    event.sender = GB_PARTY(GB_ROLE_METER, interval->orders[order].owner);
    event.position = position;
    event.nonce = nonce;
    gb_event_log_record(contracts, GB_CHANGE_LATE, order, words, 2);
    gb_event_log_emit(contracts, &event);
}

/* Late cancels leave their orders standing; late orders go, with their escrow back. */
static void drop_late(struct gb_contracts *contracts, struct gb_interval *interval, uint64_t height)
{
    size_t n_in_time = interval->n_orders;
    size_t n_cancels_in_time = interval->n_withdrawals;

    while (n_in_time > 0 && interval->positions[n_in_time - 1].height > height)
        n_in_time--;
    while (n_cancels_in_time > 0 &&
           interval->withdrawals[n_cancels_in_time - 1].position.height > height)
        n_cancels_in_time--;
    for (size_t i = n_cancels_in_time; i < interval->n_withdrawals; i++) {
        const struct gb_withdrawal *late = &interval->withdrawals[i];
        interval->withdrawn[late->order] = false;
        if (!late->is_amendment) /* of an amendment the new order is told below */
            tell_late(contracts, interval, late->order, late->position, late->nonce, true);
    }
    interval->n_withdrawals = n_cancels_in_time;
    for (size_t i = n_in_time; i < interval->n_orders; i++) {
        const struct gb_order *order = &interval->orders[i];
        gb_accounts_move(contracts, GB_ACCOUNT_ESCROW, order->owner, GB_ACCOUNT_BALANCE,
                         order->owner, gb_declaration_escrow(contracts, order));
        tell_late(contracts, interval, (uint32_t)i, interval->positions[i], interval->nonces[i],
                  false);
    }
    interval->n_orders = n_in_time;
}

/* Recounts what each meter has standing, now that it is settled which orders do. */
static void count_standing(struct gb_contracts *contracts, struct gb_interval *interval)
{
    for (size_t i = 0; i < contracts->n_users; i++)
        interval->cells[i].order_wh = 0;
    for (size_t i = 0; i < interval->n_orders; i++) {
        if (!interval->withdrawn[i])
            interval->cells[interval->orders[i].owner].order_wh +=
                gb_declaration_signed_wh(&interval->orders[i]);
    }
}

/* ---- the match */

struct batch {
    struct gb_contracts *contracts;
    size_t n;
    struct gb_book_action actions[BATCH];
};

static enum gb_status hand_over(struct batch *batch)
{
    struct gb_contracts *contracts = batch->contracts;
    enum gb_status status = contracts->mechanism->apply(contracts->mechanism_state, batch->actions,
                                                        batch->n, &contracts->failure);

    batch->n = 0;
    return status;
}

static enum gb_status add_action(struct batch *batch, const struct gb_book_action *action)
{
    batch->actions[batch->n++] = *action;
    return batch->n == BATCH ? hand_over(batch) : GB_OK;
}

/* Orders and cancels as the ledger has them, in its order. */
static enum gb_status replay_book(struct gb_contracts *contracts,
                                  const struct gb_interval *interval)
{
    struct batch batch = {.contracts = contracts};
    enum gb_status status = GB_OK;
    size_t next = 0; /* withdrawal */

    for (size_t i = 0; status == GB_OK && i <= interval->n_orders; i++) {
        while (status == GB_OK && next < interval->n_withdrawals &&
               interval->withdrawals[next].before == i)
            status = add_action(
                &batch, &(struct gb_book_action){.is_cancel = true,
                                                 .target = interval->withdrawals[next++].order});
        if (status == GB_OK && i < interval->n_orders)
            status = add_action(&batch, &(struct gb_book_action){.order = interval->orders[i]});
    }
    return status == GB_OK && batch.n > 0 ? hand_over(&batch) : status;
}

static bool is_sound(const struct gb_interval *interval, const struct gb_trade *trade)
{
    return trade->sell_order < interval->n_orders && trade->buy_order < interval->n_orders &&
           trade->energy.wh > 0 && interval->orders[trade->sell_order].owner == trade->seller &&
           interval->orders[trade->buy_order].owner == trade->buyer &&
           interval->orders[trade->sell_order].side == GB_SELL &&
           interval->orders[trade->buy_order].side == GB_BUY;
}

static void keep_match(struct gb_contracts *contracts, struct gb_interval *interval,
                       const struct gb_match *match)
{
    if (!gb_interval_reserve_match(contracts, interval, match->n_trades))
        return;
    for (size_t i = 0; i < match->n_trades; i++) {
        if (!is_sound(interval, &match->trades[i])) {
            gb_contracts_fail(contracts, GB_EBROKEN,
                              "the mechanism made a trade between orders it was not "
                              "given");
            return;
        }
        interval->trades[i] = match->trades[i];
        if (interval->delivered)
            interval->delivered[i] = match->trades[i].energy;
        interval->trade_states[i] = GB_TRADE_PENDING;
        interval->signers[i] = 0;
    }
    for (size_t i = 0; i < interval->n_orders; i++)
        interval->unmatched[i] = match->unmatched[i];
    interval->n_trades = match->n_trades;
}

static bool run_mechanism(struct gb_contracts *contracts, struct gb_interval *interval)
{
    struct gb_match match = {0};
    enum gb_status status;

    contracts->mechanism->begin(contracts->mechanism_state, interval->number);
    status = replay_book(contracts, interval);
    if (status == GB_OK)
        status =
            contracts->mechanism->finish(contracts->mechanism_state, &match, &contracts->failure);
    if (status == GB_OK)
        keep_match(contracts, interval, &match);
    else
        gb_contracts_fail(contracts, status, "the market's mechanism failed");
    if (contracts->mechanism->rest)
        contracts->mechanism->rest(contracts->mechanism_state);
    return contracts->failure.status == GB_OK;
}

/* Leaves quantity x price_buy of each trade in escrow and gives the rest back. */
static void release_unmatched(struct gb_contracts *contracts, struct gb_interval *interval)
{
    int64_t *units = malloc((interval->n_orders + 1) * sizeof *units);

    if (!units) {
        gb_contracts_fail(contracts, GB_ENOMEM, "no memory for the escrows of a match");
        return;
    }
    for (size_t i = 0; i < interval->n_orders; i++)
        units[i] = gb_declaration_escrow(contracts, &interval->orders[i]);
    for (size_t i = 0; i < interval->n_trades; i++) {
        const struct gb_trade *trade = &interval->trades[i];
        units[trade->buy_order] -= gb_cost(trade->energy, trade->price_buy).units;
    }
    for (size_t i = 0; i < interval->n_orders; i++) {
        uint32_t owner = interval->orders[i].owner;
        if (units[i] < 0)
            gb_contracts_fail(contracts, GB_EBROKEN,
                              "the mechanism made trades that cost a buyer more "
                              "than its escrow");
        else
            gb_accounts_move(contracts, GB_ACCOUNT_ESCROW, owner, GB_ACCOUNT_BALANCE, owner,
                             units[i]);
    }
    free(units);
}

/* Lists each meter's trades, ascending. From here on a cell leads to trades, no more to orders. */
static void list_trades(const struct gb_contracts *contracts, struct gb_interval *interval)
{
    struct gb_meter_interval *cells = interval->cells;
    uint32_t first = 0;

    for (size_t i = 0; i < interval->n_trades; i++) {
        cells[interval->trades[i].seller].n_pending++;
        cells[interval->trades[i].buyer].n_pending++;
    }
    for (size_t i = 0; i < contracts->n_users; i++) {
        cells[i].first_trade = first;
        first += cells[i].n_pending;
    }
    for (size_t i = 0; i < interval->n_trades; i++) {
        interval->trade_lists[cells[interval->trades[i].seller].first_trade++] = (uint32_t)i;
        interval->trade_lists[cells[interval->trades[i].buyer].first_trade++] = (uint32_t)i;
    }
    /* each part has been filled up to where the next begins: back to where it began itself */
    for (size_t i = contracts->n_users; i > 0; i--)
        cells[i].first_trade = cells[i - 1].first_trade;
    cells[0].first_trade = 0;
}

/* Root over the trades, what their roles will sign, and the match noted as a change of state. */
static void seal_match(struct gb_contracts *contracts, struct gb_interval *interval)
{
    if (!contracts->event_log.is_hashed)
        return;
    struct gb_merkle tree;
    gb_merkle_init(&tree);
    for (size_t i = 0; i < interval->n_trades; i++) {
        const struct gb_trade *trade = &interval->trades[i];
        struct gb_hash leaf = gb_match_leaf(interval->number, (uint32_t)i, trade);
        gb_merkle_add(&tree, &leaf);
        interval->digests[i] =
            gb_settlement_digest(&contracts->chain_id, interval->number, (uint32_t)i, trade->energy,
                                 trade->price_buy, trade->price_sell);
    }
    interval->match_root = gb_merkle_end(&tree);
    int64_t words[8] = {interval->number, (int64_t)interval->close_height,
                        (int64_t)interval->n_orders, (int64_t)interval->n_trades};
    for (size_t i = 0; i < GB_HASH_SIZE; i++)
        words[4 + i / 8] =
            (int64_t)((uint64_t)words[4 + i / 8] << 8 | interval->match_root.bytes[i]);
    gb_event_log_record(contracts, GB_CHANGE_MATCH, 0, words, 8);
}

/* What the operator's messages share: has the interval come to where they belong, is it not over?
 * last  interval that has */
static enum gb_receipt check_target(const struct gb_contracts *contracts, int64_t number,
                                    int64_t last)
{
    if (number < 0)
        return GB_RECEIPT_MALFORMED;
    if (number > last)
        return GB_RECEIPT_TOO_EARLY;
    return gb_intervals_is_over(contracts, number) ? GB_RECEIPT_ALREADY_DONE : GB_RECEIPT_OK;
}

enum gb_receipt gb_matching_close(struct gb_contracts *contracts,
                                  const struct gb_close_message *body)
{
    enum gb_receipt receipt = check_target(contracts, body->interval, contracts->last_at_gate);

    if (receipt != GB_RECEIPT_OK)
        return receipt;
    if (body->height >= contracts->height)
        return GB_RECEIPT_TOO_EARLY;
    struct gb_interval *interval = gb_intervals_need(contracts, body->interval);
    if (!interval)
        return GB_RECEIPT_OK; /* the failure is kept */
    if (interval->phase != GB_INTERVAL_OPEN)
        return GB_RECEIPT_ALREADY_DONE;
    interval->close_height = body->height;
    interval->close_position = contracts->position;
    contracts->usual_orders = interval->n_orders;
    drop_late(contracts, interval, body->height);
    count_standing(contracts, interval);
    if (run_mechanism(contracts, interval)) {
        release_unmatched(contracts, interval);
        list_trades(contracts, interval);
        for (size_t i = 0; i < contracts->n_users; i++) /* a slow close may follow readings */
            if (interval->cells[i].has_reading)
                gb_settlement_allot(contracts, interval, (uint32_t)i);
        seal_match(contracts, interval);
    }
    gb_interval_set_phase(contracts, interval, GB_INTERVAL_MATCHED);
    struct gb_contract_event event =
        gb_event_log_event(contracts, GB_EVENT_MATCHED, interval->number, 0);
    gb_event_log_emit(contracts, &event);
    return GB_RECEIPT_OK;
}

/* ---- delivery */

static void bill_all(struct gb_contracts *contracts, struct gb_interval *interval)
{
    for (size_t i = 0; i < contracts->n_users; i++)
        gb_billing_try(contracts, interval, (uint32_t)i);
}

void gb_matching_miss(struct gb_contracts *contracts, struct gb_interval *interval)
{
    struct gb_contract_event event =
        gb_event_log_event(contracts, GB_EVENT_MISSED, interval->number, 0);
    bool was_open = interval->phase == GB_INTERVAL_OPEN;

    gb_interval_set_phase(contracts, interval, GB_INTERVAL_MISSED);
    gb_event_log_emit(contracts, &event);
    for (size_t i = 0; was_open && i < interval->n_orders; i++) {
        const struct gb_order *order = &interval->orders[i];
        gb_accounts_move(contracts, GB_ACCOUNT_ESCROW, order->owner, GB_ACCOUNT_BALANCE,
                         order->owner, gb_declaration_escrow(contracts, order));
    }
    for (size_t i = 0; i < interval->n_trades; i++)
        gb_settlement_void(contracts, interval, (uint32_t)i);
    bill_all(contracts, interval);
}

static void deliver(struct gb_contracts *contracts, struct gb_interval *interval)
{
    struct gb_contract_event event =
        gb_event_log_event(contracts, GB_EVENT_OPENED, interval->number, 0);

    gb_interval_set_phase(contracts, interval, GB_INTERVAL_DELIVERING);
    gb_event_log_emit(contracts, &event);
    for (size_t i = 0; i < interval->n_trades; i++)
        gb_settlement_try(contracts, interval, (uint32_t)i);
    bill_all(contracts, interval);
}

enum gb_receipt gb_matching_open(struct gb_contracts *contracts, const struct gb_open_message *body)
{
    enum gb_receipt receipt = check_target(contracts, body->interval, contracts->last_at_start);
    bool is_late = body->interval <= contracts->last_missed;

    if (receipt != GB_RECEIPT_OK)
        return receipt;
    struct gb_interval *interval = gb_intervals_find(contracts, body->interval);
    if (interval && interval->phase >= GB_INTERVAL_DELIVERING)
        return GB_RECEIPT_ALREADY_DONE;
    if (body->has_match && !is_late) {
        if (!interval || interval->phase == GB_INTERVAL_OPEN)
            return GB_RECEIPT_TOO_EARLY;
        if (contracts->event_log.is_hashed && !gb_hash_is_equal(&body->root, &interval->match_root))
            return GB_RECEIPT_WRONG_ROOT;
        deliver(contracts, interval);
        return GB_RECEIPT_OK;
    }
    interval = gb_intervals_need(contracts, body->interval);
    if (interval)
        gb_matching_miss(contracts, interval);
    return GB_RECEIPT_OK;
}
