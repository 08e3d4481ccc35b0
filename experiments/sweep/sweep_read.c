/* Reading a sweep file: the scenario it names, what it varies, and a check of every cell. */
#include "experiments/sweep/sweep_read_priv.h"

#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "experiments/sweep/sweep_base.h"
#include "experiments/sweep/sweep_layout.h"

/* ---- keys */

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static enum gb_status add_file(struct gb_embedded *files, const struct gb_yaml_entry *entry,
                               struct gb_error *err)
{
    return gb_embedded_add(files, entry->key + strlen("files."), entry->value, strlen(entry->value),
                           err);
}

static void take_file(struct gb_sweep_reading *reading, const struct gb_yaml_entry *entry)
{
    struct gb_error why = {0};

    if (entry->kind != GB_YAML_VALUE)
        gb_sweep_report(reading, entry, false, "expected the text of a file");
    else if (add_file(&reading->sweep->files, entry, &why) != GB_OK)
        reading->lacks_memory = true;
}

/* Reads one table into the sweep, unless its text is there already. */
static void embed_table(struct gb_sweep_reading *reading, const char *name)
{
    struct gb_sweep *sweep = reading->sweep;
    char *path = gb_scenario_beside(sweep->base, name), *text = NULL;
    struct gb_error why = {0};
    size_t length;

    if (path && name[0] && !gb_embedded_find(&sweep->files, name) &&
        gb_file_read(path, GB_SCENARIO_FILE_MAX, &text, &length, &why) == GB_OK &&
        strlen(text) == length)
        gb_embedded_add(&sweep->files, name, text, length, &why);
    reading->lacks_memory |= !path || why.status == GB_ENOMEM;
    free(text);
    free(path);
}

static void embed_grid(struct gb_sweep_reading *reading, const struct gb_sweep_grid *grid)
{
    for (size_t k = 0; k < grid->n_keys; k++)
        if (gb_scenario_find_row(reading->sweep->base, grid->keys[k].name)->flags & GB_PARAM_FILE)
            for (size_t v = 0; v < grid->keys[k].n; v++)
                embed_table(reading, grid->keys[k].values[v]);
}

static void embed_settings(struct gb_sweep_reading *reading,
                           const struct gb_sweep_settings *settings)
{
    for (size_t i = 0; i < settings->n; i++) {
        const struct gb_param *row =
            gb_scenario_setting_row(reading->extensions, settings->list[i]);

        if (row && row->flags & GB_PARAM_FILE)
            embed_table(reading, strchr(settings->list[i], '=') + 1);
    }
}

/* Every table that is varied is read once; where there is none, the cell that wants it says so. */
static void embed_orders(struct gb_sweep_reading *reading)
{
    struct gb_sweep *sweep = reading->sweep;

    embed_grid(reading, &sweep->shared);
    for (size_t c = 0; c < sweep->n_cases; c++) {
        embed_grid(reading, &sweep->cases[c].grid);
        embed_settings(reading, &sweep->cases[c].set);
    }
    sweep->base->embedded = &sweep->files;
}

/* The scenario stands beside the sweep file. */
static void take_scenario(struct gb_sweep_reading *reading, const struct gb_yaml_entry *entry)
{
    char *copy = strdup(reading->path);
    const char *folder = copy ? dirname(copy) : "";
    bool is_beside = entry->value[0] != '/' && strcmp(folder, ".") != 0;
    size_t size = strlen(folder) + strlen(entry->value) + 2;

    reading->has_scenario = true;
    if (entry->kind != GB_YAML_VALUE || !entry->value[0]) {
        gb_sweep_report(reading, entry, false, "scenario: expected the name of a scenario file");
        free(copy);
        return;
    }
    reading->scenario_line = entry->line;
    reading->scenario_column = entry->column;
    reading->sweep->scenario_path = copy ? malloc(size) : NULL;
    if (reading->sweep->scenario_path)
        snprintf(reading->sweep->scenario_path, size, "%s%s%s", is_beside ? folder : "",
                 is_beside ? "/" : "", entry->value);
    else
        reading->lacks_memory = true;
    free(copy);
}

