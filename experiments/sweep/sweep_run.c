#include "experiments/sweep/sweep_run.h"

#include <inttypes.h>
#include <stdlib.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "analysis/record_bytes.h"
#include "base/parallel.h"
#include "experiments/run/run.h"
#include "experiments/sweep/queue.h"

/* ---- one trial */

static int should_stop(void *context, int64_t slots_done, int64_t n_slots)
{
    const struct gb_sweep_run *run = context;

    (void)slots_done, (void)n_slots;
    return (run->watch.should_stop && run->watch.should_stop(run->watch.context)) ||
           gb_ranks_are_over(run->ranks);
}

static enum gb_status note_varied(const struct gb_sweep *sweep, uint64_t trial,
                                  struct gb_record *record, struct gb_error *err)
{
    size_t n_keys = gb_sweep_n_keys(sweep);
    const char **keys = calloc(2 * n_keys + 1, sizeof *keys);
    enum gb_status status;

    if (!keys)
        return gb_fail(err, GB_ENOMEM, "no memory for the varied keys");
    for (size_t k = 0; k < n_keys; k++) {
        keys[k] = gb_sweep_key(sweep, k);
        keys[n_keys + k] = gb_sweep_value(sweep, k, trial);
    }
    status = gb_record_set_varied(record, n_keys, keys, keys + n_keys, err);
    free(keys);
    return status;
}

static enum gb_status run_with(const struct gb_sweep *sweep, const struct gb_run_options *options,
                               struct gb_record **record, struct gb_error *err)
{
    struct gb_scenario *scenario = NULL;
    enum gb_status status = gb_sweep_scenario(sweep, options->trial, &scenario, err);

    if (status == GB_OK)
        status = gb_run_trial(scenario, options, record, err);
    if (status == GB_OK)
        status = note_varied(sweep, options->trial, *record, err);
    gb_scenario_free(scenario);
    return status;
}

enum gb_status gb_sweep_run_trial(const struct gb_sweep *sweep, struct gb_realisations *shared,
                                  uint64_t trial, struct gb_record **record, struct gb_error *err)
{
    const struct gb_run_options options = {.trial = trial, .shared = shared};

    return run_with(sweep, &options, record, err);
}

static enum gb_status run_trial(const struct gb_sweep_run *run, struct gb_realisations *shared,
                                uint64_t trial, struct gb_record **record, struct gb_error *err)
{
    const struct gb_run_options options = {
        .trial = trial, .shared = shared, .progress = should_stop, .progress_context = (void *)run};

    return run_with(run->sweep, &options, record, err);
}

static enum gb_status create_shared(struct gb_realisations **shared, const struct gb_sweep_run *run,
                                    struct gb_error *err)
{
    size_t max_bytes = gb_sweep_shares_physics(run->sweep) ? run->shared_bytes : 0;

    return gb_realisations_create(shared, &gb_physics_replayed, max_bytes, err);
}

/* ---- rank 0: handing out and filing, one thread at a time */

struct filing {
    const struct gb_sweep_run *run;
    struct gb_realisations *shared; /* physics; NULL: none is shared */
    struct gb_trial_queue *queue;
    size_t n_takers;
    uint64_t n_done, n_trials; /* of the part: failed ones and those of before among the done */
    enum gb_status status;     /* of the sweep as a whole; anything but GB_OK ends it */
    struct gb_error *err;
};

static bool is_over(void *context)
{
    const struct filing *filing = context;

    return filing->status != GB_OK || should_stop((void *)filing->run, 0, 0);
}

static size_t take(struct filing *filing, uint64_t *trials, size_t max)
{
    return is_over(filing) ? 0 : gb_trial_queue_take(filing->queue, filing->n_takers, trials, max);
}

static void note_failed(void *context, uint64_t trial, const struct gb_error *why)
{
    struct filing *filing = context;
    const struct gb_sweep_watch *watch = &filing->run->watch;

    if (watch->failed)
        watch->failed(watch->context, trial, why);
    filing->n_done++;
    if (watch->done)
        watch->done(watch->context, filing->n_done, filing->n_trials);
}

/* After an append: a journal that cannot be written ends the sweep. */
static void note_appended(struct filing *filing, uint64_t trial, enum gb_status status,
                          const struct gb_error *why)
{
    const struct gb_sweep_watch *watch = &filing->run->watch;

    if (status == GB_EFILE) {
        filing->status = gb_fail(filing->err, status, "%s", why->text);
    } else if (status != GB_OK) {
        note_failed(filing, trial, why);
    } else {
        filing->n_done++;
        if (watch->done)
            watch->done(watch->context, filing->n_done, filing->n_trials);
    }
}

/* A trial that ran in this process. */
static void file_trial(struct filing *filing, uint64_t trial, const struct gb_record *record,
                       enum gb_status status, const struct gb_error *why)
{
    struct gb_error append_why = {0};

    if (status == GB_EINTERRUPTED || filing->status != GB_OK)
        return;
    if (status != GB_OK) {
        note_failed(filing, trial, why);
    } else {
        status = gb_journal_append(filing->run->journal, record, &append_why);
        note_appended(filing, trial, status, &append_why);
    }
}

