/* `until` of a sweep: how precise a key figure shall be, and what that makes of the number of
 * replications. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/estimand.h"
#include "analysis/selection.h"
#include "base/text.h"
#include "experiments/sweep/sweep_read_priv.h"

static const struct gb_param *find_row(const char *name)
{
    return gb_param_find(gb_sweep_until_rows, name);
}

static bool is_label(const struct gb_field *field)
{
    return strcmp(field->name, "trial") == 0 || strcmp(field->name, "seed") == 0 ||
           strcmp(field->name, "replication") == 0;
}

/* Is it a key figure? Else `why` says what is expected. */
static bool is_figure(const char *name, char *why, size_t size)
{
    struct gb_estimand kpi;

    if ((gb_estimand_find(&kpi, name) || gb_estimand_find_ratio(&kpi, name)) &&
        !is_label(kpi.field) && !(kpi.over && is_label(kpi.over)))
        return true;
    snprintf(why, size,
             "expected a key figure of /summary, as in kpi: gain_per_user_day, got '%.100s'; "
             "doc/kpis.md has all; A/B of two that are no ratios, as in n_late/n_orders, is one, "
             "too",
             name);
    return false;
}

void gb_sweep_take_until(struct gb_sweep_reading *reading, const struct gb_yaml_entry *entry)
{
    const char *name = entry->key + strlen("until.");
    const struct gb_param *row = find_row(name);
    bool was_wrong = reading->has_wrong_until;
    char why[512], description[1024];

    reading->has_wrong_until = true;
    reading->has_until_kpi |= row && strcmp(row->key, "kpi") == 0;
    if (!row) {
        snprintf(description, sizeof description,
                 "unknown key '%.100s' (until has kpi, against, half_width, level, pilot and max)",
                 name);
        gb_sweep_report(reading, entry, true, description);
        return;
    }
    if (entry->kind != GB_YAML_VALUE)
        snprintf(why, sizeof why, "expected a single value");
    else if (gb_param_parse(row, entry->value, &reading->sweep->options.until, why, sizeof why) &&
             (strcmp(row->key, "kpi") != 0 || is_figure(entry->value, why, sizeof why))) {
        reading->has_wrong_until = was_wrong;
        return;
    }
    snprintf(description, sizeof description, "until: %s: %s", name, why);
    gb_sweep_report(reading, entry, false, description);
}

static void report(struct gb_sweep_reading *reading, const char *description)
{
    gb_diagnostics_add_at(reading->diagnostics, reading->path, reading->until_line,
                          reading->until_column, "until: %s", description);
}

void gb_sweep_check_until(struct gb_sweep_reading *reading)
{
    const struct gb_sweep_until *until = &reading->sweep->options.until;

    if (!reading->has_until_kpi)
        report(reading, "kpi: expected a key figure of /summary, as in kpi: gain_per_user_day");
    if (reading->has_wrong_until)
        return; /* the numbers are then partly defaults */
    if (until->half_width <= 0.0)
        report(reading, "half_width: expected a number above 0, in the unit of the key figure");
    if (until->max < until->pilot)
        report(reading, "max: expected no fewer replications than the pilot has");
    if (reading->has_replications)
        report(reading, "stands beside `replications`: a sweep has one of the two");
}

/* ---- the reference, once there are cells */

static bool has_value(const struct gb_sweep *sweep, size_t column, const char *value)
{
    for (uint64_t c = 0; c < sweep->n_cells; c++)
        if (gb_value_is_same(sweep->values[c * sweep->n_columns + column], value))
            return true;
    return false;
}

/* Whether a key makes cells, and some of them have the value. */
static bool names_cells(const struct gb_sweep *sweep, const char *key, const char *value)
{
    size_t n = sweep->n_columns - gb_sweep_averages(sweep).n;

    for (size_t k = 0; k < n; k++)
        if (strcmp(sweep->columns[k], key) == 0)
            return has_value(sweep, k, value);
    return false;
}

