#include "cli/command_files.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#include "analysis/results.h"
#include "base/file.h"
#include "base/new_file.h"
#include "cli/crash_handler.h"
#include "cli/join.h"

#define LONGEST_BEGINNING 64
#define MAX_SUFFIXES 5

/* A name that a file needs, PATH and a suffix, and how what this program wrote there begins. */
struct file_kind {
    const char *suffix, *beginning;
};

static const struct kind {
    const char *noun, *option; /* "result"; with which another path is chosen */
    bool takes_devices;
    struct file_kind files[MAX_SUFFIXES + 1];
} kinds[] = {
    [GB_COMMAND_FILE_INPUT] = {"input", "", true, {{"", ""}}},
    [GB_COMMAND_FILE_RESULT] = {"result",
                                "-o",
                                false,
                                {{"", "\211HDF\r\n\032\n"},
                                 {".part", "\211HDF\r\n\032\n"},
                                 {".journal", "GBJOURNL"},
                                 {".merge", "GBJOURNL"},
                                 {".pair", "GBPAIR "}}},
    [GB_COMMAND_FILE_LEDGER] = {"ledger",
                                "--ledger",
                                false,
                                {{"", "GBL1"}, {".part", "GBL1"}, {".pair", "GBPAIR "}}},
    [GB_COMMAND_FILE_TRADES] = {"table of trades",
                                "-o",
                                true,
                                {{"", "round,seller,buyer,"}, {".part", "round,seller,buyer,"}}},
    [GB_COMMAND_FILE_BOOK] = {"book",
                              "-o",
                              true,
                              {{"", "# accepted orders of "}, {".part", "# accepted orders of "}}},
    [GB_COMMAND_FILE_PROOF] = {"proof", "--proof", false, {{"", "GBP1"}, {".part", "GBP1"}}},
};

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* The folder of a path, to be freed; NULL without memory. */
static char *folder_of(const char *path)
{
    size_t length = (size_t)(last_part(path) - path);

    return length > 0 ? strndup(path, length) : strdup(".");
}

/* ---- one file under two names */

static bool is_one_inode(const char *a, const char *b)
{
    struct stat about_a, about_b;

    return stat(a, &about_a) == 0 && stat(b, &about_b) == 0 && about_a.st_dev == about_b.st_dev &&
           about_a.st_ino == about_b.st_ino;
}

/* Files that are not there yet are one when their folders and last names are. */
static bool is_one_file(const char *a, const char *b)
{
    char *folder_a = folder_of(a), *folder_b = folder_of(b);
    bool is_one =
        is_one_inode(a, b) || (folder_a && folder_b && strcmp(last_part(a), last_part(b)) == 0 &&
                               is_one_inode(folder_a, folder_b));

    free(folder_b);
    free(folder_a);
    return is_one;
}

static enum gb_status check_two_files(const struct gb_command_file *a, const char *suffix_a,
                                      const struct gb_command_file *b, const char *suffix_b,
                                      struct gb_error *err)
{
    char *path_a = gb_join(a->path, suffix_a), *path_b = gb_join(b->path, suffix_b);
    enum gb_status status = GB_OK;

    if (!path_a || !path_b)
        status = gb_fail(err, GB_ENOMEM, "no memory for '%s'", b->path);
    else if (is_one_file(path_a, path_b))
        status = gb_fail(err, GB_EINPUT,
                         "%s ('%s') and %s ('%s') are the same file: choose "
                         "another with %s",
                         a->name, path_a, b->name, path_b, kinds[b->kind].option);
    free(path_b);
    free(path_a);
    return status;
}

static enum gb_status check_apart(const struct gb_command_file *a, const struct gb_command_file *b,
                                  struct gb_error *err)
{
    enum gb_status status = GB_OK;

    for (const struct file_kind *x = kinds[a->kind].files; status == GB_OK && x->suffix; x++)
        for (const struct file_kind *y = kinds[b->kind].files; status == GB_OK && y->suffix; y++)
            status = check_two_files(a, x->suffix, b, y->suffix, err);
    return status;
}

/* ---- what stands there */

