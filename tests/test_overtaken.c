/* Amendments that overtake one another: which of two counts, and under which name the other one is
 * counted. No agent of a run has two actions of an order on their way at once, so both are sent by
 * hand here, through a real chain whose blocks the run's own books observe. */
#include <string.h>

#include "experiments/run/gateway.h"
#include "experiments/run/intervals.h"
#include "experiments/run/kpis.h"
#include "experiments/run/sent_orders.h"
#include "tests/part_of_run.h"
#include "tests/tap.h"

#define SECOND GB_NS_PER_SECOND
#define PLACE 0
#define INTERVAL 4 /* opens at 0, gate at 59 min, start at 60 min */
#define METER 0

struct fixture {
    struct part_of_run part;
    struct gb_run_gateway *gateway;
    struct gb_run_intervals intervals;
    struct gb_run_kpis kpis;
    struct gb_run_sent_orders sent;
    uint8_t receipts[8]; /* by nonce */
};

static void on_stable(void *context, uint32_t node, uint64_t height, bool is_first,
                      const struct gb_events *events)
{
    struct fixture *f = context;

    (void)node, (void)height;
    for (size_t i = 0; is_first && i < events->n; i++) {
        const struct gb_contract_event *event = gb_event_at(events, i);
        uint32_t number = event->kind == GB_EVENT_ORDER
                              ? gb_run_sent_orders_find(&f->sent, PLACE, METER, event->nonce)
                              : GB_NO_ORDER;

        if (number == GB_NO_ORDER)
            continue;
        f->receipts[event->nonce] = event->receipt;
        gb_run_sent_orders_receipt(&f->sent, PLACE, number, event);
    }
}

static void on_finished(void *context, const struct gb_block_statistics *block)
{
    (void)context, (void)block;
}

static void on_given_up(void *context, const struct gb_transaction *transaction)
{
    (void)context, (void)transaction;
}

static void send_to_ledger(struct fixture *f, const struct gb_message *message, int64_t sent_ns)
{
    struct gb_transaction *transaction = gb_transaction_create(GB_PARTY_NONE, 1, 0);
    struct gb_route route = {.owner = message->sender,
                             .time = INTERVAL,
                             .item = gb_route_item(message->kind, (uint32_t)message->nonce),
                             .until_ns = INT64_MAX};

    transaction->messages[0] = *message;
    gb_run_gateway_submit(f->gateway, transaction, GB_OPERATOR_NODE, sent_ns, &route);
}

static void register_meter(struct fixture *f)
{
    static struct gb_admission user;
    struct gb_message message = {.kind = GB_MESSAGE_REGISTER,
                                 .sender = GB_PARTY(GB_ROLE_SUPERVISOR, 0),
                                 .nonce = 1,
                                 .last_valid_height = 1000};

    user = (struct gb_admission){
        .meter = METER,
        .key = gb_keyring_public(gb_run_gateway_keys(f->gateway), GB_PARTY(GB_ROLE_METER, METER))};
    message.body.registration.n_users = 1;
    message.body.registration.users = &user;
    send_to_ledger(f, &message, -60 * SECOND);
}

/* A second to the entry node, and 0.4 s until a block is stable. */
static void open_fixture(struct fixture *f)
{
    static const char *const settings[] = {"slot=15 min",
                                           "market.open=1 h",
                                           "market.gate=1 min",
                                           "market.mechanism=continuous",
                                           "chain.nodes=4",
                                           "chain.delay=constant 100 ms",
                                           "chain.client_delay=constant 1 s",
                                           "meters.count=2",
                                           "output.level=summary",
                                           NULL};
    const struct gb_chain_observer observer = {f, on_stable, on_finished, on_given_up};

    memset(f, 0, sizeof *f);
    part_of_run_open(&f->part, settings);
    EXPECT_INT(gb_run_gateway_create(&f->gateway, &f->part.env, NULL, &observer, &f->part.error),
               GB_OK);
    EXPECT_INT(gb_run_intervals_open(&f->intervals, INTERVAL, &f->part.error), PLACE);
    EXPECT_INT(gb_run_kpis_init(&f->kpis, &f->part.env, NULL, &f->part.error), GB_OK);
    gb_run_kpis_open(&f->kpis, PLACE, INTERVAL);
    gb_run_sent_orders_init(&f->sent, &f->part.env, f->gateway, &f->kpis);
    gb_run_sent_orders_open(&f->sent, PLACE, INTERVAL);
    register_meter(f);
}

static void close_fixture(struct fixture *f)
{
    EXPECT_TEXT(f->part.error.text, "");
    gb_run_sent_orders_clear(&f->sent);
    gb_run_kpis_clear(&f->kpis);
    gb_run_intervals_clear(&f->intervals);
    gb_run_gateway_free(f->gateway);
    part_of_run_close(&f->part);
}

/* Signs a message about the meter's order that reaches its link so late.
 * amends  nonce of the order; 0: it is the order itself */
