#include "experiments/scenario/section.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/edit_distance.h"
#include "base/text.h"

/* ---- keys */

bool gb_item_name_is_good(const char *name, size_t length)
{
    if (length == 0 || length >= GB_ITEM_NAME_SIZE || !isalpha((unsigned char)name[0]))
        return false;
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)name[i]) && name[i] != '-' && name[i] != '_')
            return false;
    return true;
}

/* The rows of one of the tables that items override; NULL: it ends their list, or there is none. */
static const struct gb_param *rows_of(const struct gb_overridden *from)
{
    return !from ? NULL : from->rows ? from->rows : from->member ? from->member->params : NULL;
}

void gb_section_visit(const struct gb_section *section,
                      void (*visit)(void *context, const struct gb_param *row,
                                    const struct gb_overridden *from),
                      void *context)
{
    for (const struct gb_param *row = section->rows; row->key; row++)
        visit(context, row, NULL);
    for (const struct gb_overridden *from = section->overridden; rows_of(from); from++)
        for (const struct gb_param *row = rows_of(from); row->key; row++)
            if (row->flags & GB_PARAM_OF_KIND)
                visit(context, row, from);
}

bool gb_section_follows(const struct gb_section *section, const char *behind)
{
    for (const struct gb_overridden *from = section->overridden; rows_of(from); from++)
        if (gb_param_find(rows_of(from), behind))
            return true;
    return false;
}

const struct gb_param *gb_section_find_row(const struct gb_section *section, const char *behind)
{
    const struct gb_param *row = gb_param_find(section->rows, behind);

    for (const struct gb_overridden *from = section->overridden; !row && rows_of(from); from++) {
        row = gb_param_find(rows_of(from), behind);
        if (row && !(row->flags & GB_PARAM_OF_KIND))
            return NULL;
    }
    return row;
}

/* The flag that a row's first word is: `pv` of `pv.size`; NULL: none. */
static const struct gb_param *flag_of(const struct gb_section *section, const char *key)
{
    size_t length = strcspn(key, ".");

    for (const struct gb_param *row = section->rows; key[length] && row->key; row++)
        if (row->kind == GB_PARAM_FLAG && strlen(row->key) == length &&
            memcmp(row->key, key, length) == 0)
            return row;
    return NULL;
}

struct prefix {
    const char *text;
    const struct gb_param *first;
};

static void find_prefix(void *context, const struct gb_param *row, const struct gb_overridden *from)
{
    struct prefix *prefix = context;
    size_t length = strlen(prefix->text);

    (void)from;
    if (!prefix->first && strncmp(row->key, prefix->text, length) == 0 && row->key[length] == '.')
        prefix->first = row;
}

const struct gb_param *gb_section_first_below(const struct gb_section *section, const char *behind)
{
    struct prefix prefix = {.text = behind};

    gb_section_visit(section, find_prefix, &prefix);
    return prefix.first;
}

/* ---- one item */

static void clear_item(struct gb_item *item)
{
    free(item->values);
    free(item->rows);
    free(item->is_given);
    free(item->texts);
}

/* Writes the rows of an item's keys, and their texts; without memory for them counts alone. */
struct row_writer {
    struct gb_item *item;
    struct gb_text text; /* each text with the 0 behind it */
    size_t n;
};

static void write_text(struct row_writer *writer, const char *text, size_t length)
{
    fprintf(writer->text.stream, "%s.%s.%.*s", writer->item->section->name, writer->item->name,
            (int)length, text);
}

/* Is the key of a condition one of the item's own, not of the scenario's alone? */
static bool asks_item(const struct gb_section *section, const char *condition)
{
    char key[128];
    size_t length = strcspn(condition, "!=");

    assert(length < sizeof key);
    memcpy(key, condition, length);
    key[length] = '\0';
    return gb_section_find_row(section, key) != NULL;
}

