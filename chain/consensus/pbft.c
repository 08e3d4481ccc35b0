#include "chain/consensus/pbft.h"

#include <assert.h>
#include <stdlib.h>

#include "chain/consensus/pbft_priv.h"

enum { FIRST_HEIGHTS = 8 };

/* ---- messages */

static uint64_t *count_of(struct gb_pbft *pbft, enum gb_phase phase)
{
    switch (phase) {
    case GB_PHASE_PREPREPARE: return &pbft->counts.preprepare;
    case GB_PHASE_PREPARE: return &pbft->counts.prepare;
    case GB_PHASE_COMMIT: return &pbft->counts.commit;
    case GB_PHASE_CHECKPOINT: break;
    }
    return &pbft->counts.checkpoint;
}

static void arrive(const struct gb_event *event);

static void multicast(struct gb_pbft *pbft, const struct gb_height *height, uint16_t set,
                      uint32_t source)
{
    int64_t now_ns = gb_queue_now_ns(pbft->queue);
    enum gb_phase phase = height->sets[set].phase;
    uint32_t view = height->sets[set].view;
    struct gb_event event = {
        .action = arrive, .subject = pbft, .a = height->number, .priority = GB_PRIORITY_MESSAGE};

    assert(now_ns != INT64_MIN); /* outside any event there is no present to send at */
    for (uint32_t destination = 0; destination < pbft->config.n_nodes; destination++) {
        if (destination == source)
            continue;
        event.time_ns = gb_network_vote_arrival_ns(pbft->config.network, now_ns, source,
                                                   destination, height->number, phase, view);
        event.b = (uint64_t)set << 32 | (uint64_t)source << 16 | destination;
        gb_queue_push(pbft->queue, &event);
    }
    *count_of(pbft, phase) += pbft->config.n_nodes - 1;
}

/* `node` votes: signed by the host, counted by itself at once, sent to all others. */
static uint16_t cast_vote(struct gb_pbft *pbft, struct gb_height *height, uint32_t node,
                          enum gb_phase phase, const struct gb_hash *subject)
{
    uint16_t set = gb_vote_set_open(pbft, height, phase, subject);

    if (set == GB_NO_VOTE_SET)
        return set;
    if (pbft->host.voted)
        pbft->host.voted(pbft->host.context, node, phase, height->number, height->view, subject);
    gb_vote_set_count(pbft, height, set, node, node);
    multicast(pbft, height, set, node);
    return set;
}

/* ---- what a node does when it has what it waited for */

static bool is_failed(const struct gb_pbft *pbft)
{
    return pbft->failure.status != GB_OK;
}

/* The safety oracle: the first certificate of a height is the law for all others. */
static void check_agreement(struct gb_pbft *pbft, const struct gb_height *height, uint16_t *first,
                            uint16_t set, uint32_t node, const char *what)
{
    if (*first == GB_NO_VOTE_SET)
        *first = set;
    if (!gb_hash_is_equal(&height->sets[*first].subject, &height->sets[set].subject))
        gb_fail(&pbft->failure, GB_EBROKEN,
                "safety is broken: at height %llu validator %u holds another %s than the first",
                (unsigned long long)height->number, node, what);
}

/* The same for prepare certificates, which may differ from view to view but not within one.
 * Any replica that holds one is looked at, whatever it voted for itself. */
static void check_prepared(struct gb_pbft *pbft, struct gb_height *height, uint16_t set,
                           uint32_t node)
{
    struct gb_vote_set *prepared = &height->sets[set];

    if (prepared->is_prepared)
        return;
    prepared->is_prepared = true;
    for (uint16_t i = 0; i < height->n_sets; i++) {
        const struct gb_vote_set *other = &height->sets[i];

        if (i != set && other->is_prepared && other->view == prepared->view)
            gb_fail(&pbft->failure, GB_EBROKEN,
                    "safety is broken: at height %llu, view %u validator %u holds another prepare "
                    "certificate than the first",
                    (unsigned long long)height->number, other->view, node);
    }
}

