/* What every home is like, drawn once (structure of arrays): its base, its own day, its season and
 * how restless it is. */
#ifndef MODELS_ASSETS_LOAD_HOMES_H
#define MODELS_ASSETS_LOAD_HOMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/draws.h"
#include "models/assets/appliances.h"
#include "models/assets/fleet.h"
#include "models/assets/mean_day.h"

/* A home's own day about the shared one is a sum of sines and cosines of 1 to 3 turns a day. */
enum { GB_HARMONICS = 6 };

/* Their values in the middle of a half hour of the day, 0 to 47. */
void gb_harmonics_at(int half_hour, double values[GB_HARMONICS]);

struct gb_homes {
    size_t n;
    uint32_t *owner;  /* of its draws */
    double *base_w;   /* what never changes */
    double *gain_w;   /* mean of the rest but for appliances over its norm, while at home */
    float *sharpness; /* power of the shared day's shape */
    float *season;    /* power of its season */
    float *unrest;
    float *starts; /* of appliances in a mean half hour, while at home */
    float *weeks_sd;
    float *own[GB_HARMONICS];
    int16_t *phase; /* quarters of an hour that its hours are early */
};

bool gb_homes_create(struct gb_homes *homes, const struct gb_fleet *fleet,
                     const struct gb_mean_year *year, const struct gb_appliance_use *use,
                     struct gb_draws draws);
void gb_homes_clear(struct gb_homes *homes);

/* Log of a home's own weekday, 0 Monday, of unit standard deviation, for n homes from `first` on.
 * normals  room for n, at most GB_BATCH */
void gb_homes_weekday(const struct gb_homes *homes, struct gb_key traits, int weekday, size_t first,
                      size_t n, double *normals);

#endif
