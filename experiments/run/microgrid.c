#include "experiments/run/microgrid.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/run/microgrid_priv.h"
#include "models/agents/traits.h"

#define BLOCK_BYTES (UINT64_C(1) << 30)         /* of transactions: a thousand full bundles fit */

/* ---- nature and assets */

/* From the slot under way to the one opened last. A slot is delivered before an interval opens
 * at the same instant, and who quotes late, after such an opening, has read the slot just
 * delivered: nobody looks further back. */
static size_t window_slots(const struct gb_scenario *scenario)
{
    int64_t slot = scenario->physics.slot_ns;

    return (size_t)((scenario->open_ns + slot - 1) / slot) + 1;
}

static enum gb_status create_assets(struct microgrid *grid, struct gb_error *err)
{
    const struct gb_scenario *scenario = grid->scenario;
    const struct gb_physics_config *config = &scenario->physics;
    uint64_t seed = (uint64_t)scenario->seed;
    uint32_t replication = (uint32_t)scenario->replication;

    if (scenario->delivery == GB_DELIVERY_DECLARED)
        return GB_OK;
    enum gb_status status = gb_fleet_create(&grid->fleet, config, seed, replication, err);
    if (status == GB_OK) {
        grid->provider = &gb_physics_modelled;
        status = grid->provider->create(&grid->physics, config, grid->fleet,
                                        window_slots(scenario), seed, replication, err);
    }
    if (status == GB_OK)
        status = gb_meters_create(&grid->meters, config, grid->fleet,
                                  (enum gb_storage_controller)scenario->storage_controller, err);
    if (status == GB_OK)
        status = gb_meters_create(&grid->baseline, config, grid->fleet, GB_STORAGE_GREEDY, err);
    grid->oracle_is_baseline = scenario->storage_controller == GB_STORAGE_GREEDY;
    if (status == GB_OK && !grid->oracle_is_baseline && config->forecast == GB_FORECAST_PERFECT)
        status = gb_meters_create(&grid->oracle, config, grid->fleet,
                                  (enum gb_storage_controller)scenario->storage_controller, err);
    if (status != GB_OK)
        return status;
    grid->has_storage = grid->fleet->batteries.n > 0;
    grid->own_discharge_wh = calloc(grid->fleet->batteries.n + 1, sizeof *grid->own_discharge_wh);
    if (!grid->own_discharge_wh)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu batteries", grid->fleet->batteries.n);
    return GB_OK;
}

static enum gb_status create_agents(struct microgrid *grid, struct gb_error *err)
{
    const struct gb_scenario *scenario = grid->scenario;
    uint64_t seed = (uint64_t)scenario->seed;
    uint32_t replication = (uint32_t)scenario->replication;

    grid->strategy = gb_strategies[scenario->strategy];
    grid->reaction_key = gb_key_make(seed, replication, GB_PURPOSE_REACTION);
    grid->quote_key = gb_key_make(seed, replication, GB_PURPOSE_QUOTE);
    grid->client_key = gb_key_make(seed, replication, GB_PURPOSE_CLIENT_DELAY);
    struct gb_traits_config config = {
        .tariff = scenario->market.tariff,
        .beta_is_drawn = scenario->beta_drawn != 0,
        .beta_low_millionths = scenario->beta_low_millionths,
        .beta_high_millionths = scenario->beta_high_millionths,
        .preference_solar = scenario->preference_solar,
        .preference_wind = scenario->preference_wind,
        .preference_storage = scenario->preference_storage};
    enum gb_status status = gb_traits_create(&grid->traits, grid->n, &config, seed, replication,
                                             err);
    if (status != GB_OK)
        return status;
    if (grid->strategy->state_size > 0) {
        grid->strategy_state = calloc(grid->n, grid->strategy->state_size);
        if (!grid->strategy_state)
            return gb_fail(err, GB_ENOMEM, "no memory for the state of %zu agents", grid->n);
    }
    if (grid->strategy->init)
        grid->strategy->init(scenario->strategy_config, grid->traits, grid->strategy_state,
                             grid->n);
    return GB_OK;
}

/* ---- the chain */

