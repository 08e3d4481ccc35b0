/* The table of live intervals: each, from its opening until every meter's bill of it has been
 * executed and every order of it is answered, has a place. Each module keeps what it knows of an
 * interval in an array of its own, by place. A place that was left serves the next interval that
 * opens; places are gone through in their order. */
#ifndef EXPERIMENTS_RUN_INTERVALS_H
#define EXPERIMENTS_RUN_INTERVALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define GB_NO_PLACE SIZE_MAX
#define GB_NO_INTERVAL INT64_MIN

struct gb_run_intervals { /* written by intervals.c alone */
    int64_t *at;          /* per place: its interval, or GB_NO_INTERVAL */
    size_t n, capacity;
};

void gb_run_intervals_clear(struct gb_run_intervals *intervals);
/* The first free place, for a new interval; GB_NO_PLACE when out of memory. */
size_t gb_run_intervals_open(struct gb_run_intervals *intervals, int64_t interval,
                             struct gb_error *err);
void gb_run_intervals_retire(struct gb_run_intervals *intervals, size_t place);
size_t gb_run_intervals_find(const struct gb_run_intervals *intervals, int64_t interval);
size_t gb_run_intervals_oldest(const struct gb_run_intervals *intervals); /* or GB_NO_PLACE */

/* Makes the array of a module, of *n elements of that size, reach to the place; what is new is
 * zero. Elements may move. */
bool gb_run_reach_place(void **array, size_t *n, size_t place, size_t size, struct gb_error *err);

#endif
