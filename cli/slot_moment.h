/* A moment in the life of a slot's market, as a user types it: a duration after the opening, or a
 * time of the clock. */
#ifndef CLI_SLOT_MOMENT_H
#define CLI_SLOT_MOMENT_H

#include <stdint.h>

#include "base/status.h"
#include "experiments/scenario/scenario.h"

/* From the opening of a slot's market to the slot's own start, ns since the start of the run. */
int64_t gb_slot_opening_ns(const struct gb_scenario *scenario, int64_t slot);
int64_t gb_slot_start_ns(const struct gb_scenario *scenario, int64_t slot);

/* Reads `200 s`, `12:03:20`, `12:03:20.5` or `2023-06-01 12:03:20`, the last three in the
 * scenario's local time; a time without date is the first such one since the opening.
 * at_ns    out: since the start of the run
 * returns  GB_EINPUT where it is none, or lies outside of opening and start */
enum gb_status gb_slot_moment_read(const char *text, const struct gb_scenario *scenario,
                                   int64_t slot, int64_t *at_ns, struct gb_error *err);
/* "12:03:20.5 of 2023-06-01, 200.5 s after the opening". returns buffer */
#define GB_SLOT_MOMENT_SIZE 128
char *gb_slot_moment_format(int64_t at_ns, const struct gb_scenario *scenario, int64_t slot,
                            char buffer[GB_SLOT_MOMENT_SIZE]);

#endif
