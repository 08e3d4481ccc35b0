#include "experiments/run/metering.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/run/approvals.h"
#include "experiments/run/meter_limit.h"
#include "experiments/run/parts.h"

struct gb_run_approvals_owed { /* of an interval that was delivered before its match was known */
    uint8_t *owes;             /* per meter: does it owe an approval? NULL before delivery */
    size_t n;                  /* meters that do */
};

struct reading_batch { /* context of the messages below */
    struct gb_run_metering *metering;
    size_t place;
    int64_t interval;
    const struct gb_slot_energy *energy;
    bool is_known;   /* do all meters know the match? Else it hangs on where they enter */
    bool has_trades; /* does any trade stand that may be approved? */
    uint32_t meter;  /* of a single message */
};

enum gb_status gb_run_metering_init(struct gb_run_metering *metering,
                                    const struct gb_run_metering_links *links, struct gb_error *err)
{
    size_t n = links->env->n, n_batteries = gb_run_assets_n_batteries(links->assets);

    *metering = (struct gb_run_metering){
        .to = *links,
        .registers = calloc(n, sizeof *metering->registers),
        .own_discharge_wh = calloc(n_batteries + 1, sizeof *metering->own_discharge_wh)};
    if (links->env->first_slot > 0) {
        metering->first_registers = calloc(n, sizeof *metering->first_registers);
        metering->first_wh = calloc(n_batteries + 1, sizeof *metering->first_wh);
    }
    if (!metering->registers || !metering->own_discharge_wh ||
        (links->env->first_slot > 0 && (!metering->first_registers || !metering->first_wh)))
        return gb_fail(err, GB_ENOMEM, "no memory for the registers of %zu meters", n);
    return GB_OK;
}

void gb_run_metering_clear(struct gb_run_metering *metering)
{
    for (size_t place = 0; place < metering->n_places; place++)
        free(metering->at[place].owes);
    free(metering->at);
    free(metering->registers);
    free(metering->first_registers);
    free(metering->first_wh);
    free(metering->own_discharge_wh);
    gb_slot_energy_free(metering->energy);
    *metering = (struct gb_run_metering){.energy = NULL};
}

void gb_run_metering_open(struct gb_run_metering *metering, size_t place)
{
    gb_run_reach_place((void **)&metering->at, &metering->n_places, place, sizeof *metering->at,
                       metering->to.env->error);
}

void gb_run_metering_retire(struct gb_run_metering *metering, size_t place)
{
    free(metering->at[place].owes);
    metering->at[place] = (struct gb_run_approvals_owed){0};
}

/* ---- readings */

/* May meters that enter at the node know their trades? It must have the match stable, and not a
 * missed slot. */
static bool knows_match(const struct gb_run_metering *metering, size_t place, uint32_t node)
{
    return gb_run_knowledge_has(metering->to.knowledge, node,
                                metering->to.accounts->at[place].match_height);
}

static bool is_known_everywhere(const struct gb_run_metering *metering, size_t place)
{
    uint32_t node = 0, n = gb_run_gateway_n_nodes(metering->to.gateway);

    while (node < n && knows_match(metering, place, node))
        node++;
    return node == n;
}

static inline bool meter_knows(const struct reading_batch *batch, uint32_t meter)
{
    const struct gb_run_metering *metering = batch->metering;

    return batch->is_known || knows_match(metering, batch->place,
                                          gb_run_gateway_entry_node(metering->to.gateway, meter));
}

static size_t n_approvals(void *context, size_t i)
{
    const struct reading_batch *batch = context;
    uint32_t meter = (uint32_t)i;

    return meter_knows(batch, meter)
               ? gb_run_approvals_count(batch->metering->to.gateway, batch->interval, meter)
               : 0;
}

/* What registers that show `from` show after the slot (direction 1), or showed before it (-1). */
static inline struct gb_registers moved(const struct gb_registers *from,
                                        const struct gb_slot_energy *energy, size_t i,
                                        int64_t direction)
{
    int64_t net = energy->net_wh[i], import_wh = net > 0 ? net : 0;

    return (struct gb_registers){
        .import_wh = from->import_wh + direction * import_wh,
        .export_wh = from->export_wh + direction * (import_wh - net),
        .solar_wh = from->solar_wh + direction * energy->solar_wh[i],
        .wind_wh = from->wind_wh + direction * energy->wind_wh[i],
        .charge_wh = from->charge_wh + direction * energy->charge_wh[i],
        .discharge_wh = from->discharge_wh + direction * energy->discharge_wh[i],
    };
}

