#include "base/param.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/delay.h"
#include "base/number.h"
#include "base/quantity.h"

/* ---- durations */

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

/* ---- plain numbers */

static bool parse_integer(const char *text, int64_t *out)
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
static bool parse_number(const char *text, double *out)
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

static bool parse_flag(const char *text, bool *out)
{
    bool is_yes = strcmp(text, "yes") == 0 || strcmp(text, "true") == 0;

    if (!is_yes && strcmp(text, "no") != 0 && strcmp(text, "false") != 0)
        return false;
    *out = is_yes;
    return true;
}

static bool parse_choice(const struct gb_param *row, const char *text, int32_t *out)
{
    for (int32_t i = 0; row->choices[i]; i++)
        if (strcmp(row->choices[i], text) == 0) {
            *out = i;
            return true;
        }
    return false;
}

/* The words of a row of numbers: see `choices` in the header. */
static bool has_words(const struct gb_param *row)
{
    return row->choices && row->kind < GB_PARAM_DELAY;
}

/* A text of one line: it must survive the way into a stored scenario and back. */
static bool parse_text(const char *text, char *out)
{
    size_t length = strlen(text);

    if (length >= GB_PARAM_TEXT_SIZE)
        return false;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return false;
    memset(out, 0, GB_PARAM_TEXT_SIZE); /* the same text is the same bytes */
    memcpy(out, text, length);
    return true;
}

/* ---- units */

enum { NUMBER_SIZE = 64 };

/* Does a plain number of this row stand in a unit of its own? */
static bool has_unit(const struct gb_param *row)
{
    return row->kind < GB_PARAM_DURATION && row->unit && strcmp(row->unit, "1") != 0;
}

/* Is `name` the row's unit, in its own spelling or in the sign for it? */
static bool is_unit_of(const struct gb_param *row, const char *name)
{
    static const struct {
        const char *unit, *sign;
    } signs[] = {{"percent", "%"},
                 {"degree", "\xc2\xb0"},
                 {"degC", "\xc2\xb0"
                          "C"},
                 {"degrees_north", "\xc2\xb0"},
                 {"degrees_east", "\xc2\xb0"}};

    if (!has_unit(row))
        return false;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strcmp(row->unit, signs[i].unit) == 0 && strcmp(name, signs[i].sign) == 0)
            return true;
    return strcmp(row->unit, name) == 0;
}

/* Parts "8 kW" into a number and what follows it. returns false where either is missing or the
 * number is too long for any */
static bool part_unit(const char *text, char number[NUMBER_SIZE], const char **unit)
{
    size_t length = strspn(text, "+-.0123456789");

    if (length > 0 && (text[length] == 'e' || text[length] == 'E') &&
        strspn(text + length + 1, "+-0123456789") > 0)
        length += 1 + strspn(text + length + 1, "+-0123456789");
    *unit = gb_number_skip_blanks(text + length);
    if (length == 0 || length >= NUMBER_SIZE ||
        !(isalpha((unsigned char)**unit) || **unit == '%' || (unsigned char)**unit >= 0x80))
        return false;
    memcpy(number, text, length);
    number[length] = '\0';
    return true;
}

/* ---- one value of any kind */

union value {
    int64_t integer;
    double number;
    int32_t choice;
    bool flag;
    struct gb_delay delay;
    const struct gb_member *member;
    char text[GB_PARAM_TEXT_SIZE];
};

static bool parse_word(const struct gb_param *row, const char *text, union value *out)
{
    int32_t word;

    if (!has_words(row) || !parse_choice(row, text, &word))
        return false;
    if (row->kind == GB_PARAM_NUMBER)
        out->number = -1 - word;
    else
        out->integer = -1 - (int64_t)word;
    return true;
}

/* Does the value lie where the words of a row live? */
static bool is_in_words(const struct gb_param *row, const union value *value)
{
    return has_words(row) &&
           (row->kind == GB_PARAM_NUMBER ? value->number < 0 : value->integer < 0);
}

static const char *word_at(const struct gb_param *row, const union value *value)
{
    int64_t stored = row->kind == GB_PARAM_NUMBER ? (int64_t)value->number : value->integer;

    return row->choices[-1 - stored];
}

