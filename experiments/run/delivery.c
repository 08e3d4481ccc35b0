#include "experiments/run/delivery.h"

#include <stdlib.h>

#include "base/parts.h"
#include "experiments/run/meter_limit.h"

/* What a part came to. */
struct part {
    struct gb_run_metered metered;
    struct gb_run_beyond beyond;
    struct gb_run_storage storage;
    bool differs; /* is the market run's net anywhere another than the baseline's? */
};

struct delivery {
    const struct gb_run_delivery *to;
    size_t place;
    int64_t interval;
    int64_t limit_wh;
    struct part *parts; /* by number */
    size_t n_parts;
};

/* ---- a part */

static void see(const struct delivery *delivery, struct part *part, struct gb_range range,
                const struct gb_slot_energy *energy)
{
    part->metered = gb_run_metered_of(energy, range.n);
    part->beyond = gb_run_find_beyond(delivery->limit_wh, range, energy, &part->metered);
}

static void enter_market(const struct delivery *delivery, struct part *part, struct gb_range range,
                         const struct gb_slot_energy *energy)
{
    const struct gb_run_delivery *to = delivery->to;

    part->differs =
        gb_run_accounts_deliver(to->accounts, delivery->place, range, energy, &part->metered);
    part->storage = gb_run_registers_advance(to->registers, range, energy);
    gb_run_meter_rows_deliver(to->meter_rows, delivery->place, range, energy,
                              to->accounts->at[delivery->place].baseline_wh + range.first);
}

static void take_baseline(void *of_all, struct gb_range range, const struct gb_slot_energy *energy)
{
    const struct delivery *delivery = of_all;

    see(delivery, &delivery->parts[range.first / GB_PART], range, energy);
    gb_run_accounts_baseline(delivery->to->accounts, delivery->place, range, energy);
}

static void take_market(void *of_all, struct gb_range range, const struct gb_slot_energy *energy)
{
    const struct delivery *delivery = of_all;
    struct part *part = &delivery->parts[range.first / GB_PART];

    see(delivery, part, range, energy);
    enter_market(delivery, part, range, energy);
}

static void take_both(void *of_all, struct gb_range range, const struct gb_slot_energy *energy)
{
    const struct delivery *delivery = of_all;

    take_baseline(of_all, range, energy);
    enter_market(delivery, &delivery->parts[range.first / GB_PART], range, energy);
}

/* ---- all of them */

/* No meter shows more than its reading can. false: the run has failed */
static bool is_within(const struct delivery *delivery)
{
    for (size_t k = 0; k < delivery->n_parts; k++)
        if (delivery->parts[k].beyond.is_any) {
            gb_run_refuse_beyond(delivery->to->env, delivery->limit_wh, delivery->interval,
                                 &delivery->parts[k].beyond);
            return false;
        }
    return true;
}

static struct gb_run_metered sum_of(const struct delivery *delivery)
{
    struct gb_run_metered sum = {0};

    for (size_t k = 0; k < delivery->n_parts; k++)
        gb_run_metered_add(&sum, &delivery->parts[k].metered);
    return sum;
}

static void count_market(const struct delivery *delivery, const struct gb_run_metered *metered,
                         const struct gb_community_flow *flow)
{
    const struct gb_run_delivery *to = delivery->to;
    struct gb_run_storage storage = {0, 0};

    for (size_t k = 0; k < delivery->n_parts; k++) {
        storage.stored_wh += delivery->parts[k].storage.stored_wh;
        storage.initial_wh += delivery->parts[k].storage.initial_wh;
        if (delivery->parts[k].differs)
            gb_run_accounts_differ(to->accounts);
    }
    gb_run_registers_count(to->registers, storage.initial_wh);
    gb_run_kpis_delivered(to->kpis, delivery->place, delivery->interval, metered, flow,
                          to->accounts->at[delivery->place].net_wh, storage.stored_wh);
}

static bool run_market(struct delivery *delivery)
{
    const struct gb_run_delivery *to = delivery->to;
    const struct gb_run_taker taker = {take_market, delivery};
    struct gb_community_flow flow;

    if (!gb_run_assets_meter_market(to->assets, delivery->place, &taker, &flow) ||
        !is_within(delivery))
        return false;
    struct gb_run_metered metered = sum_of(delivery);
    count_market(delivery, &metered, &flow);
    return true;
}

static bool run_both(struct delivery *delivery)
{
    const struct gb_run_delivery *to = delivery->to;
    bool is_once = gb_run_assets_meter_once(to->assets);
    const struct gb_run_taker taker = {is_once ? take_both : take_baseline, delivery};
    struct gb_community_flow flow;

    if (!gb_run_assets_meter_baseline(to->assets, delivery->place, delivery->interval, &taker,
                                      &flow) ||
        !is_within(delivery))
        return false;
    struct gb_run_metered metered = sum_of(delivery);
    gb_run_kpis_baseline(to->kpis, delivery->place, &metered, &flow);
    if (!is_once)
        return run_market(delivery);
    count_market(delivery, &metered, &flow);
    return true;
}

bool gb_run_deliver(const struct gb_run_delivery *to, size_t place, int64_t interval)
{
    size_t n_parts = (to->env->n + GB_PART - 1) / GB_PART;
    struct delivery delivery = {
        .to = to,
        .place = place,
        .interval = interval,
        .limit_wh = gb_contracts_energy_limit_wh(gb_run_gateway_contracts(to->gateway)),
        .parts = calloc(n_parts, sizeof *delivery.parts),
        .n_parts = n_parts};
    bool is_done = false;

    if (!delivery.parts)
        gb_fail(to->env->error, GB_ENOMEM, "no memory for the delivery of %zu meters", to->env->n);
    else if (gb_run_accounts_reserve(to->accounts, place) &&
             gb_run_meter_rows_reserve(to->meter_rows, place) &&
             gb_run_registers_reserve(to->registers))
        is_done = run_both(&delivery);
    if (is_done)
        gb_run_assets_end(to->assets, place);
    free(delivery.parts);
    return is_done;
}
