/* What the sun's light makes of it on the way down: extraterrestrial normal irradiance, air mass,
 * clear sky, the split of global into beam and diffuse, and the irradiance on a tilted plane. All
 * irradiances in W/m2. */
#ifndef MODELS_WEATHER_IRRADIANCE_H
#define MODELS_WEATHER_IRRADIANCE_H

#define GB_SOLAR_CONSTANT 1366.1

/* source  J. W. Spencer, Fourier series representation of the position of the sun, 1971 */
double gb_extraterrestrial(int day_of_year);

/* Relative optical air mass at an apparent zenith; infinite at and below the horizon.
 * source  F. Kasten, A. T. Young, Applied Optics 28 (1989) 4735 */
double gb_air_mass(double apparent_zenith_deg);

struct gb_irradiance {
    double ghi, dni, dhi;               /* global horizontal, beam normal, diffuse horizontal */
};

/* Irradiance under a cloudless sky; zero below the horizon.
 * air_mass  absolute: relative x pressure / 101325 Pa
 * linke     Linke turbidity at air mass 2
 * source    P. Ineichen, R. Perez, Solar Energy 73 (2002) 151 */
struct gb_irradiance gb_clear_sky(double apparent_zenith_deg, double air_mass, double linke,
                                  double altitude_m, double extraterrestrial);

/* Splits a global irradiance into beam and diffuse by its clearness.
 * cos_zenith  of the geometric zenith; below about 3 degrees of elevation everything is diffuse
 * clearness   kt goes here if not NULL
 * source      D. G. Erbs, S. A. Klein, J. A. Duffie, Solar Energy 28 (1982) 293 */
struct gb_irradiance gb_decompose(double ghi, double cos_zenith, double extraterrestrial,
                                  double *clearness);

/* Light on planes at one instant, prepared once for all of them. */
struct gb_sky {
    double east, north, up;             /* unit vector to the sun (apparent) */
    double beam;                        /* DNI */
    double circumsolar;                 /* per unit of cos aoi: diffuse that comes from the disc */
    double isotropic;                   /* the rest of the diffuse */
    double reflected;                   /* global x albedo */
};
struct gb_sky gb_sky_from(const struct gb_irradiance *light, double apparent_zenith_deg,
                          double azimuth_deg, double extraterrestrial, double albedo);

/* A plane by its normal, a unit vector. */
struct gb_plane { double east, north, up; };
struct gb_plane gb_plane_from(double tilt_deg, double azimuth_deg);

/* The three parts of the irradiance on a plane, their sum being what falls on it. It sees the share
 * (1 + cos tilt)/2 of the sky, and ground for the rest. Inline: it runs once a plane and slot.
 * source  J. E. Hay, J. A. Davies, Proc. First Canadian Solar Radiation Data Workshop, 1980 */
struct gb_plane_light { double beam, sky, ground; };
static inline struct gb_plane_light gb_plane_light_at(const struct gb_plane *plane,
                                                      const struct gb_sky *sky)
{
    double cos_aoi = plane->east * sky->east + plane->north * sky->north + plane->up * sky->up;
    double facing = cos_aoi > 0 ? cos_aoi : 0;

    return (struct gb_plane_light){
        .beam = sky->beam * facing,
        .sky = sky->circumsolar * facing + sky->isotropic * ((1 + plane->up) / 2),
        .ground = sky->reflected * ((1 - plane->up) / 2),
    };
}

#endif
