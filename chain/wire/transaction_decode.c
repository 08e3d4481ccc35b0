/* One pass reads a transaction back and refuses what would not encode to the same bytes. */
#include "chain/wire/transaction_priv.h"

#include <stdlib.h>
#include <string.h>

#include "chain/wire/codec.h"

static void take_registration(struct gb_decoder *from, struct gb_transaction *owner,
                              struct gb_register_message *body)
{
    uint32_t n = gb_take_count(from, GB_ADMISSION_SIZE, "a count of users that fits");
    struct gb_admission *users = gb_transaction_reserve(owner, n * sizeof *users);

    for (uint32_t i = 0; i < n; i++) {
        users[i].meter = gb_take_u32(from);
        gb_take_fixed(from, users[i].key.bytes, sizeof users[i].key.bytes);
        users[i].capacity_wh = gb_take_i64(from);
    }
    body->n_users = n;
    body->users = users;
}

static void take_order(struct gb_decoder *from, gb_party sender, struct gb_order_message *body)
{
    struct gb_order *order = &body->order;

    order->owner = GB_PARTY_INDEX(sender);
    body->interval = gb_take_i64(from);
    order->side = (uint8_t)gb_take_choice(from, GB_BUY, GB_SELL, "a side, 0 or 1");
    order->type =
        (uint8_t)gb_take_choice(from, GB_ORDER_LIMIT, GB_ORDER_IOC, "an order type, 0 to 2");
    order->source =
        (uint8_t)gb_take_choice(from, GB_SOURCE_ANY, GB_N_SOURCES - 1, "a source, 0 to 4");
    order->quantity.wh = gb_take_i64(from);
    order->minimum.wh = gb_take_i64(from);
    order->price.ticks = gb_take_i64(from);
    order->reserve.ticks = gb_take_i64(from);
    order->beta_millionths = gb_take_i32(from);
    body->amends = gb_take_u64(from);
    body->cancels = gb_take_flag(from);
}

static struct gb_registers take_registers(struct gb_decoder *from)
{
    struct gb_registers registers;

    registers.import_wh = gb_take_i64(from);
    registers.export_wh = gb_take_i64(from);
    registers.solar_wh = gb_take_i64(from);
    registers.wind_wh = gb_take_i64(from);
    registers.charge_wh = gb_take_i64(from);
    registers.discharge_wh = gb_take_i64(from);
    return registers;
}

static void take_signature(struct gb_decoder *from, struct gb_signature *signature)
{
    gb_take_fixed(from, signature->bytes, sizeof signature->bytes);
}

static struct gb_approvals take_approvals(struct gb_decoder *from, struct gb_transaction *owner)
{
    uint32_t n = gb_take_count(from, GB_APPROVAL_SIZE, "a count of approvals that fits");
    uint32_t *trades = gb_transaction_reserve(owner, n * sizeof *trades);
    struct gb_signature *signatures = gb_transaction_reserve_signatures(owner, n);

    for (uint32_t i = 0; i < n; i++) {
        trades[i] = gb_take_u32(from);
        take_signature(from, &signatures[i]);
    }
    return (struct gb_approvals){n, trades, signatures};
}

static void take_settle(struct gb_decoder *from, struct gb_transaction *owner,
                        struct gb_settle_message *body)
{
    body->interval = gb_take_i64(from);
    uint32_t n = gb_take_count(from, 4, "a count of trades that fits");
    uint32_t *trades = gb_transaction_reserve(owner, n * sizeof *trades);

    for (uint32_t i = 0; i < n; i++)
        trades[i] = gb_take_u32(from);
    body->n_trades = n;
    body->trades = trades;
    gb_take_fixed(from, body->root.bytes, sizeof body->root.bytes);
    struct gb_signature *signature = gb_transaction_reserve_signatures(owner, 1);
    take_signature(from, signature);
    body->signature = signature;
}

static void take_open(struct gb_decoder *from, struct gb_open_message *body)
{
    body->interval = gb_take_i64(from);
    uint32_t form = gb_take_choice(from, 0, 2, "0 (no match), 1 (a match) or 2 (up to a height)");

    body->has_match = form > 0;
    body->has_height = form == 2;
    if (body->has_height)
        body->height = gb_take_u64(from);
    if (body->has_match)
        gb_take_fixed(from, body->root.bytes, GB_HASH_SIZE);
}

static gb_party take_party(struct gb_decoder *from)
{
    size_t at = from->at;
    gb_party party = gb_take_u32(from);

    if (GB_PARTY_ROLE(party) > GB_ROLE_SUPERVISOR)
        gb_decoder_refuse(from, at, "a party of a known role");
    return party;
}

