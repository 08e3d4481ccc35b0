/* Quantities, messages and events of a ledger in words. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/ledger_priv.h"
#include "cli/message.h"

char *gb_words_energy(struct gb_energy energy, char buffer[48])
{
    char number[32];

    snprintf(buffer, 48, "%s kWh", gb_format_decimal(energy.wh, 3, number, sizeof number));
    return buffer;
}

char *gb_words_price(struct gb_price price, char buffer[48])
{
    return gb_format_decimal(price.ticks, 6, buffer, 48);
}

char *gb_words_money(struct gb_money money, char buffer[48])
{
    return gb_format_decimal(money.units, 9, buffer, 48);
}

char *gb_words_time(int64_t time_ns, char buffer[48])
{
    uint64_t ns = time_ns < 0 ? 0 - (uint64_t)time_ns : (uint64_t)time_ns;
    uint64_t ms = ns / (uint64_t)GB_NS_PER_MS, day = ms / 86400000;
    char days[32] = "";

    if (day > 0)
        snprintf(days, sizeof days, "%" PRIu64 " d ", day);
    ms %= 86400000;
    snprintf(buffer, 48, "%s%s%02" PRIu64 ":%02" PRIu64 ":%02" PRIu64 ".%03" PRIu64,
             time_ns < 0 ? "-" : "", days, ms / 3600000, ms / 60000 % 60, ms / 1000 % 60,
             ms % 1000);
    return buffer;
}

const char *gb_words_source(uint8_t source)
{
    static const char *const names[GB_N_SOURCES] = {"", " of solar", " of wind", " of storage",
                                                    " of grid"};

    return source < GB_N_SOURCES ? names[source] : " of an unknown source";
}

const char *gb_words_phase(uint8_t phase)
{
    static const char *const names[] = {"no", "pre-prepare", "prepare", "commit", "checkpoint"};

    return phase < sizeof names / sizeof names[0] ? names[phase] : "unknown";
}

static void print_order(const struct gb_order_message *body)
{
    const struct gb_order *order = &body->order;
    char energy[48], price[48], reserve[48];

    if (body->cancels) {
        printf("takes back its order with nonce %" PRIu64 " for slot %" PRId64, body->amends,
               body->interval);
        return;
    }
    printf("%s %s%s at %s, reserve %s, for slot %" PRId64,
           order->side == GB_BUY ? "bids for" : "offers", gb_words_energy(order->quantity, energy),
           gb_words_source(order->source),
           order->type == GB_ORDER_MARKET ? "any price" : gb_words_price(order->price, price),
           gb_words_price(order->reserve, reserve), body->interval);
    if (order->beta_millionths != GB_BETA_OF_MARKET)
        printf("\n    with beta %s",
               gb_format_decimal(order->beta_millionths, 6, price, sizeof price));
    if (order->minimum.wh > 0)
        printf("\n    if it gets at least %s", gb_words_energy(order->minimum, energy));
    if (body->amends > 0)
        printf("\n    in place of its order with nonce %" PRIu64, body->amends);
}

static void print_reading(const struct gb_reading_message *body)
{
    const struct gb_registers *start = &body->start, *end = &body->end;
    char in[48], out[48];

    printf("reads slot %" PRId64 ": import %s, export %s", body->interval,
           gb_words_energy((struct gb_energy){end->import_wh - start->import_wh}, in),
           gb_words_energy((struct gb_energy){end->export_wh - start->export_wh}, out));
    if (body->approvals.n > 0)
        printf("; signs %" PRIu32 " trade%s", body->approvals.n,
               gb_message_plural(body->approvals.n));
}

void gb_words_print_message(const struct gb_message *message)
{
    char hex[65];

    switch ((enum gb_message_kind)message->kind) {
    case GB_MESSAGE_REGISTER:
        printf("admits %" PRIu32 " meter%s", message->body.registration.n_users,
               gb_message_plural(message->body.registration.n_users));
        break;
    case GB_MESSAGE_ORDER: print_order(&message->body.order); break;
    case GB_MESSAGE_CLOSE:
        printf("closes the gate of slot %" PRId64 " at height %" PRIu64,
               message->body.close.interval, message->body.close.height);
        break;
    case GB_MESSAGE_OPEN:
        if (message->body.open.has_match)
            printf("opens slot %" PRId64 " under the match %.16s...", message->body.open.interval,
                   gb_hash_hex(&message->body.open.root, hex));
        if (message->body.open.has_height)
            printf(" of blocks up to %" PRIu64, message->body.open.height);
        if (!message->body.open.has_match)
            printf("opens slot %" PRId64 " without a match", message->body.open.interval);
        break;
    case GB_MESSAGE_READING: print_reading(&message->body.reading); break;
    case GB_MESSAGE_APPROVE:
        printf("signs %" PRIu32 " trade%s of slot %" PRId64, message->body.approve.approvals.n,
               gb_message_plural(message->body.approve.approvals.n),
               message->body.approve.interval);
        break;
    case GB_MESSAGE_SETTLE:
        printf("signs %" PRIu32 " trade%s of slot %" PRId64, message->body.settle.n_trades,
               gb_message_plural(message->body.settle.n_trades), message->body.settle.interval);
        break;
    case GB_MESSAGE_FINALIZE:
        printf("finalizes slot %" PRId64, message->body.finalize.interval);
        break;
    }
}

static void print_deviation(struct gb_energy deviation, const char *what)
{
    struct gb_energy size = {deviation.wh < 0 ? -deviation.wh : deviation.wh};
    char wh[48];

    if (deviation.wh != 0)
        printf("\n  imbalance %s: %s %s", what, gb_words_energy(size, wh),
               deviation.wh > 0 ? "short" : "long");
}

/* A bill with its sign in words: money and energy may flow either way. */
static void print_bill(const struct gb_contract_event *event, const char *what)
{
    bool pays = event->amount.units >= 0, draws = event->energy.wh >= 0;
    struct gb_money amount = {pays ? event->amount.units : -event->amount.units};
    struct gb_energy energy = {draws ? event->energy.wh : -event->energy.wh};
    char party[32], wh[48], money[48];

    printf("%s\n  %s %s %s; it %s %s, trades included", what,
           gb_party_text(event->sender, party, sizeof party),
           pays ? "pays the grid" : "gets from the grid", gb_words_money(amount, money),
           draws ? "drew" : "fed in", gb_words_energy(energy, wh));
    print_deviation(event->imbalance, "of its trades");
    print_deviation(event->off_schedule, "of its schedule with the grid");
}

