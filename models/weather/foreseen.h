/* What a file forecasts of the weather: once for all, or in issues, of which is believed the latest
 * that was made by the instant of who asks (models/series/issues.h). */
#ifndef MODELS_WEATHER_FORESEEN_H
#define MODELS_WEATHER_FORESEEN_H

#include "models/weather/observed.h"

struct gb_foreseen { /* 0: nothing is forecast */
    const struct gb_measured *file;
    size_t n;                 /* issues; 1 of a file without times of issue */
    struct gb_observed *list; /* owned */
};

/* As gb_observed_make, and GB_ENOMEM. out  to be cleared in any case */
enum gb_status gb_foreseen_make(struct gb_foreseen *out, const char *name,
                                enum gb_weather_quantity quantity,
                                const struct gb_weather_config *config,
                                const struct gb_library *library, struct gb_error *err);
void gb_foreseen_clear(struct gb_foreseen *foreseen);

/* As gb_observed_mean and gb_observed_light, by what was made until an instant, UTC seconds since
 * 1970. returns below 0 where none is of that time */
double gb_foreseen_mean(struct gb_foreseen *foreseen, int64_t until_s, int64_t at_s,
                        int64_t length_s);
double gb_foreseen_light(struct gb_foreseen *foreseen, int64_t until_s, int64_t step, double step_s,
                         gb_clear_light *clear, const void *context);

#endif
