#include "models/weather/cloud_waves.h"

#include <math.h>

#include "models/weather/gaussian.h"

/* The wind's speed over CS: found by comparing what the field gives with the law at steps of 1 to
 * 15 min and distances to 1 km. */
#define DRIFT_OF_SPEED (1 / 3.0)
#define TURNS 20.0       /* radians that a wave passes by while it decays by e */
#define FIRST_OCTAVE 0.5 /* where the longest waves end, in 1/l */
#define GOLDEN 0.6180339887498949

/* Share of the variance in waves of a number above k, in 1/l: the spectrum of exp(-D/l) in the
 * plane. */
static double share_above(double k)
{
    return 1 / sqrt(1 + k * k);
}

static double number_of_share(double share)
{
    return sqrt(1 / (share * share) - 1);
}

/* Where octaves begin, in 1/l: the first holds all the long waves, the last all the short ones. */
static double share_from(int octave)
{
    if (octave == 0)
        return 1;
    return octave == GB_CLOUD_OCTAVES ? 0 : share_above(ldexp(FIRST_OCTAVE, octave - 1));
}

/* number: of the wave, rad/m; direction: from the wind's, rad */
static void set_wave(struct gb_cloud_waves *waves, int i, double share, double number,
                     double direction, double drift_ms, double step_s)
{
    double passage = number * drift_ms * step_s;

    waves->east[i] = number * cos(direction);
    waves->north[i] = number * sin(direction);
    waves->share[i] = share;
    waves->means[i] = gb_innovations_make(passage / TURNS + I * passage * cos(direction));
    waves->foretold[i] = waves->amplitude[i] = 0;
    waves->total += share * waves->means[i].variance;
}

void gb_cloud_waves_init(struct gb_cloud_waves *waves, double time_s, double speed_ms,
                         double step_s)
{
    double drift_ms = DRIFT_OF_SPEED * speed_ms, length_m = drift_ms * time_s;

    waves->total = 0;
    for (int octave = 0; octave < GB_CLOUD_OCTAVES; octave++) {
        double above = share_from(octave);
        double share = (above - share_from(octave + 1)) / GB_CLOUD_DIRECTIONS;
        double offset = octave * GOLDEN - floor(octave * GOLDEN);
        for (int d = 0; d < GB_CLOUD_DIRECTIONS; d++) {
            double number = number_of_share(above - share * (d + 0.5)) / length_m;
            double direction = M_PI * (d + offset) / GB_CLOUD_DIRECTIONS;
            set_wave(waves, octave * GB_CLOUD_DIRECTIONS + d, share, number, direction, drift_ms,
                     step_s);
        }
    }
}

/* Two normals of an address. */
static double complex normals_at(struct gb_key key, uint32_t wave, uint32_t time, uint32_t draw)
{
    struct gb_draw at = gb_draw_at(key, wave, 0, time, draw);

    return gb_draw_normal(at) + I * gb_normal_from(gb_draw_uniform2(at));
}

void gb_cloud_waves_advance(struct gb_cloud_waves *waves, struct gb_key key, uint32_t time,
                            bool starts)
{
    for (uint32_t i = 0; i < GB_CLOUD_WAVES; i++) {
        const struct gb_innovations *means = &waves->means[i];
        double scale = sqrt(waves->share[i]);
        if (starts)
            waves->foretold[i] = scale * means->foretold * normals_at(key, i, time, 1);
        double complex news = scale * means->news * normals_at(key, i, time, 0);
        waves->amplitude[i] = waves->foretold[i] + news;
        waves->foretold[i] = means->memory * waves->foretold[i] + means->gain * news;
    }
}

void gb_cloud_waves_read(const struct gb_cloud_waves *waves, double weight,
                         struct gb_cloud_amplitudes *out)
{
    for (int i = 0; i < GB_CLOUD_WAVES; i++) {
        out->along[i] = (float)(weight * creal(waves->amplitude[i]));
        out->across[i] = (float)(weight * cimag(waves->amplitude[i]));
    }
}

double gb_cloud_waves_centre(const struct gb_cloud_waves *waves)
{
    double sum = 0;

    for (int i = 0; i < GB_CLOUD_WAVES; i++)
        sum += creal(waves->amplitude[i]);
    return sum;
}

double gb_cloud_waves_memory(const struct gb_cloud_waves *waves, double steps)
{
    double sum = 0;

    if (steps < 1)
        return 1;
    for (int i = 0; i < GB_CLOUD_WAVES; i++) {
        const struct gb_innovations *means = &waves->means[i];
        sum += waves->share[i] * creal(means->next * cpow(means->memory, steps - 1));
    }
    return sum / waves->total;
}