/* A word with a single value. */
static void take_single(struct gb_sweep_reading *reading, const struct gb_sweep_word *word,
                        const struct gb_yaml_entry *entry)
{
    char why[512], takes[256], description[1024];

    if (entry->kind != GB_YAML_VALUE)
        snprintf(why, sizeof why, "expected %s", gb_sweep_word_describe(word, takes, sizeof takes));
    else if (gb_param_parse(word->row, entry->value, &reading->sweep->options, why, sizeof why))
        return;
    snprintf(description, sizeof description, "%s: %s", entry->key, why);
    gb_sweep_report(reading, entry, false, description);
}

/* Is it a key of the scenario that stands at the top of a sweep? */
static bool is_key_of_sweep(const struct gb_sweep_reading *reading, const char *key)
{
    const struct gb_param *row = gb_scenario_find_row(reading->sweep->base, key);

    return row && row->flags & GB_PARAM_OF_SWEEP;
}

/* A list with nothing in it, which says no more than no list. */
static bool is_empty_list(const struct gb_yaml *yaml, size_t i)
{
    const struct gb_yaml_entry *entry = &yaml->entries[i];

    return entry->kind == GB_YAML_LIST &&
           (i + 1 == yaml->n || !starts_with(entry[1].key, entry->key));
}

static void take_key_of_sweep(struct gb_sweep_reading *reading, const struct gb_yaml *yaml,
                              size_t i)
{
    const struct gb_yaml_entry *entry = &yaml->entries[i];
    char items[GB_PARAM_TEXT_SIZE], why[512], description[1024];
    bool is_list = entry->kind == GB_YAML_LIST;
    const char *value = is_list ? gb_yaml_join_items(yaml, i, items, sizeof items) : entry->value;

    if (entry->kind != gb_sweep_word_find(entry->key)->shape || is_empty_list(yaml, i))
        return; /* refused already */
    if (gb_scenario_accepts(reading->sweep->base, entry->key, value, NULL, 0, why, sizeof why)) {
        reading->lacks_memory |=
            !gb_sweep_settings_add_at(&reading->set, entry->key, value,
                                      (struct gb_setting_place){entry->line, entry->column});
        return;
    }
    snprintf(description, sizeof description, "%s: %s", entry->key, why);
    gb_sweep_report(reading, entry, false, description);
}

static void report_unknown_word(struct gb_sweep_reading *reading, const struct gb_yaml_entry *entry)
{
    const char *nearest = gb_sweep_word_nearest(entry->key);
    char words[256], description[512];

    if (nearest)
        snprintf(description, sizeof description, "unknown key '%.100s' (did you mean '%s'?)",
                 entry->key, nearest);
    else
        snprintf(description, sizeof description, "unknown key '%.100s' (a sweep has %s)",
                 entry->key, gb_sweep_word_list(words, sizeof words));
    gb_sweep_report(reading, entry, true, description);
}

/* A scenario that was taken for a sweep would be wrong in every line: that is one mistake, not
 * many. */
static bool is_scenario(const struct gb_yaml *yaml)
{
    for (size_t i = 0; i < yaml->n; i++)
        if (strcmp(yaml->entries[i].key, "scenario") == 0 ||
            starts_with(yaml->entries[i].key, "vary"))
            return false;
    return yaml->n > 0;
}

/* The word below which a key stands, or that it is. */
static const struct gb_sweep_word *word_of(const char *key)
{
    for (const struct gb_sweep_word *word = gb_sweep_words; word->key; word++) {
        size_t length = strlen(word->key);
        if (starts_with(key, word->key) &&
            (!key[length] ||
             (word->shape != GB_YAML_VALUE && (key[length] == '.' || key[length] == '['))))
            return word;
    }
    return NULL;
}

static void begin_until(struct gb_sweep_reading *reading, const struct gb_yaml_entry *entry)
{
    reading->sweep->has_until = true;
    reading->until_line = entry->key_line;
    reading->until_column = entry->key_column;
}

