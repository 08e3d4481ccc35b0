#include "analysis/contrast.h"

#include <math.h>
#include <stdbool.h>

#include <gsl/gsl_cdf.h>

#define ROUNDING 1e-14 /* of a number beside those that it is the sum of */

static size_t place_of(const uint32_t *places, size_t i)
{
    return places ? places[i] : i;
}

/* 0 where every cell has a number, NaN elsewhere. */
static void mark_complete(const struct gb_sample *samples, size_t n_samples, size_t n,
                          const uint32_t *places, double *linear)
{
    for (size_t i = 0; i < n; i++)
        linear[i] = 0.0;
    for (size_t j = 0; j < n_samples; j++)
        for (size_t i = 0; i < n; i++) {
            size_t p = place_of(places, i);

            if (isnan(samples[j].x[p]) || (samples[j].y && isnan(samples[j].y[p])))
                linear[i] = NAN;
        }
}

/* ---- the estimate of one cell */

struct part {
    double estimate, below, sign; /* below: mean of what it is divided by, never negative */
    bool is_clear;                /* of 0, below the line */
};

static struct part mean_of(const struct gb_sample *sample, size_t n, const uint32_t *places,
                           const double *linear, size_t n_used)
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++)
        if (!isnan(linear[i]))
            sum += sample->x[place_of(places, i)];
    return (struct part){sum / (double)n_used, 1.0, 1.0, true};
}

/* (t sd(y) / (sqrt(n) mean y))^2, and whether it is small enough to divide by mean y. */
static bool is_clear_of_zero(const struct gb_sample *sample, size_t n, const uint32_t *places,
                             const double *linear, size_t n_used, double mean)
{
    double squares = 0.0;

    if (n_used < 2 || mean == 0.0)
        return mean != 0.0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(linear[i])) {
            double away = sample->y[place_of(places, i)] - mean;
            squares += away * away;
        }
    double t = gb_t_quantile((1.0 + GB_CONFIDENCE) / 2.0, (double)(n_used - 1));
    return t * t * squares / (double)(n_used - 1) <=
           GB_FIELLER_LIMIT * (double)n_used * mean * mean;
}

static struct part ratio_of(const struct gb_sample *sample, size_t n, const uint32_t *places,
                            const double *linear, size_t n_used)
{
    double x = 0.0, y = 0.0;

    for (size_t i = 0; i < n; i++)
        if (!isnan(linear[i])) {
            x += sample->x[place_of(places, i)];
            y += sample->y[place_of(places, i)];
        }
    double mean = y / (double)n_used;
    return (struct part){x / fabs(y), fabs(mean), y < 0.0 ? -1.0 : 1.0,
                         is_clear_of_zero(sample, n, places, linear, n_used, mean)};
}

/* Adds a cell's linear part. returns what its terms measure, against which rounding is judged */
static double add_linear(double *linear, const struct gb_sample *sample, const struct part *part,
                         double weight, size_t n, const uint32_t *places)
{
    double size = 0.0;

    for (size_t i = 0; i < n; i++) {
        if (isnan(linear[i]))
            continue;
        size_t p = place_of(places, i);
        double below = sample->y ? part->sign * sample->y[p] : 1.0;

        linear[i] += weight * (sample->x[p] - part->estimate * below) / part->below;
        double term = fabs(sample->x[p]) / part->below;
        size = term > size ? term : size;
    }
    return fabs(weight) * (size + fabs(part->estimate));
}

/* ---- the contrast */

static struct gb_contrast nothing(size_t n, size_t n_nan, enum gb_contrast_kind kind)
{
    return (struct gb_contrast){NAN, NAN, n, n_nan, kind};
}

static void judge(struct gb_contrast *contrast, const struct gb_tally *linear, double size)
{
    bool is_constant = linear->maximum - linear->minimum <= ROUNDING * size;

    if (is_constant && fabs(contrast->estimate) <= ROUNDING * size) {
        contrast->estimate = 0.0;
        contrast->kind = GB_CONTRAST_EQUAL;
    } else if (is_constant && contrast->n >= 2) {
        contrast->kind = GB_CONTRAST_CONSTANT;
    } else {
        contrast->standard_error = gb_tally_standard_error(linear);
    }
}

