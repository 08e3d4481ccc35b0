/* A village day: CPU time per meter and slot of whole runs, memory per meter, and how much sooner
 * two cores have done the day than one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/parallel.h"
#include "base/patience.h"
#include "bench/report.h"
#include "experiments/run/run.h"
#include "experiments/scenario/diagnostics.h"

struct target {
    const char *name, *protocol;
    double us;
    int n_meters;
};

/* Of the days that are run on one core and on two. */
struct both_cores {
    const char *name, *mechanism;
    double wanted;
};

/* Runs a day; returns its summary's meters, slots, orders and trades, or exits after a failure. */
static struct gb_summary_row run_day(const char *protocol_name, const char *mechanism_name,
                                     int n_meters)
{
    char meters[64], protocol[64], mechanism[64];
    const char *settings[] = {meters, protocol, mechanism, "chain.crypto=modelled",
                              "output.level=summary"};
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_run_options options = {0};
    struct gb_scenario *scenario = NULL;
    struct gb_record *record = NULL;
    struct gb_error err = {0};

    snprintf(meters, sizeof meters, "meters.count=%d", n_meters);
    snprintf(protocol, sizeof protocol, "chain.protocol=%s", protocol_name);
    snprintf(mechanism, sizeof mechanism, "market.mechanism=%s", mechanism_name);
    if (gb_scenario_defaults(&scenario, NULL, sizeof settings / sizeof settings[0], settings,
                             diagnostics, &err) != GB_OK ||
        gb_run_trial(scenario, &options, &record, &err) != GB_OK) {
        fprintf(stderr, "bench_village: %s\n", err.text);
        exit(1);
    }
    struct gb_summary_row sum =
        *(const struct gb_summary_row *)gb_record_rows(record, GB_TABLE_SUMMARY);
    gb_record_free(record);
    gb_scenario_free(scenario);
    gb_diagnostics_free(diagnostics);
    return sum;
}

static void report(const struct target *target, const char *what, double value, const char *unit,
                   double wanted, const char *holds)
{
    char name[96];

    snprintf(name, sizeof name, "village day, %s, %d: %s", target->name, target->n_meters, what);
    gb_bench_report(&(struct gb_bench_row){name, value, unit, wanted, holds});
}

/* Peak memory is shown twice: all that a run took since the program's start, divided by the
 * meters; and what a meter adds beyond a village of SMALL, which leaves out what is the same for
 * all (code as it is first used, tables, one full bundle on its way). */
static int measure_day(const void *context)
{
    enum { SMALL = 1000 };
    const struct target *target = context;
    double at_start = gb_bench_peak_bytes();

    gb_set_threads(1); /* those that wait for the next sweep take time, too */
    run_day(target->protocol, "two_round", SMALL);
    double small = gb_bench_peak_bytes(), start = gb_bench_cpu_s();
    struct gb_summary_row sum = run_day(target->protocol, "two_round", target->n_meters);
    double seconds = gb_bench_cpu_s() - start, peak = gb_bench_peak_bytes();
    double n = (double)target->n_meters;
    char holds[160];

    snprintf(holds, sizeof holds, "set-up, 96 slots and accounts: %.3f s; %lld orders, %lld trades",
             seconds, (long long)sum.n_orders, (long long)sum.n_trades);
    report(target, "a meter and slot", 1e6 * seconds / n / (double)sum.n_slots, "us", target->us,
           holds);
    report(target, "memory in all", (peak - at_start) / n, "bytes a meter", 1024,
           "all that was taken since the program's start, over the meters");
    report(target, "memory beyond 1000 meters", (peak - small) / (n - SMALL), "bytes a meter", 0,
           "what a meter adds to a village of 1000");
    return 0;
}

static double wall_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* By turns, so that what else is at work troubles both alike. */
static int measure_both_cores(const void *context)
{
    enum { N_METERS = 20000, N_RUNS = 5 };
    const struct both_cores *day = context;
    double least_s[2] = {1e9, 1e9};
    char name[96];

    gb_set_threads(2);
    gb_patience_begin(); /* as `run` does */
    for (int run = 0; run < N_RUNS; run++)
        for (int cores = 1; cores <= 2; cores++) {
            gb_set_threads(cores);
            double began = wall_s();
            run_day("ideal", day->mechanism, N_METERS);
            double took = wall_s() - began;
            least_s[cores - 1] = took < least_s[cores - 1] ? took : least_s[cores - 1];
        }
    snprintf(name, sizeof name, "village day, %s, %d: on two cores", day->name, N_METERS);
    gb_bench_report(&(struct gb_bench_row){
        name, least_s[0] / least_s[1], "times as fast", day->wanted,
        "by the clock on the wall, the best of 5 each: only where nobody else is at work"});
    return 0;
}

int main(void)
{
    static const struct both_cores days[] = {{"ideal", "two_round", 1.8},
                                             {"ideal without a market", "grid_only", 1.8}};
    static const struct target targets[] = {{"ideal", "ideal", 0.6, 10000},
                                            {"PBFT n = 4, modelled", "pbft", 5.0, 10000},
                                            {"ideal", "ideal", 0, 100000},
                                            {"PBFT n = 4, modelled", "pbft", 0, 50000}};
    int failed = 0;

    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++)
        failed |= gb_bench_apart(measure_day, &targets[i]);
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
        failed |= gb_bench_apart(measure_both_cores, &days[i]);
    return failed;
}
