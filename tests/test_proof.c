/* Proofs of a trade: they hold by themselves, and nothing altered in them does. */
#include "chain/ledger/proof.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/small_ledger.h"
#include "tests/tap.h"

#define PATH "test_proof.tmp"

#if defined(__SANITIZE_ADDRESS__)
#define STRIDE 37
#else
#define STRIDE 7 /* bits of every byte, and in turn every one of its places */
#endif

/* What a replay gathers about trade 0:1, which meter 2 buys from meter 0. */
struct gathering {
    struct gb_proof proof;
    struct gb_proof strange; /* whatever else was stated */
    uint8_t *bytes;          /* of the genesis */
    size_t n_bytes;
};

static bool is_ours(const struct gb_statement *statement)
{
    if (!statement->is_event)
        return false;
    if (statement->kind == GB_EVENT_TRADE_SETTLED)
        return statement->index == 1;
    if (statement->kind == GB_EVENT_BILLED)
        return statement->sender != GB_PARTY(GB_ROLE_METER, 1);
    return statement->kind == GB_EVENT_MATCHED;
}

static enum gb_status gather(void *context, const struct gb_genesis *genesis,
                             const struct gb_block *block, const struct gb_contracts *contracts,
                             struct gb_error *err)
{
    struct gathering *gathering = context;
    const struct gb_leaf *leaves;
    size_t n = gb_contracts_leaves(contracts, &leaves);

    if (!gathering->bytes)
        EXPECT_INT(gb_genesis_encode(genesis, &gathering->bytes, &gathering->n_bytes, err), GB_OK);
    for (size_t i = 0; i < n; i++) {
        struct gb_inclusion inclusion;
        EXPECT_INT(gb_inclusion_make(&inclusion, block, leaves, n, i, err), GB_OK);
        if (is_ours(&inclusion.statement) && inclusion.statement.kind == GB_EVENT_MATCHED) {
            struct gb_interval_view view = gb_contracts_interval(contracts, 0);
            EXPECT_INT(
                gb_traded_make(&gathering->proof.traded, 0, 1, view.trades, view.n_trades, err),
                GB_OK);
            gathering->proof.has_trade = true;
        }
        EXPECT_INT(
            gb_proof_add(is_ours(&inclusion.statement) ? &gathering->proof : &gathering->strange,
                         &inclusion, err),
            GB_OK);
    }
    return GB_OK;
}

