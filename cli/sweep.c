/* gridbourse sweep: many trials of one scenario, one result. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "cli/command.h"
#include "cli/estimate.h"
#include "cli/failed_trials.h"
#include "cli/interrupt.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/pair.h"
#include "cli/progress.h"
#include "cli/request.h"
#include "cli/sweep_files.h"
#include "cli/warnings.h"
#include "experiments/sweep/sweep_run.h"

/* What one call of the command works on. */
struct job {
    struct gb_request request;
    struct gb_ranks ranks;
    struct gb_sweep *sweep;
    struct gb_sweep_part part;
    uint64_t n_trials; /* of the part */
    char *own_path;    /* where the request names none */
    const char *path;
    struct gb_sweep_identity identity;
    struct gb_journal *journal; /* of rank 0; NULL: there is nothing left to do */
    struct gb_progress progress;
    struct gb_failed_trials failed;
    bool waits; /* for its pilot, which fixes the number of replications; a shard runs no more */
};

/* ---- watching */

static bool should_stop(void *context)
{
    (void)context;
    return gb_interrupt_came();
}

static void show_done(void *context, uint64_t n_done, uint64_t n_trials)
{
    struct job *job = context;

    gb_progress_show(&job->progress, (int64_t)n_done, (int64_t)n_trials);
}

static void show_failed(void *context, uint64_t trial, const struct gb_error *why)
{
    struct job *job = context;

    gb_progress_end(&job->progress);
    gb_failed_trials_tell(&job->request, job->sweep, trial, why);
    gb_failed_trials_add(&job->failed, trial, why->text);
}

/* ---- running */

/* What came out of the trials: all, some with failures, or what was finished when Ctrl-C came. */
static int conclude(const struct job *job, size_t n_finished, bool is_interrupted)
{
    const char *path = job->path;

    if (!job->request.is_quiet && n_finished > 0)
        printf("%zu of %" PRIu64 " trials in %s\n`gridbourse compare %s` compares its cells, "
               "`gridbourse figures %s -d DIR` draws them.\n",
               n_finished, job->n_trials, path, path, path);
    if (is_interrupted)
        gb_message_error("interrupted: %zu of %" PRIu64 " trials were finished%s%s", n_finished,
                         job->n_trials, n_finished > 0 ? " and are in " : "",
                         n_finished > 0 ? path : "");
    if (job->part.is_pilot && n_finished == job->n_trials)
        gb_message_note("this is shard %" PRIu64 " of %" PRIu64
                        " of the pilot: `gridbourse merge -o PILOT.h5 SHARD.h5 ...` joins them, "
                        "then the same command with --pilot PILOT.h5 runs the second stage",
                        job->part.shard, job->part.n_shards);
    if (n_finished == 0 && job->n_trials > 0) /* close_journal() leaves none */
        gb_message_note("nothing is finished: the same command begins anew");
    else if (n_finished < job->n_trials)
        gb_message_note("the same command with --resume goes on with %s.journal", path);
    if (is_interrupted)
        return GB_EXIT_INTERRUPTED;
    return n_finished < job->n_trials ? GB_EXIT_FAILED : GB_EXIT_DONE;
}

/* The trials are in the journal, and something keeps them from the result. */
static int keep(struct job *job, const struct gb_error *err)
{
    int code = gb_message_failure(err);

    if (gb_journal_n_records(job->journal) == 0)
        return code;
    gb_message_note("%zu of %" PRIu64
                    " trials were finished and are kept in '%s.journal': when that "
                    "is mended, the same command with --resume goes on",
                    gb_journal_n_records(job->journal), job->n_trials, job->path);
    return code;
}

static enum gb_status write_result(struct job *job, struct gb_error *err)
{
    struct gb_plan plan = gb_sweep_plan(job->sweep, &job->part);

    if (job->failed.lacks_memory)
        return gb_fail(err, GB_ENOMEM, "no memory for the list of trials that failed");
    gb_failed_trials_sort(&job->failed);
    plan.n_failed = job->failed.n;
    plan.failed = job->failed.items;
    return gb_sweep_write_result(job->path, job->sweep, &job->identity, &plan, job->journal, err);
}

/* Memory for physics that trials share: GB_SHARED_BYTES says another, 0 for none. No result depends
 * on it. */
static size_t shared_bytes(void)
{
    const char *text = getenv("GB_SHARED_BYTES");

    return text ? (size_t)strtoull(text, NULL, 10) : GB_SWEEP_SHARED_BYTES;
}

