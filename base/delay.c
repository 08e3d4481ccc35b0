#include "base/delay.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/param.h"
#include "base/random.h"

/* Durations up to here are whole numbers in a double (104 days); draws end at MAX_DRAW_NS. */
#define MAX_PARAMETER_NS INT64_C(0x20000000000000)
#define MAX_DRAW_NS 0x1p62

enum second { SECOND_NONE, SECOND_DURATION, SECOND_NUMBER };

struct family {
    const char *name, *form;
    enum second second;                               /* what stands behind the first duration */
    double (*at)(double a, double b, double uniform); /* inverse CDF, ns */
};

static double constant_at(double a, double b, double uniform)
{
    (void)b, (void)uniform;
    return a;
}

static double normal_at(double mean, double deviation, double uniform)
{
    return mean + deviation * gb_normal_from(uniform);
}

static double exponential_at(double mean, double b, double uniform)
{
    (void)b;
    return -mean * log(1.0 - uniform); /* 1 - u is exact: our uniforms are multiples of 2^-53 */
}

static double uniform_at(double low, double high, double uniform)
{
    return low + (high - low) * uniform;
}

/* The mean of a lognormal is exp(mu + sigma^2 / 2), so mu = ln(mean) - sigma^2 / 2. */
static double lognormal_at(double mean, double sigma, double uniform)
{
    return mean * exp(sigma * gb_normal_from(uniform) - sigma * sigma / 2);
}

static const struct family families[] = {
    [GB_DELAY_CONSTANT] = {"constant", "constant 100 ms", SECOND_NONE, constant_at},
    [GB_DELAY_NORMAL] = {"normal", "normal 100 ms 20 ms", SECOND_DURATION, normal_at},
    [GB_DELAY_EXPONENTIAL] = {"exponential", "exponential 100 ms", SECOND_NONE, exponential_at},
    [GB_DELAY_UNIFORM] = {"uniform", "uniform 0 ms 200 ms", SECOND_DURATION, uniform_at},
    [GB_DELAY_LOGNORMAL] = {"lognormal", "lognormal 100 ms 0.5", SECOND_NUMBER, lognormal_at},
};
enum { N_FAMILIES = sizeof families / sizeof families[0], WORD_SIZE = 32 };

/* Moves the next blank-separated word from *cursor into `word`; false at the end or if too long. */
static bool take_word(const char **cursor, char word[WORD_SIZE])
{
    const char *start = *cursor + strspn(*cursor, " \t");
    size_t length = strcspn(start, " \t");

    if (length == 0 || length >= WORD_SIZE)
        return false;
    memcpy(word, start, length);
    word[length] = '\0';
    *cursor = start + length;
    return true;
}

/* `100 ms` are two words, `100ms` is one. */
static bool take_duration(const char **cursor, double *out_ns)
{
    char number[WORD_SIZE], unit[WORD_SIZE], both[2 * WORD_SIZE];
    int64_t ns;

    if (!take_word(cursor, number))
        return false;
    if (!gb_duration_parse(number, &ns)) {
        if (!take_word(cursor, unit))
            return false;
        snprintf(both, sizeof both, "%s %s", number, unit);
        if (!gb_duration_parse(both, &ns))
            return false;
    }
    if (ns > MAX_PARAMETER_NS)
        return false;
    *out_ns = (double)ns;
    return true;
}

static bool take_sigma(const char **cursor, double *out)
{
    static const struct gb_param row = {.key = "sigma", .kind = GB_PARAM_NUMBER, .maximum = 100};
    char word[WORD_SIZE], why[128];

    return take_word(cursor, word) && gb_param_parse(&row, word, out, why, sizeof why);
}

static const struct family *find_family(const char *name)
{
    for (size_t i = 0; i < N_FAMILIES; i++)
        if (strcmp(families[i].name, name) == 0)
            return &families[i];
    return NULL;
}

static void explain_families(const char *text, char *why, size_t why_size)
{
    size_t used = (size_t)snprintf(why, why_size, "expected a delay distribution");

    for (size_t i = 0; i < N_FAMILIES && used < why_size; i++)
        used += (size_t)snprintf(why + used, why_size - used, "%s `%s`",
                                 i == 0                ? ","
                                 : i + 1 == N_FAMILIES ? " or"
                                                       : ",",
                                 families[i].form);
    if (used < why_size)
        snprintf(why + used, why_size - used, ", got '%s'", text);
}

bool gb_delay_parse(const char *text, struct gb_delay *out, char *why, size_t why_size)
{
    const char *cursor = text;
    char name[WORD_SIZE], hint[160];
    struct gb_delay delay = {0};
    const struct family *family = take_word(&cursor, name) ? find_family(name) : NULL;

    if (!family) {
        explain_families(text, why, why_size);
        return false;
    }
    delay.kind = (enum gb_delay_kind)(family - families);
    bool is_good = take_duration(&cursor, &delay.a_ns);
    if (is_good && family->second == SECOND_DURATION)
        is_good = take_duration(&cursor, &delay.b);
    if (is_good && family->second == SECOND_NUMBER)
        is_good = take_sigma(&cursor, &delay.b);
    if (!is_good || cursor[strspn(cursor, " \t")] != '\0') {
        bool has_hint = gb_number_hint(text, hint, sizeof hint);
        snprintf(why, why_size,
                 "expected a delay like `%s` (durations with a unit, up to 104 d), "
                 "got '%s'%s%s",
                 family->form, text, has_hint ? ": " : "", hint);
        return false;
    }
    if (delay.kind == GB_DELAY_UNIFORM && delay.a_ns > delay.b) {
        snprintf(why, why_size, "expected the lower bound first, got '%s'", text);
        return false;
    }
    *out = delay;
    return true;
}

char *gb_delay_format(const struct gb_delay *delay, char *buffer, size_t size)
{
    const struct family *family = &families[delay->kind];
    char first[WORD_SIZE], second[WORD_SIZE] = "";
    static const struct gb_param number = {.key = "sigma", .kind = GB_PARAM_NUMBER};

    gb_duration_format((int64_t)delay->a_ns, first, sizeof first);
    if (family->second == SECOND_DURATION)
        gb_duration_format((int64_t)delay->b, second, sizeof second);
    else if (family->second == SECOND_NUMBER)
        gb_param_format(&number, &delay->b, second, sizeof second);
    int length =
        snprintf(buffer, size, "%s %s%s%s", family->name, first, *second ? " " : "", second);
    assert(length >= 0 && (size_t)length < size);
    (void)length;
    return buffer;
}

int64_t gb_delay_at(const struct gb_delay *delay, double uniform)
{
    assert(uniform > 0 && uniform < 1);
    double ns = families[delay->kind].at(delay->a_ns, delay->b, uniform);

    return ns <= 0 ? 0 : (int64_t)llrint(fmin(ns, MAX_DRAW_NS));
}

double gb_delay_mean_ns(const struct gb_delay *delay)
{
    return delay->kind == GB_DELAY_UNIFORM ? (delay->a_ns + delay->b) / 2 : delay->a_ns;
}
