/* The chain put together: when blocks are sealed and stable, what a validator that executes wrongly
 * does, and that the ledger of a run verifies. */
#include <unistd.h>

#include "tests/byzantine.h"
#include "tests/chain_bench.h"
#include "tests/flows.h"
#include "tests/tap.h"

static void a_lone_transaction_is_sealed_on_arrival_and_stable_after_its_flow(void)
{
    for (const struct gb_flow *flow = first_flow(); flow; flow = next_flow(flow)) {
        struct bench bench;

        bench_open(&bench, &gb_protocol_pbft, bench_setup(flow), GB_CRYPTO_MODELLED, NULL);
        bench_register(&bench, 0, 1000 * MS, 0, false, INT64_MAX);
        bench_run(&bench);
        /* leader of height 1 is node 1: one gossip hop behind the entry node; its turn began at
         * 0 */
        int64_t sealed = 1000 * MS + CLIENT + LINK;
        EXPECT_INT(bench.sealed_ns[1], sealed);
        for (uint32_t node = 0; node < N_NODES; node++)
            EXPECT_INT(bench.stable_ns[node][1], sealed + (flow->has_checkpoint ? 4 : 3) * LINK);
        EXPECT_INT(bench.n_failed, 0);
        EXPECT_INT(bench.protocol->totals(bench.chain).n_transactions, 1);
        EXPECT_INT(bench.protocol->n_pending(bench.chain), 0);
        bench_close(&bench);
    }
}

static void full_blocks_are_sealed_at_once_and_the_rest_after_half_a_second(void)
{
    struct bench bench;
    struct bench_setup setup = bench_setup(&gb_flow_fisco3);

    setup.max_transactions = 5;
    bench_open(&bench, &gb_protocol_pbft, setup, GB_CRYPTO_MODELLED, NULL);
    for (uint32_t meter = 0; meter < 12; meter++)
        bench_register(&bench, meter, 0, 0, false, INT64_MAX);
    bench_run(&bench);
    EXPECT_INT(bench.n_transactions[1], 5);
    EXPECT_INT(bench.n_transactions[2], 5);
    EXPECT_INT(bench.n_transactions[3], 2);
    EXPECT_INT(bench.n_transactions[4], 0); /* never an empty block */
    EXPECT_INT(bench.sealed_ns[1], CLIENT + LINK);
    EXPECT_INT(bench.sealed_ns[2], CLIENT + 4 * LINK); /* as soon as the parent is committed */
    EXPECT_INT(bench.sealed_ns[3], CLIENT + 7 * LINK + 500 * MS);
    EXPECT_INT(bench.n_failed, 0);
    bench_close(&bench);
}

static void a_block_has_its_quorum_when_the_weight_is_there_however_few_the_nodes(void)
{
    static const uint32_t weights[N_NODES] = {10, 1, 1, 1}; /* quorum 9 of 13 */
    struct bench bench;

    bench_open_weighted(&bench, &gb_protocol_pbft, bench_setup(&gb_flow_fisco2), GB_CRYPTO_MODELLED,
                        NULL, weights);
    bench_register(&bench, 0, 0, 0, false, INT64_MAX);
    bench_run(&bench);
    int64_t proposed_ns = bench.sealed_ns[1];
    EXPECT_INT(bench.stable_ns[0][1], proposed_ns + LINK); /* alone it is a quorum */
    EXPECT_INT(bench.stable_ns[2][1],
               proposed_ns + 2 * LINK); /* and the others receive its votes */
    EXPECT_INT(bench.commit_quorum_ns[1], proposed_ns + LINK);
    EXPECT_INT(bench.stable_quorum_ns[1], proposed_ns + LINK);
    bench_close(&bench);
}

