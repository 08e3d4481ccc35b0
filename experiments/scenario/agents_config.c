#include "experiments/scenario/agents_config.h"

#include "base/text.h"

bool gb_strategy_is_built_in(const struct gb_strategy *strategy)
{
    const struct gb_member *member;

    for (size_t s = 0; (member = gb_family_member(&gb_strategy_family, NULL, s)); s++)
        if (member == &strategy->member)
            return true;
    return false;
}

const void *gb_kind_agents_config(const struct gb_kind_agents *agents, const void *of_scenario)
{
    const struct gb_strategy *strategy = agents->own.strategy;

    if (strategy == &gb_strategy_plugin)
        return &agents->plugin;
    if (strategy == &gb_strategy_process)
        return &agents->process;
    return gb_strategy_is_built_in(strategy) ? &agents->options : of_scenario;
}

void gb_strategies_with_option(const char *key, char *names, size_t size)
{
    const struct gb_member *member;
    const char *before = "";

    names[0] = '\0';
    for (size_t s = 0; (member = gb_family_member(&gb_strategy_family, NULL, s)); s++)
        if (gb_param_find(member->params, key)) {
            gb_text_append(names, size, "%s%s", before, member->name);
            before = " or ";
        }
}

bool gb_kind_agents_read(const struct gb_kind_agents *agents, const char *key)
{
    char names[256];

    if (gb_param_find(agents->own.strategy->member.params, key))
        return true;
    gb_strategies_with_option(key, names, sizeof names);
    return names[0] == '\0';
}