static void fill_reading(void *context, size_t i, struct gb_transaction *transaction,
                         struct gb_message *message)
{
    const struct reading_batch *batch = context;
    struct gb_run_metering *metering = batch->metering;
    struct gb_registers *registers = &metering->registers[i];
    struct gb_reading_message *reading = &message->body.reading;
    uint32_t meter = (uint32_t)i;

    reading->interval = batch->interval;
    reading->start = *registers;
    reading->end = *registers = moved(registers, batch->energy, i, 1);
    if (meter_knows(batch, meter)) {
        if (batch->has_trades)
            reading->approvals =
                gb_run_approvals_name(metering->to.gateway, batch->interval, meter, transaction);
    } else {
        metering->at[batch->place].owes[i] = 1;
#pragma omp atomic
        metering->at[batch->place].n++;
    }
}

static void send_readings(struct gb_run_metering *metering, size_t place, int64_t interval,
                          const struct gb_slot_energy *energy)
{
    const struct gb_contracts *contracts = gb_run_gateway_contracts(metering->to.gateway);
    struct reading_batch batch = {.metering = metering,
                                  .place = place,
                                  .interval = interval,
                                  .energy = energy,
                                  .is_known = is_known_everywhere(metering, place),
                                  .has_trades =
                                      gb_contracts_interval(contracts, interval).n_standing > 0};
    struct gb_run_outgoing out = {.interval = interval,
                                  .kind = GB_MESSAGE_READING,
                                  .n = metering->to.env->n,
                                  .all_sent_ns = gb_run_now_ns(metering->to.env),
                                  .is_complete = true,
                                  .fills_apart = true,
                                  .context = &batch,
                                  .n_approvals = batch.has_trades ? n_approvals : NULL,
                                  .fill = fill_reading};

    gb_run_outbox_dispatch(metering->to.outbox, &out);
}

/* ---- delivery */

struct gb_registers gb_run_metering_counted(const struct gb_run_metering *metering, size_t meter)
{
    struct gb_registers counted = metering->registers[meter];

    if (metering->first_registers) {
        const struct gb_registers *first = &metering->first_registers[meter];

        counted.import_wh -= first->import_wh;
        counted.export_wh -= first->export_wh;
        counted.solar_wh -= first->solar_wh;
        counted.wind_wh -= first->wind_wh;
        counted.charge_wh -= first->charge_wh;
        counted.discharge_wh -= first->discharge_wh;
    }
    return counted;
}

/* The warm-up is over: what meters and batteries have by now is where counting begins. */
static void end_warm_up(struct gb_run_metering *metering)
{
    const struct gb_run_assets *assets = metering->to.assets;
    const double *stored = gb_run_assets_stored_wh(assets);
    const double *baseline = gb_run_assets_baseline_stored_wh(assets);

    memcpy(metering->first_registers, metering->registers,
           metering->to.env->n * sizeof *metering->registers);
    for (size_t b = 0; b < gb_run_assets_n_batteries(assets); b++) {
        metering->first_wh[b] = llround(stored[b]) - llround(baseline[b]);
        metering->own_discharge_wh[b] = 0;
    }
    metering->initial_wh = 0;
}

/* What batteries hold after the slot, in the whole Wh that tables show, and what they gave of that
 * which they began with. */
struct storage {
    int64_t stored_wh, initial_wh;
};

/* Batteries give what they were charged with during the run, less losses, before what they began
 * with: that is energy of the grid (rules, section 3), and no local generation.
 * returns the Wh of the latter */
static int64_t take_initial(const struct gb_run_metering *metering, size_t battery, uint32_t meter,
                            const struct gb_slot_energy *energy)
{
    double round_trip = gb_run_assets_round_trip(metering->to.assets, battery);
    int64_t first_wh = metering->first_registers ? metering->first_registers[meter].charge_wh : 0;
    int64_t before_wh = metering->registers[meter].charge_wh - first_wh;
    int64_t charged_wh = before_wh + energy->charge_wh[meter];
    int64_t left = (int64_t)((double)charged_wh * round_trip) - metering->own_discharge_wh[battery];
    int64_t own = energy->discharge_wh[meter] < left ? energy->discharge_wh[meter] : left;

    metering->own_discharge_wh[battery] += own;
    return energy->discharge_wh[meter] - own;
}

