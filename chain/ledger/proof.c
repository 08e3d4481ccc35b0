#include "chain/ledger/proof.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

enum { TAG = 0x47425031 };     /* "GBP1" */
#define INCLUSION_SIZE_MIN 200 /* header, results and certificate alone */

/* ---- making */

static enum gb_status copy_certificate(struct gb_certificate *out,
                                       const struct gb_certificate *certificate,
                                       struct gb_error *err)
{
    uint32_t n = certificate->n_signers;
    struct gb_certificate copy = *certificate;

    copy.signers = malloc((n + 1u) * sizeof *copy.signers);
    copy.signatures = malloc((n + 1u) * sizeof *copy.signatures);
    if (!copy.signers || !copy.signatures) {
        gb_certificate_clear(&copy);
        return gb_fail(err, GB_ENOMEM, "no memory for a certificate");
    }
    memcpy(copy.signers, certificate->signers, n * sizeof *copy.signers);
    memcpy(copy.signatures, certificate->signatures, n * sizeof *copy.signatures);
    *out = copy;
    return GB_OK;
}

static bool leads_to(const struct gb_leaf *leaf, const struct gb_path *path,
                     const struct gb_hash *root)
{
    struct gb_hash node = gb_merkle_leaf(leaf->bytes, leaf->n);
    struct gb_hash top = gb_merkle_climb(&node, path->steps, path->n);

    return gb_hash_is_equal(&top, root);
}

enum gb_status gb_inclusion_make(struct gb_inclusion *out, const struct gb_block *block,
                                 const struct gb_leaf *leaves, size_t n, size_t index,
                                 struct gb_error *err)
{
    struct gb_inclusion made = {
        .header = block->header, .results = block->results, .leaf = leaves[index]};
    struct gb_hash *level = malloc(n * sizeof *level);

    if (!level)
        return gb_fail(err, GB_ENOMEM, "no memory for the %zu statements of a block", n);
    for (size_t i = 0; i < n; i++)
        level[i] = gb_merkle_leaf(leaves[i].bytes, leaves[i].n);
    made.path.n = (uint32_t)gb_merkle_path(level, n, index, made.path.steps);
    free(level);
    if (!leads_to(&made.leaf, &made.path, &block->results.receipts_root) ||
        !gb_leaf_read(made.leaf.bytes, made.leaf.n, &made.statement))
        return gb_fail(err, GB_EBROKEN,
                       "block %llu: a statement does not lead to its receipts root",
                       (unsigned long long)block->header.number);
    enum gb_status status = copy_certificate(&made.certificate, &block->certificate, err);
    if (status == GB_OK)
        *out = made;
    return status;
}

void gb_inclusion_clear(struct gb_inclusion *inclusion)
{
    gb_certificate_clear(&inclusion->certificate);
}

enum gb_status gb_traded_make(struct gb_traded *out, int64_t interval, uint32_t index,
                              const struct gb_trade *trades, size_t n, struct gb_error *err)
{
    struct gb_traded made = {.interval = interval, .index = index, .trade = trades[index]};
    struct gb_hash *level = malloc(n * sizeof *level);

    if (!level)
        return gb_fail(err, GB_ENOMEM, "no memory for a match of %zu trades", n);
    for (size_t i = 0; i < n; i++) {
        struct gb_hash leaf = gb_match_leaf(interval, (uint32_t)i, &trades[i]);
        level[i] = gb_merkle_leaf(leaf.bytes, sizeof leaf.bytes);
    }
    made.path.n = (uint32_t)gb_merkle_path(level, n, index, made.path.steps);
    free(level);
    *out = made;
    return GB_OK;
}

struct gb_hash gb_traded_root(const struct gb_traded *traded)
{
    struct gb_hash leaf = gb_match_leaf(traded->interval, traded->index, &traded->trade);
    struct gb_hash node = gb_merkle_leaf(leaf.bytes, sizeof leaf.bytes);

