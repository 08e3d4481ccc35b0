/* The load model `habits`: homes that differ and have habits.
 *
 *     P = base + gain exp(g M(t + d) + a F + own(t) + w y + v W + s h z - variances / 2) +
 * appliances
 *
 * with M and F the logs of the shared day's shape and of its season, g, a and d the home's own
 * sharpness, season and hours, own its own day, y a latent of weeks that moves by the day, W its
 * own weekday, s its unrest, h how restless an hour is, z as in the model `profile`
 *
 *     z = sqrt(c) common + sqrt(1 - c) (sqrt(a) AR(phi) + sqrt(1 - a) white)
 *
 * and appliances those that are switched on at Poisson times. On days away only the base is left.
 * All but the appliances moves by the half hour, whatever a slot is: a slot is the mean of what it
 * covers, and statistics of half hours do not depend on slots. Appliances go on and off at any
 * time. The mean of a home over a year is its size, analytically.
 *
 * What a reader has seen is what was so at the end of its last slot: z, y, whether somebody is at
 * home, and which appliances are on. The expected load is exact, given that. */
#include "models/assets/habits_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/batch.h"
#include "base/parts.h"
#include "models/assets/load.h"
#include "models/weather/gaussian.h"

/* South of the equator a day is that of 26 weeks later: the same weekday in the opposite season. */
enum { SOUTHERN_DAYS = 26 * 7 };
/* Half hours before the first slot over which appliances are started: the longest are on for 3.3
 * hours on average. */
enum { WARM_UP = 48 };

/* How restless homes are by the hour of the clock, in the most restless one 1: what appliances
 * leave of the coefficients of variation by hour of 30 homes of Low Carbon London in 2013. */
static const double unrest_of_hour[24] = {0.15, 0.15, 0.15, 0.15, 0.15, 0.41, 0.51, 0.53,
                                          0.68, 0.74, 0.85, 0.89, 1.00, 0.94, 0.82, 0.56,
                                          0.35, 0.26, 0.21, 0.21, 0.21, 0.21, 0.21, 0.21};

/* ---- set-up */

static void set_constants(struct habits *h, struct gb_draws draws)
{
    const struct gb_household_config *c = &h->config->household;
    double own = 1 - c->common_share;
    int64_t reach_ns = (int64_t)(h->window + 1) * slot_ns(h);

    h->calendar = gb_weather_calendar(&h->config->weather);
    h->traits_key = gb_draws_key(draws, GB_PURPOSE_LOAD_TRAITS);
    h->day_key = gb_draws_key(draws, GB_PURPOSE_LOAD_DAY);
    h->half_key = gb_draws_key(draws, GB_PURPOSE_LOAD_PERSISTENT);
    h->common_key = gb_draws_key(draws, GB_PURPOSE_LOAD_COMMON);
    h->start_key = gb_draws_key(draws, GB_PURPOSE_LOAD_EVENT);
    h->error_key = gb_draws_key(draws, GB_PURPOSE_FORECAST_LOAD);
    h->memory = c->phi;
    h->common_weight = sqrt(c->common_share);
    h->persistent_weight = sqrt(own * c->persistent_share);
    h->white_weight = sqrt(own * (1 - c->persistent_share));
    h->stay_away = 1 - 1 / c->away_days;
    h->go_away = c->away_share / ((1 - c->away_share) * c->away_days);
    for (int half = 0; half < HALVES; half++) {
        gb_harmonics_at(half, h->harmonics[half]);
        double before = unrest_of_hour[half / 2], after = unrest_of_hour[(half / 2 + 1) % 24];
        double earlier = unrest_of_hour[(half / 2 + 23) % 24];
        h->unrest[half] = 0.75 * before + 0.25 * (half % 2 ? after : earlier);
    }
    h->n_halves = reach_ns / HALF_HOUR_NS + 3;
    h->n_days = h->n_halves / HALVES + 2;
    h->next = gb_weather_anchor(&h->config->weather);
    h->n_seen = h->window;
    h->half = h->day = INT64_MIN;
}

