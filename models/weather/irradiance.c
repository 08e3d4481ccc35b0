#include "models/weather/irradiance.h"

#include <math.h>

static double cos_deg(double degrees)
{
    return cos(degrees * (M_PI / 180));
}

static double sin_deg(double degrees)
{
    return sin(degrees * (M_PI / 180));
}

double gb_extraterrestrial(int day_of_year)
{
    double g = 2 * M_PI * (day_of_year - 1) / 365;

    return GB_SOLAR_CONSTANT * (1.00011 + 0.034221 * cos(g) + 0.00128 * sin(g) +
                                0.000719 * cos(2 * g) + 0.000077 * sin(2 * g));
}

double gb_air_mass(double apparent_zenith_deg)
{
    if (apparent_zenith_deg >= 90)
        return INFINITY;
    return 1 /
           (cos_deg(apparent_zenith_deg) + 0.50572 * pow(96.07995 - apparent_zenith_deg, -1.6364));
}

double gb_clear_sky_haurwitz(double apparent_zenith_deg)
{
    double cos_zenith = cos_deg(apparent_zenith_deg);

    return cos_zenith > 0 ? 1098 * cos_zenith * exp(-0.059 / cos_zenith) : 0;
}

struct gb_irradiance gb_clear_sky(double apparent_zenith_deg, double air_mass, double linke,
                                  double altitude_m, double extraterrestrial)
{
    struct gb_irradiance clear = {0};
    double cos_zenith = cos_deg(apparent_zenith_deg);

    if (apparent_zenith_deg >= 90)
        return clear;
    double fh1 = exp(-altitude_m / 8000), fh2 = exp(-altitude_m / 1250);
    double cg1 = 5.09e-5 * altitude_m + 0.868, cg2 = 3.92e-5 * altitude_m + 0.0387;
    double b = 0.664 + 0.163 / fh1;
    double haze = (0.1 - 0.2 * exp(-linke)) / (0.1 + 0.882 / fh1);

    clear.ghi =
        cg1 * extraterrestrial * cos_zenith * exp(-cg2 * air_mass * (fh1 + fh2 * (linke - 1)));
    double direct = extraterrestrial * b * exp(-0.09 * air_mass * (linke - 1));
    double most = clear.ghi * fmax(1 - haze, 0) / cos_zenith;
    clear.dni = fmin(direct, most);
    clear.dhi = clear.ghi - clear.dni * cos_zenith;
    return clear;
}

struct gb_direction gb_direction_from(double zenith_deg, double azimuth_deg)
{
    double horizontal = sin_deg(zenith_deg);

    return (struct gb_direction){
        .east = horizontal * sin_deg(azimuth_deg),
        .north = horizontal * cos_deg(azimuth_deg),
        .up = cos_deg(zenith_deg),
    };
}

struct gb_plane gb_plane_from(double tilt_deg, double azimuth_deg)
{
    return (struct gb_plane){
        .normal = gb_direction_from(tilt_deg, azimuth_deg),
        .horizon = (1 + cos_deg(tilt_deg)) / 2 * pow(sin_deg(tilt_deg / 2), 3),
    };
}
