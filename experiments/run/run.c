#include "experiments/run/run.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/run/run_priv.h"
#include "models/agents/traits.h"

#define WATCH_EVENTS 16384              /* well under a second, whatever they are */
#define BLOCK_BYTES (UINT64_C(1) << 30) /* of transactions: a thousand full bundles fit */

/* ---- nature and assets */

/* From the slot under way to the one opened last. A slot is delivered before an interval opens
 * at the same instant, and who quotes late, after such an opening, has read the slot just
 * delivered: nobody looks further back. */
static size_t window_slots(const struct gb_scenario *scenario)
{
    int64_t slot = scenario->physics.weather.slot_ns;

    return (size_t)((scenario->open_ns + slot - 1) / slot) + 1;
}

static enum gb_status create_assets(struct gb_run *run, struct gb_error *err)
{
    const struct gb_scenario *scenario = run->scenario;
    const struct gb_physics_config *config = &scenario->physics;
    uint64_t seed = (uint64_t)scenario->seed;
    uint32_t replication = (uint32_t)scenario->replication;

    if (scenario->delivery == GB_DELIVERY_DECLARED)
        return GB_OK;
    enum gb_status status = gb_fleet_create(&run->fleet, config, seed, replication, err);
    if (status == GB_OK) {
        run->provider = &gb_physics_modelled;
        status = run->provider->create(&run->physics, config, run->fleet, window_slots(scenario),
                                       seed, replication, err);
    }
    if (status == GB_OK)
        status = gb_meters_create(&run->meters, config, run->fleet,
                                  (enum gb_storage_controller)scenario->storage_controller, err);
    if (status == GB_OK)
        status = gb_meters_create(&run->baseline, config, run->fleet, GB_STORAGE_GREEDY, err);
    run->foresight_is_baseline = scenario->storage_controller == GB_STORAGE_GREEDY;
    if (status == GB_OK && !run->foresight_is_baseline &&
        config->forecast.kind == GB_FORECAST_PERFECT)
        status = gb_meters_create(&run->foresight, config, run->fleet,
                                  (enum gb_storage_controller)scenario->storage_controller, err);
    if (status != GB_OK)
        return status;
    run->has_storage = run->fleet->batteries.n > 0;
    run->own_discharge_wh = calloc(run->fleet->batteries.n + 1, sizeof *run->own_discharge_wh);
    if (!run->own_discharge_wh)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu batteries", run->fleet->batteries.n);
    return GB_OK;
}

static enum gb_status create_agents(struct gb_run *run, struct gb_error *err)
{
    const struct gb_scenario *scenario = run->scenario;
    uint64_t seed = (uint64_t)scenario->seed;
    uint32_t replication = (uint32_t)scenario->replication;

    run->strategy = scenario->strategy;
    run->reaction_key = gb_key_make(seed, replication, GB_PURPOSE_REACTION);
    run->quote_key = gb_key_make(seed, replication, GB_PURPOSE_QUOTE);
    struct gb_traits_config config = {.tariff = scenario->market.tariff,
                                      .beta_is_drawn = scenario->beta_drawn != 0,
                                      .beta_low_millionths = scenario->beta_low_millionths,
                                      .beta_high_millionths = scenario->beta_high_millionths,
                                      .preference_solar = scenario->preference_solar,
                                      .preference_wind = scenario->preference_wind,
                                      .preference_storage = scenario->preference_storage};
    enum gb_status status = gb_traits_create(&run->traits, run->n, &config, seed, replication, err);
    if (status != GB_OK)
        return status;
    if (run->strategy->member.state_size > 0) {
        run->strategy_state = calloc(run->n, run->strategy->member.state_size);
        if (!run->strategy_state)
            return gb_fail(err, GB_ENOMEM, "no memory for the state of %zu agents", run->n);
    }
    if (run->strategy->init)
        run->strategy->init(scenario->strategy_config, run->traits, run->strategy_state, run->n);
    return GB_OK;
}

/* ---- the chain */

