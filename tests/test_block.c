/* Blocks and certificates: what a certificate must be, and what is refused with which reason. */
#include "chain/wire/block.h"

#include <stdlib.h>
#include <string.h>

#include "tests/small_chain.h"
#include "tests/tap.h"

/* A chain of three blocks under n validators; the last block is the one to look at. */
static const struct gb_block *open_chain(struct small_chain *chain, size_t n_validators)
{
    small_chain_open(chain, GB_CRYPTO_REAL, 2, n_validators, 1);
    small_chain_trade(chain);
    return chain->blocks[chain->n_blocks - 1];
}

static void sign(struct small_chain *chain, const uint32_t *signers, uint32_t n)
{
    struct gb_block *block = chain->blocks[chain->n_blocks - 1];

    EXPECT_INT(gb_certificate_sign(block, &chain->genesis, &chain->chain_id, 0, signers, n,
                                   chain->ring, NULL),
               GB_OK);
}

/* Checks the last block's certificate and expects these words in the refusal, or NULL: accepted. */
static void expect(const struct small_chain *chain, const char *words)
{
    const struct gb_block *block = chain->blocks[chain->n_blocks - 1];
    struct gb_error err = {0};
    enum gb_status status = gb_certificate_check(&block->certificate, block->header.number,
                                                 &chain->genesis, &chain->chain_id, &err);

    EXPECT_INT(status, words ? GB_EBROKEN : GB_OK);
    if (words && !EXPECT(strstr(err.text, words) != NULL))
        tap_note("said \"%s\", expected \"%s\"", err.text, words);
}

static void any_quorum_is_accepted(void)
{
    struct small_chain chain;

    open_chain(&chain, 4);
    expect(&chain, NULL);
    sign(&chain, (const uint32_t[]){0, 1, 2, 3}, 4);
    expect(&chain, NULL);
    sign(&chain, (const uint32_t[]){1, 2, 3}, 3);
    expect(&chain, NULL);
    small_chain_close(&chain);
}

static void too_few_signers_are_too_light(void)
{
    struct small_chain chain;

    open_chain(&chain, 4);
    sign(&chain, (const uint32_t[]){2, 3}, 2);
    expect(&chain, "too light: weight 2 of 4, a quorum needs 3");
    sign(&chain, NULL, 0);
    expect(&chain, "empty");
    small_chain_close(&chain);
}

static void six_validators_need_five_signatures(void)
{
    struct small_chain chain;

    open_chain(&chain, 6); /* with 2f + 1 = 3 two disjoint quorums would do */
    sign(&chain, (const uint32_t[]){0, 1, 2, 3}, 4);
    expect(&chain, "too light");
    sign(&chain, (const uint32_t[]){0, 1, 2, 3, 5}, 5);
    expect(&chain, NULL);
    small_chain_close(&chain);
}

static void weight_counts_not_heads(void)
{
    struct small_chain chain;

    open_chain(&chain, 4);
    chain.genesis.weights[3] = 7; /* W = 10, a quorum needs 7 */
    sign(&chain, (const uint32_t[]){3}, 1);
    expect(&chain, NULL);
    sign(&chain, (const uint32_t[]){0, 1, 2}, 3);
    expect(&chain, "too light: weight 3 of 10, a quorum needs 7");
    small_chain_close(&chain);
}

static void a_signer_counts_once(void)
{
    struct small_chain chain;

    open_chain(&chain, 4);
    sign(&chain, (const uint32_t[]){0, 1, 1}, 3);
    expect(&chain, "validator 1 signed twice");
    sign(&chain, (const uint32_t[]){1, 0, 1}, 3);
    expect(&chain, "ascending");
    small_chain_close(&chain);
}

