/* PBFT without view change: exact times and counts, and that no wake-up is lost, whatever order the
 * messages come in. */
#include "chain/consensus/pbft.h"

#include "base/quantity.h"
#include "chain/consensus/consensus.h"
#include "tests/flows.h"
#include "tests/pbft_net.h"
#include "tests/tap.h"

static struct net net; /* too large for a stack; one test after the other */

/* ---- formulas */

static void quorums_are_n_minus_f_and_two_of_them_share_an_honest_node(void)
{
    static const struct {
        uint64_t total, quorum;
    } known[] = {{1, 1}, {2, 2}, {3, 3},  {4, 3},   {5, 4},   {6, 5},   {7, 5},
                 {8, 6}, {9, 7}, {10, 7}, {16, 11}, {64, 43}, {100, 67}};

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
    net_prepare(&net, &gb_flow_fisco3, 4, net_constant, 1);
    net.config.committee.leader_period = 3;
    net_run(&net);
    for (uint64_t height = 1; height < 40; height++)
        EXPECT_INT(gb_pbft_leader(net.pbft, height), height / 3 % 4);
}

static void impossible_networks_are_refused(void)
{
    const uint32_t weights[] = {1, 0, 1, 1};
    struct gb_pbft_config wrong[] = {
        {.committee = {.n_nodes = 0, .leader_period = 1}},
        {.committee = {.n_nodes = 1025, .leader_period = 1}},
        {.committee = {.n_nodes = 4, .leader_period = 0}},
        {.committee = {.n_nodes = 4, .leader_period = 1, .weights = weights}}};
    struct gb_pbft_host host = {0};
    struct gb_pbft *pbft = NULL;

    for (size_t i = 0; i < 4; i++) {
        struct gb_error err = {0};
        EXPECT_INT(gb_pbft_create(&pbft, NULL, &wrong[i], &host, &err), GB_ECONFIG);
        EXPECT(pbft == NULL && err.text[0]);
    }
}

/* ---- constant delays */

