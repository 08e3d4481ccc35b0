#include "base/delay.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/delay_priv.h"
#include "base/number.h"

/* Durations up to here are whole numbers in a double (104 days); draws end at MAX_DRAW_NS. */
#define MAX_PARAMETER_NS INT64_C(0x20000000000000)
#define MAX_DRAW_NS 0x1p62

#define GB_MEMBER(name) &gb_delay_##name.member,
static const struct gb_member *const members[] = {
#include "base/delays.def"
    NULL};
#undef GB_MEMBER

const struct gb_family gb_delay_family = {.name = "delay",
                                          .members = members,
                                          .max_config_size =
                                              sizeof(((struct gb_delay *)NULL)->arguments)};

enum { WORD_SIZE = 32 };

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
static bool take_duration(const char **cursor, const struct gb_param *row, void *config)
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
    memcpy((char *)config + row->offset, &ns, sizeof ns);
    return true;
}

static bool take_argument(const char **cursor, const struct gb_param *row, void *config)
{
    char word[WORD_SIZE], why[128];

    if (row->kind == GB_PARAM_DURATION)
        return take_duration(cursor, row, config);
    return take_word(cursor, word) && gb_param_parse(row, word, config, why, sizeof why);
}

static bool take_arguments(const char *cursor, struct gb_delay *delay)
{
    for (const struct gb_param *row = delay->model->member.params; row && row->key; row++)
        if (!take_argument(&cursor, row, delay->arguments))
            return false;
    return cursor[strspn(cursor, " \t")] == '\0';
}

/* ---- text */

static void append(char *buffer, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void append(char *buffer, size_t size, const char *format, ...)
{
    size_t used = strlen(buffer);
    va_list args;

    va_start(args, format);
    vsnprintf(buffer + used, size - used, format, args);
    va_end(args);
}

char *gb_delay_example(const struct gb_delay_model *model, char *buffer, size_t size)
{
    snprintf(buffer, size, "%s", model->member.name);
    for (const struct gb_param *row = model->member.params; row && row->key; row++)
        append(buffer, size, " %s", row->default_text);
    return buffer;
}

static void explain_models(const struct gb_extensions *extensions, const char *text, char *why,
                           size_t why_size)
{
    const struct gb_member *member;
    char example[128];

    snprintf(why, why_size, "expected a delay distribution");
    for (size_t i = 0; (member = gb_family_member(&gb_delay_family, extensions, i)); i++)
        append(why, why_size, "%s `%s`",
               i == 0                                                  ? ","
               : gb_family_member(&gb_delay_family, extensions, i + 1) ? ","
                                                                       : " or",
               gb_delay_example((const struct gb_delay_model *)member, example, sizeof example));
    append(why, why_size, ", got '%s'", text);
}

static void explain_arguments(const struct gb_delay_model *model, const char *text, char *why,
                              size_t why_size)
{
    char example[128], hint[160];
    bool has_hint = gb_number_hint(text, hint, sizeof hint);

    snprintf(why, why_size,
             "expected a delay like `%s` (durations with a unit, up to 104 d), got '%s'%s%s",
             gb_delay_example(model, example, sizeof example), text, has_hint ? ": " : "",
             has_hint ? hint : "");
}

bool gb_delay_parse(const char *text, const struct gb_extensions *extensions, struct gb_delay *out,
                    char *why, size_t why_size)
{
    const char *cursor = text;
    char name[WORD_SIZE];
    struct gb_delay delay = {0};
    const struct gb_member *member =
        take_word(&cursor, name) ? gb_family_find(&gb_delay_family, extensions, name) : NULL;

    if (!member) {
        explain_models(extensions, text, why, why_size);
        return false;
    }
    delay.model = (const struct gb_delay_model *)member;
    if (!take_arguments(cursor, &delay)) {
        explain_arguments(delay.model, text, why, why_size);
        return false;
    }
    const char *expected = delay.model->check ? delay.model->check(delay.arguments) : NULL;
    if (expected) {
        snprintf(why, why_size, "expected %s, got '%s'", expected, text);
        return false;
    }
    *out = delay;
    return true;
}

char *gb_delay_format(const struct gb_delay *delay, char *buffer, size_t size)
{
    const struct gb_delay_model *model = delay->model ? delay->model : &gb_delay_constant;
    char argument[128];

    snprintf(buffer, size, "%s", model->member.name);
    for (const struct gb_param *row = model->member.params; row && row->key; row++)
        append(buffer, size, " %s",
               gb_param_format(row, delay->arguments, argument, sizeof argument));
    return buffer;
}

/* ---- draws */

int64_t gb_delay_at(const struct gb_delay *delay, double uniform)
{
    assert(uniform > 0 && uniform < 1);
    double ns = delay->model ? delay->model->at(delay->arguments, uniform) : 0;

    return ns <= 0 ? 0 : (int64_t)llrint(fmin(ns, MAX_DRAW_NS));
}

double gb_delay_mean_ns(const struct gb_delay *delay)
{
    return delay->model ? delay->model->mean_ns(delay->arguments) : 0;
}