static void an_outsider_is_refused(void)
{
    struct small_chain chain;
    struct gb_keyring *stranger = NULL;
    const struct gb_block *block = open_chain(&chain, 4);

    block->certificate.signers[2] = 4;
    expect(&chain, "signer 4 is none of the 4 validators");
    /* a stranger signs in the name of validator 2 */
    EXPECT_INT(gb_keyring_create(&stranger, GB_CRYPTO_REAL, gb_key_make(99, 0, GB_PURPOSE_KEY), 1,
                                 4, 0, NULL),
               GB_OK);
    struct gb_hash digest =
        gb_vote_digest(&chain.chain_id, GB_PHASE_CHECKPOINT, 3, 0, &block->hash);
    block->certificate.signers[2] = 2;
    gb_keyring_sign(stranger, GB_PARTY(GB_ROLE_VALIDATOR, 2), &digest,
                    &block->certificate.signatures[2]);
    expect(&chain, "signature of validator 2 is not valid");
    gb_keyring_free(stranger);
    small_chain_close(&chain);
}

static void votes_of_another_phase_height_view_chain_or_block_are_refused(void)
{
    struct small_chain chain;
    struct gb_block *block = (struct gb_block *)open_chain(&chain, 4);

    block->certificate.phase = GB_PHASE_COMMIT;
    expect(&chain, "wrong phase 3");
    chain.genesis.flow = &gb_flow_classic; /* the phase fits now, the votes do not */
    expect(&chain, "signature of validator 0");
    chain.genesis.flow = &gb_flow_fisco3;
    block->certificate.phase = GB_PHASE_CHECKPOINT;
    expect(&chain, NULL);
    block->certificate.view = 1;
    expect(&chain, "signature of validator 0");
    block->certificate.view = 0;
    block->header.number++;
    expect(&chain, "signature of validator 0");
    block->header.number--;
    chain.chain_id.bytes[31] ^= 1;
    expect(&chain, "signature of validator 0");
    chain.chain_id.bytes[31] ^= 1;
    block->certificate.subject.bytes[0] ^= 1;
    expect(&chain, "signature of validator 0");
    small_chain_close(&chain);
}

static void one_mixed_in_vote_for_another_hash_is_refused(void)
{
    struct small_chain chain;
    const struct gb_block *block = open_chain(&chain, 4);
    struct gb_hash other = chain.blocks[0]->hash;
    struct gb_hash digest = gb_vote_digest(&chain.chain_id, GB_PHASE_CHECKPOINT, 3, 0, &other);

    gb_keyring_sign(chain.ring, GB_PARTY(GB_ROLE_VALIDATOR, 1), &digest,
                    &block->certificate.signatures[1]);
    expect(&chain, "signature of validator 1 is not valid");
    small_chain_close(&chain);
}

static void the_proposal_hash_leaves_the_results_out(void)
{
    struct small_chain chain;
    struct gb_block *block = (struct gb_block *)open_chain(&chain, 4);
    struct gb_hash proposal = gb_header_hash(&block->header);
    struct gb_block_results others = block->results;

    EXPECT(gb_hash_is_equal(&proposal, &block->proposal_hash));
    others.receipts_root.bytes[5] ^= 1;
    struct gb_hash hash = gb_block_hash(&proposal, &others);
    EXPECT(!gb_hash_is_equal(&hash, &block->hash));
    others = (struct gb_block_results){block->results.receipts_root, block->results.state_root};
    hash = gb_block_hash(&proposal, &others);
    EXPECT(!gb_hash_is_equal(&hash, &block->hash));
    small_chain_close(&chain);
}

static void each_flow_certifies_by_its_last_phase(void)
{
    EXPECT_INT(gb_flow_certifying_phase(&gb_flow_classic), GB_PHASE_COMMIT);
    EXPECT_INT(gb_flow_certifying_phase(&gb_flow_fisco2), GB_PHASE_COMMIT);
    EXPECT_INT(gb_flow_certifying_phase(&gb_flow_fisco3), GB_PHASE_CHECKPOINT);
}