static void fill_rules(const struct gb_run *run, struct gb_contract_rules *rules)
{
    const struct gb_scenario *scenario = run->scenario;

    *rules =
        (struct gb_contract_rules){.market = scenario->market,
                                   .settlement = scenario->settlement_rule,
                                   .unmatched = scenario->unmatched_rule,
                                   .signatures_required = (uint32_t)scenario->signatures_required,
                                   .imbalance_short = scenario->imbalance_short,
                                   .imbalance_long = scenario->imbalance_long,
                                   .min_quantity = scenario->min_quantity,
                                   .first_start_ns = 0,
                                   .slot_ns = run->slot_ns,
                                   .open_ns = scenario->open_ns,
                                   .gate_ns = scenario->gate_ns,
                                   .deadline_ns = scenario->deadline_ns};
    rules->market.has_band = 1;
}

static enum gb_status fill_genesis(struct gb_run *run, struct gb_error *err)
{
    const struct gb_scenario *scenario = run->scenario;
    struct gb_genesis *genesis = &run->genesis;

    genesis->format = 1;
    strcpy(genesis->chain_name, "gridbourse");
    genesis->flow = (uint32_t)scenario->flow;
    genesis->leader_period = (uint32_t)scenario->leader_period;
    genesis->crypto = (uint32_t)gb_keyring_crypto(run->ring);
    genesis->max_transactions = (uint32_t)scenario->block_max_transactions;
    genesis->max_bytes = BLOCK_BYTES;
    genesis->n_validators = run->n_nodes;
    genesis->validators = calloc(run->n_nodes, sizeof *genesis->validators);
    genesis->weights = calloc(run->n_nodes, sizeof *genesis->weights);
    genesis->concentrators = calloc(run->n_concentrators + 1, sizeof *genesis->concentrators);
    genesis->users = calloc(run->n, sizeof *genesis->users);
    if (!genesis->validators || !genesis->weights || !genesis->concentrators || !genesis->users)
        return gb_fail(err, GB_ENOMEM, "no memory for the genesis");
    for (uint32_t i = 0; i < run->n_nodes; i++) {
        genesis->validators[i] = gb_keyring_public(run->ring, GB_PARTY(GB_ROLE_VALIDATOR, i));
        genesis->weights[i] = 1;
    }
    genesis->n_concentrators = run->n_concentrators;
    for (uint32_t i = 0; i < run->n_concentrators; i++)
        genesis->concentrators[i] = gb_keyring_public(run->ring, GB_PARTY(GB_ROLE_CONCENTRATOR, i));
    genesis->supervisor = gb_keyring_public(run->ring, GB_PARTY(GB_ROLE_SUPERVISOR, 0));
    genesis->operator_ = gb_keyring_public(run->ring, GB_PARTY(GB_ROLE_OPERATOR, 0));
    fill_rules(run, &genesis->rules);
    genesis->n_users = run->n;
    for (uint32_t i = 0; i < run->n; i++) {
        genesis->users[i].key = gb_keyring_public(run->ring, GB_PARTY(GB_ROLE_METER, i));
        genesis->users[i].balance = scenario->balance;
        genesis->users[i].concentrator =
            run->concentrator_size ? i / (uint32_t)run->concentrator_size : GB_NO_CONCENTRATOR;
    }
    return GB_OK;
}

static enum gb_status create_chain(struct gb_run *run, struct gb_error *err)
{
    const struct gb_scenario *scenario = run->scenario;
    bool is_ideal = scenario->protocol == &gb_protocol_ideal;
    struct gb_chain_observer observer = {run, gb_run_on_stable, gb_run_on_finished,
                                         gb_run_on_given_up};