/* Replications that are asked for go before both words of the file. */
static void choose_replications(struct gb_sweep_reading *reading)
{
    struct gb_sweep *sweep = reading->sweep;

    if (sweep->has_until)
        gb_sweep_check_until(reading);
    if (reading->replications > 0)
        sweep->has_until = false;
    if (sweep->has_until)
        sweep->options.replications = sweep->options.until.max;
    else if (reading->replications > 0)
        sweep->options.replications = reading->replications;
}

/* Without the scenario no value can be judged, so it is read first. */
static void take_frame(struct gb_sweep_reading *reading, const struct gb_yaml *yaml)
{
    for (size_t i = 0; i < yaml->n; i++) {
        const struct gb_yaml_entry *entry = &yaml->entries[i];
        const struct gb_sweep_word *word = word_of(entry->key);
        reading->has_format |= strcmp(entry->key, "format") == 0;
        reading->has_replications |= strcmp(entry->key, "replications") == 0;
        if (entry->kind == GB_YAML_ITEM)
            continue;
        if (!word)
            report_unknown_word(reading, entry);
        else if (word->row)
            take_single(reading, word, entry);
        else if (strcmp(word->key, "scenario") == 0)
            take_scenario(reading, entry);
        else if (strcmp(entry->key, word->key) == 0 &&
                 (entry->kind != word->shape || is_empty_list(yaml, i)))
            gb_sweep_refuse_shape(reading, word, entry);
        else if (strcmp(entry->key, "until") == 0)
            begin_until(reading, entry);
        else if (starts_with(entry->key, "until."))
            gb_sweep_take_until(reading, entry);
    }
}

/* A plain value in the list of a word, such as `zip`, whose items are sections. */
static void refuse_plain_item(struct gb_sweep_reading *reading, const struct gb_yaml_entry *entry)
{
    const struct gb_sweep_word *word = gb_sweep_word_find(entry->key);

    if (word && word->shape == GB_YAML_LIST && !is_key_of_sweep(reading, entry->key))
        gb_sweep_refuse_shape(reading, word, entry);
}

static void take_keys(struct gb_sweep_reading *reading, const struct gb_yaml *yaml)
{
    char description[512];

    for (size_t i = 0; i < yaml->n;) {
        const struct gb_yaml_entry *entry = &yaml->entries[i++];
        if (gb_yaml_is_cut_off(yaml, i - 1))
            gb_sweep_report(reading, entry - 1, false,
                            gb_yaml_explain_cut(yaml, i - 1, description, sizeof description));
        else if (entry->kind == GB_YAML_ITEM)
            refuse_plain_item(reading, entry);
        else if (starts_with(entry->key, "vary."))
            gb_sweep_take_varied(reading, &reading->sweep->shared, entry->key + strlen("vary."),
                                 GB_SWEEP_NEW_AXIS, yaml, &i);
        else if (starts_with(entry->key, "set."))
            gb_sweep_take_setting(reading, &reading->set, entry->key + strlen("set."), entry);
        else if (is_key_of_sweep(reading, entry->key))
            take_key_of_sweep(reading, yaml, i - 1);
        else if (starts_with(entry->key, "cases["))
            gb_sweep_take_case(reading, yaml, &i);
        else if (starts_with(entry->key, "files."))
            take_file(reading, entry);
    }
    gb_sweep_take_zip(reading, yaml);
    gb_sweep_take_average(reading, yaml);
    gb_sweep_check_cases(reading);
}

/* ---- the whole */

static void refuse_fixed(struct gb_sweep_reading *reading, const struct gb_sweep_grid *grid,
                         const char *setting, const char *origin)
{
    for (size_t k = 0; k < grid->n_keys; k++) {
        const struct gb_sweep_key *key = &grid->keys[k];
        if (starts_with(setting, key->name) && setting[strlen(key->name)] == '=')
            gb_diagnostics_add(reading->diagnostics, origin ? origin : reading->path,
                               "%s:%zu:%zu: %s is varied here and fixed by %s %.100s",
                               reading->path, key->line, key->column, key->name,
                               origin ? origin : "set:", setting);
    }
}

