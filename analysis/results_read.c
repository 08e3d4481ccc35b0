/* Reading a result: the summary, what was varied and the provenance when it is opened, rows when
 * they are asked for (results_rows.c). */
#include "analysis/results_priv.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "analysis/hdf5_priv.h"
#include "base/date.h"
#include "base/draws.h"

#define MAX_DAYS INT64_C(3652059) /* ten thousand years */

/* ---- provenance */

static enum gb_status read_texts(struct gb_results *results, hid_t group, struct gb_error *err)
{
    static const char *const names[] = {"version", "revision", "scenario", "sweep", "libm"};
    char *texts[sizeof names / sizeof names[0]] = {NULL};
    enum gb_status status = GB_OK;

    for (size_t i = 0; status == GB_OK && i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], "sweep") != 0 || H5Lexists(group, "sweep", H5P_DEFAULT) > 0)
            status = gb_hdf5_text(&texts[i], &results->in, group, "/provenance", names[i], err);
    results->provenance.version = texts[0];
    results->provenance.revision = texts[1];
    results->provenance.scenario = texts[2];
    results->provenance.sweep = texts[3];
    results->provenance.libm = texts[4];
    return status;
}

/* The head of a single run's chain, where there is one: hex digits in the file. */
static enum gb_status read_head(struct gb_results *results, hid_t group, struct gb_error *err)
{
    char *hex = NULL;
    size_t n = 0;
    enum gb_status status;

    if (H5Lexists(group, "head", H5P_DEFAULT) <= 0)
        return GB_OK;
    status = gb_hdf5_text(&hex, &results->in, group, "/provenance", "head", err);
    if (status == GB_OK &&
        (sodium_hex2bin(results->head, sizeof results->head, hex, strlen(hex), NULL, &n, NULL) ||
         n != sizeof results->head))
        status = gb_hdf5_damaged(&results->in, err,
                                 "/provenance/head is no hash; expected %zu "
                                 "hexadecimal digits",
                                 2 * sizeof results->head);
    if (status == GB_OK)
        results->provenance.head = results->head;
    free(hex);
    return status;
}

/* Absent where the clock never changes. */
static enum gb_status read_time_zone(struct gb_results *results, hid_t group, struct gb_error *err)
{
    struct gb_zone zone;
    struct gb_error why = {0};
    char *text = NULL;

    if (H5Lexists(group, "time_zone", H5P_DEFAULT) <= 0)
        return GB_OK;
    enum gb_status status =
        gb_hdf5_text(&text, &results->in, group, "/provenance", "time_zone", err);
    results->provenance.time_zone = text;
    if (status == GB_OK && gb_zone_parse(text, &zone, &why) != GB_OK)
        status = gb_hdf5_damaged(&results->in, err, "/provenance/time_zone: %s", why.text);
    return status;
}

/* Absent where every kind is redrawn. */
static enum gb_status read_redrawn(struct gb_results *results, hid_t group, struct gb_error *err)
{
    uint32_t redrawn = GB_ALL_DRAWS;
    char *kinds = NULL, why[256];

    if (H5Lexists(group, gb_draws_row.key, H5P_DEFAULT) <= 0)
        return GB_OK;
    enum gb_status status =
        gb_hdf5_text(&kinds, &results->in, group, "/provenance", gb_draws_row.key, err);
    if (status == GB_OK && !gb_param_parse(&gb_draws_row, kinds, &redrawn, why, sizeof why))
        status = gb_hdf5_damaged(&results->in, err, "/provenance/redraw: %s", why);
    results->provenance.kept = GB_ALL_DRAWS & ~redrawn;
    free(kinds);
    return status;
}

static enum gb_status read_provenance(struct gb_results *results, struct gb_error *err)
{
    int64_t *start_days = &results->provenance.start_days;
    hid_t group;
    enum gb_status status = gb_hdf5_open_group(&group, &results->in, "provenance", err);

    if (status != GB_OK)
        return status;
    status = read_texts(results, group, err);
    if (status == GB_OK)
        status = read_head(results, group, err);
    if (status == GB_OK)
        status = read_redrawn(results, group, err);
    if (status == GB_OK)
        status = read_time_zone(results, group, err);
    if (status == GB_OK)
        status = gb_hdf5_integer(start_days, &results->in, group, "/provenance", "start_days", err);
    if (status == GB_OK && (*start_days < -MAX_DAYS || *start_days > MAX_DAYS))
        status = gb_hdf5_damaged(&results->in, err,
                                 "the attribute start_days of /provenance is %" PRId64
                                 "; expected days since 1970-01-01, up to %" PRId64,
                                 *start_days, MAX_DAYS);
    if (status == GB_OK && results->provenance.sweep) {
        results->provenance.plan = &results->plan.plan;
        status = gb_plan_read(&results->plan, &results->in, group, err);
    }
    H5Gclose(group);
    return status;
}

