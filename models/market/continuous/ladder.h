/* A price ladder: the levels of one side of a book, each a queue of orders in the order of their
 * places, with the best at hand. Where the band of prices is known and not too wide there is an
 * array of levels with a bitmap over it and bitmaps over that; elsewhere levels hang in a tree.
 * Both go by rank, so that of bids and asks alike the best is the lowest. */
#ifndef MODELS_MARKET_CONTINUOUS_LADDER_H
#define MODELS_MARKET_CONTINUOUS_LADDER_H

#include "base/status.h"
#include "models/market/continuous/price_tree.h"
#include "models/market/order.h"

#define GB_NO_ORDER UINT32_MAX
#define GB_LADDER_BITMAPS 4
#define GB_LADDER_MAX_LEVELS                                             \
    ((size_t)1 << 22) /* 32 MB of levels; a wider band hangs in the tree \
                       */

struct gb_level {
    uint32_t head, tail; /* orders; of a level that stands never GB_NO_ORDER */
};

struct gb_ladder {
    int64_t origin, sign; /* a price has the rank (ticks - origin) * sign, the best the lowest */
    uint32_t best;        /* level; GB_NO_LEVEL: nobody stands */
    bool is_array;
    struct gb_level *levels; /* of the array by rank, of the tree by leaf */
    size_t n_levels;         /* that there is memory for */
    unsigned n_bitmaps;
    uint64_t *bitmaps[GB_LADDER_BITMAPS]; /* bit i of the first: level i stands; of the next: word i
                                           * of the one before is not 0 */
    struct gb_price_tree tree;
};

/* low, high  ticks of the band; low > high: none is known. GB_ENOMEM */
enum gb_status gb_ladder_init(struct gb_ladder *ladder, enum gb_side side, int64_t low,
                              int64_t high, struct gb_error *err);
void gb_ladder_free(struct gb_ladder *ladder);
/* Nobody stands any more; memory stays. */
void gb_ladder_clear(struct gb_ladder *ladder);

/* The level of a price, which is within the band where there is one; made where it does not stand,
 * with head and tail GB_NO_ORDER, for the caller to set. GB_NO_LEVEL without memory. */
uint32_t gb_ladder_raise(struct gb_ladder *ladder, int64_t ticks);
/* A level that nobody stands at any more. */
void gb_ladder_drop(struct gb_ladder *ladder, uint32_t level);
/* The level behind this one, from the best on; GB_NO_LEVEL behind the last. */
uint32_t gb_ladder_next(const struct gb_ladder *ladder, uint32_t level);

#endif
