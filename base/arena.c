#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/memory.h"

enum { ALIGNMENT = 16 };

/* A block is as large as all before it, so that there are few; the first is as large as what is
 * asked for. */
static bool add_block(struct gb_arena *arena, size_t size)
{
    size_t wanted = gb_memory_whole_pages(size > arena->total ? size : arena->total);
    void **blocks =
        gb_array_grow(arena->blocks, &arena->capacity, arena->n_blocks + 1, sizeof *blocks);

    if (!blocks)
        return false;
    arena->blocks = blocks;
    void *block = gb_memory_paged(wanted);
    if (!block && wanted > size)
        block = gb_memory_paged(wanted = size);
    if (!block)
        return false;
    blocks[arena->n_blocks++] = block;
    arena->next = block;
    arena->left = wanted;
    arena->total += wanted;
    return true;
}

void *gb_arena_take(struct gb_arena *arena, size_t n, size_t size)
{
    if (size > 0 && n > (PTRDIFF_MAX - ALIGNMENT) / size)
        return NULL;
    size_t bytes = (n * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    bytes = bytes > 0 ? bytes : ALIGNMENT;
    if (bytes > arena->left && !add_block(arena, bytes))
        return NULL;
    void *items = arena->next;
    arena->next += bytes;
    arena->left -= bytes;
    return items;
}

void gb_arena_clear(struct gb_arena *arena)
{
    for (size_t i = 0; i < arena->n_blocks; i++)
        free(arena->blocks[i]);
    free(arena->blocks);
    *arena = (struct gb_arena){.blocks = NULL};
}