static enum gb_status check_folder(const char *path, struct gb_error *err)
{
    enum gb_status status = GB_OK;
    char *folder = folder_of(path);
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

static bool is_zero(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

/* Does the file begin like ours? One that was broken off may be shorter than that, and a .part of
 * HDF5, which writes its beginning last, of zeros; one that cannot be read is taken for somebody's,
 * and errno says why. */
static bool begins_like_ours(const char *path, const struct file_kind *file)
{
    char head[LONGEST_BEGINNING];
    size_t n = strlen(file->beginning);

    return gb_file_head(path, head, &n) &&
           (memcmp(head, file->beginning, n) == 0 ||
            (strcmp(file->suffix, ".part") == 0 && is_zero(head, n)));
}

/* A file that is ours neither to read nor to replace. format: of a result that says it is one */
static enum gb_status refuse_file(const struct kind *kind, const struct file_kind *file,
                                  const char *path, int64_t format, struct gb_error *err)
{
    bool is_journal = strcmp(file->beginning, "GBJOURNL") == 0;
    const char *noun = is_journal                           ? "journal"
                       : strcmp(file->suffix, ".pair") == 0 ? "note"
                                                            : kind->noun;

    if (format != 0)
        return gb_fail(err, GB_EINPUT,
                       "'%s' is a result of another version of this program (format %" PRId64
                       "), or damaged, and stays as it is: choose another file with %s",
                       path, format, kind->option);
    return gb_fail(err, GB_EINPUT,
                   "'%s' is no %s of this program and stays as it is: choose another file with %s",
                   path, noun, kind->option);
}

static enum gb_status check_file(const struct kind *kind, const struct file_kind *file,
                                 const char *path, struct gb_error *err)
{
    struct stat about;
    int64_t format = 0;

    if (file->suffix[0] && lstat(path, &about) == 0 && S_ISLNK(about.st_mode))
        return gb_fail(err, GB_EINPUT,
                       "'%s' is a symbolic link, and a name that the %s needs while "
                       "it is written: take it away or choose another file with %s",
                       path, kind->noun, kind->option);
    if (stat(path, &about) != 0)
        return GB_OK;
    if (S_ISDIR(about.st_mode) || (!S_ISREG(about.st_mode) && !kind->takes_devices))
        return gb_fail(err, GB_EINPUT, "'%s' is %s: a %s cannot stand there", path,
                       S_ISDIR(about.st_mode) ? "a folder" : "no regular file", kind->noun);
    if (!S_ISREG(about.st_mode) || about.st_size == 0)
        return GB_OK;
    errno = 0;
    bool is_ours = begins_like_ours(path, file);
    if (!is_ours &&
        (errno == ENOMEM || errno == EMFILE || errno == ENFILE || errno == EIO || errno == EACCES))
        return gb_fail(err, GB_EFILE, "cannot read '%s', which stands where the %s goes: %s", path,
                       kind->noun, strerror(errno));
    /* HDF5 is written by many programs */
    if (is_ours && kind == &kinds[GB_COMMAND_FILE_RESULT] && !file->suffix[0]) {
        gb_crash_handler_begin(path);
        enum gb_status status = gb_results_is_one(&is_ours, &format, path, err);
        gb_crash_handler_end();

        if (status != GB_OK)
            return status;
    }
    return is_ours ? GB_OK : refuse_file(kind, file, path, format, err);
}

static enum gb_status check_use(const struct gb_command_file *file_use, struct gb_error *err)
{
    const struct kind *kind = &kinds[file_use->kind];
    struct stat about;
    enum gb_status status = GB_OK;

    if (!last_part(file_use->path)[0])
        return gb_fail(err, GB_EINPUT, "'%s' names a folder, not a file for the %s", file_use->path,
                       kind->noun);
    for (const struct file_kind *file = kind->files; status == GB_OK && file->suffix; file++) {
        char *path = gb_join(file_use->path, file->suffix);

        status = path ? check_file(kind, file, path, err)
                      : gb_fail(err, GB_ENOMEM, "no memory for '%s'", file_use->path);
        free(path);
        if (kind->takes_devices && stat(file_use->path, &about) == 0 && !S_ISREG(about.st_mode))
            return status; /* a device needs no other names and no folder */
    }
    return status == GB_OK ? check_folder(file_use->path, err) : status;
}

/* Checks places whose links are followed. */
static enum gb_status check_targets(const struct gb_command_file *uses, size_t n,
                                    struct gb_error *err)
{
    enum gb_status status = GB_OK;

    for (size_t b = 0; status == GB_OK && b < n; b++)
        for (size_t a = 0; status == GB_OK && a < b; a++)
            if (uses[a].path && uses[b].path && uses[b].kind != GB_COMMAND_FILE_INPUT)
                status = check_apart(&uses[a], &uses[b], err);
    for (size_t i = 0; status == GB_OK && i < n; i++)
        if (uses[i].path && uses[i].kind != GB_COMMAND_FILE_INPUT)
            status = check_use(&uses[i], err);
    return status;
}

enum gb_status gb_command_files_check(const struct gb_command_file *uses, size_t n,
                                      struct gb_error *err)
{
    struct gb_command_file *followed = calloc(n, sizeof *followed);
    char **targets = calloc(n, sizeof *targets);
    enum gb_status status = followed && targets ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory");

    for (size_t i = 0; status == GB_OK && i < n; i++) {
        followed[i] = uses[i];
        if (uses[i].path && uses[i].kind != GB_COMMAND_FILE_INPUT) {
            status = gb_file_target(&targets[i], uses[i].path, err);
            followed[i].path = targets[i];
        }
    }
    if (status == GB_OK)
        status = check_targets(followed, n, err);
    for (size_t i = 0; targets && i < n; i++)
        free(targets[i]);
    free(targets);
    free(followed);
    return status;
}
