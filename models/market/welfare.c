/* The best allocation is that of one price p for all, and its surplus is the least that
 * everybody's gains at a price can sum to:
 *
 *     min over p of   sum over buyers of q max(v - p, 0)  +  sum over sellers of q max(p - c, 0)
 *
 * (duality of the assignment). The sum is convex in p; its slope, supply up to p less demand
 * above p, is the energy of all orders with a reserve up to p less all demand. So p is the
 * reserve at which the orders of both sides, counted from the cheapest, reach the demand: found
 * digit by digit, without sorting and without memory. */
#include "models/market/welfare.h"

#include <stdbool.h>
#include <string.h>

#define DIGIT_BITS 10
#define N_BUCKETS (1u << DIGIT_BITS)

struct standing {
    const struct gb_order *orders;
    const uint8_t *withdrawn;
    size_t n;
};

static bool stands(const struct standing *all, size_t i)
{
    return !all->withdrawn || !all->withdrawn[i];
}

/* Energy demanded, Wh, and the least and greatest reserve; these untouched where no order
 * stands. */
static int64_t demand(const struct standing *all, int64_t *low, int64_t *high)
{
    bool has_any = false;
    int64_t wh = 0;

    for (size_t i = 0; i < all->n; i++) {
        int64_t reserve = all->orders[i].reserve.ticks;

        if (!stands(all, i))
            continue;
        *low = has_any && *low < reserve ? *low : reserve;
        *high = has_any && *high > reserve ? *high : reserve;
        has_any = true;
        if (all->orders[i].side == GB_BUY)
            wh += all->orders[i].quantity.wh;
    }
    return wh;
}

/* Energy of the orders whose reserves lie in [low, low + N_BUCKETS << shift), by bucket. */
static void count(const struct standing *all, int64_t low, unsigned shift, int64_t wh[N_BUCKETS])
{
    memset(wh, 0, N_BUCKETS * sizeof *wh);
    for (size_t i = 0; i < all->n; i++) {
        uint64_t bucket = ((uint64_t)all->orders[i].reserve.ticks - (uint64_t)low) >> shift;

        if (stands(all, i) && bucket < N_BUCKETS)
            wh[bucket] += all->orders[i].quantity.wh;
    }
}

/* The least reserve up to which orders hold `needed` Wh, which is above 0. */
static int64_t price_that_reaches(const struct standing *all, int64_t needed, int64_t low,
                                  int64_t high)
{
    uint64_t span = (uint64_t)high - (uint64_t)low;
    unsigned shift = 0;

    while (span >> shift >= N_BUCKETS)
        shift += DIGIT_BITS;
    for (;; shift -= DIGIT_BITS) {
        int64_t wh[N_BUCKETS];
        size_t bucket = 0;

        count(all, low, shift, wh);
        while (wh[bucket] < needed)
            needed -= wh[bucket++];
        low += (int64_t)((uint64_t)bucket << shift);
        if (shift == 0)
            return low;
    }
}

struct gb_money gb_market_max_surplus(const struct gb_order *orders, const uint8_t *withdrawn,
                                      size_t n)
{
    struct standing all = {orders, withdrawn, n};
    int64_t low = 0, high = 0;
    int64_t needed = demand(&all, &low, &high);
    struct gb_money sum = {0};

    if (needed == 0)
        return sum;
    int64_t price = price_that_reaches(&all, needed, low, high);
    for (size_t i = 0; i < n; i++) {
        int64_t over = orders[i].reserve.ticks - price;
        int64_t gain = orders[i].side == GB_BUY ? over : -over;

        if (stands(&all, i) && gain > 0)
            sum.units += orders[i].quantity.wh * gain;
    }
    return sum;
}
