#include "models/weather/gaussian.h"

double gb_expect(double (*map)(const void *context, double z), const void *context,
                 struct gb_belief belief)
{
    const int half = 16;
    double spread = sqrt(belief.variance), sum = 0, weights = 0;

    if (!(belief.variance > 0))
        return map(context, belief.mean);
    for (int i = -half; i <= half; i++) {
        double u = i * 0.25, weight = exp(-u * u / 2);
        sum += weight * map(context, belief.mean + spread * u);
        weights += weight;
    }
    return sum / weights;
}

struct gb_belief_nodes gb_nodes_of(struct gb_belief belief)
{
    struct gb_belief_nodes nodes;
    double spread = sqrt(gb_above_0(belief.variance)), weights = 0;
    const int middle = GB_BELIEF_NODES / 2;

    for (int i = 0; i < GB_BELIEF_NODES; i++) {
        double u = 0.25 * (i - middle);
        nodes.z[i] = belief.mean + spread * u;
        nodes.weight[i] = exp(-u * u / 2);
        weights += nodes.weight[i];
    }
    for (int i = 0; i < GB_BELIEF_NODES; i++)
        nodes.weight[i] /= weights;
    return nodes;
}
