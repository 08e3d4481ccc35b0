/* Delivery: storage and meters run over the interval, every meter signs a reading of its registers
 * at both ends and, in it or later, the settlement digests of its trades. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/run/run_priv.h"

struct reading_batch { /* context of the messages below */
    struct gb_run *run;
    struct live_interval *live;
    const struct gb_slot_energy *energy;
};

/* May meter i know its trades? Its entry node must have the match stable, and not a missed slot. */
static bool knows_match(const struct gb_run *run, const struct live_interval *live, uint32_t node)
{
    return live->match_height != 0 && run->node_height[node] >= live->match_height;
}

static size_t trades_of(const struct gb_run *run, const struct live_interval *live, uint32_t meter,
                        const uint32_t **trades)
{
    return gb_contracts_meter_trades(run->protocol->contracts(run->chain), live->interval, meter,
                                     trades);
}

static size_t n_approvals(void *context, size_t i)
{
    struct reading_batch *batch = context;
    const uint32_t *trades;
    uint32_t meter = (uint32_t)i;

    if (!knows_match(batch->run, batch->live, gb_run_entry_node(batch->run, meter)))
        return 0;
    return trades_of(batch->run, batch->live, meter, &trades);
}

/* Names every trade of the meter; signed when the message leaves. */
static struct gb_approvals name_trades(const struct gb_run *run, const struct live_interval *live,
                                       uint32_t meter, struct gb_transaction *transaction)
{
    const uint32_t *trades;
    size_t n = trades_of(run, live, meter, &trades);

    if (n == 0)
        return (struct gb_approvals){0};
    uint32_t *named = gb_transaction_reserve(transaction, n * sizeof *named);
    memcpy(named, trades, n * sizeof *named);
    return (struct gb_approvals){.n = (uint32_t)n, .trades = named};
}

/* What a message approves, and in which interval; NULL: nothing. */
static struct gb_approvals *approvals_in(struct gb_message *message, int64_t *interval)
{
    if (message->kind == GB_MESSAGE_READING) {
        *interval = message->body.reading.interval;
        return &message->body.reading.approvals;
    }
    if (message->kind != GB_MESSAGE_APPROVE)
        return NULL;
    *interval = message->body.approve.interval;
    return &message->body.approve.approvals;
}

bool gb_run_sign_approvals(struct gb_run *run, struct gb_transaction *transaction)
{
    const struct gb_contracts *contracts = run->protocol->contracts(run->chain);
    int64_t interval;
    size_t n = 0;

    for (size_t i = 0; i < transaction->n_messages; i++) {
        const struct gb_approvals *approvals = approvals_in(&transaction->messages[i], &interval);
        n += approvals ? approvals->n : 0;
    }
    if (n == 0 || gb_keyring_crypto(run->ring) == GB_CRYPTO_NONE)
        return true;
    if (!gb_transaction_make_proofs(transaction, n)) {
        gb_fail(&run->error, GB_ENOMEM, "no memory for %zu signatures", n);
        return false;
    }
    for (size_t i = 0; i < transaction->n_messages; i++) {
        struct gb_message *message = &transaction->messages[i];
        struct gb_approvals *approvals = approvals_in(message, &interval);
        if (!approvals || approvals->n == 0)
            continue;
        struct gb_signature *signatures =
            gb_transaction_reserve_signatures(transaction, approvals->n);
        const struct gb_hash *digests = gb_contracts_interval(contracts, interval).digests;
        for (uint32_t t = 0; digests && t < approvals->n; t++) /* none: it is done without */
            gb_keyring_sign(run->ring, message->sender, &digests[approvals->trades[t]],
                            &signatures[t]);
        approvals->signatures = signatures;
    }
    return true;
}

/* direction  1: over the slot; -1: back to its beginning */
static void move_registers(struct gb_registers *registers, const struct gb_slot_energy *energy,
                           size_t i, int64_t direction)
{
    int64_t net = energy->net_wh[i];

    registers->import_wh += direction * (net > 0 ? net : 0);
    registers->export_wh += direction * (net < 0 ? -net : 0);
    registers->solar_wh += direction * energy->solar_wh[i];
    registers->wind_wh += direction * energy->wind_wh[i];
    registers->charge_wh += direction * energy->charge_wh[i];
    registers->discharge_wh += direction * energy->discharge_wh[i];
}

static void fill_reading(void *context, size_t i, struct gb_transaction *transaction,
                         struct gb_message *message)
{
    struct reading_batch *batch = context;
    struct gb_run *run = batch->run;
    struct gb_reading_message *reading = &message->body.reading;
    uint32_t meter = (uint32_t)i;

