#include "models/weather/outdoors.h"

#include <assert.h>
#include <stdlib.h>

#include "base/date.h"
#include "models/weather/weather.h"

/* The mean of the next slot, of `n` of the weather. */
static enum gb_status next_mean(struct gb_weather *weather, int64_t first, int64_t n,
                                double *mean_c, struct gb_error *err)
{
    enum gb_status status = GB_OK;
    double sum = 0;

    for (int64_t step = 0; status == GB_OK && step < n; step++) {
        status = gb_weather_advance(weather, err);
        if (status == GB_OK)
            sum += gb_weather_at(weather, first + step)->temperature_c;
    }
    *mean_c = sum / (double)n;
    return status;
}

enum gb_status gb_outdoors_make(struct gb_outdoors *outdoors,
                                const struct gb_weather_config *config,
                                const struct gb_library *library, int64_t n_slots,
                                struct gb_draws draws, struct gb_error *err)
{
    int64_t first = gb_anchor_slot(config->slot_ns);
    int64_t n_steps = (int64_t)gb_weather_n_steps_a_slot(config);
    struct gb_weather_config stepped = *config; /* a step is a slot to it */
    struct gb_weather *weather = NULL;

    stepped.slot_ns = gb_weather_step_ns(config);
    stepped.steps_a_slot = n_steps;
    *outdoors = (struct gb_outdoors){.slot_ns = config->slot_ns,
                                     .forecast = (enum gb_forecast_kind)config->forecast.kind,
                                     .first = first,
                                     .n = (size_t)(n_slots - first)};
    outdoors->mean_c = calloc(outdoors->n, sizeof *outdoors->mean_c);
    if (!outdoors->mean_c)
        return gb_fail(err, GB_ENOMEM, "no memory for the temperatures of %zu slots", outdoors->n);
    enum gb_status status = gb_weather_create(&weather, &stepped, library, NULL, 1, draws, err);
    for (size_t i = 0; status == GB_OK && i < outdoors->n; i++)
        status =
            next_mean(weather, n_steps * (first + (int64_t)i), n_steps, &outdoors->mean_c[i], err);
    gb_weather_free(weather);
    return status;
}

void gb_outdoors_clear(struct gb_outdoors *outdoors)
{
    free(outdoors->mean_c);
    *outdoors = (struct gb_outdoors){.mean_c = NULL};
}

static double read_at(const struct gb_outdoors *outdoors, int64_t interval)
{
    assert(interval < gb_outdoors_end(outdoors));
    return outdoors->mean_c[interval > outdoors->first ? interval - outdoors->first : 0];
}

double gb_outdoors_expected_c(const struct gb_outdoors *outdoors, int64_t interval,
                              int64_t last_read)
{
    int64_t day_slots = (GB_NS_PER_DAY + outdoors->slot_ns - 1) / outdoors->slot_ns;
    int64_t days = (interval - last_read + day_slots - 1) / day_slots;
    int64_t then = interval - days * day_slots;

    if (interval <= last_read || outdoors->forecast == GB_FORECAST_PERFECT)
        return read_at(outdoors, interval);
    if (outdoors->forecast == GB_FORECAST_PERSISTENCE || then < outdoors->first)
        return read_at(outdoors, last_read);
    return read_at(outdoors, then);
}