static void fill_rules(const struct microgrid *grid, struct gb_world_rules *rules)
{
    const struct gb_scenario *scenario = grid->scenario;

    *rules = (struct gb_world_rules){
        .market = scenario->market,
        .settlement = scenario->settlement_rule,
        .unmatched = scenario->unmatched_rule,
        .signatures_required = (uint32_t)scenario->signatures_required,
        .imbalance_short = scenario->imbalance_short,
        .imbalance_long = scenario->imbalance_long,
        .min_quantity = scenario->min_quantity,
        .first_start_ns = 0,
        .slot_ns = grid->slot_ns,
        .open_ns = scenario->open_ns,
        .gate_ns = scenario->gate_ns,
        .deadline_ns = scenario->deadline_ns};
    rules->market.has_band = 1;
}

static enum gb_status fill_genesis(struct microgrid *grid, struct gb_error *err)
{
    const struct gb_scenario *scenario = grid->scenario;
    struct gb_genesis *genesis = &grid->genesis;

    genesis->format = 1;
    strcpy(genesis->chain_name, "gridbourse");
    genesis->flow = (uint32_t)scenario->flow;
    genesis->leader_period = (uint32_t)scenario->leader_period;
    genesis->crypto = (uint32_t)gb_keyring_crypto(grid->ring);
    genesis->max_transactions = (uint32_t)scenario->block_max_transactions;
    genesis->max_bytes = BLOCK_BYTES;
    genesis->n_validators = grid->n_nodes;
    genesis->validators = calloc(grid->n_nodes, sizeof *genesis->validators);
    genesis->weights = calloc(grid->n_nodes, sizeof *genesis->weights);
    genesis->concentrators = calloc(grid->n_concentrators + 1, sizeof *genesis->concentrators);
    genesis->users = calloc(grid->n, sizeof *genesis->users);
    if (!genesis->validators || !genesis->weights || !genesis->concentrators || !genesis->users)
        return gb_fail(err, GB_ENOMEM, "no memory for the genesis");
    for (uint32_t i = 0; i < grid->n_nodes; i++) {
        genesis->validators[i] = gb_keyring_public(grid->ring, GB_PARTY(GB_ROLE_VALIDATOR, i));
        genesis->weights[i] = 1;
    }
    genesis->n_concentrators = grid->n_concentrators;
    for (uint32_t i = 0; i < grid->n_concentrators; i++)
        genesis->concentrators[i] =
            gb_keyring_public(grid->ring, GB_PARTY(GB_ROLE_CONCENTRATOR, i));
    genesis->supervisor = gb_keyring_public(grid->ring, GB_PARTY(GB_ROLE_SUPERVISOR, 0));
    genesis->operator_ = gb_keyring_public(grid->ring, GB_PARTY(GB_ROLE_OPERATOR, 0));
    fill_rules(grid, &genesis->rules);
    genesis->n_users = grid->n;
    for (uint32_t i = 0; i < grid->n; i++) {
        genesis->users[i].key = gb_keyring_public(grid->ring, GB_PARTY(GB_ROLE_METER, i));
        genesis->users[i].balance = scenario->balance;
        genesis->users[i].concentrator = grid->concentrator_size
                                             ? i / (uint32_t)grid->concentrator_size
                                             : GB_NO_CONCENTRATOR;
    }
    return GB_OK;
}

static enum gb_status create_chain(struct microgrid *grid, struct gb_error *err)
{
    const struct gb_scenario *scenario = grid->scenario;
    bool is_ideal = scenario->protocol == GB_PROTOCOL_IDEAL;
    struct gb_chain_observer observer = {grid, gb_grid_on_stable, gb_grid_on_finished,
                                         gb_grid_on_given_up};

