/* gridbourse ledger proof: checks the proof of a trade that `ledger trace --proof` wrote, without
 * the ledger. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/new_file.h"
#include "cli/arguments.h"
#include "cli/ledger_priv.h"
#include "cli/message.h"

static const struct gb_command proof_command = {
    "ledger proof", "FILE [--genesis HASH]",
    "Checks a proof that 'ledger trace --proof' wrote: no ledger is needed, nothing is executed",
    NULL};
enum { PROOF_GENESIS, PROOF_SIZE_MAX = 1 << 30 };
static const struct gb_option proof_options[] = {
    [PROOF_GENESIS] = {"--genesis", NULL, "HASH", "the genesis hash to trust (64 hex digits)"},
    {0},
};

/* ---- words */

void gb_words_print_path(const struct gb_step *path, size_t n)
{
    static const char *const sides[] = {"alone", "left", "right"};
    char hex[65];

    for (size_t i = 0; i < n; i++)
        printf("    %-6s %s\n", sides[path[i].side],
               path[i].side == GB_ALONE ? "" : gb_hash_hex(&path[i].sibling, hex));
}

static void print_bill(const struct gb_statement *statement, const char *what)
{
    bool pays = statement->amount.units >= 0, draws = statement->energy.wh >= 0;
    char party[32], wh[48], money[48];

    printf("%s: %s for slot %" PRId64 " %s %s; it %s %s", what,
           gb_party_text(statement->sender, party, sizeof party), statement->interval,
           pays ? "pays the grid" : "gets from the grid",
           gb_words_money(
               (struct gb_money){pays ? statement->amount.units : -statement->amount.units}, money),
           draws ? "drew" : "fed in",
           gb_words_energy((struct gb_energy){draws ? statement->energy.wh : -statement->energy.wh},
                           wh));
}

static void print_statement(const struct gb_statement *statement)
{
    char energy[48];

    if (statement->is_event && statement->kind == GB_EVENT_MATCHED)
        printf("slot %" PRId64 " is matched", statement->interval);
    else if (statement->is_event && statement->kind == GB_EVENT_TRADE_SETTLED)
        printf("trade %" PRId64 ":%" PRIu32 " is settled with %s", statement->interval,
               statement->index, gb_words_energy(statement->energy, energy));
    else if (statement->is_event && statement->kind == GB_EVENT_TRADE_VOIDED)
        printf("trade %" PRId64 ":%" PRIu32 " is void", statement->interval, statement->index);
    else if (statement->is_event && statement->kind == GB_EVENT_BILLED)
        print_bill(statement, "bill");
    else if (statement->is_event && statement->kind == GB_EVENT_GAP_BILLED)
        print_bill(statement, "bill of a gap between readings");
    else
        printf("another statement about slot %" PRId64, statement->interval);
}

void gb_words_print_inclusion(const struct gb_inclusion *inclusion)
{
    struct gb_hash node = gb_merkle_leaf(inclusion->leaf.bytes, inclusion->leaf.n);
    char hex[65], time[48];

    printf("  ");
    print_statement(&inclusion->statement);
    printf("\n  block %" PRIu64 " at %s, by\n  ", inclusion->header.number,
           gb_words_time(inclusion->header.time_ns, time));
    gb_words_print_certificate(&inclusion->certificate);
    printf("\n    block  %s\n", gb_hash_hex(&inclusion->certificate.subject, hex));
    printf("    leaf   %s\n", gb_hash_hex(&node, hex));
    gb_words_print_path(inclusion->path.steps, inclusion->path.n);
    printf("    root   %s\n", gb_hash_hex(&inclusion->results.receipts_root, hex));
}

static void print_traded(const struct gb_traded *traded)
{
    const struct gb_trade *trade = &traded->trade;
    char energy[48], buy[48], sell[48];

    printf("  trade %" PRId64 ":%" PRIu32 ": meter %" PRIu32 " sells %s%s to meter %" PRIu32
           ", who pays\n  %s a kWh; the seller gets %s\n",
           traded->interval, traded->index, trade->seller, gb_words_energy(trade->energy, energy),
           gb_words_source(trade->source), trade->buyer, gb_words_price(trade->price_buy, buy),
           gb_words_price(trade->price_sell, sell));
}

/* ---- statements of a block */

