#include "chain/network/network.h"

/* Ways of one client's message, told apart by where requests count their attempts. */
#define ANSWER UINT32_C(0x20000000)
#define UPLINK UINT32_C(0x40000000)

struct gb_network gb_network_make(struct gb_delay link, struct gb_delay client,
                                  struct gb_draws draws)
{
    return (struct gb_network){
        .link = link,
        .client = client,
        .vote_key = gb_draws_key(draws, GB_PURPOSE_VOTE_DELAY),
        .gossip_key = gb_draws_key(draws, GB_PURPOSE_GOSSIP_DELAY),
        .client_key = gb_draws_key(draws, GB_PURPOSE_CLIENT_DELAY),
    };
}

/* A way between a client and a node takes a draw at (sender, attempt, interval, item). */
static int64_t client_arrival_ns(const struct gb_network *network, int64_t sent_ns,
                                 const struct gb_route *route, uint32_t attempt)
{
    return gb_network_arrival_ns(
        sent_ns, &network->client,
        gb_draw_at(network->client_key, route->owner, attempt, route->time, route->item));
}

int64_t gb_network_request_arrival_ns(const struct gb_network *network, int64_t sent_ns,
                                      const struct gb_route *route, uint32_t attempt)
{
    assert(attempt < ANSWER);
    return client_arrival_ns(network, sent_ns, route, attempt);
}

int64_t gb_network_answer_arrival_ns(const struct gb_network *network, int64_t sent_ns,
                                     const struct gb_route *route, uint32_t attempt)
{
    assert(attempt < ANSWER);
    return client_arrival_ns(network, sent_ns, route, ANSWER | attempt);
}

int64_t gb_network_uplink_arrival_ns(const struct gb_network *network, int64_t sent_ns,
                                     const struct gb_route *route)
{
    return client_arrival_ns(network, sent_ns, route, UPLINK);
}
