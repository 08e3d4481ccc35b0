#include "models/market/welfare.h"

struct gb_money gb_market_most_surplus(const struct gb_order *orders, const uint8_t *withdrawn,
                                       size_t n, struct gb_radix_item *scratch)
{
    /* one sort for both sides: buyers from the dearest in the first half of the keys, sellers from the
     * cheapest in the second */
    const uint64_t sellers = UINT64_C(1) << 63;
    size_t n_items = 0, b = 0, s;
    struct gb_money sum = {0};

    for (size_t i = 0; i < n; i++) {
        uint64_t reserve = (uint64_t)orders[i].reserve.ticks;

        if (!withdrawn || !withdrawn[i])
            scratch[n_items++] = (struct gb_radix_item){
                orders[i].side == GB_BUY ? (uint64_t)GB_PRICE_LIMIT_TICKS - reserve
                                         : sellers | reserve, i};
    }
    gb_radix_sort(scratch, scratch + n, n_items);
    for (s = 0; s < n_items && !(scratch[s].key & sellers); s++)
        ;
    size_t n_buyers = s;
    int64_t want = 0, have = 0;         /* Wh left of the present buyer and seller */
    while (true) {
        while (want == 0 && b < n_buyers)
            want = orders[scratch[b++].value].quantity.wh;
        while (have == 0 && s < n_items)
            have = orders[scratch[s++].value].quantity.wh;
        if (want == 0 || have == 0)
            return sum;
        int64_t gain = orders[scratch[b - 1].value].reserve.ticks -
                       orders[scratch[s - 1].value].reserve.ticks;
        if (gain <= 0)
            return sum;
        int64_t q = want < have ? want : have;
        sum.units += q * gain;
        want -= q;
        have -= q;
    }
}
