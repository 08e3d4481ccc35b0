/* What the systems and turbines of one kind of households have in common, and what they make of
 * light and wind. */
#ifndef MODELS_ASSETS_PLANT_H
#define MODELS_ASSETS_PLANT_H

#include <stdbool.h>
#include <stddef.h>

#include "models/assets/kinds.h"
#include "models/assets/pv.h"
#include "models/assets/turbine.h"
#include "models/weather/irradiance.h"
#include "models/weather/weather_config.h"
#include "models/weather/wind.h"

struct gb_plant {
    const struct gb_kind *kind;
    const struct gb_site_config *site;
    struct gb_power_curve curve; /* of its turbines, in the site's air */
    double air_c;                /* the temperature of that air */
    struct gb_wind_rise rise;    /* from the height of the wind that is handed in to its hubs */
    double dc_share;             /* DC that losses leave of a module's */
    struct gb_inverter inverter; /* of modules of 1 W */
    double heating;              /* of its cells in the slot at hand, degrees for each W/m2 */
};

/* kind, weather: borrowed for the plant's life. Cells are warmed by nothing yet. */
struct gb_plant gb_plant_of(const struct gb_kind *kind, const struct gb_weather_config *weather);
/* Sets the heating of cells in a wind, m/s. */
void gb_plant_cool(struct gb_plant *plant, double wind_ms);

/* Sets the air that its turbines stand in, where they go by that of each slot. */
void gb_plant_breathe(struct gb_plant *plant, double air_c);

/* Power of a turbine per unit of its rating in a wind at the reference height, m/s. */
double gb_plant_wind(const struct gb_plant *plant, double speed_ms);
/* Does it make nothing there, nor in any weaker wind, of speeds that come of rounded latents? */
bool gb_plant_stands_still(const struct gb_plant *plant, double speed_ms);
/* AC powers of a system per unit of its DC rating under n skies in turn, added up.
 * clear      share of the light that shading leaves
 * ambient_c  temperature of the air */
double gb_plant_solar(const struct gb_plant *plant, const struct gb_plane *plane, double clear,
                      const struct gb_sky *skies, size_t n, double ambient_c);

#endif
