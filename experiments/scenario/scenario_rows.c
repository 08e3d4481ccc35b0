/* The table of a scenario: the core rows, and where those of physics, market and strategies go. */
#include "experiments/scenario/scenario_priv.h"

#include <stdio.h>
#include <string.h>

#include "chain/node/chain.h"

#define AT(field) offsetof(struct gb_scenario, field)
#define SECONDS_A_DAY 86400.0

static const char *const delivery_names[] = {"modelled", "declared", NULL};
static const char *const controller_names[] = {"greedy", "none", NULL};
static const char *const beta_names[] = {"market", "drawn", NULL};
static const char *const settlement_names[] = {"firm", "delivered", NULL};
static const char *const unmatched_names[] = {"metered", "scheduled", NULL};
static const char *const crypto_names[] = {"real", "modelled", NULL};
static const char *const level_names[] = {"summary", "market", "meters", NULL};
static const char *const retail_word[] = {"retail", NULL};
static const char *const feed_in_word[] = {"feed_in", NULL};
static const char *const concentrator_words[] = {"auto", "none", NULL};

static const struct gb_param run_rows[] = {
    {"format", GB_PARAM_INTEGER, AT(format), "1", 1, 1, NULL, NULL, GB_LAYER_OUTPUT,
     "Format of this file."},
    {"seed", GB_PARAM_INTEGER, AT(seed), "1", 0, (double)GB_SEED_MAX, NULL, NULL, GB_LAYER_PHYSICS,
     "Seed of every random draw; one scenario and one seed give one result. Up to 2^53, which every "
     "tool that reads results holds exactly."},
    {"replication", GB_PARAM_INTEGER, AT(replication), "0", 0, 4294967295.0, NULL, NULL,
     GB_LAYER_PHYSICS, "Which of the independent repetitions under this seed is run."},
    {"days", GB_PARAM_INTEGER, AT(days), "1", 1, 36500, "d", NULL, GB_LAYER_PHYSICS,
     "Length of the run."},
    {"slots", GB_PARAM_INTEGER, AT(slots), "0", 0, 10000000, "1", NULL, GB_LAYER_PHYSICS,
     "Length of the run in slots instead of days; 0: days counts."},
    {0},
};

static const struct gb_param meter_rows[] = {
    {"meters.delivery", GB_PARAM_CHOICE, AT(delivery), "modelled", 0, 0, NULL, delivery_names,
     GB_LAYER_PHYSICS,
     "What meters deliver: what the models say, or exactly what orders.file declares."},
    {"storage.controller", GB_PARAM_CHOICE, AT(storage_controller), "greedy", 0, 0, NULL,
     controller_names, GB_LAYER_AGENTS,
     "How batteries are run: greedy self-consumption, or not at all; in the grid-only baseline they "
     "are always greedy."},
    {"orders.file", GB_PARAM_TEXT, AT(orders_file), "", 0, 0, NULL, NULL, GB_LAYER_AGENTS,
     "CSV table of orders (columns of BOOK.csv and slot) that are sent instead of agents' bids; "
     "relative to the scenario's folder."},
    {"orders.inline", GB_PARAM_TEXT, AT(orders_text), "", 0, 0, NULL, NULL, GB_LAYER_AGENTS,
     "The same table as a block of text in the scenario itself."},
    {0},
};

