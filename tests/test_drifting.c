/* Clouds that drift: what two places have in common, and that an hour is the same hour in slots of
 * any length. */
#include "models/assets/drifting.h"

#include <math.h>
#include <stdlib.h>

#include "base/quantity.h"
#include "models/assets/physics_config.h"
#include "tests/series.h"
#include "tests/tap.h"

static const double zeros[GB_DRIFT_BATCH];
static const struct gb_own_clouds nothing_of_its_own = {zeros, 0, 1};

static struct gb_physics_config drifting_in_slots_of(int64_t minutes)
{
    struct gb_physics_config config = {0};

    gb_param_defaults(gb_physics_params, &config);
    config.weather.clouds.model = GB_CLOUDS_DRIFTING;
    config.weather.slot_ns = minutes * 60 * GB_NS_PER_SECOND;
    return config;
}

/* How steps of the field correlate at places `distance` apart, over pairs that lie in all
 * directions. */
static double steps_alike(const struct gb_cloud_waves *waves, double distance)
{
    enum { DIRECTIONS = 90 };
    double covariance = 0, variance = 0;

    for (size_t w = 0; w < GB_CLOUD_WAVES; w++) {
        const struct gb_innovations *means = &waves->means[w];
        double step = waves->share[w] * (means->variance - creal(means->next)), cosines = 0;
        for (int d = 0; d < DIRECTIONS; d++) {
            double direction = M_PI * d / DIRECTIONS;
            cosines += cos(distance *
                           (waves->east[w] * cos(direction) + waves->north[w] * sin(direction)));
        }
        covariance += step * cosines / DIRECTIONS;
        variance += step;
    }
    return covariance / variance;
}

/* In steps up to an eighth of the field's time constant: in longer ones it nears exp(-D/l). */
static void steps_at_two_places_correlate_by_the_law_of_distance(void)
{
    static const double steps_s[] = {15, 30, 60};
    static struct gb_cloud_waves waves;
    double worst = 0;

    for (double speed_ms = 8; speed_ms <= 32; speed_ms *= 2)
        for (size_t s = 0; s < 3; s++)
            for (double distance = 10; distance <= 1000; distance += 10) {
                gb_cloud_waves_init(&waves, 480, speed_ms, steps_s[s]);
                double law = exp(-2 * distance / (speed_ms * steps_s[s]));
                double off = fabs(steps_alike(&waves, distance) - law);
                if (law > 0.2)
                    worst = off > worst ? off : worst;
            }
    tap_note("at most %.3f off the law", worst);
    EXPECT(worst < 0.11);
    EXPECT(worst > 0); /* it is a sum of waves, not the law itself */
}

static void waves_hold_all_the_variance_and_lose_it_in_long_means(void)
{
    static struct gb_cloud_waves instant, mean;

    gb_cloud_waves_init(&instant, 600, 16, 0.1);
    gb_cloud_waves_init(&mean, 600, 16, 3600);
    EXPECT_NEAR(instant.total, 1, 0.01);
    /* means of an Ornstein-Uhlenbeck process over 6 time constants: 2 (5 + exp(-6)) / 36 */
    EXPECT_NEAR(mean.total, 0.278, 0.06);
    EXPECT_NEAR(gb_cloud_waves_memory(&instant, 0), 1, 1e-12);
    EXPECT_NEAR(gb_cloud_waves_memory(&instant, 6000), exp(-1), 0.06);
}

/* Steps of two minutes under waves of 7.5 min, 40 000 of them: how the field at one place varies,
 * and how it is still like itself n steps later. The longest waves last for hours. */
