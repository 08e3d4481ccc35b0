/* The physics layer of a scenario, a config for each model. Members, keys, defaults, ranges and
 * units are the rows of the .def files of models/weather and models/assets. */
#ifndef MODELS_ASSETS_PHYSICS_CONFIG_H
#define MODELS_ASSETS_PHYSICS_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/param.h"
#include "base/registry.h"
#include "models/weather/weather_config.h"

/* Choices of wind.smoothing and of what is believed of slots to come. */
enum gb_smoothing { GB_SMOOTHING_NONE, GB_SMOOTHING_TURBULENCE, GB_SMOOTHING_REGION };

/* Choices of wind.density_temperature. */
enum gb_density_temperature { GB_DENSITY_OF_MEAN, GB_DENSITY_OF_SLOT };

#define GB_AZIMUTH_EQUATOR (-1.0) /* instead of degrees: towards the equator */

#define GB_KEY GB_PARAM_FIELD
#define GB_KEY_OF GB_PARAM_FIELD_OF

struct gb_fleet_config {
#include "models/assets/fleet.def"
};

struct gb_pv_config {
#include "models/assets/pv.def"
};

struct gb_turbine_config {
#include "models/assets/turbine.def"
};

/* Rows load.*: what households use, and how much of its variation they share. */
struct gb_household_config {
#include "models/assets/household.def"
};

struct gb_battery_config {
#include "models/assets/battery.def"
};

struct gb_ev_config {
#include "models/assets/ev.def"
};

struct gb_heat_pump_config { /* power_kw: below 0 it is sized */
#include "models/assets/heat_pump.def"
};

struct gb_community_config { /* below 0 there is no limit */
#include "models/assets/community.def"
};

struct gb_connection_config { /* limit_kw: below 0 there is none */
#include "models/assets/connection.def"
};

#undef GB_KEY
#undef GB_KEY_OF

struct gb_library;      /* models/series/library.h */
struct gb_listed_meter; /* models/assets/listed.h */
struct gb_tables;       /* models/assets/tables.h */

#define GB_KIND_NAME_SIZE 32

/* A kind of households: models/assets/kinds.h. */
struct gb_kind {
    char name[GB_KIND_NAME_SIZE]; /* empty: of all households of a scenario that names no kinds */
    int64_t n_meters;
    int64_t
        n_homes; /* called by its name: n_meters, but where rows of a list say otherwise than it */
    uint32_t first_owner; /* of its first home's draws */
    /* what every home of it owns */
    bool has_pv, has_turbine, has_battery, has_ev, has_heat_pump;
    struct gb_pv_config pv;
    struct gb_turbine_config turbine;
    struct gb_household_config household;
    struct gb_battery_config battery;
    struct gb_ev_config ev;
    struct gb_heat_pump_config heat_pump;
    struct gb_connection_config connection;
};

/* The physics layer of a scenario. */
struct gb_physics_config {
    struct gb_weather_config weather;
    struct gb_fleet_config fleet;
    struct gb_pv_config pv;
    struct gb_turbine_config turbine;
    struct gb_household_config household;
    struct gb_battery_config battery;
    struct gb_ev_config ev;
    struct gb_heat_pump_config heat_pump;
    struct gb_connection_config connection;
    struct gb_community_config community;
    /* The measured series that load.series and pv.series name; borrowed; NULL: none. */
    const struct gb_library *library;
    /* What trials share of tables; borrowed; NULL: each makes its own. No part of what physics is.
     */
    struct gb_tables *tables;

    /* Kinds of households, whose meters add up to fleet.n_meters; borrowed. None: what meters own
     * is drawn by the shares of `fleet`, all else is above. */
    size_t n_kinds;
    const struct gb_kind *kinds;
    /* What a file says of each meter, fleet.n_meters of them, beside its kind; borrowed. NULL:
     * there is none. */
    const struct gb_listed_meter *listed;
};

extern const struct gb_param gb_physics_params[]; /* the rows; ends with a row without key */
/* The same rows over struct gb_kind, as far as a kind has them. */
extern const struct gb_param gb_kind_params[];

#endif
