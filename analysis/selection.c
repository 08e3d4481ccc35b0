#include "analysis/selection.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

#define LIST_SIZE 400 /* bytes of a list in a message */

/* ---- values */

#define WORD_SIZE 64
#define BETWEEN_WORDS " \t,"

static bool is_same_number(const char *a, const char *b)
{
    char *end_a, *end_b;
    double x = strtod(a, &end_a), y = strtod(b, &end_b);

    return end_a != a && end_b != b && !*end_a && !*end_b && x == y;
}

/* 06:00 is 6:00. */
static bool is_same_clock(const char *a, const char *b)
{
    while (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
        char *end_a, *end_b;

        if (strtoul(a, &end_a, 10) != strtoul(b, &end_b, 10) || *end_a != *end_b)
            return false;
        if (!*end_a)
            return true;
        if (*end_a != ':')
            return false;
        a = end_a + 1;
        b = end_b + 1;
    }
    return false;
}

/* Cuts the next word off a text. returns false where there is none, or it is too long to be a
 * number or a time */
static bool take_word(const char **text, char word[WORD_SIZE])
{
    size_t n;

    *text += strspn(*text, BETWEEN_WORDS);
    n = strcspn(*text, BETWEEN_WORDS);
    if (n == 0 || n >= WORD_SIZE)
        return false;
    memcpy(word, *text, n);
    word[n] = '\0';
    *text += n;
    return true;
}

bool gb_value_is_same(const char *a, const char *b)
{
    char one[WORD_SIZE], other[WORD_SIZE];
    bool has_one = true, has_other = true;

    if (strcmp(a, b) == 0)
        return true;
    while (has_one && has_other) {
        has_one = take_word(&a, one);
        has_other = take_word(&b, other);
        if (has_one && has_other && strcmp(one, other) != 0 && !is_same_number(one, other) &&
            !is_same_clock(one, other))
            return false;
    }
    return !has_one && !has_other && !*a && !*b;
}

/* ---- what there is, for messages */

/* Appends an item to "a, b, c", or "..." where it is full. returns false once it is */
static bool add_to_list(char list[LIST_SIZE], const char *item)
{
    size_t n = strlen(list);

    if (n + strlen(item) + 8 > LIST_SIZE) {
        snprintf(list + n, LIST_SIZE - n, ", ...");
        return false;
    }
    snprintf(list + n, LIST_SIZE - n, "%s%s", n ? ", " : "", item);
    return true;
}

static void list_keys(char list[LIST_SIZE], const struct gb_results *results)
{
    list[0] = '\0';
    for (size_t k = 0; k < gb_results_n_varied(results); k++)
        if (!add_to_list(list, gb_results_varied_key(results, k)))
            return;
}

static bool is_first_of_value(const struct gb_results *results, size_t key, size_t trial)
{
    const char *value = gb_results_varied_value(results, key, trial);

    for (size_t i = 0; i < trial; i++)
        if (strcmp(gb_results_varied_value(results, key, i), value) == 0)
            return false;
    return true;
}

static void list_values(char list[LIST_SIZE], const struct gb_results *results, size_t key)
{
    list[0] = '\0';
    for (size_t i = 0; i < gb_results_n_trials(results); i++)
        if (is_first_of_value(results, key, i) &&
            !add_to_list(list, gb_results_varied_value(results, key, i)))
            return;
}

/* ---- conditions */

static enum gb_status find_key(size_t *key, const struct gb_results *results, const char *name,
                               struct gb_error *err)
{
    char list[LIST_SIZE];

    for (size_t k = 0; k < gb_results_n_varied(results); k++)
        if (strcmp(gb_results_varied_key(results, k), name) == 0) {
            *key = k;
            return GB_OK;
        }
    list_keys(list, results);
    if (!list[0])
        return gb_fail(err, GB_EINPUT, "'%s' was not varied: the result has one cell alone", name);
    return gb_fail(err, GB_EINPUT, "'%s' was not varied; expected one of %s", name, list);
}