static const struct kind {
    const char *expected, *form; /* what a user should write: `a price` ... `with ...` */
    size_t size;                 /* of the field */
    int decimals;                /* of a fixed-point kind; -1: another kind */
    double scale;                /* integers per unit of the range */
} kinds[] = {
    [GB_PARAM_INTEGER] = {"a whole number", "", sizeof(int64_t), -1, 1},
    [GB_PARAM_NUMBER] = {"a number", "", sizeof(double), -1, 1},
    [GB_PARAM_MILLIONTHS] = {"a number", " with at most 6 decimals", sizeof(int64_t), 6, 1e6},
    [GB_PARAM_PRICE] = {"a price", " with at most 6 decimals", sizeof(struct gb_price), 6, 1e6},
    [GB_PARAM_MONEY] = {"an amount", " with at most 9 decimals", sizeof(struct gb_money), 9, 1e9},
    [GB_PARAM_ENERGY] = {"a whole number of Wh", "", sizeof(struct gb_energy), 0, 1},
    [GB_PARAM_DURATION] = {"a duration", " with its unit (ns, us, ms, s, min, h, d)",
                           sizeof(int64_t), -1, 1e9},
    [GB_PARAM_DELAY] = {"a delay", "", sizeof(struct gb_delay), -1, 1},
    [GB_PARAM_CHOICE] = {"one of", "", sizeof(int32_t), -1, 1},
    [GB_PARAM_FLAG] = {"yes or no", "", sizeof(bool), -1, 1},
    [GB_PARAM_DATE] = {"a calendar date like 2023-06-01", "", sizeof(int64_t), -1, 1},
    [GB_PARAM_MEMBER] = {"one of", "", sizeof(const struct gb_member *), -1, 1},
    [GB_PARAM_TEXT] = {"a text of one line and at most 511 bytes", "", GB_PARAM_TEXT_SIZE, -1, 1},
};

/* A bound as an integer: compared as doubles, 2^53 + 1 would equal 2^53. */
static int64_t whole(double bound)
{
    return bound >= 0x1p63 ? INT64_MAX : bound <= -0x1p63 ? INT64_MIN : (int64_t)llrint(bound);
}

static bool is_in_range(const struct gb_param *row, const union value *value)
{
    if (is_in_words(row, value))
        return false;
    if ((row->minimum == 0 && row->maximum == 0) || row->kind >= GB_PARAM_DELAY)
        return true;
    if (row->kind == GB_PARAM_NUMBER)
        return value->number >= row->minimum && value->number <= row->maximum;
    double scale = kinds[row->kind].scale;
    return value->integer >= whole(row->minimum * scale) &&
           value->integer <= whole(row->maximum * scale);
}

static bool parse_value(const struct gb_param *row, const char *text, union value *out)
{
    switch (row->kind) {
    case GB_PARAM_INTEGER: return parse_integer(text, &out->integer);
    case GB_PARAM_NUMBER: return parse_number(text, &out->number);
    case GB_PARAM_MILLIONTHS:
    case GB_PARAM_PRICE:
    case GB_PARAM_MONEY:
    case GB_PARAM_ENERGY: return gb_parse_decimal(text, kinds[row->kind].decimals, &out->integer);
    case GB_PARAM_DURATION: return gb_duration_parse(text, &out->integer);
    case GB_PARAM_DELAY: break;  /* brings its own message: gb_param_parse_with */
    case GB_PARAM_MEMBER: break; /* asks the extensions: the same */
    case GB_PARAM_CHOICE: return parse_choice(row, text, &out->choice);
    case GB_PARAM_FLAG: return parse_flag(text, &out->flag);
    case GB_PARAM_DATE: return gb_date_parse(text, &out->integer);
    case GB_PARAM_TEXT: return parse_text(text, out->text);
    }
    assert(!"a kind of parameter without a parser");
    return false;
}

/* ---- messages */

