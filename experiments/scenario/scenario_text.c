/* A scenario in words: its effective text, the commented template, the reference page. All three
 * walk the same table by sections; a section is the first word of a key. */
#include "experiments/scenario/scenario_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "experiments/scenario/yaml_write.h"

/* ---- sections */

static size_t section_length(const char *key)
{
    return strchr(key, '.') ? strcspn(key, ".") : 0;
}

/* Is a key of the section of another one, whose section has that length? */
static bool is_in_section(const char *key, const char *other, size_t length)
{
    return length == 0 ? strchr(key, '.') == NULL
                       : strncmp(key, other, length) == 0 && key[length] == '.';
}

static bool same_section(const char *a, const char *b)
{
    return is_in_section(a, b, section_length(b));
}

/* Is it the first of its section? */
static bool opens_section(struct gb_scenario_walk walk, const struct gb_scenario_key *key)
{
    size_t length = section_length(key->row->key);
    struct gb_scenario_key other;

    while (gb_scenario_next(&walk, &other) && other.number < key->number)
        if (is_in_section(other.row->key, key->row->key, length))
            return false;
    return true;
}

/* Calls `visit` for every row, section by section, with is_first at the first row of each. */
static void visit_rows(struct gb_scenario_walk walk,
                       void (*visit)(void *context, const struct gb_scenario_key *key,
                                     bool is_first),
                       void *context)
{
    struct gb_scenario_walk from_first = walk;
    struct gb_scenario_key first;
    const char *before = NULL; /* the key of the row before, which most share their section with */

    while (gb_scenario_next(&walk, &first)) {
        size_t length = section_length(first.row->key);
        bool goes_on = before && is_in_section(before, first.row->key, length);

        before = first.row->key;
        if (goes_on || !opens_section(from_first, &first))
            continue;
        struct gb_scenario_walk rest = walk;
        struct gb_scenario_key key = first;
        do
            if (is_in_section(key.row->key, first.row->key, length))
                visit(context, &key, key.number == first.number);
        while (gb_scenario_next(&rest, &key));
    }
}

static const char *name_in_section(const char *key)
{
    size_t length = section_length(key);

    return length > 0 ? key + length + 1 : key;
}

/* ---- the effective scenario */

struct text_context {
    FILE *out;
    struct gb_scenario *scenario;
    const char *last; /* key written last: its section stands open */
};

static const char *block_of(const struct gb_scenario *scenario, const struct gb_scenario_key *key)
{
    const char *text;

    memcpy(&text, (const char *)gb_scenario_const_base(scenario, key) + key->row->offset,
           sizeof text);
    return text;
}

static bool is_at_default(struct gb_scenario *scenario, const struct gb_scenario_key *key)
{
    char value[GB_PARAM_TEXT_SIZE];

    gb_param_format(key->row, gb_scenario_base(scenario, key), value, sizeof value);
    return strcmp(value, key->row->default_text) == 0;
}

static bool is_written(struct gb_scenario *scenario, const struct gb_scenario_key *key)
{
    char why[512];

    if (key->item)
        return key->item->is_given[key->row - key->item->rows];
    if (key->row->flags & GB_PARAM_FILE)
        return false; /* what it holds stands in a block */
    if (key->row->kind == GB_PARAM_BLOCK)
        return block_of(scenario, key) != NULL;
    if (key->row->flags & GB_PARAM_OF_SWEEP && is_at_default(scenario, key))
        return false;
    return !gb_scenario_refusal(scenario, key, why, sizeof why);
}

/* A kind that gives nothing is one all the same. */
static bool is_empty(const struct gb_scenario_key *key)
{
    if (!key->item || key->row != key->item->rows)
        return false;
    for (size_t i = 0; i < key->item->n_rows; i++)
        if (key->item->is_given[i])
            return false;
    return true;
}

