/* What contracts state of a history: equal ones give equal roots, different ones different, and
 * leaves prove what stands below a root; the market is the same under any cryptography. */
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "chain/contracts/leaf.h"
#include "models/market/two_round/options.h"
#include "tests/session.h"
#include "tests/tap.h"

/* The state root after a hostile session with one message left out, and the receipts of the others.
 */
static struct gb_hash root_of_session(size_t skipped, uint8_t receipts[SESSION_MESSAGES],
                                      size_t *n_messages)
{
    struct session *session = session_create(true);

    session->skipped = skipped;
    session_run(session, 4, GB_CRYPTO_MODELLED, 8);
    struct gb_hash root = session->stage.results.state_root;
    memcpy(receipts, session->receipts, SESSION_MESSAGES);
    *n_messages = session->n_messages;
    session_free(session);
    return root;
}

static void equal_histories_have_equal_roots(void)
{
    uint8_t receipts[SESSION_MESSAGES];
    size_t n;
    struct gb_hash once = root_of_session(SIZE_MAX, receipts, &n);
    struct gb_hash twice = root_of_session(SIZE_MAX, receipts, &n);

    EXPECT(gb_hash_is_equal(&once, &twice));
}

/* A block of three orders after a common history, in which one thing differs. */
static struct gb_block_results results_of(int variant)
{
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 3, stage_rules());
    stage_register_all(&s);
    struct gb_message orders[3] = {
        stage_order(&s, 0, 0, GB_BUY, 1000, 500000, 550000),
        stage_order(&s, 1, 0, GB_SELL, 1000, 400000, 350000),
        stage_order(&s, 2, 0, GB_BUY, 1000, 400000, 350000) /* outside its reserve: refused */
    };
    struct gb_order *order = &orders[1].body.order.order;
    switch (variant) {
    case 1: order->quantity.wh++; break;
    case 2: order->price.ticks++; break;
    case 3: order->reserve.ticks++; break;
    case 4: order->type = GB_ORDER_MARKET; break;
    case 5: order->source = GB_SOURCE_WIND; break;
    case 6: order->beta_millionths = 5; break;
    case 7: orders[1].nonce++; break;
    case 8: orders[2].nonce++; break; /* a refused message spends its nonce, too */
    case 9: s.time_ns += GB_NS_PER_SECOND; break;
    case 10: s.height++; break;
    default: break;
    }
    stage_begin(&s);
    if (variant == 11) { /* the other way round */
        struct gb_message first = orders[0];
        orders[0] = orders[1];
        orders[1] = first;
    }
    for (size_t i = 0; i < (variant == 12 ? 2u : 3u); i++)
        stage_add(&s, stage_wrap(&s, orders[i]));
    stage_end(&s);
    struct gb_block_results results = s.results;
    stage_close(&s);
    return results;
}

static void any_difference_between_histories_shows_in_the_state_root(void)
{
    struct gb_block_results plain = results_of(0), again = results_of(0);

    EXPECT(gb_hash_is_equal(&plain.state_root, &again.state_root));
    EXPECT(gb_hash_is_equal(&plain.receipts_root, &again.receipts_root));
    for (int variant = 1; variant <= 12; variant++) {
        struct gb_block_results other = results_of(variant);
        if (!EXPECT(!gb_hash_is_equal(&plain.state_root, &other.state_root)))
            tap_note("variant %d", variant);
    }
}

/* Forged and replayed messages change nothing; every other one does, if only by its nonce. A
 * message that is replayed may be left out once. */
static void a_message_left_out_shows_in_the_root_if_it_changed_anything(void)
{
    uint8_t receipts[SESSION_MESSAGES], others[SESSION_MESSAGES];
    size_t n = 0, m = 0, n_inert = 0;
    struct gb_hash root = root_of_session(SIZE_MAX, receipts, &n);

    EXPECT(n > 200 && n < SESSION_MESSAGES);
    for (size_t i = 0; i < n; i++) {
        struct gb_hash without = root_of_session(i, others, &m);
        bool is_inert = receipts[i] == GB_RECEIPT_BAD_SIGNATURE || receipts[i] == GB_RECEIPT_REPLAY;
        if (i + 1 < n && receipts[i + 1] == GB_RECEIPT_REPLAY)
            continue;
        n_inert += is_inert;
        if (!EXPECT(gb_hash_is_equal(&root, &without) == is_inert))
            tap_note("message %zu: %s", i, gb_receipt_text((enum gb_receipt)receipts[i]));
    }
    EXPECT(n_inert > 5);
}

