/* Accounts: money and energy per user and interval, as the ledger says. What a block changed is
 * recorded once, when it is first stable anywhere; an interval's account closes when all has been
 * billed, and adds to each user's totals. Roles are those of the baseline's metered net, cell by
 * cell. */
#ifndef EXPERIMENTS_RUN_ACCOUNTS_H
#define EXPERIMENTS_RUN_ACCOUNTS_H

#include "analysis/row_sink.h"
#include "experiments/run/gateway.h"
#include "experiments/run/intervals.h"
#include "experiments/run/kpis.h"
#include "experiments/run/meter_rows.h"
#include "experiments/run/users.h"

/* What has become of a live interval: not open yet, open under its match, or a missed slot. */
enum gb_run_interval_status { GB_RUN_PENDING, GB_RUN_DELIVERED, GB_RUN_MISSED };

struct gb_run_agents; /* experiments/run/agents.h */

struct gb_run_account { /* of a live interval */
    enum gb_run_interval_status status;
    uint64_t match_height, open_height; /* blocks of the match and of the open; 0: not yet */
    /* per meter, from delivery on */
    int64_t *baseline_wh, *net_wh; /* metered net of the grid-only baseline and of the market run */
    int64_t *traded_wh;            /* bought less sold in settled trades */
    int64_t *cash;                 /* what the meter paid so far for this interval, 1e-9 currency */
    uint8_t *bills;                /* whether it was billed, and how */
    size_t n_billed;
    uint32_t *n_charged; /* messages of each meter that cost a fee; NULL before the first */
    int64_t paid;        /* by buyers in settled trades, 1e-9 currency */
    /* trades of the match, which stand in the contracts until they are settled */
    size_t n_trades;
    uint8_t *trade_flags;
    struct gb_run_reserves *trade_reserves;
    struct gb_trade_row *trade_rows;   /* the same index; NULL below output.level market */
    struct gb_run_unmatched unmatched; /* orders of the match that nothing traded with */
};

struct gb_run_accounts { /* written by accounts.c and accounts_moves.c alone */
    const struct gb_run_environment *env;
    const struct gb_run_gateway *gateway;
    const struct gb_run_intervals *intervals;
    const struct gb_run_agents *agents; /* who have their traits before a trade is settled */
    struct gb_run_kpis *kpis;
    struct gb_run_meter_rows *meter_rows;
    struct gb_run_users users;         /* of the slots that are counted */
    struct gb_run_users warm_up_users; /* of those of the warm-up, where there is one */
    bool energy_differs;               /* somewhere the market run's net is not the baseline's */
    int64_t n_at_a_loss; /* settled trades within both reserves that cost a party more than the
                          * grid */
    struct gb_run_account *at; /* per place */
    size_t n_places;
};

/* All borrowed for life; clear it in any case. */
enum gb_status gb_run_accounts_init(struct gb_run_accounts *accounts,
                                    const struct gb_run_environment *env,
                                    const struct gb_run_gateway *gateway,
                                    const struct gb_run_intervals *intervals,
                                    const struct gb_run_agents *agents, struct gb_run_kpis *kpis,
                                    struct gb_run_meter_rows *meter_rows, struct gb_error *err);
void gb_run_accounts_clear(struct gb_run_accounts *accounts);
void gb_run_accounts_open(struct gb_run_accounts *accounts, size_t place);
void gb_run_accounts_retire(struct gb_run_accounts *accounts, size_t place);
/* The interval is about to be metered. false after a failure */
bool gb_run_accounts_reserve(struct gb_run_accounts *accounts, size_t place);
/* Meters of a part have been: in the baseline, then in the market run. Parts are of any thread
 * each; of their energies, and what those come to, element 0 is the first meter's. */
void gb_run_accounts_baseline(const struct gb_run_accounts *accounts, size_t place,
                              struct gb_range part, const struct gb_slot_energy *energy);
/* returns whether the market run's net is anywhere another than the baseline's */
bool gb_run_accounts_deliver(const struct gb_run_accounts *accounts, size_t place,
                             struct gb_range part, const struct gb_slot_energy *energy,
                             const struct gb_run_metered *metered);
/* It was, in some part. */
void gb_run_accounts_differ(struct gb_run_accounts *accounts);

/* ---- what a block changed, by the event that reports it */
void gb_run_accounts_match(struct gb_run_accounts *accounts, size_t place,
                           const struct gb_contract_event *event);
void gb_run_accounts_begin(struct gb_run_accounts *accounts, size_t place,
                           const struct gb_contract_event *event); /* delivery under the match */
void gb_run_accounts_miss(struct gb_run_accounts *accounts, size_t place);
void gb_run_accounts_void(struct gb_run_accounts *accounts, size_t place,
                          const struct gb_contract_event *event);
/* Does the event say that a trade was settled or a bill executed? */
static inline bool gb_run_accounts_takes(const struct gb_contract_event *event)
{
    return event->kind == GB_EVENT_TRADE_SETTLED || event->kind == GB_EVENT_BILLED;
}
/* Takes those among the events [first, end) of a block, which are all about the interval at the
 * place: together, and by threads where there are many. */
void gb_run_accounts_take(struct gb_run_accounts *accounts, size_t place,
                          const struct gb_events *events, size_t first, size_t end);
/* A message of the meter was executed that costs a fee. */
void gb_run_accounts_charge(struct gb_run_accounts *accounts, size_t place, uint32_t meter);
/* A gap is billed per register at the tariff of its last slot: what comes of that to each of its
 * slots is counted to it, so that they keep their roles. None of their accounts can be closed yet.
 */
void gb_run_accounts_bill_gap(struct gb_run_accounts *accounts,
                              const struct gb_contract_event *event);

/* ---- closing */
/* Has every meter been billed? */
bool gb_run_accounts_is_billed(const struct gb_run_accounts *accounts, size_t place);
/* Closes the account and writes its rows. missed_cause: enum gb_missed_cause, if it is missed. */
void gb_run_accounts_close(struct gb_run_accounts *accounts, size_t place, uint8_t missed_cause,
                           const struct gb_row_sink *sink);

/* What a user paid, and was billed for, in all: in the warm-up, too. */
int64_t gb_run_user_total_cost(const struct gb_run_accounts *accounts, size_t meter);
int64_t gb_run_user_total_billed_wh(const struct gb_run_accounts *accounts, size_t meter);

#endif
