/* Arrays that are taken one after the other and released together: series of a file, of which each
 * column is one. A few large blocks hold them, in large pages where the system has such, for to map
 * a small page when it is first written to takes longer than to read what is written there. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct gb_arena { /* all 0: empty */
    void **blocks;
    size_t n_blocks, capacity;
    char *next; /* in the last block */
    size_t left, total;
};

/* n items of so many bytes, aligned to 16, not zeroed. They stay where they are until the arena is
 * cleared. returns NULL when out of memory */
void *gb_arena_take(struct gb_arena *arena, size_t n, size_t size);
/* Releases all that was taken; the arena is empty then. */
void gb_arena_clear(struct gb_arena *arena);

#endif
