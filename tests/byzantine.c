#include "tests/byzantine.h"

#include <stdlib.h>

enum { STRANGE_NONCES = 1000000 };

static void add(struct gb_block *block, struct gb_transaction *transaction)
{
    size_t n = block->n_transactions;

    block->transactions = realloc(block->transactions, (n + 1) * sizeof *block->transactions);
    if (!block->transactions || !transaction)
        abort();
    block->transactions[block->n_transactions++] = transaction;
}

static void add_copy(const struct byzantine_leader *leader, struct gb_block *block,
                     const struct gb_transaction *original)
{
    struct gb_transaction *copy = NULL;

    if (gb_transaction_decode(&copy, original->bytes, original->n_bytes, leader->chain_id, NULL))
        abort();
    add(block, copy);
}

void byzantine_add_registration(const struct byzantine_leader *leader, struct gb_block *block,
                                uint64_t nonce, uint32_t n)
{
    struct gb_transaction *transaction =
        gb_transaction_create(GB_PARTY_NONE, 1, n * sizeof(struct gb_admission));
    struct gb_admission *users = gb_transaction_reserve(transaction, n * sizeof *users);

    for (uint32_t i = 0; i < n; i++)
        users[i] = (struct gb_admission){.meter = i};
    transaction->messages[0] =
        (struct gb_message){.kind = GB_MESSAGE_REGISTER,
                            .sender = GB_PARTY(GB_ROLE_SUPERVISOR, 0),
                            .nonce = nonce,
                            .last_valid_height = 1000,
                            .body.registration = {.n_users = n, .users = users}};
    if (gb_transaction_seal(transaction, leader->chain_id, leader->ring, true, NULL) != GB_OK)
        abort();
    add(block, transaction);
}

static void remove_all(struct gb_block *block)
{
    for (size_t i = 0; i < block->n_transactions; i++)
        gb_transaction_free(block->transactions[i]);
    block->n_transactions = 0;
}

static void fill_beyond(const struct byzantine_leader *leader, struct gb_block *block)
{
    while (block->n_transactions <= leader->genesis->max_transactions)
        byzantine_add_registration(leader, block, STRANGE_NONCES + block->n_transactions, 1);
}

/* An admission takes 44 bytes. */
static void swell(const struct byzantine_leader *leader, struct gb_block *block)
{
    byzantine_add_registration(leader, block, STRANGE_NONCES,
                               (uint32_t)(leader->genesis->max_bytes / 44) + 1);
}

void byzantine_rehash(struct gb_block *block)
{
    block->header.transactions_root =
        gb_transactions_root(block->transactions, block->n_transactions);
    block->proposal_hash = gb_header_hash(&block->header);
}

void byzantine_corrupt(const struct byzantine_leader *leader, enum gb_block_fault fault,
                       struct gb_block *block)
{
    struct gb_header *header = &block->header;
    uint32_t n_validators = (uint32_t)leader->genesis->n_validators;

    switch (fault) {
    case GB_BLOCK_MISNUMBERED: header->number++; break;
    case GB_BLOCK_OTHER_PARENT: header->parent.bytes[9] ^= 1; break;
    case GB_BLOCK_STALE: header->time_ns = leader->parent_time_ns + GB_BLOCK_STEP_NS - 1; break;
    case GB_BLOCK_OUT_OF_TIME: header->time_ns = GB_TIME_LIMIT_NS + 1; break;
    case GB_BLOCK_SEALED_BY_STRANGER: header->sealer = n_validators; break;
    case GB_BLOCK_NOT_LED: header->sealer = (header->sealer + 1) % n_validators; break;
    case GB_BLOCK_EMPTY: remove_all(block); break;
    case GB_BLOCK_TOO_MANY: fill_beyond(leader, block); break;
    case GB_BLOCK_TOO_LARGE: swell(leader, block); break;
    case GB_BLOCK_REPEATED: add_copy(leader, block, block->transactions[0]); break;
    case GB_BLOCK_REPLAYED: add_copy(leader, block, leader->old); break;
    default: break;
    }
    byzantine_rehash(block);
    if (fault == GB_BLOCK_OTHER_ROOT) {
        header->transactions_root.bytes[0] ^= 1;
        block->proposal_hash = gb_header_hash(header);
    } else if (fault == GB_BLOCK_OTHER_HASH) {
        header->time_ns++;
    }
}
