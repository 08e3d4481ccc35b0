/* What the files of one run share: the run itself and its live intervals.
 *
 *   run.c              sets a run up, drives the clock, takes it down
 *   schedule.c         the calendar: opening, gate, start, end, finalize of each interval
 *   bidding.c          agents: forecast, plan, quote, order
 *   metering.c         meters: delivery, readings, approvals
 *   market_operator.c  close, open, settle, finalize
 *   outbox.c           messages into transactions: one by one, bundled by concentrators, or at
 *                      once (ideal)
 *   resubmission.c     what was refused for when it came, signed again
 *   livelock.c         whether what is sent again ever gets through
 *   causes.c           why an order was late, why a slot was missed
 *   accounts.c         what the ledger says happened: money, energy, statistics
 *   kpis.c             the record of the trial
 *   meter_rows.c       the rows of /meters
 *   invariants.c       what must hold at the end, to the last unit */
#ifndef EXPERIMENTS_RUN_RUN_PRIV_H
#define EXPERIMENTS_RUN_RUN_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/record.h"
#include "base/radix.h"
#include "chain/node/chain.h"
#include "experiments/run/run.h"
#include "experiments/scenario/scenario.h"
#include "models/agents/strategy.h"
#include "models/assets/fleet.h"
#include "models/assets/meter.h"
#include "models/assets/physics.h"
#include "sim/event.h"
#include "sim/histogram.h"
#include "sim/tally.h"

#define GB_NO_ORDER UINT32_MAX
#define GB_OPERATOR_NODE 0u /* entry node of operator and supervisor */
#define GB_CLOCK_LEAD_NS \
    (300 * GB_NS_PER_SECOND) /* the clock starts so long before the first opening */

/* Order of the phases at one slot boundary (rules, section 1), behind the gate. */
enum {
    PHASE_START = GB_PRIORITY_SLOT, /* open(k) */
    PHASE_END,                      /* readings of k - 1 */
    PHASE_FINALIZE,                 /* finalize(k - 2) */
    PHASE_OPENING,                  /* opening of k + 1 */
    PHASE_LATE_QUOTES               /* agents that quote after this boundary */
};

struct sent_order { /* when an order was sent, and what became of it */
    int64_t sent_ns;
    uint32_t nonce;       /* of its meter */
    uint32_t next;        /* next order of the same meter in this interval, or GB_NO_ORDER */
    uint32_t number;      /* among the accepted of the interval, or GB_NO_NUMBER */
    uint8_t receipt;      /* enum gb_receipt; GB_N_RECEIPTS: not on the ledger yet, or
                           * never */
    uint8_t late_cause;   /* enum gb_late_cause: if it is late, then by this */
    uint8_t n_again;      /* times it was signed again, 255 and more */
    bool is_acknowledged; /* stable at its entry node */
};

struct order_detail { /* what only /orders shows; kept where that is written */
    struct gb_order order;
    struct gb_position position;
    int64_t stable_ns; /* at the entry node; GB_NO_TIME before */
    struct gb_energy matched;
};

struct trade_detail { /* what only /trades shows; kept where that is written */
    struct gb_trade trade;
    uint64_t settled_height; /* 0: not settled */
    struct gb_energy executed;
};

/* What the run knows of a trade; the trade itself stands in the world until it is settled. */
enum {
    TRADE_IS_FIRST_CHOICE = 1, /* of the source its buyer's order asked for */
    TRADE_IS_SIGNED = 2,       /* the operator has signed its settlement */
    TRADE_IS_SETTLED = 4,
    TRADE_IS_VOID = 8
};

enum interval_status { INTERVAL_PENDING, INTERVAL_DELIVERED, INTERVAL_MISSED };

/* An interval from its opening until every meter's bill of it has been executed and every order of
 * it is answered. */
