/* gridbourse ledger show: the genesis and the list of blocks, or one block with all it holds. */
#include <inttypes.h>
#include <stdio.h>

#include "base/duration.h"
#include "base/param.h"
#include "cli/arguments.h"
#include "cli/ledger_priv.h"
#include "cli/message.h"

static const struct gb_command show_command = {
    "ledger show", "FILE [--block H]",
    "Prints a ledger's genesis and blocks, or one block with transactions and receipts", NULL};
enum { SHOW_BLOCK };
static const struct gb_option show_options[] = {
    [SHOW_BLOCK] = {"--block", NULL, "H", "one block: header, transactions, receipts"},
    {0},
};

/* ---- genesis */

static const char *crypto_words(uint32_t crypto)
{
    return crypto == GB_CRYPTO_REAL ? "Ed25519 signatures" : "modelled signatures: unverifiable";
}

static void print_trade_fees(const struct gb_trade_fees *fees)
{
    char a[64], b[64], c[64];

    if (gb_trade_fees_are_none(fees))
        return;
    printf("  per kWh   network fee: buyer %s, seller %s; levies: buyer %s\n",
           gb_words_price(fees->network_buyer, a), gb_words_price(fees->network_seller, b),
           gb_words_price(fees->levies, c));
    printf("            fee of the market: buyer %s, seller %s\n",
           gb_words_price(fees->market_buyer, a), gb_words_price(fees->market_seller, b));
}

static void print_rules(const struct gb_contract_rules *rules)
{
    const struct gb_market_rules *market = &rules->market;
    const struct gb_member *mechanism = &market->mechanism->member;
    char a[128], b[64], c[64];

    printf("  market    %s, retail %s, feed-in %s\n", mechanism->name,
           gb_words_price(market->tariff.retail, b), gb_words_price(market->tariff.feed_in, c));
    if (rules->tariffs)
        printf("            at most and least, of %zu kind%s of tariffs in %" PRId64 " slots\n",
               rules->tariffs->n_kinds, rules->tariffs->n_kinds == 1 ? "" : "s",
               rules->tariffs->n_slots);
    for (const struct gb_param *row = mechanism->params; row && row->key; row++)
        printf("            %s %s\n", row->key, gb_param_format(row, market->options, a, sizeof a));
    printf("  slots     %s; orders %s to ", gb_duration_format(rules->slot_ns, a, sizeof a),
           gb_duration_format(rules->open_ns, b, sizeof b));
    printf("%s before; settled by %s after\n", gb_duration_format(rules->gate_ns, a, sizeof a),
           gb_duration_format(rules->deadline_ns, b, sizeof b));
    print_trade_fees(&rules->trade_fees);
    if (rules->fee.units > 0)
        printf("  fee       %s for every order, amendment and cancel that is executed\n",
               gb_words_money(rules->fee, a));
    printf("  trades    need %" PRIu32 " of 3 signatures", rules->signatures_required);
    if (rules->settlement == GB_SETTLE_DELIVERED) {
        printf("; they execute as far as both meters show them\n");
        return;
    }
    printf("; imbalance costs %s, earns %s\n",
           rules->tariffs && rules->short_is_retail ? "the slot's highest retail"
                                                    : gb_words_price(rules->imbalance_short, a),
           rules->tariffs && rules->long_is_feed_in ? "its lowest feed-in"
                                                    : gb_words_price(rules->imbalance_long, b));
    printf("  unmatched %s\n",
           rules->unmatched == GB_UNMATCHED_METERED
               ? "orders are nothing: the rest is metered at the tariff"
               : "orders are a schedule with the grid: missing it is imbalance");
}

static void print_genesis(const struct gb_genesis *genesis, const struct gb_hash *chain_id)
{
    char hex[65];

    printf("chain '%s': %s\n", genesis->chain_name, crypto_words(genesis->crypto));
    printf("  genesis   %s\n", gb_hash_hex(chain_id, hex));
    printf("  flow      %s; validators %zu, users %zu, concentrators %zu\n",
           genesis->flow->member.name, genesis->n_validators, genesis->n_users,
           genesis->n_concentrators);
    print_rules(&genesis->rules);
    printf("\n%8s %17s %6s %4s %12s %8s  %s\n", "block", "time", "sealer", "view", "transactions",
           "messages", "hash");
}

/* The genesis alone is read first, so that it can stand above the blocks; a mechanism that this
 * program does not know is refused by the replay, before anything of it is printed. */
static int show_genesis(const char *path)
{
    struct gb_ledger_reader *reader = NULL;
    struct gb_contracts *contracts = NULL;
    struct gb_error err = {0};

    if (gb_ledger_reader_open(&reader, path, gb_program_extensions(), &err) != GB_OK)
        return gb_ledger_failure(path, &err);
    int code = GB_EXIT_DONE;
    const struct gb_genesis *genesis = gb_ledger_genesis(reader);
    const struct gb_hash *chain_id = gb_ledger_chain_id(reader);
    if (gb_contracts_create(&contracts, genesis, chain_id, &err) == GB_OK)
        print_genesis(genesis, chain_id);
    else
        code = gb_ledger_failure(path, &err);
    gb_contracts_free(contracts);
    gb_ledger_reader_close(reader);
    return code;
}

/* ---- blocks */

