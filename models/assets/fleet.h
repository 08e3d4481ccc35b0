/* Who owns what: the assets of every meter, drawn once a replication (structure of arrays). Every
 * meter has a household. Most have nothing else, so each other kind of asset is a list of those who
 * own one: element i of its arrays belongs to meter[i], in ascending order of meters. */
#ifndef MODELS_ASSETS_FLEET_H
#define MODELS_ASSETS_FLEET_H

#include <stddef.h>
#include <stdint.h>

#include "base/draws.h"
#include "base/status.h"
#include "models/assets/physics_config.h"
#include "models/weather/irradiance.h"

struct gb_systems { /* photovoltaics; n each, all above 0 kWp */
    size_t n;
    uint32_t *meter;
    double *kwp;
    double *clear;          /* share of the light that shading leaves */
    struct gb_plane *plane; /* of the modules */
};

struct gb_turbines { /* n each, all above 0 kW */
    size_t n;
    uint32_t *meter;
    double *kw;
};

struct gb_batteries { /* n each, all above 0 kWh */
    size_t n;
    uint32_t *meter;
    double *kwh, *kw;
};

struct gb_cars { /* electric vehicles: n each */
    size_t n;
    uint32_t *meter;
    double *kw;        /* of the charger */
    double *kwh;       /* that a day takes, exactly; NAN: as its kind says */
    struct gb_key key; /* of their days */
};

struct gb_heaters { /* heat pumps: n each */
    size_t n;
    uint32_t *meter;
    double *loss_w_k; /* of its home, heat for each degree */
    double *kw;       /* electric */
};

struct gb_fleet {
    size_t n; /* meters */
    size_t n_kinds;
    struct gb_kind *kinds; /* of households; one of all where a scenario names none */
    uint32_t *kind;        /* of each meter */
    uint32_t *draw_owner;  /* of each meter: models/assets/kinds.h */
    struct gb_systems systems;
    struct gb_turbines turbines;
    struct gb_batteries batteries;
    struct gb_cars evs;
    struct gb_heaters heat_pumps;
    /* households; n each */
    double *load_scale_w, *load_shape, *load_phase_h;
};

/* Who owns what and which household is how large, at what hours and how sharp: every meter has
 * keyed draws of its own, so that more meters, or another share of prosumers, change no trait of
 * the rest. */
enum gb_status gb_fleet_create(struct gb_fleet **out, const struct gb_physics_config *config,
                               struct gb_draws draws, struct gb_error *err);
void gb_fleet_free(struct gb_fleet *fleet);

/* The kind of a meter. */
static inline const struct gb_kind *gb_fleet_kind(const struct gb_fleet *fleet, size_t meter)
{
    return &fleet->kinds[fleet->kind[meter]];
}

struct gb_range {
    size_t first, n;
};
/* Meters that follow each other, and which elements of the lists of owners are theirs. */
struct gb_fleet_block {
    struct gb_range meters, systems, turbines;
};
struct gb_fleet_block gb_fleet_block_of(const struct gb_fleet *fleet, size_t first, size_t n);

/* How many of n items come before those of `meter`, where they ascend by their meters, uint32_t
 * that stand `step` bytes apart from `meters` on. */
size_t gb_items_before(const void *meters, size_t step, size_t n, size_t meter);
/* How many of n owners, ascending, come before `meter`: the place of the first who does not. */
size_t gb_owners_before(const uint32_t *owners, size_t n, size_t meter);
/* Those of n owners, ascending, that are among `meters`. */
struct gb_range gb_owners_of(const uint32_t *owners, size_t n, struct gb_range meters);

#endif
