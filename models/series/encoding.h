/* Text of a file in UTF-8, whatever it was written in. */
#ifndef MODELS_SERIES_ENCODING_H
#define MODELS_SERIES_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

struct gb_encoding {
    bool is_utf16, has_mark;
};

/* Of UTF-16, with a byte order mark or with every other byte of its beginning zero, a copy in UTF-8
 * in *owned, to be freed; of anything else *owned is NULL and *text steps over a mark. */
enum gb_status gb_encoding_settle(const char **text, size_t *n, char **owned,
                                  struct gb_encoding *found, const char *name,
                                  struct gb_error *err);

#endif
