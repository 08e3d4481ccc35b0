#include "experiments/sweep/sweep_range.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/duration.h"
#include "base/quantity.h"

enum { DECIMALS = 9, PIECE_SIZE = 64 };
#define ONE INT64_C(1000000000) /* in 1e-9 */

const char *gb_sweep_range_example(const struct gb_param *row)
{
    switch (row->kind) {
    case GB_PARAM_INTEGER:
    case GB_PARAM_ENERGY: return "10:50:10` or `10:1000:*10";
    case GB_PARAM_NUMBER:
    case GB_PARAM_MILLIONTHS:
    case GB_PARAM_PRICE:
    case GB_PARAM_MONEY: return "0.1:0.5:0.1` or `0.01:1:*10";
    case GB_PARAM_DURATION: return "5 min:30 min:5 min` or `1 s:100 s:*10";
    case GB_PARAM_DATE: return "2023-01-01:2023-01-29:7 d";
    case GB_PARAM_CALL: return "constant 20 ms:500 ms:80 ms` or `constant 1 ms:1 s:*10";
    default: return NULL;
    }
}

bool gb_sweep_is_range(const struct gb_param *row, const char *text)
{
    return gb_sweep_range_example(row) && strchr(text, ':');
}

/* ---- one value */

static bool parse_piece(enum gb_sweep_quantity quantity, const char *text, int64_t *out)
{
    switch (quantity) {
    case GB_SWEEP_DECIMAL: return gb_parse_decimal(text, DECIMALS, out);
    case GB_SWEEP_DURATION: return gb_duration_parse(text, out);
    case GB_SWEEP_DATE: break;
    }
    return gb_date_parse(text, out);
}

static char *format_piece(enum gb_sweep_quantity quantity, int64_t value, char *buffer, size_t size)
{
    switch (quantity) {
    case GB_SWEEP_DECIMAL: return gb_format_decimal(value, DECIMALS, buffer, size);
    case GB_SWEEP_DURATION: return gb_duration_format(value, buffer, size);
    case GB_SWEEP_DATE: break;
    }
    gb_date_format(value, buffer, size);
    return buffer;
}

/* ---- the text of a range */

/* Copies the text from `start` to `end` without the blanks about it. */
static bool take(const char *start, const char *end, char piece[PIECE_SIZE])
{
    while (start < end && *start == ' ')
        start++;
    while (end > start && end[-1] == ' ')
        end--;
    if (end == start || (size_t)(end - start) >= PIECE_SIZE)
        return false;
    memcpy(piece, start, (size_t)(end - start));
    piece[end - start] = '\0';
    return true;
}

/* Where the number, with its unit, begins that ends at `end`. */
static const char *start_of_last_number(const char *start, const char *end)
{
    while (end > start && end[-1] == ' ')
        end--;
    while (end > start && isalpha((unsigned char)end[-1]))
        end--;
    while (end > start && end[-1] == ' ')
        end--;
    while (end > start && (isdigit((unsigned char)end[-1]) || end[-1] == '.'))
        end--;
    return end;
}

/* Where the number, with its unit if `has_unit`, ends that begins at `start`. */
static const char *end_of_first_number(const char *start, bool has_unit)
{
    start += strspn(start, " *");
    start += strspn(start, "0123456789.");
    const char *unit = start + strspn(start, " ");
    return has_unit && isalpha((unsigned char)*unit)
               ? unit + strspn(unit, "abcdefghijklmnopqrstuvwxyz")
               : start;
}

static bool take_rest(const char *start, const char *end, char rest[64])
{
    if ((size_t)(end - start) >= 64)
        return false;
    memcpy(rest, start, (size_t)(end - start));
    rest[end - start] = '\0';
    return true;
}

/* A step is of the quantity itself, but a number of days between dates. */
static bool parse_step(struct gb_sweep_range *range, const char *text)
{
    range->is_geometric = text[0] == '*';
    if (range->is_geometric)
        return range->quantity != GB_SWEEP_DATE &&
               gb_parse_decimal(text + 1, DECIMALS, &range->step);
    if (range->quantity != GB_SWEEP_DATE)
        return parse_piece(range->quantity, text, &range->step);
    if (!gb_duration_parse(text, &range->step) || range->step % GB_NS_PER_DAY != 0)
        return false;
    range->step /= GB_NS_PER_DAY;
    return true;
}

/* The first argument of a delay that is written as a range is a duration, or the number of its
 * unit. */
static void choose_quantity(const struct gb_param *row, const char *first,
                            struct gb_sweep_range *range)
{
    int64_t ignored;

