/* A transaction's life: one block holds its struct with messages and arrays inside, another what
 * proves them, and each goes when nothing needs it any more. */
#include "chain/wire/transaction.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "chain/wire/codec.h"
#include "chain/wire/transaction_priv.h"

static size_t align_up(size_t n)
{
    return (n + GB_ARENA_ALIGNMENT - 1) / GB_ARENA_ALIGNMENT * GB_ARENA_ALIGNMENT;
}

const struct gb_message_owner gb_message_owners[] = {
    [GB_MESSAGE_REGISTER] = {GB_ROLE_SUPERVISOR, 0}, [GB_MESSAGE_ORDER] = {GB_ROLE_METER, 0},
    [GB_MESSAGE_READING] = {GB_ROLE_METER, 1},       [GB_MESSAGE_APPROVE] = {GB_ROLE_METER, 2},
    [GB_MESSAGE_CLOSE] = {GB_ROLE_OPERATOR, 0},      [GB_MESSAGE_OPEN] = {GB_ROLE_OPERATOR, 1},
    [GB_MESSAGE_SETTLE] = {GB_ROLE_OPERATOR, 2},     [GB_MESSAGE_FINALIZE] = {GB_ROLE_OPERATOR, 3}};

bool gb_transaction_is_message(const struct gb_transaction *transaction, gb_party sender,
                               uint8_t kind, uint64_t nonce)
{
    const struct gb_message *message = transaction->messages;

    return transaction->concentrator == GB_PARTY_NONE && message->sender == sender &&
           message->kind == kind && message->nonce == nonce;
}

struct gb_transaction *gb_transaction_allocate(gb_party concentrator, size_t n_messages,
                                               size_t array_bytes)
{
    size_t messages_at = align_up(sizeof(struct gb_transaction));
    size_t arena_at = align_up(messages_at + n_messages * sizeof(struct gb_message));
    size_t arena_size = align_up(array_bytes);
    uint8_t *block = malloc(arena_at + arena_size);

    if (!block)
        return NULL;
    struct gb_transaction *transaction = (struct gb_transaction *)(void *)block;
    *transaction =
        (struct gb_transaction){.concentrator = concentrator,
                                .n_messages = n_messages,
                                .messages = (struct gb_message *)(void *)(block + messages_at),
                                .arena = block + arena_at,
                                .arena_size = arena_size};
    return transaction;
}

struct gb_transaction *gb_transaction_create(gb_party concentrator, size_t n_messages,
                                             size_t array_bytes)
{
    struct gb_transaction *transaction =
        gb_transaction_allocate(concentrator, n_messages, array_bytes);

    if (!transaction)
        return NULL;
    /* by hand: glibc's calloc passes over memory that was freed a moment ago */
    memset(transaction->messages, 0, n_messages * sizeof *transaction->messages);
    memset(transaction->arena, 0, transaction->arena_size);
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
    void *capacity = (uint8_t *)transaction->arena + transaction->arena_used;

    transaction->arena_used += align_up(n_bytes);
    assert(transaction->arena_used <= transaction->arena_size);
    return capacity;
}

/* Digests and signatures stand in one block that begins with the digests. */
bool gb_transaction_make_proofs(struct gb_transaction *transaction, size_t n_signatures)
{
    size_t n = transaction->n_messages;

    assert(!transaction->digests);
    transaction->signatures_capacity = n + n_signatures;
    transaction->n_signatures = n;
    transaction->digests =
        calloc(1, n * sizeof *transaction->digests +
                      transaction->signatures_capacity * sizeof *transaction->signatures);
    if (!transaction->digests)
        return false;
    transaction->signatures = (struct gb_signature *)(void *)(transaction->digests + n);
    return true;
}

struct gb_signature *gb_transaction_reserve_signatures(struct gb_transaction *transaction, size_t n)
{
    transaction->n_signatures += n;
    assert(transaction->n_signatures <= transaction->signatures_capacity);
    return transaction->signatures + transaction->n_signatures - n;
}

struct gb_hash gb_settlement_digest(const struct gb_hash *chain_id, int64_t interval,
                                    uint32_t trade_index, struct gb_energy energy,
                                    struct gb_price price_buy, struct gb_price price_sell)
{
    uint8_t capacity[GB_HASH_SIZE + 36];
    struct gb_bytes to = {.bytes = capacity, .capacity = sizeof capacity};

    gb_put_fixed(&to, chain_id->bytes, sizeof chain_id->bytes);
    gb_put_i64(&to, interval);
    gb_put_u32(&to, trade_index);
    gb_put_i64(&to, energy.wh);
    gb_put_i64(&to, price_buy.ticks);
    gb_put_i64(&to, price_sell.ticks);
    return gb_hash_bytes(GB_DOMAIN_SETTLE, capacity, to.n);
}