    return gb_merkle_climb(&node, traded->path.steps, traded->path.n);
}

enum gb_status gb_proof_add(struct gb_proof *proof, struct gb_inclusion *inclusion,
                            struct gb_error *err)
{
    struct gb_inclusion *grown =
        gb_array_grow(proof->inclusions, &proof->capacity, proof->n + 1, sizeof *grown);

    if (!grown) {
        gb_inclusion_clear(inclusion);
        return gb_fail(err, GB_ENOMEM, "no memory for %zu statements", proof->n + 1);
    }
    proof->inclusions = grown;
    proof->inclusions[proof->n++] = *inclusion;
    return GB_OK;
}

void gb_proof_clear(struct gb_proof *proof)
{
    for (size_t i = 0; i < proof->n; i++)
        gb_inclusion_clear(&proof->inclusions[i]);
    free(proof->inclusions);
    gb_genesis_clear(&proof->genesis);
    *proof = (struct gb_proof){0};
}

/* ---- encoding */

static void put_path(struct gb_bytes *to, const struct gb_path *path)
{
    gb_put_u32(to, path->n);
    for (uint32_t i = 0; i < path->n; i++) {
        gb_put_u32(to, path->steps[i].side);
        if (path->steps[i].side != GB_ALONE)
            gb_put_fixed(to, path->steps[i].sibling.bytes, GB_HASH_SIZE);
    }
}

static void put_traded(struct gb_bytes *to, const struct gb_traded *traded)
{
    const struct gb_trade *trade = &traded->trade;

    gb_put_i64(to, traded->interval);
    gb_put_u32(to, traded->index);
    gb_put_u32(to, trade->round);
    gb_put_u32(to, trade->sell_order);
    gb_put_u32(to, trade->buy_order);
    gb_put_u32(to, trade->seller);
    gb_put_u32(to, trade->buyer);
    gb_put_u32(to, trade->source);
    gb_put_i64(to, trade->energy.wh);
    gb_put_i64(to, trade->price_buy.ticks);
    gb_put_i64(to, trade->price_sell.ticks);
    put_path(to, &traded->path);
}

void gb_proof_encode(const struct gb_proof *proof, const uint8_t *genesis, size_t n_genesis,
                     struct gb_bytes *to)
{
    gb_put_u32(to, TAG);
    gb_put_opaque(to, genesis, n_genesis);
    gb_put_u32(to, proof->has_trade);
    if (proof->has_trade)
        put_traded(to, &proof->traded);
    gb_put_u32(to, (uint32_t)proof->n);
    for (size_t i = 0; i < proof->n; i++) {
        const struct gb_inclusion *inclusion = &proof->inclusions[i];
        gb_header_put(to, &inclusion->header);
        gb_results_put(to, &inclusion->results);
        gb_certificate_put(to, &inclusion->certificate);
        gb_put_opaque(to, inclusion->leaf.bytes, inclusion->leaf.n);
        put_path(to, &inclusion->path);
    }
}

/* ---- decoding */

static void take_path(struct gb_decoder *from, struct gb_path *path)
{
    path->n = gb_take_choice(from, 0, GB_PATH_MAX, "a path of up to 64 steps");
    for (uint32_t i = 0; i < path->n; i++) {
        path->steps[i].side =
            (enum gb_sibling)gb_take_choice(from, GB_ALONE, GB_RIGHT, "a side, 0 to 2");
        if (path->steps[i].side != GB_ALONE)
            gb_take_fixed(from, path->steps[i].sibling.bytes, GB_HASH_SIZE);
    }
}

static void take_traded(struct gb_decoder *from, struct gb_traded *traded)
{
    struct gb_trade *trade = &traded->trade;

    traded->interval = gb_take_i64(from);
    traded->index = gb_take_u32(from);
    trade->round = gb_take_u32(from);
    trade->sell_order = gb_take_u32(from);
    trade->buy_order = gb_take_u32(from);
    trade->seller = gb_take_u32(from);
    trade->buyer = gb_take_u32(from);
    trade->source = (uint8_t)gb_take_choice(from, 0, UINT8_MAX, "a source, 0 to 255");
    trade->energy.wh = gb_take_i64(from);
    trade->price_buy.ticks = gb_take_i64(from);
    trade->price_sell.ticks = gb_take_i64(from);
    take_path(from, &traded->path);
}

