#include "models/weather/sun.h"

#include <math.h>

static double radians(double degrees)
{
    return degrees * (M_PI / 180);
}

static double degrees(double radians_)
{
    return radians_ * (180 / M_PI);
}

double gb_refraction_deg(double elevation_deg, double pressure_pa, double temperature_c)
{
    /* The rim of the sun is last seen when its centre is a radius and the refraction at the horizon
     * below it; further down the formula means nothing. */
    if (elevation_deg < -(0.26667 + 0.5667))
        return 0;
    return pressure_pa / 101000 * 283 / (273 + temperature_c) * 1.02 /
           (60 * tan(radians(elevation_deg + 10.3 / (elevation_deg + 5.11))));
}

double gb_standard_pressure_pa(double altitude_m)
{
    return 100 * pow((44331.514 - altitude_m) / 11880.516, 1 / 0.1902632);
}

struct gb_sun gb_sun_at(const struct gb_site *site, double unix_days)
{
    const double j2000_unix_days = 10957.5; /* 2000-01-01T12:00, JD 2451545 */
    double n = unix_days - j2000_unix_days;
    double ut_hours = 24 * (unix_days - floor(unix_days));
    double mean_longitude = 280.460 + 0.9856474 * n;
    double anomaly = radians(357.528 + 0.9856003 * n);
    double ecliptic = radians(mean_longitude + 1.915 * sin(anomaly) + 0.020 * sin(2 * anomaly));
    double obliquity = radians(23.439 - 4e-7 * n);
    double right_ascension = atan2(cos(obliquity) * sin(ecliptic), cos(ecliptic));
    double sin_declination = sin(obliquity) * sin(ecliptic);
    double cos_declination = sqrt(1 - sin_declination * sin_declination);
    double sidereal_h = 6.697375 + 0.0657098242 * n + ut_hours;
    double hour_angle = radians(15 * fmod(sidereal_h, 24) + site->longitude_deg) - right_ascension;
    double sin_latitude = sin(radians(site->latitude_deg));
    double cos_latitude = cos(radians(site->latitude_deg));

    /* unit vector to the sun: east, north, up */
    double east = -cos_declination * sin(hour_angle);
    double north =
        cos_latitude * sin_declination - sin_latitude * cos_declination * cos(hour_angle);
    double up = sin_latitude * sin_declination + cos_latitude * cos_declination * cos(hour_angle);
    double elevation = degrees(atan2(up, hypot(east, north)));
    double azimuth = degrees(atan2(east, north));

    return (struct gb_sun){
        .zenith_deg = 90 - elevation,
        .apparent_zenith_deg =
            90 - elevation - gb_refraction_deg(elevation, site->pressure_pa, site->temperature_c),
        .azimuth_deg = azimuth < 0 ? azimuth + 360 : azimuth,
    };
}