static struct storage count_part(const struct gb_run_metering *metering,
                                 const struct gb_slot_energy *energy, struct gb_run_part batteries)
{
    const struct gb_run_assets *assets = metering->to.assets;
    const uint32_t *meters = gb_run_assets_battery_meters(assets);
    const double *stored = gb_run_assets_stored_wh(assets);
    struct storage sum = {0};

    for (size_t b = batteries.first; b < batteries.end; b++) {
        sum.stored_wh += llround(stored[b]);
        sum.initial_wh += take_initial(metering, b, meters[b], energy);
    }
    return sum;
}

/* What parts of the batteries come to. */
struct storages {
    const struct gb_run_metering *metering;
    const struct gb_slot_energy *energy;
    struct storage of[GB_RUN_PARTS];
};

static void count_kth(void *of_all, size_t k, struct gb_run_part part)
{
    struct storages *storages = of_all;

    storages->of[k] = count_part(storages->metering, storages->energy, part);
}

/* returns what all batteries hold after the slot */
static int64_t count_storage(struct gb_run_metering *metering, const struct gb_slot_energy *energy)
{
    struct storages parts = {.metering = metering, .energy = energy};
    size_t n_parts =
        gb_run_over_parts(gb_run_assets_n_batteries(metering->to.assets), count_kth, &parts);
    struct storage sum = {0};

    for (size_t k = 0; k < n_parts; k++) {
        sum.stored_wh += parts.of[k].stored_wh;
        sum.initial_wh += parts.of[k].initial_wh;
    }
    metering->initial_wh += sum.initial_wh;
    return sum.stored_wh;
}

/* The metered slot: first of the baseline, then of the market run, which is left in `energy`. */
static bool run_meters(struct gb_run_metering *metering, size_t place, int64_t interval,
                       struct gb_slot_energy *energy)
{
    struct gb_run_metering_links *to = &metering->to;
    int64_t limit_wh = gb_contracts_energy_limit_wh(gb_run_gateway_contracts(to->gateway));
    const struct gb_slot_energy *baseline =
        gb_run_assets_meter_baseline(to->assets, place, interval, energy);

    if (!baseline)
        return false;
    struct gb_run_metered metered = gb_run_metered_of(baseline, to->env->n);
    if (!gb_run_check_meters(to->env, limit_wh, interval, baseline, &metered) ||
        !gb_run_accounts_baseline(to->accounts, place, baseline, &metered))
        return false;
    gb_run_assets_meter_market(to->assets, place, energy);
    metered = gb_run_metered_of(energy, to->env->n);
    if (!gb_run_check_meters(to->env, limit_wh, interval, energy, &metered))
        return false;
    gb_run_accounts_deliver(to->accounts, place, energy, &metered);
    gb_run_kpis_delivered(to->kpis, place, interval, energy, &metered,
                          count_storage(metering, energy));
    gb_run_meter_rows_deliver(to->meter_rows, place, energy, to->accounts->at[place].baseline_wh);
    return true;
}

static bool reserve_owing(struct gb_run_metering *metering, size_t place)
{
    metering->at[place].owes = calloc(metering->to.env->n, sizeof *metering->at[place].owes);
    if (metering->at[place].owes)
        return true;
    gb_fail(metering->to.env->error, GB_ENOMEM, "no memory for the approvals of %zu meters",
            metering->to.env->n);
    return false;
}

/* Between two slots the energies of many meters would lie idle. Those of the last slot stay: it may
 * have to be read again. */
static void drop_energy(struct gb_run_metering *metering, int64_t interval)
{
    const struct gb_run_environment *env = metering->to.env;

    if (env->n <= GB_RUN_KEPT_CAPACITY || interval == env->n_slots - 1)
        return;
    gb_slot_energy_free(metering->energy);
    metering->energy = NULL;
}

void gb_run_metering_deliver(struct gb_run_metering *metering, size_t place, int64_t interval)
{
    const struct gb_run_environment *env = metering->to.env;

    if (!metering->energy && gb_slot_energy_create(&metering->energy, env->n, env->error) != GB_OK)
        return;
    if (reserve_owing(metering, place) && run_meters(metering, place, interval, metering->energy))
        send_readings(metering, place, interval, metering->energy);
    if (interval == env->first_slot - 1 && !gb_run_has_failed(env))
        end_warm_up(metering);
    drop_energy(metering, interval);
}

/* ---- approvals of trades that a meter learnt of after its reading */

