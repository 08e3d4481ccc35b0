/* What is expected of loads that follow one mean day, from the last slot that was read. */
#include <math.h>
#include <string.h>

#include "base/batch.h"
#include "models/assets/household_priv.h"
#include "models/weather/gaussian.h"

/* How much of what was seen at the end of one step is left in a later one. */
struct fading {
    double rho;           /* correlation of the latents */
    double half_hours;    /* between them */
    struct moment middle; /* of the later step */
};

static struct fading fading_between(const struct gb_households *h, int64_t seen, int64_t step)
{
    const struct gb_physics_config *c = h->config;
    double own = 1 - c->household.common_share;
    double persistent = c->household.common_share + own * c->household.persistent_share;
    int64_t halves = gb_floor_divide(step_time_ns(h, step, 0), HALF_HOUR_NS) -
                     gb_floor_divide(step_time_ns(h, seen, 0), HALF_HOUR_NS);
    struct fading fading = {
        .rho = persistent * pow(h->memory, (double)(step - seen)),
        .half_hours = (double)halves,
        .middle = moment_at(h, step_time_ns(h, step, 1)),
    };

    if (halves == 0)
        fading.rho += own * (1 - c->household.persistent_share);
    return fading;
}

static struct events_fading fade_events(const struct gb_household_config *of,
                                        const struct fading *fading)
{
    double kept = pow(1 - 1 / of->event_half_hours, fading->half_hours);

    return (struct events_fading){
        .kept = kept,
        .new = (1 - kept) * exp(log_profile(fading->middle.profile, fading->middle.place)) *
               of->event_rate * of->event_half_hours * of->event_height,
    };
}

/* Who looks how far ahead. */
struct question {
    int64_t last_read, interval; /* slots of the market */
    size_t then;                 /* place of what was seen of the first meter */
    uint32_t part;               /* of the interval, of at most half an hour */
    struct fading fading;
};

/* The part of a market's slot in which step k of slot `interval` of the model lies: a forecaster
 * makes one error about it, in however many steps it is computed. */
static uint32_t part_of(const struct gb_households *h, int64_t interval, int64_t k)
{
    const struct gb_weather_config *c = &h->config->weather;
    int64_t steps = c->steps_a_slot > 1 ? c->steps_a_slot : 1;
    int64_t n_parts = (steps * c->slot_ns + HALF_HOUR_NS - 1) / HALF_HOUR_NS;
    int64_t into = interval - gb_floor_divide(interval, steps) * steps;

    return (uint32_t)((into * h->n_steps + k) * n_parts / (steps * h->n_steps));
}

/* The errors of forecasters, as normals; 0 where they make none. */
static void draw_errors(const struct gb_households *h, const struct question *asked, size_t first,
                        size_t n, double *error)
{
    uint32_t words[4][GB_BATCH];

    memset(error, 0, n * sizeof *error);
    if (!(h->config->weather.forecast.kappa > 0))
        return;
    gb_batch_draws(h->error_key, h->fleet->draw_owner + first, n, (uint32_t)asked->last_read,
                   (uint32_t)asked->interval, asked->part, words);
    gb_batch_draw_normals(words[0], words[1], n, error);
}

/* Adds what is expected of meters [first, first + n) in a step. returns the greatest so far */
static double believe_step(const struct gb_households *h, const struct question *asked,
                           size_t first, size_t n, double *power_w)
{
    /* of a latent that was seen at 0, by a forecaster one standard deviation off */
    struct gb_belief unsure =
        gb_belief_from(0, asked->fading.rho, h->config->weather.forecast.kappa, 1);
    const float *seen_z = h->seen_z + asked->then + first;
    double x[GB_BATCH], rho = asked->fading.rho, most_w = 0;
    size_t end;

    draw_errors(h, asked, first, n, x);
    for (size_t from = 0; from < n; from = end) {
        const struct gb_household_config *of = habits_of(h, first + from);
        double sigma = of->noise;
        /* the mean of a lognormal: half the variance that is left goes on top */
        struct lively lively = {of, asked->fading.middle, 1.0 / (double)h->n_steps,
                                sigma * sigma / 2 * (unsure.variance - 1),
                                fade_events(of, &asked->fading)};
        end = from + gb_households_alike(h, first + from, n - from);
        for (size_t j = from; j < end; j++)
            x[j] = sigma * (rho * (double)seen_z[j] + unsure.mean * x[j]);
        double of_kind_w =
            gb_households_add_power(h, &lively, first + from, end - from, x + from,
                                    h->seen_event + asked->then + first + from, power_w + from);
        most_w = fmax(most_w, of_kind_w);
    }
    return most_w;
}

void gb_households_believe(const struct gb_households *h, int64_t interval, int64_t last_read,
                           size_t first, size_t n, double *power_w)
{
    const struct gb_weather_config *weather = &h->config->weather;
    struct question asked = {.last_read = gb_weather_market_slot(weather, last_read),
                             .interval = gb_weather_market_slot(weather, interval),
                             .then = seen_row(h, last_read) * h->n};
    double most_w = 0;

    assert(last_read < interval && interval < h->next && last_read >= h->next - (int64_t)h->n_seen);
    for (int64_t k = 0; k < h->n_steps; k++) {
        asked.part = part_of(h, interval, k);
        asked.fading =
            fading_between(h, (last_read + 1) * h->n_steps - 1, interval * h->n_steps + k);
        for (size_t from = 0; from < n; from += GB_BATCH) {
            size_t in_batch = n - from < GB_BATCH ? n - from : GB_BATCH;
            if (k == 0)
                memset(power_w + from, 0, in_batch * sizeof *power_w);
            most_w = fmax(most_w, believe_step(h, &asked, first + from, in_batch, power_w + from));
        }
    }
    gb_load_limits_believe(h->limits, seen_row(h, last_read), interval - last_read - 1, first, n,
                           most_w, power_w);
}
