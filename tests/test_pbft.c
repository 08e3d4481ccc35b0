/* PBFT without view change: exact times and counts, quorums by weight, who certifies what, and that
 * no wake-up is lost, whatever order the messages come in. */
#include "chain/pbft.h"

#include <stdlib.h>
#include <string.h>

#include "chain/consensus.h"
#include "sim/quantity.h"
#include "tests/tap.h"

enum { MAX_NODES = 128, MAX_HEIGHTS = 512 };

/* A network whose leaders propose at once when their turn comes, up to height `last`. */
struct net {
    struct gb_pbft_config config;
    uint64_t last;
    uint64_t liars, refusers;           /* bit a node: executes wrongly; accepts nothing */
    bool twice;                         /* deliver every message twice */
    bool forged;                        /* what 3 sends to 5 arrives there in everybody's name */
    /* what was seen */
    struct gb_queue *queue;
    struct gb_pbft *pbft;
    uint64_t committed[MAX_NODES], stable[MAX_NODES];
    int64_t accepted_ns[MAX_NODES];     /* when a node last looked at a proposal */
    int64_t commit_ns[MAX_NODES][MAX_HEIGHTS];
    uint64_t n_out_of_order, n_bad_signers, n_late_proposals, n_stable_after_next_commit;
    uint64_t n_votes, fingerprint;
};

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
    return subject_of(height, is_in(net->liars, node) ? 'x' : 'r');
}

static void turn(void *context, uint32_t node, uint64_t height)
{
    struct net *net = context;
    struct gb_hash proposal = subject_of(height, 'p');
    struct gb_hash result = execute(net, node, height, &proposal);

    EXPECT_INT(node, gb_pbft_leader(net->pbft, height));
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
    bool is_result = net->config.flow != GB_FLOW_FISCO3 || phase == GB_PHASE_CHECKPOINT;

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
        weight += net->config.weights ? net->config.weights[signers[i]] : 1;
        net->n_bad_signers += i > 0 && signers[i] <= signers[i - 1];
        net->n_bad_signers += is_in(net->liars, signers[i]) && !is_in(net->liars, node);
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
    for (uint64_t source = 0; source < net->config.n_nodes; source++)
        if (source != 3 && source != 5) {
            event.b = (event.b & ~UINT64_C(0xffff0000)) | source << 16;
            event.action(&event);
        }
}

static void run_net(struct net *net)
{
    struct gb_pbft_host host = {net, turn, is_acceptable, execute, voted, committed, stable};
    struct gb_error err = {0};
    struct gb_event event;

    if (net->config.leader_period == 0)
        net->config.leader_period = 1;
    net->queue = gb_queue_create(&err);
    EXPECT_INT(gb_pbft_create(&net->pbft, net->queue, &net->config, &host, &err), GB_OK);
    gb_queue_push(net->queue, &(struct gb_event){.action = start, .subject = net->pbft});
    while (gb_queue_pop(net->queue, &event)) {
        event.action(&event);
        if (net->twice && event.action != start)
            event.action(&event);
        if (net->forged && event.action != start)
            forge(net, event);
    }
    EXPECT_INT(gb_pbft_status(net->pbft, &err), net->forged ? GB_EBROKEN : GB_OK);
    EXPECT(!gb_queue_failed(net->queue));
    EXPECT_INT(net->n_out_of_order, 0);
    EXPECT_INT(net->n_bad_signers, 0);
}

/* A height that nobody needs any more is forgotten, and with it who signed. */
static void expect_forgotten(const struct net *net, uint32_t node, uint64_t up_to)
{
    uint32_t signers[MAX_NODES];

    for (uint64_t height = 1; height <= up_to; height++)
        EXPECT_INT(gb_pbft_signers(net->pbft, node, height, signers), 0);
}

static void clear_net(struct net *net)
{
    gb_pbft_free(net->pbft);
    gb_queue_free(net->queue);
    *net = (struct net){0};
}

/* Static: too large for a stack; runs of one test use it one after the other. */
static struct net net;

static void prepare_net(enum gb_flow flow, uint32_t n_nodes, struct gb_delay link, uint64_t seed)
{
    clear_net(&net);
    net.config = (struct gb_pbft_config){
        .flow = flow, .n_nodes = n_nodes, .leader_period = 1, .link = link,
        .vote_key = gb_key_make(seed, 0, GB_PURPOSE_VOTE_DELAY)};
}

