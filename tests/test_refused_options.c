/* Options that go with one choice and are given with another: each is refused with its place and a
 * sentence that says which choice it is for, and which was made. */
#include <stdio.h>
#include <string.h>

#include "experiments/scenario/scenario.h"
#include "models/agents/strategy.h"
#include "tests/scenarios.h"
#include "tests/tap.h"

#define PATH "test_refused_options.tmp.yaml"

#define CALLS "uniform or pay_as_bid or mid_market_rate or mcafee or huang"
#define BETA "paper_beta or mix"
#define ROTH_EREV "mre or vre or mix"

/* An option of some members of a family, named as the sentence names them. */
struct option {
    const char *key, *value, *members;
};

static const struct option of_mechanisms[] = {
    {"market.books", "pooled", "two_round or continuous or " CALLS},
    {"market.k", "0.3", "two_round or uniform"},
    {"market.beta", "0.2", "two_round or continuous"},
    {"market.requote.anchor", "vwap", "two_round"},
    {"market.requote.match", "crossing", "two_round"},
    {"market.requote.rounds", "2", "two_round"},
    {"market.requote.by", "user", "two_round"},
    {"market.second_gate", "1 min", "two_round"},
    {"market.requote.memory", "slot", "two_round"},
    {"market.on_head_fail", "stop", "two_round"},
    {"market.export_limit", "500", "two_round or " CALLS},
    {"market.import_limit", "none", "two_round or " CALLS},
    {"market.trade_price", "resting", "continuous"},
    {"market.self_trade", "newest", "continuous"},
    {0},
};

static const struct option of_strategies[] = {
    {"agents.requote.anchor", "vwap", BETA},
    {"agents.requote.no_trade", "slot", BETA},
    {"agents.deadline", "2", BETA},
    {"agents.shade", "0.1", "fixed_shade or mix"},
    {"agents.aa.weight", "0.5", "aa or mix"},
    {"agents.roth_erev.first_profit", "1", ROTH_EREV},
    {"agents.vre.cooling", "1", "vre or mix"},
    {"agents.gdx.memory", "4", "gdx or mix"},
    {"agents.gdx.discount", "0.5", "gdx or mix"},
    {"agents.mix", "zip 1", "mix"},
    {"agents.deviant_strategy", "zip", "mix"},
    {0},
};

#define OF_HABITS "load.model: profile", "load.model: habits, and load.model is profile"

#define OF_MODELLED "pv.series: none, and pv.series is town"

#define OF_FILE "forecast.kind: perfect", "forecast.kind: file, and forecast.kind is perfect"

