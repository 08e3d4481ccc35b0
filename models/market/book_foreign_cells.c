/* Cells of other people's files: their numbers and words. */
#include "models/market/book_foreign_priv.h"

#include <string.h>
#include <strings.h>

#include "base/integer.h"
#include "base/number.h"
#include "base/quantity.h"

#define MOST_DIGITS 18 /* of a mantissa in 64 bits */

/* ---- numbers */

/* Reads an exponent, or the end of the text, and adds it to *exponent. */
static bool read_exponent(const char *text, int *exponent)
{
    int value = 0, sign = 1, n = 0;

    if (*text == '\0')
        return true;
    if (*text != 'e' && *text != 'E')
        return false;
    text++;
    if (*text == '-' || *text == '+')
        sign = *text++ == '-' ? -1 : 1;
    for (; *text >= '0' && *text <= '9' && n < 3; n++)
        value = 10 * value + *text++ - '0';
    *exponent += sign * value;
    return n > 0 && *text == '\0';
}

bool gb_foreign_decimal(const char *text, char decimal_mark, struct gb_book_decimal *out)
{
    struct gb_book_decimal value = {0, 0};
    bool is_negative = *text == '-', has_mark = false, has_digit = false;
    int n_digits = 0;

    if (gb_number_has_leading_zero(text)) /* to some it is octal */
        return false;
    text += *text == '-' || *text == '+';
    for (; (*text >= '0' && *text <= '9') || (*text == decimal_mark && !has_mark); text++) {
        if (*text == decimal_mark) {
            has_mark = true;
            continue;
        }
        has_digit = true;
        n_digits += value.mantissa > 0 || *text != '0';
        value.exponent -= has_mark;
        value.mantissa = n_digits <= MOST_DIGITS ? 10 * value.mantissa + *text - '0' : 0;
    }
    if (!has_digit || n_digits > MOST_DIGITS || !read_exponent(text, &value.exponent))
        return false;
    value.mantissa = is_negative ? -value.mantissa : value.mantissa;
    *out = value;
    return true;
}

static __int128 ten_to(int exponent)
{
    __int128 power = 1;

    while (exponent-- > 0)
        power *= 10;
    return power;
}

static __int128 divide(__int128 numerator, __int128 positive, bool *is_exact)
{
    *is_exact = numerator % positive == 0;
    return gb_divide_wide_half_even(numerator, positive);
}

/* value x 10^exponent / divisor, rounded; false where 64 bits do not hold it. */
static bool shift(int64_t value, int exponent, int64_t divisor, int64_t *out, bool *is_exact)
{
    __int128 quotient = 0;

    if (value == 0) {
        exponent = 0;
    } else if (exponent > MOST_DIGITS) {
        return false;
    }
    if (exponent < -MOST_DIGITS) /* less than half of anything */
        *is_exact = false;
    else if (exponent < 0)
        quotient = divide(value, divisor * ten_to(-exponent), is_exact);
    else
        quotient = divide(value * ten_to(exponent), divisor, is_exact);
    *out = (int64_t)quotient;
    return quotient >= INT64_MIN && quotient <= INT64_MAX;
}

/* Powers of ten from the file's measure to kWh, or to a price for one. */
static int exponent_of(enum gb_book_unit unit, enum gb_book_measure measure)
{
    int of_energy = unit == GB_BOOK_UNIT_MWH ? 3 : unit == GB_BOOK_UNIT_WH ? -3 : 0;

    return measure == GB_BOOK_OF_ENERGY ? of_energy : measure == GB_BOOK_OF_PRICE ? -of_energy : 0;
}

bool gb_foreign_scale(const struct gb_book_foreign *foreign, struct gb_book_decimal value,
                      enum gb_book_measure measure, int decimals, int64_t *out, bool *is_rounded)
{
    int exponent = exponent_of(foreign->unit, measure) + decimals;
    bool may_round = foreign->rounds && measure != GB_BOOK_OF_NEITHER;
    bool is_exact = true;

    if (may_round && measure == GB_BOOK_OF_PRICE) {
        int64_t steps;
        bool is_whole;

        if (!shift(value.mantissa, value.exponent - foreign->step.exponent, foreign->step.mantissa,
                   &steps, &is_exact) ||
            __builtin_mul_overflow(steps, foreign->step.mantissa, &steps) ||
            !shift(steps, foreign->step.exponent + exponent, 1, out, &is_whole))
            return false;
        *is_rounded = !is_exact;
        return true;
    }
    if (!shift(value.mantissa, value.exponent + exponent, 1, out, &is_exact))
        return false;
    *is_rounded = !is_exact;
    return is_exact || may_round;
}

/* ---- words */

static const struct {
    const char *column, *ours, *theirs;
} words[] = {
    {"side", "buy", "buy bid b purchase demand"},
    {"side", "sell", "sell ask offer s sale supply"},
    {"action", "add", "add new insert submit"},
    {"action", "cancel", "cancel delete withdraw"},
    {"action", "amend", "amend modify replace update"},
    {"type", "limit", "limit lmt"},
    {"type", "market", "market mkt"},
    {"type", "ioc", "ioc"},
    {"source", "any", "any"},
    {"source", "solar", "solar pv"},
    {"source", "wind", "wind"},
    {"source", "storage", "storage battery"},
    {"source", "grid", "grid"},
};

/* Is it one of some words, whatever its case? */
static bool is_among(const char *list, const char *word)
{
    size_t length = strlen(word);

    while (*list) {
        size_t n = strcspn(list, " ");

        if (n == length && strncasecmp(list, word, n) == 0)
            return true;
        list += n + (list[n] == ' ');
    }
    return false;
}

const char *gb_foreign_word(const char *column, const char *word)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].column, column) == 0 && is_among(words[i].theirs, word))
            return words[i].ours;
    return word;
}

/* ---- the line of the header */

static const char *line_after(const char *text)
{
    text += strcspn(text, "\r\n");
    return text + strspn(text, "\r\n");
}

char gb_foreign_separator(const char *text)
{
    bool is_quoted = false;

    while (*text == '#') /* comments */
        text = line_after(text);
    for (; *text && (is_quoted || (*text != '\n' && *text != '\r')); text++) {
        if (*text == '"')
            is_quoted = !is_quoted;
        else if (!is_quoted && (*text == ';' || *text == '\t'))
            return *text;
    }
    return ',';
}
