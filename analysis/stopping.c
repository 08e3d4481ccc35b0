#include "analysis/stopping.h"

#include <math.h>

#include "analysis/statistics.h"

struct gb_replications gb_replications_needed(const struct gb_precision *precision,
                                              double standard_deviation)
{
    double t = gb_t_quantile((1.0 + precision->level) / 2.0, (double)(precision->pilot - 1));
    double root = t * standard_deviation / precision->half_width;
    double n = fmax((double)precision->pilot, ceil(root * root));

    if (isnan(standard_deviation) || n > (double)precision->max)
        return (struct gb_replications){precision->max, false};
    return (struct gb_replications){(size_t)n, true};
}