static void write_value(void *context, const struct gb_scenario_key *key, bool is_first)
{
    struct text_context *text = context;
    const struct gb_param *row = key->row;
    char value[GB_PARAM_TEXT_SIZE + 64];

    (void)is_first; /* its first rows may be left out */
    if (!is_empty(key) && !is_written(text->scenario, key))
        return;
    if (section_length(row->key) > 0 && !same_section(text->last, row->key))
        fprintf(text->out, "%.*s:\n", (int)section_length(row->key), row->key);
    text->last = row->key;
    if (is_empty(key)) {
        fprintf(text->out, "  %s: {}\n", key->item->name);
        return;
    }
    fprintf(text->out, "%s%s: ", section_length(row->key) > 0 ? "  " : "",
            name_in_section(row->key));
    if (row->kind == GB_PARAM_BLOCK) {
        gb_yaml_write_block(text->out, block_of(text->scenario, key), 4);
    } else {
        gb_param_format(row, gb_scenario_base(text->scenario, key), value, sizeof value);
        if (row->kind == GB_PARAM_TEXT)
            gb_yaml_write_quoted(text->out, value);
        else
            fputs(value, text->out);
    }
    fputc('\n', text->out);
}

enum gb_status gb_scenario_text(const struct gb_scenario *scenario, char **text,
                                struct gb_error *err)
{
    struct gb_text written;
    struct gb_scenario *copy = NULL; /* rows are reached through a base that is not const */
    enum gb_status status = gb_scenario_copy(&copy, scenario, err);

    if (status != GB_OK)
        return status;
    if (gb_text_open(&written)) {
        struct text_context context = {written.stream, copy, ""};
        visit_rows(gb_scenario_walk_of(copy), write_value, &context);
    }
    gb_scenario_free(copy);
    char *whole = gb_text_close(&written);
    if (!whole)
        return gb_fail(err, GB_ENOMEM, "no memory for the text of a scenario");
    *text = whole;
    return GB_OK;
}

/* ---- the template */

/* Texts have no default worth writing; options of what is not selected may not be given. */
static bool is_commented_out(const struct gb_scenario *scenario, const struct gb_scenario_key *key)
{
    char why[512];

    return key->row->kind >= GB_PARAM_TEXT || gb_scenario_refusal(scenario, key, why, sizeof why);
}

/* A section whose keys are all comments must be one itself: alone it would have no value. */
static bool is_section_commented_out(const struct gb_scenario *scenario, const char *name)
{
    struct gb_scenario_walk walk = {.extensions = scenario->extensions};
    struct gb_scenario_key key;

    while (gb_scenario_next(&walk, &key))
        if (same_section(key.row->key, name) && !is_commented_out(scenario, &key))
            return false;
    return true;
}

static void write_template_row(void *context, const struct gb_scenario_key *key, bool is_first)
{
    struct text_context *text = context;
    const struct gb_param *row = key->row;
    const char *indent = section_length(row->key) > 0 ? "  " : "";
    char takes[512], when[160], comment[1024];
    bool is_off = is_commented_out(text->scenario, key);
    const char *unit = gb_scenario_unit(row);
    bool has_unit = unit[0] && strcmp(unit, "1") != 0;

    fputc('\n', text->out);
    if (is_first && section_length(row->key) > 0)
        fprintf(text->out, "%s%.*s:\n",
                is_section_commented_out(text->scenario, row->key) ? "# " : "",
                (int)section_length(row->key), row->key);
    snprintf(comment, sizeof comment, "%s%s Takes %s%s%s.", row->description,
             gb_scenario_read_when(row, when, sizeof when),
             gb_scenario_describe(text->scenario->extensions, row, takes, sizeof takes),
             has_unit ? ", in " : "", has_unit ? unit : "");
    gb_yaml_write_comment(text->out, indent, comment);
    fprintf(text->out, "%s%s%s:%s%s\n", indent, is_off ? "# " : "", name_in_section(row->key),
            row->default_text[0] ? " " : "", row->default_text);
}

/* Items have no default: how they look is a comment. */
static void write_template_items(FILE *out)
{
    for (size_t s = 0; s < GB_N_SECTIONS; s++) {
        fputc('\n', out);
        gb_yaml_write_comment(out, "", gb_sections[s]->summary);
        for (const char *line = gb_sections[s]->example; *line;) {
            size_t length = strcspn(line, "\n");
            fprintf(out, "# %.*s\n", (int)length, line);
            line += length + (line[length] == '\n');
        }
    }
}

