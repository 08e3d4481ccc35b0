#include "analysis/merge.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

/* A shard that was added. */
struct shard {
    char *path;
    uint64_t number;            /* from 1; 0: it is no shard, but all of the sweep */
    uint64_t n_done, n_planned; /* failed trials among the done */
};

struct gb_merge {
    struct gb_provenance provenance; /* its texts are owned */
    struct gb_plan plan;             /* of the joined result */
    uint64_t n_shards;
    size_t n, capacity, failed_capacity;
    struct shard *shards;
    struct gb_failed_trial *failed; /* owned, as are their reasons */
};

enum gb_status gb_merge_create(struct gb_merge **out, struct gb_error *err)
{
    *out = calloc(1, sizeof **out);
    return *out ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory to merge");
}

void gb_merge_free(struct gb_merge *merge)
{
    if (!merge)
        return;
    for (size_t i = 0; i < merge->n; i++)
        free(merge->shards[i].path);
    for (size_t i = 0; i < merge->plan.n_failed; i++)
        free((char *)merge->failed[i].reason);
    free((char *)merge->provenance.version);
    free((char *)merge->provenance.revision);
    free((char *)merge->provenance.scenario);
    free((char *)merge->provenance.sweep);
    free((char *)merge->provenance.libm);
    free((char *)merge->provenance.time_zone);
    free(merge->shards);
    free(merge->failed);
    free(merge);
}

/* ---- what shards have in common */

/* The first shard says what the others must be. */
static enum gb_status take_identity(struct gb_merge *merge, const struct gb_results *results,
                                    struct gb_error *err)
{
    const struct gb_provenance *from = gb_results_provenance(results);

    merge->provenance =
        (struct gb_provenance){.version = strdup(from->version),
                               .revision = strdup(from->revision),
                               .scenario = strdup(from->scenario),
                               .sweep = strdup(from->sweep),
                               .libm = strdup(from->libm),
                               .kept = from->kept,
                               .start_days = from->start_days,
                               .time_zone = from->time_zone ? strdup(from->time_zone) : NULL};
    merge->plan = (struct gb_plan){.n_trials = from->plan->n_trials,
                                   .n_replications = from->plan->n_replications,
                                   .averages = from->plan->averages,
                                   .stages = from->plan->stages};
    merge->n_shards = from->plan->n_shards;
    if (!merge->provenance.version || !merge->provenance.revision || !merge->provenance.scenario ||
        !merge->provenance.sweep || !merge->provenance.libm ||
        !merge->provenance.time_zone != !from->time_zone)
        return gb_fail(err, GB_ENOMEM, "no memory to merge");
    return GB_OK;
}

static enum gb_status check_identity(const struct gb_merge *merge, const char *path,
                                     const struct gb_results *results, struct gb_error *err)
{
    const struct gb_provenance *own = &merge->provenance, *other = gb_results_provenance(results);
    const char *first = merge->shards[0].path;

    if (strcmp(own->version, other->version) != 0 || strcmp(own->revision, other->revision) != 0)
        return gb_fail(err, GB_EINPUT,
                       "'%s' was computed by gridbourse %s, revision %s, and '%s' by %s, revision "
                       "%s: results of two programs are not mixed",
                       path, other->version, other->revision, first, own->version, own->revision);
    if (strcmp(own->libm, other->libm) != 0)
        return gb_fail(err, GB_EINPUT,
                       "'%s' was computed with another libm, or on another kind of processor, than "
                       "'%s' (fingerprints %s and %s): compute all shards on machines of one kind",
                       path, first, other->libm, own->libm);
    if (strcmp(own->sweep, other->sweep) != 0 || strcmp(own->scenario, other->scenario) != 0)
        return gb_fail(err, GB_EINPUT, "'%s' belongs to another sweep than '%s'", path, first);
    if (merge->plan.n_replications != other->plan->n_replications ||
        merge->plan.stages.is_fixed != other->plan->stages.is_fixed)
        return gb_fail(err, GB_EINPUT,
                       "'%s' has %" PRIu64 " replications of a cell and '%s' %" PRIu64
                       ": merge shards of one stage, all of one --pilot",
                       path, other->plan->n_replications, first, merge->plan.n_replications);
    if (merge->n_shards != other->plan->n_shards)
        return gb_fail(err, GB_EINPUT,
                       "'%s' is a part of %" PRIu64 " and '%s' one of %" PRIu64
                       ": merge shards of one division",
                       path, other->plan->n_shards > 0 ? other->plan->n_shards : 1, first,
                       merge->n_shards > 0 ? merge->n_shards : 1);
    for (size_t i = 0; i < merge->n; i++)
        if (merge->shards[i].number == other->plan->shard)
            return gb_fail(err, GB_EINPUT, "'%s' and '%s' are both shard %" PRIu64 " of %" PRIu64,
                           merge->shards[i].path, path, other->plan->shard, other->plan->n_shards);
    return GB_OK;
}

/* ---- adding */

static enum gb_status add_shard(struct gb_merge *merge, const char *path,
                                const struct gb_results *results, struct gb_error *err)
{
    const struct gb_plan *plan = gb_results_provenance(results)->plan;
    struct shard *shards =
        gb_array_grow(merge->shards, &merge->capacity, merge->n + 1, sizeof *shards);
    char *copy = strdup(path);

    merge->shards = shards ? shards : merge->shards;
    if (!shards || !copy) {
        free(copy);
        return gb_fail(err, GB_ENOMEM, "no memory to merge '%s'", path);
    }
    shards[merge->n++] = (struct shard){.path = copy,
                                        .number = plan->shard,
                                        .n_done = gb_results_n_trials(results) + plan->n_failed,
                                        .n_planned = gb_plan_n_trials(plan)};
    return GB_OK;
}

