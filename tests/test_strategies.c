/* Traders: traits in their ranges, quotes within reserve and band, and every draw at an address
 * of its own. Statistical bounds are 5 standard errors at a fixed seed (false alarm below 1e-6
 * each). */
#include "models/agents/strategy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/agents/options.h"
#include "models/agents/traits.h"
#include "tests/tap.h"

#define N 20000

static const struct gb_traits_config usual = {.tariff = {.retail = {590000}, .feed_in = {310000}}};

static struct gb_traits *draw(const struct gb_traits_config *config, size_t n, uint64_t seed)
{
    struct gb_traits *traits = NULL;

    EXPECT_INT(gb_traits_create(&traits, n, config, (struct gb_draws){.seed = seed}, NULL), GB_OK);
    return traits;
}

/* Mean and both ends of one trait, as shares of D away from `origin`. */
static void expect_uniform(const struct gb_price *trait, int64_t origin, double low, double high)
{
    double sum = 0, least = 1e9, most = -1e9, D = 280000;

    for (size_t i = 0; i < N; i++) {
        double share = fabs((double)(trait[i].ticks - origin)) / D;

        sum += share;
        least = fmin(least, share);
        most = fmax(most, share);
    }
    EXPECT(least >= low - 1 / D && most <= high + 1 / D);
    EXPECT(least <= low + (high - low) * 0.002 && most >= high - (high - low) * 0.002);
    EXPECT_NEAR(sum / N, (low + high) / 2, 5 * (high - low) / sqrt(12.0 * N));
}

static int32_t beta_of(const struct gb_traits *traits, size_t meter)
{
    return gb_betas_of(traits->betas, (uint32_t)meter, 0);
}

static void traits_are_uniform_over_the_ranges_of_the_rules(void)
{
    struct gb_traits *traits = draw(&usual, N, 1);

    expect_uniform(traits->reserve_sell, 310000, 0.10, 0.50);
    expect_uniform(traits->reserve_buy, 590000, 0.03, 0.22);
    expect_uniform(traits->shade_sell, 0, 0.14, 0.25);
    expect_uniform(traits->shade_buy, 0, 0.14, 0.25);
    for (size_t i = 0; i < N; i++) {
        EXPECT_INT(beta_of(traits, i), GB_BETA_OF_MARKET);
        EXPECT_INT(traits->preferred_source[i], GB_SOURCE_ANY);
    }
    gb_traits_free(traits);
}

static void betas_and_preferences_are_drawn_as_the_shares_say(void)
{
    struct gb_traits_config config = usual;
    size_t n_of[GB_N_SOURCES] = {0};
    const double shares[GB_N_SOURCES] = {0.3, 0.4, 0.2, 0.1, 0};
    bool has_low = false, has_high = false;

    config.preference_solar = 0.4;
    config.preference_wind = 0.2;
    config.preference_storage = 0.1;
    config.betas = (struct gb_betas_config){
        .kind = GB_BETAS_DRAWN, .low_millionths = 50000, .high_millionths = 50009};
    struct gb_traits *traits = draw(&config, N, 1);
    for (size_t i = 0; i < N; i++) {
        n_of[traits->preferred_source[i]]++;
        EXPECT(beta_of(traits, i) >= 50000 && beta_of(traits, i) <= 50009);
        has_low = has_low || beta_of(traits, i) == 50000;
        has_high = has_high || beta_of(traits, i) == 50009;
    }
    EXPECT(has_low && has_high);
    for (int s = 0; s < GB_N_SOURCES; s++)
        EXPECT_NEAR((double)n_of[s] / N, shares[s], 5 * sqrt(shares[s] * (1 - shares[s]) / N));
    gb_traits_free(traits);
}

static struct gb_betas *betas_with(const struct gb_betas_config *config)
{
    struct gb_betas *betas = NULL;

    EXPECT_INT(gb_betas_create(&betas, 2, config, NULL), GB_OK);
    return betas;
}

static void a_beta_by_the_time_of_day_holds_until_the_next_time_and_over_midnight(void)
{
    const struct gb_betas_config config = {.kind = GB_BETAS_BY_TIME,
                                           .times = "6:00 0.1, 6:45 .25, 17:30 0.8",
                                           .slot_ns = 900 * GB_NS_PER_SECOND};
    struct gb_betas *betas = betas_with(&config);

    EXPECT_INT(gb_betas_of(betas, 0, 23), 800000);
    EXPECT_INT(gb_betas_of(betas, 0, 24), 100000);
    EXPECT_INT(gb_betas_of(betas, 1, 26), 100000);
    EXPECT_INT(gb_betas_of(betas, 1, 27), 250000);
    EXPECT_INT(gb_betas_of(betas, 0, 70), 800000);
    EXPECT_INT(gb_betas_of(betas, 0, 96 + 69), 250000);
    EXPECT_INT(gb_betas_of(betas, 0, -1), 800000); /* of the evening before */
    gb_betas_free(betas);
}

