/* What a replica does: it multicasts its votes, counts those of others, and goes from stage to
 * stage as quorums of them come together. */
#include <assert.h>
#include <stdlib.h>

#include "chain/consensus/pbft_priv.h"

bool gb_replicas_create(struct gb_pbft *pbft)
{
    pbft->replicas = calloc(pbft->config.committee.n_nodes, sizeof *pbft->replicas);
    return pbft->replicas != NULL;
}

static void fail_memory(struct gb_pbft *pbft)
{
    gb_fail(&pbft->failure, GB_ENOMEM, "no memory for the votes of %u validators",
            pbft->config.committee.n_nodes);
}

uint16_t gb_replica_open_vote_set(struct gb_pbft *pbft, struct gb_height *height,
                                  enum gb_phase phase, const struct gb_hash *subject)
{
    uint16_t set = gb_vote_set_open(&pbft->log, height, phase, subject);

    if (set == GB_NO_VOTE_SET)
        fail_memory(pbft);
    return set;
}

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
    const struct gb_network *network = pbft->config.network;
    uint32_t n_nodes = pbft->config.committee.n_nodes;
    int64_t now_ns = gb_queue_now_ns(pbft->queue);
    enum gb_phase phase = height->sets[set].phase;
    uint32_t view = height->sets[set].view;
    struct gb_event event = {
        .action = arrive, .subject = pbft, .a = height->number, .priority = GB_PRIORITY_MESSAGE};

    assert(now_ns != INT64_MIN); /* outside any event there is no present to send at */
    for (uint32_t destination = 0; destination < n_nodes; destination++) {
        if (destination == source)
            continue;
        event.time_ns = gb_network_vote_arrival_ns(network, now_ns, source, destination,
                                                   height->number, phase, view);
        event.b = (uint64_t)set << 32 | (uint64_t)source << 16 | destination;
        gb_queue_push(pbft->queue, &event);
    }
    *count_of(pbft, phase) += n_nodes - 1;
}

/* `node` votes: signed by the host, counted by itself at once, sent to all others. */
static uint16_t cast_vote(struct gb_pbft *pbft, struct gb_height *height, uint32_t node,
                          enum gb_phase phase, const struct gb_hash *subject)
{
    uint16_t set = gb_replica_open_vote_set(pbft, height, phase, subject);

    if (set == GB_NO_VOTE_SET)
        return set;
    if (pbft->host.voted)
        pbft->host.voted(pbft->host.context, node, phase, height->number, height->view, subject);
    gb_vote_set_count(&pbft->log, height, set, node, node);
    multicast(pbft, height, set, node);
    return set;
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
    if (pbft->config.committee.flow->has_checkpoint)
        return true;
    *subject = host->execute(host->context, node, height->number, &proposal->subject);
    return gb_hash_is_equal(subject, &proposal->result);
}

/* Looks at the PrePrepare and sends Prepare; in `classic` the PrePrepare is its leader's own. */
static void accept_proposal(struct gb_pbft *pbft, struct gb_height *height, uint32_t node)
{
    struct gb_instance *instance = &height->instances[node];
    uint32_t leader = gb_pbft_leader_of(pbft, height->number);
    struct gb_hash subject;

    if (!examine(pbft, height, node, &subject)) {
        instance->stage = GB_STAGE_REFUSED;
        return;
    }
    if (!pbft->config.committee.flow->leader_prepares && node == leader)
        instance->prepare = gb_replica_open_vote_set(pbft, height, GB_PHASE_PREPARE, &subject);
    else
        instance->prepare = cast_vote(pbft, height, node, GB_PHASE_PREPARE, &subject);
    if (gb_pbft_is_failed(pbft))
        return;
    if (!pbft->config.committee.flow->leader_prepares)
        gb_vote_set_count(&pbft->log, height, instance->prepare, node, leader);
    instance->stage = GB_STAGE_ACCEPTED;
}

static void send_commit(struct gb_pbft *pbft, struct gb_height *height, uint32_t node)
{
    struct gb_instance *instance = &height->instances[node];
    struct gb_hash subject = height->sets[instance->prepare].subject;

    gb_safety_check_prepared(height, instance->prepare, node, &pbft->failure);
    if (gb_pbft_is_failed(pbft))
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
    gb_pbft_log_set_done(&pbft->log, node, up_to);
}

