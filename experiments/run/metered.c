#include "experiments/run/metered.h"

#include <string.h>

#include "experiments/run/parts.h"

/* Two meters side by side: one instruction does what is done to them. */
typedef int64_t pair __attribute__((vector_size(16)));

static inline pair pair_at(const int64_t *wh)
{
    pair of_meters;

    memcpy(&of_meters, wh, sizeof of_meters); /* need not be aligned */
    return of_meters;
}

/* returns the sum of a part's; all of them are or-ed into *bits */
static inline int64_t total_of(const int64_t *wh, struct gb_run_part part, int64_t *bits)
{
    pair sum = {0}, all = {0};
    int64_t rest = 0;
    size_t i = part.first;

    for (; i + 4 <= part.end; i += 4) {
        pair a = pair_at(wh + i), b = pair_at(wh + i + 2);

        sum += a + b;
        all |= a | b;
    }
    for (; i < part.end; i++) {
        rest += wh[i];
        *bits |= wh[i];
    }
    *bits |= all[0] | all[1];
    return rest + sum[0] + sum[1];
}

static int64_t sum_of(const int64_t *wh, struct gb_run_part part)
{
    int64_t bits = 0;

    return total_of(wh, part, &bits);
}

static void add_net(struct gb_run_metered *sum, const int64_t *net_wh, struct gb_run_part part)
{
    int64_t net = 0, size = 0;

    for (size_t i = part.first; i < part.end; i++) {
        int64_t wh = net_wh[i], is_export = -(int64_t)(wh < 0); /* all its bits, or none */
        int64_t magnitude = (wh ^ is_export) - is_export;

        net += wh;
        size += magnitude;
        sum->bits |= magnitude;
    }
    sum->net_wh += net;
    sum->deficit_wh += (size + net) / 2;
    sum->surplus_wh += (size - net) / 2;
}

static void add_part(struct gb_run_metered *sum, const struct gb_slot_energy *energy,
                     struct gb_run_part part)
{
    add_net(sum, energy->net_wh, part);
    sum->solar_wh += total_of(energy->solar_wh, part, &sum->bits);
    sum->wind_wh += total_of(energy->wind_wh, part, &sum->bits);
    sum->load_wh += total_of(energy->load_wh, part, &sum->bits);
    sum->charge_wh += total_of(energy->charge_wh, part, &sum->bits);
    sum->discharge_wh += total_of(energy->discharge_wh, part, &sum->bits);
    sum->ev_wh += sum_of(energy->ev_wh, part);
    sum->ev_unserved_wh += sum_of(energy->ev_unserved_wh, part);
    sum->heat_pump_wh += sum_of(energy->heat_pump_wh, part);
    sum->heat_wh += sum_of(energy->heat_wh, part);
    sum->heat_unserved_wh += sum_of(energy->heat_unserved_wh, part);
    sum->curtailed_wh += sum_of(energy->curtailed_wh, part);
}

struct parts {
    const struct gb_slot_energy *energy;
    struct gb_run_metered of[GB_RUN_PARTS];
};

static void add_kth(void *of_all, size_t k, struct gb_run_part part)
{
    struct parts *parts = of_all;
    struct gb_run_metered own = {0}; /* no line of the cache is another's */

    add_part(&own, parts->energy, part);
    parts->of[k] = own;
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
        sum.bits |= parts[k].bits;
    }
    return sum;
}
