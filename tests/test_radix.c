/* The radix sort against what a stable sort must give. */
#include "base/radix.h"

#include <stdlib.h>

#include "base/random.h"
#include "tests/tap.h"

static void keys_ascend_and_equal_keys_keep_their_order(void)
{
    static const size_t sizes[] = {0, 1, 2, 3, 15, 16, 17, 33, 100, 511, 512, 1000, 5000};
    struct gb_key key = gb_key_make(3, 0, GB_PURPOSE_TEST);

    for (unsigned shift = 0; shift < 64; shift += 9) /* few distinct keys to all 64 bits */
        for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
            size_t n = sizes[s];
            struct gb_radix_item *items = calloc(2 * n + 1, sizeof *items);
            uint64_t key_sum = 0, sorted_sum = 0;

            for (size_t i = 0; i < n; i++) {
                struct gb_draw draw = gb_draw_at(key, (uint32_t)i, shift, 0, 0);
                uint64_t bits = (uint64_t)draw.words[0] << 32 | draw.words[1];
                items[i] = (struct gb_radix_item){bits >> shift, i};
                key_sum += items[i].key;
            }
            gb_radix_sort(items, items + n, n);
            for (size_t i = 0; i < n; i++) {
                sorted_sum += items[i].key;
                if (i > 0)
                    EXPECT(
                        items[i - 1].key < items[i].key ||
                        (items[i - 1].key == items[i].key && items[i - 1].value < items[i].value));
            }
            EXPECT(key_sum == sorted_sum);
            free(items);
        }
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(keys_ascend_and_equal_keys_keep_their_order), {0}};

    return tap_main("radix", tests);
}
