/* What the files of the households share: household.c, which computes slots step by step from what
 * household_gains.c and household_events.c put there; household_belief.c, which looks at what was
 * computed. */
#ifndef MODELS_ASSETS_HOUSEHOLD_PRIV_H
#define MODELS_ASSETS_HOUSEHOLD_PRIV_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/calendar.h"
#include "base/date.h"
#include "base/quantity.h"
#include "base/random.h"
#include "models/assets/h0.h"
#include "models/assets/household.h"
#include "models/assets/load_limit.h"
#include "models/weather/weather.h"

#define HALF_HOUR_NS (1800 * GB_NS_PER_SECOND)
#define QUARTER_NS (900 * GB_NS_PER_SECOND)
struct event {
    uint32_t meter, half_hours_left;
    float height;
};

/* Those under way behind the meters of a part (base/parts.h), by their age. */
struct events {
    size_t n, capacity;
    struct event *of;
};

/* Events of a kind that begin in the half hour under way: mean number, probability of none. */
struct starting {
    double mean, none;
};

/* A place in the profile, in quarters from the midnight before the day it lies in: the same number
 * whatever part of the calendar the profile reaches over. */
struct moment {
    const double *profile; /* of that midnight */
    double place;
};

/* What a step of all meters has in common. */
struct step {
    int64_t number;
    bool is_first, is_last, enters;     /* of its slot; of its slot; a half hour */
    double memory, news, shared, share; /* share: of the slot */
    struct moment middle;
};

/* What a step of every meter is computed from. */
struct sweep {
    struct step step;
    const float *before; /* height of events before, where they go on in another slot; or NULL */
    double *power_w;     /* or NULL */
    float *seen_z;
    int64_t interval; /* its slot */
    size_t row;       /* where it is kept what was seen at the end of that */
    bool failed;      /* there was no memory */
};

struct gb_households {
    const struct gb_physics_config *config;
    const struct gb_fleet *fleet;
    struct gb_calendar calendar;
    struct gb_key common_key, persistent_key, white_key, event_key, error_key;
    size_t n, window;
    int64_t next; /* slot to compute next */
    /* steps of a slot */
    int64_t n_steps;
    double memory; /* of the persistent part over a step */
    double common_weight, persistent_weight, white_weight;
    /* the profile: log m of quarter hours, from 00:00 of profile_day on */
    int64_t profile_day, newest_day;
    int profile_days, season_days; /* season_days: how much later its season comes */
    double profile_scale;
    double *profile;
    /* every meter */
    double *gain_w; /* S (1 - f) / norm */
    double *persistent;
    float *white;
    float *event_height; /* of all events under way; the newest slot of seen_event */
    double common;
    struct sweep sweep; /* through the step under way */
    /* events under way */
    int64_t half_hour;
    struct starting *starting; /* a kind */
    struct events *events;     /* a part */
    /* what was seen at the end of a slot: n_seen x n */
    size_t n_seen;
    float *seen_z, *seen_event;
    struct gb_load_limits *limits; /* with what comes later */
};

/* A step's start (part 0) or middle (part 1), ns after the start of slot 0. */
static inline int64_t step_time_ns(const struct gb_households *h, int64_t step, int part)
{
    int64_t interval = gb_floor_divide(step, h->n_steps);
    int64_t twice = 2 * (step - interval * h->n_steps) + part;

    return interval * h->config->weather.slot_ns +
           h->config->weather.slot_ns * twice / (2 * h->n_steps);
}

static inline struct moment moment_at(const struct gb_households *h, int64_t at_ns)
{
    int64_t local_ns = gb_calendar_local_ns(&h->calendar, at_ns);
    int64_t day = gb_floor_divide(local_ns, GB_NS_PER_DAY) - 1;

    assert(day + h->config->weather.start_date >= h->profile_day);
    return (struct moment){
        .profile =
            h->profile + (day + h->config->weather.start_date - h->profile_day) * GB_QUARTERS,
        .place = (double)(local_ns - day * GB_NS_PER_DAY) / QUARTER_NS - 0.5,
    };
}

/* log m at a place of the profile: linear between the middles of quarter hours. */
static inline double log_profile(const double *profile, double place)
{
    int before = (int)place;

    return profile[before] + (place - before) * (profile[before + 1] - profile[before]);
}

/* Of the events of a kind: share that is left of those seen; mean height of others. */
struct events_fading {
    double kept, new;
};

/* What homes of one kind have in common in a step. */
struct lively {
    const struct gb_household_config *of;
    struct moment middle;
    double share; /* of the slot */
    double level; /* of the exponent */
    struct events_fading events;
};

/* Adds the power of meters [first, first + n), which are of one kind, in a step.
 * x             noise of each in the exponent; n is at most GB_BATCH, and x is used up
 * event_height  of those seen
 * returns       the greatest power of one after that */
double gb_households_add_power(const struct gb_households *h, const struct lively *step,
                               size_t first, size_t n, double *x, const float *event_height,
                               double *power_w);

/* How many of the n meters from `first` on, n > 0, are of the kind of the first, at least. */
size_t gb_households_alike(const struct gb_households *h, size_t first, size_t n);

/* Of a meter: what its kind does in its own way. */
static inline const struct gb_household_config *habits_of(const struct gb_households *h,
                                                          size_t meter)
{
    return &gb_fleet_kind(h->fleet, meter)->household;
}

/* Where what was seen at the end of a slot stands, among n_seen. */
static inline size_t seen_row(const struct gb_households *h, int64_t interval)
{
    return (size_t)(interval - gb_weather_anchor(&h->config->weather)) % h->n_seen;
}

/* S (1 - f) / norm for every meter; norm = mean(m^g) + mean of events. */
void gb_households_set_gains(struct gb_households *h, int year);

/* A half hour begins: sets how many events start in it, on average, in a home of each kind. */
void gb_households_enter_half_hour(struct gb_households *h, int64_t half_hour);
/* Draws for meters [first, first + n), a part, what stays for that half hour. The numbers of events
 * that start stand in event_height until the heights of all under way replace them.
 * returns whether there was memory for them */
bool gb_households_draw_half_hour(struct gb_households *h, size_t first, size_t n);

#endif
