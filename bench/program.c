#define _GNU_SOURCE /* wait4 */
#include "bench/program.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_THREADS 64
#define LOOK_NS 20000000

/* Threads seen, by their numbers, and what the kernel says of each: how long it ran, and how long
 * it was ready and had no core, ns. */
struct threads {
    size_t n;
    long number[MAX_THREADS];
    double wanting_ns[MAX_THREADS];
};

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void note(struct threads *threads, pid_t process, long number)
{
    char path[96];
    double ran, stood;
    size_t i = 0;

    snprintf(path, sizeof path, "/proc/%ld/task/%ld/schedstat", (long)process, number);
    FILE *file = fopen(path, "r");
    if (!file)
        return;
    while (i < threads->n && threads->number[i] != number)
        i++;
    if (i < MAX_THREADS && fscanf(file, "%lf %lf", &ran, &stood) == 2) {
        threads->n += i == threads->n;
        threads->number[i] = number;
        threads->wanting_ns[i] = ran + stood;
    }
    fclose(file);
}

static void look_at(struct threads *threads, pid_t process)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/%ld/task", (long)process);
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (entry->d_name[0] != '.')
            note(threads, process, strtol(entry->d_name, NULL, 10));
    if (folder)
        closedir(folder);
}

static void start(const char *const *words)
{
    if (!freopen("/dev/null", "w", stdout))
        _exit(1);
    execvp(words[0], (char *const *)words);
    _exit(1);
}

struct gb_bench_taken gb_bench_run(const char *const *words)
{
    struct threads threads = {0};
    struct rusage usage;
    double began = now_s(), wanting_ns = 0;
    int status = 1;

    fflush(stdout);
    pid_t child = fork(), ended = 0;
    if (child == 0)
        start(words);
    while (child > 0 && (ended = wait4(child, &status, WNOHANG, &usage)) == 0) {
        look_at(&threads, child);
        nanosleep(&(struct timespec){.tv_nsec = LOOK_NS}, NULL);
    }
    if (child < 0 || ended != child || status != 0) {
        fprintf(stderr, "bench: %s %s does not run\n", words[0], words[1]);
        exit(1);
    }
    for (size_t i = 0; i < threads.n; i++)
        wanting_ns += threads.wanting_ns[i];
    return (struct gb_bench_taken){
        (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
            1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec),
        now_s() - began, 1e-9 * wanting_ns, (double)usage.ru_minflt,
        1024.0 * (double)usage.ru_maxrss};
}

void gb_bench_write(const char *path, const char *format, ...)
{
    FILE *file = fopen(path, "w");
    va_list values;

    va_start(values, format);
    if (!file || vfprintf(file, format, values) < 0 || fclose(file) != 0) {
        fprintf(stderr, "bench: cannot write '%s'\n", path);
        exit(1);
    }
    va_end(values);
}