/* A key that one value of another key reads, beside a value that does not. */
static const struct {
    const char *key, *value, *beside, *why;
} conditional[] = {
    {"load.profile", "london", OF_HABITS},
    {"load.base", "0.3", OF_HABITS},
    {"load.base_sd", "0.1", OF_HABITS},
    {"load.unrest", "0.3", OF_HABITS},
    {"load.unrest_sd", "0.3", OF_HABITS},
    {"load.day_sd", "0.3", OF_HABITS},
    {"load.season_sd", "0.3", OF_HABITS},
    {"load.weeks_sd", "0.3", OF_HABITS},
    {"load.weeks_memory", "0.3", OF_HABITS},
    {"load.weekday_sd", "0.3", OF_HABITS},
    {"load.away_share", "0.3", OF_HABITS},
    {"load.away_days", "3", OF_HABITS},
    {"load.appliances", "0.3", OF_HABITS},
    {"load.appliances_sd", "0.3", OF_HABITS},
    {"market.second_gate", "1 min", "market.requote.by: contract",
     "market.requote.by: user, and market.requote.by is contract"},
    {"agents.beta_low", "0.2", "agents.beta: market",
     "agents.beta: drawn, and agents.beta is market"},
    {"agents.beta_high", "0.2", "agents.beta: adaptive",
     "agents.beta: drawn, and agents.beta is adaptive"},
    {"agents.beta_by_time", "0:00 0.1", "agents.beta: drawn",
     "agents.beta: by_time, and agents.beta is drawn"},
    {"storage.price_low", "0.2", "storage.controller: greedy",
     "storage.controller: price_threshold, and storage.controller is greedy"},
    {"storage.price_high", "0.6", "storage.controller: contract",
     "storage.controller: price_threshold, and storage.controller is contract"},
    {"ev.price_limit", "0.2", "meters.ev_share: 0.5",
     "ev.controller: price_limit, and ev.controller is before_departure"},
    {"heat_pump.price_limit", "0.2", "meters.heat_pump_share: 0.5",
     "heat_pump.controller: price_limit, and heat_pump.controller is before_departure"},
    {"heat_pump.design_temperature", "-5", "meters.heat_pump_share: 0.5\nheat_pump.power: 3",
     "heat_pump.power: sized, and heat_pump.power is 3"},
    {"ev.plugged_in", "5", "meters.ev_share: 0.5\nev.departure: 7",
     "ev.departure: none, and ev.departure is 7"},
    {"ev.energy", "5", "meters.ev_share: 0.5\nev.distance: 30",
     "ev.distance: none, and ev.distance is 30"},
    {"ev.energy_sd", "5", "meters.ev_share: 0.5\nev.distance: 30",
     "ev.distance: none, and ev.distance is 30"},
    {"ev.consumption", "0.2", "meters.ev_share: 0.5",
     "ev.distance other than none, and ev.distance is none"},
    {"storage.schedule", "0:00 1", "storage.controller: none",
     "storage.controller: schedule, and storage.controller is none"},
    {"agents.beta_first", "0.2", "agents.beta: by_time",
     "agents.beta: adaptive, and agents.beta is by_time"},
    {"agents.beta_up", "0.2", "agents.beta: market",
     "agents.beta: adaptive, and agents.beta is market"},
    {"agents.beta_down", "0.2", "agents.beta: market",
     "agents.beta: adaptive, and agents.beta is market"},
    {"agents.deviant_beta", "0.2", "agents.deviant: none",
     "agents.deviant other than none, and agents.deviant is none"},
    {"agents.deviant_quote", "0.1", "agents.deviant: none",
     "agents.deviant other than none, and agents.deviant is none"},
    {"agents.deviant_reserve", "0.1", "agents.deviant: none",
     "agents.deviant other than none, and agents.deviant is none"},
    {"agents.deviant_strategy", "zip", "agents.strategy: mix",
     "agents.deviant other than none, and agents.deviant is none"},
    {"pv.tilt", "30", "pv.series: town", OF_MODELLED},
    {"pv.azimuth", "170", "pv.series: town", OF_MODELLED},
    {"pv.azimuth_sd", "5", "pv.series: town", OF_MODELLED},
    {"pv.cell", "pvsyst", "pv.series: town", OF_MODELLED},
    {"pv.shading", "0.2", "pv.series: town", OF_MODELLED},
    {"pv.losses", "9", "pv.series: town", OF_MODELLED},
    {"pv.temperature_coefficient", "-0.004", "pv.series: town", OF_MODELLED},
    {"pv.dc_ac_ratio", "1", "pv.series: town", OF_MODELLED},
    {"pv.inverter_efficiency", "0.9", "pv.series: town", OF_MODELLED},
    {"load.shape_sd", "0.1", "load.series: town", "load.series: none, and load.series is town"},
    {"load.limit", "10", "load.series: town", "load.series: none, and load.series is town"},
    {"load.phase_sd", "0.1", "load.series: town", "load.series: none, and load.series is town"},
    {"load.base", "0.3", "load.model: habits\nload.series: town",
     "load.series: none, and load.series is town"},
    {"wind.curve", "iec_2", "wind.rotor_diameter: 5",
     "wind.rotor_diameter: 0, and wind.rotor_diameter is 5"},
    {"wind.curve", "iec_2", "wind.table: 3 0, 11 5",
     "wind.table: none, and wind.table is 3 0, 11 5"},
    {"wind.table", "3 0, 11 5", "wind.rotor_diameter: 5",
     "wind.rotor_diameter: 0, and wind.rotor_diameter is 5"},
    {"load.forecast", "town", OF_FILE},
    {"pv.forecast", "town", OF_FILE},
    {"clouds.forecast", "town", OF_FILE},
    {"wind.forecast", "town", OF_FILE},
    {"settlement.unmatched", "scheduled", "settlement.rule: delivered",
     "settlement.rule: firm, and settlement.rule is delivered"},
    {"tariff.retail", "0.6", "tariff.retail_by_time: 0:00 0.6",
     "tariff.retail_by_time: none, and tariff.retail_by_time is 0:00 0.6"},
    {"tariff.feed_in", "0.3", "tariff.feed_in_by_time: 0:00 0.3",
     "tariff.feed_in_by_time: none, and tariff.feed_in_by_time is 0:00 0.3"},
    {"imbalance.short", "1", "settlement.rule: delivered",
     "settlement.rule: firm, and settlement.rule is delivered"},
    {"imbalance.long", "0", "settlement.rule: delivered",
     "settlement.rule: firm, and settlement.rule is delivered"},
};
enum { N_CONDITIONAL = sizeof conditional / sizeof conditional[0] };

static size_t n_line_ends(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += *text == '\n';
    return n;
}

/* `key` stands in the line below `first`, which begins in the second. */
static void expect_refusal(const char *first, const char *key, const char *value, const char *why)
{
    char text[512], expected[512], said[4096];

    snprintf(text, sizeof text, "format: 1\n%s\n%s: %s\n", first, key, value);
    snprintf(expected, sizeof expected, ":%zu:%zu: %s%s\n", 3 + n_line_ends(first), strlen(key) + 3,
             why, why[0] == '\'' ? "; nothing reads it beside that: remove it" : "");
    struct gb_scenario *scenario = scenario_of_text(PATH, text, said, sizeof said);
    if (!EXPECT(!scenario && strstr(said, expected)))
        tap_note("expected %s, got %s", expected, said);
    gb_scenario_free(scenario);
}

