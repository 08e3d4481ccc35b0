/* One pass encodes, digests and signs a transaction. Sizes are known before a byte is written. */
#include "chain/wire/transaction_priv.h"

#include <assert.h>
#include <stdlib.h>

#include "chain/wire/codec.h"

static size_t message_size(const struct gb_message *message)
{
    size_t size = 24 + sizeof(struct gb_signature);

    switch ((enum gb_message_kind)message->kind) {
    case GB_MESSAGE_REGISTER:
        return size + 4 + message->body.registration.n_users * GB_ADMISSION_SIZE;
    case GB_MESSAGE_ORDER: return size + 68;
    case GB_MESSAGE_CLOSE: return size + 16;
    case GB_MESSAGE_OPEN:
        return size + 12 + (message->body.open.has_match ? GB_HASH_SIZE : 0) +
               (message->body.open.has_height ? 8 : 0);
    case GB_MESSAGE_READING:
        return size + 108 + message->body.reading.approvals.n * GB_APPROVAL_SIZE;
    case GB_MESSAGE_APPROVE:
        return size + 12 + message->body.approve.approvals.n * GB_APPROVAL_SIZE;
    case GB_MESSAGE_SETTLE:
        return size + 12 + message->body.settle.n_trades * 4u + GB_HASH_SIZE +
               sizeof(struct gb_signature);
    case GB_MESSAGE_FINALIZE: return size + 8;
    }
    assert(!"a message of no kind");
    return size;
}

static void put_registration(struct gb_bytes *to, const struct gb_register_message *body)
{
    gb_put_u32(to, body->n_users);
    for (uint32_t i = 0; i < body->n_users; i++) {
        gb_put_u32(to, body->users[i].meter);
        gb_put_fixed(to, body->users[i].key.bytes, sizeof body->users[i].key.bytes);
        gb_put_i64(to, body->users[i].capacity_wh);
    }
}

static void put_order(struct gb_bytes *to, const struct gb_order_message *body)
{
    const struct gb_order *order = &body->order;

    assert(order->side <= GB_SELL && order->type <= GB_ORDER_IOC);
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

static void put_registers(struct gb_bytes *to, const struct gb_registers *registers)
{
    gb_put_i64(to, registers->import_wh);
    gb_put_i64(to, registers->export_wh);
    gb_put_i64(to, registers->solar_wh);
    gb_put_i64(to, registers->wind_wh);
    gb_put_i64(to, registers->charge_wh);
    gb_put_i64(to, registers->discharge_wh);
}

static void put_signature(struct gb_bytes *to, const struct gb_signature *signature)
{
    gb_put_fixed(to, signature->bytes, sizeof signature->bytes);
}

static void put_approvals(struct gb_bytes *to, const struct gb_approvals *approvals)
{
    gb_put_u32(to, approvals->n);
    for (uint32_t i = 0; i < approvals->n; i++) {
        gb_put_u32(to, approvals->trades[i]);
        put_signature(to, &approvals->signatures[i]);
    }
}

/* Nothing, a match, or the match of all blocks up to a height. */
static void put_open(struct gb_bytes *to, const struct gb_open_message *body)
{
    assert(body->has_match || !body->has_height);
    gb_put_i64(to, body->interval);
    gb_put_u32(to, (uint32_t)body->has_match + body->has_height);
    if (body->has_height)
        gb_put_u64(to, body->height);
    if (body->has_match)
        gb_put_fixed(to, body->root.bytes, GB_HASH_SIZE);
}

static void put_settle(struct gb_bytes *to, const struct gb_settle_message *body)
{
    gb_put_i64(to, body->interval);
    gb_put_u32(to, body->n_trades);
    for (uint32_t i = 0; i < body->n_trades; i++)
        gb_put_u32(to, body->trades[i]);
    gb_put_fixed(to, body->root.bytes, sizeof body->root.bytes);
    put_signature(to, body->signature);
}

/* What the sender signs: all of a message but its signature. */
static void put_statement(struct gb_bytes *to, const struct gb_message *message)
{
    gb_put_u32(to, message->kind);
    gb_put_u32(to, message->sender);
    gb_put_u64(to, message->nonce);
    gb_put_u64(to, message->last_valid_height);
    switch ((enum gb_message_kind)message->kind) {
    case GB_MESSAGE_REGISTER: put_registration(to, &message->body.registration); break;
    case GB_MESSAGE_ORDER:
        assert(message->body.order.order.owner == GB_PARTY_INDEX(message->sender));
        put_order(to, &message->body.order);
        break;
    case GB_MESSAGE_CLOSE:
        gb_put_i64(to, message->body.close.interval);
        gb_put_u64(to, message->body.close.height);
        break;
    case GB_MESSAGE_OPEN: put_open(to, &message->body.open); break;
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
    case GB_MESSAGE_SETTLE: put_settle(to, &message->body.settle); break;
    case GB_MESSAGE_FINALIZE: gb_put_i64(to, message->body.finalize.interval); break;
    }
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
static void put_message(struct gb_bytes *to, struct gb_transaction *transaction, size_t i,
                        const struct gb_hash *chain_id, const struct gb_keyring *ring)
{
    const struct gb_message *message = &transaction->messages[i];
    struct gb_hash *digest = &transaction->digests[i];
    size_t start = to->n;

    put_statement(to, message);
    *digest = gb_statement_digest(GB_DOMAIN_MESSAGE, chain_id, to->bytes + start, to->n - start);
    if (ring)
        gb_keyring_sign(ring, message->sender, digest, &transaction->signatures[i]);
    put_signature(to, &transaction->signatures[i]);
}

/* Where an encoding goes: it is hashed piece by piece, and kept whole or not at all. */
struct outlet {
    struct gb_bytes to; /* the whole encoding, or the piece not hashed yet */
    bool is_kept;
    size_t n_hashed; /* bytes, of all pieces */
    struct gb_hasher transaction, bundle;
};

enum { PIECE = 8192 }; /* bytes; large pieces hash faster, this stays in a cache */

/* Hashes what has come since the last call. */
static void let_out(struct outlet *outlet)
{
    struct gb_bytes *to = &outlet->to;
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
    struct gb_bytes *to = &outlet->to;

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
    struct gb_bytes *to = &outlet->to;

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
    bool has_capacity = (transaction->digests || gb_transaction_make_proofs(transaction, 0)) &&
                        gb_bytes_reserve(&outlet.to, keeps_bytes || is_alone ? size : 2 * PIECE);

    assert(!is_alone || transaction->n_messages == 1);
    assert(transaction->n_messages >= 1 && transaction->n_messages <= GB_BUNDLE_MAX);
    gb_hasher_init(&outlet.transaction, GB_DOMAIN_TRANSACTION);
    if (has_capacity && is_alone)
        put_alone(&outlet, transaction, chain_id, ring);
    else if (has_capacity)
        put_bundle(&outlet, transaction, chain_id, ring);
    if (!has_capacity || outlet.to.failed) {
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
    if (ring && gb_keyring_crypto(ring) == GB_CRYPTO_NONE)
        return GB_OK;
    return encode(transaction, chain_id, ring, keeps_bytes, err);
}
