/* The metered slot: storage and meters run over it, first in the baseline, then in the market run,
 * part by part, and what is made of a part's energies is made before the next part comes. */
#ifndef EXPERIMENTS_RUN_DELIVERY_H
#define EXPERIMENTS_RUN_DELIVERY_H

#include "experiments/run/accounts.h"
#include "experiments/run/assets.h"
#include "experiments/run/registers.h"

/* Whom it reads and writes to; all borrowed. */
struct gb_run_delivery {
    const struct gb_run_environment *env;
    const struct gb_run_gateway *gateway;
    struct gb_run_assets *assets;
    struct gb_run_accounts *accounts;
    struct gb_run_kpis *kpis;
    struct gb_run_meter_rows *meter_rows;
    struct gb_run_registers *registers;
};

/* false after a failure */
bool gb_run_deliver(const struct gb_run_delivery *to, size_t place, int64_t interval);

#endif
