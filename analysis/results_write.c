/* Writing a result: row by row into a file that stands on the disk as .part until it is whole, and
 * then takes its name. */
#include "analysis/results.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "analysis/fingerprint.h"
#include "analysis/hdf5_priv.h"
#include "analysis/results_plan_priv.h"
#include "analysis/schema.h"
#include "analysis/table_thread_priv.h"
#include "analysis/table_writer_priv.h"
#include "analysis/varied_writer_priv.h"
#include "base/draws.h"
#include "base/new_file.h"

struct gb_results_writer {
    struct gb_new_file file; /* open from the start: a bad path, and who else writes it, shows */
    struct gb_results_guard guard;
    struct gb_hdf5_out out;
    hid_t provenance; /* its group, until the end: the head comes last */
    struct gb_table_writer *tables[GB_N_TABLES];
    bool may_have_thread;           /* for full pages */
    struct gb_table_thread *thread; /* from the first of them on */
    struct gb_varied_writer varied;
    struct gb_table_units units;
    uint64_t trial; /* whose rows come, or the last one */
    size_t n_trials;
    uint64_t n_planned; /* of a sweep, as is the next */
    struct gb_averages averages;
};

/* Before the file is touched, or asked whether all is well with it. */
static void enter(const struct gb_results_writer *writer)
{
    gb_table_thread_settle(writer->thread);
    if (writer->guard.enter)
        writer->guard.enter(writer->guard.context);
}

static void leave(const struct gb_results_writer *writer)
{
    if (writer->guard.leave)
        writer->guard.leave(writer->guard.context);
}

static enum gb_status outcome(struct gb_results_writer *writer, struct gb_error *err)
{
    return gb_hdf5_is_well(&writer->out)
               ? GB_OK
               : gb_fail(err, GB_EFILE, "cannot write the result '%s': %s", writer->file.path,
                         writer->out.reason);
}

/* ---- provenance */

static void write_redrawn(struct gb_hdf5_out *out, hid_t group, uint32_t redrawn)
{
    char kinds[128];

    gb_hdf5_scalar_text(out, group, gb_draws_row.key,
                        gb_param_format(&gb_draws_row, &redrawn, kinds, sizeof kinds),
                        "which draws differ between replications; the others are the same in all");
}

static void write_provenance(struct gb_results_writer *writer, const struct gb_provenance *from)
{
    hid_t group = gb_hdf5_group(&writer->out, "provenance", "what made this file", 5, 8);
    char libm[GB_LIBM_FINGERPRINT_SIZE];

    gb_libm_fingerprint(libm);
    gb_hdf5_scalar_text(&writer->out, group, "version", from->version, "version of gridbourse");
    gb_hdf5_scalar_text(&writer->out, group, "revision", from->revision, "revision of its source");
    gb_hdf5_scalar_text(&writer->out, group, "scenario", from->scenario,
                        "complete effective scenario, YAML; it runs again as it is");
    if (from->sweep)
        gb_hdf5_scalar_text(
            &writer->out, group, "sweep", from->sweep,
            "complete effective sweep, YAML; beside the scenario as scenario.yaml it "
            "runs again as it is");
    if (from->kept)
        write_redrawn(&writer->out, group, GB_ALL_DRAWS & ~from->kept);
    gb_hdf5_scalar_text(&writer->out, group, "libm", from->libm ? from->libm : libm,
                        "fingerprint of the mathematical library: equal results need equal ones");
    gb_hdf5_put(&writer->out, group, "start_days", H5T_STD_I64LE, H5T_NATIVE_INT64, 1,
                &from->start_days);
    if (from->time_zone)
        gb_hdf5_scalar_text(&writer->out, group, "time_zone", from->time_zone,
                            "the local clock, as POSIX writes it; times are in UTC");
    if (from->plan)
        gb_plan_write(&writer->out, group, from->plan);
    writer->provenance = group;
}

/* ---- the file */

/* "nanoseconds since 2023-06-01 00:00:00": in UTC, or on the one clock there is. */
static void format_time_unit(const struct gb_provenance *from, char *buffer, size_t size)
{
    struct gb_calendar calendar =
        gb_calendar_make(from->start_days, from->time_zone ? from->time_zone : GB_ZONE_FIXED, 0);
    time_t seconds = (time_t)calendar.start_s;
    struct tm date = {0};

    gmtime_r(&seconds, &date);
    strftime(buffer, size, "nanoseconds since %Y-%m-%d %H:%M:%S", &date);
}

static void begin_file(struct gb_results_writer *writer, const struct gb_provenance *provenance)
{
    int64_t format = GB_RESULT_FORMAT;

    if (!gb_hdf5_create(&writer->out, fileno(writer->file.stream)))
        return;
    gb_hdf5_put_text(&writer->out, writer->out.file, "title", "Result of gridbourse");
    gb_hdf5_put(&writer->out, writer->out.file, GB_RESULT_FORMAT_NAME, H5T_STD_I64LE,
                H5T_NATIVE_INT64, 1, &format);
    write_provenance(writer, provenance);
}

