/* From the pilot of a sweep to the number of replications: what its cells vary by, in two stages
 * (analysis/stopping.h). */
#ifndef ANALYSIS_PILOT_H
#define ANALYSIS_PILOT_H

#include "analysis/results.h"
#include "analysis/stopping.h"
#include "base/status.h"

struct gb_until {
    const char *kpi; /* of gb_estimand_find or gb_estimand_find_ratio */
    const char
        *against; /* "case=ideal": the paired difference from this cell; "": the field itself */
    struct gb_precision precision;
};

/* One number for all cells of the result of a pilot, the largest that any of them needs. A cell (or
 * pair) counts with the replications that it completed, with as many degrees of freedom less one;
 * one that completed fewer than two says nothing of the number, and the precision is not reached.
 * GB_EINPUT where there is no such field or reference. */
enum gb_status gb_pilot_replications(struct gb_replications *out, const struct gb_results *pilot,
                                     const struct gb_until *until, struct gb_error *err);

#endif
