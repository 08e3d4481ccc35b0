/* The cases of a sweep: `cases[0].name`, `cases[0].set.KEY`, `cases[0].vary.KEY`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "experiments/sweep/sweep_read_priv.h"

/* The case that an entry below `cases` belongs to, which may be a new one; NULL without memory. */
static struct gb_sweep_case *case_of(struct gb_sweep_reading *reading,
                                     const struct gb_yaml_entry *entry)
{
    struct gb_sweep *sweep = reading->sweep;
    size_t number = strtoul(entry->key + strlen("cases["), NULL, 10);
    struct gb_sweep_case *cases = gb_array_resize(sweep->cases, number + 1, sizeof *cases);

    if (!cases) {
        reading->lacks_memory = true;
        return NULL;
    }
    sweep->cases = cases;
    for (; sweep->n_cases <= number; sweep->n_cases++)
        cases[sweep->n_cases] =
            (struct gb_sweep_case){.line = entry->line, .column = entry->column};
    return &cases[number];
}

/* A name that is refused is a name all the same. */
static void take_name(struct gb_sweep_reading *reading, struct gb_sweep_case *of,
                      const struct gb_yaml_entry *entry)
{
    if (entry->kind != GB_YAML_VALUE || !entry->value[0] ||
        strcspn(entry->value, ",=\n") != strlen(entry->value))
        gb_sweep_report(reading, entry, false,
                        "name: expected a text without commas and equals signs");
    free(of->name);
    of->name = strdup(entry->value);
    reading->lacks_memory |= !of->name;
}

/* What is the same in every cell no case sets. */
static void take_setting(struct gb_sweep_reading *reading, struct gb_sweep_case *of,
                         const char *name, const struct gb_yaml_entry *entry)
{
    if (entry->kind == GB_YAML_SECTION || entry->kind == GB_YAML_ITEM ||
        gb_sweep_may_vary(reading, entry, name))
        gb_sweep_take_setting(reading, &of->set, name, entry);
}

void gb_sweep_take_case(struct gb_sweep_reading *reading, const struct gb_yaml *yaml, size_t *next)
{
    const struct gb_yaml_entry *entry = &yaml->entries[*next - 1];
    struct gb_sweep_case *of = case_of(reading, entry);
    const char *name = strchr(entry->key, ']') + 1;
    bool is_section_of_keys = strcmp(name, ".set") == 0 || strcmp(name, ".vary") == 0;
    char description[256];

    if (!of || !name[0] || (is_section_of_keys && entry->kind == GB_YAML_SECTION))
        return; /* what stands below it follows */
    if (is_section_of_keys)
        gb_sweep_refuse_shape(reading, gb_sweep_word_find(name + 1), entry);
    else if (strcmp(name, ".name") == 0)
        take_name(reading, of, entry);
    else if (strncmp(name, ".vary.", 6) == 0)
        gb_sweep_take_varied(reading, &of->grid, name + 6, GB_SWEEP_NEW_AXIS, yaml, next);
    else if (strncmp(name, ".set.", 5) == 0)
        take_setting(reading, of, name + 5, entry);
    else if (!strchr(name + 1, '.')) { /* what stands below it is part of the same mistake */
        snprintf(description, sizeof description, "'%.100s': a case has name, set and vary",
                 name + (name[0] == '.'));
        gb_sweep_report(reading, entry, true, description);
    }
}

/* ---- as a whole */

static bool sets(const struct gb_sweep_settings *settings, const char *key)
{
    for (size_t i = 0; i < settings->n; i++)
        if (strncmp(settings->list[i], key, strlen(key)) == 0 &&
            settings->list[i][strlen(key)] == '=')
            return true;
    return false;
}

static void report_key(struct gb_sweep_reading *reading, const struct gb_sweep_key *key,
                       const char *what)
{
    gb_diagnostics_add_at(reading->diagnostics, reading->path, key->line, key->column, "%s %s",
                          key->name, what);
}

#define VARIED_TWICE "is varied twice"

/* Of two equal keys the second is wrong. */
static void check_grids(struct gb_sweep_reading *reading, const struct gb_sweep_case *of)
{
    const struct gb_sweep_grid *own = &of->grid, *shared = &reading->sweep->shared;

    for (size_t k = 0; k < own->n_keys; k++) {
        if (sets(&of->set, own->keys[k].name))
            report_key(reading, &own->keys[k], "is varied and set by the same case");
        for (size_t s = 0; s < shared->n_keys; s++)
            if (strcmp(own->keys[k].name, shared->keys[s].name) == 0)
                report_key(reading, &own->keys[k], VARIED_TWICE);
    }
    for (size_t s = 0; s < shared->n_keys; s++)
        if (sets(&of->set, shared->keys[s].name))
            report_key(reading, &shared->keys[s], "is varied here and set by a case");
}

/* What stands twice in one list of `vary` or one group of `zip` was told when it was read. */
static bool is_one_list(const struct gb_sweep_key *a, const struct gb_sweep_key *b)
{
    return a->is_zipped == b->is_zipped && (!a->is_zipped || a->axis == b->axis);
}

static void check_shared(struct gb_sweep_reading *reading)
{
    const struct gb_sweep_grid *shared = &reading->sweep->shared;

    for (size_t s = 1; s < shared->n_keys; s++)
        for (size_t b = 0; b < s; b++)
            if (strcmp(shared->keys[s].name, shared->keys[b].name) == 0 &&
                !is_one_list(&shared->keys[s], &shared->keys[b]))
                report_key(reading, &shared->keys[s], VARIED_TWICE);
}

static void check_names(struct gb_sweep_reading *reading, size_t c)
{
    const struct gb_sweep_case *cases = reading->sweep->cases;

    if (!cases[c].name) {
        gb_diagnostics_add_at(reading->diagnostics, reading->path, cases[c].line, cases[c].column,
                              "expected a case like {name: ideal, set: {chain.protocol: ideal}}");
        return;
    }
    for (size_t b = 0; b < c; b++)
        if (cases[b].name && strcmp(cases[b].name, cases[c].name) == 0)
            gb_diagnostics_add_at(
                reading->diagnostics, reading->path, cases[c].line, cases[c].column,
                "there is a case '%s' already: each has a name of its own", cases[c].name);
}

void gb_sweep_check_cases(struct gb_sweep_reading *reading)
{
    struct gb_sweep *sweep = reading->sweep;
    size_t n_named = sweep->n_cases;

    if (n_named == 0) { /* one without a name, which has all cells */
        sweep->cases = calloc(1, sizeof *sweep->cases);
        sweep->n_cases = sweep->cases ? 1 : 0;
        reading->lacks_memory |= !sweep->cases;
    }
    check_shared(reading);
    for (size_t c = 0; c < n_named; c++) {
        check_names(reading, c);
        check_grids(reading, &sweep->cases[c]);
    }
}
