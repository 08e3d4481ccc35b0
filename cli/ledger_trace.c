/* gridbourse ledger trace: the history of one trade from declaration to settlement, or of one meter
 * (cli/ledger_meter.c).
 *
 * A trade is known only once its slot is matched, and its orders stand in earlier blocks. So the
 * ledger is replayed first, which verifies it and collects the steps of the trade; then the blocks
 * are read once more and each step is printed with its block, its hashes and its inclusion path. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "cli/arguments.h"
#include "cli/command_files.h"
#include "cli/interrupt.h"
#include "cli/ledger_priv.h"
#include "cli/message.h"

static const struct gb_command trace_command = {
    "ledger trace", "FILE --trade K:INDEX | --meter N [--slot K] [--proof OUT]",
    "Follows one trade, or one meter, through the ledger", NULL};
enum { TRACE_TRADE, TRACE_METER, TRACE_SLOT, TRACE_PROOF };
static const struct gb_option trace_options[] = {
    [TRACE_TRADE] = {"--trade", NULL, "K:INDEX", "a trade: its slot and its number in the match"},
    [TRACE_METER] = {"--meter", NULL, "N", "a meter: its admission, messages, trades and bills"},
    [TRACE_SLOT] = {"--slot", NULL, "K", "of that meter, one slot alone"},
    [TRACE_PROOF] = {"--proof", NULL, "OUT", "write what proves the trade, or the meter's bills"},
    {0},
};

/* ---- the steps of a trade */

struct amended { /* an order, by a message */
    uint32_t order;
    struct gb_position position;
};

struct event_log {
    int64_t interval;
    uint32_t index;
    bool is_matched;
    size_t n_trades, n_standing; /* in the match */
    struct gb_trade trade;
    bool is_of_arrival;       /* made as an order came, */
    struct gb_price ask, bid; /* by these quotes */
    enum gb_trade_state state;
    struct gb_position end;  /* of the message that settled or voided it */
    struct gb_proof proof;   /* its match, settlement and bills */
    struct amended *amended; /* between two rounds, in the slot */
    size_t n_amended, amended_capacity;
    struct gb_position *steps; /* messages, in the ledger's order once sorted */
    size_t n_steps, capacity;
};

static enum gb_status add_step(struct event_log *event_log, struct gb_position position,
                               struct gb_error *err)
{
    struct gb_position *steps = gb_array_grow(event_log->steps, &event_log->capacity,
                                              event_log->n_steps + 1, sizeof *steps);

    if (!steps)
        return gb_fail(err, GB_ENOMEM, "no memory for the steps of a trade");
    event_log->steps = steps;
    event_log->steps[event_log->n_steps++] = position;
    return GB_OK;
}

/* An order arrived, or was amended, and made the trade. */
static enum gb_status take_execution(struct event_log *event_log,
                                     const struct gb_contract_event *event,
                                     const struct gb_contracts *contracts, struct gb_error *err)
{
    size_t n;
    const struct gb_execution *execution =
        &gb_contracts_executions(contracts, event->interval, &n)[event->index];

    event_log->is_of_arrival = true;
    event_log->ask = execution->ask;
    event_log->bid = execution->bid;
    return add_step(event_log, event->position, err);
}

/* An order is accepted; between two rounds that is one that is amended. */
static enum gb_status take_amendment(struct event_log *event_log,
                                     const struct gb_contract_event *event,
                                     const struct gb_contracts *contracts, struct gb_error *err)
{
    if (event->receipt != GB_RECEIPT_OK || !gb_contracts_interval(contracts, event->interval).round)
        return GB_OK;
    struct amended *grown = gb_array_grow(event_log->amended, &event_log->amended_capacity,
                                          event_log->n_amended + 1, sizeof *grown);
    if (!grown)
        return gb_fail(err, GB_ENOMEM, "no memory for the amendments of a slot");
    event_log->amended = grown;
    event_log->amended[event_log->n_amended++] = (struct amended){event->index, event->position};
    return GB_OK;
}

/* What a trade of round 2 was amended by, up to the height of its close. */
static enum gb_status add_amendments(struct event_log *event_log, uint64_t height,
                                     struct gb_error *err)
{
    enum gb_status status = GB_OK;

