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
    {"agents.strategy", GB_PARAM_MEMBER, AT(strategy), "paper_beta", 0, 0, NULL, NULL,
     GB_LAYER_AGENTS, "How agents turn their reserve price into a quote.", &gb_strategy_family},
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
    {"settlement.rule", GB_PARAM_CHOICE, AT(settlement_rule), "firm", 0, 0, NULL,
     gb_settlement_rule_names, GB_LAYER_MARKET,
     "Firm: traded energy is paid in full, and what a party missed of it settles at the imbalance "
     "prices; delivered: a trade executes as far as both its meters show it, and there is no "
     "imbalance."},
    {"settlement.unmatched", GB_PARAM_CHOICE, AT(unmatched_rule), "metered", 0, 0, NULL,
     gb_unmatched_rule_names, GB_LAYER_MARKET,
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
    {"chain.protocol", GB_PARAM_MEMBER, AT(protocol), "pbft", 0, 0, NULL, NULL, GB_LAYER_CHAIN,
     "How validators agree: message by message, or at once and without fail.", &gb_protocol_family},
    {"chain.flow", GB_PARAM_MEMBER, AT(flow), "fisco3", 0, 0, NULL, NULL, GB_LAYER_CHAIN,
     "Flow of PBFT: Castro and Liskov's, FISCO BCOS 2, or FISCO BCOS 3 with checkpoints.",
     &gb_flow_family},
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
    {"chain.crypto", GB_PARAM_CHOICE, AT(crypto), "modelled", 0, 0, NULL, gb_crypto_names,
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

/* ---- the tables in the order of the template; a family's members follow what selects them */

static const struct part {
    const struct gb_param *rows; /* NULL: those of the members of the family stand here */
    enum gb_row_owner owner;
    const struct gb_family *family;
} parts[] = {
    {run_rows, GB_OWNER_SCENARIO, NULL},           {gb_physics_params, GB_OWNER_PHYSICS, NULL},
    {meter_rows, GB_OWNER_SCENARIO, NULL},         {agent_rows, GB_OWNER_SCENARIO, NULL},
    {NULL, GB_OWNER_MEMBER, &gb_strategy_family},  {gb_market_params, GB_OWNER_MARKET, NULL},
    {NULL, GB_OWNER_MEMBER, &gb_mechanism_family}, {gate_rows, GB_OWNER_SCENARIO, NULL},
    {settlement_rows, GB_OWNER_SCENARIO, NULL},    {chain_rows, GB_OWNER_SCENARIO, NULL},
    {output_rows, GB_OWNER_SCENARIO, NULL},
};
enum { N_PARTS = sizeof parts / sizeof parts[0] };

/* A walk over all tables: of every part, and in a part of members of every member. */
struct walk {
    const struct gb_extensions *extensions;
    size_t part, next_member, number; /* number: of the table's first row */
    const struct gb_param *rows;
    const struct gb_member *member;
};

static size_t length_of(const struct gb_param *rows)
{
    size_t n = 0;

    while (rows && rows[n].key)
        n++;
    return n;
}

/* Goes to the next table. returns false behind the last */
static bool next_table(struct walk *walk)
{
    bool is_first = !walk->rows && !walk->member && walk->part == 0;

    walk->number += length_of(walk->rows);
    if (!is_first && !walk->member)
        walk->part++;
    for (; walk->part < N_PARTS; walk->part++, walk->next_member = 0) {
        const struct part *part = &parts[walk->part];

        walk->rows = part->rows;
        walk->member = NULL;
        if (part->rows)
            return true;
        walk->member = gb_family_member(part->family, walk->extensions, walk->next_member++);
        if (walk->member) {
            walk->rows = walk->member->params;
            return true;
        }
    }
    return false;
}

static struct gb_scenario_key key_of(const struct walk *walk, size_t i)
{
    return (struct gb_scenario_key){.row = &walk->rows[i],
                                    .number = walk->number + i,
                                    .owner = parts[walk->part].owner,
                                    .family = parts[walk->part].family,
                                    .member = walk->member};
}

struct gb_scenario_key gb_scenario_key_at(const struct gb_extensions *extensions, size_t number)
{
    struct walk walk = {.extensions = extensions};

    while (next_table(&walk))
        if (number - walk.number < length_of(walk.rows))
            return key_of(&walk, number - walk.number);
    return (struct gb_scenario_key){.number = number};
}

const struct gb_member *gb_scenario_selected(const struct gb_scenario *scenario,
                                             const struct gb_family *family)
{
    if (family == &gb_mechanism_family)
        return scenario->market.mechanism ? &scenario->market.mechanism->member : NULL;
    return scenario->strategy ? &scenario->strategy->member : NULL;
}

struct gb_scenario_key gb_scenario_key_find(const struct gb_scenario *scenario, const char *name)
{
    struct walk walk = {.extensions = scenario->extensions};
    struct gb_scenario_key other = {0};

    while (next_table(&walk))
        for (size_t i = 0; walk.rows && walk.rows[i].key; i++) {
            if (strcmp(walk.rows[i].key, name) != 0)
                continue;
            struct gb_scenario_key key = key_of(&walk, i);
            if (!key.member || key.member == gb_scenario_selected(scenario, key.family))
                return key;
            other = key;
        }
    return other;
}

size_t gb_scenario_n_rows(const struct gb_extensions *extensions)
{
    struct walk walk = {.extensions = extensions};

    while (next_table(&walk))
        continue;
    return walk.number;
}

const struct gb_param *gb_scenario_row(const struct gb_extensions *extensions, size_t i)
{
    return gb_scenario_key_at(extensions, i).row;
}

void *gb_scenario_base(struct gb_scenario *scenario, const struct gb_scenario_key *key)
{
    switch (key->owner) {
    case GB_OWNER_SCENARIO: return scenario;
    case GB_OWNER_PHYSICS: return &scenario->physics;
    case GB_OWNER_MARKET: return &scenario->market;
    case GB_OWNER_MEMBER: break;
    }
    if (key->member != gb_scenario_selected(scenario, key->family))
        return NULL;
    return key->family == &gb_mechanism_family ? (void *)scenario->market.options
                                               : scenario->strategy_config;
}

/* ---- which rows go together */

const char *gb_scenario_refusal(const struct gb_scenario *scenario,
                                const struct gb_scenario_key *key, char *why, size_t why_size)
{
    const char *name = key->row->key;

    if (key->owner == GB_OWNER_MEMBER &&
        key->member != gb_scenario_selected(scenario, key->family)) {
        if (key->family == &gb_mechanism_family) {
            snprintf(why, why_size, "'%s' is no option of the mechanism %s", name,
                     scenario->market.mechanism->member.name);
            return "market.mechanism";
        }
        snprintf(why, why_size, "'%s' is an option of the strategy %s, and agents.strategy is %s",
                 name, key->member->name, scenario->strategy->member.name);
        return "agents.strategy";
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
