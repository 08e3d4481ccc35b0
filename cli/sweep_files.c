#include "cli/sweep_files.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>

#include "analysis/fingerprint.h"
#include "base/new_file.h"
#include "cli/crash_handler.h"
#include "cli/join.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/sole_writer.h"
#include "cli/version.h"

/* ---- identity */

enum gb_status gb_sweep_identify(struct gb_sweep_identity *out, const struct gb_sweep *sweep,
                                 const struct gb_sweep_part *part, struct gb_error *err)
{
    enum gb_status status;

    *out = (struct gb_sweep_identity){.part = *part};
    _Static_assert(sizeof out->libm >= GB_LIBM_FINGERPRINT_SIZE, "a fingerprint fits");
    gb_libm_fingerprint(out->libm);
    snprintf(out->program, sizeof out->program, "%s, revision %s", gb_version(),
             gb_version_revision());
    status = gb_scenario_text(gb_sweep_base(sweep), &out->scenario, err);
    if (status == GB_OK)
        status = gb_sweep_text(sweep, &out->sweep, err);
    if (status == GB_OK && !(out->work = gb_join(out->scenario, out->sweep)))
        status = gb_fail(err, GB_ENOMEM, "no memory for the text of a sweep");
    return status;
}

void gb_sweep_identity_clear(struct gb_sweep_identity *identity)
{
    free(identity->scenario);
    free(identity->sweep);
    free(identity->work);
}

char *gb_sweep_default_path(const char *input, const struct gb_sweep_part *part)
{
    char *whole = gb_output_default_path(input), *path, suffix[96];

    if (!whole || (!part->is_one && part->n_shards == 0))
        return whole;
    whole[strlen(whole) - strlen(".h5")] = '\0';
    if (part->is_one)
        snprintf(suffix, sizeof suffix, ".trial-%" PRIu64 ".h5", part->trial);
    else
        snprintf(suffix, sizeof suffix, ".%s-%" PRIu64 "-of-%" PRIu64 ".h5",
                 part->is_pilot ? "pilot" : "shard", part->shard, part->n_shards);
    path = gb_join(whole, suffix);
    free(whole);
    return path;
}

/* ---- the journal */

static bool is_there(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 && about.st_size > 0;
}

/* Whether a result is of this sweep. */
static bool is_result_of(const struct gb_provenance *provenance,
                         const struct gb_sweep_identity *identity)
{
    const struct gb_sweep_part *part = &identity->part;
    char program[sizeof identity->program];

    snprintf(program, sizeof program, "%s, revision %s", provenance->version, provenance->revision);
    return provenance->plan && strcmp(provenance->sweep, identity->sweep) == 0 &&
           strcmp(provenance->scenario, identity->scenario) == 0 &&
           strcmp(program, identity->program) == 0 &&
           strcmp(provenance->libm, identity->libm) == 0 &&
           (part->is_one || (provenance->plan->shard == part->shard &&
                             provenance->plan->n_shards == part->n_shards));
}

/* The result that stands where that of the sweep is to be. */
struct found {
    bool is_there;
    struct gb_error why; /* it cannot be read; its status is GB_OK where it can */
    bool is_of_sweep;    /* of this one */
    bool is_run;         /* of one trial alone, which its command makes again */
    uint64_t n_trials;   /* that it has, of this sweep's part where it is of this sweep */
    uint64_t n_planned;  /* that it should have, where a pilot has fixed that; else untouched */
};

static void look_at_result(struct found *found, const char *path,
                           const struct gb_sweep_identity *identity)
{
    struct gb_results *results = NULL;

    found->is_there = is_there(path);
    if (!found->is_there)
        return;
    gb_crash_handler_begin(path);
    if (gb_results_open(&results, path, &found->why) == GB_OK) {
        const struct gb_provenance *provenance = gb_results_provenance(results);
        size_t n = gb_results_n_trials(results);

        found->is_of_sweep = is_result_of(provenance, identity);
        found->is_run = !provenance->sweep || (identity->part.is_one && n == 1);
        if (found->is_of_sweep && provenance->plan->stages.is_fixed)
            found->n_planned = gb_plan_n_trials(provenance->plan);
        for (size_t i = 0; i < n; i++)
            found->n_trials +=
                !found->is_of_sweep ||
                gb_sweep_part_has(&identity->part, gb_results_summary(results)[i].trial);
    }
    gb_results_close(results);
    gb_crash_handler_end();
}

