#include "cli/estimate.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "analysis/journal.h"
#include "analysis/record_bytes.h"
#include "base/parallel.h"
#include "experiments/sweep/sweep_run.h"
#include "experiments/sweep/trial_size.h"
#include "models/assets/realisations.h"

#define MAX_PILOTS 9
#define BUDGET_S 8.0 /* of computing, for all pilots */
/* What no pilot does: the start of a process, HDF5 and its buffers while a result is written, the
 * rows of a trial in its index and summary, the file around the tables of a result, the time from a
 * byte of the journal to the result, and what the heap has between the small blocks of shared
 * physics. Measured on sweeps of 330 to 13 200 trials. */
#define WRITER_BYTES (5.0 * 1048576)
#define TRIAL_BYTES 1300.0
#define RESULT_BYTES 0.2e6
#define START_S 0.03
#define WRITE_S_A_BYTE 13e-9
#define SHARED_HEAP 2.0

/* A cell by gb_trial_size. */
struct sized {
    uint64_t trial; /* its first one */
    double size;
};

/* What one trial takes. */
struct cost {
    double cold_s, warm_s; /* with physics to compute, and with what another trial left */
    double journal_bytes;
    double shared_bytes; /* of its physics, kept for others */
};

/* Cells by size, and the cost of some of them. */
struct estimate {
    const struct gb_sweep *sweep;
    size_t n;
    struct sized *cells; /* ascending */
    size_t n_pilots, places[MAX_PILOTS];
    struct cost costs[MAX_PILOTS];
    struct gb_realisations *shared; /* NULL: no trials share any */
    double base_bytes;              /* of this process before its pilots */
    double trial_bytes;             /* that the largest pilot took beside what is shared */
};

