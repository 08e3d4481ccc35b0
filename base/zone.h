/* Time zones as POSIX writes them (`CET-1CEST,M3.5.0,M10.5.0/3`), read here and never looked up in
 * the machine's database, so that a scenario means the same everywhere and in every year. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct gb_zone_rule { /* the day and local time at which clocks change */
    char form; /* 'M': month, week, weekday; 'J': day 1 to 365 without 29 February; 'n': 0 on */
    int month, week, day;
    int32_t time_s; /* on the local clock before the change */
};

struct gb_zone {
    char text[80];                     /* as written */
    int32_t offset_s, summer_offset_s; /* ahead of UTC */
    bool has_summer;
    struct gb_zone_rule begin, end;
};

/* The zone of UTC, all else 0. */
#define GB_ZONE_UTC ((struct gb_zone){.text = "UTC0"})

/* The zone that is so many hundredths of an hour ahead of UTC all the year. */
struct gb_zone gb_zone_ahead(int64_t hundredths);

/* Reads a zone; `UTC` alone is UTC0. GB_EINPUT with what is wrong and what was probably meant: a
 * summer time without its rules (systems differ in what they assume), `UTC+1`, which POSIX reads as
 * one hour behind. */
enum gb_status gb_zone_parse(const char *text, struct gb_zone *out, struct gb_error *err);

/* The changes of one year in UTC seconds since 1970, kept by whoever asks again and again;
 * initialise as {0}. */
struct gb_zone_year {
    int year; /* 0: none yet */
    int64_t first_s, last_s;
    int64_t begin_s, end_s;
};

/* Seconds that the local clock is ahead of UTC at an instant. */
int32_t gb_zone_offset_at(const struct gb_zone *zone, struct gb_zone_year *kept, int64_t utc_s);

/* The instants at which the local clock shows `local_s` (seconds since 1970 as if it were UTC), in
 * their order: the first of two is summer time.
 * returns how many: 0 in the hour that is left out, 2 in the one that comes twice */
int gb_zone_instants(const struct gb_zone *zone, struct gb_zone_year *kept, int64_t local_s,
                     int64_t out[2]);

#endif
