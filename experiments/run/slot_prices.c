#include "experiments/run/slot_prices.h"

#include <math.h>
#include <stdlib.h>

#include "base/quantity.h"
#include "sim/tally.h"

struct priced {
    int64_t price, wh;
};

static int compare_prices(const void *a, const void *b)
{
    const struct priced *x = a, *y = b;

    return (x->price > y->price) - (x->price < y->price);
}

static double quantile(const struct priced *items, size_t n, int64_t percent)
{
    double whole = 0, below = 0;

    for (size_t i = 0; i < n; i++)
        whole += (double)items[i].wh;
    for (size_t i = 0; i < n; i++) {
        below += (double)items[i].wh;
        if (below * 100 >= whole * (double)percent)
            return (double)items[i].price / (double)GB_TICKS_PER_CURRENCY;
    }
    return NAN;
}

bool gb_run_slot_prices(struct gb_slot_prices *out, const struct gb_trade_row *rows, size_t n)
{
    struct priced *items = malloc((n + 1) * sizeof *items);
    struct gb_weighted_tally tally = {0};
    size_t n_settled = 0;

    if (!items)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].executed_wh == 0)
            continue;
        items[n_settled++] = (struct priced){rows[i].price_buy, rows[i].executed_wh};
        gb_weighted_tally_add(&tally, (double)rows[i].price_buy, (double)rows[i].executed_wh);
    }
    qsort(items, n_settled, sizeof *items, compare_prices);
    *out = (struct gb_slot_prices){gb_weighted_tally_sd(&tally) / (double)GB_TICKS_PER_CURRENCY,
                                   quantile(items, n_settled, 10), quantile(items, n_settled, 90)};
    free(items);
    return true;
}
