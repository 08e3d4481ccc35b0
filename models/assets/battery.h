/* A battery over one slot: energy moves at mean powers, never in and out at once.
 *
 *     E' = max(E (1 - l)^dt, (1 - DoD) C) + eta_c Pc dt - Pd dt / eta_d,   (1 - DoD) C <= E' <= C,
 *     Pc <= Pmax u(SOC)
 *
 * What leaks is what may be used: like discharging, it ends at the reserve (1 - DoD) C.
 *
 * Inline: it runs once a battery and slot. */
#ifndef MODELS_ASSETS_BATTERY_H
#define MODELS_ASSETS_BATTERY_H

struct gb_battery_law {
    double slot_h;
    double charge_efficiency, discharge_efficiency;
    double kept;         /* (1 - l)^dt: share of the energy left after a slot */
    double least_charge; /* 1 - DoD, share of the capacity */
};

/* round_trip: efficiency of in and out again, split evenly */
struct gb_battery_law gb_battery_law_make(double slot_h, double round_trip, double depth,
                                          double loss_per_h);

/* How much of its power a battery takes at a state of charge: all of it up to .8, .2 when full. */
static inline double gb_battery_taper(double charge)
{
    return charge <= 0.8 ? 1 : 1 - 4 * (charge - 0.8);
}

struct gb_battery_flow {
    double charge_w, discharge_w;
}; /* at the meter; one of them is 0 */

/* What is left after a slot in which nothing is charged or discharged; the leak takes none of the
 * reserve, and adds nothing where there is less than that. */
static inline double gb_battery_leaked(const struct gb_battery_law *law, double capacity_wh,
                                       double stored_wh)
{
    double reserve = law->least_charge * capacity_wh;
    double floor_wh = stored_wh < reserve ? stored_wh : reserve;
    double left = stored_wh * law->kept;

    return left > floor_wh ? left : floor_wh;
}

/* Advances the stored energy over one slot.
 * wish_w  power offered to it if positive, asked of it if negative
 * returns what it took or gave of that, within its power, taper, headroom and depth */
static inline struct gb_battery_flow gb_battery_step(const struct gb_battery_law *law,
                                                     double capacity_wh, double power_w,
                                                     double wish_w, double *stored_wh)
{
    struct gb_battery_flow flow = {0, 0};
    double stored = gb_battery_leaked(law, capacity_wh, *stored_wh);

    if (wish_w > 0) {
        double most = power_w * gb_battery_taper(stored / capacity_wh);
        double capacity = (capacity_wh - stored) / (law->charge_efficiency * law->slot_h);
        most = most < capacity ? most : capacity;
        most = most > 0 ? most : 0;
        flow.charge_w = wish_w < most ? wish_w : most;
    } else {
        double most =
            (stored - law->least_charge * capacity_wh) * law->discharge_efficiency / law->slot_h;
        most = most < power_w ? most : power_w;
        most = most > 0 ? most : 0;
        flow.discharge_w = -wish_w < most ? -wish_w : most;
    }
    *stored_wh = stored + flow.charge_w * law->slot_h * law->charge_efficiency -
                 flow.discharge_w * law->slot_h / law->discharge_efficiency;
    return flow;
}

#endif
