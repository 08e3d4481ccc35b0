/* Registry: who may speak. The genesis lists the users the supervisor knows; a user takes part from
 * the moment a registration that admits its meter, under the same key, is executed. Every message
 * passes here first: key, signature, kind, nonce. */
#include "chain/contracts/contracts_priv.h"

enum { WINDOW = 64 };

static bool is_seen(const struct gb_nonce_window *window, uint64_t nonce)
{
    if (nonce > window->top)
        return false;
    uint64_t age = window->top - nonce;
    return age >= WINDOW || (window->seen >> age & 1);
}

static void mark_seen(struct gb_nonce_window *window, uint64_t nonce)
{
    if (nonce > window->top) {
        uint64_t shift = nonce - window->top;
        window->seen = shift < WINDOW ? window->seen << shift : 0;
        window->top = nonce;
    }
    window->seen |= UINT64_C(1) << (window->top - nonce);
}

static bool is_known(const struct gb_contracts *contracts, gb_party party)
{
    uint32_t index = GB_PARTY_INDEX(party);

    switch (GB_PARTY_ROLE(party)) {
    case GB_ROLE_METER: return gb_contracts_is_registered(contracts, index);
    case GB_ROLE_CONCENTRATOR: return index < contracts->n_concentrators;
    case GB_ROLE_OPERATOR:
    case GB_ROLE_SUPERVISOR: return index == 0;
    default: return false;
    }
}

/* Nonces that a known party has spent on a kind of message; NULL: that kind is not its to send. */
static struct gb_nonce_window *find_window(struct gb_contracts *contracts, gb_party party,
                                           uint8_t kind)
{
    uint32_t role, number;

    if (!gb_message_belongs(kind, &role, &number) || role != GB_PARTY_ROLE(party))
        return NULL;
    switch (role) {
    case GB_ROLE_METER: return &contracts->users[GB_PARTY_INDEX(party)].windows[number];
    case GB_ROLE_OPERATOR: return &contracts->operator_windows[number];
    default: return &contracts->supervisor_window;
    }
}

/* Of a known party. */
static const struct gb_public_key *key_of(const struct gb_contracts *contracts, gb_party party)
{
    switch (GB_PARTY_ROLE(party)) {
    case GB_ROLE_METER: return &contracts->known_users[GB_PARTY_INDEX(party)].key;
    case GB_ROLE_CONCENTRATOR: return &contracts->concentrators[GB_PARTY_INDEX(party)];
    case GB_ROLE_OPERATOR: return &contracts->operator_;
    default: return &contracts->supervisor;
    }
}

bool gb_registry_is_signed(const struct gb_contracts *contracts, gb_party party,
                           const struct gb_public_key *key, const struct gb_hash *digest,
                           const struct gb_signature *signature)
{
    if (!signature)
        return contracts->crypto != GB_CRYPTO_REAL;
    return gb_signature_is_valid(contracts->crypto, party, key, digest, signature);
}

static enum gb_receipt check_sender(const struct gb_contracts *contracts, gb_party sender,
                                    const struct gb_hash *digest,
                                    const struct gb_signature *signature)
{
    if (!is_known(contracts, sender))
        return GB_RECEIPT_UNREGISTERED;
    if (contracts->event_log.is_hashed &&
        !gb_registry_is_signed(contracts, sender, key_of(contracts, sender), digest, signature))
        return GB_RECEIPT_BAD_SIGNATURE;
    return GB_RECEIPT_OK;
}

/* kind  0: a bundle */
static enum gb_receipt spend(struct gb_contracts *contracts, struct gb_nonce_window *window,
                             gb_party sender, uint8_t kind, uint64_t nonce)
{
    if (is_seen(window, nonce))
        return GB_RECEIPT_REPLAY;
    mark_seen(window, nonce);
    const int64_t words[] = {kind, (int64_t)nonce};
    gb_event_log_record(contracts, GB_CHANGE_NONCE, sender, words, 2);
    return GB_RECEIPT_OK;
}