struct live_interval {
    int64_t interval;
    bool is_used;
    enum interval_status status;
    uint64_t match_height, open_height;     /* blocks of the match and of the open; 0: not yet */
    uint64_t close_nonce, open_nonce;       /* of the operator's latest; 0: not sent */
    bool is_close_refused, is_open_refused; /* and signed again */
    uint8_t missed_cause;           /* enum gb_missed_cause: if it is missed, then by this */
    uint8_t open_place;             /* enum gb_whereabouts: of its open at the deadline */
    struct gb_slot_energy *planned; /* perfect forecast: the true energies; NULL otherwise */
    /* orders sent, from the opening until all of them have been heard of */
    uint32_t *first_order; /* per meter: into orders, or GB_NO_ORDER */
    struct sent_order *orders;
    struct order_detail *details; /* the same index; NULL below output.level market */
    size_t n_orders, orders_capacity;
    size_t n_unacknowledged; /* orders whose sender has no answer yet */
    /* per meter, from delivery on */
    int64_t *baseline_wh, *net_wh; /* metered net of the grid-only baseline and of the market run */
    int64_t *traded_wh;            /* bought less sold in settled trades */
    int64_t *cash;                 /* what the meter paid so far for this interval, 1e-9 currency */
    uint8_t *flags;                /* METER_* */
    uint32_t *fresh;               /* meters whose reading the operator has not looked at */
    size_t n_fresh;
    size_t n_owing;                  /* meters that still owe an approval */
    struct gb_meter_row *meter_rows; /* NULL below output.level meters */
    /* trades of the match */
    size_t n_trades;
    uint8_t *trade_flags;               /* TRADE_* */
    int32_t *trade_gains;               /* buyer's less seller's reserve, ticks: within the band */
    struct trade_detail *trade_details; /* the same index; NULL below output.level market */
    bool is_opened_now; /* readings may have come before the open: look at all trades */
    /* sums */
    size_t n_billed;
    int64_t paid; /* by buyers in settled trades, 1e-9 currency */
    struct gb_slot_row row;
};

enum {
    METER_HAS_READ = 1,
    METER_OWES_APPROVAL = 2,
    METER_IS_BILLED = 4,
    METER_IS_UNREAD = 8
}; /* billed with a gap */

/* What a user's registers do not tell. */
struct user_totals {
    int64_t bought_wh, sold_wh;
    int64_t paid, earned;      /* for those, 1e-9 currency */
    int64_t tariff_cost;       /* of its metered net, slot by slot */
    int64_t billed_wh;         /* metered net of all its bills; positive = import */
    int64_t short_wh, long_wh; /* of its trades: sold and not delivered, bought and not
                                * taken */
    int64_t schedule_short_wh, schedule_long_wh; /* beside a schedule with the grid */
    int64_t cost; /* grid only it is buyer_cost - seller_revenue: cells of net 0
                   * cost nothing there */
    int64_t buyer_cost, buyer_cost_grid_only, seller_revenue, seller_revenue_grid_only;
};

/* Transactions refused as expired or a replay since a message was executed or refused for good, and
 * the last of them. */
struct livelock_watch {
    uint64_t n_in_vain;
    uint64_t height;
    uint32_t transaction;
};