static bool allocate(struct habits *h)
{
    size_t n = h->n ? h->n : 1, n_days = (size_t)h->n_days, n_halves = (size_t)h->n_halves;
    bool complete = true;

    h->days = calloc(n_days, sizeof *h->days);
    h->z = calloc(n * n_halves, sizeof *h->z);
    h->persistent = calloc(n, sizeof *h->persistent);
    h->power_w = calloc(n, sizeof *h->power_w);
    h->start_words = calloc(n, sizeof *h->start_words);
    h->limits = gb_load_limits_create(h->fleet, h->n_seen);
    h->seen = calloc(h->n_seen, sizeof *h->seen);
    h->outlook.power_wh = calloc(n_halves, sizeof *h->outlook.power_wh);
    h->outlook.started = calloc(n_days * GB_PHASES, sizeof *h->outlook.started);
    for (size_t d = 0; h->days && d < n_days; d++) {
        struct day *day = &h->days[d];
        day->weeks = calloc(n, sizeof *day->weeks);
        day->weekday = calloc(n, sizeof *day->weekday);
        day->is_away = calloc(n, sizeof *day->is_away);
        complete = complete && day->weeks && day->weekday && day->is_away;
    }
    return complete && h->days && h->z && h->persistent && h->power_w && h->start_words &&
           h->limits && h->seen && h->outlook.power_wh && h->outlook.started;
}

static void free_habits(void *state)
{
    struct habits *h = state;

    if (!h)
        return;
    for (size_t d = 0; h->days && d < (size_t)h->n_days; d++) {
        free(h->days[d].weeks);
        free(h->days[d].weekday);
        free(h->days[d].is_away);
    }
    for (size_t k = 0; h->seen && k < h->n_seen; k++)
        free(h->seen[k].on);
    gb_homes_clear(&h->homes);
    free(h->days);
    free(h->z);
    free(h->persistent);
    free(h->power_w);
    free(h->start_words);
    gb_load_limits_free(h->limits);
    free(h->seen);
    free(h->on);
    free(h->started);
    free(h->merged);
    free(h->outlook.power_wh);
    free(h->outlook.started);
    free(h);
}

static enum gb_status warm_up(struct habits *h, struct gb_error *err);

static enum gb_status create_habits(void **state, const struct gb_physics_config *config,
                                    const struct gb_fleet *fleet, size_t window,
                                    struct gb_draws draws, struct gb_error *err)
{
    struct habits *h = calloc(1, sizeof *h);
    enum gb_status status;

    assert(window > 0);
    if (!h)
        return gb_fail(err, GB_ENOMEM, "no memory for the households");
    h->config = config;
    h->fleet = fleet;
    h->n = fleet->n;
    h->window = window;
    h->use = gb_appliance_use();
    h->year = gb_mean_year_of((enum gb_mean_profile)config->household.mean_profile,
                              gb_civil_day_at(config->weather.start_date).year,
                              config->weather.site.latitude_deg < 0 ? SOUTHERN_DAYS : 0);
    set_constants(h, draws);
    if (!allocate(h) || !gb_homes_create(&h->homes, fleet, &h->year, &h->use, draws)) {
        free_habits(h);
        return gb_fail(err, GB_ENOMEM, "no memory for the loads of %zu meters", fleet->n);
    }
    status = warm_up(h, err);
    if (status != GB_OK) {
        free_habits(h);
        return status;
    }
    *state = h;
    return GB_OK;
}

/* ---- days */

/* Draws the day of homes [first, first + n): the first word is that of the weeks, the second says
 * who is away. before: NULL on the first day */
static void draw_day(const struct habits *h, int64_t date, size_t first, size_t n,
                     const struct day *before, struct day *day)
{
    const struct gb_household_config *c = &h->config->household;
    double memory = before ? c->weeks_memory : 0, news = sqrt(1 - memory * memory);
    uint32_t words[4][GB_BATCH];
    double weeks[GB_BATCH], weekday[GB_BATCH];

    gb_batch_draws(h->day_key, h->homes.owner + first, n, 0, (uint32_t)date, 0, words);
    gb_batch_normals(words[0], n, weeks);
    gb_homes_weekday(&h->homes, h->traits_key, gb_civil_day_at(date).weekday, first, n, weekday);
    for (size_t j = 0; j < n; j++) {
        size_t i = first + j;
        double old = before ? (double)before->weeks[i] : 0;
        double away = !before ? c->away_share : before->is_away[i] ? h->stay_away : h->go_away;
        day->weeks[i] = (float)(memory * old + news * weeks[j]);
        day->weekday[i] = (float)(c->weekday_sd * weekday[j]);
        day->is_away[i] = gb_word_uniform(words[1][j]) < away;
    }
}

