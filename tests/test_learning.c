/* Strategies that learn, against the published rules written a second time: what they quote after
 * each of a few shouts was computed by tests/learning.py, whose draws are at the same addresses.
 * One home in a market from -0.1 to 0.3 currency/kWh, which sells from 0 on and buys up to 0.2. And
 * the mix of strategies, in which each goes on as if it were alone. */
#include "models/agents/strategy.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/agents/options.h"
#include "models/agents/traits.h"
#include "tests/tap.h"

static const struct gb_tariff tariff = {.retail = {300000}, .feed_in = {-100000}};

struct home {
    const struct gb_strategy *strategy;
    struct gb_strategy_options options;
    struct gb_traits traits;
    struct gb_price reserve_sell, reserve_buy;
    void *state;
};

static const struct gb_strategy *strategy_named(const char *name)
{
    return (const struct gb_strategy *)gb_family_find(&gb_strategy_family, NULL, name);
}

/* The keys of its draws are zero. */
static void begin(struct home *home, const char *name)
{
    *home = (struct home){.strategy = strategy_named(name), .reserve_buy = {200000}};
    home->traits = (struct gb_traits){
        .n = 1, .reserve_sell = &home->reserve_sell, .reserve_buy = &home->reserve_buy};
    gb_param_defaults(home->strategy->member.params, &home->options);
    home->state = calloc(1, home->strategy->member.state_size);
    if (EXPECT(home->state != NULL) && home->strategy->init)
        home->strategy->init(&home->options, &home->traits, home->state, 1);
}

static int64_t quote(struct home *home, enum gb_side side, int64_t interval)
{
    const uint32_t meter = 0;
    const uint8_t side_byte = (uint8_t)side, part = 0;
    const struct gb_quote_batch batch = {.interval = interval,
                                         .n = 1,
                                         .meter = &meter,
                                         .side = &side_byte,
                                         .part = &part,
                                         .tariff = tariff};
    struct gb_price out;
    int32_t beta;

    home->strategy->quote(&home->options, home->state, &home->traits, &batch, &out, &beta);
    return out.ticks;
}

static int64_t requote(struct home *home, enum gb_side side, uint32_t wake_up, double elapsed,
                       const struct gb_market_knowledge *knowledge)
{
    const uint32_t meter = 0;
    const uint8_t side_byte = (uint8_t)side, part = 0;
    const struct gb_price standing = {100000};
    const struct gb_requote_batch batch = {.n = 1,
                                           .meter = &meter,
                                           .side = &side_byte,
                                           .part = &part,
                                           .wake_up = &wake_up,
                                           .elapsed = &elapsed,
                                           .quote = &standing,
                                           .knowledge = &knowledge,
                                           .tariff = tariff};
    struct gb_price out;

    home->strategy->requote(&home->options, home->state, &home->traits, &batch, &out);
    return out.ticks;
}

static void hear(struct home *home, const struct gb_shout *shouts, size_t n, uint8_t standing)
{
    const uint32_t meter = 0;
    const struct gb_market_news news = {.n_shouts = n,
                                        .shouts = shouts,
                                        .n_meters = 1,
                                        .meters = &meter,
                                        .standing = &standing,
                                        .tariff = tariff};

    home->strategy->observe(&home->options, home->state, &home->traits, &news);
}

static void fill(struct home *home, enum gb_side side, int64_t interval, int64_t wh, int64_t ticks)
{
    const struct gb_fill own = {.side = (uint8_t)side, .energy = {wh}, .price = {ticks}};
    const uint32_t meter = 0;
    const uint8_t standing = 0;
    const struct gb_market_news news = {.interval = interval,
                                        .n_fills = 1,
                                        .fills = &own,
                                        .n_meters = 1,
                                        .meters = &meter,
                                        .standing = &standing,
                                        .tariff = tariff};

    home->strategy->observe(&home->options, home->state, &home->traits, &news);
}

/* ---- a few shouts */