static enum gb_status refuse_other_result(const char *path, const struct found *found, bool resumes,
                                          struct gb_error *err)
{
    const char *ways = "--restart replaces it, -o names another";

    if (found->why.status != GB_OK)
        return gb_fail(err, found->why.status, "%s: %s", found->why.text, ways);
    if (resumes)
        return gb_fail(err, GB_EINPUT,
                       "'%s' is the result of something else, and there is no journal beside it: "
                       "%s",
                       path, ways);
    return gb_fail(err, GB_EINPUT,
                   "'%s' holds %" PRIu64 " trial%s of another sweep, or of another revision of the "
                   "program: %s",
                   path, found->n_trials, gb_message_plural((int64_t)found->n_trials), ways);
}

/* There is no journal: nothing was begun, or everything is done. The trials of a sweep that are in
 * a result are left there, but where --restart gives them up.
 * is_done  out: the result has them all, and --resume has nothing left to do */
static enum gb_status check_result(const char *path, const struct gb_sweep_identity *identity,
                                   uint64_t n_trials, bool resumes, bool *is_done,
                                   struct gb_error *err)
{
    struct found found = {.n_planned = n_trials};

    look_at_result(&found, path, identity);
    if (!found.is_there || (found.is_run && !resumes))
        return GB_OK;
    if (!found.is_of_sweep)
        return refuse_other_result(path, &found, resumes, err);
    if (found.n_trials < found.n_planned)
        return gb_fail(err, GB_EINPUT,
                       "'%s' has %" PRIu64 " of %" PRIu64
                       " trials, and the journal they were in is "
                       "gone: --restart begins anew, -o names another result",
                       path, found.n_trials, found.n_planned);
    *is_done = resumes;
    return resumes ? GB_OK
                   : gb_fail(err, GB_EINPUT,
                             "'%s' has all %" PRIu64
                             " trials of this sweep: --resume leaves it as it is, --restart "
                             "begins anew",
                             path, found.n_trials);
}

/* Neither --resume nor --restart: a journal that holds trials is left as it is. */
static enum gb_status refuse_to_overwrite(const char *name, const struct gb_journal_owner *owner,
                                          struct gb_error *err)
{
    struct gb_error why = {0};
    uint64_t n = 0;
    enum gb_status status = gb_journal_count(&n, name, owner, &why);

    if (status == GB_OK && n > 0)
        return gb_fail(err, GB_EINPUT,
                       "'%s' holds %" PRIu64 " of %" PRIu64
                       " trials of this sweep: --resume goes on "
                       "with them, --restart begins anew",
                       name, n, owner->n_trials);
    if (status == GB_EINPUT)
        return gb_fail(err, status, "%s; --restart begins anew, -o names another result", why.text);
    return status == GB_OK ? GB_OK : gb_fail(err, status, "%s", why.text);
}

static enum gb_status resume(struct gb_journal **journal, const char *name,
                             const struct gb_journal_owner *owner, bool is_quiet,
                             struct gb_error *err)
{
    uint64_t lost = 0;
    enum gb_status status = gb_journal_resume(journal, name, owner, &lost, err);

    if (status != GB_OK)
        return status;
    if (lost > 0)
        gb_message_note("note: %" PRIu64 " bytes of '%s' were no whole record; what they held is "
                        "computed again",
                        lost, name);
    if (!is_quiet)
        printf("%zu of %" PRIu64 " trials are in %s already\n", gb_journal_n_records(*journal),
               owner->n_trials, name);
    return GB_OK;
}

static enum gb_status open_journal(struct gb_journal **journal, const struct gb_request *request,
                                   const char *path, const char *name,
                                   const struct gb_sweep_identity *identity,
                                   const struct gb_journal_owner *owner, struct gb_error *err)
{
    enum gb_status status = GB_OK;
    bool is_done = false;

    if (request->resumes && is_there(name))
        return resume(journal, name, owner, request->is_quiet, err);
    if (!request->restarts && is_there(name))
        status = refuse_to_overwrite(name, owner, err);
    if (status == GB_OK && !request->restarts)
        status = check_result(path, identity, owner->n_trials, request->resumes, &is_done, err);
    if (status == GB_OK && !is_done)
        status = gb_journal_create(journal, name, owner, err);
    return status;
}

