#include "models/market/continuous/ladder.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

#define WORD_BITS 64

static size_t words_of(size_t n_bits)
{
    return (n_bits + WORD_BITS - 1) / WORD_BITS;
}

/* ---- bitmaps over the array of levels */

static enum gb_status init_bitmaps(struct gb_ladder *ladder, struct gb_error *err)
{
    size_t n = ladder->n_levels;

    do {
        n = words_of(n);
        ladder->bitmaps[ladder->n_bitmaps] = calloc(n, sizeof(uint64_t));
        if (!ladder->bitmaps[ladder->n_bitmaps])
            return gb_fail(err, GB_ENOMEM, "no memory for a book of %zu prices", ladder->n_levels);
        ladder->n_bitmaps++;
    } while (n > 1);
    return GB_OK;
}

static void set_bit(struct gb_ladder *ladder, uint32_t at)
{
    for (unsigned b = 0; b < ladder->n_bitmaps; b++, at /= WORD_BITS) {
        uint64_t *word = &ladder->bitmaps[b][at / WORD_BITS];
        bool was_empty = *word == 0;

        *word |= UINT64_C(1) << at % WORD_BITS;
        if (!was_empty)
            return;
    }
}

static bool has_bit(const struct gb_ladder *ladder, uint32_t at)
{
    return ladder->bitmaps[0][at / WORD_BITS] >> at % WORD_BITS & 1;
}

static void unset_bit(struct gb_ladder *ladder, uint32_t at)
{
    for (unsigned b = 0; b < ladder->n_bitmaps; b++, at /= WORD_BITS) {
        uint64_t *word = &ladder->bitmaps[b][at / WORD_BITS];

        *word &= ~(UINT64_C(1) << at % WORD_BITS);
        if (*word != 0)
            return;
    }
}

static unsigned lowest_bit(uint64_t word)
{
    return (unsigned)__builtin_ctzll(word);
}

/* Bits of a word above a place. */
static uint64_t above(uint64_t word, unsigned place)
{
    return word & (~UINT64_C(1) << place);
}

/* The next level that stands: up in the bitmaps until a word has a bit above, then down to the
 * lowest below that. */
static uint32_t next_bit(const struct gb_ladder *ladder, uint32_t at)
{
    for (unsigned b = 0; b < ladder->n_bitmaps; b++, at /= WORD_BITS) {
        uint64_t rest = above(ladder->bitmaps[b][at / WORD_BITS], at % WORD_BITS);

        if (rest == 0)
            continue;
        at = at / WORD_BITS * WORD_BITS + lowest_bit(rest);
        while (b-- > 0)
            at = at * WORD_BITS + lowest_bit(ladder->bitmaps[b][at]);
        return at;
    }
    return GB_NO_LEVEL;
}

/* ---- the ladder */

enum gb_status gb_ladder_init(struct gb_ladder *ladder, enum gb_side side, int64_t low,
                              int64_t high, struct gb_error *err)
{
    *ladder = (struct gb_ladder){.sign = side == GB_BUY ? -1 : 1, .best = GB_NO_LEVEL};
    gb_price_tree_clear(&ladder->tree);
    if (low > high || (uint64_t)high - (uint64_t)low >= GB_LADDER_MAX_LEVELS)
        return GB_OK;
    ladder->is_array = true;
    ladder->origin = side == GB_BUY ? high : low;
    ladder->n_levels = (size_t)(high - low) + 1;
    ladder->levels = malloc(ladder->n_levels * sizeof *ladder->levels);
    return ladder->levels
               ? init_bitmaps(ladder, err)
               : gb_fail(err, GB_ENOMEM, "no memory for a book of %zu prices", ladder->n_levels);
}

void gb_ladder_free(struct gb_ladder *ladder)
{
    for (unsigned b = 0; b < ladder->n_bitmaps; b++)
        free(ladder->bitmaps[b]);
    free(ladder->levels);
    gb_price_tree_free(&ladder->tree);
}

void gb_ladder_clear(struct gb_ladder *ladder)
{
    size_t n = ladder->n_levels;

    gb_price_tree_clear(&ladder->tree);
    for (unsigned b = 0; b < ladder->n_bitmaps && ladder->best != GB_NO_LEVEL; b++) {
        n = words_of(n);
        memset(ladder->bitmaps[b], 0, n * sizeof(uint64_t));
    }
    ladder->best = GB_NO_LEVEL;
}

/* The leaf of a rank, with a level for it. */
static uint32_t raise_leaf(struct gb_ladder *ladder, int64_t rank, bool *is_new)
{
    uint32_t leaf = gb_price_tree_insert(&ladder->tree, rank, is_new);

    if (leaf == GB_NO_LEVEL || leaf < ladder->n_levels)
        return leaf;
    struct gb_level *levels =
        gb_array_grow(ladder->levels, &ladder->n_levels, (size_t)leaf + 1, sizeof *ladder->levels);
    if (!levels)
        return GB_NO_LEVEL;
    ladder->levels = levels;
    return leaf;
}

/* Is level a nearer to the other side than level b? */
static bool is_better(const struct gb_ladder *ladder, uint32_t a, uint32_t b)
{
    return ladder->is_array ? a < b : ladder->tree.leaves[a].key < ladder->tree.leaves[b].key;
}

uint32_t gb_ladder_raise(struct gb_ladder *ladder, int64_t ticks)
{
    int64_t rank = (ticks - ladder->origin) * ladder->sign;
    uint32_t level = (uint32_t)rank;
    bool is_new;

    if (ladder->is_array)
        is_new = !has_bit(ladder, level);
    else if ((level = raise_leaf(ladder, rank, &is_new)) == GB_NO_LEVEL)
        return GB_NO_LEVEL;
    if (!is_new)
        return level;
    if (ladder->is_array)
        set_bit(ladder, level);
    ladder->levels[level] = (struct gb_level){GB_NO_ORDER, GB_NO_ORDER};
    if (ladder->best == GB_NO_LEVEL || is_better(ladder, level, ladder->best))
        ladder->best = level;
    return level;
}

uint32_t gb_ladder_next(const struct gb_ladder *ladder, uint32_t level)
{
    return ladder->is_array ? next_bit(ladder, level) : gb_price_tree_next(&ladder->tree, level);
}

void gb_ladder_drop(struct gb_ladder *ladder, uint32_t level)
{
    if (level == ladder->best)
        ladder->best = gb_ladder_next(ladder, level);
    if (ladder->is_array)
        unset_bit(ladder, level);
    else
        gb_price_tree_remove(&ladder->tree, level);
}
