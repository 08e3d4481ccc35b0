#include "analysis/home_choice.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/schema.h"
#include "base/array.h"
#include "base/edit_distance.h"

#define LIST_SIZE 400 /* bytes of names in a message */

/* ---- the names that a result has */

struct names {
    size_t n, capacity;
    char (*items)[GB_NAME_SIZE]; /* ascending, each once */
};

static enum gb_status add_name(struct names *names, const char *name, struct gb_error *err)
{
    size_t at = 0;
    int order = 1;

    while (at < names->n && (order = strcmp(names->items[at], name)) < 0)
        at++;
    if (!name[0] || (at < names->n && order == 0))
        return GB_OK;
    char(*items)[GB_NAME_SIZE] =
        gb_array_grow(names->items, &names->capacity, names->n + 1, sizeof *items);
    if (!items)
        return gb_fail(err, GB_ENOMEM, "no memory for the names of homes");
    memmove(items + at + 1, items + at, (names->n - at) * sizeof *items);
    snprintf(items[at], sizeof items[at], "%s", name);
    names->items = items;
    names->n++;
    return GB_OK;
}

static enum gb_status add_of_row(struct names *names, enum gb_table table, const void *rows,
                                 size_t i, bool are_kinds, struct gb_error *err)
{
    const struct gb_user_row *users = rows;
    char word[GB_NAME_SIZE];

    if (table == GB_TABLE_KINDS)
        return add_name(names, ((const struct gb_kind_row *)rows)[i].kind, err);
    if (are_kinds)
        return add_name(names, users[i].kind, err);
    if (users[i].strategy == 0) /* "none": no kind, with homes or without, has another */
        return GB_OK;
    return add_name(names,
                    gb_field_word(gb_field_find(GB_TABLE_USERS, GB_HOME_CHOICE_STRATEGY),
                                  users[i].strategy, word, sizeof word),
                    err);
}

static enum gb_status find_names(struct names *names, struct gb_results *results, bool are_kinds,
                                 struct gb_error *err)
{
    enum gb_table table =
        are_kinds && gb_results_has(results, GB_TABLE_KINDS) ? GB_TABLE_KINDS : GB_TABLE_USERS;
    enum gb_status status = GB_OK;

    if (!gb_results_has(results, table))
        return GB_OK;
    for (size_t t = 0; status == GB_OK && t < gb_results_n_trials(results); t++) {
        void *rows = NULL;
        size_t n = 0;

        status =
            gb_results_rows(results, table, gb_results_summary(results)[t].trial, &rows, &n, err);
        for (size_t i = 0; status == GB_OK && i < n; i++)
            status = add_of_row(names, table, rows, i, are_kinds, err);
        free(rows);
    }
    return status;
}

static bool has_name(const struct names *names, const char *name)
{
    for (size_t i = 0; i < names->n; i++)
        if (strcmp(names->items[i], name) == 0)
            return true;
    return false;
}

/* ---- what is not there */

static enum gb_status refuse_all(const struct gb_results *results, bool are_kinds,
                                 struct gb_error *err)
{
    if (are_kinds)
        return gb_fail(err, GB_EINPUT,
                       "the result has no kinds of households: `households` of a scenario names "
                       "them");
    return gb_fail(err, GB_EINPUT,
                   gb_results_has(results, GB_TABLE_USERS)
                       ? "the result has no strategies of users"
                       : "the result holds no users, who have strategies; a sweep keeps them from "
                         "output.level: market on");
}

static enum gb_status refuse_name(const struct names *names, const char *column, const char *value,
                                  struct gb_error *err)
{
    const char **words = calloc(names->n + 1, sizeof *words), *nearest = NULL;
    char list[LIST_SIZE] = "";

    for (size_t i = 0, n = 0; i < names->n && n + GB_NAME_SIZE + 8 < sizeof list; i++)
        n +=
            (size_t)snprintf(list + n, sizeof list - n, "%s%s", i > 0 ? ", " : "", names->items[i]);
    for (size_t i = 0; words && i < names->n; i++)
        words[i] = names->items[i];
    if (words)
        nearest = gb_nearest_word(value, words);
    gb_fail(err, GB_EINPUT, "no home has %s=%.80s%s%s%s; there are %s", column, value,
            nearest ? " (did you mean '" : "", nearest ? nearest : "", nearest ? "'?)" : "", list);
    free(words);
    return GB_EINPUT;
}

/* ---- a choice */

/* Those of a strategy by its number, for rows to be told apart quickly. */
static void mark_strategy(struct gb_home_choice *homes, const char *name)
{
    const struct gb_field *field = gb_field_find(GB_TABLE_USERS, GB_HOME_CHOICE_STRATEGY);
    char word[GB_NAME_SIZE];

    for (size_t i = 0; i < gb_field_n_words(field) && i <= UINT8_MAX; i++)
        if (strcmp(gb_field_word(field, (uint8_t)i, word, sizeof word), name) == 0)
            homes->has_strategy[i] = true;
}

static bool append(char (**list)[GB_NAME_SIZE], size_t *n, const char *name)
{
    char(*longer)[GB_NAME_SIZE] = gb_array_resize(*list, *n + 1, sizeof **list);

    if (!longer)
        return false;
    snprintf(longer[*n], sizeof longer[*n], "%s", name);
    *list = longer;
    ++*n;
    return true;
}