enum gb_status gb_sweep_open_journal(struct gb_journal **journal, const struct gb_request *request,
                                     const char *path, const struct gb_sweep_identity *identity,
                                     uint64_t n_trials, struct gb_error *err)
{
    char part[64];
    const struct gb_journal_owner owner = {
        .work = identity->work,
        .part = gb_sweep_part_describe(&identity->part, part, sizeof part),
        .program = identity->program,
        .libm = identity->libm,
        .n_trials = n_trials};
    char *target = NULL, *name = NULL;
    enum gb_status status = gb_file_target(&target, path, err);

    *journal = NULL;
    if (status == GB_OK && !(name = gb_join(target, ".journal")))
        status = gb_fail(err, GB_ENOMEM, "no memory for a journal");
    if (status == GB_OK)
        status = open_journal(journal, request, target, name, identity, &owner, err);
    if (status == GB_OK && *journal)
        status = gb_sole_writer_check(GB_WRITER_SWEEP, path, err);
    if (status == GB_OK && *journal && !gb_journal_is_locked(*journal))
        gb_output_note_no_locks(path);
    free(name);
    free(target);
    return status;
}

/* ---- the pilot of two stages */

static enum gb_status check_pilot(const struct gb_results *pilot, const char *path,
                                  const struct gb_sweep_identity *identity, struct gb_error *err)
{
    const struct gb_plan *plan = gb_results_provenance(pilot)->plan;
    struct gb_sweep_identity whole = *identity;

    whole.part = (struct gb_sweep_part){0};
    if (!is_result_of(gb_results_provenance(pilot), &whole) || plan->stages.pilot == 0 ||
        plan->stages.is_fixed)
        return gb_fail(err, GB_EINPUT,
                       "'%s' is not the pilot of this sweep, merged from all of its shards: run "
                       "them without --pilot, then `gridbourse merge -o PILOT.h5 SHARD.h5 ...`",
                       path);
    if (gb_results_n_trials(pilot) + plan->n_failed < gb_plan_n_trials(plan))
        return gb_fail(err, GB_EINPUT, "'%s' has %zu of %" PRIu64 " trials of the pilot", path,
                       gb_results_n_trials(pilot), gb_plan_n_trials(plan));
    return GB_OK;
}

static enum gb_status copy_trials(struct gb_results *pilot, const struct gb_sweep_part *part,
                                  struct gb_journal *journal, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    for (size_t i = 0; status == GB_OK && i < gb_results_n_trials(pilot); i++) {
        uint64_t trial = gb_results_summary(pilot)[i].trial;
        struct gb_record *record = NULL;

        if (!gb_sweep_part_has(part, trial) || gb_journal_has(journal, trial))
            continue;
        status = gb_results_record(pilot, i, &record, err);
        if (status == GB_OK)
            status = gb_journal_append(journal, record, err);
        gb_record_free(record);
    }
    return status;
}

enum gb_status gb_sweep_take_pilot(struct gb_sweep *sweep, const char *path,
                                   const struct gb_sweep_identity *identity,
                                   struct gb_journal *journal, struct gb_error *err)
{
    const struct gb_until until = gb_sweep_until(sweep);
    struct gb_replications replications;
    struct gb_results *pilot = NULL;

    gb_crash_handler_begin(path);
    enum gb_status status = gb_results_open_input(&pilot, path, err);
    if (status == GB_OK)
        status = check_pilot(pilot, path, identity, err);
    if (status == GB_OK)
        status = gb_pilot_replications(&replications, pilot, &until, err);
    if (status == GB_OK && journal)
        status = copy_trials(pilot, &identity->part, journal, err);
    if (status == GB_OK)
        gb_sweep_fix(sweep, &replications);
    gb_results_close(pilot);
    gb_crash_handler_end();
    return status;
}

/* ---- the result */

enum gb_status gb_sweep_write_result(const char *path, const struct gb_sweep *sweep,
                                     const struct gb_sweep_identity *identity,
                                     const struct gb_plan *plan, struct gb_journal *journal,
                                     struct gb_error *err)
{
    const struct gb_provenance provenance = {
        .version = gb_version(),
        .revision = gb_version_revision(),
        .scenario = identity->scenario,
        .sweep = identity->sweep,
        .plan = plan,
        .currency = gb_sweep_base(sweep)->currency,
        .kept = gb_scenario_draws(gb_sweep_base(sweep)).kept,
        .start_days = gb_scenario_first_day(gb_sweep_base(sweep)),
        .time_zone = gb_scenario_time_zone(gb_sweep_base(sweep))};

    return gb_output_write_journal(path, &provenance, journal, err);
}
