/* When messages leave and together with which, computed by hand: alone, by their concentrator, and
 * under the ideal protocol. */
#include "experiments/run/scheduled_sends.h"

#include "chain/wire/genesis.h"
#include "tests/part_of_run.h"
#include "tests/tap.h"

#define SECOND GB_NS_PER_SECOND
#define UPLINK SECOND /* constant */
#define MAX_MESSAGES 2100

struct sending {
    struct part_of_run part;
    struct gb_network network;
    struct gb_run_send_rules rules;
    struct gb_run_outgoing out;
    struct gb_run_scheduled_sends plan;
    uint32_t meter[MAX_MESSAGES];
    int64_t sent_ns[MAX_MESSAGES];
};

static void open_sending(struct sending *sending, const char *protocol, size_t concentrator_size)
{
    const char *const settings[] = {protocol, "slot=15 min", "market.open=1 h", "market.gate=5 min",
                                    NULL};
    const struct gb_delay link = {&gb_delay_constant, {{0}}};

    *sending = (struct sending){0};
    part_of_run_open(&sending->part, settings);
    sending->network = gb_network_make(link, (struct gb_delay){&gb_delay_constant, {{UPLINK}}},
                                       (struct gb_draws){.seed = 1});
    sending->rules =
        (struct gb_run_send_rules){&sending->part.env, &sending->network, concentrator_size};
    sending->out = (struct gb_run_outgoing){.interval = 4,
                                            .kind = GB_MESSAGE_ORDER,
                                            .meter = sending->meter,
                                            .sent_ns = sending->sent_ns};
}

static void add(struct sending *sending, uint32_t meter, int64_t sent_ns)
{
    sending->meter[sending->out.n] = meter;
    sending->sent_ns[sending->out.n++] = sent_ns;
}

static void plan(struct sending *sending)
{
    gb_run_scheduled_sends_plan(&sending->plan, &sending->rules, &sending->out);
    EXPECT_TEXT(sending->part.error.text, "");
}

static void close_sending(struct sending *sending)
{
    gb_run_scheduled_sends_clear(&sending->plan);
    part_of_run_close(&sending->part);
}

static void expect_send(const struct sending *sending, size_t s, int64_t leaves_ns, uint32_t first,
                        uint32_t n)
{
    if (!EXPECT(s < sending->plan.n))
        return;
    EXPECT_INT(sending->plan.sends[s].leaves_ns, leaves_ns);
    EXPECT_INT(sending->plan.sends[s].first, first);
    EXPECT_INT(sending->plan.sends[s].n, n);
}

static void without_concentrators_each_message_leaves_alone_when_it_was_sent(void)
{
    static const uint8_t part[] = {0, 0, 2};
    static struct sending sending;

    open_sending(&sending, "chain.protocol=pbft", 0);
    sending.out.part = part;
    sending.out.first_part = 5;
    add(&sending, 3, 9 * SECOND);
    add(&sending, 8, 2 * SECOND);
    add(&sending, 8, 2 * SECOND);
    plan(&sending);
    EXPECT_INT(sending.plan.n, 3);
    expect_send(&sending, 0, 9 * SECOND, 0, 1);
    expect_send(&sending, 1, 2 * SECOND, 1, 1);
    expect_send(&sending, 2, 2 * SECOND, 2, 1);
    EXPECT_INT(sending.plan.sends[0].number, 5);
    EXPECT_INT(sending.plan.sends[2].number, 7);
    EXPECT(sending.plan.sends[2].concentrator == GB_NO_CONCENTRATOR);
    EXPECT(sending.plan.order == NULL);
    close_sending(&sending);
}

/* Sent at 0, 5, 6 s and an uplink later at the concentrator: 5 s behind the first is still with it,
 * 6 s is not. */
static void a_concentrator_waits_five_seconds_from_the_first(void)
{
    static struct sending sending;

    open_sending(&sending, "chain.protocol=pbft", 10);
    add(&sending, 0, 6 * SECOND);
    add(&sending, 1, 0);
    add(&sending, 2, 5 * SECOND);
    plan(&sending);
    EXPECT_INT(sending.plan.n, 2);
    expect_send(&sending, 0, UPLINK + 5 * SECOND, 0, 2);
    expect_send(&sending, 1, UPLINK + 11 * SECOND, 2, 1);
    EXPECT_INT(sending.plan.order[0], 1);
    EXPECT_INT(sending.plan.order[1], 2);
    EXPECT_INT(sending.plan.order[2], 0);
    close_sending(&sending);
}

static void it_waits_for_nobody_once_all_its_meters_have_sent(void)
{
    static struct sending sending;

    open_sending(&sending, "chain.protocol=pbft", 10);
    sending.out.is_complete = true;
    add(&sending, 0, 0);
    add(&sending, 1, 2 * SECOND);
    add(&sending, 2, 9 * SECOND);
    plan(&sending);
    EXPECT_INT(sending.plan.n, 2);
    expect_send(&sending, 0, UPLINK + 5 * SECOND, 0, 2); /* the third is still to come */
    expect_send(&sending, 1, UPLINK + 9 * SECOND, 2, 1);
    close_sending(&sending);
}

