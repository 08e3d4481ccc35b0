/* Turbines by table: power at wind speeds, linear between them, nothing outside; thinner air shifts
 * the table to higher speeds, turbulence smooths it. Or by rotor: what its coefficients take of the
 * power of the wind through it, which makes a table again. */
#ifndef MODELS_ASSETS_TURBINE_H
#define MODELS_ASSETS_TURBINE_H

#include <stdbool.h>
#include <stddef.h>

/* The most that a curve has. */
enum { GB_CURVE_POINTS = 96 };

struct gb_power_curve {
    size_t n;
    double speed_ms[GB_CURVE_POINTS]; /* ascending */
    double power[GB_CURVE_POINTS];    /* in the unit of the table; of a rotor, coefficients */
};

/* A generic small pitch- or furl-regulated turbine, per unit of its rating: starts at 3 m/s, is
 * rated at 12 and stops at 25. Drawn after the shape small commercial machines share; no
 * product's curve. */
extern const struct gb_power_curve gb_curve_small;

/* Choices of wind.curve: the generic one, and published ones. */
enum gb_curve {
    GB_CURVE_SMALL,
    GB_CURVE_EXCEL_10,
    GB_CURVE_DW_20,
    GB_CURVE_DW_100,
    GB_CURVE_IEC_2
};
extern const char *const gb_curve_names[]; /* ends with NULL */
/* One of them, per unit of its greatest power. */
struct gb_power_curve gb_curve_of(enum gb_curve curve);

/* A curve of the author's own, per unit of its greatest power, in air of 1.225 kg/m3: `3 0, 6 1.2,
 * 11 5, 20 5`, at least two speeds, ascending to GB_CURVE_FASTEST at most, each with a power of 0
 * or more. returns  false where the text is none, or holds no power at all */
#define GB_CURVE_FASTEST 32.0
#define GB_CURVE_NO_TABLE "none"
bool gb_curve_read(struct gb_power_curve *out, const char *text);

/* Linear between points; 0 outside of them. In the unit of the curve. */
double gb_curve_power(const struct gb_power_curve *curve, double speed_ms);

/* The curve in air of another density than the table's 1.225 kg/m3: its speeds times
 * (1.225/density)^p, p rising from 1/3 at 7.5 m/s to 2/3 at 12.5.
 * source  L. Svenningsen, Power curve air density correction and other power curve options in
 *         WindPRO (2010) */
struct gb_power_curve gb_curve_in_air(const struct gb_power_curve *curve, double density);

/* Power coefficients of the rotor that makes gb_curve_small where its rating is reached at 12 m/s
 * with a coefficient of 1/4. */
extern const struct gb_power_curve gb_coefficients_small;

/* Power of a rotor, W: coefficient x density/2 x area x v^3. */
double gb_rotor_power(const struct gb_power_curve *coefficients, double diameter_m, double density,
                      double speed_ms);
/* The curve of a rotor held at a rating, per unit of it, at every half m/s. */
struct gb_power_curve gb_curve_of_rotor(const struct gb_power_curve *coefficients,
                                        double diameter_m, double density, double rated_w);

/* Spread of the speed within the time of which the table gives the mean: constant + share x speed.
 */
struct gb_speed_spread {
    double constant_ms, share;
};
/* of a share that is the intensity of the turbulence; and for the turbines of a region
 * source  I. Staffell, S. Pfenninger, Energy 114 (2016) 1224 */
#define GB_SPREAD_OF_REGION ((struct gb_speed_spread){0.6, 0.2})

/* Mean power at a mean speed v when the speed is normal about it: the sum over v - 15 to v + 15 m/s
 * in steps of 0.5, or in as many of half the spread where that is less.
 * source  K. Knorr, dissertation, Kassel (2016), p. 106 */
double gb_smooth_power(const struct gb_power_curve *curve, double speed_ms,
                       struct gb_speed_spread spread);
/* The curve of those means, at every half m/s. */
struct gb_power_curve gb_curve_smoothed(const struct gb_power_curve *curve,
                                        struct gb_speed_spread spread);

#endif
