/* Verification by replay: every block is decoded, held against what its voters had to look at
 * (chain/ledger/validity.h) and against its certificate, executed again and compared, in this
 * order, so that the reason names the first place found wrong.
 *
 * Where several places could be to blame for one mismatch, redundancy decides: the certificate
 * names the hash it certifies, execution computes the results once more, and messages carry
 * signatures. */
#include <inttypes.h>
#include <stdlib.h>

#include "chain/contracts/contracts.h"
#include "chain/ledger/ledger.h"
#include "chain/ledger/validity.h"

struct replay {
    struct gb_ledger_reader *reader;
    struct gb_contracts *contracts;
    const struct gb_genesis *genesis;
    struct gb_seen *seen;  /* transactions of the blocks before */
    struct gb_hash parent; /* proposal hash of the last block */
    int64_t parent_time_ns;
    struct gb_ledger_report report;
};

/* A reason that names a block: its number, then the words of `why` if there are any. */
static enum gb_status fail_block(const struct gb_block *block, const char *what,
                                 const struct gb_error *why, enum gb_status status,
                                 struct gb_error *err)
{
    return gb_fail(err, status, "block %" PRIu64 ": %s%s", block->header.number, what,
                   why ? why->text : "");
}

/* ---- what the voters looked at */

static enum gb_status fail_misnumbered(const struct gb_block *block, uint64_t number,
                                       struct gb_error *err)
{
    return gb_fail(err, GB_EBROKEN, "block %" PRIu64 ": header: it calls itself number %" PRIu64,
                   number, block->header.number);
}

/* ---- transactions */

/* Every key stands in the genesis: a registration admits a meter under the key it has there. */
static const struct gb_public_key *key_of(const struct gb_genesis *genesis, gb_party party)
{
    uint32_t index = GB_PARTY_INDEX(party);

    switch (GB_PARTY_ROLE(party)) {
    case GB_ROLE_METER: return index < genesis->n_users ? &genesis->users[index].key : NULL;
    case GB_ROLE_VALIDATOR:
        return index < genesis->n_validators ? &genesis->validators[index] : NULL;
    case GB_ROLE_CONCENTRATOR:
        return index < genesis->n_concentrators ? &genesis->concentrators[index] : NULL;
    case GB_ROLE_OPERATOR: return index == 0 ? &genesis->operator_ : NULL;
    case GB_ROLE_SUPERVISOR: return index == 0 ? &genesis->supervisor : NULL;
    default: return NULL;
    }
}

static bool is_signed(const struct gb_genesis *genesis, gb_party party,
                      const struct gb_hash *digest, const struct gb_signature *signature)
{
    const struct gb_public_key *key = key_of(genesis, party);

    return key &&
           gb_signature_is_valid((enum gb_crypto)genesis->crypto, party, key, digest, signature);
}

/* Names the first signature that does not stand for what it signs; false: all do. */
static bool find_forgery(const struct gb_genesis *genesis, const struct gb_block *block,
                         struct gb_error *err)
{
    char party[32];

    for (size_t i = 0; i < block->n_transactions; i++) {
        const struct gb_transaction *transaction = block->transactions[i];
        for (size_t m = 0; m < transaction->n_messages; m++) {
            const struct gb_message *message = &transaction->messages[m];
            if (is_signed(genesis, message->sender, &transaction->digests[m],
                          &transaction->signatures[m]))
                continue;
            gb_fail(err, GB_EBROKEN,
                    "block %" PRIu64 ": transaction %zu: message %zu is not what "
                    "%s signed",
                    block->header.number, i, m,
                    gb_party_text(message->sender, party, sizeof party));
            return true;
        }
        if (transaction->concentrator == GB_PARTY_NONE ||
            is_signed(genesis, transaction->concentrator, &transaction->digest,
                      &transaction->signature))
            continue;
        gb_fail(err, GB_EBROKEN,
                "block %" PRIu64 ": transaction %zu: the bundle is not what %s "
                "signed",
                block->header.number, i,
                gb_party_text(transaction->concentrator, party, sizeof party));
        return true;
    }
    return false;
}

/* Names a fault. Where the root is at stake, a transaction that its signer does not know is to
 * blame. */
static enum gb_status fail_fault(const struct replay *replay, const struct gb_block *block,
                                 enum gb_block_fault fault, struct gb_error *err)
{
    if (fault == GB_BLOCK_MISNUMBERED)
        return fail_misnumbered(block, replay->report.n_blocks + 1, err);
    if (fault == GB_BLOCK_OTHER_ROOT && find_forgery(replay->genesis, block, err))
        return GB_EBROKEN;
    return fail_block(block, gb_block_fault_text(fault), NULL, GB_EBROKEN, err);
}

