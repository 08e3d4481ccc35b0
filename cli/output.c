#include "cli/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>

#include "base/new_file.h"
#include "cli/command.h"
#include "cli/command_files.h"
#include "cli/crash_handler.h"
#include "cli/join.h"
#include "cli/message.h"
#include "cli/pair.h"
#include "cli/sole_writer.h"
#include "cli/version.h"

/* ---- input */

int gb_output_refuse_input(const struct gb_diagnostics *diagnostics, const struct gb_error *err)
{
    size_t n = gb_diagnostics_count(diagnostics);

    for (size_t i = 0; i < n; i++)
        gb_message_note("%s", gb_diagnostics_at(diagnostics, i));
    gb_message_error("%s", err->text);
    return err->status == GB_ENOMEM ? GB_EXIT_FAILED : GB_EXIT_WRONG_USE;
}

/* ---- the place of a result */

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

char *gb_output_default_path(const char *input)
{
    const char *name = last_part(input);
    const char *dot = strrchr(name, '.');
    size_t length = dot && dot > name ? (size_t)(dot - name) : strlen(name);
    char *path = malloc(length + sizeof ".h5");

    if (path)
        snprintf(path, length + sizeof ".h5", "%.*s.h5", (int)length, name);
    return path;
}

enum gb_status gb_output_check(const struct gb_request *request, const char *path,
                               const struct gb_scenario *scenario, const char *scenario_path,
                               struct gb_error *err)
{
    const char *name = scenario->orders_file, *meters = scenario->meters_file;
    char *orders_path = name[0] ? gb_scenario_beside(scenario, name) : NULL;
    char *meters_path = meters[0] ? gb_scenario_beside(scenario, meters) : NULL;
    const struct gb_command_file files[] = {
        {GB_COMMAND_FILE_INPUT, scenario_path ? "the sweep" : "the scenario", request->input},
        {GB_COMMAND_FILE_INPUT, "the scenario", scenario_path},
        {GB_COMMAND_FILE_INPUT, "orders.file", orders_path},
        {GB_COMMAND_FILE_INPUT, "meters.file", meters_path},
        {GB_COMMAND_FILE_RESULT, "the result", path},
        {GB_COMMAND_FILE_LEDGER, "the ledger", request->ledger},
    };
    enum gb_status status =
        (name[0] && !orders_path) || (meters[0] && !meters_path)
            ? gb_fail(err, GB_ENOMEM, "no memory for '%s'", path)
            : gb_command_files_check(files, sizeof files / sizeof files[0], err);

    free(orders_path);
    free(meters_path);
    return status;
}

enum gb_status gb_output_keep_sweep(const char *path, struct gb_error *err)
{
    struct stat about;
    bool is_of_sweep = false;

    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size == 0)
        return GB_OK;
    gb_crash_handler_begin(path);
    is_of_sweep = gb_results_is_of_sweep(path);
    gb_crash_handler_end();
    return is_of_sweep ? gb_fail(err, GB_EINPUT,
                                 "'%s' is the result of a sweep, which a run does not replace: -o "
                                 "names another",
                                 path)
                       : GB_OK;
}

/* ---- records to results */

void gb_output_note_no_locks(const char *path)
{
    gb_message_note("note: the file system of '%s' has no locks: nothing keeps another run from",
                    path);
    gb_message_note("writing the same file at the same time, so see to it that none does");
}

static struct gb_provenance provenance_of(const struct gb_scenario *scenario,
                                          const char *scenario_text)
{
    return (struct gb_provenance){.version = gb_version(),
                                  .revision = gb_version_revision(),
                                  .scenario = scenario_text,
                                  .currency = scenario->currency,
                                  .kept = gb_scenario_draws(scenario).kept,
                                  .start_days = gb_scenario_first_day(scenario),
                                  .time_zone = gb_scenario_time_zone(scenario)};
}

/* HDF5 is at work: a crash takes away what is not whole yet. */
static void guard_files(void *context)
{
    const struct gb_output_files *files = context;

    gb_crash_handler_begin(files->path);
    gb_crash_handler_remove(files->part);
    gb_crash_handler_remove(files->ledger_part);
}

static void unguard_files(void *context)
{
    (void)context;
    gb_crash_handler_end();
}

/* *out is cleared by the caller in any case. ledger: NULL where there is none */
static enum gb_status name_files(struct gb_output_files *out, const char *path, const char *ledger,
                                 struct gb_error *err)
{
    char *target = NULL;
    enum gb_status status = gb_file_target(&out->path, path, err);

    if (status == GB_OK && !(out->part = gb_file_part(out->path)))
        status = gb_fail(err, GB_ENOMEM, "no memory to write the result '%s'", path);
    if (status == GB_OK && ledger)
        status = gb_file_target(&target, ledger, err);
    if (target && !(out->ledger_part = gb_file_part(target)))
        status = gb_fail(err, GB_ENOMEM, "no memory to write the ledger '%s'", ledger);
    free(target);
    return status;
}

void gb_output_files_clear(struct gb_output_files *files)
{
    free(files->path);
    free(files->part);
    free(files->ledger_part);
    *files = (struct gb_output_files){0};
}

enum gb_status gb_output_begin_run(struct gb_results_writer **out, struct gb_output_files *files,
                                   const char *path, const char *ledger,
                                   const struct gb_scenario *scenario, const char *scenario_text,
                                   struct gb_error *err)
{
    const struct gb_results_guard guard = {guard_files, unguard_files, files};
    struct gb_provenance provenance = provenance_of(scenario, scenario_text);
    struct gb_results_writer *result = NULL;
    enum gb_status status = name_files(files, path, ledger, err);

    if (status == GB_OK)
        status = gb_results_create(&result, path, &guard, err);
    if (status == GB_OK)
        status = gb_sole_writer_check(GB_WRITER_RUN, path, err);
    if (status == GB_OK && !gb_results_writer_is_locked(result))
        gb_output_note_no_locks(path);
    if (status == GB_OK)
        status = gb_results_begin(result, &provenance, err);
    if (status == GB_OK)
        status =
            gb_results_begin_trial(result, 0, (enum gb_output_level)scenario->output_level, err);
    if (status == GB_OK)
        *out = result;
    else
        gb_results_abandon(result);
    return status;
}

enum gb_status gb_output_end_run(struct gb_results_writer *result, const struct gb_hash *head,
                                 struct gb_ledger_writer *ledger, struct gb_error *err)
{
    if (head)
        gb_results_name_head(result, head->bytes);
    enum gb_status status = gb_results_seal(result, err);
    if (status == GB_OK)
        return gb_pair_publish(result, ledger, err);
    gb_results_abandon(result);
    gb_ledger_writer_abandon(ledger);
    return status;
}

enum gb_status gb_output_write_journal(const char *path, const struct gb_provenance *provenance,
                                       struct gb_journal *journal, struct gb_error *err)
{
    struct gb_output_files files = {0}; /* the journal stays, and the trials in it */
    const struct gb_results_guard guard = {guard_files, unguard_files, &files};
    struct gb_results_writer *result = NULL;
    enum gb_status status = name_files(&files, path, NULL, err);

    if (status == GB_OK)
        status = gb_results_from_journal(&result, path, &guard, provenance, journal, err);
    if (status == GB_OK)
        status = gb_results_publish(result, err);
    gb_output_files_clear(&files);
    return status;
}
