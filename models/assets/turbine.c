#include "models/assets/turbine.h"

#include <math.h>

const struct gb_power_curve gb_curve_small = {
    .n = 14,
    .speed_ms = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 17, 20, 25},
    .power = {0, 0.02, 0.06, 0.12, 0.21, 0.32, 0.46, 0.63, 0.82, 1, 1, 1, 1, 1},
};

/* a quarter of the power over (v/12)^3 */
const struct gb_power_curve gb_coefficients_small = {
    .n = 23,
    .speed_ms = {3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14,
                 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25},
    .power = {0,       0.135, 0.20736, 0.24,    0.26449, 0.27,    0.27259, 0.27216,
              0.26615, 0.25,  0.19663, 0.15743, 0.128,   0.10547, 0.08793, 0.07407,
              0.06298, 0.054, 0.04665, 0.04057, 0.03551, 0.03125, 0.02765},
};

double gb_curve_power(const struct gb_power_curve *curve, double speed_ms)
{
    size_t last = curve->n - 1;

    if (!(speed_ms >= curve->speed_ms[0]) || speed_ms > curve->speed_ms[last])
        return 0;
    for (size_t i = 0; i < last; i++)
        if (speed_ms <= curve->speed_ms[i + 1]) {
            double past =
                (speed_ms - curve->speed_ms[i]) / (curve->speed_ms[i + 1] - curve->speed_ms[i]);
            return curve->power[i] + past * (curve->power[i + 1] - curve->power[i]);
        }
    return curve->power[last];
}

struct gb_power_curve gb_curve_in_air(const struct gb_power_curve *curve, double density)
{
    struct gb_power_curve shifted = *curve;

    for (size_t i = 0; i < curve->n; i++) {
        double rise = fmin(fmax((curve->speed_ms[i] - 7.5) / (12.5 - 7.5), 0), 1);
        shifted.speed_ms[i] *= pow(1.225 / density, (1 + rise) / 3);
    }
    return shifted;
}

/* ---- rotors and turbulence: new tables at every half m/s */

#define FINE_MS 0.5

double gb_rotor_power(const struct gb_power_curve *coefficients, double diameter_m, double density,
                      double speed_ms)
{
    double area = M_PI / 4 * diameter_m * diameter_m;

    return gb_curve_power(coefficients, speed_ms) * density / 2 * area * pow(speed_ms, 3);
}

struct gb_power_curve gb_curve_of_rotor(const struct gb_power_curve *coefficients,
                                        double diameter_m, double density, double rated_w)
{
    struct gb_power_curve curve = {0};
    double last = coefficients->speed_ms[coefficients->n - 1];

    for (double v = coefficients->speed_ms[0]; v <= last && curve.n < GB_CURVE_POINTS;
         v += FINE_MS) {
        curve.speed_ms[curve.n] = v;
        curve.power[curve.n++] =
            fmin(gb_rotor_power(coefficients, diameter_m, density, v) / rated_w, 1);
    }
    return curve;
}

double gb_smooth_power(const struct gb_power_curve *curve, double speed_ms,
                       struct gb_speed_spread spread)
{
    const int reach = 30; /* steps: 15 m/s */
    double sd = spread.constant_ms + spread.share * speed_ms, sum = 0;
    double step = sd < 1 ? sd / 2 : FINE_MS; /* a narrow bell needs finer ones */

    if (!(sd > 0))
        return gb_curve_power(curve, speed_ms);
    for (int i = -reach; i <= reach; i++) {
        double off = i * step;
        sum += gb_curve_power(curve, speed_ms + off) * exp(-off * off / (2 * sd * sd));
    }
    return sum * step / (sd * sqrt(2 * M_PI));
}

struct gb_power_curve gb_curve_smoothed(const struct gb_power_curve *curve,
                                        struct gb_speed_spread spread)
{
    struct gb_power_curve smooth = {0};
    double last = curve->speed_ms[curve->n - 1] + 15;

    for (double v = 0; v <= last && smooth.n < GB_CURVE_POINTS; v += FINE_MS) {
        smooth.speed_ms[smooth.n] = v;
        smooth.power[smooth.n++] = gb_smooth_power(curve, v, spread);
    }
    return smooth;
}