/* The predicate of the voters, and their certificate. The view that the predicate rests on in the
 * end is the certificate's, so that is checked before a sealer is blamed. */
static enum gb_status check_votes(const struct replay *replay, const struct gb_block *block,
                                  struct gb_error *err)
{
    const struct gb_block_place place = {.genesis = replay->genesis,
                                         .number = replay->report.n_blocks + 1,
                                         .parent = replay->parent,
                                         .parent_time_ns = replay->parent_time_ns,
                                         .view = block->certificate.view,
                                         .seen = replay->seen};
    struct gb_error why = {0};
    enum gb_block_fault fault;
    enum gb_status status = gb_block_find_fault(block, &place, &fault, &why);

    if (status != GB_OK)
        return fail_block(block, "", &why, status, err);
    if (fault != GB_BLOCK_SOUND && fault < GB_BLOCK_NOT_LED)
        return fail_fault(replay, block, fault, err);
    status = gb_certificate_check(&block->certificate, block->header.number, replay->genesis,
                                  gb_ledger_chain_id(replay->reader), &why);
    if (status != GB_OK)
        return fail_block(block, "certificate: ", &why, status, err);
    return fault == GB_BLOCK_SOUND ? GB_OK : fail_fault(replay, block, fault, err);
}

/* ---- execution */

static enum gb_status execute(struct replay *replay, const struct gb_block *block,
                              struct gb_block_results *results, struct gb_error *err)
{
    struct gb_error why = {0};
    enum gb_status status = GB_OK;

    gb_contracts_begin_block(replay->contracts, &block->header);
    for (size_t i = 0; i < block->n_transactions && status == GB_OK; i++)
        status = gb_contracts_apply(replay->contracts, block->transactions[i], &why);
    if (status == GB_OK)
        status = gb_contracts_end_block(replay->contracts, results, &why);
    return status == GB_OK ? GB_OK : fail_block(block, "execution: ", &why, status, err);
}

/* Compares what execution gave with what the block says and its certificate certifies. */
static enum gb_status check_results(const struct gb_block *block,
                                    const struct gb_block_results *computed, struct gb_error *err)
{
    const struct gb_hash *subject = &block->certificate.subject;
    struct gb_hash hash = gb_block_hash(&block->proposal_hash, computed);
    bool is_state_equal = gb_hash_is_equal(&computed->state_root, &block->results.state_root);
    bool is_equal =
        is_state_equal && gb_hash_is_equal(&computed->receipts_root, &block->results.receipts_root);

    if (is_equal && gb_hash_is_equal(&hash, subject))
        return GB_OK;
    /* certified by the validators, or right by execution: then it is not the results that are wrong
     */
    if (is_equal || (!gb_hash_is_equal(&block->hash, subject) && !gb_hash_is_equal(&hash, subject)))
        return fail_block(block, "header: it is not what the validators certified", NULL,
                          GB_EBROKEN, err);
    return fail_block(block,
                      is_state_equal ? "results: execution gives another receipts root"
                                     : "results: execution gives another state root",
                      NULL, GB_EBROKEN, err);
}

/* ---- the replay */

static void count(struct gb_ledger_report *report, const struct gb_block *block)
{
    report->n_blocks++;
    report->n_transactions += block->n_transactions;
    report->n_signatures += block->certificate.n_signers;
    for (size_t i = 0; i < block->n_transactions; i++) {
        const struct gb_transaction *transaction = block->transactions[i];
        report->n_messages += transaction->n_messages;
        report->n_signatures += transaction->n_messages;
        report->n_signatures += transaction->concentrator != GB_PARTY_NONE;
        for (size_t m = 0; m < transaction->n_messages; m++) {
            const struct gb_message *message = &transaction->messages[m];
            if (message->kind == GB_MESSAGE_READING)
                report->n_signatures += message->body.reading.approvals.n;
            else if (message->kind == GB_MESSAGE_APPROVE)
                report->n_signatures += message->body.approve.approvals.n;
            else if (message->kind == GB_MESSAGE_SETTLE)
                report->n_signatures++;
        }
    }
}

static enum gb_status check_block(struct replay *replay, const struct gb_block *block,
                                  struct gb_error *err)
{
    struct gb_block_results computed;
    enum gb_status status = check_votes(replay, block, err);

