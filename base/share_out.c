#include "base/share_out.h"

#include <assert.h>
#include <stdlib.h>

static int by_remainder(const void *left, const void *right)
{
    const struct gb_share *a = left, *b = right;

    if (a->remainder != b->remainder)
        return a->remainder > b->remainder ? -1 : 1;
    return a->key < b->key ? -1 : a->key > b->key;
}

void gb_share_out(struct gb_share *shares, size_t n, int64_t whole)
{
    int64_t sum = 0, left = whole;

    for (size_t i = 0; i < n; i++)
        sum += shares[i].weight;
    assert(whole >= 0 && whole <= sum);
    for (size_t i = 0; sum > 0 && i < n; i++) {
        __int128 product = (__int128)whole * shares[i].weight;

        shares[i].share = (int64_t)(product / sum);
        shares[i].remainder = (int64_t)(product % sum);
        left -= shares[i].share;
    }
    if (left == 0)
        return;
    qsort(shares, n, sizeof *shares, by_remainder);
    for (size_t i = 0; left > 0; i++, left--)
        shares[i].share++;
}