static void states_are_chained_to_their_parents(void)
{
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 1, stage_rules());
    stage_begin(&s);
    stage_end(&s);
    struct gb_hash one = s.results.state_root;
    stage_begin(&s);
    stage_end(&s);
    EXPECT(!gb_hash_is_equal(&one, &s.results.state_root));
    stage_close(&s);
}

static void a_receipt_is_proven_by_its_path_to_the_receipts_root(void)
{
    struct gb_hash level[8];
    struct gb_step path[GB_PATH_MAX];
    const struct gb_leaf *leaves;
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 3, stage_rules());
    stage_register_all(&s);
    gb_contracts_keep_leaves(s.contracts);
    stage_begin(&s);
    for (uint32_t i = 0; i < 3; i++)
        stage_send_in_block(&s, stage_order(&s, i, 0, GB_BUY, 1000, 500000, 550000));
    stage_end(&s);
    size_t n = gb_contracts_leaves(s.contracts, &leaves);
    EXPECT_INT(n, 3);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++)
            level[j] = gb_merkle_leaf(leaves[j].bytes, leaves[j].n);
        struct gb_hash node = level[i];
        size_t n_path = gb_merkle_path(level, n, i, path);
        struct gb_hash root = gb_merkle_climb(&node, path, n_path);
        EXPECT(gb_hash_is_equal(&root, &s.results.receipts_root));
    }
    stage_close(&s);
}

/* Of the last block: the n-th leaf that states an event of this kind. */
static struct gb_statement stated(const struct stage *s, enum gb_contract_event_kind kind, size_t n)
{
    const struct gb_leaf *leaves;
    struct gb_statement statement = {0};
    size_t n_leaves = gb_contracts_leaves(s->contracts, &leaves);

    for (size_t i = 0; i < n_leaves; i++)
        if (EXPECT(gb_leaf_read(leaves[i].bytes, leaves[i].n, &statement)) && statement.is_event &&
            statement.kind == kind && n-- == 0)
            return statement;
    EXPECT(!"stated");
    return (struct gb_statement){0};
}

/* A buyer of 1 kWh at 0.5 and a seller: the match by its root, the settlement by its trade, the
 * bills by their amounts. */
static void match_settlement_and_bills_are_stated_in_full(void)
{
    struct stage_approval approvals[2];
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 2, stage_rules());
    stage_register_all(&s);
    gb_contracts_keep_leaves(s.contracts);
    stage_begin(&s);
    stage_send_in_block(&s, stage_order(&s, 0, 0, GB_SELL, 1000, 400000, 400000));
    stage_send_in_block(&s, stage_order(&s, 1, 0, GB_BUY, 1000, 500000, 550000));
    stage_end(&s);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    struct gb_hash root = gb_contracts_interval(s.contracts, 0).match_root;
    struct gb_statement match = stated(&s, GB_EVENT_MATCHED, 0);
    EXPECT(gb_hash_is_equal(&match.root, &root));
    EXPECT_INT(match.interval, 0);
    EXPECT_INT(match.sender, STAGE_OPERATOR);
    s.time_ns = 0;
    EXPECT_INT(stage_send(&s, stage_deliver(&s, 0)), GB_RECEIPT_OK);
    s.time_ns = SESSION_SLOT;
    for (uint32_t i = 0; i < 2; i++) {
        approvals[i] = stage_approval(&s, GB_PARTY(GB_ROLE_METER, i), 0, 0);
        EXPECT_INT(stage_send(&s, stage_reading(&s, i, 0, i ? 1200 : -1000, &approvals[i])),
                   GB_RECEIPT_OK);
    }
    EXPECT_INT(stage_send(&s, stage_settle(&s, 0, (const uint32_t[]){0}, 1)), GB_RECEIPT_OK);
    struct gb_statement settled = stated(&s, GB_EVENT_TRADE_SETTLED, 0);
    EXPECT_INT(settled.index, 0);
    EXPECT_INT(settled.interval, 0);
    EXPECT_INT(settled.energy.wh, 1000);
    for (size_t i = 0; i < 2; i++) {
        const struct gb_contract_event *event = stage_event(&s, GB_EVENT_BILLED, i);
        struct gb_statement bill = stated(&s, GB_EVENT_BILLED, i);
        EXPECT_INT(bill.sender, event->sender);
        EXPECT_INT(bill.amount.units, event->amount.units);
        EXPECT_INT(bill.energy.wh, i ? 1200 : -1000);
    }
    stage_close(&s);
}

