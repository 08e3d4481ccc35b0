#include "models/weather/observed.h"

#include <math.h>
#include <string.h>

#include "models/weather/clouds.h"

/* ---- which series */

const char *gb_weather_series(const struct gb_weather_config *config,
                              enum gb_weather_quantity quantity)
{
    switch (quantity) {
    case GB_IRRADIANCE: return config->clouds.series;
    case GB_AIR_TEMPERATURE: return config->site.temperature_series;
    case GB_WIND_SPEED: return config->wind.series;
    default: return GB_SERIES_NONE;
    }
}

const char *gb_weather_forecast(const struct gb_weather_config *config,
                                enum gb_weather_quantity quantity)
{
    if (config->forecast.kind != GB_FORECAST_FILE || quantity == GB_AIR_TEMPERATURE)
        return GB_SERIES_NONE;
    return quantity == GB_IRRADIANCE ? config->clouds.forecast : config->wind.forecast;
}

struct gb_calendar gb_weather_series_calendar(const struct gb_weather_config *config)
{
    struct gb_calendar calendar = gb_weather_calendar(config);

    calendar.zone = (struct gb_zone){.offset_s = calendar.zone.offset_s};
    return calendar;
}

struct gb_observed gb_observed_of(const struct gb_measured *measured,
                                  enum gb_weather_quantity quantity,
                                  const struct gb_weather_config *config)
{
    struct gb_calendar calendar = gb_weather_series_calendar(config);
    const struct gb_measured_weather *source = &measured->weather[quantity];

    return (struct gb_observed){.step = INT64_MIN,
                                .source = source,
                                .replay =
                                    gb_replay_make(&source->course, measured->align, &calendar)};
}

enum gb_status gb_observed_make(struct gb_observed *out, const char *name,
                                enum gb_weather_quantity quantity,
                                const struct gb_weather_config *config,
                                const struct gb_library *library, struct gb_error *err)
{
    const struct gb_measured *measured = gb_library_find(library, name);

    *out = (struct gb_observed){.step = INT64_MIN};
    if (!gb_series_is_named(name))
        return GB_OK;
    if (!measured)
        return gb_fail(err, GB_EFILE,
                       "the file of the series '%s' was not read: run the scenario from a file "
                       "beside it",
                       name);
    const struct gb_measured_weather *source = &measured->weather[quantity];
    if (!source->column)
        return gb_fail(err, GB_EINPUT, "the series '%s': %s", name, source->fault);
    *out = gb_observed_of(measured, quantity, config);
    return GB_OK;
}

/* ---- means */

bool gb_observed_mean(struct gb_observed *observed, int64_t at_s, int64_t length_s, double *out)
{
    struct gb_stretch stretch;

    if (!gb_replay_stretch(&observed->replay, at_s, length_s, &stretch))
        return false;
    *out =
        observed->source->scale * (stretch.after_wh - stretch.before_wh) * 3600 / (double)length_s +
        observed->source->shift;
    return true;
}

/* ---- light */

/* Mean of a step of the file, W/m2. */
static double file_mean(const struct gb_observed *observed, int64_t step)
{
    const struct gb_series_flow *flow = &observed->source->course.flow;

    return observed->source->scale * (double)flow->quantities[step] * (double)flow->numerator /
           (double)flow->denominator * 3600 / (double)flow->step_s;
}

/* Mean light of the cloudless sky from at_s to to_s. */
static double clear_mean(double at_s, double to_s, double step_s, gb_clear_light *clear,
                         const void *context)
{
    double sum = 0;

    for (int64_t step = (int64_t)floor(at_s / step_s); (double)step * step_s < to_s; step++) {
        double from = fmax((double)step * step_s, at_s);
        double to = fmin((double)(step + 1) * step_s, to_s);
        sum += to > from ? (to - from) * clear(context, step) : 0;
    }
    return sum / (to_s - at_s);
}

bool gb_observed_light(struct gb_observed *observed, int64_t step, double step_s,
                       gb_clear_light *clear, const void *context, double *out)
{
    const struct gb_series_flow *flow = &observed->source->course.flow;
    const double from_s = (double)step * step_s, to_s = from_s + step_s;
    const double here = clear(context, step);
    int64_t whole_s = (int64_t)floor(from_s), instant_s;
    double sum = 0;

    if (!gb_replay_instant(&observed->replay, whole_s, &instant_s))
        return false;
    int64_t ahead_s = whole_s - instant_s; /* of the run, of the file's clock */
    int64_t j = (int64_t)floor((from_s - (double)(ahead_s + flow->start_s)) / (double)flow->step_s);
    for (;; j++) {
        int64_t at_s = flow->start_s + j * flow->step_s + ahead_s;
        double from = fmax((double)at_s, from_s), to = fmin((double)(at_s + flow->step_s), to_s);
        if (!(from < to_s))
            break;
        if (j < 0 || j >= (int64_t)flow->n)
            return false;
        if (observed->step != j || observed->step_at_s != at_s)
            observed->step_clear =
                clear_mean((double)at_s, (double)(at_s + flow->step_s), step_s, clear, context);
        observed->step = j;
        observed->step_at_s = at_s;
        double mean = file_mean(observed, j), sky = observed->step_clear;
        double index = sky > 0 ? fmin(mean / sky, GB_CLOUD_MOST) : 0;
        sum += (to - from) * (index * here + (mean - index * sky));
    }
    *out = sum / step_s;
    return true;
}
