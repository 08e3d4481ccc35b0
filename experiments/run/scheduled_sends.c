#include "experiments/run/scheduled_sends.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/radix.h"
#include "chain/node/chain.h"
#include "chain/wire/genesis.h"

#define IDEAL_BATCH 256 /* messages that stay in a processor's cache */
#define RESUBMISSION 15 /* in a route's item, where kinds of messages stand */

void gb_run_scheduled_sends_clear(struct gb_run_scheduled_sends *plan)
{
    free(plan->items);
    free(plan->order);
    free(plan->sends);
    *plan = (struct gb_run_scheduled_sends){.order = NULL};
}

void gb_run_scheduled_sends_retire(struct gb_run_scheduled_sends *plan)
{
    if (plan->capacity > GB_RUN_KEPT_CAPACITY || plan->order_capacity > GB_RUN_KEPT_CAPACITY)
        gb_run_scheduled_sends_clear(plan);
    plan->n = 0;
}

void gb_run_address_by_nonce(struct gb_route *route, uint8_t kind, uint64_t nonce)
{
    route->time = (uint32_t)nonce;
    route->item = gb_route_item(RESUBMISSION, kind);
}

static bool add_send(struct gb_run_scheduled_sends *plan, const struct gb_run_environment *env,
                     struct gb_run_scheduled_send send)
{
    struct gb_run_scheduled_send *grown =
        gb_array_grow(plan->sends, &plan->capacity, plan->n + 1, sizeof *grown);

    if (!grown) {
        gb_fail(env->error, GB_ENOMEM, "no memory for %zu scheduled sends", plan->n + 1);
        return false;
    }
    plan->sends = grown;
    plan->sends[plan->n++] = send;
    return true;
}

/* When message i reaches its concentrator; under `ideal` that is when it was sent. */
static int64_t arrival_of(const struct gb_run_send_rules *rules, const struct gb_run_outgoing *out,
                          size_t i)
{
    if (rules->env->is_ideal)
        return gb_run_outgoing_sent_ns(out, i);
    uint32_t owner = gb_run_draw_owner(rules->env, gb_run_outgoing_meter(out, i));
    struct gb_route route = {.owner = GB_PARTY(GB_ROLE_METER, owner),
                             .time = (uint32_t)out->interval,
                             .item = gb_route_item(out->kind, gb_run_outgoing_part(out, i))};
    if (out->is_resubmission)
        gb_run_address_by_nonce(&route, out->kind, out->refused_nonce(out->context, i));
    return gb_network_uplink_arrival_ns(rules->network, gb_run_outgoing_sent_ns(out, i), &route);
}

static int64_t time_of(const struct gb_radix_item *item)
{
    return (int64_t)(item->key ^ (UINT64_C(1) << 63)); /* keys sort signed times as unsigned */
}

/* Messages of a batch under the ideal protocol: where orders trade as they come each has a time,
 * and a block, of its own. */
static size_t ideal_limit(const struct gb_run_send_rules *rules)
{
    return gb_run_trades_at_once(rules->env) ? 1 : IDEAL_BATCH;
}

/* How many of the sorted items make the next bundle, and when it leaves. */
static size_t next_bundle(const struct gb_run_send_rules *rules, const struct gb_run_outgoing *out,
                          const struct gb_radix_item *items, size_t n, int64_t *leaves_ns)
{
    bool is_ideal = rules->env->is_ideal;
    int64_t first_ns = time_of(&items[0]);
    int64_t gate = gb_run_gate_ns(rules->env, out->interval);
    size_t limit = is_ideal ? ideal_limit(rules) : GB_BUNDLE_MAX;
    size_t taken = 1;

    if (is_ideal && (first_ns >= gate || time_of(&items[n - 1]) < gate))
        taken = n < limit ? n : limit; /* as below, told by the last of them */
    while (taken < n && taken < limit) {
        int64_t time_ns = time_of(&items[taken]);

        /* no batch of the ideal protocol spans the gate: what came before it is not late */
        if (is_ideal ? first_ns < gate && time_ns >= gate
                     : time_ns > first_ns + GB_RUN_CONCENTRATOR_WAIT_NS)
            break;
        taken++;
    }
    if (is_ideal || taken == limit || (out->is_complete && taken == n))
        *leaves_ns = time_of(&items[taken - 1]);
    else
        *leaves_ns = first_ns + GB_RUN_CONCENTRATOR_WAIT_NS;
    return taken;
}

/* Scratch for n items, twice; NULL after a failure. */
static struct gb_radix_item *reserve_items(struct gb_run_scheduled_sends *plan,
                                           const struct gb_run_environment *env, size_t n)
{
    struct gb_radix_item *items =
        gb_array_grow(plan->items, &plan->items_capacity, 2 * n, sizeof *items);

    if (items)
        plan->items = items;
    else
        gb_fail(env->error, GB_ENOMEM, "no memory to send %zu messages", n);
    return items;
}

/* The number of the first bundle of messages that were handed over together. Those of late quotes
 * are numbered within the slot in which they were sent; a re-quote's by its meter at the
 * concentrator and its part, above all others: what else is sent moves nobody's draws. */
