#include "base/number.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DIGITS "0123456789"

enum { LONGEST = 64 }; /* longer texts are no slip of a number */

bool gb_number_has_leading_zero(const char *text)
{
    text += *text == '-' || *text == '+';
    return text[0] == '0' && text[1] >= '0' && text[1] <= '9';
}

/* ---- characters that look like others */

static const struct {
    const char *bytes, *plain;
} lookalikes[] = {
    {"\xc2\xa0", " "},     {"\xe2\x80\x89", " "}, {"\xe2\x80\xaf", " "}, /* blanks */
    {"\xe2\x88\x92", "-"}, {"\xe2\x80\x93", "-"}, {"\xef\xbc\x8d", "-"}, /* signs */
    {"\xef\xbc\x8b", "+"}, {"\xef\xbc\x8e", "."}, {"\xef\xbc\x8c", ","}, {"\xe2\x80\x99", "'"},
};
enum { N_LOOKALIKES = sizeof lookalikes / sizeof lookalikes[0] };

/* Length of the look-alike at `text`, its plain form in *plain; 0 where there is none. */
static size_t lookalike(const char *text, const char **plain)
{
    static const char *const digits[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    const unsigned char *bytes = (const unsigned char *)text;

    for (size_t i = 0; i < N_LOOKALIKES; i++)
        if (strncmp(text, lookalikes[i].bytes, strlen(lookalikes[i].bytes)) == 0) {
            *plain = lookalikes[i].plain;
            return strlen(lookalikes[i].bytes);
        }
    if (bytes[0] == 0xef && bytes[1] == 0xbc && bytes[2] >= 0x90 && bytes[2] <= 0x99) {
        *plain = digits[bytes[2] - 0x90]; /* of full width */
        return 3;
    }
    return 0;
}

const char *gb_number_skip_blanks(const char *text)
{
    const char *plain = " ";

    for (size_t length = 0;; text += length) {
        length = *text == ' ' ? 1 : lookalike(text, &plain);
        if (length == 0 || *plain != ' ')
            return text;
    }
}

/* Writes the text with plain characters. returns whether it had others and fits */
static bool make_plain(const char *text, char *plain, size_t size)
{
    size_t used = 0;
    bool had_others = false;

    while (*text && used + 1 < size) {
        const char *character = NULL;
        size_t length = lookalike(text, &character);

        plain[used++] = length ? *character : *text;
        had_others = had_others || length > 0;
        text += length ? length : 1;
    }
    plain[used] = '\0';
    return had_others && !*text;
}

/* ---- forms */

static bool is_plain_number(const char *text)
{
    text += *text == '-' || *text == '+';
    size_t whole = strspn(text, DIGITS);
    size_t fraction = text[whole] == '.' ? strspn(text + whole + 1, DIGITS) : 0;

    return whole + fraction > 0 && text[whole + (text[whole] == '.') + fraction] == '\0' &&
           !gb_number_has_leading_zero(text);
}

/* Takes every `mark` out. returns the rest, in `out` of LONGEST bytes */
static const char *without(const char *text, char mark, char *out)
{
    size_t n = 0;

    for (; *text && n + 1 < LONGEST; text++)
        if (*text != mark)
            out[n++] = *text;
    out[n] = '\0';
    return out;
}

static bool hint_word(const char *text, char *hint, size_t size)
{
    static const char *const truths[] = {"yes", "no", "true", "false", "on", "off", "y", "n", NULL};
    static const char *const others[] = {"nan",  ".nan", "inf", ".inf", "-inf", "-.inf", "infinity",
                                         "null", "~",    "na",  "n/a",  "none", NULL};

    for (size_t i = 0; truths[i]; i++)
        if (strcasecmp(text, truths[i]) == 0) {
            snprintf(hint, size, "a truth value to some readers and a word to others, no number");
            return true;
        }
    for (size_t i = 0; others[i]; i++)
        if (strcasecmp(text, others[i]) == 0) {
            snprintf(hint, size, "no finite number");
            return true;
        }
    return false;
}

/* 010, 007, 00.5 */
static bool hint_leading_zero(const char *text, char *hint, size_t size)
{
    bool is_negative = *text == '-';
    const char *sign = is_negative ? "-" : "", *digits = text + (is_negative || *text == '+');
    size_t n = strspn(digits, DIGITS);
    const char *decimal = digits;

    if (!gb_number_has_leading_zero(text) || n > 18)
        return false;
    while (decimal[0] == '0' && decimal[1] >= '0' && decimal[1] <= '9')
        decimal++;
    if (digits[n] != '\0' && !is_plain_number(decimal))
        return false;
    if (digits[n] != '\0' || strspn(digits, "01234567") < n) {
        snprintf(hint, size, "zeros in front mark an octal number to some readers: write %s%s",
                 sign, decimal);
        return true;
    }
    int64_t octal = strtoll(digits, NULL, 8);
    if (octal == strtoll(digits, NULL, 10))
        snprintf(hint, size, "zeros in front mark an octal number to some readers: write %s%s",
                 sign, decimal);
    else
        snprintf(hint, size,
                 "%s%s to some readers and %s%" PRId64 ", in octal, to others: write "
                 "%s%s or %s%" PRId64,
                 sign, decimal, sign, octal, sign, decimal, sign, octal);
    return true;
}

/* 0x1f, 0o17, 0b11 */
static bool hint_base(const char *text, char *hint, size_t size)
{
    const char *digits = text + (*text == '-' || *text == '+');
    int base = digits[0] != '0'          ? 0
               : strchr("xX", digits[1]) ? 16
               : strchr("oO", digits[1]) ? 8
               : strchr("bB", digits[1]) ? 2
                                         : 0;
    char *end;

    if (base == 0 || digits[1] == '\0' || strlen(digits) > 17 || strchr("+- ", digits[2]))
        return false;
    int64_t value = strtoll(digits + 2, &end, base);
    if (*end != '\0')
        return false;
    snprintf(hint, size, "%s%" PRId64 " in base %d: write it in decimal", *text == '-' ? "-" : "",
             value, base);
    return true;
}

/* 12:30 and 1:30:00, which YAML 1.1 counts in sixties */
static bool hint_sixties(const char *text, char *hint, size_t size)
{
    const char *at = text;
    int64_t value = 0;
    size_t n_parts = 0;

    for (;; at++) {
        size_t n = strspn(at, DIGITS);
        if (n == 0 || n > 9 || (n_parts > 0 && n != 2) || n_parts == 3)
            return false;
        value = 60 * value + strtoll(at, NULL, 10);
        n_parts++;
        at += n;
        if (*at != ':')
            break;
    }
    if (*at != '\0' || n_parts < 2)
        return false;
    snprintf(hint, size,
             "%" PRId64 " to readers that count in sixties and a time of day to others: "
             "write one number",
             value);
    return true;
}

/* 1_000, 1'000, 1 000, 1.000.000: marks of thousands */
static bool hint_marks(const char *text, char *hint, size_t size)
{
    char plain[LONGEST];

    for (const char *mark = "_' "; *mark; mark++)
        if (text[0] != *mark && strchr(text, *mark) &&
            is_plain_number(without(text, *mark, plain)) && text[strlen(text) - 1] != *mark) {
            snprintf(hint, size, "%s to some readers and no number to others: write %s", plain,
                     plain);
            return true;
        }
    const char *point = strchr(text, '.');
    if (!point || !strchr(point + 1, '.') || !is_plain_number(without(text, '.', plain)))
        return false;
    snprintf(hint, size, "with points as marks of thousands? write %s", plain);
    return true;
}

/* 1.000, where a whole number is wanted */
static bool hint_point(const char *text, char *hint, size_t size)
{
    const char *point = strchr(text, '.');
    char whole[LONGEST];

    if (!is_plain_number(text) || !point || point == text || point - text > 3 || text[0] < '1' ||
        strlen(point) != 4)
        return false;
    snprintf(hint, size,
             "%s with a mark of thousands and %s with a decimal point: write one of them",
             without(text, '.', whole), text);
    return true;
}

/* 0,59 and 1.000,50: a decimal comma; 1,000: one, or a mark of thousands; 1,000.50: that alone */
static bool hint_comma(const char *text, char *hint, size_t size)
{
    const char *comma = strrchr(text, ','), *point = strrchr(text, '.');
    char whole[LONGEST], decimal[LONGEST];

    if (!comma)
        return false;
    without(text, ',', whole);
    without(text, '.', decimal);
    bool has_one = strchr(text, ',') == comma;
    *strchr(decimal, ',') = '.';
    bool may_be_decimal = has_one && (!point || point < comma) && is_plain_number(decimal);
    bool may_be_whole = (!point || point > comma) && is_plain_number(whole) && comma > text &&
                        (point ? (size_t)(point - comma) : strlen(comma)) == 4;
    if (may_be_decimal && may_be_whole)
        snprintf(hint, size,
                 "%s with a mark of thousands and %s with a decimal comma: write one of "
                 "them",
                 whole, decimal);
    else if (may_be_decimal || may_be_whole)
        snprintf(hint, size, "%s: write %s",
                 may_be_decimal ? "a decimal comma" : "a mark of thousands",
                 may_be_decimal ? decimal : whole);
    return may_be_decimal || may_be_whole;
}

/* 1e3 where exact decimals are read */
static bool hint_exponent(const char *text, char *hint, size_t size)
{
    size_t n = strcspn(text, "eE");
    char mantissa[LONGEST];

    if (text[n] == '\0')
        return false;
    memcpy(mantissa, text, n);
    mantissa[n] = '\0';
    const char *exponent = text + n + 1;
    exponent += *exponent == '-' || *exponent == '+';
    if (!is_plain_number(mantissa) || !*exponent || exponent[strspn(exponent, DIGITS)])
        return false;
    snprintf(hint, size, "write it without an exponent");
    return true;
}

static bool hint_plain(const char *text, char *hint, size_t size)
{
    return hint_word(text, hint, size) || hint_leading_zero(text, hint, size) ||
           hint_base(text, hint, size) || hint_sixties(text, hint, size) ||
           hint_marks(text, hint, size) || hint_comma(text, hint, size) ||
           hint_point(text, hint, size) || hint_exponent(text, hint, size);
}

static bool hint_whole(const char *text, char *hint, size_t size)
{
    char plain[LONGEST];

    if (!make_plain(text, plain, sizeof plain))
        return hint_plain(text, hint, size);
    if (hint_plain(plain, hint, size))
        return true;
    if (!is_plain_number(plain))
        return false;
    snprintf(hint, size, "in other characters than 0 to 9: write %s", plain);
    return true;
}

/* The number of a quantity in several words, or with its unit right behind it: `constant 010ms`. */
static bool hint_word_by_word(const char *text, char *hint, size_t size)
{
    char word[LONGEST];

    for (const char *at = gb_number_skip_blanks(text); *at; at = gb_number_skip_blanks(at)) {
        size_t n = 0;
        while (at[n] && gb_number_skip_blanks(at + n) == at + n)
            n++;
        memcpy(word, at, n);
        at += n;
        while (n > 0 && ((word[n - 1] | 0x20) >= 'a' && (word[n - 1] | 0x20) <= 'z'))
            n--;
        word[n] = '\0';
        if (strpbrk(word, DIGITS "\xef") && hint_whole(word, hint, size))
            return true;
    }
    return false;
}

bool gb_number_hint(const char *text, char *hint, size_t size)
{
    hint[0] = '\0';
    return strlen(text) < LONGEST &&
           (hint_whole(text, hint, size) || hint_word_by_word(text, hint, size));
}

void gb_number_format(double value, char *buffer, size_t size)
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(buffer, size, "%.*g", digits, value);
        if (strtod(buffer, NULL) == value)
            return;
    }
}

