/* The inside of reading other people's files: numbers, times and words of a cell. */
#ifndef MODELS_MARKET_BOOK_FOREIGN_PRIV_H
#define MODELS_MARKET_BOOK_FOREIGN_PRIV_H

#include "base/csv.h"
#include "models/market/book_foreign.h"

enum gb_book_measure { GB_BOOK_OF_PRICE, GB_BOOK_OF_ENERGY, GB_BOOK_OF_NEITHER };

/* What was found in a file, and what was changed. */
struct gb_foreign_reading {
    bool has_mark, has_crlf; /* a byte order mark; lines that end with CRLF */
    char decimal_mark;       /* the first one seen, 0: none yet */
    uint32_t decimal_line;   /* where */
    size_t n_rounded_prices, n_rounded_energies, n_words;
    char word[32]; /* the first that was taken for one of ours */
    const char *taken_for;
    char ignored[512]; /* columns: "'zone', 'note'" */
    int64_t first_ns;  /* earliest time, since 1970 */
};

/* 10^exponent x mantissa of a text like "-12,5" or "1.5E+02", of up to 18 digits. */
bool gb_foreign_decimal(const char *text, char decimal_mark, struct gb_book_decimal *out);

/* The value in units of 10^-decimals of what we count. returns false where it does not fall on one
 * and is not to be rounded, or is too large
 * is_rounded  receives whether it was changed */
bool gb_foreign_scale(const struct gb_book_foreign *foreign, struct gb_book_decimal value,
                      enum gb_book_measure measure, int decimals, int64_t *out, bool *is_rounded);

/* Our word for one of a column ("side", "action", "type", "source"), whatever its case; the word
 * itself where it is none of those known. */
const char *gb_foreign_word(const char *column, const char *word);

/* What stands between columns, from the line of the header: the first of ';' and tab that there is
 * outside of quotes, else a comma. */
char gb_foreign_separator(const char *text);

#endif
