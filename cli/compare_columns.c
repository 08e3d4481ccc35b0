/* Which quantities a comparison shows: those asked for, all there are, or sides, grid and why. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/edit_distance.h"
#include "cli/compare_against.h"
#include "cli/message.h"
#include "cli/quantity.h"
#include "cli/reasons.h"

static const char *const usual[] = {
    /* sides and community */
    "buyers_cost", "sellers_revenue", "zero_cost", "cost", "saving", GB_COMPARE_PER_DAY,
    "buyers_saving_pct", "sellers_gain_pct", "saving_pct", GB_COMPARE_BUYERS_GAIN,
    GB_COMPARE_SELLERS_GAIN, GB_GAP_OF_SIDES,
    /* what was traded */
    "traded_wh", "local_matching_ratio", "price_mean", "operator_balance",
    /* the grid */
    "utility_revenue_lost", "utility_purchases_avoided", "utility_margin_lost", "import_wh",
    "export_wh", "peak_import_wh", "peak_export_wh", "ramping", "carbon"};
static const char *const usual_of_homes[] = {
    /* bills */
    "n_homes", "cost", "saving", "saving/n_homes", "saving/cost_grid_only", "fee_cost",
    "imbalance_short_cost", "imbalance_long_cost",
    /* what they traded */
    "bought_wh", "sold_wh", "bought_cost/bought_wh", "sold_revenue/sold_wh",
    /* what flowed */
    "generation_wh", "curtailed_wh", "load_wh", "import_wh", "export_wh", "self_consumption",
    "self_sufficiency", "ev_unserved_wh", "heat_unserved_wh", "full_cycles", "storage_wear_cost"};
#define MAX_ESTIMANDS (GB_MAX_FIELDS + 1) /* all fields, and the gap between the sides */
#define N_USUAL (sizeof usual / sizeof usual[0])
#define N_USUAL_OF_HOMES (sizeof usual_of_homes / sizeof usual_of_homes[0])

struct choice {
    struct gb_estimand *estimands;
    size_t n;
    const struct gb_kinds *homes; /* that they are of; NULL: all */
};

static bool is_shown(const struct gb_results *results, const char *name)
{
    return strcmp(name, GB_COMPARE_PER_DAY) != 0 || gb_compare_last_a_day(results);
}

static void add(struct choice *choice, const struct gb_results *results, const char *name)
{
    if (is_shown(results, name) && gb_estimand_find(&choice->estimands[choice->n], name))
        choice->n++;
}

static void add_with_reasons(struct choice *choice, const struct gb_results *results,
                             const char *name, const struct gb_reason *reasons)
{
    add(choice, results, name);
    for (; reasons->field; reasons++)
        add(choice, results, reasons->field);
}

/* Did agents amend orders, or could they have? */
static bool has_concessions(const struct gb_results *results)
{
    for (size_t i = 0; i < gb_results_n_trials(results); i++)
        if (gb_results_summary(results)[i].n_wake_ups > 0)
            return true;
    return false;
}

static void add_usual(struct choice *choice, const struct gb_results *results)
{
    for (size_t i = 0; i < N_USUAL; i++)
        add(choice, results, usual[i]);
    add_with_reasons(choice, results, "n_missed_slots", gb_reasons_of_missed_slots);
    add_with_reasons(choice, results, "n_late", gb_reasons_of_late_orders);
    add_with_reasons(choice, results, "n_refused", gb_reasons_of_refusals);
    add_with_reasons(choice, results, "n_unmatched", gb_reasons_of_unmatched);
    if (has_concessions(results)) {
        add_with_reasons(choice, results, "n_amendments_in_vain", gb_reasons_in_vain);
        add_with_reasons(choice, results, "n_passed", gb_reasons_of_passing);
        add(choice, results, "n_voided_consensus");
    }
}

static void add_all(struct choice *choice)
{
    for (const struct gb_field *field = gb_schemas[GB_TABLE_SUMMARY].fields; field->name; field++)
        if (!gb_quantity_is_label(field))
            choice->estimands[choice->n++] = gb_estimand_of(field);
    choice->n += gb_estimand_find(&choice->estimands[choice->n], GB_GAP_OF_SIDES);
}

static void add_of_homes(struct choice *choice, const char *name)
{
    choice->n += gb_estimand_find_of_homes(&choice->estimands[choice->n], choice->homes, name);
}