    for (size_t i = 0; i < event_log->n_amended && status == GB_OK; i++) {
        const struct amended *amended = &event_log->amended[i];

        if (event_log->trade.round > 1 && amended->position.height <= height &&
            (amended->order == event_log->trade.sell_order ||
             amended->order == event_log->trade.buy_order))
            status = add_step(event_log, amended->position, err);
    }
    return status;
}

static enum gb_status take_match(struct event_log *event_log, const struct gb_contracts *contracts,
                                 struct gb_error *err)
{
    struct gb_interval_view view = gb_contracts_interval(contracts, event_log->interval);

    event_log->is_matched = true;
    event_log->n_trades = view.n_trades;
    event_log->n_standing = view.n_standing;
    if (event_log->index >= view.n_trades)
        return GB_OK;
    event_log->trade = view.trades[event_log->index];
    struct gb_position sell = view.positions[event_log->trade.sell_order];
    struct gb_position buy = view.positions[event_log->trade.buy_order];
    enum gb_status status = add_step(event_log, sell, err);
    if (status == GB_OK)
        status = add_step(event_log, buy, err);
    if (status == GB_OK)
        status = add_amendments(event_log, view.close_height, err);
    if (event_log->index >= view.n_standing) /* void: no match holds it */
        return status;
    if (status == GB_OK)
        status = gb_traded_make(&event_log->proof.traded, event_log->interval, event_log->index,
                                view.trades, view.n_standing, err);
    event_log->proof.has_trade = status == GB_OK;
    return status;
}

static bool names_trade(const struct gb_approvals *approvals, uint32_t trade)
{
    for (uint32_t i = 0; i < approvals->n; i++)
        if (approvals->trades[i] == trade)
            return true;
    return false;
}

/* Does this message belong to the trade's history, apart from the two orders? */
static bool is_step(const struct event_log *event_log, const struct gb_message *message)
{
    bool is_party = message->sender == GB_PARTY(GB_ROLE_METER, event_log->trade.seller) ||
                    message->sender == GB_PARTY(GB_ROLE_METER, event_log->trade.buyer);

    switch (message->kind) {
    case GB_MESSAGE_CLOSE: return message->body.close.interval == event_log->interval;
    case GB_MESSAGE_OPEN: return message->body.open.interval == event_log->interval;
    case GB_MESSAGE_READING:
        return message->body.reading.interval == event_log->interval && is_party;
    case GB_MESSAGE_APPROVE:
        return message->body.approve.interval == event_log->interval && is_party &&
               names_trade(&message->body.approve.approvals, event_log->index);
    case GB_MESSAGE_SETTLE:
        if (message->body.settle.interval != event_log->interval)
            return false;
        for (uint32_t i = 0; i < message->body.settle.n_trades; i++)
            if (message->body.settle.trades[i] == event_log->index)
                return true;
        return false;
    case GB_MESSAGE_FINALIZE: return message->body.finalize.interval == event_log->interval;
    default: return false;
    }
}

static enum gb_status take_messages(struct event_log *event_log, const struct gb_block *block,
                                    const struct gb_contracts *contracts, struct gb_error *err)
{
    const uint8_t *receipt;

    gb_contracts_receipts(contracts, &receipt);
    for (size_t i = 0; i < block->n_transactions; i++)
        for (size_t m = 0; m < block->transactions[i]->n_messages; m++) {
            bool is_executed = *receipt++ == GB_RECEIPT_OK;
            struct gb_position position = {block->header.number, (uint32_t)i, (uint32_t)m};
            if (!is_executed || !is_step(event_log, &block->transactions[i]->messages[m]))
                continue;
            enum gb_status status = add_step(event_log, position, err);
            if (status != GB_OK)
                return status;
        }
    return GB_OK;
}

/* Its match, what became of it, and the bills of its two sides. */
static bool is_of_trade(const void *context, const struct gb_statement *statement)
{
    const struct event_log *event_log = context;
    bool is_side = statement->sender == GB_PARTY(GB_ROLE_METER, event_log->trade.seller) ||
                   statement->sender == GB_PARTY(GB_ROLE_METER, event_log->trade.buyer);

    if (!statement->is_event || statement->interval != event_log->interval)
        return false;
    switch ((enum gb_contract_event_kind)statement->kind) {
    case GB_EVENT_MATCHED: return true;
    case GB_EVENT_TRADE_SETTLED:
    case GB_EVENT_TRADE_VOIDED: return statement->index == event_log->index;
    case GB_EVENT_BILLED: return is_side;
    default: return false;
    }
}

