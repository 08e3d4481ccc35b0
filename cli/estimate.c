#include "cli/estimate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "analysis/record_bytes.h"
#include "experiments/run/run.h"
#include "experiments/sweep/trial_size.h"

#define SOON_S 5.0 /* a pilot may take as long */

/* Trials by gb_trial_size. */
struct sizes {
    struct {
        uint64_t trial;
        double size;
    } smallest, largest;
    double total;
};

struct cost {
    double seconds, bytes;
};

static double now_s(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Of this process so far, at its highest. */
static double peak_mib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static enum gb_status measure_sizes(const struct gb_sweep *sweep, struct sizes *sizes,
                                    struct gb_error *err)
{
    uint64_t n = gb_sweep_n_replications(sweep);
    enum gb_status status = GB_OK;

    for (uint64_t cell = 0; status == GB_OK && cell < gb_sweep_n_cells(sweep); cell++) {
        uint64_t trial = cell * gb_sweep_stride(sweep);
        struct gb_scenario *scenario = NULL;

        status = gb_sweep_scenario(sweep, trial, &scenario, err);
        if (status != GB_OK)
            return status;
        double size = gb_trial_size(scenario);
        if (trial == 0 || size < sizes->smallest.size) {
            sizes->smallest.size = size;
            sizes->smallest.trial = trial;
        }
        if (size > sizes->largest.size) {
            sizes->largest.size = size;
            sizes->largest.trial = trial;
        }
        sizes->total += size * (double)n;
        gb_scenario_free(scenario);
    }
    return status;
}

static enum gb_status run_pilot(const struct gb_sweep *sweep, uint64_t trial, struct cost *cost,
                                struct gb_error *err)
{
    const struct gb_run_options options = {.trial = trial};
    struct gb_scenario *scenario = NULL;
    struct gb_record *record = NULL;
    struct gb_bytes encoded = {0};
    enum gb_status status = gb_sweep_scenario(sweep, trial, &scenario, err);
    double start = now_s();

    if (status == GB_OK)
        status = gb_run_trial(scenario, &options, &record, err);
    cost->seconds = now_s() - start;
    if (status == GB_OK) {
        gb_record_encode(record, &encoded);
        cost->bytes = (double)encoded.n;
    }
    free(encoded.bytes);
    gb_record_free(record);
    gb_scenario_free(scenario);
    return status;
}

static void print_time(double seconds)
{
    if (seconds < 120)
        printf("%.*f s", seconds < 10 ? 1 : 0, seconds);
    else if (seconds < 7200)
        printf("%.0f min", seconds / 60);
    else if (seconds < 172800)
        printf("%.0f h", seconds / 3600);
    else
        printf("%.0f d", seconds / 86400);
}

static int threads_of(int n_asked)
{
#ifdef _OPENMP
    return n_asked > 0 ? n_asked : omp_get_max_threads();
#else
    (void)n_asked;
    return 1;
#endif
}

/* Both ends of the sizes, where the largest is soon done; a trial between them costs between. */
static enum gb_status run_pilots(const struct gb_sweep *sweep, const struct sizes *sizes,
                                 struct cost *small, struct cost *large, struct gb_error *err)
{
    enum gb_status status = run_pilot(sweep, sizes->smallest.trial, small, err);
    double ratio = sizes->largest.size / sizes->smallest.size;

    if (status == GB_OK && small->seconds < SOON_S) /* again: the first has tables to make */
        status = run_pilot(sweep, sizes->smallest.trial, small, err);
    *large = (struct cost){small->seconds * ratio, small->bytes * ratio};
    if (status == GB_OK && large->seconds < SOON_S)
        status = run_pilot(sweep, sizes->largest.trial, large, err);
    return status;
}

/* The sum over all trials of what lies between its two ends as their sizes do. */
static double sum(const struct sizes *sizes, double n, double small, double large)
{
    double span = sizes->largest.size - sizes->smallest.size;

    return span > 0 ? n * small + (large - small) * (sizes->total - n * sizes->smallest.size) / span
                    : n * small;
}

enum gb_status gb_estimate_print(const struct gb_sweep *sweep, int n_threads, struct gb_error *err)
{
    struct sizes sizes = {0};
    struct cost small = {0}, large = {0};
    double before = peak_mib(), n = (double)gb_sweep_n_trials(sweep);
    enum gb_status status = measure_sizes(sweep, &sizes, err);

    if (status == GB_OK)
        status = run_pilots(sweep, &sizes, &small, &large, err);
    if (status != GB_OK)
        return status;
    n_threads = threads_of(n_threads);
    printf("  by a trial of the smallest size: about ");
    print_time(sum(&sizes, n, small.seconds, large.seconds) / n_threads);
    printf(" on %d thread%s, %.0f MiB of memory, %.3g MB of records\n", n_threads,
           n_threads == 1 ? "" : "s", before + (peak_mib() - before) * n_threads,
           1e-6 * sum(&sizes, n, small.bytes, large.bytes));
    return GB_OK;
}
