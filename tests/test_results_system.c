/* What the operating system refuses keeps its own name: a result that another program holds is
 * locked, not damaged; so are descriptors that ran out, and a disk that cannot be read. */
#define _GNU_SOURCE /* syscall(): the real read beneath the one below */
#include "analysis/results.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/file.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/sample.h"
#include "tests/tap.h"

static const char path[] = "test_results_system.h5";
static long reads_until_failure = -1; /* -1: never */

/* HDF5 reads through this one: a disk that fails at the n-th read. */
static ssize_t read_at(int file, void *bytes, size_t n, off_t at)
{
    if (reads_until_failure == 0) {
        errno = EIO;
        return -1;
    }
    if (reads_until_failure > 0)
        reads_until_failure--;
    return (ssize_t)syscall(SYS_pread64, file, bytes, n, at);
}

ssize_t pread(int file, void *bytes, size_t n, off_t at)
{
    return read_at(file, bytes, n, at);
}

ssize_t pread64(int file, void *bytes, size_t n, off_t at)
{
    return read_at(file, bytes, n, at);
}

/* HDF5 loses memory of its own where a read fails: not ours to mend (LeakSanitizer asks this). */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libhdf5";
}

/* ---- reading */

static enum gb_status read_all(struct gb_error *err)
{
    struct gb_results *results = NULL;
    enum gb_status status = gb_results_open(&results, path, err);

    for (int table = 0; status == GB_OK && table < GB_N_TABLES; table++) {
        void *rows = NULL;
        size_t n = 0;

        status = gb_results_has(results, table) ? gb_results_rows(results, table, 0, &rows, &n, err)
                                                : GB_OK;
        free(rows);
    }
    gb_results_close(results);
    return status;
}

static void expect_refused(const char *words)
{
    struct gb_error err = {0};

    EXPECT_INT(read_all(&err), GB_EFILE);
    if (!EXPECT(strstr(err.text, words) && strstr(err.text, path)) ||
        !EXPECT(!strstr(err.text, "damaged")))
        tap_note("it says: %s", err.text);
}

/* A child that holds the file as HDF5 does when it writes, until the pipe is closed. */
static pid_t hold(int *end)
{
    int ends[2], ready[2];
    char byte = 0;
    pid_t child;

    if (pipe(ends) < 0 || pipe(ready) < 0)
        return -1;
    child = fork();
    if (child == 0) {
        int file = open(path, O_RDWR);

        close(ends[1]);
        byte = (char)(file >= 0 && flock(file, LOCK_EX) == 0 ? 'y' : 'n');
        if (write(ready[1], &byte, 1) == 1 && read(ends[0], &byte, 1) < 0)
            _exit(1);
        _exit(0);
    }
    close(ends[0]);
    close(ready[1]);
    EXPECT(read(ready[0], &byte, 1) == 1 && byte == 'y');
    close(ready[0]);
    *end = ends[1];
    return child;
}

static void a_result_that_another_program_writes_is_locked_and_by_whom(void)
{
    struct gb_error err = {0};
    bool is_one = false, is_known = access("/proc/locks", R_OK) == 0;
    char process[32];
    int end = -1;

    EXPECT_INT(sample_write(path, sample_paper, 1, GB_OUTPUT_METERS, NULL), GB_OK);
    unsetenv("HDF5_USE_FILE_LOCKING");
    pid_t child = hold(&end);
    expect_refused("is locked");
    expect_refused("HDF5_USE_FILE_LOCKING=FALSE");
    snprintf(process, sizeof process, "(process %ld)", (long)child);
    if (is_known)
        expect_refused(process);
    EXPECT_INT(gb_results_is_one(&is_one, NULL, path, &err), GB_EFILE);
    EXPECT(strstr(err.text, "is locked") != NULL);
    close(end);
    waitpid(child, NULL, 0);
    EXPECT_INT(read_all(NULL), GB_OK);
    EXPECT_INT(gb_results_is_one(&is_one, NULL, path, NULL), GB_OK);
    EXPECT(is_one);
}

static void without_descriptors_it_says_that_there_are_too_many_open_files(void)
{
    struct rlimit before, limit;
    struct gb_error err = {0};
    bool is_one = false;
    int next = dup(STDIN_FILENO);

    close(next);
    getrlimit(RLIMIT_NOFILE, &before);
    limit = before;
    limit.rlim_cur = (rlim_t)next;
    setrlimit(RLIMIT_NOFILE, &limit);
    expect_refused("Too many open files");
    EXPECT_INT(gb_results_is_one(&is_one, NULL, path, &err), GB_EFILE);
    EXPECT(strstr(err.text, "Too many open files") != NULL);
    setrlimit(RLIMIT_NOFILE, &before);
}

static void a_disk_that_fails_is_named_at_every_read(void)
{
    long n_reads = 0;

    for (;; n_reads += n_reads < 50 ? 1 : 13) {
        struct gb_error err = {0};

        reads_until_failure = n_reads;
        enum gb_status status = read_all(&err);
        reads_until_failure = -1;
        if (status == GB_OK)
            break;
        EXPECT_INT(status, GB_EFILE);
        if (!EXPECT(strstr(err.text, "Input/output error")) ||
            !EXPECT(!strstr(err.text, "damaged")))
            tap_note("at read %ld it says: %s", n_reads, err.text);
    }
    EXPECT(n_reads > 100);
    remove(path);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_result_that_another_program_writes_is_locked_and_by_whom),
        TAP(without_descriptors_it_says_that_there_are_too_many_open_files),
        TAP(a_disk_that_fails_is_named_at_every_read),
        {NULL, NULL},
    };

    return tap_main("results_system", tests);
}
