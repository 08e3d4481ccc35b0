/* The end of a run: what its counts, accounts and registers add up to. */
#ifndef EXPERIMENTS_RUN_SUMMARY_H
#define EXPERIMENTS_RUN_SUMMARY_H

#include "analysis/row_sink.h"
#include "experiments/run/accounts.h"
#include "experiments/run/agents.h"
#include "experiments/run/assets.h"
#include "experiments/run/gateway.h"
#include "experiments/run/kpis.h"
#include "experiments/run/metering.h"

struct gb_run_view { /* of a run that is over */
    const struct gb_run_environment *env;
    const struct gb_run_gateway *gateway;
    const struct gb_run_assets *assets;
    const struct gb_run_kpis *kpis;
    const struct gb_run_accounts *accounts;
    const struct gb_run_metering *metering;
    const struct gb_run_agents *agents;
};

/* Fills in the summary and writes the rows of /users. GB_ENOMEM is all that can go wrong. */
enum gb_status gb_run_summarise(const struct gb_run_view *run, uint64_t trial,
                                const struct gb_row_sink *sink, struct gb_summary_row *out,
                                struct gb_error *err);

#endif