static enum gb_status collect(void *context, const struct gb_genesis *genesis,
                              const struct gb_block *block, const struct gb_contracts *contracts,
                              struct gb_error *err)
{
    struct event_log *event_log = context;
    const struct gb_events *events = gb_contracts_events(contracts);

    (void)genesis;
    for (size_t i = 0; i < events->n; i++) {
        const struct gb_contract_event *event = gb_event_at(events, i);
        if (event->interval != event_log->interval)
            continue;
        if (event->kind == GB_EVENT_TRADED && event->index == event_log->index &&
            take_execution(event_log, event, contracts, err) != GB_OK)
            return GB_ENOMEM;
        if (event->kind == GB_EVENT_ORDER &&
            take_amendment(event_log, event, contracts, err) != GB_OK)
            return GB_ENOMEM;
        if (event->kind == GB_EVENT_MATCHED && take_match(event_log, contracts, err) != GB_OK)
            return GB_ENOMEM;
        if ((event->kind != GB_EVENT_TRADE_SETTLED && event->kind != GB_EVENT_TRADE_VOIDED) ||
            event->index != event_log->index)
            continue;
        event_log->state = event->kind == GB_EVENT_TRADE_SETTLED ? GB_TRADE_SETTLED : GB_TRADE_VOID;
        event_log->end = event->position;
    }
    enum gb_status status =
        event_log->proof.has_trade
            ? gb_ledger_prove(&event_log->proof, block, contracts, is_of_trade, event_log, err)
            : GB_OK;
    return status == GB_OK && event_log->is_matched
               ? take_messages(event_log, block, contracts, err)
               : status;
}

static int by_position(const void *a, const void *b)
{
    const struct gb_position *x = a, *y = b;

    if (x->height != y->height)
        return x->height < y->height ? -1 : 1;
    if (x->transaction != y->transaction)
        return x->transaction < y->transaction ? -1 : 1;
    return x->message < y->message ? -1 : x->message > y->message;
}

/* In the ledger's order, each once: the order that arrived last made the trade. */
static void sort_steps(struct event_log *event_log)
{
    size_t n = 0;

    qsort(event_log->steps, event_log->n_steps, sizeof *event_log->steps, by_position);
    for (size_t i = 0; i < event_log->n_steps; i++)
        if (n == 0 || by_position(&event_log->steps[i], &event_log->steps[n - 1]) != 0)
            event_log->steps[n++] = event_log->steps[i];
    event_log->n_steps = n;
}

/* ---- printing a trade */

static void print_trade(const struct event_log *event_log, const struct gb_hash *chain_id)
{
    static const char *const states[] = {"not settled yet", "settled", "void"};
    const struct gb_trade *trade = &event_log->trade;
    char energy[48], buy[48], sell[48], cost[48], hex[65];

    printf("trade %" PRId64 ":%" PRIu32 ", %s\n", event_log->interval, event_log->index,
           states[event_log->state]);
    printf("  meter %" PRIu32 " sells %s%s to meter %" PRIu32, trade->seller,
           gb_words_energy(trade->energy, energy), gb_words_source(trade->source), trade->buyer);
    if (event_log->is_of_arrival)
        printf(", asked %s and bid %s\n", gb_words_price(event_log->ask, buy),
               gb_words_price(event_log->bid, sell));
    else
        printf(", made in round %" PRIu32 "\n", trade->round);
    printf("  the buyer pays %s a kWh (%s), the seller gets %s\n",
           gb_words_price(trade->price_buy, buy),
           gb_words_money(gb_cost(trade->energy, trade->price_buy), cost),
           gb_words_price(trade->price_sell, sell));
    if (event_log->index >= event_log->n_standing) {
        printf("  its block came too late to be stable when its slot began: the match holds %zu "
               "trades of those before it\n",
               event_log->n_standing);
        return;
    }
    struct gb_hash leaf = gb_match_leaf(event_log->interval, event_log->index, trade);
    printf("  leaf %" PRIu32 " of %zu in its match, path to the match's root:\n", event_log->index,
           event_log->n_standing);
    printf("    leaf   %s\n", gb_hash_hex(&leaf, hex));
    gb_words_print_path(event_log->proof.traded.path.steps, event_log->proof.traded.path.n);
    struct gb_hash root = gb_traded_root(&event_log->proof.traded);
    printf("    root   %s\n", gb_hash_hex(&root, hex));
    struct gb_hash digest =
        gb_settlement_digest(chain_id, event_log->interval, event_log->index, trade->energy,
                             trade->price_buy, trade->price_sell);
    printf("  what its seller, its buyer and the operator sign to settle it:\n    digest %s\n",
           gb_hash_hex(&digest, hex));
}