static void append(char *why, size_t why_size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void append(char *why, size_t why_size, const char *format, ...)
{
    size_t used = strlen(why);
    va_list args;

    va_start(args, format);
    vsnprintf(why + used, why_size - used, format, args);
    va_end(args);
}

static void append_bound(const struct gb_param *row, double bound, char *why, size_t why_size)
{
    char text[32];

    if (row->kind == GB_PARAM_DURATION && fabs(bound) < 9e9)
        gb_duration_format((int64_t)llrint(bound * 1e9), text, sizeof text);
    else
        gb_number_format(bound, text, sizeof text);
    append(why, why_size, "%s", text);
}

static void append_range(const struct gb_param *row, char *why, size_t why_size)
{
    bool has_minimum = isfinite(row->minimum), has_maximum = isfinite(row->maximum);

    if ((row->minimum == 0 && row->maximum == 0) || row->kind >= GB_PARAM_DELAY)
        return;
    if (has_minimum) {
        append(why, why_size, has_maximum ? " from " : " of at least ");
        append_bound(row, row->minimum, why, why_size);
    }
    if (has_maximum) {
        append(why, why_size, has_minimum ? " to " : " of at most ");
        append_bound(row, row->maximum, why, why_size);
    }
}

/* Choice i of a row of choices or members; NULL behind the last. */
static const char *choice_of(const struct gb_extensions *extensions, const struct gb_param *row,
                             size_t i)
{
    if (row->kind == GB_PARAM_CHOICE)
        return row->choices[i];
    const struct gb_member *member = gb_family_member(row->family, extensions, i);
    return member ? member->name : NULL;
}

static void append_choices(const struct gb_extensions *extensions, const struct gb_param *row,
                           const char *text, char *why, size_t why_size)
{
    const char *choice, *nearest = NULL;
    size_t distance = 3; /* further away is no misspelling */

    for (size_t i = 0; (choice = choice_of(extensions, row, i)); i++) {
        append(why, why_size, "%s %s", i > 0 ? "," : "", choice);
        size_t d = gb_edit_distance(text, choice);
        if (d < distance) {
            distance = d;
            nearest = choice;
        }
    }
    append(why, why_size, "; got '%s'", text);
    if (nearest)
        append(why, why_size, " (did you mean '%s'?)", nearest);
}

static void explain(const struct gb_extensions *extensions, const struct gb_param *row,
                    const char *text, char *why, size_t why_size)
{
    snprintf(why, why_size, "expected %s", kinds[row->kind].expected);
    if (row->kind == GB_PARAM_CHOICE || row->kind == GB_PARAM_MEMBER) {
        append_choices(extensions, row, text, why, why_size);
        return;
    }
    const char *unit;
    char number[NUMBER_SIZE], hint[160];
    double value;
    bool has_hint = gb_number_hint(text, hint, sizeof hint);
    bool has_other_unit = !has_hint && row->kind < GB_PARAM_DURATION &&
                          part_unit(text, number, &unit) && parse_number(number, &value) &&
                          !is_unit_of(row, unit);
    if (row->kind == GB_PARAM_INTEGER && row->minimum == row->maximum && row->minimum != 0)
        snprintf(why, why_size, "expected the number %.0f", row->minimum);
    else
        append_range(row, why, why_size);
    append(why, why_size, "%s", kinds[row->kind].form);
    for (size_t i = 0; has_words(row) && row->choices[i]; i++)
        append(why, why_size, "%s %s", i > 0 ? "," : " or", row->choices[i]);
    if (has_other_unit && has_unit(row) && row->kind != GB_PARAM_ENERGY)
        append(why, why_size, ", in %s", row->unit);
    append(why, why_size, ", got '%.100s'", text);
    if (has_other_unit && strcmp(unit, "%") == 0 && row->kind != GB_PARAM_INTEGER &&
        !has_unit(row)) {
        gb_number_format(value / 100, number, sizeof number);
        append(why, why_size, ": a share of 1, not of 100: write %s", number);
    } else if (has_other_unit && !has_unit(row)) {
        append(why, why_size, ": it has no unit");
    } else if (has_hint) {
        append(why, why_size, ": %s", hint);
    }
}

/* ---- the interface */

static bool parse_plain(const struct gb_param *row, const char *text, union value *out)
{
    char number[NUMBER_SIZE];
    const char *unit;
    bool has_its_unit =
        row->kind < GB_PARAM_DURATION && part_unit(text, number, &unit) && is_unit_of(row, unit);

    return parse_word(row, text, out) ||
           (parse_value(row, has_its_unit ? number : text, out) && is_in_range(row, out));
}

bool gb_param_parse_with(const struct gb_extensions *extensions, const struct gb_param *row,
                         const char *text, void *base, char *why, size_t why_size)
{
    union value value;
    bool is_good;

    if (row->kind == GB_PARAM_DELAY) {
        if (!gb_delay_parse(text, extensions, &value.delay, why, why_size))
            return false;
        is_good = true;
    } else if (row->kind == GB_PARAM_MEMBER) {
        value.member = gb_family_find(row->family, extensions, text);
        is_good = value.member != NULL;
    } else {
        is_good = parse_plain(row, text, &value);
    }
    if (!is_good) {
        explain(extensions, row, text, why, why_size);
        return false;
    }
    memcpy((char *)base + row->offset, &value, kinds[row->kind].size);
    return true;
}

bool gb_param_parse(const struct gb_param *row, const char *text, void *base, char *why,
                    size_t why_size)
{
    return gb_param_parse_with(NULL, row, text, base, why, why_size);
}

char *gb_param_format(const struct gb_param *row, const void *base, char *buffer, size_t size)
{
    union value value;

    memcpy(&value, (const char *)base + row->offset, kinds[row->kind].size);
    if (is_in_words(row, &value)) {
        snprintf(buffer, size, "%s", word_at(row, &value));
        return buffer;
    }
    switch (row->kind) {
    case GB_PARAM_INTEGER: snprintf(buffer, size, "%" PRId64, value.integer); break;
    case GB_PARAM_NUMBER: gb_number_format(value.number, buffer, size); break;
    case GB_PARAM_MILLIONTHS:
    case GB_PARAM_PRICE:
    case GB_PARAM_MONEY:
    case GB_PARAM_ENERGY:
        gb_format_decimal(value.integer, kinds[row->kind].decimals, buffer, size);
        break;
    case GB_PARAM_DURATION: gb_duration_format(value.integer, buffer, size); break;
    case GB_PARAM_DELAY: gb_delay_format(&value.delay, buffer, size); break;
    case GB_PARAM_CHOICE: snprintf(buffer, size, "%s", row->choices[value.choice]); break;
    case GB_PARAM_FLAG: snprintf(buffer, size, "%s", value.flag ? "yes" : "no"); break;
    case GB_PARAM_MEMBER: snprintf(buffer, size, "%s", value.member->name); break;
    case GB_PARAM_DATE: gb_date_format(value.integer, buffer, size); break;
    case GB_PARAM_TEXT: snprintf(buffer, size, "%s", value.text); break;
    }
    return buffer;
}

void gb_param_defaults(const struct gb_param *table, void *base)
{
    char why[512];

    for (const struct gb_param *row = table; row && row->key; row++) {
        bool is_good = gb_param_parse(row, row->default_text, base, why, sizeof why);
        assert(is_good && "a default of a parameter table does not parse");
        (void)is_good;
    }
}

const struct gb_param *gb_param_find(const struct gb_param *table, const char *key)
{
    for (const struct gb_param *row = table; row && row->key; row++)
        if (strcmp(row->key, key) == 0)
            return row;
    return NULL;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: insert, delete, replace, swap of two neighbours.
 * source  G. Navarro, ACM Computing Surveys 33 (2001) 31-88, section 3 */
size_t gb_edit_distance(const char *a, const char *b)
{
    enum { LONGEST = 63 };
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2];
    size_t n_a = strlen(a), n_b = strlen(b);

    if (n_a > LONGEST || n_b > LONGEST) /* not a word: as far away as could be */
        return n_a > n_b ? n_a : n_b;
    for (size_t j = 0; j <= n_b; j++)
        last[j] = j;
    for (size_t i = 1; i <= n_a; i++) {
        now[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            size_t replaced = last[j - 1] + (a[i - 1] != b[j - 1]);
            now[j] = smaller(smaller(last[j], now[j - 1]) + 1, replaced);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = smaller(now[j], before[j - 2] + 1);
        }
        size_t *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[n_b];
}
