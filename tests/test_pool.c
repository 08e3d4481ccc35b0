/* The pool against a plain list: which transactions a leader may seal, in which order, and when. */
#include "chain/node/pool.h"

#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

enum { N = 300, MAX_SEALED = 40, N_NODES = 5 };

struct entry {
    uint32_t owner;
    int64_t arrival;
    uint64_t sequence;
};

static int by_arrival(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    if (x->arrival != y->arrival)
        return x->arrival < y->arrival ? -1 : 1;
    return x->sequence < y->sequence ? -1 : 1;
}

static struct gb_network network_of(struct gb_delay gossip)
{
    return gb_network_make(gossip, gossip, (struct gb_draws){.seed = 5});
}

static struct gb_pool *new_pool(uint32_t limit, const struct gb_network *network)
{
    struct gb_pool *pool = NULL;

    EXPECT_INT(gb_pool_create(&pool, limit, MAX_SEALED, UINT64_MAX, network, NULL), GB_OK);
    return pool;
}

/* What leader `leader` should hold, from the addresses of the draws alone. */
static int64_t expected_arrival(const struct gb_delay *delay, struct gb_key key, uint32_t owner,
                                uint32_t node, uint32_t leader, int64_t accepted)
{
    if (node == leader)
        return accepted;
    return accepted + gb_delay_at(delay, gb_draw_uniform(gb_draw_at(key, owner, leader, 7, 3)));
}

static void a_leader_seals_what_reached_it_in_the_order_in_which_it_did(void)
{
    struct gb_delay delay = {&gb_delay_exponential, {{50000000}}};
    struct gb_network network = network_of(delay);
    struct gb_key key = gb_key_make(5, 0, GB_PURPOSE_GOSSIP_DELAY);

    for (uint32_t leader = 0; leader < N_NODES; leader++) {
        struct gb_pool *pool = new_pool(1000, &network);
        struct entry list[N];
        struct gb_transaction *taken[MAX_SEALED];

        for (uint32_t i = 0; i < N; i++) { /* half before the turn begins, half during it */
            struct gb_route route = {.owner = i, .time = 7, .item = 3};
            struct gb_transaction *t = gb_transaction_create(GB_PARTY_NONE, 1, 0);
            int64_t accepted = (int64_t)(i / 3) * 1000000;
            uint32_t node = i % N_NODES;

            t->nonce = i;
            list[i] =
                (struct entry){i, expected_arrival(&delay, key, i, node, leader, accepted), i};
            if (i == N / 2)
                gb_pool_begin_turn(pool, leader);
            EXPECT_INT(gb_pool_accept(pool, t, node, accepted, &route, NULL), GB_OK);
        }
        qsort(list, N, sizeof *list, by_arrival);
        EXPECT_INT(gb_pool_first_ns(pool), list[0].arrival);
        EXPECT_INT(gb_pool_full_ns(pool), list[MAX_SEALED - 1].arrival);
        int64_t now = list[25].arrival;
        size_t n = gb_pool_take(pool, now, taken);
        EXPECT_INT(n, 26);
        for (size_t i = 0; i < n; i++) {
            EXPECT_INT((int64_t)taken[i]->nonce, list[i].owner);
            gb_transaction_free(taken[i]);
        }
        EXPECT_INT(gb_pool_size(pool), N - 26);
        gb_pool_begin_turn(pool, leader); /* the next turn sees the rest, a full block of it */
        EXPECT_INT(gb_pool_first_ns(pool), list[26].arrival);
        n = gb_pool_take(pool, INT64_MAX, taken);
        EXPECT_INT(n, MAX_SEALED);
        for (size_t i = 0; i < n; i++) {
            EXPECT_INT((int64_t)taken[i]->nonce, list[26 + i].owner);
            gb_transaction_free(taken[i]);
        }
        gb_pool_free(pool);
    }
}

/* All at once at the leader's own node: only the order of acceptance is left to tell them
 * apart, within a block, at its edge, and in the block after it. */