static void run_trials(struct filing *filing)
{
    for (;;) {
        struct gb_record *record = NULL;
        struct gb_error why = {0};
        uint64_t trial;
        size_t n;

#pragma omp critical(gb_sweep_file)
        n = take(filing, &trial, 1);
        if (n == 0)
            return;
        enum gb_status status = run_trial(filing->run, filing->shared, trial, &record, &why);
#pragma omp critical(gb_sweep_file)
        file_trial(filing, trial, record, status, &why);
        gb_record_free(record);
    }
}

/* ---- rank 0: serving the others */

static size_t hand_out(void *context, uint64_t *trials)
{
    size_t n;

#pragma omp critical(gb_sweep_file)
    n = take(context, trials, GB_RANK_CHUNK);
    return n;
}

static void file_bytes(void *context, uint64_t trial, const uint8_t *bytes, size_t n)
{
    struct filing *filing = context;
    struct gb_error why = {0};

#pragma omp critical(gb_sweep_file)
    if (filing->status == GB_OK) {
        enum gb_status status =
            gb_journal_append_bytes(filing->run->journal, trial, bytes, n, &why);
        note_appended(filing, trial, status, &why);
    }
}

static void file_failure(void *context, uint64_t trial, const struct gb_error *why)
{
#pragma omp critical(gb_sweep_file)
    note_failed(context, trial, why);
}

static bool others_are_over(void *context)
{
    bool is;

#pragma omp critical(gb_sweep_file)
    is = is_over(context);
    return is;
}

static enum gb_status serve(struct filing *filing, struct gb_error *err)
{
    const struct gb_ranks_service service = {filing, hand_out, file_bytes, file_failure,
                                             others_are_over};

    return gb_ranks_serve(filing->run->ranks, &service, err);
}

/* As many as asked for; 0: as OpenMP decides. Without OpenMP there is one. Among ranks, one that
 * serves and one that runs trials. */
static int n_threads_of(const struct gb_sweep_run *run, int default_threads)
{
#ifdef _OPENMP
    if (run->ranks->n > 1)
        return 2;
    return run->n_threads > 0 ? run->n_threads : default_threads;
#else
    (void)run, (void)default_threads;
    return 1;
#endif
}

static bool is_server(const struct gb_sweep_run *run)
{
#ifdef _OPENMP
    return run->ranks->n > 1 && omp_get_thread_num() == 0;
#else
    return run->ranks->n > 1;
#endif
}

static enum gb_status begin(struct filing *filing, struct gb_error *err)
{
    const struct gb_sweep_run *run = filing->run;
    enum gb_status status =
        gb_trial_queue_create(&filing->queue, run->sweep, &run->part, run->journal, err);

    if (status == GB_OK)
        filing->n_done = filing->n_trials - gb_trial_queue_n(filing->queue);
    return status == GB_OK ? create_shared(&filing->shared, run, err) : status;
}

static enum gb_status run_first_rank(const struct gb_sweep_run *run, int n_threads,
                                     struct gb_error *err)
{
    struct filing filing = {.run = run,
                            .n_takers =
                                run->ranks->n > 1 ? (size_t)run->ranks->n : (size_t)n_threads,
                            .n_trials = gb_sweep_n_trials_of(run->sweep, &run->part),
                            .err = err};
    struct gb_error serve_err = {0};

    filing.status = begin(&filing, err);
    if (filing.status == GB_OK || run->ranks->n > 1) { /* the others are served, if only to leave */
#pragma omp parallel num_threads(n_threads)
        if (is_server(run))
            serve(&filing, &serve_err);
        else
            run_trials(&filing);
        run_trials(&filing); /* what a rank left that had to go, or there are no threads */
    }
    gb_trial_queue_free(filing.queue);
    gb_realisations_free(filing.shared);
    if (serve_err.status != GB_OK && filing.status == GB_OK)
        filing.status = gb_fail(err, serve_err.status, "%s", serve_err.text);
    if (filing.status == GB_OK)
        filing.status = gb_journal_sync(run->journal, err);
    if (filing.status == GB_OK && filing.n_done < filing.n_trials)
        return gb_fail(err, GB_EINTERRUPTED, "interrupted after %" PRIu64 " of %" PRIu64 " trials",
                       filing.n_done, filing.n_trials);
    return filing.status;
}

/* ---- the other ranks */

struct working {
    const struct gb_sweep_run *run;
    struct gb_realisations *shared;
};

static enum gb_status run_to_bytes(void *context, uint64_t trial, struct gb_bytes *bytes,
                                   struct gb_error *why)
{
    const struct working *working = context;
    struct gb_record *record = NULL;
    enum gb_status status = run_trial(working->run, working->shared, trial, &record, why);

    if (status == GB_OK)
        gb_record_encode(record, bytes);
    gb_record_free(record);
    return status;
}

static enum gb_status run_other_rank(const struct gb_sweep_run *run, struct gb_error *err)
{
    struct working working = {.run = run};
    const struct gb_ranks_worker worker = {&working, run_to_bytes};
    struct gb_error ignored = {0}; /* without that memory each trial computes its own physics */

    create_shared(&working.shared, run, &ignored);
    enum gb_status status = gb_ranks_work(run->ranks, &worker, err);
    gb_realisations_free(working.shared);
    return status;
}

enum gb_status gb_sweep_run(const struct gb_sweep_run *run, struct gb_error *err)
{
    int before = gb_set_threads(1); /* a trial is one thread's, also where that is the only one */
    enum gb_status status = run->ranks->number == 0
                                ? run_first_rank(run, n_threads_of(run, before), err)
                                : run_other_rank(run, err);

    gb_set_threads(before);
    return status;
}
