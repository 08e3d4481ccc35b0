/* Curves over beta: the cells of a sweep that differ in market.beta alone, sorted by it. The
 * figures `beta` and `effect` draw them. */
#ifndef ANALYSIS_FIGURE_CURVES_PRIV_H
#define ANALYSIS_FIGURE_CURVES_PRIV_H

#include <math.h>
#include <stdint.h>

#include "analysis/compare.h"
#include "analysis/figures_priv.h"

#define GB_MAX_CURVES 6 /* colours, dashes and markers of the style */

struct gb_curve {
    char name[64]; /* "40 meters"; empty where there is one curve only */
    size_t n;
    double *beta;                 /* n, ascending */
    const struct gb_cell **cells; /* n, borrowed from the cells */
};

struct gb_curves {
    struct gb_cells cells;
    size_t n;
    struct gb_curve items[GB_MAX_CURVES];
    size_t longest_name;
};

/* GB_EREFUSED with a reason where the result has no such curves, or too many. */
enum gb_status gb_curves_find(struct gb_curves *out, const struct gb_results *results,
                              struct gb_error *err);
void gb_curves_clear(struct gb_curves *curves);

/* What the points of some curves span, and how many trials or pairs stand behind each. */
struct gb_curves_span {
    double low, high; /* ends of the intervals; low > high where there is no point */
    size_t fewest, max;
};
/* clang-format off */
#define GB_CURVES_NO_SPAN {.low = INFINITY, .high = -INFINITY, .fewest = SIZE_MAX}
/* clang-format on */

/* A point: "beta mean low high"; widens the span to hold it. Without an interval the band is empty;
 * an undefined point is left out. */
void gb_curves_write_point(double beta, struct gb_confidence_interval interval, FILE *data,
                           struct gb_curves_span *span);
/* The vertical axis of a span with a point. A flat line has a margin, and 0 is on the axis
 * where it is no farther from the points than they are from each other. */
struct gb_axis gb_curves_axis(const struct gb_curves_span *span);
/* The block of the curves' names: "beta y name" a line, at the last points, moved apart where they
 * would stand on each other. last: y of the last point a curve, NaN of a curve without any */
void gb_curves_write_names(const struct gb_curves *curves, const double *last,
                           const struct gb_axis *axis, FILE *data);
/* n_curves, name_width, currency and caption of the script. what: the sampling unit, in the
 * plural */
void gb_curves_describe(const struct gb_curves *curves, const struct gb_curves_span *span,
                        const char *what, const char *currency, FILE *settings);

/* Whether the figure `effect` can show anything of the curves (figure_effect.c). */
bool gb_curves_have_effect(const struct gb_results *results, const struct gb_curves *curves);

#endif
