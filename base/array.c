#include "base/array.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"

#define FIRST_CAPACITY 16

size_t gb_array_next_capacity(size_t capacity, size_t needed)
{
    size_t next = capacity > SIZE_MAX / 2 ? SIZE_MAX : 2 * capacity;

    if (next < FIRST_CAPACITY)
        next = FIRST_CAPACITY;
    return next < needed ? needed : next;
}

void *gb_array_resize(void *items, size_t capacity, size_t item_size)
{
    assert(item_size > 0);
    if (capacity > PTRDIFF_MAX / item_size)
        return NULL;
    void *moved = realloc(items, capacity > 0 ? capacity * item_size : item_size);

    gb_memory_ask_large_pages(moved, capacity * item_size);
    return moved;
}

void *gb_array_grow(void *items, size_t *capacity, size_t needed, size_t item_size)
{
    if (items && needed <= *capacity)
        return items;
    size_t next = gb_array_next_capacity(*capacity, needed);
    void *moved = gb_array_resize(items, next, item_size);

    if (moved)
        *capacity = next;
    return moved;
}
