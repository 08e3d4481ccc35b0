/* Loads of homes over equal steps, measured or modelled, and the statistics by which one set is
 * held against another. All are taken over the mean of the home itself: sizes do not count. */
#ifndef ANALYSIS_LOADS_H
#define ANALYSIS_LOADS_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct gb_loads {
    size_t n_homes, n_steps;
    int64_t step_s;   /* divides a day */
    int32_t *clock_s; /* n_steps: seconds since midnight of the local clock at the start; owned */
    double *power;    /* home after home, in any unit; NAN: unknown; owned */
};

/* Room for them, all unknown. GB_ENOMEM */
enum gb_status gb_loads_create(struct gb_loads *out, size_t n_homes, size_t n_steps, int64_t step_s,
                               struct gb_error *err);
void gb_loads_clear(struct gb_loads *loads);
/* The means over steps so much longer, step_s a multiple of theirs; a step of which a part is
 * unknown is unknown, and one that is not whole is left out. GB_ENOMEM out  to be cleared */
enum gb_status gb_loads_coarsen(struct gb_loads *out, const struct gb_loads *of, int64_t step_s,
                                struct gb_error *err);

/* Of homes, n_homes of them: those of whose steps at least half are known, with a mean above 0. A
 * curve has a value at each of its points for the homes' quantiles 0.1, 0.5 and 0.9. */
enum { GB_BAND_LOW, GB_BAND_MIDDLE, GB_BAND_HIGH, GB_N_BAND };
enum { GB_LOAD_QUANTILES = 201 };

struct gb_load_statistics {
    size_t n_homes, steps_a_day, n_lags;
    double (*day)[GB_N_BAND];                      /* steps_a_day: the mean day */
    double exceeded[GB_LOAD_QUANTILES][GB_N_BAND]; /* for a share i / 200 of the time */
    double (*correlation)[GB_N_BAND];              /* n_lags: over 0, 1, 2, ... steps */
    double *variation;                             /* n_homes, ascending: sd over mean */
    double difference;                             /* mean absolute one to the step a day
                                                    * before; of the home in the middle */
};

/* GB_EREFUSED where no home has two days, GB_ENOMEM. */
enum gb_status gb_load_statistics_of(struct gb_load_statistics *out, const struct gb_loads *loads,
                                     struct gb_error *err);
void gb_load_statistics_clear(struct gb_load_statistics *statistics);

#endif
