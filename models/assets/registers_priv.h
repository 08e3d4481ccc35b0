/* Whole Wh from mean powers: what registers of meters move by, and what is planned of it. */
#ifndef MODELS_ASSETS_REGISTERS_PRIV_H
#define MODELS_ASSETS_REGISTERS_PRIV_H

#include <stdint.h>

#include "models/assets/slot_energy.h"

enum { MICRO = 1000000 }; /* remainders are whole micro-Wh: nothing is lost or made */

/* Energy of a mean power over a slot, where 64 bits of micro-Wh end: beyond what any ledger takes.
 */
static inline double slot_wh(double power_w, double slot_h)
{
    double wh = power_w * slot_h;

    return wh < GB_METER_MAX_WH ? wh : GB_METER_MAX_WH;
}

/* Whole Wh that a mean power adds to a register over a slot; the rest is carried. */
static inline int64_t register_wh(int32_t *remainder, double power_w, double slot_h)
{
    int64_t micro = *remainder + (int64_t)(slot_wh(power_w, slot_h) * MICRO + 0.5);
    int64_t wh = micro / MICRO;

    *remainder = (int32_t)(micro - wh * MICRO);
    return wh;
}

/* Whole Wh of a mean power over a slot, whatever a register carries. */
static inline int64_t rounded_wh(double power_w, double slot_h)
{
    return (int64_t)(slot_wh(power_w, slot_h) + 0.5);
}

#endif
