/* What the files of the world share: its accounts, its intervals and its trail.
 *
 * A failure (no memory, a sum beyond 64 bits, a mechanism that broke its promise) is kept in
 * `world->failure`: the first one counts, what follows it does nothing harmful, and
 * gb_contracts_apply and gb_contracts_end_block report it. So the contracts read as the rules do,
 * without a status a line. */
#ifndef CHAIN_CONTRACTS_CONTRACTS_PRIV_H
#define CHAIN_CONTRACTS_CONTRACTS_PRIV_H

#include "chain/contracts/contracts.h"
#include "chain/contracts/leaf.h"

/* Highest price on a chain (10000 currency per kWh): low enough that even without a band a meter
 * may trade 100 MWh a slot before a bill could leave 64 bits; see world->energy_limit_wh. */
#define GB_CONTRACT_PRICE_LIMIT_TICKS INT64_C(10000000000)

/* Earliness of this much is borne: clocks of nodes differ. Lateness is not. */
#define GB_CLOCK_TOLERANCE_NS GB_NS_PER_SECOND

#define GB_NO_ORDER UINT32_MAX
#define GB_NO_SPAN UINT32_MAX

/* Nonces seen: bit i of `seen` stands for top - i. What is older than 64 counts as seen. */
struct gb_nonce_window {
    uint64_t top, seen;
};

/* What trading touches first, then what reading touches. */
struct gb_user {
    int64_t balance, escrow, grid; /* money units */
    int64_t billed_wh;             /* traded and with the grid; positive = bought, imported */
    struct gb_nonce_window windows[GB_METER_KINDS];
    int64_t capacity_wh; /* 0 = unlimited; GB_UNREGISTERED */
    /* its first span: registers at the end of the last interval up to which every Wh is known, read
     * or billed with a gap; zero and -1 before the first */
    int64_t last_interval;
    struct gb_registers registers;
    uint32_t span; /* the next one; GB_NO_SPAN */
};

/* Readings of a meter that follow each other, but not yet on those before. */
struct gb_span {
    int64_t first, last; /* intervals */
    struct gb_registers start, end;
    uint32_t next; /* of the meter, later; GB_NO_SPAN */
};

#define GB_UNREGISTERED (-1)

/* A meter in an interval. */
struct gb_meter_interval {
    int64_t order_wh;   /* standing orders: bought positive, sold negative */
    int64_t metered_wh; /* net of its reading; import positive */
    union {
        uint32_t latest_order; /* before the match: head of the chain of its orders, or
                                * GB_NO_ORDER */
        uint32_t first_trade;  /* from the match on: where its part of trade_lists begins;
                                * it ends where the next cell's begins */
    };
    uint32_t n_pending : 30; /* trades neither settled nor void */
    uint32_t has_reading : 1, is_billed : 1;
};

/* A cancel, or the first half of an amendment. */
struct gb_withdrawal {
    struct gb_position position;
    uint64_t nonce;
    uint32_t order;
    uint32_t before; /* it came before the order of this number */
    bool is_amendment;
};

enum gb_trade_signer { GB_SIGNED_BY_SELLER = 1, GB_SIGNED_BY_BUYER = 2, GB_SIGNED_BY_OPERATOR = 4 };

/* One interval with all that is known of it. Orders are in the ledger's order; after the close
 * those that came in time are a prefix and the rest is gone.
 *
 * Memory goes as soon as the rules need it no more and everybody outside has heard so
 * (world->heard): the orders once they are matched or the slot was missed, all the rest once the
 * interval is done: final, or every meter of it billed, so that nothing of it can change. What
 * contracts answer depends on those heights, never on whether the memory is still there. */
struct gb_interval {
    int64_t number;
    enum gb_interval_phase phase;
    uint64_t matched_at, done_at, forgotten_at; /* heights; 0: not yet */
    uint64_t close_height;
    struct gb_position close_position;
    size_t n_billed;                 /* meters */
    struct gb_meter_interval *cells; /* one a meter and one behind them; NULL once it is gone */

    size_t n_orders, order_capacity; /* NULL once they are gone */
    struct gb_order *orders;
    struct gb_position *positions;
    uint64_t *nonces;
    uint32_t *previous; /* the same meter's order before; GB_NO_ORDER */
    uint8_t *withdrawn;
    struct gb_energy *unmatched; /* NULL before the match */

    size_t n_withdrawals, withdrawal_capacity;
    struct gb_withdrawal *withdrawals;

