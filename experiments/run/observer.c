#include "experiments/run/observer.h"

enum { AHEAD = 8, FAR_AHEAD = 16 }; /* events */

/* ---- intervals come and go */

size_t gb_run_open_interval(const struct gb_run_observer *observer, int64_t interval)
{
    size_t place = gb_run_intervals_open(observer->intervals, interval, observer->env->error);

    if (place == GB_NO_PLACE)
        return GB_NO_PLACE;
    gb_run_kpis_open(observer->kpis, place, interval);
    gb_run_sent_orders_open(observer->sent_orders, place, interval);
    gb_run_causes_open(observer->causes, place);
    gb_run_meter_rows_open(observer->meter_rows, place);
    gb_run_accounts_open(observer->accounts, place);
    gb_run_metering_open(observer->metering, place);
    gb_run_operator_open_place(observer->operator_, place);
    gb_run_contracted_open(observer->contracted, place);
    gb_run_assets_open(observer->assets, place, interval);
    if (gb_run_trades_at_once(observer->env) && !gb_run_has_failed(observer->env)) {
        gb_run_ledger_book_open(observer->ledger_book, place);
        gb_run_market_news_open(observer->market_news, place);
    }
    if (gb_run_lets_amend(observer->env) && !gb_run_has_failed(observer->env))
        gb_run_requotes_open(observer->requotes, place);
    return gb_run_has_failed(observer->env) ? GB_NO_PLACE : place;
}

static void close_interval(const struct gb_run_observer *observer, size_t place)
{
    gb_run_accounts_close(observer->accounts, place, gb_run_causes_of(observer->causes, place),
                          observer->sink);
    gb_run_agents_reward(observer->agents, observer->env, observer->intervals->at[place],
                         &observer->accounts->at[place]);
    gb_run_sent_orders_show(observer->sent_orders, place, observer->sink);
    gb_run_assets_retire(observer->assets, place);
    gb_run_contracted_retire(observer->contracted, place);
    gb_run_operator_retire(observer->operator_, place);
    gb_run_metering_retire(observer->metering, place);
    gb_run_accounts_retire(observer->accounts, place);
    gb_run_meter_rows_retire(observer->meter_rows, place);
    gb_run_sent_orders_retire(observer->sent_orders, place);
    if (gb_run_trades_at_once(observer->env))
        gb_run_market_news_retire(observer->market_news, place);
    gb_run_intervals_retire(observer->intervals, place);
}

/* Has all been billed that can be, and every order been answered? */
static bool is_over(const struct gb_run_observer *observer, size_t place)
{
    return gb_run_accounts_is_billed(observer->accounts, place) &&
           gb_run_sent_orders_n_open(observer->sent_orders, place) == 0;
}

/* Ascending by interval, so that rows and sums have one order. */
static void close_intervals(const struct gb_run_observer *observer, bool all)
{
    size_t oldest;

    while (!gb_run_has_failed(observer->env) &&
           (oldest = gb_run_intervals_oldest(observer->intervals)) != GB_NO_PLACE &&
           (all || is_over(observer, oldest)))
        close_interval(observer, oldest);
}

void gb_run_close_remaining(const struct gb_run_observer *observer)
{
    close_intervals(observer, true);
}

/* ---- what is reported */

/* An order's fate is recorded once as truth, and once by the one who sent it. If it was refused for
 * when it came, the latter makes it true: who signs it again has no answer yet. */
static void observe_order(const struct gb_run_observer *observer, size_t place, uint32_t node,
                          bool is_first, const struct gb_contract_event *event)
{
    struct gb_run_sent_orders *sent = observer->sent_orders;
    uint32_t meter = GB_PARTY_INDEX(event->sender);
    bool is_entry = gb_run_gateway_entry_node(observer->gateway, meter) == node;
    bool may_pass = gb_receipt_may_pass((enum gb_receipt)event->receipt);
    uint32_t number = is_first || is_entry
                          ? gb_run_sent_orders_find(sent, place, meter, event->nonce)
                          : GB_NO_ORDER;

    if (number == GB_NO_ORDER ||
        (may_pass && (!is_entry || gb_run_resubmit(observer->resubmission, event))))
        return;
    if (is_first || may_pass)
        gb_run_sent_orders_receipt(sent, place, number, event);
    if (is_entry && gb_run_lets_amend(observer->env))
        gb_run_requotes_answer(observer->requotes, place, number, event);
    if (is_entry && gb_run_trades_at_once(observer->env))
        gb_run_market_news_answer(observer->market_news, place, number, event);
    if (is_entry)
        gb_run_sent_orders_acknowledge(sent, place, number);
}

