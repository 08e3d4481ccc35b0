/* What a reader of meters believes of homes with habits. It has seen what was so at the end of its
 * last slot: z, the weeks, who was away, and which appliances were on. */
#include "models/assets/habits_priv.h"

#include <math.h>
#include <string.h>

#include "base/batch.h"
#include "models/weather/gaussian.h"

/* A part of the slot that is believed: within one half hour. */
struct later {
    int64_t half;
    double share;      /* of the slot */
    double rho;        /* correlation of z with what was seen */
    double weeks_rho;  /* the same, of the weeks */
    double stay, come; /* probability to be at home, for who was and who was not */
};

static int64_t half_seen(const struct habits *h, int64_t last_read)
{
    return gb_floor_divide((last_read + 1) * slot_ns(h) - 1, HALF_HOUR_NS);
}

/* Probability to be at home `days` later: the chain forgets by a factor a day. */
static void home_later(const struct habits *h, int64_t days, double *stay, double *come)
{
    double away = h->config->household.away_share;
    double left = pow(h->stay_away - h->go_away, (double)days);

    *stay = 1 - away + away * left;
    *come = (1 - away) * (1 - left);
}

static struct later later_at(const struct habits *h, int64_t last_read, int64_t half)
{
    const struct gb_household_config *c = &h->config->household;
    int64_t seen = half_seen(h, last_read);
    int64_t days = day_of_half(h, half) - day_of_half(h, seen);
    double persistent = c->common_share + (1 - c->common_share) * c->persistent_share;
    struct later later = {.half = half, .share = 1};

    later.rho = half == seen ? 1 : persistent * pow(h->memory, (double)(half - seen));
    later.weeks_rho = pow(c->weeks_memory, (double)days);
    home_later(h, days, &later.stay, &later.come);
    return later;
}

/* Adds what homes [first, first + n) are expected to use but for appliances. error: n normals, or
 * NULL where forecasters make none */
static void believe_homes(const struct habits *h, const struct later *later, int64_t last_read,
                          size_t first, size_t n, const double *error, double *power_w)
{
    int64_t seen = half_seen(h, last_read);
    const struct day *then = day_at(h, day_of_half(h, seen));
    const struct day *day = day_at(h, day_of_half(h, later->half));
    const struct gb_homes *homes = &h->homes;
    const float *restrict z = h->z + half_row(h, seen) + first;
    const float *restrict unrest = homes->unrest + first, *restrict weeks = then->weeks + first;
    const float *restrict weeks_sd = homes->weeks_sd + first, *restrict weekday =
                                                                  day->weekday + first;
    const uint8_t *restrict is_away = then->is_away + first;
    const double *restrict gain_w = homes->gain_w + first, *restrict base_w = homes->base_w + first;
    /* of a latent that was seen at 0, by a forecaster one standard deviation off */
    struct gb_belief unsure = gb_belief_from(0, later->rho, h->config->weather.forecast.kappa, 1);
    double restless = h->unrest[half_of_day(h, later->half)], x[GB_BATCH];
    double weeks_new = gb_above_0(1 - later->weeks_rho * later->weeks_rho) / 2;

    gb_habits_log_shape(h, &day->mean, half_of_day(h, later->half), first, n, x);
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        double s = restless * (double)unrest[j], w = (double)weeks_sd[j];
        double mean = later->rho * (double)z[j] + (error ? unsure.mean * error[j] : 0);
        x[j] += w * later->weeks_rho * (double)weeks[j] + w * w * weeks_new + (double)weekday[j] +
                s * mean + s * s / 2 * (unsure.variance - 1);
    }
    gb_batch_exponentials(x, n);
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        double home = later->stay + is_away[j] * (later->come - later->stay);
        power_w[j] += later->share * (base_w[j] + home * gain_w[j] * x[j]);
    }
}

/* What does not depend on the home of the appliances that a reader has seen, or not. */
static void look_out(struct habits *h, int64_t interval, int64_t last_read)
{
    struct outlook *o = &h->outlook;
    int64_t begin_ns = interval * slot_ns(h), end_ns = begin_ns + slot_ns(h);
    int64_t seen_ns = (last_read + 1) * slot_ns(h);

    if (o->is_set && o->interval == interval && o->last_read == last_read)
        return;
    *o = (struct outlook){.is_set = true,
                          .interval = interval,
                          .last_read = last_read,
                          .first_half = gb_floor_divide(seen_ns, HALF_HOUR_NS),
                          .last_half = gb_floor_divide(end_ns - 1, HALF_HOUR_NS),
                          .power_wh = o->power_wh,
                          .started = o->started};
    for (int64_t half = o->first_half; half <= o->last_half; half++) {
        int64_t from = half * HALF_HOUR_NS > seen_ns ? half * HALF_HOUR_NS : seen_ns;
        int64_t to = (half + 1) * HALF_HOUR_NS < end_ns ? (half + 1) * HALF_HOUR_NS : end_ns;
        o->power_wh[half - o->first_half] =
            gb_appliances_started(&h->use, from, to, begin_ns, end_ns);
    }
    for (int k = 0; k < GB_APPLIANCES; k++)
        o->stays[k] = gb_appliances[k].power_w *
                      gb_appliance_stays(&gb_appliances[k], seen_ns, begin_ns, end_ns);
    for (int64_t i = 0; i < h->n_days * GB_PHASES; i++)
        o->started[i] = -1;
}

