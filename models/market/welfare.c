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

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Buckets of a digit are about as many as there are orders: a few orders are not worth many. */
#define MIN_DIGIT_BITS 4
#define MAX_DIGIT_BITS 10

/* Energy demanded and offered, Wh, and the least and greatest reserve. */
struct extent {
    int64_t demand, supply, low, high;
};

static struct extent extent_of(const struct gb_valuation *orders, size_t n)
{
    struct extent extent = {0, 0, INT64_MAX, INT64_MIN};

    for (size_t i = 0; i < n; i++) {
        int64_t reserve = orders[i].reserve, wh = orders[i].wh;

        extent.low = extent.low < reserve ? extent.low : reserve;
        extent.high = extent.high > reserve ? extent.high : reserve;
        extent.demand += orders[i].side == GB_BUY ? wh : 0;
        extent.supply += orders[i].side == GB_BUY ? 0 : wh;
    }
    return extent;
}

static unsigned digit_bits(size_t n)
{
    unsigned bits = MIN_DIGIT_BITS;

    while (bits < MAX_DIGIT_BITS && n >> bits > 0)
        bits++;
    return bits;
}

/* Energy of the orders whose reserves lie in [low, low + n_buckets << shift), by bucket. */
static void count(const struct gb_valuation *orders, size_t n, int64_t low, unsigned shift,
                  size_t n_buckets, int64_t *wh)
{
    memset(wh, 0, n_buckets * sizeof *wh);
    for (size_t i = 0; i < n; i++) {
        uint64_t bucket = ((uint64_t)orders[i].reserve - (uint64_t)low) >> shift;

        if (bucket < n_buckets)
            wh[bucket] += orders[i].wh;
    }
}

/* The least reserve up to which orders hold the demand, which is above 0. */
static int64_t price_that_reaches(const struct gb_valuation *orders, size_t n,
                                  const struct extent *extent)
{
    uint64_t span = (uint64_t)extent->high - (uint64_t)extent->low;
    int64_t needed = extent->demand, low = extent->low;
    unsigned bits = digit_bits(n), shift = 0;
    size_t n_buckets = (size_t)1 << bits;

    while (span >> shift >= n_buckets)
        shift += bits;
    for (;; shift -= bits) {
        int64_t wh[1 << MAX_DIGIT_BITS];
        size_t bucket = 0;

        count(orders, n, low, shift, n_buckets, wh);
        while (wh[bucket] < needed)
            needed -= wh[bucket++];
        low += (int64_t)((uint64_t)bucket << shift);
        if (shift == 0)
            return low;
    }
}

/* Where the orders up to that price hold the demand exactly, every price up to the next reserve
 * clears as well. */
static double middle_price(const struct gb_valuation *orders, size_t n, int64_t price,
                           int64_t demand)
{
    int64_t up_to = 0, next = INT64_MAX;

    for (size_t i = 0; i < n; i++) {
        int64_t reserve = orders[i].reserve;

        up_to += reserve <= price ? orders[i].wh : 0;
        next = reserve > price && reserve < next ? reserve : next;
    }
    return up_to == demand && next != INT64_MAX ? ((double)price + (double)next) / 2.0
                                                : (double)price;
}

struct gb_equilibrium gb_market_equilibrium(const struct gb_valuation *orders, size_t n)
{
    struct extent extent = extent_of(orders, n);
    struct gb_equilibrium out = {{0}, NAN};

    if (extent.demand == 0 || extent.supply == 0)
        return out;
    int64_t price = price_that_reaches(orders, n, &extent);
    for (size_t i = 0; i < n; i++) {
        int64_t over = orders[i].reserve - price;
        int64_t gain = orders[i].side == GB_BUY ? over : -over;

        out.surplus.units += gain > 0 ? orders[i].wh * gain : 0;
    }
    out.price = middle_price(orders, n, price, extent.demand);
    return out;
}