static const struct gb_delay constant = {GB_DELAY_CONSTANT, 100e6, 0};
static const struct gb_delay exponential = {GB_DELAY_EXPONENTIAL, 100e6, 0};
static const struct gb_delay heavy = {GB_DELAY_LOGNORMAL, 100e6, 2.5};

/* ---- formulas */

static void quorums_are_n_minus_f_and_two_of_them_share_an_honest_node(void)
{
    static const struct { uint64_t total, quorum; } known[] = {
        {1, 1}, {2, 2}, {3, 3}, {4, 3}, {5, 4}, {6, 5}, {7, 5}, {10, 7}, {16, 11}, {64, 43},
        {100, 67}};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        EXPECT_INT(gb_weight_quorum(known[i].total), known[i].quorum);
    for (uint64_t total = 1; total <= 4096; total++) {
        uint64_t faulty = (total - 1) / 3;
        EXPECT(2 * gb_weight_quorum(total) - total > faulty);
        EXPECT(gb_weight_quorum(total) <= total - faulty);
    }
}

static void leaders_take_turns_of_their_period(void)
{
    prepare_net(GB_FLOW_FISCO3, 4, constant, 1);
    net.config.leader_period = 3;
    run_net(&net);
    for (uint64_t height = 1; height < 40; height++)
        EXPECT_INT(gb_pbft_leader(net.pbft, height), height / 3 % 4);
}

static void impossible_networks_are_refused(void)
{
    const uint32_t weights[] = {1, 0, 1, 1};
    struct gb_pbft_config wrong[] = {
        {.n_nodes = 0, .leader_period = 1}, {.n_nodes = 1025, .leader_period = 1},
        {.n_nodes = 4, .leader_period = 0}, {.n_nodes = 4, .leader_period = 1, .weights = weights}};
    struct gb_pbft_host host = {.execute = execute};
    struct gb_pbft *pbft = NULL;

    for (size_t i = 0; i < 4; i++) {
        struct gb_error err = {0};
        EXPECT_INT(gb_pbft_create(&pbft, NULL, &wrong[i], &host, &err), GB_ECONFIG);
        EXPECT(pbft == NULL && err.text[0]);
    }
}

/* ---- constant delays */

static struct gb_consensus_report measure(enum gb_flow flow, uint32_t n_nodes, uint64_t n_decisions)
{
    struct gb_consensus_config config = {.flow = flow, .n_nodes = n_nodes, .leader_period = 1,
                                         .link = constant, .seed = 7, .n_decisions = n_decisions};
    struct gb_consensus_report report = {0};
    struct gb_error err = {0};