static void close_tables(struct gb_results_writer *writer)
{
    gb_table_thread_free(writer->thread);
    writer->thread = NULL;
    writer->may_have_thread = false;
    for (int table = 0; table < GB_N_TABLES; table++) {
        gb_table_writer_free(writer->tables[table]);
        writer->tables[table] = NULL;
    }
    if (writer->provenance > 0)
        H5Gclose(writer->provenance);
    writer->provenance = 0;
}

enum gb_status gb_results_create(struct gb_results_writer **out, const char *path,
                                 const struct gb_results_guard *guard, struct gb_error *err)
{
    struct gb_results_writer *writer = calloc(1, sizeof *writer);

    if (!writer)
        return gb_fail(err, GB_ENOMEM, "no memory to write the result '%s'", path);
    if (guard)
        writer->guard = *guard;
    enum gb_status status = gb_new_file_open_as(&writer->file, path, "result", true, err);
    if (status == GB_OK)
        *out = writer;
    else
        gb_results_abandon(writer);
    return status;
}

enum gb_status gb_results_begin(struct gb_results_writer *writer,
                                const struct gb_provenance *provenance, struct gb_error *err)
{
    format_time_unit(provenance, writer->units.time, sizeof writer->units.time);
    snprintf(writer->units.currency, sizeof writer->units.currency, "%s",
             provenance->currency ? provenance->currency : "currency");
    if (provenance->plan)
        writer->n_planned = gb_plan_n_trials(provenance->plan);
    if (provenance->plan)
        writer->averages = provenance->plan->averages;
    enter(writer);
    enum gb_status status = gb_hdf5_start(writer->file.path, err);
    if (status == GB_OK) {
        begin_file(writer, provenance);
        status = outcome(writer, err);
    }
    leave(writer);
    return status;
}

/* ---- trials */

static void open_table(struct gb_results_writer *writer, enum gb_table which)
{
    if (!writer->tables[which])
        writer->tables[which] = gb_table_writer_create(&writer->out, which, &writer->units);
}

enum gb_status gb_results_begin_trial(struct gb_results_writer *writer, uint64_t trial,
                                      enum gb_output_level level, struct gb_error *err)
{
    assert(writer->n_trials == 0 || trial > writer->trial);
    enter(writer);
    for (int table = 0; table < GB_N_TABLES && !writer->out.failed; table++)
        if (level >= gb_schemas[table].level && table != GB_TABLE_KINDS)
            open_table(writer, table);
    leave(writer);
    writer->trial = trial;
    writer->n_trials++;
    return outcome(writer, err);
}

void gb_results_use_thread(struct gb_results_writer *writer)
{
    writer->may_have_thread = true;
}

/* The table of a row, where the level of output keeps it. That of kinds is made with its first row,
 * so that results without kinds have none. */
static struct gb_table_writer *table_of(struct gb_results_writer *writer, enum gb_table which)
{
    if (which == GB_TABLE_KINDS && !writer->tables[which]) {
        enter(writer);
        open_table(writer, which);
        leave(writer);
    }
    return writer->tables[which];
}

/* Has the thread taken the rows that wait? */
static bool is_taken(struct gb_results_writer *writer, struct gb_table_writer *table)
{
    if (writer->may_have_thread && !writer->thread) {
        writer->thread = gb_table_thread_create(&writer->out, &writer->guard);
        writer->may_have_thread = writer->thread != NULL;
    }
    return writer->thread && gb_table_thread_hand_over(writer->thread, table);
}

static enum gb_status write_waiting(struct gb_results_writer *writer, struct gb_table_writer *table,
                                    struct gb_error *err)
{
    enter(writer);
    gb_table_writer_flush(table);
    enum gb_status status = outcome(writer, err);
    leave(writer);
    return status;
}

static enum gb_status append_row(void *context, enum gb_table which, const void *row,
                                 struct gb_error *err)
{
    struct gb_results_writer *writer = context;
    struct gb_table_writer *table = table_of(writer, which);

    if (!table)
        return which == GB_TABLE_KINDS ? outcome(writer, err) : GB_OK; /* not of this level */
    if (!gb_table_writer_reserve(table))
        return gb_fail(err, GB_EFILE, "cannot write the result '%s': %s", writer->file.path,
                       gb_status_text(GB_ENOMEM));
    if (!gb_table_writer_add(table, writer->trial, row) || is_taken(writer, table))
        return GB_OK;
    return write_waiting(writer, table, err);
}

struct gb_row_sink gb_results_sink(struct gb_results_writer *writer, enum gb_output_level level)
{
    return (struct gb_row_sink){level, append_row, writer};
}