static void report_stable(struct gb_pbft *pbft, struct gb_height *height, uint32_t node)
{
    uint64_t number = height->number;
    const struct gb_instance *instance = &height->instances[node];

    gb_safety_check_stable(height,
                           pbft->config.committee.flow->has_checkpoint ? instance->checkpoint
                                                                       : instance->commit,
                           node, &pbft->failure);
    if (gb_pbft_is_failed(pbft))
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

    while (!replica->is_diverged && replica->stable < replica->committed &&
           !gb_pbft_is_failed(pbft)) {
        struct gb_height *height = gb_pbft_log_at(&pbft->log, replica->stable + 1);
        uint16_t own = height->instances[node].checkpoint;

        if (own == GB_NO_VOTE_SET) /* committed a moment ago, executing */
            return;
        if (gb_vote_set_has_quorum(&pbft->log, height, own, node))
            report_stable(pbft, height, node);
        else if (gb_vote_set_quorum_elsewhere(&pbft->log, height, GB_PHASE_CHECKPOINT, own, node))
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

    gb_safety_check_committed(height, instance->commit, node, &pbft->failure);
    if (gb_pbft_is_failed(pbft))
        return;
    instance->stage = GB_STAGE_COMMITTED;
    pbft->replicas[node].committed = number;
    if (host->committed)
        host->committed(host->context, node, number);
    if (pbft->config.committee.flow->has_checkpoint) {
        struct gb_hash proposal = height->sets[instance->proposal].subject;
        struct gb_hash result = host->execute(host->context, node, number, &proposal);

        instance->checkpoint = cast_vote(pbft, height, node, GB_PHASE_CHECKPOINT, &result);
        collect_checkpoints(pbft, node);
    } else {
        report_stable(pbft, height, node);
    }
    if (host->turn && !gb_pbft_is_failed(pbft) && gb_pbft_leader_of(pbft, number + 1) == node)
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
        if (gb_vote_set_quorum_elsewhere(&pbft->log, height, GB_PHASE_COMMIT, GB_NO_VOTE_SET,
                                         node)) {
            pbft->replicas[node].is_lagging = true;
            release_heights(pbft, node);
        }
        return false;
    case GB_STAGE_ACCEPTED:
        if (!gb_vote_set_has_quorum(&pbft->log, height, instance->prepare, node))
            return false;
        send_commit(pbft, height, node);
        return true;
    case GB_STAGE_PREPARED:
        if (!gb_vote_set_has_quorum(&pbft->log, height, instance->commit, node))
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
        height = gb_pbft_log_at(&pbft->log, pbft->replicas[node].committed + 1);
    while (height && !gb_pbft_is_failed(pbft) && make_step(pbft, height, node));
    pbft->is_busy = false;
}

void gb_replica_receive(struct gb_pbft *pbft, struct gb_height *height, uint16_t set,
                        uint32_t source, uint32_t node)
{
    if (!gb_vote_set_count(&pbft->log, height, set, node, source))
        return; /* a second vote of the same source */
    enum gb_phase phase = height->sets[set].phase;
    if (phase == GB_PHASE_PREPREPARE)
        height->instances[node].proposal = set;
    else if (!gb_vote_set_has_quorum(&pbft->log, height, set, node))
        return;
    gb_safety_check_quorum(height, set, node, &pbft->failure);
    if (gb_pbft_is_failed(pbft))
        return;
    if (phase == GB_PHASE_CHECKPOINT)
        collect_checkpoints(pbft, node);
    else if (height->number == pbft->replicas[node].committed + 1)
        progress(pbft, node);
}

static void arrive(const struct gb_event *event)
{
    struct gb_pbft *pbft = event->subject;
    struct gb_height *height = gb_pbft_log_at(&pbft->log, event->a);
    uint32_t source = event->b >> 16 & 0xffff, node = event->b & 0xffff;

    if (height && !gb_pbft_is_failed(pbft)) /* else every replica is done with that height */
        gb_replica_receive(pbft, height, (uint16_t)(event->b >> 32), source, node);
}

void gb_replica_propose(struct gb_pbft *pbft, uint32_t node, const struct gb_hash *proposal,
                        const struct gb_hash *result)
{
    struct gb_height *height = gb_pbft_log_open(&pbft->log);

    if (!height) {
        fail_memory(pbft);
        return;
    }
    uint16_t set = gb_replica_open_vote_set(pbft, height, GB_PHASE_PREPREPARE, proposal);
    if (set == GB_NO_VOTE_SET)
        return;
    gb_vote_set_claim_result(height, set, result ? result : proposal);
    height->instances[node].proposal = set;
    if (pbft->host.voted)
        pbft->host.voted(pbft->host.context, node, GB_PHASE_PREPREPARE, height->number,
                         height->view,
                         pbft->config.committee.flow->has_checkpoint ? proposal : result);
    multicast(pbft, height, set, node);
    progress(pbft, node);
}
