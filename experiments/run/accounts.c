/* What the ledger says happened. Blocks are heard twice: once when they are first stable anywhere,
 * which settles what is true (receipts, trades, money), and at every node, which decides what its
 * users and the operator know and may act on. */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/run/run_priv.h"
#include "models/market/welfare.h"

static struct sent_order *find_order(struct live_interval *live, uint32_t meter, uint64_t nonce)
{
    uint32_t at = live->first_order ? live->first_order[meter] : GB_NO_ORDER;

    while (at != GB_NO_ORDER && live->orders[at].nonce != nonce)
        at = live->orders[at].next;
    return at == GB_NO_ORDER ? NULL : &live->orders[at];
}

/* ---- what is true */

/* Where refusals for that reason are counted; NULL: no order is refused so. */
static int64_t *refusals(struct gb_summary_row *sum, enum gb_receipt reason)
{
    switch (reason) {
    case GB_RECEIPT_UNREGISTERED: return &sum->n_refused_unregistered;
    case GB_RECEIPT_SUSPENDED: return &sum->n_refused_suspended;
    case GB_RECEIPT_BAD_SIGNATURE: return &sum->n_refused_bad_signature;
    case GB_RECEIPT_REPLAY: return &sum->n_refused_replay;
    case GB_RECEIPT_EXPIRED: return &sum->n_refused_expired;
    case GB_RECEIPT_OUT_OF_BAND: return &sum->n_refused_out_of_band;
    case GB_RECEIPT_OUTSIDE_RESERVE: return &sum->n_refused_outside_reserve;
    case GB_RECEIPT_BEYOND_CAPACITY: return &sum->n_refused_beyond_capacity;
    case GB_RECEIPT_UNDERFUNDED: return &sum->n_refused_underfunded;
    case GB_RECEIPT_BELOW_MINIMUM: return &sum->n_refused_below_minimum;
    case GB_RECEIPT_MALFORMED: return &sum->n_refused_malformed;
    case GB_RECEIPT_NOT_ALLOWED: return &sum->n_refused_not_allowed;
    case GB_RECEIPT_UNKNOWN_TARGET: return &sum->n_refused_unknown_target;
    case GB_RECEIPT_ALREADY_DONE: return &sum->n_refused_already_done;
    case GB_RECEIPT_TOO_EARLY: return &sum->n_refused_too_early;
    default: return NULL;
    }
}

static void count_late(struct gb_run *run, struct live_interval *live,
                       const struct sent_order *sent)
{
    struct gb_summary_row *sum = &run->summary;
    int64_t *const of_run[] = {&sum->n_late_sent, &sum->n_late_link, &sum->n_late_pool,
                               &sum->n_late_consensus};
    int64_t *const of_slot[] = {&live->row.n_late_sent, &live->row.n_late_link,
                                &live->row.n_late_pool, &live->row.n_late_consensus};

    sum->n_late++;
    live->row.n_late++;
    (*of_run[sent->late_cause - 1])++;
    (*of_slot[sent->late_cause - 1])++;
}

/* Where the order was at the gate, told while its block is there; it counts if the order is late.
 * Expired, a replay or too early in a block sealed at or behind the gate, it is late like those
 * beside it that hear 'gate closed'; in one sealed before, that is what it was refused for. */
static void note_passage(struct gb_run *run, const struct live_interval *live,
                         struct sent_order *sent, const struct gb_contract_event *event)
{
    struct gb_passage passage =
        run->protocol->passage(run->chain, event->position.height, event->position.transaction);

    if (gb_receipt_may_pass((enum gb_receipt)event->receipt) &&
        passage.sealed_ns < gate_ns(run, live->interval))
        sent->late_cause = GB_LATE_NOT;
    else
        sent->late_cause = (uint8_t)gb_run_late_cause(run, live->interval, sent->sent_ns, &passage);
}

static void note_receipt(struct gb_run *run, struct live_interval *live, struct sent_order *sent,
                         const struct gb_contract_event *event)
{
    struct gb_summary_row *sum = &run->summary;

    if (event->receipt != GB_RECEIPT_LATE)
        note_passage(run, live, sent, event);
    if (sent->receipt == GB_RECEIPT_OK) { /* accepted first, too late for the close after all */
        sum->n_accepted--;
        live->row.n_accepted--;
    }
    sent->receipt = event->receipt;
    if (live->details)
        live->details[sent - live->orders].position = event->position;
    sent->number = event->receipt == GB_RECEIPT_OK ? event->index : GB_NO_NUMBER;
    if (event->receipt == GB_RECEIPT_OK) {
        sum->n_accepted++;
        live->row.n_accepted++;
    } else if (gb_run_is_late(sent)) {
        count_late(run, live, sent);
    } else {
        int64_t *by_reason = refusals(sum, (enum gb_receipt)event->receipt);

        sum->n_refused++;
        if (by_reason)
            (*by_reason)++;
    }
}

