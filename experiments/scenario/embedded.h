/* Files whose text travels inside another: the tables of orders that a sweep varies. They are read
 * from the disk once, so that every trial and the stored sweep have the same bytes. */
#ifndef EXPERIMENTS_SCENARIO_EMBEDDED_H
#define EXPERIMENTS_SCENARIO_EMBEDDED_H

#include <stddef.h>

#include "base/status.h"

struct gb_embedded_file {
    char *name, *text; /* as the key names it; the whole file, closed by NUL */
    size_t length;
};

/* The files that a scenario names, read with it: an array that it owns. */
struct gb_embedded {
    size_t n;
    struct gb_embedded_file *files;
};

/* The file of this name, or NULL. */
const struct gb_embedded_file *gb_embedded_find(const struct gb_embedded *embedded,
                                                const char *name);
/* Adds a file; both texts are copied. */
enum gb_status gb_embedded_add(struct gb_embedded *embedded, const char *name, const char *text,
                               size_t length, struct gb_error *err);
void gb_embedded_clear(struct gb_embedded *embedded);

#endif
