/* Curves over beta: the cells of a sweep that differ in market.beta alone, sorted by it. The figures
 * `beta` and `effect` draw them. */
#ifndef ANALYSIS_FIGURE_CURVES_PRIV_H
#define ANALYSIS_FIGURE_CURVES_PRIV_H

#include "analysis/compare.h"
#include "analysis/figures_priv.h"

#define GB_MAX_CURVES 6                 /* colours, dashes and markers of the style */

struct gb_curve {
    char name[64];                      /* "40 meters"; empty where there is one curve only */
    size_t n;
    double *beta;                       /* n, ascending */
    const struct gb_cell **cells;       /* n, borrowed from the cells */
};

struct gb_curves {
    struct gb_cells cells;
    size_t n;
    struct gb_curve items[GB_MAX_CURVES];
    size_t longest_name;
    size_t fewest, most;                /* trials a cell */
};

/* GB_EREFUSED with a sentence where the result has no such curves, or too many. */
enum gb_status gb_curves_find(struct gb_curves *out, const struct gb_results *results,
                              struct gb_error *err);
void gb_curves_clear(struct gb_curves *curves);

/* A point: "beta mean low high"; widens [low, high] to hold it. Without an interval the band is empty. */
void gb_curves_write_point(double beta, struct gb_interval interval, FILE *data, double *low,
                           double *high);
/* The block of the curves' names: "beta y name" a line, at the last points, moved apart where they
 * would stand on each other. last: y of the last point a curve; range: of the vertical axis */
void gb_curves_write_names(const struct gb_curves *curves, const double *last, double range,
                           FILE *data);
/* n_curves, name_width, currency and caption of the script. */
void gb_curves_describe(const struct gb_curves *curves, const char *what, const char *currency,
                        FILE *settings);
/* Decimals that tell ticks of such a range apart. */
int gb_curves_decimals(double range);

#endif
