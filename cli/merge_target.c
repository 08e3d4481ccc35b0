#include "cli/merge_target.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>

#include "analysis/results.h"
#include "cli/crash_handler.h"
#include "cli/message.h"

struct gb_merge_target {
    char *path;
    size_t n;
    uint64_t *trials;
};

void gb_merge_target_free(struct gb_merge_target *target)
{
    if (!target)
        return;
    free(target->trials);
    free(target->path);
    free(target);
}

/* Whether a result is what the shards of `other` come to, as far as it goes. */
static bool is_joined_from(const struct gb_provenance *own, const struct gb_provenance *other)
{
    return own->plan && other->plan && own->plan->n_shards == 0 &&
           own->plan->stages.is_fixed == other->plan->stages.is_fixed &&
           own->plan->n_replications == other->plan->n_replications &&
           strcmp(own->sweep, other->sweep) == 0 && strcmp(own->scenario, other->scenario) == 0 &&
           strcmp(own->version, other->version) == 0 &&
           strcmp(own->revision, other->revision) == 0 && strcmp(own->libm, other->libm) == 0;
}

static enum gb_status refuse(const char *path, const struct gb_results *results, bool is_joined,
                             struct gb_error *err)
{
    uint64_t n = gb_results_n_trials(results);

    if (!is_joined)
        return gb_fail(err, GB_EINPUT,
                       "'%s' is a result of something else, with %" PRIu64
                       " trial%s: --restart replaces it, -o names another",
                       path, n, gb_message_plural((int64_t)n));
    if (n < gb_results_provenance(results)->plan->n_trials)
        return gb_fail(err, GB_EINPUT,
                       "'%s' has %" PRIu64 " of %" PRIu64
                       " trials of this sweep: --resume goes on with them, --restart begins anew",
                       path, n, gb_results_provenance(results)->plan->n_trials);
    return gb_fail(err, GB_EINPUT,
                   "'%s' has all %" PRIu64
                   " trials of this sweep: --resume leaves it as it is, --restart begins anew",
                   path, n);
}

static enum gb_status take_trials(struct gb_merge_target **out, const char *path,
                                  const struct gb_results *results, struct gb_error *err)
{
    struct gb_merge_target *target = calloc(1, sizeof *target);
    size_t n = gb_results_n_trials(results);

    if (target) {
        target->path = strdup(path);
        target->trials = calloc(n + 1, sizeof *target->trials);
    }
    if (!target || !target->path || !target->trials) {
        gb_merge_target_free(target);
        return gb_fail(err, GB_ENOMEM, "no memory to merge");
    }
    for (; target->n < n; target->n++)
        target->trials[target->n] = gb_results_summary(results)[target->n].trial;
    *out = target;
    return GB_OK;
}

static enum gb_status judge(struct gb_merge_target **out, bool *is_done, const char *path,
                            const struct gb_results *results, const char *shard,
                            enum gb_merge_consent consent, struct gb_error *err)
{
    const struct gb_provenance *own = gb_results_provenance(results);
    struct gb_results *other = NULL;
    enum gb_status status = gb_results_open_input(&other, shard, err);

    if (status != GB_OK)
        return status;
    bool is_joined = is_joined_from(own, gb_results_provenance(other));
    gb_results_close(other);
    if (consent == GB_MERGE_ASKS || !is_joined)
        return refuse(path, results, is_joined, err);
    *is_done = gb_results_n_trials(results) == own->plan->n_trials;
    return take_trials(out, path, results, err);
}

enum gb_status gb_merge_target_find(struct gb_merge_target **out, bool *is_done, const char *path,
                                    const char *shard, enum gb_merge_consent consent,
                                    struct gb_error *err)
{
    struct stat about;
    struct gb_results *results = NULL;
    struct gb_error why = {0};
    enum gb_status status = GB_OK;

    *out = NULL;
    *is_done = false;
    if (consent == GB_MERGE_RESTARTS || stat(path, &about) != 0 || about.st_size == 0)
        return GB_OK;
    gb_crash_handler_begin(path);
    if (gb_results_open(&results, path, &why) == GB_OK)
        status = judge(out, is_done, path, results, shard, consent, err);
    else
        status = gb_fail(err, why.status, "%s: --restart replaces it, -o names another", why.text);
    gb_results_close(results);
    gb_crash_handler_end();
    return status;
}

enum gb_status gb_merge_target_check(const struct gb_merge_target *target,
                                     const struct gb_journal *journal, struct gb_error *err)
{
    for (size_t i = 0; target && i < target->n; i++)
        if (!gb_journal_has(journal, target->trials[i]))
            return gb_fail(err, GB_EINPUT,
                           "'%s' has trials that these shards do not, trial %" PRIu64
                           " first: name all shards, or --restart replaces it",
                           target->path, target->trials[i]);
    return GB_OK;
}