static const struct gb_param agent_rows[] = {
    {"agents.strategy", GB_PARAM_CHOICE, AT(strategy), "paper_beta", 0, 0, NULL, gb_strategy_names,
     GB_LAYER_AGENTS, "How agents turn their reserve price into a quote."},
    {"agents.balance", GB_PARAM_MONEY, AT(balance), "1000", 0, 1e9, "currency", NULL,
     GB_LAYER_AGENTS, "What each agent has to pay trades from; grid bills go to another account."},
    {"agents.reaction", GB_PARAM_DELAY, AT(reaction), "exponential 20 s", 0, 0, NULL, NULL,
     GB_LAYER_AGENTS, "Time from the opening of an interval until an agent sends its order."},
    {"agents.beta", GB_PARAM_CHOICE, AT(beta_drawn), "market", 0, 0, NULL, beta_names,
     GB_LAYER_AGENTS,
     "Whose re-quote factor orders carry: the market's, or one drawn for each agent."},
    {"agents.beta_low", GB_PARAM_MILLIONTHS, AT(beta_low_millionths), "0", 0, 1, "1", NULL,
     GB_LAYER_AGENTS, "Least re-quote factor drawn; for agents.beta: drawn."},
    {"agents.beta_high", GB_PARAM_MILLIONTHS, AT(beta_high_millionths), "1", 0, 1, "1", NULL,
     GB_LAYER_AGENTS, "Greatest re-quote factor drawn; for agents.beta: drawn."},
    {"agents.source_preference.solar", GB_PARAM_NUMBER, AT(preference_solar), "0", 0, 1, "1", NULL,
     GB_LAYER_AGENTS,
     "Share of buyers who ask for solar energy; the rest of all shares asks for any."},
    {"agents.source_preference.wind", GB_PARAM_NUMBER, AT(preference_wind), "0", 0, 1, "1", NULL,
     GB_LAYER_AGENTS, "Share of buyers who ask for wind energy."},
    {"agents.source_preference.storage", GB_PARAM_NUMBER, AT(preference_storage), "0", 0, 1, "1",
     NULL, GB_LAYER_AGENTS, "Share of buyers who ask for energy from storage."},
    {0},
};

static const struct gb_param gate_rows[] = {
    {"market.min_quantity", GB_PARAM_ENERGY, AT(min_quantity), "1", 1, 1e9, "Wh", NULL,
     GB_LAYER_MARKET, "Smallest order; a meter with less than this either way sends nothing."},
    {"market.capacity", GB_PARAM_INTEGER, AT(capacity_wh), "0", 0, 1e12, "Wh", NULL,
     GB_LAYER_MARKET, "Largest order; 0: unlimited."},
    {"market.open", GB_PARAM_DURATION, AT(open_ns), "15 min", 0.001, SECONDS_A_DAY, NULL, NULL,
     GB_LAYER_MARKET, "Orders for an interval are taken from this long before its start."},
    {"market.gate", GB_PARAM_DURATION, AT(gate_ns), "5 min", 0, SECONDS_A_DAY, NULL, NULL,
     GB_LAYER_MARKET, "Until this long before its start, when the operator closes the gate."},
    {0},
};

static const struct gb_param settlement_rows[] = {
    {"settlement.rule", GB_PARAM_CHOICE, AT(settlement_rule), "firm", 0, 0, NULL, settlement_names,
     GB_LAYER_MARKET,
     "Firm: traded energy is paid in full, and what a party missed of it settles at the imbalance "
     "prices; delivered: a trade executes as far as both its meters show it, and there is no "
     "imbalance."},
    {"settlement.unmatched", GB_PARAM_CHOICE, AT(unmatched_rule), "metered", 0, 0, NULL,
     unmatched_names, GB_LAYER_MARKET,
     "The part of an order that found no match: metered at the tariff, as without a market, or "
     "scheduled with the grid, so that whatever deviates from it is imbalance as well."},
    {"settlement.required", GB_PARAM_INTEGER, AT(signatures_required), "3", 1, 3, "1", NULL,
     GB_LAYER_CHAIN,
     "Signatures a trade needs of the three of seller's meter, buyer's meter and operator."},
    {"settlement.deadline", GB_PARAM_DURATION, AT(deadline_ns), "15 min", 0.001, SECONDS_A_DAY,
     NULL, NULL, GB_LAYER_MARKET,
     "Readings of an interval are taken until this long after its end."},
    {"imbalance.short", GB_PARAM_PRICE, AT(imbalance_short_asked), "retail", 0, 1000,
     "currency/kWh", retail_word, GB_LAYER_MARKET,
     "Price of energy sold and not delivered, or taken beyond the schedule."},
    {"imbalance.long", GB_PARAM_PRICE, AT(imbalance_long_asked), "feed_in", 0, 1000, "currency/kWh",
     feed_in_word, GB_LAYER_MARKET,
     "Price of energy bought and not taken, or given beyond the schedule."},
    {0},
};

