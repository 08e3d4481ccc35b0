/* Whatever is done to a ledger is found and its place named: every bit flipped, records cut, moved
 * and spliced, false blocks certified by a quorum, signatures of outsiders. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/byzantine.h"
#include "tests/small_ledger.h"
#include "tests/tap.h"

#if defined(__SANITIZE_ADDRESS__)
#define STRIDE 37 /* sanitizers take their time: every 37th bit */
#define REAL_STRIDE 37
#else
#define STRIDE 1
#define REAL_STRIDE 13 /* bits of most bytes, and in turn every one of their places */
#endif

#define PATH "test_tampering.tmp"
#define OTHER "test_tampering.other.tmp"

/* What a description must contain that is about byte `at` of a whole ledger: the record, and inside
 * of a block what in it. Lengths and counts may be told by whatever follows them: there the block
 * will do. */
static void place_of(struct bytes bytes, const struct layout *layout, size_t at, char record[32],
                     char part[32])
{
    size_t i = 0;

    while (layout->at[i + 1] <= at)
        i++;
    part[0] = '\0';
    strcpy(record, i == 0 ? "genesis:" : "trailer:");
    if (i == 0 || i + 1 == layout->n)
        return;
    snprintf(record, 32, "block %zu: ", i);
    size_t p = layout->at[i] + 8, n;
    if (at < p)
        return;
    if (at < p + 84) {
        strcpy(part, ": header");
        return;
    }
    n = small_ledger_word(bytes, p + 84);
    p += 88;
    for (size_t t = 0; t < n && at >= p; t++) {
        size_t length = small_ledger_word(bytes, p);
        if (at >= p + 4 && at < p + 4 + length)
            snprintf(part, 32, ": transaction %zu: ", t);
        p += 4 + length;
    }
    if (at >= p)
        strcpy(part, at < p + 64 ? ": results" : ": certificate");
}

/* Flips every bit of the ledger at PATH in place; where that takes too long every stride-th, unless
 * the environment asks for all (make check-long). */
static void flip_every_bit(size_t stride)
{
    struct bytes bytes = small_ledger_load(PATH);
    struct layout layout = small_ledger_layout(bytes);
    FILE *file = fopen(PATH, "r+b");
    size_t n_missed = 0, n_misnamed = 0, n_flipped = 0;

    stride = getenv("GB_TAMPERING") ? 1 : stride;
    setvbuf(file, NULL, _IONBF, 0);
    for (size_t bit = 0; bit < 8 * bytes.n; bit += stride, n_flipped++) {
        size_t at = bit / 8;
        struct gb_error err;
        char record[32], part[32];
        fseek(file, (long)at, SEEK_SET);
        fputc(bytes.at[at] ^ 1 << bit % 8, file);
        place_of(bytes, &layout, at, record, part);
        if (small_ledger_verify(PATH, &err) != GB_EBROKEN) {
            if (n_missed++ == 0)
                tap_note("bit %zu (%s%s) is not missed by anybody", bit, record, part);
        } else if (strncmp(err.text, record, strlen(record)) != 0 || !strstr(err.text, part)) {
            if (n_misnamed++ < 5)
                tap_note("bit %zu stands in %s%s, the description is: %s", bit, record, part,
                         err.text);
        }
        fseek(file, (long)at, SEEK_SET);
        fputc(bytes.at[at], file);
    }
    fclose(file);
    tap_note("%zu bits flipped in %zu records", n_flipped, layout.n);
    EXPECT_INT((int64_t)n_missed, 0);
    EXPECT_INT((int64_t)n_misnamed, 0);
    EXPECT(n_flipped * stride >= 8 * bytes.n);
    free(bytes.at);
}

/* Marks what a ledger holds: the kinds of its messages, bundles as 0, approvals in readings as
 * 31. */
