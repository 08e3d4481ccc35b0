/* One run of the whole machine: weather, meters, agents, chain, contracts and settlement on one
 * clock, and the grid-only baseline on the same draws. */
#ifndef EXPERIMENTS_RUN_RUN_H
#define EXPERIMENTS_RUN_RUN_H

#include <stdint.h>

#include "analysis/record.h"
#include "analysis/row_sink.h"
#include "base/status.h"
#include "chain/ledger/ledger.h"
#include "experiments/scenario/scenario.h"
#include "models/assets/realisation.h"

struct gb_run_options {
    uint64_t trial;                   /* number of the trial in its sweep; 0 for a single run */
    struct gb_realisations *shared;   /* where trials on the same draws share their physics, which
                                       * changes no result; NULL: it shares none */
    const char *ledger_path;          /* write the ledger here; NULL: keep none */
    struct gb_ledger_writer **ledger; /* handed the sealed ledger, which the caller publishes or
                                       * abandons; NULL: the run publishes it itself */
    struct gb_hash *head;             /* handed the hash of the last block, where the protocol
                                       * keeps a ledger; NULL: nobody asks */
    /* Called at every slot of simulated time with slots done and in all, and every few thousand
     * events, of which some may follow the last slot for long; returning non-zero ends the run with
     * GB_EINTERRUPTED. NULL: nobody watches. */
    int (*progress)(void *context, int64_t slots_done, int64_t n_slots);
    void *progress_context;
};

/* Runs one trial, whose rows go to the sink as they become final, slot by slot. At its end the run
 * asserts that energy and money balance to the last unit and that the identities of rules, section
 * 5, hold; GB_EBROKEN names the one that does not. */
enum gb_status gb_run_into(const struct gb_scenario *scenario, const struct gb_run_options *options,
                           const struct gb_row_sink *sink, struct gb_summary_row *summary,
                           struct gb_error *err);
/* The same, and hands out its rows as a record, which the caller frees. */
enum gb_status gb_run_trial(const struct gb_scenario *scenario,
                            const struct gb_run_options *options, struct gb_record **out,
                            struct gb_error *err);

#endif
