#include "experiments/sweep/sweep_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/stopping.h"
#include "base/edit_distance.h"
#include "base/text.h"
#include "experiments/scenario/scenario.h"
#include "experiments/scenario/yaml_write.h"

#define AT(member) offsetof(struct gb_sweep_options, member)

static const struct gb_param format_row = {
    "format",        GB_PARAM_INTEGER,       AT(format), "1", 1, 1, NULL, NULL,
    GB_LAYER_OUTPUT, "Format of this file.",
};
static const struct gb_param replications_row = {
    "replications",
    GB_PARAM_INTEGER,
    AT(replications),
    "1",
    1,
    GB_SWEEP_MOST_REPLICATIONS,
    "1",
    NULL,
    GB_LAYER_OUTPUT,
    "How often every cell is run.",
};

#define UNTIL(member) offsetof(struct gb_sweep_until, member)

const struct gb_param gb_sweep_until_rows[] = {
    {"kpi", GB_PARAM_TEXT, UNTIL(kpi), "", 0, 0, NULL, NULL, GB_LAYER_OUTPUT,
     "Column of /summary that shall be known so well."},
    {"against", GB_PARAM_TEXT, UNTIL(against), "", 0, 0, NULL, NULL, GB_LAYER_OUTPUT,
     "The cell from which differences are taken."},
    {"half_width", GB_PARAM_NUMBER, UNTIL(half_width), "0", 0, INFINITY, NULL, NULL,
     GB_LAYER_OUTPUT, "Of the interval, in the unit of the column."},
    {"level", GB_PARAM_NUMBER, UNTIL(level), "0.95", 0.5, 0.9999, "1", NULL, GB_LAYER_OUTPUT,
     "Of the interval."},
    {"pilot", GB_PARAM_INTEGER, UNTIL(pilot), "30", GB_MIN_PILOT, GB_SWEEP_MOST_REPLICATIONS, "1",
     NULL, GB_LAYER_OUTPUT, "Replications of the first stage."},
    {"max", GB_PARAM_INTEGER, UNTIL(max), "1000", GB_MIN_PILOT, GB_SWEEP_MOST_REPLICATIONS, "1",
     NULL, GB_LAYER_OUTPUT, "The most replications of both stages."},
    {0},
};

const struct gb_sweep_word gb_sweep_words[] = {
    {"format", &format_row, NULL, "format: 1", GB_YAML_VALUE, "Format of this file, at its top."},
    {"scenario", NULL, "the name of a scenario file beside the sweep", "scenario: scenario.yaml",
     GB_YAML_VALUE, "The scenario that is varied."},
    {"set", NULL, "keys of the scenario, each with a value", "set: {chain.crypto: modelled}",
     GB_YAML_SECTION,
     "Keys that stand over the scenario in every trial. The output level of a sweep is summary "
     "unless `set`, `vary` or `--set` says otherwise. A cell leaves out what nothing in it reads, "
     "`ev.power` where `meters.ev_share` is varied and 0; what no cell reads is refused where a scenario would refuse it."},
    {"cases", NULL,
     "a list of cases, each with a name and, if it has them, keys that it sets and keys that it "
     "varies alone",
     "cases:\n"
     "  - {name: ideal, set: {chain.protocol: ideal}}\n"
     "  - name: pbft\n"
     "    set: {chain.protocol: pbft}\n"
     "    vary: {chain.delay: constant 20 ms:100 ms:80 ms}",
     GB_YAML_LIST,
     "Cases that are set beside each other, by the column `case`; over each runs what `vary` and "
     "`zip` say. A key that nothing reads in a cell stands there as `-` (NaN in a column of "
     "numbers) and makes no other cell of it."},
    {"vary", NULL,
     "keys of the scenario, each with a list of values, a range first:last:step or "
     "first:last:*factor, or a list of both",
     "vary:\n"
     "  market.beta: 0:1:0.5\n"
     "  meters.count: [10, 30]\n"
     "  start_date: [2023-01-18, 2023-07-19]",
     GB_YAML_SECTION,
     "Keys that are varied over a full grid; the last runs fastest. A range is of numbers, of "
     "durations (`5 min:30 min:5 min`), of dates (`2023-01-01:2023-01-29:7 d`) or stands in a "
     "delay (`constant 20 ms:500 ms:80 ms`) and lands on its end: 0:1:0.3 is refused, and the "
     "message names 0.9."},
    {"zip", NULL, "a list of groups of keys, each with its values",
     "zip:\n"
     "  - {market.open: [15 min, 30 min], agents.reaction: [exponential 20 s, exponential 60 s]}",
     GB_YAML_LIST,
     "Groups of keys that move together: the first values of all keys of a group are one place of "
     "the grid, the second values the next. The keys of a group have as many values."},
    {"average", NULL, "keys below `vary`, each with the word equal", "average: {start_date: equal}",
     GB_YAML_SECTION,
     "Keys whose values make no cells of their own: in each replication the trials of all their "
     "values are averaged with equal weights, sums before they are divided, and intervals extend "
     "over replications. `compare --where KEY=VALUE` shows one of the values. Places of `zip` "
     "stay cells, each averaged; a key that stands in `zip` is not averaged over."},
    {"redraw", NULL, "a list of one or more of weather, households, behaviour, chain",
     "redraw: [weather, households, behaviour, chain]", GB_YAML_LIST,
     "Which draws a replication has of its own; the others are those of replication 0 in all of "
     "them. Intervals extend over what is redrawn: over households and behaviour, given one "
     "weather. Weather: clouds, wind and forecasts of them; households: who owns what, and their "
     "loads; behaviour: reserves, quotes, reaction times; chain: delays, retries, keys. All four "
     "where it is left out."},
    {"warm_up", NULL, "a duration of whole days", "warm_up: 0 s", GB_YAML_VALUE,
     "The first days of every run, in the market and in the grid-only baseline: simulated, but left "
     "out of all accounts, key figures and tables. The same in every cell; `days` of the scenario "
     "count them."},
    {"replications", &replications_row, NULL, "replications: 2", GB_YAML_VALUE,
     "How often every cell is run; a replication has the same draws in every cell, so that cells "
     "are paired."},
    {"until", NULL,
     "kpi, a column of /summary, sellers_less_buyers_gain_per_kwh, or A/B or A/s of columns; against, the cell from which it is taken as a paired difference, or "
     "nothing; half_width, in its unit; level, pilot (30 at least) and max",
     "until: {kpi: gain_per_user_day, against: case=ideal, half_width: 0.005, level: 0.95, "
     "pilot: 30, max: 1000}",
     GB_YAML_SECTION,
     "Instead of `replications`: as many as make the interval so narrow, in two stages. A pilot "
     "says how much the column varies, and from that follows one number for all cells, "
     "max(pilot, ceil((t s / half_width)^2)), the largest that any cell needs and at most `max`. "
     "Where `max` is too few, `compare` says that the precision was not reached. Shards without "
     "`--pilot` run the pilot alone; `merge` joins them, and with its result as `--pilot` the same "
     "commands run the second stage.",
     true},
    {"files", NULL, "names of files, each with its text", NULL, GB_YAML_SECTION,
     "In a stored sweep: the tables of a varied orders.file, which go before the files on the "
     "disk."},
    {0},
};

