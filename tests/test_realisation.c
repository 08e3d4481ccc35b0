/* Realisations of physics that trials share: every answer is the one that a trial would have
 * computed alone, and what was asked once is computed once. */
#include "models/assets/realisation.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "tests/tap.h"

enum { N = 40, SLOTS = 30, MAX_LEAD = 4 };

/* ---- a provider that counts what it is asked */

static atomic_int n_created, n_asked;

static enum gb_status count_create(void **state, const struct gb_physics_config *config,
                                   const struct gb_fleet *fleet, size_t window,
                                   struct gb_draws draws, struct gb_error *err)
{
    n_created++;
    return gb_physics_modelled.create(state, config, fleet, window, draws, err);
}

static enum gb_status count_slot(void *state, int64_t interval, struct gb_slot_power *out,
                                 struct gb_error *err)
{
    n_asked++;
    return gb_physics_modelled.slot(state, interval, out, err);
}

static enum gb_status count_forecast(void *state, int64_t interval, int64_t last_read, size_t first,
                                     size_t n, double *solar_w, double *wind_w, double *load_w,
                                     struct gb_error *err)
{
    n_asked++;
    return gb_physics_modelled.forecast(state, interval, last_read, first, n, solar_w, wind_w,
                                        load_w, err);
}

static void count_free(void *state)
{
    gb_physics_modelled.free(state);
}

static size_t count_bytes(const struct gb_physics_config *config, size_t window)
{
    return gb_physics_modelled.bytes_a_meter(config, window);
}

static const struct gb_physics_provider counting = {
    .member = {.name = "counting", .summary = "modelled, and counts what it is asked"},
    .create = count_create,
    .slot = count_slot,
    .forecast = count_forecast,
    .free = count_free,
    .bytes_a_meter = count_bytes,
};

static struct gb_realisations *new_pool(size_t max_bytes)
{
    struct gb_realisations *all = NULL;

    EXPECT_INT(gb_realisations_create(&all, &counting, max_bytes, NULL), GB_OK);
    n_created = n_asked = 0;
    return all;
}

static struct gb_physics_config config_of(int64_t n_meters)
{
    struct gb_physics_config config;

    memset(&config, 0, sizeof config);
    gb_param_defaults(gb_physics_params, &config);
    config.fleet.n_meters = n_meters;
    return config;
}

/* ---- a trial: what a run asks, slot after slot, each answer added to a hash */

struct trial {
    struct gb_realisation *physics;
    int64_t slot, lead; /* beliefs reach so many slots ahead */
    size_t block;       /* meters asked at once */
    uint64_t hash;
    bool has_failed;
};

static void add(struct trial *trial, const double *values, size_t n)
{
    const unsigned char *bytes = (const unsigned char *)values;

    for (size_t i = 0; i < n * sizeof *values; i++)
        trial->hash = (trial->hash ^ bytes[i]) * UINT64_C(0x100000001b3);
}

static void open_trial(struct trial *trial, struct gb_realisations *all,
                       const struct gb_physics_config *config, uint32_t replication, int64_t lead,
                       size_t block)
{
    *trial = (struct trial){.lead = lead, .block = block, .hash = UINT64_C(0xcbf29ce484222325)};
    trial->has_failed =
        gb_realisation_open(&trial->physics, all, config, (size_t)lead + 1,
                            (struct gb_draws){.seed = 5, .replication = replication},
                            NULL) != GB_OK;
}

static void ask_belief(struct trial *trial, int64_t interval, int64_t last_read)
{
    const struct gb_fleet *fleet = gb_realisation_fleet(trial->physics);

    for (size_t first = 0; first < fleet->n; first += trial->block) {
        size_t n = first + trial->block <= fleet->n ? trial->block : fleet->n - first;
        struct gb_fleet_block of = gb_fleet_block_of(fleet, first, n);
        struct gb_slot_power believed;

        trial->has_failed |= gb_realisation_forecast(trial->physics, interval, last_read, first, n,
                                                     &believed, NULL) != GB_OK;
        if (trial->has_failed)
            return;
        trial->has_failed |= believed.interval != interval;
        add(trial, believed.solar_w, of.systems.n);
        add(trial, believed.wind_w, of.turbines.n);
        add(trial, believed.load_w, n);
    }
}

