/* The network: the only place where a message gets its delay, whether it is a request of a client
 * to its entry node, the answer, a meter's message to its concentrator, gossip or a vote.
 *
 * A delay is a draw at the address of its message, so it depends neither on what else is sent nor
 * on when: no other traffic shifts it. Consensus and nodes ask for arrival times and file their
 * own events, or none where only the order of arrivals matters. */
#ifndef CHAIN_NETWORK_NETWORK_H
#define CHAIN_NETWORK_NETWORK_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/delay.h"
#include "base/draws.h"
#include "chain/wire/quorum.h"

struct gb_network { /* written by gb_network_make alone */
    struct gb_delay link, client;
    struct gb_key vote_key, gossip_key, client_key;
};

/* Address of a transaction's network draws: who sends it, for which interval, and what it is there
 * (kind and part); and how long its sender tries. */
struct gb_route {
    uint32_t owner;    /* gb_party of the sender */
    uint32_t time;     /* interval, as two's complement */
    uint32_t item;     /* unique within (owner, time) */
    bool is_insistent; /* unanswered, it is sent again to the next node, first after
                        * 3 s, then after twice as long each time up to 60 s */
    int64_t until_ns;  /* deadline of its purpose: from then on nothing is sent again, and
                        * what no pool has taken is given up; INT64_MAX: for good */
};

/* The item of the part-th message of a kind (enum gb_message_kind) that its owner sends for an
 * interval. Parts from 2^20 on put what is beyond above the kind, so that no draw of a smaller one
 * moves. */
static inline uint32_t gb_route_item(uint8_t kind, uint32_t part)
{
    assert(kind < 16 && part < UINT32_C(1) << 28);
    return part >> 20 << 24 | (uint32_t)kind << 20 | (part & 0xfffff);
}

/* link    delay between two nodes: votes and gossip
 * client  delay between a party and its entry node or concentrator, either way */
struct gb_network gb_network_make(struct gb_delay link, struct gb_delay client,
                                  struct gb_draws draws);

/* When what is sent at sent_ns with the delay at this draw arrives; beyond the end of time:
 * INT64_MAX. For the functions below alone. */
static inline int64_t gb_network_arrival_ns(int64_t sent_ns, const struct gb_delay *delay,
                                            struct gb_draw draw)
{
    int64_t ns;

    return __builtin_add_overflow(sent_ns, gb_delay_at(delay, gb_draw_uniform(draw)), &ns)
               ? INT64_MAX
               : ns;
}

/* When a vote of `source` for something at this height, phase and view reaches another validator.
 * Inline, for votes are most of a chain's messages. */
static inline int64_t gb_network_vote_arrival_ns(const struct gb_network *network, int64_t sent_ns,
                                                 uint32_t source, uint32_t destination,
                                                 uint64_t height, enum gb_phase phase,
                                                 uint32_t view)
{
    return gb_network_arrival_ns(sent_ns, &network->link,
                                 gb_draw_at(network->vote_key, source, destination,
                                            (uint32_t)height, (uint32_t)phase | view << 8));
}

/* When a transaction that `source` gossips reaches `destination`; the same node: at once. */
static inline int64_t gb_network_gossip_arrival_ns(const struct gb_network *network,
                                                   int64_t sent_ns, uint32_t source,
                                                   uint32_t destination,
                                                   const struct gb_route *route)
{
    if (source == destination)
        return sent_ns;
    return gb_network_arrival_ns(
        sent_ns, &network->link,
        gb_draw_at(network->gossip_key, route->owner, destination, route->time, route->item));
}

/* When the attempt-th sending of a transaction reaches its entry node, and when the node's answer
 * reaches the sender. Attempts are below 2^29. */
int64_t gb_network_request_arrival_ns(const struct gb_network *network, int64_t sent_ns,
                                      const struct gb_route *route, uint32_t attempt);
int64_t gb_network_answer_arrival_ns(const struct gb_network *network, int64_t sent_ns,
                                     const struct gb_route *route, uint32_t attempt);
/* When a meter's message reaches its concentrator. */
int64_t gb_network_uplink_arrival_ns(const struct gb_network *network, int64_t sent_ns,
                                     const struct gb_route *route);

#endif