static void enter_day(struct habits *h, int64_t date)
{
    const struct day *before = h->day == INT64_MIN ? NULL : day_at(h, h->day);

    h->day = date;
    struct day *day = day_at(h, date);
    gb_mean_day_at(&h->year, date, &day->mean);
    for (size_t first = 0; first < h->n; first += GB_BATCH)
        draw_day(h, date, first, h->n - first < GB_BATCH ? h->n - first : GB_BATCH, before, day);
}

/* ---- appliances */

/* Poisson count at a uniform, by inversion. */
static uint32_t poisson_at(double uniform, double mean)
{
    double term = gb_exponential(-mean), sum = term;
    uint32_t count = 0;

    while (uniform > sum && count < 255) {
        term *= mean / ++count;
        sum += term;
    }
    return count;
}

static enum gb_status start_appliances(struct habits *h, size_t *n_started, uint32_t meter,
                                       int64_t half, uint32_t count, struct gb_error *err)
{
    struct gb_switching *started =
        gb_array_grow(h->started, &h->started_capacity, *n_started + count, sizeof *started);

    if (!started)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu appliances", *n_started + count);
    h->started = started;
    for (uint32_t k = 0; k < count; k++) {
        struct gb_draw draw = gb_draw_at(h->start_key, h->homes.owner[meter], 0, (uint32_t)half, k);
        struct gb_switching *one = &started[(*n_started)++];
        *one = gb_switching_at(&h->use, draw, half * HALF_HOUR_NS, HALF_HOUR_NS);
        one->meter = meter;
    }
    return GB_OK;
}

/* Starts what homes start in a half hour. */
static enum gb_status start_in_half(struct habits *h, int64_t half, const struct day *day,
                                    size_t *n_started, struct gb_error *err)
{
    const double *activity = day->mean.activity + GB_QUARTERS + 2 * half_of_day(h, half);

    for (size_t i = 0; i < h->n; i++) {
        double uniform = gb_word_uniform(h->start_words[i]);
        double mean =
            day->is_away[i] ? 0 : (double)h->homes.starts[i] * activity[h->homes.phase[i]];
        if (uniform <= 1 - mean) /* the probability of none is larger */
            continue;
        enum gb_status status =
            start_appliances(h, n_started, (uint32_t)i, half, poisson_at(uniform, mean), err);
        if (status != GB_OK)
            return status;
    }
    return GB_OK;
}

/* Puts those that start among those that are on. */
static enum gb_status merge_started(struct habits *h, size_t n_started, struct gb_error *err)
{
    size_t n = h->n_on + n_started, a = 0, b = 0;
    struct gb_switching *merged = gb_array_grow(h->merged, &h->merged_capacity, n, sizeof *merged);

    if (!merged)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu appliances", n);
    for (size_t i = 0; i < n; i++) {
        bool is_old = b == n_started || (a < h->n_on && h->on[a].meter <= h->started[b].meter);
        merged[i] = is_old ? h->on[a++] : h->started[b++];
    }
    size_t capacity = h->merged_capacity;
    h->merged = h->on;
    h->merged_capacity = h->on_capacity;
    h->on = merged;
    h->on_capacity = capacity;
    h->n_on = n;
    return GB_OK;
}

/* Adds what is on in [begin, end), notes what is on at its end, and forgets what no longer is.
 * power_w: NULL where it is not wanted */
static enum gb_status run_appliances(struct habits *h, int64_t begin_ns, int64_t end_ns,
                                     double *power_w, struct seen *seen, struct gb_error *err)
{
    size_t kept = 0;
    struct gb_switching *on = gb_array_grow(seen->on, &seen->capacity, h->n_on, sizeof *on);

    if (!on && h->n_on)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu appliances", h->n_on);
    if (on)
        seen->on = on;
    seen->n = 0;
    for (size_t i = 0; i < h->n_on; i++) {
        struct gb_switching one = h->on[i];
        int64_t from = one.on_ns > begin_ns ? one.on_ns : begin_ns;
        int64_t to = one.off_ns < end_ns ? one.off_ns : end_ns;
        if (power_w && to > from)
            power_w[one.meter] += gb_appliances[one.appliance].power_w * (double)(to - from) /
                                  (double)(end_ns - begin_ns);
        if (one.off_ns <= end_ns)
            continue;
        if (one.on_ns < end_ns)
            seen->on[seen->n++] = one;
        h->on[kept++] = one;
    }
    h->n_on = kept;
    return GB_OK;
}

