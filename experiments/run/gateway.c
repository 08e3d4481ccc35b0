#include "experiments/run/gateway.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define BLOCK_BYTES (UINT64_C(1) << 30) /* of transactions: a thousand full bundles fit */

struct gb_run_gateway {
    const struct gb_run_environment *env;
    const struct gb_protocol *protocol;
    void *chain;
    const struct gb_contracts *contracts; /* of the chain, for its whole life */
    struct gb_network network;
    struct gb_keyring *ring;
    struct gb_genesis genesis;
    struct gb_hash chain_id, head; /* head: of the last block finished */
    struct gb_ledger_writer *ledger;
    struct gb_committee committee;
    size_t concentrator_size, n_concentrators;
};

/* ---- set-up */

static void fill_rules(const struct gb_run_gateway *gateway, struct gb_contract_rules *rules)
{
    const struct gb_scenario *scenario = gateway->env->scenario;

    *rules =
        (struct gb_contract_rules){.market = gb_scenario_market(scenario),
                                   .settlement = scenario->settlement_rule,
                                   .unmatched = scenario->unmatched_rule,
                                   .signatures_required = (uint32_t)scenario->signatures_required,
                                   .imbalance_short = scenario->imbalance_short,
                                   .imbalance_long = scenario->imbalance_long,
                                   .min_quantity = scenario->min_quantity,
                                   .fee = scenario->fee,
                                   .trade_fees = scenario->trade_fees,
                                   .first_start_ns = 0,
                                   .slot_ns = gateway->env->slot_ns,
                                   .open_ns = scenario->open_ns,
                                   .gate_ns = scenario->gate_ns,
                                   .deadline_ns = scenario->deadline_ns};
    if (!scenario->tariffs)
        return;
    rules->tariffs = gateway->genesis.tariffs;
    rules->market.tariff = scenario->tariffs->widest;
    rules->short_is_retail = scenario->imbalance_short_asked.ticks == GB_PARAM_PRICE_WORD;
    rules->long_is_feed_in = scenario->imbalance_long_asked.ticks == GB_PARAM_PRICE_WORD;
}

static enum gb_status fill_genesis(struct gb_run_gateway *gateway, struct gb_error *err)
{
    const struct gb_scenario *scenario = gateway->env->scenario;
    struct gb_genesis *genesis = &gateway->genesis;

    strcpy(genesis->chain_name, "gridbourse");
    genesis->flow = gateway->committee.flow;
    genesis->leader_period = gateway->committee.leader_period;
    genesis->crypto = (uint32_t)gb_keyring_crypto(gateway->ring);
    genesis->max_transactions = (uint32_t)scenario->block_max_transactions;
    genesis->max_bytes = BLOCK_BYTES;
    genesis->n_validators = gateway->committee.n_nodes;
    genesis->validators = calloc(gateway->committee.n_nodes, sizeof *genesis->validators);
    genesis->weights = calloc(gateway->committee.n_nodes, sizeof *genesis->weights);
    genesis->concentrators = calloc(gateway->n_concentrators + 1, sizeof *genesis->concentrators);
    genesis->users = gb_memory_wide(gateway->env->n, sizeof *genesis->users);
    genesis->tariffs = gb_tariffs_copy(scenario->tariffs);
    if (!genesis->validators || !genesis->weights || !genesis->concentrators || !genesis->users ||
        (scenario->tariffs && !genesis->tariffs))
        return gb_fail(err, GB_ENOMEM, "no memory for the genesis");
    for (uint32_t i = 0; i < gateway->committee.n_nodes; i++) {
        genesis->validators[i] = gb_keyring_public(gateway->ring, GB_PARTY(GB_ROLE_VALIDATOR, i));
        genesis->weights[i] = 1;
    }
    genesis->n_concentrators = gateway->n_concentrators;
    for (uint32_t i = 0; i < gateway->n_concentrators; i++)
        genesis->concentrators[i] =
            gb_keyring_public(gateway->ring, GB_PARTY(GB_ROLE_CONCENTRATOR, i));
    genesis->supervisor = gb_keyring_public(gateway->ring, GB_PARTY(GB_ROLE_SUPERVISOR, 0));
    genesis->operator_ = gb_keyring_public(gateway->ring, GB_PARTY(GB_ROLE_OPERATOR, 0));
    fill_rules(gateway, &genesis->rules);
    genesis->n_users = gateway->env->n;
    for (uint32_t i = 0; i < gateway->env->n; i++) {
        genesis->users[i].key = gb_keyring_public(gateway->ring, GB_PARTY(GB_ROLE_METER, i));
        genesis->users[i].balance = scenario->balance;
        genesis->users[i].tariff = gb_run_tariff_kind(gateway->env, i);
        genesis->users[i].concentrator = gateway->concentrator_size
                                             ? i / (uint32_t)gateway->concentrator_size
                                             : GB_NO_CONCENTRATOR;
    }
    return GB_OK;
}

