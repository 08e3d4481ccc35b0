/* What one trial and one row cost: the smallest process there is, a small trial as a sweep runs it,
 * and a large run that keeps its orders and trades, and is compared. Processes are the program
 * itself, ./gridbourse. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/record.h"
#include "bench/program.h"
#include "bench/report.h"
#include "experiments/run/run.h"
#include "experiments/scenario/diagnostics.h"

#define SMALLEST_REPEATS 20
enum { N_BETAS = 21, N_REPLICATIONS = 8, N_PASSES = 5 };
#define SHARED_BYTES ((size_t)64 << 20) /* as in a sweep */

static char folder[] = "/tmp/bench_result.XXXXXX";
static char scenario_path[64], result_path[64];

static void report(const char *name, double value, const char *unit, double target,
                   const char *holds)
{
    gb_bench_report(&(struct gb_bench_row){name, value, unit, target, holds});
}

static struct gb_bench_taken run_scenario(const char *level)
{
    const char *const words[] = {"./gridbourse", "run", scenario_path, "--quiet",
                                 "--threads",    "1",   "-o",          result_path,
                                 "--set",        level, NULL};

    unlink(result_path);
    return gb_bench_run(words);
}

/* As callgrind counts them; 0 where it did not. */
static double read_instructions(const char *path)
{
    FILE *file = fopen(path, "r");
    double n = 0;
    char line[256];

    while (file && n == 0 && fgets(line, sizeof line, file))
        if (sscanf(line, "summary: %lf", &n) != 1)
            n = 0;
    if (file)
        fclose(file);
    return n;
}

/* They do not depend on what else the machine does. */
static void measure_instructions(void)
{
    const char *name = "run of 1 meter and 1 slot: instructions";
    char counts_path[64], option[128];
    const char *const words[] = {"valgrind",
                                 "-q",
                                 "--tool=callgrind",
                                 option,
                                 "./gridbourse",
                                 "run",
                                 scenario_path,
                                 "--quiet",
                                 "--threads",
                                 "1",
                                 "-o",
                                 result_path,
                                 "--set",
                                 "output.level=market",
                                 NULL};

    if (system("command -v valgrind >/dev/null") != 0) {
        printf("%-64s not measured: valgrind is not there\n", name);
        return;
    }
    snprintf(counts_path, sizeof counts_path, "%s/counts", folder);
    snprintf(option, sizeof option, "--callgrind-out-file=%s", counts_path);
    unlink(result_path);
    gb_bench_run(words);
    report(name, 1e-6 * read_instructions(counts_path), "million", 35,
           "of the same process; with a shared HDF5 the loader's besides, see configure");
    unlink(counts_path);
}

static void measure_smallest(void)
{
    struct gb_bench_taken best = {.cpu_s = 1e9};
    struct stat about = {0};

    gb_bench_write(scenario_path, "format: 1\nmeters.count: 1\nslots: 1\n");
    for (int i = 0; i < SMALLEST_REPEATS; i++) {
        struct gb_bench_taken taken = run_scenario("output.level=market");

        if (taken.cpu_s < best.cpu_s)
            best = taken;
    }
    stat(result_path, &about);
    report("run of 1 meter and 1 slot: CPU time of the process", 1e3 * best.cpu_s, "ms", 40,
           "the best of 20: linking, scenario, physics, PBFT, output.level market, HDF5");
    report("run of 1 meter and 1 slot: page faults", best.faults, "", 1500, "of the same process");
    report("run of 1 meter and 1 slot: its result", (double)about.st_size / 1000, "kB", 60,
           "six tables, over 200 columns with their units and sentences");
}

/* ---- a trial, as a sweep runs it: in one process, its rows into a record
 *
 * No trial comes twice in a pass: processors know by heart what the same one does over and over,
 * and were by a third too quick. */

/* A sweep of market.beta. returns how many of its scenarios could be made */
static int create_cells(struct gb_scenario **cells, struct gb_diagnostics *diagnostics,
                        struct gb_error *err)
{
    char beta[32];
    const char *const settings[] = {"meters.count=36", "chain.protocol=ideal",
                                    "output.level=summary", beta};
    int n = 0;

    while (n < N_BETAS) {
        snprintf(beta, sizeof beta, "market.beta=%.2f", 0.05 * n);
        if (gb_scenario_defaults(&cells[n], NULL, 4, settings, diagnostics, err) != GB_OK)
            break;
        n++;
    }
    return n;
}

static enum gb_status run_sweep(struct gb_scenario *const *cells, struct gb_realisations *shared,
                                struct gb_error *err)
{
    const struct gb_run_options options = {.shared = shared};
    enum gb_status status = GB_OK;