    grid->protocol = gb_protocols[scenario->protocol];
    grid->n_nodes = is_ideal ? 1 : (uint32_t)scenario->n_nodes;
    /* the ideal protocol has one door for all, which keeps the order of sending */
    grid->concentrator_size = is_ideal ? grid->n : (size_t)scenario->concentrator;
    grid->n_concentrators =
        grid->concentrator_size ? (grid->n - 1) / grid->concentrator_size + 1 : 0;
    grid->node_height = calloc(grid->n_nodes, sizeof *grid->node_height);
    grid->concentrator_nonces = calloc(grid->n_concentrators + 1,
                                       sizeof *grid->concentrator_nonces);
    if (!grid->node_height || !grid->concentrator_nonces)
        return gb_fail(err, GB_ENOMEM, "no memory for the chain");
    enum gb_crypto crypto = is_ideal ? GB_CRYPTO_NONE : (enum gb_crypto)scenario->crypto;
    enum gb_status status = gb_keyring_create(
        &grid->ring, crypto,
        gb_key_make((uint64_t)scenario->seed, (uint32_t)scenario->replication, GB_PURPOSE_KEY),
        grid->n, grid->n_nodes, grid->n_concentrators, err);
    if (status == GB_OK)
        status = fill_genesis(grid, err);
    if (status == GB_OK && !is_ideal)
        status = gb_genesis_seal(&grid->genesis, grid->ring, &grid->chain_id, err);
    if (status == GB_OK && grid->options->ledger_path) {
        if (!grid->protocol->keeps_ledger)
            return gb_fail(err, GB_ECONFIG,
                           "the protocol '%s' keeps no ledger; use chain.protocol: pbft",
                           grid->protocol->name);
        status = gb_ledger_writer_open(&grid->ledger, grid->options->ledger_path, &grid->genesis,
                                       err);
    }
    struct gb_chain_config config = {
        .n_nodes = grid->n_nodes,
        .flow = (enum gb_flow)scenario->flow,
        .leader_period = (uint32_t)scenario->leader_period,
        .link = scenario->link,
        .client = scenario->client,
        .max_transactions = (uint32_t)scenario->block_max_transactions,
        .min_seal_ns = scenario->block_min_seal_ns,
        .pool_limit = (uint32_t)scenario->pool_limit,
        .chain_id = grid->chain_id,
        .start_ns = opening_ns(grid, 0) - GB_LEAD_OF_CLOCK_NS,
        .seed = (uint64_t)scenario->seed,
        .replication = (uint32_t)scenario->replication,
        .wrong_executor = GB_NO_NODE};
    if (status == GB_OK)
        status = grid->protocol->create(&grid->chain, grid->queue, &config, &grid->genesis,
                                        grid->ring, grid->ledger, &observer, err);
    if (is_ideal)
        gb_genesis_clear(&grid->genesis);       /* nobody signs: there are no keys to look up */
    return status;
}

/* ---- life */

void gb_grid_free(struct microgrid *grid)
{
    if (!grid)
        return;
    gb_grid_free_parcels(grid);
    if (grid->chain)
        grid->protocol->free(grid->chain);
    gb_ledger_writer_abandon(grid->ledger);
    gb_genesis_clear(&grid->genesis);
    gb_keyring_free(grid->ring);
    gb_grid_free_live(grid);
    if (grid->physics)
        grid->provider->free(grid->physics);
    gb_meters_free(grid->meters);
    gb_meters_free(grid->baseline);
    gb_meters_free(grid->oracle);
    gb_fleet_free(grid->fleet);
    gb_slot_energy_free(grid->last_energy);
    gb_traits_free(grid->traits);
    void *const arrays[] = {
        grid->own_discharge_wh, grid->strategy_state, grid->nonces, grid->concentrator_nonces, grid->registers, grid->node_height, grid->users, grid->refused};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        free(arrays[i]);
    gb_histogram_free(grid->prices);
    gb_histogram_free(grid->latencies);
    gb_record_free(grid->record);
    gb_queue_free(grid->queue);
    free(grid);
}

static enum gb_status create_books(struct microgrid *grid, struct gb_error *err)
{
    enum gb_status status = gb_record_create(&grid->record, grid->options->trial,
                                             (enum gb_output_level)grid->scenario->output_level,
                                             err);

    if (status == GB_OK)
        status = gb_histogram_create(&grid->prices, err);
    if (status == GB_OK)
        status = gb_histogram_create(&grid->latencies, err);
    if (status != GB_OK)
        return status;
    gb_tally_init(&grid->block_intervals);
    grid->last_sealed_ns = INT64_MIN;
    grid->users = calloc(grid->n, sizeof *grid->users);
    grid->nonces = calloc(grid->n, sizeof *grid->nonces);
    grid->registers = calloc(grid->n, sizeof *grid->registers);
    if (!grid->users || !grid->nonces || !grid->registers)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu users", grid->n);
    return GB_OK;
}

