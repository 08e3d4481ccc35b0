/* The best of quotes that come and go, against a look at all of them. */
#include "experiments/run/best_quote.h"

#include "base/random.h"
#include "tests/tap.h"

enum { N = 60, STEPS = 20000 };

struct quotes { /* by order: 0 where it stands no more */
    int64_t ticks[N];
};

static bool stands(const void *context, const struct gb_run_quote *quote)
{
    return ((const struct quotes *)context)->ticks[quote->order] == quote->ticks;
}

static int64_t best_of_all(const struct quotes *quotes, enum gb_side side)
{
    int64_t best = 0;

    for (size_t i = 0; i < N; i++) {
        int64_t ticks = quotes->ticks[i];

        if (ticks != 0 && (best == 0 || (side == GB_BUY ? ticks > best : ticks < best)))
            best = ticks;
    }
    return best;
}

static void the_best_quote_is_that_of_a_look_at_all_however_orders_come_move_and_leave(void)
{
    struct gb_key key = gb_key_make(1, 0, GB_PURPOSE_KEY);

    for (int side = GB_BUY; side <= GB_SELL; side++) {
        struct gb_run_best_quote best = {0};
        struct quotes quotes = {{0}};
        size_t n_none = 0, n_moved = 0;

        for (uint32_t step = 0; step < STEPS; step++) {
            struct gb_draw draw = gb_draw_at(key, step, (uint32_t)side, 0, 0);
            uint32_t order = draw.words[0] % N;
            bool leaves = draw.words[1] % 1000 < (step % 4000 < 2000 ? 995u : 300u);

            n_moved += !leaves && quotes.ticks[order] != 0;
            quotes.ticks[order] = leaves ? 0 : 1 + draw.words[2] % 40;
            if (!leaves)
                EXPECT(
                    gb_run_best_quote_add(&best, (enum gb_side)side, quotes.ticks[order], order));
            const struct gb_run_quote *found =
                gb_run_best_quote_find(&best, (enum gb_side)side, stands, &quotes);
            EXPECT_INT(found ? found->ticks : 0, best_of_all(&quotes, (enum gb_side)side));
            n_none += !found;
        }
        EXPECT(n_none > 10 && n_moved > 1000);
        gb_run_best_quote_clear(&best);
        EXPECT(!gb_run_best_quote_find(&best, (enum gb_side)side, stands, &quotes));
        gb_run_best_quote_free(&best);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(the_best_quote_is_that_of_a_look_at_all_however_orders_come_move_and_leave), {0}};

    return tap_main("best_quote", tests);
}
