/* What no genesis may say: refused where it is sealed, and where it is read although its supervisor
 * signed it. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/market/two_round/options.h"
#include "tests/small_ledger.h"
#include "tests/tap.h"

#define PATH "test_genesis.tmp"

/* Signs the genesis as it is, as a supervisor would who does not look. */
static void sign_blindly(struct small_chain *chain)
{
    struct gb_genesis *genesis = &chain->genesis;
    uint8_t *bytes = NULL;
    size_t n = 0;

    EXPECT_INT(gb_genesis_encode(genesis, &bytes, &n, NULL), GB_OK);
    struct gb_hash digest =
        gb_hash_bytes(GB_DOMAIN_ADMISSION, bytes, n - sizeof genesis->admission.bytes);
    gb_keyring_sign(chain->ring, GB_PARTY(GB_ROLE_SUPERVISOR, 0), &digest, &genesis->admission);
    free(bytes);
}

/* A chain of 3 meters, 4 validators and 1 concentrator whose genesis `change` makes invalid.
 * seal, read  words of the sentence at either door; NULL: this door is not asked */
static void expect_refused(void (*change)(struct gb_genesis *), const char *seal, const char *read)
{
    struct small_chain chain;
    struct gb_hash chain_id;
    struct gb_error err = {0};

    small_chain_open(&chain, GB_CRYPTO_REAL, 3, 4, 1);
    change(&chain.genesis);
    if (seal) {
        EXPECT_INT(gb_genesis_seal(&chain.genesis, chain.ring, &chain_id, &err), GB_EINPUT);
        if (!EXPECT(strstr(err.text, seal) != NULL))
            tap_note("said \"%s\", expected \"%s\"", err.text, seal);
    }
    sign_blindly(&chain);
    small_chain_write(&chain, PATH); /* no blocks yet */
    small_ledger_expect_broken(PATH, read);
    unlink(PATH);
    small_chain_close(&chain);
}

static void expect_refused_at_both(void (*change)(struct gb_genesis *), const char *words)
{
    expect_refused(change, words, words);
}

static void share_user_and_user(struct gb_genesis *g)
{
    g->users[2].key = g->users[0].key;
}
static void share_user_and_validator(struct gb_genesis *g)
{
    g->users[1].key = g->validators[3];
}
static void share_validators(struct gb_genesis *g)
{
    g->validators[0] = g->validators[2];
}
static void share_validator_and_operator(struct gb_genesis *g)
{
    g->operator_ = g->validators[1];
}
static void share_user_and_operator(struct gb_genesis *g)
{
    g->users[0].key = g->operator_;
}
static void share_with_supervisor(struct gb_genesis *g)
{
    g->operator_ = g->supervisor;
}
static void share_with_concentrator(struct gb_genesis *g)
{
    g->users[1].key = g->concentrators[0];
}

static void nobody_shares_a_key(void)
{
    expect_refused_at_both(share_user_and_user, "meter 0 and meter 2 have the same key");
    expect_refused_at_both(share_user_and_validator, "meter 1 and validator 3 have the same key");
    expect_refused_at_both(share_validators, "validator 0 and validator 2 have the same key");
    expect_refused_at_both(share_validator_and_operator, "validator 1 and operator have the same");
    expect_refused_at_both(share_user_and_operator, "meter 0 and operator have the same key");
    expect_refused_at_both(share_with_supervisor, "operator and supervisor have the same key");
    expect_refused_at_both(share_with_concentrator, "meter 1 and concentrator 0 have the same key");
}

static void take_weight(struct gb_genesis *g)
{
    g->weights[2] = 0;
}
static void take_validators(struct gb_genesis *g)
{
    g->n_validators = 0;
}
static void take_turns(struct gb_genesis *g)
{
    g->leader_period = 0;
}
static void take_transactions(struct gb_genesis *g)
{
    g->max_transactions = 0;
}
static void take_bytes(struct gb_genesis *g)
{
    g->max_bytes = 0;
}
static void take_concentrators(struct gb_genesis *g)
{
    g->n_concentrators = 0;
}
static void leave_nobody_to_bundle(struct gb_genesis *g)
{
    g->n_concentrators = 0;
    for (size_t i = 0; i < g->n_users; i++)
        g->users[i].concentrator = GB_NO_CONCENTRATOR;
}

static void those_who_agree_and_bundle_are_there(void)
{
    struct small_chain chain;
    struct gb_hash chain_id;

    expect_refused_at_both(take_weight, "validator 2 has no weight");
    expect_refused_at_both(take_validators, "a chain has 1 to 1024 validators, not 0");
    expect_refused_at_both(take_turns, "a leader serves at least 1 height");
    expect_refused_at_both(take_transactions, "a block holds at least 1 transaction");
    expect_refused_at_both(take_bytes, "a block holds at least 1 transaction and 1 byte");
    expect_refused_at_both(take_concentrators,
                           "meter 0 sends by concentrator 0, of which there are 0");
    small_chain_open(&chain, GB_CRYPTO_REAL, 3, 4, 1);
    leave_nobody_to_bundle(&chain.genesis);
    EXPECT_INT(gb_genesis_seal(&chain.genesis, chain.ring, &chain_id, NULL), GB_OK);
    small_chain_close(&chain);
}

