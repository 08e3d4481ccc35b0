/* Buffers of bytes: what is added stands there in order, and what found no memory is remembered. */
#include "base/bytes.h"

#include <stdlib.h>

#include "tests/tap.h"

static void pieces_stand_one_behind_the_other(void)
{
    struct gb_bytes bytes = {0};
    uint8_t expected[3000];

    for (size_t i = 0; i < sizeof expected; i++) {
        expected[i] = (uint8_t)(i * i);
        gb_bytes_add(&bytes, &expected[i], 1);
    }
    uint8_t *space = gb_bytes_add_space(&bytes, sizeof expected);
    if (EXPECT(space && !bytes.failed))
        memcpy(space, expected, sizeof expected);
    EXPECT_INT((int64_t)bytes.n, 2 * sizeof expected);
    EXPECT(bytes.bytes && memcmp(bytes.bytes, expected, sizeof expected) == 0 &&
           memcmp(bytes.bytes + sizeof expected, expected, sizeof expected) == 0);
    free(bytes.bytes);
}

static void nothing_added_takes_no_memory(void)
{
    struct gb_bytes bytes = {0};

    gb_bytes_add(&bytes, NULL, 0);
    EXPECT(!bytes.bytes && bytes.n == 0 && !bytes.failed);
}

static void room_made_at_once_is_not_moved_from(void)
{
    struct gb_bytes bytes = {0};

    if (EXPECT(gb_bytes_reserve(&bytes, 5000))) {
        const uint8_t *before = bytes.bytes;

        for (int i = 0; i < 5000; i++)
            gb_bytes_add(&bytes, "x", 1);
        EXPECT(bytes.bytes == before && bytes.n == 5000);
    }
    free(bytes.bytes);
}

static void what_no_memory_holds_is_dropped_and_remembered(void)
{
    struct gb_bytes bytes = {0};

    gb_bytes_add(&bytes, "ab", 2);
    EXPECT(!gb_bytes_add_space(&bytes, SIZE_MAX - 1)); /* the sum wraps */
    EXPECT(bytes.failed && bytes.n == 2);
    EXPECT(!gb_bytes_reserve(&bytes, 1 << 20));
    free(bytes.bytes);
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(pieces_stand_one_behind_the_other),
                                            TAP(nothing_added_takes_no_memory),
                                            TAP(room_made_at_once_is_not_moved_from),
                                            TAP(what_no_memory_holds_is_dropped_and_remembered),
                                            {0}};

    return tap_main("bytes", tests);
}