static uint64_t count_messages(const struct gb_block *block)
{
    uint64_t n = 0;

    for (size_t i = 0; i < block->n_transactions; i++)
        n += block->transactions[i]->n_messages;
    return n;
}

static enum gb_status list_block(void *context, const struct gb_genesis *genesis,
                                 const struct gb_block *block, const struct gb_contracts *contracts,
                                 struct gb_error *err)
{
    char time[48], hex[65];

    (void)context, (void)genesis, (void)contracts, (void)err;
    printf("%8" PRIu64 " %17s %6" PRIu32 " %4" PRIu32 " %12zu %8" PRIu64 "  %.16s\n",
           block->header.number, gb_words_time(block->header.time_ns, time), block->header.sealer,
           block->certificate.view, block->n_transactions, count_messages(block),
           gb_hash_hex(&block->hash, hex));
    return GB_OK;
}

static void print_header(const struct gb_block *block)
{
    char time[48], hex[65];

    printf("block %" PRIu64 ", sealed by validator %" PRIu32 " at %s\n", block->header.number,
           block->header.sealer, gb_words_time(block->header.time_ns, time));
    printf("  hash         %s\n", gb_hash_hex(&block->hash, hex));
    printf("  proposal     %s\n", gb_hash_hex(&block->proposal_hash, hex));
    printf("  parent       %s\n", gb_hash_hex(&block->header.parent, hex));
    printf("  transactions %s\n", gb_hash_hex(&block->header.transactions_root, hex));
    printf("  state        %s\n", gb_hash_hex(&block->results.state_root, hex));
    printf("  receipts     %s\n", gb_hash_hex(&block->results.receipts_root, hex));
    printf("  certified by ");
    gb_words_print_certificate(&block->certificate);
    printf("\n");
}

static void print_transactions(const struct gb_block *block, const uint8_t *receipts)
{
    char party[32], hex[65];

    for (size_t i = 0; i < block->n_transactions; i++) {
        const struct gb_transaction *transaction = block->transactions[i];
        printf("\ntransaction %zu, %zu bytes", i, transaction->n_bytes);
        if (transaction->concentrator != GB_PARTY_NONE)
            printf(", %zu messages bundled by %s", transaction->n_messages,
                   gb_party_text(transaction->concentrator, party, sizeof party));
        printf("\n  hash         %s\n", gb_hash_hex(&transaction->hash, hex));
        for (size_t m = 0; m < transaction->n_messages; m++) {
            const struct gb_message *message = &transaction->messages[m];
            printf("  %s ", gb_party_text(message->sender, party, sizeof party));
            gb_words_print_message(message);
            printf("\n    nonce %" PRIu64 ", valid to height %" PRIu64 ": %s\n", message->nonce,
                   message->last_valid_height, gb_receipt_text((enum gb_receipt) * receipts++));
        }
    }
}

static void print_events(const struct gb_contracts *contracts)
{
    const struct gb_events *events = gb_contracts_events(contracts);
    bool is_first = true;

    for (size_t i = 0; i < events->n; i++) {
        const struct gb_contract_event *event = gb_event_at(events, i);

        if (!gb_words_is_told(event))
            continue;
        printf("%s", is_first ? "\n" : "");
        is_first = false;
        gb_words_print_event(event);
        printf("\n");
    }
}

struct wanted {
    uint64_t height;
    bool is_found;
};

static enum gb_status show_block(void *context, const struct gb_genesis *genesis,
                                 const struct gb_block *block, const struct gb_contracts *contracts,
                                 struct gb_error *err)
{
    struct wanted *wanted = context;
    const uint8_t *receipts;

    (void)genesis, (void)err;
    if (block->header.number != wanted->height)
        return GB_OK;
    wanted->is_found = true;
    gb_contracts_receipts(contracts, &receipts);
    print_header(block);
    print_transactions(block, receipts);
    print_events(contracts);
    return GB_OK;
}

static int show(const char *path, int64_t height)
{
    struct wanted wanted = {.height = (uint64_t)height};
    struct gb_ledger_report report;
    struct gb_error err = {0};
    int code = height > 0 ? GB_EXIT_DONE : show_genesis(path);

    if (code != GB_EXIT_DONE)
        return code;
    if (gb_ledger_replay(path, gb_program_extensions(), NULL, height > 0 ? show_block : list_block,
                         &wanted, &report, &err))
        return gb_ledger_failure(path, &err);
    if (height == 0 || wanted.is_found)
        return GB_EXIT_DONE;
    gb_message_error("%s: there is no block %" PRId64 ", the ledger has %" PRIu64, path, height,
                     report.n_blocks);
    return GB_EXIT_WRONG_USE;
}

static int take_option(void *height, const struct gb_arguments *arguments, int option)
{
    bool is_right = gb_arguments_number(arguments, option, 1, INT64_MAX, height);

    return is_right ? GB_EXIT_DONE : GB_EXIT_WRONG_USE;
}

int gb_ledger_show(int argc, char **argv)
{
    struct gb_arguments arguments = {
        .command = &show_command, .options = show_options, .argc = argc, .argv = argv};
    const char *path;
    int64_t height = 0;
    int code;

    if (!gb_arguments_read(&arguments, "file", take_option, &height, &path, &code))
        return code;
    gb_ledger_meet(path);
    return show(path, height);
}
