/* What parties say to the chain. A *message* is one signed statement of one party; a *transaction*
 * is what the pool and the blocks hold: one message, or the bundle of up to 1000 messages that a
 * concentrator sends for its meters (each message keeps its own signature). */
#ifndef CHAIN_WIRE_TRANSACTION_H
#define CHAIN_WIRE_TRANSACTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/quantity.h"
#include "base/status.h"
#include "chain/wire/hash.h"
#include "chain/wire/keys.h"
#include "models/market/order.h"

#define GB_BUNDLE_MAX 1000

enum gb_message_kind {
    GB_MESSAGE_REGISTER = 1, /* supervisor: admits users */
    GB_MESSAGE_ORDER = 2,    /* meter */
    GB_MESSAGE_CLOSE = 3,    /* operator: the gate of k is closed at height H */
    GB_MESSAGE_OPEN = 4,     /* operator: delivery of k starts under a match, or none */
    GB_MESSAGE_READING = 5,  /* meter: registers at both ends of k, and its signatures */
    GB_MESSAGE_APPROVE = 6,  /* meter: signs trades it learnt of after its reading */
    GB_MESSAGE_SETTLE = 7,   /* operator: its signature under a Merkle root of digests */
    GB_MESSAGE_FINALIZE = 8  /* operator: the deadline of k has passed */
};

/* Which role sends a kind of message, and its number among that role's kinds: a sender counts its
 * nonces by kind, so that no kind can push another out of its window. Orders, cancels and
 * amendments are one kind, for they name each other by their nonces. A bundle is the only thing
 * that a concentrator sends. returns false for what is no kind */
struct gb_message_owner {
    uint8_t role, number;
};
extern const struct gb_message_owner gb_message_owners[]; /* by kind */
static inline bool gb_message_belongs(uint8_t kind, uint32_t *role, uint32_t *number)
{
    if (kind < GB_MESSAGE_REGISTER || kind > GB_MESSAGE_FINALIZE)
        return false;
    *role = gb_message_owners[kind].role;
    *number = gb_message_owners[kind].number;
    return true;
}
#define GB_METER_KINDS 3    /* order, reading, approve */
#define GB_OPERATOR_KINDS 4 /* close, open, settle, finalize */

/* Cumulative registers of a meter, Wh since its installation; never decreasing. */
struct gb_registers {
    int64_t import_wh, export_wh;
    int64_t solar_wh, wind_wh;       /* generation by source */
    int64_t charge_wh, discharge_wh; /* storage */
};

struct gb_approvals { /* role signatures over settlement digests */
    uint32_t n;
    const uint32_t *trades;                /* indices in the match of the interval */
    const struct gb_signature *signatures; /* NULL where none are made or kept */
};

struct gb_admission { /* one user of a REGISTER */
    uint32_t meter;
    struct gb_public_key key;
    int64_t capacity_wh; /* largest order a slot; 0 = unlimited */
};

struct gb_order_message {
    int64_t interval;
    struct gb_order order; /* order.owner is the sending meter; not encoded twice */
    uint64_t amends;       /* nonce of the order that this one replaces; 0 = none */
    bool cancels;          /* only take the earlier order back; the rest is ignored */
};

struct gb_reading_message {
    int64_t interval;
    struct gb_registers start, end; /* at t and t + T */
    struct gb_approvals approvals;
};

/* Signatures of a meter under trades of its own that its reading did not carry. */
struct gb_approve_message {
    int64_t interval;
    struct gb_approvals approvals;
};

struct gb_close_message {
    int64_t interval;
    uint64_t height;
};
struct gb_open_message {
    int64_t interval;
    bool has_match;
    bool has_height;     /* with a match: where orders trade as they come */
    uint64_t height;     /* with it: trades up to this block stand, and the root is over those */
    struct gb_hash root; /* or zero */
};
struct gb_finalize_message {
    int64_t interval;
};
struct gb_register_message {
    uint32_t n_users;
    const struct gb_admission *users;
};
struct gb_settle_message {
    int64_t interval;
    uint32_t n_trades;
    const uint32_t *trades;               /* indices in the match, ascending */
    struct gb_hash root;                  /* Merkle root of these trades' settlement digests */
    const struct gb_signature *signature; /* the operator's, over the root; NULL as above */
};

struct gb_message {
    uint8_t kind; /* enum gb_message_kind */
    gb_party sender;
    uint64_t nonce; /* per sender and kind, counted from 1 */
    uint64_t last_valid_height;
    union {
        struct gb_register_message registration;
        struct gb_order_message order;
        struct gb_close_message close;
        struct gb_open_message open;
        struct gb_reading_message reading;
        struct gb_approve_message approve;
        struct gb_settle_message settle;
        struct gb_finalize_message finalize;
    } body; /* arrays inside are owned by the transaction */
};

