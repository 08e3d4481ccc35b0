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
#include "base/draws.h"
#include "base/param.h"
#include "base/registry.h"
#include "base/status.h"
#include "chain/wire/quorum.h"
#include "experiments/scenario/diagnostics.h"
#include "experiments/scenario/embedded.h"
#include "experiments/scenario/row_settings.h"
#include "experiments/scenario/section.h"
#include "experiments/scenario/storage_config.h"
#include "models/agents/strategy.h"
#include "models/agents/traits.h"
#include "models/assets/fleet.h"
#include "models/assets/listed.h"
#include "models/assets/meter.h"
#include "models/market/mechanism.h"
#include "models/market/tariffs.h"
#include "models/market/trade_fees.h"

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

/* agents.requote.on */
enum gb_requote_on { GB_REQUOTE_ON_TIME, GB_REQUOTE_ON_BLOCK, GB_REQUOTE_ON_TRADE };
#define GB_REQUOTES_MAX 250 /* wake-ups of an order: each has an address for the draws of links */
/* market.information */
enum gb_information { GB_INFORMATION_SEALED, GB_INFORMATION_TRADES, GB_INFORMATION_BOOK };

struct gb_protocol;    /* chain/node/chain.h */
struct gb_kind_agents; /* experiments/scenario/agents_config.h */

/* The members that are keys of a scenario are the rows of the .def files; the physics', the
 * market's and those of strategy and mechanism lie in structs of their own. */
