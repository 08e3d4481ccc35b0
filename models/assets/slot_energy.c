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
    struct gb_slot_energy *slot = calloc(1, sizeof *slot);
    int64_t *block = slot ? gb_memory_wide(n ? n : 1, GB_SLOT_ENERGY_ARRAYS * sizeof *block) : NULL;

    if (!block) {
        free(slot);
        return gb_fail(err, GB_ENOMEM, "no memory for the energies of %zu meters", n);
    }
    *slot = gb_slot_energy_over(block, n);
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
