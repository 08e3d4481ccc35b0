#include "models/assets/battery.h"

#include <math.h>

struct gb_battery_law gb_battery_law_make(double slot_h, double round_trip, double depth,
                                          double loss_per_h)
{
    return (struct gb_battery_law){
        .slot_h = slot_h,
        .charge_efficiency = sqrt(round_trip),
        .discharge_efficiency = sqrt(round_trip),
        .kept = pow(1 - loss_per_h, slot_h),
        .least_charge = 1 - depth,
    };
}
