#include "experiments/run/intervals.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

void gb_run_intervals_clear(struct gb_run_intervals *intervals)
{
    free(intervals->at);
    *intervals = (struct gb_run_intervals){0};
}

size_t gb_run_intervals_find(const struct gb_run_intervals *intervals, int64_t interval)
{
    for (size_t place = 0; place < intervals->n; place++)
        if (intervals->at[place] == interval)
            return place;
    return GB_NO_PLACE;
}

size_t gb_run_intervals_oldest(const struct gb_run_intervals *intervals)
{
    size_t oldest = GB_NO_PLACE;

    for (size_t place = 0; place < intervals->n; place++)
        if (intervals->at[place] != GB_NO_INTERVAL &&
            (oldest == GB_NO_PLACE || intervals->at[place] < intervals->at[oldest]))
            oldest = place;
    return oldest;
}

size_t gb_run_intervals_open(struct gb_run_intervals *intervals, int64_t interval,
                             struct gb_error *err)
{
    size_t place = gb_run_intervals_find(intervals, GB_NO_INTERVAL);

    if (place == GB_NO_PLACE) {
        place = intervals->n;
        if (!gb_run_reach_place((void **)&intervals->at, &intervals->capacity, place,
                                sizeof *intervals->at, err))
            return GB_NO_PLACE;
        intervals->n++;
    }
    intervals->at[place] = interval;
    return place;
}

void gb_run_intervals_retire(struct gb_run_intervals *intervals, size_t place)
{
    intervals->at[place] = GB_NO_INTERVAL;
}

bool gb_run_reach_place(void **array, size_t *n, size_t place, size_t size, struct gb_error *err)
{
    if (place < *n)
        return true;
    size_t capacity = *n;
    char *grown = gb_array_grow(*array, &capacity, place + 1, size);
    if (!grown) {
        gb_fail(err, GB_ENOMEM, "no memory for %zu live intervals", place + 1);
        return false;
    }
    memset(grown + *n * size, 0, (capacity - *n) * size);
    *array = grown;
    *n = capacity;
    return true;
}