/* Expected power of appliances that start on day `date`, of a home of one start in a mean half hour
 * that is at home. */
static double started_on(struct habits *h, int64_t date, int phase)
{
    struct outlook *o = &h->outlook;
    double *sum =
        &o->started[(date - day_of_half(h, o->first_half)) * GB_PHASES + phase + GB_MAX_PHASE];
    const double *activity = day_at(h, date)->mean.activity + GB_QUARTERS + phase;

    if (*sum >= 0)
        return *sum;
    *sum = 0;
    for (int64_t half = o->first_half; half <= o->last_half; half++)
        if (day_of_half(h, half) == date)
            *sum += 2 * o->power_wh[half - o->first_half] * activity[2 * half_of_day(h, half)];
    return *sum;
}

static void believe_started(struct habits *h, int64_t last_read, size_t first, size_t n,
                            double *power_w)
{
    int64_t seen_day = day_of_half(h, half_seen(h, last_read));
    const struct day *then = day_at(h, seen_day);

    for (int64_t date = day_of_half(h, h->outlook.first_half);
         date <= day_of_half(h, h->outlook.last_half); date++) {
        double stay, come;
        home_later(h, date - seen_day, &stay, &come);
        for (size_t j = 0; j < n; j++) {
            size_t i = first + j;
            power_w[j] += (then->is_away[i] ? come : stay) * (double)h->homes.starts[i] *
                          started_on(h, date, h->homes.phase[i]);
        }
    }
}

/* Adds what is left of the appliances that were on. */
static void believe_seen(const struct habits *h, const struct seen *seen, size_t first, size_t n,
                         double *power_w)
{
    size_t low =
        seen->n == 0 ? 0 : gb_items_before(&seen->on->meter, sizeof *seen->on, seen->n, first);

    for (; low < seen->n && seen->on[low].meter < first + n; low++)
        power_w[seen->on[low].meter - first] += h->outlook.stays[seen->on[low].appliance];
}

/* The forecaster's errors about homes [first, first + n) in one half hour. returns NULL where it
 * makes none */
static const double *errors_at(const struct habits *h, int64_t interval, int64_t last_read,
                               int64_t half, size_t first, size_t n, double *errors)
{
    const struct gb_weather_config *weather = &h->config->weather;
    int64_t steps = weather->steps_a_slot > 1 ? weather->steps_a_slot : 1;
    int64_t then = gb_weather_market_slot(weather, interval);
    int64_t seen = gb_weather_market_slot(weather, last_read);
    int64_t part = half - gb_floor_divide(then * steps * slot_ns(h), HALF_HOUR_NS);
    uint32_t words[4][GB_BATCH];

    if (!(h->config->weather.forecast.kappa > 0))
        return NULL;
    gb_batch_draws(h->error_key, h->homes.owner + first, n, (uint32_t)seen, (uint32_t)then,
                   (uint32_t)part, words);
    gb_batch_normals(words[0], n, errors);
    return errors;
}

void gb_habits_believe(void *state, int64_t interval, int64_t last_read, size_t first, size_t n,
                       double *power_w)
{
    struct habits *h = state;
    int64_t begin_ns = interval * slot_ns(h), end_ns = begin_ns + slot_ns(h);
    double most_w = 0;

    assert(last_read < interval && interval < h->next && last_read >= h->next - (int64_t)h->n_seen);
    memset(power_w, 0, n * sizeof *power_w);
    look_out(h, interval, last_read);
    for (int64_t half = gb_floor_divide(begin_ns, HALF_HOUR_NS); half <= h->outlook.last_half;
         half++) {
        struct later later = later_at(h, last_read, half);
        int64_t from = half * HALF_HOUR_NS > begin_ns ? half * HALF_HOUR_NS : begin_ns;
        int64_t to = (half + 1) * HALF_HOUR_NS < end_ns ? (half + 1) * HALF_HOUR_NS : end_ns;
        later.share = (double)(to - from) / (double)slot_ns(h);
        for (size_t j = 0; j < n; j += GB_BATCH) {
            size_t m = n - j < GB_BATCH ? n - j : GB_BATCH;
            double errors[GB_BATCH];
            believe_homes(h, &later, last_read, first + j, m,
                          errors_at(h, interval, last_read, half, first + j, m, errors),
                          power_w + j);
        }
    }
    believe_started(h, last_read, first, n, power_w);
    believe_seen(h, seen_at(h, last_read), first, n, power_w);
    for (size_t j = 0; j < n; j++)
        most_w = fmax(most_w, power_w[j]);
    gb_load_limits_believe(h->limits, seen_row(h, last_read), interval - last_read - 1, first, n,
                           most_w, power_w);
}
