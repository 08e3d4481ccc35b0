/* What sets one figure of curves apart from another. */
#ifndef ANALYSIS_FIGURE_CURVES_PRIV_H
#define ANALYSIS_FIGURE_CURVES_PRIV_H

#include "analysis/figures_priv.h"

/* What the curves of one figure are. */
struct gb_curves_preset {
    const char *name, *y;    /* y: key figures where the request names none, and no kinds */
    const char *y_otherwise; /* where some cell has no value of those; NULL: those all the same */
    bool is_paired;          /* differences from a reference cell */
    bool says_y;             /* its name says which they are, so that others are refused */
    const char *x, *lines;   /* keys that are preferred where the sweep varies them */
};

/* Writes data, settings and caption of the curves that the preset makes of the request. GB_EREFUSED
 * where no cell has a value, GB_EINPUT where the request cannot be shown so. */
enum gb_status gb_curves_write(const struct gb_curves_preset *preset,
                               const struct gb_figure_request *request, struct gb_figure_page *page,
                               struct gb_error *err);

#endif
