/* Blocks between their sealing and their being stable everywhere: executed once for all nodes,
 * counted by weight, kept in any number. */
#include "chain/node/live_blocks.h"

#include "tests/stage.h"
#include "tests/tap.h"

#define MS GB_NS_PER_MS

enum { N_NODES = 3, MAX_HEIGHTS = 40 };

static uint32_t weights[N_NODES] = {1, 2, 3}; /* of 6 in all, 5 are a quorum */

struct bench {
    struct stage stage;
    struct gb_genesis genesis; /* the stage's, with other validators */
    struct gb_live_blocks *live;
    struct gb_error failure;
    struct gb_sealed last;
    struct gb_admission users[MAX_HEIGHTS]; /* of the block of that height less 1 */
    bool is_out_of_turn;                    /* the next view's leader seals */
};

static void open(struct bench *bench)
{
    *bench = (struct bench){0};
    stage_open(&bench->stage, GB_CRYPTO_MODELLED, 8, stage_rules());
    bench->genesis = bench->stage.genesis;
    bench->genesis.n_validators = N_NODES;
    bench->genesis.weights = weights;
    bench->live =
        gb_live_blocks_create(&bench->genesis, bench->stage.contracts, 5, &bench->failure);
}

static void close(struct bench *bench)
{
    EXPECT_INT(bench->failure.status, GB_OK);
    gb_live_blocks_free(bench->live);
    stage_close(&bench->stage);
}

/* Seals the next height, 0.6 s after the one before, as its leader does. */
static void add_of(struct bench *bench, struct gb_transaction *transaction)
{
    uint64_t height = bench->last.height + 1;
    struct gb_header header = {.number = height,
                               .parent = height > 1 ? bench->last.block->proposal_hash
                                                    : bench->stage.chain_id,
                               .time_ns = -15 * STAGE_MINUTE + (int64_t)height * 600 * MS,
                               .sealer = (uint32_t)((height + bench->is_out_of_turn) % N_NODES)};
    struct gb_sealed sealed = {.height = height,
                               .leader = header.sealer,
                               .block = gb_block_create(&header, &transaction, 1),
                               .parent_hash = header.parent,
                               .parent_time_ns = header.time_ns - 600 * MS,
                               .sealed_ns = header.time_ns};

    EXPECT(gb_live_blocks_add(bench->live, &sealed));
    bench->last = sealed;
}

/* A block of the registration of one meter. */
static void add(struct bench *bench, uint32_t meter)
{
    struct gb_admission *user = &bench->users[bench->last.height];
    struct gb_message message = {.kind = GB_MESSAGE_REGISTER,
                                 .sender = STAGE_SUPERVISOR,
                                 .nonce = ++bench->stage.supervisor_nonce,
                                 .last_valid_height = 100};

    *user = (struct gb_admission){meter, bench->stage.genesis.users[meter].key, 0};
    message.body.registration = (struct gb_register_message){1, user};
    add_of(bench, stage_wrap(&bench->stage, message));
}

static struct bench bench;

static void a_block_is_executed_once_for_all_nodes(void)
{
    open(&bench);
    add(&bench, 0);
    struct gb_message order = stage_order(&bench.stage, 0, 0, GB_BUY, 1000, 400000, 500000);
    add_of(&bench, stage_wrap(&bench.stage, order));
    struct gb_hash first = gb_live_blocks_execute(bench.live, 1);
    struct gb_hash second = gb_live_blocks_execute(bench.live, 2);
    EXPECT(gb_live_blocks_at(bench.live, 2)->is_executed);
    EXPECT_INT(gb_live_blocks_at(bench.live, 2)->events.n, 1); /* the order */
    EXPECT_INT(gb_event_at(&gb_live_blocks_at(bench.live, 2)->events, 0)->receipt, GB_RECEIPT_OK);
    for (int node = 1; node < N_NODES; node++) {
        struct gb_hash again = gb_live_blocks_execute(bench.live, 1);

        EXPECT(gb_hash_is_equal(&again, &first));
        again = gb_live_blocks_execute(bench.live, 2);
        EXPECT(gb_hash_is_equal(&again, &second));
    }
    EXPECT(!gb_hash_is_equal(&first, &second));
    EXPECT(gb_hash_is_equal(&gb_live_blocks_at(bench.live, 1)->statistics.hash, &first));
    EXPECT_INT(gb_live_blocks_at(bench.live, 2)->events.n, 1);
    close(&bench);
}

