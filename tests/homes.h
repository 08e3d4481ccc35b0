/* Homes of the load model `habits` for tests: made from a config, advanced slot by slot. */
#ifndef TESTS_HOMES_H
#define TESTS_HOMES_H

#include <stddef.h>
#include <stdint.h>

#include "models/assets/load.h"

struct homes {
    struct gb_physics_config config;
    struct gb_fleet *fleet;
    void *state;
    int64_t next; /* slot */
};

/* Defaults: n homes of `habits` from 1 January 2013 on, in slots of so many minutes. */
struct gb_physics_config homes_config(size_t n, int minutes);
/* Stands before the anchor, gb_anchor_slot; a reader may look back over `window` slots. */
void homes_open(struct homes *homes, const struct gb_physics_config *config, size_t window,
                uint64_t seed);
void homes_close(struct homes *homes);
/* Goes past slot `interval`, whose power is left in power_w. */
void homes_advance(struct homes *homes, int64_t interval, double *power_w);

#endif
