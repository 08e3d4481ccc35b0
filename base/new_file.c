#include "base/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#include "base/holder.h"

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

static enum gb_status fail(const struct gb_new_file *file, struct gb_error *err)
{
    return gb_fail(err, GB_EFILE, "cannot write %s%s%s'%s': %s", file->noun ? "the " : "",
                   file->noun ? file->noun : "", file->noun ? " " : "", file->path,
                   strerror(errno));
}

static enum gb_status fail_busy(struct gb_new_file *file, struct gb_error *err)
{
    char holder[128];

    gb_fail(err, GB_EFILE, "the %s '%s' is being written by %s", file->noun, file->path,
            gb_holder_of(file->part, holder, sizeof holder));
    free(file->part); /* it is not ours to remove */
    file->part = NULL;
    return GB_EFILE;
}

static enum gb_status open_part(struct gb_new_file *file, bool is_alone, struct gb_error *err)
{
    int part = -1;

    if (is_alone) {
        file->lock = gb_lock_open(&part, file->part, O_RDWR | O_CREAT | O_CLOEXEC);
        if (file->lock == GB_LOCK_BUSY)
            return fail_busy(file, err);
    } else {
        part = open(file->part, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    }
    /* emptied only now that the lock is ours */
    if (part >= 0 && ftruncate(part, 0) == 0 && (file->stream = fdopen(part, "wb")))
        return GB_OK;
    fail(file, err);
    if (part >= 0) {
        unlink(file->part);
        close(part);
    }
    return GB_EFILE;
}

/* file  with its noun */
static enum gb_status open_plain(struct gb_new_file *file, const char *path, bool is_alone,
                                 struct gb_error *err)
{
    enum gb_status status = gb_file_target(&file->path, path, err);

    file->is_plain = true;
    if (status == GB_OK && !(file->part = gb_file_part(file->path)))
        status = gb_fail(err, GB_ENOMEM, "no memory for '%s'", path);
    if (status == GB_OK)
        status = open_part(file, is_alone, err);
    if (status != GB_OK)
        gb_new_file_leave(file);
    return status;
}

static enum gb_status open_device(struct gb_new_file *file, const char *path, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    file->path = strdup(path);
    if (!file->path)
        status = gb_fail(err, GB_ENOMEM, "no memory for '%s'", path);
    else if (!(file->stream = fopen(path, "ab")))
        status = fail(file, err);
    if (status != GB_OK)
        gb_new_file_leave(file);
    return status;
}

enum gb_status gb_new_file_open(struct gb_new_file *file, const char *path, struct gb_error *err)
{
    *file = (struct gb_new_file){0};
    return is_plain(path) && !is_standard_output(path) ? open_plain(file, path, false, err)
                                                       : open_device(file, path, err);
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

enum gb_status gb_new_file_open_as(struct gb_new_file *file, const char *path, const char *noun,
                                   bool is_alone, struct gb_error *err)
{
    *file = (struct gb_new_file){.noun = noun};
    return open_plain(file, path, is_alone, err);
}

enum gb_status gb_new_file_seal(struct gb_new_file *file, struct gb_error *err)
{
    if (fflush(file->stream) != 0)
        return fail(file, err);
    if (ferror(file->stream)) {
        errno = errno_of_writing(file);
        return fail(file, err);
    }
    return !file->is_plain || fsync(fileno(file->stream)) == 0 ? GB_OK : fail(file, err);
}

enum gb_status gb_new_file_publish(struct gb_new_file *file, struct gb_error *err)
{
    /* while a lock still keeps others from .part */
    if (file->is_plain && !gb_file_publish(file->part, file->path))
        return fail(file, err);
    free(file->part); /* there is none any more */
    file->part = NULL;
    return GB_OK;
}

void gb_new_file_leave(struct gb_new_file *file)
{
    if (file->stream)
        fclose(file->stream);
    free(file->part);
    free(file->path);
    *file = (struct gb_new_file){0};
}

void gb_new_file_abandon(struct gb_new_file *file)
{
    if (file->part)
        unlink(file->part); /* while a lock still keeps others from it */
    gb_new_file_leave(file);
}

enum gb_status gb_new_file_close(struct gb_new_file *file, struct gb_error *err)
{
    enum gb_status status = gb_new_file_seal(file, err);

    if (status == GB_OK)
        status = gb_new_file_publish(file, err);
    gb_new_file_abandon(file);
    return status;
}
