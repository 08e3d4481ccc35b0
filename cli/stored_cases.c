#include "cli/stored_cases.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/message.h"
#include "cli/stored_market.h"
#include "experiments/scenario/scenario.h"

#define LIST_SIZE 240 /* bytes of names or values in a message */

static size_t find_column(const struct gb_results *results, const char *key)
{
    for (size_t k = 0; k < gb_results_n_varied(results); k++)
        if (strcmp(gb_results_varied_key(results, k), key) == 0)
            return k;
    return SIZE_MAX;
}

/* Trials are numbered cell by cell and cells case by case: a case begins where its name changes. */
static bool begins_case(const struct gb_results *results, size_t column, size_t place)
{
    return place == 0 || strcmp(gb_results_varied_value(results, column, place),
                                gb_results_varied_value(results, column, place - 1)) != 0;
}

static void add_word(char list[LIST_SIZE], const char *word)
{
    size_t n = strlen(list);

    snprintf(list + n, LIST_SIZE - n, "%s%.80s", n ? ", " : "", word);
}

/* Whether the scenario of a trial has the value; what it has goes into `list` where it has not. */
static enum gb_status has_value(bool *has, const struct gb_results *results, size_t place,
                                const char *key, const char *value, char list[LIST_SIZE],
                                struct gb_error *err)
{
    struct gb_scenario *scenario = NULL;
    char own[GB_PARAM_TEXT_SIZE], asked[GB_PARAM_TEXT_SIZE];
    enum gb_status status = gb_stored_scenario(results, place, &scenario, err);

    if (status != GB_OK)
        return status;
    gb_scenario_value(scenario, key, own, sizeof own);
    gb_scenario_words(scenario, key, value, asked);
    *has = gb_value_is_same(own, asked);
    if (!*has && !strstr(list, own))
        add_word(list, own);
    gb_scenario_free(scenario);
    return GB_OK;
}

static enum gb_status is_key(bool *is, const struct gb_results *results, const char *key,
                             struct gb_error *err)
{
    struct gb_scenario *scenario = NULL;
    enum gb_status status = gb_stored_scenario(results, 0, &scenario, err);

    *is = status == GB_OK && gb_scenario_find_row(scenario, key);
    gb_scenario_free(scenario);
    return status;
}

/* The case in whose scenario a key has a value.
 * name    out: its name, which belongs to `results`; NULL where the key is a column itself, is none
 *         of a scenario, or the sweep has no cases: it is then for others to take or to refuse
 * returns GB_EINPUT where no case has that value, or several */
static enum gb_status find_case(const char **name, const struct gb_results *results,
                                const char *key, const char *value, struct gb_error *err)
{
    size_t column = find_column(results, GB_CASE_KEY), n = 0;
    char names[LIST_SIZE] = "", values[LIST_SIZE] = "";
    const char *found = NULL;
    enum gb_status status = GB_OK;
    bool has = false;

    *name = NULL;
    if (column == SIZE_MAX || find_column(results, key) != SIZE_MAX)
        return GB_OK;
    status = is_key(&has, results, key, err);
    if (status != GB_OK || !has)
        return status;
    for (size_t i = 0; status == GB_OK && i < gb_results_n_trials(results); i++) {
        if (!begins_case(results, column, i))
            continue;
        status = has_value(&has, results, i, key, value, values, err);
        if (status != GB_OK || !has)
            continue;
        found = gb_results_varied_value(results, column, i);
        add_word(names, found);
        n++;
    }
    if (status != GB_OK)
        return status;
    if (n != 1)
        return n == 0
                   ? gb_fail(err, GB_EINPUT, "no case has %s=%s; they have %s", key, value, values)
                   : gb_fail(err, GB_EINPUT,
                             "several cases have %s=%s: choose one of %s by " GB_CASE_KEY "=NAME",
                             key, value, names);
    *name = found;
    return GB_OK;
}

