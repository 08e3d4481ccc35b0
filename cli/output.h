/* What run and sweep share: refusing input, the place of a result; and how a run's record gets into
 * it (of a sweep: cli/sweep_files.h). */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/journal.h"
#include "analysis/results.h"
#include "chain/ledger/ledger.h"
#include "cli/request.h"
#include "experiments/scenario/diagnostics.h"
#include "experiments/scenario/scenario.h"

/* Prints every diagnostic, or the description of err where there is none, and returns the exit code
 * of input that cannot be used. */
int gb_output_refuse_input(const struct gb_diagnostics *diagnostics, const struct gb_error *err);

/* "village.h5" for "experiments/village.yaml"; to be freed, NULL without memory. */
char *gb_output_default_path(const char *input);

/* Says, before anything long begins, why run or sweep cannot write to `path` and the ledger.
 * scenario_path  the scenario's file where the input is a sweep of it, else NULL */
enum gb_status gb_output_check(const struct gb_request *request, const char *path,
                               const struct gb_scenario *scenario, const char *scenario_path,
                               struct gb_error *err);

/* GB_EINPUT where the result of a sweep stands at `path`: no run makes its trials again. */
enum gb_status gb_output_keep_sweep(const char *path, struct gb_error *err);

/* Says on stderr that nothing keeps other processes from the file. */
void gb_output_note_no_locks(const char *path);

/* What a crash would leave of a result and its ledger, which has no business to stay. */
struct gb_output_files {
    char *path, *part, *ledger_part;
};
void gb_output_files_clear(struct gb_output_files *files);

/* The result of a single run, kept for it from the start and open for its rows. Says on stderr
 * where the file system has no locks.
 * files   cleared by the caller in any case, after the result
 * ledger  its path, or NULL */
enum gb_status gb_output_begin_run(struct gb_results_writer **out, struct gb_output_files *files,
                                   const char *path, const char *ledger,
                                   const struct gb_scenario *scenario, const char *scenario_text,
                                   struct gb_error *err);
/* Gives the result its name, and the sealed ledger along with it. Frees both, on failure too:
 * nothing of either stays then.
 * head    of its chain, or NULL
 * ledger  or NULL */
enum gb_status gb_output_end_run(struct gb_results_writer *result, const struct gb_hash *head,
                                 struct gb_ledger_writer *ledger, struct gb_error *err);
/* Builds the result of what a journal holds, of a sweep or of its shards, and gives it its name. */
enum gb_status gb_output_write_journal(const char *path, const struct gb_provenance *provenance,
                                       struct gb_journal *journal, struct gb_error *err);

/* The comparison with the grid in a few lines on stdout. */
void gb_output_print_summary(const struct gb_summary_row *row, const char *currency);

#endif