    for (int replication = 0; replication < N_REPLICATIONS; replication++)
        for (int c = 0; c < N_BETAS && status == GB_OK; c++) {
            struct gb_record *record = NULL;

            cells[c]->replication = replication;
            status = gb_run_trial(cells[c], &options, &record, err);
            gb_record_free(record);
        }
    return status;
}

/* CPU time of a trial, s: the mean over a sweep, the best of some passes; 0 where it failed.
 * is_shared  the trials of a replication share their physics */
static double mean_trial(struct gb_scenario *const *cells, bool is_shared, struct gb_error *err)
{
    enum gb_status status = GB_OK;
    double best = 1e9;

    for (int pass = 0; pass < N_PASSES && status == GB_OK; pass++) {
        struct gb_realisations *shared = NULL;
        double start = gb_bench_cpu_s();

        if (is_shared)
            status = gb_realisations_create(&shared, &gb_physics_modelled, SHARED_BYTES, err);
        if (status == GB_OK)
            status = run_sweep(cells, shared, err);
        gb_realisations_free(shared);
        double seconds = gb_bench_cpu_s() - start;
        best = seconds < best ? seconds : best;
    }
    if (status != GB_OK)
        fprintf(stderr, "bench_result: %s\n", err->text);
    return status == GB_OK ? best / (N_BETAS * N_REPLICATIONS) : 0;
}

static void measure_trial(void)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_scenario *cells[N_BETAS] = {NULL};
    struct gb_error err = {0};

    if (create_cells(cells, diagnostics, &err) == N_BETAS) {
        report("trial of 36 meters and 96 slots, ideal", 1e3 * mean_trial(cells, true, &err), "ms",
               1.5,
               "the mean over 21 betas of 8 replications, which share their physics, one in 21 "
               "computes it; the best of 5 passes");
        report("trial of 36 meters and 96 slots, ideal, physics its own",
               1e3 * mean_trial(cells, false, &err), "ms", 0,
               "the same with weather, fleet, loads and what agents believe of them in each trial");
    }
    for (int c = 0; c < N_BETAS; c++)
        gb_scenario_free(cells[c]);
    gb_diagnostics_free(diagnostics);
}

/* Rows of a day of 10000 meters: orders, trades, blocks, users, slots and the summary. */
static double count_rows(void)
{
    static const char *const settings[] = {"meters.count=10000", "chain.protocol=ideal",
                                           "output.level=summary"};
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_run_options options = {0};
    struct gb_scenario *scenario = NULL;
    struct gb_record *record = NULL;
    struct gb_error err = {0};
    double n = 0;

    if (gb_scenario_defaults(&scenario, NULL, 3, settings, diagnostics, &err) == GB_OK &&
        gb_run_trial(scenario, &options, &record, &err) == GB_OK) {
        const struct gb_summary_row *sum = gb_record_rows(record, GB_TABLE_SUMMARY);

        n = (double)(sum->n_orders + sum->n_trades + sum->n_blocks + sum->n_meters + sum->n_slots +
                     1);
    } else
        fprintf(stderr, "bench_result: %s\n", err.text);
    gb_record_free(record);
    gb_scenario_free(scenario);
    gb_diagnostics_free(diagnostics);
    return n;
}

static int measure_rows(const void *context)
{
    const char *const compare[] = {"./gridbourse", "compare", result_path, NULL};
    double n = count_rows();
    char holds[128];

    (void)context;
    if (n == 0)
        return 1;
    gb_bench_write(scenario_path, "format: 1\nmeters.count: 10000\nchain.protocol: ideal\n");
    struct gb_bench_taken without = run_scenario("output.level=summary");
    struct gb_bench_taken with = run_scenario("output.level=market");
    struct gb_bench_taken compared = gb_bench_run(compare);
    snprintf(holds, sizeof holds, "%.2f s beside %.2f s at output.level summary, for %.0f rows",
             with.cpu_s, without.cpu_s, n);
    report("output.level market, 10000 meters: a row", 1e6 * (with.cpu_s - without.cpu_s) / n, "us",
           0.6, holds);
    report("output.level market, 10000 meters: memory", with.peak_bytes / (1 << 20), "MiB", 64,
           "of the whole process, at its peak");
    report("compare of that result: memory", compared.peak_bytes / (1 << 20), "MiB", 64,
           "of the whole process, at its peak");
    return 0;
}

int main(void)
{
    if (!mkdtemp(folder)) {
        perror("bench_result");
        return 1;
    }
    snprintf(scenario_path, sizeof scenario_path, "%s/s.yaml", folder);
    snprintf(result_path, sizeof result_path, "%s/r.h5", folder);
    measure_smallest();
    measure_instructions();
    measure_trial();
    int failed = gb_bench_apart(measure_rows, NULL);
    unlink(scenario_path);
    unlink(result_path);
    rmdir(folder);
    return failed;
}