/* Writes "KEY=VALUE" with the value in the words in which cells have it. returns whether it names
 * cells */
static bool put_condition(FILE *out, const struct gb_sweep *sweep, char *condition)
{
    char *equals = strchr(condition, '='), value[GB_PARAM_TEXT_SIZE];

    if (!equals)
        return false;
    *equals = '\0';
    gb_scenario_words(sweep->base, condition, equals + 1, value);
    fprintf(out, "%s=%s", condition, value);
    return names_cells(sweep, condition, value);
}

/* returns false where a condition of `against` names no cells; its text is then cut short */
static bool put_conditions(FILE *out, const struct gb_sweep *sweep, char *against)
{
    for (char *at = against, *comma; at; at = comma ? comma + 1 : NULL) {
        if ((comma = gb_text_condition_end(at)))
            *comma = '\0';
        if (!put_condition(out, sweep, at))
            return false;
        if (comma)
            fputc(',', out);
    }
    return true;
}

void gb_sweep_take_reference(struct gb_sweep_reading *reading)
{
    char *against = reading->sweep->options.until.against;
    char copy[GB_PARAM_TEXT_SIZE], description[GB_PARAM_TEXT_SIZE + 128];
    struct gb_text made;

    if (!against[0])
        return;
    snprintf(copy, sizeof copy, "%s", against);
    bool is_good = gb_text_open(&made) && put_conditions(made.stream, reading->sweep, copy);
    char *text = gb_text_close(&made);
    snprintf(description, sizeof description,
             "against: expected KEY=VALUE of cells that there are, as in against: case=ideal, got "
             "'%.200s'",
             against);
    if (!text)
        reading->lacks_memory = true;
    else if (is_good)
        snprintf(against, sizeof reading->sweep->options.until.against, "%s", text);
    else
        report(reading, description);
    free(text);
}

/* ---- the two stages */

bool gb_sweep_has_stages(const struct gb_sweep *sweep)
{
    return sweep->has_until;
}

struct gb_until gb_sweep_until(const struct gb_sweep *sweep)
{
    const struct gb_sweep_until *until = &sweep->options.until;

    return (struct gb_until){
        .kpi = until->kpi,
        .against = until->against,
        .precision = {until->half_width, until->level, (size_t)until->pilot, (size_t)until->max}};
}

void gb_sweep_begin_pilot(struct gb_sweep *sweep)
{
    sweep->options.replications = sweep->options.until.pilot;
    sweep->is_fixed = false;
}

void gb_sweep_fix(struct gb_sweep *sweep, const struct gb_replications *replications)
{
    sweep->options.replications = (int64_t)replications->n;
    sweep->is_fixed = true;
    sweep->is_reached = replications->is_enough;
}

struct gb_plan gb_sweep_plan(const struct gb_sweep *sweep, const struct gb_sweep_part *part)
{
    const struct gb_sweep_until *until = &sweep->options.until;
    struct gb_plan plan = {.n_trials = gb_sweep_n_trials(sweep),
                           .n_replications = gb_sweep_n_replications(sweep),
                           .averages = gb_sweep_averages(sweep),
                           .shard = part->shard,
                           .n_shards = part->n_shards};

    if (!sweep->has_until)
        return plan;
    plan.stages = (struct gb_stages){.pilot = (uint64_t)until->pilot,
                                     .max = (uint64_t)until->max,
                                     .is_fixed = sweep->is_fixed,
                                     .is_reached = sweep->is_reached};
    snprintf(plan.stages.precision, sizeof plan.stages.precision,
             "%.9g of %.64s%s%.500s, at %.9g %%", until->half_width, until->kpi,
             until->against[0] ? " against " : "", until->against, 100.0 * until->level);
    return plan;
}

uint64_t gb_sweep_n_trials_of(const struct gb_sweep *sweep, const struct gb_sweep_part *part)
{
    struct gb_plan plan = gb_sweep_plan(sweep, part);

    return part->is_one ? gb_plan_has(&plan, part->trial) : gb_plan_n_trials(&plan);
}