    *reading =
        (struct gb_reading_message){.interval = batch->live->interval, .start = run->registers[i]};
    move_registers(&run->registers[i], batch->energy, i, 1);
    reading->end = run->registers[i];
    if (knows_match(run, batch->live, gb_run_entry_node(run, meter))) {
        reading->approvals = name_trades(run, batch->live, meter, transaction);
    } else {
        batch->live->flags[i] |= METER_OWES_APPROVAL;
        batch->live->n_owing++;
    }
}

/* Batteries give what they were charged with during the run, less losses, before what they began
 * with: that is energy of the grid (rules, section 3), and no local generation.
 * returns the Wh of the latter */
static int64_t take_initial(struct gb_run *run, size_t battery, const struct gb_slot_energy *energy)
{
    double round_trip = run->scenario->physics.battery.efficiency;
    size_t meter = run->fleet->batteries.meter[battery];
    int64_t charged_wh = run->registers[meter].charge_wh + energy->charge_wh[meter];
    int64_t left = (int64_t)((double)charged_wh * round_trip) - run->own_discharge_wh[battery];
    int64_t own = energy->discharge_wh[meter] < left ? energy->discharge_wh[meter] : left;

    run->own_discharge_wh[battery] += own;
    return energy->discharge_wh[meter] - own;
}

/* Community sums of the metered slot. */
static void count_slot(struct gb_run *run, struct live_interval *live,
                       const struct gb_slot_energy *energy)
{
    struct gb_slot_row *row = &live->row;
    int64_t net = 0, surplus = 0, deficit = 0;
    const double *stored = run->meters ? gb_meters_charge_wh(run->meters) : NULL;
    size_t n_batteries = run->meters ? run->fleet->batteries.n : 0;

    for (size_t i = 0; i < run->n; i++) {
        int64_t wh = energy->net_wh[i];

        net += wh;
        run->users[i].tariff_cost +=
            gb_tariff_bill(&run->scenario->market.tariff, (struct gb_energy){wh}).units;
        run->energy_differs |= wh != live->baseline_wh[i];
        *(wh > 0 ? &deficit : &surplus) += wh > 0 ? wh : -wh;
        row->solar_wh += energy->solar_wh[i];
        row->wind_wh += energy->wind_wh[i];
        row->load_wh += energy->load_wh[i];
        row->charge_wh += energy->charge_wh[i];
        row->discharge_wh += energy->discharge_wh[i];
    }
    for (size_t i = 0; i < n_batteries; i++) {
        row->stored_wh += llround(stored[i]);
        run->initial_wh += take_initial(run, i, energy);
    }
    row->generation_wh = row->solar_wh + row->wind_wh;
    row->import_wh = net > 0 ? net : 0;
    row->export_wh = net < 0 ? -net : 0;
    run->summary.surplus_wh += surplus;
    run->summary.deficit_wh += deficit;
    run->summary.matchable_wh += surplus < deficit ? surplus : deficit;
    run->ceiling_cost +=
        gb_tariff_bill(&run->scenario->market.tariff, (struct gb_energy){net}).units;
}

static bool begin_delivery(struct gb_run *run, struct live_interval *live)
{
    live->baseline_wh = malloc(run->n * sizeof *live->baseline_wh);
    live->net_wh = malloc(run->n * sizeof *live->net_wh);
    live->traded_wh = calloc(run->n, sizeof *live->traded_wh);
    live->cash = calloc(run->n, sizeof *live->cash);
    live->flags = calloc(run->n, sizeof *live->flags);
    live->fresh = malloc(run->n * sizeof *live->fresh);
    if (live->baseline_wh && live->net_wh && live->traded_wh && live->cash && live->flags &&
        live->fresh)
        return true;
    gb_fail(&run->error, GB_ENOMEM, "no memory for the delivery of interval %lld",
            (long long)live->interval);
    return false;
}

/* The metered slot: first of the baseline, then of the market run, which is left in `energy`. */
static bool run_meters(struct gb_run *run, struct live_interval *live,
                       struct gb_slot_energy *energy)
{
    const struct gb_slot_energy *baseline = energy;
    struct gb_slot_power power;

    if (!run->physics) {
        gb_run_declared_energy(run, live->interval, energy);
    } else {
        if (run->provider->slot(run->physics, live->interval, &power, &run->error) != GB_OK)
            return false;
        if (live->planned && run->foresight_is_baseline)
            baseline = live->planned; /* it went ahead when the interval opened */
        else
            gb_meters_advance(run->baseline, &power, energy);
    }
    memcpy(live->baseline_wh, baseline->net_wh, run->n * sizeof *live->baseline_wh);
    if (run->physics)
        gb_meters_advance(run->meters, &power, energy);
    memcpy(live->net_wh, energy->net_wh, run->n * sizeof *live->net_wh);
    return true;
}