/* origin  "--set"; NULL: `set` of the sweep file */
static void refuse_fixed_keys(struct gb_sweep_reading *reading, size_t n,
                              const char *const *settings, const char *origin)
{
    const struct gb_sweep *sweep = reading->sweep;

    for (size_t i = 0; i < n; i++) {
        refuse_fixed(reading, &sweep->shared, settings[i], origin);
        for (size_t c = 0; c < sweep->n_cases; c++)
            refuse_fixed(reading, &sweep->cases[c].grid, settings[i], origin);
    }
}

/* Where the file is wrong, settings are judged one by one, each by its row alone. */
static void judge_settings(struct gb_sweep_reading *reading, size_t n, const char *const *settings)
{
    char why[640], description[512];

    for (size_t i = 0; i < n; i++) {
        const char *equals = strchr(settings[i], '=');
        char *key = equals ? strndup(settings[i], (size_t)(equals - settings[i])) : NULL;
        if (equals && !key)
            reading->lacks_memory = true;
        else if (!equals)
            gb_diagnostics_add(reading->diagnostics, "--set", "--set %.200s: expected key=value",
                               settings[i]);
        else if (!gb_scenario_accepts(reading->sweep->base, key, equals + 1, NULL, 0, why,
                                      sizeof why))
            gb_diagnostics_add(reading->diagnostics, "--set", "--set %.200s: %.100s%s%s",
                               settings[i], why[0] ? key : "", why[0] ? ": " : "",
                               why[0]
                                   ? why
                                   : gb_scenario_explain_unknown(reading->sweep->base, key,
                                                                 description, sizeof description));
        free(key);
    }
}

/* The scenario with what the sweep file and the command line put over it. */
/* What a sweep leaves out of its trials unless it says otherwise, whatever its scenario says. */
static enum gb_status apply_defaults(struct gb_sweep_reading *reading, struct gb_error *err)
{
    struct gb_sweep_settings defaults = {0};
    const struct gb_param *row;
    bool ok = true;
    enum gb_status status;

    for (size_t i = 0; ok && (row = gb_scenario_row(reading->extensions, i)); i++)
        ok = !row->sweep_default || gb_sweep_settings_add(&defaults, row->key, row->sweep_default);
    status = ok ? gb_scenario_apply(reading->sweep->base, NULL, defaults.n,
                                    (const char *const *)defaults.list, reading->diagnostics, err)
                : gb_fail(err, GB_ENOMEM, "no memory for the defaults of a sweep");
    gb_sweep_settings_clear(&defaults);
    return status;
}

static enum gb_status load_base(struct gb_sweep_reading *reading, const struct gb_yaml *yaml,
                                size_t n_settings, const char *const *settings,
                                struct gb_error *err)
{
    enum gb_status status =
        reading->scenario_text
            ? gb_scenario_parse(&reading->sweep->base, reading->extensions, reading->scenario_text,
                                "stored scenario", reading->diagnostics, err)
            : gb_scenario_load(&reading->sweep->base, reading->extensions,
                               reading->sweep->scenario_path, 0, NULL, reading->diagnostics, err);

    if (status == GB_OK)
        status = apply_defaults(reading, err);
    if (status != GB_OK)
        return status;
    take_keys(reading, yaml);
    refuse_fixed_keys(reading, reading->set.n, (const char *const *)reading->set.list, NULL);
    refuse_fixed_keys(reading, n_settings, settings, "--set");
    gb_diagnostics_sort(reading->diagnostics, 0); /* the scenario added none of its own */
    if (gb_diagnostics_count(reading->diagnostics) > 0 || reading->lacks_memory) {
        judge_settings(reading, n_settings, settings);
        return GB_OK; /* checks between keys would only echo these */
    }
    status = gb_sweep_set_base(reading->sweep, reading->path, &reading->set, n_settings, settings,
                               reading->diagnostics, err);
    if (status == GB_OK)
        embed_orders(reading);
    return status;
}