/* Every statement there may be is read back; any other bytes are no leaf. */
static void a_leaf_reads_back_as_it_was_written_or_not_at_all(void)
{
    struct gb_statement back,
        all = {.receipt = GB_RECEIPT_LATE, .sender = STAGE_OPERATOR, .interval = -3};
    size_t n_read = 0;

    memset(all.root.bytes, 7, sizeof all.root.bytes);
    for (uint8_t kind = 0; kind <= GB_EVENT_CUT; kind++) {
        struct gb_statement event = all;
        bool is_bill = kind == GB_EVENT_BILLED || kind == GB_EVENT_GAP_BILLED;
        bool has_energy = is_bill || kind == GB_EVENT_TRADE_SETTLED || kind == GB_EVENT_CUT;
        bool is_match = kind == GB_EVENT_MATCHED || kind == GB_EVENT_ROUND;
        event.is_event = true;
        event.kind = kind;
        event.amount.units = -5;
        event.energy.wh = 6;
        event.index = 8;
        event.nonce = 9;
        struct gb_leaf leaf = gb_leaf_write(&event);
        EXPECT(leaf.n == (is_match ? 64 : 32));
        EXPECT(gb_leaf_read(leaf.bytes, leaf.n, &back));
        EXPECT(back.kind == kind && back.is_event && back.interval == -3);
        EXPECT_INT(back.amount.units, is_bill ? -5 : 0);
        EXPECT_INT(back.energy.wh, has_energy ? 6 : 0);
        EXPECT_INT(back.index, is_bill ? 0 : 8);
        EXPECT_INT((int64_t)back.nonce, has_energy ? 0 : 9);
        EXPECT(gb_hash_is_equal(&back.root, &all.root) == is_match);
        for (size_t n = 0; n <= sizeof leaf.bytes; n++)
            n_read += n != leaf.n && gb_leaf_read(leaf.bytes, n, &back);
        leaf.bytes[3] ^= 1; /* between receipt and sender nothing stands */
        n_read += gb_leaf_read(leaf.bytes, leaf.n, &back);
    }
    EXPECT_INT((int64_t)n_read, 0);
}

static void compare_honest_sessions(enum gb_crypto crypto, int64_t n_slots, bool is_trading)
{
    struct session *modelled = session_create(false), *other = session_create(false);

    if (is_trading)
        modelled->mechanism = other->mechanism = &gb_mechanism_continuous;
    session_run(modelled, 5, GB_CRYPTO_MODELLED, n_slots);
    session_run(other, 5, crypto, n_slots);
    EXPECT(modelled->counts[GB_EVENT_TRADE_SETTLED] > 0);
    for (size_t kind = 0; kind <= GB_EVENT_REFUSED; kind++)
        EXPECT_INT(modelled->counts[kind], other->counts[kind]);
    for (uint32_t i = 0; i < SESSION_METERS; i++) {
        EXPECT_INT(stage_balance(&modelled->stage, i), stage_balance(&other->stage, i));
        EXPECT_INT(gb_contracts_grid_account(modelled->stage.contracts, i).units,
                   gb_contracts_grid_account(other->stage.contracts, i).units);
    }
    session_free(modelled);
    session_free(other);
}

static void the_market_is_the_same_with_hashing_off(void)
{
    compare_honest_sessions(GB_CRYPTO_NONE, 30, false);
    compare_honest_sessions(GB_CRYPTO_NONE, 30, true);
}

static void the_market_is_the_same_with_real_signatures(void)
{
    compare_honest_sessions(GB_CRYPTO_REAL, 6, false);
    compare_honest_sessions(GB_CRYPTO_REAL, 6, true);
}

static void a_final_interval_is_seen_until_a_later_one_is_final_and_both_are_acknowledged(void)
{
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 1, stage_rules());
    stage_register_all(&s);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 1000, 500000, 550000)), GB_RECEIPT_OK);
    gb_contracts_acknowledge(s.contracts, s.height); /* somebody lags behind from here */
    s.time_ns = 4 * SESSION_SLOT;
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).phase, GB_INTERVAL_FINAL);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).n_orders, 1);
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 1)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).n_orders,
               1); /* forgotten, and still to be read */
    gb_contracts_acknowledge(s.contracts, s.height - 1);
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 0)), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).phase, GB_INTERVAL_FINAL);
    gb_contracts_acknowledge(s.contracts, s.height);
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 0)), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).phase, GB_INTERVAL_UNKNOWN);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, 1)), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 1000, 500000, 550000)),
               GB_RECEIPT_GATE_CLOSED);
    stage_close(&s);
}