static enum gb_status mark_kinds(void *context, const struct gb_genesis *genesis,
                                 const struct gb_block *block, const struct gb_contracts *contracts,
                                 struct gb_error *err)
{
    uint32_t *kinds = context;

    (void)genesis, (void)contracts, (void)err;
    for (size_t i = 0; i < block->n_transactions; i++) {
        const struct gb_transaction *transaction = block->transactions[i];
        *kinds |= transaction->concentrator != GB_PARTY_NONE;
        for (size_t m = 0; m < transaction->n_messages; m++) {
            const struct gb_message *message = &transaction->messages[m];
            *kinds |= UINT32_C(1) << message->kind;
            if (message->kind == GB_MESSAGE_READING && message->body.reading.approvals.n > 0)
                *kinds |= UINT32_C(1) << 31;
        }
    }
    return GB_OK;
}

/* As few signatures as a whole slot needs: each is checked anew for each bit. */
static void any_flipped_bit_under_real_signatures_is_found_and_its_place_named(void)
{
    struct small_chain chain;
    struct gb_ledger_report report;
    struct gb_error err = {0};
    uint32_t kinds = 0;

    small_chain_open(&chain, GB_CRYPTO_REAL, 2, 2, 1);
    small_chain_trade(&chain);
    small_chain_settle(&chain);
    small_chain_write(&chain, PATH);
    small_chain_close(&chain);
    EXPECT_INT(gb_ledger_replay(PATH, NULL, NULL, mark_kinds, &kinds, &report, &err), GB_OK);
    EXPECT_INT(kinds, UINT32_C(1) << 31 | ((UINT32_C(2) << GB_MESSAGE_FINALIZE) - 1));
    flip_every_bit(REAL_STRIDE);
    EXPECT_INT(small_ledger_verify(PATH, &err), GB_OK); /* all bits stand as they stood */
    unlink(PATH);
}

static void so_is_any_bit_under_modelled_ones(void)
{
    small_ledger_make(PATH, GB_CRYPTO_MODELLED, 4, true);
    flip_every_bit(STRIDE);
    unlink(PATH);
}

static void a_ledger_cut_anywhere_is_incomplete_or_broken(void)
{
    small_ledger_make(PATH, GB_CRYPTO_MODELLED, 4, false);
    struct bytes bytes = small_ledger_load(PATH), shorter = bytes;
    struct layout layout = small_ledger_layout(bytes);
    struct gb_error err;

    for (shorter.n = 0; shorter.n < bytes.n; shorter.n += 7) {
        small_ledger_save(OTHER, shorter);
        EXPECT_INT(small_ledger_verify(OTHER, &err), GB_EBROKEN);
    }
    shorter.n = layout.at[layout.n - 1]; /* all blocks, no trailer */
    small_ledger_expect_broken_bytes(shorter,
                                     "incomplete: it ends after block 3 without a trailer");
    shorter.n = layout.at[2];
    small_ledger_expect_broken_bytes(shorter,
                                     "incomplete: it ends after block 1 without a trailer");
    shorter.n = layout.at[2] + 20;
    small_ledger_expect_broken_bytes(shorter,
                                     "block 2: the file ends inside it; the ledger is incomplete");
    free(bytes.at);
    unlink(PATH);
}

static void bytes_behind_the_trailer_are_refused(void)
{
    small_ledger_make(PATH, GB_CRYPTO_MODELLED, 4, false);
    struct bytes bytes = small_ledger_load(PATH);

    memset(bytes.at + bytes.n, 0, 200);
    bytes.n += 1;
    small_ledger_expect_broken_bytes(bytes, "trailer: 1 bytes follow it");
    bytes.n += 143; /* as much as another trailer */
    small_ledger_expect_broken_bytes(bytes, "trailer: 144 bytes follow it");
    free(bytes.at);
    unlink(PATH);
}

