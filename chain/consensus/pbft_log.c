#include "chain/consensus/pbft_log_priv.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

enum { FIRST_HEIGHTS = 8 };

/* ---- heights */

static void free_height(struct gb_height *height)
{
    if (!height)
        return;
    for (size_t i = 0; i < height->sets_capacity; i++)
        free(height->sets[i].tallies);
    free(height->sets);
    free(height->instances);
    free(height);
}

/* Doubles the ring. Heights in use move to their new places; free ones are let go. */
static bool grow_ring(struct gb_pbft_log *log)
{
    size_t capacity = 2 * log->ring_capacity;
    struct gb_height **ring = calloc(capacity, sizeof *ring);

    if (!ring)
        return false;
    for (size_t i = 0; i < log->ring_capacity; i++) {
        struct gb_height *height = log->ring[i];

        if (height && height->number)
            ring[height->number & (capacity - 1)] = height;
        else
            free_height(height);
    }
    free(log->ring);
    log->ring = ring;
    log->ring_capacity = capacity;
    return true;
}

static struct gb_height *create_height(const struct gb_pbft_log *log)
{
    struct gb_height *height = calloc(1, sizeof *height);

    if (!height)
        return NULL;
    height->instances = calloc(log->n_nodes, sizeof *height->instances);
    if (!height->instances) {
        free(height);
        return NULL;
    }
    return height;
}

static void reset_height(const struct gb_pbft_log *log, struct gb_height *height, uint64_t number)
{
    height->number = number;
    height->view = 0; /* without a view change the first leader keeps its turn */
    height->n_sets = 0;
    height->first = (struct gb_first_certificates){GB_NO_VOTE_SET, GB_NO_VOTE_SET};
    height->n_done = 0;
    for (uint32_t node = 0; node < log->n_nodes; node++) {
        height->n_done += log->done[node] >= number;
        height->instances[node] = (struct gb_instance){
            GB_STAGE_WAITING, GB_NO_VOTE_SET, GB_NO_VOTE_SET, GB_NO_VOTE_SET, GB_NO_VOTE_SET};
    }
}

struct gb_height *gb_pbft_log_open(struct gb_pbft_log *log)
{
    uint64_t number = log->newest + 1;

    if (number - log->oldest >= log->ring_capacity && !grow_ring(log))
        return NULL;
    struct gb_height **place = &log->ring[number & (log->ring_capacity - 1)];
    if (!*place)
        *place = create_height(log);
    if (!*place)
        return NULL;
    assert((*place)->number == 0);
    reset_height(log, *place, number);
    log->newest = number;
    return *place;
}

void gb_pbft_log_set_done(struct gb_pbft_log *log, uint32_t node, uint64_t up_to)
{
    if (up_to <= log->done[node])
        return;
    for (uint64_t h = log->done[node] + 1; h <= up_to && h <= log->newest; h++)
        gb_pbft_log_at(log, h)->n_done++;
    log->done[node] = up_to;
    while (log->oldest <= log->newest && gb_pbft_log_at(log, log->oldest)->n_done == log->n_nodes) {
        gb_pbft_log_at(log, log->oldest)->number = 0;
        log->oldest++;
    }
}

bool gb_pbft_log_init(struct gb_pbft_log *log, uint32_t n_nodes, const uint32_t *weights)
{
    uint64_t total = 0;

    *log = (struct gb_pbft_log){
        .n_nodes = n_nodes,
        .weights = calloc(n_nodes, sizeof *log->weights),
        .tally_words = 1 + (n_nodes + 63) / 64,
        .ring = calloc(FIRST_HEIGHTS, sizeof *log->ring),
        .oldest = 1,
        .done = calloc(n_nodes, sizeof *log->done),
    };
    if (!log->weights || !log->ring || !log->done)
        return false;
    log->ring_capacity = FIRST_HEIGHTS;
    for (uint32_t i = 0; i < n_nodes; i++) {
        log->weights[i] = weights ? weights[i] : 1;
        total += log->weights[i];
    }
    log->quorum = gb_weight_quorum(total);
    return true;
}

void gb_pbft_log_clear(struct gb_pbft_log *log)
{
    for (size_t i = 0; i < log->ring_capacity; i++)
        free_height(log->ring[i]);
    free(log->ring);
    free(log->done);
    free(log->weights);
}

/* ---- vote sets */

/* Capacity for one more. Those that are there already hold tallies, which the next height uses
 * again.
 */
static bool add_vote_sets(struct gb_height *height)
{
    size_t before = height->sets_capacity;
    struct gb_vote_set *sets = height->n_sets + 1 < GB_NO_VOTE_SET
                                   ? gb_array_grow(height->sets, &height->sets_capacity,
                                                   height->n_sets + (size_t)1, sizeof *sets)
                                   : NULL;

    if (!sets)
        return false;
    for (size_t i = before; i < height->sets_capacity; i++)
        sets[i].tallies = NULL;
    height->sets = sets;
    return true;
}

uint16_t gb_vote_set_open(const struct gb_pbft_log *log, struct gb_height *height,
                          enum gb_phase phase, const struct gb_hash *subject)
{
    size_t n_words = log->n_nodes * log->tally_words;

    for (uint16_t i = 0; i < height->n_sets; i++) {
        const struct gb_vote_set *set = &height->sets[i];

        if (set->phase == phase && set->view == height->view &&
            gb_hash_is_equal(&set->subject, subject))
            return i;
    }
    if (height->n_sets == height->sets_capacity && !add_vote_sets(height))
        return GB_NO_VOTE_SET;
    struct gb_vote_set *set = &height->sets[height->n_sets];
    if (!set->tallies)
        set->tallies = malloc(n_words * sizeof *set->tallies);
    if (!set->tallies)
        return GB_NO_VOTE_SET;
    memset(set->tallies, 0, n_words * sizeof *set->tallies);
    set->phase = phase;
    set->view = height->view;
    set->subject = *subject;
    set->is_prepared = false;
    return height->n_sets++;
}

bool gb_vote_set_quorum_elsewhere(const struct gb_pbft_log *log, const struct gb_height *height,
                                  enum gb_phase phase, uint16_t own, uint32_t node)
{
    for (uint16_t i = 0; i < height->n_sets; i++)
        if (i != own && height->sets[i].phase == phase &&
            gb_vote_set_has_quorum(log, height, i, node))
            return true;
    return false;
}

void gb_vote_set_claim_result(struct gb_height *height, uint16_t set, const struct gb_hash *result)
{
    height->sets[set].result = *result;
}

void gb_vote_set_mark_prepared(struct gb_height *height, uint16_t set)
{
    height->sets[set].is_prepared = true;
}

uint32_t gb_vote_set_signers(const struct gb_pbft_log *log, const struct gb_height *height,
                             uint16_t set, uint32_t node, uint32_t *signers)
{
    const uint64_t *bits = gb_vote_set_tally(log, height, set, node) + 1;
    uint32_t n_signers = 0;

    for (uint32_t source = 0; source < log->n_nodes; source++)
        if (bits[source / 64] >> source % 64 & 1)
            signers[n_signers++] = source;
    return n_signers;
}