static size_t n_late_approvals(void *context, size_t i)
{
    const struct reading_batch *batch = context;

    (void)i;
    return gb_run_approvals_count(batch->metering->to.gateway, batch->interval, batch->meter);
}

static void fill_approve(void *context, size_t i, struct gb_transaction *transaction,
                         struct gb_message *message)
{
    const struct reading_batch *batch = context;
    struct gb_approve_message *approve = &message->body.approve;

    (void)i;
    approve->interval = batch->interval;
    approve->approvals = gb_run_approvals_name(batch->metering->to.gateway, batch->interval,
                                               batch->meter, transaction);
}

static void send_approvals(struct gb_run_metering *metering, size_t place, int64_t interval,
                           uint32_t meter)
{
    struct reading_batch batch = {
        .metering = metering, .place = place, .interval = interval, .meter = meter};
    struct gb_run_outgoing out = {.interval = interval,
                                  .kind = GB_MESSAGE_APPROVE,
                                  .n = 1,
                                  .meter = &meter,
                                  .all_sent_ns = gb_run_now_ns(metering->to.env),
                                  .context = &batch,
                                  .n_approvals = n_late_approvals,
                                  .fill = fill_approve};

    if (gb_run_approvals_count(metering->to.gateway, interval, meter) > 0)
        gb_run_outbox_dispatch(metering->to.outbox, &out);
}

void gb_run_metering_approve(struct gb_run_metering *metering, size_t place, int64_t interval,
                             uint32_t node)
{
    const struct gb_run_metering_links *to = &metering->to;

    if (metering->at[place].n == 0 || !knows_match(metering, place, node))
        return;
    for (uint32_t meter = 0; meter < to->env->n && metering->at[place].n > 0; meter++) {
        struct gb_run_approvals_owed *owed = &metering->at[place];

        if (gb_run_has_failed(to->env))
            return;
        if (!owed->owes[meter] || gb_run_gateway_entry_node(to->gateway, meter) != node)
            continue;
        owed->owes[meter] = 0;
        owed->n--;
        send_approvals(metering, place, interval, meter);
    }
}

/* ---- the flush */

static void fill_flush(void *context, size_t i, struct gb_transaction *transaction,
                       struct gb_message *message)
{
    const struct reading_batch *batch = context;
    const struct gb_run_metering *metering = batch->metering;
    struct gb_reading_message *reading = &message->body.reading;
    const struct gb_registers *registers = &metering->registers[batch->meter];

    (void)i;
    (void)transaction;
    reading->interval = batch->interval;
    reading->start = moved(registers, metering->energy, batch->meter, -1);
    reading->end = *registers;
}

enum gb_status gb_run_metering_check_gap(const struct gb_run_metering *metering, uint32_t meter,
                                         struct gb_error *err)
{
    const struct gb_contracts *contracts = gb_run_gateway_contracts(metering->to.gateway);
    struct gb_registers known = gb_contracts_registers(contracts, meter);
    struct gb_registers shown = moved(&metering->registers[meter], metering->energy, meter, -1);

    return gb_run_check_gap(metering->to.env, gb_contracts_energy_limit_wh(contracts), meter,
                            gb_contracts_last_reading(contracts, meter) + 1, &known, &shown, err);
}

static void send_flush(struct gb_run_metering *metering, int64_t interval, uint32_t meter)
{
    static const uint8_t flush_part = 1; /* draws of its own */
    struct reading_batch batch = {
        .metering = metering, .place = GB_NO_PLACE, .interval = interval, .meter = meter};
    struct gb_run_outgoing out = {.interval = interval,
                                  .kind = GB_MESSAGE_READING,
                                  .n = 1,
                                  .meter = &meter,
                                  .part = &flush_part,
                                  .all_sent_ns = gb_run_now_ns(metering->to.env),
                                  .context = &batch,
                                  .fill = fill_flush};

    gb_run_outbox_dispatch(metering->to.outbox, &out);
}

size_t gb_run_metering_flush(struct gb_run_metering *metering)
{
    const struct gb_contracts *contracts = gb_run_gateway_contracts(metering->to.gateway);
    const struct gb_run_environment *env = metering->to.env;
    int64_t last = env->n_slots - 1;
    size_t n = 0;

    for (uint32_t meter = 0; meter < env->n && !gb_run_has_failed(env); meter++) {
        if (gb_contracts_last_reading(contracts, meter) == last)
            continue;
        n++;
        send_flush(metering, last, meter);
    }
    return n;
}
