#include "chain/consensus/pbft.h"

#include <assert.h>
#include <stdlib.h>

#include "chain/consensus/pbft_priv.h"

enum gb_status gb_pbft_create(struct gb_pbft **out, struct gb_queue *queue,
                              const struct gb_pbft_config *config, const struct gb_pbft_host *host,
                              struct gb_error *err)
{
    enum gb_status status = gb_committee_check(&config->committee, err);

    if (status != GB_OK)
        return status;
    struct gb_pbft *pbft = calloc(1, sizeof *pbft);
    if (!pbft)
        return gb_fail(err, GB_ENOMEM, "no memory for %u validators", config->committee.n_nodes);
    pbft->queue = queue;
    pbft->config = *config;
    pbft->config.committee.weights = NULL; /* the log has its copy */
    pbft->host = *host;
    if (!gb_pbft_log_init(&pbft->log, config->committee.n_nodes, config->committee.weights) ||
        !gb_replicas_create(pbft)) {
        gb_pbft_free(pbft);
        return gb_fail(err, GB_ENOMEM, "no memory for %u validators", config->committee.n_nodes);
    }
    *out = pbft;
    return GB_OK;
}

void gb_pbft_free(struct gb_pbft *pbft)
{
    if (!pbft)
        return;
    gb_pbft_log_clear(&pbft->log);
    free(pbft->replicas);
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
    if (gb_pbft_is_failed(pbft))
        return;
    assert(node == gb_pbft_leader(pbft, height) && height == pbft->log.newest + 1);
    assert(pbft->replicas[node].committed + 1 == height);
    gb_replica_propose(pbft, node, proposal, result);
}

void gb_pbft_deliver(struct gb_pbft *pbft, uint32_t node, uint32_t source, enum gb_phase phase,
                     uint64_t height, const struct gb_hash *subject)
{
    struct gb_height *slot = gb_pbft_log_at(&pbft->log, height);

    assert(phase != GB_PHASE_PREPREPARE && source != node);
    if (!slot || gb_pbft_is_failed(pbft))
        return;
    uint16_t set = gb_replica_open_vote_set(pbft, slot, phase, subject);
    if (set != GB_NO_VOTE_SET)
        gb_replica_receive(pbft, slot, set, source, node);
}

enum gb_status gb_pbft_status(const struct gb_pbft *pbft, struct gb_error *err)
{
    if (!gb_pbft_is_failed(pbft))
        return GB_OK;
    return gb_fail(err, pbft->failure.status, "%s", pbft->failure.text);
}

uint32_t gb_pbft_leader(const struct gb_pbft *pbft, uint64_t height)
{
    return gb_pbft_leader_of(pbft, height);
}

uint32_t gb_pbft_view(const struct gb_pbft *pbft, uint64_t height)
{
    return gb_pbft_view_of(pbft, height);
}

uint64_t gb_pbft_quorum_weight(const struct gb_pbft *pbft)
{
    return pbft->log.quorum;
}

struct gb_pbft_counts gb_pbft_counts(const struct gb_pbft *pbft)
{
    return pbft->counts;
}

uint64_t gb_pbft_stable_height(const struct gb_pbft *pbft, uint32_t node)
{
    return pbft->replicas[node].stable;
}

uint32_t gb_pbft_signers(const struct gb_pbft *pbft, uint32_t node, uint64_t height,
                         uint32_t *signers)
{
    const struct gb_height *slot = gb_pbft_log_at(&pbft->log, height);

    if (!slot || pbft->replicas[node].stable < height)
        return 0;
    const struct gb_instance *instance = &slot->instances[node];
    uint16_t set =
        pbft->config.committee.flow->has_checkpoint ? instance->checkpoint : instance->commit;
    return gb_vote_set_signers(&pbft->log, slot, set, node, signers);
}