struct gb_run {
    const struct gb_scenario *scenario;
    const struct gb_run_options *options;
    struct gb_error error; /* the first failure of an event; ends the run */
    size_t n;              /* meters */
    int64_t n_slots, slot_ns;
    int64_t n_begun; /* slots before the one that has started last */
    struct gb_queue *queue;
    /* nature and assets; NULL where delivery is declared */
    struct gb_fleet *fleet;
    void *physics;
    const struct gb_physics_provider *provider;
    struct gb_meters *meters, *baseline, *foresight;
    bool has_storage, foresight_is_baseline;
    int64_t *own_discharge_wh;          /* a battery: of energy charged during the run */
    struct gb_slot_energy *last_energy; /* metered in the last slot, for the flush; NULL before */
    /* agents */
    struct gb_traits *traits;
    const struct gb_strategy *strategy;
    void *strategy_state;
    struct gb_key reaction_key, quote_key;
    uint32_t (*nonces)[GB_METER_KINDS]; /* per meter and kind of message: last used */
    uint64_t operator_nonces[GB_OPERATOR_KINDS], supervisor_nonce, *concentrator_nonces;
    struct gb_registers *registers; /* of the market run's meters, per meter */
    /* chain */
    struct gb_network network;
    struct gb_keyring *ring;
    struct gb_genesis genesis;
    struct gb_hash chain_id, head; /* head: of the last block finished */
    struct gb_ledger_writer *ledger;
    const struct gb_protocol *protocol;
    void *chain;
    struct outbox_batch *outbox;     /* messages that have not left yet */
    struct refused_message *refused; /* scratch: what meters sign again, of one block at one node */
    size_t n_refused, refused_capacity;
    bool is_delivering; /* readings of one instant are on their way: where they are
                         * executed at once, the operator waits for the last one */
    uint32_t n_nodes;
    uint64_t *node_height;    /* per node: stable height it has told us */
    size_t concentrator_size; /* meters a bundle sender serves; 0: none */
    size_t n_concentrators;
    struct livelock_watch livelock;
    /* live intervals */
    struct live_interval **live; /* in no particular order; looked up by interval */
    size_t n_live, live_capacity;
    /* outcome */
    struct gb_record *record;
    struct gb_summary_row summary;
    struct user_totals *users;
    struct gb_histogram *prices;     /* of trades in ticks, weighted by Wh */
    struct gb_histogram *latencies;  /* of orders in ns, sent to stable at the entry node */
    struct gb_weighted_tally price;  /* of trades in ticks, weighted by Wh */
    double surplus_got;              /* of settled trades, on reserves */
    double surplus_max;              /* of all orders, on reserves */
    int64_t matched_wh;              /* sum over slots of what trades moved and meters confirm */
    int64_t first_choice_wh;         /* of a named source, served by it */
    int64_t initial_wh;              /* taken out of the charge that batteries began with */
    int64_t ceiling_cost;            /* sum of the tariff on the community's net, market run */
    bool energy_differs;             /* somewhere the market run's net is not the baseline's */
    int64_t last_sealed_ns;          /* of the block before; INT64_MIN: none yet */
    struct gb_tally block_intervals; /* ms */
};

static inline bool gb_run_has_failed(const struct gb_run *run)
{
    return run->error.status != GB_OK;
}

static inline int64_t interval_start_ns(const struct gb_run *run, int64_t interval)
{
    return interval * run->slot_ns;
}
static inline int64_t opening_ns(const struct gb_run *run, int64_t interval)
{
    return interval * run->slot_ns - run->scenario->open_ns;
}
static inline int64_t gate_ns(const struct gb_run *run, int64_t interval)
{
    return interval * run->slot_ns - run->scenario->gate_ns;
}

static inline int64_t due_ns(const struct gb_run *run, int64_t interval)
{
    return (interval + 1) * run->slot_ns + run->scenario->deadline_ns;
}

/* ---- run.c: a run from its set-up to its summary. What must hold then is checked by
 * gb_run_check_identities: apart, so that tests can see it fire. */
/* *out is set in any case and freed by the caller. */
enum gb_status gb_run_create(struct gb_run **out, const struct gb_scenario *scenario,
                             const struct gb_run_options *options, struct gb_error *err);
/* Runs every event, closes every account and fills in the summary. */
enum gb_status gb_run_play(struct gb_run *run, struct gb_error *err);
void gb_run_free(struct gb_run *run);

/* ---- schedule.c */
/* Files registration and the first opening; everything else follows from those. */
void gb_run_schedule(struct gb_run *run);
/* Tells who watches how far the run is, and ends it if that is wished for. */
void gb_run_show_progress(struct gb_run *run);
struct live_interval *gb_run_live(const struct gb_run *run, int64_t interval); /* or NULL */
struct live_interval *gb_run_oldest(const struct gb_run *run);                 /* or NULL */
void gb_run_retire(struct live_interval *live);
void gb_run_free_live(struct gb_run *run);
bool gb_run_push(struct gb_run *run, int64_t time_ns, unsigned priority, gb_event_action *action,
                 int64_t a, int64_t b);
/* Energies of a slot in which every meter delivers and takes what it declared. */
void gb_run_declared_energy(const struct gb_run *run, int64_t interval, struct gb_slot_energy *out);

