#include "experiments/scenario/yaml.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <yaml.h>

#include "base/array.h"
#include "base/file.h"
#include "base/text.h"

#define MAX_DEPTH 8 /* of nested mappings; no key of ours is deeper than four */

struct reader {
    yaml_parser_t parser;
    const char *path, *text; /* text: what is parsed, `length` bytes */
    size_t length;
    struct gb_diagnostics *diagnostics;
    struct gb_yaml *yaml;
    size_t capacity;
    bool is_broken; /* no event follows */
    bool lacks_memory;
};

/* ---- the list */

void gb_yaml_free(struct gb_yaml *yaml)
{
    if (!yaml)
        return;
    for (size_t i = 0; i < yaml->n; i++) {
        free(yaml->entries[i].key);
        free(yaml->entries[i].value);
    }
    free(yaml->entries);
    free(yaml);
}

static void report(struct reader *reader, yaml_mark_t mark, const char *description)
{
    gb_diagnostics_add_at(reader->diagnostics, reader->path, mark.line + 1, mark.column + 1, "%s",
                          description);
}

static const char *scalar_text(const yaml_event_t *event)
{
    return (const char *)event->data.scalar.value;
}

/* Appends an entry with copies of its key and of the value in `event` (empty unless a scalar). */
static void add_entry(struct reader *reader, enum gb_yaml_kind kind, const char *key,
                      yaml_mark_t key_mark, const yaml_event_t *event)
{
    struct gb_yaml *yaml = reader->yaml;

    struct gb_yaml_entry *entries =
        gb_array_grow(yaml->entries, &reader->capacity, yaml->n + 1, sizeof *entries);

    if (!entries) {
        reader->lacks_memory = reader->is_broken = true;
        return;
    }
    yaml->entries = entries;
    bool is_scalar = event->type == YAML_SCALAR_EVENT;
    bool is_list_in_list = !is_scalar && kind == GB_YAML_ITEM;
    struct gb_yaml_entry entry = {.kind = kind,
                                  .key = strdup(key),
                                  .value = strdup(is_scalar         ? scalar_text(event)
                                                  : is_list_in_list ? GB_YAML_LIST_IN_LIST
                                                                    : ""),
                                  .is_list_in_list = is_list_in_list,
                                  .is_quoted = is_scalar &&
                                               event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE,
                                  .key_line = key_mark.line + 1,
                                  .key_column = key_mark.column + 1,
                                  .line = event->start_mark.line + 1,
                                  .column = event->start_mark.column + 1};
    if (!entry.key || !entry.value) {
        free(entry.key);
        free(entry.value);
        reader->lacks_memory = reader->is_broken = true;
        return;
    }
    yaml->entries[yaml->n++] = entry;
}

/* ---- events */

/* Column of a tab among the blanks that begin a line, from 1; 0 where there is none.
 * line  from 0 */
static size_t tab_that_indents(const struct reader *reader, size_t line)
{
    const char *at = reader->text, *end = at + reader->length;

    for (; line > 0 && at; line--) {
        at = memchr(at, '\n', (size_t)(end - at));
        at = at ? at + 1 : NULL;
    }
    for (const char *start = at; at && at < end && (*at == ' ' || *at == '\t'); at++)
        if (*at == '\t')
            return (size_t)(at - start) + 1;
    return 0;
}

static void report_parser_error(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    yaml_mark_t mark = parser->problem_mark;
    size_t tab = parser->error == YAML_SCANNER_ERROR ? tab_that_indents(reader, mark.line) : 0;

    if (tab > 0) {
        gb_diagnostics_add_at(
            reader->diagnostics, reader->path, mark.line + 1, tab,
            "a tab stands here among the blanks that begin the line: YAML indents "
            "with blanks alone");
        return;
    }

    if (parser->error == YAML_READER_ERROR) /* it knows a byte, the mark knows the line */
        mark = parser->mark;
    gb_diagnostics_add_at(reader->diagnostics, reader->path, mark.line + 1, mark.column + 1,
                          "not YAML: %s%s%s", parser->problem ? parser->problem : "unreadable",
                          parser->context ? " " : "", parser->context ? parser->context : "");
}

