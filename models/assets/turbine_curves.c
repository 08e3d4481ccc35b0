/* Power curves of turbines, as published. */
#include <math.h>

#include "base/number.h"
#include "base/text.h"
#include "models/assets/turbine.h"

const char *const gb_curve_names[] = {"small", "excel_10", "dw_20", "dw_100", "iec_2", NULL};

/* Certification test of the Small Wind Certification Council: Bergey Excel 10, rotor of 7 m, kW;
 * what it takes when it stands still is left out.
 * source  NREL, Wind Turbine Power Curve Archive: BergeyExcel10_8.9kW_7 */
static const struct gb_power_curve excel_10 = {
    .n = 38,
    .speed_ms = {2,   2.5,  3,   3.5,  4,    4.5,  5,    5.5,  6,    6.5,  7,    7.5, 8,
                 8.5, 9,    9.5, 10,   10.5, 11,   11.5, 12,   12.5, 13,   13.5, 14,  14.5,
                 15,  15.5, 16,  16.5, 17,   17.5, 18,   18.5, 19,   19.5, 20,   20.5},
    .power = {0,      0.039,  0.102,  0.229,  0.399,  0.596,  0.848,  1.151,  1.51,   1.938,
              2.403,  2.949,  3.602,  4.306,  5.071,  5.96,   6.856,  7.849,  8.863,  9.928,
              10.885, 11.619, 12.019, 12.276, 12.395, 12.449, 12.495, 12.508, 12.546, 12.555,
              12.503, 12.528, 12.442, 12.396, 12.208, 11.878, 11.989, 11.495},
};

/* Residential reference of 20 kW, rotor of 12.4 m, kW.
 * source  the same archive: 2019COE_DW20_20kW_12.4 */
static const struct gb_power_curve dw_20 = {
    .n = 19,
    .speed_ms = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20},
    .power = {0, 0.178, 1.147, 3.428, 6.403, 10.168, 14.04, 16.5, 18.4, 20.015, 21.636, 23.349,
              24.482, 26.096, 26.424, 25.641, 25.641, 26.026, 25.385},
};

/* Commercial reference of 100 kW, rotor of 27.6 m, kW.
 * source  the same archive: 2019COE_DW100_100kW_27.6 */
static const struct gb_power_curve dw_100 = {
    .n = 24,
    .speed_ms = {2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13,
                 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25},
    .power = {0,      2.16,   8.64,   17.856, 30.855, 48.997, 73.139, 90.828,
              98.941, 99.988, 99.833, 99.833, 99.833, 98.333, 94,     86.833,
              79.833, 72.833, 65.833, 59.167, 53.167, 48,     44,     41.333},
};

/* Mean of turbines of IEC class 2 that the industry sells, per unit.
 * source  the same archive: IEC_Class2_Normalized_Industry_Composite, at whole and half m/s */
static const struct gb_power_curve iec_2 = {
    .n = 31,
    .speed_ms = {3,  3.5,  4,  4.5,  5,  5.5,  6,  6.5, 7,  7.5, 8,  8.5, 9,  9.5, 10, 10.5,
                 11, 11.5, 12, 12.5, 13, 13.5, 14, 15,  16, 17,  18, 19,  21, 23,  25},
    .power = {0.010036255, 0.032166306, 0.057572872, 0.09241811,  0.130173701, 0.178591991,
              0.232925685, 0.301923701, 0.376231061, 0.46480267,  0.554984127, 0.65434614,
              0.750728355, 0.828710137, 0.898787879, 0.939445346, 0.973928571, 0.985672619,
              0.994152778, 0.998027778, 0.99975,     0.999944444, 0.999431818, 0.995909091,
              0.990568182, 0.987727273, 0.986989899, 0.926594517, 0.805803752, 0.685012987,
              0.564222222},
};

static const struct gb_power_curve *published(enum gb_curve curve)
{
    switch (curve) {
    case GB_CURVE_EXCEL_10: return &excel_10;
    case GB_CURVE_DW_20: return &dw_20;
    case GB_CURVE_DW_100: return &dw_100;
    case GB_CURVE_IEC_2: return &iec_2;
    default: return &gb_curve_small;
    }
}

/* Per unit of the greatest power, which is above 0. */
static void normalise(struct gb_power_curve *curve)
{
    double most = 0;

    for (size_t i = 0; i < curve->n; i++)
        most = fmax(most, curve->power[i]);
    for (size_t i = 0; i < curve->n; i++)
        curve->power[i] /= most;
}

struct gb_power_curve gb_curve_of(enum gb_curve name)
{
    struct gb_power_curve curve = *published(name);

    normalise(&curve);
    return curve;
}

/* Reads "SPEED POWER". returns the comma behind it, or the end; NULL: it is no such thing */
static const char *read_point(struct gb_power_curve *curve, const char *text)
{
    double *speed = &curve->speed_ms[curve->n], *power = &curve->power[curve->n];
    char words[2][32];

    text = gb_text_word(text, ",", words[0], sizeof words[0]);
    text = gb_text_word(text, ",", words[1], sizeof words[1]);
    if (!gb_number_parse(words[0], speed) || !gb_number_parse(words[1], power) ||
        !(*speed >= (curve->n > 0 ? nextafter(speed[-1], INFINITY) : 0)) ||
        !(*speed <= GB_CURVE_FASTEST) || !(*power >= 0 && *power < 1e9) || (*text && *text != ','))
        return NULL;
    curve->n++;
    return text;
}

bool gb_curve_read(struct gb_power_curve *out, const char *text)
{
    struct gb_power_curve curve = {0};
    double sum = 0;
    bool has_more;

    do {
        text = curve.n < GB_CURVE_POINTS ? read_point(&curve, text) : NULL;
        if (!text)
            return false;
        sum += curve.power[curve.n - 1];
        has_more = *text == ',';
        text += has_more;
    } while (has_more);
    if (curve.n < 2 || !(sum > 0))
        return false;
    normalise(&curve);
    *out = curve;
    return true;
}
