/* The lock that keeps two processes from writing one file: POSIX's, over the whole file, given back
 * with the last of its descriptors. Not every file system has it: Lustre mounted without flock says
 * ENOSYS, NFS without its lock daemon ENOLCK. There a file is opened without one, and who opens it
 * decides whether to say so. */
#ifndef BASE_LOCK_H
#define BASE_LOCK_H

#include <stdbool.h>

enum gb_lock {
    GB_LOCK_HELD,    /* this process alone writes the file */
    GB_LOCK_UNKNOWN, /* the file system has no locks */
    GB_LOCK_BUSY,    /* another process holds the file */
    GB_LOCK_FAILED   /* errno says why */
};

/* Opens the file at `path` and takes its lock.
 * flags    of open(2), which lets write; a file that it makes is taken away again on GB_LOCK_FAILED
 * file     the descriptor, or -1 where the lock is busy or failed */
enum gb_lock gb_lock_open(int *file, const char *path, int flags);

/* Does another process hold the lock of the file at `path`? Not to be asked of a file that this one
 * holds, for that would give the lock back. */
bool gb_lock_is_busy(const char *path);

#endif
