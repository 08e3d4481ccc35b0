#include "chain/consensus/pbft_priv.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_VOTE_SETS = 4 }; /* one a phase: all there are without a fault */

static void *fail_memory(struct gb_pbft *pbft)
{
    gb_fail(&pbft->failure, GB_ENOMEM, "no memory for the votes of %u validators",
            pbft->config.n_nodes);
    return NULL;
}

/* ---- heights */

void gb_height_free(struct gb_height *height)
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
static bool grow_ring(struct gb_pbft *pbft)
{
    size_t capacity = 2 * pbft->ring_capacity;
    struct gb_height **ring = calloc(capacity, sizeof *ring);

    if (!ring)
        return false;
    for (size_t i = 0; i < pbft->ring_capacity; i++) {
        struct gb_height *height = pbft->ring[i];

        if (height && height->number)
            ring[height->number & (capacity - 1)] = height;
        else
            gb_height_free(height);
    }
    free(pbft->ring);
    pbft->ring = ring;
    pbft->ring_capacity = capacity;
    return true;
}

static struct gb_height *create_height(const struct gb_pbft *pbft)
{
    struct gb_height *height = calloc(1, sizeof *height);

    if (!height)
        return NULL;
    height->instances = calloc(pbft->config.n_nodes, sizeof *height->instances);
    if (!height->instances) {
        free(height);
        return NULL;
    }
    return height;
}

static void reset_height(const struct gb_pbft *pbft, struct gb_height *height, uint64_t number)
{
    height->number = number;
    height->view = 0; /* without a view change the first leader keeps its turn */
    height->n_sets = 0;
    height->committed = height->stable = GB_NO_VOTE_SET;
    height->n_done = 0;
    for (uint32_t node = 0; node < pbft->config.n_nodes; node++) {
        height->n_done += pbft->replicas[node].done >= number;
        height->instances[node] = (struct gb_instance){
            GB_STAGE_WAITING, GB_NO_VOTE_SET, GB_NO_VOTE_SET, GB_NO_VOTE_SET, GB_NO_VOTE_SET};
    }
}

struct gb_height *gb_height_open(struct gb_pbft *pbft)
{
    uint64_t number = pbft->newest + 1;

    if (number - pbft->oldest >= pbft->ring_capacity && !grow_ring(pbft))
        return fail_memory(pbft);
    struct gb_height **place = &pbft->ring[number & (pbft->ring_capacity - 1)];
    if (!*place)
        *place = create_height(pbft);
    if (!*place)
        return fail_memory(pbft);
    assert((*place)->number == 0);
    reset_height(pbft, *place, number);
    pbft->newest = number;
    return *place;
}

void gb_height_set_done(struct gb_pbft *pbft, uint32_t node, uint64_t up_to)
{
    struct gb_replica *replica = &pbft->replicas[node];

    if (up_to <= replica->done)
        return;
    for (uint64_t h = replica->done + 1; h <= up_to && h <= pbft->newest; h++)
        gb_height_at(pbft, h)->n_done++;
    replica->done = up_to;
    while (pbft->oldest <= pbft->newest &&
           gb_height_at(pbft, pbft->oldest)->n_done == pbft->config.n_nodes) {
        gb_height_at(pbft, pbft->oldest)->number = 0;
        pbft->oldest++;
    }
}

/* ---- sets */

static bool add_vote_sets(struct gb_height *height)
{
    size_t capacity = height->sets_capacity;

    capacity = capacity > 0 ? 2 * capacity : FIRST_VOTE_SETS;
    if (capacity >= GB_NO_VOTE_SET)
        return false;
    struct gb_vote_set *sets = realloc(height->sets, capacity * sizeof *sets);
    if (!sets)
        return false;
    for (size_t i = height->sets_capacity; i < capacity; i++)
        sets[i].tallies = NULL;
    height->sets = sets;
    height->sets_capacity = (uint16_t)capacity;
    return true;
}

uint16_t gb_vote_set_open(struct gb_pbft *pbft, struct gb_height *height, enum gb_phase phase,
                          const struct gb_hash *subject)
{
    size_t n_words = pbft->config.n_nodes * pbft->tally_words;

    for (uint16_t i = 0; i < height->n_sets; i++) {
        const struct gb_vote_set *set = &height->sets[i];

        if (set->phase == phase && set->view == height->view &&
            gb_hash_is_equal(&set->subject, subject))
            return i;
    }
    if (height->n_sets == height->sets_capacity && !add_vote_sets(height)) {
        fail_memory(pbft);
        return GB_NO_VOTE_SET;
    }
    struct gb_vote_set *set = &height->sets[height->n_sets];
    if (!set->tallies)
        set->tallies = malloc(n_words * sizeof *set->tallies);
    if (!set->tallies) {
        fail_memory(pbft);
        return GB_NO_VOTE_SET;
    }
    memset(set->tallies, 0, n_words * sizeof *set->tallies);
    set->phase = phase;
    set->view = height->view;
    set->subject = *subject;
    set->is_prepared = false;
    return height->n_sets++;
}

bool gb_vote_set_quorum_elsewhere(const struct gb_pbft *pbft, const struct gb_height *height,
                                  enum gb_phase phase, uint16_t own, uint32_t node)
{
    for (uint16_t i = 0; i < height->n_sets; i++)
        if (i != own && height->sets[i].phase == phase &&
            gb_vote_set_has_quorum(pbft, height, i, node))
            return true;
    return false;
}
