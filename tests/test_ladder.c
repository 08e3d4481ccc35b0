/* The price levels of a side of the continuous book: every bitmap and every branch of the tree. */
#include "models/market/continuous/ladder.h"

#include "tests/random_books.h"
#include "tests/tap.h"

static void a_ladder_finds_its_prices_in_order_however_far_they_lie(void)
{
    for (int is_array = 0; is_array < 2; is_array++)
        for (int side = GB_BUY; side <= GB_SELL; side++) {
            struct gb_ladder ladder;
            struct gb_error err = {0};
            int64_t high = is_array ? (int64_t)GB_LADDER_MAX_LEVELS - 1 : -1;
            bool stands[300] = {false};
            int64_t step = is_array ? 13981 : INT64_C(6666666667);

            EXPECT_INT(gb_ladder_init(&ladder, (enum gb_side)side, 0, high, &err), GB_OK);
            EXPECT(ladder.is_array == is_array);
            random_state = 9;
            for (int turn = 0; turn < 3000; turn++) {
                int64_t i = below(300);
                uint32_t level = gb_ladder_raise(&ladder, i * step);

                if (stands[i])
                    gb_ladder_drop(&ladder, level);
                stands[i] = !stands[i];
                level = ladder.best;
                for (int64_t j = 0; j < 300; j++) {
                    int64_t expected = side == GB_SELL ? j : 299 - j;

                    if (!stands[expected])
                        continue;
                    if (!EXPECT(level != GB_NO_LEVEL &&
                                level == gb_ladder_raise(&ladder, expected * step))) {
                        gb_ladder_free(&ladder);
                        return;
                    }
                    level = gb_ladder_next(&ladder, level);
                }
                EXPECT(level == GB_NO_LEVEL);
            }
            gb_ladder_clear(&ladder);
            EXPECT(ladder.best == GB_NO_LEVEL);
            gb_ladder_free(&ladder);
        }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_ladder_finds_its_prices_in_order_however_far_they_lie), {0}};
    return tap_main("ladder", tests);
}
