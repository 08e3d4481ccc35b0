/* Sweeps by parts: every meter once, whatever the threads; and a village of many parts whose power,
 * beliefs and registers have the same bits on one thread, two and three. */
#include "base/parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "tests/stepped_village.h"
#include "tests/tap.h"

#define MINUTE_NS (60 * GB_NS_PER_SECOND)

/* ---- who is called for what */

struct seen {
    size_t n;
    uint8_t *times; /* each was called for */
    bool is_sound;
};

static void see(void *context, size_t first, size_t n)
{
    struct seen *seen = context;

    if (n == 0 || n > GB_PART || first % GB_PART != 0 || first + n > seen->n) {
        seen->is_sound = false;
        return;
    }
    for (size_t i = first; i < first + n; i++)
        seen->times[i]++;
}

static void see_every_size(void)
{
    static const size_t sizes[] = {
        0, 1, GB_PART - 1, GB_PART, GB_PART + 1, GB_PARALLEL_FROM - 1, GB_PARALLEL_FROM, 40003};

    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        struct seen seen = {sizes[s], calloc(sizes[s] + 1, 1), true};
        gb_parts_run(seen.n, see, &seen);
        for (size_t i = 0; i < seen.n; i++)
            seen.is_sound &= seen.times[i] == 1;
        EXPECT(seen.is_sound);
        free(seen.times);
    }
}

static void every_meter_is_in_one_part(void)
{
    int before = gb_set_threads(1);

    for (int threads = 1; threads <= 3; threads++) {
        gb_set_threads(threads);
        see_every_size();
    }
    gb_set_threads(before);
}

/* ---- teams */

static void look_at_all(void *context)
{
    (void)context;
    see_every_size();
}

static void a_team_sees_every_meter_once_too(void)
{
    int before = gb_set_threads(1);

    for (int threads = 1; threads <= 3; threads++) {
        gb_set_threads(threads);
        gb_team_run(GB_PARALLEL_FROM, look_at_all, NULL);
    }
    gb_set_threads(before);
}

/* The caller does what nobody else came to. */
static void note_task(void *context, size_t k)
{
    ((uint8_t *)context)[k]++;
}

static void every_task_is_done_once(void)
{
    int before = gb_set_threads(1);

    for (int threads = 1; threads <= 3; threads++)
        for (size_t n = 0; n <= 40; n++) {
            uint8_t times[41] = {0};
            size_t done = 0;
            gb_set_threads(threads);
            gb_tasks_run(n, note_task, times);
            for (size_t k = 0; k < 41; k++)
                done += times[k] == (k < n);
            EXPECT_INT(done, 41);
        }
    gb_set_threads(before);
}

/* ---- a village */

enum { N_METERS = 2 * GB_PARALLEL_FROM + 3, FROM = 14, TO = 20, N_RUNS = 3 };

struct village {
    struct stepped_village v;
    double *solar_w, *wind_w, *load_w; /* as they are expected */
    int64_t slot;
};

static void open_village(struct village *all, size_t n_meters, int64_t step_ns)
{
    struct gb_physics_config config = stepped_village_physics(60 * MINUTE_NS, step_ns);

    config.fleet.n_meters = (int64_t)n_meters;
    config.fleet.ev_share = 0.3;
    config.connection.limit_kw = 1;
    config.weather.forecast.kappa = 0.5;
    stepped_village_open(&all->v, &config, 3, &gb_controller_greedy);
    all->solar_w = calloc(N_METERS, sizeof(double));
    all->wind_w = calloc(N_METERS, sizeof(double));
    all->load_w = calloc(N_METERS, sizeof(double));
}

static void close_village(struct village *all)
{
    free(all->solar_w);
    free(all->wind_w);
    free(all->load_w);
    stepped_village_close(&all->v);
}

static void advance_slot(void *of)
{
    struct village *all = of;
    int64_t k = all->slot;
    size_t n = all->v.fleet->n;
    struct gb_slot_power power = stepped_village_power(&all->v, k);

    gb_meters_advance(all->v.meters, &power, NULL, all->v.energy);
    EXPECT_INT(gb_physics_replayed.forecast(all->v.physics, k, k - 2, 5, n - 5, all->solar_w,
                                            all->wind_w, all->load_w, &all->v.err),
               GB_OK);
}

/* By a team every other slot. */
static void advance(struct village *all, int64_t k)
{
    all->slot = k;
    if (k % 2 == 0)
        gb_team_run(N_METERS, advance_slot, all);
    else
        advance_slot(all);
}

