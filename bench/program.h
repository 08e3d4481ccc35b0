/* Running the program itself, ./gridbourse, and what a run of it took. */
#ifndef BENCH_PROGRAM_H
#define BENCH_PROGRAM_H

struct gb_bench_taken {
    double cpu_s, wall_s; /* CPU time of its own children included */
    double wanting_s;     /* of its threads, that they ran or stood in line for a core */
    double faults, peak_bytes;
};

/* Runs words[0] with the words behind it, up to a NULL; its output goes nowhere. Ends the benchmark
 * where it does not return 0. */
struct gb_bench_taken gb_bench_run(const char *const *words);

/* Writes a file, printf-like; ends the benchmark where that fails. */
void gb_bench_write(const char *path, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
