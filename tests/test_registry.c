/* Registry: who may speak, with which signature, and once only. */
#include <string.h>

#include "tests/stage.h"
#include "tests/tap.h"

static struct gb_message registration(struct stage *stage, uint32_t n,
                                      const struct gb_admission *users)
{
    struct gb_message message = {.kind = GB_MESSAGE_REGISTER,
                                 .sender = STAGE_SUPERVISOR,
                                 .nonce = ++stage->supervisor_nonce,
                                 .last_valid_height = stage->height + 10};

    message.body.registration = (struct gb_register_message){n, users};
    return message;
}

static struct gb_message some_order(struct stage *stage, uint32_t meter)
{
    return stage_order(stage, meter, 0, GB_BUY, 1000, 400000, 500000);
}

static void a_user_takes_part_once_the_supervisor_admitted_it(enum gb_crypto crypto)
{
    struct stage s;

    stage_open(&s, crypto, 3, stage_rules());
    struct gb_admission user = {1, s.genesis.users[1].key, 0};
    EXPECT_INT(stage_send(&s, some_order(&s, 1)), GB_RECEIPT_UNREGISTERED);
    EXPECT_INT(stage_send(&s, registration(&s, 1, &user)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, some_order(&s, 1)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, some_order(&s, 2)), GB_RECEIPT_UNREGISTERED);
    stage_close(&s);
}

static void admission_opens_the_door_with_modelled_signatures(void)
{
    a_user_takes_part_once_the_supervisor_admitted_it(GB_CRYPTO_MODELLED);
}

static void admission_opens_the_door_with_real_signatures(void)
{
    a_user_takes_part_once_the_supervisor_admitted_it(GB_CRYPTO_REAL);
}

static void a_registration_admits_all_of_its_users_or_none(void)
{
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 3, stage_rules());
    struct gb_admission two[] = {{0, s.genesis.users[0].key, 0}, {1, s.genesis.users[0].key, 0}};
    EXPECT_INT(stage_send(&s, registration(&s, 2, two)), GB_RECEIPT_MALFORMED); /* not its key */
    EXPECT_INT(stage_send(&s, some_order(&s, 0)), GB_RECEIPT_UNREGISTERED);
    two[1] = two[0];
    EXPECT_INT(stage_send(&s, registration(&s, 2, two)), GB_RECEIPT_MALFORMED); /* twice */
    two[1].meter = 3;
    EXPECT_INT(stage_send(&s, registration(&s, 2, two)), GB_RECEIPT_UNKNOWN_TARGET);
    two[1] = (struct gb_admission){1, s.genesis.users[1].key, -1};
    EXPECT_INT(stage_send(&s, registration(&s, 2, two)), GB_RECEIPT_MALFORMED); /* capacity */
    EXPECT_INT(stage_send(&s, registration(&s, 1, two)), GB_RECEIPT_OK);
    two[1].capacity_wh = 0;
    EXPECT_INT(stage_send(&s, registration(&s, 2, two)), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_send(&s, some_order(&s, 1)), GB_RECEIPT_UNREGISTERED);
    struct gb_message usurped = registration(&s, 1, &two[1]);
    usurped.sender = STAGE_OPERATOR;
    usurped.nonce = ++s.operator_nonce;
    EXPECT_INT(stage_send(&s, usurped), GB_RECEIPT_NOT_ALLOWED);
    EXPECT_INT(stage_send(&s, some_order(&s, 1)), GB_RECEIPT_UNREGISTERED);
    stage_close(&s);
}

