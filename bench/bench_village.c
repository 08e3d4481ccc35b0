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

struct target { const char *name, *protocol; int n_meters; double most_us; };

static double cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int run_day(const struct target *target)
{
    char meters[64], protocol[64];
    const char *settings[] = {meters, protocol, "chain.crypto=modelled", "output.level=summary"};
    struct gb_complaints *complaints = gb_complaints_create();
    struct gb_run_options options = {0};
    struct gb_scenario *scenario = NULL;
    struct gb_record *record = NULL;
    struct gb_error err = {0};
    struct rusage before, after;

    snprintf(meters, sizeof meters, "meters.count=%d", target->n_meters);
    snprintf(protocol, sizeof protocol, "chain.protocol=%s", target->protocol);
    getrusage(RUSAGE_SELF, &before);
    double start = cpu_seconds();
    if (gb_scenario_defaults(&scenario, 4, settings, complaints, &err) != GB_OK ||
        gb_microgrid_run(scenario, &options, &record, &err) != GB_OK) {
        fprintf(stderr, "bench_village: %s\n", err.text);
        return 1;
    }
    double seconds = cpu_seconds() - start;
    getrusage(RUSAGE_SELF, &after);
    const struct gb_summary_row *sum = gb_record_rows(record, GB_TABLE_SUMMARY);
    double cells = (double)sum->n_meters * (double)sum->n_slots;
    printf("village day %-22s %8d meters  %7.3f s CPU  %6.3f us a meter and slot (target %.1f)"
           "  %5.0f bytes a meter  %lld orders, %lld trades\n",
           target->name, target->n_meters, seconds, 1e6 * seconds / cells, target->most_us,
           1024.0 * (double)(after.ru_maxrss - before.ru_maxrss) / (double)sum->n_meters,
           (long long)sum->n_orders, (long long)sum->n_trades);
    gb_record_free(record);
    gb_scenario_free(scenario);
    gb_complaints_free(complaints);
    return 0;
}

int main(void)
{
    static const struct target targets[] = {
        {"ideal, no ledger", "ideal", 10000, 0.6},
        {"PBFT n = 4, modelled", "pbft", 10000, 5.0},
        {"ideal, no ledger", "ideal", 100000, 0.6}};

    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        int status = 1;

        fflush(stdout);
        pid_t child = fork();           /* a process each, so that peak memory is its own */
        if (child == 0) {
            status = run_day(&targets[i]);
            fflush(stdout);
            _exit(status);
        }
        if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0)
            return 1;
    }
    return 0;
}
