#include "analysis/contrast.h"

#include <math.h>
#include <stdbool.h>

#include <gsl/gsl_cdf.h>

#define ROUNDING 1e-14 /* of a number beside those that it is the sum of */

/* ---- the replications that count
 *
 * Mostly every cell has a number in all of them. Then none is asked whether it counts, and loops
 * are of nothing but arithmetic: sweeps have many quantities. */

struct chosen {
    size_t n, n_used;
    const uint32_t *places; /* of the samples' arrays; NULL: each once */
    const double *gaps;     /* NaN where a replication is left out; NULL: none is */
};

static bool is_each_once(const struct chosen *chosen)
{
    return !chosen->places && !chosen->gaps;
}

static size_t place_of(const struct chosen *chosen, size_t i)
{
    return chosen->places ? chosen->places[i] : i;
}

static bool is_used(const struct chosen *chosen, size_t i)
{
    return !chosen->gaps || !isnan(chosen->gaps[i]);
}

/* 0 where every cell has a number, NaN elsewhere. */
static struct chosen choose_complete(const struct gb_sample *samples, size_t n_samples, size_t n,
                                     const uint32_t *places, double *linear)
{
    struct chosen chosen = {n, 0, places, linear};

    for (size_t i = 0; i < n; i++)
        linear[i] = 0.0;
    for (size_t j = 0; j < n_samples; j++)
        for (size_t i = 0; i < n; i++) {
            size_t p = place_of(&chosen, i);

            if (isnan(samples[j].x[p]) || (samples[j].y && isnan(samples[j].y[p])))
                linear[i] = NAN;
        }
    for (size_t i = 0; i < n; i++)
        chosen.n_used += isnan(linear[i]) ? 0 : 1;
    return chosen;
}

static double sum_of(const double *values, const struct chosen *chosen)
{
    double sum = 0.0;

    if (is_each_once(chosen)) {
        for (size_t i = 0; i < chosen->n; i++)
            sum += values[i];
        return sum;
    }
    for (size_t i = 0; i < chosen->n; i++)
        if (is_used(chosen, i))
            sum += values[place_of(chosen, i)];
    return sum;
}

/* ---- the estimate of one cell */

struct part {
    double estimate, below, sign; /* below: mean of what it is divided by, never negative */
    bool is_clear;                /* of 0, below the line */
    bool has_gaps;                /* somewhere it has no number, so that all this is none */
};

static struct part mean_of(const struct gb_sample *sample, const struct chosen *chosen)
{
    double sum = sum_of(sample->x, chosen);

    return (struct part){sum / (double)chosen->n_used, 1.0, 1.0, true, isnan(sum)};
}

/* (t sd(y) / (sqrt(n) mean y))^2, and whether it is small enough to divide by mean y. That judges
 * the sample: a resample of one that passed has a t of its own, which counts, wherever there is a
 * ratio. Without the resamples furthest out quantiles would lie too close. */
static bool is_clear_of_zero(const struct gb_sample *sample, const struct chosen *chosen,
                             double mean)
{
    double squares = 0.0, n_used = (double)chosen->n_used;

    if (chosen->places || chosen->n_used < 2 || mean == 0.0)
        return mean != 0.0;
    for (size_t i = 0; i < chosen->n; i++)
        if (is_used(chosen, i)) {
            double away = sample->y[place_of(chosen, i)] - mean;
            squares += away * away;
        }
    double t = gb_t_quantile((1.0 + GB_CONFIDENCE) / 2.0, n_used - 1);
    return t * t * squares / (n_used - 1) <= GB_FIELLER_LIMIT * n_used * mean * mean;
}

static struct part ratio_of(const struct gb_sample *sample, const struct chosen *chosen)
{
    double x = sum_of(sample->x, chosen), y = sum_of(sample->y, chosen);
    double mean = y / (double)chosen->n_used;

    return (struct part){x / fabs(y), fabs(mean), y < 0.0 ? -1.0 : 1.0,
                         is_clear_of_zero(sample, chosen, mean), isnan(x) || isnan(y)};
}

static double add_linear_mean(double *linear, const double *x, double mean, double weight, size_t n)
{
    double size = 0.0;

    for (size_t i = 0; i < n; i++) {
        double term = fabs(x[i]);

        linear[i] += weight * (x[i] - mean);
        size = term > size ? term : size;
    }
    return size;
}

