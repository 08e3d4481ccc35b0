/* What models/assets/habits.c computes and models/assets/habits_belief.c looks at. */
#ifndef MODELS_ASSETS_HABITS_PRIV_H
#define MODELS_ASSETS_HABITS_PRIV_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/calendar.h"
#include "base/date.h"
#include "base/quantity.h"
#include "models/assets/appliances.h"
#include "models/assets/homes.h"
#include "models/assets/load_limit.h"
#include "models/assets/mean_day.h"
#include "models/assets/physics_config.h"
#include "models/weather/weather.h"

#define HALF_HOUR_NS (1800 * GB_NS_PER_SECOND)
enum { HALVES = 48 };
/* What belongs to a local day. */
struct day {
    struct gb_mean_day mean;
    float *weeks, *weekday; /* y; v W */
    uint8_t *is_away;
};

/* Appliances that were on at the end of a slot, by meter. */
struct seen {
    size_t n, capacity;
    struct gb_switching *on;
};

/* What of a belief is the same for all homes; kept for the next caller who asks the same. */
struct outlook {
    bool is_set;
    int64_t interval, last_read;
    int64_t first_half, last_half; /* in which an appliance may start that is on in the slot */
    double *power_wh;              /* of a start an hour in each: mean power over the slot */
    double *started;               /* days x GB_PHASES: mean power; negative: not yet computed */
    double stays[GB_APPLIANCES];   /* mean power of those that were on */
};

struct habits {
    const struct gb_physics_config *config;
    const struct gb_fleet *fleet;
    struct gb_calendar calendar;
    struct gb_key traits_key, day_key, half_key, common_key, start_key, error_key;
    struct gb_mean_year year;
    struct gb_appliance_use use;
    struct gb_homes homes;
    size_t n, window;
    int64_t next; /* slot to compute next */
    double memory, common_weight, persistent_weight, white_weight;
    double stay_away,
        go_away; /* probability that a day away, or at home, is followed by one away */
    double unrest[HALVES], harmonics[HALVES][GB_HARMONICS];
    /* days: the newest n_days of them; day d in d modulo n_days */
    int64_t day, n_days;
    struct day *days;
    /* half hours: the newest n_halves of them */
    int64_t half, n_halves;
    float *z; /* n_halves x n */
    double common;
    double *persistent, *power_w;  /* of the half hour */
    uint32_t *start_words;         /* that say how many appliances start in it */
    struct gb_load_limits *limits; /* with what the connection did not carry */
    /* appliances that are on, or will be in this half hour; by meter */
    size_t n_on, on_capacity, started_capacity, merged_capacity;
    struct gb_switching *on, *started, *merged;
    size_t n_seen;
    struct seen *seen; /* the newest n_seen slots */
    struct outlook outlook;
};

static inline int64_t slot_ns(const struct habits *h)
{
    return h->config->weather.slot_ns;
}

/* Half hours are numbered from the start of slot 0 on; what people do in them goes by the local
 * clock. */
static inline int64_t day_of_half(const struct habits *h, int64_t half)
{
    return h->config->weather.start_date + gb_calendar_day_at(&h->calendar, half * HALF_HOUR_NS);
}

static inline int half_of_day(const struct habits *h, int64_t half)
{
    int64_t local =
        gb_floor_divide(gb_calendar_local_ns(&h->calendar, half * HALF_HOUR_NS), HALF_HOUR_NS);

    return (int)(local - gb_floor_divide(local, HALVES) * HALVES);
}

static inline struct day *day_at(const struct habits *h, int64_t day)
{
    assert(day <= h->day && day > h->day - h->n_days);
    return &h->days[((day % h->n_days) + h->n_days) % h->n_days];
}

static inline size_t half_row(const struct habits *h, int64_t half)
{
    assert(half <= h->half && half > h->half - h->n_halves);
    return (size_t)(((half % h->n_halves) + h->n_halves) % h->n_halves) * h->n;
}

/* Where what was seen at the end of a slot stands. */
static inline size_t seen_row(const struct habits *h, int64_t interval)
{
    return (size_t)(interval - gb_weather_anchor(&h->config->weather)) % h->n_seen;
}

static inline struct seen *seen_at(const struct habits *h, int64_t interval)
{
    return &h->seen[seen_row(h, interval)];
}

/* Log of what homes [first, first + n) follow in a half hour of the day, but for weeks, weekday and
 * noise. */
void gb_habits_log_shape(const struct habits *h, const struct gb_mean_day *mean, int of_day,
                         size_t first, size_t n, double *restrict x);

/* As gb_load_model.believe. */
void gb_habits_believe(void *state, int64_t interval, int64_t last_read, size_t first, size_t n,
                       double *power_w);

#endif
