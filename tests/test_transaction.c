/* Transactions: every kind comes back as it went, and whatever a decoder accepts it would write. */
#include "chain/wire/transaction.h"

#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

static const struct gb_hash chain_id = {{7, 7, 7}};
static const gb_party operator_ = GB_PARTY(GB_ROLE_OPERATOR, 0);

struct source {
    uint32_t next;
}; /* of test numbers */

static uint64_t draw(struct source *source)
{
    struct gb_key key = {{20231112, GB_PURPOSE_TEST}};
    struct gb_draw bits = gb_draw_at(key, 0, 0, 0, source->next++);

    return (uint64_t)bits.words[0] << 32 | bits.words[1];
}

static void fill(struct source *source, void *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ((uint8_t *)bytes)[i] = (uint8_t)draw(source);
}

static struct gb_keyring *make_ring(enum gb_crypto crypto)
{
    struct gb_keyring *ring = NULL;

    EXPECT_INT(gb_keyring_create(&ring, crypto, gb_key_make(1, 0, GB_PURPOSE_KEY), 10, 4, 2, NULL),
               GB_OK);
    return ring;
}

static struct gb_approvals make_approvals(struct source *source, struct gb_transaction *owner,
                                          uint32_t n)
{
    uint32_t *trades = gb_transaction_reserve(owner, n * sizeof *trades);
    struct gb_signature *signatures = gb_transaction_reserve_signatures(owner, n);

    fill(source, trades, n * sizeof *trades);
    fill(source, signatures, n * sizeof *signatures);
    return (struct gb_approvals){n, trades, signatures};
}

static void make_order(struct source *source, struct gb_message *message)
{
    struct gb_order_message *body = &message->body.order;

    body->interval = (int64_t)draw(source);
    body->order.owner = GB_PARTY_INDEX(message->sender);
    body->order.side = draw(source) & 1;
    body->order.type = (uint8_t)(draw(source) % 3);
    body->order.source = (uint8_t)(draw(source) % GB_N_SOURCES);
    body->order.quantity.wh = (int64_t)draw(source);
    body->order.minimum.wh = (int64_t)draw(source);
    body->order.price.ticks = (int64_t)draw(source);
    body->order.reserve.ticks = (int64_t)draw(source);
    body->order.beta_millionths = (int32_t)draw(source);
    body->amends = draw(source);
    body->cancels = draw(source) & 1;
}

/* A message of the kind with arrays of up to three elements. */
static void make_message(struct source *source, struct gb_transaction *owner,
                         struct gb_message *message, enum gb_message_kind kind)
{
    uint32_t n = draw(source) % 4;

    message->kind = (uint8_t)kind;
    message->sender = GB_PARTY(GB_ROLE_METER, draw(source) % 10);
    message->nonce = draw(source);
    message->last_valid_height = draw(source);
    switch (kind) {
    case GB_MESSAGE_REGISTER: {
        struct gb_admission *users = gb_transaction_reserve(owner, n * sizeof *users);
        for (uint32_t i = 0; i < n; i++) {
            users[i].meter = (uint32_t)draw(source);
            fill(source, &users[i].key, sizeof users[i].key);
            users[i].capacity_wh = (int64_t)draw(source);
        }
        message->sender = GB_PARTY(GB_ROLE_SUPERVISOR, 0);
        message->body.registration.n_users = n;
        message->body.registration.users = users;
        break;
    }
    case GB_MESSAGE_ORDER: make_order(source, message); break;
    case GB_MESSAGE_CLOSE:
        message->sender = operator_;
        message->body.close.interval = (int64_t)draw(source);
        message->body.close.height = draw(source);
        break;
    case GB_MESSAGE_OPEN:
        message->sender = operator_;
        message->body.open.interval = (int64_t)draw(source);
        message->body.open.has_match = draw(source) & 1;
        message->body.open.has_height = message->body.open.has_match && (draw(source) & 1);
        message->body.open.height = message->body.open.has_height ? draw(source) : 0;
        if (message->body.open.has_match)
            fill(source, &message->body.open.root, sizeof message->body.open.root);
        break;
    case GB_MESSAGE_READING:
        message->body.reading.interval = (int64_t)draw(source);
        fill(source, &message->body.reading.start, sizeof message->body.reading.start);
        fill(source, &message->body.reading.end, sizeof message->body.reading.end);
        message->body.reading.approvals = make_approvals(source, owner, n);
        break;
    case GB_MESSAGE_APPROVE:
        message->body.approve.interval = (int64_t)draw(source);
        message->body.approve.approvals = make_approvals(source, owner, n);
        break;
    case GB_MESSAGE_SETTLE: {
        uint32_t *trades = gb_transaction_reserve(owner, n * sizeof *trades);
        fill(source, trades, n * sizeof *trades);
        message->sender = operator_;
        message->body.settle.interval = (int64_t)draw(source);
        message->body.settle.n_trades = n;
        message->body.settle.trades = trades;
        fill(source, &message->body.settle.root, sizeof message->body.settle.root);
        struct gb_signature *signature = gb_transaction_reserve_signatures(owner, 1);
        fill(source, signature, sizeof *signature);
        message->body.settle.signature = signature;
        break;
    }
    case GB_MESSAGE_FINALIZE:
        message->sender = operator_;
        message->body.finalize.interval = (int64_t)draw(source);
        break;
    }
}

