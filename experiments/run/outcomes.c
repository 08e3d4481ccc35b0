#include "experiments/run/outcomes.h"

#include <stdlib.h>
#include <string.h>

#include "models/agents/betas.h"

struct gb_run_interval_outcome { /* per meter, of its accepted orders */
    struct gb_energy *offered, *unmatched;
};

void gb_run_outcomes_init(struct gb_run_outcomes *outcomes, const struct gb_run_environment *env,
                          const struct gb_run_agents *agents,
                          const struct gb_run_learners *learners)
{
    *outcomes = (struct gb_run_outcomes){.env = env, .agents = agents, .learners = learners};
}

void gb_run_outcomes_clear(struct gb_run_outcomes *outcomes)
{
    for (size_t place = 0; place < outcomes->n_places; place++) {
        free(outcomes->at[place].offered);
        free(outcomes->at[place].unmatched);
    }
    free(outcomes->at);
    *outcomes = (struct gb_run_outcomes){.at = NULL};
}

/* Empties what the place holds. false after a failure */
static bool reserve(struct gb_run_outcomes *outcomes, size_t place)
{
    size_t size = outcomes->env->n * sizeof(struct gb_energy);

    if (!gb_run_reach_place((void **)&outcomes->at, &outcomes->n_places, place,
                            sizeof *outcomes->at, outcomes->env->error))
        return false;
    struct gb_run_interval_outcome *of = &outcomes->at[place];
    if (!of->offered)
        of->offered = malloc(size);
    if (!of->unmatched)
        of->unmatched = malloc(size);
    if (!of->offered || !of->unmatched) {
        gb_fail(outcomes->env->error, GB_ENOMEM, "no memory for what a match left of %zu meters",
                outcomes->env->n);
        return false;
    }
    memset(of->offered, 0, size);
    memset(of->unmatched, 0, size);
    return true;
}

void gb_run_outcomes_take(struct gb_run_outcomes *outcomes, size_t place,
                          const struct gb_interval_view *view)
{
    if (!gb_betas_are_adaptive(outcomes->agents->traits->betas) || !reserve(outcomes, place))
        return;
    const struct gb_run_interval_outcome *of = &outcomes->at[place];
    for (size_t i = 0; i < view->n_orders; i++) {
        uint32_t meter = view->orders[i].owner;

        of->offered[meter].wh += view->orders[i].quantity.wh;
        of->unmatched[meter].wh += view->unmatched[i].wh;
    }
}

void gb_run_outcomes_tell(const struct gb_run_outcomes *outcomes, size_t place, uint32_t node)
{
    struct gb_betas *betas = outcomes->agents->traits->betas;
    const struct gb_run_learners *learners = outcomes->learners;

    if (!gb_betas_are_adaptive(betas) || gb_run_has_failed(outcomes->env))
        return;
    const struct gb_run_interval_outcome *of = &outcomes->at[place];
    for (uint32_t i = learners->first_meter[node]; i < learners->first_meter[node + 1]; i++) {
        uint32_t meter = learners->meters[i];

        gb_betas_learn(betas, meter, of->offered[meter], of->unmatched[meter]);
    }
}
