/* gridbourse sweep: many trials of one scenario, one result. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/estimate.h"
#include "cli/interrupt.h"
#include "cli/join.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/pair.h"
#include "cli/progress.h"
#include "cli/request.h"
#include "cli/warnings.h"
#include "experiments/sweep/sweep_run.h"

/* ---- watching */

struct watching {
    const struct gb_sweep *sweep;
    struct gb_progress progress;
    uint64_t n_failed;
};

static bool should_stop(void *context)
{
    (void)context;
    return gb_interrupt_came();
}

static void show_done(void *context, uint64_t n_done, uint64_t n_trials)
{
    struct watching *watching = context;

    gb_progress_show(&watching->progress, (int64_t)n_done, (int64_t)n_trials);
}

static void show_failed(void *context, uint64_t trial, const struct gb_error *why)
{
    struct watching *watching = context;
    char where[512];

    gb_progress_end(&watching->progress);
    gb_message_error("trial %" PRIu64 " (%s) failed: %s", trial,
                     gb_sweep_describe(watching->sweep, trial, where, sizeof where), why->text);
    watching->n_failed++;
}

/* ---- running */

/* What came out of the trials: all, some with failures, or what was finished when Ctrl-C came. */
static int conclude(const struct gb_request *request, const char *path,
                    const struct watching *watching, size_t n_finished, bool is_interrupted)
{
    uint64_t n_trials = gb_sweep_n_trials(watching->sweep);

    if (!request->is_quiet && n_finished > 0)
        printf("%zu of %" PRIu64 " trials in %s\n`gridbourse compare %s` compares its cells, "
               "`gridbourse figures %s -d DIR` draws them.\n",
               n_finished, n_trials, path, path, path);
    if (!is_interrupted)
        return watching->n_failed > 0 ? GB_EXIT_FAILED : GB_EXIT_DONE;
    gb_message_error("interrupted: %zu of %" PRIu64 " trials were finished%s%s", n_finished,
                     n_trials, n_finished > 0 ? " and are in " : "", n_finished > 0 ? path : "");
    return GB_EXIT_INTERRUPTED;
}

/* Memory for physics that trials share: GB_SHARED_BYTES says another, 0 for none. No result depends
 * on it. */
static size_t shared_bytes(void)
{
    const char *text = getenv("GB_SHARED_BYTES");

    return text ? (size_t)strtoull(text, NULL, 10) : GB_SWEEP_SHARED_BYTES;
}

/* Runs all trials into the journal and builds the result of those that were finished.
 * keeps_journal  set where the journal is the only thing that holds them */
static int run_trials(const struct gb_request *request, const char *path,
                      const struct gb_sweep *sweep, const char *text, const char *sweep_text,
                      struct gb_journal *journal, bool *keeps_journal)
{
    struct watching watching = {.sweep = sweep};
    const struct gb_sweep_watch watch = {&watching, should_stop, show_done, show_failed};
    struct gb_error err = {0}, write_err = {0};

    gb_progress_start(&watching.progress, "trials", request->is_quiet);
    enum gb_status status =
        gb_sweep_run(sweep, (int)request->threads, shared_bytes(), journal, &watch, &err);
    gb_progress_end(&watching.progress);
    if (status != GB_OK && status != GB_EINTERRUPTED)
        return gb_message_failure(&err);
    size_t n_finished = gb_journal_n_records(journal);
    if (n_finished > 0 && gb_output_write_sweep(path, gb_sweep_base(sweep), text, sweep_text,
                                                journal, &write_err) != GB_OK) {
        *keeps_journal = true;
        gb_message_note("%zu of %" PRIu64 " trials were finished and are kept in '%s.journal'",
                        n_finished, gb_sweep_n_trials(sweep), path);
        return gb_message_failure(&write_err);
    }
    return conclude(request, path, &watching, n_finished, status == GB_EINTERRUPTED);
}

