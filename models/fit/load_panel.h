/* Loads of homes, all over the same steps of the local clock, and the statistics by which a model
 * is held against measured ones. */
#ifndef MODELS_FIT_LOAD_PANEL_H
#define MODELS_FIT_LOAD_PANEL_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct gb_load_panel {
    size_t n_homes, n_steps; /* whole days */
    size_t steps_a_day;
    int64_t first_day; /* days since 1970-01-01 */
    double *power_w;   /* home after home; NAN: unknown; owned */
};

/* What is measured on one home. The residual is the log of the load less its mean at that time of a
 * day of work or of a weekend. */
enum {
    GB_HOME_LOG_MEAN, /* of the power, W */
    GB_HOME_LOG_BASE, /* least load of a day over the mean load, mean over the days */
    GB_HOME_NOISE,    /* standard deviation of the residual */
    GB_HOME_NEAR,     /* its correlation over one step, two steps, four hours */
    GB_HOME_NEXT,
    GB_HOME_FAR,
    GB_HOME_COMMON,    /* covariance with the mean residual of the others, over its variance */
    GB_HOME_LOG_SHARP, /* standard deviation of the log of the mean day of work */
    GB_HOME_COS,       /* phase of that day's first harmonic, as a direction */
    GB_HOME_SIN,
    GB_N_HOME_STATISTICS
};

/* A row a home of GB_N_HOME_STATISTICS, to out. */
enum gb_status gb_load_panel_measure(const struct gb_load_panel *panel, double *out,
                                     struct gb_error *err);

/* What is estimated is told by these, over all homes. */
enum {
    GB_PANEL_LOG_BASE,
    GB_PANEL_NOISE,
    GB_PANEL_NEAR,
    GB_PANEL_NEXT,
    GB_PANEL_FAR,
    GB_PANEL_COMMON,
    GB_PANEL_SHARP, /* standard deviation over homes of the log sharpness */
    GB_PANEL_PHASE, /* circular standard deviation of the phases, h */
    GB_N_PANEL_STATISTICS
};
/* rows     of gb_load_panel_measure
 * weights  of the homes */
void gb_load_panel_summarise(const double *rows, size_t n_homes, const double *weights,
                             double out[GB_N_PANEL_STATISTICS]);

#endif