static void take_leaf(struct gb_decoder *from, struct gb_inclusion *inclusion)
{
    size_t at = from->at, n = 0;
    const uint8_t *bytes = gb_take_opaque(from, &n);

    if (!bytes)
        return;
    if (n > sizeof inclusion->leaf.bytes || !gb_leaf_read(bytes, n, &inclusion->statement)) {
        gb_decoder_refuse(from, at, "a statement");
        return;
    }
    inclusion->leaf.n = n;
    memcpy(inclusion->leaf.bytes, bytes, n);
}

static enum gb_status take_inclusions(struct gb_decoder *from, struct gb_proof *proof,
                                      struct gb_error *err)
{
    uint32_t n = gb_take_count(from, INCLUSION_SIZE_MIN, "a count of statements that fits");

    for (uint32_t i = 0; i < n && !from->expected; i++) {
        struct gb_inclusion inclusion = {0};
        gb_header_take(from, &inclusion.header);
        gb_results_take(from, &inclusion.results);
        if (!gb_certificate_take(from, &inclusion.certificate)) {
            gb_inclusion_clear(&inclusion);
            return gb_fail(err, GB_ENOMEM, "no memory for a certificate");
        }
        take_leaf(from, &inclusion);
        take_path(from, &inclusion.path);
        enum gb_status status = gb_proof_add(proof, &inclusion, err);
        if (status != GB_OK)
            return status;
    }
    return GB_OK;
}

static enum gb_status take_genesis(struct gb_decoder *from, const struct gb_extensions *extensions,
                                   struct gb_proof *proof, struct gb_error *err)
{
    struct gb_error why = {0};
    size_t n = 0;
    const uint8_t *bytes = gb_take_opaque(from, &n);

    if (!bytes)
        return gb_decoder_end(from, err);
    enum gb_status status = gb_genesis_decode(&proof->genesis, bytes, n, extensions, &why);
    if (status != GB_OK)
        return gb_fail(err, status, "genesis: %s", why.text);
    proof->chain_id = gb_genesis_chain_id(bytes, n);
    return GB_OK;
}

enum gb_status gb_proof_decode(struct gb_proof *out, const uint8_t *bytes, size_t n,
                               const struct gb_extensions *extensions, struct gb_error *err)
{
    struct gb_decoder from = {.bytes = bytes, .n = n};
    struct gb_proof proof = {0};

    if (gb_take_u32(&from) != TAG)
        return gb_fail(err, GB_EINPUT, "it does not start like a proof");
    enum gb_status status = take_genesis(&from, extensions, &proof, err);
    if (status == GB_OK) {
        proof.has_trade = gb_take_flag(&from);
        if (proof.has_trade)
            take_traded(&from, &proof.traded);
        status = take_inclusions(&from, &proof, err);
    }
    if (status == GB_OK)
        status = gb_decoder_end(&from, err);
    if (status == GB_OK)
        *out = proof;
    else
        gb_proof_clear(&proof);
    return status;
}

/* ---- checking */

/* Does the statement stand in a block that a quorum certified? */
static enum gb_status check_inclusion(const struct gb_proof *proof,
                                      const struct gb_inclusion *inclusion, struct gb_error *err)
{
    if (!leads_to(&inclusion->leaf, &inclusion->path, &inclusion->results.receipts_root))
        return gb_fail(err, GB_EBROKEN, "its path does not lead to the block's receipts root");
    struct gb_hash proposal = gb_header_hash(&inclusion->header);
    struct gb_hash hash = gb_block_hash(&proposal, &inclusion->results);
    if (!gb_hash_is_equal(&hash, &inclusion->certificate.subject))
        return gb_fail(err, GB_EBROKEN, "its block is not the one that was certified");
    return gb_certificate_check(&inclusion->certificate, inclusion->header.number, &proof->genesis,
                                &proof->chain_id, err);
}