static void step_trial(struct trial *trial)
{
    const struct gb_fleet *fleet = gb_realisation_fleet(trial->physics);
    struct gb_slot_power power;
    int64_t k = trial->slot++;

    trial->has_failed |= gb_realisation_slot(trial->physics, k, &power, NULL) != GB_OK;
    if (trial->has_failed)
        return;
    add(trial, power.solar_w, fleet->systems.n);
    add(trial, power.wind_w, fleet->turbines.n);
    add(trial, power.load_w, fleet->n);
    for (int64_t ahead = 1; ahead <= trial->lead; ahead++)
        ask_belief(trial, k + ahead, k - ahead % 2);
}

static uint64_t end_trial(struct trial *trial)
{
    while (trial->slot < SLOTS)
        step_trial(trial);
    EXPECT(!trial->has_failed);
    gb_realisation_close(trial->physics);
    return trial->hash;
}

static uint64_t run_trial(struct gb_realisations *all, const struct gb_physics_config *config,
                          uint32_t replication, int64_t lead, size_t block)
{
    struct trial trial;

    open_trial(&trial, all, config, replication, lead, block);
    return end_trial(&trial);
}

/* ---- the tests */

static void what_was_asked_once_is_computed_once(void)
{
    struct gb_physics_config config = config_of(N);
    struct gb_realisations *all = new_pool(SIZE_MAX);
    uint64_t alone = run_trial(NULL, &config, 0, 1, N);

    EXPECT(run_trial(all, &config, 0, 1, N) == alone);
    int asked = n_asked;
    EXPECT_INT(asked, 2 * SLOTS);
    for (int i = 0; i < 3; i++)
        EXPECT(run_trial(all, &config, 0, 1, N) == alone);
    EXPECT_INT(n_asked, asked);
    EXPECT_INT(n_created, 1);
    gb_realisations_free(all);
}

/* Both trials are given the same memory; alone each has its own. */
static void what_is_shared_is_lent_and_not_copied(void)
{
    struct gb_physics_config config = config_of(N);
    struct gb_realisations *all = new_pool(SIZE_MAX);
    struct gb_slot_power believed[2], power[2];
    struct trial trials[2];

    for (size_t i = 0; i < 2; i++) {
        open_trial(&trials[i], all, &config, 0, 1, N);
        EXPECT_INT(gb_realisation_forecast(trials[i].physics, 0, -2, 8, 16, &believed[i], NULL),
                   GB_OK);
        EXPECT_INT(gb_realisation_slot(trials[i].physics, 0, &power[i], NULL), GB_OK);
    }
    EXPECT(believed[0].solar_w == believed[1].solar_w && believed[0].wind_w == believed[1].wind_w &&
           believed[0].load_w == believed[1].load_w);
    EXPECT(power[0].load_w == power[1].load_w && power[0].load_w != believed[0].load_w);
    for (size_t i = 0; i < 2; i++)
        gb_realisation_close(trials[i].physics);
    gb_realisations_free(all);
}

static void trials_of_any_lead_at_any_pace_are_answered_as_if_alone(void)
{
    enum { TRIALS = 6 };
    static const size_t limits[] = {SIZE_MAX, 200000, 40000, 0};
    struct gb_key key = gb_key_make(7, 0, GB_PURPOSE_TEST);
    struct gb_physics_config config = config_of(N);

    for (size_t l = 0; l < sizeof limits / sizeof limits[0]; l++) {
        struct gb_realisations *all = new_pool(limits[l]);
        struct trial trials[TRIALS];
        uint32_t n_draws = 0;

        for (uint32_t i = 0; i < TRIALS; i++)
            open_trial(&trials[i], all, &config, i / 4, 1 + i % MAX_LEAD, i % 2 ? N : 16);
        for (int step = 0; step < TRIALS * SLOTS / 2; step++) {
            struct gb_draw draw = gb_draw_at(key, (uint32_t)l, 0, 0, n_draws++);
            struct trial *trial = &trials[draw.words[0] % TRIALS];

            if (trial->slot < SLOTS)
                step_trial(trial);
        }
        for (uint32_t i = 0; i < TRIALS; i++)
            if (!EXPECT(end_trial(&trials[i]) ==
                        run_trial(NULL, &config, i / 4, 1 + i % MAX_LEAD, i % 2 ? N : 16)))
                tap_note("trial %u under a limit of %zu bytes", i, limits[l]);
        gb_realisations_free(all);
    }
}