/* A transaction owns its messages, their arrays and what proves them. */
struct gb_transaction {
    gb_party concentrator; /* or GB_PARTY_NONE: then n_messages is 1 */
    uint64_t nonce;        /* of the concentrator; 0 without */
    size_t n_messages;
    struct gb_message *messages; /* NULL once forgotten */
    /* of each message; NULL where none are made yet, or kept */
    struct gb_hash *digests; /* of its canonical encoding without its signature */
    struct gb_signature *signatures;
    struct gb_hash digest;         /* what the concentrator signs; zero without */
    struct gb_signature signature; /* the concentrator's; zero without */
    struct gb_hash hash;           /* of the canonical encoding, signatures included */
    uint8_t *bytes;                /* the canonical encoding; NULL where it is not kept */
    size_t n_bytes;
    void *arena; /* holds the messages' arrays; see gb_transaction_reserve */
    size_t arena_used, arena_size;
    size_t n_signatures, signatures_capacity; /* of messages and inside their bodies */
    int64_t arrived_ns; /* not part of it: when it first reached an entry node */
};

/* An empty transaction with capacity for n messages and `array_bytes` of their arrays, zeroed.
 * concentrator  or GB_PARTY_NONE, then n_messages is 1
 * array_bytes   sum over the messages of the size of their array (a message has at most one), each
 *               rounded up to a multiple of 8
 * returns NULL when out of memory */
struct gb_transaction *gb_transaction_create(gb_party concentrator, size_t n_messages,
                                             size_t array_bytes);
/* The same, but messages and arrays hold anything: for whoever assigns each message as a whole. */
struct gb_transaction *gb_transaction_allocate(gb_party concentrator, size_t n_messages,
                                               size_t array_bytes);
void gb_transaction_free(struct gb_transaction *transaction);
/* Is it this message, travelling alone? Its messages must still be there. */
bool gb_transaction_is_message(const struct gb_transaction *transaction, gb_party sender,
                               uint8_t kind, uint64_t nonce);
/* Capacity for a message's array inside the transaction, 8-byte aligned; at most what was asked for
 * at creation (asserted). */
void *gb_transaction_reserve(struct gb_transaction *transaction, size_t n_bytes);
/* Reserves capacity for what proves the transaction: a digest and a signature a message, zeroed,
 * and n signatures inside the bodies (approvals, a settle's), given out by the function below.
 * Sealing does it where there are none of the latter. returns false when out of memory */
bool gb_transaction_make_proofs(struct gb_transaction *transaction, size_t n_signatures);
struct gb_signature *gb_transaction_reserve_signatures(struct gb_transaction *transaction,
                                                       size_t n);

/* Signs every message (and the bundle), encodes and hashes; call once all fields are filled in.
 * ring         NULL: the signatures that stand in it stay, valid or not, as a forger would send it
 * keeps_bytes  false: no ledger will want the encoding; of it size and hash are all that stays
 * With GB_CRYPTO_NONE does nothing at all: nothing will look.
 *
 * Encoding: u32 concentrator; without one its message; else u64 nonce, u32 count (1 to 1000), the
 * messages, the concentrator's signature. A message: u32 kind, u32 sender, u64 nonce, u64 last
 * valid height, its body in the order of the structs above, the signature. A sender signs
 * H(GB_DOMAIN_MESSAGE, chain id, all of it before the signature), a concentrator
 * H(GB_DOMAIN_BUNDLE, chain id, all of it before its signature). */
enum gb_status gb_transaction_seal(struct gb_transaction *transaction,
                                   const struct gb_hash *chain_id, const struct gb_keyring *ring,
                                   bool keeps_bytes, struct gb_error *err);
/* Frees digests and signatures of a sealed transaction on its way inside this process. Contracts
 * take what carries none for signed by whom it names, but never where signatures are real. */
void gb_transaction_forget_proofs(struct gb_transaction *transaction);
/* Frees the messages and proofs of a transaction that has been executed; their number, its
 * encoding, if kept, and its hash stay, and nothing but gb_transaction_free may follow. returns the
 * transaction, which may have moved */
struct gb_transaction *gb_transaction_forget_messages(struct gb_transaction *transaction);
/* Reads one transaction from its canonical encoding; refuses anything that does not encode back to
 * the same bytes. `err` says at which offset what was expected. Digests and the hash are computed;
 * signatures are left to those who know the keys (gb_signature_is_valid). */
enum gb_status gb_transaction_decode(struct gb_transaction **out, const uint8_t *bytes, size_t n,
                                     const struct gb_hash *chain_id, struct gb_error *err);

/* The digest that all roles of a trade sign (rules, section 4). */
struct gb_hash gb_settlement_digest(const struct gb_hash *chain_id, int64_t interval,
                                    uint32_t trade_index, struct gb_energy energy,
                                    struct gb_price price_buy, struct gb_price price_sell);

#endif