static enum gb_status create_keys(struct gb_run_gateway *gateway, struct gb_error *err)
{
    const struct gb_scenario *scenario = gateway->env->scenario;
    bool is_ideal = gateway->env->is_ideal;
    size_t n = gateway->env->n;

    gateway->protocol = scenario->protocol;
    gateway->committee = gb_scenario_committee(scenario);
    /* the ideal protocol has one entry for all, which keeps the order of sending */
    gateway->concentrator_size = is_ideal ? n : (size_t)scenario->concentrator;
    gateway->n_concentrators =
        gateway->concentrator_size ? (n - 1) / gateway->concentrator_size + 1 : 0;
    return gb_keyring_create(&gateway->ring,
                             is_ideal ? GB_CRYPTO_NONE : (enum gb_crypto)scenario->crypto,
                             gb_draws_key(gb_scenario_draws(scenario), GB_PURPOSE_KEY), n,
                             gateway->committee.n_nodes, gateway->n_concentrators, err);
}

static enum gb_status open_ledger(struct gb_run_gateway *gateway, const char *path,
                                  struct gb_error *err)
{
    if (!path)
        return GB_OK;
    if (!gateway->protocol->keeps_ledger)
        return gb_fail(err, GB_ECONFIG,
                       "the protocol '%s' keeps no ledger; use chain.protocol: pbft",
                       gateway->protocol->member.name);
    return gb_ledger_writer_open(&gateway->ledger, path, &gateway->genesis, err);
}

static enum gb_status create_chain(struct gb_run_gateway *gateway,
                                   const struct gb_chain_observer *observer, struct gb_error *err)
{
    const struct gb_scenario *scenario = gateway->env->scenario;

    gateway->network =
        gb_network_make(scenario->link, scenario->client, gb_scenario_draws(scenario));
    struct gb_chain_config config = {.network = &gateway->network,
                                     .min_seal_ns = scenario->block_min_seal_ns,
                                     .pool_limit = (uint32_t)scenario->pool_limit,
                                     .chain_id = gateway->chain_id,
                                     .start_ns = gb_run_clock_start_ns(gateway->env),
                                     .draws = gb_scenario_draws(scenario),
                                     .wrong_executor = GB_NO_NODE};

    return gateway->protocol->create(&gateway->chain, gateway->env->queue, &config,
                                     &gateway->genesis, gateway->ring, gateway->ledger, observer,
                                     err);
}

enum gb_status gb_run_gateway_create(struct gb_run_gateway **out,
                                     const struct gb_run_environment *env, const char *ledger_path,
                                     const struct gb_chain_observer *observer, struct gb_error *err)
{
    bool is_ideal = env->is_ideal;
    struct gb_run_gateway *gateway = calloc(1, sizeof *gateway);

    *out = gateway; /* freed by the caller, complete or not */
    if (!gateway)
        return gb_fail(err, GB_ENOMEM, "no memory for the chain");
    gateway->env = env;
    enum gb_status status = create_keys(gateway, err);
    if (status == GB_OK)
        status = fill_genesis(gateway, err);
    if (status == GB_OK && !is_ideal)
        status = gb_genesis_seal(&gateway->genesis, gateway->ring, &gateway->chain_id, err);
    if (status == GB_OK)
        status = open_ledger(gateway, ledger_path, err);
    if (status == GB_OK)
        status = create_chain(gateway, observer, err);
    if (status == GB_OK)
        gateway->contracts = gateway->protocol->contracts(gateway->chain);
    if (is_ideal && !gateway->genesis.tariffs)
        gb_genesis_clear(&gateway->genesis); /* nobody signs: there are no keys to look up */
    return status;
}

void gb_run_gateway_free(struct gb_run_gateway *gateway)
{
    if (!gateway)
        return;
    if (gateway->chain)
        gateway->protocol->free(gateway->chain);
    gb_ledger_writer_abandon(gateway->ledger);
    gb_genesis_clear(&gateway->genesis);
    gb_keyring_free(gateway->ring);
    free(gateway);
}