    run->protocol = scenario->protocol;
    run->n_nodes = is_ideal ? 1 : (uint32_t)scenario->n_nodes;
    /* the ideal protocol has one entry for all, which keeps the order of sending */
    run->concentrator_size = is_ideal ? run->n : (size_t)scenario->concentrator;
    run->n_concentrators = run->concentrator_size ? (run->n - 1) / run->concentrator_size + 1 : 0;
    run->node_height = calloc(run->n_nodes, sizeof *run->node_height);
    run->concentrator_nonces = calloc(run->n_concentrators + 1, sizeof *run->concentrator_nonces);
    if (!run->node_height || !run->concentrator_nonces)
        return gb_fail(err, GB_ENOMEM, "no memory for the chain");
    enum gb_crypto crypto = is_ideal ? GB_CRYPTO_NONE : (enum gb_crypto)scenario->crypto;
    enum gb_status status = gb_keyring_create(
        &run->ring, crypto,
        gb_key_make((uint64_t)scenario->seed, (uint32_t)scenario->replication, GB_PURPOSE_KEY),
        run->n, run->n_nodes, run->n_concentrators, err);
    if (status == GB_OK)
        status = fill_genesis(run, err);
    if (status == GB_OK && !is_ideal)
        status = gb_genesis_seal(&run->genesis, run->ring, &run->chain_id, err);
    if (status == GB_OK && run->options->ledger_path) {
        if (!run->protocol->keeps_ledger)
            return gb_fail(err, GB_ECONFIG,
                           "the protocol '%s' keeps no ledger; use chain.protocol: pbft",
                           run->protocol->member.name);
        status = gb_ledger_writer_open(&run->ledger, run->options->ledger_path, &run->genesis, err);
    }
    run->network = gb_network_make(scenario->link, scenario->client, (uint64_t)scenario->seed,
                                   (uint32_t)scenario->replication);
    struct gb_chain_config config = {.network = &run->network,
                                     .min_seal_ns = scenario->block_min_seal_ns,
                                     .pool_limit = (uint32_t)scenario->pool_limit,
                                     .chain_id = run->chain_id,
                                     .start_ns = opening_ns(run, 0) - GB_CLOCK_LEAD_NS,
                                     .seed = (uint64_t)scenario->seed,
                                     .replication = (uint32_t)scenario->replication,
                                     .wrong_executor = GB_NO_NODE};
    if (status == GB_OK)
        status = run->protocol->create(&run->chain, run->queue, &config, &run->genesis, run->ring,
                                       run->ledger, &observer, err);
    if (is_ideal)
        gb_genesis_clear(&run->genesis); /* nobody signs: there are no keys to look up */
    return status;
}

/* ---- life */

void gb_run_free(struct gb_run *run)
{
    if (!run)
        return;
    gb_run_free_outbox(run);
    if (run->chain)
        run->protocol->free(run->chain);
    gb_ledger_writer_abandon(run->ledger);
    gb_genesis_clear(&run->genesis);
    gb_keyring_free(run->ring);
    gb_run_free_live(run);
    if (run->physics)
        run->provider->free(run->physics);
    gb_meters_free(run->meters);
    gb_meters_free(run->baseline);
    gb_meters_free(run->foresight);
    gb_fleet_free(run->fleet);
    gb_slot_energy_free(run->last_energy);
    gb_traits_free(run->traits);
    void *const arrays[] = {
        run->own_discharge_wh, run->strategy_state, run->nonces, run->concentrator_nonces,
        run->registers,        run->node_height,    run->users,  run->refused};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        free(arrays[i]);
    gb_histogram_free(run->prices);
    gb_histogram_free(run->latencies);
    gb_record_free(run->record);
    gb_queue_free(run->queue);
    free(run);
}

static enum gb_status create_books(struct gb_run *run, struct gb_error *err)
{
    enum gb_status status = gb_record_create(
        &run->record, run->options->trial, (enum gb_output_level)run->scenario->output_level, err);

    if (status == GB_OK)
        status = gb_histogram_create(&run->prices, err);
    if (status == GB_OK)
        status = gb_histogram_create(&run->latencies, err);
    if (status != GB_OK)
        return status;
    gb_tally_init(&run->block_intervals);
    run->last_sealed_ns = INT64_MIN;
    run->users = calloc(run->n, sizeof *run->users);
    run->nonces = calloc(run->n, sizeof *run->nonces);
    run->registers = calloc(run->n, sizeof *run->registers);
    if (!run->users || !run->nonces || !run->registers)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu users", run->n);
    return GB_OK;
}

