/* Registers of the market run's meters, which every reading shows before and after its slot, and
 * what of their batteries' energy was there when counting began. */
#ifndef EXPERIMENTS_RUN_REGISTERS_H
#define EXPERIMENTS_RUN_REGISTERS_H

#include "chain/wire/transaction.h"
#include "experiments/run/assets.h"

struct gb_run_moved; /* closed: by what the registers of a meter moved in a slot */

struct gb_run_registers { /* written by registers.c alone */
    const struct gb_run_environment *env;
    const struct gb_run_assets *assets;
    struct gb_registers *at;    /* a meter: after the slot metered last */
    struct gb_run_moved *moved; /* a meter: in that slot; NULL: nobody asks any more */
    /* at the end of the warm-up; NULL: there is none */
    struct gb_registers *first;
    int64_t *first_wh; /* a battery: stored then, market run less baseline, in whole Wh */
    /* since counting began */
    int64_t *own_discharge_wh; /* a battery: of energy charged since */
    int64_t initial_wh;        /* taken out of the charge that batteries had then */
};

/* Both are borrowed for life; clear it in any case. */
enum gb_status gb_run_registers_init(struct gb_run_registers *registers,
                                     const struct gb_run_environment *env,
                                     const struct gb_run_assets *assets, struct gb_error *err);
void gb_run_registers_clear(struct gb_run_registers *registers);

/* What batteries hold after the slot, in the whole Wh that tables show, and what they gave of that
 * which they began with. */
struct gb_run_storage {
    int64_t stored_wh, initial_wh;
};
/* A slot is about to be metered. false after a failure */
bool gb_run_registers_reserve(struct gb_run_registers *registers);
/* Meters of a part have been, any part by any thread; element 0 of their energies is the first's.
 * returns what their batteries come to */
struct gb_run_storage gb_run_registers_advance(const struct gb_run_registers *registers,
                                               struct gb_range part,
                                               const struct gb_slot_energy *energy);
/* All have been: what they gave of that which they began with. */
void gb_run_registers_count(struct gb_run_registers *registers, int64_t initial_wh);
/* Nobody asks any more what they showed before the slot metered last. */
void gb_run_registers_forget(struct gb_run_registers *registers);
/* What a meter showed then. */
struct gb_registers gb_run_registers_before(const struct gb_run_registers *registers, size_t meter);

/* The warm-up is over: what meters and batteries have by now is where counting begins. */
void gb_run_registers_end_warm_up(struct gb_run_registers *registers);
/* What the meter has counted since. */
struct gb_registers gb_run_registers_counted(const struct gb_run_registers *registers,
                                             size_t meter);

#endif