    range->quantity = row->kind == GB_PARAM_DATE ? GB_SWEEP_DATE : GB_SWEEP_DECIMAL;
    if (row->kind == GB_PARAM_DURATION ||
        (row->kind == GB_PARAM_CALL && gb_duration_parse(first, &ignored)))
        range->quantity = GB_SWEEP_DURATION;
}

static bool split(const struct gb_param *row, const char *text, struct gb_sweep_range *range)
{
    char first[PIECE_SIZE], last[PIECE_SIZE], step[PIECE_SIZE];
    const char *colon = strchr(text, ':'), *next = colon ? strchr(colon + 1, ':') : NULL;
    bool is_call = row->kind == GB_PARAM_CALL;

    if (!next || strchr(next + 1, ':'))
        return false;
    const char *start = is_call ? start_of_last_number(text, colon) : text;
    if (!take(start, colon, first) || !take(colon + 1, next, last))
        return false;
    choose_quantity(row, first, range);
    bool has_unit = range->quantity == GB_SWEEP_DURATION && next[1 + strspn(next + 1, " ")] != '*';
    const char *end = is_call ? end_of_first_number(next + 1, has_unit) : text + strlen(text);
    return take(next + 1, end, step) && take_rest(text, start, range->before) &&
           take_rest(end, text + strlen(text), range->behind) &&
           parse_piece(range->quantity, first, &range->first) &&
           parse_piece(range->quantity, last, &range->last) && parse_step(range, step);
}

/* ---- where it lands */

/* value x factor, where that is a whole number of units. */
static bool multiply(int64_t value, int64_t factor, int64_t *out)
{
    __int128 product = (__int128)value * factor;

    if (product % ONE != 0 || product / ONE > INT64_MAX)
        return false;
    *out = (int64_t)(product / ONE);
    return true;
}

/* Counts the values of a geometric range. `nearest`: the end next to its own that it lands on. */
static bool count_geometric(struct gb_sweep_range *range, int64_t *nearest)
{
    int64_t value = range->first, next = value;

    range->n = 1;
    while (value < range->last && multiply(value, range->step, &next) && next <= range->last) {
        value = next;
        range->n++;
    }
    *nearest = value;
    if (value < range->last && multiply(value, range->step, &next) &&
        next - range->last < range->last - value)
        *nearest = next;
    return value == range->last;
}

static bool count_arithmetic(struct gb_sweep_range *range, int64_t *nearest)
{
    int64_t span = range->last - range->first, over = span % range->step;

    range->n = span / range->step + 1;
    *nearest = range->last - over;
    if (over > range->step / 2)
        *nearest += range->step;
    return over == 0;
}

static bool ascends(const struct gb_sweep_range *range)
{
    int64_t span;

    if (range->last < range->first || __builtin_sub_overflow(range->last, range->first, &span))
        return false;
    if (range->is_geometric)
        return range->first > 0 && range->step > ONE;
    return range->step > 0 && span / range->step < GB_SWEEP_VALUES_MAX;
}

bool gb_sweep_range_parse(const struct gb_param *row, const char *text, struct gb_sweep_range *out,
                          char *why, size_t size)
{
    struct gb_sweep_range range = {0};
    int64_t nearest;
    char end[PIECE_SIZE];

    if (!split(row, text, &range)) {
        snprintf(why, size, "expected a range like `%s`, got '%.100s'", gb_sweep_range_example(row),
                 text);
        return false;
    }
    if (!ascends(&range)) {
        if (range.is_geometric)
            snprintf(why, size,
                     "expected a range first:last:*factor that begins above 0, with a factor "
                     "above 1, got '%.100s'",
                     text);
        else
            snprintf(why, size,
                     "expected a range first:last:step that ascends in at most %d steps, got "
                     "'%.100s'",
                     GB_SWEEP_VALUES_MAX, text);
        return false;
    }
    if (!(range.is_geometric ? count_geometric : count_arithmetic)(&range, &nearest)) {
        snprintf(why, size, "the range %.100s does not land on its end; %s would be one", text,
                 format_piece(range.quantity, nearest, end, sizeof end));
        return false;
    }
    *out = range;
    return true;
}

char *gb_sweep_range_value(const struct gb_sweep_range *range, int64_t i, char *buffer, size_t size)
{
    int64_t value = range->first;
    char piece[PIECE_SIZE];

    if (!range->is_geometric)
        value += i * range->step;
    for (int64_t k = 0; range->is_geometric && k < i; k++)
        multiply(value, range->step, &value);
    snprintf(buffer, size, "%s%s%s", range->before,
             format_piece(range->quantity, value, piece, sizeof piece), range->behind);
    return buffer;
}