/* The path from a transaction to its block's root. */
static enum gb_status prove_transaction(const struct gb_block *block, uint32_t index,
                                        struct gb_path *path, struct gb_error *err)
{
    size_t n = block->n_transactions;
    struct gb_hash *level = malloc(n * sizeof *level);

    if (!level)
        return gb_fail(err, GB_ENOMEM, "no memory for a block of %zu transactions", n);
    for (size_t i = 0; i < n; i++)
        level[i] = gb_merkle_leaf(block->transactions[i]->hash.bytes, GB_HASH_SIZE);
    struct gb_hash node = level[index];
    path->n = (uint32_t)gb_merkle_path(level, n, index, path->steps);
    free(level);
    struct gb_hash root = gb_merkle_climb(&node, path->steps, path->n);
    if (!gb_hash_is_equal(&root, &block->header.transactions_root))
        return gb_fail(err, GB_EBROKEN, "block %" PRIu64 ": the file changed while it was read",
                       block->header.number);
    return GB_OK;
}

static void print_place(const struct gb_block *block, const struct gb_position *position)
{
    char time[48];

    printf("\n  block %" PRIu64 ", transaction %" PRIu32 ", message %" PRIu32 ", at %s\n",
           position->height, position->transaction, position->message,
           gb_words_time(block->header.time_ns, time));
}

/* Prints what a message says, where it stands, who signed, and its inclusion path. */
static enum gb_status print_step(const struct event_log *event_log, const struct gb_block *block,
                                 size_t number, struct gb_error *err)
{
    const struct gb_position *position = &event_log->steps[number];
    const struct gb_transaction *transaction = block->transactions[position->transaction];
    const struct gb_message *message = &transaction->messages[position->message];
    struct gb_path path;
    char party[32], hex[65];
    enum gb_status status = prove_transaction(block, position->transaction, &path, err);

    if (status != GB_OK)
        return status;
    printf("\n%zu. %s ", number + 1, gb_party_text(message->sender, party, sizeof party));
    gb_words_print_message(message);
    if (event_log->state != GB_TRADE_PENDING && by_position(position, &event_log->end) == 0)
        printf(":\n  the trade is %s", event_log->state == GB_TRADE_SETTLED ? "settled" : "void");
    print_place(block, position);
    gb_words_print_origin(block, position->transaction, position->message);
    gb_words_print_path(path.steps, path.n);
    printf("    root   %s\n", gb_hash_hex(&block->header.transactions_root, hex));
    return GB_OK;
}

/* Reads the blocks again up to the last step. */
static enum gb_status print_steps(const char *path, const struct event_log *event_log,
                                  struct gb_error *err)
{
    struct gb_ledger_reader *reader = NULL;
    enum gb_status status = gb_ledger_reader_open(&reader, path, gb_program_extensions(), err);
    size_t next = 0;

    while (status == GB_OK && next < event_log->n_steps) {
        struct gb_block *block = NULL;
        status = gb_ledger_reader_next(reader, &block, err);
        if (status == GB_OK && !block)
            status = gb_fail(err, GB_EBROKEN, "the file changed while it was read");
        for (; status == GB_OK && next < event_log->n_steps &&
               event_log->steps[next].height == block->header.number;
             next++)
            status = print_step(event_log, block, next, err);
        gb_block_free(block);
    }
    gb_ledger_reader_close(reader);
    return status;
}

static void print_proof(const struct gb_proof *proof)
{
    printf("\nwhat it came to, each with its path to the receipts root of its block:\n");
    for (size_t i = 0; i < proof->n; i++) {
        printf("\n");
        gb_words_print_inclusion(&proof->inclusions[i]);
    }
}