static void a_beta_by_the_time_of_day_goes_by_the_local_clock(void)
{
    /* 2024-10-27: from slot 12 on the clock shows 2:00 again, and 6:00 in slot 28 */
    const struct gb_betas_config config = {
        .kind = GB_BETAS_BY_TIME,
        .times = "2:00 0.3, 3:00 0.4, 6:00 0.1",
        .slot_ns = 900 * GB_NS_PER_SECOND,
        .calendar = gb_calendar_make(20023, "CET-1CEST,M3.5.0,M10.5.0/3", 0)};
    struct gb_betas *betas = betas_with(&config);

    EXPECT_INT(gb_betas_of(betas, 0, 7), 100000);
    EXPECT_INT(gb_betas_of(betas, 0, 8), 300000);
    EXPECT_INT(gb_betas_of(betas, 0, 15), 300000);
    EXPECT_INT(gb_betas_of(betas, 0, 16), 400000);
    EXPECT_INT(gb_betas_of(betas, 0, 27), 400000);
    EXPECT_INT(gb_betas_of(betas, 0, 28), 100000);
    gb_betas_free(betas);
}

static void an_adaptive_beta_goes_its_shares_of_the_way_to_one_and_to_nought(void)
{
    const struct gb_betas_config config = {
        .kind = GB_BETAS_ADAPTIVE, .first = 0.2, .up = 0.5, .down = 0.25};
    struct gb_betas *betas = betas_with(&config);
    const struct gb_energy all = {400};

    EXPECT_INT(gb_betas_of(betas, 0, 3), 200000);
    gb_betas_learn(betas, 0, all, all); /* 0.2 + 0.5 0.8 */
    EXPECT_INT(gb_betas_of(betas, 0, 3), 600000);
    gb_betas_learn(betas, 0, all, (struct gb_energy){0}); /* 0.6 - 0.25 0.6 */
    EXPECT_INT(gb_betas_of(betas, 0, 3), 450000);
    gb_betas_learn(betas, 0, all, (struct gb_energy){100}); /* + 0.125 0.55 - 0.1875 0.45 */
    EXPECT_INT(gb_betas_of(betas, 0, 3), 434375);
    gb_betas_learn(betas, 0, (struct gb_energy){0}, (struct gb_energy){0});
    EXPECT_INT(gb_betas_of(betas, 0, 3), 434375);
    EXPECT_INT(gb_betas_of(betas, 1, 3), 200000);
    gb_betas_free(betas);
}

static bool same_but_beta(const struct gb_traits *a, const struct gb_traits *b, size_t n)
{
    return memcmp(a->reserve_sell, b->reserve_sell, n * sizeof *a->reserve_sell) == 0 &&
           memcmp(a->reserve_buy, b->reserve_buy, n * sizeof *a->reserve_buy) == 0 &&
           memcmp(a->shade_sell, b->shade_sell, n * sizeof *a->shade_sell) == 0 &&
           memcmp(a->shade_buy, b->shade_buy, n * sizeof *a->shade_buy) == 0 &&
           memcmp(a->preferred_source, b->preferred_source, n) == 0;
}

static void neither_a_meter_more_nor_another_beta_shifts_anybodys_draws(void)
{
    struct gb_traits_config drawn = usual;

    drawn.betas = (struct gb_betas_config){.kind = GB_BETAS_DRAWN, .high_millionths = 1000000};
    struct gb_traits *few = draw(&usual, 100, 7), *many = draw(&usual, 101, 7);
    struct gb_traits *other_beta = draw(&drawn, 100, 7), *other_seed = draw(&usual, 100, 8);

    EXPECT(same_but_beta(few, many, 100));
    EXPECT(same_but_beta(few, other_beta, 100));
    EXPECT(beta_of(few, 0) == GB_BETA_OF_MARKET &&
           beta_of(other_beta, 0) != beta_of(other_beta, 1));
    EXPECT(!same_but_beta(few, other_seed, 100));
    gb_traits_free(few);
    gb_traits_free(many);
    gb_traits_free(other_beta);
    gb_traits_free(other_seed);
}

