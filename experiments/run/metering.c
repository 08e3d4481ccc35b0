#include "experiments/run/metering.h"

#include <stdlib.h>

#include "experiments/run/approvals.h"
#include "experiments/run/delivery.h"
#include "experiments/run/meter_limit.h"

struct gb_run_approvals_owed { /* of an interval that was delivered before its match was known */
    uint8_t *owes;             /* per meter: does it owe an approval? NULL: nobody does */
    size_t n;                  /* meters that do */
};

struct reading_batch { /* context of the messages below */
    struct gb_run_metering *metering;
    size_t place;
    int64_t interval;
    bool is_known;   /* do all meters know the match? Else it hangs on where they enter */
    bool has_trades; /* does any trade stand that may be approved? */
    uint32_t meter;  /* of a single message */
};

enum gb_status gb_run_metering_init(struct gb_run_metering *metering,
                                    const struct gb_run_metering_links *links, struct gb_error *err)
{
    *metering = (struct gb_run_metering){.to = *links};
    return gb_run_registers_init(&metering->registers, links->env, links->assets, err);
}

void gb_run_metering_clear(struct gb_run_metering *metering)
{
    for (size_t place = 0; place < metering->n_places; place++)
        free(metering->at[place].owes);
    free(metering->at);
    gb_run_registers_clear(&metering->registers);
    *metering = (struct gb_run_metering){.at = NULL};
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

static void fill_reading(void *context, size_t i, struct gb_transaction *transaction,
                         struct gb_message *message)
{
    const struct reading_batch *batch = context;
    struct gb_run_metering *metering = batch->metering;
    struct gb_reading_message *reading = &message->body.reading;
    uint32_t meter = (uint32_t)i;

    reading->interval = batch->interval;
    reading->start = gb_run_registers_before(&metering->registers, i);
    reading->end = metering->registers.at[i];
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

static bool reserve_owing(struct gb_run_metering *metering, size_t place)
{
    metering->at[place].owes = calloc(metering->to.env->n, sizeof *metering->at[place].owes);
    if (metering->at[place].owes)
        return true;
    gb_fail(metering->to.env->error, GB_ENOMEM, "no memory for the approvals of %zu meters",
            metering->to.env->n);
    return false;
}

static void send_readings(struct gb_run_metering *metering, size_t place, int64_t interval)
{
    const struct gb_contracts *contracts = gb_run_gateway_contracts(metering->to.gateway);
    struct reading_batch batch = {.metering = metering,
                                  .place = place,
                                  .interval = interval,
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

    if (batch.is_known || reserve_owing(metering, place))
        gb_run_outbox_dispatch(metering->to.outbox, &out);
}

/* ---- delivery */

void gb_run_metering_deliver(struct gb_run_metering *metering, size_t place, int64_t interval)
{
    const struct gb_run_metering_links *to = &metering->to;
    const struct gb_run_delivery delivery = {
        to->env,  to->gateway,    to->assets,          to->accounts,
        to->kpis, to->meter_rows, &metering->registers};

    if (gb_run_deliver(&delivery, place, interval))
        send_readings(metering, place, interval);
    if (interval == to->env->first_slot - 1 && !gb_run_has_failed(to->env))
        gb_run_registers_end_warm_up(&metering->registers);
    if (interval < to->env->n_slots - 1) /* the last slot may have to be read again */
        gb_run_registers_forget(&metering->registers);
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

    (void)i;
    (void)transaction;
    reading->interval = batch->interval;
    reading->start = gb_run_registers_before(&metering->registers, batch->meter);
    reading->end = metering->registers.at[batch->meter];
}

enum gb_status gb_run_metering_check_gap(const struct gb_run_metering *metering, uint32_t meter,
                                         struct gb_error *err)
{
    const struct gb_contracts *contracts = gb_run_gateway_contracts(metering->to.gateway);
    struct gb_registers known = gb_contracts_registers(contracts, meter);
    struct gb_registers shown = gb_run_registers_before(&metering->registers, meter);

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