enum gb_status gb_run_create(struct gb_run **out, const struct gb_scenario *scenario,
                             const struct gb_run_options *options, struct gb_error *err)
{
    struct gb_run *run = calloc(1, sizeof *run);
    enum gb_status status = GB_ENOMEM;

    if (!run)
        return gb_fail(err, GB_ENOMEM, "no memory for the run");
    *out = run; /* freed by the caller, complete or not */
    run->scenario = scenario;
    run->options = options;
    run->n = (size_t)scenario->physics.fleet.n_meters;
    run->slot_ns = scenario->physics.weather.slot_ns;
    run->n_slots = gb_scenario_n_slots(scenario);
    run->queue = gb_queue_create(err);
    if (run->queue)
        status = create_books(run, err);
    if (status == GB_OK)
        status = create_assets(run, err);
    if (status == GB_OK)
        status = create_agents(run, err);
    if (status == GB_OK)
        status = create_chain(run, err);
    return status;
}

static void watch(struct gb_run *run)
{
    gb_run_show_progress(run);
    gb_run_refuse_livelock(run);
}

/* Runs events until none is left or something failed. */
static enum gb_status drain(struct gb_run *run, struct gb_error *err)
{
    for (uint64_t n = 1; !gb_run_has_failed(run) && gb_queue_step(run->queue); n++)
        if (n % WATCH_EVENTS == 0 && !gb_run_has_failed(run))
            watch(run);
    if (gb_run_has_failed(run))
        return gb_fail(err, run->error.status, "%s", run->error.text);
    if (gb_queue_failed(run->queue))
        return gb_fail(err, GB_ENOMEM, "no memory for an event");
    return run->protocol->failure(run->chain, err);
}

/* Intervals some of whose bills never came as such (a reading that was lost) close at the end. */
static void close_remaining(struct gb_run *run)
{
    struct live_interval *oldest;

    while (!gb_run_has_failed(run) && (oldest = gb_run_oldest(run))) {
        gb_run_close_account(run, oldest);
        gb_run_retire(oldest);
    }
}

/* The ledger and the head that it ends with. */
static enum gb_status hand_out_chain(struct gb_run *run, struct gb_error *err)
{
    const struct gb_run_options *options = run->options;
    enum gb_status status = GB_OK;

    if (options->head)
        *options->head = run->head;
    if (!run->ledger)
        return GB_OK;
    if (!gb_hash_is_equal(gb_ledger_writer_head(run->ledger), &run->head))
        return gb_fail(err, GB_EBROKEN, "the ledger ends with another block than the run");
    status = gb_ledger_writer_seal(run->ledger, run->ring, err);
    if (status != GB_OK)
        return status;
    if (options->ledger)
        *options->ledger = run->ledger;
    else
        status = gb_ledger_writer_publish(run->ledger, err);
    run->ledger = NULL;
    return status;
}

enum gb_status gb_run_play(struct gb_run *run, struct gb_error *err)
{
    gb_run_schedule(run);
    enum gb_status status = drain(run, err);
    if (status == GB_OK) {
        for (size_t n, n_before = SIZE_MAX; status == GB_OK; n_before = n) {
            n = gb_run_flush(run); /* again: a slow chain may lose some */
            status = drain(run, err);
            if (n == 0 || n >= n_before)
                break;
        }
    }
    if (status == GB_OK && run->protocol->n_pending(run->chain) > 0)
        status = gb_fail(err, GB_EBROKEN, "%zu transactions never became stable",
                         run->protocol->n_pending(run->chain));
    if (status != GB_OK)
        return status;
    close_remaining(run);
    return gb_run_summarise(run, err);
}

enum gb_status gb_run_trial(const struct gb_scenario *scenario,
                            const struct gb_run_options *options, struct gb_record **out,
                            struct gb_error *err)
{
    struct gb_run *run = NULL;
    enum gb_status status = gb_run_create(&run, scenario, options, err);

    if (status == GB_OK)
        status = gb_run_play(run, err);
    if (status == GB_OK)
        status = gb_run_check_invariants(run, err);
    if (status == GB_OK)
        status = hand_out_chain(run, err);
    if (status == GB_OK) {
        *out = run->record;
        run->record = NULL;
    }
    gb_run_free(run);
    return status;
}
