/* What every benchmark shares: the clock, and one row a figure. A row is printed with its target,
 * the figure of the release before, and what is inside of what was timed; nothing else makes two
 * figures comparable. */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

struct gb_bench_row {
    const char *name; /* of the figure; once in all benchmarks */
    double value;
    const char *unit;
    double target;     /* what is wanted, in the same unit; 0: nothing is */
    const char *holds; /* what is inside of what was timed, and what is not */
};

/* CPU time of this process so far, in seconds. */
double gb_bench_cpu_s(void);

/* The most memory this process has held so far, in bytes. */
double gb_bench_peak_bytes(void);

/* Prints a row. The file named by GB_BENCH_BEFORE (name, value and unit, tabs between) has the
 * figure of the release before; a row is appended to the one named by GB_BENCH_RECORD, if any,
 * in the same form. */
void gb_bench_report(const struct gb_bench_row *row);

/* Runs `measure` in a process of its own, so that peak memory is the measured thing's alone.
 * returns 0, or 1 where it could not be started or did not return 0 */
int gb_bench_apart(int (*measure)(const void *context), const void *context);

#endif