enum gb_status gb_home_choice_add(struct gb_home_choice *homes, struct gb_results *results,
                                  const char *column, const char *value, struct gb_error *err)
{
    bool are_kinds = strcmp(column, GB_HOME_CHOICE_KIND) == 0;
    struct names names = {0};
    enum gb_status status = find_names(&names, results, are_kinds, err);

    assert(are_kinds || strcmp(column, GB_HOME_CHOICE_STRATEGY) == 0);
    if (status == GB_OK && names.n == 0)
        status = refuse_all(results, are_kinds, err);
    else if (status == GB_OK && !has_name(&names, value))
        status = refuse_name(&names, column, value, err);
    free(names.items);
    if (status != GB_OK)
        return status;
    if (are_kinds ? !append(&homes->kinds, &homes->n_kinds, value)
                  : !append(&homes->strategies, &homes->n_strategies, value))
        return gb_fail(err, GB_ENOMEM, "no memory for a choice of homes");
    if (!are_kinds)
        mark_strategy(homes, value);
    return GB_OK;
}

void gb_home_choice_clear(struct gb_home_choice *homes)
{
    free(homes->kinds);
    free(homes->strategies);
    *homes = (struct gb_home_choice){0};
}

bool gb_home_choice_is_all(const struct gb_home_choice *homes)
{
    return !homes || (homes->n_kinds == 0 && homes->n_strategies == 0);
}

bool gb_home_choice_has_kind(const struct gb_home_choice *homes, const char *kind)
{
    if (!homes || homes->n_kinds == 0)
        return true;
    for (size_t i = 0; i < homes->n_kinds; i++)
        if (strcmp(homes->kinds[i], kind) == 0)
            return true;
    return false;
}

bool gb_home_choice_has_strategy(const struct gb_home_choice *homes, uint8_t strategy)
{
    return !homes || homes->n_strategies == 0 || homes->has_strategy[strategy];
}

bool gb_home_choice_has(const struct gb_home_choice *homes, const struct gb_user_row *user)
{
    return gb_home_choice_has_strategy(homes, user->strategy) &&
           gb_home_choice_has_kind(homes, user->kind);
}

/* ---- as text */

/* Appends "first A next B next C", as much as there is room for. */
static void put_names(char buffer[GB_HOME_CHOICE_TEXT_SIZE], char (*names)[GB_NAME_SIZE], size_t n,
                      const char *first, const char *next)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = strlen(buffer);

        snprintf(buffer + at, GB_HOME_CHOICE_TEXT_SIZE - at, "%s%s", i == 0 ? first : next,
                 names[i]);
    }
}

static char *put_homes(const struct gb_home_choice *homes, const char *const words[4],
                       const char *and, char buffer[GB_HOME_CHOICE_TEXT_SIZE])
{
    char behind[40];

    buffer[0] = '\0';
    if (gb_home_choice_is_all(homes))
        return buffer;
    snprintf(behind, sizeof behind, "%s%s", homes->n_kinds > 0 ? and : "", words[2]);
    put_names(buffer, homes->kinds, homes->n_kinds, words[0], words[1]);
    put_names(buffer, homes->strategies, homes->n_strategies, behind, words[3]);
    return buffer;
}

char *gb_home_choice_describe(const struct gb_home_choice *homes,
                              char buffer[GB_HOME_CHOICE_TEXT_SIZE])
{
    static const char *const words[] = {"kind ", " or ", "strategy ", " or "};

    return put_homes(homes, words, " and ", buffer);
}

char *gb_home_choice_conditions(const struct gb_home_choice *homes,
                                char buffer[GB_HOME_CHOICE_TEXT_SIZE])
{
    static const char *const words[] = {"kind=", ",kind=", "strategy=", ",strategy="};

    return put_homes(homes, words, ",", buffer);
}

/* ---- their rows */

enum gb_status gb_home_choice_rows(struct gb_results *results, uint64_t trial,
                                   struct gb_user_row **rows, size_t *n, struct gb_error *err)
{
    const struct gb_home_choice *homes = gb_results_homes(results);
    void *read = NULL;
    size_t n_kept = 0;
    enum gb_status status = gb_results_rows(results, GB_TABLE_USERS, trial, &read, n, err);

    *rows = read;
    if (status != GB_OK || gb_home_choice_is_all(homes))
        return status;
    for (size_t i = 0; i < *n; i++)
        if (gb_home_choice_has(homes, &(*rows)[i]))
            (*rows)[n_kept++] = (*rows)[i];
    *n = n_kept;
    return GB_OK;
}

enum gb_status gb_home_choice_refuse_none(const struct gb_results *results, struct gb_error *err)
{
    bool mixed = gb_results_mix_levels(results);
    char text[GB_HOME_CHOICE_TEXT_SIZE];

    if (gb_home_choice_is_all(gb_results_homes(results)))
        return gb_fail(err, GB_EREFUSED,
                       mixed ? "no users are kept of what is shown" : "the result has no users");
    return gb_fail(err, GB_EREFUSED, "no home there is of %s%s",
                   gb_home_choice_describe(gb_results_homes(results), text),
                   mixed ? ", or users are not kept of what is shown" : "");
}
