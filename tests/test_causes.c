/* Why an order was late and why a slot was missed: one cause, from where the message was when its
 * time ran out. The operator's messages travel through a real chain of constant delays. */
#include "experiments/run/causes.h"

#include "tests/part_of_run.h"
#include "tests/tap.h"

#define SECOND GB_NS_PER_SECOND
#define MINUTE (60 * SECOND)
#define PLACE 0
#define INTERVAL 4 /* gate at 55 min, start at 60 min, due at 90 min */

/* ---- orders */

static enum gb_late_cause cause(int64_t sent_min, int64_t arrived_min, int64_t sealed_min)
{
    static const char *const settings[] = {"slot=15 min", "market.open=1 h", "market.gate=5 min",
                                           NULL};
    const struct gb_passage passage = {.arrived_ns = arrived_min * MINUTE,
                                       .sealed_ns = sealed_min * MINUTE};
    struct part_of_run part;

    part_of_run_open(&part, settings);
    enum gb_late_cause found =
        gb_run_late_cause(gb_run_gate_ns(&part.env, INTERVAL), sent_min * MINUTE, &passage);
    part_of_run_close(&part);
    return found;
}

static void an_order_is_late_by_where_it_was_at_the_gate(void)
{
    EXPECT_INT(cause(54, 54, 54), GB_LATE_CONSENSUS);
    EXPECT_INT(cause(54, 54, 55), GB_LATE_POOL); /* sealed at the gate is not before it */
    EXPECT_INT(cause(54, 55, 56), GB_LATE_LINK);
    EXPECT_INT(cause(55, 56, 57), GB_LATE_SENT);
}

/* ---- slots */

struct fixture {
    struct part_of_run part;
    struct gb_run_gateway *gateway;
    struct gb_run_intervals intervals;
    struct gb_run_causes causes;
    bool is_time;
};

static void on_stable(void *context, uint32_t node, uint64_t height, bool is_first,
                      const struct gb_events *events)
{
    (void)context, (void)node, (void)height, (void)is_first, (void)events;
}

static void on_finished(void *context, const struct gb_block_statistics *block)
{
    (void)context, (void)block;
}

static void on_given_up(void *context, const struct gb_transaction *transaction)
{
    (void)context, (void)transaction;
}

static void on_time(const struct gb_event *event)
{
    *(bool *)event->subject = true;
}

static void run_until(struct fixture *fixture, int64_t time_ns)
{
    fixture->is_time = false;
    gb_run_push(&fixture->part.env, &(struct gb_event){.time_ns = time_ns,
                                                       .action = on_time,
                                                       .subject = &fixture->is_time,
                                                       .priority = GB_PRIORITY_TIMER});
    while (!fixture->is_time && gb_queue_step(fixture->part.env.queue))
        ;
}

/* A second to an entry node, a tenth of it to the next one; sealed half a second later. */
static void open_fixture(struct fixture *fixture)
{
    static const char *const settings[] = {"slot=15 min",
                                           "market.open=1 h",
                                           "market.gate=5 min",
                                           "settlement.deadline=15 min",
                                           "chain.protocol=pbft",
                                           "chain.nodes=4",
                                           "chain.delay=constant 100 ms",
                                           "chain.client_delay=constant 1 s",
                                           "meters.count=2",
                                           NULL};
    const struct gb_chain_observer observer = {fixture, on_stable, on_finished, on_given_up};

    *fixture = (struct fixture){.is_time = false};
    part_of_run_open(&fixture->part, settings);
    EXPECT_INT(gb_run_gateway_create(&fixture->gateway, &fixture->part.env, NULL, &observer,
                                     &fixture->part.error),
               GB_OK);
    EXPECT_INT(gb_run_intervals_open(&fixture->intervals, INTERVAL, &fixture->part.error), PLACE);
    gb_run_causes_init(&fixture->causes, &fixture->part.env, fixture->gateway, &fixture->intervals);
    gb_run_causes_open(&fixture->causes, PLACE);
    EXPECT_INT(gb_run_causes_of(&fixture->causes, PLACE), GB_MISSED_NOT);
    run_until(fixture, 0);
}

