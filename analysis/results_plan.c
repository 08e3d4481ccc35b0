/* The plan of a sweep in its result: attributes of /provenance, and the trials that failed in a
 * group of their own, where any did. */
#include "analysis/results_plan_priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/hdf5_scale_priv.h"
#include "analysis/journal.h"

#define LONGEST_REASON 1024

/* ---- writing */

static void put_count(struct gb_hdf5_out *out, hid_t group, const char *name, uint64_t count)
{
    int64_t value = (int64_t)count;

    gb_hdf5_put(out, group, name, H5T_STD_I64LE, H5T_NATIVE_INT64, 1, &value);
}

/* numbers, reasons  n_failed of each */
static void write_columns(struct gb_hdf5_out *out, size_t n, const int64_t *numbers,
                          const char *const *reasons)
{
    const struct gb_hdf5_shape shape = {.n = n, .chunk = n};
    hid_t group =
        gb_hdf5_group(out, "failed", "trials that failed, and are in no other table", 2, 6);
    hid_t text = gb_hdf5_text_type();
    hid_t trial =
        gb_hdf5_column(out, group, &shape, "trial", H5T_STD_I64LE, "1", "number of the trial");
    hid_t reason = gb_hdf5_column(out, group, &shape, "reason", text, "1", "why it failed");
    struct gb_hdf5_scale scale = {0}, *scales[] = {&scale};

    gb_hdf5_scale_begin(&scale, out, trial, "trial");
    gb_hdf5_scales_attach(scales, 1, out, reason);
    gb_hdf5_write_rows(out, trial, H5T_NATIVE_INT64, 0, 0, n, numbers);
    gb_hdf5_write_rows(out, reason, text, 0, 0, n, reasons);
    gb_hdf5_scale_end(&scale, out);
    gb_hdf5_scale_clear(&scale);
    gb_hdf5_did(out, H5Dclose(reason));
    gb_hdf5_did(out, H5Dclose(trial));
    H5Tclose(text);
    H5Gclose(group);
}

static void write_failed(struct gb_hdf5_out *out, const struct gb_plan *plan)
{
    int64_t *numbers = calloc(plan->n_failed, sizeof *numbers);
    const char **reasons = calloc(plan->n_failed, sizeof *reasons);

    for (size_t i = 0; numbers && reasons && i < plan->n_failed; i++) {
        numbers[i] = (int64_t)plan->failed[i].trial;
        reasons[i] = plan->failed[i].reason;
    }
    if (numbers && reasons)
        write_columns(out, plan->n_failed, numbers, reasons);
    else
        gb_hdf5_no_memory(out);
    free(reasons);
    free(numbers);
}

static void write_stages(struct gb_hdf5_out *out, hid_t provenance, const struct gb_stages *stages)
{
    put_count(out, provenance, "pilot", stages->pilot);
    put_count(out, provenance, "max_replications", stages->max);
    if (stages->is_fixed)
        put_count(out, provenance, "precision_reached", stages->is_reached);
    gb_hdf5_scalar_text(out, provenance, "precision", stages->precision,
                        "half width of an interval that fixes the number of replications");
}

void gb_plan_write(struct gb_hdf5_out *out, hid_t provenance, const struct gb_plan *plan)
{
    put_count(out, provenance, "n_trials", plan->n_trials);
    put_count(out, provenance, "n_replications", plan->n_replications);
    if (plan->n_shards > 0) {
        put_count(out, provenance, "shard", plan->shard);
        put_count(out, provenance, "n_shards", plan->n_shards);
    }
    if (plan->stages.pilot > 0)
        write_stages(out, provenance, &plan->stages);
    if (plan->n_failed > 0)
        write_failed(out, plan);
}

/* ---- reading */

static enum gb_status read_count(uint64_t *out, struct gb_hdf5_in *in, hid_t group,
                                 const char *name, uint64_t maximum, struct gb_error *err)
{
    int64_t value = 0;
    enum gb_status status = gb_hdf5_integer(&value, in, group, "/provenance", name, err);

    if (status == GB_OK && (value < 1 || (uint64_t)value > maximum))
        status = gb_hdf5_damaged(
            in, err, "the attribute %s of /provenance is %" PRId64 "; expected 1 to %" PRIu64, name,
            value, maximum);
    if (status == GB_OK)
        *out = (uint64_t)value;
    return status;
}

static enum gb_status read_precision(struct gb_stages *stages, struct gb_hdf5_in *in, hid_t group,
                                     struct gb_error *err)
{
    char *text = NULL;
    enum gb_status status = gb_hdf5_text(&text, in, group, "/provenance", "precision", err);

    if (status == GB_OK && (!text[0] || strlen(text) >= sizeof stages->precision))
        status = gb_hdf5_damaged(in, err, "/provenance/precision has %zu bytes; expected 1 to %zu",
                                 strlen(text), sizeof stages->precision - 1);
    if (status == GB_OK)
        snprintf(stages->precision, sizeof stages->precision, "%s", text);
    free(text);
    return status;
}

