/* Arrays that grow as they are added to. Whoever owns one keeps its items, their number and its
 * capacity; here is the one place that decides how much more to ask for.
 *
 *     struct row *rows = gb_array_grow(list->rows, &list->capacity, list->n + 1, sizeof *rows);
 *     if (!rows)
 *         return gb_fail(err, GB_ENOMEM, "no memory for %zu rows", list->n + 1);
 *     list->rows = rows;
 *     list->rows[list->n++] = row; */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include <stddef.h>

/* Reserves capacity for `needed` items: at least twice the capacity whenever the array moves, so
 * that n additions move O(n) items in all, and exactly `needed` where that is more. New items are
 * not initialised.
 * items      the array, from malloc(), or NULL for an empty one of capacity 0
 * capacity   items it can hold; set only where that changes
 * item_size  bytes of one, at least 1
 * returns the array, perhaps moved and never NULL, to be released with free(); or NULL where there
 *         is no memory or the size exceeds what size_t holds: items and capacity are as before */
void *gb_array_grow(void *items, size_t *capacity, size_t needed, size_t item_size);

/* For several arrays that share one capacity: the capacity that gb_array_grow() gives them, to be
 * handed to gb_array_resize() for each and kept only when all have it. */
size_t gb_array_next_capacity(size_t capacity, size_t needed);
/* Gives the array capacity for exactly `capacity` items. returns as gb_array_grow() does */
void *gb_array_resize(void *items, size_t capacity, size_t item_size);

#endif