    if (status == GB_OK)
        status = execute(replay, block, &computed, err);
    if (status == GB_OK)
        status = check_results(block, &computed, err);
    if (status != GB_OK)
        return status;
    if (gb_seen_add(replay->seen, block->header.number, block->transactions,
                    block->n_transactions) != GB_OK)
        return fail_block(block, "no memory for the hashes of its transactions", NULL, GB_ENOMEM,
                          err);
    replay->parent = block->proposal_hash;
    replay->parent_time_ns = block->header.time_ns;
    replay->report.head = block->hash;
    count(&replay->report, block);
    return GB_OK;
}

static enum gb_status replay_blocks(struct replay *replay, gb_ledger_visit *visit, void *context,
                                    struct gb_error *err)
{
    for (;;) {
        struct gb_block *block = NULL;
        enum gb_status status = gb_ledger_reader_next(replay->reader, &block, err);
        if (status != GB_OK || !block)
            return status;
        status = check_block(replay, block, err);
        if (status == GB_OK && visit)
            status = visit(context, replay->genesis, block, replay->contracts, err);
        gb_block_free(block);
        if (status != GB_OK)
            return status;
    }
}

static enum gb_status check_anchor(const struct gb_hash *chain_id, const struct gb_hash *anchor,
                                   struct gb_error *err)
{
    char is[65], expected[65];

    if (!anchor || gb_hash_is_equal(chain_id, anchor))
        return GB_OK;
    return gb_fail(err, GB_EBROKEN, "genesis: its hash is %s, not the trusted %s",
                   gb_hash_hex(chain_id, is), gb_hash_hex(anchor, expected));
}

/* Accounts against the genesis, once all blocks are executed. */
static enum gb_status check_accounts(const struct replay *replay, struct gb_error *err)
{
    struct gb_error why = {0};
    enum gb_status status = gb_contracts_check(replay->contracts, &why);

    return status == GB_OK ? GB_OK : gb_fail(err, status, "accounts: %s", why.text);
}

/* Begins with the genesis: the state of the contracts before the first block. */
static enum gb_status begin(struct replay *replay, const struct gb_hash *anchor,
                            struct gb_error *err)
{
    const struct gb_hash *chain_id = gb_ledger_chain_id(replay->reader);
    struct gb_error why = {0};
    enum gb_status status = check_anchor(chain_id, anchor, err);

    if (status != GB_OK)
        return status;
    replay->genesis = gb_ledger_genesis(replay->reader);
    replay->parent = replay->report.head = replay->report.chain_id = *chain_id;
    replay->report.is_anchored = anchor != NULL;
    replay->report.is_modelled = replay->genesis->crypto == GB_CRYPTO_MODELLED;
    replay->report.n_signatures = 2; /* the supervisor's and, at the end, the trailer's */
    replay->seen = gb_seen_create();
    if (!replay->seen)
        return gb_fail(err, GB_ENOMEM, "no memory for the hashes of transactions");
    status = gb_contracts_create(&replay->contracts, replay->genesis, chain_id, &why);
    if (status == GB_ENOMEM)
        return gb_fail(err, status, "%s", why.text);
    return status == GB_OK ? GB_OK : gb_fail(err, GB_EBROKEN, "genesis: %s", why.text);
}

enum gb_status gb_ledger_replay(const char *path, const struct gb_extensions *extensions,
                                const struct gb_hash *anchor, gb_ledger_visit *visit, void *context,
                                struct gb_ledger_report *out, struct gb_error *err)
{
    struct replay replay = {0};
    enum gb_status status = gb_ledger_reader_open(&replay.reader, path, extensions, err);

    if (status == GB_OK)
        status = begin(&replay, anchor, err);
    if (status == GB_OK && visit)
        gb_contracts_keep_leaves(replay.contracts);
    if (status == GB_OK)
        status = replay_blocks(&replay, visit, context, err);
    if (status == GB_OK)
        status = gb_ledger_reader_check_trailer(replay.reader, replay.report.n_blocks,
                                                &replay.report.head, err);
    if (status == GB_OK)
        status = check_accounts(&replay, err);
    if (status == GB_OK)
        *out = replay.report;
    gb_contracts_free(replay.contracts);
    gb_seen_free(replay.seen);
    gb_ledger_reader_close(replay.reader);
    return status;
}

enum gb_status gb_ledger_verify(const char *path, const struct gb_extensions *extensions,
                                const struct gb_hash *anchor, struct gb_ledger_report *out,
                                struct gb_error *err)
{
    return gb_ledger_replay(path, extensions, anchor, NULL, NULL, out, err);
}