enum { BOTH = GB_STANDS_TO_BUY | GB_STANDS_TO_SELL, N_SHOUTS = 8 };

static const struct {
    enum gb_side side;
    bool is_accepted;
    int64_t quote, price; /* of a trade the ask; its bid lies as far above the price */
    uint8_t standing;
} heard[N_SHOUTS] = {{GB_SELL, true, 140000, 150000, BOTH},
                     {GB_SELL, false, 60000, 0, BOTH},
                     {GB_BUY, false, 90000, 0, BOTH},
                     {GB_SELL, true, 20000, 30000, GB_STANDS_TO_SELL},
                     {GB_SELL, true, 60000, 80000, GB_STANDS_TO_BUY},
                     {GB_BUY, false, 170000, 0, BOTH},
                     {GB_SELL, true, 110000, 110000, 0},
                     {GB_SELL, false, 10000, 0, GB_STANDS_TO_SELL}};

/* Block i: a trade comes as its ask and its bid. */
static void hear_block(struct home *home, size_t i)
{
    struct gb_shout shouts[2] = {{.side = (uint8_t)heard[i].side,
                                  .is_accepted = heard[i].is_accepted,
                                  .quote = {heard[i].quote},
                                  .price = {heard[i].price},
                                  .energy = {1000}}};

    shouts[1] = shouts[0];
    shouts[1].side = GB_BUY;
    shouts[1].quote.ticks = 2 * heard[i].price - heard[i].quote;
    hear(home, shouts, heard[i].is_accepted ? 2 : 1, heard[i].standing);
}

/* As buyer and as seller, before the first block and after each. */
static void expect_quotes(const char *name, const int64_t (*expected)[2], struct home *home)
{
    begin(home, name);
    for (size_t i = 0; i <= N_SHOUTS && home->state; i++) {
        if (i > 0)
            hear_block(home, i - 1);
        EXPECT_INT(quote(home, GB_BUY, 0), expected[i][0]);
        EXPECT_INT(quote(home, GB_SELL, 0), expected[i][1]);
    }
}

static void zip_moves_its_margins_by_the_rule_of_widrow_and_hoff(void)
{
    static const int64_t expected[N_SHOUTS + 1][2] = {
        {168896, 34646}, {162514, 69531}, {162514, 66957}, {162514, 66957}, {128577, 55216},
        {110344, 65655}, {128536, 65655}, {122529, 82781}, {122529, 62409}};
    struct home home;

    expect_quotes("zip", expected, &home);
    EXPECT_INT(requote(&home, GB_BUY, 3, 0.5, NULL), 122529);
    EXPECT_INT(requote(&home, GB_SELL, 3, 0.5, NULL), 62409);
    free(home.state);
}

static void aa_follows_equilibrium_aggressiveness_and_scatter(void)
{
    static const int64_t expected[N_SHOUTS + 1][2] = {
        {-1, 200001},   {149799, 150600}, {149799, 113040}, {149799, 113040}, {31342, 20004},
        {45954, 33228}, {116834, 33228},  {112936, 62160},  {112936, 31030}};
    const struct gb_market_knowledge book = {
        .has_bid = true, .has_ask = true, .best_bid = {20000}, .best_ask = {90000}};
    struct home home;

    expect_quotes("aa", expected, &home);
    EXPECT_INT(requote(&home, GB_BUY, 0, 0.5, &book), 90000);  /* the ask is as good */
    EXPECT_INT(requote(&home, GB_SELL, 0, 0.5, &book), 70343); /* a third of the way */
    free(home.state);
}