struct gb_scenario {
    const struct gb_extensions *extensions; /* borrowed: members handed in at run time, or NULL */
#define GB_KEY GB_PARAM_FIELD
#define GB_KEY_OF GB_PARAM_FIELD_OF
#include "experiments/scenario/presets.def"
#include "experiments/scenario/run.def"
    struct gb_physics_config physics; /* slot, start_date, meters.*, weather, assets, forecast */
#include "experiments/scenario/agents.def"
#include "experiments/scenario/delivery.def"
    void *strategy_config; /* struct of the strategy's own table, owned */
#include "experiments/scenario/fees.def"
#include "experiments/scenario/tariff.def"
    struct gb_market_rules market; /* mechanism, its options, tariff */
#include "experiments/scenario/gate.def"
#include "experiments/scenario/settlement.def"
    struct gb_price imbalance_short, imbalance_long; /* resolved */
    struct gb_trade_fees trade_fees;                 /* resolved */
#include "experiments/scenario/chain.def"
    int64_t concentrator; /* resolved: meters a concentrator; 0 = none */
#include "experiments/scenario/output.def"
#undef GB_KEY
#undef GB_KEY_OF
    struct gb_items items[GB_N_SECTIONS];
    struct gb_library *library; /* resolved: the files of `series`; shared; NULL: none were read */
    /* resolved: where they differ, by slot or kind, of one kind or of all in their order; owned;
     * NULL: market.tariff is everybody's, always */
    struct gb_tariffs *tariffs;
    /* resolved: prices are of series, and this is a stored text, whose files nobody read: tariffs
     * hold anything that a price may be */
    bool has_unread_prices;
    /* read from meters.file or meters.inline, whose text is meters_text: owned; none: kinds say how
     * many there are. physics borrows them, too */
    struct gb_listed listed;
    struct gb_rows_settings rows; /* read from it: what rows say otherwise than their kinds */
    char *meters_path; /* owned: of meters.file, for diagnostics; NULL: it is inline, or not */
    /* resolved: those of `households` and then those of rows, and of physics; owned */
    struct gb_kind *kinds;
    struct gb_kind_agents *kind_agents;     /* resolved: their agents, as many; owned */
    struct gb_storage_config *kind_storage; /* resolved: how their batteries are run; likewise */
    /* read from orders.file or orders.inline, whose text is orders_text: owned, NULL = agents bid
     */
    char *folder; /* owned: the scenario file's, where orders.file is */
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
 * file in diagnostics, and orders.file is not looked for beside it. What nothing reads is left out,
 * for an earlier version may have stored what this one refuses. */
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
/* Why nothing reads a setting beside all others; empty: something does. */
struct gb_unread {
    char why[512];
};
/* Where a setting stands in a file; line 0: in none. */
struct gb_setting_place {
    size_t line, column;
};
/* The same, but a setting that nothing reads is left out, not refused.
 * places  of every setting, in the file that `origin` names; NULL: in none
 * unread  of every setting */
enum gb_status gb_scenario_apply_read(struct gb_scenario *scenario, const char *origin,
                                      size_t n_settings, const char *const *settings,
                                      const struct gb_setting_place *places,
                                      struct gb_unread *unread, struct gb_diagnostics *diagnostics,
                                      struct gb_error *err);
/* Would this key take this value? Looks at the row alone, whatever is selected, and changes
 * nothing.
 * canonical  the value as a stored scenario writes it; may be NULL
 * why        what was expected; empty where there is no such key */
bool gb_scenario_accepts(const struct gb_scenario *scenario, const char *key, const char *value,
                         char *canonical, size_t size, char *why, size_t why_size);
/* A value in the words in which a stored scenario has it: `1.4 s` of a delay is `1400 ms`. What is
 * no value of the key is left as it is.
 * words  GB_PARAM_TEXT_SIZE bytes */
void gb_scenario_words(const struct gb_scenario *scenario, const char *key, const char *value,
                       char *words);
void gb_scenario_free(struct gb_scenario *scenario);

/* The rules of its market as a genesis states them: with a band, and with the limits of the
 * community's connection where the market goes by them. Where tariffs differ, the tariff is not
 * among them. */
struct gb_market_rules gb_scenario_market(const struct gb_scenario *scenario);

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
/* When a row is read: " Read where chain.protocol is not ideal."; empty where it always is. returns
 * buffer */
char *gb_scenario_read_when(const struct gb_param *row, char *buffer, size_t size);
/* The unit of a row's plain numbers; empty where there is none or the value brings its own. */
const char *gb_scenario_unit(const struct gb_param *row);
const char *gb_layer_name(enum gb_layer layer);
/* Every row, by sections, in the order of the template. */
size_t gb_scenario_n_rows(const struct gb_extensions *extensions);
const struct gb_param *gb_scenario_row(const struct gb_extensions *extensions, size_t i);
/* Does an earlier row say word for word the same, as where members share an option? */
bool gb_scenario_row_is_repeated(const struct gb_extensions *extensions, size_t i);
/* The value of a key, as the scenario would write it. returns buffer, at least GB_PARAM_TEXT_SIZE
 * bytes for texts, 128 for others */
char *gb_scenario_value(const struct gb_scenario *scenario, const char *key, char *buffer,
                        size_t size);
/* Does anything read this key in the scenario, and would it in every other? Neither where it is an
 * option of a member that is not selected, or its row says that it is read under another value of
 * another key; of no key: false. */
bool gb_scenario_reads(const struct gb_scenario *scenario, const char *key);
bool gb_scenario_always_reads(const struct gb_scenario *scenario, const char *key);
/* The row of a key under the strategy and mechanism of the scenario, or NULL. */
const struct gb_param *gb_scenario_find_row(const struct gb_scenario *scenario, const char *key);
/* That of a setting: "market.beta=2". */
const struct gb_param *gb_scenario_setting_row(const struct gb_extensions *extensions,
                                               const char *setting);
/* The row's key nearest to `key`, for "did you mean"; NULL when none is near. */
const char *gb_scenario_nearest_key(const struct gb_extensions *extensions, const char *key);
/* What to say of a key that there is not: "unknown key 'x' (did you mean 'y'?)". returns buffer */
char *gb_scenario_explain_unknown(const struct gb_scenario *scenario, const char *key, char *buffer,
                                  size_t size);
/* Do keys of the scenario stand below this one? */
bool gb_scenario_is_section(const struct gb_scenario *scenario, const char *key);
/* Where an orders.file of this name is looked for: beside the scenario. To be freed; NULL without
 * memory. */
char *gb_scenario_beside(const struct gb_scenario *scenario, const char *name);
/* Where its draws come from. */
struct gb_draws gb_scenario_draws(const struct gb_scenario *scenario);
/* How its slots lie in UTC and on the local clock. */
struct gb_calendar gb_scenario_calendar(const struct gb_scenario *scenario);
/* The zone of its clock (base/zone.h); NULL: it never changes. */
const char *gb_scenario_time_zone(const struct gb_scenario *scenario);
/* The first slot behind the warm-up. */
int64_t gb_scenario_first_slot(const struct gb_scenario *scenario);
/* Of that slot: days since 1970-01-01. */
int64_t gb_scenario_first_day(const struct gb_scenario *scenario);
int64_t gb_scenario_n_slots(const struct gb_scenario *scenario);
/* Its validators, all of weight 1: one where the protocol is `ideal`. */
struct gb_committee gb_scenario_committee(const struct gb_scenario *scenario);

#endif