/* ---- half hours */

void gb_habits_log_shape(const struct habits *h, const struct gb_mean_day *mean, int of_day,
                         size_t first, size_t n, double *restrict x)
{
    const struct gb_homes *homes = &h->homes;
    const double *strip = mean->log_shape + GB_QUARTERS + 2 * of_day, *turn = h->harmonics[of_day];
    const float *restrict sharpness = homes->sharpness + first, *restrict season =
                                                                    homes->season + first;
    const int16_t *restrict phase = homes->phase + first;
    double factor = mean->season;

    for (size_t j = 0; j < n; j++)
        x[j] = (double)sharpness[j] * strip[phase[j]] + (double)season[j] * factor;
    for (int k = 0; k < GB_HARMONICS; k++) {
        const float *restrict own = homes->own[k] + first;
        double value = turn[k];
#pragma omp simd
        for (size_t j = 0; j < n; j++)
            x[j] += (double)own[j] * value;
    }
}

/* The half hour of homes [first, first + n): their latents, and their power but for appliances. */
static void move_homes(struct habits *h, int64_t half, double memory, double shared,
                       const struct day *day, size_t first, size_t n,
                       const uint32_t words[4][GB_BATCH])
{
    double persistent_news[GB_BATCH], white[GB_BATCH], x[GB_BATCH];
    double news = sqrt(1 - memory * memory), restless = h->unrest[half_of_day(h, half)];
    const struct gb_homes *homes = &h->homes;
    double *restrict persistent = h->persistent + first, *restrict power_w = h->power_w + first;
    float *restrict z = h->z + half_row(h, half) + first;
    const float *restrict unrest = homes->unrest + first, *restrict weeks = day->weeks + first;
    const float *restrict weeks_sd = homes->weeks_sd + first, *restrict weekday =
                                                                  day->weekday + first;
    const uint8_t *restrict is_away = day->is_away + first;
    const double *restrict gain_w = homes->gain_w + first, *restrict base_w = homes->base_w + first;

    gb_batch_normals(words[0], n, persistent_news);
    gb_batch_normals(words[1], n, white);
    gb_habits_log_shape(h, &day->mean, half_of_day(h, half), first, n, x);
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        persistent[j] = memory * persistent[j] + news * persistent_news[j];
        z[j] = (float)(shared + h->persistent_weight * persistent[j] + h->white_weight * white[j]);
        double s = restless * (double)unrest[j];
        x[j] += (double)weeks_sd[j] * (double)weeks[j] + (double)weekday[j] + s * (double)z[j] -
                s * s / 2;
    }
    gb_batch_exponentials(x, n);
    for (size_t j = 0; j < n; j++)
        power_w[j] = base_w[j] + (is_away[j] ? 0 : gain_w[j] * x[j]);
}

/* A half hour that homes go to. */
struct entering {
    struct habits *h;
    const struct day *day;
    int64_t half;
    double memory, shared;
    bool is_full;
};

static void enter_part(void *of_all, size_t part, size_t n_part)
{
    const struct entering *to = of_all;
    struct habits *h = to->h;

    for (size_t first = part; first < part + n_part; first += GB_BATCH) {
        size_t left = part + n_part - first, n = left < GB_BATCH ? left : GB_BATCH;
        uint32_t words[4][GB_BATCH];
        gb_batch_draws(h->half_key, h->homes.owner + first, n, 1, (uint32_t)to->half, 0, words);
        if (to->is_full)
            move_homes(h, to->half, to->memory, to->shared, to->day, first, n, words);
        memcpy(h->start_words + first, words[2], n * sizeof *words[2]);
    }
}

/* Goes to a half hour; those before the first of the warm-up's end start appliances alone. */
static enum gb_status enter_half(struct habits *h, int64_t half, bool is_full, struct gb_error *err)
{
    bool is_first = is_full && h->half == INT64_MIN;
    double memory = is_first ? 0 : h->memory, shared = 0;
    size_t n_started = 0;

