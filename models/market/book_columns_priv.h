/* The columns of BOOK.csv. */
#ifndef MODELS_MARKET_BOOK_COLUMNS_PRIV_H
#define MODELS_MARKET_BOOK_COLUMNS_PRIV_H

#include <stdint.h>

enum gb_book_column {
    GB_BOOK_ID,
    GB_BOOK_SIDE,
    GB_BOOK_PRICE,
    GB_BOOK_QUANTITY, /* required */
    GB_BOOK_RESERVE,
    GB_BOOK_TIME,
    GB_BOOK_OWNER,
    GB_BOOK_SOURCE,
    GB_BOOK_BETA,
    GB_BOOK_TYPE,
    GB_BOOK_MINIMUM,
    GB_BOOK_ACTION,
    GB_BOOK_SLOT,
    GB_BOOK_N_COLUMNS
};
#define GB_BOOK_N_REQUIRED 4
#define GB_BOOK_NO_COLUMN SIZE_MAX
#define GB_BOOK_OPEN UINT8_MAX /* side or source that an amendment leaves open */

extern const char *const gb_book_column_names[]; /* NULL-terminated, in the order of the enum */

#endif
