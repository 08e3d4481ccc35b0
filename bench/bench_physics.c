/* Speed of weather, systems, households, batteries, meters and forecasts together, in CPU time a
 * meter and slot over one village day of 100 000 meters at 15 min, where every other meter is a
 * prosumer; then the memory they take a meter with the window of a market that opens a slot
 * ahead, beyond what a village of next to nobody takes; the same with physics that move by the
 * minute; and how much sooner two cores have done the day than one. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/day_times.h"
#include "base/parallel.h"
#include "base/parts.h"
#include "base/patience.h"
#include "bench/report.h"
#include "models/assets/meter.h"
#include "models/assets/physics.h"

enum { N_METERS = 100000, N_FEW = 10, N_STEPPED = 2000, N_SLOTS = 96, N_RUNS = 5, WINDOW = 2 };

struct village {
    struct gb_physics_config config;
    struct gb_fleet *fleet;
    struct gb_meters *meters;
    struct gb_slot_energy *energy; /* planned first, then metered */
    void *physics;
    double *solar_w, *wind_w, *load_w, *stored_wh;
    int64_t planned; /* the slot */
};

static enum gb_status build(struct village *v, size_t n_meters, int64_t step_ns,
                            struct gb_error *err)
{
    enum gb_status status;

    gb_param_defaults(gb_physics_params, &v->config);
    v->config.weather.step_ns = step_ns;
    v->config.fleet.n_meters = (int64_t)n_meters;
    if ((status = gb_fleet_create(&v->fleet, &v->config, (struct gb_draws){.seed = 1}, err)) !=
            GB_OK ||
        (status = gb_meters_create(&v->meters, &v->config, v->fleet,
                                   &(struct gb_storage_rules){.controller = &gb_controller_greedy},
                                   err)) != GB_OK ||
        (status = gb_slot_energy_create(&v->energy, n_meters, err)) != GB_OK)
        return status;
    v->solar_w = calloc(v->fleet->systems.n + 1, sizeof(double));
    v->wind_w = calloc(v->fleet->turbines.n + 1, sizeof(double));
    v->load_w = calloc(n_meters, sizeof(double));
    v->stored_wh = calloc(v->fleet->batteries.n + 1, sizeof(double));
    if (!v->solar_w || !v->wind_w || !v->load_w || !v->stored_wh)
        return gb_fail(err, GB_ENOMEM, "no memory for the benchmark");
    return gb_physics_replayed.create(&v->physics, &v->config, v->fleet, WINDOW,
                                      (struct gb_draws){.seed = 1}, err);
}

static void clear(struct village *v)
{
    gb_physics_replayed.free(v->physics);
    gb_slot_energy_free(v->energy);
    gb_meters_free(v->meters);
    gb_fleet_free(v->fleet);
    free(v->solar_w);
    free(v->wind_w);
    free(v->load_w);
    free(v->stored_wh);
}

/* Plans meters [first, first + n) from their forecasts. */
static void plan_part(void *village, size_t first, size_t n)
{
    struct village *v = village;
    const struct gb_fleet *fleet = v->fleet;
    size_t solar = gb_owners_before(fleet->systems.meter, fleet->systems.n, first);
    size_t wind = gb_owners_before(fleet->turbines.meter, fleet->turbines.n, first);
    size_t stored = gb_owners_before(fleet->batteries.meter, fleet->batteries.n, first);
    struct gb_slot_energy part = gb_slot_energy_from(v->energy, first);

    gb_meters_plan(v->meters, v->planned, first, n, v->solar_w + solar, v->wind_w + wind,
                   v->load_w + first, NULL,
                   &(struct gb_plan_state){.stored_wh = v->stored_wh + stored}, &part);
}

