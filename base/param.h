/* Parameter tables: one strict row a key, from which the reader of scenarios, `--set`, `explain`,
 * the reference page and the stored effective scenario are all made.
 *
 * A row says where in its struct the value lives (`offset`); a table belongs to one struct. Members
 * of a family (strategies, mechanisms) bring tables of their own whose values live in a struct of
 * theirs. Every default is written as text and read by the same parser as the user's. */
#ifndef BASE_PARAM_H
#define BASE_PARAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/registry.h"

enum gb_param_kind {                      /* C type of the field */
                     GB_PARAM_INTEGER,    /* int64_t */
                     GB_PARAM_NUMBER,     /* double */
                     GB_PARAM_MILLIONTHS, /* int64_t, 1e-6 (beta, shares that must be exact) */
                     GB_PARAM_PRICE,      /* struct gb_price; written in currency per kWh */
                     GB_PARAM_MONEY,      /* struct gb_money; written in currency */
                     GB_PARAM_ENERGY,     /* struct gb_energy; written in Wh */
                     GB_PARAM_DURATION, /* int64_t ns; written with its unit: `15 min`, `500 ms` */
                     GB_PARAM_DELAY,    /* struct gb_delay */
                     GB_PARAM_CHOICE,   /* int32_t, index into choices */
                     GB_PARAM_FLAG,     /* bool; yes | no, true | false */
                     GB_PARAM_DATE,     /* int64_t, days since 1970-01-01; written 2023-06-01 */
                     GB_PARAM_MEMBER,   /* pointer to a member of the row's family; its name */
                     GB_PARAM_TEXT      /* char[GB_PARAM_TEXT_SIZE]: a name or a path */
};

#define GB_PARAM_TEXT_SIZE 512

enum gb_layer { /* what a change of the row can touch */
                GB_LAYER_PHYSICS,
                GB_LAYER_AGENTS,
                GB_LAYER_MARKET,
                GB_LAYER_CHAIN,
                GB_LAYER_OUTPUT
};

struct gb_param {
    const char *key; /* "market.beta"; NULL ends a table */
    enum gb_param_kind kind;
    size_t offset;
    const char *default_text;   /* default, as a user would write it */
    double minimum, maximum;    /* both inclusive, in the unit the value is written in, of a
                                 * duration in seconds; both 0 = unbounded, INFINITY = open
                                 * on that side; none for delays and what follows them */
    const char *unit;           /* "currency/kWh", "Wh", "1"; NULL for texts and choices; a
                                 * plain number may be written with it: `8 kW` */
    const char *const *choices; /* NULL-terminated, for GB_PARAM_CHOICE; of a row whose
                                 * field is an int64_t or double from 0 on: words it takes
                                 * beside numbers, word i stored as -1 - i (`until_cross`) */
    enum gb_layer layer;
    const char *description;        /* what it is, in one line */
    const struct gb_family *family; /* of GB_PARAM_MEMBER */
};

/* Reads one value as a user writes it into `base + row->offset`.
 * returns false with what was expected in `why` ("expected a number from 0 to 1, got 'x'") */
bool gb_param_parse(const struct gb_param *row, const char *text, void *base, char *why,
                    size_t why_size);
/* The same where members handed in at run time may be named. */
bool gb_param_parse_with(const struct gb_extensions *extensions, const struct gb_param *row,
                         const char *text, void *base, char *why, size_t why_size);
/* Writes the value as text that gb_param_parse reads back to the same bits.
 * buffer  at least 128 bytes, for a text GB_PARAM_TEXT_SIZE; returns buffer */
char *gb_param_format(const struct gb_param *row, const void *base, char *buffer, size_t size);
/* Fills every row of a table (NULL: of none) with its default. Asserts that each default parses. */
void gb_param_defaults(const struct gb_param *table, void *base);
/* The row named `key`, or NULL; of no table (NULL): NULL. */
const struct gb_param *gb_param_find(const struct gb_param *table, const char *key);

/* `15 min`, `500 ms`, `2 h`, `1.5 s`, `3 d`, `10 us`, `20 ns` as nanoseconds, exactly; negative
 * numbers, a missing unit and fractions of a nanosecond are refused. */
bool gb_duration_parse(const char *text, int64_t *out_ns);
char *gb_duration_format(int64_t ns, char *buffer, size_t size); /* largest unit that is exact */

/* Edit distance between two short words, for "did you mean". */
size_t gb_edit_distance(const char *a, const char *b);

#endif
