/* The purposes of random draws, one list for the whole program. A purpose is part of the Philox
 * key, so two purposes never share a draw. Numbers are for ever: add at the end of a group,
 * never reuse. */
#ifndef BASE_PURPOSE_H
#define BASE_PURPOSE_H

enum gb_purpose {
    /* weather: owner = site or 0, time = slot or sub-step */
    GB_PURPOSE_CLOUD_REGIONAL = 1,
    GB_PURPOSE_CLOUD_LOCAL = 2,
    GB_PURPOSE_WIND_SLOW = 3,
    GB_PURPOSE_WIND_FAST = 4,
    GB_PURPOSE_WIND_LOCAL = 5,
    GB_PURPOSE_CLOUD_OVERNIGHT = 6,
    /* households: owner = meter, time = slot or half hour */
    GB_PURPOSE_LOAD_COMMON = 20,
    GB_PURPOSE_LOAD_PERSISTENT = 21,
    GB_PURPOSE_LOAD_WHITE = 22,
    GB_PURPOSE_LOAD_EVENT = 23,
    GB_PURPOSE_LOAD_TRAITS = 24, /* drawn once: size, shape, phase */
    GB_PURPOSE_ASSETS = 25,      /* drawn once: who owns what, sizes, tilts */
    GB_PURPOSE_TURBINE_SCATTER = 26,
    GB_PURPOSE_FORECAST_SOLAR = 27,
    GB_PURPOSE_FORECAST_WIND = 28,
    GB_PURPOSE_FORECAST_LOAD = 29,
    /* agents: owner = meter */
    GB_PURPOSE_TRAITS = 40,   /* drawn once: reserves, shades, beta, preferred source */
    GB_PURPOSE_QUOTE = 41,    /* time = slot; other = order of the meter in the slot */
    GB_PURPOSE_REACTION = 42, /* time = slot */
    GB_PURPOSE_MIX = 43,      /* drawn once: which strategy of a mix */
    /* network: owner = sender, other = receiver */
    GB_PURPOSE_CLIENT_DELAY = 60, /* to the entry node; other = attempt, time = interval */
    GB_PURPOSE_GOSSIP_DELAY = 61, /* entry node to a validator; owner = sender */
    GB_PURPOSE_VOTE_DELAY = 62,   /* validator to validator; time = height, draw = type and view */
    GB_PURPOSE_RETRY_BACKOFF = 63,
    GB_PURPOSE_CLOCK = 64,
    /* keys: owner = who; the seed of an Ed25519 pair */
    GB_PURPOSE_KEY = 80,
    /* analysis: bootstrap and the like, never part of a trial */
    GB_PURPOSE_BOOTSTRAP = 90,
    /* tests and benchmarks */
    GB_PURPOSE_TEST = 1000
};

#endif
