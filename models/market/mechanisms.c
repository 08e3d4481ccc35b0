/* The family of mechanisms, and the rules that every market has. */
#include "models/market/mechanism.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define GB_MEMBER(name) &gb_mechanism_##name.member,
static const struct gb_member *const members[] = {
#include "models/market/mechanisms.def"
    NULL};
#undef GB_MEMBER

const struct gb_family gb_mechanism_family = {
    .name = "mechanism",
    .members = members,
    .max_config_size = sizeof(((struct gb_market_rules *)NULL)->options),
    .max_options = GB_MECHANISM_MAX_OPTIONS,
};

#define GB_KEY(key, member, ...) \
    GB_PARAM_ROW(struct gb_market_rules, key, tariff.member, __VA_ARGS__)
#define GB_KEY_OF(type, ...) GB_PARAM_ROW(struct gb_market_rules, __VA_ARGS__)

const struct gb_param gb_market_params[] = {
#include "models/market/tariff.def"
/* then what every market has */
#include "models/market/market.def"
    {0},
};

void gb_market_rules_select(struct gb_market_rules *rules, const struct gb_mechanism *mechanism)
{
    assert(mechanism->member.config_size <= sizeof rules->options);
    rules->mechanism = mechanism;
    memset(rules->options, 0, sizeof rules->options);
    gb_param_defaults(mechanism->member.params, rules->options);
}

void gb_market_rules_init(struct gb_market_rules *rules)
{
    memset(rules, 0, sizeof *rules);
    gb_param_defaults(gb_market_params, rules);
    gb_market_rules_select(rules, rules->mechanism);
}

bool gb_market_rules_set(struct gb_market_rules *rules, const char *key, const char *value,
                         char *why, size_t why_size)
{
    const struct gb_member *member = &rules->mechanism->member;
    const struct gb_param *row = gb_param_find(member->params, key);

    if (row)
        return gb_param_parse(row, value, rules->options, why, why_size);
    snprintf(why, why_size, "the mechanism %s has no such option", member->name);
    return false;
}

bool gb_market_needs_source(const struct gb_market_rules *rules)
{
    return rules->mechanism->needs_source && rules->mechanism->needs_source(rules);
}

bool gb_market_asks_users(const struct gb_market_rules *rules)
{
    const struct gb_requoting *requoting = rules->mechanism->requoting;

    return requoting && requoting->asks_users(rules);
}

enum gb_source gb_market_book_of(const struct gb_market_rules *rules, const struct gb_order *order)
{
    return gb_market_needs_source(rules) ? (enum gb_source)order->source : GB_SOURCE_ANY;
}

enum gb_status gb_market_amend(const struct gb_mechanism *mechanism, void *state,
                               const struct gb_book_action *action, enum gb_fate *fate,
                               struct gb_error *err)
{
    const struct gb_order *order = &action->order;

    return mechanism->trading ? mechanism->trading->amend(state, action->target, 0, order->price,
                                                          order->quantity, fate, err)
                              : mechanism->requoting->amend(state, action->target, order->price,
                                                            order->quantity, fate, err);
}

static enum gb_status apply_action(const struct gb_mechanism *mechanism, void *state,
                                   const struct gb_book_action *action, struct gb_error *err)
{
    enum gb_fate fate;

    if (action->is_amendment)
        return gb_market_amend(mechanism, state, action, &fate, err);
    return action->is_cancel ? mechanism->cancel(state, action->target, err)
                             : mechanism->apply(state, &action->order, 1, err);
}

enum gb_status gb_market_apply(const struct gb_mechanism *mechanism, void *state,
                               const struct gb_book_action *actions, size_t n, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    for (size_t i = 0; i < n && status == GB_OK; i++)
        status = apply_action(mechanism, state, &actions[i], err);
    return status;
}
