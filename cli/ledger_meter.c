/* gridbourse ledger trace --meter: what one meter sent, what was reported to it, and what it was
 * billed, as the replay comes by. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/ledger_priv.h"
#include "cli/message.h"

struct meter {
    gb_party party;
    uint32_t number;
    int64_t interval;                      /* or GB_EVERY_SLOT */
    bool is_known;                         /* stands in the genesis */
    bool is_printed;                       /* something was printed */
    int64_t last;                          /* slot of the run so far; -1: none */
    struct gb_money balance, escrow, grid; /* after the last block */
    struct gb_proof *proof;                /* collects its bills; NULL: nobody wants it */
};

static bool is_asked(const struct meter *meter, int64_t interval)
{
    return meter->interval == GB_EVERY_SLOT || meter->interval == interval;
}

static bool is_of_slot(const struct meter *meter, const struct gb_message *message)
{
    int64_t interval = message->kind == GB_MESSAGE_ORDER     ? message->body.order.interval
                       : message->kind == GB_MESSAGE_READING ? message->body.reading.interval
                                                             : message->body.approve.interval;

    return is_asked(meter, interval);
}

static bool admits(const struct gb_message *message, uint32_t meter)
{
    if (message->kind != GB_MESSAGE_REGISTER)
        return false;
    for (uint32_t i = 0; i < message->body.registration.n_users; i++)
        if (message->body.registration.users[i].meter == meter)
            return true;
    return false;
}

/* Is the message the meter's own, or the one that admits it, and of the slot that is asked for? */
static bool is_of_meter(const struct meter *meter, const struct gb_message *message)
{
    if (message->sender == meter->party)
        return is_of_slot(meter, message);
    return meter->interval == GB_EVERY_SLOT && admits(message, meter->number);
}

static void print_messages(struct meter *meter, const struct gb_block *block,
                           const struct gb_contracts *contracts)
{
    const uint8_t *receipt;

    gb_contracts_receipts(contracts, &receipt);
    for (size_t i = 0; i < block->n_transactions; i++)
        for (size_t m = 0; m < block->transactions[i]->n_messages; m++, receipt++) {
            const struct gb_message *message = &block->transactions[i]->messages[m];
            if (!is_of_meter(meter, message))
                continue;
            meter->is_printed = true;
            printf("block %" PRIu64 ", transaction %zu, message %zu: %s\n  ", block->header.number,
                   i, m, gb_receipt_text((enum gb_receipt) * receipt));
            if (message->sender == meter->party) {
                printf("it ");
                gb_words_print_message(message);
            } else {
                printf("it is admitted");
            }
            printf("\n");
            gb_words_print_origin(block, i, m);
        }
}

/* The trades that a match has just given the meter. */
static void print_contracts(const struct meter *meter, uint64_t height, int64_t interval,
                            const struct gb_contracts *contracts)
{
    struct gb_interval_view view = gb_contracts_interval(contracts, interval);
    const uint32_t *trades;
    size_t n = gb_contracts_meter_trades(contracts, interval, meter->number, &trades);
    char energy[48], price[48];

    for (size_t i = 0; i < n; i++) {
        const struct gb_trade *trade = &view.trades[trades[i]];
        bool is_seller = trade->seller == meter->number;
        printf("block %" PRIu64 ": trade %" PRId64 ":%" PRIu32 "\n  it %s %s%s %s meter %" PRIu32
               " at %s\n",
               height, interval, trades[i], is_seller ? "sells" : "buys",
               gb_words_energy(trade->energy, energy), gb_words_source(trade->source),
               is_seller ? "to" : "from", is_seller ? trade->buyer : trade->seller,
               gb_words_price(is_seller ? trade->price_sell : trade->price_buy, price));
    }
}

static bool concerns(const struct meter *meter, const struct gb_contract_event *event,
                     const struct gb_contracts *contracts)
{
    const uint32_t *trades;
    size_t n;

    if (!is_asked(meter, event->interval))
        return false;
    switch (event->kind) {
    case GB_EVENT_TRADE_SETTLED:
    case GB_EVENT_TRADE_VOIDED:
        n = gb_contracts_meter_trades(contracts, event->interval, meter->number, &trades);
        for (size_t i = 0; i < n; i++)
            if (trades[i] == event->index)
                return true;
        return false;
    case GB_EVENT_MISSED: return true;
    case GB_EVENT_OPENED: return false;
    default: return event->sender == meter->party;
    }
}

