#include "experiments/run/contracted.h"

#include <stdlib.h>

#include "base/memory.h"

struct gb_run_contracts_known {
    int64_t *net_wh;  /* per meter; NULL: nothing yet */
    uint64_t height;  /* of the match; 0 where each trade was looked at by itself */
    uint8_t *is_late; /* per node: did the slot begin before it had the match? NULL: not begun */
};

void gb_run_contracted_init(struct gb_run_contracted *contracted,
                            const struct gb_run_environment *env,
                            const struct gb_run_gateway *gateway,
                            const struct gb_run_knowledge *knowledge, bool is_asked)
{
    *contracted = (struct gb_run_contracted){
        .env = env, .gateway = gateway, .knowledge = knowledge, .is_asked = is_asked};
}

static void free_known(struct gb_run_contracts_known *known)
{
    free(known->net_wh);
    free(known->is_late);
    *known = (struct gb_run_contracts_known){.net_wh = NULL};
}

void gb_run_contracted_clear(struct gb_run_contracted *contracted)
{
    for (size_t place = 0; place < contracted->n_places; place++)
        free_known(&contracted->at[place]);
    free(contracted->at);
    contracted->at = NULL;
    contracted->n_places = 0;
}

void gb_run_contracted_open(struct gb_run_contracted *contracted, size_t place)
{
    if (contracted->is_asked)
        gb_run_reach_place((void **)&contracted->at, &contracted->n_places, place,
                           sizeof *contracted->at, contracted->env->error);
}

void gb_run_contracted_retire(struct gb_run_contracted *contracted, size_t place)
{
    if (contracted->is_asked)
        free_known(&contracted->at[place]);
}

static bool reserve(struct gb_run_contracted *contracted, struct gb_run_contracts_known *known)
{
    if (!known->net_wh)
        known->net_wh = gb_memory_wide(contracted->env->n, sizeof *known->net_wh);
    if (known->net_wh)
        return true;
    gb_fail(contracted->env->error, GB_ENOMEM, "no memory for the contracts of %zu meters",
            contracted->env->n);
    return false;
}

void gb_run_contracted_match(struct gb_run_contracted *contracted, size_t place,
                             const struct gb_interval_view *view, uint64_t height)
{
    if (!contracted->is_asked || gb_run_trades_at_once(contracted->env))
        return;
    struct gb_run_contracts_known *known = &contracted->at[place];
    if (known->is_late || !reserve(contracted, known))
        return; /* nobody had it in time */
    for (size_t t = 0; t < view->n_trades; t++) {
        known->net_wh[view->trades[t].buyer] += view->trades[t].energy.wh;
        known->net_wh[view->trades[t].seller] -= view->trades[t].energy.wh;
    }
    known->height = height;
}

static bool has_block(const struct gb_run_contracted *contracted, uint32_t meter, uint64_t height)
{
    return gb_run_knowledge_has(contracted->knowledge,
                                gb_run_gateway_entry_node(contracted->gateway, meter), height);
}

/* Where orders trade as they come: every trade whose block is stable at the node of its party. */
static void add_executions(struct gb_run_contracted *contracted,
                           struct gb_run_contracts_known *known, int64_t interval)
{
    size_t n;
    const struct gb_execution *made =
        gb_contracts_executions(gb_run_gateway_contracts(contracted->gateway), interval, &n);

    for (size_t e = 0; e < n; e++) {
        const struct gb_trade *trade = &made[e].trade;
        if (has_block(contracted, trade->buyer, made[e].height))
            known->net_wh[trade->buyer] += trade->energy.wh;
        if (has_block(contracted, trade->seller, made[e].height))
            known->net_wh[trade->seller] -= trade->energy.wh;
    }
}

void gb_run_contracted_begin(struct gb_run_contracted *contracted, size_t place, int64_t interval)
{
    if (!contracted->is_asked)
        return;
    struct gb_run_contracts_known *known = &contracted->at[place];
    uint32_t n_nodes = gb_run_gateway_n_nodes(contracted->gateway);

    known->is_late = calloc(n_nodes, sizeof *known->is_late);
    if (!known->is_late) {
        gb_fail(contracted->env->error, GB_ENOMEM, "no memory for %u nodes", (unsigned)n_nodes);
        return;
    }
    if (gb_run_trades_at_once(contracted->env) && reserve(contracted, known))
        add_executions(contracted, known, interval);
    else
        for (uint32_t node = 0; node < n_nodes; node++)
            known->is_late[node] =
                !gb_run_knowledge_has(contracted->knowledge, node, known->height);
}

int64_t gb_run_contracted_wh(const struct gb_run_contracted *contracted, size_t place,
                             uint32_t meter)
{
    const struct gb_run_contracts_known *known = &contracted->at[place];
    uint32_t node = gb_run_gateway_entry_node(contracted->gateway, meter);

    if (!known->net_wh ||
        (known->is_late ? known->is_late[node]
                        : !gb_run_knowledge_has(contracted->knowledge, node, known->height)))
        return 0;
    return known->net_wh[meter];
}