static void waves_are_remembered_as_they_say(void)
{
    enum { N = 40000, FURTHEST = 30 };
    static const int later[] = {1, 4, 10, FURTHEST};
    static struct gb_cloud_waves waves;
    struct gb_key key = gb_key_make(17, 0, GB_PURPOSE_CLOUD_WAVES);
    double *field = calloc(N, sizeof *field), squares = 0;

    gb_cloud_waves_init(&waves, 450, 16, 120);
    for (uint32_t k = 0; k < N; k++) {
        gb_cloud_waves_advance(&waves, key, k, k == 0);
        field[k] = gb_cloud_waves_centre(&waves);
        squares += field[k] * field[k] / N;
    }
    EXPECT_NEAR(squares, waves.total, 0.04); /* over 20 other seeds the sd is .016 */
    for (size_t i = 0; i < 4; i++) {
        double unlike = 0;
        for (int k = later[i]; k < N; k++)
            unlike += pow(field[k] - field[k - later[i]], 2) / (N - later[i]);
        double said = 2 * waves.total * (1 - gb_cloud_waves_memory(&waves, later[i]));
        tap_note("%d steps later unlike by %.4f, said %.4f", later[i], unlike, said);
        EXPECT_NEAR(unlike, said, 0.04 * said);
    }
    free(field);
}

/* Beginnings are as any other step: over 4000 of them, each with the step after it. */
static void waves_begin_as_they_go_on(void)
{
    enum { N = 4000 };
    static struct gb_cloud_waves waves;
    struct gb_key key = gb_key_make(18, 0, GB_PURPOSE_CLOUD_WAVES);
    double squares = 0, unlike = 0;

    gb_cloud_waves_init(&waves, 450, 16, 60);
    for (uint32_t k = 0; k < N; k++) {
        gb_cloud_waves_advance(&waves, key, 2 * k, true);
        double first = gb_cloud_waves_centre(&waves);
        gb_cloud_waves_advance(&waves, key, 2 * k + 1, false);
        squares += first * first / N;
        unlike += pow(gb_cloud_waves_centre(&waves) - first, 2) / N;
    }
    EXPECT_NEAR(squares, waves.total, 4 * waves.total * sqrt(2.0 / N));
    double said = 2 * waves.total * (1 - gb_cloud_waves_memory(&waves, 1));
    EXPECT_NEAR(unlike, said, 4 * said * sqrt(2.0 / N));
}

static void the_middle_of_the_village_sees_the_latent_itself(void)
{
    struct gb_physics_config config = drifting_in_slots_of(15);
    const struct gb_position middle[2] = {{0, 0}, {400, -300}};
    struct gb_weather *weather = NULL;
    struct gb_drifting *drifting = NULL;
    struct gb_error err = {0};
    double kc[GB_DRIFT_BATCH], apart = 0;

    EXPECT_INT(gb_weather_create(&weather, &config.weather, NULL, NULL, 2,
                                 (struct gb_draws){.seed = 3}, &err),
               GB_OK);
    EXPECT_INT(gb_drifting_create(&drifting, weather, middle, 2, &err), GB_OK);
    for (int64_t k = gb_anchor_slot(config.weather.slot_ns); k < 200; k++) {
        EXPECT_INT(gb_weather_advance(weather, NULL), GB_OK);
        const struct gb_sky_step *step = &gb_weather_at(weather, k)->steps[0];
        double sum = 0;
        for (size_t i = 0; i < gb_weather_n_cloud_steps(weather); i++)
            sum += gb_cloud_clearness(gb_weather_clouds(weather), step->clouds[i].z);
        gb_drifting_clearness(drifting, step, 0, &nothing_of_its_own, kc);
        EXPECT_NEAR(kc[0], sum / 3, 1e-5);
        apart += fabs(kc[1] - kc[0]) / 200;
    }
    EXPECT(apart > 0.005 && apart < 0.2);
    gb_drifting_free(drifting);
    gb_weather_free(weather);
}

/* Standard deviation of hourly means' steps, of the clear-sky index in the middle of the village,
 * and how a day's mean correlates with the next. */