    size_t n_trades; /* NULL once they are gone */
    struct gb_trade *trades;
    struct gb_energy *delivered; /* of each: what both meters allot to it, those not read yet
                                  * all of it; NULL under a firm rule */
    uint8_t *trade_states;       /* enum gb_trade_state */
    uint8_t *signers;            /* set of enum gb_trade_signer */
    struct gb_hash *digests;     /* what the roles sign; NULL with hashing off */
    uint32_t *trade_lists;       /* 2 n_trades: indices of trades, meter by meter */
    struct gb_hash match_root;
};

static inline bool gb_interval_is_done(const struct gb_interval *interval)
{
    return interval->done_at != 0;
}

/* Energy of a trade as it executes, once both its meters are read. */
static inline struct gb_energy gb_interval_executed(const struct gb_interval *interval,
                                                    uint32_t trade)
{
    return interval->delivered ? interval->delivered[trade] : interval->trades[trade].energy;
}

/* Trades of a meter: how many of trade_lists, from cells[meter].first_trade on. */
static inline uint32_t gb_interval_n_trades_of(const struct gb_interval *interval, uint32_t meter)
{
    if (interval->n_trades == 0) /* perhaps before the match */
        return 0;
    return interval->cells[meter + 1].first_trade - interval->cells[meter].first_trade;
}

/* What execution leaves behind: the running hash of state changes, the receipts' tree, and events.
 * With hashing off only the events remain. */
struct gb_event_log {
    bool is_hashed;
    struct gb_hasher hasher;
    struct gb_hash root;  /* of the last finished block */
    uint8_t staged[4096]; /* changes not yet handed to the hasher */
    size_t n_staged;
    struct gb_merkle receipts_tree;
    bool keeps_leaves; /* for who wants paths to the root */
    size_t n_leaves, leaf_capacity;
    struct gb_leaf *leaves;
    struct gb_events events;
    size_t n_receipts, receipt_capacity;
    uint8_t *receipts;
};

struct gb_contracts {
    struct gb_contract_rules rules;
    int64_t energy_limit_wh; /* of a meter and slot; beyond is no order and no reading */
    enum gb_crypto crypto;
    struct gb_hash chain_id;
    struct gb_public_key supervisor, operator_;
    struct gb_nonce_window supervisor_window, operator_windows[GB_OPERATOR_KINDS];
    size_t n_concentrators;
    struct gb_public_key *concentrators;
    struct gb_nonce_window *concentrator_windows;

    size_t n_users;
    struct gb_user *users;
    const struct gb_genesis_user *known_users; /* the genesis', for their keys; NULL where nobody
                                                * signs */
    int64_t operator_units, grid_units;
    int64_t genesis_units; /* what all accounts sum to */

    const struct gb_mechanism *mechanism;
    void *mechanism_state;

    size_t n_intervals, interval_capacity; /* live ones, in the order in which they came up */
    struct gb_interval **intervals;
    size_t n_forgotten,
        forgotten_capacity; /* gone for the contracts, readable for who lags behind */
    struct gb_interval **forgotten;
    uint64_t acknowledged; /* height up to which the outside has read what happened */
    size_t usual_orders;   /* of the interval closed last: room for the next one's */
    int64_t final_before;  /* all intervals below are final; later ones may be */

    size_t n_spans, span_capacity, n_spans_waiting;
    struct gb_span *spans;
    uint32_t free_span; /* a chain of them; GB_NO_SPAN */

    uint64_t height; /* of the block being executed */
    int64_t time_ns;
    /* Numbers of the last interval that by this time has begun to take orders, has started, and is
     * beyond its settlement deadline; */
    int64_t last_opened, last_started, last_missed;
    /* and, for what may not come earlier, of the one that within the tolerance has come to its
     * gate, to its start, to its end, and to its settlement deadline. */
    int64_t last_at_gate, last_at_start, last_at_end, last_due;
    uint32_t n_transactions;          /* of it so far */
    const struct gb_message *message; /* being executed */
    struct gb_position position;      /* of that message */

    struct gb_event_log event_log;
    struct gb_error failure;
};

void *gb_contracts_grow(struct gb_contracts *contracts, void *array, size_t *capacity,
                        size_t needed, size_t size);
/* The array with room for at least `needed` items, moved or not. Without memory a failure is kept
 * and *room stays below `needed`. */
static inline void *gb_contracts_grown(struct gb_contracts *contracts, void *array,
                                       size_t *capacity, size_t needed, size_t size)
{
    return needed <= *capacity ? array
                               : gb_contracts_grow(contracts, array, capacity, needed, size);
}
/* The array with room for exactly `room` items; without memory the old one, and a failure is
 * kept. */
void *gb_contracts_resized(struct gb_contracts *contracts, void *array, size_t capacity,
                           size_t size);