/* A quorum has come together at a node, for whatever the node itself is for. */
static void watch_certificate(struct gb_pbft *pbft, struct gb_height *height, uint16_t set,
                              uint32_t node)
{
    switch (height->sets[set].phase) {
    case GB_PHASE_PREPARE: check_prepared(pbft, height, set, node); break;
    case GB_PHASE_COMMIT:
        check_agreement(pbft, height, &height->committed, set, node, "commit certificate");
        break;
    case GB_PHASE_CHECKPOINT:
        check_agreement(pbft, height, &height->stable, set, node, "checkpoint certificate");
        break;
    default: break;
    }
}

/* What the votes of Prepare and Commit are for, or false: the node refuses the proposal. */
static bool examine(struct gb_pbft *pbft, const struct gb_height *height, uint32_t node,
                    struct gb_hash *subject)
{
    const struct gb_pbft_host *host = &pbft->host;
    const struct gb_vote_set *proposal = &height->sets[height->instances[node].proposal];

    if (host->is_acceptable &&
        !host->is_acceptable(host->context, node, height->number, &proposal->subject))
        return false;
    *subject = proposal->subject;
    if (pbft->config.flow == GB_FLOW_FISCO3)
        return true;
    *subject = host->execute(host->context, node, height->number, &proposal->subject);
    return gb_hash_is_equal(subject, &proposal->result);
}

/* Looks at the PrePrepare and sends Prepare; in `classic` the PrePrepare is its leader's own. */
static void accept_proposal(struct gb_pbft *pbft, struct gb_height *height, uint32_t node)
{
    struct gb_instance *instance = &height->instances[node];
    uint32_t leader = gb_pbft_leader(pbft, height->number);
    struct gb_hash subject;

    if (!examine(pbft, height, node, &subject)) {
        instance->stage = GB_STAGE_REFUSED;
        return;
    }
    if (pbft->config.flow == GB_FLOW_CLASSIC && node == leader)
        instance->prepare = gb_vote_set_open(pbft, height, GB_PHASE_PREPARE, &subject);
    else
        instance->prepare = cast_vote(pbft, height, node, GB_PHASE_PREPARE, &subject);
    if (is_failed(pbft))
        return;
    if (pbft->config.flow == GB_FLOW_CLASSIC)
        gb_vote_set_count(pbft, height, instance->prepare, node, leader);
    instance->stage = GB_STAGE_ACCEPTED;
}

static void send_commit(struct gb_pbft *pbft, struct gb_height *height, uint32_t node)
{
    struct gb_instance *instance = &height->instances[node];
    struct gb_hash subject = height->sets[instance->prepare].subject;

    check_prepared(pbft, height, instance->prepare, node);
    if (is_failed(pbft))
        return;
    instance->commit = cast_vote(pbft, height, node, GB_PHASE_COMMIT, &subject);
    instance->stage = GB_STAGE_PREPARED;
}

/* Lets go of the heights of which `node` needs no vote any more. */
static void release_heights(struct gb_pbft *pbft, uint32_t node)
{
    const struct gb_replica *replica = &pbft->replicas[node];
    uint64_t up_to = replica->is_diverged ? replica->committed : replica->stable;

    if (replica->is_lagging && up_to == replica->committed)
        up_to = UINT64_MAX;
    gb_height_set_done(pbft, node, up_to);
}

static void report_stable(struct gb_pbft *pbft, struct gb_height *height, uint32_t node)
{
    uint64_t number = height->number;
    const struct gb_instance *instance = &height->instances[node];

    check_agreement(pbft, height, &height->stable,
                    pbft->config.flow == GB_FLOW_FISCO3 ? instance->checkpoint : instance->commit,
                    node, "certificate");
    if (is_failed(pbft))
        return;
    pbft->replicas[node].stable = number;
    if (pbft->host.stable)
        pbft->host.stable(pbft->host.context, node, number);
    release_heights(pbft, node); /* from here on `height` may be another's */
}