static void close_fixture(struct fixture *fixture)
{
    EXPECT_TEXT(fixture->part.error.text, "");
    gb_run_causes_clear(&fixture->causes);
    gb_run_intervals_clear(&fixture->intervals);
    gb_run_gateway_free(fixture->gateway);
    part_of_run_close(&fixture->part);
}

static struct gb_message message_of(uint8_t kind, uint64_t nonce)
{
    struct gb_message message = {.kind = kind,
                                 .sender = GB_PARTY(GB_ROLE_OPERATOR, 0),
                                 .nonce = nonce,
                                 .last_valid_height = 1000};

    if (kind == GB_MESSAGE_CLOSE)
        message.body.close.interval = INTERVAL;
    else
        message.body.open.interval = INTERVAL;
    return message;
}

/* The operator sends a close or an open now. */
static void send(struct fixture *fixture, uint8_t kind, uint64_t nonce)
{
    struct gb_transaction *transaction = gb_transaction_create(GB_PARTY_NONE, 1, 0);
    struct gb_route route = {.owner = GB_PARTY(GB_ROLE_OPERATOR, 0),
                             .time = INTERVAL,
                             .item = gb_route_item(kind, 0),
                             .until_ns = INT64_MAX};

    transaction->messages[0] = message_of(kind, nonce);
    gb_run_causes_sent(&fixture->causes, PLACE, &transaction->messages[0]);
    gb_run_gateway_submit(fixture->gateway, transaction, GB_OPERATOR_NODE,
                          gb_run_now_ns(&fixture->part.env), &route);
}

/* The cause of a slot whose close was so old when the slot began. */
static uint8_t cause_of_close(int64_t age_ns)
{
    struct fixture fixture;

    open_fixture(&fixture);
    send(&fixture, GB_MESSAGE_CLOSE, 1);
    run_until(&fixture, age_ns);
    gb_run_causes_no_match(&fixture.causes, PLACE);
    uint8_t found = gb_run_causes_of(&fixture.causes, PLACE);
    close_fixture(&fixture);
    return found;
}

static void a_close_is_to_blame_by_where_it_was_when_the_slot_began(void)
{
    EXPECT_INT(cause_of_close(SECOND / 2), GB_MISSED_CLOSE_LINK);
    EXPECT_INT(cause_of_close(SECOND + SECOND / 20), GB_MISSED_CLOSE_POOL);
    EXPECT_INT(cause_of_close(MINUTE), GB_MISSED_CLOSE_CONSENSUS);
}

static void a_close_that_was_refused_and_signed_again_is_to_blame_for_that(void)
{
    struct fixture fixture;
    struct gb_message again = message_of(GB_MESSAGE_CLOSE, 2);

    open_fixture(&fixture);
    send(&fixture, GB_MESSAGE_CLOSE, 1);
    gb_run_causes_resubmitted(&fixture.causes, INTERVAL + 1, &again); /* no interval that lives */
    gb_run_causes_resubmitted(&fixture.causes, INTERVAL, &again);
    gb_run_causes_no_match(&fixture.causes, PLACE);
    EXPECT_INT(gb_run_causes_of(&fixture.causes, PLACE), GB_MISSED_CLOSE_REFUSED);
    close_fixture(&fixture);
}

