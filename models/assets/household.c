#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/batch.h"
#include "base/date.h"
#include "base/memory.h"
#include "base/parts.h"
#include "base/quantity.h"
#include "models/assets/household_priv.h"
#include "models/assets/load.h"
#include "models/weather/gaussian.h"
#include "models/weather/weather.h"

/* South of the equator a day is that of 26 weeks later: the same weekday in the opposite season. */
enum { SOUTHERN_DAYS = 26 * 7 };

/* ---- the profile */

/* The profile reaches over every slot of the window, and half a day further both ways for
 * households with other hours. */
static void cover_day(struct gb_households *h, int64_t day)
{
    h->newest_day = day;
    h->profile_day = day + 2 - h->profile_days;
    for (int d = 0; d < h->profile_days; d++)
        gb_h0_day(h->profile_day + d + h->season_days, h->profile_scale,
                  h->profile + d * GB_QUARTERS);
    for (int i = 0; i < h->profile_days * GB_QUARTERS; i++)
        h->profile[i] = log(h->profile[i]);
}

/* ---- set-up */

static void set_constants(struct gb_households *h)
{
    const struct gb_physics_config *c = h->config;
    double own = 1 - c->household.common_share;
    int64_t reach_ns = (int64_t)h->window * c->weather.slot_ns;

    h->calendar = gb_weather_calendar(&c->weather);
    h->n_steps = (c->weather.slot_ns + HALF_HOUR_NS - 1) / HALF_HOUR_NS;
    h->memory =
        pow(c->household.phi, (double)c->weather.slot_ns / (double)(h->n_steps * HALF_HOUR_NS));
    h->common_weight = sqrt(c->household.common_share);
    h->persistent_weight = sqrt(own * c->household.persistent_share);
    h->white_weight = sqrt(own * (1 - c->household.persistent_share));
    /* perfect foresight needs no memory of what meters showed */
    h->n_seen = c->weather.forecast.kind == GB_FORECAST_PERFECT || c->weather.forecast.skill >= 1
                    ? 1
                    : h->window;
    h->profile_days = (int)((reach_ns + GB_NS_PER_DAY - 1) / GB_NS_PER_DAY) + 3;
    h->season_days = c->weather.site.latitude_deg < 0 ? SOUTHERN_DAYS : 0;
    h->next = gb_weather_anchor(&c->weather);
    h->half_hour = INT64_MIN;
    h->newest_day = INT64_MIN;
}

static size_t n_parts(const struct gb_households *h)
{
    return h->n / GB_PART + 1;
}

static bool allocate(struct gb_households *h)
{
    size_t n = h->n ? h->n : 1;

    h->profile = calloc((size_t)h->profile_days * GB_QUARTERS, sizeof *h->profile);
    h->starting = calloc(h->fleet->n_kinds, sizeof *h->starting);
    h->events = calloc(n_parts(h), sizeof *h->events);
    h->gain_w = gb_memory_wide(n, sizeof *h->gain_w);
    h->persistent = gb_memory_wide(n, sizeof *h->persistent);
    h->white = gb_memory_wide(n, sizeof *h->white);
    h->seen_z = gb_memory_wide(n * h->n_seen, sizeof *h->seen_z);
    h->seen_event = gb_memory_wide(n * h->n_seen, sizeof *h->seen_event);
    h->limits = gb_load_limits_create(h->fleet, h->n_seen);
    return h->profile && h->starting && h->events && h->gain_w && h->persistent && h->white &&
           h->seen_z && h->seen_event && h->limits;
}

enum gb_status gb_households_create(struct gb_households **out,
                                    const struct gb_physics_config *config,
                                    const struct gb_fleet *fleet, size_t window,
                                    struct gb_draws draws, struct gb_error *err)
{
    struct gb_households *h = calloc(1, sizeof *h);
    int year = gb_civil_day_at(config->weather.start_date).year;

    assert(window > 0);
    if (!h)
        return gb_fail(err, GB_ENOMEM, "no memory for the households");
    h->config = config;
    h->fleet = fleet;
    h->n = fleet->n;
    h->window = window;
    set_constants(h);
    if (!allocate(h)) {
        gb_households_free(h);
        return gb_fail(err, GB_ENOMEM, "no memory for the loads of %zu meters", fleet->n);
    }
    h->profile_scale = gb_h0_scale(year);
    gb_households_set_gains(h, year);
    h->common_key = gb_draws_key(draws, GB_PURPOSE_LOAD_COMMON);
    h->persistent_key = gb_draws_key(draws, GB_PURPOSE_LOAD_PERSISTENT);
    h->white_key = gb_draws_key(draws, GB_PURPOSE_LOAD_WHITE);
    h->event_key = gb_draws_key(draws, GB_PURPOSE_LOAD_EVENT);
    h->error_key = gb_draws_key(draws, GB_PURPOSE_FORECAST_LOAD);
    *out = h;
    return GB_OK;
}