static void threads_share_one_realisation(void)
{
    enum { TRIALS = 8 };
    struct gb_physics_config config = config_of(N);
    struct gb_realisations *all = new_pool(SIZE_MAX);
    uint64_t hashes[TRIALS],
        alone[2] = {run_trial(NULL, &config, 0, 2, N), run_trial(NULL, &config, 0, 3, 16)};

#pragma omp parallel for num_threads(4)
    for (int i = 0; i < TRIALS; i++) {
        struct trial trial;

        open_trial(&trial, all, &config, 0, 2 + i % 2, i % 2 ? 16 : N);
        while (trial.slot < SLOTS)
            step_trial(&trial);
        hashes[i] = trial.has_failed ? 0 : trial.hash;
        gb_realisation_close(trial.physics);
    }
    for (int i = 0; i < TRIALS; i++)
        EXPECT(hashes[i] == alone[i % 2]);
    gb_realisations_free(all);
}

static void another_physics_or_replication_is_another_realisation(void)
{
    struct gb_physics_config config = config_of(N), larger = config_of(N), clearer = config_of(N);
    struct gb_realisations *all = new_pool(SIZE_MAX);

    larger.fleet.n_meters--;
    clearer.weather.forecast.skill = 0.5;
    uint64_t first = run_trial(all, &config, 0, 1, N);
    EXPECT(run_trial(all, &config, 1, 1, N) != first);
    EXPECT(run_trial(all, &larger, 0, 1, N) != first);
    EXPECT(run_trial(all, &clearer, 0, 1, N) == run_trial(NULL, &clearer, 0, 1, N));
    EXPECT_INT(n_created, 4);
    EXPECT(run_trial(all, &config, 0, 1, N) == first);
    EXPECT_INT(n_created, 4);
    gb_realisations_free(all);
}

/* A realisation of a run takes some 60 kB here: of three, two find place. */
/* How many realisations replications 0, 1 and 2 take, which keep these kinds. */
static int n_realisations(uint32_t kept)
{
    struct gb_physics_config config = config_of(N);
    struct gb_realisations *all = new_pool(SIZE_MAX);

    for (uint32_t replication = 0; replication < 3; replication++) {
        const struct gb_draws draws = {.seed = 5, .replication = replication, .kept = kept};
        struct gb_realisation *physics = NULL;

        EXPECT_INT(gb_realisation_open(&physics, all, &config, 1, draws, NULL), GB_OK);
        gb_realisation_close(physics);
    }
    gb_realisations_free(all);
    return n_created;
}

static void replications_that_redraw_neither_weather_nor_households_share_one(void)
{
    const uint32_t weather = 1 << GB_DRAWS_WEATHER, households = 1 << GB_DRAWS_HOUSEHOLDS;

    EXPECT_INT(n_realisations(weather | households), 1);
    EXPECT_INT(n_realisations(GB_ALL_DRAWS), 1);
    EXPECT_INT(n_realisations(weather), 3);
    EXPECT_INT(n_realisations(households), 3);
    EXPECT_INT(n_realisations(GB_ALL_DRAWS & ~weather & ~households), 3);
}

static void what_was_left_longest_ago_makes_place(void)
{
    struct gb_physics_config config = config_of(N);
    struct gb_realisations *all = new_pool(150000);

    run_trial(all, &config, 0, 1, N);
    run_trial(all, &config, 1, 1, N);
    run_trial(all, &config, 0, 1, N);
    EXPECT_INT(n_created, 2);
    run_trial(all, &config, 2, 1, N); /* 1 goes */
    EXPECT_INT(n_created, 3);
    run_trial(all, &config, 0, 1, N);
    run_trial(all, &config, 2, 1, N);
    EXPECT_INT(n_created, 3);
    run_trial(all, &config, 1, 1, N);
    EXPECT_INT(n_created, 4);
    gb_realisations_free(all);
}