static void close_after_the_start(struct gb_genesis *g)
{
    g->rules.gate_ns = -1;
}
static void close_before_the_opening(struct gb_genesis *g)
{
    g->rules.gate_ns = g->rules.open_ns + 1;
}
static void take_less_than_nothing(struct gb_genesis *g)
{
    g->rules.min_quantity.wh = -1;
}
static void take_nothing(struct gb_genesis *g)
{
    g->rules.min_quantity.wh = 0;
}
static void open_after_the_start(struct gb_genesis *g)
{
    g->rules.open_ns = -1;
}
static void be_due_at_once(struct gb_genesis *g)
{
    g->rules.deadline_ns = -1;
}

/* What the contracts cannot play by they say themselves. */
static void leads_and_minimum_are_not_negative(void)
{
    expect_refused(close_after_the_start, NULL, "genesis: the gate of the genesis does not close");
    expect_refused(close_before_the_opening, NULL,
                   "genesis: the gate of the genesis does not close");
    expect_refused(take_less_than_nothing, NULL,
                   "genesis: the smallest order of the genesis is -1 Wh");
    expect_refused(take_nothing, NULL, "genesis: the smallest order of the genesis is 0 Wh");
    expect_refused(open_after_the_start, NULL, "genesis: slot, open lead, deadline");
    expect_refused(be_due_at_once, NULL, "genesis: slot, open lead, deadline");
}

/* ---- what stands there by name */

static size_t encode(const struct gb_genesis *genesis, uint8_t **bytes)
{
    size_t n = 0;

    EXPECT_INT(gb_genesis_encode(genesis, bytes, &n, NULL), GB_OK);
    return n;
}

/* A chain without a fee is written as it was before there were fees. */
static void a_fee_takes_eight_bytes_and_comes_back(void)
{
    struct small_chain chain;
    uint8_t *bytes = NULL, *with_fee = NULL;
    struct gb_genesis back = {0};

    small_chain_open(&chain, GB_CRYPTO_MODELLED, 3, 4, 1);
    size_t n = encode(&chain.genesis, &bytes);
    chain.genesis.rules.fee.units = 1234567;
    sign_blindly(&chain);
    size_t n_with_fee = encode(&chain.genesis, &with_fee);
    EXPECT_INT(n_with_fee, n + 8);
    EXPECT_INT(bytes[3], 3); /* the format */
    EXPECT_INT(with_fee[3], 4);
    EXPECT_INT(gb_genesis_decode(&back, with_fee, n_with_fee, NULL, NULL), GB_OK);
    EXPECT_INT(back.rules.fee.units, 1234567);
    gb_genesis_clear(&back);
    with_fee[3] = 3; /* its last 8 bytes are too many */
    EXPECT_INT(gb_genesis_decode(&back, with_fee, n_with_fee, NULL, NULL), GB_EINPUT);
    free(bytes);
    free(with_fee);
    small_chain_close(&chain);
}

/* As do signs: a chain whose prices are all at 0 or above is written as it was. */
static void prices_below_0_make_a_genesis_of_format_5(void)
{
    struct small_chain chain;
    uint8_t *bytes = NULL;
    struct gb_genesis back = {0};
    struct gb_error err = {0};

    small_chain_open(&chain, GB_CRYPTO_MODELLED, 3, 4, 1);
    chain.genesis.rules.market.tariff.feed_in.ticks = -20000;
    sign_blindly(&chain);
    size_t n = encode(&chain.genesis, &bytes);
    EXPECT_INT(bytes[3], 5);
    EXPECT_INT(gb_genesis_decode(&back, bytes, n, NULL, NULL), GB_OK);
    EXPECT_INT(back.rules.market.tariff.feed_in.ticks, -20000);
    EXPECT_INT(back.rules.fee.units, 0);
    gb_genesis_clear(&back);
    bytes[3] = 4; /* readers of which know nothing of sellers' escrow */
    EXPECT_INT(gb_genesis_decode(&back, bytes, n, NULL, &err), GB_EINPUT);
    EXPECT(strstr(err.text, "expected a fee above 0") != NULL);
    free(bytes);
    chain.genesis.rules.fee.units = 5;
    chain.genesis.rules.imbalance_long.ticks = -1;
    chain.genesis.rules.market.tariff.feed_in.ticks = 0;
    sign_blindly(&chain);
    n = encode(&chain.genesis, &bytes);
    EXPECT_INT(bytes[3], 5);
    EXPECT_INT(gb_genesis_decode(&back, bytes, n, NULL, NULL), GB_OK);
    EXPECT_INT(back.rules.fee.units, 5);
    gb_genesis_clear(&back);
    bytes[3] = 4;
    err = (struct gb_error){0};
    EXPECT_INT(gb_genesis_decode(&back, bytes, n, NULL, &err), GB_EINPUT);
    EXPECT(strstr(err.text, "prices below 0 in a genesis of format 5, and in no other") != NULL);
    free(bytes);
    small_chain_close(&chain);
}

