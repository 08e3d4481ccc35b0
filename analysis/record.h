/* Records: what a trial says it did. A trial fills one record; one writer appends records to the
 * journal; the result file is built from the journal in trial order. Rows are plain structs; the
 * one place that knows how they look in a file is analysis/results.c. */
#ifndef ANALYSIS_RECORD_H
#define ANALYSIS_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define GB_NAME_SIZE 32         /* bytes of a meter's name, the closing NUL among them */
#define GB_NO_TIME INT64_MIN    /* a time that never came */
#define GB_NO_NUMBER UINT32_MAX /* an order that was not accepted has no number in its slot */

enum gb_table {                   /* groups of the result file, in this order */
                GB_TABLE_SUMMARY, /* one row a trial, always */
                GB_TABLE_SLOTS,   /* from output.level market */
                GB_TABLE_USERS,   /* from market */
                GB_TABLE_ORDERS,  /* from market */
                GB_TABLE_TRADES,  /* from market */
                GB_TABLE_BLOCKS,  /* from market */
                GB_TABLE_METERS,  /* from meters */
                GB_N_TABLES
};
enum gb_output_level { GB_OUTPUT_SUMMARY, GB_OUTPUT_MARKET, GB_OUTPUT_METERS, GB_N_OUTPUT_LEVELS };

/* Where an order was when the gate fell, if it came too late. */
enum gb_late_cause { GB_LATE_NOT, GB_LATE_SENT, GB_LATE_LINK, GB_LATE_POOL, GB_LATE_CONSENSUS };
/* Which message of the operator a missed slot missed, and where it was, or that it had been refused
 * and signed again in vain. An open in a block sealed by the deadline is in time. */
enum gb_missed_cause {
    GB_MISSED_NOT,
    GB_MISSED_CLOSE_LINK,
    GB_MISSED_CLOSE_POOL,
    GB_MISSED_CLOSE_CONSENSUS,
    GB_MISSED_CLOSE_REFUSED,
    GB_MISSED_OPEN_LINK,
    GB_MISSED_OPEN_POOL,
    GB_MISSED_OPEN_REFUSED
};

/* Roles are those of the baseline's metered net per (meter, slot): see rules, section 5. Money
 * in 1e-9 currency, energy in Wh, prices in 1e-6 currency per kWh, times in ns since the run's
 * start. */
struct gb_summary_row {
    uint64_t trial;
    uint64_t seed;
    uint32_t replication;
    int64_t slot_ns;         /* length of a slot */
    int64_t retail, feed_in; /* tariff */
    int64_t n_meters, n_slots, n_missed_slots;
    int64_t n_missed_close_link, n_missed_close_pool, n_missed_close_consensus,
        n_missed_close_refused, n_missed_open_link, n_missed_open_pool,
        n_missed_open_refused; /* by enum gb_missed_cause */
    /* orders */
    int64_t n_orders, n_accepted, n_refused, n_late;
    int64_t n_late_sent, n_late_link, n_late_pool, n_late_consensus; /* by enum gb_late_cause */
    /* refused for good, by reason */
    int64_t n_refused_unregistered, n_refused_suspended, n_refused_bad_signature, n_refused_replay,
        n_refused_expired, n_refused_out_of_band, n_refused_outside_reserve,
        n_refused_beyond_capacity, n_refused_underfunded, n_refused_below_minimum,
        n_refused_malformed, n_refused_not_allowed, n_refused_unknown_target,
        n_refused_already_done, n_refused_too_early;
    /* refused for when they came, and signed again; authority: operator and supervisor */
    int64_t n_orders_again, n_readings_again, n_approvals_again, n_authority_again, n_bundles_again;
    /* trades */
    int64_t n_trades, n_settled, n_voided;
    int64_t n_unread; /* (meter, slot) without a reading by the deadline */
    int64_t traded_wh, surplus_wh,
        deficit_wh;       /* community sums of the market run's metered net, by sign */
    int64_t matchable_wh; /* sum over slots of min(surplus, deficit) */
    double local_matching_ratio, contracted_ratio; /* of it: moved, as metered; contracted */
    double price_mean, price_sd, price_p10,
        price_p90; /* of trades, weighted by energy; currency/kWh */
    /* energy */
    int64_t generation_wh, load_wh, import_wh, export_wh; /* community boundary, per slot net */
    int64_t baseline_import_wh, baseline_export_wh;
    int64_t peak_import_wh, peak_export_wh;        /* largest slot */
    double self_sufficiency, self_consumption;     /* physical: what flows */
    double traded_self_sufficiency;                /* own use and what trades moved */
    int64_t imbalance_short_wh, imbalance_long_wh; /* trades not delivered; not taken */
    int64_t schedule_short_wh, schedule_long_wh;   /* deviations from a schedule with the grid */
    int64_t terminal_storage_wh;                   /* market run minus baseline */
    /* money */
    int64_t cost, cost_grid_only;                       /* community bill (a cost is positive) */
    int64_t buyers_cost, buyers_cost_grid_only;         /* deficit cells */
    int64_t sellers_revenue, sellers_revenue_grid_only; /* surplus cells */
    int64_t zero_cost, zero_cost_grid_only;             /* cells of neither role */
    int64_t tariff_cost;                                /* of the market run's own metered nets */
    /* What takes of the saving: it is the trades' energy at retail - feed_in, less
     * operator_balance, less these, less tariff_cost - cost_grid_only, which is storage run
     * otherwise. */
    int64_t imbalance_short_cost, imbalance_long_cost, schedule_cost;
    int64_t gap_cost; /* of what was unread, in `cost` */
    int64_t saving, saving_ceiling, operator_balance;
    double saving_pct;                          /* of |cost_grid_only| */
    double buyers_saving_pct, sellers_gain_pct; /* NaN where the denominator is 0 */
    double gain_per_user_day;                   /* currency */
    /* welfare: sum q (v - c) of trades over the maximum, on two value bases */
    double surplus_limit; /* currency: the most that accepted orders could gain on reserves */
    int64_t clearable_wh, chosen_wh; /* sum of min(supply, demand); asked of a named source */
    double efficiency_reserves, efficiency_grid;
    double gini, jain, gini_bills, gini_bills_grid_only;
    int64_t n_users_losing;
    double first_choice_share;
    /* chain */
    int64_t n_blocks, n_transactions, n_messages, n_bytes;
    int64_t n_pool_refusals, n_resent; /* by full pools; unanswered, so sent again */
    double latency_p50_ms, latency_p95_ms,
        latency_p99_ms; /* an order: sent to stable at its entry node */
    double block_interval_ms, block_fill;
};