enum gb_receipt gb_registry_authenticate(struct gb_contracts *contracts,
                                         const struct gb_message *message,
                                         const struct gb_hash *digest,
                                         const struct gb_signature *signature)
{
    enum gb_receipt receipt = check_sender(contracts, message->sender, digest, signature);

    if (receipt != GB_RECEIPT_OK)
        return receipt;
    struct gb_nonce_window *window = find_window(contracts, message->sender, message->kind);
    if (!window)
        return GB_RECEIPT_NOT_ALLOWED;
    return spend(contracts, window, message->sender, message->kind, message->nonce);
}

/* Orders and readings, and approvals, which are the signatures that a reading would have carried
 * had its meter known the trade. Where nobody signs there is no concentrator either, but one door
 * for all. */
static bool may_be_bundled(const struct gb_contracts *contracts, const struct gb_message *message,
                           uint32_t concentrator)
{
    uint32_t meter = GB_PARTY_INDEX(message->sender);

    if (GB_PARTY_ROLE(message->sender) != GB_ROLE_METER || meter >= contracts->n_users ||
        (message->kind != GB_MESSAGE_ORDER && message->kind != GB_MESSAGE_READING &&
         message->kind != GB_MESSAGE_APPROVE))
        return false;
    return !contracts->known_users || contracts->known_users[meter].concentrator == concentrator;
}

static enum gb_receipt check_content(const struct gb_contracts *contracts,
                                     const struct gb_transaction *bundle)
{
    for (size_t i = 0; i < bundle->n_messages; i++)
        if (!may_be_bundled(contracts, &bundle->messages[i], GB_PARTY_INDEX(bundle->concentrator)))
            return GB_RECEIPT_NOT_ALLOWED;
    return GB_RECEIPT_OK;
}

enum gb_receipt gb_registry_authenticate_bundle(struct gb_contracts *contracts,
                                                const struct gb_transaction *bundle)
{
    gb_party sender = bundle->concentrator;
    enum gb_receipt receipt = check_sender(contracts, sender, &bundle->digest, &bundle->signature);

    if (receipt != GB_RECEIPT_OK)
        return receipt;
    if (GB_PARTY_ROLE(sender) != GB_ROLE_CONCENTRATOR)
        return GB_RECEIPT_NOT_ALLOWED;
    receipt = spend(contracts, &contracts->concentrator_windows[GB_PARTY_INDEX(sender)], sender, 0,
                    bundle->nonce);
    return receipt == GB_RECEIPT_OK ? check_content(contracts, bundle) : receipt;
}

/* The key under which the genesis knows the meter; any will do where nobody signs. */
static bool is_known_key(const struct gb_contracts *contracts, const struct gb_admission *admission)
{
    return !contracts->known_users ||
           sodium_memcmp(admission->key.bytes, contracts->known_users[admission->meter].key.bytes,
                         sizeof admission->key.bytes) == 0;
}

static enum gb_receipt check_admission(const struct gb_contracts *contracts,
                                       const struct gb_admission *admission)
{
    if (admission->meter >= contracts->n_users)
        return GB_RECEIPT_UNKNOWN_TARGET;
    if (!is_known_key(contracts, admission) || admission->capacity_wh < 0)
        return GB_RECEIPT_MALFORMED;
    if (gb_contracts_is_registered(contracts, admission->meter))
        return GB_RECEIPT_ALREADY_DONE;
    return GB_RECEIPT_OK;
}

/* All of a registration's users are admitted, or none. Meters stand in ascending order, which
 * leaves no room to admit one twice. */
enum gb_receipt gb_registry_admit(struct gb_contracts *contracts,
                                  const struct gb_register_message *body)
{
    for (uint32_t i = 0; i < body->n_users; i++) {
        enum gb_receipt receipt = check_admission(contracts, &body->users[i]);
        if (receipt != GB_RECEIPT_OK)
            return receipt;
        if (i > 0 && body->users[i].meter <= body->users[i - 1].meter)
            return GB_RECEIPT_MALFORMED;
    }
    for (uint32_t i = 0; i < body->n_users; i++) {
        const struct gb_admission *admission = &body->users[i];
        struct gb_user *user = &contracts->users[admission->meter];
        user->capacity_wh = admission->capacity_wh;
        gb_event_log_record(contracts, GB_CHANGE_ADMISSION, admission->meter,
                            &admission->capacity_wh, 1);
    }
    return GB_RECEIPT_OK;
}