/* Adds a cell's linear part. returns what its terms measure, against which rounding is judged */
static double add_linear(double *linear, const struct gb_sample *sample, const struct part *part,
                         double weight, const struct chosen *chosen)
{
    double size = 0.0;

    if (!sample->y && is_each_once(chosen)) {
        size = add_linear_mean(linear, sample->x, part->estimate, weight, chosen->n);
        return fabs(weight) * (size + fabs(part->estimate));
    }
    for (size_t i = 0; i < chosen->n; i++) {
        if (!is_used(chosen, i))
            continue;
        size_t p = place_of(chosen, i);
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

/* What the linear parts say of the contrast, but for its standard error.
 * width    from their least to their greatest
 * returns  whether there is one: they vary */
static bool judge(struct gb_contrast *contrast, double width, double size)
{
    bool is_constant = width <= ROUNDING * size;

    if (is_constant && fabs(contrast->estimate) <= ROUNDING * size) {
        contrast->estimate = 0.0;
        contrast->kind = GB_CONTRAST_EQUAL;
    } else if (is_constant && contrast->n >= 2) {
        contrast->kind = GB_CONTRAST_CONSTANT;
    } else
        return true;
    return false;
}

static double width_of(const double *linear, size_t n)
{
    double minimum = INFINITY, maximum = -INFINITY;

    for (size_t i = 0; i < n; i++) { /* where it is NaN neither holds */
        minimum = linear[i] <= minimum ? linear[i] : minimum;
        maximum = linear[i] >= maximum ? linear[i] : maximum;
    }
    return maximum - minimum;
}

static double standard_error_of(const double *linear, const struct chosen *chosen)
{
    struct gb_tally tally;

    gb_tally_init(&tally);
    for (size_t i = 0; i < chosen->n; i++)
        if (is_used(chosen, i))
            gb_tally_add(&tally, linear[i]);
    return gb_tally_standard_error(&tally);
}

/* Over the replications chosen. returns false, with *out untouched, if one of them has no number */
static bool estimate(struct gb_contrast *out, const struct gb_sample *samples,
                     const double *weights, size_t n_samples, const struct chosen *chosen,
                     double *linear, bool with_error)
{
    struct gb_contrast contrast = {0.0, NAN, chosen->n_used, chosen->n - chosen->n_used,
                                   GB_CONTRAST_ESTIMATED};
    double size = 0.0, sign = 0.0;
    bool is_clear = true, is_one_sign = true;

    for (size_t j = 0; j < n_samples; j++) {
        struct part part =
            samples[j].y ? ratio_of(&samples[j], chosen) : mean_of(&samples[j], chosen);

        if (part.has_gaps && !chosen->gaps)
            return false;
        is_clear = is_clear && part.is_clear;
        is_one_sign = is_one_sign && (j == 0 || sign == part.sign);
        sign = part.sign;
        contrast.estimate += weights[j] * part.estimate;
        size += add_linear(linear, &samples[j], &part, weights[j], chosen);
    }
    if (judge(&contrast, width_of(linear, chosen->n), size) && with_error)
        contrast.standard_error = standard_error_of(linear, chosen);
    if (!is_one_sign || (!is_clear && contrast.kind != GB_CONTRAST_EQUAL))
        contrast = nothing(contrast.n, contrast.n_nan, GB_CONTRAST_NEAR_ZERO);
    *out = contrast;
    return true;
}

/* First as if no number were missing: sums tell if one is. */
static struct gb_contrast estimate_with(const struct gb_sample *samples, const double *weights,
                                        size_t n_samples, size_t n, const uint32_t *places,
                                        double *linear, bool with_error)
{
    struct chosen chosen = {n, n, places, NULL};
    struct gb_contrast contrast;

    for (size_t i = 0; i < n; i++)
        linear[i] = 0.0;
    if (n > 0 && estimate(&contrast, samples, weights, n_samples, &chosen, linear, with_error))
        return contrast;
    chosen = choose_complete(samples, n_samples, n, places, linear);
    if (chosen.n_used == 0 ||
        !estimate(&contrast, samples, weights, n_samples, &chosen, linear, with_error))
        return nothing(0, n - chosen.n_used, GB_CONTRAST_NOTHING);
    return contrast;
}

struct gb_contrast gb_contrast_estimate(const struct gb_sample *samples, const double *weights,
                                        size_t n_samples, size_t n, const uint32_t *places,
                                        double *linear)
{
    return estimate_with(samples, weights, n_samples, n, places, linear, true);
}

double gb_contrast_value(const struct gb_sample *samples, const double *weights, size_t n_samples,
                         size_t n, double *linear)
{
    return estimate_with(samples, weights, n_samples, n, NULL, linear, false).estimate;
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
    if (judge(&contrast, sums->linear.maximum - sums->linear.minimum,
              sums->largest + fabs(contrast.estimate)))
        contrast.standard_error = gb_tally_standard_error(&sums->linear);
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
