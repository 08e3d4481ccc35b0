/* Scenarios: what is refused and where, and what the defaults are. */
#include "experiments/scenario/scenario.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/quantity.h"
#include "chain/node/chain.h"
#include "models/market/two_round/options.h"
#include "tests/scenarios.h"
#include "tests/tap.h"
#include "tests/text_file.h"

#define PATH "test_scenario.tmp.yaml"
#define ORDERS "test_scenario.tmp.csv"

static struct gb_scenario *load(const char *text, char *said, size_t size)
{
    return scenario_of_text(PATH, text, said, size);
}

static struct gb_scenario *load_good(const char *text)
{
    char said[4096];
    struct gb_scenario *scenario = load(text, said, sizeof said);

    EXPECT_TEXT(said, "");
    return scenario;
}

static void expect_refusal(const char *text, const char *expected)
{
    char said[4096];
    struct gb_scenario *scenario = load(text, said, sizeof said);

    EXPECT(!scenario);
    EXPECT_TEXT(said, expected);
    gb_scenario_free(scenario);
}

/* ---- tests */

static void the_defaults_are_those_of_the_rules(void)
{
    struct gb_scenario *s = load_good("format: 1\n");

    EXPECT_INT(s->physics.weather.slot_ns, 15 * 60 * GB_NS_PER_SECOND);
    EXPECT_INT(gb_scenario_n_slots(s), 96);
    EXPECT_INT(s->open_ns, 15 * 60 * GB_NS_PER_SECOND);
    EXPECT_INT(s->gate_ns, 5 * 60 * GB_NS_PER_SECOND);
    EXPECT_INT(s->deadline_ns, 15 * 60 * GB_NS_PER_SECOND);
    EXPECT(s->market.mechanism == &gb_mechanism_two_round);
    EXPECT_INT(gb_two_round_options(&s->market)->beta_millionths, 100000);
    EXPECT_INT(gb_two_round_options(&s->market)->books, GB_BOOKS_BY_SOURCE);
    EXPECT_INT(s->market.tariff.retail.ticks, 590000);
    EXPECT_INT(s->market.tariff.feed_in.ticks, 310000);
    EXPECT_INT(s->imbalance_short.ticks, 590000);
    EXPECT_INT(s->imbalance_long.ticks, 310000);
    EXPECT_INT(s->min_quantity.wh, 1);
    EXPECT_INT(s->signatures_required, 3);
    EXPECT(s->protocol == &gb_protocol_pbft);
    EXPECT(s->flow == &gb_flow_fisco3);
    EXPECT_INT(s->n_nodes, 4);
    EXPECT_INT(s->block_max_transactions, 1000);
    EXPECT_INT(s->block_min_seal_ns, 500 * GB_NS_PER_MS);
    EXPECT_INT(s->concentrator, 0);
    EXPECT_TEXT(s->strategy->member.name, "paper_beta");
    gb_scenario_free(s);
}

static void nested_and_dotted_keys_say_the_same(void)
{
    struct gb_scenario *a =
        load_good("format: 1\nmarket:\n  beta: 0.2\n  requote: {rounds: until_cross}\n");
    struct gb_scenario *b =
        load_good("format: 1\nmarket.beta: 0.2\nmarket.requote.rounds: until_cross\n");

    EXPECT(scenarios_are_equal(a, b));
    EXPECT_INT(gb_two_round_options(&a->market)->rounds, GB_ROUNDS_UNTIL_CROSS);
    gb_scenario_free(a);
    gb_scenario_free(b);
}

