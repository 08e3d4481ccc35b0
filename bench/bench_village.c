/* A village day: CPU time per meter and slot of whole runs, and memory per meter. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "experiments/complaints.h"
#include "experiments/microgrid.h"

struct target { const char *name, *protocol, *wanted; int n_meters; };

static double cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Runs a day; returns its summary's meters, slots, orders and trades, or exits after a failure. */
static struct gb_summary_row run_day(const char *protocol_name, int n_meters)
{
    char meters[64], protocol[64];
    const char *settings[] = {meters, protocol, "chain.crypto=modelled", "output.level=summary"};
    struct gb_complaints *complaints = gb_complaints_create();
    struct gb_run_options options = {0};
    struct gb_scenario *scenario = NULL;
    struct gb_record *record = NULL;
    struct gb_error err = {0};

    snprintf(meters, sizeof meters, "meters.count=%d", n_meters);
    snprintf(protocol, sizeof protocol, "chain.protocol=%s", protocol_name);
    if (gb_scenario_defaults(&scenario, 4, settings, complaints, &err) != GB_OK ||
        gb_microgrid_run(scenario, &options, &record, &err) != GB_OK) {
        fprintf(stderr, "bench_village: %s\n", err.text);
        exit(1);
    }
    struct gb_summary_row sum = *(const struct gb_summary_row *)gb_record_rows(record,
                                                                               GB_TABLE_SUMMARY);
    gb_record_free(record);
    gb_scenario_free(scenario);
    gb_complaints_free(complaints);
    return sum;
}

static double peak_bytes(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return 1024.0 * (double)usage.ru_maxrss;
}

/* Peak memory is shown twice: all that a run took since the program's start, divided by the
 * meters; and what a meter adds beyond a village of SMALL, which leaves out what is the same for
 * all (code as it is first used, tables, one full bundle on its way). */
static void measure_day(const struct target *target)
{
    enum { SMALL = 1000 };
    double at_start = peak_bytes();
    run_day(target->protocol, SMALL);
    double small = peak_bytes(), start = cpu_seconds();
    struct gb_summary_row sum = run_day(target->protocol, target->n_meters);
    double seconds = cpu_seconds() - start, peak = peak_bytes();
    double cells = (double)sum.n_meters * (double)sum.n_slots;

    printf("village day %-22s %8d meters  %7.3f s CPU  %6.3f us a meter and slot%s"
           "  %5.0f bytes a meter in all (target 1024), %5.0f beyond %d meters"
           "  %lld orders, %lld trades\n",
           target->name, target->n_meters, seconds, 1e6 * seconds / cells, target->wanted,
           (peak - at_start) / (double)target->n_meters,
           (peak - small) / (double)(target->n_meters - SMALL), SMALL, (long long)sum.n_orders,
           (long long)sum.n_trades);
}

int main(void)
{
    static const struct target targets[] = {
        {"ideal, no ledger", "ideal", " (target 0.6)", 10000},
        {"PBFT n = 4, modelled", "pbft", " (target 5.0)", 10000},
        {"ideal, no ledger", "ideal", "", 100000},
        {"PBFT n = 4, modelled", "pbft", "", 50000}};

    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        int status = 1;

        fflush(stdout);
        pid_t child = fork();           /* a process each, so that peak memory is its own */
        if (child == 0) {
            measure_day(&targets[i]);
            fflush(stdout);
            _exit(0);
        }
        if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0)
            return 1;
    }
    return 0;
}