static enum gb_status read_sweep(struct gb_sweep_reading *reading, size_t n_settings,
                                 const char *const *settings, struct gb_error *err)
{
    struct gb_yaml *yaml = NULL;
    struct gb_error why = {0};
    enum gb_status status = reading->text
                                ? gb_yaml_parse(&yaml, reading->text, strlen(reading->text),
                                                reading->path, reading->diagnostics, err)
                                : gb_yaml_read(&yaml, reading->path, reading->diagnostics, err);

    if (status != GB_OK)
        return status;
    if (is_scenario(yaml)) {
        gb_yaml_free(yaml);
        gb_diagnostics_add_at(reading->diagnostics, reading->path, 1, 1,
                              "no sweep: it names no "
                              "`scenario` and varies nothing; `gridbourse run` runs scenarios");
        return gb_fail(err, GB_ECONFIG, "%s: not a sweep", reading->path);
    }
    take_frame(reading, yaml);
    choose_replications(reading);
    if (!reading->has_format && yaml->is_whole)
        gb_diagnostics_add_at(reading->diagnostics, reading->path, 1, 1,
                              "expected `format: 1` at the top of the sweep");
    if (reading->sweep->scenario_path)
        status = load_base(reading, yaml, n_settings, settings, &why);
    else if (yaml->is_whole && !reading->has_scenario)
        gb_diagnostics_add_at(reading->diagnostics, reading->path, 1, 1,
                              "expected `scenario: FILE.yaml`: which scenario is varied?");
    gb_yaml_free(yaml);
    if (reading->lacks_memory)
        return gb_fail(err, GB_ENOMEM, "no memory to read '%s'", reading->path);
    if (status == GB_EFILE)
        gb_diagnostics_add_at(reading->diagnostics, reading->path, reading->scenario_line,
                              reading->scenario_column, "%s", why.text);
    else if (status == GB_ENOMEM)
        return gb_fail(err, status, "%s", why.text);
    if (gb_diagnostics_count(reading->diagnostics) == 0)
        gb_sweep_lay_out(reading->sweep, reading->path, reading->diagnostics);
    if (gb_diagnostics_count(reading->diagnostics) == 0)
        gb_sweep_take_reference(reading);
    return gb_diagnostics_conclude(reading->diagnostics, 0, err);
}

static enum gb_status read_all(struct gb_sweep_reading *reading, struct gb_sweep **out,
                               size_t n_settings, const char *const *settings, struct gb_error *err)
{
    reading->sweep = calloc(1, sizeof *reading->sweep);
    if (!reading->sweep)
        return gb_fail(err, GB_ENOMEM, "no memory for a sweep");
    gb_sweep_options_init(&reading->sweep->options);
    enum gb_status status = read_sweep(reading, n_settings, settings, err);
    gb_sweep_settings_clear(&reading->set);
    free(reading->origins);
    if (status == GB_OK)
        *out = reading->sweep;
    else
        gb_sweep_free(reading->sweep);
    return status;
}

enum gb_status gb_sweep_load(struct gb_sweep **out, const struct gb_extensions *extensions,
                             const char *path, size_t n_settings, const char *const *settings,
                             int64_t replications, struct gb_diagnostics *diagnostics,
                             struct gb_error *err)
{
    struct gb_sweep_reading reading = {.path = path,
                                       .extensions = extensions,
                                       .replications = replications,
                                       .diagnostics = diagnostics};

    return read_all(&reading, out, n_settings, settings, err);
}

enum gb_status gb_sweep_parse(struct gb_sweep **out, const struct gb_extensions *extensions,
                              const char *text, const char *scenario_text,
                              struct gb_diagnostics *diagnostics, struct gb_error *err)
{
    struct gb_sweep_reading reading = {.path = "stored sweep",
                                       .text = text,
                                       .scenario_text = scenario_text,
                                       .extensions = extensions,
                                       .diagnostics = diagnostics};

    return read_all(&reading, out, 0, NULL, err);
}