/* ---- who enters where, and what stands on the chain */

uint32_t gb_run_gateway_n_nodes(const struct gb_run_gateway *gateway)
{
    return gateway->committee.n_nodes;
}

size_t gb_run_gateway_n_concentrators(const struct gb_run_gateway *gateway)
{
    return gateway->n_concentrators;
}

size_t gb_run_gateway_concentrator_size(const struct gb_run_gateway *gateway)
{
    return gateway->concentrator_size;
}

uint32_t gb_run_gateway_concentrator_node(const struct gb_run_gateway *gateway,
                                          uint32_t concentrator)
{
    return concentrator % gateway->committee.n_nodes;
}

uint32_t gb_run_gateway_entry_node(const struct gb_run_gateway *gateway, uint32_t meter)
{
    if (gateway->committee.n_nodes == 1 || gateway->n_concentrators == 1)
        return 0;
    uint32_t sender = gateway->concentrator_size ? meter / (uint32_t)gateway->concentrator_size
                                                 : gb_run_draw_owner(gateway->env, meter);

    return sender % gateway->committee.n_nodes;
}

bool gb_run_gateway_is_entry(const struct gb_run_gateway *gateway, uint32_t node)
{
    return node == GB_OPERATOR_NODE || gateway->n_concentrators == 0 ||
           node < gateway->n_concentrators;
}

const struct gb_network *gb_run_gateway_network(const struct gb_run_gateway *gateway)
{
    return &gateway->network;
}

const struct gb_keyring *gb_run_gateway_keys(const struct gb_run_gateway *gateway)
{
    return gateway->ring;
}

const struct gb_contracts *gb_run_gateway_contracts(const struct gb_run_gateway *gateway)
{
    return gateway->contracts;
}

void gb_run_gateway_submit(struct gb_run_gateway *gateway, struct gb_transaction *transaction,
                           uint32_t node, int64_t sent_ns, const struct gb_route *route)
{
    gateway->protocol->submit(gateway->chain, transaction, node, sent_ns, route,
                              gateway->env->error);
}

struct gb_passage gb_run_gateway_passage(const struct gb_run_gateway *gateway,
                                         const struct gb_position *position)
{
    return gateway->protocol->passage(gateway->chain, position->height, position->transaction);
}

enum gb_whereabouts gb_run_gateway_whereabouts(const struct gb_run_gateway *gateway, uint8_t kind,
                                               uint64_t nonce)
{
    return gateway->protocol->whereabouts(gateway->chain, GB_PARTY(GB_ROLE_OPERATOR, 0), kind,
                                          nonce);
}

struct gb_quiet gb_run_gateway_quiet(const struct gb_run_gateway *gateway)
{
    return gateway->protocol->quiet(gateway->chain);
}

/* ---- the end */

void gb_run_gateway_finish_block(struct gb_run_gateway *gateway, const struct gb_hash *block)
{
    gateway->head = *block;
}

size_t gb_run_gateway_n_pending(const struct gb_run_gateway *gateway)
{
    return gateway->protocol->n_pending(gateway->chain);
}

struct gb_chain_totals gb_run_gateway_totals(const struct gb_run_gateway *gateway)
{
    return gateway->protocol->totals(gateway->chain);
}

enum gb_status gb_run_gateway_failure(const struct gb_run_gateway *gateway, struct gb_error *err)
{
    return gateway->protocol->failure(gateway->chain, err);
}

enum gb_status gb_run_gateway_hand_out(struct gb_run_gateway *gateway, struct gb_hash *head,
                                       struct gb_ledger_writer **ledger, struct gb_error *err)
{
    struct gb_ledger_writer *writer = gateway->ledger;
    enum gb_status status = GB_OK;

    if (head)
        *head = gateway->head;
    if (!writer)
        return GB_OK;
    if (!gb_hash_is_equal(gb_ledger_writer_head(writer), &gateway->head))
        return gb_fail(err, GB_EBROKEN, "the ledger ends with another block than the run");
    status = gb_ledger_writer_seal(writer, gateway->ring, err);
    if (status != GB_OK)
        return status;
    if (ledger)
        *ledger = writer;
    else
        status = gb_ledger_writer_publish(writer, err);
    gateway->ledger = NULL;
    return status;
}
