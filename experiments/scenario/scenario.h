/* A scenario: everything one trial needs to know, read from YAML by one strict table. The same
 * table prints the reference page, the commented template, `explain`, and the complete effective
 * scenario stored in each result, which runs again as it is. */
#ifndef EXPERIMENTS_SCENARIO_SCENARIO_H
#define EXPERIMENTS_SCENARIO_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/delay.h"
#include "base/param.h"
#include "base/registry.h"
#include "base/status.h"
#include "experiments/scenario/diagnostics.h"
#include "experiments/scenario/embedded.h"
#include "models/agents/strategy.h"
#include "models/assets/fleet.h"
#include "models/assets/meter.h"
#include "models/market/mechanism.h"

/* Seeds end at 2^53: up to there every tool that reads results holds each integer exactly. */
#define GB_SEED_MAX (INT64_C(1) << 53)

/* meters.delivery: metered energy is what physics gives, or what the orders of orders.file declare.
 */
enum gb_delivery { GB_DELIVERY_MODELLED, GB_DELIVERY_DECLARED };

/* One row of orders.file. */
struct gb_order_entry {
    int64_t interval;
    int64_t time_ns; /* after the opening of the interval */
    struct gb_order order;
    char id[32]; /* the row's id: "S1" */
};

struct gb_protocol; /* chain/node/chain.h */

struct gb_scenario {
    const struct gb_extensions *extensions; /* borrowed: members handed in at run time, or NULL */
    /* run */
    int64_t format; /* 1 */
    int64_t seed, replication;
    int64_t days;                     /* or: */
    int64_t slots;                    /* 0 = days x slots a day; else so many slots */
    struct gb_physics_config physics; /* slot, start_date, meters.*, weather, assets, forecast */
    int32_t storage_controller;       /* enum gb_storage_controller */
    int32_t delivery;                 /* enum gb_delivery */
    char orders_file[GB_PARAM_TEXT_SIZE]; /* "" = agents bid */
    /* agents */
    const struct gb_strategy *strategy;
    void *strategy_config; /* struct of the strategy's own table, owned */
    struct gb_money balance;
    struct gb_delay reaction;
    double preference_solar, preference_wind, preference_storage; /* shares of buyers; rest: any */
    int32_t beta_drawn; /* agents.beta: 0 = market, 1 = drawn */
    int64_t beta_low_millionths, beta_high_millionths;
    /* market */
    struct gb_market_rules market; /* mechanism, requote.*, beta, books, k, tariff */
    struct gb_energy min_quantity;
    int64_t capacity_wh; /* largest order; 0 = unlimited */
    int64_t open_ns, gate_ns;
    /* settlement */
    int32_t settlement_rule, unmatched_rule;
    int64_t signatures_required;
    int64_t deadline_ns;
    struct gb_price imbalance_short_asked, imbalance_long_asked; /* -1: as the tariff */
    struct gb_price imbalance_short, imbalance_long;             /* resolved */
    /* chain */
    const struct gb_protocol *protocol;
    const struct gb_flow *flow;
    int64_t n_nodes, leader_period;
    struct gb_delay link, client; /* chain.delay, chain.client_delay */
    int64_t block_max_transactions, block_min_seal_ns, pool_limit;
    int64_t concentrator_asked; /* -1 = auto, -2 = none */
    int64_t concentrator;       /* resolved: meters a concentrator; 0 = none */
    int32_t crypto;             /* enum gb_crypto: real | modelled */
    /* output */
    int32_t output_level; /* enum gb_output_level */
    /* read from orders.file or orders.inline */
    char *folder;      /* owned: the scenario file's, where orders.file is */
    char *orders_text; /* owned: the CSV as read, or NULL */
    size_t n_entries;
    struct gb_order_entry *entries; /* owned */
    const struct gb_embedded
        *embedded; /* borrowed: goes before the files of orders.file; or NULL */
};

/* Reads a scenario file; then `settings` ("key=value", n of them) go over it as --set does. All
 * that is wrong goes into diagnostics; GB_ECONFIG when there is any, GB_EFILE when unreadable.
 * extensions  of members that may be named beside those built in; kept by the scenario; or NULL */
enum gb_status gb_scenario_load(struct gb_scenario **out, const struct gb_extensions *extensions,
                                const char *path, size_t n_settings, const char *const *settings,
                                struct gb_diagnostics *diagnostics, struct gb_error *err);