bool gb_words_is_told(const struct gb_contract_event *event)
{
    if (event->kind == GB_EVENT_ORDER)
        return event->receipt == GB_RECEIPT_LATE;
    return event->kind != GB_EVENT_READING && event->kind != GB_EVENT_REFUSED;
}

void gb_words_print_event(const struct gb_contract_event *event)
{
    char party[32], energy[48];

    gb_party_text(event->sender, party, sizeof party);
    switch ((enum gb_contract_event_kind)event->kind) {
    case GB_EVENT_ORDER:
        printf("slot %" PRId64 ": an order of %s came too late", event->interval, party);
        break;
    case GB_EVENT_MATCHED: printf("slot %" PRId64 " is matched", event->interval); break;
    case GB_EVENT_OPENED:
        printf("slot %" PRId64 " is delivered under its match", event->interval);
        break;
    case GB_EVENT_MISSED:
        printf("slot %" PRId64 " is missed: everybody on the grid", event->interval);
        break;
    case GB_EVENT_TRADE_SETTLED:
        printf("trade %" PRId64 ":%" PRIu32 " is settled: %s", event->interval, event->index,
               gb_words_energy(event->executed, energy));
        break;
    case GB_EVENT_TRADE_VOIDED:
        printf("trade %" PRId64 ":%" PRIu32 " is void", event->interval, event->index);
        break;
    case GB_EVENT_BILLED:
        printf("slot %" PRId64, event->interval);
        print_bill(event, " is billed");
        break;
    case GB_EVENT_GAP_BILLED: print_bill(event, "a gap between readings is billed"); break;
    case GB_EVENT_APPROVAL_REFUSED:
        printf("the signature of %s under trade %" PRId64 ":%" PRIu32 " does not count:\n  %s",
               party, event->interval, event->index,
               gb_receipt_text((enum gb_receipt)event->receipt));
        break;
    case GB_EVENT_TRADED:
        printf("trade %" PRId64 ":%" PRIu32 " is made by an order of %s", event->interval,
               event->index, party);
        break;
    case GB_EVENT_ROUND:
        printf("slot %" PRId64 ": round 1 is over, what it left may be amended", event->interval);
        break;
    case GB_EVENT_CUT:
        printf("slot %" PRId64 ": an order of %s is cut by %s,\n  beyond the limit of the market",
               event->interval, party, gb_words_energy(event->executed, energy));
        break;
    case GB_EVENT_READING:
    case GB_EVENT_REFUSED: break;
    }
}

void gb_words_print_certificate(const struct gb_certificate *certificate)
{
    printf("%s votes of validator%s", gb_words_phase(certificate->phase),
           certificate->n_signers > 1 ? "s" : "");
    for (uint32_t i = 0; i < certificate->n_signers; i++)
        printf("%s %" PRIu32, i > 0 ? "," : "", certificate->signers[i]);
    printf(" in view %" PRIu32, certificate->view);
}

void gb_words_print_origin(const struct gb_block *block, size_t number, size_t message)
{
    const struct gb_transaction *transaction = block->transactions[number];
    char party[32], hex[65];

    printf("  signed by %s",
           gb_party_text(transaction->messages[message].sender, party, sizeof party));
    if (transaction->concentrator != GB_PARTY_NONE)
        printf(", sent by %s", gb_party_text(transaction->concentrator, party, sizeof party));
    printf("; the block by\n  ");
    gb_words_print_certificate(&block->certificate);
    printf("\n    block  %s\n", gb_hash_hex(&block->hash, hex));
    printf("    leaf   %s\n", gb_hash_hex(&transaction->hash, hex));
}

void gb_words_print_warning(const struct gb_ledger_report *report)
{
    if (report->is_modelled)
        printf("(signatures are modelled: who signed is claimed here, not proven)\n");
}
