#include "base/quantity.h"

#include <assert.h>
#include <inttypes.h>

#include "base/number.h"

enum gb_status gb_add_checked(int64_t *sum, int64_t term, const char *what, struct gb_error *err)
{
    int64_t total;

    if (__builtin_add_overflow(*sum, term, &total))
        return gb_fail(err, GB_ERANGE, "the sum of %s exceeds 64 bits at %" PRId64 " + %" PRId64,
                       what, *sum, term);
    *sum = total;
    return GB_OK;
}

bool gb_parse_decimal(const char *text, int decimals, int64_t *out)
{
    bool negative = *text == '-';
    bool any_digit = false;
    int after_point = -1; /* digits read behind the point; -1 before it */
    int64_t value = 0;

    if (gb_number_has_leading_zero(text))
        return false;
    if (*text == '-' || *text == '+')
        text++;
    for (; *text; text++) {
        if (*text == '.' && after_point < 0) {
            after_point = 0;
            continue;
        }
        if (*text < '0' || *text > '9')
            return false;
        any_digit = true;
        if (after_point >= decimals) { /* zeros beyond the last decimal change nothing */
            if (*text != '0')
                return false;
            after_point++;
            continue;
        }
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, *text - '0', &value))
            return false;
        if (after_point >= 0)
            after_point++;
    }
    if (!any_digit)
        return false;
    if (decimals == 0 && after_point == 3 && value != 0) /* 1.000 may be a thousand */
        return false;
    for (int i = after_point < 0 ? 0 : after_point; i < decimals; i++)
        if (__builtin_mul_overflow(value, 10, &value))
            return false;
    *out = negative ? -value : value;
    return true;
}

char *gb_format_decimal(int64_t value, int decimals, char *buffer, size_t size)
{
    uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
    char digits[48]; /* from the last digit to the first */
    size_t n = 0;
    bool is_significant = false; /* behind the point: a non-zero digit has been seen */

    for (int place = 0; place < decimals; place++, magnitude /= 10) {
        is_significant = is_significant || magnitude % 10 != 0;
        if (is_significant)
            digits[n++] = (char)('0' + magnitude % 10);
    }
    if (is_significant)
        digits[n++] = '.';
    do {
        digits[n++] = (char)('0' + magnitude % 10);
        magnitude /= 10;
    } while (magnitude > 0);
    if (value < 0)
        digits[n++] = '-';
    assert(n < size);
    for (size_t i = 0; i < n; i++)
        buffer[i] = digits[n - 1 - i];
    buffer[n] = '\0';
    return buffer;
}