/* The cause of a slot that finalize finds missed, its open being so old at the deadline. */
static uint8_t cause_of_open(int64_t age_ns, bool is_refused)
{
    const struct gb_contract_event missed = {
        .kind = GB_EVENT_MISSED, .message = GB_MESSAGE_FINALIZE, .interval = INTERVAL};
    struct gb_message again = message_of(GB_MESSAGE_OPEN, 2);
    struct fixture fixture;

    open_fixture(&fixture);
    send(&fixture, GB_MESSAGE_OPEN, 1);
    run_until(&fixture, age_ns);
    gb_run_causes_deadline(&fixture.causes, PLACE);
    if (is_refused)
        gb_run_causes_resubmitted(&fixture.causes, INTERVAL, &again);
    run_until(&fixture, 2 * MINUTE); /* what becomes of it later does not count */
    gb_run_causes_missed(&fixture.causes, PLACE, &missed);
    uint8_t found = gb_run_causes_of(&fixture.causes, PLACE);
    close_fixture(&fixture);
    return found;
}

static void else_the_open_is_by_where_it_was_at_the_deadline(void)
{
    EXPECT_INT(cause_of_open(SECOND / 2, false), GB_MISSED_OPEN_LINK);
    EXPECT_INT(cause_of_open(SECOND + SECOND / 20, false), GB_MISSED_OPEN_POOL);
    EXPECT_INT(cause_of_open(MINUTE, false), GB_MISSED_OPEN_REFUSED); /* in a block, in vain */
    EXPECT_INT(cause_of_open(SECOND / 2, true), GB_MISSED_OPEN_REFUSED);
}

static void the_first_cause_stays(void)
{
    const struct gb_contract_event missed = {
        .kind = GB_EVENT_MISSED, .message = GB_MESSAGE_FINALIZE, .interval = INTERVAL};
    struct gb_message open = message_of(GB_MESSAGE_OPEN, 1);
    struct fixture fixture;

    open_fixture(&fixture);
    send(&fixture, GB_MESSAGE_CLOSE, 1);
    run_until(&fixture, SECOND / 2);
    gb_run_causes_no_match(&fixture.causes, PLACE);
    gb_run_causes_missed(&fixture.causes, PLACE, &missed);
    gb_run_causes_given_up(&fixture.causes, &open, 0);
    run_until(&fixture, MINUTE);
    gb_run_causes_no_match(&fixture.causes, PLACE);
    EXPECT_INT(gb_run_causes_of(&fixture.causes, PLACE), GB_MISSED_CLOSE_LINK);
    gb_run_causes_open(&fixture.causes, PLACE); /* the next interval of the place has none */
    EXPECT_INT(gb_run_causes_of(&fixture.causes, PLACE), GB_MISSED_NOT);
    close_fixture(&fixture);
}

static uint8_t cause_of_giving_up(uint8_t kind, int64_t arrived_ns)
{
    struct gb_message message = message_of(kind, 1);
    struct fixture fixture;

    open_fixture(&fixture);
    gb_run_causes_given_up(&fixture.causes, &message, arrived_ns);
    uint8_t found = gb_run_causes_of(&fixture.causes, PLACE);
    close_fixture(&fixture);
    return found;
}

static void what_no_pool_took_is_blamed_on_pools_or_the_link_before_them(void)
{
    EXPECT_INT(cause_of_giving_up(GB_MESSAGE_CLOSE, 59 * MINUTE), GB_MISSED_CLOSE_POOL);
    EXPECT_INT(cause_of_giving_up(GB_MESSAGE_OPEN, 90 * MINUTE - 1), GB_MISSED_OPEN_POOL);
    EXPECT_INT(cause_of_giving_up(GB_MESSAGE_OPEN, 90 * MINUTE), GB_MISSED_OPEN_LINK);
    EXPECT_INT(cause_of_giving_up(GB_MESSAGE_SETTLE, 59 * MINUTE), GB_MISSED_NOT);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(an_order_is_late_by_where_it_was_at_the_gate),
        TAP(a_close_is_to_blame_by_where_it_was_when_the_slot_began),
        TAP(a_close_that_was_refused_and_signed_again_is_to_blame_for_that),
        TAP(else_the_open_is_by_where_it_was_at_the_deadline),
        TAP(the_first_cause_stays),
        TAP(what_no_pool_took_is_blamed_on_pools_or_the_link_before_them),
        {0}};

    return tap_main("causes", tests);
}