static bool is_bill_of(const void *context, const struct gb_statement *statement)
{
    const struct meter *meter = context;

    return statement->is_event &&
           (statement->kind == GB_EVENT_BILLED || statement->kind == GB_EVENT_GAP_BILLED) &&
           statement->sender == meter->party && is_asked(meter, statement->interval);
}

/* Slots that were accepted orders for, matched or missed; what else names one may be refused. */
static void count_slot(struct meter *meter, const struct gb_contract_event *event)
{
    bool is_slot = event->kind == GB_EVENT_MATCHED || event->kind == GB_EVENT_MISSED ||
                   (event->kind == GB_EVENT_ORDER && event->receipt == GB_RECEIPT_OK);

    if (is_slot && event->interval > meter->last)
        meter->last = event->interval;
}

static enum gb_status follow(void *context, const struct gb_genesis *genesis,
                             const struct gb_block *block, const struct gb_contracts *contracts,
                             struct gb_error *err)
{
    struct meter *meter = context;
    const struct gb_events *events = gb_contracts_events(contracts);

    meter->is_known = meter->number < genesis->n_users;
    if (!meter->is_known)
        return GB_OK;
    print_messages(meter, block, contracts);
    for (size_t i = 0; i < events->n; i++) {
        const struct gb_contract_event *event = gb_event_at(events, i);

        count_slot(meter, event);
        if (event->kind == GB_EVENT_MATCHED && is_asked(meter, event->interval))
            print_contracts(meter, block->header.number, event->interval, contracts);
        if (event->kind == GB_EVENT_MATCHED || !concerns(meter, event, contracts))
            continue;
        if (!gb_words_is_told(event))
            continue;
        printf("block %" PRIu64 ": ", block->header.number);
        gb_words_print_event(event);
        printf("\n");
    }
    meter->balance = gb_contracts_balance(contracts, meter->number);
    meter->escrow = gb_contracts_escrow(contracts, meter->number);
    meter->grid = gb_contracts_grid_account(contracts, meter->number);
    return meter->proof ? gb_ledger_prove(meter->proof, block, contracts, is_bill_of, meter, err)
                        : GB_OK;
}

static int refuse_meter(const char *path, uint32_t number)
{
    gb_message_error("%s: meter %" PRIu32 " is none of the users in the genesis", path, number);
    return GB_EXIT_WRONG_USE;
}

static int refuse_slot(const char *path, const struct meter *meter)
{
    if (meter->last < 0)
        gb_message_error("%s: there is no slot %" PRId64 ": no order was accepted for any", path,
                         meter->interval);
    else
        gb_message_error("%s: there is no slot %" PRId64 ": the last one is %" PRId64, path,
                         meter->interval, meter->last);
    return GB_EXIT_WRONG_USE;
}

int gb_ledger_trace_meter(const char *path, uint32_t number, int64_t interval,
                          const char *proof_path)
{
    struct gb_proof proof = {0};
    struct meter meter = {.party = GB_PARTY(GB_ROLE_METER, number),
                          .number = number,
                          .interval = interval,
                          .last = -1,
                          .proof = proof_path ? &proof : NULL};
    struct gb_ledger_report report;
    struct gb_error err = {0};
    char balance[48], escrow[48], grid[48];
    enum gb_status status =
        gb_ledger_replay(path, gb_program_extensions(), NULL, follow, &meter, &report, &err);

    int code = GB_EXIT_DONE;

    if (status != GB_OK)
        code = gb_ledger_failure(path, &err);
    else if (!meter.is_known && report.n_blocks > 0)
        code = refuse_meter(path, number);
    else if (interval > meter.last && !meter.is_printed)
        code = refuse_slot(path, &meter);
    else if (proof_path)
        code = gb_ledger_write_proof(&proof, path, proof_path);
    gb_proof_clear(&proof);
    if (code != GB_EXIT_DONE)
        return code;
    printf("meter %" PRIu32 " at the end\n  balance for trades %s\n  in escrow %s\n"
           "  grid account %s\n",
           number, gb_words_money(meter.balance, balance), gb_words_money(meter.escrow, escrow),
           gb_words_money(meter.grid, grid));
    gb_words_print_warning(&report);
    return GB_EXIT_DONE;
}
