#include "tests/session.h"

#include <inttypes.h>
#include <stdlib.h>

#include "tests/tap.h"

static uint32_t pick(struct session *session, uint32_t n)
{
    struct gb_key key = {{session->seed, GB_PURPOSE_TEST}};

    return gb_draw_at(key, 1, 0, 0, session->n_draws++).words[0] % n;
}

static bool happens(struct session *session, uint32_t percent)
{
    /* drawn in either case: honest and hostile differ in nothing else */
    uint32_t drawn = pick(session, 100);

    return session->is_hostile && drawn < percent;
}

static bool trades_as_orders_come(const struct session *session)
{
    return session->mechanism->trading != NULL;
}

static void send(struct session *session, struct gb_message message)
{
    size_t number = session->n_messages++;
    bool is_forged = happens(session, 3);

    if (message.kind == GB_MESSAGE_ORDER)
        session->kept[session->n_kept++ % SESSION_KEPT] = message;
    if (number == session->skipped)
        return;
    struct gb_transaction *transaction = stage_wrap(&session->stage, message);
    if (is_forged)
        transaction->signatures[0].bytes[40] ^= 4;
    enum gb_receipt receipt = stage_add(&session->stage, transaction);
    session->receipt_counts[receipt]++;
    if (receipt == GB_RECEIPT_OK)
        session_book_hear(&session->book, &message, session->stage.height);
    if (number < SESSION_MESSAGES)
        session->receipts[number] = (uint8_t)receipt;
}

/* Some orders are overtaken by the next. */
static void send_order(struct session *session, struct gb_message order)
{
    struct gb_message held = session->held;
    bool has_held = session->has_held;

    session->has_held = !has_held && happens(session, 8);
    session->held = order;
    if (!session->has_held)
        send(session, order);
    if (has_held)
        send(session, held);
}

/* At a quote and a reserve about the band; sometimes for twice of what its owner can pay. */
static struct gb_message draw_order(struct session *session, uint32_t meter, int64_t interval)
{
    enum gb_side side = (meter + (uint32_t)interval) % 3 == 0 ? GB_SELL : GB_BUY;
    int64_t reserve = 300000 + 1000 * pick(session, 300) + session->raised;
    int64_t shade = side == GB_BUY ? -1000 * (int64_t)pick(session, 30) : 1000 * pick(session, 30);
    int64_t wh = 1 + (int64_t)pick(session, SESSION_MOST_WH);
    int64_t payable = side == GB_BUY ? reserve : -reserve;
    struct gb_message message =
        stage_order(&session->stage, meter, interval, side, wh, reserve + shade, reserve);
    struct gb_order *order = &message.body.order.order;
    uint32_t type = pick(session, 10), source = pick(session, 4);

    if (session->books == GB_BOOKS_BY_SOURCE)
        order->source = (uint8_t)(side == GB_SELL ? 1 + source % 3 : source);
    if (type == 0)
        order->type = GB_ORDER_MARKET;
    if (type == 1 && trades_as_orders_come(session)) {
        order->type = GB_ORDER_IOC;
        order->minimum.wh = pick(session, (uint32_t)wh);
    }
    if (payable >= 100000 && happens(session, 3))
        order->quantity.wh = 2 * STAGE_BALANCE / payable;
    return message;
}

static void send_orders(struct session *session, int64_t interval)
{
    for (uint32_t i = 0; i < SESSION_METERS; i++) {
        uint32_t what = pick(session, 8);
        struct gb_message order = draw_order(session, i, interval);

        if (what == 0)
            continue; /* its nonce is left out for good */
        if (what == 1 || what == 2)
            order.body.order.amends = order.nonce - 1 - pick(session, 2);
        order.body.order.cancels = what == 2;
        if (happens(session, 5)) {
            order.body.order.order.side ^= 1;
            order.body.order.order.quantity.wh = SESSION_MOST_WH;
        }
        send_order(session, order);
    }
    if (happens(session, 80) && session->n_kept > 0)
        send(session,
             session
                 ->kept[pick(session, (uint32_t)(session->n_kept < SESSION_KEPT ? session->n_kept
                                                                                : SESSION_KEPT))]);
}

/* Another quote and total of an order, half of the way to its reserve or at the quote it had; some
 * would be another order. */
static struct gb_message draw_requote(struct session *session, const struct gb_message *sent,
                                      bool moves)
{
    const struct gb_order *first = &sent->body.order.order;
    struct gb_message again = draw_order(session, first->owner, session->book.interval);
    struct gb_energy total = again.body.order.order.quantity;

    again.body.order.amends = sent->nonce;
    again.body.order.order = *first;
    again.body.order.order.quantity = total;
    if (moves)
        again.body.order.order.price.ticks += (first->reserve.ticks - first->price.ticks) / 2;
    if (happens(session, 5))
        again.body.order.order.side ^= 1;
    if (happens(session, 5))
        again.body.order.order.reserve.ticks += 1000;
    if (happens(session, 5))
        again.body.order.amends += 100;
    return again;
}

