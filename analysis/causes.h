/* The causes of a saving or a loss: what a bill differs by from the grid-only bill, in parts that
 * add up to the difference exactly. A trade within the band always gains on the tariff; what takes
 * of that, or makes who hardly trades lose, has a name here. */
#ifndef ANALYSIS_CAUSES_H
#define ANALYSIS_CAUSES_H

#include "analysis/record.h"

enum gb_cause {
    GB_CAUSE_TRADES,   /* traded energy at the tariff, less its price; and what bills of gaps differ
                        * by from it */
    GB_CAUSE_SHORT,    /* sold and not delivered */
    GB_CAUSE_LONG,     /* bought and not taken */
    GB_CAUSE_SCHEDULE, /* deviations from schedules with the grid */
    GB_CAUSE_FEES,     /* of orders, amendments and cancels, and of trades */
    GB_CAUSE_STORAGE,  /* energy moved otherwise than in the grid-only run */
    GB_N_CAUSES
};

/* What each adds to the saving, in currency; mostly negative but for the trades. */
struct gb_causes {
    double currency[GB_N_CAUSES];
};

struct gb_causes gb_causes_of_summary(const struct gb_summary_row *row);
struct gb_causes gb_causes_of_user(const struct gb_user_row *row);
/* "sold and not delivered" */
const char *gb_cause_text(enum gb_cause cause);

#endif
