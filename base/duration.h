/* Durations as people write them: a decimal number and its unit, exact in nanoseconds. */
#ifndef BASE_DURATION_H
#define BASE_DURATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `15 min`, `500 ms`, `2 h`, `1.5 s`, `3 d`, `10 us`, `20 ns` as nanoseconds, exactly; negative
 * numbers, a missing unit and fractions of a nanosecond are refused. */
bool gb_duration_parse(const char *text, int64_t *out_ns);
char *gb_duration_format(int64_t ns, char *buffer, size_t size); /* largest unit that is exact */

#endif
