#include "chain/contracts/auctions_priv.h"

#include <stdlib.h>

enum gb_status gb_auctions_init(struct gb_auctions *auctions, const struct gb_market_rules *rules,
                                const struct gb_tariffs *tariffs, struct gb_error *err)
{
    *auctions = (struct gb_auctions){.rules = rules, .tariffs = tariffs};
    return rules->mechanism->create(&auctions->spare, rules, err);
}

void gb_auctions_clear(struct gb_auctions *auctions)
{
    if (!auctions->rules)
        return;
    for (size_t i = 0; i < auctions->n; i++)
        auctions->rules->mechanism->free(auctions->live[i].state);
    if (auctions->spare)
        auctions->rules->mechanism->free(auctions->spare);
    free(auctions->live);
    *auctions = (struct gb_auctions){.rules = NULL};
}

static size_t place_of(const struct gb_auctions *auctions, int64_t interval)
{
    size_t i = 0;

    while (i < auctions->n && auctions->live[i].interval != interval)
        i++;
    return i;
}

void *gb_auctions_find(const struct gb_auctions *auctions, int64_t interval)
{
    size_t i = place_of(auctions, interval);

    return i < auctions->n ? auctions->live[i].state : NULL;
}

/* A state by the slot's own band; NULL: a failure is kept. */
static void *make_state(const struct gb_auctions *auctions, struct gb_failure *failure,
                        int64_t interval)
{
    struct gb_market_rules rules = *auctions->rules;
    void *state = NULL;

    rules.tariff = *gb_tariffs_band(auctions->tariffs, interval);
    rules.mechanism->create(&state, &rules, &failure->first);
    return state;
}

/* The spare state, or a new one; NULL: a failure is kept. */
static void *take_state(struct gb_auctions *auctions, struct gb_failure *failure, int64_t interval)
{
    void *state = auctions->spare;

    if (auctions->tariffs)
        return make_state(auctions, failure, interval);
    if (!state)
        auctions->rules->mechanism->create(&state, auctions->rules, &failure->first);
    auctions->spare = NULL;
    return state;
}

void *gb_auctions_need(struct gb_auctions *auctions, struct gb_failure *failure, int64_t interval)
{
    void *state = gb_auctions_find(auctions, interval);

    if (state || !gb_failure_is_none(failure))
        return state;
    auctions->live = gb_failure_grown(failure, auctions->live, &auctions->capacity, auctions->n + 1,
                                      sizeof *auctions->live);
    if (auctions->n < auctions->capacity)
        state = take_state(auctions, failure, interval);
    if (!state)
        return NULL;
    auctions->live[auctions->n++] = (struct gb_auction){interval, state};
    auctions->rules->mechanism->begin(state, interval);
    return state;
}

void gb_auctions_end(struct gb_auctions *auctions, int64_t interval)
{
    const struct gb_mechanism *mechanism = auctions->rules->mechanism;
    size_t i = place_of(auctions, interval);

    if (i == auctions->n)
        return;
    void *state = auctions->live[i].state;
    auctions->live[i] = auctions->live[--auctions->n];
    if (mechanism->release)
        mechanism->release(state);
    if (auctions->spare || auctions->tariffs)
        mechanism->free(state);
    else
        auctions->spare = state;
}