static void a_block_encodes_back_to_the_same_bytes_or_is_refused(void)
{
    struct small_chain chain;
    const struct gb_block *block = open_chain(&chain, 4);
    struct gb_bytes first = {0};
    size_t n_accepted = 0, n_wrong = 0;

    gb_block_encode(block, &first);
    for (size_t bit = 0; bit <= 8 * first.n; bit++) { /* the last turn flips nothing */
        struct gb_bytes second = {0};
        struct gb_block *back = NULL;
        uint8_t *byte = &first.bytes[bit / 8 < first.n ? bit / 8 : 0];
        uint8_t mask = bit / 8 < first.n ? (uint8_t)(1 << bit % 8) : 0;
        *byte ^= mask;
        if (gb_block_decode(&back, first.bytes, first.n, &chain.chain_id, NULL) == GB_OK) {
            n_accepted++;
            gb_block_encode(back, &second);
            n_wrong += second.n != first.n || memcmp(second.bytes, first.bytes, first.n) != 0;
            n_wrong += mask == 0 && !gb_hash_is_equal(&back->hash, &block->hash);
            free(second.bytes);
            gb_block_free(back);
        }
        *byte ^= mask;
    }
    EXPECT_INT((int64_t)n_wrong, 0);
    EXPECT(n_accepted > 4 * first.n);
    for (size_t n = 0; n < first.n; n++) {
        struct gb_block *back = NULL;
        EXPECT_INT(gb_block_decode(&back, first.bytes, n, &chain.chain_id, NULL), GB_EINPUT);
    }
    free(first.bytes);
    small_chain_close(&chain);
}

static void a_genesis_comes_back_and_any_flipped_bit_is_refused(void)
{
    struct small_chain chain;
    struct gb_genesis back;
    struct gb_error err = {0};
    uint8_t *bytes = NULL, *again = NULL;
    size_t n = 0, n_again = 0, n_accepted = 0;

    small_chain_open(&chain, GB_CRYPTO_REAL, 3, 4, 1);
    EXPECT_INT(gb_genesis_encode(&chain.genesis, &bytes, &n, &err), GB_OK);
    struct gb_hash chain_id = gb_genesis_chain_id(bytes, n);
    EXPECT(gb_hash_is_equal(&chain_id, &chain.chain_id));
    EXPECT_INT(gb_genesis_decode(&back, bytes, n, NULL, &err), GB_OK);
    EXPECT_TEXT(back.chain_name, "small");
    EXPECT_INT(back.rules.market.tariff.feed_in.ticks, 320000);
    EXPECT_INT(back.users[2].balance.units, 100 * GB_UNITS_PER_CURRENCY);
    EXPECT_INT(gb_genesis_encode(&back, &again, &n_again, &err), GB_OK);
    EXPECT(n_again == n && memcmp(bytes, again, n) == 0);
    gb_genesis_clear(&back);
    for (size_t bit = 0; bit < 8 * n; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (gb_genesis_decode(&back, bytes, n, NULL, NULL) == GB_OK) {
            n_accepted++;
            gb_genesis_clear(&back);
        }
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t shorter = 0; shorter < n; shorter++)
        n_accepted += gb_genesis_decode(&back, bytes, shorter, NULL, NULL) == GB_OK;
    EXPECT_INT((int64_t)n_accepted, 0);
    free(again);
    free(bytes);
    small_chain_close(&chain);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(any_quorum_is_accepted),
        TAP(too_few_signers_are_too_light),
        TAP(six_validators_need_five_signatures),
        TAP(weight_counts_not_heads),
        TAP(a_signer_counts_once),
        TAP(an_outsider_is_refused),
        TAP(votes_of_another_phase_height_view_chain_or_block_are_refused),
        TAP(one_mixed_in_vote_for_another_hash_is_refused),
        TAP(the_proposal_hash_leaves_the_results_out),
        TAP(each_flow_certifies_by_its_last_phase),
        TAP(a_block_encodes_back_to_the_same_bytes_or_is_refused),
        TAP(a_genesis_comes_back_and_any_flipped_bit_is_refused),
        {0}};
    return tap_main("block", tests);
}