/* A scenario that is in memory, such as the effective one stored in a result; `name` stands for the
 * file in diagnostics, and orders.file is not looked for beside it. */
enum gb_status gb_scenario_parse(struct gb_scenario **out, const struct gb_extensions *extensions,
                                 const char *text, const char *name,
                                 struct gb_diagnostics *diagnostics, struct gb_error *err);
/* Defaults and settings alone. */
enum gb_status gb_scenario_defaults(struct gb_scenario **out,
                                    const struct gb_extensions *extensions, size_t n_settings,
                                    const char *const *settings, struct gb_diagnostics *diagnostics,
                                    struct gb_error *err);
enum gb_status gb_scenario_copy(struct gb_scenario **out, const struct gb_scenario *from,
                                struct gb_error *err);
/* Puts settings ("market.beta=0.2") over a scenario, as a sweep does for every trial; then all
 * checks between keys are made again. GB_ECONFIG when there is anything wrong; the
 * scenario is then fit for gb_scenario_free alone.
 * origin  where the settings come from, for diagnostics: "--set", or a file; NULL: they alone are
 *         named */
enum gb_status gb_scenario_apply(struct gb_scenario *scenario, const char *origin,
                                 size_t n_settings, const char *const *settings,
                                 struct gb_diagnostics *diagnostics, struct gb_error *err);
/* One setting; the first diagnostic goes into err. */
enum gb_status gb_scenario_set(struct gb_scenario *scenario, const char *key, const char *value,
                               struct gb_error *err);
/* Would this key take this value? Looks at the row alone, whatever is selected, and changes
 * nothing.
 * canonical  the value as a stored scenario writes it; may be NULL
 * why        what was expected; empty where there is no such key */
bool gb_scenario_accepts(const struct gb_scenario *scenario, const char *key, const char *value,
                         char *canonical, size_t size, char *why, size_t why_size);
void gb_scenario_free(struct gb_scenario *scenario);

/* The complete effective scenario as YAML, defaults filled in, orders inlined or named; reading it
 * again gives the same scenario. Caller frees *text. */
enum gb_status gb_scenario_text(const struct gb_scenario *scenario, char **text,
                                struct gb_error *err);
/* The keys that stand away from their defaults, but for those that only name the run or its output:
 * "meters.count 36 (default 30), forecast.skill 0.8 (0)". Caller frees *text. */
enum gb_status gb_scenario_overrides(const struct gb_scenario *scenario, char **text,
                                     struct gb_error *err);
/* Puts one key back to its default, without any check: for what is only shown. */
enum gb_status gb_scenario_forget(struct gb_scenario *scenario, const char *key,
                                  struct gb_error *err);
/* The commented template of `gridbourse init`, which reads as the defaults; and the reference page
 * (Markdown). */
enum gb_status gb_scenario_template(FILE *out, const struct gb_extensions *extensions,
                                    struct gb_error *err);
void gb_scenario_reference(FILE *out, const struct gb_extensions *extensions);
/* What a row takes, in words: "a number from 0 to 1", "one of pbft, ideal". returns buffer */
char *gb_scenario_describe(const struct gb_extensions *extensions, const struct gb_param *row,
                           char *buffer, size_t size);
/* The unit of a row's plain numbers; empty where there is none or the value brings its own. */
const char *gb_scenario_unit(const struct gb_param *row);
const char *gb_layer_name(enum gb_layer layer);
/* Every row, by sections, in the order of the template. */
size_t gb_scenario_n_rows(const struct gb_extensions *extensions);
const struct gb_param *gb_scenario_row(const struct gb_extensions *extensions, size_t i);
/* The row of a key under the strategy and mechanism of the scenario, or NULL. */
const struct gb_param *gb_scenario_find_row(const struct gb_scenario *scenario, const char *key);
/* The row's key nearest to `key`, for "did you mean"; NULL when none is near. */
const char *gb_scenario_nearest_key(const struct gb_extensions *extensions, const char *key);
/* Where an orders.file of this name is looked for: beside the scenario. To be freed; NULL without
 * memory. */
char *gb_scenario_beside(const struct gb_scenario *scenario, const char *name);
int64_t gb_scenario_n_slots(const struct gb_scenario *scenario);

#endif
