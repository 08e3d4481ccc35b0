/* Registry: who may send what. The genesis lists the users the supervisor knows; a user takes part
 * from the moment a registration that admits its meter, under the same key, is executed. Every
 * message passes here first: key, signature, kind, nonce. */
#ifndef CHAIN_CONTRACTS_REGISTRY_PRIV_H
#define CHAIN_CONTRACTS_REGISTRY_PRIV_H

#include "chain/contracts/event_log_priv.h"
#include "chain/wire/genesis.h"
#include "chain/wire/transaction.h"

/* Nonces seen: bit i of `seen` stands for top - i. What is older than 64 counts as seen. */
struct gb_nonce_window {
    uint64_t top, seen;
};

#define GB_UNREGISTERED (-1)

struct gb_registered_user {
    struct gb_nonce_window windows[GB_METER_KINDS];
    int64_t capacity_wh; /* 0 = unlimited; GB_UNREGISTERED */
};

struct gb_registry {
    enum gb_crypto crypto;
    bool checks_signatures;
    struct gb_public_key supervisor, operator_;
    struct gb_nonce_window supervisor_window, operator_windows[GB_OPERATOR_KINDS];
    size_t n_concentrators;
    struct gb_public_key *concentrators;
    struct gb_nonce_window *concentrator_windows;

    size_t n_users;
    struct gb_registered_user *users;
    const struct gb_genesis_user *known_users; /* the genesis', for their keys; NULL where nobody
                                                * signs */
};

enum gb_status gb_registry_init(struct gb_registry *registry, const struct gb_genesis *genesis,
                                bool checks_signatures, struct gb_error *err);
void gb_registry_clear(struct gb_registry *registry);
static inline bool gb_registry_is_registered(const struct gb_registry *registry, uint32_t meter)
{
    return meter < registry->n_users && registry->users[meter].capacity_wh != GB_UNREGISTERED;
}
/* Does the signature of a known party stand for the digest? NULL is one that was made, modelled and
 * not kept; where signatures are real it stands for nothing. */
bool gb_registry_is_signed(const struct gb_registry *registry, gb_party party,
                           const struct gb_hash *digest, const struct gb_signature *signature);
/* Is it the next message of its kind of a meter that takes part, where nobody signs and nothing is
 * hashed? Then its nonce is spent. Most messages are; any other is for the call below. */
static inline bool gb_registry_take_next(struct gb_registry *registry,
                                         const struct gb_message *message)
{
    uint32_t meter = GB_PARTY_INDEX(message->sender), role, number;

    if (registry->checks_signatures || !gb_registry_is_registered(registry, meter) ||
        !gb_message_belongs(message->kind, &role, &number) ||
        GB_PARTY_ROLE(message->sender) != GB_ROLE_METER || role != GB_ROLE_METER)
        return false;
    struct gb_nonce_window *window = &registry->users[meter].windows[number];
    if (message->nonce != window->top + 1)
        return false;
    window->top = message->nonce;
    window->seen = window->seen << 1 | 1;
    return true;
}
/* Is the message its sender's, of a kind that it may send, and new? Then its nonce is spent.
 * digest, signature  NULL, both: see above */
enum gb_receipt gb_registry_authenticate(struct gb_registry *registry, struct gb_event_log *log,
                                         const struct gb_message *message,
                                         const struct gb_hash *digest,
                                         const struct gb_signature *signature);
/* The same of a bundle as such, which must hold nothing but messages of its concentrator's meters;
 * its messages come one by one. */
enum gb_receipt gb_registry_authenticate_bundle(struct gb_registry *registry,
                                                struct gb_event_log *log,
                                                const struct gb_transaction *bundle);
/* Executes a registration. */
enum gb_receipt gb_registry_admit(struct gb_registry *registry, struct gb_event_log *log,
                                  const struct gb_register_message *body);

#endif
