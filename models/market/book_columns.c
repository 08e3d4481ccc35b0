#include "models/market/book_columns_priv.h"

#include <stddef.h>

const char *const gb_book_column_names[] = {"id",      "side",   "price",  "quantity", "reserve",
                                            "time",    "owner",  "source", "beta",     "type",
                                            "minimum", "action", "slot",   NULL};