static enum gb_status read_reached(struct gb_stages *stages, struct gb_hdf5_in *in, hid_t group,
                                   struct gb_error *err)
{
    static const char name[] = "precision_reached";
    int64_t is_reached = 0;
    enum gb_status status;

    stages->is_fixed = H5Aexists(group, name) > 0;
    if (!stages->is_fixed)
        return GB_OK;
    status = gb_hdf5_integer(&is_reached, in, group, "/provenance", name, err);
    stages->is_reached = is_reached == 1;
    if (status == GB_OK && is_reached != 0 && is_reached != 1)
        status = gb_hdf5_damaged(in, err,
                                 "the attribute %s of /provenance is %" PRId64 "; expected 0 or 1",
                                 name, is_reached);
    return status;
}

/* Whether anything says that the sweep has two: then all of it has to be there. */
static bool has_stages(hid_t group)
{
    static const char *const names[] = {"pilot", "max_replications", "precision_reached"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (H5Aexists(group, names[i]) > 0)
            return true;
    return H5Lexists(group, "precision", H5P_DEFAULT) > 0;
}

/* A pilot, then as many replications as its result, with precision_reached, says. */
static enum gb_status check_stages(const struct gb_plan *plan, struct gb_hdf5_in *in,
                                   struct gb_error *err)
{
    const struct gb_stages *stages = &plan->stages;

    if (stages->is_fixed ? plan->n_replications < stages->pilot
                         : plan->n_replications != stages->pilot)
        return gb_hdf5_damaged(in, err,
                               "/provenance has %" PRIu64 " replications behind a pilot of %" PRIu64
                               "; expected %s",
                               plan->n_replications, stages->pilot,
                               stages->is_fixed ? "as many at least"
                                                : "as many, as without precision_reached none "
                                                  "other is fixed");
    if (plan->n_replications > stages->max)
        return gb_hdf5_damaged(in, err,
                               "/provenance has %" PRIu64 " replications, more than its "
                               "max_replications, %" PRIu64,
                               plan->n_replications, stages->max);
    return GB_OK;
}

/* Of a sweep in two stages. */
static enum gb_status read_stages(struct gb_plan *plan, struct gb_hdf5_in *in, hid_t group,
                                  struct gb_error *err)
{
    uint64_t most = GB_JOURNAL_MAX_TRIALS / (plan->n_trials / plan->n_replications);
    struct gb_stages *stages = &plan->stages;
    enum gb_status status;

    if (!has_stages(group))
        return GB_OK;
    status = read_count(&stages->max, in, group, "max_replications", most, err);
    if (status == GB_OK)
        status = read_count(&stages->pilot, in, group, "pilot", stages->max, err);
    if (status == GB_OK)
        status = read_precision(stages, in, group, err);
    if (status == GB_OK)
        status = read_reached(stages, in, group, err);
    return status == GB_OK ? check_stages(plan, in, err) : status;
}

static enum gb_status read_counts(struct gb_plan *plan, struct gb_hdf5_in *in, hid_t group,
                                  struct gb_error *err)
{
    enum gb_status status =
        read_count(&plan->n_trials, in, group, "n_trials", GB_JOURNAL_MAX_TRIALS, err);

    if (status == GB_OK)
        status =
            read_count(&plan->n_replications, in, group, "n_replications", plan->n_trials, err);
    if (status == GB_OK && plan->n_trials % plan->n_replications != 0)
        status = gb_hdf5_damaged(in, err,
                                 "/provenance has %" PRIu64 " trials in cells of %" PRIu64
                                 "; expected a multiple",
                                 plan->n_trials, plan->n_replications);
    if (status == GB_OK)
        status = read_stages(plan, in, group, err);
    if (status == GB_OK && H5Aexists(group, "n_shards") > 0) {
        status = read_count(&plan->n_shards, in, group, "n_shards", GB_JOURNAL_MAX_TRIALS, err);
        if (status == GB_OK)
            status = read_count(&plan->shard, in, group, "shard", plan->n_shards, err);
    }
    return status;
}

/* Keeps a failed trial and its reason, which is copied; they ascend. */
static enum gb_status keep_failed(struct gb_results_plan *plan, struct gb_hdf5_in *in, size_t row,
                                  int64_t trial, const char *reason, struct gb_error *err)
{
    if (trial < 0 || !gb_plan_has(&plan->plan, (uint64_t)trial) ||
        (row > 0 && (uint64_t)trial <= plan->failed[row - 1].trial))
        return gb_hdf5_damaged(in, err,
                               "/failed/trial in row %zu is %" PRId64
                               "; expected numbers below %" PRIu64 " that ascend",
                               row, trial, plan->plan.n_trials);
    plan->failed[row].trial = (uint64_t)trial;
    plan->failed[row].reason = strdup(reason);
    if (!plan->failed[row].reason)
        return gb_fail(err, GB_ENOMEM, "no memory for the failed trials of '%s'", in->path);
    plan->plan.n_failed = row + 1;
    return GB_OK;
}

static enum gb_status read_failed_rows(struct gb_results_plan *plan, struct gb_hdf5_in *in,
                                       const struct gb_hdf5_column *trial,
                                       const struct gb_hdf5_column *reason, struct gb_error *err)
{
    struct gb_hdf5_texts texts;
    enum gb_status status = gb_hdf5_texts_create(&texts, 1, LONGEST_REASON, err);

    plan->failed = calloc(trial->n + 1, sizeof *plan->failed);
    if (status == GB_OK && !plan->failed)
        status = gb_fail(err, GB_ENOMEM, "no memory for the failed trials of '%s'", in->path);
    for (size_t i = 0; status == GB_OK && i < trial->n; i++) {
        int64_t number = 0;

        status = gb_hdf5_read(in, trial, i, 1, &number, err);
        if (status == GB_OK)
            status = gb_hdf5_read_texts(in, reason, i, 1, &texts, err);
        if (status == GB_OK)
            status = keep_failed(plan, in, i, number, texts.items[0], err);
    }
    gb_hdf5_texts_clear(&texts);
    plan->plan.failed = plan->failed;
    return status;
}

static enum gb_status read_failed(struct gb_results_plan *plan, struct gb_hdf5_in *in,
                                  struct gb_error *err)
{
    struct gb_hdf5_column trial = {0}, reason = {0};
    hid_t group;
    enum gb_status status = gb_hdf5_open_group(&group, in, "failed", err);

    if (status != GB_OK)
        return status;
    status = gb_hdf5_open_column(&trial, in, group, "/failed", "trial", GB_FIELD_INTEGER, err);
    if (status == GB_OK)
        status = gb_hdf5_open_column(&reason, in, group, "/failed", "reason", GB_FIELD_NAME, err);
    if (status == GB_OK && (reason.n != trial.n || trial.n >= plan->plan.n_trials + 1))
        status = gb_hdf5_damaged(in, err,
                                 "/failed has %zu trials and %zu reasons; expected as many, and no "
                                 "more than %" PRIu64,
                                 trial.n, reason.n, plan->plan.n_trials);
    if (status == GB_OK)
        status = read_failed_rows(plan, in, &trial, &reason, err);
    gb_hdf5_close_column(&reason);
    gb_hdf5_close_column(&trial);
    H5Gclose(group);
    return status;
}

enum gb_status gb_plan_read(struct gb_results_plan *plan, struct gb_hdf5_in *in, hid_t provenance,
                            struct gb_error *err)
{
    enum gb_status status = read_counts(&plan->plan, in, provenance, err);

    if (status == GB_OK && H5Lexists(in->file, "failed", H5P_DEFAULT) > 0)
        status = read_failed(plan, in, err);
    return status;
}

/* Of one list in which trials ascend, whether `trial` is there. */
static bool has_failed(const struct gb_plan *plan, uint64_t trial)
{
    size_t low = 0, high = plan->n_failed;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (plan->failed[middle].trial < trial)
            low = middle + 1;
        else
            high = middle;
    }
    return low < plan->n_failed && plan->failed[low].trial == trial;
}

