/* The axes of figures. The program chooses them, not gnuplot, because margins and the places of
 * names depend on them: gnuplot does neither widen a margin that is set nor say how wide its
 * numbers are. */
#include "analysis/figures_priv.h"

#include <math.h>

#define MAX_DECIMALS 6
#define LARGEST_PLAIN 1e7 /* beyond it numbers have an exponent */
#define FLAT_SHARE 0.2    /* of its values: the least range of an axis of estimates */
#define FLAT_RANGE 1e-9   /* the least of all, around 0 */
#define MAX_STEPS 6.0

/* The smallest of 1, 2, 5, 10, 20, ... times any power of ten that is at least `wanted`. */
static double nice_step(double wanted)
{
    double power = pow(10.0, floor(log10(wanted)));
    double factor = wanted / power;

    return power * (factor <= 1.0 + 1e-9   ? 1.0
                    : factor <= 2.0 + 1e-9 ? 2.0
                    : factor <= 5.0 + 1e-9 ? 5.0
                                           : 10.0);
}

struct gb_axis gb_axis_of(double low, double high, double max_steps)
{
    struct gb_axis axis;
    double largest;
    char end[2][64];

    axis.step = nice_step((high - low) / max_steps);
    axis.low = axis.step * floor(low / axis.step + 1e-9);
    axis.high = axis.step * ceil(high / axis.step - 1e-9);
    axis.decimals = (int)fmax(0.0, -floor(log10(axis.step) + 1e-9));
    largest = fmax(fabs(axis.low), fabs(axis.high));
    if (axis.decimals > MAX_DECIMALS || largest >= LARGEST_PLAIN)
        axis.decimals = -1;
    axis.width = 0;
    for (int i = 0; i < 2; i++) {
        double value = i == 0 ? axis.low : axis.high;
        int n = axis.decimals < 0 ? snprintf(end[i], sizeof end[i], "%g", value + axis.step)
                                  : snprintf(end[i], sizeof end[i], "%.*f", axis.decimals, value);

        axis.width = n > axis.width ? n : axis.width;
    }
    return axis;
}

struct gb_axis gb_axis_of_estimates(double low, double high)
{
    double min = fmax(FLAT_RANGE, FLAT_SHARE * fmax(fabs(low), fabs(high)));
    double missing = fmax(0.0, min - (high - low));

    if (low == 0.0 && high == 0.0)
        return gb_axis_of(0.0, 1.0, MAX_STEPS);
    low -= missing / 2.0;
    high += missing / 2.0;
    if (low > 0.0 && low <= high - low)
        low = 0.0;
    if (high < 0.0 && -high <= high - low)
        high = 0.0;
    return gb_axis_of(low, high, MAX_STEPS);
}

void gb_axis_write(const struct gb_axis *axis, const char *name, FILE *settings)
{
    fprintf(settings, "%s_low = %.12g\n%s_high = %.12g\n%s_step = %.12g\n%s_width = %d\n", name,
            axis->low, name, axis->high, name, axis->step, name, axis->width);
    if (axis->decimals < 0)
        fprintf(settings, "%s_format = '%%g'\n", name);
    else
        fprintf(settings, "%s_format = '%%.%df'\n", name, axis->decimals);
}
