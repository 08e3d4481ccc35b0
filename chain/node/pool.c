#include "chain/node/pool.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

struct waiting {
    struct gb_transaction *transaction;
    uint64_t sequence; /* of acceptance: breaks ties of arrival */
    int64_t accepted_ns;
    uint32_t node; /* where it was accepted */
    struct gb_route route;
};

struct arrival { /* of a waiting transaction at the leader */
    int64_t time_ns;
    uint64_t sequence;
    size_t index; /* in waiting */
};

struct gb_pool {
    struct waiting *waiting;
    size_t n, capacity;
    uint64_t next_sequence;
    uint32_t limit, max_sealed;
    uint64_t max_bytes;
    const struct gb_network *network; /* borrowed */
    /* the current turn: a max-heap of the max_sealed earliest arrivals at the leader */
    uint32_t leader; /* GB_NO_NODE: no turn */
    struct arrival *heap;
    size_t n_heap;
    int64_t first_ns;
};

enum gb_status gb_pool_create(struct gb_pool **out, uint32_t limit, uint32_t max_sealed,
                              uint64_t max_bytes, const struct gb_network *network,
                              struct gb_error *err)
{
    struct gb_pool *pool = calloc(1, sizeof *pool);

    assert(max_sealed > 0);
    if (!pool)
        return gb_fail(err, GB_ENOMEM, "no memory for the transaction pool");
    pool->heap = malloc(max_sealed * sizeof *pool->heap);
    if (!pool->heap) {
        free(pool);
        return gb_fail(err, GB_ENOMEM, "no memory for the transaction pool");
    }
    pool->limit = limit;
    pool->max_sealed = max_sealed;
    pool->max_bytes = max_bytes;
    pool->network = network;
    pool->leader = GB_NO_NODE;
    pool->first_ns = INT64_MAX;
    *out = pool;
    return GB_OK;
}

void gb_pool_free(struct gb_pool *pool)
{
    if (!pool)
        return;
    for (size_t i = 0; i < pool->n; i++)
        gb_transaction_free(pool->waiting[i].transaction);
    free(pool->waiting);
    free(pool->heap);
    free(pool);
}

static int is_before(const struct arrival *a, const struct arrival *b)
{
    return a->time_ns != b->time_ns ? a->time_ns < b->time_ns : a->sequence < b->sequence;
}

static void sift_down(struct arrival *heap, size_t n, size_t at)
{
    struct arrival moving = heap[at];

    for (size_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && is_before(&heap[child], &heap[child + 1]))
            child++;
        if (!is_before(&moving, &heap[child]))
            break;
        heap[at] = heap[child];
    }
    heap[at] = moving;
}

static void heap_add(struct gb_pool *pool, const struct arrival *arrival)
{
    if (pool->n_heap == pool->max_sealed) { /* full: only an earlier one displaces the last */
        if (is_before(arrival, &pool->heap[0])) {
            pool->heap[0] = *arrival;
            sift_down(pool->heap, pool->n_heap, 0);
        }
        return;
    }
    size_t at = pool->n_heap++;
    for (size_t parent; at > 0; at = parent) {
        parent = (at - 1) / 2;
        if (!is_before(&pool->heap[parent], arrival))
            break;
        pool->heap[at] = pool->heap[parent];
    }
    pool->heap[at] = *arrival;
}

static void add_arrival(struct gb_pool *pool, size_t index)
{
    const struct waiting *waiting = &pool->waiting[index];
    struct arrival arrival = {gb_network_gossip_arrival_ns(pool->network, waiting->accepted_ns,
                                                           waiting->node, pool->leader,
                                                           &waiting->route),
                              waiting->sequence, index};

    if (arrival.time_ns < pool->first_ns)
        pool->first_ns = arrival.time_ns;
    heap_add(pool, &arrival);
}

enum gb_status gb_pool_accept(struct gb_pool *pool, struct gb_transaction *transaction,
                              uint32_t node, int64_t now_ns, const struct gb_route *route,
                              struct gb_error *err)
{
    if (pool->n >= pool->limit)
        return GB_EREFUSED;
    if (pool->n == pool->capacity) {
        struct waiting *grown =
            gb_array_grow(pool->waiting, &pool->capacity, pool->n + 1, sizeof *grown);

        if (!grown)
            return gb_fail(err, GB_ENOMEM, "no memory for %zu waiting transactions", pool->n + 1);
        pool->waiting = grown;
    }
    pool->waiting[pool->n] =
        (struct waiting){transaction, pool->next_sequence++, now_ns, node, *route};
    pool->n++;
    if (pool->leader != GB_NO_NODE)
        add_arrival(pool, pool->n - 1);
    return GB_OK;
}

bool gb_pool_holds(const struct gb_pool *pool, gb_party sender, uint8_t kind, uint64_t nonce)
{
    for (size_t i = 0; i < pool->n; i++)
        if (gb_transaction_is_message(pool->waiting[i].transaction, sender, kind, nonce))
            return true;
    return false;
}

size_t gb_pool_size(const struct gb_pool *pool)
{
    return pool->n;
}

void gb_pool_begin_turn(struct gb_pool *pool, uint32_t leader)
{
    pool->leader = leader;
    pool->n_heap = 0;
    pool->first_ns = INT64_MAX;
    for (size_t i = 0; i < pool->n; i++)
        add_arrival(pool, i);
}

int64_t gb_pool_first_ns(const struct gb_pool *pool)
{
    return pool->first_ns;
}

int64_t gb_pool_full_ns(const struct gb_pool *pool)
{
    return pool->n_heap == pool->max_sealed ? pool->heap[0].time_ns : INT64_MAX;
}

size_t gb_pool_take(struct gb_pool *pool, int64_t now_ns, struct gb_transaction **out)
{
    size_t n = 0;
    uint64_t n_bytes = 0;

    /* heapsort: the latest of the heap goes behind the shrinking rest */
    for (size_t left = pool->n_heap; left > 1; left--) {
        struct arrival last = pool->heap[0];

        pool->heap[0] = pool->heap[left - 1];
        sift_down(pool->heap, left - 1, 0);
        pool->heap[left - 1] = last;
    }
    for (; n < pool->n_heap && pool->heap[n].time_ns <= now_ns; n++) {
        struct waiting *taken = &pool->waiting[pool->heap[n].index];

        n_bytes += taken->transaction->n_bytes;
        if (n > 0 && n_bytes > pool->max_bytes)
            break;
        out[n] = taken->transaction;
        taken->transaction = NULL;
    }
    size_t n_left = 0;
    for (size_t i = 0; i < pool->n; i++)
        if (pool->waiting[i].transaction)
            pool->waiting[n_left++] = pool->waiting[i];
    pool->n = n_left;
    pool->n_heap = 0;
    pool->first_ns = INT64_MAX;
    pool->leader = GB_NO_NODE;
    return n;
}
