/* Time that learning strategies take to quote, for a thousand agents that have heard two hundred
 * blocks with a trade or a quote that rests. gdx looks as far ahead as it ever does, from a full
 * memory; aa keeps between trades what only they change, so it quotes behind one as well. Time on
 * one core, best of several runs. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/report.h"
#include "models/agents/options.h"
#include "models/agents/traits.h"
#include "tests/splitmix64.h"

#define N_AGENTS 1000
#define N_BLOCKS 200
#define N_RUNS 9

static const struct gb_tariff tariff = {.retail = {590000}, .feed_in = {310000}};

struct agents {
    const struct gb_strategy *strategy;
    struct gb_strategy_options options;
    struct gb_traits *traits;
    void *state;
    uint32_t meter[N_AGENTS], wake_up[N_AGENTS];
    uint8_t side[N_AGENTS], part[N_AGENTS], standing[N_AGENTS];
    double elapsed[N_AGENTS];
    struct gb_price standing_quote[N_AGENTS], quote[N_AGENTS];
    int32_t beta[N_AGENTS];
    const struct gb_market_knowledge *knowledge[N_AGENTS];
};

static void fill(struct agents *agents, const struct gb_market_knowledge *knowledge)
{
    for (uint32_t i = 0; i < N_AGENTS; i++) {
        agents->meter[i] = i;
        agents->side[i] = i % 2 ? GB_SELL : GB_BUY;
        agents->standing[i] = i % 2 ? GB_STANDS_TO_SELL : GB_STANDS_TO_BUY;
        agents->elapsed[i] = 0.01;
        agents->standing_quote[i].ticks = 450000;
        agents->knowledge[i] = knowledge;
    }
}

/* Blocks from `first` on. One in three has a trade, and all agents have got a part in it. */
static void teach(struct agents *agents, int64_t first, int64_t n)
{
    uint64_t state = 2026 + (uint64_t)first;
    struct gb_fill fills[N_AGENTS];

    for (int64_t block = first; block < first + n; block++) {
        struct gb_price price = {400000 + (int64_t)(splitmix64(&state) % 100000)};
        bool trades = block % 3 == 0;
        const struct gb_shout shouts[] = {
            {.side = block % 2 ? GB_SELL : GB_BUY,
             .is_accepted = trades,
             .quote = price,
             .price = price},
            {.side = GB_BUY, .is_accepted = true, .quote = price, .price = price}};

        for (uint32_t i = 0; i < N_AGENTS; i++)
            fills[i] = (struct gb_fill){i, agents->side[i], {100}, price};
        agents->strategy->observe(&agents->options, agents->state, agents->traits,
                                  &(struct gb_market_news){.interval = block,
                                                           .n_shouts = trades ? 2 : 1,
                                                           .shouts = shouts,
                                                           .n_fills = trades ? N_AGENTS : 0,
                                                           .fills = fills,
                                                           .n_meters = N_AGENTS,
                                                           .meters = agents->meter,
                                                           .standing = agents->standing,
                                                           .tariff = tariff});
    }
}

static void quote(struct agents *agents, int64_t interval)
{
    const struct gb_quote_batch batch = {.interval = interval,
                                         .n = N_AGENTS,
                                         .meter = agents->meter,
                                         .side = agents->side,
                                         .part = agents->part,
                                         .tariff = tariff,
                                         .key = {{1, 2}}};

    agents->strategy->quote(&agents->options, agents->state, agents->traits, &batch, agents->quote,
                            agents->beta);
}

static void requote(struct agents *agents, int64_t interval)
{
    const struct gb_requote_batch batch = {.interval = interval,
                                           .n = N_AGENTS,
                                           .meter = agents->meter,
                                           .side = agents->side,
                                           .part = agents->part,
                                           .wake_up = agents->wake_up,
                                           .elapsed = agents->elapsed,
                                           .beta_millionths = agents->beta,
                                           .quote = agents->standing_quote,
                                           .knowledge = agents->knowledge,
                                           .tariff = tariff,
                                           .key = {{1, 2}}};

    agents->strategy->requote(&agents->options, agents->state, agents->traits, &batch,
                              agents->quote);
}

/* hears_trades  between one run and the next */
static int measure(const char *name, bool hears_trades, double target_ns)
{
    const struct gb_market_knowledge knowledge = {
        .has_bid = true, .has_ask = true, .best_bid = {420000}, .best_ask = {480000}};
    struct agents *agents = calloc(1, sizeof *agents);
    const struct gb_traits_config config = {.tariff = tariff};
    double best = 1e9;
    char row[96];
    int failed = 1;

    if (!agents)
        return 1;
    agents->strategy = (const struct gb_strategy *)gb_family_find(&gb_strategy_family, NULL, name);
    gb_param_defaults(gb_mix_params, &agents->options);
    agents->options.gdx_memory = 20;
    agents->state = calloc(N_AGENTS, agents->strategy->member.state_size);
    if (!agents->state || gb_traits_create(&agents->traits, N_AGENTS, &config,
                                           (struct gb_draws){.seed = 1}, NULL) != GB_OK)
        goto done;
    fill(agents, &knowledge);
    if (agents->strategy->init)
        agents->strategy->init(&agents->options, agents->traits, agents->state, N_AGENTS);
    teach(agents, 0, N_BLOCKS);
    for (int64_t run = 0; run < N_RUNS; run++) {
        if (hears_trades)
            teach(agents, N_BLOCKS + 1 + 3 * run, 1);
        double start = gb_bench_cpu_s();

        if (agents->strategy->requote)
            requote(agents, N_BLOCKS + run);
        else
            quote(agents, N_BLOCKS + run);
        double took = (gb_bench_cpu_s() - start) / N_AGENTS * 1e9;
        best = took < best ? took : best;
    }
    snprintf(row, sizeof row, "agents: a quote of %s%s", name,
             hears_trades ? ", behind a trade" : "");
    gb_bench_report(&(struct gb_bench_row){
        row, best, "ns", target_ns, "a thousand agents at once, of either side; best of 9 runs"});
    failed = 0;
done:
    gb_traits_free(agents->traits);
    free(agents->state);
    free(agents);
    return failed;
}

int main(void)
{
    return measure("zip", false, 100) + measure("aa", false, 100) + measure("aa", true, 100) +
               measure("mre", false, 100) + measure("vre", false, 0) +
               measure("gdx", false, 10000) >
           0;
}
