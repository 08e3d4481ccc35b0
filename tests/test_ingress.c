/* The way of a transaction from its sender to a pool: delays, refusals, repeats and deadlines. */
#include "chain/node/ingress.h"

#include <string.h>

#include "tests/tap.h"

#define MS GB_NS_PER_MS
#define SECOND GB_NS_PER_SECOND

enum { N_NODES = 4, MAX_REFUSALS = 32 };

struct bench {
    struct gb_queue *queue;
    struct gb_network network;
    struct gb_genesis genesis;
    struct gb_keyring *ring;
    struct gb_pool *pool;
    struct gb_ingress *ingress;
    struct gb_error failure;
    uint64_t nonce;
    size_t n_accepted, n_given_up;
    int64_t accepted_ns;
    size_t n_refusals;
    int64_t refused_ns[MAX_REFUSALS];
};

static void on_accepted(void *context)
{
    struct bench *bench = context;

    bench->n_accepted++;
    bench->accepted_ns = gb_queue_now_ns(bench->queue);
}

static void on_given_up(void *context, const struct gb_transaction *transaction)
{
    struct bench *bench = context;

    EXPECT_INT(transaction->messages[0].kind, GB_MESSAGE_FINALIZE);
    bench->n_given_up++;
}

/* client_ns  between sender and node, either way; pool_limit: transactions */
static void open(struct bench *bench, int64_t client_ns, uint32_t pool_limit)
{
    struct gb_delay link = {&gb_delay_constant, {{100 * MS}}};
    struct gb_delay client = {&gb_delay_constant, {{client_ns}}};
    struct gb_ingress_host host = {bench, on_accepted, on_given_up};

    memset(bench, 0, sizeof *bench);
    bench->queue = gb_queue_create(NULL);
    bench->network = gb_network_make(link, client, (struct gb_draws){.seed = 1});
    bench->genesis = (struct gb_genesis){.n_validators = N_NODES, .max_bytes = 1 << 20};
    struct gb_chain_config config = {.network = &bench->network, .draws = {.seed = 1}};
    EXPECT_INT(gb_keyring_create(&bench->ring, GB_CRYPTO_MODELLED,
                                 gb_key_make(1, 0, GB_PURPOSE_KEY), 1, N_NODES, 0, NULL),
               GB_OK);
    EXPECT_INT(gb_pool_create(&bench->pool, pool_limit, 100, UINT64_MAX, &bench->network, NULL),
               GB_OK);
    bench->ingress = gb_ingress_create(bench->queue, &config, &bench->genesis, bench->ring, true,
                                       bench->pool, &host, &bench->failure);
}

static void close(struct bench *bench)
{
    gb_ingress_free(bench->ingress);
    gb_pool_free(bench->pool);
    gb_keyring_free(bench->ring);
    gb_queue_free(bench->queue);
}

static enum gb_status send(struct bench *bench, int64_t sent_ns, bool is_insistent,
                           int64_t until_ns)
{
    struct gb_route route = {
        .owner = (uint32_t)++bench->nonce, .is_insistent = is_insistent, .until_ns = until_ns};
    struct gb_transaction *transaction = gb_transaction_create(GB_PARTY_NONE, 1, 0);

    transaction->messages[0] = (struct gb_message){.kind = GB_MESSAGE_FINALIZE,
                                                   .sender = GB_PARTY(GB_ROLE_OPERATOR, 0),
                                                   .nonce = bench->nonce};
    return gb_ingress_submit(bench->ingress, transaction, 0, sent_ns, &route);
}

/* One event; notes when a pool refuses. returns false when none is left */
static bool step(struct bench *bench)
{
    uint64_t before = gb_ingress_n_refused(bench->ingress);
    bool has_run = gb_queue_step(bench->queue);

    if (gb_ingress_n_refused(bench->ingress) > before && bench->n_refusals < MAX_REFUSALS)
        bench->refused_ns[bench->n_refusals++] = gb_queue_now_ns(bench->queue);
    return has_run;
}

static void run(struct bench *bench)
{
    while (step(bench))
        ;
}

static struct bench bench;

static void a_transaction_is_in_the_pool_after_the_clients_delay(void)
{
    open(&bench, 10 * MS, 100);
    EXPECT_INT(send(&bench, 200 * MS, false, INT64_MAX), GB_OK);
    EXPECT_INT(gb_ingress_size(bench.ingress), 1);
    run(&bench);
    EXPECT_INT(bench.n_accepted, 1);
    EXPECT_INT(bench.accepted_ns, 210 * MS);
    EXPECT_INT(gb_pool_size(bench.pool), 1);
    EXPECT_INT(gb_ingress_size(bench.ingress), 0);
    EXPECT_INT(bench.n_given_up, 0);
    close(&bench);
}

static void an_answer_in_time_ends_the_wait_of_an_insistent_sender(void)
{
    open(&bench, 10 * MS, 100);
    EXPECT_INT(send(&bench, 0, true, INT64_MAX), GB_OK);
    run(&bench);
    EXPECT_INT(bench.n_accepted, 1);
    EXPECT_INT(gb_ingress_n_resent(bench.ingress), 0);
    EXPECT_INT(gb_queue_now_ns(bench.queue), 10 * MS); /* no timer was left to run out at 3 s */
    close(&bench);
}

