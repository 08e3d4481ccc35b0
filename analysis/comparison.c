#include "analysis/comparison.h"

#include <math.h>

struct gb_confidence_interval gb_percentage(const struct gb_ratio_sums *sums, double flows)
{
    struct gb_confidence_interval out = gb_ratio_sums_interval(sums, GB_CONFIDENCE);

    if (!gb_interval_has_bounds(&out) && fabs(sums->y) < GB_MIN_FRACTION_OF_FLOWS * flows) {
        out.estimate = NAN;
        out.kind = GB_INTERVAL_NEAR_ZERO;
    }
    return gb_interval_scaled(out, sums->y < 0.0 ? -100.0 : 100.0);
}

void gb_comparison_init(struct gb_comparison_sums *sums)
{
    *sums = (struct gb_comparison_sums){0};
    gb_tally_init(&sums->market);
    gb_tally_init(&sums->grid_only);
    gb_tally_init(&sums->difference);
}

static void add_number(struct gb_tally *tally, double value)
{
    if (!isnan(value))
        gb_tally_add(tally, value);
}

void gb_comparison_add(struct gb_comparison_sums *sums, double market, double grid_only,
                       double gross)
{
    double change = market - grid_only;

    sums->n++;
    add_number(&sums->market, market);
    add_number(&sums->grid_only, grid_only);
    add_number(&sums->difference, change);
    gb_ratio_add(&sums->change, change, grid_only);
    if (!isnan(change + grid_only))
        sums->flows += gross;
}

/* 0 less a number, not its negative: no -0 shall be shown. */
static void negate_tally(struct gb_tally *tally)
{
    double minimum = tally->minimum;

    tally->mean = 0.0 - tally->mean;
    tally->minimum = 0.0 - tally->maximum;
    tally->maximum = 0.0 - minimum;
}

void gb_comparison_negate(struct gb_comparison_sums *sums)
{
    negate_tally(&sums->market);
    negate_tally(&sums->grid_only);
    negate_tally(&sums->difference);
    sums->change.x = 0.0 - sums->change.x;
    sums->change.y = 0.0 - sums->change.y;
}

void gb_comparison_add_residual(struct gb_comparison_sums *sums, double market, double grid_only)
{
    gb_ratio_add_residual(&sums->change, market - grid_only, grid_only);
}

static struct gb_confidence_interval interval_of(const struct gb_tally *tally, size_t n)
{
    return gb_tally_interval(tally, n - (size_t)tally->count, GB_CONFIDENCE);
}

struct gb_comparison gb_comparison_of(const struct gb_comparison_sums *sums)
{
    return (struct gb_comparison){
        interval_of(&sums->market, sums->n), interval_of(&sums->grid_only, sums->n),
        interval_of(&sums->difference, sums->n), gb_percentage(&sums->change, sums->flows)};
}