static void a_full_bundle_leaves_with_its_last_message(void)
{
    static struct sending sending;

    open_sending(&sending, "chain.protocol=pbft", MAX_MESSAGES);
    for (uint32_t i = 0; i < 2 * GB_BUNDLE_MAX + 1; i++)
        add(&sending, i, (int64_t)i * GB_NS_PER_MS / 10);
    plan(&sending);
    EXPECT_INT(sending.plan.n, 3);
    expect_send(&sending, 0, UPLINK + 999 * GB_NS_PER_MS / 10, 0, GB_BUNDLE_MAX);
    expect_send(&sending, 1, UPLINK + 1999 * GB_NS_PER_MS / 10, GB_BUNDLE_MAX, GB_BUNDLE_MAX);
    expect_send(&sending, 2, UPLINK + 200 * GB_NS_PER_MS + 5 * SECOND, 2 * GB_BUNDLE_MAX, 1);
    EXPECT_INT(sending.plan.sends[2].number, 2);
    close_sending(&sending);
}

static void each_concentrator_bundles_its_own_meters(void)
{
    static struct sending sending;

    open_sending(&sending, "chain.protocol=pbft", 4);
    sending.out.first_bundle = 3;
    add(&sending, 2, 0);
    add(&sending, 3, 0);
    add(&sending, 4, 0);
    add(&sending, 9, 0);
    plan(&sending);
    EXPECT_INT(sending.plan.n, 3);
    for (uint32_t s = 0; s < 3; s++) {
        EXPECT_INT(sending.plan.sends[s].concentrator, s);
        EXPECT_INT(sending.plan.sends[s].number, 3);
    }
    expect_send(&sending, 0, UPLINK + 5 * SECOND, 0, 2);
    expect_send(&sending, 1, UPLINK + 5 * SECOND, 2, 1);
    expect_send(&sending, 2, UPLINK + 5 * SECOND, 3, 1);
    close_sending(&sending);
}

/* A later batch of the interval is sent in another slot: its bundles' draws stand elsewhere. */
static void batches_of_different_slots_have_different_bundle_numbers(void)
{
    static struct sending sending;

    open_sending(&sending, "chain.protocol=pbft", 4);
    add(&sending, 0, 15 * 60 * SECOND);
    plan(&sending);
    EXPECT_INT(sending.plan.sends[0].number, 1 << 10);
    close_sending(&sending);
}

/* What is signed again reaches its concentrator by the draw of the nonce that was refused. */
static uint64_t nonce_of(void *context, size_t i)
{
    (void)context;
    return 77 + i;
}

static void what_is_signed_again_takes_its_delay_from_its_nonce(void)
{
    static struct sending sending;
    struct gb_route route = {.owner = GB_PARTY(GB_ROLE_METER, 1)};
    struct gb_delay uniform = {&gb_delay_uniform, {{.ns = 0}, {.ns = SECOND}}};

    open_sending(&sending, "chain.protocol=pbft", 4);
    sending.network = gb_network_make(uniform, uniform, (struct gb_draws){.seed = 1});
    sending.out.is_resubmission = true;
    sending.out.refused_nonce = nonce_of;
    sending.out.is_complete = true;
    add(&sending, 1, 0);
    plan(&sending);
    gb_run_address_by_nonce(&route, GB_MESSAGE_ORDER, 77);
    expect_send(&sending, 0, gb_network_uplink_arrival_ns(&sending.network, 0, &route), 0, 1);
    close_sending(&sending);
}

static void the_ideal_protocol_takes_messages_in_the_order_of_sending_without_an_uplink(void)
{
    static struct sending sending;

    open_sending(&sending, "chain.protocol=ideal", MAX_MESSAGES);
    add(&sending, 0, -2 * SECOND);
    add(&sending, 1, -3 * SECOND); /* times before the run sort below those in it */
    add(&sending, 2, 1 * SECOND);
    add(&sending, 3, -2 * SECOND); /* as the first: behind it */
    plan(&sending);
    EXPECT_INT(sending.plan.n, 1);
    expect_send(&sending, 0, 1 * SECOND, 0, 4);
    EXPECT_INT(sending.plan.order[0], 1);
    EXPECT_INT(sending.plan.order[1], 0);
    EXPECT_INT(sending.plan.order[2], 3);
    EXPECT_INT(sending.plan.order[3], 2);
    close_sending(&sending);
}

/* The gate of slot 4 falls at 55 minutes. */
static void no_ideal_batch_spans_the_gate_or_is_larger_than_256(void)
{
    static struct sending sending;
    int64_t gate = 55 * 60 * SECOND;

    open_sending(&sending, "chain.protocol=ideal", MAX_MESSAGES);
    for (uint32_t i = 0; i < 300; i++)
        add(&sending, i, gate - 300 + i);
    add(&sending, 300, gate);
    add(&sending, 301, gate + 1);
    plan(&sending);
    EXPECT_INT(sending.plan.n, 3);
    expect_send(&sending, 0, gate - 45, 0, 256);
    expect_send(&sending, 1, gate - 1, 256, 44);
    expect_send(&sending, 2, gate + 1, 300, 2);
    close_sending(&sending);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(without_concentrators_each_message_leaves_alone_when_it_was_sent),
        TAP(a_concentrator_waits_five_seconds_from_the_first),
        TAP(it_waits_for_nobody_once_all_its_meters_have_sent),
        TAP(a_full_bundle_leaves_with_its_last_message),
        TAP(each_concentrator_bundles_its_own_meters),
        TAP(batches_of_different_slots_have_different_bundle_numbers),
        TAP(what_is_signed_again_takes_its_delay_from_its_nonce),
        TAP(the_ideal_protocol_takes_messages_in_the_order_of_sending_without_an_uplink),
        TAP(no_ideal_batch_spans_the_gate_or_is_larger_than_256),
        {0}};

    return tap_main("scheduled_sends", tests);
}