static bool keep_trades(struct gb_run *run, struct live_interval *live,
                        const struct gb_interval_view *view)
{
    bool has_details = run->scenario->output_level >= GB_OUTPUT_MARKET;

    live->trade_flags = calloc(view->n_trades + 1, sizeof *live->trade_flags);
    live->trade_gains = malloc((view->n_trades + 1) * sizeof *live->trade_gains);
    if (has_details)
        live->trade_details = calloc(view->n_trades + 1, sizeof *live->trade_details);
    if (!live->trade_flags || !live->trade_gains || (has_details && !live->trade_details)) {
        gb_fail(&run->error, GB_ENOMEM, "no memory for %zu trades", view->n_trades);
        return false;
    }
    for (size_t t = 0; t < view->n_trades; t++) {
        const struct gb_trade *trade = &view->trades[t];
        const struct gb_order *bid = &view->orders[trade->buy_order];
        uint8_t asked = bid->source;

        live->trade_gains[t] =
            (int32_t)(bid->reserve.ticks - view->orders[trade->sell_order].reserve.ticks);
        if (asked != GB_SOURCE_ANY && asked == trade->source)
            live->trade_flags[t] = TRADE_IS_FIRST_CHOICE;
        if (has_details)
            live->trade_details[t].trade = *trade;
    }
    live->n_trades = view->n_trades;
    return true;
}

/* What accepted orders offer and ask, and the most surplus they could give, on both value bases:
 * reserves, and the grid as outside option, where every kWh that can be traded gains the same. */
static void count_orders(struct gb_run *run, struct live_interval *live,
                         const struct gb_interval_view *view)
{
    int64_t supply = 0, demand = 0;

    for (size_t i = 0; i < view->n_orders; i++) {
        const struct gb_order *order = &view->orders[i];

        if (view->withdrawn[i])
            continue;
        *(order->side == GB_BUY ? &demand : &supply) += order->quantity.wh;
        if (order->side == GB_BUY && order->source != GB_SOURCE_ANY)
            run->summary.chosen_wh += order->quantity.wh;
    }
    live->row.supply_wh = supply;
    live->row.demand_wh = demand;
    run->surplus_max +=
        (double)gb_market_most_surplus(view->orders, view->withdrawn, view->n_orders).units;
    run->summary.clearable_wh += supply < demand ? supply : demand;
}

static void note_match(struct gb_run *run, struct live_interval *live, uint64_t height)
{
    struct gb_interval_view view =
        gb_contracts_interval(run->protocol->contracts(run->chain), live->interval);

    live->match_height = height;
    if (!keep_trades(run, live, &view))
        return;
    count_orders(run, live, &view);
    for (size_t i = 0; i < live->n_orders; i++) { /* what became of each order */
        const struct sent_order *sent = &live->orders[i];
        if (live->details && sent->number != GB_NO_NUMBER && sent->number < view.n_orders)
            live->details[i].matched.wh =
                view.orders[sent->number].quantity.wh - view.unmatched[sent->number].wh;
    }
    live->row.n_trades = (int64_t)live->n_trades;
    run->summary.n_trades += (int64_t)live->n_trades;
    gb_run_forget_orders(live);
}

/* Orders of a slot that is missed without a match were accepted all the same. */
static void note_missed(struct gb_run *run, struct live_interval *live)
{
    struct gb_interval_view view =
        gb_contracts_interval(run->protocol->contracts(run->chain), live->interval);

    live->status = INTERVAL_MISSED;
    if (live->match_height == 0)
        count_orders(run, live, &view);
}

