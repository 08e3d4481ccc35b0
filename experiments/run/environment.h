/* What every module of a run is given at its set-up and only reads: the scenario, the calendar that
 * follows from it, the queue of events, and the place of the first failure.
 *
 * Interval k has its opening at t - open, its gate at t - gate, its start at t = k slots, its end
 * at t + slot and its deadline behind that, in ns since the start of the run. */
#ifndef EXPERIMENTS_RUN_ENVIRONMENT_H
#define EXPERIMENTS_RUN_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "experiments/scenario/scenario.h"
#include "sim/event.h"

#define GB_OPERATOR_NODE 0u /* entry node of operator and supervisor */
/* Arrays that every slot needs stay when they are empty; those of more items are given back, for
 * their memory counts for more than making them anew. */
#define GB_RUN_KEPT_CAPACITY 4096

struct gb_run_environment {
    const struct gb_scenario *scenario;
    size_t n; /* meters */
    /* Owners of their draws, borrowed; NULL: their numbers (models/assets/kinds.h). */
    const uint32_t *draw_owners;
    /* Whose tariff is of which kind, borrowed; NULL: all of the first. */
    const uint32_t *tariff_kinds;
    int64_t n_slots, slot_ns;
    struct gb_calendar calendar; /* of the local clock */
    int64_t first_slot;          /* the first that is counted: those before it are warm-up */
    bool is_ideal;               /* what is sent is executed and stable at once */
    bool trades_at_once;         /* do orders trade as they come? */
    bool asks_users;             /* do users quote anew, each for itself, between two rounds? */
    int64_t amendments_lead_ns;  /* so long before a slot amendments end: at the second gate where
                                  * there is one, else at the gate */
    struct gb_queue *queue;
    struct gb_error *error; /* the first failure of an event; ends the run */
};

/* The owner of a meter's draws. */
static inline uint32_t gb_run_draw_owner(const struct gb_run_environment *env, uint32_t meter)
{
    return env->draw_owners ? env->draw_owners[meter] : meter;
}

static inline uint32_t gb_run_tariff_kind(const struct gb_run_environment *env, uint32_t meter)
{
    return env->tariff_kinds ? env->tariff_kinds[meter] : 0;
}

/* What a meter pays and gets in an interval. */
static inline const struct gb_tariff *gb_run_tariff(const struct gb_run_environment *env,
                                                    size_t meter, int64_t interval)
{
    const struct gb_tariffs *tariffs = env->scenario->tariffs;

    return tariffs ? gb_tariffs_at(tariffs, gb_run_tariff_kind(env, (uint32_t)meter), interval)
                   : &env->scenario->market.tariff;
}

/* The band of an interval's prices: the lowest feed-in and the highest retail of all meters; and
 * that of all intervals. */
static inline const struct gb_tariff *gb_run_band(const struct gb_run_environment *env,
                                                  int64_t interval)
{
    const struct gb_tariffs *tariffs = env->scenario->tariffs;

    return tariffs ? gb_tariffs_band(tariffs, interval) : &env->scenario->market.tariff;
}

static inline const struct gb_tariff *gb_run_widest_band(const struct gb_run_environment *env)
{
    const struct gb_tariffs *tariffs = env->scenario->tariffs;

    return tariffs ? &tariffs->widest : &env->scenario->market.tariff;
}

/* The prices of an interval's imbalance, as a tariff: short for retail, long for feed-in. */
struct gb_tariff gb_run_imbalance(const struct gb_run_environment *env, int64_t interval);
/* Is missing one's trades never better than the tariff, whosever, at any time? */
bool gb_run_imbalance_is_dear(const struct gb_run_environment *env);

/* Has something of the run failed? It ends then, with the first cause in env->error. */
static inline bool gb_run_has_failed(const struct gb_run_environment *env)
{
    return env->error->status != GB_OK;
}

static inline bool gb_run_is_warm_up(const struct gb_run_environment *env, int64_t interval)
{
    return interval < env->first_slot;
}

static inline int64_t gb_run_n_counted(const struct gb_run_environment *env)
{
    return env->n_slots - env->first_slot;
}

/* What tables show of a moment: they begin where counting does. */
static inline int64_t gb_run_shown_ns(const struct gb_run_environment *env, int64_t time_ns)
{
    return time_ns - env->first_slot * env->slot_ns;
}

/* Do orders trade as they come, and may agents change them until the gate? */
static inline bool gb_run_trades_at_once(const struct gb_run_environment *env)
{
    return env->trades_at_once;
}

/* May agents amend orders that stand? */
static inline bool gb_run_lets_amend(const struct gb_run_environment *env)
{
    return gb_run_trades_at_once(env) || env->asks_users;
}

/* The present, and moments of an interval: its start, its opening and gate before it, and the
 * settlement deadline after its end. */
static inline int64_t gb_run_now_ns(const struct gb_run_environment *env)
{
    return gb_queue_now_ns(env->queue);
}

static inline int64_t gb_run_start_ns(const struct gb_run_environment *env, int64_t interval)
{
    return interval * env->slot_ns;
}

static inline int64_t gb_run_opening_ns(const struct gb_run_environment *env, int64_t interval)
{
    return interval * env->slot_ns - env->scenario->open_ns;
}

static inline int64_t gb_run_gate_ns(const struct gb_run_environment *env, int64_t interval)
{
    return interval * env->slot_ns - env->scenario->gate_ns;
}

static inline int64_t gb_run_amendments_end_ns(const struct gb_run_environment *env,
                                               int64_t interval)
{
    return interval * env->slot_ns - env->amendments_lead_ns;
}

static inline int64_t gb_run_due_ns(const struct gb_run_environment *env, int64_t interval)
{
    return (interval + 1) * env->slot_ns + env->scenario->deadline_ns;
}

/* The environment of a scenario's run; all borrowed for its life. */
struct gb_run_environment gb_run_environment_of(const struct gb_scenario *scenario,
                                                struct gb_queue *queue, struct gb_error *error);
/* When the clock starts: so long before the first opening that all users are registered then. */
int64_t gb_run_clock_start_ns(const struct gb_run_environment *env);
/* The clock time from which the contracts take a kind of message (enum gb_message_kind). */
int64_t gb_run_earliest_ns(const struct gb_run_environment *env, uint8_t kind, int64_t interval);
/* Up to when there is sense in sending a message; INT64_MAX: for ever. */
struct gb_message; /* chain/wire/transaction.h */
int64_t gb_run_purpose_end_ns(const struct gb_run_environment *env,
                              const struct gb_message *message, int64_t interval);
/* Files an event; false after a failure. */
bool gb_run_push(const struct gb_run_environment *env, const struct gb_event *event);

#endif
