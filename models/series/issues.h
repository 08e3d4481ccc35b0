/* Forecasts with times of issue: which of them were made by an instant, and whether they foretell a
 * run. Who asks at an instant is told the latest that is of the time asked about and was made by
 * then; none that was made later. */
#ifndef MODELS_SERIES_ISSUES_H
#define MODELS_SERIES_ISSUES_H

#include "models/series/measured.h"

/* The mean power of the first column, W; of forecasts over all that was forecast. */
double gb_measured_overall_w(const struct gb_measured *measured);

/* How many issues were made until an instant. */
size_t gb_measured_issues_until(const struct gb_measured *measured, int64_t until_s);

struct gb_foretold { /* of which slots forecasts are asked, and when at the earliest */
    int64_t start_s, slot_s;
    int64_t n_slots, lead_slots;       /* so many slots before it is forecast first */
    enum gb_weather_quantity quantity; /* GB_N_WEATHER_QUANTITIES: power of all columns */
};
/* Is there for each slot a forecast that was made by then?
 * slot  out, where there is not: the first one without */
bool gb_measured_foretells(const struct gb_measured *measured, const struct gb_foretold *asked,
                           int64_t *slot);

#endif