/* `fisco3`: becomes stable at every next height with a quorum of checkpoints equal to the own. A
 * quorum for another result proves the own one wrong, and the node waits for no checkpoint more. */
static void collect_checkpoints(struct gb_pbft *pbft, uint32_t node)
{
    struct gb_replica *replica = &pbft->replicas[node];

    while (!replica->is_diverged && replica->stable < replica->committed && !is_failed(pbft)) {
        struct gb_height *height = gb_height_at(pbft, replica->stable + 1);
        uint16_t own = height->instances[node].checkpoint;

        if (own == GB_NO_VOTE_SET) /* committed a moment ago, executing */
            return;
        if (gb_vote_set_has_quorum(pbft, height, own, node))
            report_stable(pbft, height, node);
        else if (gb_vote_set_quorum_elsewhere(pbft, height, GB_PHASE_CHECKPOINT, own, node))
            replica->is_diverged = true;
        else
            return;
    }
    if (replica->is_diverged)
        release_heights(pbft, node);
}

static void commit_height(struct gb_pbft *pbft, struct gb_height *height, uint32_t node)
{
    const struct gb_pbft_host *host = &pbft->host;
    struct gb_instance *instance = &height->instances[node];
    uint64_t number = height->number;

    check_agreement(pbft, height, &height->committed, instance->commit, node, "commit certificate");
    if (is_failed(pbft))
        return;
    instance->stage = GB_STAGE_COMMITTED;
    pbft->replicas[node].committed = number;
    if (host->committed)
        host->committed(host->context, node, number);
    if (pbft->config.flow == GB_FLOW_FISCO3) {
        struct gb_hash proposal = height->sets[instance->proposal].subject;
        struct gb_hash result = host->execute(host->context, node, number, &proposal);

        instance->checkpoint = cast_vote(pbft, height, node, GB_PHASE_CHECKPOINT, &result);
        collect_checkpoints(pbft, node);
    } else {
        report_stable(pbft, height, node);
    }
    if (host->turn && !is_failed(pbft) && gb_pbft_leader(pbft, number + 1) == node)
        host->turn(host->context, node, number + 1);
}

/* One step of `node` at the height after its last committed one. returns false if it must wait */
static bool make_step(struct gb_pbft *pbft, struct gb_height *height, uint32_t node)
{
    struct gb_instance *instance = &height->instances[node];

    switch ((enum gb_stage)instance->stage) {
    case GB_STAGE_WAITING:
        if (instance->proposal == GB_NO_VOTE_SET)
            return false;
        accept_proposal(pbft, height, node);
        return true;
    case GB_STAGE_REFUSED:
        if (gb_vote_set_quorum_elsewhere(pbft, height, GB_PHASE_COMMIT, GB_NO_VOTE_SET, node)) {
            pbft->replicas[node].is_lagging = true;
            release_heights(pbft, node);
        }
        return false;
    case GB_STAGE_ACCEPTED:
        if (!gb_vote_set_has_quorum(pbft, height, instance->prepare, node))
            return false;
        send_commit(pbft, height, node);
        return true;
    case GB_STAGE_PREPARED:
        if (!gb_vote_set_has_quorum(pbft, height, instance->commit, node))
            return false;
        commit_height(pbft, height, node);
        return true;
    case GB_STAGE_COMMITTED: break;
    }
    return false;
}

/* Goes on as far as the messages allow that `node` has, through as many phases and heights as they
 * complete: whatever came too early is looked at again here, so that no wake-up is lost.
 * A proposal made from `turn` is walked by the loop that called it. */
static void progress(struct gb_pbft *pbft, uint32_t node)
{
    struct gb_height *height;

    if (pbft->is_busy)
        return;
    pbft->is_busy = true;
    do
        height = gb_height_at(pbft, pbft->replicas[node].committed + 1);
    while (height && !is_failed(pbft) && make_step(pbft, height, node));
    pbft->is_busy = false;
}

