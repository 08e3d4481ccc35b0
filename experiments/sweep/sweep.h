/* A sweep: one scenario, keys that are varied over a full grid, and replications of every cell.
 *
 *     format: 1
 *     scenario: village.yaml            beside the sweep file
 *     set: {output.level: summary}      over the scenario, for all trials
 *     vary:
 *       market.beta: 0:1:0.05           first:last:step, both ends included
 *       meters.count: [10, 30, 100]
 *     replications: 20
 *
 * A stored sweep has the tables of a varied orders.file inside, below `files`, name by name; such a
 * text goes before the file on the disk.
 *
 * Trials are numbered cell by cell: replications run fastest, then the last varied key. All trials
 * share the scenario's seed and a replication has the same number in every cell, so cells are
 * paired by construction: what a key does not touch is drawn alike. */
#ifndef EXPERIMENTS_SWEEP_SWEEP_H
#define EXPERIMENTS_SWEEP_SWEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/pilot.h"
#include "analysis/plan.h"
#include "base/status.h"
#include "experiments/scenario/diagnostics.h"
#include "experiments/scenario/scenario.h"
#include "experiments/sweep/part.h"

struct gb_sweep; /* closed */

/* Reads a sweep file; `settings` go over its scenario. Every cell's scenario is checked. All that
 * is wrong goes into diagnostics; GB_ECONFIG when there is anything, GB_EFILE when unreadable.
 * replications  go before those of the file; 0: the file's
 * extensions  of members that scenarios may name beside those built in; kept; or NULL */
enum gb_status gb_sweep_load(struct gb_sweep **out, const struct gb_extensions *extensions,
                             const char *path, size_t n_settings, const char *const *settings,
                             int64_t replications, struct gb_diagnostics *diagnostics,
                             struct gb_error *err);
/* A sweep that is stored in a result, and its scenario: both as text. */
enum gb_status gb_sweep_parse(struct gb_sweep **out, const struct gb_extensions *extensions,
                              const char *text, const char *scenario_text,
                              struct gb_diagnostics *diagnostics, struct gb_error *err);
void gb_sweep_free(struct gb_sweep *sweep);

/* The scenario under the varied keys: what all trials share. */
const struct gb_scenario *gb_sweep_base(const struct gb_sweep *sweep);
/* The file that scenario was read from. */
const char *gb_sweep_scenario_path(const struct gb_sweep *sweep);
/* The sweep as text: keys, values and replications; its scenario is named `scenario.yaml` there and
 * is the base's own text. Caller frees *text. */
enum gb_status gb_sweep_text(const struct gb_sweep *sweep, char **text, struct gb_error *err);

uint64_t gb_sweep_n_cells(const struct gb_sweep *sweep);
/* Cells that were one with another, for they differ in keys alone which nothing reads there. */
uint64_t gb_sweep_n_merged(const struct gb_sweep *sweep);
/* Settings, "KEY=VALUE", that no cell which has them reads: they change nothing. */
size_t gb_sweep_n_unread(const struct gb_sweep *sweep);
const char *gb_sweep_unread(const struct gb_sweep *sweep, size_t i);
uint64_t gb_sweep_n_trials(const struct gb_sweep *sweep);
/* Different physics and draws of them that its trials have in all. */
uint64_t gb_sweep_n_realisations(const struct gb_sweep *sweep);
/* Are there trials that differ in nothing that their physics depends on? */
bool gb_sweep_shares_physics(const struct gb_sweep *sweep);
/* The trial to run as the i-th: replication by replication, and within one of them those together
 * that have the same physics. A permutation of [0, gb_sweep_n_trials()). */
uint64_t gb_sweep_trial_in_order(const struct gb_sweep *sweep, uint64_t i);
/* So many trials, from a multiple of the stride on, are one cell: of a sweep in two stages the most
 * that it may have, until gb_sweep_begin_pilot and gb_sweep_fix say how many. */
uint64_t gb_sweep_n_replications(const struct gb_sweep *sweep);
uint64_t gb_sweep_stride(const struct gb_sweep *sweep); /* gb_plan_stride */

/* ---- a sweep in two stages */

/* Whether its number of replications follows from a pilot. */
bool gb_sweep_has_stages(const struct gb_sweep *sweep);
/* What fixes that number; its texts are the sweep's. */
struct gb_until gb_sweep_until(const struct gb_sweep *sweep);
void gb_sweep_begin_pilot(struct gb_sweep *sweep);
void gb_sweep_fix(struct gb_sweep *sweep, const struct gb_replications *replications);
/* The plan of a part as it stands now, without trials that failed. */
struct gb_plan gb_sweep_plan(const struct gb_sweep *sweep, const struct gb_sweep_part *part);
/* How many trials of the sweep are in the part. */
uint64_t gb_sweep_n_trials_of(const struct gb_sweep *sweep, const struct gb_sweep_part *part);

size_t gb_sweep_n_keys(const struct gb_sweep *sweep);
/* Of a column: `case`, where the sweep has cases, or a key that is varied. */
const char *gb_sweep_key(const struct gb_sweep *sweep, size_t key);
/* The last of the keys, over which results are averaged. */
struct gb_averages gb_sweep_averages(const struct gb_sweep *sweep);
/* The setting "KEY=VALUE" of some case, by number; NULL behind the last of them. */
const char *gb_sweep_setting_of_cases(const struct gb_sweep *sweep, size_t i);
/* The value of a varied key in a trial, as text. */
const char *gb_sweep_value(const struct gb_sweep *sweep, size_t key, uint64_t trial);
/* "market.beta=0.3, meters.count=100, seed 1, replication 4". returns buffer */
char *gb_sweep_describe(const struct gb_sweep *sweep, uint64_t trial, char *buffer, size_t size);
/* The scenario of one trial; the caller frees it. */
enum gb_status gb_sweep_scenario(const struct gb_sweep *sweep, uint64_t trial,
                                 struct gb_scenario **out, struct gb_error *err);

#endif