static void gdx_quotes_what_its_belief_makes_worth_most(void)
{
    static const int64_t expected[N_SHOUTS][2] = {{50000, 177500}, {40000, 142500}, {40000, 142500},
                                                  {37500, 142500}, {57500, 150000}, {57500, 186250},
                                                  {40000, 186250}, {47500, 186250}};
    struct home home;

    begin(&home, "gdx");
    home.options.gdx_memory = 2;
    for (size_t i = 0; i < N_SHOUTS && home.state; i++) {
        hear_block(&home, i);
        EXPECT_INT(quote(&home, GB_BUY, 0), expected[i][0]);
        EXPECT_INT(quote(&home, GB_SELL, 0), expected[i][1]);
    }
    /* five chances left: it waits for more */
    EXPECT_INT(requote(&home, GB_BUY, 1, 1.0 / 3, NULL), -31250);
    EXPECT_INT(requote(&home, GB_SELL, 1, 1.0 / 3, NULL), 218750);
    free(home.state);
}

/* A wake-up without the book: the own quote still stands, so it was not taken. */
static void gdx_without_the_book_learns_from_its_own_quotes_that_stand(void)
{
    const struct gb_shout trade[2] = {
        {.side = GB_SELL, .is_accepted = true, .quote = {50000}, .price = {60000}},
        {.side = GB_BUY, .is_accepted = true, .quote = {70000}, .price = {60000}}};
    struct home home;
    int64_t before = 0;

    begin(&home, "gdx");
    hear(&home, trade, 2, GB_STANDS_TO_BUY);
    before = quote(&home, GB_BUY, 0);
    for (uint32_t wake_up = 0; wake_up < 8; wake_up++)
        requote(&home, GB_BUY, wake_up, 1, NULL); /* 0.1 stands, above both quotes */
    EXPECT(requote(&home, GB_BUY, 8, 1, NULL) > before);
    free(home.state);
}

static void expect_choices(const char *name, const int64_t *expected, int64_t wh)
{
    struct home home;

    begin(&home, name);
    for (int64_t slot = 0; slot < 20 && home.state; slot++) {
        int64_t ask = quote(&home, GB_SELL, slot);

        EXPECT_INT(ask, expected[slot]);
        EXPECT_INT(quote(&home, GB_SELL, slot), ask); /* one choice for all orders of a slot */
        if (ask <= 150000) {
            fill(&home, GB_SELL, slot, wh - wh / 4, ask + 10000); /* in two blocks */
            fill(&home, GB_SELL, slot, wh / 4, ask + 10000);
        }
    }
    free(home.state);
}

static void mre_leans_to_choices_in_proportion_to_what_they_gained(void)
{
    static const int64_t expected[20] = {113793, 134483, 0,      279310, 279310, 227586, 124138,
                                         217241, 103448, 258621, 51724,  31034,  103448, 279310,
                                         62069,  62069,  206897, 103448, 103448, 103448};

    expect_choices("mre", expected, 1000);
}

static void vre_leans_to_choices_by_the_exponential_of_what_they_gained(void)
{
    static const int64_t expected[20] = {113793, 155172, 0,      289655, 289655, 237931, 124138,
                                         248276, 62069,  279310, 31034,  20690,  124138, 289655,
                                         62069,  51724,  268966, 124138, 103448, 155172};

    expect_choices("vre", expected, 20);
}

/* Two slots are quoted before the first one's fill comes: it goes to that one's choice, and as
 * nothing else was ever expected of any, to this choice all later slots keep. */
static void gains_that_come_late_go_to_the_choice_of_their_slot(void)
{
    struct home home;

    begin(&home, "mre");
    home.options.first_profit.units = 0;
    if (home.state) {
        home.strategy->init(&home.options, &home.traits, home.state, 1);
        int64_t first = quote(&home, GB_SELL, 0);
        EXPECT(quote(&home, GB_SELL, 1) != first);
        fill(&home, GB_SELL, 0, 1000, 250000);
        for (int64_t slot = 2; slot < 6; slot++)
            EXPECT_INT(quote(&home, GB_SELL, slot), first);
    }
    free(home.state);
}

/* ---- the mix */

enum { N = 3000 };

/* All meters of a market, half of them sellers, under one strategy. */
struct market {
    const struct gb_strategy *strategy;
    struct gb_strategy_options options;
    struct gb_traits *traits;
    void *state;
    struct gb_price quote[N], requote[N];
};

