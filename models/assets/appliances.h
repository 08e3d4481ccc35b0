/* Appliances that are switched on and off: how often, how long and at what power, and those that
 * are on. Each start is a Poisson point of the day's profile; an appliance is on for an exponential
 * time of the published mean, which has no memory, so that whoever sees it on knows all that can be
 * known of when it goes off. source  I. Richardson, M. Thomson, D. Infield, C. Clifford: Domestic
 * electricity use: a high-resolution energy demand model, Energy and Buildings 42 (2010) 1878-1887
 * (the CREST model): mean cycle power, mean cycle length, cycles a year and ownership */
#ifndef MODELS_ASSETS_LOAD_APPLIANCES_H
#define MODELS_ASSETS_LOAD_APPLIANCES_H

#include <stddef.h>
#include <stdint.h>

#include "base/random.h"

struct gb_appliance {
    const char *name;
    double power_w, minutes, cycles_a_year, ownership;
};

enum { GB_APPLIANCES = 11 };
extern const struct gb_appliance gb_appliances[GB_APPLIANCES];

/* What an average start is: probability of each appliance, and energy. */
struct gb_appliance_use {
    double probability[GB_APPLIANCES], until[GB_APPLIANCES]; /* until: their running sum */
    double mean_wh;
};
struct gb_appliance_use gb_appliance_use(void);

/* One that is on from `on_ns` up to `off_ns`. */
struct gb_switching {
    int64_t on_ns, off_ns;
    uint32_t meter;
    uint32_t appliance;
};

/* What starts at an address within [start_ns, start_ns + length_ns). */
struct gb_switching gb_switching_at(const struct gb_appliance_use *use, struct gb_draw draw,
                                    int64_t start_ns, int64_t length_ns);

/* Share of [begin_ns, end_ns) over which an appliance that was on at `seen_ns`, no later, is on. */
double gb_appliance_stays(const struct gb_appliance *appliance, int64_t seen_ns, int64_t begin_ns,
                          int64_t end_ns);
/* Mean power over [begin_ns, end_ns), W, of all that start within [from_ns, to_ns), no later than
 * end_ns, at a rate of one an hour. */
double gb_appliances_started(const struct gb_appliance_use *use, int64_t from_ns, int64_t to_ns,
                             int64_t begin_ns, int64_t end_ns);

#endif