static enum gb_status check_value(const struct gb_results *results, size_t key, const char *value,
                                  struct gb_error *err)
{
    char list[LIST_SIZE];

    for (size_t i = 0; i < gb_results_n_trials(results); i++)
        if (gb_value_is_same(gb_results_varied_value(results, key, i), value))
            return GB_OK;
    list_values(list, results, key);
    return gb_fail(err, GB_EINPUT, "no trial has %s=%s; its values are %s",
                   gb_results_varied_key(results, key), value, list);
}

/* Adds "KEY=VALUE", whose first '=' parts the two. */
static enum gb_status add_condition(struct gb_selection *selection,
                                    const struct gb_results *results, char *text,
                                    struct gb_error *err)
{
    char *equals = strchr(text, '=');
    size_t key = 0;

    if (!equals || equals == text)
        return gb_fail(err, GB_EINPUT, "'%s' is no choice of cells: expected KEY=VALUE", text);
    *equals = '\0';
    enum gb_status status = find_key(&key, results, text, err);
    if (status == GB_OK)
        status = check_value(results, key, equals + 1, err);
    if (status == GB_OK && key >= gb_results_n_factors(results) &&
        gb_selection_names(selection, key))
        status =
            gb_fail(err, GB_EINPUT, "the sweep averages over '%s': one value of it is taken", text);
    if (status != GB_OK)
        return status;
    struct gb_condition *items =
        gb_array_resize(selection->items, selection->n + 1, sizeof *selection->items);
    char *value = strdup(equals + 1);
    selection->items = items ? items : selection->items;
    if (!items || !value) {
        free(value);
        return gb_fail(err, GB_ENOMEM, "no memory for a choice of cells");
    }
    items[selection->n].key = key;
    items[selection->n++].value = value;
    return GB_OK;
}

enum gb_status gb_selection_add(struct gb_selection *selection, const struct gb_results *results,
                                const char *text, struct gb_error *err)
{
    enum gb_status status = GB_OK;
    char *copy = strdup(text), *rest = copy;

    if (!copy)
        return gb_fail(err, GB_ENOMEM, "no memory for a choice of cells");
    for (char *next = rest; status == GB_OK && next; rest = next + 1) {
        next = gb_text_condition_end(rest);
        if (next)
            *next = '\0';
        status = add_condition(selection, results, rest, err);
        if (!next)
            break;
    }
    free(copy);
    return status;
}

void gb_selection_clear(struct gb_selection *selection)
{
    for (size_t i = 0; i < selection->n; i++)
        free(selection->items[i].value);
    free(selection->items);
    *selection = (struct gb_selection){0};
}

/* Whether a trial has one of the values that are named of a key. */
static bool holds(const struct gb_selection *selection, size_t key,
                  const struct gb_results *results, size_t trial)
{
    const char *value = gb_results_varied_value(results, key, trial);

    for (size_t i = 0; i < selection->n; i++)
        if (selection->items[i].key == key && gb_value_is_same(value, selection->items[i].value))
            return true;
    return false;
}

bool gb_selection_holds(const struct gb_selection *selection, const struct gb_results *results,
                        size_t trial)
{
    for (size_t i = 0; i < selection->n; i++)
        if (!holds(selection, selection->items[i].key, results, trial))
            return false;
    return true;
}

bool gb_selection_holds_averaged(const struct gb_selection *selection,
                                 const struct gb_results *results, size_t trial)
{
    for (size_t i = 0; i < selection->n; i++)
        if (selection->items[i].key >= gb_results_n_factors(results) &&
            !holds(selection, selection->items[i].key, results, trial))
            return false;
    return true;
}

bool gb_selection_names(const struct gb_selection *selection, size_t key)
{
    for (size_t i = 0; i < selection->n; i++)
        if (selection->items[i].key == key)
            return true;
    return false;
}