static void open_gathering(struct gathering *gathering, enum gb_crypto crypto)
{
    struct gb_ledger_report report;
    struct gb_error err = {0};

    *gathering = (struct gathering){0};
    small_ledger_make(PATH, crypto, 4, true);
    EXPECT_INT(gb_ledger_replay(PATH, NULL, NULL, gather, gathering, &report, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    unlink(PATH);
    EXPECT_INT((int64_t)gathering->proof.n, 4);
}

static void close_gathering(struct gathering *gathering)
{
    gb_proof_clear(&gathering->proof);
    gb_proof_clear(&gathering->strange);
    free(gathering->bytes);
}

static struct gb_bytes encode(const struct gathering *gathering)
{
    struct gb_bytes to = {0};

    gb_proof_encode(&gathering->proof, gathering->bytes, gathering->n_bytes, &to);
    return to;
}

/* What a stranger finds out who has the bytes and perhaps an anchor. */
static enum gb_status judge(const uint8_t *bytes, size_t n, const struct gb_hash *anchor,
                            struct gb_error *err)
{
    struct gb_proof proof = {0};

    *err = (struct gb_error){0};
    enum gb_status status = gb_proof_decode(&proof, bytes, n, NULL, err);
    if (status == GB_OK)
        status = gb_proof_check(&proof, anchor, err);
    gb_proof_clear(&proof);
    return status;
}

static void expect(const struct gathering *gathering, const char *words)
{
    struct gb_bytes to = encode(gathering);
    struct gb_error err;
    enum gb_status status = judge(to.bytes, to.n, NULL, &err);

    EXPECT_INT(status, words ? GB_EBROKEN : GB_OK);
    if (words && !EXPECT(strstr(err.text, words) != NULL))
        tap_note("said \"%s\", expected \"%s\"", err.text, words);
    free(to.bytes);
}

static void a_proof_holds_by_itself_and_under_its_anchor_alone(void)
{
    struct gathering gathering;
    struct gb_error err;

    open_gathering(&gathering, GB_CRYPTO_REAL);
    struct gb_bytes to = encode(&gathering);
    struct gb_hash anchor = gb_genesis_chain_id(gathering.bytes, gathering.n_bytes);
    EXPECT_INT(judge(to.bytes, to.n, NULL, &err), GB_OK);
    EXPECT_INT(judge(to.bytes, to.n, &anchor, &err), GB_OK);
    anchor.bytes[5] ^= 1;
    EXPECT_INT(judge(to.bytes, to.n, &anchor, &err), GB_EBROKEN);
    EXPECT(strstr(err.text, "not the trusted") != NULL);
    for (size_t n = 0; n < to.n; n++)
        EXPECT(judge(to.bytes, n, NULL, &err) != GB_OK);
    free(to.bytes);
    close_gathering(&gathering);
}

static void any_flipped_bit_of_a_proof_is_found(void)
{
    struct gathering gathering;
    struct gb_error err;
    size_t n_missed = 0;

    open_gathering(&gathering, GB_CRYPTO_REAL);
    struct gb_bytes to = encode(&gathering);
    for (size_t bit = 0; bit < 8 * to.n; bit += getenv("GB_TAMPERING") ? 1 : STRIDE) {
        to.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (judge(to.bytes, to.n, NULL, &err) == GB_OK && n_missed++ == 0)
            tap_note("bit %zu of %zu is missed by nobody", bit, 8 * to.n);
        to.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    EXPECT_INT((int64_t)n_missed, 0);
    free(to.bytes);
    close_gathering(&gathering);
}

static void a_proof_proves_its_own_trade_and_nothing_else(void)
{
    struct gathering g;

    open_gathering(&g, GB_CRYPTO_MODELLED);
    struct gb_traded *traded = &g.proof.traded;
    struct gb_inclusion *statements = g.proof.inclusions;

    expect(&g, NULL);
    traded->trade.price_sell.ticks++;
    expect(&g, "trade: its path does not lead to the match's root");
    traded->trade.price_sell.ticks--;
    traded->trade.buyer = 1; /* then a bill of meter 2 is none of its business */
    expect(&g, "it is not about the trade");
    traded->trade.buyer = 2;
    traded->index = 0;
    expect(&g, "statement 2: it is not about the trade");
    traded->index = 1;
    struct gb_inclusion first = statements[0];
    statements[0] = statements[1]; /* the match comes first */
    expect(&g, "statement 1: it is not about the trade");
    statements[0] = first;
    for (size_t i = 0; i < g.strange.n; i++) { /* true, each of them, and beside the point */
        struct gb_inclusion own = statements[2];
        statements[2] = g.strange.inclusions[i];
        expect(&g, "statement 3: it is not about the trade");
        statements[2] = own;
    }
    struct gb_certificate own = statements[1].certificate;
    statements[1].certificate = statements[0].certificate;
    expect(&g, "statement 2: its block is not the one that was certified");
    statements[1].certificate = own;
    statements[1].certificate.n_signers = 2;
    expect(&g, "statement 2: too light");
    statements[1].certificate.n_signers = own.n_signers;
    struct gb_inclusion seller = statements[2], buyer = statements[3];
    statements[2] = buyer;
    statements[3] = seller;
    expect(&g, "statement 4: it does not stand behind the one before it");
    statements[3] = buyer; /* the same bill twice */
    expect(&g, "statement 4: it does not stand behind the one before it");
    statements[2] = seller;
    size_t n = g.proof.n;
    g.proof.n = 0;
    expect(&g, "it states nothing");
    g.proof.n = n;
    expect(&g, NULL);
    close_gathering(&g);
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(a_proof_holds_by_itself_and_under_its_anchor_alone),
                                            TAP(any_flipped_bit_of_a_proof_is_found),
                                            TAP(a_proof_proves_its_own_trade_and_nothing_else),
                                            {0}};
    return tap_main("proof", tests);
}