/* One message of the kind, or a bundle of n that starts with it. */
static struct gb_transaction *make_transaction(struct source *source, enum gb_message_kind kind,
                                               size_t n, const struct gb_keyring *ring)
{
    gb_party concentrator = n > 0 ? GB_PARTY(GB_ROLE_CONCENTRATOR, 1) : GB_PARTY_NONE;
    size_t n_messages = n > 0 ? n : 1;
    struct gb_transaction *made = gb_transaction_create(
        concentrator, n_messages, n_messages * 3 * sizeof(struct gb_admission));

    EXPECT(gb_transaction_make_proofs(made, n_messages * 3));
    if (n > 0)
        made->nonce = draw(source);
    for (size_t i = 0; i < n_messages; i++)
        make_message(source, made, &made->messages[i],
                     (enum gb_message_kind)((kind - 1 + i) % GB_MESSAGE_FINALIZE + 1));
    EXPECT_INT(gb_transaction_seal(made, &chain_id, ring, true, NULL), GB_OK);
    return made;
}

static bool approvals_are_equal(const struct gb_approvals *a, const struct gb_approvals *b)
{
    return a->n == b->n && memcmp(a->trades, b->trades, a->n * sizeof *a->trades) == 0 &&
           memcmp(a->signatures, b->signatures, a->n * sizeof *a->signatures) == 0;
}

static bool orders_are_equal(const struct gb_order_message *a, const struct gb_order_message *b)
{
    return a->interval == b->interval && a->order.owner == b->order.owner &&
           a->order.side == b->order.side && a->order.type == b->order.type &&
           a->order.source == b->order.source && a->order.quantity.wh == b->order.quantity.wh &&
           a->order.minimum.wh == b->order.minimum.wh &&
           a->order.price.ticks == b->order.price.ticks &&
           a->order.reserve.ticks == b->order.reserve.ticks &&
           a->order.beta_millionths == b->order.beta_millionths && a->amends == b->amends &&
           a->cancels == b->cancels;
}

static bool bodies_are_equal(const struct gb_message *a, const struct gb_message *b)
{
    switch ((enum gb_message_kind)a->kind) {
    case GB_MESSAGE_REGISTER: {
        const struct gb_register_message *x = &a->body.registration, *y = &b->body.registration;
        if (x->n_users != y->n_users)
            return false;
        for (uint32_t i = 0; i < x->n_users; i++)
            if (x->users[i].meter != y->users[i].meter ||
                memcmp(&x->users[i].key, &y->users[i].key, 32) != 0 ||
                x->users[i].capacity_wh != y->users[i].capacity_wh)
                return false;
        return true;
    }
    case GB_MESSAGE_ORDER: return orders_are_equal(&a->body.order, &b->body.order);
    case GB_MESSAGE_CLOSE:
        return a->body.close.interval == b->body.close.interval &&
               a->body.close.height == b->body.close.height;
    case GB_MESSAGE_OPEN:
        return a->body.open.interval == b->body.open.interval &&
               a->body.open.has_match == b->body.open.has_match &&
               a->body.open.has_height == b->body.open.has_height &&
               a->body.open.height == b->body.open.height &&
               gb_hash_is_equal(&a->body.open.root, &b->body.open.root);
    case GB_MESSAGE_READING: {
        const struct gb_reading_message *x = &a->body.reading, *y = &b->body.reading;
        return x->interval == y->interval && memcmp(&x->start, &y->start, sizeof x->start) == 0 &&
               memcmp(&x->end, &y->end, sizeof x->end) == 0 &&
               approvals_are_equal(&x->approvals, &y->approvals);
    }
    case GB_MESSAGE_APPROVE: {
        const struct gb_approve_message *x = &a->body.approve, *y = &b->body.approve;
        return x->interval == y->interval && approvals_are_equal(&x->approvals, &y->approvals);
    }
    case GB_MESSAGE_SETTLE: {
        const struct gb_settle_message *x = &a->body.settle, *y = &b->body.settle;
        return x->interval == y->interval && x->n_trades == y->n_trades &&
               memcmp(x->trades, y->trades, x->n_trades * sizeof *x->trades) == 0 &&
               gb_hash_is_equal(&x->root, &y->root) &&
               memcmp(x->signature, y->signature, sizeof *x->signature) == 0;
    }
    case GB_MESSAGE_FINALIZE: return a->body.finalize.interval == b->body.finalize.interval;
    }
    return false;
}

