/* The canonical encoding: one encoding a value, and no decoder reads past its bytes. */
#include "chain/wire/codec.h"

#include <stdlib.h>

#include "tests/tap.h"

static void numbers_are_big_endian_words(void)
{
    static const uint8_t expected[] = {1, 2, 3, 4, 0xff, 0xff, 0xff, 0xfe, 0,    0,    0,    1,
                                       0, 0, 0, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    struct gb_bytes to = {0};

    gb_put_u32(&to, 0x01020304);
    gb_put_i32(&to, -2);
    gb_put_u64(&to, UINT64_C(0x100000002));
    gb_put_i64(&to, -1);
    EXPECT_INT((int64_t)to.n, sizeof expected);
    EXPECT(memcmp(to.bytes, expected, sizeof expected) == 0);

    struct gb_decoder from = {.bytes = to.bytes, .n = to.n};
    EXPECT_INT(gb_take_u32(&from), 0x01020304);
    EXPECT_INT(gb_take_i32(&from), -2);
    EXPECT_INT((int64_t)gb_take_u64(&from), INT64_C(0x100000002));
    EXPECT_INT(gb_take_i64(&from), -1);
    EXPECT_INT(gb_decoder_end(&from, NULL), GB_OK);
    free(to.bytes);
}

static void opaques_of_every_length_come_back(void)
{
    uint8_t bytes[40];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i + 1);
    for (size_t n = 0; n <= sizeof bytes; n++) {
        struct gb_bytes to = {0};
        size_t length = 99;
        gb_put_opaque(&to, bytes, n);
        EXPECT_INT((int64_t)(to.n % 4), 0);
        struct gb_decoder from = {.bytes = to.bytes, .n = to.n};
        const uint8_t *back = gb_take_opaque(&from, &length);
        EXPECT_INT((int64_t)length, (int64_t)n);
        EXPECT(back && memcmp(back, bytes, n) == 0);
        EXPECT_INT(gb_decoder_end(&from, NULL), GB_OK);
        free(to.bytes);
    }
}

static void padding_that_is_not_zero_is_refused(void)
{
    uint8_t bytes[8] = {0, 0, 0, 1, 'x', 0, 0, 0};
    struct gb_error err = {0};
    size_t n;

    bytes[6] = 1;
    struct gb_decoder from = {.bytes = bytes, .n = sizeof bytes};
    EXPECT(gb_take_opaque(&from, &n) == NULL);
    EXPECT_INT(gb_decoder_end(&from, &err), GB_EINPUT);
    EXPECT_TEXT(err.text, "at byte 6: expected padding of zeros");
}

static void flags_and_choices_outside_their_range_are_refused(void)
{
    static const uint8_t bytes[] = {0, 0, 0, 2, 0, 0, 0, 1};
    struct gb_error err = {0};
    struct gb_decoder flag = {.bytes = bytes, .n = 4};

    EXPECT(!gb_take_flag(&flag));
    EXPECT_INT(gb_decoder_end(&flag, &err), GB_EINPUT);
    EXPECT_TEXT(err.text, "at byte 0: expected a flag, 0 or 1");
    struct gb_decoder choice = {.bytes = bytes, .n = 8};
    EXPECT_INT(gb_take_choice(&choice, 2, 3, "2 or 3"), 2);
    EXPECT_INT(gb_take_choice(&choice, 2, 3, "2 or 3"), 2);
    err = (struct gb_error){0};
    EXPECT_INT(gb_decoder_end(&choice, &err), GB_EINPUT);
    EXPECT_TEXT(err.text, "at byte 4: expected 2 or 3");
}

static void bytes_left_over_and_bytes_missing_are_refused(void)
{
    static const uint8_t bytes[12] = {0};
    struct gb_error err = {0};
    struct gb_decoder longer = {.bytes = bytes, .n = 12};

    gb_take_u64(&longer);
    EXPECT_INT(gb_decoder_end(&longer, &err), GB_EINPUT);
    EXPECT_TEXT(err.text, "at byte 8: expected the end of the encoding");
    err = (struct gb_error){0};
    struct gb_decoder shorter = {.bytes = bytes, .n = 6};
    gb_take_u32(&shorter);
    EXPECT_INT(gb_take_u32(&shorter), 0);
    EXPECT_INT(gb_decoder_end(&shorter, &err), GB_EINPUT);
    EXPECT_TEXT(err.text, "at byte 4: expected more bytes");
}

static void a_count_never_promises_more_than_the_bytes_hold(void)
{
    static const uint8_t bytes[] = {0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0};
    struct gb_decoder fits = {.bytes = bytes, .n = 12}, short_by_one = {.bytes = bytes, .n = 11};

    EXPECT_INT(gb_take_count(&fits, 4, "a count"), 2);
    EXPECT(!fits.expected);
    EXPECT_INT(gb_take_count(&short_by_one, 4, "a count"), 0);
    EXPECT(short_by_one.expected != NULL);
}

static void after_a_failure_nothing_more_is_read(void)
{
    static const uint8_t bytes[] = {0, 0, 0, 9, 0, 0, 0, 1};
    struct gb_decoder from = {.bytes = bytes, .n = sizeof bytes};
    uint8_t capacity[4] = {1, 1, 1, 1};

    gb_take_flag(&from);
    EXPECT_INT(gb_take_u32(&from), 0);
    gb_take_fixed(&from, capacity, sizeof capacity);
    EXPECT_INT(capacity[0] | capacity[1] | capacity[2] | capacity[3], 0);
    EXPECT_INT((int64_t)from.at, 0);
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(numbers_are_big_endian_words),
                                            TAP(opaques_of_every_length_come_back),
                                            TAP(padding_that_is_not_zero_is_refused),
                                            TAP(flags_and_choices_outside_their_range_are_refused),
                                            TAP(bytes_left_over_and_bytes_missing_are_refused),
                                            TAP(a_count_never_promises_more_than_the_bytes_hold),
                                            TAP(after_a_failure_nothing_more_is_read),
                                            {0}};
    return tap_main("codec", tests);
}
