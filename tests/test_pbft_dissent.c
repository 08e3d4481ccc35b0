/* PBFT among nodes that disagree: who certifies what, which nodes no other waits for, and what the
 * safety oracle says. */
#include "chain/consensus/pbft.h"

#include <string.h>

#include "tests/flows.h"
#include "tests/pbft_net.h"
#include "tests/tap.h"

static struct net net; /* too large for a stack; one test after the other */

static void a_false_result_of_a_leader_is_prepared_by_nobody_and_commits_nowhere(void)
{
    for (const struct gb_flow *flow = first_flow(); flow != &gb_flow_fisco3;
         flow = next_flow(flow)) {
        net_prepare(&net, flow, 4, net_exponential, 23);
        net.last = 20;
        net.byzantine = 1 << 1; /* leads height 1 */
        net_run(&net);
        EXPECT_INT(gb_pbft_counts(net.pbft).preprepare, 3);
        /* fisco2: its own Prepare alone */
        EXPECT_INT(gb_pbft_counts(net.pbft).prepare, flow == &gb_flow_classic ? 0 : 3);
        EXPECT_INT(gb_pbft_counts(net.pbft).commit, 0);
        for (uint32_t node = 0; node < 4; node++)
            EXPECT_INT(net.committed[node], 0);
    }
}

static void a_false_execution_before_the_vote_leaves_a_replica_behind_the_others(void)
{
    for (const struct gb_flow *flow = first_flow(); flow != &gb_flow_fisco3;
         flow = next_flow(flow)) {
        net_prepare(&net, flow, 4, net_exponential, 23);
        net.config.committee.leader_period = 1000;
        net.last = 100;
        net.byzantine = 1 << 3;
        net_run(&net);
        for (uint32_t node = 0; node < 4; node++)
            EXPECT_INT(net.stable[node], node == 3 ? 0 : 100);
        /* rotating, the chain stops where it would lead: there a view change is needed */
        net_prepare(&net, flow, 4, net_exponential, 23);
        net.last = 100;
        net.byzantine = 1 << 3;
        net_run(&net);
        for (uint32_t node = 0; node < 4; node++)
            EXPECT_INT(net.stable[node], node == 3 ? 0 : 2);
    }
}

static void a_false_execution_stays_alone_and_signs_no_certificate_of_fisco3(void)
{
    net_prepare(&net, &gb_flow_fisco3, 7, net_exponential, 29);
    net.last = 100;
    net.byzantine = 1 << 3 | 1 << 5; /* f of them, leaders in their turn as well */
    net_run(&net);
    for (uint32_t node = 0; node < 7; node++) {
        EXPECT_INT(net.committed[node], 100);
        EXPECT_INT(net.stable[node], node == 3 || node == 5 ? 0 : 100);
    }
    net_expect_forgotten(&net, 0, 100); /* no node waits for those two */
}

static void a_replica_that_refuses_does_not_hold_the_others_up(void)
{
    for (const struct gb_flow *flow = first_flow(); flow; flow = next_flow(flow)) {
        net_prepare(&net, flow, 4, net_exponential, 31);
        net.config.committee.leader_period = 1000;
        net.last = 100;
        net.refusers = 1 << 2;
        net_run(&net);
        for (uint32_t node = 0; node < 4; node++) {
            EXPECT_INT(net.committed[node], node == 2 ? 0 : 100);
            EXPECT_INT(net.stable[node], node == 2 ? 0 : 100);
        }
        net_expect_forgotten(&net, 0, 100);
    }
}

static void without_a_quorum_of_equal_results_nothing_is_stable(void)
{
    net_prepare(&net, &gb_flow_fisco3, 7, net_exponential, 37);
    net.last = 30;
    net.byzantine = 1 << 1 | 1 << 2 | 1 << 4; /* f + 1: four against three */
    net_run(&net);
    for (uint32_t node = 0; node < 7; node++) {
        EXPECT_INT(net.committed[node], 30);
        EXPECT_INT(net.stable[node], 0);
    }
}

