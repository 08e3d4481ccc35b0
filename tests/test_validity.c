/* The predicate of a valid block at its edges, and the memory of transactions against a plain list.
 */
#include "chain/ledger/validity.h"

#include <stdlib.h>
#include <string.h>

#include "tests/byzantine.h"
#include "tests/small_chain.h"
#include "tests/tap.h"

/* A small chain of three blocks and the place of the third. */
struct scene {
    struct small_chain chain;
    struct gb_seen *seen;
    struct gb_block_place place;
    struct byzantine_leader byzantine;
    struct gb_block *block;
};

static void open_scene(struct scene *scene)
{
    struct small_chain *chain = &scene->chain;

    small_chain_open(chain, GB_CRYPTO_MODELLED, 2, 4, 1);
    small_chain_trade(chain);
    scene->seen = gb_seen_create();
    for (size_t i = 0; i < 2; i++)
        EXPECT_INT(gb_seen_add(scene->seen, i + 1, chain->blocks[i]->transactions,
                               chain->blocks[i]->n_transactions),
                   GB_OK);
    scene->block = chain->blocks[2];
    scene->place = (struct gb_block_place){.genesis = &chain->genesis,
                                           .number = 3,
                                           .parent = chain->blocks[1]->proposal_hash,
                                           .parent_time_ns = chain->blocks[1]->header.time_ns,
                                           .seen = scene->seen};
    scene->byzantine = (struct byzantine_leader){.genesis = &chain->genesis,
                                                 .ring = chain->ring,
                                                 .chain_id = &chain->chain_id,
                                                 .parent_time_ns = scene->place.parent_time_ns,
                                                 .old = chain->blocks[0]->transactions[0]};
}

static void close_scene(struct scene *scene)
{
    gb_seen_free(scene->seen);
    small_chain_close(&scene->chain);
}

static enum gb_block_fault fault_of(const struct scene *scene)
{
    enum gb_block_fault fault = GB_N_BLOCK_FAULTS;
    struct gb_error err = {0};

