/* Named sections of a scenario: those whose items the author names, such as the kinds of homes in
 *     households:
 *       farm: {count: 2, pv: {size: 25}}
 * Every item is a struct of its own, described by rows (base/param.h), and its keys are keys of the
 * scenario: `households.farm.pv.size` is read, set, varied, explained and stored like any other. An
 * item remembers which keys it was given: those alone are stored, and every other follows.
 *
 * To add a section:
 *  1. A file from households.c: a struct of an item's values, a table of its rows, whose keys are
 *     those behind the item's name, and a `const struct gb_section gb_section_NAME`.
 *  2. Its line in sections.def: GB_SECTION(NAME).
 *  3. Use the items, in gb_scenario.items[GB_SECTION_NAME], sorted by their names, each with its
 *     values at their place; or derive from them, in `settle`, what models need.
 * The reader, messages, `explain`, the reference page and the stored scenario follow. Files create
 * items; a setting can only change those that there are. */
#ifndef EXPERIMENTS_SCENARIO_SECTION_H
#define EXPERIMENTS_SCENARIO_SECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/param.h"
#include "base/status.h"

#define GB_ITEM_NAME_SIZE 32 /* of a name and the 0 behind it */

struct gb_scenario;
struct gb_reading;

/* A key that would stand in an item, but is not built yet; ends with one without key. */
struct gb_absent_key {
    const char *key;         /* and all below it */
    const char *description; /* "electric vehicles are not modelled yet" */
};

/* Rows that carry keys of the scenario's own, over a struct within an item's values. */
struct gb_overridden {
    const struct gb_param *rows;    /* NULL: those of the member; without either ends a list */
    const struct gb_member *member; /* whose options they are */
    size_t offset;                  /* of the struct they are over */
};

struct gb_section {
    const char *name;        /* "households" */
    const char *item;        /* what one is: "kind of households" */
    const char *placeholder; /* of its name, where none is meant: "KIND" */
    const char *summary;     /* of the reference page, in whole sentences */
    const char *example;     /* of the template: lines that might stand in a scenario */
    size_t size;             /* of an item's values */
    /* The section's own rows, over the values. A flag whose key is the first word of other rows
     * (`pv` of `pv.size`) is set by these, too, and by an empty section (`pv: {}`). */
    const struct gb_param *rows;
    /* Rows over the values that carry keys of the scenario's own: what an item does not give
     * follows the scenario, but for spreads (gb_param.spread_of). Those with GB_PARAM_OF_KIND may
     * be given. NULL: none. */
    const struct gb_overridden *overridden;
    const struct gb_absent_key *absent; /* NULL: none */
    /* Behind every reading, when all rows of all items have their values: what follows from them.
     * NULL: nothing. */
    enum gb_status (*settle)(struct gb_scenario *scenario, struct gb_error *err);
    /* Reports what is wrong between the keys of items. NULL: nothing can be. */
    void (*check)(struct gb_reading *reading);
};

enum gb_section_number {
#define GB_SECTION(name, upper) GB_SECTION_##upper,
#include "experiments/scenario/sections.def"
#undef GB_SECTION
    GB_N_SECTIONS
};
extern const struct gb_section *const gb_sections[GB_N_SECTIONS];

struct gb_item {
    const struct gb_section *section;
    char name[GB_ITEM_NAME_SIZE];
    size_t line, column; /* of its name in the file that created it */
    size_t row_line;     /* of the row of meters.file that it is of; 0: it is one of the section */
    void *values;        /* the section's struct; owned, like all the rest */
    size_t n_rows;
    struct gb_param *rows; /* of the keys that may be given, whole: "households.farm.pv.size" */
    bool *is_given;        /* a row */
    char *texts;           /* of the rows */
};

struct gb_items {
    size_t n, capacity;
    struct gb_item *list; /* in the order of their names */
};

/* Is this the name of an item: letters, digits, - and _, a letter first? */
bool gb_item_name_is_good(const char *name, size_t length);
/* The section that a key lies in, and the item's name in it. returns NULL: in none
 * name, length  of the item; length 0: the key is the section itself
 * behind        of the key, behind the item's name and its dot; NULL: the key is the item itself */
const struct gb_section *gb_section_of_key(const char *key, const char **name, size_t *length,
                                           const char **behind);
/* The row of a key that stands behind an item's name, whatever items there are; NULL: none. */
const struct gb_param *gb_section_find_row(const struct gb_section *section, const char *behind);
/* Has the scenario a row of this key among those that items follow, whether or not they may be
 * given it? */
bool gb_section_follows(const struct gb_section *section, const char *behind);
/* Calls `visit` for every row that an item may be given.
 * from  whose row it is; NULL: the section's own */
void gb_section_visit(const struct gb_section *section,
                      void (*visit)(void *context, const struct gb_param *row,
                                    const struct gb_overridden *from),
                      void *context);

/* NULL: there is none of this name. */
struct gb_item *gb_items_find(const struct gb_items *items, const char *name, size_t length);
/* The name nearest to one that there is none of; NULL: none is near. */
const char *gb_items_nearest(const struct gb_items *items, const char *name, size_t length);
/* The whole key nearest to one that an item has not, given behind its name; NULL: none is near. */
const char *gb_item_nearest_key(const struct gb_item *item, const char *behind);
/* Why a key, given behind the name, is not there yet; NULL: it is no such key. */
const char *gb_item_absence(const struct gb_item *item, const char *behind);
/* The first key of items that lies below this one ("pv.size" below "pv"); NULL: none does. */
const struct gb_param *gb_section_first_below(const struct gb_section *section, const char *behind);
/* Adds an item with every row at its default; GB_ENOMEM. */
enum gb_status gb_items_add(struct gb_items *items, const struct gb_section *section,
                            const char *name, size_t length, struct gb_error *err);
enum gb_status gb_items_copy(struct gb_items *out, const struct gb_items *from,
                             struct gb_error *err);
void gb_items_clear(struct gb_items *items);
/* Was the item given this key, which stands behind its name ("pv.size")? */
bool gb_item_gives(const struct gb_item *item, const char *key);
/* Its value, which follows from another, is stored as if it had been given. */
void gb_item_give(struct gb_item *item, const char *key);
/* Gives every row that the item was not given its value.
 * inherit  copies the scenario's own value of a row among those that items override, over the
 * struct of that row */
void gb_item_settle(struct gb_item *item,
                    void (*inherit)(const void *context, const struct gb_param *row, void *base),
                    const void *context);

#endif