static void ten_mistakes_are_ten_diagnostics_with_their_places(void)
{
    expect_refusal(
        "format: 1\n"
        "seed: one\n"
        "days: 0\n"
        "market:\n"
        "  betta: 0.1\n"
        "  books: poold\n"
        "  open: 10\n"
        "meters:\n"
        "  count: [8, 9]\n"
        "agents: {balance: \"77\"}\n"
        "agents.shade: 0.1\n"
        "tariff.feed_in: 0.6\n"
        "seed: 3\n"
        "chain.flow: {x: 1}\n",
        ":2:7: seed: expected a whole number from 0 to 9007199254740992, got 'one'\n"
        ":3:7: days: expected a whole number from 1 to 36500, got '0'\n"
        ":5:3: unknown key 'market.betta' (did you mean 'market.beta'?)\n"
        ":6:10: market.books: expected one of by_source, pooled; got 'poold' (did you mean 'pooled'?)\n"
        ":7:9: market.open: expected a duration from 1 ms to 1 d with its unit (ns, us, ms, s, min, h, "
        "d), got '10'\n"
        ":9:10: meters.count: expected a whole number from 1 to 10000000, got a list\n"
        ":10:19: agents.balance: expected an amount with at most 9 decimals from 0 to 1000000000 "
        "without quotes\n"
        ":11:15: 'agents.shade' is an option of the strategy fixed_shade or mix, and agents.strategy "
        "is paper_beta; nothing reads it beside that: remove it\n"
        ":12:17: tariff.feed_in: 0.6 is above tariff.retail, 0.59: the grid would lose on every kWh\n"
        ":13:1: 'seed' stands here a second time (line 2 has it already)\n"
        ":14:13: chain.flow: expected one of classic, fisco2, fisco3, got a section\n");
}

static void what_would_make_two_readers_disagree_is_refused(void)
{
    expect_refusal("format: 1\nseed: &a 3\ndays: *a\nslots: !!int 4\n",
                   ":2:7: anchors (&name) are not allowed: write the value out\n"
                   ":3:7: aliases (*name) are not allowed: write the value out\n"
                   ":4:8: tags (!name) are not allowed: the key says the type\n");
    expect_refusal("format: 1\n---\nformat: 1\n",
                   ":2:1: a second document begins here: one file is one document\n");
    expect_refusal("seed: 3\n", ":1:1: expected `format: 1` at the top of the scenario\n");
    expect_refusal("format: 2\n", ":1:9: format: expected the number 1, got '2'\n");
    expect_refusal("", ":1:1: the file is empty\n");
    expect_refusal("- 1\n- 2\n", ":1:1: expected keys and values (`key: value`)\n");
    expect_refusal(
        "format: 1\nmarket: [\n",
        ":2:1: 'market' is a section: its keys stand below it\n"
        ":3:1: not YAML: did not find expected node content while parsing a flow node\n");
    expect_refusal("format: 1\nseed: 3\x01\n",
                   ":1:1: not YAML: control characters are not allowed\n");
}

static void numbers_that_are_none_are_refused(void)
{
    static const char *const wrong[] = {"nan",
                                        "inf",
                                        "-inf",
                                        "1e400",
                                        "0x10",
                                        "1,5",
                                        "1 2",
                                        "",
                                        "~",
                                        "1e-3",
                                        "99999999999999999999",
                                        "-0.1",
                                        "1.0000001"};
    char text[128], said[4096];

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        snprintf(text, sizeof text, "format: 1\nmarket.beta: %s\n", wrong[i]);
        struct gb_scenario *s = load(text, said, sizeof said);
        EXPECT(!s && strncmp(said, ":2:", 3) == 0 && strstr(said, "market.beta: expected"));
        gb_scenario_free(s);
    }
}

static void keys_that_contradict_each_other_are_refused(void)
{
    expect_refusal(
        "format: 1\nmarket.gate: 15 min\n",
        ":2:14: market.gate: the gate closes 15 min before the interval, but the market opens "
        "only 15 min before it (market.open)\n");
    expect_refusal("format: 1\nslot: 7 min\n", ":2:7: slot: a day is no whole number of 7 min\n");
    expect_refusal(
        "format: 1\nimbalance.long: 0.7\n",
        ":2:17: imbalance.long: 0.7 is above imbalance.short, 0.59: missing one's schedule "
        "would earn money\n");
    expect_refusal("format: 1\nagents.source_preference: {solar: 0.6, wind: 0.6}\n",
                   ":2:35: agents.source_preference: the shares add up to 1.2, more than 1\n");
    expect_refusal(
        "format: 1\nagents: {strategy: mix, mix: zip 1.5}\n",
        ":2:30: agents.mix: expected names of built-in strategies, once each, with shares "
        "above 0 that add up to 1, like `zip 0.5, zi_c 0.5`\n");
    expect_refusal("format: 1\nmarket.mechanism: grid_only\nmarket.requote.rounds: 2\n",
                   ":3:24: 'market.requote.rounds' is an option of the mechanism two_round, and "
                   "market.mechanism is grid_only; nothing reads it beside that: remove it\n");
    expect_refusal(
        "format: 1\nagents.beta_low: 0.2\n",
        ":2:18: 'agents.beta_low' is for agents.beta: drawn, and agents.beta is market; nothing reads it beside that: remove it\n");
    expect_refusal("format: 1\nmeters.delivery: declared\n",
                   ":2:18: meters.delivery: declared needs declared orders: give orders.file\n");
    expect_refusal(
        "format: 1\nmeters.count: 10000000\ndays: 3650\n",
        ":2:15: 10000000 meters of these sizes over 87600 h at these prices move more money "
        "than 64 bits count\n: agents.balance: 10000000 balances add up to more money "
        "than 64 bits count\n");
    /* a wrong value is not blamed a second time through a check between keys */
    expect_refusal(
        "format: 1\nmarket.open: 4 minutes\nmarket.gate: 5 min\n",
        ":2:14: market.open: expected a duration from 1 ms to 1 d with its unit (ns, us, ms, "
        "s, min, h, d), got '4 minutes'\n");
}

