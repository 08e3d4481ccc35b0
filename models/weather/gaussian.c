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