/* The next event, which the caller deletes; false at the end of what can be read. */
static bool next_event(struct reader *reader, yaml_event_t *event)
{
    if (reader->is_broken)
        return false;
    if (!yaml_parser_parse(&reader->parser, event)) {
        reader->lacks_memory = reader->parser.error == YAML_MEMORY_ERROR;
        if (!reader->lacks_memory)
            report_parser_error(reader);
        reader->is_broken = true;
        return false;
    }
    return true;
}

/* Anchors, aliases and tags make a file mean something else than it says. */
static void refuse_decoration(struct reader *reader, const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL, *tag = NULL;

    switch (event->type) {
    case YAML_SCALAR_EVENT:
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
        break;
    case YAML_ALIAS_EVENT:
        report(reader, event->start_mark, "aliases (*name) are not allowed: write the value out");
        return;
    default: return;
    }
    if (anchor)
        report(reader, event->start_mark, "anchors (&name) are not allowed: write the value out");
    if (tag)
        report(reader, event->start_mark, "tags (!name) are not allowed: the key says the type");
}

/* Reads past what `event` began, and deletes it. */
static void skip_node(struct reader *reader, yaml_event_t *event)
{
    size_t depth = 0;

    for (;;) {
        yaml_event_type_t type = event->type;
        yaml_event_delete(event);
        if (type == YAML_MAPPING_START_EVENT || type == YAML_SEQUENCE_START_EVENT)
            depth++;
        else if (type == YAML_MAPPING_END_EVENT || type == YAML_SEQUENCE_END_EVENT)
            depth--;
        if (depth == 0 || !next_event(reader, event))
            return;
    }
}

static void skip_next(struct reader *reader)
{
    yaml_event_t event;

    if (next_event(reader, &event))
        skip_node(reader, &event);
}

/* A NUL inside would end the text early for everybody who reads it. */
static bool check_scalar(struct reader *reader, const yaml_event_t *event)
{
    if (strlen(scalar_text(event)) == event->data.scalar.length)
        return true;
    report(reader, event->start_mark, "a text with a NUL character is not allowed");
    return false;
}

static void read_mapping(struct reader *reader, const char *prefix, unsigned depth);

/* A mapping in a list, whose start was read: item 0 of `cases` is the section `cases[0]`. */
static void read_item_mapping(struct reader *reader, const char *key, size_t number,
                              const yaml_event_t *event, unsigned depth)
{
    size_t size = strlen(key) + 32;
    char *name = malloc(size);

    if (!name) {
        reader->lacks_memory = reader->is_broken = true;
        return;
    }
    snprintf(name, size, "%s[%zu]", key, number);
    add_entry(reader, GB_YAML_SECTION, name, event->start_mark, event);
    read_mapping(reader, name, depth + 1);
    free(name);
}

static void read_items(struct reader *reader, const char *key, yaml_mark_t key_mark, unsigned depth)
{
    yaml_event_t event;
    size_t n = 0;

    while (next_event(reader, &event)) {
        if (event.type == YAML_SEQUENCE_END_EVENT) {
            yaml_event_delete(&event);
            return;
        }
        refuse_decoration(reader, &event);
        if (event.type == YAML_SCALAR_EVENT) {
            if (check_scalar(reader, &event))
                add_entry(reader, GB_YAML_ITEM, key, key_mark, &event);
            yaml_event_delete(&event);
        } else if (event.type == YAML_MAPPING_START_EVENT && depth < MAX_DEPTH) {
            read_item_mapping(reader, key, n, &event, depth);
            yaml_event_delete(&event);
        } else {
            if (event.type == YAML_SEQUENCE_START_EVENT)
                add_entry(reader, GB_YAML_ITEM, key, key_mark, &event);
            else if (event.type != YAML_ALIAS_EVENT)
                report(reader, event.start_mark, "expected a plain value in a list");
            skip_node(reader, &event);
        }
        n++;
    }
}