static void settings_overrule_the_file_and_say_so_when_wrong(void)
{
    static const char *const good[] = {"market.beta=0.3", "market.beta=0.4",
                                       "market.mechanism=grid_only"};
    static const char *const bad[] = {"market.bta=1", "seed", "days=x"};
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_scenario *s = NULL;
    struct gb_error err = {0};

    write_text(PATH, "format: 1\nmarket.beta: 0.2\n");
    EXPECT_INT(gb_scenario_load(&s, NULL, PATH, 2, good, diagnostics, &err), GB_OK);
    EXPECT_INT(gb_two_round_options(&s->market)->beta_millionths, 400000);
    gb_scenario_free(s);
    /* selecting another mechanism overrules the file's option of the old one */
    s = NULL;
    EXPECT_INT(gb_scenario_load(&s, NULL, PATH, 1, good + 2, diagnostics, &err), GB_OK);
    EXPECT(s->market.mechanism == &gb_mechanism_grid_only);
    gb_scenario_free(s);
    s = NULL;
    EXPECT_INT(gb_scenario_load(&s, NULL, PATH, 3, bad, diagnostics, &err), GB_ECONFIG);
    EXPECT_INT(gb_diagnostics_count(diagnostics), 3);
    EXPECT_TEXT(gb_diagnostics_at(diagnostics, 0),
                "--set market.bta=1: unknown key 'market.bta' (did you mean 'market.beta'?)");
    EXPECT_TEXT(gb_diagnostics_at(diagnostics, 1), "--set seed: expected key=value");
    gb_diagnostics_free(diagnostics);
    unlink(PATH);
}

static void a_rule_set_over_a_scenario_takes_its_options_with_it(void)
{
    struct gb_scenario *s = load_good("format: 1\nsettlement.unmatched: scheduled\n"
                                      "imbalance.short: 0.9\n");
    struct gb_error err = {0};

    EXPECT_INT(scenario_set(s, "settlement.rule", "delivered", &err), GB_OK);
    EXPECT_INT(s->unmatched_rule, GB_UNMATCHED_METERED);
    EXPECT_INT(s->imbalance_short.ticks, s->market.tariff.retail.ticks);
    gb_scenario_free(s);
}

static void prices_have_either_sign_and_words_beside_them_follow_the_tariff(void)
{
    struct gb_scenario *s = load_good("format: 1\ntariff: {retail: 0.14, feed_in: -0.05}\n");
    struct gb_error err = {0};

    EXPECT_INT(s->market.tariff.feed_in.ticks, -50000);
    EXPECT_INT(s->imbalance_long.ticks, -50000);
    EXPECT_INT(scenario_set(s, "imbalance.long", "-0.000001", &err), GB_OK);
    EXPECT_INT(s->imbalance_long.ticks, -1);
    EXPECT_INT(scenario_set(s, "imbalance.long", "feed_in", &err), GB_OK);
    EXPECT_INT(scenario_set(s, "tariff.feed_in", "-1000", &err), GB_OK);
    EXPECT_INT(s->imbalance_long.ticks, -1000000000);
    EXPECT_INT(scenario_set(s, "tariff.feed_in", "0.14", &err), GB_OK); /* a band of one price */
    EXPECT_INT(scenario_set(s, "tariff.retail", "-0.1", &err), GB_ECONFIG);
    gb_scenario_free(s);
    expect_refusal("format: 1\ntariff: {retail: -0.2, feed_in: -0.1}\n",
                   ":2:33: tariff.feed_in: -0.1 is above tariff.retail, -0.2: the grid would lose "
                   "on every kWh\n");
    expect_refusal("format: 1\ntariff.retail: -1000.1\n",
                   ":2:16: tariff.retail: expected a price from -1000 to 1000 with at most 6 "
                   "decimals, got '-1000.1'\n");
}

