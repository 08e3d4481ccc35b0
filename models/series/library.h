/* The series of a scenario by their names: read once, and shared by all trials that replay them. */
#ifndef MODELS_SERIES_LIBRARY_H
#define MODELS_SERIES_LIBRARY_H

#include <stdbool.h>
#include <string.h>

#include "models/series/measured.h"

#define GB_SERIES_NONE "none" /* instead of the name of a series: modelled */

/* Does a key name a series? */
static inline bool gb_series_is_named(const char *name)
{
    return *name && strcmp(name, GB_SERIES_NONE) != 0;
}

struct gb_library; /* closed; never changed once it is made */

/* Takes the series over, in any case; GB_ENOMEM.
 * key  of n_key bytes, copied: what the library was made of */
enum gb_status gb_library_create(struct gb_library **out, struct gb_measured **list, size_t n,
                                 const void *key, size_t n_key, struct gb_error *err);
/* Another user of it, who releases it, too. NULL: NULL */
struct gb_library *gb_library_share(struct gb_library *library);
void gb_library_release(struct gb_library *library);

bool gb_library_is_of(const struct gb_library *library, const void *key, size_t n_key);
/* Series i; NULL behind the last, and of no library. */
const struct gb_measured *gb_library_at(const struct gb_library *library, size_t i);
/* NULL: there is none of this name, or no library. */
const struct gb_measured *gb_library_find(const struct gb_library *library, const char *name);

#endif
