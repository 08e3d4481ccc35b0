#include "experiments/run/metered.h"

#include <string.h>

/* Two meters side by side: one instruction does what is done to them. */
typedef int64_t pair __attribute__((vector_size(16)));

static inline pair pair_at(const int64_t *wh)
{
    pair of_meters;

    memcpy(&of_meters, wh, sizeof of_meters); /* need not be aligned */
    return of_meters;
}

/* returns the sum of n; all of them are or-ed into *bits */
static inline int64_t total_of(const int64_t *wh, size_t n, int64_t *bits)
{
    pair sum = {0}, all = {0};
    int64_t rest = 0;
    size_t i = 0;

    for (; i + 4 <= n; i += 4) {
        pair a = pair_at(wh + i), b = pair_at(wh + i + 2);

        sum += a + b;
        all |= a | b;
    }
    for (; i < n; i++) {
        rest += wh[i];
        *bits |= wh[i];
    }
    *bits |= all[0] | all[1];
    return rest + sum[0] + sum[1];
}

static int64_t sum_of(const int64_t *wh, size_t n)
{
    int64_t bits = 0;

    return total_of(wh, n, &bits);
}

static void add_net(struct gb_run_metered *sum, const int64_t *net_wh, size_t n)
{
    int64_t net = 0, size = 0;

    for (size_t i = 0; i < n; i++) {
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

struct gb_run_metered gb_run_metered_of(const struct gb_slot_energy *energy, size_t n)
{
    struct gb_run_metered sum = {0};

    add_net(&sum, energy->net_wh, n);
    sum.solar_wh = total_of(energy->solar_wh, n, &sum.bits);
    sum.wind_wh = total_of(energy->wind_wh, n, &sum.bits);
    sum.load_wh = total_of(energy->load_wh, n, &sum.bits);
    sum.charge_wh = total_of(energy->charge_wh, n, &sum.bits);
    sum.discharge_wh = total_of(energy->discharge_wh, n, &sum.bits);
    sum.ev_wh = sum_of(energy->ev_wh, n);
    sum.ev_unserved_wh = sum_of(energy->ev_unserved_wh, n);
    sum.heat_pump_wh = sum_of(energy->heat_pump_wh, n);
    sum.heat_wh = sum_of(energy->heat_wh, n);
    sum.heat_unserved_wh = sum_of(energy->heat_unserved_wh, n);
    sum.curtailed_wh = sum_of(energy->curtailed_wh, n);
    return sum;
}

void gb_run_metered_add(struct gb_run_metered *sum, const struct gb_run_metered *part)
{
    sum->net_wh += part->net_wh;
    sum->surplus_wh += part->surplus_wh;
    sum->deficit_wh += part->deficit_wh;
    sum->solar_wh += part->solar_wh;
    sum->wind_wh += part->wind_wh;
    sum->load_wh += part->load_wh;
    sum->charge_wh += part->charge_wh;
    sum->discharge_wh += part->discharge_wh;
    sum->ev_wh += part->ev_wh;
    sum->ev_unserved_wh += part->ev_unserved_wh;
    sum->heat_pump_wh += part->heat_pump_wh;
    sum->heat_wh += part->heat_wh;
    sum->heat_unserved_wh += part->heat_unserved_wh;
    sum->curtailed_wh += part->curtailed_wh;
    sum->bits |= part->bits;
}
