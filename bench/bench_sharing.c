/* What sharing physics saves in a sweep of 21 betas, sizes 10 to 10 000 and one day: CPU time of
 * all that a run asks of physics (fleet, beliefs of both slots that storage is planned over, and
 * power), of 21 trials on one realisation beside 21 that each compute their own, over 30
 * replications, of which fewer do for what nothing is shared in. Every trial reads what it is
 * given, a number of each line of the cache: what is shared lies further away than what was
 * computed just now. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report.h"
#include "models/assets/realisation.h"

enum { N_TRIALS = 21, N_REPLICATIONS = 30, N_SLOTS = 96, WINDOW = 2, BLOCK = 1024 };
#define SHARED_BYTES ((size_t)64 << 20) /* as in a sweep */

/* Fetches what it is given. */
static void look_at(const double *values, size_t n)
{
    static volatile double seen;

    for (size_t i = 0; i < n; i += 64 / sizeof *values)
        seen = values[i];
    (void)seen;
}

static void look(const struct gb_realisation *physics, const struct gb_slot_power *given,
                 size_t first, size_t n)
{
    struct gb_fleet_block of = gb_fleet_block_of(gb_realisation_fleet(physics), first, n);

    look_at(given->solar_w, of.systems.n);
    look_at(given->wind_w, of.turbines.n);
    look_at(given->load_w, of.meters.n);
}

static enum gb_status believe(struct gb_realisation *physics, size_t n, int64_t interval,
                              int64_t last_read, struct gb_error *err)
{
    struct gb_slot_power believed;
    enum gb_status status = GB_OK;

    for (size_t first = 0; first < n && status == GB_OK; first += BLOCK) {
        size_t block = first + BLOCK <= n ? BLOCK : n - first;

        status =
            gb_realisation_forecast(physics, interval, last_read, first, block, &believed, err);
        if (status == GB_OK)
            look(physics, &believed, first, block);
    }
    return status;
}

static enum gb_status run_trial(struct gb_realisations *all, const struct gb_physics_config *config,
                                uint32_t replication, struct gb_error *err)
{
    struct gb_draws draws = {.seed = 1, .replication = replication};
    struct gb_realisation *physics = NULL;
    size_t n = (size_t)config->fleet.n_meters;
    enum gb_status status = gb_realisation_open(&physics, all, config, WINDOW, draws, err);

    for (int64_t k = 0; k < N_SLOTS && status == GB_OK; k++) {
        struct gb_slot_power power;

        if (k > 0)
            status = believe(physics, n, k - 1, k - 2, err);
        if (status == GB_OK)
            status = believe(physics, n, k, k - 2, err);
        if (status == GB_OK)
            status = gb_realisation_slot(physics, k, &power, err);
        if (status == GB_OK)
            look(physics, &power, 0, n);
    }
    gb_realisation_close(physics);
    return status;
}

/* Seconds of a trial. */
static enum gb_status run_trials(bool is_shared, const struct gb_physics_config *config,
                                 uint32_t n_replications, double *seconds, struct gb_error *err)
{
    struct gb_realisations *all = NULL;
    enum gb_status status = GB_OK;
    double start = gb_bench_cpu_s();

    if (is_shared)
        status = gb_realisations_create(&all, &gb_physics_modelled, SHARED_BYTES, err);
    for (uint32_t i = 0; i < N_TRIALS * n_replications && status == GB_OK; i++)
        status = run_trial(all, config, i / N_TRIALS, err);
    gb_realisations_free(all);
    *seconds = (gb_bench_cpu_s() - start) / (N_TRIALS * n_replications);
    return status;
}

struct size {
    int64_t n_meters;
    uint32_t n_alone; /* replications */
};

static int measure(const void *context)
{
    const struct size *size = context;
    struct gb_physics_config config;
    struct gb_error err = {0};
    double alone_s = 0, before, shared_s = 0;
    char name[96];

    memset(&config, 0, sizeof config);
    gb_param_defaults(gb_physics_params, &config);
    config.fleet.n_meters = size->n_meters;
    before = gb_bench_peak_bytes();
    if (run_trials(true, &config, N_REPLICATIONS, &shared_s, &err) != GB_OK) {
        fprintf(stderr, "bench_sharing: %s\n", err.text);
        return 1;
    }
    double held = gb_bench_peak_bytes() - before;
    if (run_trials(false, &config, size->n_alone, &alone_s, &err) != GB_OK) {
        fprintf(stderr, "bench_sharing: %s\n", err.text);
        return 1;
    }
    snprintf(name, sizeof name, "physics shared by 21 cells, %lld meters: gone",
             (long long)size->n_meters);
    gb_bench_report(&(struct gb_bench_row){name, 100 * (1 - shared_s / alone_s), "percent", 90,
                                           "CPU time of all that a run asks of physics; meters and "
                                           "batteries are each trial's own"});
    snprintf(name, sizeof name, "physics shared by 21 cells, %lld meters: held",
             (long long)size->n_meters);
    gb_bench_report(&(struct gb_bench_row){name, held / (1 << 20), "MiB", 0,
                                           "what the process grew by at its peak"});
    return 0;
}

int main(void)
{
    static const struct size sizes[] = {{10, 30}, {100, 30}, {1000, 6}, {10000, 2}};
    int failed = 0;

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        failed += gb_bench_apart(measure, &sizes[i]);
    return failed > 0;
}