static enum gb_status run_stage(struct job *job, struct gb_error *err)
{
    const struct gb_sweep_run run = {.sweep = job->sweep,
                                     .part = job->part,
                                     .ranks = &job->ranks,
                                     .n_threads = (int)job->request.threads,
                                     .shared_bytes = shared_bytes(),
                                     .journal = job->journal,
                                     .watch = {job, should_stop, show_done, show_failed}};

    gb_progress_start(&job->progress, "trials", job->request.is_quiet);
    enum gb_status status = gb_sweep_run(&run, err);
    gb_progress_end(&job->progress);
    return status;
}

/* What the pilot found goes into a result, which says how many replications there are to be. What
 * failed in it is tried once more among the others. */
static enum gb_status fix_replications(struct job *job, struct gb_error *err)
{
    enum gb_status status = gb_journal_n_records(job->journal) > 0
                                ? write_result(job, err)
                                : gb_fail(err, GB_EINPUT, "every trial of the pilot failed");

    if (status == GB_OK)
        status = gb_sweep_take_pilot(job->sweep, job->path, &job->identity, NULL, err);
    if (status != GB_OK)
        return status;
    gb_failed_trials_clear(&job->failed);
    job->n_trials = gb_sweep_n_trials_of(job->sweep, &job->part);
    return GB_OK;
}

/* Runs all that is left into the journal and builds the result of what is in it then. */
static int run_trials(struct job *job)
{
    struct gb_error err = {0}, write_err = {0};
    enum gb_status status = run_stage(job, &err);

    if (job->waits && job->part.n_shards == 0) {
        if (status == GB_OK)
            status = fix_replications(job, &err);
        if (gb_ranks_go_on(&job->ranks, status == GB_OK))
            status = run_stage(job, &err);
    }
    if (status != GB_OK && status != GB_EINTERRUPTED)
        return keep(job, &err);
    size_t n_finished = gb_journal_n_records(job->journal);
    if (n_finished > job->n_trials)
        n_finished = (size_t)job->n_trials;
    if (n_finished > 0 && write_result(job, &write_err) != GB_OK)
        return keep(job, &write_err);
    return conclude(job, n_finished, status == GB_EINTERRUPTED);
}

/* A journal without trials, or whose trials are all in the result, is needed by nobody. */
static void close_journal(struct job *job, bool is_in_result)
{
    size_t n = job->journal ? gb_journal_n_records(job->journal) : 0;

    if (n == 0 || (is_in_result && n >= job->n_trials))
        gb_journal_remove(job->journal);
    else
        gb_journal_close(job->journal);
    job->journal = NULL;
}

static int report_finished(const struct job *job)
{
    if (job->ranks.number == 0 && !job->request.is_quiet)
        printf("all %" PRIu64 " trials are in %s already\n", job->n_trials, job->path);
    return GB_EXIT_DONE;
}

static int run_first_rank(struct job *job)
{
    int code = run_trials(job);
    close_journal(job, code == GB_EXIT_DONE);
    return code;
}

static int run_other_rank(struct job *job)
{
    const struct gb_sweep_run run = {.sweep = job->sweep,
                                     .part = job->part,
                                     .ranks = &job->ranks,
                                     .shared_bytes = shared_bytes(),
                                     .watch = {.should_stop = should_stop}};
    struct gb_error err = {0};

    gb_sweep_run(&run, &err);
    if (job->waits && job->part.n_shards == 0 && gb_ranks_go_on(&job->ranks, true))
        gb_sweep_run(&run, &err);
    return GB_EXIT_DONE; /* rank 0 says how it ended */
}

/* ---- preparing */

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

static bool varies_site(const struct gb_sweep *sweep)
{
    for (size_t key = 0; key < gb_sweep_n_keys(sweep); key++)
        if (strncmp(gb_sweep_key(sweep, key), "site.", 5) == 0)
            return true;
    return false;
}

/* Settings that change nothing, which whoever wrote them did not expect. */
static void note_unread(const struct gb_sweep *sweep, FILE *out)
{
    for (size_t i = 0; i < gb_sweep_n_unread(sweep); i++)
        fprintf(out, "  %s changes nothing: no cell that has it reads it\n",
                gb_sweep_unread(sweep, i));
}

/* What all trials share; where it is varied, there is no local time yet. */
static void warn(const struct gb_sweep *sweep)
{
    gb_warn_series(gb_sweep_base(sweep));
    if (!varies_site(sweep))
        gb_warn_places(gb_sweep_base(sweep));
    for (size_t key = 0; key < gb_sweep_n_keys(sweep); key++) {
        const struct gb_param *row =
            gb_scenario_find_row(gb_sweep_base(sweep), gb_sweep_key(sweep, key));

        if (row && row->flags & GB_PARAM_OF_LOCAL_TIME)
            return;
    }
    gb_warn_local_time(gb_sweep_base(sweep));
    gb_warn_heat(gb_sweep_base(sweep));
}