static bool transactions_are_equal(const struct gb_transaction *a, const struct gb_transaction *b)
{
    if (a->concentrator != b->concentrator || a->nonce != b->nonce ||
        a->n_messages != b->n_messages || a->n_bytes != b->n_bytes ||
        memcmp(a->bytes, b->bytes, a->n_bytes) != 0 || !gb_hash_is_equal(&a->hash, &b->hash) ||
        !gb_hash_is_equal(&a->digest, &b->digest) ||
        memcmp(&a->signature, &b->signature, sizeof a->signature) != 0)
        return false;
    for (size_t i = 0; i < a->n_messages; i++) {
        const struct gb_message *x = &a->messages[i], *y = &b->messages[i];
        if (x->kind != y->kind || x->sender != y->sender || x->nonce != y->nonce ||
            x->last_valid_height != y->last_valid_height ||
            !gb_hash_is_equal(&a->digests[i], &b->digests[i]) ||
            memcmp(&a->signatures[i], &b->signatures[i], sizeof a->signatures[i]) != 0 ||
            !bodies_are_equal(x, y))
            return false;
    }
    return true;
}

static void every_kind_comes_back_as_it_went(void)
{
    struct gb_keyring *ring = make_ring(GB_CRYPTO_MODELLED);
    struct source source = {0};

    for (int i = 0; i < 400; i++) {
        enum gb_message_kind kind = (enum gb_message_kind)(i % GB_MESSAGE_FINALIZE + 1);
        struct gb_transaction *back = NULL;
        struct gb_error err = {0};
        struct gb_transaction *made =
            make_transaction(&source, kind, i % 3 == 0 ? 1 + draw(&source) % 20 : 0, ring);
        EXPECT_INT(gb_transaction_decode(&back, made->bytes, made->n_bytes, &chain_id, &err),
                   GB_OK);
        if (EXPECT(back != NULL))
            EXPECT(transactions_are_equal(made, back));
        gb_transaction_free(back);
        gb_transaction_free(made);
    }
    gb_keyring_free(ring);
}

/* Is `bytes` refused, or does it encode back to itself? Counts what is accepted. */
static bool is_canonical(const uint8_t *bytes, size_t n, size_t *n_accepted)
{
    struct gb_transaction *back = NULL;
    struct gb_error err = {0};
    uint8_t *copy = malloc(n > 0 ? n : 1); /* n bytes exactly: sanitizers see their end */
    bool holds = true;

    if (n > 0)
        memcpy(copy, bytes, n);
    if (gb_transaction_decode(&back, copy, n, &chain_id, &err) == GB_OK) {
        ++*n_accepted;
        holds = gb_transaction_seal(back, &chain_id, NULL, true, &err) == GB_OK &&
                back->n_bytes == n && memcmp(back->bytes, bytes, n) == 0;
        gb_transaction_free(back);
    } else {
        holds = err.text[0] != '\0' && back == NULL;
    }
    free(copy);
    return holds;
}

