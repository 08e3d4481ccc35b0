#include "tests/pbft_net.h"

#include <string.h>

#include "tests/tap.h"

const struct gb_delay net_constant = {&gb_delay_constant, {{100000000}}};
const struct gb_delay net_exponential = {&gb_delay_exponential, {{100000000}}};
const struct gb_delay net_heavy = {&gb_delay_lognormal, {{100000000}, {.number = 2.5}}};

static struct gb_hash subject_of(uint64_t height, uint8_t kind)
{
    struct gb_hash subject = {{kind}};

    memcpy(subject.bytes + 1, &height, sizeof height);
    return subject;
}

static bool is_in(uint64_t set, uint32_t node)
{
    return node < 64 && (set >> node & 1);
}

static struct gb_hash execute(void *context, uint32_t node, uint64_t height,
                              const struct gb_hash *proposal)
{
    const struct net *net = context;

    EXPECT(proposal->bytes[0] == 'p' && proposal->bytes[1] == (height & 0xff));
    return subject_of(height, is_in(net->byzantine, node) ? 'x' : 'r');
}

static void turn(void *context, uint32_t node, uint64_t height)
{
    struct net *net = context;
    struct gb_hash proposal = subject_of(height, 'p');
    struct gb_hash result = execute(net, node, height, &proposal);

    EXPECT_INT(node, gb_pbft_leader(net->pbft, height));
    net->newest = height;
    if (height <= net->last)
        gb_pbft_propose(net->pbft, node, height, &proposal, &result);
}

static bool is_acceptable(void *context, uint32_t node, uint64_t height,
                          const struct gb_hash *proposal)
{
    struct net *net = context;

    (void)proposal;
    net->n_out_of_order += height != net->committed[node] + 1;
    net->accepted_ns[node] = gb_queue_now_ns(net->queue);
    return !is_in(net->refusers, node);
}

static void voted(void *context, uint32_t node, enum gb_phase phase, uint64_t height, uint32_t view,
                  const struct gb_hash *subject)
{
    struct net *net = context;
    bool is_result = net->config.committee.flow != &gb_flow_fisco3 || phase == GB_PHASE_CHECKPOINT;

    (void)node, (void)height;
    EXPECT_INT(view, 0);
    EXPECT_INT(subject->bytes[0] == 'p', !is_result);
    net->n_votes++;
}

static void note(struct net *net, uint64_t what, uint32_t node, uint64_t height)
{
    uint64_t words[] = {what, node, height, (uint64_t)gb_queue_now_ns(net->queue)};

    for (size_t i = 0; i < 4; i++)
        net->fingerprint = (net->fingerprint ^ words[i]) * UINT64_C(0x100000001b3);
}

static void committed(void *context, uint32_t node, uint64_t height)
{
    struct net *net = context;
    int64_t now_ns = gb_queue_now_ns(net->queue);

    net->n_out_of_order += height != ++net->committed[node];
    net->n_late_proposals += net->accepted_ns[node] == now_ns;
    net->commit_ns[node][height] = now_ns;
    note(net, 1, node, height);
}

static void stable(void *context, uint32_t node, uint64_t height)
{
    struct net *net = context;
    uint32_t signers[MAX_NODES];
    uint32_t n = gb_pbft_signers(net->pbft, node, height, signers);
    uint64_t weight = 0;

    net->n_out_of_order += height != ++net->stable[node] || height > net->committed[node];
    net->n_stable_after_next_commit += net->committed[node] > height;
    for (uint32_t i = 0; i < n; i++) {
        weight += net->config.committee.weights ? net->config.committee.weights[signers[i]] : 1;
        net->n_bad_signers += i > 0 && signers[i] <= signers[i - 1];
        net->n_bad_signers += is_in(net->byzantine, signers[i]) && !is_in(net->byzantine, node);
    }
    net->n_bad_signers += weight < gb_pbft_quorum_weight(net->pbft);
    note(net, 2, node, height);
}

static void start(const struct gb_event *event)
{
    gb_pbft_start(event->subject);
}

/* A message is known by its two ends alone: source in bits 16 to 31 of the second word, destination
 * below. */
static void forge(const struct net *net, struct gb_event event)
{
    if ((event.b & 0xffffffff) != (3 << 16 | 5))
        return;
    for (uint64_t source = 0; source < net->config.committee.n_nodes; source++)
        if (source != 3 && source != 5) {
            event.b = (event.b & ~UINT64_C(0xffff0000)) | source << 16;
            event.action(&event);
        }
}

/* As soon as the height is in flight. */
static void forge_votes(const struct net *net)
{
    struct gb_hash subject = subject_of(net->forged_height, 'f');

    for (uint32_t source = 0; source < net->config.committee.n_nodes; source++)
        if (source != 5 && net->newest >= net->forged_height)
            gb_pbft_deliver(net->pbft, 5, source, net->forged_phase, net->forged_height, &subject);
}

void net_run(struct net *net)
{
    struct gb_pbft_host host = {net, turn, is_acceptable, execute, voted, committed, stable};
    struct gb_error err = {0};
    struct gb_event event;

    net->queue = gb_queue_create(&err);
    EXPECT_INT(gb_pbft_create(&net->pbft, net->queue, &net->config, &host, &err), GB_OK);
    gb_queue_push(net->queue, &(struct gb_event){.action = start, .subject = net->pbft});
    while (gb_queue_pop(net->queue, &event)) {
        event.action(&event);
        if (net->twice && event.action != start)
            event.action(&event);
        if (net->forged && event.action != start)
            forge(net, event);
        if (net->forged_height)
            forge_votes(net);
    }
    EXPECT_INT(gb_pbft_status(net->pbft, &err),
               net->forged || net->forged_height ? GB_EBROKEN : GB_OK);
    EXPECT(!gb_queue_failed(net->queue));
    EXPECT_INT(net->n_out_of_order, 0);
    EXPECT_INT(net->n_bad_signers, 0);
}

void net_expect_forgotten(const struct net *net, uint32_t node, uint64_t up_to)
{
    uint32_t signers[MAX_NODES];

    for (uint64_t height = 1; height <= up_to; height++)
        EXPECT_INT(gb_pbft_signers(net->pbft, node, height, signers), 0);
}

void net_clear(struct net *net)
{
    gb_pbft_free(net->pbft);
    gb_queue_free(net->queue);
    *net = (struct net){0};
}

void net_prepare(struct net *net, const struct gb_flow *flow, uint32_t n_nodes,
                 struct gb_delay link, uint64_t seed)
{
    net_clear(net);
    net->network = gb_network_make(link, link, (struct gb_draws){.seed = seed});
    net->config =
        (struct gb_pbft_config){.committee = {.flow = flow, .n_nodes = n_nodes, .leader_period = 1},
                                .network = &net->network};
}
