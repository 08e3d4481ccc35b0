#include "chain/contracts/registry_priv.h"

#include <stdlib.h>

#include "base/memory.h"

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

/* ---- what the genesis knows */

enum gb_status gb_registry_init(struct gb_registry *registry, const struct gb_genesis *genesis,
                                bool checks_signatures, struct gb_error *err)
{
    size_t n = genesis->n_concentrators;

    registry->crypto = (enum gb_crypto)genesis->crypto;
    registry->checks_signatures = checks_signatures;
    registry->supervisor = genesis->supervisor;
    registry->operator_ = genesis->operator_;
    registry->n_users = genesis->n_users;
    registry->known_users = registry->crypto == GB_CRYPTO_NONE ? NULL : genesis->users;
    registry->n_concentrators = n;
    registry->users = gb_memory_wide(genesis->n_users + 1, sizeof *registry->users);
    registry->concentrators = calloc(n + 1, sizeof *registry->concentrators);
    registry->concentrator_windows = calloc(n + 1, sizeof *registry->concentrator_windows);
    if (!registry->users || !registry->concentrators || !registry->concentrator_windows)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu users and %zu concentrators",
                       genesis->n_users, n);
    /* nonces count from 1: 0 is no nonce */
    registry->supervisor_window.seen = 1;
    for (size_t k = 0; k < GB_OPERATOR_KINDS; k++)
        registry->operator_windows[k].seen = 1;
    for (size_t i = 0; i < n; i++) {
        registry->concentrators[i] = genesis->concentrators[i];
        registry->concentrator_windows[i].seen = 1;
    }
    for (size_t i = 0; i < genesis->n_users; i++) {
        registry->users[i].capacity_wh = GB_UNREGISTERED;
        for (size_t k = 0; k < GB_METER_KINDS; k++)
            registry->users[i].windows[k].seen = 1;
    }
    return GB_OK;
}

void gb_registry_clear(struct gb_registry *registry)
{
    free(registry->users);
    free(registry->concentrators);
    free(registry->concentrator_windows);
}

/* ---- authentication */

static bool is_known(const struct gb_registry *registry, gb_party party)
{
    uint32_t index = GB_PARTY_INDEX(party);

    switch (GB_PARTY_ROLE(party)) {
    case GB_ROLE_METER: return gb_registry_is_registered(registry, index);
    case GB_ROLE_CONCENTRATOR: return index < registry->n_concentrators;
    case GB_ROLE_OPERATOR:
    case GB_ROLE_SUPERVISOR: return index == 0;
    default: return false;
    }
}

/* Nonces that a known party has spent on a kind of message; NULL: that kind is not its to send. */
static struct gb_nonce_window *find_window(struct gb_registry *registry, gb_party party,
                                           uint8_t kind)
{
    uint32_t role, number;

    if (!gb_message_belongs(kind, &role, &number) || role != GB_PARTY_ROLE(party))
        return NULL;
    switch (role) {
    case GB_ROLE_METER: return &registry->users[GB_PARTY_INDEX(party)].windows[number];
    case GB_ROLE_OPERATOR: return &registry->operator_windows[number];
    default: return &registry->supervisor_window;
    }
}

/* Of a known party. */
static const struct gb_public_key *key_of(const struct gb_registry *registry, gb_party party)
{
    switch (GB_PARTY_ROLE(party)) {
    case GB_ROLE_METER: return &registry->known_users[GB_PARTY_INDEX(party)].key;
    case GB_ROLE_CONCENTRATOR: return &registry->concentrators[GB_PARTY_INDEX(party)];
    case GB_ROLE_OPERATOR: return &registry->operator_;
    default: return &registry->supervisor;
    }
}

bool gb_registry_is_signed(const struct gb_registry *registry, gb_party party,
                           const struct gb_hash *digest, const struct gb_signature *signature)
{
    if (!signature)
        return registry->crypto != GB_CRYPTO_REAL;
    return gb_signature_is_valid(registry->crypto, party, key_of(registry, party), digest,
                                 signature);
}

static enum gb_receipt check_sender(const struct gb_registry *registry, gb_party sender,
                                    const struct gb_hash *digest,
                                    const struct gb_signature *signature)
{
    if (!is_known(registry, sender))
        return GB_RECEIPT_UNREGISTERED;
    if (registry->checks_signatures && !gb_registry_is_signed(registry, sender, digest, signature))
        return GB_RECEIPT_BAD_SIGNATURE;
    return GB_RECEIPT_OK;
}

/* kind  0: a bundle */
static enum gb_receipt spend(struct gb_nonce_window *window, struct gb_event_log *log,
                             gb_party sender, uint8_t kind, uint64_t nonce)
{
    if (is_seen(window, nonce))
        return GB_RECEIPT_REPLAY;
    mark_seen(window, nonce);
    if (log->is_hashed) {
        const int64_t words[] = {kind, (int64_t)nonce};
        gb_event_log_record(log, GB_CHANGE_NONCE, sender, words, 2);
    }
    return GB_RECEIPT_OK;
}