static void what_a_leader_executes_wrongly_is_never_committed_before_execution_is_voted(void)
{
    for (const struct gb_flow *flow = first_flow(); flow != &gb_flow_fisco3;
         flow = next_flow(flow)) {
        struct bench bench;
        struct bench_setup setup = bench_setup(flow);

        setup.chain.wrong_executor = 1; /* leads height 1 */
        bench_open(&bench, &gb_protocol_pbft, setup, GB_CRYPTO_MODELLED, NULL);
        bench_register(&bench, 0, 0, 0, false, INT64_MAX);
        bench_run(&bench);
        for (uint32_t node = 0; node < N_NODES; node++)
            EXPECT_INT(bench.protocol->stable_height(bench.chain, node), 0);
        EXPECT_INT(bench.protocol->n_pending(bench.chain), 1);
        bench_close(&bench);
    }
}

/* How the leader of height 2 corrupts its block, and the transaction of block 1 that it may repeat.
 */
struct corruption {
    struct byzantine_leader leader;
    enum gb_block_fault fault;
    bool is_ahead; /* of all clocks, by twice of what they bear */
    struct gb_queue *queue;
    struct gb_transaction *old;
};

static void corrupt(void *context, struct gb_block *block)
{
    struct corruption *corruption = context;
    const struct gb_transaction *first = block->n_transactions ? block->transactions[0] : NULL;

    if (block->header.number == 1) {
        corruption->leader.parent_time_ns = block->header.time_ns;
        EXPECT_INT(gb_transaction_decode(&corruption->old, first->bytes, first->n_bytes,
                                         corruption->leader.chain_id, NULL),
                   GB_OK);
        corruption->leader.old = corruption->old;
        return;
    }
    if (corruption->is_ahead)
        block->header.time_ns = gb_queue_now_ns(corruption->queue) + 2 * GB_CLOCK_TOLERANCE_NS;
    byzantine_corrupt(&corruption->leader, corruption->fault, block);
}

/* Two transactions, the second in a block as `fault` and `is_ahead` say; how high the chain gets.
 */
static void expect_height(const struct gb_flow *flow, enum gb_block_fault fault, bool is_ahead,
                          uint64_t height)
{
    const char *path =
        "test_chain_byzantine.ledger"; /* for its sake transactions keep their bytes */
    struct bench_setup setup = bench_setup(flow);
    struct corruption corruption = {.fault = fault, .is_ahead = is_ahead};
    struct bench bench;

    setup.chain.byzantine = (struct gb_byzantine){corrupt, &corruption};
    bench_open(&bench, &gb_protocol_pbft, setup, GB_CRYPTO_MODELLED, path);
    corruption.queue = bench.queue;
    corruption.leader = (struct byzantine_leader){.genesis = &bench.stage.genesis,
                                                  .ring = bench.stage.ring,
                                                  .chain_id = &bench.stage.chain_id};
    bench_register(&bench, 0, 0, 0, false, INT64_MAX);
    bench_register(&bench, 1, 5000 * MS, 0, false, INT64_MAX);
    bench_run(&bench);
    for (uint32_t node = 0; node < N_NODES; node++)
        if (!EXPECT_INT((int64_t)bench.protocol->stable_height(bench.chain, node), (int64_t)height))
            tap_note("flow %s: %s", flow->member.name, gb_block_fault_text(fault));
    bench_close(&bench);
    gb_transaction_free(corruption.old);
}

/* Nobody votes for such a block, its leader included; the chain stands where it stood. */
static void blocks_that_are_not_valid_get_no_vote(void)
{
    for (const struct gb_flow *flow = first_flow(); flow; flow = next_flow(flow)) {
        expect_height(flow, GB_BLOCK_SOUND, false, 2);
        expect_height(flow, GB_BLOCK_SOUND, true, 1);
        for (enum gb_block_fault fault = GB_BLOCK_SOUND + 1; fault < GB_N_BLOCK_FAULTS; fault++)
            if (fault != GB_BLOCK_BAD_BUNDLE)
                expect_height(flow, fault, false, 1);
    }
}