static void send_order(struct fixture *f, uint64_t nonce, uint64_t amends, int64_t price,
                       int64_t sent_ns)
{
    const struct gb_order order = {.owner = METER,
                                   .side = GB_BUY,
                                   .quantity = {500},
                                   .price = {price},
                                   .reserve = {550000},
                                   .beta_millionths = GB_BETA_OF_MARKET};
    const struct gb_run_amended amended = {.live = 0, .number = 0, .wake_up = 1};
    struct gb_message message = {.kind = GB_MESSAGE_ORDER,
                                 .sender = GB_PARTY(GB_ROLE_METER, METER),
                                 .nonce = nonce,
                                 .last_valid_height = 1000};
    uint32_t meter = METER, number;

    EXPECT(gb_run_sent_orders_add(&f->sent, PLACE, 1, &meter, &sent_ns, &number));
    if (amends == 0)
        gb_run_sent_orders_begin(&f->sent, PLACE, number, &order, 0, 0);
    else
        gb_run_sent_orders_begin_amendment(&f->sent, PLACE, number, &order, &amended);
    gb_run_sent_orders_sign(&f->sent, PLACE, number, nonce);
    message.body.order.interval = INTERVAL;
    message.body.order.order = order;
    message.body.order.amends = amends;
    send_to_ledger(f, &message, sent_ns);
}

static const struct gb_summary_row *run_to_the_end(struct fixture *f)
{
    while (gb_queue_step(f->part.env.queue))
        ;
    return &f->kpis.counted.counts;
}

/* The order (nonce 1) leaves at 60 s, arrives at 61 s and rests from about then on. Of its
 * amendments, signed in the order 2, 3, 4, the last arrives first, at 101 s, and counts; 2 and 3
 * arrive at 111 s and 121 s, behind it: two are superseded. One signed later, 5, arrives at 131 s
 * and changes the order again. */
static void two_that_were_overtaken_are_counted_as_superseded(void)
{
    struct fixture f;

    open_fixture(&f);
    send_order(&f, 1, 0, 400000, 60 * SECOND);
    send_order(&f, 4, 1, 430000, 100 * SECOND);
    send_order(&f, 2, 1, 410000, 110 * SECOND);
    send_order(&f, 3, 1, 420000, 120 * SECOND);
    send_order(&f, 5, 1, 440000, 130 * SECOND);
    const struct gb_summary_row *sum = run_to_the_end(&f);
    EXPECT_INT(f.receipts[1], GB_RECEIPT_OK);
    EXPECT_INT(f.receipts[2], GB_RECEIPT_SUPERSEDED);
    EXPECT_INT(f.receipts[3], GB_RECEIPT_SUPERSEDED);
    EXPECT_INT(f.receipts[4], GB_RECEIPT_OK);
    EXPECT_INT(f.receipts[5], GB_RECEIPT_OK);
    EXPECT_INT(sum->n_accepted, 1);
    EXPECT_INT(sum->n_amendments_accepted, 2);
    EXPECT_INT(sum->n_amendments_in_vain, 2);
    EXPECT_INT(sum->n_in_vain_superseded, 2);
    close_fixture(&f);
}

/* The same four in the order in which they were signed. */
static void in_the_order_of_their_signatures_none_is(void)
{
    struct fixture f;

    open_fixture(&f);
    send_order(&f, 1, 0, 400000, 60 * SECOND);
    for (uint64_t nonce = 2; nonce <= 5; nonce++)
        send_order(&f, nonce, 1, 400000 + (int64_t)nonce * 5000,
                   (80 + 10 * (int64_t)nonce) * SECOND);
    const struct gb_summary_row *sum = run_to_the_end(&f);
    EXPECT_INT(sum->n_amendments_accepted, 4);
    EXPECT_INT(sum->n_amendments_in_vain, 0);
    close_fixture(&f);
}

/* The one that overtakes leaves 30 s before its gate; the other arrives when the gate has fallen:
 * it was on its link then, whatever overtook it. */
static void overtaken_behind_the_gate_it_was_on_its_link(void)
{
    const int64_t gate_ns = 59 * 60 * SECOND;
    struct fixture f;

    open_fixture(&f);
    send_order(&f, 1, 0, 400000, 60 * SECOND);
    send_order(&f, 3, 1, 430000, gate_ns - 30 * SECOND);
    send_order(&f, 2, 1, 410000, gate_ns - SECOND / 2);
    const struct gb_summary_row *sum = run_to_the_end(&f);
    EXPECT_INT(f.receipts[2], GB_RECEIPT_GATE_CLOSED);
    EXPECT_INT(sum->n_amendments_accepted, 1);
    EXPECT_INT(sum->n_in_vain_superseded, 0);
    EXPECT_INT(sum->n_in_vain_link, 1);
    close_fixture(&f);
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(two_that_were_overtaken_are_counted_as_superseded),
                                            TAP(in_the_order_of_their_signatures_none_is),
                                            TAP(overtaken_behind_the_gate_it_was_on_its_link),
                                            {0}};

    return tap_main("overtaken", tests);
}