/* ---- bidding.c */
/* The agents whose reaction ends in [from_ns, next slot boundary) forecast, quote and send; if some
 * come later, the boundary gets a batch of its own. */
void gb_run_quote(struct gb_run *run, struct live_interval *live, int64_t from_ns);
void gb_run_send_entries(struct gb_run *run, struct live_interval *live); /* of orders.file */
/* Frees what is kept of the orders sent, once the match is known, every sender has its answer
 * and no table will show them. */
void gb_run_forget_orders(struct live_interval *live);

/* ---- metering.c */
void gb_run_deliver(struct gb_run *run, struct live_interval *live);
/* The match of the interval is now stable at `node`: its meters sign what they owe. */
void gb_run_approve(struct gb_run *run, struct live_interval *live, uint32_t node);
/* Signs what meters approve in these messages. returns false after a failure */
bool gb_run_sign_approvals(struct gb_run *run, struct gb_transaction *transaction);
/* Readings of meters whose last one is missing. returns how many */
size_t gb_run_flush(struct gb_run *run);

/* ---- market_operator.c */
void gb_run_register(struct gb_run *run);
void gb_run_close(struct gb_run *run, struct live_interval *live);
void gb_run_open(struct gb_run *run, struct live_interval *live);
void gb_run_settle(struct gb_run *run, struct live_interval *live);
void gb_run_finalize(struct gb_run *run, int64_t interval);
/* Signs the root of a settle, where anybody signs. */
void gb_run_sign_settle(struct gb_run *run, struct gb_transaction *transaction);

/* ---- outbox.c */
/* Messages of one kind of many meters, in ascending order of meters. Their arrays are borrowed
 * for the call or, with `release`, until the last of them has left. */
struct outgoing {
    int64_t interval;
    uint8_t kind; /* enum gb_message_kind */
    size_t n;
    const uint32_t *meter;  /* NULL: message i is of meter i */
    const uint8_t *part;    /* which message of the meter; NULL: 0 */
    uint32_t first_part;    /* added to it: messages of this kind before these */
    uint32_t first_bundle;  /* number of the first bundle, likewise */
    const int64_t *sent_ns; /* for the call; NULL: all at all_sent_ns */
    int64_t all_sent_ns;
    bool is_resubmission; /* signed again: draws are addressed by nonces, that of the way
                           * to a concentrator by the nonce that was refused */
    uint64_t (*refused_nonce)(void *context, size_t i); /* with is_again */
    bool is_complete; /* every meter sends: a concentrator waits for nobody else */
    void *context;
    size_t (*n_approvals)(void *context, size_t i); /* in message i; NULL: none */
    /* Fills in the body. Kind and sender are there already, and with `release` nonce and
     * validity. */
    void (*fill)(void *context, size_t i, struct gb_transaction *transaction,
                 struct gb_message *message);
    /* NULL: messages are filled in at once, to be dated and signed when they leave. Else that
     * too waits until then, which costs no memory, and the context is released after the last
     * one. */
    void (*release)(void *context);
};
void gb_run_dispatch(struct gb_run *run, const struct outgoing *outgoing);
/* One message of operator or supervisor through GB_OPERATOR_NODE; NULL after a failure. The caller
 * fills in the body and hands it to gb_run_send. */
struct gb_transaction *gb_run_authority_message(struct gb_run *run, gb_party sender, uint8_t kind,
                                                size_t array_bytes);
void gb_run_send(struct gb_run *run, struct gb_transaction *transaction, int64_t interval,
                 uint32_t part);
/* The same for what was refused: sent at leaves_ns, its draws addressed by its nonce. */
void gb_run_send_authority_resubmitted(struct gb_run *run, struct gb_transaction *transaction,
                                       int64_t interval, int64_t leaves_ns);
/* A bundle with its messages as they are, under a new nonce of its concentrator. */
void gb_run_send_bundle_resubmitted(struct gb_run *run, struct gb_transaction *bundle,
                                    int64_t interval);