static void an_interval_is_final_with_its_own_finalize_and_no_others(void)
{
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 1, stage_rules());
    stage_register_all(&s);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 1000, 500000, 550000)), GB_RECEIPT_OK);
    s.time_ns = 6 * SESSION_SLOT;
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 2)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).phase, GB_INTERVAL_OPEN);
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 2)), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE);
    /* nobody has spoken of slot 1, and a reading of it is in time */
    struct gb_message reading = stage_reading(&s, 0, 1, 1000, NULL);
    reading.body.reading.start = reading.body.reading.end;
    EXPECT_INT(stage_send(&s, reading), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_GAP_BILLED), 1); /* of slot 0 */
    EXPECT_INT(stage_event(&s, GB_EVENT_GAP_BILLED, 0)->energy.wh, 1000);
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 1)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_BILLED), 1);
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 1)), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 0)), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(gb_contracts_interval(s.contracts, 2).phase, GB_INTERVAL_FINAL);
    stage_close(&s);
}

static enum gb_status create_with(struct gb_contract_rules rules, int64_t first, int64_t second)
{
    struct gb_genesis_user users[2] = {{.balance = {first}}, {.balance = {second}}};
    struct gb_genesis genesis = {
        .crypto = GB_CRYPTO_NONE, .rules = rules, .n_users = 2, .users = users};
    struct gb_error err = {0};
    struct gb_contracts *contracts = NULL;
    enum gb_status status = gb_contracts_create(&contracts, &genesis, NULL, &err);

    EXPECT((status == GB_OK) == (err.text[0] == '\0'));
    EXPECT((status == GB_OK) == (contracts != NULL));
    gb_contracts_free(contracts);
    return status;
}

static void a_genesis_that_cannot_be_executed_is_refused_in_words(void)
{
    struct gb_contract_rules r = stage_rules();

    EXPECT_INT(create_with(r, 1, 2), GB_OK);
    EXPECT_INT(create_with(r, INT64_MAX, 1), GB_ERANGE);
    EXPECT_INT(create_with(r, -1, 1), GB_ECONFIG);
    r.signatures_required = 4;
    EXPECT_INT(create_with(r, 1, 1), GB_ECONFIG);
    r = stage_rules();
    gb_two_round_options(&r.market)->beta_millionths = 1000001;
    EXPECT_INT(create_with(r, 1, 1), GB_ECONFIG);
    r = stage_rules();
    r.market.tariff.feed_in.ticks = 600000;
    EXPECT_INT(create_with(r, 1, 1), GB_ECONFIG);
    r = stage_rules();
    gb_two_round_options(&r.market)->match = GB_MATCH_UNCONDITIONAL;
    r.market.has_band = 0;
    EXPECT_INT(create_with(r, 1, 1), GB_ECONFIG);
    r = stage_rules();
    r.first_start_ns = INT64_MIN;
    EXPECT_INT(create_with(r, 1, 1), GB_ECONFIG);
    r = stage_rules();
    r.slot_ns = 0;
    EXPECT_INT(create_with(r, 1, 1), GB_ECONFIG);
}

/* The contracts embed a hasher, whose type asks for more alignment than calloc() gives. */
static void contracts_are_aligned_as_their_hasher_must_be(void)
{
    struct gb_genesis genesis = {.crypto = GB_CRYPTO_NONE, .rules = stage_rules()};

    for (int i = 0; i < 8; i++) {
        struct gb_contracts *contracts = NULL;
        EXPECT_INT(gb_contracts_create(&contracts, &genesis, NULL, NULL), GB_OK);
        EXPECT_INT((int64_t)((uintptr_t)contracts % alignof(struct gb_hasher)), 0);
        gb_contracts_free(contracts);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(equal_histories_have_equal_roots),
        TAP(any_difference_between_histories_shows_in_the_state_root),
        TAP(a_message_left_out_shows_in_the_root_if_it_changed_anything),
        TAP(states_are_chained_to_their_parents),
        TAP(a_receipt_is_proven_by_its_path_to_the_receipts_root),
        TAP(match_settlement_and_bills_are_stated_in_full),
        TAP(a_leaf_reads_back_as_it_was_written_or_not_at_all),
        TAP(the_market_is_the_same_with_hashing_off),
        TAP(the_market_is_the_same_with_real_signatures),
        TAP(a_final_interval_is_seen_until_a_later_one_is_final_and_both_are_acknowledged),
        TAP(an_interval_is_final_with_its_own_finalize_and_no_others),
        TAP(a_genesis_that_cannot_be_executed_is_refused_in_words),
        TAP(contracts_are_aligned_as_their_hasher_must_be),
        {0}};
    return tap_main("contracts", tests);
}
