#include "models/assets/slot_energy.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

int64_t gb_connection_wh(double limit_kw, double slot_h)
{
    double wh = 1000 * limit_kw * slot_h;

    if (limit_kw < 0 || wh >= GB_METER_MAX_WH)
        return GB_NO_LIMIT_WH;
    return (int64_t)floor(wh * (1 + 1e-12)); /* of 0.1 kW for 6 min they are 10 */
}

enum gb_status gb_slot_energy_create(struct gb_slot_energy **out, size_t n, struct gb_error *err)
{
    enum { N_ARRAYS = 12 };
    struct gb_slot_energy *slot = calloc(1, sizeof *slot);
    int64_t *block = slot ? gb_memory_wide(n ? n : 1, N_ARRAYS * sizeof *block) : NULL;

    if (!block) {
        free(slot);
        return gb_fail(err, GB_ENOMEM, "no memory for the energies of %zu meters", n);
    }
    int64_t **const arrays[N_ARRAYS] = {
        &slot->net_wh,  &slot->load_wh,          &slot->solar_wh,
        &slot->wind_wh, &slot->charge_wh,        &slot->discharge_wh,
        &slot->ev_wh,   &slot->ev_unserved_wh,   &slot->heat_pump_wh,
        &slot->heat_wh, &slot->heat_unserved_wh, &slot->curtailed_wh};
    for (size_t i = 0; i < N_ARRAYS; i++)
        *arrays[i] = block + i * n;
    *out = slot;
    return GB_OK;
}

void gb_slot_energy_free(struct gb_slot_energy *slot)
{
    if (!slot)
        return;
    free(slot->net_wh); /* all of them: one block */
    free(slot);
}
