/* How other people's files are read as books: which of their columns is which, what their numbers
 * count, what is rounded, and how times are written. Beside that their reader finds out for itself
 * whether columns are separated by commas, semicolons or tabs, whether decimals stand behind a
 * comma, and what their words for buy, sell, add, cancel and amend are. */
#ifndef MODELS_MARKET_BOOK_FOREIGN_H
#define MODELS_MARKET_BOOK_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GB_BOOK_MOST_MAPPED 16

enum gb_book_unit { GB_BOOK_UNIT_KWH, GB_BOOK_UNIT_WH, GB_BOOK_UNIT_MWH };
enum gb_book_clock {
    GB_BOOK_CLOCK_SECONDS, /* after the opening */
    GB_BOOK_CLOCK_ISO,     /* 2026-06-01T12:00:05.25+02:00; without an offset UTC */
    GB_BOOK_CLOCK_UNIX     /* seconds since 1970 */
};

/* mantissa x 10^exponent */
struct gb_book_decimal {
    int64_t mantissa;
    int exponent;
};

struct gb_book_foreign { /* all 0: columns by our names, kWh, nothing is rounded, seconds */
    size_t n_mapped;
    struct gb_book_mapped {
        const char *column, *name; /* ours, theirs; they point into `map` */
    } mapped[GB_BOOK_MOST_MAPPED];
    char map[1024];
    enum gb_book_unit unit; /* of energy, and prices are for one of it */
    bool rounds;
    struct gb_book_decimal step; /* prices are rounded to multiples of it, in the file's unit, and
                                  * energy to whole Wh, halves to even */
    enum gb_book_clock clock;
};

/* Each reads the value of an option as a user writes it; false with what was expected in `why`.
 * map  "id=bid_id,price=eur_mwh": our column, their name; comes on top of earlier ones */
bool gb_book_foreign_map(struct gb_book_foreign *foreign, const char *map, char *why,
                         size_t why_size);
bool gb_book_foreign_unit(struct gb_book_foreign *foreign, const char *unit, char *why,
                          size_t why_size);
bool gb_book_foreign_clock(struct gb_book_foreign *foreign, const char *clock, char *why,
                           size_t why_size);
/* step  "1e-3", "0.05" */
bool gb_book_foreign_round(struct gb_book_foreign *foreign, const char *step, char *why,
                           size_t why_size);
/* What must hold between them: a step is a whole number of ticks. */
bool gb_book_foreign_is_sound(const struct gb_book_foreign *foreign, char *why, size_t why_size);

#endif
