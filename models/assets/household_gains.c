/* What a household's share of the profile is multiplied by, so that its mean over a year is its
 * size, whatever its sharpness and its events. */
#include <math.h>
#include <stdbool.h>

#include "models/assets/household_priv.h"
#include "models/assets/tables.h"

/* Norms of load shapes, mean(m^g), are looked up over log g. */
enum { NORM_NODES = 81 };
static const double norm_reach = 2, norm_step = 2.0 * 2 / (NORM_NODES - 1);

/* Where a shape stands among the nodes: in front of the last. */
static double norm_place(double shape)
{
    return fmin(fmax((log(shape) + norm_reach) / norm_step, 0), NORM_NODES - 1.001);
}

/* The norms of the nodes beside the fleet's shapes; a year is gone through for each. */
static void set_norms(const struct gb_households *h, int year, double norms[NORM_NODES])
{
    double exponents[NORM_NODES], means[NORM_NODES];
    bool is_asked[NORM_NODES] = {false};
    size_t n = 0;

    for (size_t i = 0; i < h->n; i++) {
        int node = (int)norm_place(h->fleet->load_shape[i]);
        is_asked[node] = is_asked[node + 1] = true;
    }
    for (int node = 0; node < NORM_NODES; node++)
        if (is_asked[node])
            exponents[n++] = exp(node * norm_step - norm_reach);
    gb_tables_power_means(h->config->tables, year, exponents, n, means);
    for (int node = NORM_NODES; node-- > 0;)
        norms[node] = is_asked[node] ? means[--n] : NAN;
}

void gb_households_set_gains(struct gb_households *h, int year)
{
    double norms[NORM_NODES];

    set_norms(h, year, norms);
    for (size_t i = 0; i < h->n; i++) {
        double place = norm_place(h->fleet->load_shape[i]);
        int node = (int)place;
        double past = place - node;
        double mean = exp((1 - past) * log(norms[node]) + past * log(norms[node + 1]));
        const struct gb_household_config *of = habits_of(h, i);
        double events = of->event_rate * of->event_half_hours * of->event_height;
        h->gain_w[i] = h->fleet->load_scale_w[i] * (1 - of->floor) / (mean + events);
    }
}
