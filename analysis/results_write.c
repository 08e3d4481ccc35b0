/* Writing a result: trial by trial into a file in memory, which goes to the disk as .part when it
 * is whole and then takes its name. */
#include "analysis/results.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "analysis/fingerprint.h"
#include "analysis/hdf5_priv.h"
#include "analysis/schema.h"
#include "analysis/table_writer_priv.h"
#include "analysis/varied_writer_priv.h"
#include "base/new_file.h"

struct gb_results_writer {
    struct gb_new_file file; /* open from the start: a bad path, and who else writes it, shows */
    struct gb_hdf5_out out;  /* the file, in memory until it is complete */
    struct gb_table_writer *tables[GB_N_TABLES];
    struct gb_varied_writer varied;
    struct gb_table_units units;
    uint64_t last_trial;
    size_t n_trials;
};

static enum gb_status outcome(const struct gb_results_writer *writer, struct gb_error *err)
{
    return writer->out.failed ? gb_fail(err, GB_EFILE, "cannot write the result '%s': %s",
                                        writer->file.path, writer->out.reason)
                              : GB_OK;
}

static enum gb_status fail_system(const struct gb_results_writer *writer, struct gb_error *err)
{
    return gb_fail(err, GB_EFILE, "cannot write the result '%s': %s", writer->file.path,
                   strerror(errno));
}

/* ---- provenance */

static void write_provenance(struct gb_results_writer *writer, const struct gb_provenance *from)
{
    hid_t group = gb_hdf5_group(&writer->out, "provenance", "what made this file");
    char libm[GB_LIBM_FINGERPRINT_SIZE], head[2 * GB_RESULT_HEAD_SIZE + 1];

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
    if (from->head) {
        sodium_bin2hex(head, sizeof head, from->head, GB_RESULT_HEAD_SIZE);
        gb_hdf5_scalar_text(&writer->out, group, "head", head,
                            "hash of the last block of the run's chain: its ledger ends with it");
    }
    gb_hdf5_scalar_text(&writer->out, group, "libm", libm,
                        "fingerprint of the mathematical library: equal results need equal ones");
    gb_hdf5_put(&writer->out, group, "start_days", H5T_STD_I64LE, H5T_NATIVE_INT64, 1,
                &from->start_days);
    H5Gclose(group);
}

/* ---- the file */

/* "nanoseconds since 2023-06-01 00:00:00" */
static void format_time_unit(int64_t start_days, char *buffer, size_t size)
{
    time_t seconds = (time_t)(start_days * 86400);
    struct tm date = {0};

    gmtime_r(&seconds, &date);
    strftime(buffer, size, "nanoseconds since %Y-%m-%d 00:00:00", &date);
}

static void begin_file(struct gb_results_writer *writer, const struct gb_provenance *provenance)
{
    int64_t format = GB_RESULT_FORMAT;

    if (!gb_hdf5_create(&writer->out, writer->file.part))
        return;
    gb_hdf5_put_text(&writer->out, writer->out.file, "title", "Result of gridbourse");
    gb_hdf5_put(&writer->out, writer->out.file, GB_RESULT_FORMAT_NAME, H5T_STD_I64LE,
                H5T_NATIVE_INT64, 1, &format);
    write_provenance(writer, provenance);
    writer->tables[GB_TABLE_SUMMARY] =
        gb_table_writer_create(&writer->out, GB_TABLE_SUMMARY, &writer->units);
}

static void close_tables(struct gb_results_writer *writer)
{
    for (int table = 0; table < GB_N_TABLES; table++) {
        gb_table_writer_free(writer->tables[table]);
        writer->tables[table] = NULL;
    }
}

enum gb_status gb_results_create(struct gb_results_writer **out, const char *path,
                                 struct gb_error *err)
{
    struct gb_results_writer *writer = calloc(1, sizeof *writer);