static bool is_same_wh(const int64_t *a, const int64_t *b)
{
    return memcmp(a, b, N_METERS * sizeof *a) == 0;
}

static bool is_same_w(const double *a, const double *b)
{
    return memcmp(a, b, N_METERS * sizeof *a) == 0;
}

static void expect_same(const struct village *a, const struct village *b)
{
    const struct gb_slot_energy *is = a->v.energy, *other = b->v.energy;
    size_t n_batteries = a->v.fleet->batteries.n;

    EXPECT(is_same_wh(is->net_wh, other->net_wh));
    EXPECT(is_same_wh(is->load_wh, other->load_wh));
    EXPECT(is_same_wh(is->solar_wh, other->solar_wh));
    EXPECT(is_same_wh(is->wind_wh, other->wind_wh));
    EXPECT(is_same_wh(is->charge_wh, other->charge_wh));
    EXPECT(is_same_wh(is->discharge_wh, other->discharge_wh));
    EXPECT(is_same_wh(is->ev_wh, other->ev_wh));
    EXPECT(is_same_wh(is->curtailed_wh, other->curtailed_wh));
    EXPECT(memcmp(gb_meters_charge_wh(a->v.meters), gb_meters_charge_wh(b->v.meters),
                  n_batteries * sizeof(double)) == 0);
    EXPECT(is_same_w(a->solar_w, b->solar_w));
    EXPECT(is_same_w(a->wind_w, b->wind_w));
    EXPECT(is_same_w(a->load_w, b->load_w));
}

/* So that a sum of nothing is no proof. */
static void expect_work(const struct gb_slot_energy *energy, int64_t sums[4])
{
    for (size_t i = 0; i < N_METERS; i++) {
        sums[0] += energy->ev_wh[i];
        sums[1] += energy->curtailed_wh[i];
        sums[2] += energy->charge_wh[i];
        sums[3] += energy->wind_wh[i];
    }
}

static void expect_same_bits(int64_t step_ns)
{
    struct village runs[N_RUNS];
    int64_t sums[4] = {0};
    int before = gb_set_threads(1);

    for (int t = 0; t < N_RUNS; t++)
        open_village(&runs[t], N_METERS, step_ns);
    for (int64_t k = FROM; k < TO; k++) {
        for (int t = 0; t < N_RUNS; t++) {
            gb_set_threads(t + 1);
            advance(&runs[t], k);
        }
        expect_same(&runs[0], &runs[1]);
        expect_same(&runs[0], &runs[2]);
        expect_work(runs[0].v.energy, sums);
    }
    gb_set_threads(before);
    for (int i = 0; i < 4; i++)
        EXPECT(sums[i] > 0);
    for (int t = 0; t < N_RUNS; t++)
        close_village(&runs[t]);
}

static void a_village_has_the_same_bits_on_any_number_of_threads(void)
{
    expect_same_bits(GB_STEP_SLOT);
    expect_same_bits(20 * MINUTE_NS);
}

/* The part in which a meter is, and how many there are, changes nothing for it. */
static void a_meter_lives_alike_in_few_parts_and_in_many(void)
{
    enum { N_FEW = GB_PART + 500 };
    struct village few, many;
    int before = gb_set_threads(2);

    open_village(&few, N_FEW, GB_STEP_SLOT);
    open_village(&many, N_METERS, GB_STEP_SLOT);
    for (int64_t k = FROM; k < TO; k++) {
        advance(&few, k);
        advance(&many, k);
        const struct gb_slot_energy *a = few.v.energy, *b = many.v.energy;
        EXPECT(memcmp(a->load_wh, b->load_wh, N_FEW * sizeof *a->load_wh) == 0);
        EXPECT(memcmp(a->net_wh, b->net_wh, N_FEW * sizeof *a->net_wh) == 0);
        EXPECT(memcmp(a->ev_wh, b->ev_wh, N_FEW * sizeof *a->ev_wh) == 0);
        EXPECT(memcmp(few.load_w, many.load_w, (N_FEW - 5) * sizeof *few.load_w) == 0);
    }
    gb_set_threads(before);
    close_village(&few);
    close_village(&many);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(every_meter_is_in_one_part),
        TAP(a_team_sees_every_meter_once_too),
        TAP(every_task_is_done_once),
        TAP(a_village_has_the_same_bits_on_any_number_of_threads),
        TAP(a_meter_lives_alike_in_few_parts_and_in_many),
        {0}};

    return tap_main("parts", tests);
}
