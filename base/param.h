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

#include "base/param_row.h"
#include "base/registry.h"

#define GB_PARAM_ARGUMENTS 4

/* Of GB_PARAM_CALL. Its arguments are the member's config, whose rows are durations or plain
 * numbers in the order in which they are written. */
struct gb_param_call {
    const struct gb_member *member; /* NULL: the first of the family, all its arguments 0 */
    union {
        int64_t ns;
        double number;
    } arguments[GB_PARAM_ARGUMENTS];
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
/* Is the value written as the row's default is? */
bool gb_param_is_at_default(const struct gb_param *row, const void *base);
/* A member and the defaults of its options, as GB_PARAM_CALL writes them: `normal 100 ms 20 ms`.
 * returns buffer, at least 128 bytes */
char *gb_param_example(const struct gb_member *member, char *buffer, size_t size);
/* Copies the value of a row over one struct to that of another row of its kind over another. */
void gb_param_copy(const struct gb_param *to, void *to_base, const struct gb_param *from,
                   const void *from_base);
/* Is every value of the struct one that its row lets be written? For what comes from strangers. */
bool gb_param_is_sound(const struct gb_param *table, const void *base);
/* Fills every row of a table (NULL: of none) with its default. Asserts that each default parses. */
void gb_param_defaults(const struct gb_param *table, void *base);
/* The row named `key`, or NULL; of no table (NULL): NULL. */
const struct gb_param *gb_param_find(const struct gb_param *table, const char *key);

#endif