static void a_capacity_bounds_the_sum_of_a_meters_orders(void)
{
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 1, stage_rules());
    struct gb_admission user = {0, s.genesis.users[0].key, 2500};
    EXPECT_INT(stage_send(&s, registration(&s, 1, &user)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, some_order(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, some_order(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, some_order(&s, 0)), GB_RECEIPT_BEYOND_CAPACITY);
    struct gb_message larger = some_order(&s, 0);
    larger.body.order.amends = larger.nonce - 1; /* of the one refused */
    EXPECT_INT(stage_send(&s, larger), GB_RECEIPT_UNKNOWN_TARGET);
    larger = some_order(&s, 0);
    larger.body.order.amends = 2;
    larger.body.order.order.quantity.wh = 1500; /* 1000 + 1500: the one amended is out */
    EXPECT_INT(stage_send(&s, larger), GB_RECEIPT_OK);
    stage_close(&s);
}

static void a_signature_of_another_or_over_other_words_is_refused(enum gb_crypto crypto)
{
    struct stage s;

    stage_open(&s, crypto, 2, stage_rules());
    stage_register_all(&s);
    struct gb_transaction *forged = stage_wrap(&s, some_order(&s, 0));
    gb_keyring_sign(s.ring, GB_PARTY(GB_ROLE_METER, 1), &forged->digests[0],
                    &forged->signatures[0]);
    struct gb_hash before = s.results.state_root;
    stage_begin(&s);
    EXPECT_INT(stage_add(&s, forged), GB_RECEIPT_BAD_SIGNATURE);
    struct gb_transaction *first = stage_wrap(&s, some_order(&s, 0));
    struct gb_transaction *other = stage_wrap(&s, some_order(&s, 0));
    other->signatures[0] = first->signatures[0];
    EXPECT_INT(stage_add(&s, other), GB_RECEIPT_BAD_SIGNATURE);
    EXPECT_INT(stage_add(&s, first), GB_RECEIPT_OK);
    stage_end(&s);
    EXPECT(!gb_hash_is_equal(&before, &s.results.state_root));
    stage_close(&s);
}

static void modelled_forgeries_are_refused(void)
{
    a_signature_of_another_or_over_other_words_is_refused(GB_CRYPTO_MODELLED);
}

static void real_forgeries_are_refused(void)
{
    a_signature_of_another_or_over_other_words_is_refused(GB_CRYPTO_REAL);
}

static enum gb_receipt send_with_nonce(struct stage *stage, uint64_t nonce)
{
    struct gb_message message = some_order(stage, 0);

    message.nonce = nonce;
    return stage_send(stage, message);
}

static void a_nonce_is_good_once_and_in_any_order_within_64(void)
{
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 1, stage_rules());
    stage_register_all(&s);
    EXPECT_INT(send_with_nonce(&s, 0), GB_RECEIPT_REPLAY);
    EXPECT_INT(send_with_nonce(&s, 1), GB_RECEIPT_OK);
    EXPECT_INT(send_with_nonce(&s, 1), GB_RECEIPT_REPLAY);
    EXPECT_INT(send_with_nonce(&s, 100), GB_RECEIPT_OK);
    EXPECT_INT(send_with_nonce(&s, 36), GB_RECEIPT_REPLAY); /* 64 below */
    EXPECT_INT(send_with_nonce(&s, 37), GB_RECEIPT_OK);     /* 63 below */
    EXPECT_INT(send_with_nonce(&s, 37), GB_RECEIPT_REPLAY);
    EXPECT_INT(send_with_nonce(&s, 99), GB_RECEIPT_OK);
    EXPECT_INT(send_with_nonce(&s, 100), GB_RECEIPT_REPLAY);
    EXPECT_INT(send_with_nonce(&s, 163), GB_RECEIPT_OK); /* shifts by 63: 100 is the oldest */
    EXPECT_INT(send_with_nonce(&s, 100), GB_RECEIPT_REPLAY);
    EXPECT_INT(send_with_nonce(&s, 101), GB_RECEIPT_OK);
    EXPECT_INT(send_with_nonce(&s, 227), GB_RECEIPT_OK); /* shifts by 64: nothing is left */
    EXPECT_INT(send_with_nonce(&s, 163), GB_RECEIPT_REPLAY);
    EXPECT_INT(send_with_nonce(&s, 164), GB_RECEIPT_OK);
    EXPECT_INT(send_with_nonce(&s, UINT64_MAX), GB_RECEIPT_OK);
    EXPECT_INT(send_with_nonce(&s, UINT64_MAX), GB_RECEIPT_REPLAY);
    stage_close(&s);
}

/* A settle far ahead, as one that overtakes many others: refused for its content, its nonce spent.
 */
static void a_kind_of_message_pushes_no_other_out_of_its_window(void)
{
    const uint64_t far = 1000;
    const struct gb_signature nobodys = {{0}};
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 1, stage_rules());
    stage_register_all(&s);
    EXPECT_INT(send_with_nonce(&s, far), GB_RECEIPT_OK);
    s.time_ns = 0;
    struct gb_message gate = stage_gate(&s, 0, s.height);
    struct gb_message settle = {.kind = GB_MESSAGE_SETTLE,
                                .sender = STAGE_OPERATOR,
                                .nonce = far,
                                .last_valid_height = s.height + 100,
                                .body.settle.signature = &nobodys};
    gate.nonce = 1;
    EXPECT_INT(stage_send(&s, settle), GB_RECEIPT_MALFORMED);
    EXPECT_INT(stage_send(&s, gate), GB_RECEIPT_OK);
    struct gb_message deliver = stage_deliver(&s, 0);
    deliver.nonce = 1;
    EXPECT_INT(stage_send(&s, deliver), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, settle), GB_RECEIPT_REPLAY);
    EXPECT_INT(stage_send(&s, gate), GB_RECEIPT_REPLAY);
    s.time_ns = s.genesis.rules.slot_ns;
    struct gb_message reading = stage_reading(&s, 0, 0, 500, NULL);
    struct gb_message approve = stage_approve(&s, 0, 0, 0, NULL);
    reading.nonce = approve.nonce = 1;
    EXPECT_INT(stage_send(&s, reading), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, approve), GB_RECEIPT_MALFORMED); /* it approves nothing */
    EXPECT_INT(stage_send(&s, approve), GB_RECEIPT_REPLAY);
    s.time_ns = 3 * s.genesis.rules.slot_ns;
    struct gb_message finalize = stage_finalize(&s, 0);
    finalize.nonce = 1;
    EXPECT_INT(stage_send(&s, finalize), GB_RECEIPT_OK);
    stage_close(&s);
}

