/* Where a scenario and its kinds of households say prices of the grid: as a number, by time, or by
 * the name of a series. */
#ifndef EXPERIMENTS_SCENARIO_TARIFF_SOURCES_H
#define EXPERIMENTS_SCENARIO_TARIFF_SOURCES_H

#include <stdbool.h>

#include "base/quantity.h"
#include "experiments/scenario/scenario_priv.h"
#include "experiments/scenario/tariff_series.h"
#include "experiments/scenario/tariff_times.h"

/* Retail or feed-in of a kind of households, or of all. */
struct gb_tariff_source {
    const struct gb_item *item; /* that gives it; NULL: the scenario */
    const char *key;            /* which says it, behind the item's name */
    enum gb_tariff_form { GB_TARIFF_NUMBER, GB_TARIFF_BY_TIME, GB_TARIFF_SERIES } form;
    struct gb_price number;
    struct gb_tariff_times times;
    struct gb_tariff_series series;
};

/* Does the scenario, does a kind, say anything but one number for all? */
bool gb_tariff_scenario_varies(const struct gb_scenario *scenario);
bool gb_tariff_item_gives(const struct gb_item *item);

/* Reads the source of retail and that of feed-in of each kind.
 * n        kinds; 1: of everybody, of whom a kind may be the only one
 * sources  out, 2 n: retail and feed-in of the first kind, of the second, ...
 * returns false where anything is wrong, which is reported */
bool gb_reading_tariff_sources(struct gb_reading *reading, size_t n,
                               struct gb_tariff_source *sources);

/* Factors and additions of the scenario where all of it is numbers: nothing reads them. */
void gb_reading_check_tariff_factors(struct gb_reading *reading);

/* What is wrong with a source, at the place of its key. */
void gb_reading_report_tariff(struct gb_reading *reading, const struct gb_tariff_source *source,
                              const char *why);

#endif
