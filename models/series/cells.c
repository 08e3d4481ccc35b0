#include "models/series/cells.h"

#include <string.h>
#include <strings.h>

/* ---- lines and cells */

bool gb_lines_take(struct gb_lines *lines, struct gb_span *line)
{
    if (lines->next >= lines->end)
        return false;
    size_t left = (size_t)(lines->end - lines->next);
    const char *end = memchr(lines->next, '\n', left);

    line->at = lines->next;
    line->n = end ? (size_t)(end - lines->next) : left;
    lines->next += line->n + (end != NULL);
    while (line->n > 0 && line->at[line->n - 1] == '\r')
        line->n--;
    lines->number++;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static struct gb_span trimmed(const char *at, const char *end)
{
    while (at < end && is_blank(*at))
        at++;
    while (end > at && is_blank(end[-1]))
        end--;
    if (at == end || end[-1] != '"')
        return (struct gb_span){at, (size_t)(end - at)};
    if (end - at >= 3 && at[0] == '=' && at[1] == '"')
        at++;
    if (end - at >= 2 && at[0] == '"') {
        at++;
        end--;
    }
    return (struct gb_span){at, (size_t)(end - at)};
}

static size_t cut_blanks(struct gb_span line, struct gb_span *cells, size_t most)
{
    const char *at = line.at, *end = line.at + line.n;
    size_t n = 0;

    for (;; n++) {
        while (at < end && is_blank(*at))
            at++;
        if (at == end)
            return n;
        const char *from = at;
        while (at < end && !is_blank(*at))
            at++;
        if (n < most)
            cells[n] = (struct gb_span){from, (size_t)(at - from)};
    }
}

/* The quote that the cell at `at` begins with, or NULL. */
static const char *opening_quote(const char *at, const char *end, char separator)
{
    while (at < end && *at <= '=' && (is_blank(*at) || *at == '=') && *at != separator)
        at++;
    return at < end && *at == '"' ? at : NULL;
}

/* The quote that closes another: the first one that is not written twice; NULL: none does. */
static const char *closing_quote(const char *opening, const char *end)
{
    const char *quote = memchr(opening + 1, '"', (size_t)(end - opening) - 1);

    while (quote && quote + 1 < end && quote[1] == '"')
        quote = memchr(quote + 2, '"', (size_t)(end - quote) - 2);
    return quote;
}

/* Where the cell that begins at `at` ends: at the separator outside of quotes. */
static const char *cell_end(const char *at, const char *end, char separator)
{
    const char *opening = opening_quote(at, end, separator);
    const char *closing = opening ? closing_quote(opening, end) : NULL;

    at = closing ? closing : at;
    while (at < end && *at != separator)
        at++;
    return at;
}

/* The first that is neither a blank nor the separator behind a quote that closes a cell, or NULL.
 */
static const char *stray_behind(const char *closing, const char *end, char separator)
{
    const char *at = closing + 1;

    while (at < end && is_blank(*at) && *at != separator)
        at++;
    return at < end && *at != separator ? at : NULL;
}

const char *gb_cells_bad_quote(struct gb_span line, char separator, const char **why)
{
    const char *at = line.at, *end = line.at + line.n;

    for (;; at++) {
        const char *opening = opening_quote(at, end, separator);
        const char *closing = opening ? closing_quote(opening, end) : NULL;
        const char *stray = closing ? stray_behind(closing, end, separator) : NULL;

        *why = opening && !closing
                   ? "a quote opens here and never closes in this line; a quote inside of quotes "
                     "is written twice, and no cell has two lines"
                   : "text stands here behind the quote that closes its cell; a quote inside of "
                     "quotes is written twice";
        if (opening && !closing)
            return opening;
        at = cell_end(at, end, separator);
        if (stray || at == end)
            return stray;
    }
}
enum gb_status gb_cells_check_quotes(struct gb_lines lines, char separator, const char *file,
                                     struct gb_error *err)
{
    size_t left = (size_t)(lines.end - lines.next);
    struct gb_span line;

    if (separator == GB_BLANKS || left == 0 || !memchr(lines.next, '"', left))
        return GB_OK;
    while (gb_lines_take(&lines, &line)) {
        const char *why = NULL, *at = NULL;

        if (line.n > 0 && *line.at != '#')
            at = gb_cells_bad_quote(line, separator, &why);
        if (at)
            return gb_fail(err, GB_EINPUT, "'%s':%u: byte %zu: %s", file, lines.number,
                           (size_t)(at - line.at) + 1, why);
    }
    return GB_OK;
}

size_t gb_cell_text(struct gb_span line, struct gb_span cell, char *out, size_t size)
{
    bool is_quoted = cell.at > line.at && cell.at[-1] == '"';
    size_t n = 0;

    for (size_t i = 0; i < cell.n && n < size; i++) {
        out[n++] = cell.at[i];
        i += is_quoted && cell.at[i] == '"' && i + 1 < cell.n && cell.at[i + 1] == '"';
    }
    return n;
}

/* A letter or a digit: neither a blank nor the beginning of anything quoted. */
static bool begins_bare(char c)
{
    return (unsigned char)(c - '0') < 10 || (unsigned char)((c | 0x20) - 'a') < 26;
}

/* Cuts a cell off; most begin with a digit or a letter and have nothing around them.
 * returns where it ends */
static const char *cut_cell(const char *at, const char *end, char separator, struct gb_span *cell)
{
    const char *stop = at;

    if (at == end || !begins_bare(*at)) {
        stop = cell_end(at, end, separator);
        *cell = trimmed(at, stop);
        return stop;
    }
    while (stop < end && *stop != separator)
        stop++;
    *cell = (struct gb_span){at, (size_t)(stop - at)};
    if (stop > at && (is_blank(stop[-1]) || stop[-1] == '"'))
        *cell = trimmed(at, stop);
    return stop;
}

size_t gb_cells_cut(struct gb_span line, char separator, struct gb_span *cells, size_t most)
{
    const char *at = line.at, *end = line.at + line.n;
    struct gb_span beyond; /* what is counted alone */

    if (separator == GB_BLANKS)
        return cut_blanks(line, cells, most);
    for (size_t n = 0;; at++, n++) {
        at = cut_cell(at, end, separator, n < most ? &cells[n] : &beyond);
        if (at == end)
            return n + 1;
    }
}

bool gb_span_is(struct gb_span span, const char *text)
{
    return strlen(text) == span.n && strncasecmp(span.at, text, span.n) == 0;
}

bool gb_span_is_one_of(struct gb_span span, const char *const *texts)
{
    while (*texts && !gb_span_is(span, *texts))
        texts++;
    return *texts != NULL;
}

/* ---- numbers */

enum { DECIMALS = 9, MOST_DIGITS = 10 };

/* In the order of enum gb_sentinel; words before numbers. */
static const char *const sentinels[GB_N_SENTINELS] = {"",
                                                      "NA",
                                                      "NaN",
                                                      "N/A",
                                                      "null",
                                                      "none",
                                                      "-",
                                                      "?",
                                                      "-9999",
                                                      "-99999",
                                                      "the format's own numbers",
                                                      "-99, -999 and the like, of weather",
                                                      "said to be missing"};

static enum gb_cell word_or_missing(struct gb_span cell)
{
    for (size_t i = 0; i < GB_SENTINEL_9999; i++)
        if (gb_span_is(cell, sentinels[i]))
            return GB_CELL_MISSING;
    return GB_CELL_WORD;
}

enum gb_sentinel gb_cell_sentinel(struct gb_span cell)
{
    size_t n_nines = 0;

    for (size_t i = 0; i < GB_SENTINEL_9999; i++)
        if (gb_span_is(cell, sentinels[i]))
            return (enum gb_sentinel)i;
    for (size_t i = 0; i < cell.n; i++)
        n_nines += cell.at[i] == '9';
    return n_nines > 4 ? GB_SENTINEL_99999 : GB_SENTINEL_9999;
}

const char *gb_sentinel_name(enum gb_sentinel sentinel)
{
    return sentinel == GB_SENTINEL_EMPTY ? "empty" : sentinels[sentinel];
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The digits behind the decimal sign as so many 1e-9. */
static const char *take_decimals(const char *at, const char *end, int64_t *nano)
{
    static const int64_t units[DECIMALS + 1] = {GB_NANO, 100000000, 10000000, 1000000, 100000,
                                                10000,   1000,      100,      10,      1};
    int64_t value = 0;
    int n = 0;

    for (; at < end && is_digit(*at) && n < DECIMALS; at++, n++)
        value = 10 * value + *at - '0';
    *nano = value * units[n];
    if (at < end && is_digit(*at) && *at >= '5')
        ++*nano;
    while (at < end && is_digit(*at))
        at++;
    return at;
}

/* Behind e or E. returns the end, NULL where the exponent is none or leads beyond 64 bits */
static const char *take_exponent(const char *at, const char *end, int64_t *nano)
{
    bool is_negative = at < end && *at == '-';
    int exponent = 0;

    at += at < end && (*at == '-' || *at == '+');
    if (at == end || !is_digit(*at))
        return NULL;
    for (; at < end && is_digit(*at) && exponent < 100; at++)
        exponent = 10 * exponent + *at - '0';
    for (; exponent > 0 && *nano != 0; exponent--)
        if (is_negative)
            *nano = exponent == 1 ? (*nano + 5) / 10 : *nano / 10;
        else if (__builtin_mul_overflow(*nano, 10, nano))
            return NULL;
    return at;
}

/* Whole digits, with marks of thousands between groups of three. */
static const char *take_whole(const char *at, const char *end, char mark, int64_t *whole, int *n)
{
    const char *first = at;

    for (; at < end && is_digit(*at) && at - first < MOST_DIGITS; at++) { /* most numbers whole */
        *n += *n > 0 || *at != '0';
        *whole = 10 * *whole + *at - '0';
    }
    for (; at < end; at++)
        if (is_digit(*at)) {
            *n += *n > 0 || *at != '0';
            *whole = *n <= MOST_DIGITS ? 10 * *whole + *at - '0' : *whole;
        } else if (*at != mark || at == first || end - at < 4 || !is_digit(at[1]) ||
                   !is_digit(at[2]) || !is_digit(at[3]) || (end - at > 4 && is_digit(at[4]))) {
            break;
        }
    return at;
}

enum { PLAIN_DIGITS = 9 }; /* before and behind the decimal sign: 64 bits hold them all */

bool gb_cell_plain_number(struct gb_span cell, char decimal, int64_t *nano)
{
    static const int64_t units[PLAIN_DIGITS + 1] = {GB_NANO, 100000000, 10000000, 1000000, 100000,
                                                    10000,   1000,      100,      10,      1};
    const char *at = cell.at, *end = cell.at + cell.n, *point;
    int64_t value = 0;

    for (; at < end && is_digit(*at) && at - cell.at < PLAIN_DIGITS; at++)
        value = 10 * value + *at - '0';
    point = at;
    if (at == cell.at || (at < end && *at != decimal))
        return false;
    at += at < end;
    for (const char *last = point + 1 + PLAIN_DIGITS; at < end && is_digit(*at) && at < last; at++)
        value = 10 * value + *at - '0';
    if (at != end)
        return false;
    *nano = value * units[at > point ? at - point - 1 : 0];
    return true;
}

enum gb_cell gb_cell_number(struct gb_span cell, char decimal, int64_t *nano)
{
    const char *at = cell.at, *end = cell.at + cell.n;
    bool is_negative = at < end && *at == '-';
    int64_t whole = 0, value = 0;
    int n = 0;

    at += at < end && (*at == '-' || *at == '+');
    const char *digits = at;
    at = take_whole(at, end, decimal == ',' ? '.' : ',', &whole, &n);
    bool has_digits = at > digits;
    if (at < end && *at == decimal) {
        const char *from = ++at;
        at = take_decimals(at, end, &value);
        has_digits = has_digits || at > from;
    }
    if (!has_digits)
        return word_or_missing(cell);
    if (n > MOST_DIGITS || whole > GB_NANO)
        return at == end ? GB_CELL_BEYOND : GB_CELL_WORD;
    value += whole * GB_NANO;
    if (at < end && (*at | 0x20) == 'e') {
        at = take_exponent(at + 1, end, &value);
        if (!at)
            return word_or_missing(cell);
    }
    if (at != end)
        return word_or_missing(cell);
    if (value > GB_NANO * GB_NANO)
        return GB_CELL_BEYOND;
    if (is_negative && (value == 9999 * GB_NANO || value == 99999 * GB_NANO))
        return GB_CELL_MISSING;
    *nano = is_negative ? -value : value;
    return GB_CELL_NUMBER;
}
