/* Strategies of several kinds of households behind one: who is asked about whom, and who hears
 * what. The strategies here write down what they are told. */
#include "models/agents/by_kind.h"

#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

enum { N = 6 };
static const uint32_t kinds[N] = {0, 0, 1, 1, 2, 2};

struct note {
    size_t n_asked, n_heard, n_fills, n_answers, n_rewards, n_closed;
    uint32_t asked[64], heard[64], filled[64];
};
static struct note notes[3]; /* by the number in a config */

static struct note *note_of(const void *config)
{
    return &notes[*(const int *)config];
}

static void quote(const void *config, void *state, const struct gb_traits *traits,
                  const struct gb_quote_batch *batch, struct gb_price *quote_out, int32_t *beta_out)
{
    struct note *note = note_of(config);

    (void)state;
    (void)traits;
    for (size_t i = 0; i < batch->n; i++) {
        note->asked[note->n_asked++] = batch->meter[i];
        quote_out[i].ticks = 1000 * *(const int *)config + batch->part[i] + batch->energy_wh[i];
        beta_out[i] = batch->side[i];
    }
}

static void requote(const void *config, void *state, const struct gb_traits *traits,
                    const struct gb_requote_batch *batch, struct gb_price *quote_out)
{
    (void)state;
    (void)traits;
    for (size_t i = 0; i < batch->n; i++)
        quote_out[i].ticks = batch->quote[i].ticks + 1 + *(const int *)config;
}

static void observe(const void *config, void *state, const struct gb_traits *traits,
                    const struct gb_market_news *news)
{
    struct note *note = note_of(config);

    (void)state;
    (void)traits;
    for (size_t i = 0; i < news->n_meters; i++)
        note->heard[note->n_heard++] = news->meters[i];
    for (size_t i = 0; i < news->n_fills; i++)
        note->filled[note->n_fills++] = news->fills[i].meter;
    note->n_answers += news->n_answers;
}

static enum gb_status open_own(void **state, const void *config,
                               const struct gb_strategy_facts *facts,
                               const struct gb_traits *traits, struct gb_error *failure)
{
    (void)facts;
    (void)traits;
    if (*(const int *)config < 0)
        return gb_fail(failure, GB_EFILE, "there is no such file");
    *state = note_of(config);
    return GB_OK;
}

static void close_own(void *state)
{
    if (state)
        ((struct note *)state)->n_closed++;
}

static void reward(void *state, const struct gb_slot_outcome *outcome)
{
    (void)outcome;
    ((struct note *)state)->n_rewards++;
}

static const struct gb_strategy plain = {.member = {.config_size = sizeof(int)}, .quote = quote};
static const struct gb_strategy learner = {
    .member = {.config_size = sizeof(int)}, .quote = quote, .requote = requote, .observe = observe};
static const struct gb_strategy own = {.member = {.config_size = sizeof(int)},
                                       .quote = quote,
                                       .observe = observe,
                                       .open = open_own,
                                       .close = close_own,
                                       .reward = reward,
                                       .is_asked_ahead = true};

static enum gb_status create(void **state, struct gb_strategy *made, const struct gb_strategy *last,
                             const int configs[3], struct gb_error *failure)
{
    static const struct gb_traits traits = {.n = N};
    struct gb_kind_strategy strategies[] = {
        {&plain, &configs[0]}, {&learner, &configs[1]}, {last, &configs[2]}};
    struct gb_by_kind_request request = {
        .n_kinds = 3, .kinds = strategies, .kind_of = kinds, .traits = &traits, .failure = failure};

    memset(notes, 0, sizeof notes);
    return gb_by_kind_create(state, made, &request, failure);
}

static const int numbers[] = {0, 1, 2};

static void every_order_is_asked_of_the_strategy_of_its_kind(void)
{
    static const uint32_t meter[] = {5, 4, 0, 3, 2, 1};
    static const uint8_t side[] = {0, 1, 0, 1, 0, 1}, part[] = {1, 2, 3, 4, 5, 6};
    static const int64_t energy_wh[] = {10, 20, 30, 40, 50, 60};
    const struct gb_quote_batch batch = {
        .n = N, .meter = meter, .side = side, .part = part, .energy_wh = energy_wh};
    struct gb_error failure = {0};
    struct gb_price quotes[N];
    struct gb_strategy made;
    int32_t betas[N];
    void *state;

    EXPECT_INT(create(&state, &made, &own, numbers, &failure), GB_OK);
    made.quote(NULL, state, NULL, &batch, quotes, betas);
    for (size_t i = 0; i < N; i++) {
        EXPECT_INT(quotes[i].ticks, 1000 * (int64_t)kinds[meter[i]] + part[i] + energy_wh[i]);
        EXPECT_INT(betas[i], side[i]);
    }
    EXPECT_INT((int64_t)notes[2].n_asked, 2);
    EXPECT(notes[2].asked[0] == 5 && notes[2].asked[1] == 4);
    EXPECT(gb_by_kind_strategy(state, 1) == &plain && gb_by_kind_strategy(state, 2) == &learner);
    EXPECT(made.open && made.is_asked_ahead && made.reward && made.observe && made.requote);
    made.close(state);
    EXPECT_INT((int64_t)notes[2].n_closed, 1);
}