static void checkpoints_become_stable_without_the_one_that_executes_wrongly(void)
{
    char path[] = "test_chain_wrong.ledger";
    struct bench bench;
    struct bench_setup setup = bench_setup(&gb_flow_fisco3);
    struct gb_ledger_reader *reader = NULL;
    struct gb_block *block = NULL;
    struct gb_error err = {0};

    setup.chain.wrong_executor = 1;
    bench_open(&bench, &gb_protocol_pbft, setup, GB_CRYPTO_REAL, path);
    for (uint32_t meter = 0; meter < 6; meter++)
        bench_register(&bench, meter, meter * 2000 * MS, 0, false, INT64_MAX);
    bench_run(&bench);
    for (uint32_t node = 0; node < N_NODES; node++)
        if (node != setup.chain.wrong_executor)
            EXPECT_INT(bench.protocol->stable_height(bench.chain, node), 6);
    EXPECT_INT(gb_ledger_writer_seal(bench.ledger, bench.stage.ring, &err), GB_OK);
    EXPECT_INT(gb_ledger_writer_publish(bench.ledger, &err), GB_OK);
    bench.ledger = NULL;
    EXPECT_INT(gb_ledger_reader_open(&reader, path, NULL, &err), GB_OK);
    uint64_t n_blocks = 0;
    while (gb_ledger_reader_next(reader, &block, &err) == GB_OK && block) {
        n_blocks++;
        EXPECT_INT(block->certificate.n_signers, 3);
        for (uint32_t i = 0; i < block->certificate.n_signers; i++)
            EXPECT(block->certificate.signers[i] != setup.chain.wrong_executor);
        gb_block_free(block);
    }
    EXPECT_INT(n_blocks, 6);
    gb_ledger_reader_close(reader);
    struct gb_ledger_report report;
    EXPECT_INT(gb_ledger_verify(path, NULL, NULL, &report, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    unlink(path);
    bench_close(&bench);
}

static void the_ideal_protocol_executes_in_the_order_of_sending_at_the_instant_of_sending(void)
{
    struct bench bench;

    /* nothing crosses a network, so nothing grows old: the heights are long past */
    bench_open(&bench, &gb_protocol_ideal, bench_setup(&gb_flow_fisco3), GB_CRYPTO_NONE, NULL);
    bench_register(&bench, 1, 700 * MS, 0, false, INT64_MAX);
    bench_register(&bench, 0, 300 * MS, 0, false, INT64_MAX);
    bench_run(&bench);
    EXPECT_INT(bench.stable_ns[0][1], 300 * MS);
    EXPECT_INT(bench.stable_ns[3][1], 300 * MS);
    EXPECT_INT(bench.stable_ns[0][2], 700 * MS);
    EXPECT_INT(bench.n_failed, 0);
    bench_close(&bench);
}

/* Who sends from within keeps a list of what a block refused until all of it has left. */
static void what_is_sent_while_a_block_is_told_is_told_of_afterwards(void)
{
    static const struct gb_protocol *const protocols[] = {&gb_protocol_pbft, &gb_protocol_ideal};

    for (size_t p = 0; p < 2; p++) {
        struct bench_setup setup = bench_setup(&gb_flow_fisco3);
        struct bench bench;

        setup.client = setup.link = (struct gb_delay){&gb_delay_constant, {{0}}};
        bench_open(&bench, protocols[p], setup, p ? GB_CRYPTO_NONE : GB_CRYPTO_MODELLED, NULL);
        bench.n_to_send = 9;
        bench_register(&bench, 0, 1000 * MS, 0, false, INT64_MAX);
        bench_run(&bench); /* on_stable() expects never to be called from within itself */
        EXPECT_INT(bench.protocol->totals(bench.chain).n_transactions, bench.n_to_send + 1);
        EXPECT_INT(bench.n_failed, 0);
        bench_close(&bench);
    }
}

static void transactions_still_on_their_way_are_released_with_the_chain(void)
{
    static const struct gb_protocol *const protocols[] = {&gb_protocol_pbft, &gb_protocol_ideal};

    for (size_t p = 0; p < 2; p++) { /* the leak is seen by the sanitizer's run of this test */
        struct bench bench;

        bench_open(&bench, protocols[p], bench_setup(&gb_flow_fisco3),
                   p ? GB_CRYPTO_NONE : GB_CRYPTO_MODELLED, NULL);
        for (uint32_t meter = 0; meter < 6; meter++)
            bench_register(&bench, meter, (meter + 1) * 500 * MS, 0, true, INT64_MAX);
        for (int step = 0; step < 40 && bench.protocol->n_pending(bench.chain) > 2; step++)
            gb_queue_step(bench.queue);
        EXPECT(bench.protocol->n_pending(bench.chain) > 0);
        bench_close(&bench);
    }
}

struct outlook {
    int64_t until_ns;
    size_t n_sent;
};

static int64_t look(void *context, const struct gb_event *event, uint64_t rank)
{
    struct outlook *outlook = context;

    (void)rank;
    if (event->priority == GB_PRIORITY_TRANSACTION || event->priority == GB_PRIORITY_TIMER)
        outlook->n_sent++;
    else
        outlook->until_ns = event->time_ns;
    return outlook->until_ns;
}

/* Notes how long it is quiet from now on. returns that */
static int64_t note_quiet(struct bench *bench)
{
    struct gb_quiet quiet = bench->protocol->quiet(bench->chain);
    struct outlook outlook = {.until_ns = quiet.until_ns};
    int64_t now_ns = gb_queue_now_ns(bench->queue);

    gb_queue_look(bench->queue, quiet.until_ns, look, &outlook);
    if (outlook.until_ns <= now_ns || outlook.until_ns == INT64_MAX ||
        outlook.n_sent > quiet.n_transactions)
        return 0;
    if (outlook.until_ns > bench->promised_ns)
        bench->promised_ns = outlook.until_ns;
    return outlook.until_ns - now_ns;
}

/* 300 that come at drawn moments, in blocks of at most 12: some full, some after half a second. */
static void no_block_becomes_stable_while_the_chain_says_that_it_is_quiet(void)
{
    for (const struct gb_flow *flow = first_flow(); flow; flow = next_flow(flow)) {
        struct bench_setup setup = bench_setup(flow);
        struct bench bench;
        size_t n_full = 0;
        int64_t quiet_ns = 0;

        setup.client = (struct gb_delay){&gb_delay_exponential, {{CLIENT}}};
        setup.link = (struct gb_delay){&gb_delay_exponential, {{CLIENT}}};
        setup.max_transactions = 12;
        bench_open(&bench, &gb_protocol_pbft, setup, GB_CRYPTO_MODELLED, NULL);
        for (uint32_t i = 0; i < 300; i++)
            bench_register(&bench, i % STAGE_METERS,
                           1000 * MS + (i * i * (int64_t)7919 % 13000) * MS, i % N_NODES,
                           i % 2 == 0, INT64_MAX);
        while (gb_queue_step(bench.queue))
            quiet_ns += note_quiet(&bench);
        for (size_t height = 1; height < N_HEIGHTS; height++)
            n_full += bench.n_transactions[height] == setup.max_transactions;
        EXPECT(n_full > 2);
        EXPECT(quiet_ns > 5000 * MS);
        bench_close(&bench);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_lone_transaction_is_sealed_on_arrival_and_stable_after_its_flow),
        TAP(full_blocks_are_sealed_at_once_and_the_rest_after_half_a_second),
        TAP(a_block_has_its_quorum_when_the_weight_is_there_however_few_the_nodes),
        TAP(what_a_leader_executes_wrongly_is_never_committed_before_execution_is_voted),
        TAP(blocks_that_are_not_valid_get_no_vote),
        TAP(checkpoints_become_stable_without_the_one_that_executes_wrongly),
        TAP(the_ideal_protocol_executes_in_the_order_of_sending_at_the_instant_of_sending),
        TAP(what_is_sent_while_a_block_is_told_is_told_of_afterwards),
        TAP(transactions_still_on_their_way_are_released_with_the_chain),
        TAP(no_block_becomes_stable_while_the_chain_says_that_it_is_quiet),
        {0}};
    return tap_main("chain", tests);
}
