/* Memory that calloc() places badly: objects that ask for more alignment, and arrays of many
 * megabytes. All else comes from calloc(). */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* One zeroed object. A hasher's state asks for 64 bytes of alignment, and whatever embeds one
 * inherits that; calloc() promises 16. A compiler that may use wide registers takes the type at
 * its word and faults. Release it with free().
 * alignment  what alignof says of its type: a power of two
 * size       bytes, what sizeof says of it, at least 1
 * returns NULL when out of memory */
void *gb_memory_zeroed(size_t alignment, size_t size);

/* n zeroed items as calloc() gives them; release them with free(). Many megabytes lie in large
 * pages where the system has such: rows of a kilobyte and more, of which one field is read after
 * the other, would have a small page each, and wait for its address at every step. returns NULL
 * when out of memory */
void *gb_memory_wide(size_t n, size_t size);

/* Bytes of a large page of the common processors. */
#define GB_LARGE_PAGE ((size_t)2 << 20)

/* `size` bytes, not zeroed, to be released with free(). Whole large pages are such where the system
 * has them: each is had at once, and not every small page of it when it is first written to, which
 * can take longer than what is written took to compute. returns NULL when out of memory */
void *gb_memory_paged(size_t size);

#endif
