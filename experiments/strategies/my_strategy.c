/* A bidding strategy of your own for Gridbourse. Build it with
 *
 *     cc -O2 -fPIC -shared -I@includedir@ -o my_strategy.so my_strategy.c
 *
 * and name it in a scenario:
 *
 *     agents:
 *       strategy: plugin
 *       plugin: ./my_strategy.so
 *       plugin_options: share=0.3
 *
 * This one asks for a share of what there is between its own reserve and the price of the grid,
 * drawn up to `share`, and gives way as time passes. gridbourse/strategy.h says what you see and
 * what you may do. */
#include <stdio.h>
#include <stdlib.h>

#include <gridbourse/strategy.h>

struct state {
    const struct gridbourse_market *market;
    double share;
    int64_t saved;  /* so far, by all, in 1e-9 currency */
    int64_t traded; /* Wh sold and bought, as their nodes have heard */
};

static int start(const struct gridbourse_market *market, void **state)
{
    struct state *own = calloc(1, sizeof *own);

    if (!own) {
        snprintf(market->why, market->why_size, "no memory");
        return 1;
    }
    own->market = market;
    own->share = 0.3;
    *state = own;
    if (market->options[0] && sscanf(market->options, "share=%lf", &own->share) != 1) {
        snprintf(market->why, market->why_size,
                 "expected agents.plugin_options: share=NUMBER, got '%s'", market->options);
        free(own);
        return 1;
    }
    return 0;
}

/* What an order asks for beyond its reserve: a share of the way to the grid's price. */
static int64_t markup(const struct gridbourse_quotes *quotes, size_t i, double share)
{
    int64_t end = quotes->side[i] == GRIDBOURSE_SELL ? quotes->retail[i] : quotes->feed_in[i];

    return (int64_t)(share * (double)(end - quotes->reserve[i]));
}

static int quote(void *state, const struct gridbourse_quotes *quotes)
{
    const struct state *own = state;

    for (size_t i = 0; i < quotes->n; i++)
        quotes->quote[i] = quotes->reserve[i] + markup(quotes, i, own->share * quotes->uniform[i]);
    return 0;
}

static int requote(void *state, const struct gridbourse_requotes *requotes)
{
    (void)state;
    for (size_t i = 0; i < requotes->n; i++) {
        double left = 1 - requotes->elapsed[i];
        int64_t over = requotes->standing[i] - requotes->reserve[i];

        requotes->quote[i] = requotes->reserve[i] + (int64_t)(left * (double)over);
        /* requotes->total_wh[i] = requotes->filled_wh[i] would cancel what is left of it */
    }
    return 0;
}

/* What agents of one node learn from one block: trades of others, own fills, own receipts. */
static int observe(void *state, const struct gridbourse_news *news)
{
    struct state *own = state;

    for (size_t i = 0; i < news->n_fills; i++)
        own->traded += news->fills[i].energy_wh;
    return 0;
}

static int reward(void *state, const struct gridbourse_outcome *outcome)
{
    struct state *own = state;

    for (size_t i = 0; i < outcome->n; i++)
        own->saved += outcome->cost_grid_only[i] - outcome->cost[i];
    return 0;
}

static void end(void *state)
{
    free(state);
}

const struct gridbourse_strategy gridbourse_strategy = {
    .version = GRIDBOURSE_STRATEGY_VERSION,
    .size = sizeof(struct gridbourse_strategy),
    .name = "my_strategy",
    .open = start,
    .quote = quote,
    .requote = requote,
    .observe = observe,
    .reward = reward,
    .close = end,
};
