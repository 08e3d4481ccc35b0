/* Energy, price and money as integers, so that sums do not depend on their order and books
 * balance to the last unit. One-member structs make "price plus energy" a compile error. Time is
 * a plain int64_t in nanoseconds since the start of the run (it may be negative) and its names
 * end in _ns. */
#ifndef BASE_QUANTITY_H
#define BASE_QUANTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/integer.h"
#include "base/status.h"

struct gb_energy {
    int64_t wh;
}; /* Wh */
struct gb_price {
    int64_t ticks;
}; /* 1e-6 of the currency per kWh */
struct gb_money {
    int64_t units;
}; /* 1e-9 of the currency: Wh times tick is exact */

#define GB_TICKS_PER_CURRENCY INT64_C(1000000)
#define GB_UNITS_PER_CURRENCY INT64_C(1000000000)
#define GB_CURRENCY_PER_UNIT 1e-9
#define GB_WH_PER_KWH INT64_C(1000)
#define GB_MILLIONTHS INT64_C(1000000)
#define GB_NS_PER_MS INT64_C(1000000)
#define GB_NS_PER_SECOND INT64_C(1000000000)
#define GB_NS_PER_HOUR (3600 * GB_NS_PER_SECOND)
#define GB_NS_PER_DAY (86400 * GB_NS_PER_SECOND)
#define GB_HOURS_A_YEAR 8760 /* of the year that "yearly" is of */

/* What `energy` costs at `price`. The caller keeps |wh * ticks| below 2^63 (1e12 Wh at 9 currency
 * per kWh); a scenario that could pass this is refused when it is read. */
static inline struct gb_money gb_cost(struct gb_energy energy, struct gb_price price)
{
    return (struct gb_money){energy.wh * price.ticks};
}

/* Money as a number to show. Whoever shows money takes this one, for a sum that lies on a tie of
 * the digits shown must not be rounded up here and down there. */
static inline double gb_currency(int64_t units)
{
    return (double)units * GB_CURRENCY_PER_UNIT;
}

/* The smaller of two. */
static inline struct gb_energy gb_energy_min(struct gb_energy a, struct gb_energy b)
{
    return a.wh < b.wh ? a : b;
}

/* sum += term, or GB_ERANGE with a reason naming `what` where 64 bits do not hold the sum. */
enum gb_status gb_add_checked(int64_t *sum, int64_t term, const char *what, struct gb_error *err);

/* Reads a plain decimal ("0.59", "-12"; "1e-3" and "010" are refused) exactly as an integer of
 * 10^-decimals. Where no decimals are wanted "7.0" is 7, but "1.000" may be a thousand.
 * returns false if `text` is no such number, has more decimals than fit, or exceeds 64 bits */
bool gb_parse_decimal(const char *text, int decimals, int64_t *out);

/* Writes value * 10^-decimals as a plain decimal without trailing zeros ("0.4925", "12").
 * buffer  at least 32 bytes; returns buffer */
char *gb_format_decimal(int64_t value, int decimals, char *buffer, size_t size);

#endif
