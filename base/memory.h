/* Memory for objects that calloc() cannot place. A hasher's state asks for 64 bytes of alignment,
 * and whatever embeds one inherits that; calloc() promises 16. A compiler that may use wide
 * registers takes the type at its word and faults. Such objects come from here, and only these. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* One zeroed object; release it with free().
 * alignment  what alignof says of its type: a power of two
 * size       bytes, what sizeof says of it, at least 1
 * returns NULL when out of memory */
void *gb_memory_zeroed(size_t alignment, size_t size);

#endif