/* proof_path  NULL: none is written */
static int trace_trade(const char *path, int64_t interval, uint32_t index, const char *proof_path)
{
    struct event_log event_log = {.interval = interval, .index = index};
    struct gb_ledger_report report;
    struct gb_error err = {0};
    enum gb_status status =
        gb_ledger_replay(path, gb_program_extensions(), NULL, collect, &event_log, &report, &err);
    int code = GB_EXIT_DONE;

    if (status == GB_OK && index >= event_log.n_trades) {
        gb_message_error(event_log.is_matched ? "%s: there is no trade %" PRId64 ":%" PRIu32
                                                ", slot %" PRId64 " has %zu trades"
                                              : "%s: there is no trade %" PRId64 ":%" PRIu32
                                                ", slot %" PRId64 " was never matched (%zu trades)",
                         path, interval, index, interval, event_log.n_trades);
        code = GB_EXIT_WRONG_USE;
    } else if (status == GB_OK) {
        sort_steps(&event_log);
        gb_words_print_warning(&report);
        print_trade(&event_log, &report.chain_id);
        status = print_steps(path, &event_log, &err);
        if (status == GB_OK)
            print_proof(&event_log.proof);
        if (status == GB_OK && proof_path)
            code = gb_ledger_write_proof(&event_log.proof, path, proof_path);
    }
    free(event_log.steps);
    free(event_log.amended);
    gb_proof_clear(&event_log.proof);
    return status == GB_OK ? code : gb_ledger_failure(path, &err);
}

/* ---- arguments */

static bool read_trade(const char *text, int64_t *interval, int64_t *index)
{
    const char *colon = strchr(text, ':');
    char slot[32];

    if (!colon || (size_t)(colon - text) >= sizeof slot)
        return false;
    memcpy(slot, text, (size_t)(colon - text));
    slot[colon - text] = '\0';
    return gb_parse_decimal(slot, 0, interval) && gb_parse_decimal(colon + 1, 0, index) &&
           *interval >= 0 && *index >= 0 && *index <= UINT32_MAX;
}

struct request {
    const char *path, *proof;
    bool has_trade, has_meter, has_slot;
    int64_t interval, index, meter, slot;
};

static int take_option(void *context, const struct gb_arguments *arguments, int option)
{
    struct request *request = context;

    switch (option) {
    case TRACE_TRADE:
        request->has_trade = read_trade(arguments->value, &request->interval, &request->index);
        return request->has_trade
                   ? GB_EXIT_DONE
                   : gb_message_wrong_use(&trace_command,
                                          "ledger trace: option '--trade' expects a slot and a "
                                          "number, like 0:3, got '%s'",
                                          arguments->value);
    case TRACE_METER:
        request->has_meter =
            gb_arguments_number(arguments, option, 0, GB_PARTY_INDEX(UINT32_MAX), &request->meter);
        return request->has_meter ? GB_EXIT_DONE : GB_EXIT_WRONG_USE;
    case TRACE_SLOT:
        request->has_slot = gb_arguments_number(arguments, option, 0, INT64_MAX, &request->slot);
        return request->has_slot ? GB_EXIT_DONE : GB_EXIT_WRONG_USE;
    default: request->proof = arguments->value; return GB_EXIT_DONE;
    }
}

int gb_ledger_trace(int argc, char **argv)
{
    struct gb_arguments arguments = {
        .command = &trace_command, .options = trace_options, .argc = argc, .argv = argv};
    struct request request = {0};
    int code;

    if (!gb_arguments_read(&arguments, "file", take_option, &request, &request.path, &code))
        return code;
    if (request.has_trade == request.has_meter)
        return gb_message_wrong_use(&trace_command,
                                    "ledger trace: either --trade or --meter is needed");
    if (request.has_trade && request.has_slot)
        return gb_message_wrong_use(&trace_command, "ledger trace: --slot goes with --meter");
    const struct gb_command_file files[] = {{GB_COMMAND_FILE_INPUT, "the ledger", request.path},
                                            {GB_COMMAND_FILE_PROOF, "the proof", request.proof}};
    struct gb_error err = {0};
    if (gb_command_files_check(files, 2, &err) != GB_OK)
        return gb_message_failure(&err);
    if (request.proof)
        gb_interrupt_outlive_reader();
    gb_ledger_meet(request.path);
    if (request.has_trade)
        return trace_trade(request.path, request.interval, (uint32_t)request.index, request.proof);
    return gb_ledger_trace_meter(request.path, (uint32_t)request.meter,
                                 request.has_slot ? request.slot : GB_EVERY_SLOT, request.proof);
}
