/* Tables that trials share: whoever asks, however often and after whom, is told what it would have
 * made for itself. */
#include <string.h>

#include "models/assets/h0.h"
#include "models/assets/physics_config.h"
#include "models/assets/tables.h"
#include "tests/tap.h"

/* Are the shared laws of a config its own? */
static bool are_own(struct gb_tables *tables, const struct gb_weather_config *config)
{
    static struct gb_weather_laws shared, own;
    const void *left = &shared, *right = &own;

    gb_tables_weather(tables, config, &shared);
    gb_weather_laws_make(&own, config);
    return memcmp(left, right, sizeof own) == 0;
}

/* A config that differs from the defaults in key k of its laws alone. */
static struct gb_weather_config differing(size_t k)
{
    struct gb_physics_config config = {0};

    gb_param_defaults(gb_physics_params, &config);
    struct gb_weather_config weather = config.weather;
    double *const keys[GB_WEATHER_LAW_KEYS] = {
        &weather.clouds.dark_weight, &weather.clouds.dark_mean,   &weather.clouds.dark_sd,
        &weather.clouds.clear_mean,  &weather.clouds.clear_sd,    &weather.wind.weibull_k,
        &weather.wind.weibull_a,     &weather.wind.diurnal_ratio, &weather.wind.diurnal_peak_h,
        &weather.wind.season};
    if (k < GB_WEATHER_LAW_KEYS)
        *keys[k] += 0.01;
    return weather;
}

static void every_weather_is_told_its_own_laws(void)
{
    struct gb_tables *tables = NULL;

    EXPECT_INT(gb_tables_create(&tables, NULL), GB_OK);
    for (int round = 0; round < 3; round++)
        for (size_t k = 0; k <= GB_WEATHER_LAW_KEYS; k++) { /* more than are kept */
            struct gb_weather_config weather = differing(k);
            EXPECT(are_own(tables, &weather));
            EXPECT(are_own(tables, &weather));
            EXPECT(are_own(NULL, &weather));
        }
    gb_tables_free(tables);
}

/* Means of n exponents from `first` on, by steps of 1/64. */
static void expect_own_means(struct gb_tables *tables, int year, size_t first, size_t n)
{
    double exponents[200] = {0}, shared[200], own[200];

    for (size_t i = 0; i < n; i++)
        exponents[i] = (double)(first + i) / 64;
    gb_tables_power_means(tables, year, exponents, n, shared);
    gb_h0_power_means(year, exponents, n, own);
    for (size_t i = 0; i < n; i++)
        EXPECT_NEAR(shared[i], own[i], 0);
}

static void every_year_and_exponent_has_its_own_mean(void)
{
    struct gb_tables *tables = NULL;

    EXPECT_INT(gb_tables_create(&tables, NULL), GB_OK);
    for (int year = 2020; year < 2040; year++) { /* more than are kept */
        expect_own_means(tables, year, 60, 4);
        expect_own_means(tables, year, 58, 8); /* some of them again, on both sides */
        expect_own_means(tables, 2020, 50, 3);
    }
    expect_own_means(tables, 2020, 0, 200); /* more than there is room for */
    expect_own_means(tables, 2020, 50, 3);
    expect_own_means(tables, 2020, 60, 0);
    expect_own_means(NULL, 2020, 50, 3);
    gb_tables_free(tables);
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(every_weather_is_told_its_own_laws),
                                            TAP(every_year_and_exponent_has_its_own_mean),
                                            {0}};
    return tap_main("tables", tests);
}
