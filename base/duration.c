#include "base/duration.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/quantity.h"

/* A unit is factor x 10^decimals ns, so that a decimal number of it is read without rounding. */
static const struct unit {
    const char *name;
    int decimals;
    int64_t factor;
    int64_t ns;
} units[] = {
    /* from the largest to the smallest */
    {"d", 11, 864, GB_NS_PER_DAY},
    {"h", 11, 36, GB_NS_PER_HOUR},
    {"min", 10, 6, 60 * GB_NS_PER_SECOND},
    {"s", 9, 1, GB_NS_PER_SECOND},
    {"ms", 6, 1, GB_NS_PER_MS},
    {"us", 3, 1, 1000},
    {"ns", 0, 1, 1},
};
enum { N_UNITS = sizeof units / sizeof units[0] };

bool gb_duration_parse(const char *text, int64_t *out_ns)
{
    size_t length = strspn(text, "0123456789.");
    const char *name = gb_number_skip_blanks(text + length);
    char number[40];
    int64_t value;

    if (length >= sizeof number)
        return false;
    memcpy(number, text, length);
    number[length] = '\0';
    for (size_t i = 0; i < N_UNITS; i++)
        if (strcmp(name, units[i].name) == 0) {
            if (!gb_parse_decimal(number, units[i].decimals, &value) ||
                __builtin_mul_overflow(value, units[i].factor, &value))
                return false;
            *out_ns = value;
            return true;
        }
    return false;
}

char *gb_duration_format(int64_t ns, char *buffer, size_t size)
{
    const struct unit *unit = units;

    while (ns % unit->ns != 0) /* ends at 1 ns at the latest */
        unit++;
    if (ns == 0)
        unit = &units[3]; /* "0 s" */
    int length = snprintf(buffer, size, "%" PRId64 " %s", ns / unit->ns, unit->name);
    assert(length >= 0 && (size_t)length < size);
    (void)length;
    return buffer;
}
