#include "tests/session.h"

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
    if (number < SESSION_MESSAGES)
        session->receipts[number] = (uint8_t)receipt;
}

static void send_orders(struct session *session, int64_t interval)
{
    for (uint32_t i = 0; i < SESSION_METERS; i++) {
        uint32_t what = pick(session, 8);
        enum gb_side side = (i + (uint32_t)interval) % 3 == 0 ? GB_SELL : GB_BUY;
        int64_t reserve = 300000 + 1000 * pick(session, 300) + session->raised;
        int64_t shade =
            side == GB_BUY ? -1000 * (int64_t)pick(session, 30) : 1000 * pick(session, 30);
        int64_t wh = 1 + (int64_t)pick(session, 3000);
        struct gb_message order =
            stage_order(&session->stage, i, interval, side, wh, reserve + shade, reserve);
        if (what == 0)
            continue; /* its nonce is left out for good */
        if (what == 1)
            order.body.order.amends = order.nonce - 1 - pick(session, 2);
        if (what == 2) {
            order.body.order.cancels = true;
            order.body.order.amends = order.nonce - 1 - pick(session, 2);
        }
        if (happens(session, 5))
            order.body.order.order.side ^= 1;
        send(session, order);
    }
    if (happens(session, 80) && session->n_kept > 0)
        send(session,
             session
                 ->kept[pick(session, (uint32_t)(session->n_kept < SESSION_KEPT ? session->n_kept
                                                                                : SESSION_KEPT))]);
}

static void send_gate(struct session *session, int64_t interval)
{
    uint64_t back = pick(session, 2);

    if (happens(session, 8))
        return;
    uint64_t height = session->is_trading ? 0 : session->stage.height - 1;
    send(session, stage_gate(&session->stage, interval, session->is_trading ? 0 : height - back));
    if (happens(session, 10))
        send(session, stage_gate(&session->stage, interval, height));
}

/* Of a session that trades: some of its last trades may not have been stable in time. */
static struct gb_message open_of(struct session *session, int64_t interval)
{
    if (!session->is_trading)
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

static void end(struct session *session)
{
    const struct gb_events *events = gb_contracts_events(session->stage.contracts);

    stage_end(&session->stage);
    for (size_t i = 0; i < events->n; i++)
        count_event(session, gb_event_at(events, i));
}

/* One slot of the clock: k opens, delivers and is read while its neighbours do the rest. */
static void run_slot(struct session *session, int64_t k)
{
    int64_t t = k * SESSION_SLOT;

    begin_at(session, t - SESSION_SLOT); /* opening of k, delivery of k - 1 has begun */
    send_orders(session, k);
    end(session);
    begin_at(session, t - 10 * STAGE_MINUTE);
    if (k > 1)
        send_settle(session, k - 2);
    send_orders(session, k);
    end(session);
    begin_at(session, t - 5 * STAGE_MINUTE);
    send_gate(session, k);
    end(session);
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

void session_run(struct session *session, uint32_t seed, enum gb_crypto crypto, int64_t n_slots)
{
    struct gb_contract_rules rules = stage_rules();

    rules.signatures_required = 2 + seed % 2;
    rules.market.tariff.feed_in.ticks += session->raised;
    rules.market.tariff.retail.ticks += session->raised;
    rules.imbalance_short.ticks += session->raised;
    rules.imbalance_long.ticks += session->raised;
    if (session->is_trading) {
        char why[200];

        gb_market_rules_select(&rules.market, &gb_mechanism_continuous);
        EXPECT(gb_market_rules_set(&rules.market, "market.books", "pooled", why, sizeof why));
    }
    session->seed = seed;
    stage_open(&session->stage, crypto, SESSION_METERS, rules);
    stage_register_all(&session->stage);
    for (int64_t k = 0; k < n_slots; k++)
        run_slot(session, k);
    session->is_hostile = false;
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
    session->skipped = SIZE_MAX;
    return session;
}

void session_free(struct session *session)
{
    stage_close(&session->stage);
    free(session);
}