/* ---- the file */

/* Whether the file says that it is a result, and of this format. */
static enum gb_status check_format(struct gb_results *results, struct gb_error *err)
{
    int64_t format = 0;
    enum gb_status status;
    hid_t root = H5Gopen2(results->in.file, "/", H5P_DEFAULT);

    if (root < 0)
        return gb_hdf5_damaged(&results->in, err, "/ cannot be read");
    if (H5Aexists(root, GB_RESULT_FORMAT_NAME) <= 0)
        status = gb_fail(err, GB_EFILE, "'%s' is an HDF5 file but not a gridbourse result",
                         results->path);
    else
        status = gb_hdf5_integer(&format, &results->in, root, "/", GB_RESULT_FORMAT_NAME, err);
    results->format = format;
    if (status == GB_OK && format != GB_RESULT_FORMAT)
        status = gb_fail(err, GB_EFILE,
                         "'%s' is a gridbourse result of format %" PRId64
                         "; this program reads format %d",
                         results->path, format, GB_RESULT_FORMAT);
    H5Gclose(root);
    return status;
}

/* Trials stand in ascending order, each once. */
static enum gb_status check_trials(struct gb_results *results, struct gb_error *err)
{
    const struct gb_summary_row *rows = results->summary;

    for (size_t i = 1; i < results->n_trials; i++)
        if (rows[i].trial <= rows[i - 1].trial)
            return gb_hdf5_damaged(&results->in, err,
                                   "/summary/trial in row %zu is %" PRIu64
                                   "; expected more than %" PRIu64 ", the one before",
                                   i, rows[i].trial, rows[i - 1].trial);
    return GB_OK;
}

/* The tables beyond the summary are written together, or not at all. */
static enum gb_status check_tables(struct gb_results *results, struct gb_error *err)
{
    bool has_slots = gb_results_has(results, GB_TABLE_SLOTS);

    for (int table = GB_TABLE_USERS; table <= GB_TABLE_BLOCKS; table++)
        if (gb_results_has(results, table) != has_slots)
            return gb_hdf5_damaged(&results->in, err, "/%s is missing beside /%s",
                                   gb_schemas[has_slots ? table : GB_TABLE_SLOTS].group,
                                   gb_schemas[has_slots ? GB_TABLE_SLOTS : table].group);
    return GB_OK;
}

static enum gb_status read_summary(struct gb_results *results, struct gb_error *err)
{
    void *rows = NULL;
    enum gb_status status = gb_results_open_table(results, GB_TABLE_SUMMARY, err);

    if (status != GB_OK)
        return status;
    results->n_trials = results->tables[GB_TABLE_SUMMARY]->n_rows;
    status = gb_results_read_rows(results, GB_TABLE_SUMMARY, 0, 0, results->n_trials, &rows, err);
    results->summary = rows;
    if (status == GB_OK)
        status = check_trials(results, err);
    if (status == GB_OK && results->provenance.plan)
        status = gb_plan_check(results->provenance.plan, &results->in, results->summary,
                               results->n_trials, err);
    if (status == GB_OK)
        status = check_tables(results, err);
    if (status == GB_OK)
        status = gb_results_read_varied(results, results->tables[GB_TABLE_SUMMARY]->group, err);
    return status;
}

/* Opens the file and reads who wrote it; gb_results_close takes it back even after a failure. */
static enum gb_status open_written(struct gb_results **out, const char *path, struct gb_error *err)
{
    struct gb_results *results = *out = calloc(1, sizeof *results);

    if (!results || !(results->path = strdup(path)))
        return gb_fail(err, GB_ENOMEM, "no memory to read '%s'", path);
    enum gb_status status = gb_hdf5_open(&results->in, results->path, err);
    if (status == GB_OK)
        status = check_format(results, err);
    return status == GB_OK ? read_provenance(results, err) : status;
}

enum gb_status gb_results_is_one(bool *is_one, int64_t *format, const char *path,
                                 struct gb_error *err)
{
    struct gb_results *results = NULL;
    struct gb_error why = {0};
    enum gb_status status = open_written(&results, path, &why);

    bool is_seen = status != GB_ENOMEM && results->in.system_error == 0;
    if (format)
        *format = results ? results->format : 0;
    gb_results_close(results);
    *is_one = status == GB_OK;
    return is_seen ? GB_OK : gb_fail(err, status, "%s", why.text);
}

