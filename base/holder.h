/* Who holds a lock on a file, as far as the system tells: Linux lists locks in /proc/locks. */
#ifndef BASE_HOLDER_H
#define BASE_HOLDER_H

#include <stddef.h>

/* "'python3' (process 1234)", or "another program" where the system does not say.
 * returns buffer */
char *gb_holder_of(const char *path, char *buffer, size_t size);

#endif
