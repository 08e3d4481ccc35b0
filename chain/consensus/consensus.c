#include "chain/consensus/consensus.h"

#include <math.h>

#include "base/quantity.h"
#include "sim/tally.h"

/* What is watched of the decision in flight. Nodes commit in the order of time, so the k-th call is
 * the k-th order statistic. */
struct watch {
    uint32_t n_nodes, n_quorum, leader;
    struct gb_queue *queue;
    int64_t start_ns;
    uint32_t n_committed, n_stable;
    double replica_sum_ms;
    struct gb_tally messages, leader_ms, replica_ms, first_ms, quorum_ms, last_ms, stable_ms;
};

static double elapsed_ms(const struct watch *watch)
{
    return (double)(gb_queue_now_ns(watch->queue) - watch->start_ns) / (double)GB_NS_PER_MS;
}

static void see_commit(void *context, uint32_t node, uint64_t height)
{
    struct watch *watch = context;
    double ms = elapsed_ms(watch);

    (void)height;
    watch->n_committed++;
    if (watch->n_committed == 1)
        gb_tally_add(&watch->first_ms, ms);
    if (watch->n_committed == watch->n_quorum)
        gb_tally_add(&watch->quorum_ms, ms);
    if (watch->n_committed == watch->n_nodes)
        gb_tally_add(&watch->last_ms, ms);
    if (node == watch->leader)
        gb_tally_add(&watch->leader_ms, ms);
    else
        watch->replica_sum_ms += ms;
}

static void see_stable(void *context, uint32_t node, uint64_t height)
{
    struct watch *watch = context;

    (void)node, (void)height;
    watch->n_stable++;
    if (watch->n_stable == watch->n_quorum)
        gb_tally_add(&watch->stable_ms, elapsed_ms(watch));
}

/* Subjects are opaque to the consensus: a number written into 32 bytes is as good as a hash. */
static struct gb_hash subject_of(enum gb_domain domain, uint64_t height)
{
    struct gb_hash subject = {{(uint8_t)domain}};

    for (size_t i = 0; i < 8; i++)
        subject.bytes[GB_HASH_SIZE - 1 - i] = (uint8_t)(height >> 8 * i);
    return subject;
}

static struct gb_hash execute(void *context, uint32_t node, uint64_t height,
                              const struct gb_hash *proposal)
{
    (void)context, (void)node, (void)proposal;
    return subject_of(GB_DOMAIN_BLOCK, height);
}

static uint64_t n_sent(const struct gb_pbft *pbft)
{
    struct gb_pbft_counts counts = gb_pbft_counts(pbft);

    return counts.preprepare + counts.prepare + counts.commit + counts.checkpoint;
}

/* Why a run came to its end before all that was to happen had happened. */
static enum gb_status check_run(const struct gb_pbft *pbft, const struct gb_queue *queue,
                                uint64_t n_done, uint64_t n_expected, struct gb_error *err)
{
    enum gb_status status = gb_pbft_status(pbft, err);

    if (status != GB_OK)
        return status;
    if (gb_queue_failed(queue))
        return gb_fail(err, GB_ENOMEM, "no memory for the messages of the consensus");
    if (n_done < n_expected)
        return gb_fail(err, GB_EBROKEN,
                       "liveness is broken: no message is left, and %llu of %llu "
                       "decisions were made",
                       (unsigned long long)n_done, (unsigned long long)n_expected);
    return GB_OK;
}

/* One decision, from its multicast until every node holds it stable. Votes that are still on their
 * way then arrive during the next decision and count for nothing. */
static enum gb_status decide(struct gb_pbft *pbft, struct watch *watch, uint64_t height,
                             struct gb_error *err)
{
    struct gb_hash proposal = subject_of(GB_DOMAIN_PROPOSAL, height);
    struct gb_hash result = subject_of(GB_DOMAIN_BLOCK, height);
    uint64_t sent_before = n_sent(pbft);

    watch->start_ns = gb_queue_now_ns(watch->queue);
    watch->leader = gb_pbft_leader(pbft, height);
    watch->n_committed = watch->n_stable = 0;
    watch->replica_sum_ms = 0;
    gb_pbft_propose(pbft, watch->leader, height, &proposal, &result);
    while (watch->n_stable < watch->n_nodes && gb_queue_step(watch->queue))
        continue;
    enum gb_status status =
        check_run(pbft, watch->queue, height - (watch->n_stable < watch->n_nodes), height, err);
    if (status != GB_OK)
        return status;
    if (watch->n_nodes > 1)
        gb_tally_add(&watch->replica_ms, watch->replica_sum_ms / (watch->n_nodes - 1));
    gb_tally_add(&watch->messages, (double)(n_sent(pbft) - sent_before));
    return GB_OK;
}

static void begin(const struct gb_event *event)
{
    (void)event; /* gives the clock its zero */
}

static struct gb_estimate estimate(const struct gb_tally *tally)
{
    return (struct gb_estimate){tally->count ? tally->mean : NAN, gb_tally_standard_error(tally)};
}