enum gb_status gb_ledger_prove(struct gb_proof *proof, const struct gb_block *block,
                               const struct gb_contracts *contracts,
                               bool (*is_asked)(const void *context,
                                                const struct gb_statement *statement),
                               const void *context, struct gb_error *err)
{
    const struct gb_leaf *leaves;
    size_t n = gb_contracts_leaves(contracts, &leaves);
    enum gb_status status = GB_OK;

    for (size_t i = 0; status == GB_OK && i < n; i++) {
        struct gb_inclusion inclusion;
        struct gb_statement statement;

        if (!gb_leaf_read(leaves[i].bytes, leaves[i].n, &statement) ||
            !is_asked(context, &statement))
            continue;
        status = gb_inclusion_make(&inclusion, block, leaves, n, i, err);
        if (status == GB_OK)
            status = gb_proof_add(proof, &inclusion, err);
    }
    return status;
}

/* ---- files */

static enum gb_status encode(const struct gb_proof *proof, const char *ledger, struct gb_bytes *to,
                             struct gb_error *err)
{
    struct gb_ledger_reader *reader = NULL;
    uint8_t *bytes = NULL;
    size_t n = 0;
    enum gb_status status = gb_ledger_reader_open(&reader, ledger, gb_program_extensions(), err);

    if (status == GB_OK)
        status = gb_genesis_encode(gb_ledger_genesis(reader), &bytes, &n, err);
    if (status == GB_OK)
        gb_proof_encode(proof, bytes, n, to);
    free(bytes);
    gb_ledger_reader_close(reader);
    return status;
}

static enum gb_status store(const struct gb_bytes *from, const char *path, struct gb_error *err)
{
    struct gb_new_file file;

    if (from->failed)
        return gb_fail(err, GB_ENOMEM, "no memory for the proof '%s'", path);
    enum gb_status status = gb_new_file_open(&file, path, err);
    if (status != GB_OK)
        return status;
    fwrite(from->bytes, 1, from->n, file.stream);
    return gb_new_file_close(&file, err); /* or says that not all was written */
}

int gb_ledger_write_proof(const struct gb_proof *proof, const char *ledger, const char *path)
{
    struct gb_bytes to = {0};
    struct gb_error err = {0};
    enum gb_status status = GB_OK;

    if (proof->n == 0)
        status = gb_fail(&err, GB_EINPUT,
                         "nothing of it has come about yet, so there is no proof "
                         "to write");
    if (status == GB_OK)
        status = encode(proof, ledger, &to, &err);
    if (status != GB_OK) /* it lies in the ledger */
        return gb_ledger_failure(ledger, &err);
    status = store(&to, path, &err);
    free(to.bytes);
    return status == GB_OK ? GB_EXIT_DONE : gb_message_failure(&err);
}

/* ---- the command */

static int check(const char *path, const struct gb_hash *anchor)
{
    struct gb_proof proof = {0};
    struct gb_error err = {0};
    char *bytes = NULL;
    size_t n = 0;
    char hex[65];
    enum gb_status status = gb_file_read(path, PROOF_SIZE_MAX, &bytes, &n, &err);

    if (status == GB_OK)
        status = gb_proof_decode(&proof, (const uint8_t *)bytes, n, gb_program_extensions(), &err);
    if (status == GB_OK)
        status = gb_proof_check(&proof, anchor, &err);
    bool is_modelled = proof.genesis.crypto == GB_CRYPTO_MODELLED;
    if (status == GB_OK) {
        gb_message_print_name(path, stdout);
        printf(": %s\n", is_modelled ? "consistent, but its signatures are modelled and prove "
                                       "nothing"
                                     : "proven");
        printf("  genesis  %s\n           %s\n", gb_hash_hex(&proof.chain_id, hex),
               anchor ? "the one given by --genesis"
                      : "trusted on first use: compare it, or give it as --genesis");
        if (proof.has_trade)
            print_traded(&proof.traded);
        for (size_t i = 0; i < proof.n; i++) {
            printf("\n");
            gb_words_print_inclusion(&proof.inclusions[i]);
        }
    }
    gb_proof_clear(&proof);
    free(bytes);
    if (status != GB_OK)
        return gb_ledger_failure(path, &err);
    return is_modelled ? GB_EXIT_FAILED : GB_EXIT_DONE;
}

struct proof_request {
    struct gb_hash anchor;
    bool is_anchored;
};

static int take_option(void *context, const struct gb_arguments *arguments, int option)
{
    struct proof_request *request = context;

    (void)option; /* it has one */
    return gb_ledger_take_anchor(arguments, &request->anchor, &request->is_anchored);
}

int gb_ledger_proof(int argc, char **argv)
{
    struct gb_arguments arguments = {
        .command = &proof_command, .options = proof_options, .argc = argc, .argv = argv};
    struct proof_request request = {0};
    const char *path;
    int code;

    if (!gb_arguments_read(&arguments, "file", take_option, &request, &path, &code))
        return code;
    return check(path, request.is_anchored ? &request.anchor : NULL);
}