static void add_usual_of_homes(struct choice *choice)
{
    for (size_t i = 0; i < N_USUAL_OF_HOMES; i++)
        add_of_homes(choice, usual_of_homes[i]);
}

static void add_all_of_homes(struct choice *choice)
{
    add_usual_of_homes(choice);
    for (const struct gb_field *field = gb_schemas[GB_TABLE_KINDS].fields; field->name; field++) {
        bool is_there = false;

        for (size_t i = 0; i < N_USUAL_OF_HOMES; i++)
            is_there |= strcmp(usual_of_homes[i], field->name) == 0;
        if (!is_there)
            add_of_homes(choice, field->name);
    }
}

static enum gb_status unknown(const char *name, struct gb_error *err)
{
    const char *names[MAX_ESTIMANDS + 1];
    size_t n = 0;

    for (const struct gb_field *field = gb_schemas[GB_TABLE_SUMMARY].fields; field->name; field++)
        names[n++] = field->name;
    names[n++] = GB_GAP_OF_SIDES;
    names[n] = NULL;
    const char *nearest = gb_nearest_word(name, names);
    return gb_fail(err, GB_EINPUT,
                   "--columns: there is no quantity '%s' in /summary%s%s%s; the page on results "
                   "lists them, and A/B is one over another",
                   name, nearest ? "; did you mean '" : "", nearest ? nearest : "",
                   nearest ? "'?" : "");
}

/* "A/B" or "A/s". GB_EINPUT with what is wrong with it */
static enum gb_status take_ratio(struct gb_estimand *out, const char *name, struct gb_error *err)
{
    char part[GB_ESTIMAND_NAME_SIZE];
    const char *slash = strchr(name, '/');

    if (gb_estimand_find_ratio(out, name))
        return GB_OK;
    snprintf(part, sizeof part, "%.*s", (int)(slash - name), name);
    if (!gb_field_find(GB_TABLE_SUMMARY, part))
        return unknown(part, err);
    if (!gb_field_find(GB_TABLE_SUMMARY, slash + 1))
        return unknown(slash + 1, err);
    return gb_fail(err, GB_EINPUT,
                   "--columns: '%.80s' divides what is a ratio already; expected two columns that "
                   "add up over trials, as in traded_wh/load_wh",
                   name);
}

/* The names between commas. */
static enum gb_status add_named(struct choice *choice, const char *names, struct gb_error *err)
{
    char *copy = strdup(names), *rest = NULL;
    enum gb_status status = copy ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory for --columns");

    for (char *name = status == GB_OK ? strtok_r(copy, ",", &rest) : NULL; status == GB_OK && name;
         name = strtok_r(NULL, ",", &rest)) {
        struct gb_estimand estimand;

        if (choice->homes) {
            if (!gb_estimand_find_of_homes(&estimand, choice->homes, name))
                status = gb_estimand_refuse_of_homes(name, err);
        } else if (strchr(name, '/'))
            status = take_ratio(&estimand, name, err);
        else if (!gb_estimand_find(&estimand, name) || gb_quantity_is_label(estimand.field))
            status = unknown(name, err);
        if (status != GB_OK)
            break;
        if (choice->n < MAX_ESTIMANDS)
            choice->estimands[choice->n++] = estimand;
    }
    if (status == GB_OK && choice->n == 0)
        status = gb_fail(err, GB_EINPUT, "--columns names no quantity; expected NAME[,NAME...]");
    free(copy);
    return status;
}

enum gb_status gb_compare_columns(struct gb_estimand **estimands, size_t *n,
                                  const struct gb_compare_request *request,
                                  const struct gb_results *results, struct gb_error *err)
{
    struct choice choice = {calloc(MAX_ESTIMANDS + 1, sizeof *choice.estimands), 0,
                            gb_home_choice_is_all(&request->homes) ? NULL : &request->of_homes};
    enum gb_status status = GB_OK;

    if (!choice.estimands)
        return gb_fail(err, GB_ENOMEM, "no memory for the quantities of a comparison");
    if (request->columns)
        status = add_named(&choice, request->columns, err);
    else if (choice.homes && request->all)
        add_all_of_homes(&choice);
    else if (choice.homes)
        add_usual_of_homes(&choice);
    else if (request->all)
        add_all(&choice);
    else
        add_usual(&choice, results);
    if (status != GB_OK) {
        free(choice.estimands);
        return status;
    }
    *estimands = choice.estimands;
    *n = choice.n;
    return GB_OK;
}