static int run_to_file(const struct gb_request *request, const char *path,
                       const struct gb_sweep *sweep)
{
    struct gb_error err = {0};
    struct gb_journal *journal = NULL;
    char *text = NULL, *sweep_text = NULL, *both = NULL;
    bool keeps_journal = false;
    enum gb_status status = gb_scenario_text(gb_sweep_base(sweep), &text, &err);

    if (status == GB_OK)
        status = gb_sweep_text(sweep, &sweep_text, &err);
    /* the journal stands under the fingerprint of both */
    if (status == GB_OK && !(both = gb_join(text, sweep_text)))
        status = gb_fail(&err, GB_ENOMEM, "no memory");
    if (status == GB_OK)
        status = gb_output_open_journal(&journal, path, both, &err);
    if (status == GB_OK)
        gb_pair_settle(path);
    int code = status == GB_OK
                   ? run_trials(request, path, sweep, text, sweep_text, journal, &keeps_journal)
                   : gb_message_failure(&err);
    if (keeps_journal)
        gb_journal_close(journal);
    else
        gb_journal_remove(journal);
    free(both);
    free(sweep_text);
    free(text);
    return code;
}

/* Cells that equal others are run once, and it is said. */
static void note_merged(const struct gb_sweep *sweep, FILE *out)
{
    uint64_t n = gb_sweep_n_merged(sweep);

    if (n > 0)
        fprintf(out,
                "  %" PRIu64 " cell%s differ%s from another in keys alone that nothing reads "
                "there: they run once\n",
                n, gb_message_plural((int64_t)n), n == 1 ? "s" : "");
}

/* What all trials share; a site that is varied has no local time of its own yet. */
static void warn(const struct gb_sweep *sweep)
{
    for (size_t key = 0; key < gb_sweep_n_keys(sweep); key++)
        if (strncmp(gb_sweep_key(sweep, key), "site.", 5) == 0)
            return;
    gb_warn_local_time(gb_sweep_base(sweep));
}

/* What would be run, and what it would cost. */
static int report_check(const struct gb_request *request, const struct gb_sweep *sweep)
{
    struct gb_error err = {0};

    gb_message_print_name(request->input, stdout);
    printf(": good: %" PRIu64 " trial%s in %" PRIu64 " cell%s\n", gb_sweep_n_trials(sweep),
           gb_message_plural((int64_t)gb_sweep_n_trials(sweep)), gb_sweep_n_cells(sweep),
           gb_message_plural((int64_t)gb_sweep_n_cells(sweep)));
    note_merged(sweep, stdout);
    if (request->is_quiet)
        return GB_EXIT_DONE;
    return gb_estimate_print(sweep, (int)request->threads, &err) == GB_OK
               ? GB_EXIT_DONE
               : gb_message_failure(&err);
}

static int check_and_run(const struct gb_request *request, const struct gb_sweep *sweep)
{
    struct gb_error err = {0};
    char *own_path = request->output ? NULL : gb_output_default_path(request->input);
    const char *path = request->output ? request->output : own_path;
    int code = GB_EXIT_DONE;

    if (!path)
        gb_fail(&err, GB_ENOMEM, "no memory");
    else
        gb_output_check(request, path, gb_sweep_base(sweep), gb_sweep_scenario_path(sweep), &err);
    if (err.status == GB_OK && !request->is_quiet)
        warn(sweep);
    if (err.status == GB_OK && !request->is_quiet && !request->is_check)
        note_merged(sweep, stderr);
    if (err.status != GB_OK) {
        code = gb_message_failure(&err);
    } else if (request->is_check) {
        code = report_check(request, sweep);
    } else {
        gb_interrupt_watch();
        code = run_to_file(request, path, sweep);
    }
    free(own_path);
    return code;
}

static int load_and_run(const struct gb_request *request)
{
    struct gb_error err = {0};
    struct gb_sweep *sweep = NULL;
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    int code = GB_EXIT_DONE;

    if (!diagnostics) {
        gb_message_error("no memory");
        return GB_EXIT_FAILED;
    }
    if (gb_sweep_load(&sweep, gb_program_extensions(), request->input, request->n_settings,
                      (const char *const *)request->settings, diagnostics, &err) != GB_OK)
        code = gb_output_refuse_input(diagnostics, &err);
    else
        code = check_and_run(request, sweep);
    gb_sweep_free(sweep);
    gb_diagnostics_free(diagnostics);
    return code;
}

static int run(int argc, char **argv)
{
    struct gb_request request = {0};
    int code;

    if (gb_request_read(&request, &gb_command_sweep, "sweep", argc, argv, &code))
        code = load_and_run(&request);
    gb_request_clear(&request);
    return code;
}

const struct gb_command gb_command_sweep = {
    "sweep",
    "SWEEP.yaml [-o OUT.h5] [--set KEY=VALUE ...] [--seed N] [--threads N] [--check] "
    "[--quiet]",
    "run every trial of a sweep over scenario keys", run};
