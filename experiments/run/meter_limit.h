/* What a meter may show in a slot, and in a gap of slots without a reading: a reading in which or
 * before which a register moves further is refused by the contracts, for its bill might not fit
 * into 64 bits, and all later ones with it. So a run in which one would ends where it is metered,
 * and one with such a gap at its end, when no reading can fill it any more. */
#ifndef EXPERIMENTS_RUN_METER_LIMIT_H
#define EXPERIMENTS_RUN_METER_LIMIT_H

#include "chain/wire/transaction.h"
#include "experiments/run/environment.h"
#include "experiments/run/metered.h"
#include "models/assets/meter.h"

/* One who shows more. */
struct gb_run_beyond {
    bool is_any; /* is there one? */
    bool is_load;
    uint32_t meter;
};
/* The first one of a part, of which element 0 is the first meter's.
 * limit_wh  gb_contracts_energy_limit_wh
 * metered   what the energies come to */
struct gb_run_beyond gb_run_find_beyond(int64_t limit_wh, struct gb_range part,
                                        const struct gb_slot_energy *energy,
                                        const struct gb_run_metered *metered);
/* Fails the run: the error says which meter, when and what to change. */
void gb_run_refuse_beyond(const struct gb_run_environment *env, int64_t limit_wh, int64_t interval,
                          const struct gb_run_beyond *beyond);
/* The same of the slots from `first` up to the last but one, which the ledger has not read.
 * from, to  registers before and after them
 * returns   GB_ECONFIG with the reason */
enum gb_status gb_run_check_gap(const struct gb_run_environment *env, int64_t limit_wh,
                                uint32_t meter, int64_t first, const struct gb_registers *from,
                                const struct gb_registers *to, struct gb_error *err);

#endif