/* Users quote anew what they sent, some twice, of which the second is there first. */
static void send_requotes(struct session *session)
{
    size_t n = session->book.n_messages;

    for (size_t i = 0; i < n; i++) {
        const struct gb_message *sent = &session->book.messages[i];
        uint32_t chance = pick(session, 3);

        if (chance == 0 || sent->body.order.amends)
            continue;
        struct gb_message again = draw_requote(session, sent, chance == 1);
        if (happens(session, 10)) {
            struct gb_message later = draw_requote(session, sent, true);
            send(session, later);
        }
        send_order(session, again);
    }
}

static void send_gate(struct session *session, int64_t interval)
{
    uint64_t back = pick(session, 2);

    if (happens(session, 8))
        return;
    bool is_trading = trades_as_orders_come(session);
    uint64_t height = is_trading ? 0 : session->stage.height - 1;
    send(session, stage_gate(&session->stage, interval, is_trading ? 0 : height - back));
    if (happens(session, 10))
        send(session, stage_gate(&session->stage, interval, height));
}

/* Of a session that trades: some of its last trades may not have been stable in time. */
static struct gb_message open_of(struct session *session, int64_t interval)
{
    if (!trades_as_orders_come(session))
        return stage_deliver(&session->stage, interval);
    return stage_deliver_until(&session->stage, interval,
                               session->stage.height - 1 - pick(session, 5));
}

static void send_open(struct session *session, int64_t interval)
{
    if (happens(session, 5))
        return;
    if (happens(session, 10)) {
        send(session, stage_miss(&session->stage, interval));
        return;
    }
    struct gb_message deliver = open_of(session, interval);
    if (happens(session, 10)) {
        deliver.body.open.root.bytes[3] ^= 1;
        send(session, deliver);
        deliver = open_of(session, interval);
    }
    send(session, deliver);
}

static void send_readings(struct session *session, int64_t interval)
{
    for (uint32_t i = 0; i < SESSION_METERS; i++) {
        int64_t net = (int64_t)pick(session, 4000) - 1500;
        bool signs = !happens(session, 10);
        struct gb_message reading =
            stage_reading(&session->stage, i, interval, net, signs ? session->approvals[i] : NULL);
        if (reading.body.reading.approvals.n > 0 && happens(session, 10))
            ((struct gb_signature *)reading.body.reading.approvals.signatures)->bytes[1] ^= 1;
        if (happens(session, 12))
            continue; /* lost: the next one leaves a gap */
        if (happens(session, 3))
            reading.body.reading.start.import_wh++;
        send(session, reading);
        if (happens(session, 5))
            send(session, reading);
        if (!signs && happens(session, 50)) {
            const uint32_t *trades;
            if (gb_contracts_meter_trades(session->stage.contracts, interval, i, &trades) > 0) {
                struct stage_approval one =
                    stage_approval(&session->stage, reading.sender, interval, trades[0]);
                send(session, stage_approve(&session->stage, i, interval, 1, &one));
            }
        }
    }
}

static void send_settle(struct session *session, int64_t interval)
{
    struct gb_interval_view view = gb_contracts_interval(session->stage.contracts, interval);
    size_t n = 0;

    for (uint32_t i = 0; i < view.n_trades && n < SESSION_APPROVALS; i++)
        if (view.trade_states[i] == GB_TRADE_PENDING &&
            session->is_read[interval][view.trades[i].seller] &&
            session->is_read[interval][view.trades[i].buyer])
            session->trades[n++] = i;
    if (n == 0)
        return;
    struct gb_message settle =
        stage_settle(&session->stage, interval, session->trades, (uint32_t)n);
    if (happens(session, 15))
        settle.body.settle.root.bytes[9] ^= 1;
    send(session, settle);
}

static void send_finalize(struct session *session, int64_t interval)
{
    if (interval < 0 || happens(session, 10))
        return;
    send(session, stage_finalize(&session->stage, interval));
    if (interval > 0 && happens(session, 90)) /* what was left out the last time */
        send(session, stage_finalize(&session->stage, interval - 1));
}

static void begin_at(struct session *session, int64_t time_ns)
{
    session->stage.time_ns = time_ns;
    stage_begin(&session->stage);
}

static void count_event(struct session *session, const struct gb_contract_event *event)
{
    session->counts[event->kind]++;
    if (event->kind == GB_EVENT_BILLED || event->kind == GB_EVENT_GAP_BILLED)
        session->billed_units += event->amount.units;
    else if (event->kind == GB_EVENT_READING && event->receipt == GB_RECEIPT_OK)
        session->is_read[event->interval][GB_PARTY_INDEX(event->sender)] = true;
}

/* What the slot traded must be what its accepted orders come to. */
static void check_trades(struct session *session, const struct gb_trade *trades, size_t n)
{
    if (EXPECT(
            session_book_trades(&session->book, &session->stage.genesis.rules.market, trades, n)))
        session->n_matches += n > 0;
    else
        tap_note("%s, seed %u, slot %" PRId64 ": %zu trades", session->mechanism->member.name,
                 session->seed, session->book.interval, n);
}

