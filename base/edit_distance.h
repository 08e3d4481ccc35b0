/* How far apart two words are, for "did you mean". */
#ifndef BASE_EDIT_DISTANCE_H
#define BASE_EDIT_DISTANCE_H

#include <stddef.h>

/* Letters to insert, delete, replace or swap between two short words. */
size_t gb_edit_distance(const char *a, const char *b);

/* Of names up to a NULL the one that a word may be a slip of, or NULL. */
const char *gb_nearest_word(const char *word, const char *const *names);

#endif