enum gb_receipt gb_registry_authenticate(struct gb_registry *registry, struct gb_event_log *log,
                                         const struct gb_message *message,
                                         const struct gb_hash *digest,
                                         const struct gb_signature *signature)
{
    enum gb_receipt receipt = check_sender(registry, message->sender, digest, signature);

    if (receipt != GB_RECEIPT_OK)
        return receipt;
    struct gb_nonce_window *window = find_window(registry, message->sender, message->kind);
    if (!window)
        return GB_RECEIPT_NOT_ALLOWED;
    return spend(window, log, message->sender, message->kind, message->nonce);
}

/* Orders and readings, and approvals, which are the signatures that a reading would have carried
 * had its meter known the trade. Where nobody signs there is no concentrator either, but one entry
 * for all. */
static bool may_be_bundled(const struct gb_registry *registry, const struct gb_message *message,
                           uint32_t concentrator)
{
    const unsigned kinds =
        1u << GB_MESSAGE_ORDER | 1u << GB_MESSAGE_READING | 1u << GB_MESSAGE_APPROVE;
    uint32_t meter = GB_PARTY_INDEX(message->sender);

    if (GB_PARTY_ROLE(message->sender) != GB_ROLE_METER || meter >= registry->n_users ||
        message->kind > GB_MESSAGE_FINALIZE || (kinds >> message->kind & 1u) == 0)
        return false;
    return !registry->known_users || registry->known_users[meter].concentrator == concentrator;
}

static enum gb_receipt check_content(const struct gb_registry *registry,
                                     const struct gb_transaction *bundle)
{
    for (size_t i = 0; i < bundle->n_messages; i++)
        if (!may_be_bundled(registry, &bundle->messages[i], GB_PARTY_INDEX(bundle->concentrator)))
            return GB_RECEIPT_NOT_ALLOWED;
    return GB_RECEIPT_OK;
}

enum gb_receipt gb_registry_authenticate_bundle(struct gb_registry *registry,
                                                struct gb_event_log *log,
                                                const struct gb_transaction *bundle)
{
    gb_party sender = bundle->concentrator;
    enum gb_receipt receipt = check_sender(registry, sender, &bundle->digest, &bundle->signature);

    if (receipt != GB_RECEIPT_OK)
        return receipt;
    if (GB_PARTY_ROLE(sender) != GB_ROLE_CONCENTRATOR)
        return GB_RECEIPT_NOT_ALLOWED;
    receipt = spend(&registry->concentrator_windows[GB_PARTY_INDEX(sender)], log, sender, 0,
                    bundle->nonce);
    return receipt == GB_RECEIPT_OK ? check_content(registry, bundle) : receipt;
}

/* ---- admission */

/* The key under which the genesis knows the meter; any will do where nobody signs. */
static bool is_known_key(const struct gb_registry *registry, const struct gb_admission *admission)
{
    return !registry->known_users ||
           sodium_memcmp(admission->key.bytes, registry->known_users[admission->meter].key.bytes,
                         sizeof admission->key.bytes) == 0;
}

static enum gb_receipt check_admission(const struct gb_registry *registry,
                                       const struct gb_admission *admission)
{
    if (admission->meter >= registry->n_users)
        return GB_RECEIPT_UNKNOWN_TARGET;
    if (!is_known_key(registry, admission) || admission->capacity_wh < 0)
        return GB_RECEIPT_MALFORMED;
    if (gb_registry_is_registered(registry, admission->meter))
        return GB_RECEIPT_ALREADY_DONE;
    return GB_RECEIPT_OK;
}

/* All of a registration's users are admitted, or none. Meters stand in ascending order, which
 * keeps one from being admitted twice. */
enum gb_receipt gb_registry_admit(struct gb_registry *registry, struct gb_event_log *log,
                                  const struct gb_register_message *body)
{
    for (uint32_t i = 0; i < body->n_users; i++) {
        enum gb_receipt receipt = check_admission(registry, &body->users[i]);
        if (receipt != GB_RECEIPT_OK)
            return receipt;
        if (i > 0 && body->users[i].meter <= body->users[i - 1].meter)
            return GB_RECEIPT_MALFORMED;
    }
    for (uint32_t i = 0; i < body->n_users; i++) {
        const struct gb_admission *admission = &body->users[i];
        registry->users[admission->meter].capacity_wh = admission->capacity_wh;
        gb_event_log_record(log, GB_CHANGE_ADMISSION, admission->meter, &admission->capacity_wh, 1);
    }
    return GB_RECEIPT_OK;
}