/* Safety cannot break without votes that contradict each other, so they are forged here. */
static void two_results_stable_at_one_height_are_reported_as_broken_safety(void)
{
    struct gb_error err = {0};

    net_prepare(&net, &gb_flow_fisco3, 7, net_exponential, 37);
    net.last = 30;
    net.byzantine = 1 << 3 | 1 << 5;
    net.forged = true;
    net_run(&net);
    EXPECT_INT(gb_pbft_status(net.pbft, &err), GB_EBROKEN);
    EXPECT(strstr(err.text, "safety") != NULL);
    EXPECT(net.committed[0] < 30); /* and nothing goes on after it */
}

static void two_prepare_certificates_at_one_height_and_view_are_reported_as_broken_safety(void)
{
    for (const struct gb_flow *flow = first_flow(); flow; flow = next_flow(flow)) {
        struct gb_error err = {0};

        net_prepare(&net, flow, 7, net_exponential, 43);
        net.last = 30;
        net.forged_height = 10;
        net.forged_phase = GB_PHASE_PREPARE;
        net_run(&net);
        EXPECT_INT(gb_pbft_status(net.pbft, &err), GB_EBROKEN);
        EXPECT(strstr(err.text, "at height 10, view 0") != NULL);
        EXPECT(strstr(err.text, "another prepare certificate") != NULL);
        EXPECT_INT(net.committed[0], 9); /* before anybody commits anything on it */
    }
}

/* Whoever holds the other certificate acts on none of its votes: what the node itself is for it
 * gets a quorum of as well. */
static void two_commit_or_checkpoint_certificates_at_one_height_are_reported_as_broken_safety(void)
{
    static const struct {
        enum gb_phase phase;
        const char *words;
    } cases[] = {{GB_PHASE_COMMIT, "another commit certificate"},
                 {GB_PHASE_CHECKPOINT, "another checkpoint certificate"}};

    for (size_t i = 0; i < 2; i++) {
        struct gb_error err = {0};

        net_prepare(&net, &gb_flow_fisco3, 7, net_exponential, 47);
        net.last = 30;
        net.forged_height = 10;
        net.forged_phase = cases[i].phase;
        net_run(&net);
        EXPECT_INT(gb_pbft_status(net.pbft, &err), GB_EBROKEN);
        EXPECT(strstr(err.text, "at height 10 ") != NULL);
        if (!EXPECT(strstr(err.text, cases[i].words) != NULL))
            tap_note("%s", err.text);
    }
}

static void quorums_go_by_weight_not_by_number(void)
{
    static const uint32_t weights[] = {10, 1, 1, 1}; /* quorum 9 of 13 */

    net_prepare(&net, &gb_flow_fisco2, 4, net_exponential, 41);
    net.config.committee.weights = weights;
    net.config.committee.leader_period = 1000;
    net.last = 10;
    net.refusers = 1 << 1 | 1 << 2 | 1 << 3;
    net_run(&net);
    EXPECT_INT(gb_pbft_quorum_weight(net.pbft), 9);
    EXPECT_INT(net.committed[0], 10); /* alone it is a quorum */
    EXPECT_INT(net.committed[1], 0);
    net_prepare(&net, &gb_flow_fisco2, 4, net_exponential, 41);
    net.config.committee.weights = weights;
    net.last = 10;
    net.refusers = 1 << 0;
    net_run(&net);
    for (uint32_t node = 0; node < 4; node++)
        EXPECT_INT(net.committed[node], 0); /* three are none */
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_false_result_of_a_leader_is_prepared_by_nobody_and_commits_nowhere),
        TAP(a_false_execution_before_the_vote_leaves_a_replica_behind_the_others),
        TAP(a_false_execution_stays_alone_and_signs_no_certificate_of_fisco3),
        TAP(a_replica_that_refuses_does_not_hold_the_others_up),
        TAP(without_a_quorum_of_equal_results_nothing_is_stable),
        TAP(two_results_stable_at_one_height_are_reported_as_broken_safety),
        TAP(two_prepare_certificates_at_one_height_and_view_are_reported_as_broken_safety),
        TAP(two_commit_or_checkpoint_certificates_at_one_height_are_reported_as_broken_safety),
        TAP(quorums_go_by_weight_not_by_number),
        {0}};
    int code = tap_main("pbft dissent", tests);

    net_clear(&net);
    return code;
}