struct gb_contrast gb_contrast_estimate(const struct gb_sample *samples, const double *weights,
                                        size_t n_samples, size_t n, const uint32_t *places,
                                        double *linear)
{
    struct gb_contrast contrast = {0.0, NAN, 0, 0, GB_CONTRAST_ESTIMATED};
    double size = 0.0, sign = 0.0;
    struct gb_tally tally;
    bool is_clear = true, is_one_sign = true;

    mark_complete(samples, n_samples, n, places, linear);
    for (size_t i = 0; i < n; i++)
        *(isnan(linear[i]) ? &contrast.n_nan : &contrast.n) += 1;
    if (contrast.n == 0)
        return nothing(0, contrast.n_nan, GB_CONTRAST_NOTHING);
    for (size_t j = 0; j < n_samples; j++) {
        struct part part = samples[j].y ? ratio_of(&samples[j], n, places, linear, contrast.n)
                                        : mean_of(&samples[j], n, places, linear, contrast.n);

        is_clear = is_clear && part.is_clear;
        is_one_sign = is_one_sign && (j == 0 || sign == part.sign);
        sign = part.sign;
        contrast.estimate += weights[j] * part.estimate;
        size += add_linear(linear, &samples[j], &part, weights[j], n, places);
    }
    gb_tally_init(&tally);
    for (size_t i = 0; i < n; i++)
        if (!isnan(linear[i]))
            gb_tally_add(&tally, linear[i]);
    judge(&contrast, &tally, size);
    if (!is_one_sign || (!is_clear && contrast.kind != GB_CONTRAST_EQUAL))
        return nothing(contrast.n, contrast.n_nan, GB_CONTRAST_NEAR_ZERO);
    return contrast;
}

/* ---- of one mean, in two passes */

void gb_mean_init(struct gb_mean_sums *sums)
{
    *sums = (struct gb_mean_sums){0};
    gb_tally_init(&sums->linear);
}

void gb_mean_add(struct gb_mean_sums *sums, double value)
{
    sums->n++;
    sums->sum += value;
    sums->largest = fmax(sums->largest, fabs(value));
}

void gb_mean_add_linear(struct gb_mean_sums *sums, double value)
{
    gb_tally_add(&sums->linear, value - sums->sum / (double)sums->n);
}

struct gb_contrast gb_mean_contrast(const struct gb_mean_sums *sums)
{
    struct gb_contrast contrast = {sums->sum / (double)sums->n, NAN, sums->n, 0,
                                   GB_CONTRAST_ESTIMATED};

    if (sums->n == 0)
        return nothing(0, 0, GB_CONTRAST_NOTHING);
    judge(&contrast, &sums->linear, sums->largest + fabs(contrast.estimate));
    return contrast;
}

struct gb_confidence_interval gb_contrast_interval(const struct gb_contrast *contrast, double level)
{
    struct gb_confidence_interval out = {contrast->estimate, NAN, NAN, contrast->n, contrast->n_nan,
                                         GB_INTERVAL_USUAL};

    if (contrast->kind == GB_CONTRAST_NEAR_ZERO) {
        out.kind = GB_INTERVAL_NEAR_ZERO;
    } else if (contrast->kind == GB_CONTRAST_CONSTANT || contrast->kind == GB_CONTRAST_EQUAL) {
        out.kind = contrast->n >= 2 ? GB_INTERVAL_CONSTANT : GB_INTERVAL_USUAL;
    } else if (!isnan(contrast->standard_error)) {
        double t = gb_t_quantile((1.0 + level) / 2.0, (double)(contrast->n - 1));

        out.lower = contrast->estimate - t * contrast->standard_error;
        out.upper = contrast->estimate + t * contrast->standard_error;
    }
    return out;
}

double gb_contrast_p(const struct gb_contrast *contrast)
{
    if (isnan(contrast->standard_error))
        return NAN;
    return 2.0 * gsl_cdf_tdist_Q(fabs(contrast->estimate) / contrast->standard_error,
                                 (double)(contrast->n - 1));
}

double gb_contrast_detectable(const struct gb_contrast *contrast, double level, double power)
{
    if (isnan(contrast->standard_error))
        return NAN;
    double degrees = (double)(contrast->n - 1);
    return (gb_t_quantile((1.0 + level) / 2.0, degrees) + gb_t_quantile(power, degrees)) *
           contrast->standard_error;
}
