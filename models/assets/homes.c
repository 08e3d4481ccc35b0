#include "models/assets/homes.h"

#include <math.h>
#include <stdlib.h>

#include "base/batch.h"
#include "base/memory.h"

/* Draws of GB_PURPOSE_LOAD_TRAITS behind those of models/assets/fleet.c. */
enum { DRAW_HABITS = 2, DRAW_OWN_DAY, DRAW_OWN_DAY_2, DRAW_WEEKDAY };

static const double max_base = 0.7, max_appliances = 0.9, least_rest = 0.05;
static const double max_unrest = 2, max_season = 3;

void gb_harmonics_at(int half_hour, double values[GB_HARMONICS])
{
    for (int k = 0; k < GB_HARMONICS / 2; k++) {
        double angle = 2 * M_PI * (k + 1) * (half_hour + 0.5) / 48;
        values[2 * k] = cos(angle);
        values[2 * k + 1] = sin(angle);
    }
}

static double held(double x, double least, double most)
{
    return fmin(fmax(x, least), most);
}

static bool allocate(struct gb_homes *homes)
{
    size_t n = homes->n ? homes->n : 1;
    bool complete = true;

    homes->owner = gb_memory_wide(n, sizeof *homes->owner);
    homes->base_w = gb_memory_wide(n, sizeof *homes->base_w);
    homes->gain_w = gb_memory_wide(n, sizeof *homes->gain_w);
    homes->sharpness = gb_memory_wide(n, sizeof *homes->sharpness);
    homes->season = gb_memory_wide(n, sizeof *homes->season);
    homes->unrest = gb_memory_wide(n, sizeof *homes->unrest);
    homes->starts = gb_memory_wide(n, sizeof *homes->starts);
    homes->weeks_sd = gb_memory_wide(n, sizeof *homes->weeks_sd);
    homes->phase = gb_memory_wide(n, sizeof *homes->phase);
    for (int k = 0; k < GB_HARMONICS; k++) {
        homes->own[k] = gb_memory_wide(n, sizeof *homes->own[k]);
        complete = complete && homes->own[k];
    }
    return complete && homes->owner && homes->base_w && homes->gain_w && homes->sharpness &&
           homes->season && homes->unrest && homes->starts && homes->weeks_sd && homes->phase;
}

struct traits {
    double base, appliances, unrest, season, own[GB_HARMONICS];
};

/* Draws what is a home's own. The variance of its day is spread over the turns. */
static struct traits draw_traits(const struct gb_household_config *of, struct gb_key key,
                                 uint32_t owner)
{
    struct gb_draw habits = gb_draw_at(key, owner, 0, 0, DRAW_HABITS);
    struct gb_draw days[2] = {gb_draw_at(key, owner, 0, 0, DRAW_OWN_DAY),
                              gb_draw_at(key, owner, 0, 0, DRAW_OWN_DAY_2)};
    double normals[4], own[8], amplitude = of->day_sd * sqrt(2.0 / GB_HARMONICS);
    struct traits t;

    gb_batch_normals(habits.words, 4, normals);
    t.base = held(of->base * gb_exponential(of->base_sd * normals[0]), 0, max_base);
    /* exp(normal - variance / 2): their mean over homes is what the key says */
    t.appliances = held(of->appliances * gb_exponential(of->appliances_sd * normals[3] -
                                                        of->appliances_sd * of->appliances_sd / 2),
                        0, max_appliances);
    t.base = held(t.base, 0, 1 - t.appliances - least_rest);
    t.unrest = held(of->unrest * gb_exponential(of->unrest_sd * normals[1]), 0, max_unrest);
    t.season = held(1 + of->season_sd * normals[2], -max_season, max_season);
    gb_batch_normals(days[0].words, 4, own);
    gb_batch_normals(days[1].words, 4, own + 4);
    for (int k = 0; k < GB_HARMONICS; k++)
        t.own[k] = amplitude * own[k];
    return t;
}

