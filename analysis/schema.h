/* The schema of the records: for every field of every row its name in a file, its place in the
 * struct, its kind, unit and description. The journal and the result file are both written and read
 * through these tables, so a field is named, measured and described in exactly one place. */
#ifndef ANALYSIS_SCHEMA_H
#define ANALYSIS_SCHEMA_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/rows.h"

enum gb_field_kind {                      /* type in the struct */
                     GB_FIELD_INTEGER,    /* int64_t */
                     GB_FIELD_ENERGY,     /* int64_t, Wh */
                     GB_FIELD_MONEY,      /* int64_t, 1e-9 currency */
                     GB_FIELD_PRICE,      /* int64_t, 1e-6 currency per kWh */
                     GB_FIELD_MILLIONTHS, /* int64_t, 1e-6 */
                     GB_FIELD_TIME,     /* int64_t, ns since the start of the run, or GB_NO_TIME */
                     GB_FIELD_UNSIGNED, /* uint64_t below 2^63 */
                     GB_FIELD_INDEX,    /* uint32_t */
                     GB_FIELD_FLAG,     /* uint8_t: one of a list of words */
                     GB_FIELD_NUMBER,   /* double */
                     GB_FIELD_HASH,     /* uint8_t[32] */
                     GB_FIELD_NAME      /* char[GB_NAME_SIZE], UTF-8, closed by NUL */
};

#define GB_HASH_BYTES 32 /* of a GB_FIELD_HASH */
/* Bound of every sum of energy or money: two such sums add and subtract within 64 bits. A scenario
 * that could pass it is refused when it is read. */
#define GB_MAX_SUM (INT64_MAX / 2)

enum gb_reference { /* what the number in a field is a number of */
                    GB_REFERS_TO_NOTHING,
                    GB_REFERS_TO_METER, /* of the trial, from 0: below n_meters of its summary */
                    GB_REFERS_TO_SLOT   /* likewise below n_slots */
};

/* The values a field may hold. A number (double) is any finite one, or NaN for none; a flag is one
 * of its words; what says "none" is allowed besides. */
struct gb_field_domain {
    int64_t low, high; /* of integers and indices, in the unit of the struct */
    enum gb_reference of;
};

enum gb_share { /* how far the values of a field can go, by what it is */
                GB_NO_SHARE,
                GB_SHARE,         /* from 0 to 1 */
                GB_SHARE_TO_WHOLE /* up to 1; below 0 where more goes the other way */
};

struct gb_field {
    const char *name; /* in the file; NULL ends a table */
    size_t offset;
    enum gb_field_kind kind;
    const char *unit; /* as shown after scaling; "1" for a plain number */
    const char *long_name;
    const char *words; /* of a flag: one word a value, from 0, blanks between */
    struct gb_field_domain domain;
    const char *denominator; /* of a ratio: the field that it is a share of, so that over
                              * trials it is a ratio of sums; NULL: it is no ratio */
    const int64_t *missing;  /* the value in the struct that says "none", the `_FillValue` of
                              * the file; NULL: there is always one. Numbers have NaN */
    enum gb_share share;
};

#define GB_MAX_FIELDS 256 /* of a table: schema.c does not compile with more */

struct gb_schema {
    const char *group;          /* "summary" */
    enum gb_output_level level; /* from which on it is kept */
    const char *description;
    size_t row_size;
    const struct gb_field *fields;
};

/* By enum gb_table. */
extern const struct gb_schema gb_schemas[GB_N_TABLES];

size_t gb_field_size(enum gb_field_kind kind); /* bytes in the struct */
/* What one unit in the struct is worth in `unit`: 1e-9 for money, 1e-6 for prices, else 1. */
double gb_field_scale(enum gb_field_kind kind);
/* The field of a table, or NULL. */
const struct gb_field *gb_field_find(enum gb_table table, const char *name);
/* The field of a row as a number in its unit; NaN of a name, of a hash and where it is missing. */
double gb_field_value(const struct gb_field *field, const void *row);
/* The same of n rows of an array, `places` of it. */
void gb_field_values(const struct gb_field *field, const void *rows, size_t row_size,
                     const size_t *places, size_t n, double *values);
size_t gb_field_n_words(const struct gb_field *field); /* of a flag */
/* The word of a flag's value, "?" beyond its words. returns buffer */
char *gb_field_word(const struct gb_field *field, uint8_t value, char *buffer, size_t size);

#endif