static void what_follows_from_other_keys_follows_them(void)
{
    struct gb_scenario *s = load_good("format: 1\n");
    struct gb_error err = {0};

    EXPECT_INT(scenario_set(s, "tariff.retail", "0.7", &err), GB_OK);
    EXPECT_INT(s->imbalance_short.ticks, 700000);
    EXPECT_INT(scenario_set(s, "imbalance.short", "0.8", &err), GB_OK);
    EXPECT_INT(scenario_set(s, "tariff.retail", "0.6", &err), GB_OK);
    EXPECT_INT(s->imbalance_short.ticks, 800000);
    EXPECT_INT(scenario_set(s, "meters.count", "999", &err), GB_OK);
    EXPECT_INT(s->concentrator, 0);
    EXPECT_INT(scenario_set(s, "meters.count", "1000", &err), GB_OK);
    EXPECT_INT(s->concentrator, 1000);
    EXPECT_INT(scenario_set(s, "chain.concentrator", "none", &err), GB_OK);
    EXPECT_INT(s->concentrator, 0);
    EXPECT_INT(scenario_set(s, "chain.concentrator", "40", &err), GB_OK);
    EXPECT_INT(s->concentrator, 40);
    EXPECT_INT(scenario_set(s, "slots", "7", &err), GB_OK);
    EXPECT_INT(gb_scenario_n_slots(s), 7);
    EXPECT_INT(scenario_set(s, "market.gate", "1 h", &err), GB_ECONFIG);
    EXPECT(strstr(err.text, "market.gate=1 h: market.gate: the gate closes") == err.text);
    gb_scenario_free(s);
}

static void the_template_reads_as_the_defaults(void)
{
    struct gb_error err = {0};
    char said[4096];
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    EXPECT_INT(gb_scenario_template(out, NULL, &err), GB_OK);
    fclose(out);
    struct gb_scenario *a = load(text, said, sizeof said), *b = load_good("format: 1\n");
    EXPECT_TEXT(said, "");
    EXPECT(a && scenarios_are_equal(a, b));
    for (size_t i = 0; i < gb_scenario_n_rows(NULL); i++) {
        const char *key = gb_scenario_row(NULL, i)->key, *dot = strchr(key, '.');
        char line[128];
        snprintf(line, sizeof line, "%s:", dot ? dot + 1 : key);
        EXPECT(strstr(text, line) != NULL);
    }
    gb_scenario_free(a);
    gb_scenario_free(b);
    free(text);
}

/* Is this the row of an option of a strategy or a mechanism? */
static bool is_option(const struct gb_param *row)
{
    const struct gb_family *const families[] = {&gb_strategy_family, &gb_mechanism_family};
    const struct gb_member *member;

    for (size_t f = 0; f < 2; f++)
        for (size_t i = 0; (member = gb_family_member(families[f], NULL, i)); i++)
            if (gb_param_find(member->params, row->key) == row)
                return true;
    return false;
}

/* Is the default written as a stored scenario writes it? */
static bool is_canonical(const struct gb_param *row)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_scenario *scenario = NULL;
    char value[GB_PARAM_TEXT_SIZE];
    bool is =
        gb_scenario_defaults(&scenario, NULL, 0, NULL, diagnostics, NULL) == GB_OK &&
        strcmp(gb_scenario_value(scenario, row->key, value, sizeof value), row->default_text) == 0;

    gb_scenario_free(scenario);
    gb_diagnostics_free(diagnostics);
    return is;
}

static void every_row_is_complete_and_named_once(void)
{
    for (size_t i = 0; i < gb_scenario_n_rows(NULL); i++) {
        const struct gb_param *row = gb_scenario_row(NULL, i);
        size_t length = strlen(row->description);
        EXPECT(length > 10 && row->description[length - 1] == '.');
        EXPECT(row->minimum <= row->maximum);
        EXPECT(row->kind != GB_PARAM_CHOICE || row->choices);
        EXPECT(row->kind != GB_PARAM_WORDS || row->choices);
        EXPECT(!(row->flags & GB_PARAM_OF_SWEEP) || is_canonical(row));
        EXPECT(!(row->flags & GB_PARAM_REFUSED_UNREAD) || row->read_when);
        for (size_t j = 0; j < i; j++) /* but two members of a family may share an option's name */
            EXPECT(strcmp(gb_scenario_row(NULL, j)->key, row->key) != 0 ||
                   (is_option(gb_scenario_row(NULL, j)) && is_option(row)));
    }
}