/* Conditions of a row, each of a key of the same item where it has that key. */
static void write_conditions(struct row_writer *writer, const struct gb_param *row)
{
    const struct gb_param *flag = flag_of(writer->item->section, row->key);

    for (const char *condition = row->read_when; condition;) {
        size_t length = strcspn(condition, "|&");
        if (asks_item(writer->item->section, condition))
            write_text(writer, condition, length);
        else
            fprintf(writer->text.stream, "%.*s", (int)length, condition);
        if (condition[length])
            fputc(condition[length], writer->text.stream);
        condition = condition[length] ? condition + length + 1 : NULL;
    }
    if (!row->read_when && flag) {
        write_text(writer, flag->key, strlen(flag->key));
        fputs("=yes", writer->text.stream);
    }
    fputc('\0', writer->text.stream);
}

static void write_row(void *context, const struct gb_param *row, const struct gb_overridden *from)
{
    struct row_writer *writer = context;

    (void)from;
    write_text(writer, row->key, strlen(row->key));
    fputc('\0', writer->text.stream);
    write_conditions(writer, row);
    writer->n++;
}

/* Gives a row the texts written for it. */
static void take_row(void *context, const struct gb_param *row, const struct gb_overridden *from)
{
    struct row_writer *writer = context;
    struct gb_param *own = &writer->item->rows[writer->item->n_rows++];
    const char *key = writer->item->texts + writer->n;
    const char *read_when = key + strlen(key) + 1;

    assert(row->kind != GB_PARAM_BLOCK && "a block belongs to whoever owns the struct");
    *own = *row;
    own->offset += from ? from->offset : 0;
    own->key = key;
    own->read_when = read_when[0] ? read_when : NULL;
    if (row->read_when)
        own->flags |= GB_PARAM_REFUSED_UNREAD; /* it was written for these homes alone */
    writer->n += strlen(key) + strlen(read_when) + 2;
}

static bool make_rows(struct gb_item *item)
{
    struct row_writer writer = {.item = item};

    if (!gb_text_open(&writer.text))
        return false;
    gb_section_visit(item->section, write_row, &writer);
    size_t n = writer.n;
    item->texts = gb_text_close(&writer.text);
    item->rows = calloc(n + 1, sizeof *item->rows);
    item->is_given = calloc(n + 1, sizeof *item->is_given);
    item->values = calloc(1, item->section->size);
    if (!item->texts || !item->rows || !item->is_given || !item->values)
        return false;
    writer.n = 0;
    gb_section_visit(item->section, take_row, &writer);
    gb_param_defaults(item->section->rows, item->values);
    return true;
}

static size_t row_number(const struct gb_item *item, const char *key)
{
    size_t before = strlen(item->section->name) + strlen(item->name) + 2;

    for (size_t i = 0; i < item->n_rows; i++)
        if (strcmp(item->rows[i].key + before, key) == 0)
            return i;
    return item->n_rows;
}

bool gb_item_gives(const struct gb_item *item, const char *key)
{
    return item->is_given[row_number(item, key)]; /* behind the last row stands a false one */
}

const char *gb_item_absence(const struct gb_item *item, const char *behind)
{
    for (const struct gb_absent_key *absent = item->section->absent; absent && absent->key;
         absent++) {
        size_t length = strlen(absent->key);
        if (strncmp(behind, absent->key, length) == 0 &&
            (behind[length] == '.' || behind[length] == '\0'))
            return absent->description;
    }
    return NULL;
}

const char *gb_item_nearest_key(const struct gb_item *item, const char *behind)
{
    size_t before = strlen(item->section->name) + strlen(item->name) + 2;
    size_t min = strlen(behind) / 3 + 2; /* further away is another word, not a slip */
    const char *nearest = NULL;

    for (size_t i = 0; i < item->n_rows; i++) {
        const char *key = item->rows[i].key + before;
        const char *last = strrchr(key, '.');
        size_t distance = gb_edit_distance(behind, key);
        if (distance >= min && last && strcmp(last + 1, behind) == 0)
            distance = min - 1; /* without its section */
        if (distance < min) {
            min = distance;
            nearest = item->rows[i].key;
        }
    }
    return nearest;
}

void gb_item_give(struct gb_item *item, const char *key)
{
    item->is_given[row_number(item, key)] = true;
}

/* ---- what follows from what is given */

