/* A row of a parameter table: what a key is called, what it takes and where its value lives. And
 * how a struct and its table are made from one list. */
#ifndef BASE_PARAM_ROW_H
#define BASE_PARAM_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/quantity.h"

struct gb_family; /* base/registry.h */

enum gb_param_kind {                      /* C type of the field */
                     GB_PARAM_INTEGER,    /* int64_t */
                     GB_PARAM_NUMBER,     /* double */
                     GB_PARAM_MILLIONTHS, /* int64_t, 1e-6 (beta, shares that must be exact) */
                     GB_PARAM_PRICE,      /* struct gb_price; written in currency per kWh */
                     GB_PARAM_MONEY,      /* struct gb_money; written in currency */
                     GB_PARAM_ENERGY,     /* struct gb_energy; written in Wh */
                     GB_PARAM_DURATION, /* int64_t ns; written with its unit: `15 min`, `500 ms` */
                     GB_PARAM_CALL,     /* struct gb_param_call: a member of the row's family and
                                         * its arguments; `normal 100 ms 20 ms` */
                     GB_PARAM_CHOICE,   /* int32_t, index into choices */
                     GB_PARAM_FLAG,     /* bool; yes | no, true | false */
                     GB_PARAM_DATE,     /* int64_t, days since 1970-01-01; written 2023-06-01 */
                     GB_PARAM_MEMBER,   /* pointer to a member of the row's family; its name */
                     GB_PARAM_WORDS,    /* uint32_t, a set of choices: bit i for choice i;
                                         * written [weather, chain], never empty */
                     GB_PARAM_TEXT,     /* char[GB_PARAM_TEXT_SIZE]: a name or a path */
                     GB_PARAM_BLOCK /* char *, a text of any length, which whoever owns the struct
                                     * reads and writes: none of the functions below do */
};

#define GB_PARAM_TEXT_SIZE 512
#define GB_PARAM_PRICE_WORD INT64_MIN

enum gb_layer { /* what a change of the row can touch */
                GB_LAYER_PHYSICS,
                GB_LAYER_AGENTS,
                GB_LAYER_MARKET,
                GB_LAYER_CHAIN,
                GB_LAYER_OUTPUT
};

enum gb_param_flag {
    /* It names the run or its output, not the case that is simulated. */
    GB_PARAM_OF_RUN = 1,
    /* A sweep moves it itself, or it makes no sense there. */
    GB_PARAM_IN_NO_SWEEP = 2,
    /* A text that names a file; what the file holds is stored instead of its name. */
    GB_PARAM_FILE = 4,
    /* Refused, not only unread, where `read_when` does not hold. */
    GB_PARAM_REFUSED_UNREAD = 8,
    /* Read also where the chain is measured alone, without a market. */
    GB_PARAM_OF_CONSENSUS = 32,
    /* Others are its options: those that a new value of it shuts out go to their defaults. */
    GB_PARAM_SELECTOR = 64,
    /* Says by how much local time leaves the sun's. */
    GB_PARAM_OF_LOCAL_TIME = 128,
    /* The same in every cell of a sweep, whose file has a word for it; left out of what is stored
     * where it stands at its default. */
    GB_PARAM_OF_SWEEP = 256,
    /* Of a mechanism: the market's re-quote factor, in millionths. */
    GB_PARAM_REQUOTE_FACTOR = 512,
    /* Of a mechanism: a genesis names it only where it does not stand at its default, as those that
     * were written before there was such an option do. */
    GB_PARAM_UNNAMED = 1024,
    /* Of physics: each kind of households may have a value of its own. */
    GB_PARAM_OF_KIND = 2048,
    /* Of all meters: refused where a scenario names kinds of households; or where these have
     * counts, not shares. */
    GB_PARAM_REFUSED_KINDS = 4096,
    GB_PARAM_REFUSED_COUNTS = 8192
};