/* A table of two orders with a mistake in each; both diagnostics begin with their places. */
static void expect_table_refusal(const char *table, const char *first, const char *second)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_scenario *s = NULL;
    struct gb_error err = {0};

    write_text(ORDERS, table);
    write_text(PATH, "format: 1\norders.file: " ORDERS "\n");
    EXPECT_INT(gb_scenario_load(&s, NULL, PATH, 0, NULL, diagnostics, &err), GB_ECONFIG);
    if (EXPECT_INT(gb_diagnostics_count(diagnostics), 2)) {
        EXPECT(strncmp(gb_diagnostics_at(diagnostics, 0), first, strlen(first)) == 0);
        EXPECT(strncmp(gb_diagnostics_at(diagnostics, 1), second, strlen(second)) == 0);
    }
    gb_diagnostics_free(diagnostics);
    unlink(ORDERS);
}

static void mistakes_of_an_order_table_are_told_with_its_lines(void)
{
    char said[4096];
    struct gb_scenario *s;

    expect_table_refusal("id,side,price,quantity\nS1,sell,x,2\nB1,bye,0.53,4\n",
                         ORDERS ":2:", ORDERS ":3:");
    expect_table_refusal(
        "id,side,price,quantity,source\nS1,sell,0.4,2,grid\nB1,buy,0.4,2,grid\n",
        ORDERS ":2:15: source: expected any or solar or wind or storage, got 'grid'",
        ORDERS ":3:14: source: expected any or solar or wind or storage, got 'grid'");
    expect_refusal("format: 1\norders.file: nowhere.csv\n",
                   ":2:14: orders.file: cannot open 'nowhere.csv': No such file or directory\n");
    write_text(ORDERS, "id,side,price,quantity\nS1,sell,0.4,2\n");
    s = load("format: 1\nslots: 2\nmeters.count: 1\norders.file: " ORDERS "\n", said, sizeof said);
    EXPECT(!s && strstr(said, "order 'S1' sells energy of no source"));
    write_text(ORDERS, "id,side,price,quantity,slot,time\nS1,sell,0.4,2,2,0\nB1,buy,0.4,2,0,900\n");
    expect_refusal(
        "format: 1\nslots: 2\nmeters.count: 1\nmarket.books: pooled\norders.file: " ORDERS "\n",
        ":5:14: orders.file: order 'B1' belongs to meter 1, but there are 1 (meters.count), counted "
        "from 0\n"
        ":5:14: orders.file: order 'B1' is sent after its interval has begun\n"
        ":5:14: orders.file: order 'S1' is for slot 2, but the run ends with slot 1\n");
    write_text(ORDERS, "id,side,price,quantity\nS\xff,sell,0.4,2\n");
    expect_refusal("format: 1\nmarket.books: pooled\norders.file: " ORDERS "\n",
                   ":3:14: " ORDERS ": line 2 holds bytes that are no printable text (UTF-8 is "
                   "expected)\n");
    unlink(ORDERS);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(the_defaults_are_those_of_the_rules),
        TAP(nested_and_dotted_keys_say_the_same),
        TAP(ten_mistakes_are_ten_diagnostics_with_their_places),
        TAP(what_would_make_two_readers_disagree_is_refused),
        TAP(numbers_that_are_none_are_refused),
        TAP(keys_that_contradict_each_other_are_refused),
        TAP(settings_overrule_the_file_and_say_so_when_wrong),
        TAP(a_rule_set_over_a_scenario_takes_its_options_with_it),
        TAP(prices_have_either_sign_and_words_beside_them_follow_the_tariff),
        TAP(what_follows_from_other_keys_follows_them),
        TAP(the_template_reads_as_the_defaults),
        TAP(every_row_is_complete_and_named_once),
        TAP(mistakes_of_an_order_table_are_told_with_its_lines),
        {0}};
    return tap_main("scenario", tests);
}