static void what_is_accepted_encodes_back_to_itself(void)
{
    struct gb_keyring *ring = make_ring(GB_CRYPTO_MODELLED);
    struct source source = {0};
    size_t n_wrong = 0, n_accepted = 0, n_tried = 0;

    for (int i = 0; i < 80; i++) {
        enum gb_message_kind kind = (enum gb_message_kind)(i % GB_MESSAGE_FINALIZE + 1);
        struct gb_transaction *made =
            make_transaction(&source, kind, i % 2 ? draw(&source) % 4 : 0, ring);
        for (size_t bit = 0; bit < 8 * made->n_bytes; bit += 1 + draw(&source) % 3, n_tried++) {
            made->bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
            n_wrong += !is_canonical(made->bytes, made->n_bytes, &n_accepted);
            made->bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        for (size_t n = 0; n < made->n_bytes; n++, n_tried++) /* every truncation is refused */
            n_wrong += !is_canonical(made->bytes, n, &n_accepted);
        gb_transaction_free(made);
    }
    EXPECT_INT((int64_t)n_wrong, 0);
    EXPECT(n_accepted > n_tried / 4); /* else the property would be proven on nothing */
    EXPECT(n_accepted < n_tried);
    gb_keyring_free(ring);
}

static void random_bytes_are_refused_or_encode_back(void)
{
    struct source source = {0};
    size_t n_wrong = 0, n_accepted = 0;
    uint8_t bytes[400];

    for (int i = 0; i < 3000; i++) {
        size_t n = draw(&source) % sizeof bytes;
        fill(&source, bytes, n);
        if (n >= 8) { /* a likely head, or nothing would pass the first word */
            memset(bytes, 0xff, 4);
            memset(bytes + 4, 0, 3);
            bytes[7] %= 10;
        }
        n_wrong += !is_canonical(bytes, n, &n_accepted);
    }
    EXPECT_INT((int64_t)n_wrong, 0);
}

static void appended_bytes_are_refused(void)
{
    struct gb_keyring *ring = make_ring(GB_CRYPTO_MODELLED);
    struct source source = {0};

    for (int kind = GB_MESSAGE_REGISTER; kind <= GB_MESSAGE_FINALIZE; kind++) {
        struct gb_transaction *made =
            make_transaction(&source, (enum gb_message_kind)kind, 0, ring);
        struct gb_transaction *back = NULL;
        uint8_t bytes[1024] = {0};
        memcpy(bytes, made->bytes, made->n_bytes);
        for (size_t more = 1; more <= 8; more++)
            EXPECT_INT(gb_transaction_decode(&back, bytes, made->n_bytes + more, &chain_id, NULL),
                       GB_EINPUT);
        gb_transaction_free(made);
    }
    gb_keyring_free(ring);
}

static void bundles_of_none_or_too_many_are_refused(void)
{
    static const uint8_t none[] = {0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};
    struct gb_keyring *ring = make_ring(GB_CRYPTO_MODELLED);
    struct gb_transaction *back = NULL;
    struct gb_error err = {0};
    struct source source = {0};

    EXPECT_INT(gb_transaction_decode(&back, none, sizeof none, &chain_id, &err), GB_EINPUT);
    EXPECT_TEXT(err.text, "at byte 12: expected 1 to 1000 messages");
    struct gb_transaction *most = make_transaction(&source, GB_MESSAGE_ORDER, GB_BUNDLE_MAX, ring);
    EXPECT_INT(gb_transaction_decode(&back, most->bytes, most->n_bytes, &chain_id, NULL), GB_OK);
    gb_transaction_free(back);
    most->bytes[15]++; /* 1001 */
    err = (struct gb_error){0};
    EXPECT_INT(gb_transaction_decode(&back, most->bytes, most->n_bytes, &chain_id, &err),
               GB_EINPUT);
    EXPECT_TEXT(err.text, "at byte 12: expected 1 to 1000 messages");
    gb_transaction_free(most);
    gb_keyring_free(ring);
}

static void a_signature_binds_chain_sender_nonce_and_content(void)
{
    const enum gb_crypto kinds[] = {GB_CRYPTO_REAL, GB_CRYPTO_MODELLED};

    for (size_t k = 0; k < 2; k++) {
        struct gb_keyring *ring = make_ring(kinds[k]);
        struct source source = {0};
        struct gb_transaction *made = make_transaction(&source, GB_MESSAGE_ORDER, 2, ring), *back;
        const struct gb_message *message = &made->messages[0];
        struct gb_public_key key = gb_keyring_public(ring, message->sender);
        struct gb_public_key bundler = gb_keyring_public(ring, made->concentrator);
        struct gb_hash other_chain = {{8}};

        EXPECT(gb_signature_is_valid(kinds[k], message->sender, &key, &made->digests[0],
                                     &made->signatures[0]));
        EXPECT(gb_signature_is_valid(kinds[k], made->concentrator, &bundler, &made->digest,
                                     &made->signature));
        EXPECT_INT(gb_transaction_decode(&back, made->bytes, made->n_bytes, &other_chain, NULL),
                   GB_OK);
        EXPECT(!gb_signature_is_valid(kinds[k], message->sender, &key, &back->digests[0],
                                      &back->signatures[0]));
        EXPECT(!gb_signature_is_valid(kinds[k], made->concentrator, &bundler, &back->digest,
                                      &back->signature));
        back->messages[0].nonce++;
        EXPECT_INT(gb_transaction_seal(back, &chain_id, NULL, true, NULL), GB_OK);
        EXPECT(!gb_signature_is_valid(kinds[k], message->sender, &key, &back->digests[0],
                                      &back->signatures[0]));
        gb_transaction_free(back);
        gb_transaction_free(made);
        gb_keyring_free(ring);
    }
}

static void an_order_takes_160_bytes(void)
{
    struct gb_keyring *ring = make_ring(GB_CRYPTO_MODELLED);
    struct source source = {0};
    struct gb_transaction *made = make_transaction(&source, GB_MESSAGE_ORDER, 0, ring);

    EXPECT_INT((int64_t)made->n_bytes, 160);
    gb_transaction_free(made);
    gb_keyring_free(ring);
}

static void without_signatures_nothing_is_encoded(void)
{
    struct gb_keyring *ring = make_ring(GB_CRYPTO_NONE);
    struct source source = {0};
    struct gb_transaction *made = make_transaction(&source, GB_MESSAGE_ORDER, 0, ring);

    EXPECT(made->bytes == NULL);
    gb_transaction_free(made);
    gb_keyring_free(ring);
}

static void a_settlement_digest_depends_on_each_of_its_parts(void)
{
    struct gb_energy e = {435000};
    struct gb_price buy = {492500}, sell = {492499};
    struct gb_hash other_chain = {{8}};
    struct gb_hash all[7] = {
        gb_settlement_digest(&chain_id, 3, 1, e, buy, sell),
        gb_settlement_digest(&other_chain, 3, 1, e, buy, sell),
        gb_settlement_digest(&chain_id, 4, 1, e, buy, sell),
        gb_settlement_digest(&chain_id, 3, 2, e, buy, sell),
        gb_settlement_digest(&chain_id, 3, 1, (struct gb_energy){435001}, buy, sell),
        gb_settlement_digest(&chain_id, 3, 1, e, sell, sell),
        gb_settlement_digest(&chain_id, 3, 1, e, buy, buy)};

    for (size_t i = 0; i < 7; i++)
        for (size_t j = 0; j < i; j++)
            EXPECT(!gb_hash_is_equal(&all[i], &all[j]));
}

static void what_is_sealed_without_keeping_its_bytes_is_the_same_transaction(void)
{
    struct gb_keyring *ring = make_ring(GB_CRYPTO_MODELLED);
    const size_t sizes[] = {0, 1, 7, 100, 1000}; /* pieces of one message, and of many */

    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        struct source source = {k};
        struct gb_transaction *kept = make_transaction(&source, GB_MESSAGE_READING, sizes[k], ring);
        struct gb_hash hash = kept->hash, digest = kept->digest;
        size_t n_bytes = kept->n_bytes;

        EXPECT_INT(gb_transaction_seal(kept, &chain_id, ring, false, NULL), GB_OK);
        EXPECT(!kept->bytes);
        EXPECT(gb_hash_is_equal(&hash, &kept->hash));
        EXPECT(gb_hash_is_equal(&digest, &kept->digest));
        EXPECT_INT((int64_t)kept->n_bytes, (int64_t)n_bytes);
        gb_transaction_free(kept);
    }
    gb_keyring_free(ring);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(every_kind_comes_back_as_it_went),
        TAP(what_is_accepted_encodes_back_to_itself),
        TAP(random_bytes_are_refused_or_encode_back),
        TAP(appended_bytes_are_refused),
        TAP(bundles_of_none_or_too_many_are_refused),
        TAP(a_signature_binds_chain_sender_nonce_and_content),
        TAP(an_order_takes_160_bytes),
        TAP(without_signatures_nothing_is_encoded),
        TAP(a_settlement_digest_depends_on_each_of_its_parts),
        TAP(what_is_sealed_without_keeping_its_bytes_is_the_same_transaction),
        {0}};
    return tap_main("transaction", tests);
}
