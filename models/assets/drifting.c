#include "models/assets/drifting.h"

#include <math.h>
#include <stdlib.h>

/* What the waves are worth at the places of a batch. */
struct places {
    float cosine[GB_CLOUD_WAVES][GB_DRIFT_BATCH], sine[GB_CLOUD_WAVES][GB_DRIFT_BATCH];
};

struct gb_drifting {
    const struct gb_cloud_marginal *marginal;
    size_t n_steps;        /* of the clouds in one of the sky */
    struct places *places; /* a batch */
};

static void set_place(struct places *places, size_t i, const struct gb_cloud_waves *waves,
                      struct gb_position at)
{
    for (size_t w = 0; w < GB_CLOUD_WAVES; w++) {
        double phase = waves->east[w] * at.east_m + waves->north[w] * at.north_m;
        places->cosine[w][i] = (float)cos(phase);
        places->sine[w][i] = (float)sin(phase);
    }
}

enum gb_status gb_drifting_create(struct gb_drifting **out, const struct gb_weather *weather,
                                  const struct gb_position *positions, size_t n,
                                  struct gb_error *err)
{
    size_t n_batches = (n + GB_DRIFT_BATCH - 1) / GB_DRIFT_BATCH;
    struct gb_drifting *drifting = calloc(1, sizeof *drifting);

    if (drifting)
        drifting->places = calloc(n_batches + 1, sizeof *drifting->places);
    if (!drifting || !drifting->places) {
        gb_drifting_free(drifting);
        return gb_fail(err, GB_ENOMEM, "no memory for clouds over %zu systems", n);
    }
    drifting->marginal = gb_weather_clouds(weather);
    drifting->n_steps = gb_weather_n_cloud_steps(weather);
    for (size_t i = 0; i < n; i++)
        set_place(&drifting->places[i / GB_DRIFT_BATCH], i % GB_DRIFT_BATCH,
                  &gb_weather_cloud_latent(weather)->waves, positions[i]);
    *out = drifting;
    return GB_OK;
}

void gb_drifting_free(struct gb_drifting *drifting)
{
    if (!drifting)
        return;
    free(drifting->places);
    free(drifting);
}

static void set_latents(const struct places *places, const struct gb_cloud_amplitudes *waves,
                        float *z)
{
    for (size_t w = 0; w < GB_CLOUD_WAVES; w++) {
        float along = waves->along[w], across = waves->across[w];
        for (size_t i = 0; i < GB_DRIFT_BATCH; i++)
            z[i] += along * places->cosine[w][i] - across * places->sine[w][i];
    }
}

void gb_drifting_clearness(const struct gb_drifting *drifting, const struct gb_sky_step *step,
                           size_t batch, const struct gb_own_clouds *own, double *kc)
{
    for (size_t i = 0; i < GB_DRIFT_BATCH; i++)
        kc[i] = 0;
    for (size_t s = 0; s < drifting->n_steps; s++) {
        const struct gb_cloud_step *clouds = &step->clouds[s];
        float z[GB_DRIFT_BATCH] = {0};
        set_latents(&drifting->places[batch], clouds->waves, z);
        for (size_t i = 0; i < GB_DRIFT_BATCH; i++)
            kc[i] += gb_cloud_clearness(drifting->marginal,
                                        own->weight_of_field * (clouds->shared + (double)z[i]) +
                                            own->weight * own->z[i]);
    }
    for (size_t i = 0; i < GB_DRIFT_BATCH; i++)
        kc[i] /= (double)drifting->n_steps;
}