void gb_sweep_options_init(struct gb_sweep_options *options)
{
    char why[256];

    for (const struct gb_sweep_word *word = gb_sweep_words; word->key; word++)
        if (word->row)
            gb_param_parse(word->row, word->row->default_text, options, why, sizeof why);
    gb_param_defaults(gb_sweep_until_rows, &options->until);
}

const struct gb_sweep_word *gb_sweep_word_find(const char *key)
{
    for (const struct gb_sweep_word *word = gb_sweep_words; word->key; word++)
        if (strcmp(word->key, key) == 0)
            return word;
    return NULL;
}

const char *gb_sweep_word_nearest(const char *key)
{
    const char *nearest = NULL;
    size_t min = 3; /* further away is another word, not a slip */

    for (const struct gb_sweep_word *word = gb_sweep_words; word->key; word++)
        if (gb_edit_distance(key, word->key) < min) {
            min = gb_edit_distance(key, word->key);
            nearest = word->key;
        }
    return nearest;
}

char *gb_sweep_word_describe(const struct gb_sweep_word *word, char *buffer, size_t size)
{
    if (word->row)
        return gb_scenario_describe(NULL, word->row, buffer, size);
    snprintf(buffer, size, "%s", word->takes);
    return buffer;
}

char *gb_sweep_word_list(char *buffer, size_t size)
{
    snprintf(buffer, size, "%s", gb_sweep_words[0].key);
    for (const struct gb_sweep_word *word = gb_sweep_words + 1; word->key; word++)
        gb_text_append(buffer, size, "%s%s", word[1].key ? ", " : " and ", word->key);
    return buffer;
}

/* ---- the template */

void gb_sweep_template(FILE *out)
{
    char takes[512];

    fputs("# A sweep of Gridbourse: one scenario, keys that are varied, replications. Put a\n"
          "# scenario beside it (`gridbourse init scenario.yaml` writes one) and run it with\n"
          "# `gridbourse sweep FILE`; `--check` counts its trials and runs none.\n",
          out);
    for (const struct gb_sweep_word *word = gb_sweep_words; word->key; word++) {
        char comment[1024];

        if (!word->example)
            continue;
        snprintf(comment, sizeof comment, "%s Takes %s.", word->description,
                 gb_sweep_word_describe(word, takes, sizeof takes));
        fputc('\n', out);
        gb_yaml_write_comment(out, "", comment);
        fprintf(out, "%s%s\n", word->is_instead ? "# " : "", word->example);
    }
}

/* ---- the reference page */

void gb_sweep_reference(FILE *out)
{
    char takes[512];

    fputs("# The sweep file\n\n"
          "This page is printed by `gridbourse list sweep --markdown` from the table that reads\n"
          "sweeps. A sweep is YAML with `format: 1` at its top; `gridbourse init --sweep` writes\n"
          "one to start from, `gridbourse sweep --check FILE` finds mistakes.\n",
          out);
    for (const struct gb_sweep_word *word = gb_sweep_words; word->key; word++) {
        fprintf(out, "\n## %s\n\n%s\n\nTakes %s.\n", word->key, word->description,
                gb_sweep_word_describe(word, takes, sizeof takes));
        if (word->example)
            fprintf(out, "\n```yaml\n%s\n```\n", word->example);
    }
}