static const struct gb_param chain_rows[] = {
    {"chain.protocol", GB_PARAM_CHOICE, AT(protocol), "pbft", 0, 0, NULL, gb_protocol_names,
     GB_LAYER_CHAIN, "How validators agree: message by message, or at once and without fail."},
    {"chain.flow", GB_PARAM_CHOICE, AT(flow), "fisco3", 0, 0, NULL, gb_flow_names, GB_LAYER_CHAIN,
     "Flow of PBFT: Castro and Liskov's, FISCO BCOS 2, or FISCO BCOS 3 with checkpoints."},
    {"chain.nodes", GB_PARAM_INTEGER, AT(n_nodes), "4", 1, 1024, "1", NULL, GB_LAYER_CHAIN,
     "Number of validators."},
    {"chain.leader_period", GB_PARAM_INTEGER, AT(leader_period), "1", 1, 1000000, "1", NULL,
     GB_LAYER_CHAIN, "Blocks in a row that one leader proposes."},
    {"chain.delay", GB_PARAM_DELAY, AT(link), "exponential 20 ms", 0, 0, NULL, NULL, GB_LAYER_CHAIN,
     "Delay of a message between two validators."},
    {"chain.client_delay", GB_PARAM_DELAY, AT(client), "exponential 20 ms", 0, 0, NULL, NULL,
     GB_LAYER_CHAIN, "Delay of a message from a meter to its entry node."},
    {"chain.block.max_transactions", GB_PARAM_INTEGER, AT(block_max_transactions), "1000", 1,
     1000000, "1", NULL, GB_LAYER_CHAIN, "So many waiting transactions are sealed at once."},
    {"chain.block.min_seal", GB_PARAM_DURATION, AT(block_min_seal_ns), "500 ms", 0, 3600, NULL,
     NULL, GB_LAYER_CHAIN, "Fewer are sealed this long after the leader's turn began."},
    {"chain.pool_limit", GB_PARAM_INTEGER, AT(pool_limit), "15000", 1, 1e9, "1", NULL,
     GB_LAYER_CHAIN,
     "Transactions that may wait at a node; a full pool refuses (n_pool_refusals in "
     "/summary)."},
    {"chain.concentrator", GB_PARAM_INTEGER, AT(concentrator_asked), "auto", 1, 1000, "1",
     concentrator_words, GB_LAYER_CHAIN,
     "Meters whose orders and readings a concentrator bundles in one transaction; auto: none below "
     "1000 meters, 1000 from there on."},
    {"chain.crypto", GB_PARAM_CHOICE, AT(crypto), "modelled", 0, 0, NULL, crypto_names,
     GB_LAYER_CHAIN,
     "Real Ed25519 signatures, or modelled ones: same events, and a ledger nobody can verify."},
    {0},
};

static const struct gb_param output_rows[] = {
    {"output.level", GB_PARAM_CHOICE, AT(output_level), "market", 0, 0, NULL, level_names,
     GB_LAYER_OUTPUT,
     "What a result holds: one row a trial; slots, users, orders, trades and "
     "blocks as well; or also a row a meter and slot (350 bytes of memory, 15 on disk)."},
    {0},
};

/* ---- the tables in the order of the template; those of strategies follow agents */

static const struct part {
    const struct gb_param *rows; /* NULL: the strategies stand here */
    enum gb_row_owner owner;
} parts[] = {
    {run_rows, GB_OWNER_SCENARIO},   {gb_physics_params, GB_OWNER_PHYSICS},
    {meter_rows, GB_OWNER_SCENARIO}, {agent_rows, GB_OWNER_SCENARIO},
    {NULL, GB_OWNER_STRATEGY},       {gb_market_params, GB_OWNER_MARKET},
    {gate_rows, GB_OWNER_SCENARIO},  {settlement_rows, GB_OWNER_SCENARIO},
    {chain_rows, GB_OWNER_SCENARIO}, {output_rows, GB_OWNER_SCENARIO},
};
enum { N_PARTS = sizeof parts / sizeof parts[0] };

/* Walks one table: is row `number` in it, counted from `*first`? If not, *first moves behind it. */
static const struct gb_param *row_of(const struct gb_param *rows, size_t number, size_t *first)
{
    for (; rows && rows->key; rows++)
        if ((*first)++ == number)
            return rows;
    return NULL;
}