static void send_readings(struct gb_run *run, struct live_interval *live,
                          const struct gb_slot_energy *energy)
{
    struct reading_batch batch = {run, live, energy};
    struct outgoing out = {.interval = live->interval,
                           .kind = GB_MESSAGE_READING,
                           .n = run->n,
                           .all_sent_ns = gb_queue_now_ns(run->queue),
                           .is_complete = true,
                           .context = &batch,
                           .n_approvals = n_approvals,
                           .fill = fill_reading};

    run->is_delivering = true;
    gb_run_dispatch(run, &out);
    run->is_delivering = false;
    gb_run_act_on_knowledge(run, GB_OPERATOR_NODE);
}

void gb_run_deliver(struct gb_run *run, struct live_interval *live)
{
    bool is_last = live->interval == run->n_slots - 1;
    struct gb_slot_energy *energy = NULL;

    if (gb_slot_energy_create(&energy, run->n, &run->error) == GB_OK && begin_delivery(run, live) &&
        run_meters(run, live, energy)) {
        gb_slot_energy_free(live->planned);
        live->planned = NULL;
        count_slot(run, live, energy);
        gb_run_begin_meter_rows(run, live, energy);
        send_readings(run, live, energy);
    }
    if (is_last)
        run->last_energy = energy;
    else
        gb_slot_energy_free(energy);
}

/* ---- approvals of trades that a meter learnt of after its reading */

struct approve_batch {
    struct gb_run *run;
    struct live_interval *live;
    uint32_t meter;
};

static size_t n_late_approvals(void *context, size_t i)
{
    struct approve_batch *batch = context;
    const uint32_t *trades;

    (void)i;
    return trades_of(batch->run, batch->live, batch->meter, &trades);
}

static void fill_approve(void *context, size_t i, struct gb_transaction *transaction,
                         struct gb_message *message)
{
    struct approve_batch *batch = context;
    struct gb_approve_message *approve = &message->body.approve;

    (void)i;
    approve->interval = batch->live->interval;
    approve->approvals = name_trades(batch->run, batch->live, batch->meter, transaction);
}

void gb_run_approve(struct gb_run *run, struct live_interval *live, uint32_t node)
{
    for (uint32_t meter = 0; meter < run->n && live->n_owing > 0; meter++) {
        const uint32_t *trades;

        if (gb_run_has_failed(run))
            return;
        if (!(live->flags[meter] & METER_OWES_APPROVAL) || gb_run_entry_node(run, meter) != node)
            continue;
        live->flags[meter] &= (uint8_t)~METER_OWES_APPROVAL;
        live->n_owing--;
        if (trades_of(run, live, meter, &trades) == 0)
            continue;
        struct approve_batch batch = {run, live, meter};
        struct outgoing out = {.interval = live->interval,
                               .kind = GB_MESSAGE_APPROVE,
                               .n = 1,
                               .meter = &meter,
                               .all_sent_ns = gb_queue_now_ns(run->queue),
                               .context = &batch,
                               .n_approvals = n_late_approvals,
                               .fill = fill_approve};
        gb_run_dispatch(run, &out);
    }
}

/* ---- the flush at the end of a run: who is not on the ledger with it reads the last slot again */

static void fill_flush(void *context, size_t i, struct gb_transaction *transaction,
                       struct gb_message *message)
{
    struct approve_batch *batch = context;
    struct gb_reading_message *reading = &message->body.reading;
    const struct gb_registers *registers = &batch->run->registers[batch->meter];

    (void)i;
    (void)transaction;
    *reading = (struct gb_reading_message){
        .interval = batch->run->n_slots - 1, .start = *registers, .end = *registers};
    move_registers(&reading->start, batch->run->last_energy, batch->meter, -1);
}

size_t gb_run_flush(struct gb_run *run)
{
    static const uint8_t flush_part = 1; /* draws of its own */
    size_t n = 0;

    for (uint32_t meter = 0; meter < run->n && !gb_run_has_failed(run); meter++) {
        if (gb_contracts_last_reading(run->protocol->contracts(run->chain), meter) ==
            run->n_slots - 1)
            continue;
        struct approve_batch batch = {run, NULL, meter};
        struct outgoing out = {.interval = run->n_slots - 1,
                               .kind = GB_MESSAGE_READING,
                               .n = 1,
                               .meter = &meter,
                               .part = &flush_part,
                               .all_sent_ns = gb_queue_now_ns(run->queue),
                               .context = &batch,
                               .fill = fill_flush};
        n++;
        gb_run_dispatch(run, &out);
    }
    return n;
}
