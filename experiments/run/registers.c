#include "experiments/run/registers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/memory.h"

struct gb_run_moved { /* together: readings are filled in in no order of meters */
    int64_t net_wh, solar_wh, wind_wh, charge_wh, discharge_wh;
};

enum gb_status gb_run_registers_init(struct gb_run_registers *registers,
                                     const struct gb_run_environment *env,
                                     const struct gb_run_assets *assets, struct gb_error *err)
{
    size_t n = env->n, n_batteries = gb_run_assets_n_batteries(assets);
    bool warms_up = env->first_slot > 0;

    *registers = (struct gb_run_registers){
        .env = env,
        .assets = assets,
        .at = gb_memory_wide(n, sizeof *registers->at),
        .own_discharge_wh = calloc(n_batteries + 1, sizeof *registers->own_discharge_wh)};
    if (warms_up) {
        registers->first = gb_memory_wide(n, sizeof *registers->first);
        registers->first_wh = calloc(n_batteries + 1, sizeof *registers->first_wh);
    }
    if (!registers->at || !registers->own_discharge_wh ||
        (warms_up && (!registers->first || !registers->first_wh)))
        return gb_fail(err, GB_ENOMEM, "no memory for the registers of %zu meters", n);
    return GB_OK;
}

void gb_run_registers_clear(struct gb_run_registers *registers)
{
    free(registers->at);
    free(registers->moved);
    free(registers->first);
    free(registers->first_wh);
    free(registers->own_discharge_wh);
    *registers = (struct gb_run_registers){.at = NULL};
}

/* ---- a slot */

bool gb_run_registers_reserve(struct gb_run_registers *registers)
{
    size_t n = registers->env->n;

    if (!registers->moved)
        registers->moved = gb_array_resize(NULL, n, sizeof *registers->moved);
    if (!registers->moved)
        gb_fail(registers->env->error, GB_ENOMEM, "no memory for the energies of %zu meters", n);
    return registers->moved != NULL;
}

/* Between two slots those of many meters would lie idle. */
void gb_run_registers_forget(struct gb_run_registers *registers)
{
    if (registers->env->n <= GB_RUN_KEPT_CAPACITY)
        return;
    free(registers->moved);
    registers->moved = NULL;
}

/* Batteries give what they were charged with during the run, less losses, before what they began
 * with: that is energy of the grid (rules, section 3), and no local generation.
 * charged_wh     in the slot
 * discharged_wh  likewise
 * returns        the Wh of the latter */
static int64_t take_initial(const struct gb_run_registers *registers, size_t battery,
                            uint32_t meter, int64_t charged_wh, int64_t discharged_wh)
{
    double round_trip = gb_run_assets_round_trip(registers->assets, battery);
    int64_t first_wh = registers->first ? registers->first[meter].charge_wh : 0;
    int64_t all_wh = registers->at[meter].charge_wh - first_wh + charged_wh;
    int64_t left = (int64_t)((double)all_wh * round_trip) - registers->own_discharge_wh[battery];
    int64_t own = discharged_wh < left ? discharged_wh : left;

    registers->own_discharge_wh[battery] += own;
    return discharged_wh - own;
}

static struct gb_run_storage count_storage(const struct gb_run_registers *registers,
                                           struct gb_range part,
                                           const struct gb_slot_energy *energy)
{
    const struct gb_run_assets *assets = registers->assets;
    const uint32_t *meters = gb_run_assets_battery_meters(assets);
    const double *stored = gb_run_assets_stored_wh(assets);
    struct gb_range of = gb_owners_of(meters, gb_run_assets_n_batteries(assets), part);
    struct gb_run_storage sum = {0, 0};

    for (size_t b = of.first; b < of.first + of.n; b++) {
        size_t j = meters[b] - part.first;

        sum.stored_wh += llround(stored[b]);
        sum.initial_wh +=
            take_initial(registers, b, meters[b], energy->charge_wh[j], energy->discharge_wh[j]);
    }
    return sum;
}

/* What registers show that moved (direction 1), or showed before they did (-1). */
static inline void move(struct gb_registers *registers, const struct gb_run_moved *by,
                        int64_t direction)
{
    int64_t import_wh = by->net_wh > 0 ? by->net_wh : 0;

    registers->import_wh += direction * import_wh;
    registers->export_wh += direction * (import_wh - by->net_wh);
    registers->solar_wh += direction * by->solar_wh;
    registers->wind_wh += direction * by->wind_wh;
    registers->charge_wh += direction * by->charge_wh;
    registers->discharge_wh += direction * by->discharge_wh;
}

struct gb_run_storage gb_run_registers_advance(const struct gb_run_registers *registers,
                                               struct gb_range part,
                                               const struct gb_slot_energy *energy)
{
    struct gb_registers *at = registers->at + part.first;
    struct gb_run_moved *moved = registers->moved + part.first;
    struct gb_run_storage storage = count_storage(registers, part, energy); /* at: before it */

    for (size_t j = 0; j < part.n; j++) {
        moved[j] = (struct gb_run_moved){energy->net_wh[j], energy->solar_wh[j], energy->wind_wh[j],
                                         energy->charge_wh[j], energy->discharge_wh[j]};
        move(&at[j], &moved[j], 1);
    }
    return storage;
}

void gb_run_registers_count(struct gb_run_registers *registers, int64_t initial_wh)
{
    registers->initial_wh += initial_wh;
}

struct gb_registers gb_run_registers_before(const struct gb_run_registers *registers, size_t meter)
{
    struct gb_registers before = registers->at[meter];

    move(&before, &registers->moved[meter], -1);
    return before;
}

/* ---- the warm-up */

void gb_run_registers_end_warm_up(struct gb_run_registers *registers)
{
    const struct gb_run_assets *assets = registers->assets;
    const double *stored = gb_run_assets_stored_wh(assets);
    const double *baseline = gb_run_assets_baseline_stored_wh(assets);

    memcpy(registers->first, registers->at, registers->env->n * sizeof *registers->at);
    for (size_t b = 0; b < gb_run_assets_n_batteries(assets); b++) {
        registers->first_wh[b] = llround(stored[b]) - llround(baseline[b]);
        registers->own_discharge_wh[b] = 0;
    }
    registers->initial_wh = 0;
}

struct gb_registers gb_run_registers_counted(const struct gb_run_registers *registers, size_t meter)
{
    struct gb_registers counted = registers->at[meter];

    if (registers->first) {
        const struct gb_registers *first = &registers->first[meter];

        counted.import_wh -= first->import_wh;
        counted.export_wh -= first->export_wh;
        counted.solar_wh -= first->solar_wh;
        counted.wind_wh -= first->wind_wh;
        counted.charge_wh -= first->charge_wh;
        counted.discharge_wh -= first->discharge_wh;
    }
    return counted;
}