size_t gb_contracts_next_capacity(size_t capacity, size_t needed);
/* Keeps the first failure. */
void gb_contracts_fail(struct gb_contracts *contracts, enum gb_status status, const char *what);

/* ---- trail.c */
/* Kinds of change, each with whom it is about (32 bits) and its words. */
enum gb_change {
    GB_CHANGE_BLOCK = 1,      /* 0: height, time */
    GB_CHANGE_NONCE = 2,      /* sender: kind of message, 0 a bundle; nonce */
    GB_CHANGE_ADMISSION = 3,  /* meter: capacity */
    GB_CHANGE_ORDER = 4,      /* meter: interval, number, kind, quantity, prices, beta */
    GB_CHANGE_WITHDRAWAL = 5, /* order: interval, is amendment */
    GB_CHANGE_MONEY = 6,      /* from meter: kinds of account and to meter, units */
    GB_CHANGE_LATE = 7,       /* order, or withdrawn order: interval, is withdrawal */
    GB_CHANGE_MATCH = 8,      /* 0: interval, height, orders, trades, root */
    GB_CHANGE_PHASE = 9,      /* phase: interval */
    GB_CHANGE_READING = 10,   /* meter: interval, registers that it moves */
    GB_CHANGE_SIGNATURE = 11, /* trade: interval and enum gb_trade_signer */
    GB_CHANGE_TRADE = 12,     /* trade: interval and enum gb_trade_state, Wh executed */
    GB_CHANGE_BILL = 13,      /* meter: interval, Wh with the grid, units */
    GB_CHANGE_GAP = 14        /* meter: first and last interval, Wh with the grid, units */
};

void gb_event_log_stage(struct gb_contracts *contracts, enum gb_change change, uint32_t who,
                        const int64_t *words, size_t n);
void gb_event_log_begin(struct gb_contracts *contracts);
void gb_event_log_end(struct gb_contracts *contracts, struct gb_block_results *results);
/* Feeds one change of state to the running hash; costs nothing where there is none. */
static inline void gb_event_log_record(struct gb_contracts *contracts, enum gb_change change,
                                       uint32_t who, const int64_t *words, size_t n)
{
    if (contracts->event_log.is_hashed)
        gb_event_log_stage(contracts, change, who, words, n);
}
/* The receipt of the message being executed: a leaf, and an event where the outside waits for one.
 * is_of_bundle  it is that of its bundle, and the message itself was not looked at */
void gb_event_log_receipt(struct gb_contracts *contracts, enum gb_receipt receipt,
                          bool is_of_bundle);
/* An event caused by the message being executed, with the fields that every event has. */
struct gb_contract_event gb_event_log_event(const struct gb_contracts *contracts,
                                            enum gb_contract_event_kind kind, int64_t interval,
                                            uint32_t index);
/* Tells an event that is no receipt: it gets a leaf of its own. */
void gb_event_log_emit(struct gb_contracts *contracts, const struct gb_contract_event *event);
/* Words of 64 bits as canonical bytes, big-endian; returns the end of what it wrote. */
uint8_t *gb_event_log_put(uint8_t *out, const int64_t *words, size_t n);

/* ---- accounts.c */
enum gb_account {
    GB_ACCOUNT_BALANCE,
    GB_ACCOUNT_ESCROW,
    GB_ACCOUNT_GRID_BILLS,
    GB_ACCOUNT_OPERATOR,
    GB_ACCOUNT_GRID
};
/* Moves money, the only way it moves. meters are ignored for the operator and the grid.
 * units  negative: the other way round */
void gb_accounts_move(struct gb_contracts *contracts, enum gb_account from, uint32_t from_meter,
                      enum gb_account to, uint32_t to_meter, int64_t units);

/* ---- intervals.c */
struct gb_interval *gb_intervals_find(const struct gb_contracts *contracts, int64_t number);
/* Finds it or brings it up empty; NULL: a failure is kept. */
struct gb_interval *gb_intervals_need(struct gb_contracts *contracts, int64_t number);
/* An interval has become final: forgets those that nothing can come for any more, all but the last
 * one. */
void gb_intervals_forget(struct gb_contracts *contracts);
/* A block begins: frees what neither the rules nor anybody outside needs any more. */
void gb_intervals_release(struct gb_contracts *contracts);
void gb_intervals_free(struct gb_contracts *contracts);
bool gb_interval_reserve_orders(struct gb_contracts *contracts, struct gb_interval *interval,
                                size_t n);
/* Memory for a match of exactly n trades over the interval's orders. */
bool gb_interval_reserve_match(struct gb_contracts *contracts, struct gb_interval *interval,
                               size_t n);