static double hourly_steps(int64_t minutes, int64_t days)
{
    struct gb_physics_config config = drifting_in_slots_of(minutes);
    const struct gb_position middle = {0, 0};
    struct gb_weather *weather = NULL;
    struct gb_drifting *drifting = NULL;
    struct gb_error err = {0};
    int64_t per_hour = 60 / minutes;
    double *steps = calloc((size_t)(24 * days), sizeof *steps), last = NAN;
    size_t n = 0;

    EXPECT_INT(gb_weather_create(&weather, &config.weather, NULL, NULL, 2,
                                 (struct gb_draws){.seed = 3}, &err),
               GB_OK);
    EXPECT_INT(gb_drifting_create(&drifting, weather, &middle, 1, &err), GB_OK);
    for (int64_t hour = gb_anchor_slot(config.weather.slot_ns) / per_hour; hour < 24 * days;
         hour++) {
        double sum = 0;
        for (int64_t k = hour * per_hour; k < (hour + 1) * per_hour; k++) {
            EXPECT_INT(gb_weather_advance(weather, NULL), GB_OK);
            const struct gb_weather_slot *slot = gb_weather_at(weather, k);
            for (size_t i = 0; i < gb_weather_n_steps(weather); i++) {
                double kc[GB_DRIFT_BATCH];
                gb_drifting_clearness(drifting, &slot->steps[i], 0, &nothing_of_its_own, kc);
                sum += kc[0] / (double)gb_weather_n_steps(weather);
            }
        }
        sum /= (double)per_hour;
        bool is_day = hour >= 0 && (hour % 24 + 24) % 24 >= 7 && (hour % 24 + 24) % 24 < 17;
        if (is_day && !isnan(last))
            steps[n++] = sum - last;
        last = is_day ? sum : NAN;
    }
    double sd = series_sd(steps, n);
    gb_drifting_free(drifting);
    gb_weather_free(weather);
    free(steps);
    return sd;
}

static void an_hour_steps_alike_in_slots_of_any_length(void)
{
    static const int64_t minutes[] = {5, 15, 30, 60};
    double sd[4];

    for (size_t i = 0; i < 4; i++)
        sd[i] = hourly_steps(minutes[i], 120);
    tap_note("steps of hourly means: %.4f %.4f %.4f %.4f from 5, 15, 30, 60 min", sd[0], sd[1],
             sd[2], sd[3]);
    for (size_t i = 1; i < 4; i++)
        EXPECT_NEAR(sd[i], sd[0], 0.05 * sd[0]);
    /* slots below 5 min have draws of their own: over 20 other seeds the sd of the ratio is .03 */
    EXPECT_NEAR(hourly_steps(2, 120), sd[0], 0.12 * sd[0]);
}

static void a_village_is_a_disc_filled_evenly(void)
{
    enum { N = 20000 };
    struct gb_key key = gb_key_make(5, 0, GB_PURPOSE_POSITION);
    double squares = 0, east = 0, north = 0;

    for (uint32_t i = 0; i < N; i++) {
        struct gb_position at = gb_position_draw(key, i, 100);
        struct gb_position wide = gb_position_draw(key, i, 300);
        double square = at.east_m * at.east_m + at.north_m * at.north_m;
        EXPECT(square <= 100 * 100);
        EXPECT_NEAR(wide.east_m, 3 * at.east_m, 1e-9);
        squares += square / N;
        east += at.east_m / N;
        north += at.north_m / N;
    }
    EXPECT_NEAR(squares, 5000, 5 * 2887 / sqrt(N)); /* uniform in the square of the distance */
    EXPECT_NEAR(east, 0, 5 * 50 / sqrt(N));
    EXPECT_NEAR(north, 0, 5 * 50 / sqrt(N));
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(steps_at_two_places_correlate_by_the_law_of_distance),
        TAP(waves_hold_all_the_variance_and_lose_it_in_long_means),
        TAP(waves_are_remembered_as_they_say),
        TAP(waves_begin_as_they_go_on),
        TAP(the_middle_of_the_village_sees_the_latent_itself),
        TAP(an_hour_steps_alike_in_slots_of_any_length),
        TAP(a_village_is_a_disc_filled_evenly),
        {0}};
    return tap_main("drifting", tests);
}