static bool is_event(const struct gb_statement *statement, enum gb_contract_event_kind kind)
{
    return statement->is_event && statement->kind == kind;
}

/* The first statement is of the trade's match; others settle or void it, or bill one of its sides.
 */
static bool belongs(const struct gb_traded *traded, const struct gb_statement *statement,
                    bool is_first)
{
    bool is_side = statement->sender == GB_PARTY(GB_ROLE_METER, traded->trade.seller) ||
                   statement->sender == GB_PARTY(GB_ROLE_METER, traded->trade.buyer);

    if (statement->interval != traded->interval)
        return false;
    if (is_first)
        return is_event(statement, GB_EVENT_MATCHED);
    if (is_event(statement, GB_EVENT_BILLED))
        return is_side;
    return statement->index == traded->index && (is_event(statement, GB_EVENT_TRADE_SETTLED) ||
                                                 is_event(statement, GB_EVENT_TRADE_VOIDED));
}

static enum gb_status check_trade(const struct gb_proof *proof, struct gb_error *err)
{
    struct gb_hash root = gb_traded_root(&proof->traded);

    for (size_t i = 0; i < proof->n; i++)
        if (!belongs(&proof->traded, &proof->inclusions[i].statement, i == 0))
            return gb_fail(err, GB_EBROKEN, "statement %zu: it is not about the trade", i + 1);
    if (!gb_hash_is_equal(&root, &proof->inclusions[0].statement.root))
        return gb_fail(err, GB_EBROKEN, "trade: its path does not lead to the match's root");
    return GB_OK;
}

/* Which leaf of its tree a path starts from: bit i is set where the sibling at level i stands left.
 */
static uint64_t leaf_number(const struct gb_path *path)
{
    uint64_t number = 0;

    for (uint32_t i = 0; i < path->n && i < GB_PATH_MAX; i++)
        number |= (uint64_t)(path->steps[i].side == GB_LEFT) << i;
    return number;
}

/* In the ledger's order, and so each once: a bill shown twice is not two bills. */
static enum gb_status check_order(const struct gb_proof *proof, struct gb_error *err)
{
    for (size_t i = 1; i < proof->n; i++) {
        const struct gb_inclusion *last = &proof->inclusions[i - 1], *next = &proof->inclusions[i];
        uint64_t last_block = last->header.number, next_block = next->header.number;

        if (next_block < last_block ||
            (next_block == last_block && leaf_number(&next->path) <= leaf_number(&last->path)))
            return gb_fail(err, GB_EBROKEN,
                           "statement %zu: it does not stand behind the one before "
                           "it in the ledger",
                           i + 1);
    }
    return GB_OK;
}

enum gb_status gb_proof_check(const struct gb_proof *proof, const struct gb_hash *anchor,
                              struct gb_error *err)
{
    struct gb_error why = {0};
    char is[65], expected[65];

    if (anchor && !gb_hash_is_equal(anchor, &proof->chain_id))
        return gb_fail(err, GB_EBROKEN, "genesis: its hash is %s, not the trusted %s",
                       gb_hash_hex(&proof->chain_id, is), gb_hash_hex(anchor, expected));
    if (proof->n == 0)
        return gb_fail(err, GB_EBROKEN, "it states nothing");
    for (size_t i = 0; i < proof->n; i++) {
        enum gb_status status = check_inclusion(proof, &proof->inclusions[i], &why);
        if (status != GB_OK)
            return gb_fail(err, status, "statement %zu: %s", i + 1, why.text);
    }
    enum gb_status status = proof->has_trade ? check_trade(proof, err) : GB_OK;
    return status == GB_OK ? check_order(proof, err) : status;
}
