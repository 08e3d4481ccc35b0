#include "experiments/run/best_quote.h"

#include <stdlib.h>

#include "base/array.h"

void gb_run_best_quote_free(struct gb_run_best_quote *best)
{
    free(best->heap);
    *best = (struct gb_run_best_quote){0};
}

void gb_run_best_quote_clear(struct gb_run_best_quote *best)
{
    best->n = 0;
}

static bool is_better(enum gb_side side, const struct gb_run_quote *a, const struct gb_run_quote *b)
{
    return side == GB_BUY ? a->ticks > b->ticks : a->ticks < b->ticks;
}

bool gb_run_best_quote_add(struct gb_run_best_quote *best, enum gb_side side, int64_t ticks,
                           uint32_t order)
{
    struct gb_run_quote quote = {ticks, order};
    struct gb_run_quote *heap =
        gb_array_grow(best->heap, &best->capacity, best->n + 1, sizeof *heap);

    if (!heap)
        return false;
    best->heap = heap;
    size_t at = best->n++;
    for (; at > 0 && is_better(side, &quote, &heap[(at - 1) / 2]); at = (at - 1) / 2)
        heap[at] = heap[(at - 1) / 2];
    heap[at] = quote;
    return true;
}

/* The last one takes the place of the best, and sinks. */
static void drop_best(struct gb_run_best_quote *best, enum gb_side side)
{
    struct gb_run_quote *heap = best->heap, last = heap[--best->n];
    size_t at = 0;

    for (size_t child = 1; child < best->n; child = 2 * at + 1) {
        if (child + 1 < best->n && is_better(side, &heap[child + 1], &heap[child]))
            child++;
        if (!is_better(side, &heap[child], &last))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
}

const struct gb_run_quote *gb_run_best_quote_find(struct gb_run_best_quote *best, enum gb_side side,
                                                  bool (*stands)(const void *context,
                                                                 const struct gb_run_quote *quote),
                                                  const void *context)
{
    while (best->n > 0 && !stands(context, &best->heap[0]))
        drop_best(best, side);
    return best->n > 0 ? &best->heap[0] : NULL;
}
