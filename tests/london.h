/* A year of half hours of 30 homes of Low Carbon London, 2013, where the data lie beside the source
 * tree. */
#ifndef TESTS_LONDON_H
#define TESTS_LONDON_H

#include <stdbool.h>

enum { LONDON_HOMES = 30, LONDON_SLOTS = 365 * 48 };

/* load: LONDON_HOMES series of LONDON_SLOTS, kWh; a gap is as half an hour before, and no meter
 * stands still, so that it has a log. returns false, aloud as a skipped test, without the data */
bool read_london(double *load);

#endif