void gb_households_free(struct gb_households *h)
{
    if (!h)
        return;
    free(h->profile);
    free(h->starting);
    free(h->gain_w);
    free(h->persistent);
    free(h->white);
    for (size_t k = 0; h->events && k < n_parts(h); k++)
        free(h->events[k].of);
    free(h->events);
    free(h->seen_z);
    free(h->seen_event);
    gb_load_limits_free(h->limits);
    free(h);
}

/* ---- steps and slots */

static void advance_common(struct gb_households *h, uint32_t time, double memory)
{
    h->common =
        gb_latent_step(h->common, memory, gb_draw_normal(gb_draw_at(h->common_key, 0, 0, time, 0)));
}

size_t gb_households_alike(const struct gb_households *h, size_t first, size_t n)
{
    const uint32_t *kind = h->fleet->kind + first;
    size_t alike = n;

    while (kind[alike - 1] != kind[0]) /* meters stand kind by kind: hardly ever */
        alike--;
    return alike;
}

double gb_households_add_power(const struct gb_households *h, const struct lively *step,
                               size_t first, size_t n, double *restrict x,
                               const float *restrict event_height, double *restrict power_w)
{
    const double *restrict shape = h->fleet->load_shape + first;
    const double *restrict phase_h = h->fleet->load_phase_h + first;
    const double *restrict scale_w = h->fleet->load_scale_w + first;
    const double *restrict gain_w = h->gain_w + first;
    double share = step->share, floor = step->of->floor, level = step->level;
    double kept = step->events.kept, others = step->events.new, most_w = 0;

    for (size_t j = 0; j < n; j++)
        x[j] = shape[j] * log_profile(step->middle.profile, step->middle.place + 4 * phase_h[j]) +
               x[j] + level;
    gb_batch_exponentials(x, n);
    for (size_t j = 0; j < n; j++)
        power_w[j] += share * (scale_w[j] * floor +
                               gain_w[j] * (x[j] + ((double)event_height[j] * kept + others)));
    /* a loop of its own: not every compiler can take the greatest of several numbers at once, as
     * comparisons with what is no number would have to come in order */
    for (size_t j = 0; j < n; j++)
        most_w = power_w[j] > most_w ? power_w[j] : most_w;
    return most_w;
}

/* The latents of meters [first, first + n) in a step. */
static void move_latents(struct gb_households *h, const struct step *step, size_t first, size_t n,
                         float *restrict seen_z, double *restrict z)
{
    uint32_t words[4][GB_BATCH];
    double normals[GB_BATCH];
    double *restrict persistent = h->persistent + first;
    const float *restrict white = h->white + first;
    double memory = step->memory, news = step->news, shared = step->shared;
    double weight = h->persistent_weight, white_weight = h->white_weight;

    gb_batch_draws(h->persistent_key, h->fleet->draw_owner + first, n, 0, (uint32_t)step->number, 0,
                   words);
    gb_batch_draw_normals(words[0], words[1], n, normals);
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        persistent[j] = memory * persistent[j] + news * normals[j];
        z[j] = shared + weight * persistent[j] + white_weight * (double)white[j];
        seen_z[j] = (float)z[j];
    }
}

/* One step of meters [first, first + n). returns the greatest power of their slot as far as it is
 * computed */
static double advance_batch(struct gb_households *h, const struct step *step, size_t first,
                            size_t n, double *power_w, float *seen_z)
{
    double x[GB_BATCH], most_w = 0;
    size_t end;

    move_latents(h, step, first, n, seen_z + first, x);
    if (power_w && step->is_first)
        memset(power_w + first, 0, n * sizeof *power_w);
    for (size_t from = 0; power_w && from < n; from = end) {
        struct lively lively = {habits_of(h, first + from), step->middle, step->share, 0, {1, 0}};
        double sigma = lively.of->noise;
        end = from + gb_households_alike(h, first + from, n - from);
        lively.level = -(sigma * sigma / 2);
        for (size_t j = from; j < end; j++)
            x[j] *= sigma;
        double of_kind_w =
            gb_households_add_power(h, &lively, first + from, end - from, x + from,
                                    h->event_height + first + from, power_w + first + from);
        most_w = fmax(most_w, of_kind_w);
    }
    return most_w;
}

/* One step of meters [first, first + n), a part. */
static void advance_part(void *households, size_t first, size_t n)
{
    struct gb_households *h = households;
    struct sweep *sweep = &h->sweep;
    double most_w = 0;

    if (sweep->before)
        memcpy(h->event_height + first, sweep->before + first, n * sizeof *h->event_height);
    bool succeeded = !sweep->step.enters || gb_households_draw_half_hour(h, first, n);
    for (size_t at = 0; at < n && succeeded; at += GB_BATCH)
        most_w = fmax(most_w, advance_batch(h, &sweep->step, first + at,
                                            n - at < GB_BATCH ? n - at : GB_BATCH, sweep->power_w,
                                            sweep->seen_z));
    if (succeeded && sweep->step.is_last && sweep->power_w)
        succeeded = gb_load_limits_hold(h->limits, sweep->interval, sweep->row, first, n, most_w,
                                        sweep->power_w);
    if (!succeeded) {
#pragma omp atomic write
        sweep->failed = true;
    }
}