static void quorums_are_counted_by_weight(void)
{
    open(&bench);
    add(&bench, 0);
    gb_live_blocks_execute(bench.live, 1);
    gb_live_blocks_commit(bench.live, 2, 1, 10);
    EXPECT_INT(gb_live_blocks_at(bench.live, 1)->statistics.commit_quorum_ns, 0); /* weighs 3 */
    gb_live_blocks_commit(bench.live, 0, 1, 20);
    EXPECT_INT(gb_live_blocks_at(bench.live, 1)->statistics.commit_quorum_ns, 0); /* 4 */
    gb_live_blocks_stabilize(bench.live, 2, 1, 25);
    gb_live_blocks_stabilize(bench.live, 1, 1, 28); /* 5 */
    gb_live_blocks_commit(bench.live, 1, 1, 30);
    gb_live_blocks_stabilize(bench.live, 0, 1, 40);
    const struct gb_live_block *at = gb_live_blocks_at(bench.live, 1);
    EXPECT_INT(at->n_committed, 3);
    EXPECT_INT(at->statistics.commit_first_ns, 10);
    EXPECT_INT(at->statistics.commit_quorum_ns, 30);
    EXPECT_INT(at->statistics.commit_last_ns, 30);
    EXPECT_INT(at->n_stable, 3);
    EXPECT_INT(at->statistics.stable_quorum_ns, 28);
    close(&bench);
}

/* Node 1 leads height 1 in view 0, node 2 in view 1. */
static void a_block_is_held_against_its_place_in_the_view_that_votes(void)
{
    open(&bench);
    add(&bench, 0);
    EXPECT(gb_live_blocks_is_sound(bench.live, 1, 0));
    EXPECT(gb_live_blocks_is_sound(bench.live, 1, 1)); /* proposed again as it was */
    close(&bench);
    open(&bench);
    bench.is_out_of_turn = true;
    add(&bench, 0);
    EXPECT(!gb_live_blocks_is_sound(bench.live, 1, 0));
    EXPECT_INT(gb_live_blocks_at(bench.live, 1)->fault, GB_BLOCK_NOT_LED);
    EXPECT(gb_live_blocks_is_sound(bench.live, 1, 1));
    EXPECT(!gb_live_blocks_is_sound(bench.live, 1, 0)); /* what a view found is not the next's */
    close(&bench);
}

static void what_a_committed_block_holds_is_refused_in_a_later_one(void)
{
    open(&bench);
    struct gb_message order = stage_order(&bench.stage, 0, 0, GB_BUY, 1000, 400000, 500000);
    add_of(&bench, stage_wrap(&bench.stage, order));
    add_of(&bench, stage_wrap(&bench.stage, order));
    EXPECT(gb_live_blocks_is_sound(bench.live, 1, 0));
    gb_live_blocks_execute(bench.live, 1);
    gb_live_blocks_commit(bench.live, 0, 1, 10);
    EXPECT(!gb_live_blocks_is_sound(bench.live, 2, 0));
    EXPECT_INT(gb_live_blocks_at(bench.live, 2)->fault, GB_BLOCK_REPLAYED);
    close(&bench);
}

static void any_number_of_heights_may_be_in_flight_and_end_in_any_order(void)
{
    enum { N = MAX_HEIGHTS };

    open(&bench);
    for (uint32_t i = 0; i < N; i++)
        add(&bench, i % 8);
    EXPECT_INT(gb_live_blocks_n_transactions(bench.live), N);
    for (uint64_t h = 1; h <= N; h++) {
        const struct gb_live_block *at = gb_live_blocks_at(bench.live, h);

        EXPECT_INT(at->sealed.height, h);
        EXPECT_INT(at->statistics.height, h);
        EXPECT_INT(at->sealed.block->header.number, h);
    }
    for (uint64_t h = N; h >= 1; h -= 2) /* the even ones, from the end */
        gb_live_blocks_finish(bench.live, h);
    EXPECT_INT(gb_live_blocks_n_transactions(bench.live), N / 2);
    EXPECT_INT(gb_live_blocks_at(bench.live, 39)->sealed.height, 39);
    for (uint64_t h = 1; h <= N; h += 2)
        gb_live_blocks_finish(bench.live, h);
    EXPECT_INT(gb_live_blocks_n_transactions(bench.live), 0);
    struct gb_chain_totals totals = gb_live_blocks_totals(bench.live);
    EXPECT_INT(totals.n_blocks, N); /* of all that were sealed */
    EXPECT_INT(totals.n_transactions, N);
    EXPECT(totals.n_bytes > 0);
    close(&bench);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_block_is_executed_once_for_all_nodes),
        TAP(quorums_are_counted_by_weight),
        TAP(a_block_is_held_against_its_place_in_the_view_that_votes),
        TAP(what_a_committed_block_holds_is_refused_in_a_later_one),
        TAP(any_number_of_heights_may_be_in_flight_and_end_in_any_order),
        {0}};
    return tap_main("live_blocks", tests);
}