static void take_body(struct gb_decoder *from, struct gb_transaction *owner,
                      struct gb_message *message)
{
    switch ((enum gb_message_kind)message->kind) {
    case GB_MESSAGE_REGISTER: take_registration(from, owner, &message->body.registration); break;
    case GB_MESSAGE_ORDER: take_order(from, message->sender, &message->body.order); break;
    case GB_MESSAGE_CLOSE:
        message->body.close.interval = gb_take_i64(from);
        message->body.close.height = gb_take_u64(from);
        break;
    case GB_MESSAGE_OPEN: take_open(from, &message->body.open); break;
    case GB_MESSAGE_READING:
        message->body.reading.interval = gb_take_i64(from);
        message->body.reading.start = take_registers(from);
        message->body.reading.end = take_registers(from);
        message->body.reading.approvals = take_approvals(from, owner);
        break;
    case GB_MESSAGE_APPROVE:
        message->body.approve.interval = gb_take_i64(from);
        message->body.approve.approvals = take_approvals(from, owner);
        break;
    case GB_MESSAGE_SETTLE: take_settle(from, owner, &message->body.settle); break;
    case GB_MESSAGE_FINALIZE: message->body.finalize.interval = gb_take_i64(from); break;
    }
}

static void take_message(struct gb_decoder *from, struct gb_transaction *owner, size_t i,
                         const struct gb_hash *chain_id)
{
    struct gb_message *message = &owner->messages[i];
    size_t start = from->at;

    message->kind = (uint8_t)gb_take_choice(from, GB_MESSAGE_REGISTER, GB_MESSAGE_FINALIZE,
                                            "a kind of message, 1 to 8");
    message->sender = take_party(from);
    message->nonce = gb_take_u64(from);
    message->last_valid_height = gb_take_u64(from);
    take_body(from, owner, message);
    if (from->expected)
        return;
    owner->digests[i] =
        gb_statement_digest(GB_DOMAIN_MESSAGE, chain_id, from->bytes + start, from->at - start);
    take_signature(from, &owner->signatures[i]);
}

/* How many messages follow: one, or what the head of a bundle says. */
static size_t take_head(struct gb_decoder *from, gb_party *concentrator, uint64_t *nonce)
{
    *nonce = 0;
    *concentrator = gb_take_u32(from);
    if (*concentrator == GB_PARTY_NONE)
        return 1;
    if (GB_PARTY_ROLE(*concentrator) != GB_ROLE_CONCENTRATOR)
        gb_decoder_refuse(from, 0, "a concentrator, or none");
    *nonce = gb_take_u64(from);
    size_t at = from->at;
    size_t n = gb_take_count(from, GB_MESSAGE_SIZE_MIN, "a count of messages that fits");
    if (n < 1 || n > GB_BUNDLE_MAX)
        gb_decoder_refuse(from, at, "1 to 1000 messages");
    return n;
}

enum gb_status gb_transaction_decode(struct gb_transaction **out, const uint8_t *bytes, size_t n,
                                     const struct gb_hash *chain_id, struct gb_error *err)
{
    struct gb_decoder from = {.bytes = bytes, .n = n};
    gb_party concentrator;
    uint64_t nonce;
    size_t n_messages = take_head(&from, &concentrator, &nonce);

    if (from.expected)
        return gb_decoder_end(&from, err);
    /* an array in memory takes at most 12/11 of its encoding (struct gb_admission: 48 for 44), and
     * every signature stands in the encoding, but for one that is missed */
    struct gb_transaction *transaction = gb_transaction_create(
        concentrator, n_messages, n + n / 8 + n_messages * GB_ARENA_ALIGNMENT);
    if (!transaction ||
        !gb_transaction_make_proofs(transaction, n / sizeof(struct gb_signature) + 1) ||
        !(transaction->bytes = malloc(n))) {
        gb_transaction_free(transaction);
        return gb_fail(err, GB_ENOMEM, "no memory for a transaction of %zu bytes", n);
    }
    transaction->nonce = nonce;
    for (size_t i = 0; i < n_messages && !from.expected; i++)
        take_message(&from, transaction, i, chain_id);
    if (concentrator != GB_PARTY_NONE && !from.expected) {
        transaction->digest = gb_statement_digest(GB_DOMAIN_BUNDLE, chain_id, bytes, from.at);
        take_signature(&from, &transaction->signature);
    }

    enum gb_status status = gb_decoder_end(&from, err);
    if (status != GB_OK) {
        gb_transaction_free(transaction);
        return status;
    }
    memcpy(transaction->bytes, bytes, n);
    transaction->n_bytes = n;
    transaction->hash = gb_hash_bytes(GB_DOMAIN_TRANSACTION, bytes, n);
    *out = transaction;
    return GB_OK;
}
