/* The day that homes share, in half hours from any quarter on, and its season: what a home follows
 * at its own hours, as sharply and with as much of the season as it does. Logs, since homes take
 * powers of it. Over a year of the calendar the mean of shape times season is 1. */
#ifndef MODELS_ASSETS_LOAD_MEAN_DAY_H
#define MODELS_ASSETS_LOAD_MEAN_DAY_H

#include <stdint.h>

#include "models/assets/h0.h"

/* How far a home's hours may be from the shared ones, in quarters of an hour. */
enum { GB_MAX_PHASE = 46, GB_PHASES = 2 * GB_MAX_PHASE + 1 };

enum { GB_SEASON_NODES = 61 };

struct gb_mean_year {
    int season_days; /* how much later its season comes: south of the equator half a year */
    /* log of the mean of the half hour from a quarter of a type of day on; that of 23:45 ends in
     * the same type of day */
    double shape[GB_H0_TYPES][GB_QUARTERS];
    double season[366]; /* log of the factor of each day of the year, from 1 January on */
    double activity_norm;
    /* log of the sum over days of each type of the season's factor to powers -3, -2.9, ... 3 */
    double season_sums[GB_SEASON_NODES][GB_H0_TYPES];
    int year, n_days;
};

/* Choices of load.profile. */
enum gb_mean_profile { GB_PROFILE_H0, GB_PROFILE_LONDON };

/* By half hour from midnight on, and type of day as in H0. */
extern const uint16_t gb_london_table[GB_QUARTERS / 2][GB_H0_TYPES];

/* A profile in a year, which starts as late as the season does. */
struct gb_mean_year gb_mean_year_of(enum gb_mean_profile profile, int year, int season_days);

/* One local day and what is around it. */
struct gb_mean_day {
    double season; /* log of the day's factor */
    /* Of the half hour from quarter q - GB_QUARTERS of the day on: the log of the shape, and how
     * active people are, 1 on average over a year. They sleep while the base and the fridge do not,
     * so that activity goes with a power of the shape. */
    double log_shape[3 * GB_QUARTERS], activity[3 * GB_QUARTERS];
};

void gb_mean_day_at(const struct gb_mean_year *year, int64_t day, struct gb_mean_day *out);

/* Mean over the year of shape^sharpness exp(own) season^power, of hours shifted by `phase`
 * quarters. power  -3 to 3 own  log of what a home does in each half hour of its clock */
double gb_mean_of_own_year(const struct gb_mean_year *year, double sharpness, double power,
                           int phase, const double own[GB_QUARTERS / 2]);

#endif
