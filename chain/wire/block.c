#include "chain/wire/block.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define HEADER_SIZE (8 + GB_HASH_SIZE + GB_HASH_SIZE + 8 + 4)
#define VOTE_SIZE (4 + sizeof(struct gb_signature))
#define TRANSACTION_SIZE_MIN 8 /* its length, and at least a word */

/* ---- hashes */

void gb_header_put(struct gb_bytes *to, const struct gb_header *header)
{
    gb_put_u64(to, header->number);
    gb_put_fixed(to, header->parent.bytes, GB_HASH_SIZE);
    gb_put_fixed(to, header->transactions_root.bytes, GB_HASH_SIZE);
    gb_put_i64(to, header->time_ns);
    gb_put_u32(to, header->sealer);
}

struct gb_hash gb_header_hash(const struct gb_header *header)
{
    uint8_t capacity[HEADER_SIZE];
    struct gb_bytes to = {.bytes = capacity, .capacity = sizeof capacity};

    gb_header_put(&to, header);
    return gb_hash_bytes(GB_DOMAIN_PROPOSAL, capacity, to.n);
}

struct gb_hash gb_block_hash(const struct gb_hash *proposal, const struct gb_block_results *results)
{
    struct gb_hasher hasher;

    gb_hasher_init(&hasher, GB_DOMAIN_BLOCK);
    gb_hasher_add(&hasher, proposal->bytes, GB_HASH_SIZE);
    gb_hasher_add(&hasher, results->state_root.bytes, GB_HASH_SIZE);
    gb_hasher_add(&hasher, results->receipts_root.bytes, GB_HASH_SIZE);
    return gb_hasher_end(&hasher);
}

struct gb_hash gb_vote_digest(const struct gb_hash *chain_id, uint8_t phase, uint64_t height,
                              uint32_t view, const struct gb_hash *subject)
{
    uint8_t capacity[GB_HASH_SIZE + 16 + GB_HASH_SIZE];
    struct gb_bytes to = {.bytes = capacity, .capacity = sizeof capacity};

    gb_put_fixed(&to, chain_id->bytes, GB_HASH_SIZE);
    gb_put_u32(&to, phase);
    gb_put_u64(&to, height);
    gb_put_u32(&to, view);
    gb_put_fixed(&to, subject->bytes, GB_HASH_SIZE);
    return gb_hash_bytes(GB_DOMAIN_VOTE, capacity, to.n);
}

struct gb_hash gb_transactions_root(struct gb_transaction *const *transactions, size_t n)
{
    struct gb_merkle tree;

    gb_merkle_init(&tree);
    for (size_t i = 0; i < n; i++)
        gb_merkle_add(&tree, &transactions[i]->hash);
    return gb_merkle_end(&tree);
}

void gb_certificate_clear(struct gb_certificate *certificate)
{
    free(certificate->signers);
    free(certificate->signatures);
    *certificate = (struct gb_certificate){0};
}

struct gb_block *gb_block_create(const struct gb_header *header,
                                 struct gb_transaction *const *transactions, size_t n)
{
    struct gb_block *block = calloc(1, sizeof *block);

    if (!block)
        return NULL;
    block->transactions = malloc((n + 1) * sizeof *block->transactions);
    if (!block->transactions) {
        free(block);
        return NULL;
    }
    memcpy(block->transactions, transactions, n * sizeof *transactions);
    block->n_transactions = n;
    block->header = *header;
    block->header.transactions_root = gb_transactions_root(transactions, n);
    block->proposal_hash = gb_header_hash(&block->header);
    return block;
}

void gb_block_set_results(struct gb_block *block, const struct gb_block_results *results)
{
    block->results = *results;
    block->hash = gb_block_hash(&block->proposal_hash, results);
}

void gb_block_forget_messages(struct gb_block *block, size_t i)
{
    block->transactions[i] = gb_transaction_forget_messages(block->transactions[i]);
}

void gb_block_free(struct gb_block *block)
{
    if (!block)
        return;
    for (size_t i = 0; i < block->n_transactions; i++)
        gb_transaction_free(block->transactions[i]);
    free(block->transactions);
    gb_certificate_clear(&block->certificate);
    free(block);
}

/* ---- encoding */

void gb_results_put(struct gb_bytes *to, const struct gb_block_results *results)
{
    gb_put_fixed(to, results->state_root.bytes, GB_HASH_SIZE);
    gb_put_fixed(to, results->receipts_root.bytes, GB_HASH_SIZE);
}

void gb_certificate_put(struct gb_bytes *to, const struct gb_certificate *certificate)
{
    gb_put_u32(to, certificate->phase);
    gb_put_u32(to, certificate->view);
    gb_put_fixed(to, certificate->subject.bytes, GB_HASH_SIZE);
    gb_put_u32(to, certificate->n_signers);
    for (uint32_t i = 0; i < certificate->n_signers; i++) {
        gb_put_u32(to, certificate->signers[i]);
        gb_put_fixed(to, certificate->signatures[i].bytes, sizeof certificate->signatures[i].bytes);
    }
}