static void who_does_not_quote_anew_stands(void)
{
    static const uint32_t meter[] = {0, 2, 4, 3};
    static const struct gb_price at[] = {{100}, {200}, {300}, {400}};
    const struct gb_market_knowledge *knowledge[4] = {NULL};
    struct gb_requote_batch batch = {.n = 4,
                                     .meter = meter,
                                     .side = (const uint8_t[4]){0},
                                     .part = (const uint8_t[4]){0},
                                     .wake_up = (const uint32_t[4]){0},
                                     .elapsed = (const double[4]){0},
                                     .beta_millionths = (const int32_t[4]){0},
                                     .quote = at,
                                     .knowledge = knowledge};
    struct gb_error failure = {0};
    struct gb_price quotes[4];
    struct gb_strategy made;
    void *state;

    EXPECT_INT(create(&state, &made, &own, numbers, &failure), GB_OK);
    made.requote(NULL, state, NULL, &batch, quotes);
    EXPECT_INT(quotes[0].ticks, 100);
    EXPECT_INT(quotes[1].ticks, 202);
    EXPECT_INT(quotes[2].ticks, 300);
    EXPECT_INT(quotes[3].ticks, 402);
    made.close(state);
}

static void a_strategy_from_outside_hears_of_its_own_alone(void)
{
    static const uint32_t meters[] = {1, 2, 3, 4};
    static const struct gb_fill fills[] = {{.meter = 4}, {.meter = 2}, {.meter = 5}, {.meter = 0}};
    static const struct gb_answer answers[] = {{.meter = 1}, {.meter = 4}};
    const struct gb_market_news news = {.n_meters = 4,
                                        .meters = meters,
                                        .n_fills = 4,
                                        .fills = fills,
                                        .n_answers = 2,
                                        .answers = answers};
    struct gb_error failure = {0};
    struct gb_strategy made;
    void *state;

    EXPECT_INT(create(&state, &made, &own, numbers, &failure), GB_OK);
    made.observe(NULL, state, NULL, &news);
    made.reward(state, NULL);
    EXPECT_INT((int64_t)notes[0].n_heard, 0);
    EXPECT(notes[1].n_heard == 2 && notes[1].heard[0] == 2 && notes[1].heard[1] == 3);
    EXPECT_INT((int64_t)notes[1].n_fills, 4); /* one of ours takes its own of them */
    EXPECT(notes[2].n_heard == 1 && notes[2].heard[0] == 4);
    EXPECT(notes[2].n_fills == 2 && notes[2].filled[0] == 4 && notes[2].filled[1] == 5);
    EXPECT_INT((int64_t)notes[2].n_answers, 1);
    EXPECT_INT((int64_t)notes[2].n_rewards, 1);
    made.close(state);
}

static void kinds_of_equal_options_share_a_strategy(void)
{
    static const int equal[] = {0, 1, 1};
    struct gb_error failure = {0};
    struct gb_strategy made;
    void *state;

    EXPECT_INT(create(&state, &made, &learner, equal, &failure), GB_OK);
    made.observe(
        NULL, state, NULL,
        &(struct gb_market_news){.n_meters = N, .meters = (const uint32_t[]){0, 1, 2, 3, 4, 5}});
    EXPECT_INT((int64_t)notes[1].n_heard, 4); /* together */
    EXPECT(!made.open && !made.is_asked_ahead && !made.reward);
    made.close(state);
}

static void a_strategy_that_does_not_open_ends_it(void)
{
    static const int wrong[] = {0, 1, -1};
    struct gb_error failure = {0};
    struct gb_strategy made;
    void *state;

    EXPECT_INT(create(&state, &made, &own, wrong, &failure), GB_EFILE);
    EXPECT_TEXT(failure.text, "there is no such file");
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(every_order_is_asked_of_the_strategy_of_its_kind),
        TAP(who_does_not_quote_anew_stands),
        TAP(a_strategy_from_outside_hears_of_its_own_alone),
        TAP(kinds_of_equal_options_share_a_strategy),
        TAP(a_strategy_that_does_not_open_ends_it),
        {0},
    };

    return tap_main("by_kind", tests);
}