enum gb_status gb_plan_check(const struct gb_plan *plan, struct gb_hdf5_in *in,
                             const struct gb_summary_row *rows, size_t n, struct gb_error *err)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t trial = rows[i].trial;

        if (!gb_plan_has(plan, trial))
            return gb_hdf5_damaged(in, err,
                                   "/summary/trial in row %zu is %" PRIu64
                                   "; expected one of the %" PRIu64 " trials that the sweep has",
                                   i, trial, plan->n_trials);
        if (trial % gb_plan_stride(plan) != rows[i].replication)
            return gb_hdf5_damaged(in, err,
                                   "/summary/replication in row %zu is %" PRIu32
                                   "; expected %" PRIu64 ", as trial %" PRIu64
                                   " has by the replications that /provenance counts",
                                   i, rows[i].replication, trial % gb_plan_stride(plan), trial);
        if (plan->n_shards > 0 && trial % plan->n_shards != plan->shard - 1)
            return gb_hdf5_damaged(in, err,
                                   "/summary/trial in row %zu is %" PRIu64
                                   ", which is not in shard %" PRIu64 " of %" PRIu64,
                                   i, trial, plan->shard, plan->n_shards);
        if (has_failed(plan, trial))
            return gb_hdf5_damaged(
                in, err, "/failed/trial has %" PRIu64 ", which /summary has as well", trial);
    }
    return GB_OK;
}

void gb_plan_clear(struct gb_results_plan *plan)
{
    for (size_t i = 0; i < plan->plan.n_failed; i++)
        free((char *)plan->failed[i].reason);
    free(plan->failed);
}
