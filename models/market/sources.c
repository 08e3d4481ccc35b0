#include "models/market/sources.h"

#include <assert.h>

/* The source with the most energy among those that can still give, or -1; the first one on ties. */
static int largest(const struct gb_energy available[GB_N_SPLIT],
                   const struct gb_energy given[GB_N_SPLIT])
{
    int best = -1;

    for (int i = 0; i < GB_N_SPLIT; i++)
        if (given[i].wh < available[i].wh && (best < 0 || available[i].wh > available[best].wh))
            best = i;
    return best;
}

/* floor(surplus * part / total) of what is not below 0. Few need 128 bits, which divide slowly. */
static int64_t share_of(int64_t surplus, int64_t part, __int128 total)
{
    int64_t product;

    if (total <= INT64_MAX && !__builtin_mul_overflow(surplus, part, &product))
        return product / (int64_t)total;
    return (int64_t)((__int128)surplus * part / total);
}

void gb_split_surplus(struct gb_energy surplus, const struct gb_energy available[GB_N_SPLIT],
                      struct gb_energy out[GB_N_SPLIT])
{
    __int128 total = 0;
    int64_t rest = surplus.wh;

    for (int i = 0; i < GB_N_SPLIT; i++)
        total += available[i].wh;
    assert(surplus.wh >= 0 && surplus.wh <= total);
    for (int i = 0; i < GB_N_SPLIT; i++) {
        out[i].wh = total == 0 ? 0 : share_of(surplus.wh, available[i].wh, total);
        rest -= out[i].wh;
    }
    while (rest > 0) {
        int i = largest(available, out);
        int64_t more =
            gb_energy_min((struct gb_energy){rest}, (struct gb_energy){available[i].wh - out[i].wh})
                .wh;

        out[i].wh += more;
        rest -= more;
    }
}
