/* What the files behind base/param.h share: what is true of each kind, units, and the sentence
 * about a value that is none. */
#ifndef BASE_PARAM_PRIV_H
#define BASE_PARAM_PRIV_H

#include "base/param.h"

struct gb_param_kind_facts {
    const char *expected, *form; /* what a user should write: `a price` ... `with ...` */
    size_t size;                 /* of the field */
    int decimals;                /* of a fixed-point kind; -1: another kind */
    double scale;                /* integers per unit of the range */
};
extern const struct gb_param_kind_facts gb_param_kinds[];

enum { GB_PARAM_NUMBER_SIZE = 64 };

/* The words of a row of numbers: see `choices` in the header. */
static inline bool gb_param_has_words(const struct gb_param *row)
{
    return row->choices && row->kind < GB_PARAM_CALL;
}

/* Does the row hold its values to a range? */
static inline bool gb_param_has_range(const struct gb_param *row)
{
    return (row->minimum != 0 || row->maximum != 0) && row->kind < GB_PARAM_CALL;
}

/* Does a plain number of this row stand in a unit of its own? */
bool gb_param_has_unit(const struct gb_param *row);
/* Is `name` the row's unit, in its own spelling or in the sign for it? */
bool gb_param_is_unit_of(const struct gb_param *row, const char *name);
/* Parts "8 kW" into a number and what follows it. returns false where either is missing or the
 * number is too long for any */
bool gb_param_part_unit(const char *text, char number[GB_PARAM_NUMBER_SIZE], const char **unit);

/* Reads and writes a set of words.
 * wrong  of a list that is none: its first word that is no choice, or stands there twice */
bool gb_param_parse_words(const struct gb_param *row, const char *text, uint32_t *words,
                          char *wrong, size_t size);
void gb_param_format_words(const struct gb_param *row, uint32_t words, char *buffer, size_t size);

/* Writes what was expected instead of `text`. */
void gb_param_explain(const struct gb_extensions *extensions, const struct gb_param *row,
                      const char *text, char *why, size_t why_size);

#endif