enum gb_status gb_grid_create(struct microgrid **out, const struct gb_scenario *scenario,
                              const struct gb_run_options *options, struct gb_error *err)
{
    struct microgrid *grid = calloc(1, sizeof *grid);
    enum gb_status status = GB_ENOMEM;

    if (!grid)
        return gb_fail(err, GB_ENOMEM, "no memory for the run");
    *out = grid;                        /* freed by the caller, complete or not */
    grid->scenario = scenario;
    grid->options = options;
    grid->n = (size_t)scenario->physics.n_meters;
    grid->slot_ns = scenario->physics.slot_ns;
    grid->n_slots = gb_scenario_n_slots(scenario);
    grid->queue = gb_queue_create(err);
    if (grid->queue)
        status = create_books(grid, err);
    if (status == GB_OK)
        status = create_assets(grid, err);
    if (status == GB_OK)
        status = create_agents(grid, err);
    if (status == GB_OK)
        status = create_chain(grid, err);
    return status;
}

/* Runs events until none is left or something failed. */
static enum gb_status drain(struct microgrid *grid, struct gb_error *err)
{
    while (!gb_grid_has_failed(grid) && gb_queue_step(grid->queue))
        ;
    if (gb_grid_has_failed(grid))
        return gb_fail(err, grid->error.status, "%s", grid->error.text);
    if (gb_queue_failed(grid->queue))
        return gb_fail(err, GB_ENOMEM, "no memory for an event");
    return grid->protocol->failure(grid->chain, err);
}

/* Intervals some of whose bills never came as such (a reading that was lost) close at the end. */
static void close_remaining(struct microgrid *grid)
{
    struct live_interval *oldest;

    while (!gb_grid_has_failed(grid) && (oldest = gb_grid_oldest(grid))) {
        gb_grid_close_account(grid, oldest);
        gb_grid_retire(oldest);
    }
}

/* The ledger and the head that it ends with. */
static enum gb_status hand_out_chain(struct microgrid *grid, struct gb_error *err)
{
    const struct gb_run_options *options = grid->options;
    enum gb_status status = GB_OK;

    if (options->head)
        *options->head = grid->head;
    if (!grid->ledger)
        return GB_OK;
    if (!gb_hash_is_equal(gb_ledger_writer_head(grid->ledger), &grid->head))
        return gb_fail(err, GB_EBROKEN, "the ledger ends with another block than the run");
    status = gb_ledger_writer_seal(grid->ledger, grid->ring, err);
    if (status != GB_OK)
        return status;
    if (options->ledger)
        *options->ledger = grid->ledger;
    else
        status = gb_ledger_writer_publish(grid->ledger, err);
    grid->ledger = NULL;
    return status;
}

enum gb_status gb_grid_play(struct microgrid *grid, struct gb_error *err)
{
    gb_grid_schedule(grid);
    enum gb_status status = drain(grid, err);
    if (status == GB_OK) {
        for (size_t n, n_before = SIZE_MAX; status == GB_OK; n_before = n) {
            n = gb_grid_flush(grid);    /* again: a slow chain may lose some */
            status = drain(grid, err);
            if (n == 0 || n >= n_before)
                break;
        }
    }
    if (status == GB_OK && grid->protocol->n_pending(grid->chain) > 0)
        status = gb_fail(err, GB_EBROKEN, "%zu transactions never became stable",
                         grid->protocol->n_pending(grid->chain));
    if (status != GB_OK)
        return status;
    close_remaining(grid);
    return gb_grid_summarise(grid, err);
}

enum gb_status gb_microgrid_run(const struct gb_scenario *scenario,
                                const struct gb_run_options *options, struct gb_record **out,
                                struct gb_error *err)
{
    struct microgrid *grid = NULL;
    enum gb_status status = gb_grid_create(&grid, scenario, options, err);

    if (status == GB_OK)
        status = gb_grid_play(grid, err);
    if (status == GB_OK)
        status = gb_grid_check_identities(grid, err);
    if (status == GB_OK)
        status = hand_out_chain(grid, err);
    if (status == GB_OK) {
        *out = grid->record;
        grid->record = NULL;
    }
    gb_grid_free(grid);
    return status;
}
