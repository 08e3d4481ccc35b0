#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>

#include <sys/stat.h>
#include <unistd.h>

static enum gb_lock take(int file)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

    if (fcntl(file, F_SETLK, &lock) == 0)
        return GB_LOCK_HELD;
    switch (errno) {
    case EACCES:
    case EAGAIN: return GB_LOCK_BUSY;
    case ENOSYS:
    case ENOLCK:
    case ENOTSUP:
#if EOPNOTSUPP != ENOTSUP
    case EOPNOTSUPP:
#endif
        return GB_LOCK_UNKNOWN;
    default: return GB_LOCK_FAILED;
    }
}

/* Whoever held the lock before may have taken the file's name away while we waited for it. */
static bool has_name(int file, const char *path)
{
    struct stat ours, named;

    return fstat(file, &ours) == 0 && stat(path, &named) == 0 && ours.st_dev == named.st_dev &&
           ours.st_ino == named.st_ino;
}

/* An empty file is worth nothing to anybody, and was most likely made a moment ago. */
static void remove_empty(int file, const char *path)
{
    struct stat about;

    if (fstat(file, &about) == 0 && about.st_size == 0)
        unlink(path);
}

enum gb_lock gb_lock_open(int *file, const char *path, int flags)
{
    for (;;) {
        *file = open(path, flags, 0666);
        if (*file < 0)
            return GB_LOCK_FAILED;
        enum gb_lock lock = take(*file);
        if (lock == GB_LOCK_UNKNOWN || (lock == GB_LOCK_HELD && has_name(*file, path)))
            return lock;
        int reason = errno;
        if (lock == GB_LOCK_FAILED && (flags & O_CREAT))
            remove_empty(*file, path);
        close(*file);
        *file = -1;
        errno = reason;
        if (lock != GB_LOCK_HELD)
            return lock;
    }
}

bool gb_lock_is_busy(const char *path)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool is_busy = file >= 0 && fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;

    if (file >= 0)
        close(file);
    return is_busy;
}
