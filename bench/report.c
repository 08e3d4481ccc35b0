#include "bench/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

double gb_bench_cpu_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double gb_bench_peak_bytes(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return 1024.0 * (double)usage.ru_maxrss;
}

/* "22.1", or "-" where the release before had no such row, or in another unit. */
static void find_before(const struct gb_bench_row *row, char *out, size_t size)
{
    const char *path = getenv("GB_BENCH_BEFORE");
    FILE *file = path ? fopen(path, "r") : NULL;
    char line[256];

    snprintf(out, size, "-");
    while (file && fgets(line, sizeof line, file)) {
        char *value = strchr(line, '\t'), *unit = value ? strchr(value + 1, '\t') : NULL;

        if (!unit)
            continue;
        *value = *unit = '\0';
        unit[1 + strcspn(unit + 1, "\n")] = '\0';
        if (strcmp(line, row->name) == 0 && strcmp(unit + 1, row->unit) == 0)
            snprintf(out, size, "%s", value + 1);
    }
    if (file)
        fclose(file);
}

static void record(const struct gb_bench_row *row)
{
    const char *path = getenv("GB_BENCH_RECORD"); /* empty: none */
    FILE *file = path && path[0] ? fopen(path, "a") : NULL;

    if (!file)
        return;
    fprintf(file, "%s\t%.4g\t%s\n", row->name, row->value, row->unit);
    fclose(file);
}

void gb_bench_report(const struct gb_bench_row *row)
{
    char before[64], target[64] = "-";

    find_before(row, before, sizeof before);
    if (row->target > 0)
        snprintf(target, sizeof target, "%.4g", row->target);
    printf("%-64s %10.4g %-26s before %8s  target %6s\n      %s\n", row->name, row->value,
           row->unit, before, target, row->holds);
    fflush(stdout);
    record(row);
}

int gb_bench_apart(int (*measure)(const void *context), const void *context)
{
    int status = 1;

    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        _exit(measure(context));
    return child < 0 || waitpid(child, &status, 0) != child || status != 0;
}
