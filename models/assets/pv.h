/* A photovoltaic system from light on its plane and the temperature of its cells to alternating
 * current: DC, losses and inverter as in PVWatts 5. Inline: each runs once a system and slot.
 * source  A. P. Dobos, PVWatts Version 5 Manual, NREL/TP-6A20-62641 (2014) */
#ifndef MODELS_ASSETS_PV_H
#define MODELS_ASSETS_PV_H

#define GB_PV_REFERENCE_EFFICIENCY 0.9637 /* of the inverter the curve was fitted to */

/* DC power in the unit of `rated` from light on the plane, W/m2.
 * temperature_coefficient  1/K, negative */
static inline double gb_pv_dc(double light, double cell_c, double rated,
                              double temperature_coefficient)
{
    return rated * light * 0.001 * (1 + temperature_coefficient * (cell_c - 25));
}

/* An inverter, its curve written out: AC = linear DC - curved DC^2 - idle. */
struct gb_inverter {
    double linear, curved, idle, most;
};

/* dc_rated: its DC input rating; clipped at its AC rating efficiency x dc_rated */
static inline struct gb_inverter gb_inverter_make(double dc_rated, double efficiency)
{
    double scale = efficiency / GB_PV_REFERENCE_EFFICIENCY;

    return (struct gb_inverter){
        .linear = scale * 0.9858,
        .curved = scale * 0.0162 / dc_rated,
        .idle = scale * 0.0059 * dc_rated,
        .most = efficiency * dc_rated,
    };
}

/* AC power from DC, in the unit of the rating; 0 where it does not start. */
static inline double gb_pv_ac(const struct gb_inverter *inverter, double dc)
{
    double ac = dc * (inverter->linear - inverter->curved * dc) - inverter->idle;

    ac = ac > 0 ? ac : 0;
    return ac < inverter->most ? ac : inverter->most;
}

#endif