/* The options of two_round in another order, as an older or a newer list may have them. */
static void the_order_of_a_list_changes_no_genesis(void)
{
    struct small_chain chain;
    struct gb_mechanism other = gb_mechanism_two_round;
    struct gb_param rows[16] = {{0}};
    uint8_t *bytes = NULL, *again = NULL;
    size_t n_rows = 0;

    while (gb_mechanism_two_round.member.params[n_rows].key)
        n_rows++;
    for (size_t i = 0; i < n_rows; i++)
        rows[i] = gb_mechanism_two_round.member.params[n_rows - 1 - i];
    other.member.params = rows;
    small_chain_open(&chain, GB_CRYPTO_REAL, 3, 4, 1);
    size_t n = encode(&chain.genesis, &bytes);
    chain.genesis.rules.market.mechanism = &other;
    EXPECT(encode(&chain.genesis, &again) == n && memcmp(bytes, again, n) == 0);
    free(bytes);
    free(again);
    small_chain_close(&chain);
}

static void how_it_signs_stands_there_by_name(void)
{
    static const uint8_t real[8] = {0, 0, 0, 4, 'r', 'e', 'a', 'l'};
    struct small_chain chain;
    struct gb_genesis back;
    struct gb_error err = {0};
    uint8_t *bytes = NULL;

    small_chain_open(&chain, GB_CRYPTO_REAL, 3, 4, 1);
    size_t n = encode(&chain.genesis, &bytes);
    size_t at = 0;

    while (at + sizeof real < n && memcmp(bytes + at, real, sizeof real) != 0)
        at++;
    if (EXPECT(at + sizeof real < n)) {
        bytes[at + 5] = 'o';
        EXPECT_INT(gb_genesis_decode(&back, bytes, n, NULL, &err), GB_EINPUT);
        EXPECT(strstr(err.text, "expected signatures real or modelled") != NULL);
    }
    free(bytes);
    small_chain_close(&chain);
}

/* As if market.k had come to the table after the genesis was written. */
static void an_option_that_is_not_named_stands_at_its_default(void)
{
    struct small_chain chain;
    struct gb_genesis back;
    struct gb_error err = {0};
    const struct gb_param *rows = gb_mechanism_two_round.member.params;
    uint8_t *bytes = NULL, *again = NULL;
    char k[64];

    small_chain_open(&chain, GB_CRYPTO_REAL, 3, 4, 1);
    gb_two_round_options(&chain.genesis.rules.market)->k_millionths = 250000;
    chain.genesis.unnamed_options = UINT64_C(1) << (gb_param_find(rows, "market.k") - rows);
    sign_blindly(&chain);
    size_t n = encode(&chain.genesis, &bytes);
    if (EXPECT_INT(gb_genesis_decode(&back, bytes, n, NULL, &err), GB_OK)) {
        gb_param_format(gb_param_find(rows, "market.k"), back.rules.market.options, k, sizeof k);
        EXPECT_TEXT(k, "0.5");
        EXPECT_INT((int64_t)encode(&back, &again), (int64_t)n);
        EXPECT(again && memcmp(bytes, again, n) == 0);
        gb_genesis_clear(&back);
    }
    EXPECT_TEXT(err.text, "");
    free(bytes);
    free(again);
    small_chain_close(&chain);
}

static void play_by_another_mechanism(struct gb_genesis *g)
{
    static struct gb_mechanism other;

    other = gb_mechanism_two_round;
    other.member.name = "of_somebody";
    g->rules.market.mechanism = &other;
}

static void what_this_program_does_not_know_is_refused(void)
{
    expect_refused(play_by_another_mechanism, NULL, "a mechanism that this program knows");
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(nobody_shares_a_key),
                                            TAP(those_who_agree_and_bundle_are_there),
                                            TAP(leads_and_minimum_are_not_negative),
                                            TAP(a_fee_takes_eight_bytes_and_comes_back),
                                            TAP(prices_below_0_make_a_genesis_of_format_5),
                                            TAP(the_order_of_a_list_changes_no_genesis),
                                            TAP(how_it_signs_stands_there_by_name),
                                            TAP(an_option_that_is_not_named_stands_at_its_default),
                                            TAP(what_this_program_does_not_know_is_refused),
                                            {0}};
    return tap_main("genesis", tests);
}