    if (!writer)
        return gb_fail(err, GB_ENOMEM, "no memory to write the result '%s'", path);
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
    enum gb_status status = gb_hdf5_start(writer->file.path, err);

    if (status != GB_OK)
        return status;
    format_time_unit(provenance->start_days, writer->units.time, sizeof writer->units.time);
    snprintf(writer->units.currency, sizeof writer->units.currency, "%s",
             provenance->currency ? provenance->currency : "currency");
    begin_file(writer, provenance);
    return outcome(writer, err);
}

/* The rows of one table of a record, in whose place there is a table in the file then. */
static void add_rows(struct gb_results_writer *writer, const struct gb_record *record,
                     enum gb_table which)
{
    const char *rows = gb_record_rows(record, which);

    if (!writer->tables[which])
        writer->tables[which] = gb_table_writer_create(&writer->out, which, &writer->units);
    for (size_t i = 0; i < gb_record_n_rows(record, which) && !writer->out.failed; i++)
        gb_table_writer_add(writer->tables[which], gb_record_trial(record),
                            rows + i * gb_schemas[which].row_size);
}

enum gb_status gb_results_add(struct gb_results_writer *writer, const struct gb_record *record,
                              struct gb_error *err)
{
    enum gb_status status;

    if (gb_record_n_rows(record, GB_TABLE_SUMMARY) != 1)
        return gb_fail(err, GB_EINPUT, "the record of trial %" PRIu64 " has no summary of its own",
                       gb_record_trial(record));
    assert(writer->n_trials == 0 || gb_record_trial(record) > writer->last_trial);
    status = gb_varied_writer_add(&writer->varied, record, err);
    if (status != GB_OK)
        return status;
    for (int table = 0; table < GB_N_TABLES; table++)
        if (gb_record_level(record) >= gb_schemas[table].level)
            add_rows(writer, record, table);
    writer->last_trial = gb_record_trial(record);
    writer->n_trials++;
    return outcome(writer, err);
}

static bool write_bytes(int file, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t put = write(file, bytes, n);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        bytes += put;
        n -= (size_t)put;
    }
    return true;
}

/* Brings the file from memory to .part, safely on the disk. */
static enum gb_status write_part(struct gb_results_writer *writer, struct gb_error *err)
{
    size_t size = 0;
    const char *image = gb_hdf5_image(&writer->out, &size);

    if (!image)
        return outcome(writer, err);
    /* past the stream's buffer: the image is one piece */
    if (!write_bytes(fileno(writer->file.stream), image, size))
        return fail_system(writer, err);
    return gb_new_file_seal(&writer->file, err);
}

enum gb_status gb_results_seal(struct gb_results_writer *writer, struct gb_error *err)
{
    for (int table = 0; table < GB_N_TABLES; table++)
        if (writer->tables[table])
            gb_table_writer_flush(writer->tables[table]);
    if (writer->tables[GB_TABLE_SUMMARY])
        gb_varied_writer_write(&writer->varied, &writer->out, writer->tables[GB_TABLE_SUMMARY]);
    close_tables(writer);
    enum gb_status status = outcome(writer, err);
    return status == GB_OK ? write_part(writer, err) : status;
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
    close_tables(writer);
    gb_hdf5_close(&writer->out);
    gb_new_file_abandon(&writer->file);
    gb_varied_writer_clear(&writer->varied);
    free(writer);
}

enum gb_status gb_results_from_journal(struct gb_results_writer **out, const char *path,
                                       const struct gb_provenance *provenance,
                                       struct gb_journal *journal, struct gb_error *err)
{
    struct gb_results_writer *writer;
    enum gb_status status = gb_results_create(&writer, path, err);

    if (status != GB_OK)
        return status;
    status = gb_results_begin(writer, provenance, err);
    for (size_t i = 0; status == GB_OK && i < gb_journal_n_records(journal); i++) {
        struct gb_record *record = NULL;

        status = gb_journal_read(journal, i, &record, err);
        if (status == GB_OK)
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
