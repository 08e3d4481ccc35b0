#include "experiments/sweep/sweep_run.h"

#include <inttypes.h>
#include <stdlib.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "experiments/run/run.h"

struct running {
    const struct gb_sweep *sweep;
    const struct gb_sweep_watch *watch;
    struct gb_realisations *shared; /* physics; NULL: none is shared */
    struct gb_journal *journal;
    uint64_t n_done;
    enum gb_status status; /* of the sweep as a whole; anything but GB_OK ends it */
    struct gb_error *err;
};

static int should_stop(void *context, int64_t slots_done, int64_t n_slots)
{
    const struct gb_sweep_watch *watch = context;

    (void)slots_done, (void)n_slots;
    return watch->should_stop && watch->should_stop(watch->context);
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

static enum gb_status run_trial(const struct running *running, uint64_t trial,
                                struct gb_record **record, struct gb_error *err)
{
    struct gb_sweep_watch watch = *running->watch;
    const struct gb_run_options options = {.trial = trial,
                                           .shared = running->shared,
                                           .progress = should_stop,
                                           .progress_context = &watch};
    struct gb_scenario *scenario = NULL;
    enum gb_status status = gb_sweep_scenario(running->sweep, trial, &scenario, err);

    if (status == GB_OK)
        status = gb_run_trial(scenario, &options, record, err);
    if (status == GB_OK)
        status = note_varied(running->sweep, trial, *record, err);
    gb_scenario_free(scenario);
    return status;
}

/* Files a finished trial, one thread at a time. A journal that cannot be written ends the sweep. */
static void file_trial(struct running *running, uint64_t trial, const struct gb_record *record,
                       enum gb_status status, const struct gb_error *why)
{
    const struct gb_sweep_watch *watch = running->watch;

    if (status == GB_EINTERRUPTED || running->status == GB_EFILE)
        return;
    if (status == GB_OK)
        status = gb_journal_append(running->journal, record, running->err);
    else if (watch->failed)
        watch->failed(watch->context, trial, why);
    if (running->err->status != GB_OK)
        running->status = status;
    running->n_done++;
    if (watch->done)
        watch->done(watch->context, running->n_done, gb_sweep_n_trials(running->sweep));
}

/* As many as asked for; 0: as OpenMP decides. Without OpenMP there is one. */
static int n_threads_of(int n_asked)
{
#ifdef _OPENMP
    return n_asked > 0 ? n_asked : omp_get_max_threads();
#else
    (void)n_asked;
    return 1;
#endif
}

static void run_all(struct running *running, int n_threads)
{
    int64_t n = (int64_t)gb_sweep_n_trials(running->sweep);
    bool is_over = false;

    (void)n_threads; /* without OpenMP the line below is none */
#pragma omp parallel for schedule(dynamic, 1) num_threads(n_threads)
    for (int64_t i = 0; i < n; i++) {
        uint64_t trial = gb_sweep_trial_in_order(running->sweep, (uint64_t)i);
        struct gb_record *record = NULL;
        struct gb_error why = {0};
        bool skips;
#pragma omp critical(gb_sweep_file)
        {
            is_over |= running->status != GB_OK || should_stop((void *)running->watch, 0, 0);
            skips = is_over;
        }
        if (skips)
            continue;
        enum gb_status status = run_trial(running, trial, &record, &why);
#pragma omp critical(gb_sweep_file)
        file_trial(running, trial, record, status, &why);
        gb_record_free(record);
    }
}

enum gb_status gb_sweep_run(const struct gb_sweep *sweep, int n_threads, size_t shared_bytes,
                            struct gb_journal *journal, const struct gb_sweep_watch *watch,
                            struct gb_error *err)
{
    struct running running = {.sweep = sweep, .watch = watch, .journal = journal, .err = err};
    uint64_t n = gb_sweep_n_trials(sweep);
    enum gb_status status = GB_OK;

    if (shared_bytes > 0 && gb_sweep_shares_physics(sweep))
        status = gb_realisations_create(&running.shared, &gb_physics_modelled, shared_bytes, err);
    if (status != GB_OK)
        return status;
    run_all(&running, n_threads_of(n_threads));
    gb_realisations_free(running.shared);
    if (running.status == GB_OK && running.n_done < n)
        return gb_fail(err, GB_EINTERRUPTED, "interrupted after %" PRIu64 " of %" PRIu64 " trials",
                       running.n_done, n);
    return running.status;
}