/* ---- quotes */

static const struct gb_strategy *strategy_named(const char *name)
{
    return (const struct gb_strategy *)gb_family_find(&gb_strategy_family, NULL, name);
}

struct market {
    struct gb_traits *traits;
    uint32_t meter[N];
    uint8_t side[N], part[N];
    struct gb_price quote[N];
    int32_t beta[N];
    struct gb_quote_batch batch;
    void *config;
};

/* Meters in reverse order, sellers and buyers by turns, all of one slot. */
static void ask_for_quotes(struct market *m, const struct gb_strategy *strategy, int64_t interval)
{
    for (uint32_t i = 0; i < N; i++) {
        m->meter[i] = N - 1 - i;
        m->side[i] = i % 2 ? GB_SELL : GB_BUY;
        m->part[i] = 0;
    }
    m->batch = (struct gb_quote_batch){.interval = interval,
                                       .n = N,
                                       .meter = m->meter,
                                       .side = m->side,
                                       .part = m->part,
                                       .tariff = usual.tariff,
                                       .key = gb_key_make(1, 0, GB_PURPOSE_QUOTE)};
    m->config = calloc(1, strategy->member.config_size + 1);
    void *state = calloc(N, strategy->member.state_size + 1);
    if (EXPECT(m->config && state)) {
        gb_param_defaults(strategy->member.params, m->config);
        if (strategy->init)
            strategy->init(m->config, m->traits, state, N);
        strategy->quote(m->config, state, m->traits, &m->batch, m->quote, m->beta);
    }
    free(m->config);
    free(state);
}

static int64_t reserve_of(const struct market *m, size_t i)
{
    return m->side[i] == GB_SELL ? m->traits->reserve_sell[m->meter[i]].ticks
                                 : m->traits->reserve_buy[m->meter[i]].ticks;
}

static struct market *open_market(void)
{
    struct market *m = calloc(1, sizeof *m);
    struct gb_traits_config config = usual;

    config.betas.kind = GB_BETAS_DRAWN;
    config.betas.high_millionths = 1000000;
    if (m)
        m->traits = draw(&config, N, 3);
    return m;
}

static void close_market(struct market *m)
{
    gb_traits_free(m->traits);
    free(m);
}

/* All but zi_u, whose reserve is no limit. */
static void every_quote_lies_between_its_reserve_and_the_tariff_and_carries_its_beta(void)
{
    struct market *m = open_market();

    const struct gb_member *member;

    for (size_t s = 0; m && (member = gb_family_member(&gb_strategy_family, NULL, s)); s++) {
        bool holds = true, is_limited = strcmp(member->name, "zi_u") != 0;

        if (strategy_named(member->name)->open) /* of the user's own: it asks a run for its state */
            continue;
        ask_for_quotes(m, strategy_named(member->name), 5);
        for (size_t i = 0; i < N; i++) {
            int64_t quote = m->quote[i].ticks, sells = m->side[i] == GB_SELL;
            int64_t reserve = is_limited ? reserve_of(m, i) : sells ? 310000 : 590000;

            holds =
                holds && m->beta[i] == beta_of(m->traits, m->meter[i]) &&
                (sells ? quote >= reserve && quote <= 590000 : quote <= reserve && quote >= 310000);
        }
        if (!EXPECT(holds))
            tap_note("strategy %s", member->name);
    }
    close_market(m);
}

static void each_strategy_quotes_what_it_says(void)
{
    struct market *m = open_market();
    bool truthful = true, fixed = true, paper = true;

    ask_for_quotes(m, strategy_named("truthful"), 0);
    for (size_t i = 0; i < N; i++)
        truthful = truthful && m->quote[i].ticks == reserve_of(m, i);
    ask_for_quotes(m, strategy_named("fixed_shade"), 0); /* 0.05, and reserves leave room */
    for (size_t i = 0; i < N; i++)
        fixed = fixed &&
                m->quote[i].ticks == reserve_of(m, i) + (m->side[i] == GB_SELL ? 50000 : -50000);
    ask_for_quotes(m, strategy_named("paper_beta"), 0);
    for (size_t i = 0; i < N; i++) {
        int64_t shade = m->side[i] == GB_SELL ? m->traits->shade_sell[m->meter[i]].ticks
                                              : -m->traits->shade_buy[m->meter[i]].ticks;

        paper = paper && m->quote[i].ticks == reserve_of(m, i) + shade;
    }
    EXPECT(truthful);
    EXPECT(fixed);
    EXPECT(paper);
    close_market(m);
}