static void check_executions(struct session *session)
{
    struct gb_trade trades[4 * SESSION_BOOK_MESSAGES];
    size_t n;
    const struct gb_execution *executions =
        gb_contracts_executions(session->stage.contracts, session->book.interval, &n);

    for (size_t i = 0; i < n; i++)
        trades[i] = executions[i].trade;
    check_trades(session, trades, n);
}

static void end(struct session *session)
{
    const struct gb_events *events = gb_contracts_events(session->stage.contracts);

    stage_end(&session->stage);
    for (size_t i = 0; i < events->n; i++) {
        const struct gb_contract_event *event = gb_event_at(events, i);

        count_event(session, event);
        if (event->kind == GB_EVENT_MATCHED && !trades_as_orders_come(session)) {
            struct gb_interval_view view =
                gb_contracts_interval(session->stage.contracts, event->interval);

            EXPECT_INT(event->interval, session->book.interval);
            check_trades(session, view.trades, view.n_trades);
        }
    }
    if (trades_as_orders_come(session))
        check_executions(session);
}

/* One slot of the clock: k opens, delivers and is read while its neighbours do the rest. */
static void run_slot(struct session *session, int64_t k)
{
    int64_t t = k * SESSION_SLOT;

    session_book_begin(&session->book, k, session->books);
    begin_at(session, t - SESSION_SLOT); /* opening of k, delivery of k - 1 has begun */
    send_orders(session, k);
    end(session);
    begin_at(session, t - 10 * STAGE_MINUTE);
    if (k > 1)
        send_settle(session, k - 2);
    send_orders(session, k);
    if (trades_as_orders_come(session))
        send_requotes(session);
    end(session);
    begin_at(session, t - 5 * STAGE_MINUTE);
    send_gate(session, k);
    end(session);
    if (session->asks_users) {
        begin_at(session, t - 4 * STAGE_MINUTE);
        send_requotes(session);
        end(session);
        begin_at(session, t - 3 * STAGE_MINUTE);
        send_requotes(session);
        if (happens(session, 20)) /* too early */
            send_gate(session, k);
        end(session);
        begin_at(session, t - 2 * STAGE_MINUTE);
        send_gate(session, k);
        end(session);
    }
    begin_at(session, t - STAGE_MINUTE);
    send_orders(session, k);
    end(session);
    begin_at(session, t);
    send_open(session, k);
    if (k > 0)
        send_readings(session, k - 1);
    send_finalize(session, k - 2);
    end(session);
}

static void set(struct gb_market_rules *rules, const char *key, const char *value)
{
    char why[200];

    if (!EXPECT(gb_market_rules_set(rules, key, value, why, sizeof why)))
        tap_note("%s", why);
}

static struct gb_contract_rules rules_of(const struct session *session, uint32_t seed)
{
    struct gb_contract_rules rules = stage_rules();

    rules.signatures_required = 2 + seed % 2;
    rules.market.tariff.feed_in.ticks += session->raised;
    rules.market.tariff.retail.ticks += session->raised;
    rules.imbalance_short.ticks += session->raised;
    rules.imbalance_long.ticks += session->raised;
    gb_market_rules_select(&rules.market, session->mechanism);
    set(&rules.market, "market.books", gb_books_names[session->books]);
    if (session->asks_users)
        set(&rules.market, "market.requote.by", "user");
    return rules;
}

void session_run(struct session *session, uint32_t seed, enum gb_crypto crypto, int64_t n_slots)
{
    struct gb_contract_rules rules = rules_of(session, seed);

    session->seed = seed;
    stage_open(&session->stage, crypto, SESSION_METERS, rules);
    stage_register_all(&session->stage);
    for (int64_t k = 0; k < n_slots; k++)
        run_slot(session, k);
    session->is_hostile = false;
    session_book_begin(&session->book, n_slots, session->books);
    for (int64_t k = 0; k < n_slots; k++) { /* the flush: nothing stays open */
        begin_at(session, (n_slots + 3) * SESSION_SLOT);
        send(session, stage_finalize(&session->stage, k));
        end(session);
    }
    for (uint32_t i = 0; i < SESSION_METERS; i++) {
        begin_at(session, (n_slots + 3) * SESSION_SLOT);
        send(session, stage_reading(&session->stage, i, n_slots, 0, NULL));
        end(session);
    }
    EXPECT_INT(stage_send(&session->stage, stage_finalize(&session->stage, n_slots)),
               GB_RECEIPT_OK);
}

struct session *session_create(bool is_hostile)
{
    struct session *session = calloc(1, sizeof *session);

    session->is_hostile = is_hostile;
    session->mechanism = &gb_mechanism_two_round;
    session->books = GB_BOOKS_POOLED;
    session->skipped = SIZE_MAX;
    return session;
}

void session_free(struct session *session)
{
    stage_close(&session->stage);
    free(session);
}