/* One more meter's bill has been executed. */
void gb_interval_count_bill(struct gb_contracts *contracts, struct gb_interval *interval);
void gb_interval_set_phase(struct gb_contracts *contracts, struct gb_interval *interval,
                           enum gb_interval_phase phase);
/* Works out the numbers above for the time of a new block. */
void gb_intervals_tick(struct gb_contracts *contracts);
/* Has this interval come and gone: final, perhaps forgotten? */
bool gb_intervals_is_over(const struct gb_contracts *contracts, int64_t number);

/* ---- registers.c */
/* May the reading be taken: is its interval unknown so far, and does it agree with itself and with
 * its neighbours? */
enum gb_receipt gb_registers_check(const struct gb_contracts *contracts, uint32_t meter,
                                   const struct gb_reading_message *body);
/* Takes a reading that was checked. Bills a late one, and the gaps beside it that are final. */
void gb_registers_add(struct gb_contracts *contracts, uint32_t meter,
                      const struct gb_reading_message *body);
/* An interval has become final: bills the gaps that it completes. */
void gb_registers_close_gaps(struct gb_contracts *contracts);
/* Net of all that is known of a meter, in Wh; import positive. */
int64_t gb_registers_net(const struct gb_contracts *contracts, uint32_t meter);

/* ---- the contracts: each executes one message of the sender it belongs to */
/* Does the signature stand for the digest? NULL is one that was made, modelled and not kept; where
 * signatures are real it stands for nothing. */
bool gb_registry_is_signed(const struct gb_contracts *contracts, gb_party party,
                           const struct gb_public_key *key, const struct gb_hash *digest,
                           const struct gb_signature *signature);
/* Is the message its sender's, of a kind that it may send, and new? Then its nonce is spent.
 * digest, signature  NULL, both: see above */
enum gb_receipt gb_registry_authenticate(struct gb_contracts *contracts,
                                         const struct gb_message *message,
                                         const struct gb_hash *digest,
                                         const struct gb_signature *signature);
/* The same of a bundle as such, which must hold nothing but what meters of its concentrator say;
 * its messages come one by one. */
enum gb_receipt gb_registry_authenticate_bundle(struct gb_contracts *contracts,
                                                const struct gb_transaction *bundle);
enum gb_receipt gb_registry_admit(struct gb_contracts *contracts,
                                  const struct gb_register_message *body);
enum gb_receipt gb_declaration_order(struct gb_contracts *contracts,
                                     const struct gb_order_message *body);
/* Energy of an order, bought positive, sold negative. */
int64_t gb_declaration_signed_wh(const struct gb_order *order);
/* What an order holds back until its interval is closed. */
int64_t gb_declaration_escrow(const struct gb_contracts *contracts, const struct gb_order *order);
enum gb_receipt gb_matching_close(struct gb_contracts *contracts,
                                  const struct gb_close_message *body);
enum gb_receipt gb_matching_open(struct gb_contracts *contracts,
                                 const struct gb_open_message *body);
/* Turns an interval that was never opened for delivery into a missed slot. */
void gb_matching_miss(struct gb_contracts *contracts, struct gb_interval *interval);
enum gb_receipt gb_settlement_read(struct gb_contracts *contracts,
                                   const struct gb_reading_message *body);
enum gb_receipt gb_settlement_approve(struct gb_contracts *contracts,
                                      const struct gb_approve_message *body);
enum gb_receipt gb_settlement_settle(struct gb_contracts *contracts,
                                     const struct gb_settle_message *body);
/* Executes a trade whose conditions are all met; else does nothing. */
void gb_settlement_try(struct gb_contracts *contracts, struct gb_interval *interval,
                       uint32_t trade);
/* Allots what a meter that has been read delivered or took to its trades. */
void gb_settlement_allot(struct gb_contracts *contracts, struct gb_interval *interval,
                         uint32_t meter);
void gb_settlement_void(struct gb_contracts *contracts, struct gb_interval *interval,
                        uint32_t trade);
/* Executes the grid bill of a meter whose reading and trades are all done; else does nothing. */
void gb_billing_try(struct gb_contracts *contracts, struct gb_interval *interval, uint32_t meter);
/* Bills what went through a meter's registers in intervals first to last, final and unread, at the
 * tariff. */
void gb_billing_gap(struct gb_contracts *contracts, uint32_t meter, int64_t first, int64_t last,
                    const struct gb_registers *from, const struct gb_registers *until);
enum gb_receipt gb_billing_finalize(struct gb_contracts *contracts,
                                    const struct gb_finalize_message *body);

#endif