void gb_block_encode(const struct gb_block *block, struct gb_bytes *to)
{
    gb_header_put(to, &block->header);
    gb_put_u32(to, (uint32_t)block->n_transactions);
    for (size_t i = 0; i < block->n_transactions; i++) {
        assert(block->transactions[i]->bytes);
        gb_put_opaque(to, block->transactions[i]->bytes, block->transactions[i]->n_bytes);
    }
    gb_results_put(to, &block->results);
    gb_certificate_put(to, &block->certificate);
}

/* ---- decoding */

void gb_header_take(struct gb_decoder *from, struct gb_header *header)
{
    header->number = gb_take_u64(from);
    gb_take_fixed(from, header->parent.bytes, GB_HASH_SIZE);
    gb_take_fixed(from, header->transactions_root.bytes, GB_HASH_SIZE);
    header->time_ns = gb_take_i64(from);
    header->sealer = gb_take_u32(from);
}

/* Reads the i-th transaction; the reason starts with its place. */
static enum gb_status take_transaction(struct gb_decoder *from, const struct gb_hash *chain_id,
                                       struct gb_block *block, size_t i, struct gb_error *err)
{
    struct gb_error why = {0};
    size_t n = 0;
    const uint8_t *bytes = gb_take_opaque(from, &n);
    enum gb_status status;

    if (bytes)
        status = gb_transaction_decode(&block->transactions[i], bytes, n, chain_id, &why);
    else
        status = gb_decoder_end(from, &why);
    if (status != GB_OK)
        return gb_fail(err, status, "transaction %zu: %s", i, why.text);
    block->n_transactions = i + 1;
    return GB_OK;
}

static enum gb_status take_transactions(struct gb_decoder *from, const struct gb_hash *chain_id,
                                        struct gb_block *block, struct gb_error *err)
{
    size_t n = gb_take_count(from, TRANSACTION_SIZE_MIN, "a count of transactions that fits");

    if (from->expected)
        return gb_fail(err, GB_EINPUT, "transactions: at byte %zu: expected %s", from->at,
                       from->expected);
    block->transactions = calloc(n + 1, sizeof *block->transactions);
    if (!block->transactions)
        return gb_fail(err, GB_ENOMEM, "no memory for a block of %zu transactions", n);
    for (size_t i = 0; i < n; i++) {
        enum gb_status status = take_transaction(from, chain_id, block, i, err);
        if (status != GB_OK)
            return status;
    }
    return GB_OK;
}

void gb_results_take(struct gb_decoder *from, struct gb_block_results *results)
{
    gb_take_fixed(from, results->state_root.bytes, GB_HASH_SIZE);
    gb_take_fixed(from, results->receipts_root.bytes, GB_HASH_SIZE);
}

bool gb_certificate_take(struct gb_decoder *from, struct gb_certificate *certificate)
{
    certificate->phase =
        (uint8_t)gb_take_choice(from, GB_PHASE_PREPREPARE, GB_PHASE_CHECKPOINT, "a phase, 1 to 4");
    certificate->view = gb_take_u32(from);
    gb_take_fixed(from, certificate->subject.bytes, GB_HASH_SIZE);
    certificate->n_signers = gb_take_count(from, VOTE_SIZE, "a count of signers that fits");
    certificate->signers = calloc(certificate->n_signers + 1, sizeof *certificate->signers);
    certificate->signatures = calloc(certificate->n_signers + 1, sizeof *certificate->signatures);
    if (!certificate->signers || !certificate->signatures)
        return false;
    for (uint32_t i = 0; i < certificate->n_signers; i++) {
        certificate->signers[i] = gb_take_u32(from);
        gb_take_fixed(from, certificate->signatures[i].bytes,
                      sizeof certificate->signatures[i].bytes);
    }
    return true;
}

static enum gb_status take_block(struct gb_decoder *from, const struct gb_hash *chain_id,
                                 struct gb_block *block, struct gb_error *err)
{
    gb_header_take(from, &block->header);
    if (from->expected)
        return gb_fail(err, GB_EINPUT, "header: at byte %zu: expected %s", from->at,
                       from->expected);
    enum gb_status status = take_transactions(from, chain_id, block, err);
    if (status != GB_OK)
        return status;
    gb_results_take(from, &block->results);
    if (from->expected)
        return gb_fail(err, GB_EINPUT, "results: at byte %zu: expected %s", from->at,
                       from->expected);
    if (!gb_certificate_take(from, &block->certificate))
        return gb_fail(err, GB_ENOMEM, "no memory for a certificate");

    struct gb_error why = {0};
    status = gb_decoder_end(from, &why);
    return status == GB_OK ? GB_OK : gb_fail(err, status, "certificate: %s", why.text);
}

