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

/* n zeroed items as calloc() gives them; release them with free(). From some hundred kilobytes on
 * they lie in large pages where the system has such and gives them to whom asks. Small ones are
 * cleared and mapped each when it is first touched, a third of what a day of 1e5 meters without a
 * market took, and whatever is read next waits for its address. Not for arrays of which most is
 * never touched: they would take all of their memory. returns NULL when out of memory */
void *gb_memory_wide(size_t n, size_t size);

/* The same for an array that came by other ways: before it is touched, if it can be.
 * items  may be NULL: nothing happens */
void gb_memory_ask_large_pages(void *items, size_t size);

/* Bytes of a large page of the common processors. */
#define GB_LARGE_PAGE ((size_t)2 << 20)

/* So many bytes, or as many as whole large pages have: from an eighth of one on, for even that is
 * had sooner than its small pages one by one. */
size_t gb_memory_whole_pages(size_t size);

/* `size` bytes, not zeroed, to be released with free(). Whole large pages are such where the system
 * has them: each is had at once, and not every small page of it when it is first written to, which
 * can take longer than what is written took to compute. returns NULL when out of memory */
void *gb_memory_paged(size_t size);

#endif
