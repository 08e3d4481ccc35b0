/* gridbourse explain: what one key is, what it takes and what it stands at. */
#include <stdio.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/wrap.h"
#include "experiments/scenario/scenario.h"
#include "experiments/sweep/sweep_range.h"
#include "experiments/sweep/sweep_words.h"

static const struct gb_option options[] = {{0}};

static void print_row(const struct gb_param *row)
{
    const char *unit = gb_scenario_unit(row);
    char takes[512], when[160], text[512];

    printf("%s\n  ", row->key);
    snprintf(text, sizeof text, "%s%s", row->description,
             gb_scenario_read_when(row, when, sizeof when));
    gb_wrap_print(text, 2, 2, stdout);
    printf("  takes    ");
    gb_wrap_print(gb_scenario_describe(gb_program_extensions(), row, takes, sizeof takes), 11, 11,
                  stdout);
    if (unit[0] && strcmp(unit, "1") != 0)
        printf("  unit     %s\n", unit);
    printf("  default  %s\n", row->default_text[0] ? row->default_text : "(empty)");
    printf("  layer    %s\n", gb_layer_name(row->layer));
    if (gb_sweep_range_example(row) && !(row->flags & GB_PARAM_IN_NO_SWEEP))
        printf("  varies   a list, or a range: `%s`\n", gb_sweep_range_example(row));
}

/* Prints the row named `key`, or all rows of the section of that name. */
static bool explain(const char *key)
{
    size_t length = strlen(key);
    bool is_found = false;

    for (size_t i = 0; i < gb_scenario_n_rows(gb_program_extensions()); i++) {
        const struct gb_param *row = gb_scenario_row(gb_program_extensions(), i);
        bool is_below = strncmp(row->key, key, length) == 0 && row->key[length] == '.';
        if ((strcmp(row->key, key) != 0 && !is_below) ||
            gb_scenario_row_is_repeated(gb_program_extensions(), i))
            continue;
        if (is_found)
            putchar('\n');
        print_row(row);
        is_found = true;
    }
    return is_found;
}

struct item_keys {
    const struct gb_section *section;
    size_t n;
};

/* A row that items have, under the key that stands for all of them. */
static void explain_item_row(void *context, const struct gb_param *row,
                             const struct gb_overridden *from)
{
    struct item_keys *keys = context;
    struct gb_param named = *row;
    char key[160], description[512];

    snprintf(key, sizeof key, "%s.%s.%s", keys->section->name, keys->section->placeholder,
             row->key);
    snprintf(description, sizeof description, "%s%s", row->description,
             from ? " Unless given here, that of the scenario." : "");
    named.key = key;
    named.description = description;
    if (keys->n++ > 0)
        putchar('\n');
    print_row(&named);
}

/* A key in a section whose items the scenario names, whatever the name; of the section or an item
 * itself, all keys. */
static bool explain_in_section(const char *key)
{
    const char *name, *behind;
    size_t length;
    const struct gb_section *section = gb_section_of_key(key, &name, &length, &behind);
    struct item_keys keys = {.section = section};

    if (!section)
        return false;
    const struct gb_param *row = behind ? gb_section_find_row(section, behind) : NULL;
    if (row) {
        explain_item_row(&keys, row,
                         gb_param_find(section->rows, behind) ? NULL : section->overridden);
    } else if (!behind) {
        gb_wrap_print(section->summary, 0, 0, stdout);
        putchar('\n');
        gb_section_visit(section, explain_item_row, &keys);
    }
    return keys.n > 0;
}

/* A word of the sweep file; behind the key of a scenario of the same name, where there is one. */
static bool explain_word(const char *key, bool is_key)
{
    const struct gb_sweep_word *word = gb_sweep_word_find(key);
    char takes[512];

    if (!word)
        return false;
    if (is_key)
        putchar('\n');
    printf("%s, in a sweep file\n  ", word->key);
    gb_wrap_print(word->description, 2, 2, stdout);
    printf("  takes    ");
    gb_wrap_print(gb_sweep_word_describe(word, takes, sizeof takes), 11, 11, stdout);
    if (word->row)
        printf("  default  %s\n", word->row->default_text);
    for (const char *line = word->example; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        printf("  %s  %.*s\n", line == word->example ? "example" : "       ",
               (int)strcspn(line, "\n"), line);
    }
    return true;
}

struct request {
    size_t n_keys;
    int code; /* to end with */
};

/* One key; one that there is not keeps no other from being explained. */
static int take_key(void *context, const struct gb_arguments *arguments, int option)
{
    struct request *request = context;

    (void)option; /* there is none */
    if (request->n_keys++ > 0)
        putchar('\n');
    bool is_key = explain(arguments->value) || explain_in_section(arguments->value);
    if (explain_word(arguments->value, is_key) || is_key)
        return GB_EXIT_DONE;
    const char *nearest = gb_scenario_nearest_key(gb_program_extensions(), arguments->value);
    if (nearest)
        gb_message_error("unknown key '%s' (did you mean '%s'?)", arguments->value, nearest);
    else
        gb_message_error("unknown key '%s'; `gridbourse list keys` names all", arguments->value);
    request->code = GB_EXIT_WRONG_USE;
    return GB_EXIT_DONE;
}

static int run(int argc, char **argv)
{
    struct gb_arguments arguments = {.command = &gb_command_explain,
                                     .options = options,
                                     .operands = GB_OPERANDS_SEVERAL,
                                     .argc = argc,
                                     .argv = argv};
    struct request request = {.code = GB_EXIT_DONE};
    const char *last;
    int code;

    return gb_arguments_read(&arguments, "key", take_key, &request, &last, &code) ? request.code
                                                                                  : code;
}

const struct gb_command gb_command_explain = {
    "explain", "KEY ...",
    "say what a key of a scenario (or a section of them) or of a sweep is and takes", run};
