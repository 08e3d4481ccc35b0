/* When a leader seals, and what it seals on. */
#include "chain/node/sealer.h"

#include <string.h>

#include "chain/ledger/validity.h"
#include "tests/tap.h"

#define MS GB_NS_PER_MS

enum { MAX_SEALED = 3, MAX_BLOCKS = 1200, LINK_MS = 100 };

struct bench {
    struct gb_queue *queue;
    struct gb_network network;
    struct gb_pool *pool;
    struct gb_sealer *sealer;
    struct gb_error failure;
    uint32_t n_sent;
    size_t n_sealed;
    struct gb_sealed sealed[MAX_BLOCKS];
};

static void on_sealed(void *context, const struct gb_sealed *sealed)
{
    struct bench *bench = context;

    bench->sealed[bench->n_sealed++] = *sealed;
}

static void do_nothing(const struct gb_event *event)
{
    (void)event;
}

/* Goes on to a moment, whatever happens until then. */
static void advance(struct bench *bench, int64_t time_ns)
{
    gb_queue_push(bench->queue, &(struct gb_event){.time_ns = time_ns, .action = do_nothing});
    while (gb_queue_now_ns(bench->queue) < time_ns)
        gb_queue_step(bench->queue);
}

static void run(struct bench *bench)
{
    while (gb_queue_step(bench->queue))
        ;
}

/* Height 1 is node 0's to seal, from 0 on. */
static void open(struct bench *bench)
{
    struct gb_delay link = {&gb_delay_constant, {{LINK_MS * MS}}};
    struct gb_sealer_host host = {bench, on_sealed};
    struct gb_chain_config config = {.min_seal_ns = 500 * MS};

    memset(bench, 0, sizeof *bench);
    memset(config.chain_id.bytes, 7, sizeof config.chain_id.bytes);
    bench->queue = gb_queue_create(NULL);
    bench->network = gb_network_make(link, link, (struct gb_draws){.seed = 1});
    EXPECT_INT(gb_pool_create(&bench->pool, 10000, MAX_SEALED, UINT64_MAX, &bench->network, NULL),
               GB_OK);
    bench->sealer =
        gb_sealer_create(bench->queue, &config, MAX_SEALED, bench->pool, &host, &bench->failure);
    advance(bench, 0);
    gb_sealer_begin_turn(bench->sealer, 0, 1);
}

static void close(struct bench *bench)
{
    for (size_t i = 0; i < bench->n_sealed; i++)
        gb_block_free(bench->sealed[i].block);
    gb_sealer_free(bench->sealer);
    gb_pool_free(bench->pool);
    gb_queue_free(bench->queue);
}

/* `node` accepts a transaction at the present. */
static void accept(struct bench *bench, uint32_t node)
{
    struct gb_route route = {.owner = bench->n_sent++};

    EXPECT_INT(gb_pool_accept(bench->pool, gb_transaction_create(GB_PARTY_NONE, 1, 0), node,
                              gb_queue_now_ns(bench->queue), &route, NULL),
               GB_OK);
    gb_sealer_plan(bench->sealer);
}

static struct bench bench;

static void a_full_block_is_sealed_when_its_last_transaction_comes(void)
{
    open(&bench);
    for (int64_t i = 0; i < MAX_SEALED; i++) {
        advance(&bench, (10 + 10 * i) * MS);
        accept(&bench, 0);
    }
    run(&bench);
    EXPECT_INT(bench.n_sealed, 1);
    EXPECT_INT(bench.sealed[0].sealed_ns, 30 * MS);
    EXPECT_INT(bench.sealed[0].block->n_transactions, MAX_SEALED);
    close(&bench);
}

static void what_waits_is_sealed_min_seal_after_the_turn_began(void)
{
    open(&bench);
    advance(&bench, 100 * MS);
    accept(&bench, 0);
    advance(&bench, 450 * MS);
    accept(&bench, 0);
    run(&bench);
    EXPECT_INT(bench.n_sealed, 1);
    EXPECT_INT(bench.sealed[0].sealed_ns, 500 * MS);
    EXPECT_INT(bench.sealed[0].block->n_transactions, 2);
    close(&bench);
}