/* The answer is there after twice the delay: 24 s; patience ends at 3, 9, 21 and 45 s. */
static void an_insistent_sender_repeats_while_it_has_no_answer_and_is_accepted_once(void)
{
    open(&bench, 12 * SECOND, 100);
    EXPECT_INT(send(&bench, 0, true, INT64_MAX), GB_OK);
    run(&bench);
    EXPECT_INT(gb_ingress_n_resent(bench.ingress), 3);
    EXPECT_INT(bench.n_accepted, 1);
    EXPECT_INT(bench.accepted_ns, 12 * SECOND);
    EXPECT_INT(gb_pool_size(bench.pool), 1);
    close(&bench);
}

static void nothing_is_repeated_after_the_deadline_of_its_purpose(void)
{
    open(&bench, 10 * SECOND, 100);
    EXPECT_INT(send(&bench, 0, true, 5 * SECOND), GB_OK);
    run(&bench);
    EXPECT_INT(gb_ingress_n_resent(bench.ingress), 1); /* at 3 s; not at 9 s */
    EXPECT_INT(bench.n_accepted, 1); /* what was sent before arrives all the same */
    close(&bench);
}

static void a_full_pool_makes_a_client_back_off_twice_as_long_each_time(void)
{
    bool has_arrived = false;

    open(&bench, 10 * MS, 1);
    send(&bench, 0, false, INT64_MAX);
    run(&bench); /* fills the pool */
    send(&bench, SECOND, false, 60 * SECOND);
    EXPECT(gb_ingress_holds(bench.ingress, GB_PARTY(GB_ROLE_OPERATOR, 0), GB_MESSAGE_FINALIZE, 2,
                            &has_arrived));
    EXPECT(!has_arrived);
    while (bench.n_refusals == 0)
        step(&bench);
    EXPECT(gb_ingress_holds(bench.ingress, GB_PARTY(GB_ROLE_OPERATOR, 0), GB_MESSAGE_FINALIZE, 2,
                            &has_arrived));
    EXPECT(has_arrived);
    run(&bench);
    EXPECT(bench.n_refusals >= 5 && bench.n_refusals <= 8); /* 0.5 s and 1.5 s of 2^n - 1 in 60 s */
    EXPECT_INT(bench.refused_ns[0], SECOND + 10 * MS);
    for (size_t i = 1; i < bench.n_refusals; i++) {
        int64_t gap = bench.refused_ns[i] - bench.refused_ns[i - 1] - 20 * MS;

        EXPECT(gap >= (500 * MS) << (i - 1) && gap < (1500 * MS) << (i - 1));
    }
    EXPECT(bench.refused_ns[bench.n_refusals - 1] < 60 * SECOND + 10 * MS);
    EXPECT_INT(bench.n_given_up, 1);
    EXPECT_INT(gb_ingress_size(bench.ingress), 0);
    EXPECT(!gb_ingress_holds(bench.ingress, GB_PARTY(GB_ROLE_OPERATOR, 0), GB_MESSAGE_FINALIZE, 2,
                             &has_arrived));
    close(&bench);
}

static void the_next_attempt_finds_the_capacity_that_a_block_has_made(void)
{
    struct gb_transaction *taken[100];

    open(&bench, 10 * MS, 1);
    send(&bench, 0, false, INT64_MAX);
    run(&bench);
    send(&bench, SECOND, false, INT64_MAX);
    while (bench.n_refusals == 0)
        step(&bench);
    gb_pool_begin_turn(bench.pool, 0);
    EXPECT_INT(gb_pool_take(bench.pool, gb_queue_now_ns(bench.queue), taken), 1);
    gb_transaction_free(taken[0]);
    run(&bench);
    EXPECT_INT(bench.n_accepted, 2);
    EXPECT_INT(bench.n_refusals, 1);
    EXPECT_INT(bench.n_given_up, 0);
    close(&bench);
}

static void what_no_block_can_hold_is_a_failure_that_says_so(void)
{
    open(&bench, 10 * MS, 100);
    bench.genesis.max_bytes = 10;
    send(&bench, 0, false, INT64_MAX);
    run(&bench);
    EXPECT_INT(bench.failure.status, GB_ERANGE);
    EXPECT(strstr(bench.failure.text, "is more than a block holds (10)") != NULL);
    EXPECT_INT(bench.n_accepted, 0);
    close(&bench);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_transaction_is_in_the_pool_after_the_clients_delay),
        TAP(an_answer_in_time_ends_the_wait_of_an_insistent_sender),
        TAP(an_insistent_sender_repeats_while_it_has_no_answer_and_is_accepted_once),
        TAP(nothing_is_repeated_after_the_deadline_of_its_purpose),
        TAP(a_full_pool_makes_a_client_back_off_twice_as_long_each_time),
        TAP(the_next_attempt_finds_the_capacity_that_a_block_has_made),
        TAP(what_no_block_can_hold_is_a_failure_that_says_so),
        {0}};
    return tap_main("ingress", tests);
}