static enum gb_status add_failed(struct gb_merge *merge, const struct gb_plan *from,
                                 struct gb_error *err)
{
    for (size_t i = 0; i < from->n_failed; i++) {
        size_t n = merge->plan.n_failed;
        struct gb_failed_trial *failed =
            gb_array_grow(merge->failed, &merge->failed_capacity, n + 1, sizeof *failed);
        char *reason = strdup(from->failed[i].reason);

        merge->failed = failed ? failed : merge->failed;
        if (!failed || !reason) {
            free(reason);
            return gb_fail(err, GB_ENOMEM, "no memory for the failed trials");
        }
        failed[n] = (struct gb_failed_trial){from->failed[i].trial, reason};
        merge->plan.n_failed++;
    }
    return GB_OK;
}

static enum gb_status add_trials(struct gb_results *results, struct gb_journal *journal,
                                 struct gb_error *err)
{
    enum gb_status status = GB_OK;

    for (size_t i = 0; status == GB_OK && i < gb_results_n_trials(results); i++) {
        struct gb_record *record = NULL;

        status = gb_results_record(results, i, &record, err);
        if (status == GB_OK)
            status = gb_journal_append(journal, record, err);
        gb_record_free(record);
    }
    return status;
}

static enum gb_status add_results(struct gb_merge *merge, const char *path,
                                  struct gb_results *results, struct gb_journal *journal,
                                  struct gb_error *err)
{
    const struct gb_plan *plan = gb_results_provenance(results)->plan;
    enum gb_status status;

    if (!plan)
        return gb_fail(err, GB_EINPUT, "'%s' is the result of a single run, not a shard of a sweep",
                       path);
    status = merge->n == 0 ? take_identity(merge, results, err)
                           : check_identity(merge, path, results, err);
    if (status == GB_OK)
        status = add_shard(merge, path, results, err);
    if (status == GB_OK)
        status = add_failed(merge, plan, err);
    return status == GB_OK ? add_trials(results, journal, err) : status;
}

enum gb_status gb_merge_add(struct gb_merge *merge, const char *path, struct gb_journal *journal,
                            struct gb_error *err)
{
    struct gb_results *results = NULL;
    enum gb_status status = gb_results_open_input(&results, path, err);

    if (status == GB_OK)
        status = add_results(merge, path, results, journal, err);
    gb_results_close(results);
    return status;
}

/* ---- what came together */

uint64_t gb_merge_n_missing(const struct gb_merge *merge)
{
    uint64_t n_done = 0;

    for (size_t i = 0; i < merge->n; i++)
        n_done += merge->shards[i].n_done;
    return merge->plan.n_trials - n_done;
}

static bool has_shard(const struct gb_merge *merge, uint64_t number)
{
    for (size_t i = 0; i < merge->n; i++)
        if (merge->shards[i].number == number)
            return true;
    return false;
}

/* A shard that has no trials is written by nobody and missed by nobody. */
static bool is_absent(const struct gb_merge *merge, uint64_t number)
{
    return number <= merge->plan.n_trials && !has_shard(merge, number);
}

static void write_absent(const struct gb_merge *merge, FILE *out)
{
    const char *before = "shard ";

    for (uint64_t k = 1; k <= merge->n_shards; k++) {
        uint64_t last = k;

        if (!is_absent(merge, k))
            continue;
        while (last < merge->n_shards && is_absent(merge, last + 1))
            last++;
        fprintf(out, "%s%" PRIu64, before, k);
        if (last > k)
            fprintf(out, " to %" PRIu64, last);
        before = ", ";
        k = last;
    }
    if (before[0] == ',')
        fprintf(out, " of %" PRIu64, merge->n_shards);
}

char *gb_merge_absent_shards(const struct gb_merge *merge)
{
    struct gb_text text;

    if (gb_text_open(&text))
        write_absent(merge, text.stream);
    return gb_text_close(&text);
}

char *gb_merge_unfinished_shards(const struct gb_merge *merge)
{
    struct gb_text text;
    const char *before = "";

    if (gb_text_open(&text))
        for (size_t i = 0; i < merge->n; i++) {
            const struct shard *shard = &merge->shards[i];

            if (shard->n_done == shard->n_planned)
                continue;
            fprintf(text.stream, "%s'%s' has %" PRIu64 " of %" PRIu64 " trials", before,
                    shard->path, shard->n_done, shard->n_planned);
            before = ", ";
        }
    return gb_text_close(&text);
}

static int compare_failed(const void *a, const void *b)
{
    uint64_t x = ((const struct gb_failed_trial *)a)->trial,
             y = ((const struct gb_failed_trial *)b)->trial;

    return (x > y) - (x < y);
}

const struct gb_provenance *gb_merge_provenance(struct gb_merge *merge)
{
    if (merge->plan.n_failed > 1)
        qsort(merge->failed, merge->plan.n_failed, sizeof *merge->failed, compare_failed);
    merge->plan.failed = merge->failed;
    merge->provenance.plan = &merge->plan;
    return &merge->provenance;
}
