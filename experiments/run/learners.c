#include "experiments/run/learners.h"

#include <stdlib.h>

#include "base/array.h"
#include "models/agents/betas.h"

/* ---- who */

bool gb_run_learners_listen(const struct gb_run_learners *learners)
{
    return learners->agents->strategy->observe != NULL;
}

bool gb_run_learners_want_answers(const struct gb_run_learners *learners)
{
    return gb_run_learners_listen(learners) && learners->agents->strategy->open;
}

uint32_t gb_run_learners_node(const struct gb_run_learners *learners, uint32_t meter)
{
    return gb_run_gateway_entry_node(learners->gateway, meter);
}

static void list_meters(struct gb_run_learners *learners)
{
    uint32_t at = 0;

    for (uint32_t node = 0; node < learners->n_nodes; node++) {
        learners->first_meter[node] = at;
        for (uint32_t meter = 0; meter < learners->env->n; meter++)
            if (gb_run_learners_node(learners, meter) == node)
                learners->meters[at++] = meter;
    }
    learners->first_meter[learners->n_nodes] = at;
}

enum gb_status gb_run_learners_init(struct gb_run_learners *learners,
                                    const struct gb_run_environment *env,
                                    const struct gb_run_gateway *gateway,
                                    const struct gb_run_agents *agents, struct gb_error *err)
{
    *learners =
        (struct gb_run_learners){env, gateway, agents, gb_run_gateway_n_nodes(gateway), NULL, NULL};
    if (!gb_run_learners_listen(learners) && !gb_betas_are_adaptive(agents->traits->betas))
        return GB_OK;
    learners->meters = malloc((env->n + 1) * sizeof *learners->meters);
    learners->first_meter = calloc(learners->n_nodes + 1, sizeof *learners->first_meter);
    if (!learners->meters || !learners->first_meter)
        return gb_fail(err, GB_ENOMEM, "no memory for the %zu meters that learn", env->n);
    list_meters(learners);
    return GB_OK;
}

void gb_run_learners_clear(struct gb_run_learners *learners)
{
    free(learners->meters);
    free(learners->first_meter);
    learners->meters = learners->first_meter = NULL;
}

void gb_run_learners_tell(const struct gb_run_learners *learners, uint32_t node,
                          struct gb_market_news news)
{
    const struct gb_run_agents *agents = learners->agents;
    uint32_t first = learners->first_meter[node];

    news.n_meters = learners->first_meter[node + 1] - first;
    news.meters = learners->meters + first;
    news.tariff = *gb_run_band(learners->env, news.interval);
    if (news.n_meters > 0)
        agents->strategy->observe(agents->config, agents->state, agents->traits, &news);
}

/* ---- what */

void gb_run_heard_clear(struct gb_run_heard *heard)
{
    free(heard->shouts);
    free(heard->fills);
    free(heard->answers);
    *heard = (struct gb_run_heard){0};
}

bool gb_run_heard_reserve(struct gb_run_heard *heard, size_t n_shouts, size_t n_fills,
                          struct gb_error *err)
{
    struct gb_shout *shouts = gb_array_grow(heard->shouts, &heard->shouts_capacity,
                                            heard->n_shouts + n_shouts, sizeof *shouts);
    if (shouts)
        heard->shouts = shouts;
    struct gb_fill *fills = gb_array_grow(heard->fills, &heard->fills_capacity,
                                          heard->n_fills + n_fills, sizeof *fills);
    if (fills)
        heard->fills = fills;
    if (!shouts || !fills)
        gb_fail(err, GB_ENOMEM, "no memory for %zu shouts and %zu fills",
                heard->n_shouts + n_shouts, heard->n_fills + n_fills);
    return shouts && fills;
}

void gb_run_heard_add_answer(struct gb_run_heard *heard, struct gb_answer answer,
                             struct gb_error *err)
{
    struct gb_answer *answers = gb_array_grow(heard->answers, &heard->answers_capacity,
                                              heard->n_answers + 1, sizeof *answers);

    if (!answers) {
        gb_fail(err, GB_ENOMEM, "no memory for %zu answers", heard->n_answers + 1);
        return;
    }
    heard->answers = answers;
    heard->answers[heard->n_answers++] = answer;
}

void gb_run_heard_add_quotes(struct gb_run_heard *heard, const struct gb_execution *made)
{
    const struct gb_trade *trade = &made->trade;
    struct gb_shout quoted = {.side = GB_SELL,
                              .source = trade->source,
                              .is_accepted = true,
                              .quote = made->ask,
                              .price = trade->price_sell,
                              .energy = trade->energy};

    heard->shouts[heard->n_shouts++] = quoted;
    quoted.side = GB_BUY;
    quoted.quote = made->bid;
    quoted.price = trade->price_buy;
    heard->shouts[heard->n_shouts++] = quoted;
}

struct gb_fill gb_run_fill_of_seller(const struct gb_trade *trade)
{
    return (struct gb_fill){trade->seller, GB_SELL, trade->energy, trade->price_sell};
}

struct gb_fill gb_run_fill_of_buyer(const struct gb_trade *trade)
{
    return (struct gb_fill){trade->buyer, GB_BUY, trade->energy, trade->price_buy};
}
