/* Turbines by table: power at wind speeds, linear between them, nothing outside; thinner air shifts
 * the table to higher speeds. */
#ifndef MODELS_ASSETS_TURBINE_H
#define MODELS_ASSETS_TURBINE_H

#include <stddef.h>

enum { GB_CURVE_POINTS = 32 };

struct gb_power_curve {
    size_t n;
    double speed_ms[GB_CURVE_POINTS];   /* ascending */
    double power[GB_CURVE_POINTS];      /* in the unit of the table */
};

/* A generic small pitch- or furl-regulated turbine, per unit of its rating: starts at 3 m/s, is
 * rated at 12 and stops at 25. Drawn after the shape small commercial machines share; no
 * product's curve. */
extern const struct gb_power_curve gb_curve_small;

double gb_curve_power(const struct gb_power_curve *curve, double speed_ms);

/* The curve in air of another density than the table's 1.225 kg/m3: its speeds times
 * (1.225/density)^p, p rising from 1/3 at 7.5 m/s to 2/3 at 12.5.
 * source  L. Svenningsen, Power curve air density correction and other power curve options in
 *         WindPRO (2010) */
struct gb_power_curve gb_curve_in_air(const struct gb_power_curve *curve, double density);

#endif