/* Puts records together in the given order; 0 is the genesis. */
static struct bytes rearranged(struct bytes bytes, const size_t *records, size_t n)
{
    struct layout layout = small_ledger_layout(bytes);
    struct bytes out = {malloc(2 * bytes.n), 0};

    for (size_t i = 0; i < n; i++) {
        size_t length = layout.at[records[i] + 1] - layout.at[records[i]];
        memcpy(out.at + out.n, bytes.at + layout.at[records[i]], length);
        out.n += length;
    }
    return out;
}

static void swapped_doubled_and_missing_blocks_are_refused(void)
{
    static const struct {
        size_t n, records[7];
        const char *words;
    } cases[] = {{5, {0, 2, 1, 3, 4}, "block 1: header: it calls itself number 2"},
                 {6, {0, 1, 1, 2, 3, 4}, "block 2: header: it calls itself number 1"},
                 {4, {0, 1, 3, 4}, "block 2: header: it calls itself number 3"},
                 {4, {0, 1, 2, 4}, "trailer: it counts 3 blocks, the file has 2"},
                 {5, {1, 0, 2, 3, 4}, "genesis: it does not start like a ledger"},
                 {6, {0, 0, 1, 2, 3, 4}, "block 1: expected the start of a block"},
                 {6, {0, 1, 2, 3, 4, 4}, "trailer: 144 bytes follow it"}};

    small_ledger_make(PATH, GB_CRYPTO_MODELLED, 4, false);
    struct bytes bytes = small_ledger_load(PATH);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bytes other = rearranged(bytes, cases[i].records, cases[i].n);
        small_ledger_expect_broken_bytes(other, cases[i].words);
        free(other.at);
    }
    free(bytes.at);
    unlink(PATH);
}

static void a_block_of_another_chain_is_refused(void)
{
    struct small_chain chain;

    small_ledger_make(PATH, GB_CRYPTO_REAL, 4, false);
    struct bytes own = small_ledger_load(PATH);
    small_chain_open(&chain, GB_CRYPTO_REAL, 2, 4, 2);
    small_chain_trade(&chain);
    small_chain_write(&chain, OTHER);
    small_chain_close(&chain);
    struct bytes foreign = small_ledger_load(OTHER);
    struct layout from = small_ledger_layout(foreign), to = small_ledger_layout(own);
    EXPECT_INT((int64_t)(from.at[3] - from.at[2]), (int64_t)(to.at[3] - to.at[2]));
    memcpy(own.at + to.at[2], foreign.at + from.at[2], to.at[3] - to.at[2]);
    small_ledger_expect_broken_bytes(own, "block 2: header: its parent is not the block before");
    free(foreign.at);
    free(own.at);
    unlink(PATH);
}

/* A chain whose last block is changed by `corrupt` and certified by all validators all the same. */
static void expect_corruption_found(void (*corrupt)(struct gb_block *), bool is_certified,
                                    const char *words)
{
    struct small_chain chain;

    small_chain_open(&chain, GB_CRYPTO_REAL, 2, 4, 1);
    small_chain_trade(&chain);
    struct gb_block *block = chain.blocks[2];
    corrupt(block);
    block->proposal_hash = gb_header_hash(&block->header);
    block->hash = gb_block_hash(&block->proposal_hash, &block->results);
    if (is_certified)
        EXPECT_INT(gb_certificate_sign(block, &chain.genesis, &chain.chain_id, 0,
                                       (const uint32_t[]){0, 1, 2, 3}, 4, chain.ring, NULL),
                   GB_OK);
    small_chain_write(&chain, PATH);
    small_ledger_expect_broken(PATH, words);
    unlink(PATH);
    small_chain_close(&chain);
}

static void claim_another_state(struct gb_block *block)
{
    block->results.state_root.bytes[0] ^= 1;
}

static void claim_other_receipts(struct gb_block *block)
{
    block->results.receipts_root.bytes[0] ^= 1;
}