enum gb_status gb_block_decode(struct gb_block **out, const uint8_t *bytes, size_t n,
                               const struct gb_hash *chain_id, struct gb_error *err)
{
    struct gb_decoder from = {.bytes = bytes, .n = n};
    struct gb_block *block = calloc(1, sizeof *block);

    if (!block)
        return gb_fail(err, GB_ENOMEM, "no memory for a block");
    enum gb_status status = take_block(&from, chain_id, block, err);
    if (status != GB_OK) {
        gb_block_free(block);
        return status;
    }
    block->proposal_hash = gb_header_hash(&block->header);
    block->hash = gb_block_hash(&block->proposal_hash, &block->results);
    *out = block;
    return GB_OK;
}

/* ---- certificates */

enum gb_status gb_certificate_sign(struct gb_block *block, const struct gb_genesis *genesis,
                                   const struct gb_hash *chain_id, uint32_t view,
                                   const uint32_t *signers, uint32_t n_signers,
                                   const struct gb_keyring *ring, struct gb_error *err)
{
    struct gb_certificate certificate = {.phase = gb_flow_certifying_phase(genesis->flow),
                                         .view = view,
                                         .subject = block->hash,
                                         .n_signers = n_signers};
    struct gb_hash digest =
        gb_vote_digest(chain_id, certificate.phase, block->header.number, view, &block->hash);

    certificate.signers = malloc((n_signers + 1u) * sizeof *certificate.signers);
    certificate.signatures = malloc((n_signers + 1u) * sizeof *certificate.signatures);
    if (!certificate.signers || !certificate.signatures) {
        free(certificate.signers);
        free(certificate.signatures);
        return gb_fail(err, GB_ENOMEM, "no memory for a certificate of %" PRIu32 " signers",
                       n_signers);
    }
    for (uint32_t i = 0; i < n_signers; i++) {
        certificate.signers[i] = signers[i];
        gb_keyring_sign(ring, GB_PARTY(GB_ROLE_VALIDATOR, signers[i]), &digest,
                        &certificate.signatures[i]);
    }
    gb_certificate_clear(&block->certificate);
    block->certificate = certificate;
    return GB_OK;
}

/* Signers in ascending order are distinct by their order alone. */
static enum gb_status check_signers(const struct gb_certificate *certificate,
                                    const struct gb_genesis *genesis, struct gb_error *err)
{
    uint64_t total = 0, weight = 0;

    for (size_t i = 0; i < genesis->n_validators; i++)
        total += genesis->weights[i];
    for (uint32_t i = 0; i < certificate->n_signers; i++) {
        uint32_t signer = certificate->signers[i];
        if (signer >= genesis->n_validators)
            return gb_fail(err, GB_EBROKEN, "signer %" PRIu32 " is none of the %zu validators",
                           signer, genesis->n_validators);
        if (i > 0 && signer == certificate->signers[i - 1])
            return gb_fail(err, GB_EBROKEN, "validator %" PRIu32 " signed twice", signer);
        if (i > 0 && signer < certificate->signers[i - 1])
            return gb_fail(err, GB_EBROKEN, "signers are not in ascending order");
        weight += genesis->weights[signer];
    }
    if (weight < gb_weight_quorum(total))
        return gb_fail(err, GB_EBROKEN,
                       "too light: weight %" PRIu64 " of %" PRIu64 ", a quorum needs %" PRIu64,
                       weight, total, gb_weight_quorum(total));
    return GB_OK;
}

enum gb_status gb_certificate_check(const struct gb_certificate *certificate, uint64_t height,
                                    const struct gb_genesis *genesis,
                                    const struct gb_hash *chain_id, struct gb_error *err)
{
    if (certificate->phase != gb_flow_certifying_phase(genesis->flow))
        return gb_fail(err, GB_EBROKEN, "wrong phase %u: in this flow votes of phase %u certify",
                       certificate->phase, gb_flow_certifying_phase(genesis->flow));
    if (certificate->n_signers == 0)
        return gb_fail(err, GB_EBROKEN, "empty: nobody signed");
    enum gb_status status = check_signers(certificate, genesis, err);
    if (status != GB_OK)
        return status;

    struct gb_hash digest = gb_vote_digest(chain_id, certificate->phase, height, certificate->view,
                                           &certificate->subject);
    for (uint32_t i = 0; i < certificate->n_signers; i++) {
        uint32_t signer = certificate->signers[i];
        if (!gb_signature_is_valid(
                (enum gb_crypto)genesis->crypto, GB_PARTY(GB_ROLE_VALIDATOR, signer),
                &genesis->validators[signer], &digest, &certificate->signatures[i]))
            return gb_fail(err, GB_EBROKEN, "the signature of validator %" PRIu32 " is not valid",
                           signer);
    }
    return GB_OK;
}
