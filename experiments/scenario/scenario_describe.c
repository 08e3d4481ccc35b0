/* What a row takes, in words. */
#include <stdio.h>
#include <string.h>

#include "base/duration.h"
#include "base/text.h"
#include "experiments/scenario/scenario_priv.h"

const char *gb_layer_name(enum gb_layer layer)
{
    static const char *const names[] = {"physics", "agents", "market", "chain", "output"};

    return names[layer];
}

/* ---- what a row takes */

static const char *kind_text(enum gb_param_kind kind)
{
    switch (kind) {
    case GB_PARAM_INTEGER: return "a whole number";
    case GB_PARAM_NUMBER: return "a number";
    case GB_PARAM_MILLIONTHS: return "a number with at most 6 decimals";
    case GB_PARAM_PRICE: return "a price with at most 6 decimals";
    case GB_PARAM_MONEY: return "an amount with at most 9 decimals";
    case GB_PARAM_ENERGY: return "a whole number of Wh";
    case GB_PARAM_DURATION: return "a duration like `15 min`";
    case GB_PARAM_CALL: return "a ";
    case GB_PARAM_CHOICE:
    case GB_PARAM_MEMBER: return "one of";
    case GB_PARAM_FLAG: return "yes or no";
    case GB_PARAM_DATE: return "a date like 2023-06-01";
    case GB_PARAM_WORDS: return "a list of one or more of";
    case GB_PARAM_TEXT:
    case GB_PARAM_BLOCK: return "a text";
    }
    return "";
}

static size_t append(char *buffer, size_t size, size_t used, const char *before, const char *text)
{
    int n = used < size ? snprintf(buffer + used, size - used, "%s%s", before, text) : 0;

    return used + (size_t)n;
}

/* A bound as a user would write it. */
static char *bound_text(const struct gb_param *row, double bound, char *buffer, size_t size)
{
    if (row->kind == GB_PARAM_DURATION)
        return gb_duration_format((int64_t)(bound * 1e9 + 0.5), buffer, size);
    snprintf(buffer, size, "%.12g", bound);
    if (strchr(buffer, 'e') && bound < 1e17)
        snprintf(buffer, size, "%.0f", bound);
    return buffer;
}

/* The members that a row takes, those of a delay with an example of their arguments. */
static void append_members(const struct gb_extensions *extensions, const struct gb_param *row,
                           char *buffer, size_t size, size_t used)
{
    bool is_call = row->kind == GB_PARAM_CALL;
    const struct gb_family *family = row->family;
    const struct gb_member *member;
    char example[128];

    for (size_t i = 0; (member = gb_family_member(family, extensions, i)); i++) {
        bool is_last = !gb_family_member(family, extensions, i + 1);

        if (is_call)
            used = append(buffer, size, used,
                          i == 0    ? "`"
                          : is_last ? " or `"
                                    : ", `",
                          gb_param_example(member, example, sizeof example));
        used = append(buffer, size, used,
                      is_call ? "`"
                      : i > 0 ? ", "
                              : " ",
                      is_call ? "" : member->name);
    }
}

char *gb_scenario_describe(const struct gb_extensions *extensions, const struct gb_param *row,
                           char *buffer, size_t size)
{
    char low[64], high[64];

    if (row->kind == GB_PARAM_INTEGER && row->minimum == row->maximum) {
        snprintf(buffer, size, "the number %s", bound_text(row, row->minimum, low, sizeof low));
        return buffer;
    }
    size_t used = append(buffer, size, 0, "", kind_text(row->kind));

    if ((row->minimum != 0 || row->maximum != 0) && row->kind < GB_PARAM_CALL) {
        used = append(buffer, size, used, " from ", bound_text(row, row->minimum, low, sizeof low));
        used = append(buffer, size, used, " to ", bound_text(row, row->maximum, high, sizeof high));
    }
    if (row->kind == GB_PARAM_CALL)
        used = append(buffer, size, used, row->family->name, ": ");
    if (row->kind == GB_PARAM_CALL || row->kind == GB_PARAM_MEMBER)
        append_members(extensions, row, buffer, size, used);
    for (size_t i = 0; row->choices && row->choices[i]; i++)
        used = append(buffer, size, used,
                      row->kind < GB_PARAM_CALL ? " or "
                      : i > 0                   ? ", "
                                                : " ",
                      row->choices[i]);
    return buffer;
}

const char *gb_scenario_unit(const struct gb_param *row)
{
    bool brings_its_own = row->kind == GB_PARAM_DURATION || row->kind == GB_PARAM_CALL;

    return row->unit && !brings_its_own ? row->unit : "";
}

/* "chain.flow is fisco2 or fisco3". returns the sign before the next; NULL: there is none */
static const char *append_condition(const char *condition, char *buffer, size_t size)
{
    size_t length = strcspn(condition, "!=");
    bool is_negated = condition[length] == '!';
    const char *word = condition + length + is_negated + 1;

    gb_text_append(buffer, size, "%.*s is %s", (int)length, condition, is_negated ? "not " : "");
    for (;; word++) {
        size_t n = strcspn(word, ",|&");

        gb_text_append(buffer, size, "%.*s", (int)n, word);
        word += n;
        if (*word != ',')
            return *word ? word : NULL;
        gb_text_append(buffer, size, " or ");
    }
}

char *gb_scenario_read_when(const struct gb_param *row, char *buffer, size_t size)
{
    buffer[0] = '\0';
    for (const char *condition = row->read_when; condition;) {
        bool is_first = condition == row->read_when;
        gb_text_append(buffer, size, "%s",
                       is_first            ? " Read where "
                       : *condition == '&' ? " and "
                                           : ", or ");
        condition = append_condition(condition + !is_first, buffer, size);
    }
    if (row->read_when)
        gb_text_append(buffer, size, ".");
    return buffer;
}