/* "KEY=VALUE" of a key that was varied, in the words in which the result has its values. */
static enum gb_status put_words(FILE *out, const struct gb_results *results, const char *key,
                                const char *value, struct gb_error *err)
{
    struct gb_scenario *scenario = NULL;
    char words[GB_PARAM_TEXT_SIZE];
    enum gb_status status = gb_stored_scenario(results, 0, &scenario, err);

    if (status == GB_OK)
        gb_scenario_words(scenario, key, value, words);
    if (status == GB_OK)
        fprintf(out, "%s=%s", key, words);
    gb_scenario_free(scenario);
    return status;
}

/* One "KEY=VALUE", whose first '=' parts the two; whatever else it is goes on as it is. */
static enum gb_status put_condition(FILE *out, const struct gb_results *results, char *condition,
                                    struct gb_error *err)
{
    char *equals = strchr(condition, '=');
    const char *name = NULL;
    enum gb_status status = GB_OK;

    if (!equals) {
        fputs(condition, out);
        return GB_OK;
    }
    *equals = '\0';
    status = find_case(&name, results, condition, equals + 1, err);
    if (status == GB_OK && name)
        fprintf(out, GB_CASE_KEY "=%s", name);
    else if (status == GB_OK)
        status = put_words(out, results, condition, equals + 1, err);
    return status;
}

/* Whether "KEY=VALUE" is one on homes, which no key of the sweep has the name of. */
static bool is_of_homes(const struct gb_results *results, const char *condition)
{
    static const char *const columns[] = {GB_HOME_CHOICE_KIND, GB_HOME_CHOICE_STRATEGY};

    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        size_t n = strlen(columns[i]);

        if (strncmp(condition, columns[i], n) == 0 && condition[n] == '=')
            return find_column(results, columns[i]) == SIZE_MAX;
    }
    return false;
}

static enum gb_status take_homes(struct gb_home_choice *homes, struct gb_results *results,
                                 char *condition, struct gb_error *err)
{
    char *equals = strchr(condition, '=');

    if (!homes)
        return gb_fail(err, GB_EINPUT,
                       "'%s' names homes, and cells are compared with a cell: choose homes by "
                       "--where %s",
                       condition, condition);
    *equals = '\0';
    return gb_home_choice_add(homes, results, condition, equals + 1, err);
}

static enum gb_status select_by(struct gb_selection *selection, struct gb_home_choice *homes,
                                struct gb_results *results, const char *text, struct gb_error *err)
{
    char *copy = strdup(text), *resolved = NULL;
    enum gb_status status = copy ? GB_OK : GB_ENOMEM;
    size_t n_of_cells = 0;
    struct gb_text made;

    if (gb_text_open(&made)) {
        for (char *at = copy, *comma; status == GB_OK && at; at = comma ? comma + 1 : NULL) {
            if ((comma = gb_text_condition_end(at)))
                *comma = '\0';
            if (is_of_homes(results, at)) {
                status = take_homes(homes, results, at, err);
                continue;
            }
            fputs(n_of_cells++ > 0 ? "," : "", made.stream);
            status = put_condition(made.stream, results, at, err);
        }
        resolved = gb_text_close(&made);
    }
    free(copy);
    if (status == GB_ENOMEM || (status == GB_OK && !resolved))
        status = gb_fail(err, GB_ENOMEM, "no memory for a choice of cells");
    if (status == GB_OK && n_of_cells > 0)
        status = gb_selection_add(selection, results, resolved, err);
    free(resolved);
    return status;
}

enum gb_status gb_stored_select(struct gb_selection *selection, struct gb_home_choice *homes,
                                struct gb_results *results, const struct gb_conditions *conditions,
                                struct gb_error *err)
{
    enum gb_status status = GB_OK;

    for (size_t i = 0; status == GB_OK && i < conditions->n; i++)
        status = select_by(selection, homes, results, conditions->texts[i], err);
    return status;
}

int gb_conditions_add(struct gb_conditions *conditions, const struct gb_command *command,
                      const char *text)
{
    if (conditions->n == GB_MAX_CONDITIONS)
        return gb_message_wrong_use(command, "%s: at most %d times --where", command->name,
                                    GB_MAX_CONDITIONS);
    conditions->texts[conditions->n++] = text;
    return GB_EXIT_DONE;
}
