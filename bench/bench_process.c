/* Strategies of the user's own: quotes a second that cross to a process and back, and decisions a
 * second in a run whose agents wake up by time. The CPU time of both processes counts, with the
 * child's start: they work by turns. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "bench/report.h"
#include "experiments/run/run.h"
#include "experiments/scenario/diagnostics.h"
#include "models/agents/strategy.h"
#include "models/agents/traits.h"

enum { N = 1000, BATCHES = 1000 };

/* Of this process and of the children that have ended. */
static double cpu_of_all_s(void)
{
    struct rusage children;

    getrusage(RUSAGE_CHILDREN, &children);
    return gb_bench_cpu_s() + (double)(children.ru_utime.tv_sec + children.ru_stime.tv_sec) +
           1e-6 * (double)(children.ru_utime.tv_usec + children.ru_stime.tv_usec);
}

static void fail(const struct gb_error *err)
{
    fprintf(stderr, "bench_process: %s\n", err->text);
    exit(1);
}

/* Quotes a second of batches of n orders. */
static double measure(const char *command, size_t n)
{
    static uint32_t meter[N];
    static uint8_t side[N], part[N];
    static int64_t energy_wh[N];
    static struct gb_price quotes[N];
    static int32_t betas[N];
    const struct gb_strategy *process =
        (const struct gb_strategy *)gb_family_find(&gb_strategy_family, NULL, "process");
    const struct gb_tariff tariff = {.retail = {590000}, .feed_in = {310000}};
    const struct gb_draws draws = {.seed = 1, .kept = GB_ALL_DRAWS};
    const struct gb_strategy_facts facts = {.seed = 1, .tariff = tariff};
    struct gb_traits *traits = NULL;
    struct gb_error err = {0};
    void *state = NULL, *config = calloc(1, process->member.config_size);
    char why[512];

    if (!config || gb_traits_create(&traits, N, &(struct gb_traits_config){.tariff = tariff}, draws,
                                    &err) != GB_OK)
        fail(&err);
    double start = cpu_of_all_s();
    gb_param_defaults(process->member.params, config);
    gb_param_parse(gb_param_find(process->member.params, "agents.process"), command, config, why,
                   sizeof why);
    if (process->open(&state, config, &facts, traits, &err) != GB_OK)
        fail(&err);
    for (uint32_t i = 0; i < N; i++) {
        meter[i] = i;
        side[i] = i % 2;
        energy_wh[i] = 100;
    }
    struct gb_quote_batch batch = {.n = n,
                                   .meter = meter,
                                   .side = side,
                                   .part = part,
                                   .energy_wh = energy_wh,
                                   .tariff = tariff,
                                   .key = gb_draws_key(draws, GB_PURPOSE_QUOTE)};
    for (; batch.interval < BATCHES; batch.interval++)
        process->quote(config, state, traits, &batch, quotes, betas);
    process->close(state);
    if (err.status != GB_OK)
        fail(&err);
    double seconds = cpu_of_all_s() - start;
    gb_traits_free(traits);
    free(config);
    return (double)n * BATCHES / seconds;
}

/* Decisions a second of a street whose homes quote anew by their own clocks: all CPU time, that of
 * the market and its consensus, too. */
static double measure_run(const char *command, const char *meters)
{
    char process[300];
    const char *settings[] = {meters,
                              process,
                              "slot=5 min",
                              "slots=6",
                              "forecast.kind=perfect",
                              "agents.strategy=process",
                              "agents.traits=wide",
                              "agents.reaction=exponential 20 s",
                              "agents.requote.delay=uniform 5 s 15 s",
                              "market.mechanism=continuous",
                              "market.open=5 min",
                              "market.gate=20 s",
                              "chain.concentrator=none",
                              "output.level=summary"};
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_run_options options = {0};
    struct gb_scenario *scenario = NULL;
    struct gb_record *record = NULL;
    struct gb_error err = {0};
    double start = cpu_of_all_s();

    snprintf(process, sizeof process, "agents.process=%s", command);
    if (gb_scenario_defaults(&scenario, NULL, sizeof settings / sizeof settings[0], settings,
                             diagnostics, &err) != GB_OK ||
        gb_run_trial(scenario, &options, &record, &err) != GB_OK)
        fail(&err);
    const struct gb_summary_row *sum = gb_record_rows(record, GB_TABLE_SUMMARY);
    double asked = (double)(sum->n_wake_ups - sum->n_passed_unanswered - sum->n_passed_own_gate);
    gb_record_free(record);
    gb_scenario_free(scenario);
    gb_diagnostics_free(diagnostics);
    return asked / (cpu_of_all_s() - start);
}

int main(int argc, char **argv)
{
    const char *source = getenv("GB_BENCH_SOURCE");
    char python[256], holds[128];

    if (argc > 1)
        snprintf(python, sizeof python, "python3 %s", argv[1]);
    else
        snprintf(python, sizeof python, "python3 %s/experiments/strategies/my_strategy.py",
                 source ? source : ".");
    snprintf(holds, sizeof holds, "%d batches of %d there and back, template in Python", BATCHES,
             N);
    gb_bench_report(&(struct gb_bench_row){"strategy as a process, batches of 1000",
                                           measure(python, N) / 1e3, "1000 quotes/s", 50, holds});
    gb_bench_report(&(struct gb_bench_row){"strategy as a process, a quote a batch",
                                           measure(python, 1) / 1e3, "1000 quotes/s", 0,
                                           "1000 orders one by one, template in Python"});
    gb_bench_report(
        &(struct gb_bench_row){"strategy as a process, woken by time, 1000 homes",
                               measure_run(python, "meters.count=1000") / 1e3, "1000 decisions/s",
                               50, "6 slots of 5 min with PBFT and all else, template in Python"});
    gb_bench_report(
        &(struct gb_bench_row){"strategy as a process, woken by time, 60 homes",
                               measure_run(python, "meters.count=60") / 1e3, "1000 decisions/s", 0,
                               "hardly two wake up between two blocks: nearly one by one"});
    return 0;
}