/* Where orders trade as they come: an order that now stands, or stands otherwise. */
static void hear_order(const struct gb_run_observer *observer, size_t place, bool is_first,
                       const struct gb_contract_event *event)
{
    if (!gb_run_trades_at_once(observer->env) || event->receipt != GB_RECEIPT_OK)
        return;
    if (is_first)
        gb_run_ledger_book_order(observer->ledger_book, place, event);
    gb_run_market_news_order(observer->market_news, place, event);
}

static void hear_trade(const struct gb_run_observer *observer, size_t place, uint32_t node,
                       bool is_first, const struct gb_contract_event *event)
{
    if (is_first)
        gb_run_ledger_book_trade(observer->ledger_book, place, event);
    if (gb_run_has_failed(observer->env))
        return;
    gb_run_market_news_trade(observer->market_news, place, node, event);
    gb_run_requotes_trade(observer->requotes, place, node, event);
}

/* Round 1 is over: what is left may be amended. */
static void hear_round(const struct gb_run_observer *observer, size_t place, uint32_t node,
                       bool is_first, int64_t interval)
{
    const struct gb_contracts *contracts = gb_run_gateway_contracts(observer->gateway);

    if (is_first) {
        struct gb_interval_view view = gb_contracts_interval(contracts, interval);

        gb_run_round_news_take(observer->round_news, place, view.round);
        gb_run_match_news_take_round(observer->match_news, place, &view);
    }
    if (gb_run_has_failed(observer->env))
        return;
    gb_run_requotes_round(observer->requotes, place, node);
    if (node == GB_OPERATOR_NODE)
        gb_run_operator_learn_round(observer->operator_, place, interval);
}

/* The block is heard: agents learn of it, and those whom it wakes act. */
static void hear_end(const struct gb_run_observer *observer, uint32_t node, uint64_t height,
                     bool is_first)
{
    const struct gb_run_intervals *intervals = observer->intervals;

    if (!gb_run_trades_at_once(observer->env))
        return;
    if (is_first)
        gb_run_ledger_book_end_block(observer->ledger_book, height);
    for (size_t place = 0; place < intervals->n && !gb_run_has_failed(observer->env); place++)
        if (intervals->at[place] != GB_NO_INTERVAL) {
            bool has_trade =
                gb_run_market_news_end_block(observer->market_news, place, node, height,
                                             gb_run_requotes_standing(observer->requotes, place));
            gb_run_requotes_end_block(observer->requotes, place, node, has_trade);
        }
}

static void observe_match(const struct gb_run_observer *observer, size_t place,
                          const struct gb_contract_event *event)
{
    struct gb_interval_view view =
        gb_contracts_interval(gb_run_gateway_contracts(observer->gateway), event->interval);

    gb_run_accounts_match(observer->accounts, place, event);
    gb_run_contracted_match(observer->contracted, place, &view, event->position.height);
    gb_run_expected_prices_match(observer->expected_prices, event->interval, &view,
                                 event->position.height);
    gb_run_sent_orders_match(observer->sent_orders, place, &view);
    gb_run_outcomes_take(observer->outcomes, place, &view);
    if (!gb_run_trades_at_once(observer->env))
        gb_run_match_news_take(observer->match_news, place, &view);
}

/* What a block changed, recorded once. */
static void observe_truth(const struct gb_run_observer *observer, size_t place,
                          const struct gb_contract_event *event)
{
    struct gb_run_accounts *accounts = observer->accounts;

    switch (event->kind) {
    case GB_EVENT_GAP_BILLED: gb_run_accounts_bill_gap(accounts, event); break;
    case GB_EVENT_MATCHED: observe_match(observer, place, event); break;
    case GB_EVENT_OPENED: gb_run_accounts_begin(accounts, place, event); break;
    case GB_EVENT_MISSED:
        gb_run_accounts_miss(accounts, place);
        gb_run_causes_missed(observer->causes, place, event);
        break;
    case GB_EVENT_TRADE_VOIDED: gb_run_accounts_void(accounts, place, event); break;
    default: break;
    }
}

/* A reading or another message that is no order was refused for when it came: does its sender learn
 * it here? */
static void observe_refusal(const struct gb_run_observer *observer, uint32_t node,
                            const struct gb_contract_event *event)
{
    uint32_t entry =
        GB_PARTY_ROLE(event->sender) == GB_ROLE_METER
            ? gb_run_gateway_entry_node(observer->gateway, GB_PARTY_INDEX(event->sender))
            : GB_OPERATOR_NODE;

    if (entry == node)
        gb_run_resubmit(observer->resubmission, event);
}

/* Does an order, an amendment or a cancel cost its fee here? One that is found late at the close
 * was executed, and charged, before. */
