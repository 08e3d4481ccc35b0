/* YAML as a flat list: every key of a file with its full dotted name, its value as text and its
 * place.
 *
 * Nested mappings and dotted keys say the same: `market: {beta: 0.1}` and `market.beta: 0.1`.
 * Sections in a list are numbered: `cases[0].name`. What
 * would make two readers see two scenarios is refused: duplicate keys, anchors and aliases, tags,
 * several documents. Values stay text; their meaning is the business of whoever reads the list. */
#ifndef EXPERIMENTS_SCENARIO_YAML_H
#define EXPERIMENTS_SCENARIO_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "experiments/scenario/diagnostics.h"

enum gb_yaml_kind {
    GB_YAML_VALUE,   /* key: value */
    GB_YAML_SECTION, /* key: {...}; the keys below it follow */
    GB_YAML_LIST,    /* key: [...]; its items follow */
    GB_YAML_ITEM     /* one value of a list, or a list in it, under the list's key */
};

#define GB_YAML_LIST_IN_LIST "[...]" /* stands for the value of an item that is a list itself */

struct gb_yaml_entry {
    enum gb_yaml_kind kind;
    bool is_quoted;              /* "7" or a block, rather than 7 */
    bool is_list_in_list;        /* no key takes any: whoever knows the key says what it takes */
    char *key;                   /* "market.requote.match" */
    char *value;                 /* "" for sections and lists */
    size_t key_line, key_column; /* from 1 */
    size_t line, column;         /* of the value */
};

struct gb_yaml {
    bool is_whole; /* it was one mapping, read to its end */
    size_t n;
    struct gb_yaml_entry *entries; /* in the order of the file */
};

/* Bytes of the largest file that is taken for a scenario, a sweep or a table of orders. */
#define GB_SCENARIO_FILE_MAX ((size_t)64 << 20)

/* Reads a file into a list. What is wrong with its form goes into diagnostics, and the list then
 * holds what could be read; GB_EFILE when there is no reading it at all. Caller frees *out. */
enum gb_status gb_yaml_read(struct gb_yaml **out, const char *path,
                            struct gb_diagnostics *diagnostics, struct gb_error *err);
/* The same from memory; `name` stands for the file in diagnostics. */
enum gb_status gb_yaml_parse(struct gb_yaml **out, const char *text, size_t length,
                             const char *name, struct gb_diagnostics *diagnostics,
                             struct gb_error *err);
void gb_yaml_free(struct gb_yaml *yaml);

/* The items of the list at entry i, as one text: "weather, chain". returns buffer */
char *gb_yaml_join_items(const struct gb_yaml *yaml, size_t i, char *buffer, size_t size);

/* Is entry i what a decimal comma inside {} cut off the value before it? `{retail: 0,59}` reads as
 * retail: 0 and a key 59 without a value. */
bool gb_yaml_is_cut_off(const struct gb_yaml *yaml, size_t i);
/* The description of it: "tariff.retail: expected a decimal point, got '0,59' ...". returns buffer
 */
char *gb_yaml_explain_cut(const struct gb_yaml *yaml, size_t i, char *buffer, size_t size);

#endif