static void report(const struct watch *watch, struct gb_consensus_report *out)
{
    *out = (struct gb_consensus_report){
        .n_decisions = watch->messages.count,
        .messages = estimate(&watch->messages),
        .commit_leader = estimate(&watch->leader_ms),
        .commit_replica_mean = estimate(&watch->replica_ms),
        .commit_first = estimate(&watch->first_ms),
        .commit_quorum = estimate(&watch->quorum_ms),
        .commit_last = estimate(&watch->last_ms),
        .stable_quorum = estimate(&watch->stable_ms),
    };
}

static void init_watch(struct watch *watch, uint32_t n_nodes, struct gb_queue *queue)
{
    *watch = (struct watch){
        .n_nodes = n_nodes, .queue = queue, .n_quorum = (uint32_t)gb_weight_quorum(n_nodes)};
    struct gb_tally *const tallies[] = {&watch->messages, &watch->leader_ms, &watch->replica_ms,
                                        &watch->first_ms, &watch->quorum_ms, &watch->last_ms,
                                        &watch->stable_ms};
    for (size_t i = 0; i < sizeof tallies / sizeof tallies[0]; i++)
        gb_tally_init(tallies[i]);
}

/* Without clients: the delay of their links is that of all others, and is never drawn. */
static struct gb_network make_network(const struct gb_consensus_config *config)
{
    return gb_network_make(config->link, config->link, config->draws);
}

/* Validators on a queue whose clock stands at zero. */
static enum gb_status create_validators(const struct gb_consensus_config *config,
                                        const struct gb_network *network,
                                        const struct gb_pbft_host *host, struct gb_queue **queue,
                                        struct gb_pbft **pbft, struct gb_error *err)
{
    struct gb_pbft_config validators = {
        .committee = config->committee,
        .network = network,
    };

    *queue = gb_queue_create(err);
    if (!*queue)
        return GB_ENOMEM;
    gb_queue_push(*queue, &(struct gb_event){.action = begin, .priority = GB_PRIORITY_MESSAGE});
    gb_queue_step(*queue);
    return gb_pbft_create(pbft, *queue, &validators, host, err);
}

enum gb_status gb_consensus_measure(const struct gb_consensus_config *config,
                                    struct gb_consensus_report *out, struct gb_error *err)
{
    struct watch watch;
    struct gb_network network = make_network(config);
    struct gb_pbft_host host = {
        .context = &watch, .execute = execute, .committed = see_commit, .stable = see_stable};
    struct gb_queue *queue = NULL;
    struct gb_pbft *pbft = NULL;
    enum gb_status status = create_validators(config, &network, &host, &queue, &pbft, err);

    if (status == GB_OK)
        init_watch(&watch, config->committee.n_nodes, queue);
    for (uint64_t height = 1; status == GB_OK && height <= config->n_decisions; height++)
        status = decide(pbft, &watch, height, err);
    if (status == GB_OK)
        report(&watch, out);
    gb_pbft_free(pbft);
    gb_queue_free(queue);
    return status;
}

/* ---- a busy chain */

struct busy {
    struct gb_queue *queue;
    struct gb_pbft *pbft;
    uint64_t n_heights;
    int64_t turn_ns; /* when the last turn began */
    struct gb_tally interval_ms;
};

static void take_turn(void *context, uint32_t node, uint64_t height)
{
    struct busy *busy = context;
    int64_t now_ns = gb_queue_now_ns(busy->queue);
    struct gb_hash proposal = subject_of(GB_DOMAIN_PROPOSAL, height);
    struct gb_hash result = subject_of(GB_DOMAIN_BLOCK, height);

    if (height > 1)
        gb_tally_add(&busy->interval_ms, (double)(now_ns - busy->turn_ns) / (double)GB_NS_PER_MS);
    busy->turn_ns = now_ns;
    if (height <= busy->n_heights)
        gb_pbft_propose(busy->pbft, node, height, &proposal, &result);
}

enum gb_status gb_consensus_measure_busy(const struct gb_consensus_config *config,
                                         struct gb_estimate *interval, struct gb_error *err)
{
    struct busy busy = {.n_heights = config->n_decisions};
    struct gb_network network = make_network(config);
    struct gb_pbft_host host = {.context = &busy, .turn = take_turn, .execute = execute};
    enum gb_status status =
        create_validators(config, &network, &host, &busy.queue, &busy.pbft, err);

    if (status == GB_OK) {
        gb_tally_init(&busy.interval_ms);
        gb_pbft_start(busy.pbft);
        while (busy.interval_ms.count < config->n_decisions && gb_queue_step(busy.queue))
            continue;
        status = check_run(busy.pbft, busy.queue, busy.interval_ms.count, config->n_decisions, err);
    }
    if (status == GB_OK)
        *interval = estimate(&busy.interval_ms);
    gb_pbft_free(busy.pbft);
    gb_queue_free(busy.queue);
    return status;
}