/* Files one key with whatever stands behind it, and deletes the event. */
static void read_value(struct reader *reader, const char *key, yaml_mark_t key_mark,
                       yaml_event_t *event, unsigned depth)
{
    refuse_decoration(reader, event);
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        if (check_scalar(reader, event))
            add_entry(reader, GB_YAML_VALUE, key, key_mark, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        add_entry(reader, GB_YAML_LIST, key, key_mark, event);
        read_items(reader, key, key_mark, depth);
        break;
    case YAML_MAPPING_START_EVENT:
        if (depth == MAX_DEPTH) {
            report(reader, event->start_mark, "sections are nested too deeply");
            skip_node(reader, event);
            return;
        }
        add_entry(reader, GB_YAML_SECTION, key, key_mark, event);
        read_mapping(reader, key, depth + 1);
        break;
    default: break;
    }
    yaml_event_delete(event);
}

static char *join(const char *prefix, const char *name)
{
    size_t size = strlen(prefix) + strlen(name) + 2;
    char *key = malloc(size);

    if (key)
        snprintf(key, size, "%s%s%s", prefix, prefix[0] ? "." : "", name);
    return key;
}

/* Reads keys and values until the mapping ends; its start was read. */
static void read_mapping(struct reader *reader, const char *prefix, unsigned depth)
{
    yaml_event_t event;

    while (next_event(reader, &event)) {
        if (event.type == YAML_MAPPING_END_EVENT) {
            yaml_event_delete(&event);
            return;
        }
        yaml_mark_t mark = event.start_mark;
        refuse_decoration(reader, &event);
        if (event.type != YAML_SCALAR_EVENT || !check_scalar(reader, &event)) {
            if (event.type != YAML_SCALAR_EVENT && event.type != YAML_ALIAS_EVENT)
                report(reader, mark, "expected a key: a plain word");
            skip_node(reader, &event);
            skip_next(reader);
            continue;
        }
        char *key = join(prefix, scalar_text(&event));
        yaml_event_delete(&event);
        if (!key)
            reader->lacks_memory = reader->is_broken = true;
        if (key && next_event(reader, &event))
            read_value(reader, key, mark, &event, depth);
        free(key);
    }
}

/* ---- decimal commas */

static const char *last_word(const char *key)
{
    const char *dot = strrchr(key, '.');

    return dot ? dot + 1 : key;
}

char *gb_yaml_join_items(const struct gb_yaml *yaml, size_t i, char *buffer, size_t size)
{
    const char *before = "";

    buffer[0] = '\0';
    for (i++; i < yaml->n && yaml->entries[i].kind == GB_YAML_ITEM; i++) {
        gb_text_append(buffer, size, "%s%s", before, yaml->entries[i].value);
        before = ", ";
    }
    return buffer;
}

bool gb_yaml_is_cut_off(const struct gb_yaml *yaml, size_t i)
{
    const struct gb_yaml_entry *entry = &yaml->entries[i], *before = entry - 1;

    if (i == 0 || entry->kind != GB_YAML_VALUE || before->kind != GB_YAML_VALUE ||
        entry->value[0] || entry->is_quoted || before->is_quoted)
        return false;
    const char *digits = last_word(entry->key);
    size_t n = strlen(before->value);
    return strspn(digits, "0123456789") > 0 && n > 0 && before->value[n - 1] >= '0' &&
           before->value[n - 1] <= '9' && entry->key_line == before->line &&
           entry->key_column == before->column + n + 1 && /* right behind the comma */
           strncmp(entry->key, before->key, (size_t)(digits - entry->key)) == 0;
}

char *gb_yaml_explain_cut(const struct gb_yaml *yaml, size_t i, char *buffer, size_t size)
{
    const struct gb_yaml_entry *entry = &yaml->entries[i], *before = entry - 1;
    const char *digits = last_word(entry->key);

    snprintf(buffer, size,
             "%.100s: expected a decimal point, got '%.40s,%.40s': inside {} a comma ends "
             "the value; write %.40s.%.40s",
             before->key, before->value, digits, before->value, digits);
    return buffer;
}

/* ---- documents */

