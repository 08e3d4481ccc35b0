/* What models/assets/modelled.c keeps, models/assets/modelled_sweep.c computes and
 * models/assets/modelled_beliefs.c looks at. */
#ifndef MODELS_ASSETS_MODELLED_PRIV_H
#define MODELS_ASSETS_MODELLED_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/assets/drifting.h"
#include "models/assets/fleet.h"
#include "models/assets/load.h"
#include "models/assets/physics_config.h"
#include "models/assets/plant.h"
#include "models/weather/weather.h"

/* Sweeps over systems go by so many parts, each with skies of its own. */
enum { GB_MODELLED_PARTS = 16 };

/* The plants of a kind in the slot at hand. */
struct plants {
    struct gb_plant plant;
    bool has_turbines;     /* else nobody reads what follows */
    double unit_power;     /* of its turbines: mean, per unit of the rating */
    double believed_power; /* the same, of what is believed */
    double *step_power;    /* of each step of the wind in the slot at hand */
};

/* What of a belief is the same for all meters of a kind; kept for the next caller who asks the
 * same. */
struct shared_belief {
    bool is_set;
    int64_t interval, last_read;
    double wind_ms; /* that cools modules */
};

struct modelled {
    const struct gb_physics_config *config;
    const struct gb_fleet *fleet;
    size_t n, window; /* meters; slots whose power stays */
    struct gb_weather *weather;
    const struct gb_cloud_marginal *clouds;
    struct gb_belief_rule rule;
    size_t n_steps; /* of the sky in a slot */
    const struct gb_load_model *load;
    void *loads;
    struct plants *plants;             /* a kind */
    int64_t next, first_full;          /* to compute next; before first_full there is no power */
    double *solar_w, *wind_w, *load_w; /* window x systems, turbines, meters */
    /* Clouds of one's own: a process that every system has for itself, as it shows in means over
     * slots, so that neighbours grow alike smoothly as slots get longer. */
    double local_share;                 /* of the latent's variance at an instant */
    double shared_weight, local_weight; /* of the shared and the own latent */
    struct gb_innovations local;
    struct gb_key local_key, scatter_key;
    bool was_dark;                         /* in slot next - 1 */
    double *z_local, *foretold_local;      /* a system, in this slot and the next */
    struct gb_drifting *drifting;          /* NULL where clouds do not drift */
    double *clearness;                     /* of the systems of a batch, a step; a part */
    struct gb_sky *skies, *believed_skies; /* of the steps of one slot; skies: a part */
    struct shared_belief shared;
};

/* Those of the meter's kind. */
static inline const struct plants *gb_modelled_plants(const struct modelled *m, uint32_t meter)
{
    return &m->plants[m->fleet->kind[meter]];
}

/* The sky in a step under a global horizontal irradiance. */
static inline struct gb_sky gb_modelled_sky_with(const struct modelled *m,
                                                 const struct gb_sky_step *step, double ghi)
{
    struct gb_irradiance light = gb_decompose(ghi, step->cos_zenith, step->extraterrestrial, NULL);

    return gb_sky_from((enum gb_transposition)m->config->pv.transposition, &light, &step->sun,
                       step->extraterrestrial, m->config->weather.site.albedo);
}

/* under a clear-sky index */
static inline struct gb_sky gb_modelled_sky(const struct modelled *m,
                                            const struct gb_sky_step *step, double kc)
{
    return gb_modelled_sky_with(m, step, kc * step->clear_ghi);
}

/* Mean AC power of a system of the fleet under the skies of a slot, W.
 * ambient_c  temperature of the air */
static inline double gb_modelled_solar_w(const struct modelled *m, size_t system,
                                         const struct gb_sky *skies, double ambient_c)
{
    const struct gb_systems *systems = &m->fleet->systems;
    const struct gb_plant *plant = &gb_modelled_plants(m, systems->meter[system])->plant;

    return 1000 * systems->kwp[system] *
           gb_plant_solar(plant, &systems->plane[system], systems->clear[system], skies, m->n_steps,
                          ambient_c) /
           (double)m->n_steps;
}

static inline void gb_modelled_cool(struct modelled *m, double wind_ms)
{
    for (size_t k = 0; k < m->fleet->n_kinds; k++)
        gb_plant_cool(&m->plants[k].plant, wind_ms);
}

/* Sets the air that turbines stand in. */
static inline void gb_modelled_breathe(struct modelled *m, double air_c)
{
    for (size_t k = 0; k < m->fleet->n_kinds; k++)
        if (m->plants[k].has_turbines)
            gb_plant_breathe(&m->plants[k].plant, air_c);
}

/* Every system's own clouds in the next slot, and the power of all systems and turbines where it is
 * wanted, and loads as far as they have begun.
 * slot       the next one: m->next
 * has_loads  they have begun it, and go by parts
 * solar_w    a system, W; wind_w: a turbine, W; both NULL: own clouds alone move on */
void gb_modelled_sweep(struct modelled *m, const struct gb_weather_slot *slot, bool has_loads,
                       double *solar_w, double *wind_w);

/* What is expected of slot `interval` by who read slot `last_read` last, W.
 * asked  of whom; solar_w, wind_w, load_w: a system, turbine, meter of those */
void gb_modelled_believe(struct modelled *m, int64_t interval, int64_t last_read,
                         const struct gb_fleet_block *asked, double *solar_w, double *wind_w,
                         double *load_w);

#endif
