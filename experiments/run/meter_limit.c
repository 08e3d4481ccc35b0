#include "experiments/run/meter_limit.h"

#include <inttypes.h>

static const char *keys_of(const struct gb_run_environment *env, bool is_load)
{
    if (env->scenario->delivery == GB_DELIVERY_DECLARED)
        return "order";
    return is_load ? "load.mean, load.size_sd, load.noise or load.event_height"
                   : "pv.size, pv.size_sd, wind.turbine or storage.power";
}

void gb_run_refuse_beyond(const struct gb_run_environment *env, int64_t limit_wh, int64_t interval,
                          const struct gb_run_beyond *beyond)
{
    gb_fail(env->error, GB_ECONFIG,
            "meter %" PRIu32 " %s more than %" PRId64 " kWh in slot %" PRId64
            ", which is all that a reading can show at these prices: expected a smaller %s, a "
            "shorter slot, or a lower tariff.retail, imbalance.short and imbalance.long",
            beyond->meter, beyond->is_load ? "takes" : "gives", limit_wh / 1000, interval,
            keys_of(env, beyond->is_load));
}

struct gb_run_beyond gb_run_find_beyond(int64_t limit_wh, struct gb_range part,
                                        const struct gb_slot_energy *energy,
                                        const struct gb_run_metered *metered)
{
    /* as a rule nobody does */
    for (size_t j = 0; metered->bits > limit_wh && j < part.n; j++) {
        bool has_large_load = energy->load_wh[j] > limit_wh || energy->charge_wh[j] > limit_wh ||
                              energy->net_wh[j] > limit_wh;

        if (has_large_load || energy->solar_wh[j] > limit_wh || energy->wind_wh[j] > limit_wh ||
            energy->discharge_wh[j] > limit_wh || energy->net_wh[j] < -limit_wh)
            return (struct gb_run_beyond){true, has_large_load, (uint32_t)(part.first + j)};
    }
    return (struct gb_run_beyond){.is_any = false};
}

enum gb_status gb_run_check_gap(const struct gb_run_environment *env, int64_t limit_wh,
                                uint32_t meter, int64_t first, const struct gb_registers *from,
                                const struct gb_registers *to, struct gb_error *err)
{
    int64_t imported = to->import_wh - from->import_wh, exported = to->export_wh - from->export_wh;
    int64_t solar = to->solar_wh - from->solar_wh, wind = to->wind_wh - from->wind_wh;
    int64_t charged = to->charge_wh - from->charge_wh;
    int64_t discharged = to->discharge_wh - from->discharge_wh;
    int64_t load = imported + solar + wind + discharged - exported - charged;
    bool has_large_load = imported > limit_wh || charged > limit_wh || load > limit_wh;

    if (!has_large_load && exported <= limit_wh && solar <= limit_wh && wind <= limit_wh &&
        discharged <= limit_wh)
        return GB_OK;
    return gb_fail(err, GB_ECONFIG,
                   "meter %" PRIu32 " %s more than %" PRId64 " kWh in slots %" PRId64 " to %" PRId64
                   ", whose readings the ledger has not taken, which is all that a gap between "
                   "readings can show at these prices: expected a smaller %s, a shorter slot or "
                   "chain.client_delay, or a lower tariff.retail, imbalance.short "
                   "and imbalance.long",
                   meter, has_large_load ? "takes" : "gives", limit_wh / 1000, first,
                   env->n_slots - 2, keys_of(env, has_large_load));
}