static void a_kind_that_is_not_its_senders_spends_no_nonce_of_it(void)
{
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 1, stage_rules());
    stage_register_all(&s);
    struct gb_message usurped = stage_gate(&s, 0, s.height);
    usurped.sender = GB_PARTY(GB_ROLE_METER, 0);
    EXPECT_INT(stage_send(&s, usurped), GB_RECEIPT_NOT_ALLOWED);
    EXPECT_INT(stage_send(&s, usurped), GB_RECEIPT_NOT_ALLOWED);
    EXPECT_INT(send_with_nonce(&s, usurped.nonce), GB_RECEIPT_OK);
    stage_close(&s);
}

static void a_refused_message_spends_its_nonce_and_cannot_be_played_again(void)
{
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 1, stage_rules());
    stage_register_all(&s);
    struct gb_message early = stage_order(&s, 0, 1, GB_BUY, 1000, 400000, 500000);
    EXPECT_INT(stage_send(&s, early), GB_RECEIPT_TOO_EARLY);
    s.time_ns = 0; /* now it would succeed */
    EXPECT_INT(stage_send(&s, early), GB_RECEIPT_REPLAY);
    early.nonce = ++s.meter_nonces[0];
    EXPECT_INT(stage_send(&s, early), GB_RECEIPT_OK);
    stage_close(&s);
}

static enum gb_receipt say_valid_until(struct stage *stage, uint64_t height)
{
    struct gb_message message = some_order(stage, 0);

    message.last_valid_height = height;
    return stage_send(stage, message);
}

static void a_message_is_valid_up_to_its_last_height_and_1000_blocks_at_most(void)
{
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 1, stage_rules());
    stage_register_all(&s);
    EXPECT_INT(say_valid_until(&s, s.height), GB_RECEIPT_EXPIRED);
    EXPECT_INT(say_valid_until(&s, s.height + 1), GB_RECEIPT_OK);
    EXPECT_INT(say_valid_until(&s, s.height + 1001), GB_RECEIPT_OK);
    EXPECT_INT(say_valid_until(&s, s.height + 1002), GB_RECEIPT_EXPIRED);
    EXPECT_INT(say_valid_until(&s, UINT64_MAX), GB_RECEIPT_EXPIRED);
    stage_close(&s);
}

static void what_carries_no_signature_is_taken_for_signed_unless_signatures_are_real(void)
{
    const enum gb_crypto kinds[] = {GB_CRYPTO_MODELLED, GB_CRYPTO_REAL};

    for (size_t k = 0; k < 2; k++) {
        struct stage s;

        stage_open(&s, kinds[k], 1, stage_rules());
        stage_register_all(&s);
        struct gb_transaction *bare = stage_wrap(&s, some_order(&s, 0));
        gb_transaction_forget_proofs(bare);
        stage_begin(&s);
        EXPECT_INT(stage_add(&s, bare),
                   kinds[k] == GB_CRYPTO_REAL ? GB_RECEIPT_BAD_SIGNATURE : GB_RECEIPT_OK);
        stage_end(&s);
        stage_close(&s);
    }
}