static bool is_charged(const struct gb_run_environment *env, const struct gb_contract_event *event)
{
    enum gb_receipt receipt = (enum gb_receipt)event->receipt;

    return env->scenario->fee.units != 0 && !event->is_of_bundle && receipt != GB_RECEIPT_LATE &&
           gb_receipt_is_of_execution(receipt);
}

/* Is a match heard of here? Where orders trade as they come, the open makes one of what was traded;
 * a slot that is missed has none. */
static bool has_match(const struct gb_run_observer *observer, const struct gb_contract_event *event)
{
    return event->kind ==
           (gb_run_trades_at_once(observer->env) ? GB_EVENT_OPENED : GB_EVENT_MATCHED);
}

static void take_order(const struct gb_run_observer *observer, size_t place, uint32_t node,
                       bool is_first, const struct gb_contract_event *event)
{
    if (is_first && is_charged(observer->env, event))
        gb_run_accounts_charge(observer->accounts, place, GB_PARTY_INDEX(event->sender));
    hear_order(observer, place, is_first, event);
    observe_order(observer, place, node, is_first, event);
}

/* Of anything but orders, and of what accounts take. */
static void take_event(const struct gb_run_observer *observer, size_t place, uint32_t node,
                       bool is_first, const struct gb_contract_event *event)
{
    bool is_live = place != GB_NO_PLACE;
    bool is_at_operator = is_live && node == GB_OPERATOR_NODE;

    switch (event->kind) {
    case GB_EVENT_TRADED:
        if (is_live)
            hear_trade(observer, place, node, is_first, event);
        return;
    case GB_EVENT_ROUND:
        if (is_live)
            hear_round(observer, place, node, is_first, event->interval);
        return;
    case GB_EVENT_READING:
    case GB_EVENT_REFUSED:
        if (gb_receipt_may_pass((enum gb_receipt)event->receipt))
            observe_refusal(observer, node, event);
        return;
    default: break;
    }
    if (is_live && is_first)
        observe_truth(observer, place, event);
    if (is_live && has_match(observer, event))
        gb_run_outcomes_tell(observer->outcomes, place, node);
    if (is_live && event->kind == GB_EVENT_MATCHED && !gb_run_trades_at_once(observer->env))
        gb_run_match_news_tell(observer->match_news, place, node);
    if (is_at_operator && event->kind == GB_EVENT_OPENED)
        gb_run_operator_learn_open(observer->operator_, place);
}

void gb_run_act_on_knowledge(const struct gb_run_observer *observer, uint32_t node)
{
    const struct gb_run_intervals *intervals = observer->intervals;

    for (size_t place = 0; place < intervals->n && !gb_run_has_failed(observer->env); place++) {
        int64_t interval = intervals->at[place];

        if (interval == GB_NO_INTERVAL)
            continue;
        gb_run_metering_approve(observer->metering, place, interval, node);
        if (node == GB_OPERATOR_NODE)
            gb_run_operator_settle(observer->operator_, place, interval);
    }
}

/* ---- the chain calls */

/* Orders and trades come in no order of meters; see gb_contracts_apply. Inline in any case, as
 * there. */
static inline __attribute__((always_inline)) void look_ahead(const struct gb_run_observer *observer,
                                                             size_t place,
                                                             const struct gb_events *events,
                                                             size_t i)
{
    if (place == GB_NO_PLACE || i + FAR_AHEAD >= events->n ||
        observer->env->n <= GB_RUN_KEPT_CAPACITY)
        return;
    const struct gb_contract_event *far = gb_event_at(events, i + FAR_AHEAD);
    const struct gb_contract_event *near = gb_event_at(events, i + AHEAD);
    if (far->kind == GB_EVENT_ORDER)
        gb_run_sent_orders_look_far_ahead(observer->sent_orders, place,
                                          GB_PARTY_INDEX(far->sender));
    if (near->kind == GB_EVENT_ORDER)
        gb_run_sent_orders_look_ahead_of(observer->sent_orders, place,
                                         GB_PARTY_INDEX(near->sender));
}

/* Where the events end that begin with `first`, tell of what accounts take and stand with nothing
 * but readings between them; all of one interval. */
static size_t end_of_moves(const struct gb_events *events, size_t first)
{
    int64_t interval = gb_event_at(events, first)->interval;
    size_t end = first + 1;

    for (; end < events->n; end++) {
        const struct gb_contract_event *event = gb_event_at(events, end);

        if (event->interval != interval ||
            (event->kind != GB_EVENT_READING && !gb_run_accounts_takes(event)))
            break;
    }
    return end;
}