/* ---- numbers alone */

bool gb_number_parse_integer(const char *text, int64_t *out)
{
    const char *digits = text + (*text == '-' || *text == '+');

    if (*digits == '\0' || digits[strspn(digits, "0123456789")] != '\0' ||
        gb_number_has_leading_zero(text))
        return false;
    errno = 0;
    int64_t value = strtoll(text, NULL, 10);
    if (errno == ERANGE)
        return false;
    *out = value;
    return true;
}

/* strtod alone would take "nan", "inf", "0x1p3" and leading blanks. */
bool gb_number_parse(const char *text, double *out)
{
    const char *p = text + (*text == '-' || *text == '+');
    size_t whole = strspn(p, "0123456789"), fraction = 0;

    p += whole;
    if (*p == '.') {
        fraction = strspn(++p, "0123456789");
        p += fraction;
    }
    if (whole + fraction == 0 || gb_number_has_leading_zero(text))
        return false;
    if (*p == 'e' || *p == 'E') {
        p++;
        p += *p == '-' || *p == '+';
        size_t exponent = strspn(p, "0123456789");
        if (exponent == 0)
            return false;
        p += exponent;
    }
    if (*p != '\0')
        return false;
    double value = strtod(text, NULL);
    if (!isfinite(value))
        return false;
    *out = value;
    return true;
}