size_t gb_run_n_unsent(const struct gb_run *run); /* transactions that have not left yet */
void gb_run_free_outbox(struct gb_run *run);      /* what has not left at the end of a run */
uint32_t gb_run_entry_node(const struct gb_run *run, uint32_t meter);

/* ---- resubmission.c */
/* Up to when there is sense in sending a message; INT64_MAX: for ever. */
int64_t gb_run_purpose_end_ns(const struct gb_run *run, uint8_t kind, int64_t interval);
/* A message was refused for a reason that passes, in a block that its sender's entry node has
 * stable now: signs it again, a meter's with gb_run_send_again. returns false if its purpose is
 * past: nothing is done */
bool gb_run_resubmit(struct gb_run *run, const struct gb_contract_event *event);
/* Sends what meters sign again, before their block goes. */
void gb_run_resubmit_collected(struct gb_run *run);

/* ---- livelock.c, which alone writes struct livelock_watch */
/* A message was refused as expired or a replay, and is signed again. */
void gb_run_note_in_vain(struct gb_run *run, const struct gb_contract_event *event);
/* A message was executed, or refused for good. */
void gb_run_note_progress(struct gb_run *run);
/* Behind the last slot, ends a run in which nothing but refusals has happened for too long. */
void gb_run_refuse_livelock(struct gb_run *run);

/* ---- causes.c: columns late_cause and missed_cause of the result file */
/* Why an order is late, if it is: from where it was when the gate fell. */
enum gb_late_cause gb_run_late_cause(const struct gb_run *run, int64_t interval, int64_t sent_ns,
                                     const struct gb_passage *passage);
/* Once its receipt is final: late by it, given up, or sealed so late that no receipt would have
 * helped. */
bool gb_run_is_late(const struct sent_order *sent);
/* The operator opens the interval with no match: where its close was left. */
void gb_run_blame_close(const struct gb_run *run, struct live_interval *live);
/* The settlement deadline: notes where the open is, if it has come to nothing yet. */
void gb_run_note_deadline(const struct gb_run *run, int64_t interval);
/* The ledger has it as missed, by this event: if no close is to blame, the open is. */
void gb_run_blame_open(const struct gb_run *run, struct live_interval *live,
                       const struct gb_contract_event *event);
/* The operator signs a refused message again. */
void gb_run_note_resubmitted(const struct gb_run *run, int64_t interval,
                             const struct gb_message *message);
/* No pool took it while its purpose stood.
 * arrived_ns  when it first knocked at one */
void gb_run_blame_pool(const struct gb_run *run, const struct gb_message *message,
                       int64_t arrived_ns);

/* ---- accounts.c */
/* An order that was sent goes on under another nonce. */
void gb_run_rename_order(const struct gb_run *run, int64_t interval, uint32_t meter,
                         uint64_t old_nonce, uint64_t new_nonce);
void gb_run_on_given_up(void *context, const struct gb_transaction *transaction);
void gb_run_on_stable(void *context, uint32_t node, uint64_t height, bool is_first,
                      const struct gb_events *events);
void gb_run_on_finished(void *context, const struct gb_block_statistics *block);
void gb_run_close_account(struct gb_run *run, struct live_interval *live);
/* Users of the node approve what they owe, and the operator settles, if it is its node. */
void gb_run_act_on_knowledge(struct gb_run *run, uint32_t node);

/* ---- kpis.c */
/* What its bills hold beyond the tariff on its own net, its trades and their imbalances: what
 * deviations from schedules cost, and nothing where there are no schedules. */
int64_t gb_run_schedule_cost(const struct gb_run *run, const struct user_totals *user);
enum gb_status gb_run_summarise(struct gb_run *run, struct gb_error *err);

/* ---- meter_rows.c, both without effect below output.level meters */
void gb_run_begin_meter_rows(struct gb_run *run, struct live_interval *live,
                             const struct gb_slot_energy *energy);
void gb_run_append_meter_rows(struct gb_run *run, struct live_interval *live);

/* ---- invariants.c */
enum gb_status gb_run_check_invariants(const struct gb_run *run, struct gb_error *err);

#endif