static void move_trade(struct gb_run *run, struct live_interval *live, const struct gb_trade *trade)
{
    struct user_totals *buyer = &run->users[trade->buyer], *seller = &run->users[trade->seller];
    int64_t paid = gb_cost(trade->energy, trade->price_buy).units;
    int64_t earned = gb_cost(trade->energy, trade->price_sell).units;

    live->cash[trade->buyer] += paid;
    live->paid += paid;
    live->cash[trade->seller] -= earned;
    live->traded_wh[trade->buyer] += trade->energy.wh;
    live->traded_wh[trade->seller] -= trade->energy.wh;
    buyer->bought_wh += trade->energy.wh;
    buyer->paid += paid;
    seller->sold_wh += trade->energy.wh;
    seller->earned += earned;
}

static void note_settled(struct gb_run *run, struct live_interval *live,
                         const struct gb_contract_event *event)
{
    size_t n_trades;
    const struct gb_trade *trades =
        gb_contracts_trades(run->protocol->contracts(run->chain), live->interval, &n_trades);
    assert(event->index < n_trades && n_trades == live->n_trades);
    struct gb_trade trade = trades[event->index];
    trade.energy = event->executed;
    double wh = (double)trade.energy.wh;

    live->trade_flags[event->index] |= TRADE_IS_SETTLED;
    if (live->trade_details) {
        live->trade_details[event->index].settled_height = event->position.height;
        live->trade_details[event->index].executed = event->executed;
    }
    move_trade(run, live, &trade);
    run->summary.n_settled++;
    run->summary.traded_wh += trade.energy.wh;
    live->row.traded_wh += trade.energy.wh;
    run->surplus_got += wh * (double)live->trade_gains[event->index];
    if (trade.energy.wh > 0) { /* as delivered, nothing may have moved */
        gb_weighted_tally_add(&run->price, (double)trade.price_buy.ticks, wh);
        if (!gb_histogram_add(run->prices, trade.price_buy.ticks, trade.energy.wh))
            gb_fail(&run->error, GB_ENOMEM, "no memory for the prices of trades");
    }
    if (live->trade_flags[event->index] & TRADE_IS_FIRST_CHOICE)
        run->first_choice_wh += trade.energy.wh;
}

static void count_deviation(struct gb_energy deviation, int64_t *short_wh, int64_t *long_wh)
{
    *(deviation.wh > 0 ? short_wh : long_wh) += deviation.wh > 0 ? deviation.wh : -deviation.wh;
}

static void mark_billed(struct live_interval *live, uint32_t meter, int64_t units)
{
    assert(!(live->flags[meter] & METER_IS_BILLED));
    live->cash[meter] += units;
    live->flags[meter] |= METER_IS_BILLED;
    live->n_billed++;
}

static void note_bill(struct gb_run *run, struct live_interval *live,
                      const struct gb_contract_event *event)
{
    uint32_t meter = GB_PARTY_INDEX(event->sender);
    struct user_totals *user = &run->users[meter];

    user->billed_wh += event->energy.wh;
    count_deviation(event->imbalance, &user->short_wh, &user->long_wh);
    count_deviation(event->off_schedule, &user->schedule_short_wh, &user->schedule_long_wh);
    mark_billed(live, meter, event->amount.units);
}

/* A gap is billed per register at one tariff, which comes to that of each of its slots: to those it
 * is counted, so that they keep their roles. None of their accounts can be closed yet. */
static void note_gap(struct gb_run *run, const struct gb_contract_event *event)
{
    uint32_t meter = GB_PARTY_INDEX(event->sender);
    int64_t units = 0;

    run->users[meter].billed_wh += event->energy.wh;
    run->summary.gap_cost += event->amount.units;
    run->summary.n_unread += event->index;
    for (int64_t k = event->interval - event->index + 1; k <= event->interval; k++) {
        struct live_interval *live = gb_run_live(run, k);
        assert(live);
        struct gb_energy net = {live->net_wh[meter]};
        int64_t of_slot = gb_tariff_bill(&run->scenario->market.tariff, net).units;
        mark_billed(live, meter, of_slot);
        live->flags[meter] |= METER_IS_UNREAD;
        if (live->meter_rows) {
            live->meter_rows[meter].gap_wh = net.wh;
            live->meter_rows[meter].gap_cost = of_slot;
        }
        units += of_slot;
    }
    if (units != event->amount.units)
        gb_fail(&run->error, GB_EBROKEN,
                "identity broken: a gap of meter %" PRIu32 " up to slot "
                "%" PRId64 " is billed with %" PRId64 ", its slots come to %" PRId64
                " (1e-9 currency)",
                meter, event->interval, event->amount.units, units);
}

