/* One pass encodes, digests and signs a transaction; one pass reads it back. Sizes are known before
 * a byte is written, so that a transaction costs two allocations, its struct with messages and arrays
 * inside and what proves them, beside its encoding where that is kept. */
#include "chain/transaction.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "chain/codec.h"

#define ARENA_ALIGNMENT 8
#define MESSAGE_SIZE_MIN (24 + 8 + sizeof(struct gb_signature))         /* FINALIZE */
#define APPROVAL_SIZE (4 + sizeof(struct gb_signature))
#define ADMISSION_SIZE (4 + sizeof(struct gb_public_key) + 8)

static size_t align_up(size_t n)
{
    return (n + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT;
}

struct gb_transaction *gb_transaction_create(gb_party concentrator, size_t n_messages,
                                             size_t array_bytes)
{
    size_t messages_at = align_up(sizeof(struct gb_transaction));
    size_t arena_at = align_up(messages_at + n_messages * sizeof(struct gb_message));
    size_t arena_size = align_up(array_bytes);
    uint8_t *block = calloc(1, arena_at + arena_size);

    if (!block)
        return NULL;
    struct gb_transaction *transaction = (struct gb_transaction *)(void *)block;
    transaction->concentrator = concentrator;
    transaction->n_messages = n_messages;
    transaction->messages = (struct gb_message *)(void *)(block + messages_at);
    transaction->arena = block + arena_at;
    transaction->arena_size = arena_size;
    return transaction;
}

void gb_transaction_free(struct gb_transaction *transaction)
{
    if (!transaction)
        return;
    free(transaction->digests);
    free(transaction->bytes);
    free(transaction);
}

void gb_transaction_forget_proofs(struct gb_transaction *transaction)
{
    free(transaction->digests);
    transaction->digests = NULL;
    transaction->signatures = NULL;
    for (size_t i = 0; i < transaction->n_messages; i++) {
        struct gb_message *message = &transaction->messages[i];

        if (message->kind == GB_MESSAGE_READING)
            message->body.reading.approvals.signatures = NULL;
        else if (message->kind == GB_MESSAGE_APPROVE)
            message->body.approve.approvals.signatures = NULL;
        else if (message->kind == GB_MESSAGE_SETTLE)
            message->body.settle.signature = NULL;
    }
}

struct gb_transaction *gb_transaction_forget_messages(struct gb_transaction *transaction)
{
    free(transaction->digests);
    transaction->digests = NULL;
    transaction->signatures = NULL;
    transaction->messages = NULL;
    transaction->arena = NULL;
    struct gb_transaction *shrunk = realloc(transaction, sizeof *transaction);
    return shrunk ? shrunk : transaction;
}

void *gb_transaction_reserve(struct gb_transaction *transaction, size_t n_bytes)
{
    void *room = (uint8_t *)transaction->arena + transaction->arena_used;

    transaction->arena_used += align_up(n_bytes);
    assert(transaction->arena_used <= transaction->arena_size);
    return room;
}

/* Digests and signatures stand in one block that begins with the digests. */
bool gb_transaction_make_proofs(struct gb_transaction *transaction, size_t n_signatures)
{
    size_t n = transaction->n_messages;

    assert(!transaction->digests);
    transaction->signatures_room = n + n_signatures;
    transaction->n_signatures = n;
    transaction->digests = calloc(1, n * sizeof *transaction->digests +
                                  transaction->signatures_room * sizeof *transaction->signatures);
    if (!transaction->digests)
        return false;
    transaction->signatures = (struct gb_signature *)(void *)(transaction->digests + n);
    return true;
}

struct gb_signature *gb_transaction_reserve_signatures(struct gb_transaction *transaction, size_t n)
{
    transaction->n_signatures += n;
    assert(transaction->n_signatures <= transaction->signatures_room);
    return transaction->signatures + transaction->n_signatures - n;
}

const char *gb_message_kind_text(enum gb_message_kind kind)
{
    static const char *const texts[] = {"nothing", "registration", "order", "close", "open",
                                        "reading", "approval", "settlement", "finalize"};

    return (size_t)kind < sizeof texts / sizeof texts[0] ? texts[kind] : "unknown";
}

/* ---- encoding */

static size_t message_size(const struct gb_message *message)
{
    size_t size = 24 + sizeof(struct gb_signature);

    switch ((enum gb_message_kind)message->kind) {
    case GB_MESSAGE_REGISTER:
        return size + 4 + message->body.registration.n_users * ADMISSION_SIZE;
    case GB_MESSAGE_ORDER:
        return size + 68;
    case GB_MESSAGE_CLOSE:
        return size + 16;
    case GB_MESSAGE_OPEN:
        return size + 12 + (message->body.open.has_match ? GB_HASH_SIZE : 0);
    case GB_MESSAGE_READING:
        return size + 108 + message->body.reading.approvals.n * APPROVAL_SIZE;
    case GB_MESSAGE_APPROVE:
        return size + 12 + message->body.approve.approvals.n * APPROVAL_SIZE;
    case GB_MESSAGE_SETTLE:
        return size + 12 + message->body.settle.n_trades * 4u + GB_HASH_SIZE +
               sizeof(struct gb_signature);
    case GB_MESSAGE_FINALIZE:
        return size + 8;
    }
    assert(!"a message of no kind");
    return size;
}

static void put_registration(struct gb_encoder *to, const struct gb_register_message *body)
{
    gb_put_u32(to, body->n_users);
    for (uint32_t i = 0; i < body->n_users; i++) {
        gb_put_u32(to, body->users[i].meter);
        gb_put_fixed(to, body->users[i].key.bytes, sizeof body->users[i].key.bytes);
        gb_put_i64(to, body->users[i].capacity_wh);
    }
}

static void put_order(struct gb_encoder *to, const struct gb_order_message *body)
{
    const struct gb_order *order = &body->order;

    assert(order->side <= GB_SELL && order->type <= GB_ORDER_MARKET);
    assert(order->source < GB_N_SOURCES);
    gb_put_i64(to, body->interval);
    gb_put_u32(to, order->side);
    gb_put_u32(to, order->type);
    gb_put_u32(to, order->source);
    gb_put_i64(to, order->quantity.wh);
    gb_put_i64(to, order->minimum.wh);
    gb_put_i64(to, order->price.ticks);
    gb_put_i64(to, order->reserve.ticks);
    gb_put_i32(to, order->beta_millionths);
    gb_put_u64(to, body->amends);
    gb_put_u32(to, body->cancels);
}

static void put_registers(struct gb_encoder *to, const struct gb_registers *registers)
{
    gb_put_i64(to, registers->import_wh);
    gb_put_i64(to, registers->export_wh);
    gb_put_i64(to, registers->solar_wh);
    gb_put_i64(to, registers->wind_wh);
    gb_put_i64(to, registers->charge_wh);
    gb_put_i64(to, registers->discharge_wh);
}

static void put_signature(struct gb_encoder *to, const struct gb_signature *signature)
{
    gb_put_fixed(to, signature->bytes, sizeof signature->bytes);
}

static void put_approvals(struct gb_encoder *to, const struct gb_approvals *approvals)
{
    gb_put_u32(to, approvals->n);
    for (uint32_t i = 0; i < approvals->n; i++) {
        gb_put_u32(to, approvals->trades[i]);
        put_signature(to, &approvals->signatures[i]);
    }
}

static void put_settle(struct gb_encoder *to, const struct gb_settle_message *body)
{
    gb_put_i64(to, body->interval);
    gb_put_u32(to, body->n_trades);
    for (uint32_t i = 0; i < body->n_trades; i++)
        gb_put_u32(to, body->trades[i]);
    gb_put_fixed(to, body->root.bytes, sizeof body->root.bytes);
    put_signature(to, body->signature);
}

/* What the sender signs: all of a message but its signature. */
static void put_statement(struct gb_encoder *to, const struct gb_message *message)
{
    gb_put_u32(to, message->kind);
    gb_put_u32(to, message->sender);
    gb_put_u64(to, message->nonce);
    gb_put_u64(to, message->last_valid_height);
    switch ((enum gb_message_kind)message->kind) {
    case GB_MESSAGE_REGISTER:
        put_registration(to, &message->body.registration);
        break;
    case GB_MESSAGE_ORDER:
        assert(message->body.order.order.owner == GB_PARTY_INDEX(message->sender));
        put_order(to, &message->body.order);
        break;
    case GB_MESSAGE_CLOSE:
        gb_put_i64(to, message->body.close.interval);
        gb_put_u64(to, message->body.close.height);
        break;
    case GB_MESSAGE_OPEN:
        gb_put_i64(to, message->body.open.interval);
        gb_put_u32(to, message->body.open.has_match);
        if (message->body.open.has_match)
            gb_put_fixed(to, message->body.open.root.bytes, GB_HASH_SIZE);
        break;
    case GB_MESSAGE_READING:
        gb_put_i64(to, message->body.reading.interval);
        put_registers(to, &message->body.reading.start);
        put_registers(to, &message->body.reading.end);
        put_approvals(to, &message->body.reading.approvals);
        break;
    case GB_MESSAGE_APPROVE:
        gb_put_i64(to, message->body.approve.interval);
        put_approvals(to, &message->body.approve.approvals);
        break;
    case GB_MESSAGE_SETTLE:
        put_settle(to, &message->body.settle);
        break;
    case GB_MESSAGE_FINALIZE:
        gb_put_i64(to, message->body.finalize.interval);
        break;
    }
}

static struct gb_hash digest_of(enum gb_domain domain, const struct gb_hash *chain_id,
                                const uint8_t *bytes, size_t n)
{
    return gb_hash_pair(domain, chain_id->bytes, sizeof chain_id->bytes, bytes, n);
}

static size_t transaction_size(const struct gb_transaction *transaction)
{
    bool is_bundle = transaction->concentrator != GB_PARTY_NONE;
    size_t size = is_bundle ? 16 + sizeof transaction->signature : 4;

    for (size_t i = 0; i < transaction->n_messages; i++)
        size += message_size(&transaction->messages[i]);
    return size;
}

/* ring  NULL: the signatures stay as they are */
static void put_message(struct gb_encoder *to, struct gb_transaction *transaction, size_t i,
                        const struct gb_hash *chain_id, const struct gb_keyring *ring)
{
    const struct gb_message *message = &transaction->messages[i];
    struct gb_hash *digest = &transaction->digests[i];
    size_t start = to->n;

    put_statement(to, message);
    *digest = digest_of(GB_DOMAIN_MESSAGE, chain_id, to->bytes + start, to->n - start);
    if (ring)
        gb_keyring_sign(ring, message->sender, digest, &transaction->signatures[i]);
    put_signature(to, &transaction->signatures[i]);
}

/* Where an encoding goes: it is hashed piece by piece, and kept whole or not at all. */
struct outlet {
    struct gb_encoder to;               /* the whole encoding, or the piece not hashed yet */
    bool is_kept;
    size_t n_hashed;                    /* bytes, of all pieces */
    struct gb_hasher transaction, bundle;
};

enum { PIECE = 8192 };                  /* bytes; large pieces hash faster, this stays in a cache */

/* Hashes what has come since the last call. */
static void let_out(struct outlet *outlet)
{
    struct gb_encoder *to = &outlet->to;
    size_t from = outlet->is_kept ? outlet->n_hashed : 0;
    size_t n = to->n - from;

    gb_hasher_add(&outlet->transaction, to->bytes + from, n);
    gb_hasher_add(&outlet->bundle, to->bytes + from, n);
    outlet->n_hashed += n;
    if (!outlet->is_kept)
        to->n = 0;
}

static void put_bundle(struct outlet *outlet, struct gb_transaction *transaction,
                       const struct gb_hash *chain_id, const struct gb_keyring *ring)
{
    struct gb_encoder *to = &outlet->to;

    gb_hasher_init(&outlet->bundle, GB_DOMAIN_BUNDLE);
    gb_hasher_add(&outlet->bundle, chain_id->bytes, sizeof chain_id->bytes);
    gb_put_u32(to, transaction->concentrator);
    gb_put_u64(to, transaction->nonce);
    gb_put_u32(to, (uint32_t)transaction->n_messages);
    for (size_t i = 0; i < transaction->n_messages; i++) {
        put_message(to, transaction, i, chain_id, ring);
        if (to->n - (outlet->is_kept ? outlet->n_hashed : 0) >= PIECE)
            let_out(outlet);
    }
    let_out(outlet);
    transaction->digest = gb_hasher_end(&outlet->bundle);
    if (ring)
        gb_keyring_sign(ring, transaction->concentrator, &transaction->digest,
                        &transaction->signature);
    size_t before = to->n;
    put_signature(to, &transaction->signature);
    gb_hasher_add(&outlet->transaction, to->bytes + before, to->n - before);
    outlet->n_hashed += to->n - before;
    transaction->hash = gb_hasher_end(&outlet->transaction);
}

static void put_alone(struct outlet *outlet, struct gb_transaction *transaction,
                      const struct gb_hash *chain_id, const struct gb_keyring *ring)
{
    struct gb_encoder *to = &outlet->to;

    gb_put_u32(to, transaction->concentrator);
    put_message(to, transaction, 0, chain_id, ring);
    transaction->hash = gb_hash_bytes(GB_DOMAIN_TRANSACTION, to->bytes, to->n);
    outlet->n_hashed = to->n;
}

static enum gb_status encode(struct gb_transaction *transaction, const struct gb_hash *chain_id,
                             const struct gb_keyring *ring, bool keeps_bytes, struct gb_error *err)
{
    struct outlet outlet = {.is_kept = keeps_bytes};
    bool is_alone = transaction->concentrator == GB_PARTY_NONE;
    size_t size = transaction_size(transaction);
    bool has_room = (transaction->digests || gb_transaction_make_proofs(transaction, 0)) &&
                    gb_encoder_reserve(&outlet.to, keeps_bytes || is_alone ? size : 2 * PIECE);

    assert(!is_alone || transaction->n_messages == 1);
    assert(transaction->n_messages >= 1 && transaction->n_messages <= GB_BUNDLE_MAX);
    gb_hasher_init(&outlet.transaction, GB_DOMAIN_TRANSACTION);
    if (has_room && is_alone)
        put_alone(&outlet, transaction, chain_id, ring);
    else if (has_room)
        put_bundle(&outlet, transaction, chain_id, ring);
    if (!has_room || outlet.to.failed) {
        free(outlet.to.bytes);
        return gb_fail(err, GB_ENOMEM, "no memory for a transaction of %zu bytes", size);
    }
    assert(outlet.n_hashed == size);
    if (!keeps_bytes) {
        free(outlet.to.bytes);
        outlet.to.bytes = NULL;
    }
    free(transaction->bytes);
    transaction->bytes = outlet.to.bytes;
    transaction->n_bytes = size;
    return GB_OK;
}

enum gb_status gb_transaction_seal(struct gb_transaction *transaction,
                                   const struct gb_hash *chain_id, const struct gb_keyring *ring,
                                   bool keeps_bytes, struct gb_error *err)
{
    if (gb_keyring_crypto(ring) == GB_CRYPTO_NONE)
        return GB_OK;
    return encode(transaction, chain_id, ring, keeps_bytes, err);
}

enum gb_status gb_transaction_encode(struct gb_transaction *transaction,
                                     const struct gb_hash *chain_id, struct gb_error *err)
{
    return encode(transaction, chain_id, NULL, true, err);
}

/* ---- decoding */

static void take_registration(struct gb_decoder *from, struct gb_transaction *owner,
                              struct gb_register_message *body)
{
    uint32_t n = gb_take_count(from, ADMISSION_SIZE, "a count of users that fits");
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
    order->type = (uint8_t)gb_take_choice(from, GB_ORDER_LIMIT, GB_ORDER_MARKET,
                                          "an order type, 0 or 1");
    order->source = (uint8_t)gb_take_choice(from, GB_SOURCE_ANY, GB_N_SOURCES - 1,
                                            "a source, 0 to 4");
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
    uint32_t n = gb_take_count(from, APPROVAL_SIZE, "a count of approvals that fits");
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
    case GB_MESSAGE_REGISTER:
        take_registration(from, owner, &message->body.registration);
        break;
    case GB_MESSAGE_ORDER:
        take_order(from, message->sender, &message->body.order);
        break;
    case GB_MESSAGE_CLOSE:
        message->body.close.interval = gb_take_i64(from);
        message->body.close.height = gb_take_u64(from);
        break;
    case GB_MESSAGE_OPEN:
        message->body.open.interval = gb_take_i64(from);
        message->body.open.has_match = gb_take_flag(from);
        if (message->body.open.has_match)
            gb_take_fixed(from, message->body.open.root.bytes, GB_HASH_SIZE);
        break;
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
    case GB_MESSAGE_SETTLE:
        take_settle(from, owner, &message->body.settle);
        break;
    case GB_MESSAGE_FINALIZE:
        message->body.finalize.interval = gb_take_i64(from);
        break;
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
    owner->digests[i] = digest_of(GB_DOMAIN_MESSAGE, chain_id, from->bytes + start,
                                  from->at - start);
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
    size_t n = gb_take_count(from, MESSAGE_SIZE_MIN, "a count of messages that fits");
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
    struct gb_transaction *transaction =
        gb_transaction_create(concentrator, n_messages, n + n / 8 + n_messages * ARENA_ALIGNMENT);
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
        transaction->digest = digest_of(GB_DOMAIN_BUNDLE, chain_id, bytes, from.at);
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

struct gb_hash gb_settlement_digest(const struct gb_hash *chain_id, int64_t interval,
                                    uint32_t trade_index, struct gb_energy energy,
                                    struct gb_price price_buy, struct gb_price price_sell)
{
    uint8_t room[GB_HASH_SIZE + 36];
    struct gb_encoder to = {.bytes = room, .room = sizeof room};

    gb_put_fixed(&to, chain_id->bytes, sizeof chain_id->bytes);
    gb_put_i64(&to, interval);
    gb_put_u32(&to, trade_index);
    gb_put_i64(&to, energy.wh);
    gb_put_i64(&to, price_buy.ticks);
    gb_put_i64(&to, price_sell.ticks);
    return gb_hash_bytes(GB_DOMAIN_SETTLE, room, to.n);
}