/* A flag that is not given is set by any key below it. */
static void settle_flag(struct gb_item *item, const struct gb_param *flag)
{
    const struct gb_param *row = &item->rows[row_number(item, flag->key)];
    size_t length = strlen(row->key);
    bool is_set = false;

    for (size_t i = 0; i < item->n_rows; i++)
        is_set |= item->is_given[i] && strncmp(item->rows[i].key, row->key, length) == 0 &&
                  item->rows[i].key[length] == '.';
    memcpy((char *)item->values + flag->offset, &is_set, sizeof is_set);
}

/* Rows of the scenario's own that an item was not given. */
static void settle_overridden(struct gb_item *item, const struct gb_overridden *from,
                              void (*inherit)(const void *context, const struct gb_param *row,
                                              void *base),
                              const void *context)
{
    void *base = (char *)item->values + from->offset;
    char why[512];

    for (const struct gb_param *row = rows_of(from); row->key; row++) {
        if (gb_item_gives(item, row->key))
            continue;
        if (row->spread_of && gb_item_gives(item, row->spread_of))
            gb_param_parse(row, "0", base, why, sizeof why);
        else
            inherit(context, row, base);
    }
}

void gb_item_settle(struct gb_item *item,
                    void (*inherit)(const void *context, const struct gb_param *row, void *base),
                    const void *context)
{
    char why[512];

    for (const struct gb_param *row = item->section->rows; row->key; row++) {
        if (gb_item_gives(item, row->key))
            continue;
        gb_param_parse(row, row->default_text, item->values, why, sizeof why);
        if (row->kind == GB_PARAM_FLAG)
            settle_flag(item, row);
    }
    for (const struct gb_overridden *from = item->section->overridden; rows_of(from); from++)
        settle_overridden(item, from, inherit, context);
}

/* ---- all items of a section */

struct gb_item *gb_items_find(const struct gb_items *items, const char *name, size_t length)
{
    for (size_t i = 0; i < items->n; i++)
        if (strlen(items->list[i].name) == length && memcmp(items->list[i].name, name, length) == 0)
            return &items->list[i];
    return NULL;
}

const char *gb_items_nearest(const struct gb_items *items, const char *name, size_t length)
{
    char word[GB_ITEM_NAME_SIZE];
    size_t min = length / 3 + 2;
    const char *nearest = NULL;

    snprintf(word, sizeof word, "%.*s", (int)length, name);
    for (size_t i = 0; i < items->n; i++) {
        size_t distance = gb_edit_distance(word, items->list[i].name);
        if (distance < min) {
            min = distance;
            nearest = items->list[i].name;
        }
    }
    return nearest;
}

enum gb_status gb_items_add(struct gb_items *items, const struct gb_section *section,
                            const char *name, size_t length, struct gb_error *err)
{
    struct gb_item item = {.section = section};
    struct gb_item *list = gb_array_grow(items->list, &items->capacity, items->n + 1, sizeof *list);
    size_t place = items->n;

    assert(length < sizeof item.name);
    memcpy(item.name, name, length);
    if (list)
        items->list = list;
    if (!list || !make_rows(&item)) {
        clear_item(&item);
        return gb_fail(err, GB_ENOMEM, "no memory for the %s '%s'", section->item, item.name);
    }
    for (; place > 0 && strcmp(list[place - 1].name, item.name) > 0; place--)
        list[place] = list[place - 1];
    list[place] = item;
    items->n++;
    return GB_OK;
}

enum gb_status gb_items_copy(struct gb_items *out, const struct gb_items *from,
                             struct gb_error *err)
{
    struct gb_items copy = {.n = 0};

    for (size_t i = 0; i < from->n; i++) {
        const struct gb_item *item = &from->list[i];
        enum gb_status status =
            gb_items_add(&copy, item->section, item->name, strlen(item->name), err);
        if (status != GB_OK) {
            gb_items_clear(&copy);
            return status;
        }
        struct gb_item *own = &copy.list[i];
        own->line = item->line;
        own->column = item->column;
        memcpy(own->values, item->values, item->section->size);
        memcpy(own->is_given, item->is_given, item->n_rows * sizeof *own->is_given);
    }
    *out = copy;
    return GB_OK;
}

void gb_items_clear(struct gb_items *items)
{
    for (size_t i = 0; i < items->n; i++)
        clear_item(&items->list[i]);
    free(items->list);
    *items = (struct gb_items){.list = NULL};
}