static uint32_t meters[N];
static uint8_t sides[N], parts[N], standing[N];

static struct market *open_market(const char *name, const char *mix, size_t n)
{
    const struct gb_traits_config config = {.tariff = tariff};
    struct market *m = calloc(1, sizeof *m);

    if (!EXPECT(m != NULL))
        return NULL;
    m->strategy = strategy_named(name);
    gb_param_defaults(gb_mix_params, &m->options);
    snprintf(m->options.mix, sizeof m->options.mix, "%s", mix);
    EXPECT_INT(gb_traits_create(&m->traits, n, &config, (struct gb_draws){.seed = 1}, NULL), GB_OK);
    m->state = calloc(n, m->strategy->member.state_size + 1);
    if (m->traits && m->state && m->strategy->init)
        m->strategy->init(&m->options, m->traits, m->state, n);
    for (uint32_t i = 0; i < N; i++) {
        meters[i] = i;
        sides[i] = i % 2 ? GB_SELL : GB_BUY;
        standing[i] = i % 2 ? GB_STANDS_TO_SELL : GB_STANDS_TO_BUY;
    }
    return m;
}

static void close_market(struct market *m)
{
    if (m) {
        gb_traits_free(m->traits);
        free(m->state);
    }
    free(m);
}

/* Hears two blocks, then quotes and quotes again. */
static void go_on(struct market *m)
{
    static uint32_t wake_ups[N];
    static double elapsed[N];
    static struct gb_price stands[N];
    static const struct gb_market_knowledge *knowledge[N];
    static int32_t betas[N];
    const struct gb_shout shouts[] = {
        {.side = GB_SELL, .is_accepted = true, .quote = {80000}, .price = {90000}},
        {.side = GB_BUY, .is_accepted = true, .quote = {100000}, .price = {90000}},
        {.side = GB_SELL, .quote = {20000}}};
    size_t n = m->traits->n;
    struct gb_market_news news = {
        .shouts = shouts, .n_meters = n, .meters = meters, .standing = standing, .tariff = tariff};
    const struct gb_quote_batch quotes = {
        .n = n, .meter = meters, .side = sides, .part = parts, .tariff = tariff};
    const struct gb_requote_batch requotes = {.n = n,
                                              .meter = meters,
                                              .side = sides,
                                              .part = parts,
                                              .wake_up = wake_ups,
                                              .elapsed = elapsed,
                                              .beta_millionths = betas,
                                              .quote = stands,
                                              .knowledge = knowledge,
                                              .tariff = tariff};

    for (news.n_shouts = 2; m->strategy->observe && news.n_shouts <= 3; news.n_shouts++)
        m->strategy->observe(&m->options, m->state, m->traits, &news);
    m->strategy->quote(&m->options, m->state, m->traits, &quotes, m->quote, betas);
    if (m->strategy->requote)
        m->strategy->requote(&m->options, m->state, m->traits, &requotes, m->requote);
}

static bool same_quotes(const struct market *a, const struct market *b, size_t i)
{
    return a->quote[i].ticks == b->quote[i].ticks && a->requote[i].ticks == b->requote[i].ticks;
}

/* Shares within five standard errors; a meter may quote as two strategies would, by chance. */
static void every_meter_of_a_mix_goes_on_as_under_its_strategy_alone(void)
{
    static const char *const names[] = {"zip", "aa", "gdx", "truthful"};
    static const double shares[] = {0.4, 0.3, 0.2, 0.1};
    struct market *mixed = open_market("mix", "zip 0.4, aa 0.3,gdx 0.2 , truthful 0.1", N);
    struct market *alone[4];
    size_t n_as[4] = {0}, n_lost = 0;

    go_on(mixed);
    for (int s = 0; s < 4; s++)
        if ((alone[s] = open_market(names[s], "", N)))
            go_on(alone[s]);
    for (size_t i = 0; i < N; i++) {
        bool is_known = false;

        for (int s = 0; s < 4; s++) {
            n_as[s] += same_quotes(mixed, alone[s], i);
            is_known |= same_quotes(mixed, alone[s], i);
        }
        n_lost += !is_known;
    }
    EXPECT_INT((int64_t)n_lost, 0);
    for (int s = 0; s < 4; s++) {
        EXPECT_NEAR((double)n_as[s] / N, shares[s], 5 * sqrt(shares[s] * (1 - shares[s]) / N));
        close_market(alone[s]);
    }
    close_market(mixed);
}