static void receive(struct gb_pbft *pbft, struct gb_height *height, uint16_t set, uint32_t source,
                    uint32_t node)
{
    if (!gb_vote_set_count(pbft, height, set, node, source))
        return; /* a second vote of the same source */
    enum gb_phase phase = height->sets[set].phase;
    if (phase == GB_PHASE_PREPREPARE)
        height->instances[node].proposal = set;
    else if (!gb_vote_set_has_quorum(pbft, height, set, node))
        return;
    watch_certificate(pbft, height, set, node);
    if (is_failed(pbft))
        return;
    if (phase == GB_PHASE_CHECKPOINT)
        collect_checkpoints(pbft, node);
    else if (height->number == pbft->replicas[node].committed + 1)
        progress(pbft, node);
}

static void arrive(const struct gb_event *event)
{
    struct gb_pbft *pbft = event->subject;
    struct gb_height *height = gb_height_at(pbft, event->a);
    uint32_t source = event->b >> 16 & 0xffff, node = event->b & 0xffff;

    if (height && !is_failed(pbft)) /* else every replica is done with that height */
        receive(pbft, height, (uint16_t)(event->b >> 32), source, node);
}

/* ---- the public side */

static enum gb_status check_config(const struct gb_pbft_config *config, struct gb_error *err)
{
    if (config->n_nodes < 1 || config->n_nodes > GB_VALIDATORS_MAX)
        return gb_fail(err, GB_ECONFIG, "a chain has 1 to %d validators, not %u", GB_VALIDATORS_MAX,
                       config->n_nodes);
    if (config->leader_period < 1)
        return gb_fail(err, GB_ECONFIG, "a leader serves at least 1 height");
    for (uint32_t i = 0; config->weights && i < config->n_nodes; i++)
        if (config->weights[i] == 0)
            return gb_fail(err, GB_ECONFIG, "validator %u has no weight", i);
    return GB_OK;
}

static bool allocate(struct gb_pbft *pbft, const uint32_t *weights)
{
    uint32_t n_nodes = pbft->config.n_nodes;
    uint32_t *own_weights = calloc(n_nodes, sizeof *own_weights);
    uint64_t total = 0;

    pbft->config.weights = own_weights;
    pbft->replicas = calloc(n_nodes, sizeof *pbft->replicas);
    pbft->ring = calloc(FIRST_HEIGHTS, sizeof *pbft->ring);
    if (!own_weights || !pbft->replicas || !pbft->ring)
        return false;
    pbft->ring_capacity = FIRST_HEIGHTS;
    for (uint32_t i = 0; i < n_nodes; i++) {
        own_weights[i] = weights ? weights[i] : 1;
        total += own_weights[i];
    }
    pbft->quorum = gb_weight_quorum(total);
    return true;
}

enum gb_status gb_pbft_create(struct gb_pbft **out, struct gb_queue *queue,
                              const struct gb_pbft_config *config, const struct gb_pbft_host *host,
                              struct gb_error *err)
{
    enum gb_status status = check_config(config, err);

    if (status != GB_OK)
        return status;
    struct gb_pbft *pbft = calloc(1, sizeof *pbft);
    if (!pbft)
        return gb_fail(err, GB_ENOMEM, "no memory for %u validators", config->n_nodes);
    pbft->queue = queue;
    pbft->config = *config;
    pbft->host = *host;
    pbft->tally_words = 1 + (config->n_nodes + 63) / 64;
    pbft->oldest = 1;
    if (!allocate(pbft, config->weights)) {
        gb_pbft_free(pbft);
        return gb_fail(err, GB_ENOMEM, "no memory for %u validators", config->n_nodes);
    }
    *out = pbft;
    return GB_OK;
}

void gb_pbft_free(struct gb_pbft *pbft)
{
    if (!pbft)
        return;
    for (size_t i = 0; i < pbft->ring_capacity; i++)
        gb_height_free(pbft->ring[i]);
    free(pbft->ring);
    free(pbft->replicas);
    free((uint32_t *)pbft->config.weights);
    free(pbft);
}

