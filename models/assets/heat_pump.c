#include "models/assets/heat_pump.h"

#include <math.h>

#define LEAST_LIFT_K 15.0
#define MOST_LIFT_K 60.0

double gb_heat_pump_cop_at(double lift_k)
{
    double lift = fmin(fmax(lift_k, LEAST_LIFT_K), MOST_LIFT_K);

    return 6.81 - 0.121 * lift + 0.000630 * lift * lift;
}

double gb_heat_pump_cop(const struct gb_heat_pump_config *pump, double outside_c)
{
    return gb_heat_pump_cop_at(pump->flow_c - outside_c);
}

double gb_heat_pump_need_w(const struct gb_heat_pump_config *pump, double outside_c)
{
    return pump->heat_loss_w_k * fmax(pump->limit_c - outside_c, 0);
}

double gb_heat_pump_power_kw(const struct gb_heat_pump_config *pump)
{
    if (pump->power_kw >= 0)
        return pump->power_kw;
    return 0.001 * gb_heat_pump_need_w(pump, pump->design_c) /
           gb_heat_pump_cop(pump, pump->design_c);
}

struct gb_heat_flow gb_heat_store_step(double capacity_wh, double keep, double made_wh,
                                       double need_wh, double *stored_wh)
{
    double kept = *stored_wh * keep;
    double left = kept + made_wh - need_wh;
    struct gb_heat_flow flow = {.lost_wh = *stored_wh - kept, .unserved_wh = left < 0 ? -left : 0};

    flow.served_wh = need_wh - flow.unserved_wh;
    *stored_wh = fmin(fmax(left, 0), capacity_wh);
    return flow;
}
