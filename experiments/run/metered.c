#include "experiments/run/metered.h"

#include "experiments/run/parts.h"

static int64_t sum_of(const int64_t *wh, struct gb_run_part part)
{
    int64_t sum = 0;

    for (size_t i = part.first; i < part.end; i++)
        sum += wh[i];
    return sum;
}

static struct gb_run_metered add_part(const struct gb_slot_energy *energy, struct gb_run_part part)
{
    int64_t deficit = 0;
    int64_t net = sum_of(energy->net_wh, part);

    for (size_t i = part.first; i < part.end; i++)
        deficit += energy->net_wh[i] > 0 ? energy->net_wh[i] : 0;
    return (struct gb_run_metered){.net_wh = net,
                                   .surplus_wh = deficit - net,
                                   .deficit_wh = deficit,
                                   .solar_wh = sum_of(energy->solar_wh, part),
                                   .wind_wh = sum_of(energy->wind_wh, part),
                                   .load_wh = sum_of(energy->load_wh, part),
                                   .charge_wh = sum_of(energy->charge_wh, part),
                                   .discharge_wh = sum_of(energy->discharge_wh, part),
                                   .ev_wh = sum_of(energy->ev_wh, part),
                                   .ev_unserved_wh = sum_of(energy->ev_unserved_wh, part),
                                   .heat_pump_wh = sum_of(energy->heat_pump_wh, part),
                                   .heat_wh = sum_of(energy->heat_wh, part),
                                   .heat_unserved_wh = sum_of(energy->heat_unserved_wh, part),
                                   .curtailed_wh = sum_of(energy->curtailed_wh, part)};
}

struct parts {
    const struct gb_slot_energy *energy;
    struct gb_run_metered of[GB_RUN_PARTS];
};

static void add_kth(void *of_all, size_t k, struct gb_run_part part)
{
    struct parts *parts = of_all;

    parts->of[k] = add_part(parts->energy, part);
}

struct gb_run_metered gb_run_metered_of(const struct gb_slot_energy *energy, size_t n)
{
    struct gb_run_metered sum = {0};
    struct parts all = {.energy = energy};
    const struct gb_run_metered *parts = all.of;
    size_t n_parts = gb_run_over_parts(n, add_kth, &all);

    for (size_t k = 0; k < n_parts; k++) {
        sum.net_wh += parts[k].net_wh;
        sum.surplus_wh += parts[k].surplus_wh;
        sum.deficit_wh += parts[k].deficit_wh;
        sum.solar_wh += parts[k].solar_wh;
        sum.wind_wh += parts[k].wind_wh;
        sum.load_wh += parts[k].load_wh;
        sum.charge_wh += parts[k].charge_wh;
        sum.discharge_wh += parts[k].discharge_wh;
        sum.ev_wh += parts[k].ev_wh;
        sum.ev_unserved_wh += parts[k].ev_unserved_wh;
        sum.heat_pump_wh += parts[k].heat_pump_wh;
        sum.heat_wh += parts[k].heat_wh;
        sum.heat_unserved_wh += parts[k].heat_unserved_wh;
        sum.curtailed_wh += parts[k].curtailed_wh;
    }
    return sum;
}