static void read_document(struct reader *reader)
{
    yaml_event_t event;

    if (!next_event(reader, &event))
        return;
    refuse_decoration(reader, &event);
    bool is_null = event.type == YAML_SCALAR_EVENT && event.data.scalar.length == 0;
    if (event.type == YAML_MAPPING_START_EVENT) {
        yaml_event_delete(&event);
        read_mapping(reader, "", 0);
        reader->yaml->is_whole = !reader->is_broken;
        return;
    }
    report(reader, event.start_mark,
           is_null ? "the document is empty" : "expected keys and values (`key: value`)");
    skip_node(reader, &event);
}

static void read_stream(struct reader *reader)
{
    yaml_event_t event;
    size_t n_documents = 0;

    while (next_event(reader, &event)) {
        yaml_event_type_t type = event.type;
        yaml_mark_t mark = event.start_mark;
        yaml_event_delete(&event);
        if (type == YAML_STREAM_END_EVENT && n_documents == 0)
            report(reader, mark, "the file is empty");
        if (type == YAML_STREAM_END_EVENT)
            return;
        if (type != YAML_DOCUMENT_START_EVENT)
            continue;
        if (n_documents++ > 0) {
            report(reader, mark, "a second document begins here: one file is one document");
            return;
        }
        read_document(reader);
    }
}

static int compare_keys(const void *a, const void *b)
{
    const struct gb_yaml_entry *x = *(const struct gb_yaml_entry *const *)a;
    const struct gb_yaml_entry *y = *(const struct gb_yaml_entry *const *)b;
    int order = strcmp(x->key, y->key);

    if (order != 0)
        return order;
    return x < y ? -1 : x > y; /* neighbours in one array: the order of the file */
}

/* A key counts once, whether it was written nested or dotted. */
static void refuse_duplicates(struct reader *reader)
{
    const struct gb_yaml *yaml = reader->yaml;
    const struct gb_yaml_entry **sorted = malloc((yaml->n + 1) * sizeof *sorted);
    size_t n = 0;

    if (!sorted) {
        reader->lacks_memory = true;
        return;
    }
    for (size_t i = 0; i < yaml->n; i++)
        if (yaml->entries[i].kind != GB_YAML_ITEM)
            sorted[n++] = &yaml->entries[i];
    qsort(sorted, n, sizeof *sorted, compare_keys);
    for (size_t i = 1; i < n; i++)
        if (strcmp(sorted[i - 1]->key, sorted[i]->key) == 0)
            gb_diagnostics_add_at(reader->diagnostics, reader->path, sorted[i]->key_line,
                                  sorted[i]->key_column,
                                  "'%.100s' stands here a second time (line "
                                  "%zu has it already)",
                                  sorted[i]->key, sorted[i - 1]->key_line);
    free(sorted);
}

enum gb_status gb_yaml_parse(struct gb_yaml **out, const char *text, size_t length,
                             const char *name, struct gb_diagnostics *diagnostics,
                             struct gb_error *err)
{
    struct reader reader = {
        .path = name, .text = text, .length = length, .diagnostics = diagnostics};

    reader.yaml = calloc(1, sizeof *reader.yaml);
    if (!reader.yaml || !yaml_parser_initialize(&reader.parser)) {
        free(reader.yaml);
        return gb_fail(err, GB_ENOMEM, "no memory to read '%s'", name);
    }
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, length);
    read_stream(&reader);
    refuse_duplicates(&reader);
    yaml_parser_delete(&reader.parser);
    if (reader.lacks_memory) {
        gb_yaml_free(reader.yaml);
        return gb_fail(err, GB_ENOMEM, "no memory to read '%s'", name);
    }
    *out = reader.yaml;
    return GB_OK;
}

enum gb_status gb_yaml_read(struct gb_yaml **out, const char *path,
                            struct gb_diagnostics *diagnostics, struct gb_error *err)
{
    char *text = NULL;
    size_t length = 0;
    enum gb_status status = gb_file_read(path, GB_SCENARIO_FILE_MAX, &text, &length, err);

    if (status == GB_OK)
        status = gb_yaml_parse(out, text, length, path, diagnostics, err);
    free(text);
    return status;
}