struct gb_param {
    const char *key; /* "market.beta"; NULL ends a table */
    enum gb_param_kind kind;
    size_t offset;
    const char *default_text;   /* default, as a user would write it */
    double minimum, maximum;    /* both inclusive, in the unit the value is written in, of a
                                 * duration in seconds; both 0 = unbounded, INFINITY = open
                                 * on that side; none from GB_PARAM_CALL on */
    const char *unit;           /* "currency/kWh", "Wh", "1"; NULL for texts and choices; a
                                 * plain number may be written with it: `8 kW` */
    const char *const *choices; /* NULL-terminated, for GB_PARAM_CHOICE and GB_PARAM_WORDS; of a row
                                 * whose field is an int64_t or double from 0 on: words it takes
                                 * beside numbers, word i stored as -1 - i (`until_cross`); beside
                                 * prices of either sign as GB_PARAM_PRICE_WORD + i */
    enum gb_layer layer;
    const char *description;        /* what it is, in one line */
    const struct gb_family *family; /* of GB_PARAM_MEMBER and GB_PARAM_CALL */
    unsigned flags;                 /* enum gb_param_flag */
    /* The values of another key under which anything reads this one: "agents.beta=drawn",
     * "wind.smoothing=turbulence,region", "chain.protocol!=ideal"; or of one of several keys, with
     * | between them, or of several at once, with &, which binds closer; NULL: always. */
    const char *read_when;
    const char *sweep_default; /* of a sweep's trials, whatever the scenario says; NULL: as there */
    /* The key whose values this one spreads about their mean; NULL: none. Where a kind of
     * households gives that key alone, its values are exact. */
    const char *spread_of;
};

/* A table and its struct are made from one list of rows, a .def file, in which a row is
 *     GB_KEY(key, member, KIND, default, minimum, maximum, unit, choices, LAYER, sentence, ...)
 * or, where the kind leaves the member's C type open (CALL, MEMBER), GB_KEY_OF(type, key, ...);
 * behind the sentence may stand what few rows have: .flags = ..., .read_when = ... The struct
 * includes it under
 *     #define GB_KEY GB_PARAM_FIELD
 *     #define GB_KEY_OF GB_PARAM_FIELD_OF
 * and the table with GB_KEY(...) as GB_PARAM_ROW(struct, __VA_ARGS__), GB_KEY_OF(type, ...) the
 * same. */
#define GB_PARAM_FIELD(key, member, kind, ...) GB_PARAM_FIELD_##kind(member);
#define GB_PARAM_FIELD_OF(type, key, member, ...) type member;
#define GB_PARAM_FIELD_INTEGER(member) int64_t member
#define GB_PARAM_FIELD_NUMBER(member) double member
#define GB_PARAM_FIELD_MILLIONTHS(member) int64_t member
#define GB_PARAM_FIELD_PRICE(member) struct gb_price member
#define GB_PARAM_FIELD_MONEY(member) struct gb_money member
#define GB_PARAM_FIELD_ENERGY(member) struct gb_energy member
#define GB_PARAM_FIELD_DURATION(member) int64_t member
#define GB_PARAM_FIELD_CHOICE(member) int32_t member
#define GB_PARAM_FIELD_FLAG(member) bool member
#define GB_PARAM_FIELD_DATE(member) int64_t member
#define GB_PARAM_FIELD_WORDS(member) uint32_t member
#define GB_PARAM_FIELD_TEXT(member) char member[GB_PARAM_TEXT_SIZE]
#define GB_PARAM_FIELD_BLOCK(member) char *member
#define GB_PARAM_ROW(type, name, member, sort, value, low, high, measure, words, where, ...) \
    {.key = name,                                                                            \
     .kind = GB_PARAM_##sort,                                                                \
     .offset = offsetof(type, member),                                                       \
     .default_text = value,                                                                  \
     .minimum = low,                                                                         \
     .maximum = high,                                                                        \
     .unit = measure,                                                                        \
     .choices = words,                                                                       \
     .layer = GB_LAYER_##where,                                                              \
     .description = __VA_ARGS__},

#endif
