/* A library to be preloaded that makes calls of a program fail, or ends the program at them.
 *
 * GB_FAIL=KIND:WHO:N:WHAT
 * - KIND: alloc write sync rename open lock truncate unlink spawn; several joined by `+`
 * - WHO: `own` (the program's calls), `other` (its libraries') or `all`
 * - N: the N-th of these calls fails; with a `+` behind it every later one as well
 * - WHAT: an errno (ENOMEM ENOSPC EIO EMFILE ENOSYS ENOLCK EAGAIN), a signal (KILL TERM), or WAIT:
 * the call takes a twentieth of a second longer, and does not fail
 *
 * GB_FAIL_COUNT=FILE leaves in FILE, at the end, how many calls of that kind there were.
 *
 * Calls are counted from main() on. Whose a call is, is told by the address to which it returns.
 * HDF5 may be linked into the program and is one of its libraries all the same: functions whose
 * name begins with H5 in the program's own table of symbols. A program without that table counts as
 * all its own. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum kind { ALLOC, WRITE, SYNC, RENAME, OPEN, LOCK, TRUNCATE, UNLINK, SPAWN, N_KINDS };
static const char *const kind_names[N_KINDS] = {"alloc", "write",    "sync",   "rename", "open",
                                                "lock",  "truncate", "unlink", "spawn"};
enum who { OWN, OTHER, ALL };

static struct {
    bool is_on, is_lasting, is_signal;
    bool kinds[N_KINDS];
    enum who who;
    long n;
    int what; /* errno, or the signal */
} plan;
struct range {
    uintptr_t begin, end;
};
static struct range text; /* of the program itself */
/* what of it is HDF5's: apart, in the order of addresses */
static struct range *inside;
static size_t n_inside;
static atomic_long n_calls;

/* ---- the plan */

static const struct {
    const char *name;
    int number;
    bool is_signal;
} reasons[] = {{"ENOMEM", ENOMEM, false}, {"ENOSPC", ENOSPC, false}, {"EIO", EIO, false},
               {"EMFILE", EMFILE, false}, {"ENOSYS", ENOSYS, false}, {"ENOLCK", ENOLCK, false},
               {"EAGAIN", EAGAIN, false}, {"KILL", SIGKILL, true},   {"TERM", SIGTERM, true},
               {"WAIT", 0, false}};

static void report(const char *about)
{
    fprintf(stderr, "failing: cannot read GB_FAIL at '%s'\n", about);
    _exit(99);
}

static const char *read_kinds(const char *at)
{
    while (*at && *at != ':') {
        size_t n = strcspn(at, "+:"), kind = 0;

        while (kind < N_KINDS &&
               (strlen(kind_names[kind]) != n || strncmp(kind_names[kind], at, n) != 0))
            kind++;
        if (kind == N_KINDS)
            report(at);
        plan.kinds[kind] = true;
        at += n + (at[n] == '+');
    }
    return at + (*at == ':');
}

static void read_plan(const char *text)
{
    const char *at = read_kinds(text);
    char *end;
    size_t i = 0;

    plan.who = strncmp(at, "own:", 4) == 0 ? OWN : strncmp(at, "all:", 4) == 0 ? ALL : OTHER;
    at += strcspn(at, ":") + 1;
    plan.n = strtol(at, &end, 10);
    plan.is_lasting = *end == '+';
    at = end + plan.is_lasting + 1;
    while (i < sizeof reasons / sizeof reasons[0] && strcmp(reasons[i].name, at) != 0)
        i++;
    if (i == sizeof reasons / sizeof reasons[0])
        report(at);
    plan.what = reasons[i].number;
    plan.is_signal = reasons[i].is_signal;
}

/* ---- whose a call is */

static int by_begin(const void *a, const void *b)
{
    const struct range *one = a, *other = b;

    return (one->begin > other->begin) - (one->begin < other->begin);
}

/* The functions of HDF5 by a table of symbols; `at` is where the program was loaded. */
static void find_inside(const char *file, const ElfW(Shdr) * table, const char *names, uintptr_t at)
{
    const ElfW(Sym) *symbols = (const void *)(file + table->sh_offset);
    size_t n = table->sh_size / sizeof *symbols;

    inside = calloc(n, sizeof *inside);
    for (size_t i = 0; inside && i < n; i++)
        if ((symbols[i].st_info & 0xf) == STT_FUNC && symbols[i].st_shndx != SHN_UNDEF &&
            strncmp(names + symbols[i].st_name, "H5", 2) == 0)
            inside[n_inside++] = (struct range){at + symbols[i].st_value,
                                                at + symbols[i].st_value + symbols[i].st_size};
    qsort(inside, n_inside, sizeof *inside, by_begin);
}

/* The program's file, as a whole in memory; NULL where it cannot be had. */
static const char *map_program(void)
{
    int file = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/exe", O_RDONLY);
    struct stat about;
    void *bytes = MAP_FAILED;

    if (file >= 0 && fstat(file, &about) == 0)
        bytes = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    close(file);
    return bytes == MAP_FAILED ? NULL : bytes;
}

