#include "models/assets/turbine.h"

#include <math.h>

const struct gb_power_curve gb_curve_small = {
    .n = 14,
    .speed_ms = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 17, 20, 25},
    .power = {0, 0.02, 0.06, 0.12, 0.21, 0.32, 0.46, 0.63, 0.82, 1, 1, 1, 1, 1},
};

double gb_curve_power(const struct gb_power_curve *curve, double speed_ms)
{
    size_t last = curve->n - 1;

    if (!(speed_ms >= curve->speed_ms[0]) || speed_ms > curve->speed_ms[last])
        return 0;
    for (size_t i = 0; i < last; i++)
        if (speed_ms <= curve->speed_ms[i + 1]) {
            double past = (speed_ms - curve->speed_ms[i]) /
                          (curve->speed_ms[i + 1] - curve->speed_ms[i]);
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