static struct step step_at(const struct gb_households *h, int64_t number)
{
    bool starts = number == gb_weather_anchor(&h->config->weather) * h->n_steps;
    double memory = starts ? 0 : h->memory;

    return (struct step){
        .number = number,
        .is_first = gb_floor_divide(number, h->n_steps) * h->n_steps == number,
        .is_last = gb_floor_divide(number + 1, h->n_steps) * h->n_steps == number + 1,
        .memory = memory,
        .news = sqrt(1 - memory * memory),
        .share = 1.0 / (double)h->n_steps,
        .middle = moment_at(h, step_time_ns(h, number, 1)),
    };
}

/* What is under way goes on into the next slot, whose row of what is seen is another. returns where
 * it stands, or NULL */
static const float *move_events(struct gb_households *h, size_t row)
{
    const float *before = h->event_height;

    h->event_height = h->seen_event + row;
    return before != h->event_height ? before : NULL;
}

/* returns whether there was memory for it */
static bool begin_slot(struct gb_households *h, double *power_w)
{
    size_t row = seen_row(h, h->next);

    if (!gb_load_limits_lend(h->limits, h->next, &power_w))
        return false;
    h->sweep = (struct sweep){.before = move_events(h, row * h->n),
                              .power_w = power_w,
                              .seen_z = h->seen_z + row * h->n,
                              .interval = h->next,
                              .row = row};
    return true;
}

/* What all meters have in common in step i of the next slot. */
static void begin_step(struct gb_households *h, int64_t i)
{
    int64_t number = h->next * h->n_steps + i;
    int64_t day = h->config->weather.start_date +
                  gb_calendar_day_at(&h->calendar, step_time_ns(h, number, 1));
    int64_t half_hour = gb_floor_divide(step_time_ns(h, number, 0), HALF_HOUR_NS);

    if (day != h->newest_day)
        cover_day(h, day);
    h->sweep.step = step_at(h, number);
    h->sweep.step.enters = half_hour != h->half_hour;
    if (h->sweep.step.enters)
        gb_households_enter_half_hour(h, half_hour);
    advance_common(h, (uint32_t)number, h->sweep.step.memory);
    h->sweep.step.shared = h->common_weight * h->common;
}

static enum gb_status fail_for_memory(const struct gb_households *h, struct gb_error *err)
{
    return gb_fail(err, GB_ENOMEM, "no memory for a slot of %zu households", h->n);
}

static enum gb_status end_step(struct gb_households *h, struct gb_error *err)
{
    h->sweep.before = NULL;
    return h->sweep.failed ? fail_for_memory(h, err) : GB_OK;
}

enum gb_status gb_households_advance(struct gb_households *h, double *power_w, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    if (!begin_slot(h, power_w))
        return fail_for_memory(h, err);
    for (int64_t i = 0; i < h->n_steps && status == GB_OK; i++) {
        begin_step(h, i);
        gb_parts_run(h->n, advance_part, h);
        status = end_step(h, err);
    }
    h->next++;
    return status;
}

static bool begin_profile(void *households, double *power_w)
{
    struct gb_households *h = households;

    if (h->n_steps > 1 || !begin_slot(h, power_w))
        return false;
    begin_step(h, 0);
    h->next++;
    return true;
}

static enum gb_status end_profile(void *households, struct gb_error *err)
{
    return end_step(households, err);
}

/* ---- as a member of the family */

static enum gb_status create_profile(void **state, const struct gb_physics_config *config,
                                     const struct gb_fleet *fleet, size_t window,
                                     struct gb_draws draws, struct gb_error *err)
{
    struct gb_households *households = NULL;
    enum gb_status status = gb_households_create(&households, config, fleet, window, draws, err);

    *state = households;
    return status;
}

static enum gb_status advance_profile(void *state, double *power_w, struct gb_error *err)
{
    return gb_households_advance(state, power_w, err);
}

static void believe_profile(void *state, int64_t interval, int64_t last_read, size_t first,
                            size_t n, double *power_w)
{
    gb_households_believe(state, interval, last_read, first, n, power_w);
}

static void free_profile(void *state)
{
    gb_households_free(state);
}

const struct gb_load_model gb_load_profile = {
    .member = {.name = "profile",
               .summary =
                   "one mean day that homes follow by size, hours and sharpness, with noise"},
    .create = create_profile,
    .advance = advance_profile,
    .begin = begin_profile,
    .advance_part = advance_part,
    .end = end_profile,
    .believe = believe_profile,
    .believes_apart = true,
    .free = free_profile,
};