static int find_text(struct dl_phdr_info *info, size_t size, void *context)
{
    const char *file = map_program();

    (void)size, (void)context;
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_LOAD && (info->dlpi_phdr[i].p_flags & PF_X)) {
            text.begin = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
            text.end = text.begin + info->dlpi_phdr[i].p_memsz;
        }
    if (file) {
        const ElfW(Ehdr) *head = (const void *)file;
        const ElfW(Shdr) *sections = (const void *)(file + head->e_shoff);

        for (size_t i = 0; i < head->e_shnum; i++)
            if (sections[i].sh_type == SHT_SYMTAB)
                find_inside(file, &sections[i], file + sections[sections[i].sh_link].sh_offset,
                            info->dlpi_addr);
    }
    return 1; /* the first object is the program */
}

/* A call that is the last thing of its function returns to what lies behind: an end belongs to it.
 */
static bool is_inside(uintptr_t caller)
{
    size_t first = 0, behind = n_inside;

    while (first < behind) {
        size_t middle = (first + behind) / 2;

        if (caller > inside[middle].end)
            first = middle + 1;
        else
            behind = middle;
    }
    return first < n_inside && caller > inside[first].begin;
}

static bool is_own(uintptr_t caller)
{
    return caller >= text.begin && caller < text.end && !is_inside(caller);
}

/* Shall this call fail? Then errno is set. */
static bool fails(enum kind kind, const void *caller)
{
    if (!plan.is_on || !plan.kinds[kind])
        return false;
    if (plan.who != ALL && is_own((uintptr_t)caller) != (plan.who == OWN))
        return false;
    long number = atomic_fetch_add(&n_calls, 1) + 1;
    if (number != plan.n && !(plan.is_lasting && number > plan.n && plan.n > 0))
        return false;
    if (plan.is_signal) {
        syscall(SYS_kill, getpid(), plan.what);
        return false;
    }
    if (plan.what == 0) {
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
        return false;
    }
    errno = plan.what;
    return true;
}
#define FAILS(kind) fails(kind, __builtin_return_address(0))

/* ---- memory: dlsym itself may ask for some before the real functions are found */

static char early[8192];
static size_t n_early;

static void *take_early(size_t n)
{
    void *block = early + n_early;

    n_early += (n + 15) / 16 * 16;
    if (n_early > sizeof early)
        _exit(99);
    return block;
}

static bool is_early(const void *block)
{
    return (const char *)block >= early && (const char *)block < early + sizeof early;
}

static void *(*real_malloc)(size_t), *(*real_calloc)(size_t, size_t),
    *(*real_realloc)(void *, size_t), *(*real_aligned)(size_t, size_t);
static void (*real_free)(void *);
static int (*real_memalign)(void **, size_t, size_t);
static bool is_finding;

