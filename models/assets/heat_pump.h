/* A heat pump that heats a home from the air outside, and the heat that the home needs.
 *
 * Need: heating degrees, as energy statistics count them (VDI 3807), times what the home loses for
 * each; what it loses above the heating limit sun and people replace.
 *
 *     need = heat_loss max(limit - outside, 0) hours
 *
 * Performance of air source heat pumps by the lift from outside to the flow, a regression over test
 * results of hundreds of models: I. Staffell, D. Brett, N. Brandon, A. Hawkes, A review of domestic
 * heat pumps, Energy Environ. Sci. 5 (2012) 9291:
 *
 *     COP = 6.81 - 0.121 lift + 0.000630 lift^2,  15 K <= lift <= 60 K
 *
 * Beyond those ends it is held at theirs. The store is one of heat at one temperature: it loses a
 * share of what is in it, then takes what was made and gives what is needed. */
#ifndef MODELS_ASSETS_HEAT_PUMP_H
#define MODELS_ASSETS_HEAT_PUMP_H

#include "models/assets/physics_config.h"

/* Heat for each unit of electricity at a lift in K. */
double gb_heat_pump_cop_at(double lift_k);
/* That of a pump at a temperature outside. */
double gb_heat_pump_cop(const struct gb_heat_pump_config *pump, double outside_c);
/* Heat that its home needs, W. */
double gb_heat_pump_need_w(const struct gb_heat_pump_config *pump, double outside_c);
/* Greatest electric power, kW, sized where the scenario gives none. */
double gb_heat_pump_power_kw(const struct gb_heat_pump_config *pump);

/* What a store does in a slot. */
struct gb_heat_flow {
    double served_wh, unserved_wh; /* of the need */
    double lost_wh;
};
/* served + unserved = need; before + made = served + lost + after, but for the rounding of doubles.
 * keep       share of the stored heat that is left at the end of a slot
 * made_wh    no more than what brings it above the need to full
 * stored_wh  in place, 0 to the capacity */
struct gb_heat_flow gb_heat_store_step(double capacity_wh, double keep, double made_wh,
                                       double need_wh, double *stored_wh);

#endif
