#include "base/memory.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *gb_memory_zeroed(size_t alignment, size_t size)
{
    assert(size > 0 && alignment > 0 && (alignment & (alignment - 1)) == 0);
    if (size > SIZE_MAX - alignment)
        return NULL;
    /* aligned_alloc() wants whole multiples */
    size_t whole = (size + alignment - 1) / alignment * alignment;
    void *object = aligned_alloc(alignment, whole);

    return object ? memset(object, 0, whole) : NULL;
}
