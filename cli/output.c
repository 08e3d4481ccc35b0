#include "cli/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/message.h"
#include "cli/version.h"

/* ---- input */

int gb_output_refuse_input(const struct gb_complaints *complaints, const struct gb_error *err)
{
    size_t n = gb_complaints_count(complaints);

    for (size_t i = 0; i < n; i++)
        gb_message_note("%s", gb_complaints_at(complaints, i));
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

static enum gb_status check_folder(const char *path, struct gb_error *err)
{
    enum gb_status status = GB_OK;
    size_t length = (size_t)(last_part(path) - path);
    char *folder = length > 0 ? strndup(path, length) : strdup(".");
    struct stat about;

    if (!folder)
        return gb_fail(err, GB_ENOMEM, "no memory for '%s'", path);
    if (stat(folder, &about) != 0)
        status = gb_fail(err, GB_EFILE, "cannot write '%s': there is no folder '%s'", path, folder);
    else if (access(folder, W_OK | X_OK) != 0)
        status = gb_fail(err, GB_EFILE, "cannot write '%s': %s", path, strerror(errno));
    free(folder);
    return status;
}

enum gb_status gb_output_check(const char *path, struct gb_error *err)
{
    struct stat about;
    struct gb_results *results = NULL;
    struct gb_error why = {0};

    if (!last_part(path)[0])
        return gb_fail(err, GB_EINPUT, "'%s' names a folder, not a result file", path);
    if (stat(path, &about) != 0)
        return check_folder(path, err);
    if (!S_ISREG(about.st_mode))
        return gb_fail(err, GB_EINPUT, "'%s' is no regular file: a result cannot stand there",
                       path);
    if (about.st_size > 0 && gb_results_open(&results, path, &why) != GB_OK)
        return gb_fail(err, GB_EINPUT, "'%s' is no result of this program and stays as it is: "
                       "choose another file with -o", path);
    gb_results_close(results);
    return check_folder(path, err);
}

/* ---- records to results */

enum gb_status gb_output_open_journal(struct gb_journal **out, char **journal_path,
                                      const char *path, const char *text, struct gb_error *err)
{
    uint8_t fingerprint[GB_FINGERPRINT_SIZE];
    size_t size = strlen(path) + sizeof ".journal";
    char *name = malloc(size);

    if (!name)
        return gb_fail(err, GB_ENOMEM, "no memory for a journal");
    snprintf(name, size, "%s.journal", path);
    gb_journal_fingerprint(text, fingerprint);
    enum gb_status status = gb_journal_create(out, name, fingerprint, err);
    if (status == GB_OK)
        *journal_path = name;
    else
        free(name);
    return status;
}

void gb_output_drop_journal(struct gb_journal *journal, char *journal_path)
{
    gb_journal_close(journal);
    if (journal_path)
        unlink(journal_path);
    free(journal_path);
}

enum gb_status gb_output_write(const char *path, const struct gb_scenario *scenario,
                               const char *scenario_text, const char *sweep_text,
                               struct gb_journal *journal, struct gb_error *err)
{
    const struct gb_provenance provenance = {
        .version = gb_version(), .revision = gb_version_revision(),
        .scenario = scenario_text, .sweep = sweep_text,
        .start_days = scenario->physics.start_date};

    return gb_results_from_journal(path, &provenance, journal, err);
}
