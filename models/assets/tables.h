/* Tables that a scenario's keys alone decide on, never its draws: the first trial of a sweep that
 * needs one makes it, all others read it. They are the same to the last bit as without. */
#ifndef MODELS_ASSETS_TABLES_H
#define MODELS_ASSETS_TABLES_H

#include <stddef.h>

#include "base/status.h"
#include "models/weather/laws.h"

/* Any thread may use it at any time. It keeps a few of each kind, those that were made last. */
struct gb_tables; /* closed */

enum gb_status gb_tables_create(struct gb_tables **out, struct gb_error *err);
void gb_tables_free(struct gb_tables *tables);

/* As gb_weather_laws_make. tables: NULL: nobody else needs them */
void gb_tables_weather(struct gb_tables *tables, const struct gb_weather_config *config,
                       struct gb_weather_laws *out);

/* As gb_h0_power_means, likewise. */
void gb_tables_power_means(struct gb_tables *tables, int year, const double *exponents, size_t n,
                           double *means);

#endif