void gb_pbft_start(struct gb_pbft *pbft)
{
    if (pbft->host.turn)
        pbft->host.turn(pbft->host.context, gb_pbft_leader(pbft, 1), 1);
}

void gb_pbft_propose(struct gb_pbft *pbft, uint32_t node, uint64_t height,
                     const struct gb_hash *proposal, const struct gb_hash *result)
{
    if (is_failed(pbft))
        return;
    assert(node == gb_pbft_leader(pbft, height) && height == pbft->newest + 1);
    assert(pbft->replicas[node].committed + 1 == height);
    struct gb_height *slot = gb_height_open(pbft);
    if (!slot)
        return;
    uint16_t set = gb_vote_set_open(pbft, slot, GB_PHASE_PREPREPARE, proposal);
    if (set == GB_NO_VOTE_SET)
        return;
    slot->sets[set].result = result ? *result : *proposal;
    slot->instances[node].proposal = set;
    if (pbft->host.voted)
        pbft->host.voted(pbft->host.context, node, GB_PHASE_PREPREPARE, height, slot->view,
                         pbft->config.flow == GB_FLOW_FISCO3 ? proposal : result);
    multicast(pbft, slot, set, node);
    progress(pbft, node);
}

void gb_pbft_deliver(struct gb_pbft *pbft, uint32_t node, uint32_t source, enum gb_phase phase,
                     uint64_t height, const struct gb_hash *subject)
{
    struct gb_height *slot = gb_height_at(pbft, height);

    assert(phase != GB_PHASE_PREPREPARE && source != node);
    if (!slot || is_failed(pbft))
        return;
    uint16_t set = gb_vote_set_open(pbft, slot, phase, subject);
    if (set != GB_NO_VOTE_SET)
        receive(pbft, slot, set, source, node);
}

enum gb_status gb_pbft_status(const struct gb_pbft *pbft, struct gb_error *err)
{
    if (!is_failed(pbft))
        return GB_OK;
    return gb_fail(err, pbft->failure.status, "%s", pbft->failure.text);
}

uint32_t gb_pbft_leader(const struct gb_pbft *pbft, uint64_t height)
{
    return (uint32_t)((height / pbft->config.leader_period + gb_pbft_view(pbft, height)) %
                      pbft->config.n_nodes);
}

uint32_t gb_pbft_view(const struct gb_pbft *pbft, uint64_t height)
{
    const struct gb_height *slot = gb_height_at(pbft, height);

    return slot ? slot->view : 0;
}

uint64_t gb_pbft_quorum_weight(const struct gb_pbft *pbft)
{
    return pbft->quorum;
}

struct gb_pbft_counts gb_pbft_counts(const struct gb_pbft *pbft)
{
    return pbft->counts;
}

uint64_t gb_pbft_committed_height(const struct gb_pbft *pbft, uint32_t node)
{
    return pbft->replicas[node].committed;
}

uint64_t gb_pbft_stable_height(const struct gb_pbft *pbft, uint32_t node)
{
    return pbft->replicas[node].stable;
}

uint32_t gb_pbft_signers(const struct gb_pbft *pbft, uint32_t node, uint64_t height,
                         uint32_t *signers)
{
    const struct gb_height *slot = gb_height_at(pbft, height);
    uint32_t n_signers = 0;

    if (!slot || pbft->replicas[node].stable < height)
        return 0;
    const struct gb_instance *instance = &slot->instances[node];
    uint16_t set = pbft->config.flow == GB_FLOW_FISCO3 ? instance->checkpoint : instance->commit;
    const uint64_t *bits = gb_vote_set_tally(pbft, slot, set, node) + 1;
    for (uint32_t source = 0; source < pbft->config.n_nodes; source++)
        if (bits[source / 64] >> source % 64 & 1)
            signers[n_signers++] = source;
    return n_signers;
}