static enum gb_status choose_part(struct job *job, struct gb_error *err)
{
    const struct gb_request *request = &job->request;
    uint64_t n_trials = gb_sweep_n_trials(job->sweep);

    job->part = (struct gb_sweep_part){.shard = (uint64_t)request->shard,
                                       .n_shards = (uint64_t)request->n_shards,
                                       .is_one = request->has_trial,
                                       .trial = (uint64_t)request->trial};
    job->waits = gb_sweep_has_stages(job->sweep) && !request->has_trial && !request->pilot;
    job->part.is_pilot = job->waits && request->n_shards > 0;
    if (job->waits && !request->is_check)
        gb_sweep_begin_pilot(job->sweep);
    job->n_trials = gb_sweep_n_trials_of(job->sweep, &job->part);
    if (job->n_trials > 0)
        return GB_OK;
    if (request->has_trial)
        return gb_fail(err, GB_EINPUT, "there is no trial %" PRId64 ": the sweep has 0 to %" PRIu64,
                       request->trial, n_trials - 1);
    return gb_fail(err, GB_EINPUT,
                   "there is nothing to do for shard %" PRId64 ": the sweep has %" PRIu64 " trials",
                   request->shard, n_trials);
}

/* The number of replications from the pilot that is named; its trials, into the journal. */
static enum gb_status take_pilot(struct job *job, struct gb_journal *journal, struct gb_error *err)
{
    const char *path = job->request.pilot;

    if (!gb_sweep_has_stages(job->sweep) || job->request.has_trial)
        return gb_fail(err, GB_EINPUT,
                       "--pilot %s: expected a sweep with `until`, and all of it or a shard", path);
    enum gb_status status = gb_sweep_take_pilot(job->sweep, path, &job->identity, journal, err);
    if (status == GB_OK)
        job->n_trials = gb_sweep_n_trials_of(job->sweep, &job->part);
    return status;
}

/* Reads the sweep and decides what is to be done of it. */
static enum gb_status read_job(struct job *job, struct gb_diagnostics *diagnostics,
                               struct gb_error *err)
{
    const struct gb_request *request = &job->request;
    enum gb_status status = gb_sweep_load(
        &job->sweep, gb_program_extensions(), request->input, request->n_settings,
        (const char *const *)request->settings, request->replications, diagnostics, err);

    if (status == GB_OK)
        status = choose_part(job, err);
    if (status == GB_OK)
        status = gb_sweep_identify(&job->identity, job->sweep, &job->part, err);
    if (status == GB_OK && request->pilot)
        status = take_pilot(job, NULL, err);
    if (status == GB_OK && !request->output &&
        !(job->own_path = gb_sweep_default_path(request->input, &job->part)))
        status = gb_fail(err, GB_ENOMEM, "no memory");
    job->path = request->output ? request->output : job->own_path;
    return status;
}

/* Of a sweep that waits for its pilot as many as there may be: its journal is the same before and
 * after. */
static uint64_t n_planned(const struct job *job)
{
    return job->waits && job->part.n_shards == 0
               ? gb_sweep_n_cells(job->sweep) * gb_sweep_stride(job->sweep)
               : job->n_trials;
}

/* What rank 0 alone does before the trials: looks at the files, and opens the journal. */
static enum gb_status open_files(struct job *job, struct gb_error *err)
{
    enum gb_status status = gb_output_check(&job->request, job->path, gb_sweep_base(job->sweep),
                                            gb_sweep_scenario_path(job->sweep), err);

    if (status == GB_OK && !job->request.is_quiet)
        warn(job->sweep);
    if (status == GB_OK && !job->request.is_quiet && !job->request.is_check)
        note_merged(job->sweep, stderr);
    if (status == GB_OK && !job->request.is_quiet && !job->request.is_check)
        note_unread(job->sweep, stderr);
    if (status == GB_OK && !job->request.is_check) {
        gb_interrupt_watch();
        status = gb_sweep_open_journal(&job->journal, &job->request, job->path, &job->identity,
                                       n_planned(job), err);
    }
    if (status == GB_OK && job->journal && job->request.pilot)
        status = take_pilot(job, job->journal, err);
    if (status == GB_OK && !job->request.is_check)
        gb_pair_settle(job->path);
    return status;
}