bool gb_results_head(const char *path, uint8_t head[GB_RESULT_HEAD_SIZE])
{
    struct gb_results *results = NULL;
    struct gb_error why = {0};
    bool has_head = open_written(&results, path, &why) == GB_OK && results->provenance.head;

    if (has_head)
        memcpy(head, results->head, GB_RESULT_HEAD_SIZE);
    gb_results_close(results);
    return has_head;
}

bool gb_results_is_of_sweep(const char *path)
{
    struct gb_hdf5_in in = {0};
    struct gb_error why = {0};
    bool is = gb_hdf5_open(&in, path, &why) == GB_OK &&
              H5Lexists(in.file, "/provenance", H5P_DEFAULT) > 0 &&
              H5Lexists(in.file, "/provenance/sweep", H5P_DEFAULT) > 0;

    gb_hdf5_in_close(&in);
    return is;
}

enum gb_status gb_results_open(struct gb_results **out, const char *path, struct gb_error *err)
{
    struct gb_results *results = NULL;
    enum gb_status status = open_written(&results, path, err);

    if (status == GB_OK)
        status = read_summary(results, err);
    if (status != GB_OK) {
        gb_results_close(results);
        return status;
    }
    *out = results;
    return GB_OK;
}

enum gb_status gb_results_open_input(struct gb_results **out, const char *path,
                                     struct gb_error *err)
{
    struct gb_error why = {0};
    enum gb_status status = gb_results_open(out, path, &why);

    return status == GB_OK ? GB_OK
                           : gb_fail(err, status == GB_EFILE ? GB_EINPUT : status, "%s", why.text);
}

void gb_results_close(struct gb_results *results)
{
    if (!results)
        return;
    for (size_t i = 0; i < results->n_varied * results->n_trials; i++)
        if (i + 1 == results->n_varied * results->n_trials ||
            results->values[i] != results->values[i + 1])
            free(results->values[i]); /* neighbours may share one */
    for (size_t k = 0; k < results->n_varied; k++)
        free(results->keys[k]);
    free(results->values);
    free(results->keys);
    for (int table = 0; table < GB_N_TABLES; table++)
        gb_results_close_table(results->tables[table]);
    free((char *)results->provenance.version);
    free((char *)results->provenance.revision);
    free((char *)results->provenance.scenario);
    free((char *)results->provenance.sweep);
    gb_plan_clear(&results->plan);
    free((char *)results->provenance.libm);
    free((char *)results->provenance.time_zone);
    free(results->summary);
    gb_hdf5_in_close(&results->in);
    free(results->path);
    free(results);
}

size_t gb_results_n_trials(const struct gb_results *results)
{
    return results->n_trials;
}

const struct gb_summary_row *gb_results_summary(const struct gb_results *results)
{
    return results->summary;
}

void gb_results_choose_homes(struct gb_results *results, const struct gb_home_choice *homes)
{
    results->homes = homes;
}

const struct gb_home_choice *gb_results_homes(const struct gb_results *results)
{
    return results->homes;
}

static int compare_trials(const void *key, const void *row)
{
    uint64_t trial = *(const uint64_t *)key, other = ((const struct gb_summary_row *)row)->trial;

    return (trial > other) - (trial < other);
}

const struct gb_summary_row *gb_results_trial(const struct gb_results *results, uint64_t trial)
{
    return bsearch(&trial, results->summary, results->n_trials, sizeof *results->summary,
                   compare_trials);
}

bool gb_results_has(const struct gb_results *results, enum gb_table table)
{
    return H5Lexists(results->in.file, gb_schemas[table].group, H5P_DEFAULT) > 0;
}

size_t gb_results_n_varied(const struct gb_results *results)
{
    return results->n_varied;
}

size_t gb_results_n_factors(const struct gb_results *results)
{
    return results->n_varied - results->plan.plan.averages.n;
}

const char *gb_results_varied_key(const struct gb_results *results, size_t k)
{
    return results->keys[k];
}

const char *gb_results_varied_value(const struct gb_results *results, size_t k, size_t i)
{
    return results->values[k * results->n_trials + i];
}

struct gb_calendar gb_results_calendar(const struct gb_results *results, size_t i)
{
    const struct gb_provenance *from = &results->provenance;
    int64_t days = from->start_days;

    for (size_t k = 0; k < gb_results_n_varied(results); k++)
        if (strcmp(gb_results_varied_key(results, k), "start_date") == 0)
            gb_date_parse(gb_results_varied_value(results, k, i), &days);
    return gb_calendar_make(days, from->time_zone ? from->time_zone : GB_ZONE_FIXED, 0);
}

const struct gb_provenance *gb_results_provenance(const struct gb_results *results)
{
    return &results->provenance;
}