enum gb_status gb_scenario_template(FILE *out, const struct gb_extensions *extensions,
                                    struct gb_error *err)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_scenario *scenario = NULL;
    enum gb_status status = diagnostics ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory");

    if (status == GB_OK)
        status = gb_scenario_defaults(&scenario, extensions, 0, NULL, diagnostics, err);
    if (status == GB_OK) {
        struct text_context context = {out, scenario, ""};
        fputs("# A scenario of Gridbourse. Every key stands here with its default; leave out what\n"
              "# you do not change. `gridbourse explain KEY` says more, `gridbourse run --check\n"
              "# FILE` finds mistakes. Nested and dotted keys mean the same: market.beta: 0.1\n",
              out);
        visit_rows(gb_scenario_walk_of(scenario), write_template_row, &context);
        write_template_items(out);
    }
    gb_scenario_free(scenario);
    gb_diagnostics_free(diagnostics);
    return status;
}

/* ---- the reference page */

/* Prints text in a table cell: a bar would end the cell. */
static void print_cell(FILE *out, const char *text)
{
    fputs("| ", out);
    for (; *text; text++)
        fprintf(out, "%s%c", *text == '|' ? "\\" : "", *text);
    fputc(' ', out);
}

struct reference_context {
    FILE *out;
    const struct gb_extensions *extensions;
};

static void write_table_head(FILE *out)
{
    fputs("| key | default | takes | unit | layer | what it is |\n"
          "|---|---|---|---|---|---|\n",
          out);
}

/* before  what stands before the row's key in that of a scenario */
static void write_table_row(const struct reference_context *reference, const char *before,
                            const struct gb_param *row)
{
    FILE *out = reference->out;
    char takes[512], cell[600], when[160];

    snprintf(cell, sizeof cell, "`%s%s`", before, row->key);
    print_cell(out, cell);
    snprintf(cell, sizeof cell, row->default_text[0] ? "`%s`" : "%s", row->default_text);
    print_cell(out, cell);
    print_cell(out, gb_scenario_describe(reference->extensions, row, takes, sizeof takes));
    print_cell(out, gb_scenario_unit(row));
    print_cell(out, gb_layer_name(row->layer));
    snprintf(cell, sizeof cell, "%s%s", row->description,
             gb_scenario_read_when(row, when, sizeof when));
    print_cell(out, cell);
    fputs("|\n", out);
}

static void write_reference_row(void *context, const struct gb_scenario_key *key, bool is_first)
{
    const struct reference_context *reference = context;
    FILE *out = reference->out;
    const struct gb_param *row = key->row;

    if (gb_scenario_row_is_repeated(reference->extensions, key->number))
        return;
    if (is_first) {
        if (section_length(row->key) > 0)
            fprintf(out, "\n## %.*s\n\n", (int)section_length(row->key), row->key);
        else
            fputs("\n## The run\n\n", out);
        write_table_head(out);
    }
    write_table_row(reference, "", row);
}

static void list_overridden(void *context, const struct gb_param *row,
                            const struct gb_overridden *from)
{
    if (from)
        fprintf(context, "- `%s`\n", row->key);
}

static void write_reference_section(const struct reference_context *reference,
                                    const struct gb_section *section)
{
    FILE *out = reference->out;
    char before[128];

    fprintf(out, "\n## %s\n\n%s\n\n```yaml\n%s```\n\n", section->name, section->summary,
            section->example);
    snprintf(before, sizeof before, "%s.%s.", section->name, section->placeholder);
    write_table_head(out);
    for (const struct gb_param *row = section->rows; row->key; row++)
        write_table_row(reference, before, row);
    if (!section->overridden)
        return;
    fprintf(out, "\nKeys of the scenario that may stand there, too, behind `%s`:\n\n", before);
    gb_section_visit(section, list_overridden, out);
}

void gb_scenario_reference(FILE *out, const struct gb_extensions *extensions)
{
    struct reference_context reference = {out, extensions};

    fputs("# Scenario keys\n\n"
          "This page is printed by `gridbourse list keys --markdown` from the table that reads\n"
          "scenarios. A scenario is YAML with `format: 1` at its top; `market: {beta: 0.1}` and\n"
          "`market.beta: 0.1` say the same. Durations carry their unit (`15 min`, `500 ms`);\n"
          "everything else is a plain decimal in the unit of its row, with or without it\n"
          "(`8 kW`). What some readers take for another number (`010`, `1_000`, `12:30`, `0,59`)\n"
          "is refused. The layer says what a change of the key can touch: agents, market and\n"
          "chain never touch physics.\n",
          out);
    visit_rows((struct gb_scenario_walk){.extensions = extensions}, write_reference_row,
               &reference);
    for (size_t s = 0; s < GB_N_SECTIONS; s++)
        write_reference_section(&reference, gb_sections[s]);
}