static void a_bundle_is_checked_outside_and_inside(void)
{
    struct stage s;
    const uint8_t *receipts;

    stage_open(&s, GB_CRYPTO_MODELLED, 3, stage_rules());
    stage_register_all(&s);
    struct gb_message three[] = {some_order(&s, 0), some_order(&s, 1), some_order(&s, 2)};
    three[1].nonce = 1000;
    struct gb_transaction *bundle = stage_bundle(&s, three, 3);
    struct gb_transaction *again = stage_bundle(&s, three, 3);
    struct gb_transaction *stolen = stage_bundle(&s, three, 3);
    struct gb_transaction *outsider = stage_bundle(&s, three, 3);
    stolen->signature = again->signature;
    outsider->concentrator = GB_PARTY(GB_ROLE_CONCENTRATOR, 2);
    bundle->signatures[1] = bundle->signatures[0];
    struct gb_transaction *twice = stage_bundle(&s, three, 3);
    twice->nonce = bundle->nonce; /* and signed so */
    EXPECT_INT(gb_transaction_seal(twice, &s.chain_id, s.ring, true, &s.err), GB_OK);
    stage_begin(&s);
    stage_add(&s, stolen);
    stage_add(&s, outsider);
    stage_add(&s, bundle);
    stage_add(&s, twice);
    stage_add(&s, again);
    EXPECT_INT(gb_contracts_receipts(s.contracts, &receipts), 15);
    const enum gb_receipt expected[15] = {
        GB_RECEIPT_BAD_SIGNATURE,
        GB_RECEIPT_BAD_SIGNATURE,
        GB_RECEIPT_BAD_SIGNATURE,
        GB_RECEIPT_UNREGISTERED,
        GB_RECEIPT_UNREGISTERED,
        GB_RECEIPT_UNREGISTERED,
        GB_RECEIPT_OK,
        GB_RECEIPT_BAD_SIGNATURE,
        GB_RECEIPT_OK,
        GB_RECEIPT_REPLAY,
        GB_RECEIPT_REPLAY,
        GB_RECEIPT_REPLAY,
        GB_RECEIPT_REPLAY,
        GB_RECEIPT_OK,
        GB_RECEIPT_REPLAY /* the forged one was not spent */
    };
    for (size_t i = 0; i < 15; i++)
        EXPECT_INT(receipts[i], expected[i]);
    stage_end(&s);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).n_orders, 3);
    stage_close(&s);
}

/* Plays a bundle of two, the second of them this one, and expects the receipt for both. */
static void expect_bundled(struct stage *s, struct gb_message second, enum gb_receipt expected)
{
    struct gb_message both[] = {some_order(s, 0), second};
    const uint8_t *receipts;

    stage_begin(s);
    stage_add(s, stage_bundle(s, both, 2));
    EXPECT_INT(gb_contracts_receipts(s->contracts, &receipts), 2);
    EXPECT_INT(receipts[0], expected);
    EXPECT_INT(receipts[1], expected);
    stage_end(s);
    if (expected == GB_RECEIPT_OK)
        return;
    EXPECT_INT(stage_send(s, both[0]), GB_RECEIPT_OK); /* its nonce was not spent */
}

static void a_bundle_holds_messages_of_its_concentrators_meters_and_nothing_else(void)
{
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 5, stage_rules());
    stage_register_all(&s);
    s.genesis.users[3].concentrator = 0; /* the bundles are of concentrator 1 */
    s.genesis.users[4].concentrator = GB_NO_CONCENTRATOR;
    expect_bundled(&s, some_order(&s, 2), GB_RECEIPT_OK);
    expect_bundled(&s, some_order(&s, 3), GB_RECEIPT_NOT_ALLOWED);
    expect_bundled(&s, some_order(&s, 4), GB_RECEIPT_NOT_ALLOWED);
    expect_bundled(&s, stage_gate(&s, 0, s.height), GB_RECEIPT_NOT_ALLOWED);
    struct gb_message open = stage_gate(&s, 0, s.height); /* under a nonce of its own */
    open.kind = GB_MESSAGE_OPEN;
    open.body.open = (struct gb_open_message){.interval = 0};
    expect_bundled(&s, open, GB_RECEIPT_NOT_ALLOWED);
    stage_close(&s);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(admission_opens_the_door_with_modelled_signatures),
        TAP(admission_opens_the_door_with_real_signatures),
        TAP(a_registration_admits_all_of_its_users_or_none),
        TAP(a_capacity_bounds_the_sum_of_a_meters_orders),
        TAP(modelled_forgeries_are_refused),
        TAP(real_forgeries_are_refused),
        TAP(a_nonce_is_good_once_and_in_any_order_within_64),
        TAP(a_kind_of_message_pushes_no_other_out_of_its_window),
        TAP(a_kind_that_is_not_its_senders_spends_no_nonce_of_it),
        TAP(a_refused_message_spends_its_nonce_and_cannot_be_played_again),
        TAP(a_message_is_valid_up_to_its_last_height_and_1000_blocks_at_most),
        TAP(what_carries_no_signature_is_taken_for_signed_unless_signatures_are_real),
        TAP(a_bundle_is_checked_outside_and_inside),
        TAP(a_bundle_holds_messages_of_its_concentrators_meters_and_nothing_else),
        {0}};
    return tap_main("registry", tests);
}