/* Log of what home i does in each half hour of its clock. */
static void own_day(const struct gb_homes *homes, size_t i,
                    const double harmonics[GB_QUARTERS / 2][GB_HARMONICS],
                    double own[GB_QUARTERS / 2])
{
    for (int h = 0; h < GB_QUARTERS / 2; h++) {
        own[h] = 0;
        for (int k = 0; k < GB_HARMONICS; k++)
            own[h] += harmonics[h][k] * (double)homes->own[k][i];
    }
}

/* What is the same for all homes while they are made. */
struct making {
    const struct gb_fleet *fleet;
    const struct gb_mean_year *year;
    double start_wh; /* mean energy of an appliance's start */
    double harmonics[GB_QUARTERS / 2][GB_HARMONICS];
};

static void set_home(struct gb_homes *homes, size_t i, const struct traits *t,
                     const struct gb_household_config *of, const struct making *making)
{
    const struct gb_fleet *fleet = making->fleet;
    double scale_w = fleet->load_scale_w[i], home = 1 - of->away_share, own[GB_QUARTERS / 2];
    /* the means of exp(weeks) and exp(weekday) over homes and time */
    double habits = (of->weeks_sd * of->weeks_sd + of->weekday_sd * of->weekday_sd) / 2;

    homes->sharpness[i] = (float)fleet->load_shape[i];
    homes->season[i] = (float)t->season;
    homes->unrest[i] = (float)t->unrest;
    homes->weeks_sd[i] = (float)of->weeks_sd;
    homes->phase[i] = (int16_t)held(rint(4 * fleet->load_phase_h[i]), -GB_MAX_PHASE, GB_MAX_PHASE);
    for (int k = 0; k < GB_HARMONICS; k++)
        homes->own[k][i] = (float)t->own[k];
    own_day(homes, i, making->harmonics, own);
    double norm = gb_mean_of_own_year(making->year, (double)homes->sharpness[i],
                                      (double)homes->season[i], homes->phase[i], own);
    homes->base_w[i] = scale_w * t->base;
    homes->gain_w[i] =
        scale_w * (1 - t->base - t->appliances) / (home * norm * gb_exponential(habits));
    homes->starts[i] = (float)(scale_w * t->appliances / (home * 2 * making->start_wh));
}

bool gb_homes_create(struct gb_homes *homes, const struct gb_fleet *fleet,
                     const struct gb_mean_year *year, const struct gb_appliance_use *use,
                     struct gb_draws draws)
{
    struct gb_key key = gb_draws_key(draws, GB_PURPOSE_LOAD_TRAITS);
    struct making making = {.fleet = fleet, .year = year, .start_wh = use->mean_wh};

    for (int h = 0; h < GB_QUARTERS / 2; h++)
        gb_harmonics_at(h, making.harmonics[h]);
    *homes = (struct gb_homes){.n = fleet->n};
    if (!allocate(homes))
        return false;
    for (size_t i = 0; i < homes->n; i++) {
        const struct gb_household_config *of = &gb_fleet_kind(fleet, i)->household;
        homes->owner[i] = fleet->draw_owner[i];
        struct traits t = draw_traits(of, key, homes->owner[i]);
        set_home(homes, i, &t, of, &making);
    }
    return true;
}

void gb_homes_clear(struct gb_homes *homes)
{
    free(homes->owner);
    free(homes->base_w);
    free(homes->gain_w);
    free(homes->sharpness);
    free(homes->season);
    free(homes->unrest);
    free(homes->starts);
    free(homes->weeks_sd);
    free(homes->phase);
    for (int k = 0; k < GB_HARMONICS; k++)
        free(homes->own[k]);
}

void gb_homes_weekday(const struct gb_homes *homes, struct gb_key traits, int weekday, size_t first,
                      size_t n, double *normals)
{
    uint32_t words[4][GB_BATCH];

    gb_batch_draws(traits, homes->owner + first, n, 0, 0, (uint32_t)(DRAW_WEEKDAY + weekday),
                   words);
    gb_batch_normals(words[0], n, normals);
}