    EXPECT_INT(gb_block_find_fault(scene->block, &scene->place, &fault, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    return fault;
}

static void every_fault_is_found_and_has_a_description_of_its_own(void)
{
    for (enum gb_block_fault fault = GB_BLOCK_SOUND; fault < GB_N_BLOCK_FAULTS; fault++) {
        struct scene scene;

        for (enum gb_block_fault other = GB_BLOCK_SOUND; other < fault; other++)
            EXPECT(strcmp(gb_block_fault_text(fault), gb_block_fault_text(other)) != 0);
        if (fault == GB_BLOCK_BAD_BUNDLE)
            continue;
        open_scene(&scene);
        byzantine_corrupt(&scene.byzantine, fault, scene.block);
        EXPECT_TEXT(gb_block_fault_text(fault_of(&scene)), gb_block_fault_text(fault));
        close_scene(&scene);
    }
}

static void a_block_comes_a_millisecond_after_its_parent_at_least(void)
{
    struct scene scene;

    open_scene(&scene);
    scene.block->header.time_ns = scene.place.parent_time_ns + GB_NS_PER_MS;
    byzantine_rehash(scene.block);
    EXPECT_INT(fault_of(&scene), GB_BLOCK_SOUND);
    scene.block->header.time_ns--;
    byzantine_rehash(scene.block);
    EXPECT_INT(fault_of(&scene), GB_BLOCK_STALE);
    scene.place.parent_time_ns = INT64_MAX - 1;
    scene.block->header.time_ns = INT64_MAX;
    byzantine_rehash(scene.block);
    EXPECT_INT(fault_of(&scene), GB_BLOCK_STALE);
    close_scene(&scene);
}

static void times_are_bounded_on_both_sides(void)
{
    struct scene scene;

    open_scene(&scene);
    scene.place.parent_time_ns = INT64_MIN;
    for (int sign = -1; sign <= 1; sign += 2) {
        scene.block->header.time_ns = sign * GB_TIME_LIMIT_NS;
        byzantine_rehash(scene.block);
        EXPECT_INT(fault_of(&scene), GB_BLOCK_SOUND);
        scene.block->header.time_ns += sign;
        byzantine_rehash(scene.block);
        EXPECT_INT(fault_of(&scene), GB_BLOCK_OUT_OF_TIME);
    }
    close_scene(&scene);
}

static void a_voter_bears_a_second_ahead_of_its_clock(void)
{
    struct gb_block block = {.header.time_ns = 7 * GB_NS_PER_SECOND};

    EXPECT(!gb_block_is_ahead(&block, 6 * GB_NS_PER_SECOND));
    EXPECT(gb_block_is_ahead(&block, 6 * GB_NS_PER_SECOND - 1));
}

static void a_block_holds_what_the_genesis_says_and_not_one_more(void)
{
    struct scene scene;

    open_scene(&scene);
    uint64_t nonce = 5000;
    scene.chain.genesis.max_transactions = 7;
    while (scene.block->n_transactions < 7)
        byzantine_add_registration(&scene.byzantine, scene.block, nonce++, 1);
    byzantine_rehash(scene.block);
    EXPECT_INT(fault_of(&scene), GB_BLOCK_SOUND);
    byzantine_add_registration(&scene.byzantine, scene.block, nonce, 1);
    byzantine_rehash(scene.block);
    EXPECT_INT(fault_of(&scene), GB_BLOCK_TOO_MANY);
    scene.chain.genesis.max_transactions = 8;
    EXPECT_INT(fault_of(&scene), GB_BLOCK_SOUND);
    uint64_t n_bytes = 0;
    for (size_t i = 0; i < 8; i++)
        n_bytes += scene.block->transactions[i]->n_bytes;
    scene.chain.genesis.max_bytes = n_bytes;
    EXPECT_INT(fault_of(&scene), GB_BLOCK_SOUND);
    scene.chain.genesis.max_bytes--;
    EXPECT_INT(fault_of(&scene), GB_BLOCK_TOO_LARGE);
    close_scene(&scene);
}

static void a_bundle_holds_1_to_1000_messages_and_what_is_alone_is_one(void)
{
    static const struct {
        gb_party party;
        size_t n;
        bool is_good;
    } cases[] = {{GB_PARTY_NONE, 1, true},
                 {GB_PARTY_NONE, 0, false},
                 {GB_PARTY_NONE, 2, false},
                 {GB_PARTY(GB_ROLE_CONCENTRATOR, 0), 1, true},
                 {GB_PARTY(GB_ROLE_CONCENTRATOR, 0), 0, false},
                 {GB_PARTY(GB_ROLE_CONCENTRATOR, 0), 1000, true},
                 {GB_PARTY(GB_ROLE_CONCENTRATOR, 0), 1001, false}};
    struct scene scene;

    open_scene(&scene);
    struct gb_transaction *transaction = scene.block->transactions[0];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        transaction->concentrator = cases[i].party;
        transaction->n_messages = cases[i].n;
        EXPECT_INT(fault_of(&scene), cases[i].is_good ? GB_BLOCK_SOUND : GB_BLOCK_BAD_BUNDLE);
    }
    close_scene(&scene);
}

/* Of four validators height 3 is led by 3, 0, 1, 2 in views 0, 1, 2, 3. */
static void who_led_the_height_in_this_view_or_before_may_have_sealed(void)
{
    struct scene scene;

    open_scene(&scene);
    for (uint32_t sealer = 0; sealer < 4; sealer++)
        for (uint32_t view = 0; view < 6; view++) {
            scene.block->header.sealer = sealer;
            scene.place.view = view;
            byzantine_rehash(scene.block);
            EXPECT_INT(fault_of(&scene),
                       (sealer + 1) % 4 <= view ? GB_BLOCK_SOUND : GB_BLOCK_NOT_LED);
        }
    scene.chain.genesis.leader_period = 2; /* height 3 is the second of leader 1 */
    scene.place.view = 0;
    for (uint32_t sealer = 0; sealer < 4; sealer++) {
        scene.block->header.sealer = sealer;
        byzantine_rehash(scene.block);
        EXPECT_INT(fault_of(&scene), sealer == 1 ? GB_BLOCK_SOUND : GB_BLOCK_NOT_LED);
    }
    close_scene(&scene);
}

/* ---- the memory of transactions */

enum { KINDS = 1000, LIST = 20, HEIGHTS = 6400 };

static void what_stood_in_the_last_thousand_blocks_is_remembered(void)
{
    struct gb_seen *seen = gb_seen_create();
    struct gb_transaction *kinds = calloc(KINDS, sizeof *kinds);
    uint64_t *last = calloc(KINDS, sizeof *last);
    struct gb_key key = gb_key_make(11, 0, GB_PURPOSE_TEST);
    size_t n_repeated = 0, n_replayed = 0, n_forgotten = 0;

    for (uint32_t i = 0; i < KINDS; i++)
        kinds[i].hash = gb_hash_bytes(GB_DOMAIN_TRANSACTION, &i, sizeof i);
    for (uint32_t height = 1; height <= HEIGHTS; height++) {
        struct gb_transaction *list[LIST];
        size_t n = gb_draw_at(key, height, 0, 0, 0).words[0] % LIST, index = n, expected = n;
        uint64_t at = 0, expected_at = 0;

        for (size_t i = 0; i < n; i++) {
            uint32_t kind = gb_draw_at(key, height, 1, (uint32_t)i, 0).words[0] % KINDS;
            bool is_known = last[kind] != 0 && last[kind] + 1000 >= height;

            n_forgotten += last[kind] != 0 && !is_known;
            list[i] = &kinds[kind];
            for (size_t j = 0; j < i && expected == n; j++)
                if (list[j] == list[i])
                    expected = i, expected_at = height;
            if (expected == n && is_known)
                expected = i, expected_at = last[kind];
        }
        EXPECT_INT(gb_seen_find(seen, height, list, n, &index, &at), GB_OK);
        EXPECT_INT((int64_t)index, (int64_t)expected);
        EXPECT_INT((int64_t)at, (int64_t)expected_at);
        n_repeated += at == height;
        n_replayed += at != 0 && at != height;
        /* most kinds rest for long: only one height in 32 is kept */
        if (height % 32 == 0) {
            EXPECT_INT(gb_seen_add(seen, height, list, n), GB_OK);
            for (size_t i = 0; i < n; i++)
                last[list[i] - kinds] = height;
        }
    }
    EXPECT(n_repeated > 10 && n_replayed > 100 && n_forgotten > 10);
    gb_seen_free(seen);
    free(last);
    free(kinds);
}

static void a_gap_of_generations_forgets_all(void)
{
    struct gb_seen *seen = gb_seen_create();
    struct gb_transaction one = {.hash = {{1, 2, 3}}}, two = {.hash = {{4}}};
    size_t index = 9;
    uint64_t at = 0;

    EXPECT_INT(gb_seen_add(seen, 999, (struct gb_transaction *[]){&one}, 1), GB_OK);
    EXPECT_INT(gb_seen_find(seen, 1999, (struct gb_transaction *[]){&one}, 1, &index, &at), GB_OK);
    EXPECT_INT((int64_t)at, 999);
    index = 9;
    EXPECT_INT(gb_seen_find(seen, 2000, (struct gb_transaction *[]){&one}, 1, &index, &at), GB_OK);
    EXPECT_INT((int64_t)index, 9);
    EXPECT_INT(gb_seen_add(seen, 5000, (struct gb_transaction *[]){&two}, 1), GB_OK);
    EXPECT_INT(gb_seen_find(seen, 5001, (struct gb_transaction *[]){&one, &two}, 2, &index, &at),
               GB_OK);
    EXPECT_INT((int64_t)index, 1);
    EXPECT_INT((int64_t)at, 5000);
    gb_seen_free(seen);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(every_fault_is_found_and_has_a_description_of_its_own),
        TAP(a_block_comes_a_millisecond_after_its_parent_at_least),
        TAP(times_are_bounded_on_both_sides),
        TAP(a_voter_bears_a_second_ahead_of_its_clock),
        TAP(a_block_holds_what_the_genesis_says_and_not_one_more),
        TAP(a_bundle_holds_1_to_1000_messages_and_what_is_alone_is_one),
        TAP(who_led_the_height_in_this_view_or_before_may_have_sealed),
        TAP(what_stood_in_the_last_thousand_blocks_is_remembered),
        TAP(a_gap_of_generations_forgets_all),
        {0}};
    return tap_main("validity", tests);
}