static void claim_other_transactions(struct gb_block *block)
{
    block->header.transactions_root.bytes[0] ^= 1;
}

static void seal_too_early(struct gb_block *block)
{
    block->header.time_ns = -300 * GB_NS_PER_SECOND;
}

static void seal_out_of_turn(struct gb_block *block)
{
    block->header.sealer = 0;
}

static void seal_as_a_stranger(struct gb_block *block)
{
    block->header.sealer = 4;
}

static void name_another_parent(struct gb_block *block)
{
    block->header.parent.bytes[9] ^= 1;
}

static void what_a_quorum_certifies_is_executed_again_all_the_same(void)
{
    expect_corruption_found(claim_another_state, true,
                            "block 3: results: execution gives another state root");
    expect_corruption_found(claim_other_receipts, true,
                            "block 3: results: execution gives another receipts");
    expect_corruption_found(claim_other_transactions, true,
                            "block 3: header: its transactions root");
    expect_corruption_found(seal_too_early, true, "block 3: header: its time");
    expect_corruption_found(seal_out_of_turn, true, "block 3: header: its sealer did not lead");
    expect_corruption_found(seal_as_a_stranger, true,
                            "block 3: header: its sealer is no validator");
    expect_corruption_found(name_another_parent, true, "block 3: header: its parent");
}

static void the_same_corruptions_without_a_quorum_are_named_too(void)
{
    expect_corruption_found(claim_another_state, false, "block 3: results");
    expect_corruption_found(claim_other_receipts, false, "block 3: results");
    expect_corruption_found(seal_out_of_turn, false, "block 3: header");
}

/* A chain whose third block is as wrong as its leader can make it, certified by all validators. */
static void what_voters_must_refuse_is_refused_when_a_quorum_did_not(void)
{
    for (enum gb_block_fault fault = GB_BLOCK_SOUND; fault < GB_N_BLOCK_FAULTS; fault++) {
        struct small_chain chain;
        struct gb_error err;

        if (fault == GB_BLOCK_BAD_BUNDLE || fault == GB_BLOCK_OTHER_HASH)
            continue;
        small_chain_open(&chain, GB_CRYPTO_MODELLED, 2, 4, 1);
        small_chain_trade(&chain);
        struct gb_block *block = chain.blocks[2];
        struct byzantine_leader byzantine = {.genesis = &chain.genesis,
                                             .ring = chain.ring,
                                             .chain_id = &chain.chain_id,
                                             .parent_time_ns = chain.blocks[1]->header.time_ns,
                                             .old = chain.blocks[0]->transactions[1]};
        byzantine_corrupt(&byzantine, fault, block);
        block->hash = gb_block_hash(&block->proposal_hash, &block->results);
        EXPECT_INT(gb_certificate_sign(block, &chain.genesis, &chain.chain_id, 0,
                                       (const uint32_t[]){0, 1, 2, 3}, 4, chain.ring, NULL),
                   GB_OK);
        small_chain_write(&chain, PATH);
        if (fault == GB_BLOCK_SOUND)
            EXPECT_INT(small_ledger_verify(PATH, &err), GB_OK);
        else if (fault == GB_BLOCK_MISNUMBERED)
            small_ledger_expect_broken(PATH, "block 3: header: it calls itself number 4");
        else
            small_ledger_expect_broken(PATH, gb_block_fault_text(fault));
        unlink(PATH);
        small_chain_close(&chain);
    }
}

/* Cuts out, doubles or overwrites a random stretch. */
static struct bytes mangled(struct bytes bytes, uint32_t turn)
{
    struct gb_draw draw = gb_draw_at((struct gb_key){{20231112, GB_PURPOSE_TEST}}, 0, 0, turn, 0);
    size_t from = draw.words[0] % bytes.n, n = 1 + draw.words[1] % 64;
    struct bytes out = {malloc(bytes.n + 64), 0};

