/* What senders of the chain live through: full pools, silent entry nodes, refusals, and a purpose
 * that ends. */
#include "tests/chain_bench.h"
#include "tests/tap.h"

static void a_full_pool_refuses_and_everything_is_committed_in_the_end(void)
{
    struct bench bench;
    struct bench_setup setup = bench_setup(&gb_flow_fisco3);

    setup.chain.pool_limit = 3;
    bench_open(&bench, &gb_protocol_pbft, setup, GB_CRYPTO_MODELLED, NULL);
    for (uint32_t meter = 0; meter < 20; meter++)
        bench_register(&bench, meter, 0, meter % N_NODES, false, INT64_MAX);
    bench_run(&bench);
    EXPECT(bench.protocol->totals(bench.chain).n_refused >= 17);
    EXPECT_INT(bench.protocol->totals(bench.chain).n_transactions, 20);
    EXPECT_INT(bench.protocol->n_pending(bench.chain), 0);
    EXPECT_INT(bench.n_failed, 0);
    bench_close(&bench);
}

/* The first answer is there after twice the client's delay; repeats go out 3, 9, 21, 45, 93, 153,
 * 213 ... s after the first sending: 3 s, doubling to 60 s. */
static void an_insistent_sender_retries_at_the_next_entry_node_and_is_executed_once(void)
{
    static const struct {
        double delay_s;
        int64_t until_s, n_resent;
    } cases[] = {{1.4, 1000000, 0}, {1.6, 1000000, 1}, {10, 1000000, 2}, {10.6, 1000000, 3},
                 {100, 1000000, 6}, {107, 1000000, 7}, {100, 45, 3},     {100, 46, 4}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        struct bench_setup setup = bench_setup(&gb_flow_fisco3);

        setup.client = (struct gb_delay){&gb_delay_constant, {{(int64_t)(1e9 * cases[i].delay_s)}}};
        bench_open(&bench, &gb_protocol_pbft, setup, GB_CRYPTO_MODELLED, NULL);
        bench_register(&bench, 0, 0, 0, true, cases[i].until_s * GB_NS_PER_SECOND);
        bench_register(&bench, 1, 0, 0, false, INT64_MAX);
        bench_run(&bench);
        struct gb_chain_totals totals = bench.protocol->totals(bench.chain);
        EXPECT_INT((int64_t)totals.n_resent, cases[i].n_resent);
        EXPECT_INT(totals.n_transactions, 2);
        EXPECT_INT(bench.n_failed, 0);
        EXPECT_INT((int64_t)bench.n_given_up, 0); /* a pool took it */
        bench_close(&bench);
    }
}

/* One place in the pool: the second is refused at 10 s, has the answer at 20 s, waits 0.5 to 1.5 s
 * and needs 10 s more. */
static void a_refusal_takes_the_clients_delay_back(void)
{
    struct bench bench;
    struct bench_setup setup = bench_setup(&gb_flow_fisco3);

    setup.chain.pool_limit = 1;
    setup.client = (struct gb_delay){&gb_delay_constant, {{10000000000}}};
    bench_open(&bench, &gb_protocol_pbft, setup, GB_CRYPTO_MODELLED, NULL);
    bench_register(&bench, 0, 0, 0, false, INT64_MAX);
    bench_register(&bench, 1, 0, 0, false, INT64_MAX);
    bench_run(&bench);
    EXPECT_INT(bench.protocol->totals(bench.chain).n_transactions, 2);
    EXPECT(bench.sealed_ns[2] >= 30500 * MS && bench.sealed_ns[2] <= 32500 * MS);
    bench_close(&bench);
}

/* The pool's one place is taken until the block at 20 s: with waits of 0.5 to 1.5 s, doubled each
 * time, there are 4 to 6 refusals until then, and 13 to 40 without. */
static void the_wait_before_a_full_pool_doubles_with_each_refusal(void)
{
    struct bench bench;
    struct bench_setup setup = bench_setup(&gb_flow_fisco3);

    setup.chain.pool_limit = 1;
    setup.chain.min_seal_ns = 20 * GB_NS_PER_SECOND;
    bench_open(&bench, &gb_protocol_pbft, setup, GB_CRYPTO_MODELLED, NULL);
    bench_register(&bench, 0, 0, 0, false, INT64_MAX);
    bench_register(&bench, 1, 0, 0, false, INT64_MAX);
    bench_run(&bench);
    struct gb_chain_totals totals = bench.protocol->totals(bench.chain);
    EXPECT_INT(totals.n_transactions, 2);
    EXPECT(totals.n_refused >= 4 && totals.n_refused <= 6);
    bench_close(&bench);
}

static void what_no_pool_takes_while_its_purpose_stands_is_given_up(void)
{
    struct bench bench;
    struct bench_setup setup = bench_setup(&gb_flow_fisco3);

    setup.chain.pool_limit = 3;
    bench_open(&bench, &gb_protocol_pbft, setup, GB_CRYPTO_MODELLED, NULL);
    for (uint32_t meter = 0; meter < 20; meter++)
        bench_register(&bench, meter, 0, meter % N_NODES, meter % 2, 1200 * MS);
    bench_run(&bench);
    uint64_t n_taken = bench.protocol->totals(bench.chain).n_transactions;
    EXPECT(n_taken >= 3 && n_taken < 20);
    EXPECT_INT(n_taken + bench.n_given_up, 20);
    EXPECT_INT(bench.protocol->n_pending(bench.chain), 0);
    bench_close(&bench);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_full_pool_refuses_and_everything_is_committed_in_the_end),
        TAP(an_insistent_sender_retries_at_the_next_entry_node_and_is_executed_once),
        TAP(a_refusal_takes_the_clients_delay_back),
        TAP(the_wait_before_a_full_pool_doubles_with_each_refusal),
        TAP(what_no_pool_takes_while_its_purpose_stands_is_given_up),
        {0}};
    return tap_main("chain_senders", tests);
}
