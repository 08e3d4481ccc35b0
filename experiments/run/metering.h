/* Metering: storage and meters run over the interval, every meter signs a reading of its registers
 * at both ends and, in it or later, the settlement digests of its trades. */
#ifndef EXPERIMENTS_RUN_METERING_H
#define EXPERIMENTS_RUN_METERING_H

#include "experiments/run/accounts.h"
#include "experiments/run/assets.h"
#include "experiments/run/outbox.h"
#include "experiments/run/registers.h"

/* What it reads, calls and writes to; all borrowed for life. */
struct gb_run_metering_links {
    const struct gb_run_environment *env;
    const struct gb_run_gateway *gateway;
    const struct gb_run_knowledge *knowledge;
    struct gb_run_assets *assets;
    struct gb_run_accounts *accounts;
    struct gb_run_kpis *kpis;
    struct gb_run_meter_rows *meter_rows;
    struct gb_run_outbox *outbox;
};

struct gb_run_metering { /* written by metering.c alone */
    struct gb_run_metering_links to;
    struct gb_run_registers registers;
    struct gb_run_approvals_owed *at; /* per place */
    size_t n_places;
};

/* Clear it in any case. */
enum gb_status gb_run_metering_init(struct gb_run_metering *metering,
                                    const struct gb_run_metering_links *links,
                                    struct gb_error *err);
void gb_run_metering_clear(struct gb_run_metering *metering);
void gb_run_metering_open(struct gb_run_metering *metering, size_t place);
void gb_run_metering_retire(struct gb_run_metering *metering, size_t place);

/* The interval is over: meters it, and sends the readings. */
void gb_run_metering_deliver(struct gb_run_metering *metering, size_t place, int64_t interval);
/* If the match of the interval is stable at `node`, its meters sign what they owe. */
void gb_run_metering_approve(struct gb_run_metering *metering, size_t place, int64_t interval,
                             uint32_t node);
/* At the end of a run: who is not on the ledger with it reads the last slot again. returns how many
 */
size_t gb_run_metering_flush(struct gb_run_metering *metering);
/* Could that reading be taken, of a meter whose last one is not on the ledger? GB_ECONFIG with the
 * reason: its gap of slots without readings is beyond what one can show. */
enum gb_status gb_run_metering_check_gap(const struct gb_run_metering *metering, uint32_t meter,
                                         struct gb_error *err);

#endif