/* What a block changed, told once. */
static void note_truth(struct gb_run *run, struct live_interval *live,
                       const struct gb_contract_event *event)
{
    if (!live)
        return;
    switch (event->kind) {
    case GB_EVENT_BILLED: note_bill(run, live, event); break;
    case GB_EVENT_GAP_BILLED: note_gap(run, event); break;
    case GB_EVENT_MATCHED: note_match(run, live, event->position.height); break;
    case GB_EVENT_OPENED:
        live->status = INTERVAL_DELIVERED;
        live->open_height = event->position.height;
        break;
    case GB_EVENT_MISSED:
        note_missed(run, live);
        gb_run_blame_open(run, live, event);
        break;
    case GB_EVENT_TRADE_SETTLED: note_settled(run, live, event); break;
    case GB_EVENT_TRADE_VOIDED:
        assert(event->index < live->n_trades);
        live->trade_flags[event->index] |= TRADE_IS_VOID;
        run->summary.n_voided++;
        break;
    default: break;
    }
}

/* Its sender knows what became of the order. */
static void note_answer(struct live_interval *live, struct sent_order *sent)
{
    sent->is_acknowledged = true;
    live->n_unacknowledged--;
    gb_run_forget_orders(live);
}

static void note_stable(struct gb_run *run, struct live_interval *live, struct sent_order *sent)
{
    /* the ideal protocol executes in batches to save time, but stands for one that commits every
     * order as it is sent */
    int64_t stable_ns =
        run->scenario->protocol == &gb_protocol_ideal ? sent->sent_ns : gb_queue_now_ns(run->queue);

    if (live->details)
        live->details[sent - live->orders].stable_ns = stable_ns;
    if (!gb_histogram_add(run->latencies, stable_ns - sent->sent_ns, 1))
        gb_fail(&run->error, GB_ENOMEM, "no memory for the latencies of orders");
    note_answer(live, sent);
}

/* An order's fate is heard once as truth, and once by the one who sent it. If it was refused for
 * when it came, the latter makes it true: who signs it again has no answer yet. */
static void note_order(struct gb_run *run, struct live_interval *live, uint32_t node, bool is_first,
                       const struct gb_contract_event *event)
{
    uint32_t meter = GB_PARTY_INDEX(event->sender);
    bool is_entry = gb_run_entry_node(run, meter) == node;
    bool may_pass = gb_receipt_may_pass((enum gb_receipt)event->receipt);
    struct sent_order *sent = is_first || is_entry ? find_order(live, meter, event->nonce) : NULL;

    if (!sent || (may_pass && (!is_entry || gb_run_resubmit(run, event))))
        return;
    if (is_first || may_pass)
        note_receipt(run, live, sent, event);
    if (is_entry && !sent->is_acknowledged)
        note_stable(run, live, sent);
}

void gb_run_rename_order(const struct gb_run *run, int64_t interval, uint32_t meter,
                         uint64_t old_nonce, uint64_t new_nonce)
{
    struct live_interval *live = gb_run_live(run, interval);
    struct sent_order *sent = live ? find_order(live, meter, old_nonce) : NULL;

    if (!sent)
        return;
    sent->nonce = (uint32_t)new_nonce;
    sent->n_again += sent->n_again < UINT8_MAX;
}

void gb_run_on_given_up(void *context, const struct gb_transaction *transaction)
{
    struct gb_run *run = context;
    const struct gb_passage passage = {.arrived_ns = transaction->arrived_ns,
                                       .sealed_ns = INT64_MAX};

    for (size_t i = 0; i < transaction->n_messages; i++) {
        const struct gb_message *message = &transaction->messages[i];

        gb_run_blame_pool(run, message, transaction->arrived_ns);
        if (message->kind != GB_MESSAGE_ORDER)
            continue;
        struct live_interval *live = gb_run_live(run, message->body.order.interval);
        struct sent_order *sent =
            live ? find_order(live, GB_PARTY_INDEX(message->sender), message->nonce) : NULL;
        if (!sent)
            continue;
        sent->late_cause = (uint8_t)gb_run_late_cause(run, live->interval, sent->sent_ns, &passage);
        count_late(run, live, sent);
        note_answer(live, sent);
    }
}

/* A reading or another message that is no order was refused for when it came: does its sender hear
 * it here? */
