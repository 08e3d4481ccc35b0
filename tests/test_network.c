/* The network: every message is delayed by the draw at its own address, and by nothing else. */
#include "chain/network/network.h"

#include "chain/wire/transaction.h"
#include "tests/tap.h"

enum { SEED = 11, REPLICATION = 3, SENT_NS = 1000 };

static const struct gb_delay link_delay = {&gb_delay_exponential, {{50000000}}};
static const struct gb_delay client_delay = {&gb_delay_uniform, {{1000000}, {9e6}}};
static const struct gb_route route = {.owner = 5, .time = 7, .item = 9};

/* The delay at an address, computed from the purpose's key alone. */
static int64_t expected_ns(const struct gb_delay *delay, enum gb_purpose purpose, uint32_t owner,
                           uint32_t other, uint32_t time, uint32_t draw)
{
    struct gb_key key = gb_key_make(SEED, REPLICATION, purpose);

    return SENT_NS + gb_delay_at(delay, gb_draw_uniform(gb_draw_at(key, owner, other, time, draw)));
}

static struct gb_network make_network(void)
{
    return gb_network_make(link_delay, client_delay,
                           (struct gb_draws){.seed = SEED, .replication = REPLICATION});
}

static void a_vote_is_drawn_at_its_ends_height_phase_and_view(void)
{
    struct gb_network network = make_network();

    EXPECT_INT(gb_network_vote_arrival_ns(&network, SENT_NS, 1, 2, 40, GB_PHASE_COMMIT, 6),
               expected_ns(&link_delay, GB_PURPOSE_VOTE_DELAY, 1, 2, 40, 3 | 6 << 8));
}

static void gossip_is_drawn_at_its_sender_and_destination_wherever_it_entered(void)
{
    struct gb_network network = make_network();
    int64_t expected = expected_ns(&link_delay, GB_PURPOSE_GOSSIP_DELAY, 5, 2, 7, 9);

    EXPECT_INT(gb_network_gossip_arrival_ns(&network, SENT_NS, 0, 2, &route), expected);
    EXPECT_INT(gb_network_gossip_arrival_ns(&network, SENT_NS, 3, 2, &route), expected);
}

static void what_a_node_gossips_it_has_at_once(void)
{
    struct gb_network network = make_network();

    EXPECT_INT(gb_network_gossip_arrival_ns(&network, SENT_NS, 2, 2, &route), SENT_NS);
}

static void request_answer_and_uplink_take_draws_of_their_own(void)
{
    struct gb_network network = make_network();

    EXPECT_INT(gb_network_request_arrival_ns(&network, SENT_NS, &route, 4),
               expected_ns(&client_delay, GB_PURPOSE_CLIENT_DELAY, 5, 4, 7, 9));
    EXPECT_INT(gb_network_answer_arrival_ns(&network, SENT_NS, &route, 4),
               expected_ns(&client_delay, GB_PURPOSE_CLIENT_DELAY, 5, 0x20000004, 7, 9));
    EXPECT_INT(gb_network_uplink_arrival_ns(&network, SENT_NS, &route),
               expected_ns(&client_delay, GB_PURPOSE_CLIENT_DELAY, 5, 0x40000000, 7, 9));
}

static void what_would_arrive_beyond_the_end_of_time_arrives_at_it(void)
{
    struct gb_delay longest = {&gb_delay_constant, {{(int64_t)(0x1p53)}}};
    struct gb_network network = gb_network_make(
        longest, longest, (struct gb_draws){.seed = SEED, .replication = REPLICATION});

    EXPECT_INT(gb_network_uplink_arrival_ns(&network, INT64_MAX - 1, &route), INT64_MAX);
    EXPECT_INT(gb_network_vote_arrival_ns(&network, INT64_MAX - 1, 0, 1, 1, GB_PHASE_PREPARE, 0),
               INT64_MAX);
}

static void every_message_of_an_owner_and_interval_has_an_item_of_its_own(void)
{
    static const uint32_t parts[] = {0, 1, 0xfffff, 0x100000, 0x100001, 0x200000, 0xfffffff};
    enum { N_PARTS = sizeof parts / sizeof parts[0] };
    uint32_t items[GB_MESSAGE_FINALIZE * N_PARTS];
    size_t n = 0;

    for (uint8_t kind = GB_MESSAGE_REGISTER; kind <= GB_MESSAGE_FINALIZE; kind++)
        for (size_t p = 0; p < N_PARTS; p++) {
            items[n] = gb_route_item(kind, parts[p]);
            for (size_t i = 0; i < n; i++)
                EXPECT(items[i] != items[n]);
            n++;
        }
    EXPECT_INT(gb_route_item(GB_MESSAGE_SETTLE, 0xfffff), 0x7fffff);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_vote_is_drawn_at_its_ends_height_phase_and_view),
        TAP(gossip_is_drawn_at_its_sender_and_destination_wherever_it_entered),
        TAP(what_a_node_gossips_it_has_at_once),
        TAP(request_answer_and_uplink_take_draws_of_their_own),
        TAP(what_would_arrive_beyond_the_end_of_time_arrives_at_it),
        TAP(every_message_of_an_owner_and_interval_has_an_item_of_its_own),
        {0}};
    return tap_main("network", tests);
}