enum gb_status gb_results_add(struct gb_results_writer *writer, const struct gb_record *record,
                              struct gb_error *err)
{
    struct gb_row_sink sink = gb_results_sink(writer, gb_record_level(record));

    if (gb_record_n_rows(record, GB_TABLE_SUMMARY) != 1)
        return gb_fail(err, GB_EINPUT, "the record of trial %" PRIu64 " has no summary of its own",
                       gb_record_trial(record));
    enum gb_status status = gb_varied_writer_add(&writer->varied, record, err);
    if (status == GB_OK)
        status = gb_results_begin_trial(writer, gb_record_trial(record), sink.level, err);
    for (int table = 0; table < GB_N_TABLES; table++) {
        const char *rows = gb_record_rows(record, table);

        for (size_t i = 0; status == GB_OK && i < gb_record_n_rows(record, table); i++)
            status = gb_row_sink_append(&sink, table, rows + i * gb_schemas[table].row_size, err);
    }
    return status;
}

/* ---- the end */

void gb_results_name_head(struct gb_results_writer *writer, const uint8_t head[GB_RESULT_HEAD_SIZE])
{
    char hex[2 * GB_RESULT_HEAD_SIZE + 1];

    sodium_bin2hex(hex, sizeof hex, head, GB_RESULT_HEAD_SIZE);
    enter(writer);
    gb_hdf5_scalar_text(&writer->out, writer->provenance, "head", hex,
                        "hash of the last block of the run's chain: its ledger ends with it");
    leave(writer);
}

/* The rows that wait, what was varied, and the dimensions of them all: table by table. */
static void complete_tables(struct gb_results_writer *writer)
{
    for (int which = 0; which < GB_N_TABLES; which++) {
        struct gb_table_writer *table = writer->tables[which];

        if (!table)
            continue;
        gb_table_writer_flush(table);
        if (which == GB_TABLE_SUMMARY)
            gb_varied_writer_write(&writer->varied, &writer->averages, &writer->out, table);
        gb_table_writer_end(table);
        gb_table_writer_free(table);
        writer->tables[which] = NULL;
    }
}

/* A result that lacks trials says so where everybody looks first. */
static void put_finished(struct gb_results_writer *writer)
{
    char text[64];

    if (writer->n_trials >= writer->n_planned)
        return;
    snprintf(text, sizeof text, "%zu of %" PRIu64 " trials", writer->n_trials, writer->n_planned);
    gb_hdf5_put_text(&writer->out, writer->out.file, "finished", text);
}

enum gb_status gb_results_seal(struct gb_results_writer *writer, struct gb_error *err)
{
    enter(writer);
    put_finished(writer);
    complete_tables(writer);
    close_tables(writer);
    gb_hdf5_close(&writer->out);
    leave(writer);
    enum gb_status status = outcome(writer, err);
    return status == GB_OK ? gb_new_file_seal(&writer->file, err) : status;
}

enum gb_status gb_results_publish(struct gb_results_writer *writer, struct gb_error *err)
{
    enum gb_status status = gb_new_file_publish(&writer->file, err);

    gb_results_abandon(writer); /* of a .part that has become the result nothing is left */
    return status;
}

const char *gb_results_writer_path(const struct gb_results_writer *writer)
{
    return writer->file.path;
}

bool gb_results_writer_is_locked(const struct gb_results_writer *writer)
{
    return writer->file.lock == GB_LOCK_HELD;
}

void gb_results_abandon(struct gb_results_writer *writer)
{
    if (!writer)
        return;
    enter(writer);
    close_tables(writer);
    gb_hdf5_close(&writer->out);
    leave(writer);
    gb_new_file_abandon(&writer->file);
    gb_varied_writer_clear(&writer->varied);
    free(writer);
}

/* A trial that failed in a pilot and no more may have made the number of replications less. */
static bool is_planned(const struct gb_plan *plan, uint64_t trial)
{
    return !plan || gb_plan_has(plan, trial);
}

enum gb_status gb_results_from_journal(struct gb_results_writer **out, const char *path,
                                       const struct gb_results_guard *guard,
                                       const struct gb_provenance *provenance,
                                       struct gb_journal *journal, struct gb_error *err)
{
    struct gb_results_writer *writer = NULL;
    enum gb_status status = gb_results_create(&writer, path, guard, err);

    if (status != GB_OK)
        return status;
    status = gb_results_begin(writer, provenance, err);
    for (size_t i = 0; status == GB_OK && i < gb_journal_n_records(journal); i++) {
        struct gb_record *record = NULL;

        status = gb_journal_read(journal, i, &record, err);
        if (status == GB_OK && is_planned(provenance->plan, gb_record_trial(record)))
            status = gb_results_add(writer, record, err);
        gb_record_free(record);
    }
    if (status == GB_OK)
        status = gb_results_seal(writer, err);
    if (status == GB_OK)
        *out = writer;
    else
        gb_results_abandon(writer);
    return status;
}