/* A day: for every slot a forecast and a plan two slots ahead, then the slot through the meters. */
static enum gb_status run_day(struct village *v, struct gb_error *err)
{
    for (int64_t k = 0; k < N_SLOTS; k++) {
        struct gb_slot_power power;
        enum gb_status status = gb_physics_replayed.forecast(v->physics, k, k - 2, 0, v->fleet->n,
                                                             v->solar_w, v->wind_w, v->load_w, err);
        if (status == GB_OK)
            status = gb_physics_replayed.slot(v->physics, k, &power, err);
        if (status != GB_OK)
            return status;
        v->planned = k;
        gb_parts_run(v->fleet->n, plan_part, v); /* as runs do */
        gb_meters_advance(v->meters, &power, NULL, v->energy);
    }
    return GB_OK;
}

struct day {
    struct village *village;
    enum gb_status status;
    struct gb_error *err;
};

static void play(void *of)
{
    struct day *day = of;

    day->status = run_day(day->village, day->err);
}

struct times {
    double create_s, run_s, wall_s; /* wall_s: of the day by the clock on the wall */
};

static double wall_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static enum gb_status measure(size_t n_meters, int64_t step_ns, struct times *best,
                              struct gb_error *err)
{
    struct village v = {0};
    double start = gb_bench_cpu_s();
    enum gb_status status = build(&v, n_meters, step_ns, err);
    double built = gb_bench_cpu_s(), began = wall_s();

    if (status == GB_OK) {
        struct day day = {&v, GB_OK, err};
        gb_team_run(n_meters, play, &day); /* as runs do */
        status = day.status;
    }
    double done = gb_bench_cpu_s(), ended = wall_s();
    clear(&v);
    best->create_s = built - start < best->create_s ? built - start : best->create_s;
    best->run_s = done - built < best->run_s ? done - built : best->run_s;
    best->wall_s = ended - began < best->wall_s ? ended - began : best->wall_s;
    return status;
}

int main(void)
{
    struct gb_error err = {0};
    struct times few = {1e9, 1e9, 1e9}, best = few, steps = few, both = few;
    int n_threads = gb_set_threads(1);
    enum gb_status status = measure(N_FEW, GB_STEP_SLOT, &few, &err);
    double before = gb_bench_peak_bytes();

    for (int run = 0; run < N_RUNS && status == GB_OK; run++)
        status = measure(N_METERS, GB_STEP_SLOT, &best, &err);
    if (status != GB_OK) {
        fprintf(stderr, "bench_physics: %s\n", err.text);
        return 1;
    }
    gb_bench_report(&(struct gb_bench_row){
        "physics: a meter and slot", best.run_s * 1e9 / N_METERS / N_SLOTS, "ns", 100,
        "weather, PV, wind, load, forecast, plan, battery and meter of 100 000 meters, 15 min"});
    gb_bench_report(
        &(struct gb_bench_row){"physics: setting up a meter", best.create_s * 1e9 / N_METERS, "ns",
                               0, "its systems, its household and the random streams of both"});
    gb_bench_report(&(struct gb_bench_row){
        "physics: memory of a meter", (gb_bench_peak_bytes() - before) / N_METERS, "bytes", 0,
        "what the process grew by at its peak, with a window of two slots"});
    if (measure(N_STEPPED, GB_NS_PER_MINUTE, &steps, &err) != GB_OK) {
        fprintf(stderr, "bench_physics: %s\n", err.text);
        return 1;
    }
    gb_bench_report(&(struct gb_bench_row){
        "physics: a meter and step of 1 min", steps.run_s * 1e9 / N_STEPPED / N_SLOTS / 15, "ns", 0,
        "the same of 2000 meters with physics.step: 1 min, a fifteenth of each slot"});
    gb_set_threads(n_threads < 2 ? n_threads : 2);
    gb_patience_begin(); /* as `run` does */
    for (int run = 0; run < N_RUNS && status == GB_OK; run++)
        status = measure(N_METERS, GB_STEP_SLOT, &both, &err);
    gb_bench_report(&(struct gb_bench_row){
        "physics: a day on two cores", best.wall_s / both.wall_s, "times as fast", 1.8,
        "by the clock on the wall, the best of 5: only where nobody else is at work"});
    return status == GB_OK ? 0 : 1;
}