struct gb_slot_row {
    int64_t interval, time_ns; /* start of the interval */
    uint8_t status;            /* 0 delivered under a match, 1 missed */
    uint8_t missed_cause;      /* enum gb_missed_cause */
    int64_t n_orders, n_accepted, n_late, n_trades;
    int64_t n_late_sent, n_late_link, n_late_pool, n_late_consensus;
    int64_t generation_wh, solar_wh, wind_wh, load_wh, charge_wh, discharge_wh, stored_wh;
    int64_t import_wh, export_wh;            /* community boundary */
    int64_t supply_wh, demand_wh, traded_wh; /* offered, asked, traded */
    double price_mean;                       /* currency/kWh, NaN without a trade */
    int64_t cost, cost_grid_only;
};

struct gb_user_row {
    uint32_t meter;
    char name[GB_NAME_SIZE]; /* id in orders.file; empty: only the number */
    int64_t generation_wh, load_wh, import_wh, export_wh, bought_wh, sold_wh;
    int64_t bought_cost, sold_revenue; /* of these, bought_wh and sold_wh */
    int64_t imbalance_short_wh, imbalance_long_wh, schedule_short_wh, schedule_long_wh;
    int64_t tariff_cost, imbalance_short_cost, imbalance_long_cost,
        schedule_cost;                                /* see the summary */
    int64_t cost, cost_grid_only;                     /* all cells; positive = pays */
    int64_t buyer_cost, buyer_cost_grid_only;         /* deficit cells */
    int64_t seller_revenue, seller_revenue_grid_only; /* surplus cells */
};

struct gb_order_row {
    int64_t interval;
    uint32_t number; /* among the accepted of the slot, or GB_NO_NUMBER */
    uint32_t meter;
    uint8_t side, type, source; /* enum gb_side, gb_order_type, gb_source */
    uint8_t status;             /* enum gb_receipt; behind them: given up */
    uint8_t late_cause;         /* enum gb_late_cause */
    uint32_t n_again;           /* times it was signed again; 255: and more */
    int64_t quantity_wh, minimum_wh, price, reserve, beta_millionths; /* beta -1 = the market's */
    int64_t sent_ns, stable_ns; /* GB_NO_TIME: did not happen */
    uint64_t height;
    uint32_t transaction, message; /* place in the ledger */
    int64_t matched_wh;
};

struct gb_trade_row {
    int64_t interval;
    uint32_t number, round, seller, buyer, sell_order, buy_order; /* orders: number in the slot */
    uint8_t source, status;                                       /* enum gb_trade_state */
    int64_t energy_wh, executed_wh, price_buy, price_sell;        /* contracted; 0 unless settled */
    uint64_t settled_height;
};

struct gb_block_row {
    uint64_t height;
    int64_t sealed_ns, commit_first_ns, commit_quorum_ns, commit_last_ns, stable_quorum_ns;
    uint32_t sealer, n_transactions, n_messages; /* n_messages: signed statements inside */
    int64_t n_bytes;
    uint8_t hash[32];
};

struct gb_meter_row { /* a meter in a slot */
    int64_t interval;
    uint32_t meter;
    uint8_t is_read;                 /* its reading was on the ledger before the slot was final */
    int64_t metered_wh, baseline_wh; /* net, import positive: market run, grid-only */
    int64_t load_wh, solar_wh, wind_wh, charge_wh, discharge_wh;
    int64_t stored_wh, baseline_stored_wh; /* at the end of the slot */
    int64_t traded_wh;                     /* bought less sold in settled trades */
    int64_t cost;                          /* trades and bills */
    int64_t gap_wh, gap_cost;              /* of it, if no reading told it in time */
};

struct gb_record; /* closed */

/* A record of one trial. Rows of tables above `level` are accepted and dropped, so callers need not
 * ask. */
enum gb_status gb_record_create(struct gb_record **out, uint64_t trial, enum gb_output_level level,
                                struct gb_error *err);
void gb_record_free(struct gb_record *record);
/* Appends one row: the struct of that table. A summary row carries the record's own trial
 * number. */
enum gb_status gb_record_append(struct gb_record *record, enum gb_table table, const void *row,
                                struct gb_error *err);
size_t gb_record_n_rows(const struct gb_record *record, enum gb_table table);
const void *gb_record_rows(const struct gb_record *record, enum gb_table table); /* the structs */
/* The varied keys of this trial: name and value as text, shown in /summary. Copied. */
enum gb_status gb_record_set_varied(struct gb_record *record, size_t n, const char *const *keys,
                                    const char *const *values, struct gb_error *err);

uint64_t gb_record_trial(const struct gb_record *record);
enum gb_output_level gb_record_level(const struct gb_record *record);
size_t gb_record_n_varied(const struct gb_record *record);
const char *gb_record_varied_key(const struct gb_record *record, size_t i);
const char *gb_record_varied_value(const struct gb_record *record, size_t i);

#endif
