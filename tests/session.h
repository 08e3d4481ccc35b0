/* A session of random messages to the contracts: slots of orders, gates, readings and settlements,
 * honest, or hostile with forged, replayed, late and lost ones among them. */
#ifndef TESTS_SESSION_H
#define TESTS_SESSION_H

#include "tests/session_book.h"
#include "tests/stage.h"

#define SESSION_SLOT (15 * STAGE_MINUTE)
enum {
    SESSION_METERS = 12,
    SESSION_KEPT = 64,
    SESSION_APPROVALS = 64,
    SESSION_MESSAGES = 512,
    SESSION_SLOTS = 600,
    SESSION_MOST_WH = 300
};

struct session {
    struct stage stage;
    bool is_hostile;                      /* forged, replayed, late and lost messages too */
    const struct gb_mechanism *mechanism; /* two_round, where nobody says another */
    bool asks_users;                      /* who quote anew between its two rounds */
    enum gb_books books;
    int64_t raised; /* ticks by which every price lies above those of stage_rules; even */
    uint32_t seed, n_draws;
    size_t n_messages;
    uint8_t receipts[SESSION_MESSAGES]; /* of the first of them */
    size_t skipped;                     /* number of the message to leave out */
    size_t n_kept;
    struct gb_message kept[SESSION_KEPT]; /* orders to replay */
    bool has_held;
    struct gb_message held;                          /* which the next one overtakes */
    struct session_book book;                        /* of the slot for which orders are sent */
    size_t n_matches;                                /* that came to what the book says */
    bool is_read[SESSION_SLOTS + 1][SESSION_METERS]; /* by interval */
    int64_t billed_units;                            /* by the grid, net */
    size_t counts[GB_EVENT_ROUND + 1], receipt_counts[GB_N_RECEIPTS];
    struct stage_approval approvals[SESSION_METERS][SESSION_APPROVALS];
    uint32_t trades[SESSION_APPROVALS];
};

/* is_hostile  with messages that contracts must refuse; the caller may change what the market is,
 * and frees the session */
struct session *session_create(bool is_hostile);
void session_free(struct session *session);
/* Slots 0 to n_slots - 1 and the flush behind them, after which nothing is open. */
void session_run(struct session *session, uint32_t seed, enum gb_crypto crypto, int64_t n_slots);

#endif