/* Is it among those that are parted by "or"? */
static bool is_among(const char *members, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = members; (at = strstr(at, name)); at += length)
        if ((at == members || at[-1] == ' ') && (!at[length] || at[length] == ' '))
            return true;
    return false;
}

/* Each option below each member that has no such option. returns how many refusals that were */
static size_t refuse_options(const struct gb_family *family, const char *selector,
                             const struct option *options)
{
    const struct gb_member *member;
    char first[128], why[512];
    size_t n = 0;

    for (const struct option *option = options; option->key; option++)
        for (size_t i = 0; (member = gb_family_member(family, NULL, i)); i++) {
            if (is_among(option->members, member->name))
                continue;
            snprintf(first, sizeof first, "%s: %s", selector, member->name);
            snprintf(why, sizeof why, "'%s' is an option of the %s %s, and %s is %s", option->key,
                     family->name, option->members, selector, member->name);
            expect_refusal(first, option->key, option->value, why);
            n++;
        }
    return n;
}

static void options_of_one_mechanism_are_refused_with_another(void)
{
    EXPECT_INT((int64_t)refuse_options(&gb_mechanism_family, "market.mechanism", of_mechanisms),
               1 + 6 + 6 + 9 * 7 + 2 * 2);
}

static void options_of_one_strategy_are_refused_with_another(void)
{
    EXPECT(refuse_options(&gb_strategy_family, "agents.strategy", of_strategies) > 100);
}

static void what_another_value_of_a_key_would_read_is_refused(void)
{
    for (size_t i = 0; i < N_CONDITIONAL; i++) {
        char why[512];

        snprintf(why, sizeof why, "'%s' is for %s", conditional[i].key, conditional[i].why);
        expect_refusal(conditional[i].beside, conditional[i].key, conditional[i].value, why);
    }
}

static void users_quote_anew_once_and_between_two_gates(void)
{
    static const char *const rounds[] = {"0", "2", "until_cross"};
    static const char *const gates[][2] = {{"5 min", "5 min"}, {"6 min", "6 min"}, {"0 s", "0 s"}};
    char why[512];

    for (size_t i = 0; i < sizeof rounds / sizeof rounds[0]; i++)
        expect_refusal("market.requote.by: user", "market.requote.rounds", rounds[i],
                       "market.requote.rounds: users quote anew once, before round 2 "
                       "(market.requote.by: user); expected 1");
    for (size_t i = 0; i < sizeof gates / sizeof gates[0]; i++) {
        snprintf(why, sizeof why,
                 "market.second_gate: round 2 is closed %s before the interval; expected less than "
                 "the gate's 5 min (market.gate), and more than nothing",
                 gates[i][1]);
        expect_refusal("market.requote.by: user", "market.second_gate", gates[i][0], why);
    }
}

static void the_best_quote_of_the_other_side_is_for_agents_who_see_it(void)
{
    expect_refusal("market: {mechanism: continuous, information: trades}",
                   "agents.requote.no_trade", "best_opposite",
                   "agents.requote.no_trade: best_opposite needs market.information: book, without "
                   "which no agent sees a quote that rests");
}

static bool is_listed(const struct option *options, const char *key)
{
    while (options->key && strcmp(options->key, key) != 0)
        options++;
    return options->key != NULL;
}

/* Those of strategies from outside, which name files, apart. */
static void every_option_is_tried(void)
{
    const struct gb_member *member;

    for (size_t i = 0; (member = gb_family_member(&gb_mechanism_family, NULL, i)); i++)
        for (const struct gb_param *row = member->params; row && row->key; row++)
            if (!EXPECT(is_listed(of_mechanisms, row->key)))
                tap_note("%s", row->key);
    for (size_t i = 0; (member = gb_family_member(&gb_strategy_family, NULL, i)); i++)
        for (const struct gb_param *row = member->params; row && row->key; row++)
            if (!EXPECT(is_listed(of_strategies, row->key) || strcmp(member->name, "plugin") == 0 ||
                        strcmp(member->name, "process") == 0))
                tap_note("%s", row->key);
    for (size_t r = 0; r < gb_scenario_n_rows(NULL); r++) {
        const struct gb_param *row = gb_scenario_row(NULL, r);
        size_t i = 0;

        while (i < N_CONDITIONAL && strcmp(conditional[i].key, row->key) != 0)
            i++;
        if (!EXPECT(i < N_CONDITIONAL || !(row->flags & GB_PARAM_REFUSED_UNREAD)))
            tap_note("%s", row->key);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(options_of_one_mechanism_are_refused_with_another),
        TAP(options_of_one_strategy_are_refused_with_another),
        TAP(what_another_value_of_a_key_would_read_is_refused),
        TAP(users_quote_anew_once_and_between_two_gates),
        TAP(the_best_quote_of_the_other_side_is_for_agents_who_see_it),
        TAP(every_option_is_tried),
        {0}};
    return tap_main("refused_options", tests);
}
