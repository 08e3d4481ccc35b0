/* What the sun's light makes of it on the way down: extraterrestrial normal irradiance, air mass,
 * clear sky, the split of global into beam and diffuse, and the irradiance on a tilted plane. All
 * irradiances in W/m2. What runs once a system and slot is inline. */
#ifndef MODELS_WEATHER_IRRADIANCE_H
#define MODELS_WEATHER_IRRADIANCE_H

#include <math.h>

#define GB_SOLAR_CONSTANT 1366.1

/* source  J. W. Spencer, Fourier series representation of the position of the sun, 1971 */
double gb_extraterrestrial(int day_of_year);

/* Relative optical air mass at an apparent zenith; infinite at and below the horizon.
 * source  F. Kasten, A. T. Young, Applied Optics 28 (1989) 4735 */
double gb_air_mass(double apparent_zenith_deg);

struct gb_irradiance {
    double ghi, dni, dhi; /* global horizontal, beam normal, diffuse horizontal */
};

/* Choices of site.clear_sky. */
enum gb_clear_sky_model { GB_CLEAR_SKY_INEICHEN, GB_CLEAR_SKY_HAURWITZ };

/* Global irradiance under a cloudless sky from the height of the sun alone.
 * source  B. Haurwitz, Journal of Meteorology 2 (1945) 154 */
double gb_clear_sky_haurwitz(double apparent_zenith_deg);

/* Irradiance under a cloudless sky; zero below the horizon.
 * air_mass  absolute: relative x pressure / 101325 Pa
 * linke     Linke turbidity at air mass 2
 * source    P. Ineichen, R. Perez, Solar Energy 73 (2002) 151 */
struct gb_irradiance gb_clear_sky(double apparent_zenith_deg, double air_mass, double linke,
                                  double altitude_m, double extraterrestrial);

/* Share of global irradiance that is diffuse, from the clearness index kt.
 * source  D. G. Erbs, S. A. Klein, J. A. Duffie, Solar Energy 28 (1982) 293 */
static inline double gb_diffuse_share(double kt)
{
    if (kt <= 0.22)
        return 1 - 0.09 * kt;
    if (kt > 0.8)
        return 0.165;
    return 0.9511 + kt * (-0.1604 + kt * (4.388 + kt * (-16.638 + kt * 12.336)));
}

/* Splits a global irradiance into beam and diffuse by its clearness.
 * cos_zenith  of the geometric zenith; below about 3 degrees of elevation everything is diffuse
 * clearness   kt goes here if not NULL
 * source      D. G. Erbs, S. A. Klein, J. A. Duffie, Solar Energy 28 (1982) 293 */
static inline struct gb_irradiance gb_decompose(double ghi, double cos_zenith,
                                                double extraterrestrial, double *clearness)
{
    const double cos_lowest = 0.065;    /* near the horizon kt is held down, */
    const double cos_no_beam = 0.05234; /* and beyond 87 degrees no beam is told apart */
    double height = cos_zenith > cos_lowest ? cos_zenith : cos_lowest;
    double kt = ghi / (extraterrestrial * height);
    struct gb_irradiance light = {.ghi = ghi, .dhi = ghi};

    kt = kt > 0 ? kt : 0;
    kt = kt < 1 ? kt : 1;
    if (cos_zenith > cos_no_beam) {
        light.dhi = ghi * gb_diffuse_share(kt);
        light.dni = (ghi - light.dhi) / cos_zenith;
    }
    if (clearness)
        *clearness = kt;
    return light;
}

/* A unit vector. */
struct gb_direction {
    double east, north, up;
};
struct gb_direction gb_direction_from(double zenith_deg, double azimuth_deg);

/* How the diffuse light spreads over the sky: from everywhere alike, from the sun's disc as well,
 * or from a bright horizon as well. */
enum gb_transposition { GB_SKY_HAY_DAVIES, GB_SKY_ISOTROPIC, GB_SKY_REINDL };

/* Light on planes at one instant, prepared once for all that stand under the same clouds. */
struct gb_sky {
    struct gb_direction sun; /* apparent */
    double beam;             /* DNI */
    double circumsolar;      /* per unit of cos aoi: diffuse that comes from the disc */
    double isotropic;        /* the rest of the diffuse */
    double horizon;          /* what its horizon adds to that, over a plane's share */
    double reflected;        /* global x albedo */
};
static inline struct gb_sky gb_sky_from(enum gb_transposition model,
                                        const struct gb_irradiance *light,
                                        const struct gb_direction *sun, double extraterrestrial,
                                        double albedo)
{
    const double cos_least = 0.01745; /* 89 degrees: keeps the beam ratio finite at the horizon */
    double height = sun->up > cos_least ? sun->up : cos_least;
    double anisotropy = model == GB_SKY_ISOTROPIC ? 0 : light->dni / extraterrestrial;
    double isotropic = light->dhi * (1 - anisotropy);
    double direct =
        model == GB_SKY_REINDL && light->dni > 0 ? light->dni * sun->up / light->ghi : 0;

    return (struct gb_sky){
        .sun = *sun,
        .beam = light->dni,
        .circumsolar = light->dhi * anisotropy / height,
        .isotropic = isotropic,
        .horizon = direct > 0 ? isotropic * sqrt(direct) : 0,
        .reflected = light->ghi * albedo,
    };
}

/* Adds a share of the light of another sky under the same sun. */
static inline void gb_sky_add(struct gb_sky *sum, const struct gb_sky *sky, double share)
{
    sum->beam += share * sky->beam;
    sum->circumsolar += share * sky->circumsolar;
    sum->isotropic += share * sky->isotropic;
    sum->horizon += share * sky->horizon;
    sum->reflected += share * sky->reflected;
}

/* A plane by its normal, and the share it has of a bright horizon: (1 + cos tilt)/2 sin^3(tilt/2).
 */
struct gb_plane {
    struct gb_direction normal;
    double horizon;
};
struct gb_plane gb_plane_from(double tilt_deg, double azimuth_deg);

/* The three parts of the irradiance on a plane, their sum being what falls on it. It sees the share
 * (1 + cos tilt)/2 of the sky, and ground for the rest.
 * source  J. E. Hay, J. A. Davies, Proc. First Canadian Solar Radiation Data Workshop, 1980;
 *         D. T. Reindl, W. A. Beckman, J. A. Duffie, Solar Energy 45 (1990) 9 */
struct gb_plane_light {
    double beam, sky, ground;
};
static inline struct gb_plane_light gb_plane_light_at(const struct gb_plane *plane,
                                                      const struct gb_sky *sky)
{
    const struct gb_direction *to = &plane->normal, *sun = &sky->sun;
    double cos_aoi = to->east * sun->east + to->north * sun->north + to->up * sun->up;
    double facing = cos_aoi > 0 ? cos_aoi : 0;

    return (struct gb_plane_light){
        .beam = sky->beam * facing,
        .sky = sky->circumsolar * facing + sky->isotropic * ((1 + to->up) / 2) +
               sky->horizon * plane->horizon,
        .ground = sky->reflected * ((1 - to->up) / 2),
    };
}

#endif