static void neither_a_meter_more_nor_a_share_moved_behind_changes_whom_a_meter_follows(void)
{
    struct market *m = open_market("mix", "zip 0.5, truthful 0.5", N - 1);
    struct market *more = open_market("mix", "zip 0.5, truthful 0.25, zi_u 0.25", N);
    struct market *zip = open_market("zip", "", N);
    size_t n_zip = 0;

    go_on(m);
    go_on(more);
    go_on(zip);
    for (size_t i = 0; i < N - 1; i++)
        if (same_quotes(m, zip, i)) {
            EXPECT(same_quotes(more, zip, i));
            n_zip++;
        }
    EXPECT(n_zip > N / 3);
    close_market(m);
    close_market(more);
    close_market(zip);
}

static void a_mix_has_room_for_every_strategy_and_for_who_follows_which(void)
{
    const struct gb_member *member = gb_family_member(&gb_strategy_family, NULL, 0);
    size_t sum = 0, n = 0;

    for (; member && strcmp(member->name, "mix") != 0;
         member = gb_family_member(&gb_strategy_family, NULL, ++n)) {
        EXPECT_INT((int64_t)member->state_size % 8, 0);
        sum += member->state_size;
    }
    EXPECT(member != NULL && n > 0 && n <= 16);
    EXPECT(sum + sizeof(uint32_t) + 1 <= strategy_named("mix")->member.state_size);
}

static void a_mix_names_built_in_strategies_once_each_with_shares_that_add_up(void)
{
    static const char *const right[] = {"zip 1", " zip 0.5 , aa 0.5", "zip 0.1,aa 0.2,mre 0.7"};
    static const char *const wrong[] = {
        "",      "zip",   "zip 0.5", "zip 0.5, aa 0.6", "zip 1, ",     "zip 0.5, zip 0.5",
        "mix 1", "zup 1", "zip 0,5", "zip 1 1",         "zip 1, aa 0", "zip nan"};
    struct gb_strategy_options options = {.mix = ""};

    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        snprintf(options.mix, sizeof options.mix, "%s", right[i]);
        EXPECT(strategy_named("mix")->member.check(&options) == NULL);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        snprintf(options.mix, sizeof options.mix, "%s", wrong[i]);
        if (!EXPECT(strategy_named("mix")->member.check(&options) != NULL))
            tap_note("not refused: %s", wrong[i]);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(zip_moves_its_margins_by_the_rule_of_widrow_and_hoff),
        TAP(aa_follows_equilibrium_aggressiveness_and_scatter),
        TAP(gdx_quotes_what_its_belief_makes_worth_most),
        TAP(gdx_without_the_book_learns_from_its_own_quotes_that_stand),
        TAP(mre_leans_to_choices_in_proportion_to_what_they_gained),
        TAP(vre_leans_to_choices_by_the_exponential_of_what_they_gained),
        TAP(gains_that_come_late_go_to_the_choice_of_their_slot),
        TAP(every_meter_of_a_mix_goes_on_as_under_its_strategy_alone),
        TAP(neither_a_meter_more_nor_a_share_moved_behind_changes_whom_a_meter_follows),
        TAP(a_mix_has_room_for_every_strategy_and_for_who_follows_which),
        TAP(a_mix_names_built_in_strategies_once_each_with_shares_that_add_up),
        {0}};
    return tap_main("learning", tests);
}
