/* Whole units shared out by largest remainder: by hand, whatever the order, and exact. */
#include "base/share_out.h"
#include "tests/splitmix64.h"
#include "tests/tap.h"

enum { N = 7 };

static int64_t share_of(const struct gb_share *shares, size_t n, size_t place)
{
    for (size_t i = 0; i < n; i++)
        if (shares[i].place == place)
            return shares[i].share;
    return -1;
}

/* 7 of weights 5, 3, 2 are 3.5, 2.1 and 1.4: 3 + 2 + 1, and the last to the greatest rest. */
static void the_last_unit_goes_to_the_largest_remainder(void)
{
    struct gb_share shares[] = {{.weight = 2, .key = 0, .place = 2},
                                {.weight = 5, .key = 1, .place = 0},
                                {.weight = 3, .key = 2, .place = 1}};

    gb_share_out(shares, 3, 7);
    EXPECT_INT(share_of(shares, 3, 0), 4);
    EXPECT_INT(share_of(shares, 3, 1), 2);
    EXPECT_INT(share_of(shares, 3, 2), 1);
}

static void of_equal_remainders_the_smaller_key_goes_first(void)
{
    struct gb_share shares[] = {{.weight = 4, .key = 7, .place = 0},
                                {.weight = 4, .key = 3, .place = 1},
                                {.weight = 4, .key = 5, .place = 2}};

    gb_share_out(shares, 3, 5);
    EXPECT_INT(share_of(shares, 3, 0), 1);
    EXPECT_INT(share_of(shares, 3, 1), 2);
    EXPECT_INT(share_of(shares, 3, 2), 2);
}

static void nothing_and_all_are_shared_out_too(void)
{
    struct gb_share shares[] = {{.weight = 3, .key = 0, .place = 0},
                                {.weight = 0, .key = 1, .place = 1}};

    gb_share_out(shares, 2, 0);
    EXPECT_INT(share_of(shares, 2, 0), 0);
    gb_share_out(shares, 2, 3);
    EXPECT_INT(share_of(shares, 2, 0), 3);
    EXPECT_INT(share_of(shares, 2, 1), 0);
    gb_share_out(shares, 0, 0);
}

/* Weights up to 2^60, whose products fit 64 bits no more. */
static void every_order_gives_the_same_shares_and_their_sum(void)
{
    uint64_t state = 5;

    for (int round = 0; round < 2000; round++) {
        struct gb_share shares[N], turned[N];
        int bits = 1 + (int)(splitmix64(&state) % 60);
        int64_t sum = 0, given = 0;

        for (size_t i = 0; i < N; i++) {
            shares[i] = (struct gb_share){
                .weight = (int64_t)(splitmix64(&state) >> (64 - bits)),
                .key = (uint32_t)(i * 5 % N),
                .place = i,
            };
            sum += shares[i].weight;
        }
        int64_t whole = (int64_t)(splitmix64(&state) % ((uint64_t)sum + 1));
        for (size_t i = 0; i < N; i++)
            turned[(i * 3 + (size_t)round) % N] = shares[i];
        gb_share_out(shares, N, whole);
        gb_share_out(turned, N, whole);
        for (size_t i = 0; i < N; i++) {
            given += share_of(shares, N, i);
            EXPECT_INT(share_of(shares, N, i), share_of(turned, N, i));
            EXPECT(shares[i].share <= shares[i].weight);
        }
        EXPECT_INT(given, whole);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(the_last_unit_goes_to_the_largest_remainder),
        TAP(of_equal_remainders_the_smaller_key_goes_first),
        TAP(nothing_and_all_are_shared_out_too),
        TAP(every_order_gives_the_same_shares_and_their_sum),
        {0},
    };

    return tap_main("share out", tests);
}