static void what_arrives_at_one_instant_is_sealed_in_the_order_in_which_it_was_accepted(void)
{
    struct gb_network network = network_of((struct gb_delay){&gb_delay_constant, {{1000000}}});
    struct gb_pool *pool = new_pool(1000, &network);
    struct gb_transaction *taken[MAX_SEALED];
    uint64_t next = 0;

    gb_pool_begin_turn(pool, 2);
    for (uint32_t i = 0; i < 2 * MAX_SEALED; i++) {
        struct gb_route route = {.owner = (i * 37) % 80};
        struct gb_transaction *t = gb_transaction_create(GB_PARTY_NONE, 1, 0);

        t->nonce = i;
        EXPECT_INT(gb_pool_accept(pool, t, 2, 500, &route, NULL), GB_OK);
    }
    for (int block = 0; block < 2; block++) {
        EXPECT_INT(gb_pool_take(pool, 500, taken), MAX_SEALED);
        for (size_t i = 0; i < MAX_SEALED; i++) {
            EXPECT_INT((int64_t)taken[i]->nonce, (int64_t)next++);
            gb_transaction_free(taken[i]);
        }
        gb_pool_begin_turn(pool, 2);
    }
    gb_pool_free(pool);
}

static void a_full_pool_refuses_and_leaves_the_transaction_to_its_sender(void)
{
    struct gb_network network = network_of((struct gb_delay){&gb_delay_constant, {{1000000}}});
    struct gb_pool *pool = new_pool(2, &network);
    struct gb_route route = {.owner = 1};

    for (int i = 0; i < 2; i++)
        EXPECT_INT(
            gb_pool_accept(pool, gb_transaction_create(GB_PARTY_NONE, 1, 0), 0, 0, &route, NULL),
            GB_OK);
    struct gb_transaction *third = gb_transaction_create(GB_PARTY_NONE, 1, 0);
    EXPECT_INT(gb_pool_accept(pool, third, 0, 0, &route, NULL), GB_EREFUSED);
    EXPECT_INT(gb_pool_size(pool), 2);
    gb_transaction_free(third);
    gb_pool_free(pool);
}

static void nothing_is_first_or_full_before_anything_came(void)
{
    struct gb_network network = network_of((struct gb_delay){&gb_delay_constant, {{1000000}}});
    struct gb_pool *pool = new_pool(2, &network);
    struct gb_transaction *taken[MAX_SEALED];

    gb_pool_begin_turn(pool, 0);
    EXPECT(gb_pool_first_ns(pool) == INT64_MAX);
    EXPECT(gb_pool_full_ns(pool) == INT64_MAX);
    EXPECT_INT(gb_pool_take(pool, 0, taken), 0);
    gb_pool_free(pool);
}

/* Two of 400 bytes fit into 1000, the third heads the next block; one beyond all bounds goes alone.
 */
static void a_block_ends_before_the_transaction_that_would_exceed_its_bytes(void)
{
    static const size_t sizes[] = {400, 400, 400, 5000, 100}, blocks[] = {2, 1, 1, 1};
    struct gb_network network = network_of((struct gb_delay){&gb_delay_constant, {{1000000}}});
    struct gb_transaction *taken[MAX_SEALED];
    struct gb_pool *pool = NULL;
    uint32_t next = 0;

    EXPECT_INT(gb_pool_create(&pool, 10, MAX_SEALED, 1000, &network, NULL), GB_OK);
    for (uint32_t i = 0; i < 5; i++) {
        struct gb_transaction *t = gb_transaction_create(GB_PARTY_NONE, 1, 0);
        struct gb_route route = {.owner = i};
        t->nonce = i;
        t->n_bytes = sizes[i];
        EXPECT_INT(gb_pool_accept(pool, t, 0, i, &route, NULL), GB_OK);
    }
    for (size_t block = 0; block < 4; block++) {
        gb_pool_begin_turn(pool, 0);
        size_t n = gb_pool_take(pool, INT64_MAX, taken);
        EXPECT_INT(n, blocks[block]);
        for (size_t i = 0; i < n; i++) {
            EXPECT_INT((int64_t)taken[i]->nonce, next++);
            gb_transaction_free(taken[i]);
        }
    }
    EXPECT_INT(gb_pool_size(pool), 0);
    gb_pool_free(pool);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_leader_seals_what_reached_it_in_the_order_in_which_it_did),
        TAP(what_arrives_at_one_instant_is_sealed_in_the_order_in_which_it_was_accepted),
        TAP(a_full_pool_refuses_and_leaves_the_transaction_to_its_sender),
        TAP(nothing_is_first_or_full_before_anything_came),
        TAP(a_block_ends_before_the_transaction_that_would_exceed_its_bytes),
        {0}};
    return tap_main("pool", tests);
}
