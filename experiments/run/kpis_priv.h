/* To which sums of the key figures a slot adds: for kpis.c and kpis_messages.c alone. */
#ifndef EXPERIMENTS_RUN_KPIS_PRIV_H
#define EXPERIMENTS_RUN_KPIS_PRIV_H

#include "experiments/run/kpis.h"

static inline bool gb_run_place_warms_up(const struct gb_run_kpis *kpis, size_t place)
{
    return kpis->rows[place].interval < 0;
}

/* Of a live interval. */
static inline struct gb_run_sums *gb_run_sums_at(struct gb_run_kpis *kpis, size_t place)
{
    return gb_run_place_warms_up(kpis, place) ? &kpis->warm_up : &kpis->counted;
}

/* Of any interval. */
static inline struct gb_run_sums *gb_run_sums_of(struct gb_run_kpis *kpis, int64_t interval)
{
    return gb_run_is_warm_up(kpis->env, interval) ? &kpis->warm_up : &kpis->counted;
}

#endif