static struct gb_consensus_report measure(const struct gb_flow *flow, uint32_t n_nodes,
                                          uint64_t n_decisions)
{
    struct gb_consensus_config config = {
        .committee = {.flow = flow, .n_nodes = n_nodes, .leader_period = 1},
        .link = net_constant,
        .draws = {.seed = 7},
        .n_decisions = n_decisions};
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

static void constant_delays_commit_at_3d_and_are_stable_at_4d_with_the_messages_of_the_formula(void)
{
    static const struct {
        uint32_t n;
        double messages[3]; /* by number of the flow */
    } rows[] = {{3, {12, 14, 20}},     {4, {24, 27, 39}},         {7, {84, 90, 132}},
                {16, {480, 495, 735}}, {64, {8064, 8127, 12159}}, {100, {19800, 19899, 29799}}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const double *messages = rows[i].messages;
        for (const struct gb_flow *flow = first_flow(); flow; flow = next_flow(flow)) {
            struct gb_consensus_report report = measure(flow, rows[i].n, 5);
            expect_exact(report.messages, *messages);
            EXPECT_INT(gb_flow_messages(flow, rows[i].n), (int64_t)*messages++);
            expect_exact(report.commit_leader, 300);
            expect_exact(report.commit_replica_mean, 300);
            expect_exact(report.commit_first, 300);
            expect_exact(report.commit_quorum, 300);
            expect_exact(report.commit_last, 300);
            expect_exact(report.stable_quorum, flow == &gb_flow_fisco3 ? 400 : 300);
        }
    }
}

static void one_node_decides_at_once_and_of_two_the_leader_commits_a_delay_earlier(void)
{
    for (const struct gb_flow *flow = first_flow(); flow; flow = next_flow(flow)) {
        struct gb_consensus_report one = measure(flow, 1, 3), two = measure(flow, 2, 3);
        expect_exact(one.messages, 0);
        expect_exact(one.commit_leader, 0);
        expect_exact(one.stable_quorum, 0);
        EXPECT(one.commit_replica_mean.mean != one.commit_replica_mean.mean); /* NaN: none */
        /* the replica is prepared at d by the leader's word, so its Commit is back at 2d */
        expect_exact(two.messages, (double)gb_flow_messages(flow, 2));
        expect_exact(two.commit_leader, 200);
        expect_exact(two.commit_replica_mean, 300);
        expect_exact(two.stable_quorum, flow == &gb_flow_fisco3 ? 400 : 300);
    }
}

static void every_phase_is_counted_and_every_vote_signed_once(void)
{
    net_prepare(&net, &gb_flow_fisco3, 7, net_exponential, 3);
    net.last = 11;
    net_run(&net);
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
    const struct gb_delay links[] = {net_constant, net_exponential, net_heavy};

    for (const struct gb_flow *flow = first_flow(); flow; flow = next_flow(flow))
        for (size_t i = 0; i < 7; i++)
            for (size_t k = 0; k < 3; k++) {
                net_prepare(&net, flow, sizes[i], links[k], 5 + k);
                net.config.committee.leader_period = 1 + (uint32_t)k;
                net.last = sizes[i] > 20 ? 15 : 200;
                net_run(&net);
                for (uint32_t node = 0; node < sizes[i]; node++) {
                    EXPECT_INT(net.committed[node], net.last);
                    EXPECT_INT(net.stable[node], net.last);
                    EXPECT_INT(gb_pbft_stable_height(net.pbft, node), net.last);
                }
            }
}

static void a_busy_chain_commits_every_3d_while_checkpoints_of_the_parent_go_on(void)
{
    net_prepare(&net, &gb_flow_fisco3, 4, net_constant, 1);
    net.last = 50;
    net_run(&net);
    for (uint64_t height = 1; height <= 50; height++)
        EXPECT_INT(net.commit_ns[2][height], (int64_t)height * 300 * GB_NS_PER_MS);
    net_prepare(&net, &gb_flow_fisco3, 4, net_exponential, 1);
    net.last = 300;
    net_run(&net);
    EXPECT(net.n_stable_after_next_commit > 10);
    tap_note("%d of 1200 heights stable after the next commit",
             (int)net.n_stable_after_next_commit);
}

/* The proposal comes last: all votes wait for it, and nothing wakes the node again. */
static void a_proposal_that_comes_after_its_votes_completes_the_height_at_once(void)
{
    for (const struct gb_flow *flow = first_flow(); flow; flow = next_flow(flow)) {
        net_prepare(&net, flow, 7, net_heavy, 11);
        net.last = 400;
        net_run(&net);
        EXPECT(net.n_late_proposals > 50);
        tap_note("%s: %d of 2800 commits in the instant of the proposal", flow->member.name,
                 (int)net.n_late_proposals);
        for (uint32_t node = 0; node < 7; node++)
            EXPECT_INT(net.stable[node], 400);
    }
}

static void a_vote_counts_once_however_often_it_comes(void)
{
    for (const struct gb_flow *flow = first_flow(); flow; flow = next_flow(flow)) {
        net_prepare(&net, flow, 7, net_exponential, 13);
        net.last = 50;
        net_run(&net);
        uint64_t once = net.fingerprint;
        net_prepare(&net, flow, 7, net_exponential, 13);
        net.last = 50;
        net.twice = true;
        net_run(&net);
        EXPECT_INT(net.fingerprint, once);
        EXPECT_INT(net.stable[3], 50);
    }
}

static void a_seed_fixes_every_time_and_another_seed_or_link_moves_them(void)
{
    uint64_t fingerprints[4];
    const uint64_t seeds[] = {17, 17, 18, 17};

    for (size_t i = 0; i < 4; i++) {
        struct gb_delay link = i == 3 ? net_heavy : net_exponential;
        net_prepare(&net, &gb_flow_fisco3, 7, link, seeds[i]);
        net.last = 20;
        net_run(&net);
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
        net_prepare(&net, &gb_flow_classic, n_nodes, net_exponential, 19);
        net.config.committee.leader_period = 1000; /* node 0 leads */
        net.last = 1;
        net_run(&net);
        for (uint32_t node = 1; node < 4; node++) {
            if (n_nodes == 4)
                first_ns[node] = net.accepted_ns[node];
            EXPECT_INT(net.accepted_ns[node], first_ns[node]);
        }
    }
}

static void signers_of_a_height_are_known_until_it_is_stable_everywhere(void)
{
    uint32_t signers[4];

    net_prepare(&net, &gb_flow_fisco3, 4, net_exponential, 43);
    net.last = 3;
    net_run(&net); /* asks in `stable`, while they are known */
    net_expect_forgotten(&net, 0, 4);
    net_prepare(&net, &gb_flow_fisco3, 4, net_exponential, 43);
    net.last = 3;
    net.byzantine = 1 << 1 | 1 << 2; /* nothing is stable, so no node certifies anything */
    net_run(&net);
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
        TAP(signers_of_a_height_are_known_until_it_is_stable_everywhere),
        {0}};
    int code = tap_main("pbft", tests);

    net_clear(&net);
    return code;
}
