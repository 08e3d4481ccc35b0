#include "models/weather/gaussian.h"

/* Where a node lies, in standard deviations. */
static double offset_of(int node)
{
    const int middle = GB_BELIEF_NODES / 2;

    return 0.25 * (node - middle);
}

struct gb_belief_rule gb_belief_rule_make(void)
{
    struct gb_belief_rule rule = {.total = 0};

    for (int i = 0; i < GB_BELIEF_NODES; i++) {
        double u = offset_of(i);
        rule.weight[i] = exp(-u * u / 2);
        rule.total += rule.weight[i];
    }
    for (int i = 0; i < GB_BELIEF_NODES; i++)
        rule.share[i] = rule.weight[i] / rule.total;
    return rule;
}

void gb_belief_nodes(struct gb_belief belief, double z[GB_BELIEF_NODES])
{
    double spread = sqrt(gb_above_0(belief.variance));

    for (int i = 0; i < GB_BELIEF_NODES; i++)
        z[i] = belief.mean + spread * offset_of(i);
}

double gb_belief_mean(const struct gb_belief_rule *rule, const double values[GB_BELIEF_NODES])
{
    double sum = 0;

    for (int i = 0; i < GB_BELIEF_NODES; i++)
        sum += rule->weight[i] * values[i];
    return sum / rule->total;
}

double gb_expect(const struct gb_belief_rule *rule, double (*map)(const void *context, double z),
                 const void *context, struct gb_belief belief)
{
    double values[GB_BELIEF_NODES];

    if (!(belief.variance > 0))
        return map(context, belief.mean);
    gb_belief_nodes(belief, values);
    for (int i = 0; i < GB_BELIEF_NODES; i++)
        values[i] = map(context, values[i]);
    return gb_belief_mean(rule, values);
}