static double cpu_s(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Of this process so far, at its highest. */
static double peak_bytes(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss * 1024;
}

/* ---- sizes */

static int by_size(const void *a, const void *b)
{
    const struct sized *x = a, *y = b;

    return x->size != y->size ? (x->size > y->size) - (x->size < y->size)
                              : (x->trial > y->trial) - (x->trial < y->trial);
}

static enum gb_status measure_sizes(struct estimate *estimate, struct gb_error *err)
{
    const struct gb_sweep *sweep = estimate->sweep;
    enum gb_status status = GB_OK;

    estimate->n = (size_t)gb_sweep_n_cells(sweep);
    estimate->cells = calloc(estimate->n + 1, sizeof *estimate->cells);
    if (!estimate->cells)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu cells", estimate->n);
    for (size_t cell = 0; status == GB_OK && cell < estimate->n; cell++) {
        uint64_t trial = cell * gb_sweep_stride(sweep);
        struct gb_scenario *scenario = NULL;

        status = gb_sweep_scenario(sweep, trial, &scenario, err);
        if (status == GB_OK)
            estimate->cells[cell] = (struct sized){trial, gb_trial_size(scenario)};
        gb_scenario_free(scenario);
    }
    qsort(estimate->cells, estimate->n, sizeof *estimate->cells, by_size);
    return status;
}

/* ---- pilots */

static enum gb_status run_once(const struct estimate *estimate, uint64_t trial, double *seconds,
                               double *journal_bytes, struct gb_error *err)
{
    struct gb_record *record = NULL;
    struct gb_bytes encoded = {0};
    double start = cpu_s();
    enum gb_status status =
        gb_sweep_run_trial(estimate->sweep, estimate->shared, trial, &record, err);

    if (status == GB_OK) {
        gb_record_encode(record, &encoded);
        *journal_bytes = (double)gb_journal_n_bytes(encoded.n);
    }
    *seconds = cpu_s() - start;
    free(encoded.bytes);
    gb_record_free(record);
    return status;
}

static double bytes_shared(const struct estimate *estimate)
{
    return estimate->shared ? (double)gb_realisations_n_bytes(estimate->shared) : 0.0;
}

static enum gb_status run_pilot(const struct estimate *estimate, uint64_t trial, struct cost *cost,
                                struct gb_error *err)
{
    double before = bytes_shared(estimate);
    enum gb_status status = run_once(estimate, trial, &cost->cold_s, &cost->journal_bytes, err);

    cost->shared_bytes = fmax(0.0, bytes_shared(estimate) - before);
    cost->warm_s = cost->cold_s;
    if (status == GB_OK && estimate->shared)
        status = run_once(estimate, trial, &cost->warm_s, &cost->journal_bytes, err);
    return status;
}

/* The place of the i-th of so many pilots, which begin with the smallest cell and end with the
 * largest. */
static size_t place_of(const struct estimate *estimate, size_t i, size_t n_wanted)
{
    return n_wanted > 1 ? i * (estimate->n - 1) / (n_wanted - 1) : 0;
}

/* From the smallest up, while what is left of the budget is enough for the next one. */
static enum gb_status run_pilots(struct estimate *estimate, struct gb_error *err)
{
    size_t n_wanted = estimate->n < MAX_PILOTS ? estimate->n : MAX_PILOTS;
    double start = cpu_s(), ignored;
    enum gb_status status = GB_OK;

    estimate->base_bytes = peak_bytes();
    for (size_t i = 0; status == GB_OK && i < n_wanted; i++) {
        size_t place = place_of(estimate, i, n_wanted);
        struct sized *cell = &estimate->cells[place];
        struct cost *cost = &estimate->costs[i];

        if (i > 0) {
            double ratio = cell->size / estimate->cells[estimate->places[i - 1]].size;

            if (cpu_s() - start + cost[-1].cold_s * ratio > BUDGET_S)
                break;
        } else { /* the first trial of a process has tables to make */
            struct gb_realisations *shared = estimate->shared;

            estimate->shared = NULL;
            status = run_once(estimate, cell->trial, &ignored, &ignored, err);
            estimate->shared = shared;
        }
        if (status == GB_OK)
            status = run_pilot(estimate, cell->trial, cost, err);
        estimate->places[estimate->n_pilots++] = place;
    }
    estimate->trial_bytes = fmax(0.0, peak_bytes() - estimate->base_bytes - bytes_shared(estimate));
    return status;
}

/* ---- the whole sweep */

static double between(double low, double high, double share)
{
    return low + share * (high - low);
}

/* The cost of the cell at a place: between the two pilots around it as its size is, behind the last
 * one in proportion to it. */
static struct cost cost_at(const struct estimate *estimate, size_t place)
{
    size_t i = 0;

    while (i < estimate->n_pilots && estimate->places[i] < place)
        i++;
    double size = estimate->cells[place].size;
    if (i == estimate->n_pilots) {
        struct cost last = estimate->costs[i - 1];
        double ratio = size / estimate->cells[estimate->places[i - 1]].size;

        return (struct cost){last.cold_s * ratio, last.warm_s * ratio, last.journal_bytes * ratio,
                             last.shared_bytes * ratio};
    }
    if (i == 0)
        return estimate->costs[0];
    const struct cost *a = &estimate->costs[i - 1], *b = &estimate->costs[i];
    double low = estimate->cells[estimate->places[i - 1]].size;
    double high = estimate->cells[estimate->places[i]].size;
    double share = estimate->places[i] == place ? 1.0
                   : high > low                 ? (size - low) / (high - low)
                                                : 0.5;
    return (struct cost){between(a->cold_s, b->cold_s, share), between(a->warm_s, b->warm_s, share),
                         between(a->journal_bytes, b->journal_bytes, share),
                         between(a->shared_bytes, b->shared_bytes, share)};
}

/* Of n replications of all cells together; each physics is computed once. */
static struct cost sum_costs(const struct estimate *estimate, double n)
{
    double cold = (double)gb_sweep_n_realisations(estimate->sweep) /
                  (double)gb_sweep_n_trials(estimate->sweep);
    struct cost sum = {0};

    for (size_t place = 0; place < estimate->n; place++) {
        struct cost cost = cost_at(estimate, place);

        sum.warm_s += n * between(cost.warm_s, cost.cold_s, cold);
        sum.journal_bytes += n * cost.journal_bytes;
        sum.shared_bytes += n * cold * cost.shared_bytes;
    }
    return sum;
}

/* So many trials at a time as large as the largest one, what they share, and what they leave. */
static double memory_of(const struct estimate *estimate, const struct cost *sum, double n_trials,
                        int n_threads)
{
    double largest = estimate->cells[estimate->n - 1].size;
    double ratio = largest / estimate->cells[estimate->places[estimate->n_pilots - 1]].size;
    double shared_bytes =
        fmin(sum->shared_bytes,
             (GB_REALISATIONS_IDLE + n_threads) * cost_at(estimate, estimate->n - 1).shared_bytes);

    return estimate->base_bytes + fmin(n_threads, n_trials) * estimate->trial_bytes * ratio +
           SHARED_HEAP * fmin(shared_bytes, (double)GB_SWEEP_SHARED_BYTES) + WRITER_BYTES +
           n_trials * TRIAL_BYTES;
}

/* ---- in words */

static void print_time(double seconds)
{
    if (seconds < 0.1)
        printf("%.0f ms", ceil(1e3 * seconds));
    else if (seconds < 120)
        printf("%.*f s", seconds < 10 ? 1 : 0, seconds);
    else if (seconds < 7200)
        printf("%.0f min", seconds / 60);
    else if (seconds < 172800)
        printf("%.0f h", seconds / 3600);
    else
        printf("%.0f d", seconds / 86400);
}

static void print_bytes(double n)
{
    printf("%.3g %s", n < 1e9 ? 1e-6 * n : 1e-9 * n, n < 1e9 ? "MB" : "GB");
}

/* Of n replications: "about 57 s on 2 threads, 41 MiB of memory, ..." */
static void print_costs(const struct estimate *estimate, uint64_t n, int n_threads)
{
    struct cost sum = sum_costs(estimate, (double)n);
    double n_trials = (double)n * (double)gb_sweep_n_cells(estimate->sweep);

    printf("about ");
    print_time(START_S + sum.warm_s / n_threads + WRITE_S_A_BYTE * sum.journal_bytes);
    printf(" on %d thread%s, %.0f MiB of memory, ", n_threads, n_threads == 1 ? "" : "s",
           memory_of(estimate, &sum, n_trials, n_threads) / 1048576);
    print_bytes(sum.journal_bytes);
    printf(" of journal,\n  at most ");
    print_bytes(sum.journal_bytes + RESULT_BYTES);
    printf(" of result\n");
}

/* Of two stages the second may be many times the first, or nothing. */
static void print_estimate(const struct estimate *estimate, uint64_t n_first, int n_threads)
{
    uint64_t n = gb_sweep_n_replications(estimate->sweep);

    printf("  by %zu pilot trial%s: ", estimate->n_pilots, estimate->n_pilots == 1 ? "" : "s");
    if (n_first > 0) {
        printf("its first stage, %" PRIu64 " replications, takes ", n_first);
        print_costs(estimate, n_first, n_threads);
        printf("  and both stages, should all %" PRIu64 " replications be needed, ", n);
    }
    print_costs(estimate, n, n_threads);
}

enum gb_status gb_estimate_print(const struct gb_sweep *sweep, uint64_t n_first, int n_threads,
                                 struct gb_error *err)
{
    struct estimate estimate = {.sweep = sweep};
    int before = gb_set_threads(1); /* pilots run as a trial of the sweep does */
    enum gb_status status = measure_sizes(&estimate, err);

    if (status == GB_OK && gb_sweep_shares_physics(sweep))
        status = gb_realisations_create(&estimate.shared, &gb_physics_replayed,
                                        GB_SWEEP_SHARED_BYTES, err);
    if (status == GB_OK)
        status = run_pilots(&estimate, err);
    if (status == GB_OK)
        print_estimate(&estimate, n_first, n_threads > 0 ? n_threads : before);
    gb_set_threads(before);
    gb_realisations_free(estimate.shared);
    free(estimate.cells);
    return status;
}