static void hash_work(const struct gb_sweep_identity *identity, struct gb_rank_identity *out)
{
    crypto_generichash_state state;

    memcpy(out->libm, identity->libm, sizeof out->libm);
    crypto_generichash_init(&state, NULL, 0, sizeof out->work);
    crypto_generichash_update(&state, (const unsigned char *)identity->program,
                              strlen(identity->program) + 1);
    crypto_generichash_update(&state, (const unsigned char *)identity->work,
                              strlen(identity->work));
    crypto_generichash_final(&state, out->work, sizeof out->work);
}

/* Every rank prepares itself; rank 0 says what keeps any of them from it.
 * returns GB_EXIT_DONE, or the exit code of all */
static int prepare(struct job *job, struct gb_diagnostics *diagnostics)
{
    struct gb_rank_identity identity = {{0}, {0}};
    struct gb_error own = {0}, err = {0};
    bool is_first = job->ranks.number == 0;
    enum gb_status status = read_job(job, diagnostics, &own);
    bool is_read = status == GB_OK;

    if (is_read)
        hash_work(&job->identity, &identity);
    if (is_read && is_first)
        status = open_files(job, &own);
    else if (is_read)
        gb_interrupt_watch();
    enum gb_status agreed = gb_ranks_agree(&job->ranks, status, &own, &identity, &err);
    if (agreed == GB_OK)
        return GB_EXIT_DONE;
    close_journal(job, false);
    if (!is_first)
        return GB_EXIT_FAILED;
    return is_read ? gb_message_failure(&err) : gb_output_refuse_input(diagnostics, &own);
}

/* What would be run, and what it would cost. */
static int report_check(const struct job *job)
{
    const struct gb_sweep *sweep = job->sweep;
    uint64_t n_first = job->waits ? gb_sweep_until(sweep).precision.pilot : 0;
    struct gb_error err = {0};

    gb_message_print_name(job->request.input, stdout);
    if (job->waits) {
        uint64_t n_cells = gb_sweep_n_cells(sweep);
        struct gb_precision precision = gb_sweep_until(sweep).precision;

        printf(": good: %" PRIu64 " trials of a pilot in %" PRIu64 " cell%s, at most ",
               n_cells * precision.pilot, n_cells, gb_message_plural((int64_t)n_cells));
        printf("%" PRIu64 " in all\n", n_cells * precision.max);
    } else
        printf(": good: %" PRIu64 " trial%s in %" PRIu64 " cell%s\n", gb_sweep_n_trials(sweep),
               gb_message_plural((int64_t)gb_sweep_n_trials(sweep)), gb_sweep_n_cells(sweep),
               gb_message_plural((int64_t)gb_sweep_n_cells(sweep)));
    note_merged(sweep, stdout);
    note_unread(sweep, stdout);
    if (job->request.is_quiet)
        return GB_EXIT_DONE;
    return gb_estimate_print(sweep, n_first, (int)job->request.threads, &err) == GB_OK
               ? GB_EXIT_DONE
               : gb_message_failure(&err);
}

static int run_job(struct job *job, struct gb_diagnostics *diagnostics)
{
    int code = prepare(job, diagnostics);
    bool is_first = job->ranks.number == 0;

    if (code != GB_EXIT_DONE)
        return code;
    if (job->request.is_check)
        return is_first ? report_check(job) : GB_EXIT_DONE;
    /* rank 0 alone has looked at the files: without a journal there is nothing to serve */
    if (!gb_ranks_go_on(&job->ranks, job->journal != NULL))
        return report_finished(job);
    return is_first ? run_first_rank(job) : run_other_rank(job);
}

static int begin_and_run(struct job *job)
{
    struct gb_error err = {0};
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();

    if (!diagnostics) {
        gb_message_error("no memory");
        return GB_EXIT_FAILED;
    }
    int code = gb_ranks_begin(&job->ranks, &err) == GB_OK ? run_job(job, diagnostics)
                                                          : gb_message_failure(&err);
    gb_diagnostics_free(diagnostics);
    return code;
}

static int run(int argc, char **argv)
{
    struct job job = {.ranks = {.n = 1}};
    int code;

    if (gb_request_read(&job.request, &gb_command_sweep, "sweep", argc, argv, &code)) {
        code = begin_and_run(&job);
        gb_ranks_end(&job.ranks);
    }
    gb_failed_trials_clear(&job.failed);
    gb_sweep_identity_clear(&job.identity);
    gb_sweep_free(job.sweep);
    free(job.own_path);
    gb_request_clear(&job.request);
    return code;
}

const struct gb_command gb_command_sweep = {
    "sweep",
    "SWEEP.yaml [-o OUT.h5] [--set KEY=VALUE ...] [--seed N] [--threads N] [--resume | --restart] "
    "[--shard K/N | --trial N] [--pilot PILOT.h5] [--replications N] [--check] [--quiet]",
    "run every trial of a sweep over scenario keys", run};