static uint32_t first_number(const struct gb_run_send_rules *rules,
                             const struct gb_run_outgoing *out, size_t begin)
{
    uint64_t slot = (uint64_t)gb_run_outgoing_sent_ns(out, begin) / (uint64_t)rules->env->slot_ns;
    uint32_t meter = gb_run_outgoing_meter(out, begin) % (uint32_t)rules->concentrator_size;

    if (out->is_requote)
        return UINT32_C(1) << 20 | (meter & 0x3ff) << 10 | gb_run_outgoing_part(out, begin);
    return ((uint32_t)(slot & 0x3ff) << 10) + out->first_bundle;
}

/* Messages [begin, end) all belong to one concentrator. */
static void plan_bundles(struct gb_run_scheduled_sends *plan, const struct gb_run_send_rules *rules,
                         const struct gb_run_outgoing *out, uint32_t concentrator, size_t begin,
                         size_t end)
{
    size_t n = end - begin;
    struct gb_radix_item *items = reserve_items(plan, rules->env, n);
    uint32_t number = first_number(rules, out, begin);

    if (!items)
        return;
    for (size_t i = 0; i < n; i++)
        items[i] = (struct gb_radix_item){
            (uint64_t)arrival_of(rules, out, begin + i) ^ UINT64_C(1) << 63, begin + i};
    gb_radix_sort(items, items + n, n);
    for (size_t i = 0; i < n; i++)
        plan->order[begin + i] = (uint32_t)items[i].value;
    for (size_t at = 0; at < n; number++) {
        struct gb_run_scheduled_send send = {
            .concentrator = concentrator, .number = number, .first = (uint32_t)(begin + at)};

        send.n = (uint32_t)next_bundle(rules, out, items + at, n - at, &send.leaves_ns);
        at += send.n;
        if (!add_send(plan, rules->env, send))
            return;
    }
}

/* Where the messages end that belong to the concentrator of message `begin`. */
static size_t end_of_group(const struct gb_run_send_rules *rules, const struct gb_run_outgoing *out,
                           size_t begin)
{
    uint32_t size = (uint32_t)rules->concentrator_size;
    uint32_t first = gb_run_outgoing_meter(out, begin) / size * size; /* meter of it */
    size_t end = begin + 1;

    while (end < out->n && gb_run_outgoing_meter(out, end) - first < size)
        end++;
    return end;
}

/* What is sent at one moment under the ideal protocol, where all have one concentrator: it has its
 * order already. */
static void plan_at_once(struct gb_run_scheduled_sends *plan, const struct gb_run_send_rules *rules,
                         const struct gb_run_outgoing *out)
{
    size_t limit = ideal_limit(rules);
    uint32_t number = first_number(rules, out, 0);

    for (size_t i = 0; i < out->n; i++)
        plan->order[i] = (uint32_t)i;
    for (size_t at = 0; at < out->n; at += limit, number++) {
        size_t n = out->n - at < limit ? out->n - at : limit;

        if (!add_send(plan, rules->env,
                      (struct gb_run_scheduled_send){.leaves_ns = out->all_sent_ns,
                                                     .number = number,
                                                     .first = (uint32_t)at,
                                                     .n = (uint32_t)n}))
            return;
    }
}

static void plan_concentrated(struct gb_run_scheduled_sends *plan,
                              const struct gb_run_send_rules *rules,
                              const struct gb_run_outgoing *out)
{
    uint32_t *order = gb_array_grow(plan->order, &plan->order_capacity, out->n, sizeof *order);

    if (!order) {
        gb_fail(rules->env->error, GB_ENOMEM, "no memory to send %zu messages", out->n);
        return;
    }
    plan->order = order;
    if (!out->sent_ns && out->n > 0 && rules->env->is_ideal) {
        plan_at_once(plan, rules, out);
        return;
    }
    for (size_t begin = 0, end; begin < out->n && !gb_run_has_failed(rules->env); begin = end) {
        end = end_of_group(rules, out, begin);
        plan_bundles(plan, rules, out,
                     gb_run_outgoing_meter(out, begin) / (uint32_t)rules->concentrator_size, begin,
                     end);
    }
    if (plan->items_capacity > 2 * GB_RUN_KEPT_CAPACITY) { /* it is needed for the planning alone */
        free(plan->items);
        plan->items = NULL;
        plan->items_capacity = 0;
    }
}

void gb_run_scheduled_sends_plan(struct gb_run_scheduled_sends *plan,
                                 const struct gb_run_send_rules *rules,
                                 const struct gb_run_outgoing *out)
{
    plan->n = 0;
    if (rules->concentrator_size > 0) {
        plan_concentrated(plan, rules, out);
        return;
    }
    for (size_t i = 0; i < out->n; i++)
        if (!add_send(plan, rules->env,
                      (struct gb_run_scheduled_send){.leaves_ns = gb_run_outgoing_sent_ns(out, i),
                                                     .concentrator = GB_NO_CONCENTRATOR,
                                                     .number = gb_run_outgoing_part(out, i),
                                                     .first = (uint32_t)i,
                                                     .n = 1}))
            return;
}
