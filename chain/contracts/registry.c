/* Registry: who may speak. The genesis lists the users the supervisor knows; a user takes part from
 * the moment a registration that admits its meter, under the same key, is executed. Every message
 * passes here first: key, signature, nonce. */
#include "chain/contracts/world_priv.h"

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

/* Key and nonces of a party that the chain knows; NULL: it knows none. */
static const struct gb_public_key *find_party(struct gb_world *world, gb_party party,
                                              struct gb_nonce_window **window)
{
    uint32_t index = GB_PARTY_INDEX(party);

    switch (GB_PARTY_ROLE(party)) {
    case GB_ROLE_METER:
        if (!gb_world_is_registered(world, index))
            return NULL;
        *window = &world->users[index].window;
        return &world->user_keys[index];
    case GB_ROLE_CONCENTRATOR:
        if (index >= world->n_concentrators)
            return NULL;
        *window = &world->concentrator_windows[index];
        return &world->concentrators[index];
    case GB_ROLE_OPERATOR:
        *window = &world->operator_window;
        return index == 0 ? &world->operator_ : NULL;
    case GB_ROLE_SUPERVISOR:
        *window = &world->supervisor_window;
        return index == 0 ? &world->supervisor : NULL;
    default:
        return NULL;
    }
}

enum gb_receipt gb_registry_authenticate(struct gb_world *world, gb_party sender, uint64_t nonce,
                                         const struct gb_hash *digest,
                                         const struct gb_signature *signature)
{
    struct gb_nonce_window *window = NULL;
    const struct gb_public_key *key = find_party(world, sender, &window);

    if (!key)
        return GB_RECEIPT_UNREGISTERED;
    if (world->trail.is_hashed &&
        !gb_signature_is_valid(world->crypto, sender, key, digest, signature))
        return GB_RECEIPT_BAD_SIGNATURE;
    if (is_seen(window, nonce))
        return GB_RECEIPT_REPLAY;
    mark_seen(window, nonce);
    const int64_t spent = (int64_t)nonce;
    gb_trail_note(world, GB_CHANGE_NONCE, sender, &spent, 1);
    return GB_RECEIPT_OK;
}

static bool is_key_equal(const struct gb_public_key *a, const struct gb_public_key *b)
{
    return sodium_memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static enum gb_receipt check_admission(const struct gb_world *world,
                                       const struct gb_admission *admission)
{
    if (admission->meter >= world->n_users)
        return GB_RECEIPT_UNKNOWN_TARGET;
    if (!is_key_equal(&admission->key, &world->user_keys[admission->meter]) ||
        admission->capacity_wh < 0)
        return GB_RECEIPT_MALFORMED;
    if (gb_world_is_registered(world, admission->meter))
        return GB_RECEIPT_ALREADY_DONE;
    return GB_RECEIPT_OK;
}

/* All of a registration's users are admitted, or none. Meters stand in ascending order, which
 * leaves no room to admit one twice. */
enum gb_receipt gb_registry_admit(struct gb_world *world, const struct gb_register_message *body)
{
    for (uint32_t i = 0; i < body->n_users; i++) {
        enum gb_receipt receipt = check_admission(world, &body->users[i]);
        if (receipt != GB_RECEIPT_OK)
            return receipt;
        if (i > 0 && body->users[i].meter <= body->users[i - 1].meter)
            return GB_RECEIPT_MALFORMED;
    }
    for (uint32_t i = 0; i < body->n_users; i++) {
        const struct gb_admission *admission = &body->users[i];
        struct gb_user *user = &world->users[admission->meter];
        user->is_registered = true;
        user->capacity_wh = admission->capacity_wh;
        gb_trail_note(world, GB_CHANGE_ADMISSION, admission->meter, &admission->capacity_wh, 1);
    }
    return GB_RECEIPT_OK;
}