/* Does the event concern its sender alone, or is it recorded once: is it no news to a node where
 * its sender does not enter? */
static bool is_private(const struct gb_contract_event *event)
{
    return event->kind == GB_EVENT_ORDER || event->kind == GB_EVENT_READING ||
           event->kind == GB_EVENT_REFUSED || gb_run_accounts_takes(event);
}

/* Hands out what is stable at a node for the first time, or at one where somebody enters.
 * returns whether all of it is private */
static bool hand_out(const struct gb_run_observer *observer, uint32_t node, bool is_first,
                     const struct gb_events *events)
{
    const struct gb_run_intervals *intervals = observer->intervals;
    size_t place = GB_NO_PLACE, moves_end = 0;
    bool are_private = true;

    for (size_t i = 0; i < events->n && !gb_run_has_failed(observer->env); i++) {
        const struct gb_contract_event *event = gb_event_at(events, i);
        bool is_move = gb_run_accounts_takes(event);

        if (is_move && i < moves_end)
            continue; /* taken with the first of them */
        bool may_pass = gb_receipt_may_pass((enum gb_receipt)event->receipt);
        if (place == GB_NO_PLACE || intervals->at[place] != event->interval)
            place = gb_run_intervals_find(intervals, event->interval);
        if (is_first && !may_pass)
            gb_run_livelock_end(observer->livelock);
        if (is_move) {
            if (!is_first || place == GB_NO_PLACE)
                continue;
            moves_end = end_of_moves(events, i);
            gb_run_accounts_take(observer->accounts, place, events, i, moves_end);
        } else if (event->kind == GB_EVENT_READING && !may_pass) {
            if (node == GB_OPERATOR_NODE && place != GB_NO_PLACE)
                gb_run_operator_learn(observer->operator_, place, event);
        } else if (event->kind == GB_EVENT_ORDER) {
            look_ahead(observer, place, events, i);
            if (place != GB_NO_PLACE)
                take_order(observer, place, node, is_first, event);
        } else {
            are_private = are_private && is_private(event);
            take_event(observer, place, node, is_first, event);
        }
    }
    return are_private;
}

/* The same at a later node where nobody enters. */
static void hand_out_news(const struct gb_run_observer *observer, uint32_t node,
                          const struct gb_events *events)
{
    for (size_t i = 0; i < events->n && !gb_run_has_failed(observer->env); i++) {
        const struct gb_contract_event *event = gb_event_at(events, i);

        if (!is_private(event))
            take_event(observer, gb_run_intervals_find(observer->intervals, event->interval), node,
                       false, event);
    }
}

static void on_stable(void *context, uint32_t node, uint64_t height, bool is_first,
                      const struct gb_events *events)
{
    struct gb_run_observer *observer = context;

    gb_run_knowledge_learn(observer->knowledge, node, height);
    if (is_first)
        observer->private_height = hand_out(observer, node, true, events) ? height : 0;
    else if (gb_run_gateway_is_entry(observer->gateway, node) ||
             gb_run_trades_at_once(observer->env))
        hand_out(observer, node, false, events);
    else if (observer->private_height != height)
        hand_out_news(observer, node, events);
    hear_end(observer, node, height, is_first);
    gb_run_resubmission_send(observer->resubmission);
    gb_run_act_on_knowledge(observer, node);
    close_intervals(observer, false);
}

static void on_finished(void *context, const struct gb_block_statistics *block)
{
    const struct gb_run_observer *observer = context;

    gb_run_gateway_finish_block(observer->gateway, &block->hash);
    gb_run_kpis_block(observer->kpis, block);
}

static void on_given_up(void *context, const struct gb_transaction *transaction)
{
    const struct gb_run_observer *observer = context;
    struct gb_run_sent_orders *sent = observer->sent_orders;

    for (size_t i = 0; i < transaction->n_messages; i++) {
        const struct gb_message *message = &transaction->messages[i];

        gb_run_causes_given_up(observer->causes, message, transaction->arrived_ns);
        if (message->kind != GB_MESSAGE_ORDER)
            continue;
        size_t place = gb_run_intervals_find(observer->intervals, message->body.order.interval);
        uint32_t number = place == GB_NO_PLACE
                              ? GB_NO_ORDER
                              : gb_run_sent_orders_find(
                                    sent, place, GB_PARTY_INDEX(message->sender), message->nonce);
        if (number != GB_NO_ORDER)
            gb_run_sent_orders_give_up(sent, place, number, transaction->arrived_ns);
    }
}

struct gb_chain_observer gb_run_observer_of_chain(struct gb_run_observer *observer)
{
    return (struct gb_chain_observer){observer, on_stable, on_finished, on_given_up};
}