static void a_shade_wider_than_the_band_ends_at_the_tariff(void)
{
    const struct gb_strategy *fixed = strategy_named("fixed_shade");
    struct gb_traits *traits = draw(&usual, 1, 3);
    const struct gb_strategy_options options = {.shade = {400000}};
    struct gb_price quotes[2];
    const uint32_t meters[] = {0, 0};
    const uint8_t sides[] = {GB_SELL, GB_BUY}, parts[] = {0, 1};
    int32_t betas[2];
    struct gb_quote_batch batch = {
        .n = 2, .meter = meters, .side = sides, .part = parts, .tariff = usual.tariff};

    fixed->quote(&options, NULL, traits, &batch, quotes, betas);
    EXPECT_INT(quotes[0].ticks, 590000);
    EXPECT_INT(quotes[1].ticks, 310000);
    gb_traits_free(traits);
}

static void zero_intelligence_is_uniform_up_to_the_reserve(void)
{
    struct market *m = open_market();
    double sum = 0;

    ask_for_quotes(m, strategy_named("zi_c"), 12);
    for (size_t i = 0; i < N; i++) {
        double reserve = (double)reserve_of(m, i);
        double edge = m->side[i] == GB_SELL ? 590000 : 310000;

        sum += ((double)m->quote[i].ticks - reserve) / (edge - reserve);
    }
    EXPECT_NEAR(sum / N, 0.5, 5 / sqrt(12.0 * N));
    close_market(m);
}

/* Anywhere in the band, beyond the own reserve as well. */
static void without_a_budget_zero_intelligence_is_uniform_over_the_band(void)
{
    struct market *m = open_market();
    double sum = 0;
    size_t n_at_a_loss = 0;

    ask_for_quotes(m, strategy_named("zi_u"), 12);
    for (size_t i = 0; i < N; i++) {
        sum += ((double)m->quote[i].ticks - 310000) / 280000;
        n_at_a_loss += m->side[i] == GB_SELL ? m->quote[i].ticks < reserve_of(m, i)
                                             : m->quote[i].ticks > reserve_of(m, i);
    }
    EXPECT_NEAR(sum / N, 0.5, 5 / sqrt(12.0 * N));
    EXPECT(n_at_a_loss > N / 8); /* reserves keep 0.1 to 0.5, and 0.03 to 0.22, of the band away */
    close_market(m);
}

static void a_random_quote_belongs_to_its_meter_slot_and_part_alone(void)
{
    const struct gb_strategy *zi_c = strategy_named("zi_c");
    struct market *m = open_market();
    struct gb_price alone, other_part;
    const uint8_t one = 1;
    int32_t beta;

    ask_for_quotes(m, zi_c, -4); /* slots before the start have draws too */
    struct gb_quote_batch single = m->batch;
    single.n = 1;
    single.meter = &m->meter[77];
    single.side = &m->side[77];
    single.part = &m->part[77];
    zi_c->quote(NULL, NULL, m->traits, &single, &alone, &beta);
    EXPECT_INT(alone.ticks, m->quote[77].ticks);
    single.part = &one;
    zi_c->quote(NULL, NULL, m->traits, &single, &other_part, &beta);
    EXPECT(other_part.ticks != alone.ticks);
    single.part = &m->part[77];
    single.interval = -3;
    zi_c->quote(NULL, NULL, m->traits, &single, &other_part, &beta);
    EXPECT(other_part.ticks != alone.ticks);
    close_market(m);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(traits_are_uniform_over_the_ranges_of_the_rules),
        TAP(betas_and_preferences_are_drawn_as_the_shares_say),
        TAP(a_beta_by_the_time_of_day_holds_until_the_next_time_and_over_midnight),
        TAP(a_beta_by_the_time_of_day_goes_by_the_local_clock),
        TAP(an_adaptive_beta_goes_its_shares_of_the_way_to_one_and_to_nought),
        TAP(neither_a_meter_more_nor_another_beta_shifts_anybodys_draws),
        TAP(every_quote_lies_between_its_reserve_and_the_tariff_and_carries_its_beta),
        TAP(each_strategy_quotes_what_it_says),
        TAP(a_shade_wider_than_the_band_ends_at_the_tariff),
        TAP(zero_intelligence_is_uniform_up_to_the_reserve),
        TAP(without_a_budget_zero_intelligence_is_uniform_over_the_band),
        TAP(a_random_quote_belongs_to_its_meter_slot_and_part_alone),
        {0}};
    return tap_main("strategies", tests);
}
