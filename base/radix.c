#include "base/radix.h"

#include <string.h>

#define DIGIT_BITS 11
#define N_DIGITS (1u << DIGIT_BITS)

void gb_radix_sort(struct gb_radix_item *items, struct gb_radix_item *scratch, size_t n)
{
    uint64_t differing = 0;
    struct gb_radix_item *from = items, *to = scratch;

    for (size_t i = 1; i < n; i++)
        differing |= items[i].key ^ items[0].key;
    for (unsigned shift = 0; shift < 64; shift += DIGIT_BITS) {
        size_t start[N_DIGITS] = {0};
        size_t sum = 0;

        if (((differing >> shift) & (N_DIGITS - 1)) == 0)
            continue;
        for (size_t i = 0; i < n; i++)
            start[(from[i].key >> shift) & (N_DIGITS - 1)]++;
        for (size_t digit = 0; digit < N_DIGITS; digit++) {
            size_t count = start[digit];

            start[digit] = sum;
            sum += count;
        }
        for (size_t i = 0; i < n; i++)
            to[start[(from[i].key >> shift) & (N_DIGITS - 1)]++] = from[i];
        struct gb_radix_item *other = from;
        from = to;
        to = other;
    }
    if (from != items)
        memcpy(items, from, n * sizeof *items);
}
