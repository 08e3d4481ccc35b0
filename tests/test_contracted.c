/* Contracts as storage knows them: node by node, and nothing of what came after the slot began. */
#include "experiments/run/contracted.h"

#include "experiments/scenario/diagnostics.h"
#include "experiments/scenario/scenario.h"
#include "tests/tap.h"

struct bench {
    struct gb_scenario *scenario;
    struct gb_error failure;
    struct gb_run_environment env;
    struct gb_run_gateway *gateway;
    struct gb_run_knowledge knowledge;
    struct gb_run_contracted contracted;
};

/* Meters 0 to 3 of a committee of four, each at a node of its own. */
static void set_up(struct bench *b)
{
    static const char *const settings[] = {"meters.count=4", "chain.nodes=4"};
    static const struct gb_chain_observer nobody = {0};
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_error err = {0};

    *b = (struct bench){.scenario = NULL};
    EXPECT_INT(gb_scenario_defaults(&b->scenario, NULL, 2, settings, diagnostics, &err), GB_OK);
    b->env = gb_run_environment_of(b->scenario, gb_queue_create(&err), &b->failure);
    EXPECT_INT(gb_run_gateway_create(&b->gateway, &b->env, NULL, &nobody, &err), GB_OK);
    EXPECT_INT(gb_run_knowledge_init(&b->knowledge, gb_run_gateway_n_nodes(b->gateway), &err),
               GB_OK);
    gb_run_contracted_init(&b->contracted, &b->env, b->gateway, &b->knowledge, true);
    gb_run_contracted_open(&b->contracted, 0);
    for (uint32_t meter = 0; meter < 4; meter++)
        EXPECT_INT(gb_run_gateway_entry_node(b->gateway, meter), meter);
    gb_diagnostics_free(diagnostics);
}

static void tear_down(struct bench *b)
{
    gb_run_contracted_clear(&b->contracted);
    gb_run_knowledge_clear(&b->knowledge);
    gb_run_gateway_free(b->gateway);
    gb_queue_free(b->env.queue);
    gb_scenario_free(b->scenario);
}

/* Meter 0 sells 300 Wh to meter 1 and 200 Wh to meter 2, in the block of that height. */
static void match(struct bench *b, uint64_t height)
{
    const struct gb_trade trades[] = {{.seller = 0, .buyer = 1, .energy = {300}},
                                      {.seller = 0, .buyer = 2, .energy = {200}}};
    struct gb_interval_view view = {.n_trades = 2, .trades = trades, .n_standing = 2};

    gb_run_contracted_match(&b->contracted, 0, &view, height);
}

static int64_t known_wh(const struct bench *b, uint32_t meter)
{
    return gb_run_contracted_wh(&b->contracted, 0, meter);
}

static void who_has_the_match_before_the_slot_tracks_it_and_nobody_else_ever(void)
{
    struct bench b;

    set_up(&b);
    match(&b, 7);
    EXPECT_INT(known_wh(&b, 0), 0); /* no node has the block */
    gb_run_knowledge_learn(&b.knowledge, 0, 7);
    gb_run_knowledge_learn(&b.knowledge, 1, 6);
    EXPECT_INT(known_wh(&b, 0), -500);
    EXPECT_INT(known_wh(&b, 1), 0);
    gb_run_knowledge_learn(&b.knowledge, 1, 9);
    EXPECT_INT(known_wh(&b, 1), 300);
    gb_run_contracted_begin(&b.contracted, 0, 0);
    gb_run_knowledge_learn(&b.knowledge, 2, 9); /* too late */
    EXPECT_INT(known_wh(&b, 0), -500);
    EXPECT_INT(known_wh(&b, 1), 300);
    EXPECT_INT(known_wh(&b, 2), 0);
    EXPECT_INT(known_wh(&b, 3), 0);
    tear_down(&b);
}

static void a_match_behind_the_start_of_its_slot_is_tracked_by_nobody(void)
{
    struct bench b;

    set_up(&b);
    gb_run_contracted_begin(&b.contracted, 0, 0);
    match(&b, 7);
    for (uint32_t meter = 0; meter < 4; meter++) {
        gb_run_knowledge_learn(&b.knowledge, meter, 7);
        EXPECT_INT(known_wh(&b, meter), 0);
    }
    /* the place serves another interval */
    gb_run_contracted_retire(&b.contracted, 0);
    match(&b, 7);
    EXPECT_INT(known_wh(&b, 2), 200);
    tear_down(&b);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(who_has_the_match_before_the_slot_tracks_it_and_nobody_else_ever),
        TAP(a_match_behind_the_start_of_its_slot_is_tracked_by_nobody),
        {0}};

    return tap_main("contracted", tests);
}