    if (n > bytes.n - from)
        n = bytes.n - from;
    memcpy(out.at, bytes.at, bytes.n);
    out.n = bytes.n;
    if (turn % 3 == 0) {
        memmove(out.at + from, out.at + from + n, bytes.n - from - n);
        out.n -= n;
    } else if (turn % 3 == 1) {
        memmove(out.at + from + n, out.at + from, bytes.n - from);
        out.n += n;
    } else {
        for (size_t i = 0; i < n; i++)
            out.at[from + i] ^= (uint8_t)(1 + draw.words[2 + i % 2] % 255);
    }
    return out;
}

static void cut_out_doubled_and_overwritten_stretches_are_refused(void)
{
    struct gb_error err;
    size_t n_accepted = 0;

    small_ledger_make(PATH, GB_CRYPTO_MODELLED, 4, true);
    struct bytes bytes = small_ledger_load(PATH);
    for (uint32_t turn = 0; turn < 3000; turn++) {
        struct bytes other = mangled(bytes, turn);
        small_ledger_save(OTHER, other);
        n_accepted += small_ledger_verify(OTHER, &err) != GB_EBROKEN;
        free(other.at);
    }
    EXPECT_INT((int64_t)n_accepted, 0);
    free(bytes.at);
    unlink(OTHER);
    unlink(PATH);
}

static void a_trailer_of_an_outsider_is_refused(void)
{
    struct small_chain chain;
    struct gb_keyring *own;

    small_chain_open(&chain, GB_CRYPTO_REAL, 2, 4, 1);
    small_chain_trade(&chain);
    own = chain.ring;
    EXPECT_INT(gb_keyring_create(&chain.ring, GB_CRYPTO_REAL, gb_key_make(2, 0, GB_PURPOSE_KEY), 2,
                                 4, 1, NULL),
               GB_OK);
    small_chain_write(&chain, PATH);
    small_ledger_expect_broken(PATH, "trailer: the operator's signature is not valid");
    gb_keyring_free(chain.ring);
    chain.ring = own;
    small_chain_close(&chain);
    unlink(PATH);
}

static void a_whole_forged_ledger_is_caught_by_the_anchor(void)
{
    struct gb_ledger_report report;
    struct gb_error err = {0};
    struct small_chain chain;

    small_ledger_make(PATH, GB_CRYPTO_REAL, 4, false);
    EXPECT_INT(gb_ledger_verify(PATH, NULL, NULL, &report, &err), GB_OK);
    struct gb_hash anchor = report.chain_id;
    small_chain_open(&chain, GB_CRYPTO_REAL, 2, 4, 666); /* all keys are the forger's */
    small_chain_trade(&chain);
    small_chain_write(&chain, PATH);
    small_chain_close(&chain);
    EXPECT_INT(gb_ledger_verify(PATH, NULL, NULL, &report, &err), GB_OK);
    EXPECT_INT(gb_ledger_verify(PATH, NULL, &anchor, &report, &err), GB_EBROKEN);
    unlink(PATH);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(any_flipped_bit_under_real_signatures_is_found_and_its_place_named),
        TAP(so_is_any_bit_under_modelled_ones),
        TAP(a_ledger_cut_anywhere_is_incomplete_or_broken),
        TAP(bytes_behind_the_trailer_are_refused),
        TAP(swapped_doubled_and_missing_blocks_are_refused),
        TAP(a_block_of_another_chain_is_refused),
        TAP(what_a_quorum_certifies_is_executed_again_all_the_same),
        TAP(what_voters_must_refuse_is_refused_when_a_quorum_did_not),
        TAP(the_same_corruptions_without_a_quorum_are_named_too),
        TAP(cut_out_doubled_and_overwritten_stretches_are_refused),
        TAP(a_trailer_of_an_outsider_is_refused),
        TAP(a_whole_forged_ledger_is_caught_by_the_anchor),
        {0}};
    return tap_main("tampering", tests);
}