struct gb_scenario_key gb_scenario_key_at(size_t number)
{
    struct gb_scenario_key key = {.number = number};
    size_t first = 0;

    for (size_t i = 0; i < N_PARTS; i++) {
        key.owner = parts[i].owner;
        if (parts[i].rows && (key.row = row_of(parts[i].rows, number, &first)))
            return key;
        for (key.strategy = 0; !parts[i].rows && gb_strategies[key.strategy]; key.strategy++)
            if ((key.row = row_of(gb_strategies[key.strategy]->params, number, &first)))
                return key;
    }
    return key;
}

/* Looks for a name in one table; key->number counts the rows that were passed. */
static bool find_in(const struct gb_param *rows, const char *name, struct gb_scenario_key *key)
{
    for (; rows && rows->key; rows++, key->number++)
        if (strcmp(rows->key, name) == 0) {
            key->row = rows;
            return true;
        }
    return false;
}

static size_t length_of(const struct gb_param *rows)
{
    size_t n = 0;

    while (rows && rows[n].key)
        n++;
    return n;
}

struct gb_scenario_key gb_scenario_key_find(const char *name, int32_t strategy)
{
    struct gb_scenario_key key = {0}, other = {0};

    for (size_t i = 0; i < N_PARTS; i++) {
        key.owner = parts[i].owner;
        key.strategy = 0;
        if (find_in(parts[i].rows, name, &key))
            return key;
        for (; !parts[i].rows && gb_strategies[key.strategy]; key.strategy++) {
            const struct gb_param *rows = gb_strategies[key.strategy]->params;
            size_t first = key.number;
            if (find_in(rows, name, &key)) {
                if (key.strategy == strategy)
                    return key;
                other = key;
                key.row = NULL;
            }
            key.number = first + length_of(rows);
        }
    }
    return other;
}

size_t gb_scenario_n_rows(void)
{
    size_t n = 0;

    for (size_t i = 0; i < N_PARTS; i++) {
        n += length_of(parts[i].rows);
        for (size_t s = 0; !parts[i].rows && gb_strategies[s]; s++)
            n += length_of(gb_strategies[s]->params);
    }
    return n;
}

const struct gb_param *gb_scenario_row(size_t i)
{
    return gb_scenario_key_at(i).row;
}

void *gb_scenario_base(struct gb_scenario *scenario, const struct gb_scenario_key *key)
{
    switch (key->owner) {
    case GB_OWNER_SCENARIO: return scenario;
    case GB_OWNER_PHYSICS: return &scenario->physics;
    case GB_OWNER_MARKET: return &scenario->market;
    case GB_OWNER_STRATEGY: break;
    }
    return key->strategy == scenario->strategy ? scenario->strategy_config : NULL;
}

/* ---- which rows go together */

const char *gb_scenario_refusal(const struct gb_scenario *scenario,
                                const struct gb_scenario_key *key, char *why, size_t why_size)
{
    const char *name = key->row->key;
    const struct gb_mechanism *mechanism = gb_mechanisms[scenario->market.mechanism];

    if (key->owner == GB_OWNER_STRATEGY && key->strategy != scenario->strategy) {
        snprintf(why, why_size, "'%s' is an option of the strategy %s, and agents.strategy is %s",
                 name, gb_strategies[key->strategy]->name, gb_strategies[scenario->strategy]->name);
        return "agents.strategy";
    }
    if (!gb_mechanism_reads(mechanism, name)) {
        snprintf(why, why_size, "'%s' is no option of the mechanism %s", name, mechanism->name);
        return "market.mechanism";
    }
    if (scenario->settlement_rule == GB_SETTLE_DELIVERED &&
        (strcmp(name, "settlement.unmatched") == 0 || strncmp(name, "imbalance.", 10) == 0)) {
        snprintf(why, why_size,
                 "'%s' is for settlement.rule: firm; where trades execute as "
                 "delivered there is no imbalance",
                 name);
        return "settlement.rule";
    }
    if (!scenario->beta_drawn && strncmp(name, "agents.beta_", strlen("agents.beta_")) == 0) {
        snprintf(why, why_size, "'%s' is for agents.beta: drawn, and agents.beta is market", name);
        return "agents.beta";
    }
    return NULL;
}
