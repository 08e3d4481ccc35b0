#include "base/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#define MAX_LINKS 40 /* in a row, as Linux has it */
#define LONGEST_LINK 4096

/* ---- names */

/* Where the link at `path` leads; to be freed, NULL without memory or where it cannot be read. */
static char *follow(const char *path)
{
    char target[LONGEST_LINK];
    ssize_t n = readlink(path, target, sizeof target);
    const char *slash = strrchr(path, '/');
    size_t n_folder = n > 0 && target[0] != '/' && slash ? (size_t)(slash - path) + 1 : 0;
    char *joined = n > 0 ? malloc(n_folder + (size_t)n + 1) : NULL;

    if (joined) {
        memcpy(joined, path, n_folder);
        memcpy(joined + n_folder, target, (size_t)n);
        joined[n_folder + (size_t)n] = '\0';
    }
    return joined;
}

static bool is_plain(const char *path)
{
    struct stat about;

    return stat(path, &about) != 0 || S_ISREG(about.st_mode);
}

enum gb_status gb_file_target(char **out, const char *path, struct gb_error *err)
{
    char *at = strdup(path);
    struct stat about;

    for (int n = 0; at && n < MAX_LINKS; n++) {
        if (!is_plain(at) || lstat(at, &about) != 0 || !S_ISLNK(about.st_mode)) {
            *out = at;
            return GB_OK;
        }
        char *next = follow(at);

        free(at);
        at = next;
    }
    if (!at)
        return gb_fail(err, GB_ENOMEM, "no memory for '%s'", path);
    free(at);
    return gb_fail(err, GB_EFILE, "cannot write '%s': its symbolic links lead round in a circle",
                   path);
}

char *gb_file_part(const char *path)
{
    size_t size = strlen(path) + sizeof ".part";
    char *part = malloc(size);

    if (part)
        snprintf(part, size, "%s.part", path);
    return part;
}

/* ---- publishing */

void gb_file_sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    int file = folder ? open(folder, O_RDONLY | O_CLOEXEC) : -1;

    if (file >= 0) {
        fsync(file);
        close(file);
    }
    free(folder);
}

bool gb_file_publish(const char *part, const char *path)
{
    if (rename(part, path) != 0)
        return false;
    gb_file_sync_folder(path);
    return true;
}

/* ---- a new file */

/* `... -o /dev/stdout >FILE`: what the shell opened is written as it is. */
static bool is_standard_output(const char *path)
{
    struct stat named, output;

    return stat(path, &named) == 0 && fstat(STDOUT_FILENO, &output) == 0 &&
           named.st_dev == output.st_dev && named.st_ino == output.st_ino;
}

static void forget(struct gb_new_file *file)
{
    free(file->part);
    free(file->path);
}

enum gb_status gb_new_file_open(struct gb_new_file *file, const char *path, struct gb_error *err)
{
    *file = (struct gb_new_file){.is_plain = is_plain(path) && !is_standard_output(path)};
    enum gb_status status = gb_file_target(&file->path, path, err);

    if (status != GB_OK)
        return status;
    file->part = file->is_plain ? gb_file_part(file->path) : strdup(file->path);
    if (!file->part)
        status = gb_fail(err, GB_ENOMEM, "no memory for '%s'", path);
    else if (!(file->stream = fopen(file->part, file->is_plain ? "wb" : "ab")))
        status = gb_fail(err, GB_EFILE, "cannot write '%s': %s", path, strerror(errno));
    if (status != GB_OK)
        forget(file);
    return status;
}

/* Why a write long ago failed, whose errno is gone: what a block behind the last byte meets now, of
 * a file that is removed anyway. More than a full disk has left, less than anybody waits for. */
static int errno_of_writing(const struct gb_new_file *file)
{
    static const char block[65536];
    ssize_t n = file->is_plain ? write(fileno(file->stream), block, sizeof block) : -1;

    if (n == (ssize_t)sizeof block)
        return EIO;
    if (n >= 0)
        n = write(fileno(file->stream), block, sizeof block - (size_t)n);
    return file->is_plain && n < 0 ? errno : EIO;
}

/* returns 0 or why not all of it could be written */
static int bring_to_disk(struct gb_new_file *file)
{
    int reason = fflush(file->stream) == 0 ? 0 : errno;

    if (reason == 0 && ferror(file->stream))
        reason = errno_of_writing(file);
    if (reason == 0 && file->is_plain && fsync(fileno(file->stream)) != 0)
        reason = errno;

    if (fclose(file->stream) != 0 && reason == 0)
        reason = errno;
    if (reason == 0 && file->is_plain && !gb_file_publish(file->part, file->path))
        reason = errno;
    return reason;
}

enum gb_status gb_new_file_close(struct gb_new_file *file, struct gb_error *err)
{
    enum gb_status status = GB_OK;
    int reason = bring_to_disk(file);

    if (reason != 0) {
        status = gb_fail(err, GB_EFILE, "cannot write '%s': %s", file->path, strerror(reason));
        if (file->is_plain)
            unlink(file->part);
    }
    forget(file);
    return status;
}