static void note_refusal(struct gb_run *run, uint32_t node, const struct gb_contract_event *event)
{
    uint32_t entry = GB_PARTY_ROLE(event->sender) == GB_ROLE_METER
                         ? gb_run_entry_node(run, GB_PARTY_INDEX(event->sender))
                         : GB_OPERATOR_NODE;

    if (entry == node)
        gb_run_resubmit(run, event);
}

/* ---- what the operator knows */

static void note_knowledge(struct live_interval *live, const struct gb_contract_event *event)
{
    uint32_t meter = GB_PARTY_INDEX(event->sender);

    if (event->kind == GB_EVENT_OPENED)
        live->is_opened_now = true;
    if (event->kind == GB_EVENT_READING && event->receipt == GB_RECEIPT_OK &&
        !(live->flags[meter] & METER_HAS_READ)) {
        live->flags[meter] |= METER_HAS_READ;
        live->fresh[live->n_fresh++] = meter;
    }
}

void gb_run_act_on_knowledge(struct gb_run *run, uint32_t node)
{
    for (size_t i = 0; i < run->n_live && !gb_run_has_failed(run); i++) {
        struct live_interval *live = run->live[i];

        if (!live->is_used)
            continue;
        if (live->n_owing > 0 && live->match_height != 0 &&
            run->node_height[node] >= live->match_height)
            gb_run_approve(run, live, node);
        if (node == GB_OPERATOR_NODE && !run->is_delivering &&
            (live->n_fresh > 0 || live->is_opened_now))
            gb_run_settle(run, live);
    }
}

/* Has all been billed that can be, and every order been answered? */
static bool is_over(const struct gb_run *run, const struct live_interval *live)
{
    return live->n_billed == run->n && live->n_unacknowledged == 0;
}

/* Ascending by interval, so that rows and sums have one order. */
static void close_billed(struct gb_run *run)
{
    struct live_interval *oldest;

    while (!gb_run_has_failed(run) && (oldest = gb_run_oldest(run)) && is_over(run, oldest)) {
        gb_run_close_account(run, oldest);
        gb_run_retire(oldest);
    }
}

void gb_run_on_stable(void *context, uint32_t node, uint64_t height, bool is_first,
                      const struct gb_events *events)
{
    struct gb_run *run = context;
    struct live_interval *live = NULL;

    run->node_height[node] = height;
    for (size_t i = 0; i < events->n && !gb_run_has_failed(run); i++) {
        const struct gb_contract_event *event = gb_event_at(events, i);

        if (!live || live->interval != event->interval)
            live = gb_run_live(run, event->interval);
        if (is_first && !gb_receipt_may_pass((enum gb_receipt)event->receipt))
            gb_run_note_progress(run);
        if (event->kind == GB_EVENT_ORDER) {
            if (live)
                note_order(run, live, node, is_first, event);
            continue;
        }
        if (is_first)
            note_truth(run, live, event);
        if (live && node == GB_OPERATOR_NODE)
            note_knowledge(live, event);
        if ((event->kind == GB_EVENT_REFUSED || event->kind == GB_EVENT_READING) &&
            gb_receipt_may_pass((enum gb_receipt)event->receipt))
            note_refusal(run, node, event);
    }
    gb_run_resubmit_collected(run);
    gb_run_act_on_knowledge(run, node);
    close_billed(run);
}

void gb_run_on_finished(void *context, const struct gb_block_statistics *block)
{
    struct gb_run *run = context;
    struct gb_block_row row = {.height = block->height,
                               .sealed_ns = block->sealed_ns,
                               .commit_first_ns = block->commit_first_ns,
                               .commit_quorum_ns = block->commit_quorum_ns,
                               .commit_last_ns = block->commit_last_ns,
                               .stable_quorum_ns = block->stable_quorum_ns,
                               .sealer = block->sealer,
                               .n_transactions = (uint32_t)block->n_transactions,
                               .n_messages = (uint32_t)block->n_messages,
                               .n_bytes = (int64_t)block->n_bytes};

    if (run->last_sealed_ns != INT64_MIN)
        gb_tally_add(&run->block_intervals,
                     (double)(block->sealed_ns - run->last_sealed_ns) / (double)GB_NS_PER_MS);
    run->last_sealed_ns = block->sealed_ns;
    memcpy(row.hash, block->hash.bytes, sizeof row.hash);
    run->head = block->hash;
    if (!gb_run_has_failed(run))
        gb_record_append(run->record, GB_TABLE_BLOCKS, &row, &run->error);
}
