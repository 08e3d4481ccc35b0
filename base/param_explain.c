/* What a user should have written: the sentences about values that are none. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/duration.h"
#include "base/edit_distance.h"
#include "base/number.h"
#include "base/param_priv.h"
#include "base/text.h"

static void append_bound(const struct gb_param *row, double bound, char *why, size_t why_size)
{
    char text[32];

    if (row->kind == GB_PARAM_DURATION && fabs(bound) < 9e9)
        gb_duration_format((int64_t)llrint(bound * 1e9), text, sizeof text);
    else
        gb_number_format(bound, text, sizeof text);
    gb_text_append(why, why_size, "%s", text);
}

static void append_range(const struct gb_param *row, char *why, size_t why_size)
{
    bool has_minimum = isfinite(row->minimum), has_maximum = isfinite(row->maximum);

    if (!gb_param_has_range(row))
        return;
    if (has_minimum) {
        gb_text_append(why, why_size, has_maximum ? " from " : " of at least ");
        append_bound(row, row->minimum, why, why_size);
    }
    if (has_maximum) {
        gb_text_append(why, why_size, has_minimum ? " to " : " of at most ");
        append_bound(row, row->maximum, why, why_size);
    }
}

/* Choice i of a row of choices or members; NULL behind the last. */
static const char *choice_of(const struct gb_extensions *extensions, const struct gb_param *row,
                             size_t i)
{
    if (row->kind == GB_PARAM_CHOICE || row->kind == GB_PARAM_WORDS)
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
        gb_text_append(why, why_size, "%s %s", i > 0 ? "," : "", choice);
        size_t d = gb_edit_distance(text, choice);
        if (d > 0 && d < distance) { /* 0: it stands there twice */
            distance = d;
            nearest = choice;
        }
    }
    gb_text_append(why, why_size, "; got '%s'", text);
    if (nearest)
        gb_text_append(why, why_size, " (did you mean '%s'?)", nearest);
}

/* The member that the first word of a text names, or NULL. */
static const struct gb_member *member_named(const struct gb_extensions *extensions,
                                            const struct gb_param *row, const char *text)
{
    char name[GB_PARAM_NUMBER_SIZE];
    const char *start = text + strspn(text, " \t");
    size_t length = strcspn(start, " \t");

    if (length >= sizeof name)
        return NULL;
    memcpy(name, start, length);
    name[length] = '\0';
    return gb_family_find(row->family, extensions, name);
}

static void append_examples(const struct gb_extensions *extensions, const struct gb_param *row,
                            char *why, size_t why_size)
{
    const struct gb_member *member, *next = gb_family_member(row->family, extensions, 0);
    char example[128];

    for (size_t i = 0; (member = next); i++) {
        next = gb_family_member(row->family, extensions, i + 1);
        gb_text_append(why, why_size, "%s `%s`", i == 0 || next ? "," : " or",
                       gb_param_example(member, example, sizeof example));
    }
}

/* A member that was named has wrong arguments, else its name is none. */
static void explain_call(const struct gb_extensions *extensions, const struct gb_param *row,
                         const char *text, char *why, size_t why_size)
{
    const struct gb_member *member = member_named(extensions, row, text);
    char example[128], hint[160];
    bool has_hint = gb_number_hint(text, hint, sizeof hint);

    snprintf(why, why_size, "expected a %s", row->family->name);
    if (!member) {
        append_examples(extensions, row, why, why_size);
        gb_text_append(why, why_size, ", got '%s'", text);
        return;
    }
    gb_text_append(why, why_size, " like `%s` (durations with a unit, up to 104 d), got '%s'%s%s",
                   gb_param_example(member, example, sizeof example), text, has_hint ? ": " : "",
                   has_hint ? hint : "");
}

/* A plain number with a unit that is not its own. */
static bool has_other_unit(const struct gb_param *row, const char *text, double *value,
                           const char **unit)
{
    char number[GB_PARAM_NUMBER_SIZE];

    return row->kind < GB_PARAM_DURATION && gb_param_part_unit(text, number, unit) &&
           gb_number_parse(number, value) && !gb_param_is_unit_of(row, *unit);
}

static void explain_plain(const struct gb_param *row, const char *text, char *why, size_t why_size)
{
    const char *unit = "";
    char share[32], hint[160];
    double value = 0;
    bool has_hint = gb_number_hint(text, hint, sizeof hint);
    bool is_of_other_unit = !has_hint && has_other_unit(row, text, &value, &unit);

    if (row->kind == GB_PARAM_INTEGER && row->minimum == row->maximum && row->minimum != 0)
        snprintf(why, why_size, "expected the number %.0f", row->minimum);
    else
        append_range(row, why, why_size);
    gb_text_append(why, why_size, "%s", gb_param_kinds[row->kind].form);
    for (size_t i = 0; gb_param_has_words(row) && row->choices[i]; i++)
        gb_text_append(why, why_size, "%s %s", i > 0 ? "," : " or", row->choices[i]);
    if (is_of_other_unit && gb_param_has_unit(row) && row->kind != GB_PARAM_ENERGY)
        gb_text_append(why, why_size, ", in %s", row->unit);
    gb_text_append(why, why_size, ", got '%.100s'", text);
    if (is_of_other_unit && strcmp(unit, "%") == 0 && row->kind != GB_PARAM_INTEGER &&
        !gb_param_has_unit(row)) {
        gb_number_format(value / 100, share, sizeof share);
        gb_text_append(why, why_size, ": a share of 1, not of 100: write %s", share);
    } else if (is_of_other_unit && !gb_param_has_unit(row)) {
        gb_text_append(why, why_size, ": it has no unit");
    } else if (has_hint) {
        gb_text_append(why, why_size, ": %s", hint);
    }
}

void gb_param_explain(const struct gb_extensions *extensions, const struct gb_param *row,
                      const char *text, char *why, size_t why_size)
{
    if (row->kind == GB_PARAM_CALL) {
        explain_call(extensions, row, text, why, why_size);
        return;
    }
    snprintf(why, why_size, "expected %s", gb_param_kinds[row->kind].expected);
    if (row->kind == GB_PARAM_WORDS) {
        char wrong[GB_PARAM_NUMBER_SIZE] = "";
        uint32_t words;

        gb_param_parse_words(row, text, &words, wrong, sizeof wrong);
        append_choices(extensions, row, wrong, why, why_size);
        gb_text_append(why, why_size, "; write each once, as in [%s, %s]", row->choices[0],
                       row->choices[1]);
    } else if (row->kind == GB_PARAM_CHOICE || row->kind == GB_PARAM_MEMBER)
        append_choices(extensions, row, text, why, why_size);
    else
        explain_plain(row, text, why, why_size);
}