static void *find(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

static void find_memory(void)
{
    if (real_free || is_finding)
        return;
    is_finding = true;
    *(void **)&real_malloc = find("malloc");
    *(void **)&real_calloc = find("calloc");
    *(void **)&real_realloc = find("realloc");
    *(void **)&real_aligned = find("aligned_alloc");
    *(void **)&real_memalign = find("posix_memalign");
    *(void **)&real_free = find("free");
    is_finding = false;
}

void *malloc(size_t n)
{
    find_memory();
    return FAILS(ALLOC) ? NULL : real_malloc ? real_malloc(n) : take_early(n);
}

void *calloc(size_t n, size_t size)
{
    find_memory();
    return FAILS(ALLOC) ? NULL : real_calloc ? real_calloc(n, size) : take_early(n * size);
}

void *realloc(void *block, size_t n)
{
    find_memory();
    if (FAILS(ALLOC))
        return NULL;
    if (!is_early(block) && real_realloc)
        return real_realloc(block, n);
    void *moved = real_malloc ? real_malloc(n) : take_early(n);
    if (block && moved)
        memcpy(moved, block, n);
    return moved;
}

void free(void *block)
{
    find_memory();
    if (real_free && !is_early(block))
        real_free(block);
}

void *aligned_alloc(size_t alignment, size_t n)
{
    return FAILS(ALLOC) ? NULL : real_aligned(alignment, n);
}

int posix_memalign(void **block, size_t alignment, size_t n)
{
    return FAILS(ALLOC) ? errno : real_memalign(block, alignment, n);
}

/* Defines NAME to fail as kind with `failure`, else to call the real one. */
#define WRAP(kind, failure, type, name, parameters, arguments) \
    type name parameters                                       \
    {                                                          \
        static type(*real) parameters;                         \
        if (!real)                                             \
            *(void **)&real = find(#name);                     \
        return FAILS(kind) ? (failure) : real arguments;       \
    }

WRAP(ALLOC, NULL, char *, strdup, (const char *text), (text))
WRAP(ALLOC, NULL, char *, strndup, (const char *text, size_t n), (text, n))
WRAP(ALLOC, NULL, FILE *, open_memstream, (char **text, size_t *n), (text, n))

/* ---- files */

WRAP(OPEN, NULL, FILE *, fopen, (const char *path, const char *mode), (path, mode))
WRAP(OPEN, NULL, FILE *, fopen64, (const char *path, const char *mode), (path, mode))
WRAP(OPEN, NULL, FILE *, fdopen, (int file, const char *mode), (file, mode))
WRAP(OPEN, -1, int, mkdir, (const char *path, mode_t mode), (path, mode))
WRAP(WRITE, -1, ssize_t, write, (int file, const void *bytes, size_t n), (file, bytes, n))
WRAP(WRITE, -1, ssize_t, pwrite, (int file, const void *bytes, size_t n, off_t at),
     (file, bytes, n, at))
WRAP(WRITE, -1, ssize_t, pwrite64, (int file, const void *bytes, size_t n, off64_t at),
     (file, bytes, n, at))
WRAP(WRITE, -1, ssize_t, writev, (int file, const struct iovec *parts, int n), (file, parts, n))
WRAP(SYNC, -1, int, fsync, (int file), (file))
WRAP(SYNC, -1, int, fdatasync, (int file), (file))
WRAP(RENAME, -1, int, rename, (const char *from, const char *to), (from, to))
WRAP(TRUNCATE, -1, int, ftruncate, (int file, off_t n), (file, n))
WRAP(TRUNCATE, -1, int, ftruncate64, (int file, off64_t n), (file, n))
WRAP(UNLINK, -1, int, unlink, (const char *path), (path))
WRAP(LOCK, -1, int, flock, (int file, int how), (file, how))
WRAP(SPAWN, -1, int, pipe, (int ends[2]), (ends))
WRAP(SPAWN, plan.what, int, posix_spawnp,
     (pid_t * child, const char *program, const posix_spawn_file_actions_t *actions,
      const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[]),
     (child, program, actions, attributes, arguments, environment))

static int open_really(const char *path, int flags, va_list more)
{
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0;

    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

#define WRAP_OPEN(name)                            \
    int name(const char *path, int flags, ...)     \
    {                                              \
        va_list more;                              \
        if (FAILS(OPEN))                           \
            return -1;                             \
        va_start(more, flags);                     \
        int file = open_really(path, flags, more); \
        va_end(more);                              \
        return file;                               \
    }
WRAP_OPEN(open)
WRAP_OPEN(open64)

#define WRAP_FCNTL(name)                                                                      \
    int name(int file, int command, ...)                                                      \
    {                                                                                         \
        va_list more;                                                                         \
        va_start(more, command);                                                              \
        void *argument = va_arg(more, void *);                                                \
        va_end(more);                                                                         \
        if ((command == F_SETLK || command == F_SETLKW || command == F_GETLK) && FAILS(LOCK)) \
            return -1;                                                                        \
        return (int)syscall(SYS_fcntl, file, command, argument);                              \
    }
WRAP_FCNTL(fcntl)
WRAP_FCNTL(fcntl64)

/* Writes of a stream fail where it is emptied; what a program asks of the stream then is told so.
 */
#define STREAM_HAS_FAILED 0x20 /* glibc: _IO_ERR_SEEN */

static size_t mark(FILE *stream)
{
    stream->_flags |= STREAM_HAS_FAILED;
    return 0;
}

WRAP(WRITE, mark(stream), size_t, fwrite, (const void *bytes, size_t size, size_t n, FILE *stream),
     (bytes, size, n, stream))
WRAP(WRITE, (mark(stream), EOF), int, fputs, (const char *text, FILE *stream), (text, stream))
WRAP(WRITE, (mark(stream), EOF), int, fflush, (FILE * stream), (stream))

int fclose(FILE *stream)
{
    static int (*real)(FILE *);
    bool is_lost = FAILS(WRITE);

    if (!real)
        *(void **)&real = find("fclose");
    int code = real(stream);
    if (is_lost)
        errno = plan.what;
    return is_lost ? EOF : code;
}

/* ---- begin and end */

static void leave_count(void)
{
    const char *path = getenv("GB_FAIL_COUNT");
    char text[32];
    int n = snprintf(text, sizeof text, "%ld\n", atomic_load(&n_calls));
    int file =
        path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0666) : -1;

    plan.is_on = false;
    if (file >= 0 && syscall(SYS_write, file, text, n) != n)
        _exit(99);
}

static int (*program_main)(int, char **, char **);

static int main_counted(int argc, char **argv, char **environment)
{
    const char *text = getenv("GB_FAIL");

    if (text)
        read_plan(text);
    dl_iterate_phdr(find_text, NULL);
    atexit(leave_count);
    plan.is_on = text != NULL;
    unsetenv("LD_PRELOAD"); /* of what the program starts, gnuplot say, nothing fails */
    return program_main(argc, argv, environment);
}

int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*rtld_fini)(void), void *stack_end)
{
    int (*real)(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void),
                void (*)(void), void *);

    *(void **)&real = find("__libc_start_main");
    program_main = main;
    return real(main_counted, argc, argv, init, fini, rtld_fini, stack_end);
}
