/* The contracts under random hostile sessions: forged, replayed, overtaken, late, early and lost
 * messages, orders that nobody can pay for and amendments of what is not theirs, in every market
 * and in bands of either sign. Money, escrow and energy are recounted after every block
 * (tests/stage.h), and each match is what an auction of its own makes of the orders that were
 * accepted (tests/session_book.h): price and time priority, no pair left that crosses, budgets as
 * promised. */
#include "tests/session.h"
#include "tests/tap.h"

/* Bands from the paper's 0.31 to 0.59, about 0, and below it, where sellers hold the escrow. */
static const int64_t bands[] = {0, -450000, -900000};
enum { N_BANDS = sizeof bands / sizeof bands[0] };

static bool pays_operator(const struct session *session)
{
    return session->mechanism == &gb_mechanism_mcafee || session->mechanism == &gb_mechanism_huang;
}

/* Trades move money among users and to the operator, bills what the grid is paid. */
static void expect_money(const struct session *session)
{
    int64_t traded = gb_contracts_operator(session->stage.contracts).units, billed = 0;

    EXPECT(pays_operator(session) ? traded > 0 : traded == 0);
    for (uint32_t i = 0; i < SESSION_METERS; i++) {
        EXPECT_INT(gb_contracts_escrow(session->stage.contracts, i).units, 0);
        traded += stage_balance(&session->stage, i);
        billed -= gb_contracts_grid_account(session->stage.contracts, i).units;
    }
    EXPECT_INT(traded, SESSION_METERS * STAGE_BALANCE);
    EXPECT_INT(billed, session->billed_units);
    EXPECT(billed != 0);
}

/* It was no idle session. */
static void expect_life(const struct session *session)
{
    bool goes_without = pays_operator(session); /* the last pair of a book, often the only one */
    size_t some = goes_without ? 20 : 200;

    static const enum gb_receipt seen[] = {
        GB_RECEIPT_OK,
        GB_RECEIPT_BAD_SIGNATURE,
        GB_RECEIPT_REPLAY,
        GB_RECEIPT_OUT_OF_BAND,
        GB_RECEIPT_GATE_CLOSED,
        GB_RECEIPT_NOT_ALLOWED,
        GB_RECEIPT_UNKNOWN_TARGET,
        GB_RECEIPT_ALREADY_DONE,
        GB_RECEIPT_WRONG_ROOT,
        GB_RECEIPT_WRONG_REGISTERS,
        GB_RECEIPT_UNDERFUNDED,
    };

    EXPECT(session->n_matches > some);
    EXPECT(session->counts[GB_EVENT_TRADE_SETTLED] > some);
    EXPECT(session->counts[GB_EVENT_TRADE_VOIDED] > some);
    EXPECT(session->counts[GB_EVENT_BILLED] > 1000);
    EXPECT(session->counts[GB_EVENT_GAP_BILLED] > 100);
    EXPECT(session->counts[GB_EVENT_MISSED] > 10);
    EXPECT(session->counts[GB_EVENT_APPROVAL_REFUSED] > 20);
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++)
        if (!EXPECT(session->receipt_counts[seen[i]] > 5))
            tap_note("receipt '%s' came %zu times", gb_receipt_text(seen[i]),
                     session->receipt_counts[seen[i]]);
}

static void play_one(const struct gb_mechanism *mechanism, bool asks_users, size_t band,
                     enum gb_books books)
{
    struct session *session = session_create(true);

    session->mechanism = mechanism;
    session->asks_users = asks_users;
    session->books = books;
    session->raised = bands[band];
    session_run(session, 3 + (uint32_t)band, GB_CRYPTO_MODELLED, SESSION_SLOTS);
    expect_money(session);
    expect_life(session);
    EXPECT(!asks_users || session->counts[GB_EVENT_ROUND] > 400);
    EXPECT(!mechanism->trading || session->counts[GB_EVENT_TRADED] > 1000);
    EXPECT(!(asks_users || mechanism->trading) ||
           session->receipt_counts[GB_RECEIPT_SUPERSEDED] > 5);
    session_free(session);
}

static void play(const struct gb_mechanism *mechanism, bool asks_users)
{
    for (size_t b = 0; b < N_BANDS; b++)
        for (int books = GB_BOOKS_BY_SOURCE; books <= GB_BOOKS_POOLED; books++)
            play_one(mechanism, asks_users, b, (enum gb_books)books);
}

static void two_rounds_by_contract_keep_their_promises(void)
{
    play(&gb_mechanism_two_round, false);
}

static void two_rounds_between_which_users_quote_anew_keep_their_promises(void)
{
    play(&gb_mechanism_two_round, true);
}

static void orders_that_trade_as_they_come_keep_their_promises(void)
{
    play(&gb_mechanism_continuous, false);
}

static void the_other_calls_keep_their_promises(void)
{
    static const struct gb_mechanism *const calls[] = {
        &gb_mechanism_uniform, &gb_mechanism_pay_as_bid, &gb_mechanism_mid_market_rate,
        &gb_mechanism_mcafee, &gb_mechanism_huang};

    /* each in every band, and in both kinds of books */
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        for (size_t b = 0; b < N_BANDS; b++)
            play_one(calls[i], false, b, (b + i) % 2 ? GB_BOOKS_POOLED : GB_BOOKS_BY_SOURCE);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(two_rounds_by_contract_keep_their_promises),
        TAP(two_rounds_between_which_users_quote_anew_keep_their_promises),
        TAP(orders_that_trade_as_they_come_keep_their_promises),
        TAP(the_other_calls_keep_their_promises),
        {0}};
    return tap_main("hostile_sessions", tests);
}
