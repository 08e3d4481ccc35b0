#include "analysis/statistics.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

static const struct gb_confidence_interval nothing = {NAN, NAN, NAN, 0, 0, GB_INTERVAL_USUAL};

struct gb_confidence_interval gb_interval_scaled(struct gb_confidence_interval interval,
                                                 double factor)
{
    struct gb_confidence_interval scaled = interval;

    scaled.estimate = factor * interval.estimate;
    scaled.lower = factor * (factor < 0.0 ? interval.upper : interval.lower);
    scaled.upper = factor * (factor < 0.0 ? interval.lower : interval.upper);
    return scaled;
}

double gb_t_quantile(double probability, double degrees)
{
    return gsl_cdf_tdist_Pinv(probability, degrees);
}

static double t_of(double level, size_t n)
{
    return gb_t_quantile((1.0 + level) / 2.0, (double)(n - 1));
}

struct gb_confidence_interval gb_tally_interval(const struct gb_tally *tally, size_t n_nan,
                                                double level)
{
    struct gb_confidence_interval out = nothing;

    out.n = (size_t)tally->count;
    out.n_nan = n_nan;
    if (out.n >= 1)
        out.estimate = tally->mean;
    if (out.n >= 2 && tally->minimum == tally->maximum) {
        out.estimate = tally->minimum;
        out.kind = GB_INTERVAL_CONSTANT;
    } else if (out.n >= 2) {
        double half = t_of(level, out.n) * gb_tally_standard_error(tally);
        out.lower = out.estimate - half;
        out.upper = out.estimate + half;
    }
    return out;
}

struct gb_confidence_interval gb_t_interval(const double *values, size_t n, double level)
{
    struct gb_tally tally;

    gb_tally_init(&tally);
    for (size_t i = 0; i < n; i++)
        if (!isnan(values[i]))
            gb_tally_add(&tally, values[i]);
    return gb_tally_interval(&tally, n - (size_t)tally.count, level);
}

/* ---- ratios of sums */

void gb_ratio_add(struct gb_ratio_sums *sums, double x, double y)
{
    if (isnan(x + y)) {
        sums->n_nan++;
        return;
    }
    sums->n++;
    sums->x += x;
    sums->y += y;
}

/* A second pass keeps the digits that squares less squared sums would lose. */
void gb_ratio_add_residual(struct gb_ratio_sums *sums, double x, double y)
{
    if (isnan(x + y))
        return;
    double d = x - sums->x / sums->y * y, away = y - sums->y / (double)sums->n;

    sums->dd += d * d;
    sums->dy += d * away;
    sums->yy += away * away;
}

struct moments {
    size_t n;
    double x, y, ratio, dd, dy, yy; /* x, y: means */
};

/* Are all ratios the same, but for the rounding of the residuals? Then nothing is estimated. */
static bool is_exact(const struct moments *m)
{
    return m->dd <= 1e-18 * (m->x * m->x + m->ratio * m->ratio * m->yy) * (double)m->n;
}

/* rho = R + e with e solving a e^2 + 2 k s_dy e - k s_dd = 0, k = t^2 / n, a = mean(y)^2 - k s_yy.
 */
static void set_fieller_bounds(struct gb_confidence_interval *out, const struct moments *m,
                               double t)
{
    double degrees = (double)(m->n - 1), k = t * t / (double)m->n;
    double dd = m->dd / degrees, dy = m->dy / degrees, yy = m->yy / degrees;
    double a = m->y * m->y - k * yy;
    double root = sqrt(k * k * dy * dy + a * k * dd);

    out->lower = m->ratio + (-k * dy - root) / a;
    out->upper = m->ratio + (-k * dy + root) / a;
}

static bool is_near_zero(const struct moments *m, double t)
{
    double degrees = (double)(m->n - 1);

    return t * t * m->yy / degrees > GB_FIELLER_LIMIT * (double)m->n * m->y * m->y;
}

struct gb_confidence_interval gb_ratio_sums_interval(const struct gb_ratio_sums *sums, double level)
{
    double n = (double)sums->n;
    struct moments m = {sums->n,  sums->x / n, sums->y / n, sums->x / sums->y,
                        sums->dd, sums->dy,    sums->yy};
    struct gb_confidence_interval out = nothing;

    out.n = m.n;
    out.n_nan = sums->n_nan;
    if (m.n == 0)
        return out;
    if (!isfinite(m.ratio) || (m.n >= 2 && is_near_zero(&m, t_of(level, m.n)))) {
        out.kind = GB_INTERVAL_NEAR_ZERO;
        return out;
    }
    out.estimate = m.ratio;
    if (m.n >= 2 && is_exact(&m))
        out.kind = GB_INTERVAL_CONSTANT;
    else if (m.n >= 2)
        set_fieller_bounds(&out, &m, t_of(level, m.n));
    return out;
}

struct gb_confidence_interval gb_ratio_interval(const double *x, const double *y, size_t n,
                                                double level)
{
    struct gb_ratio_sums sums = {0};

    for (size_t i = 0; i < n; i++)
        gb_ratio_add(&sums, x[i], y[i]);
    for (size_t i = 0; i < n; i++)
        gb_ratio_add_residual(&sums, x[i], y[i]);
    return gb_ratio_sums_interval(&sums, level);
}

struct gb_confidence_interval gb_share_interval(const double *x, const double *y, size_t n,
                                                double level)
{
    double below = 0.0;

    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i] + y[i]))
            below += y[i];
    return gb_interval_scaled(gb_ratio_interval(x, y, n, level), below < 0.0 ? -1.0 : 1.0);
}