    EXPECT_INT(gb_consensus_measure(&config, &report, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    return report;
}

static void expect_exact(struct gb_estimate estimate, double value)
{
    EXPECT_NEAR(estimate.mean, value, 0);
    EXPECT_NEAR(estimate.standard_error, 0, 0);
}

static void
constant_delays_commit_at_3d_and_are_stable_at_4d_with_the_messages_of_the_formula(void)
{
    static const struct { uint32_t n; double messages[3]; } rows[] = {
        {3, {12, 14, 20}}, {4, {24, 27, 39}}, {7, {84, 90, 132}}, {16, {480, 495, 735}},
        {64, {8064, 8127, 12159}}, {100, {19800, 19899, 29799}}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (enum gb_flow flow = GB_FLOW_CLASSIC; flow <= GB_FLOW_FISCO3; flow++) {
            struct gb_consensus_report report = measure(flow, rows[i].n, 5);
            expect_exact(report.messages, rows[i].messages[flow]);
            EXPECT_INT(gb_consensus_messages(flow, rows[i].n), (int64_t)rows[i].messages[flow]);
            expect_exact(report.commit_leader, 300);
            expect_exact(report.commit_replica_mean, 300);
            expect_exact(report.commit_first, 300);
            expect_exact(report.commit_quorum, 300);
            expect_exact(report.commit_last, 300);
            expect_exact(report.stable_quorum, flow == GB_FLOW_FISCO3 ? 400 : 300);
        }
}

static void one_node_decides_at_once_and_of_two_the_leader_commits_a_delay_earlier(void)
{
    for (enum gb_flow flow = GB_FLOW_CLASSIC; flow <= GB_FLOW_FISCO3; flow++) {
        struct gb_consensus_report one = measure(flow, 1, 3), two = measure(flow, 2, 3);
        expect_exact(one.messages, 0);
        expect_exact(one.commit_leader, 0);
        expect_exact(one.stable_quorum, 0);
        EXPECT(one.commit_replica_mean.mean != one.commit_replica_mean.mean);   /* NaN: none */
        /* the replica is prepared at d by the leader's word, so its Commit is back at 2d */
        expect_exact(two.messages, (double)gb_consensus_messages(flow, 2));
        expect_exact(two.commit_leader, 200);
        expect_exact(two.commit_replica_mean, 300);
        expect_exact(two.stable_quorum, flow == GB_FLOW_FISCO3 ? 400 : 300);
    }
}

static void every_phase_is_counted_and_every_vote_signed_once(void)
{
    prepare_net(GB_FLOW_FISCO3, 7, exponential, 3);
    net.last = 11;
    run_net(&net);
    struct gb_pbft_counts counts = gb_pbft_counts(net.pbft);
    EXPECT_INT(counts.preprepare, 11 * 6);
    EXPECT_INT(counts.prepare, 11 * 7 * 6);
    EXPECT_INT(counts.commit, 11 * 7 * 6);
    EXPECT_INT(counts.checkpoint, 11 * 7 * 6);
    EXPECT_INT(net.n_votes, 11 * (1 + 3 * 7));
}

/* ---- many heights */

static void chained_heights_commit_everywhere_in_order_whatever_the_delays(void)
{
    static const uint32_t sizes[] = {1, 2, 3, 4, 7, 16, 70};
    const struct gb_delay links[] = {constant, exponential, heavy};

    for (enum gb_flow flow = GB_FLOW_CLASSIC; flow <= GB_FLOW_FISCO3; flow++)
        for (size_t i = 0; i < 7; i++)
            for (size_t k = 0; k < 3; k++) {
                prepare_net(flow, sizes[i], links[k], 5 + k);
                net.config.leader_period = 1 + (uint32_t)k;
                net.last = sizes[i] > 20 ? 15 : 200;
                run_net(&net);
                for (uint32_t node = 0; node < sizes[i]; node++) {
                    EXPECT_INT(net.committed[node], net.last);
                    EXPECT_INT(net.stable[node], net.last);
                    EXPECT_INT(gb_pbft_committed_height(net.pbft, node), net.last);
                    EXPECT_INT(gb_pbft_stable_height(net.pbft, node), net.last);
                }
            }
}

static void a_busy_chain_commits_every_3d_while_checkpoints_of_the_parent_go_on(void)
{
    prepare_net(GB_FLOW_FISCO3, 4, constant, 1);
    net.last = 50;
    run_net(&net);
    for (uint64_t height = 1; height <= 50; height++)
        EXPECT_INT(net.commit_ns[2][height], (int64_t)height * 300 * GB_NS_PER_MS);
    prepare_net(GB_FLOW_FISCO3, 4, exponential, 1);
    net.last = 300;
    run_net(&net);
    EXPECT(net.n_stable_after_next_commit > 10);
    tap_note("%d of 1200 heights stable after the next commit",
             (int)net.n_stable_after_next_commit);
}

/* The proposal comes last: all votes wait for it, and nothing wakes the node again. */
static void a_proposal_that_comes_after_its_votes_completes_the_height_at_once(void)
{
    for (enum gb_flow flow = GB_FLOW_CLASSIC; flow <= GB_FLOW_FISCO3; flow++) {
        prepare_net(flow, 7, heavy, 11);
        net.last = 400;
        run_net(&net);
        EXPECT(net.n_late_proposals > 50);
        tap_note("%s: %d of 2800 commits in the instant of the proposal", gb_flow_names[flow],
                 (int)net.n_late_proposals);
        for (uint32_t node = 0; node < 7; node++)
            EXPECT_INT(net.stable[node], 400);
    }
}

static void a_vote_counts_once_however_often_it_comes(void)
{
    for (enum gb_flow flow = GB_FLOW_CLASSIC; flow <= GB_FLOW_FISCO3; flow++) {
        prepare_net(flow, 7, exponential, 13);
        net.last = 50;
        run_net(&net);
        uint64_t once = net.fingerprint;
        prepare_net(flow, 7, exponential, 13);
        net.last = 50;
        net.twice = true;
        run_net(&net);
        EXPECT_INT(net.fingerprint, once);
        EXPECT_INT(net.stable[3], 50);
    }
}

static void a_seed_fixes_every_time_and_another_seed_or_link_moves_them(void)
{
    uint64_t fingerprints[4];
    const uint64_t seeds[] = {17, 17, 18, 17};

    for (size_t i = 0; i < 4; i++) {
        struct gb_delay link = i == 3 ? heavy : exponential;
        prepare_net(GB_FLOW_FISCO3, 7, link, seeds[i]);
        net.last = 20;
        run_net(&net);
        fingerprints[i] = net.fingerprint;
    }
    EXPECT(fingerprints[0] == fingerprints[1]);
    EXPECT(fingerprints[0] != fingerprints[2]);
    EXPECT(fingerprints[0] != fingerprints[3]);
}

static void more_validators_shift_no_delay_of_the_others(void)
{
    int64_t first_ns[4];

    for (uint32_t n_nodes = 4; n_nodes <= 9; n_nodes += 5) {
        prepare_net(GB_FLOW_CLASSIC, n_nodes, exponential, 19);
        net.config.leader_period = 1000;        /* node 0 leads */
        net.last = 1;
        run_net(&net);
        for (uint32_t node = 1; node < 4; node++) {
            if (n_nodes == 4)
                first_ns[node] = net.accepted_ns[node];
            EXPECT_INT(net.accepted_ns[node], first_ns[node]);
        }
    }
}

/* ---- who disagrees */

static void a_false_result_of_a_leader_is_prepared_by_nobody_and_commits_nowhere(void)
{
    for (enum gb_flow flow = GB_FLOW_CLASSIC; flow <= GB_FLOW_FISCO2; flow++) {
        prepare_net(flow, 4, exponential, 23);
        net.last = 20;
        net.liars = 1 << 1;             /* leads height 1 */
        run_net(&net);
        EXPECT_INT(gb_pbft_counts(net.pbft).preprepare, 3);
        /* fisco2: his own Prepare alone */
        EXPECT_INT(gb_pbft_counts(net.pbft).prepare, flow == GB_FLOW_CLASSIC ? 0 : 3);
        EXPECT_INT(gb_pbft_counts(net.pbft).commit, 0);
        for (uint32_t node = 0; node < 4; node++)
            EXPECT_INT(net.committed[node], 0);
    }
}

static void a_false_execution_before_the_vote_leaves_a_replica_behind_the_others(void)
{
    for (enum gb_flow flow = GB_FLOW_CLASSIC; flow <= GB_FLOW_FISCO2; flow++) {
        prepare_net(flow, 4, exponential, 23);
        net.config.leader_period = 1000;
        net.last = 100;
        net.liars = 1 << 3;
        run_net(&net);
        for (uint32_t node = 0; node < 4; node++)
            EXPECT_INT(net.stable[node], node == 3 ? 0 : 100);
        /* rotating, the chain stops where he would lead: there a view change is needed */
        prepare_net(flow, 4, exponential, 23);
        net.last = 100;
        net.liars = 1 << 3;
        run_net(&net);
        for (uint32_t node = 0; node < 4; node++)
            EXPECT_INT(net.stable[node], node == 3 ? 0 : 2);
    }
}

static void a_false_execution_stays_alone_and_signs_no_certificate_of_fisco3(void)
{
    prepare_net(GB_FLOW_FISCO3, 7, exponential, 29);
    net.last = 100;
    net.liars = 1 << 3 | 1 << 5;        /* f of them, leaders in their turn as well */
    run_net(&net);
    for (uint32_t node = 0; node < 7; node++) {
        EXPECT_INT(net.committed[node], 100);
        EXPECT_INT(net.stable[node], node == 3 || node == 5 ? 0 : 100);
    }
    expect_forgotten(&net, 0, 100);     /* nobody waits for those two */
}

static void a_replica_that_refuses_does_not_hold_the_others_up(void)
{
    for (enum gb_flow flow = GB_FLOW_CLASSIC; flow <= GB_FLOW_FISCO3; flow++) {
        prepare_net(flow, 4, exponential, 31);
        net.config.leader_period = 1000;
        net.last = 100;
        net.refusers = 1 << 2;
        run_net(&net);
        for (uint32_t node = 0; node < 4; node++) {
            EXPECT_INT(net.committed[node], node == 2 ? 0 : 100);
            EXPECT_INT(net.stable[node], node == 2 ? 0 : 100);
        }
        expect_forgotten(&net, 0, 100);
    }
}

static void without_a_quorum_of_equal_results_nothing_is_stable(void)
{
    prepare_net(GB_FLOW_FISCO3, 7, exponential, 37);
    net.last = 30;
    net.liars = 1 << 1 | 1 << 2 | 1 << 4;       /* f + 1: four against three */
    run_net(&net);
    for (uint32_t node = 0; node < 7; node++) {
        EXPECT_INT(net.committed[node], 30);
        EXPECT_INT(net.stable[node], 0);
    }
}

/* Safety cannot break without votes that contradict each other, so they are forged here. */
static void two_results_stable_at_one_height_are_reported_as_broken_safety(void)
{
    struct gb_error err = {0};

    prepare_net(GB_FLOW_FISCO3, 7, exponential, 37);
    net.last = 30;
    net.liars = 1 << 3 | 1 << 5;
    net.forged = true;
    run_net(&net);
    EXPECT_INT(gb_pbft_status(net.pbft, &err), GB_EBROKEN);
    EXPECT(strstr(err.text, "safety") != NULL);
    EXPECT(net.committed[0] < 30);      /* and nothing goes on after it */
}

static void quorums_go_by_weight_not_by_number(void)
{
    static const uint32_t weights[] = {10, 1, 1, 1};        /* quorum 9 of 13 */

    prepare_net(GB_FLOW_FISCO2, 4, exponential, 41);
    net.config.weights = weights;
    net.config.leader_period = 1000;
    net.last = 10;
    net.refusers = 1 << 1 | 1 << 2 | 1 << 3;
    run_net(&net);
    EXPECT_INT(gb_pbft_quorum_weight(net.pbft), 9);
    EXPECT_INT(net.committed[0], 10);           /* alone he is a quorum */
    EXPECT_INT(net.committed[1], 0);
    prepare_net(GB_FLOW_FISCO2, 4, exponential, 41);
    net.config.weights = weights;
    net.last = 10;
    net.refusers = 1 << 0;
    run_net(&net);
    for (uint32_t node = 0; node < 4; node++)
        EXPECT_INT(net.committed[node], 0);     /* three are none */
}

static void signers_of_a_height_are_known_until_it_is_stable_everywhere(void)
{
    uint32_t signers[4];

    prepare_net(GB_FLOW_FISCO3, 4, exponential, 43);
    net.last = 3;
    run_net(&net);                      /* `stable` above asked while they were known */
    expect_forgotten(&net, 0, 4);
    prepare_net(GB_FLOW_FISCO3, 4, exponential, 43);
    net.last = 3;
    net.liars = 1 << 1 | 1 << 2;        /* nothing is stable, so nobody certifies anything */
    run_net(&net);
    EXPECT_INT(gb_pbft_signers(net.pbft, 0, 1, signers), 0);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(quorums_are_n_minus_f_and_two_of_them_share_an_honest_node),
        TAP(leaders_take_turns_of_their_period),
        TAP(impossible_networks_are_refused),
        TAP(constant_delays_commit_at_3d_and_are_stable_at_4d_with_the_messages_of_the_formula),
        TAP(one_node_decides_at_once_and_of_two_the_leader_commits_a_delay_earlier),
        TAP(every_phase_is_counted_and_every_vote_signed_once),
        TAP(chained_heights_commit_everywhere_in_order_whatever_the_delays),
        TAP(a_busy_chain_commits_every_3d_while_checkpoints_of_the_parent_go_on),
        TAP(a_proposal_that_comes_after_its_votes_completes_the_height_at_once),
        TAP(a_vote_counts_once_however_often_it_comes),
        TAP(a_seed_fixes_every_time_and_another_seed_or_link_moves_them),
        TAP(more_validators_shift_no_delay_of_the_others),
        TAP(a_false_result_of_a_leader_is_prepared_by_nobody_and_commits_nowhere),
        TAP(a_false_execution_before_the_vote_leaves_a_replica_behind_the_others),
        TAP(a_false_execution_stays_alone_and_signs_no_certificate_of_fisco3),
        TAP(a_replica_that_refuses_does_not_hold_the_others_up),
        TAP(without_a_quorum_of_equal_results_nothing_is_stable),
        TAP(two_results_stable_at_one_height_are_reported_as_broken_safety),
        TAP(quorums_go_by_weight_not_by_number),
        TAP(signers_of_a_height_are_known_until_it_is_stable_everywhere),
        {0}
    };
    int code = tap_main("pbft", tests);

    clear_net(&net);
    return code;
}