    if (day_of_half(h, half) != h->day)
        enter_day(h, day_of_half(h, half));
    const struct day *day = day_at(h, h->day);
    if (is_full) {
        h->half = half;
        h->common = gb_latent_step(
            h->common, memory, gb_draw_normal(gb_draw_at(h->common_key, 0, 0, (uint32_t)half, 0)));
        shared = h->common_weight * h->common;
    }
    gb_parts_run(h->n, enter_part, &(struct entering){h, day, half, memory, shared, is_full});
    enum gb_status status = start_in_half(h, half, day, &n_started, err);
    if (status != GB_OK)
        return status;
    return merge_started(h, n_started, err);
}

/* Appliances that are on when the first slot starts. */
static enum gb_status warm_up(struct habits *h, struct gb_error *err)
{
    int64_t begin_ns = h->next * slot_ns(h), first = gb_floor_divide(begin_ns, HALF_HOUR_NS);
    enum gb_status status = GB_OK;

    for (int64_t half = first - WARM_UP; half < first && status == GB_OK; half++) {
        int64_t at_ns = half * HALF_HOUR_NS;
        status = enter_half(h, half, false, err);
        if (status == GB_OK)
            status = run_appliances(h, at_ns, at_ns + HALF_HOUR_NS, NULL, &h->seen[0], err);
    }
    return status;
}

/* A slot whose power is held to the limits of homes. */
struct holding {
    struct habits *habits;
    double *power_w;
    bool failed; /* there was no memory */
};

static void hold_part(void *slot, size_t first, size_t n)
{
    struct holding *holding = slot;
    struct habits *h = holding->habits;
    double most_w = 0;

    for (size_t i = first; i < first + n; i++)
        most_w = fmax(most_w, holding->power_w[i]);
    if (!gb_load_limits_hold(h->limits, h->next, seen_row(h, h->next), first, n, most_w,
                             holding->power_w)) {
#pragma omp atomic write
        holding->failed = true;
    }
}

/* What is beyond the connection comes later. */
static enum gb_status limit_power(struct habits *h, double *power_w, struct gb_error *err)
{
    struct holding holding = {h, power_w, false};

    gb_parts_run(h->n, hold_part, &holding);
    return holding.failed ? gb_fail(err, GB_ENOMEM, "no memory for what %zu homes use later", h->n)
                          : GB_OK;
}

static enum gb_status advance_habits(void *state, double *power_w, struct gb_error *err)
{
    struct habits *h = state;
    int64_t begin_ns = h->next * slot_ns(h), end_ns = begin_ns + slot_ns(h);
    int64_t last = gb_floor_divide(end_ns - 1, HALF_HOUR_NS);
    enum gb_status status = GB_OK;

    if (!gb_load_limits_lend(h->limits, h->next, &power_w))
        return gb_fail(err, GB_ENOMEM, "no memory for a slot of %zu households", h->n);
    if (power_w)
        memset(power_w, 0, h->n * sizeof *power_w);
    for (int64_t half = gb_floor_divide(begin_ns, HALF_HOUR_NS); half <= last; half++) {
        int64_t from = half * HALF_HOUR_NS > begin_ns ? half * HALF_HOUR_NS : begin_ns;
        int64_t to = (half + 1) * HALF_HOUR_NS < end_ns ? (half + 1) * HALF_HOUR_NS : end_ns;
        double share = (double)(to - from) / (double)slot_ns(h);
        if (half != h->half)
            status = enter_half(h, half, true, err);
        if (status != GB_OK)
            return status;
        for (size_t i = 0; power_w && i < h->n; i++)
            power_w[i] += share * h->power_w[i];
    }
    status = run_appliances(h, begin_ns, end_ns, power_w, seen_at(h, h->next), err);
    if (status == GB_OK && power_w)
        status = limit_power(h, power_w, err);
    h->next += status == GB_OK;
    return status;
}

const struct gb_load_model gb_load_habits = {
    .member = {.name = "habits",
               .summary = "homes that differ: own day, season and unrest, weeks, days away, "
                          "appliances"},
    .create = create_habits,
    .advance = advance_habits,
    .believe = gb_habits_believe,
    .free = free_habits,
};