static void so_many_idle_ones_are_kept_and_no_more(void)
{
    struct gb_physics_config config = config_of(1);
    struct gb_realisations *all = new_pool(SIZE_MAX);

    for (uint32_t r = 0; r < GB_REALISATIONS_IDLE; r++)
        run_trial(all, &config, r, 1, 1);
    size_t n_bytes = gb_realisations_n_bytes(all);
    run_trial(all, &config, 0, 1, 1); /* known still */
    EXPECT_INT(n_created, GB_REALISATIONS_IDLE);
    run_trial(all, &config, GB_REALISATIONS_IDLE, 1, 1); /* 1 goes, which was left longest ago */
    run_trial(all, &config, 0, 1, 1);
    EXPECT_INT(n_created, GB_REALISATIONS_IDLE + 1);
    EXPECT(gb_realisations_n_bytes(all) == n_bytes);
    run_trial(all, &config, 1, 1, 1);
    EXPECT_INT(n_created, GB_REALISATIONS_IDLE + 2);
    gb_realisations_free(all);
}

static void what_physics_refuses_is_refused_with_its_reason(void)
{
    struct gb_physics_config config = config_of(N);
    struct gb_realisations *all = new_pool(SIZE_MAX);
    struct gb_realisation *physics = NULL;
    struct gb_slot_power believed;
    struct gb_error err = {0};

    EXPECT_INT(gb_realisation_open(&physics, all, &config, 2, (struct gb_draws){.seed = 5}, NULL),
               GB_OK);
    EXPECT_INT(gb_realisation_forecast(physics, 0, -1000, 0, N, &believed, &err), GB_ECONFIG);
    EXPECT(strstr(err.text, "slot -1000 is asked for, but the physics begins at slot") != NULL);
    gb_realisation_close(physics);
    EXPECT(run_trial(all, &config, 0, 1, N) == run_trial(NULL, &config, 0, 1, N));
    gb_realisations_free(all);
}

static size_t bytes_of_kind(enum gb_forecast_kind kind)
{
    struct gb_realisations *all = NULL;
    struct gb_realisation *realisation = NULL;
    struct gb_physics_config config = config_of(100);

    config.weather.forecast.kind = (int32_t)kind;
    EXPECT_INT(gb_realisations_create(&all, &gb_physics_replayed, SIZE_MAX, NULL), GB_OK);
    EXPECT_INT(
        gb_realisation_open(&realisation, all, &config, 4, (struct gb_draws){.seed = 1}, NULL),
        GB_OK);
    size_t n_bytes = gb_realisations_n_bytes(all);
    gb_realisation_close(realisation);
    gb_realisations_free(all);
    return n_bytes;
}

static void a_week_that_forecasts_look_back_to_is_counted(void)
{
    size_t day = bytes_of_kind(GB_FORECAST_YESTERDAY), week = bytes_of_kind(GB_FORECAST_WEEK);

    EXPECT(week - day >= 100 * 6 * 96 * sizeof(double));
    EXPECT(bytes_of_kind(GB_FORECAST_CONDITIONAL_MEAN) < day);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(what_was_asked_once_is_computed_once),
        TAP(what_is_shared_is_lent_and_not_copied),
        TAP(trials_of_any_lead_at_any_pace_are_answered_as_if_alone),
        TAP(threads_share_one_realisation),
        TAP(another_physics_or_replication_is_another_realisation),
        TAP(replications_that_redraw_neither_weather_nor_households_share_one),
        TAP(what_was_left_longest_ago_makes_place),
        TAP(so_many_idle_ones_are_kept_and_no_more),
        TAP(a_week_that_forecasts_look_back_to_is_counted),
        TAP(what_physics_refuses_is_refused_with_its_reason),
        {0}};
    return tap_main("realisation", tests);
}