static void after_min_seal_the_first_that_comes_is_sealed_at_once(void)
{
    open(&bench);
    run(&bench);
    EXPECT_INT(bench.n_sealed, 0); /* never an empty block */
    advance(&bench, 700 * MS);
    accept(&bench, 0);
    run(&bench);
    EXPECT_INT(bench.n_sealed, 1);
    EXPECT_INT(bench.sealed[0].sealed_ns, 700 * MS);
    close(&bench);
}

static void what_another_node_took_waits_for_its_gossip(void)
{
    open(&bench);
    advance(&bench, 450 * MS);
    accept(&bench, 1);
    run(&bench);
    EXPECT_INT(bench.n_sealed, 1);
    EXPECT_INT(bench.sealed[0].sealed_ns, (450 + LINK_MS) * MS);
    close(&bench);
}

static void an_earlier_transaction_moves_the_timer_forward(void)
{
    open(&bench);
    advance(&bench, 490 * MS);
    accept(&bench, 1); /* with the leader at 590 ms */
    accept(&bench, 0); /* there already: sealed with the end of min_seal */
    run(&bench);
    EXPECT_INT(bench.n_sealed, 1);
    EXPECT_INT(bench.sealed[0].sealed_ns, 500 * MS);
    EXPECT_INT(bench.sealed[0].block->n_transactions, 1);
    EXPECT_INT(gb_pool_size(bench.pool), 1);
    close(&bench);
}

static void blocks_of_one_instant_are_chained_and_a_step_apart_up_to_the_clocks_tolerance(void)
{
    open(&bench);
    for (uint64_t height = 1; height <= MAX_BLOCKS; height++) {
        for (size_t i = 0; i < MAX_SEALED; i++)
            accept(&bench, 0);
        run(&bench);
        gb_sealer_begin_turn(bench.sealer, 0, height + 1);
    }
    EXPECT_INT(bench.n_sealed, MAX_BLOCKS);
    EXPECT_INT(bench.sealed[0].block->header.parent.bytes[31], 7); /* the chain id */
    for (size_t i = 1; i < bench.n_sealed; i++) {
        const struct gb_sealed *sealed = &bench.sealed[i];
        const struct gb_block *block = sealed->block, *parent = bench.sealed[i - 1].block;
        int64_t time_ns = block->header.time_ns;

        EXPECT_INT(block->header.number, i + 1);
        EXPECT(gb_hash_is_equal(&block->header.parent, &parent->proposal_hash));
        EXPECT(gb_hash_is_equal(&sealed->parent_hash, &parent->proposal_hash));
        EXPECT_INT(sealed->parent_time_ns, parent->header.time_ns);
        EXPECT_INT(time_ns, parent->header.time_ns + GB_BLOCK_STEP_NS);
        EXPECT_INT(sealed->sealed_ns,
                   time_ns > GB_CLOCK_TOLERANCE_NS ? time_ns - GB_CLOCK_TOLERANCE_NS : 0);
    }
    close(&bench);
}

static void after_a_failure_nothing_is_sealed(void)
{
    open(&bench);
    accept(&bench, 0);
    gb_fail(&bench.failure, GB_ENOMEM, "no memory");
    run(&bench);
    EXPECT_INT(bench.n_sealed, 0);
    EXPECT_INT(gb_pool_size(bench.pool), 1);
    close(&bench);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_full_block_is_sealed_when_its_last_transaction_comes),
        TAP(what_waits_is_sealed_min_seal_after_the_turn_began),
        TAP(after_min_seal_the_first_that_comes_is_sealed_at_once),
        TAP(what_another_node_took_waits_for_its_gossip),
        TAP(an_earlier_transaction_moves_the_timer_forward),
        TAP(blocks_of_one_instant_are_chained_and_a_step_apart_up_to_the_clocks_tolerance),
        TAP(after_a_failure_nothing_is_sealed),
        {0}};
    return tap_main("sealer", tests);
}
