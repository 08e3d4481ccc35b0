/* Replies of a process: the two ways of reading one come to the same, and what is not plain is left
 * to the one that says what is wrong with it. */
#include "models/agents/reply.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/splitmix64.h"
#include "tests/tap.h"

enum { N = 3, MOST_BYTES = 512 };

struct taken {
    int64_t quote[N], total_wh[N];
    int32_t beta[N];
};

/* What a line of a batch of three orders comes to; nothing is said in `why` of one that is good. */
static bool take(struct taken *taken, const char *line, char why[256])
{
    const struct gb_reply reply = {.id = 7, .n = N, .quote = taken->quote, .beta = taken->beta};

    *taken = (struct taken){{0}, {-5, -5, -5}, {-5, -5, -5}};
    why[0] = '\0';
    return gb_reply_read(&reply, line, why, 256);
}

static bool is_plain(const char *line)
{
    struct taken taken;
    const struct gb_reply reply = {.id = 7, .n = N, .quote = taken.quote, .beta = taken.beta};

    return gb_reply_read_plain(&reply, line);
}

static void a_line_as_programs_print_it_is_read_at_once(void)
{
    struct taken taken;
    char why[256];

    EXPECT(is_plain("{\"id\": 7, \"quote\": [0.5, -1e-3, 12], \"beta\": [0.1, null, 1]}"));
    EXPECT(is_plain("{\"quote\":[0.5,0.25,0.125],\"id\":7}"));
    EXPECT(is_plain(" { \"id\" : 7 , \"quote\" : [ 0.5 , 1 , 2 ] } "));
    EXPECT(take(&taken, "{\"id\": 7, \"quote\": [0.5, -1e-3, 12], \"beta\": [0.1, null, 1]}", why));
    EXPECT_INT(taken.quote[0], 500000);
    EXPECT_INT(taken.quote[1], -1000);
    EXPECT_INT(taken.quote[2], 12000000);
    EXPECT_INT(taken.beta[0], 100000);
    EXPECT_INT(taken.beta[1], -1);
    EXPECT_INT(taken.beta[2], 1000000);
}

static void totals_are_whole_and_null_leaves_them(void)
{
    int64_t quote[2], total_wh[2] = {-5, -5};
    const struct gb_reply reply = {.id = 8, .n = 2, .quote = quote, .total_wh = total_wh};

    EXPECT(gb_reply_read_plain(&reply, "{\"id\": 8, \"quote\": [1, 2], \"total_wh\": [null, 40]}"));
    EXPECT_INT(total_wh[0], -5);
    EXPECT_INT(total_wh[1], 40);
    EXPECT(!gb_reply_read_plain(&reply, "{\"id\": 8, \"quote\": [1, 2], \"total_wh\": [1, 0.5]}"));
    EXPECT(!gb_reply_read_plain(&reply, "{\"id\": 8, \"quote\": [1, 2], \"total_wh\": [1, -1]}"));
}

/* Read the other way, each of these is good, or wrong with a sentence of its own. */
static void what_is_not_plain_or_not_right_is_left_to_the_reader_of_yaml(void)
{
    static const char *const good[] = {"{id: 7, quote: [1, 2, 3]}",
                                       "{\"id\": 7,\t\"quote\": [1, 2, 3]}",
                                       "{\"id\": 7, \"quote\": [1, 2, 3]}\r"};
    static const char *const wrong[] = {
        "",
        "{",
        "{}",
        "{\"id\": 7}",
        "{\"id\": 8, \"quote\": [1, 2, 3]}",
        "{\"quote\": [1, 2, 3]}",
        "{\"id\": 7, \"quote\": [1, 2]}",
        "{\"id\": 7, \"quote\": [1, 2, 3, 4]}",
        "{\"id\": 7, \"quote\": [1, null, 3]}",
        "{\"id\": 7, \"quote\": [1, nan, 3]}",
        "{\"id\": 7, \"quote\": [1, 1e400, 3]}",
        "{\"id\": 7, \"quote\": [1, 1e7, 3]}",
        "{\"id\": 7, \"quote\": [1, 0x2, 3]}",
        "{\"id\": 7, \"quote\": [1, 2 3, 3]}",
        "{\"id\": 7, \"quote\": [1, \"2\", 3]}",
        "{\"id\": 7, \"quote\": [1, 2, 3], \"beta\": [0, 0, 1.5]}",
        "{\"id\": 7, \"quote\": [1, 2, 3], \"total_wh\": [0, 0, 1]}",
        "{\"id\": 7, \"quote\": [1, 2, 3]} {}",
        "{\"id\": 7, \"quote\": [1, 2, 3]",
        "[7]",
        "{\"error\": \"no data\"}"};
    struct taken taken;
    char why[256];

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (!EXPECT(!is_plain(good[i]) && take(&taken, good[i], why) && taken.quote[2] == 3000000))
            tap_note("%s: %s", good[i], why);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (!EXPECT(!is_plain(wrong[i]) && !take(&taken, wrong[i], why) && why[0]))
            tap_note("%s: %s", wrong[i], why);
}

/* Numbers of any number of digits, as JSON for the one reader and as YAML for the other. */
static void both_readers_come_to_the_same_numbers(void)
{
    uint64_t state = 1;
    char json[MOST_BYTES], yaml[MOST_BYTES], why[256];
    size_t n_wrong = 0;

    for (int i = 0; i < 20000; i++) {
        double x[N];
        int digits = 1 + (int)(splitmix64(&state) % 17);
        struct taken a, b;

        for (int k = 0; k < N; k++)
            x[k] = ((double)(splitmix64(&state) >> 11) / 9007199254740992.0 - 0.5) *
                   (splitmix64(&state) % 4 ? 1 : 1e-5);
        snprintf(json, sizeof json, "{\"id\": 7, \"quote\": [%.*g, %.*g, %.*f]}", digits, x[0],
                 digits, x[1], digits, x[2]);
        snprintf(yaml, sizeof yaml, "{id: 7, quote: [%.*g, %.*g, %.*f]}", digits, x[0], digits,
                 x[1], digits, x[2]);
        n_wrong += !is_plain(json) || is_plain(yaml) || !take(&a, json, why) ||
                   !take(&b, yaml, why) || memcmp(a.quote, b.quote, sizeof a.quote) != 0;
    }
    EXPECT_INT(n_wrong, 0);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_line_as_programs_print_it_is_read_at_once),
        TAP(totals_are_whole_and_null_leaves_them),
        TAP(what_is_not_plain_or_not_right_is_left_to_the_reader_of_yaml),
        TAP(both_readers_come_to_the_same_numbers),
        {0}};

    return tap_main("reply", tests);
}
