/* Where draws come from: which purposes go with which kind, and what is said of them. */
#include "base/draws.h"

#include <string.h>

#include "tests/tap.h"

/* Every purpose of a trial; the number of the list is theirs alone. */
static const enum gb_purpose purposes[] = {
#define GB_PURPOSE(name, number, kind) GB_PURPOSE_##name,
#include "base/purposes.def"
#undef GB_PURPOSE
};
enum { N = sizeof purposes / sizeof purposes[0] };

static bool are_equal(struct gb_key a, struct gb_key b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static void every_purpose_of_a_trial_is_of_one_kind_and_has_a_number_of_its_own(void)
{
    size_t n_of_kind[GB_N_DRAW_KINDS] = {0};

    for (size_t i = 0; i < N; i++) {
        enum gb_draw_kind kind = gb_purpose_kind(purposes[i]);

        if (EXPECT(kind >= 0 && kind < GB_N_DRAW_KINDS))
            n_of_kind[kind]++;
        for (size_t j = 0; j < i; j++)
            EXPECT(purposes[i] != purposes[j]);
    }
    for (int kind = 0; kind < GB_N_DRAW_KINDS; kind++)
        EXPECT(n_of_kind[kind] > 0);
    EXPECT_INT(gb_purpose_kind(GB_PURPOSE_BOOTSTRAP), GB_N_DRAW_KINDS);
    EXPECT_INT(gb_purpose_kind(GB_PURPOSE_TEST), GB_N_DRAW_KINDS);
}

static void a_kept_kind_has_the_draws_of_replication_0_and_the_others_their_own(void)
{
    for (uint32_t kept = 0; kept <= GB_ALL_DRAWS; kept++)
        for (size_t i = 0; i < N; i++) {
            const struct gb_draws draws = {.seed = 3, .replication = 7, .kept = kept};
            bool is_kept = kept >> gb_purpose_kind(purposes[i]) & 1;

            EXPECT(are_equal(gb_draws_key(draws, purposes[i]),
                             gb_key_make(3, is_kept ? 0 : 7, purposes[i])));
        }
}

static void what_intervals_extend_over_is_said_in_words(void)
{
    char text[GB_DRAWS_TEXT_SIZE];
    const uint32_t weather = 1 << GB_DRAWS_WEATHER, households = 1 << GB_DRAWS_HOUSEHOLDS,
                   behaviour = 1 << GB_DRAWS_BEHAVIOUR, chain = 1 << GB_DRAWS_CHAIN;

    EXPECT_TEXT(gb_draws_describe(GB_ALL_DRAWS, text, sizeof text),
                "over weather, households, behaviour and the chain");
    EXPECT_TEXT(gb_draws_describe(households | behaviour | chain, text, sizeof text),
                "over households, behaviour and the chain, given this weather");
    EXPECT_TEXT(gb_draws_describe(households | behaviour, text, sizeof text),
                "over households and behaviour, given this weather and this chain");
    EXPECT_TEXT(gb_draws_describe(weather, text, sizeof text),
                "over weather, given these households, this behaviour and this chain");
    EXPECT_TEXT(gb_draws_describe(chain, text, sizeof text),
                "over the chain, given this weather, these households and this behaviour");
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(every_purpose_of_a_trial_is_of_one_kind_and_has_a_number_of_its_own),
        TAP(a_kept_kind_has_the_draws_of_replication_0_and_the_others_their_own),
        TAP(what_intervals_extend_over_is_said_in_words),
        {0}};
    return tap_main("draws", tests);
}
