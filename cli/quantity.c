#include "cli/quantity.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Names for people where the schema's sentence is long. */
static const char *const labels[][2] = {
    {"buyers_cost", "buyers' cost"},
    {"sellers_revenue", "sellers' revenue"},
    {"zero_cost", "neither side's cost"},
    {"cost", "community's bill"},
    {"saving", "community's saving"},
    {"gain_per_user_day", "saving per meter and day"},
    {"buyers_saving_pct", "cut of the buyers' cost"},
    {"sellers_gain_pct", "rise of the sellers' revenue"},
    {"saving_pct", "saving over the grid-only bill"},
    {"operator_balance", "operator's balance"},
    {"n_late", "orders too late"},
    {"n_refused", "orders refused"},
    {"n_amendments_in_vain", "amendments in vain"},
    {"n_passed", "wake-ups passed"},
    {"n_missed_slots", "missed slots"},
    {"traded_wh", "traded locally"},
    {"buyers_gain_per_kwh", "gain of the buyers per kWh"},
    {"sellers_gain_per_kwh", "gain of the sellers per kWh"},
    {GB_GAP_OF_SIDES, "gain of the sellers less that of the buyers per kWh"},
    {"utility_revenue_lost", "revenue that the utility loses"},
    {"utility_purchases_avoided", "purchases that the utility avoids"},
    {"utility_margin_lost", "margin that the utility loses"},
    {"import_wh", "import of the community"},
    {"export_wh", "export of the community"},
    {"peak_import_wh", "peak import of the community in a slot"},
    {"peak_export_wh", "peak export of the community in a slot"},
};

/* Of homes that are asked about together. */
static const char *const labels_of_homes[][2] = {
    {"cost", "their bills"},
    {"n_homes", "homes"},
    {"saving", "their saving"},
    {"saving/n_homes", "saving of a home"},
    {"cost/n_homes", "bill of a home"},
    {"saving/cost_grid_only", "saving over the grid-only bill"},
    {"bought_cost/bought_wh", "mean price of what they bought"},
    {"sold_revenue/sold_wh", "mean price of what they sold"},
    {"self_consumption", "own use of their generation"},
    {"full_cycles", "equivalent full cycles of their batteries"},
};

static const char *find_label(const char *const list[][2], size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i][0], name) == 0)
            return list[i][1];
    return NULL;
}

static const char *label_of(const struct gb_estimand *estimand)
{
    const char *label =
        estimand->kinds
            ? find_label(labels_of_homes, sizeof labels_of_homes / sizeof labels_of_homes[0],
                         estimand->name)
            : find_label(labels, sizeof labels / sizeof labels[0], estimand->name);

    return label                           ? label
           : gb_estimand_is_over(estimand) ? estimand->name
                                           : estimand->field->long_name;
}

/* A part of a whole, which reads best in per cent; other ratios are of two things. */
static bool is_share(const struct gb_field *field)
{
    return field->denominator && strcmp(field->unit, "1") == 0 &&
           strcmp(field->name, "messages_per_trade") != 0;
}

static struct gb_quantity shown(const char *label, const char *unit, double scale, int decimals)
{
    struct gb_quantity out = {.label = label, .scale = scale, .decimals = decimals};

    snprintf(out.unit, sizeof out.unit, "%s", unit);
    return out;
}

static struct gb_quantity of_field(const struct gb_field *field, const char *label)
{
    if (field->kind == GB_FIELD_ENERGY)
        return shown(label, "kWh", 1e-3, 3);
    if (is_share(field))
        return shown(label, "%", 100.0, 2);
    if (strcmp(field->unit, "%") == 0)
        return shown(label, "%", 1.0, 2);
    if (strcmp(field->unit, "ms") == 0)
        return shown(label, "ms", 1.0, 1);
    if (strcmp(field->unit, "1") == 0)
        return shown(label, "", 1.0, field->kind == GB_FIELD_NUMBER ? 4 : 2);
    return shown(label, field->unit, 1.0, 4);
}

/* Do the two have one unit, or are they counts of which one is part of the other? */
static bool is_share_of_two(const struct gb_estimand *estimand)
{
    static const char *const wholes[] = {"n_orders", "n_slots", "n_meters", "n_trades"};
    bool is_of_wholes = estimand->kinds || strcmp(estimand->field->unit, "1") != 0;

    for (size_t i = 0; i < sizeof wholes / sizeof wholes[0]; i++)
        is_of_wholes |= strcmp(estimand->over->name, wholes[i]) == 0;
    return is_of_wholes && strcmp(estimand->field->unit, estimand->over->unit) == 0;
}

struct gb_quantity gb_quantity_of(const struct gb_estimand *estimand)
{
    static const struct gb_quantity second = {.scale = 1.0, .unit = "s"};
    struct gb_quantity above = of_field(estimand->field, label_of(estimand)), below = second;

    if (!gb_estimand_is_over(estimand))
        return above;
    if (estimand->over && is_share_of_two(estimand))
        return shown(above.label, "%", 100.0, 2);
    if (estimand->over)
        below = of_field(estimand->over, "");
    struct gb_quantity out = shown(above.label, "", above.scale / below.scale, 4);
    if (!above.unit[0] && !below.unit[0])
        return out;
    snprintf(out.unit, sizeof out.unit, "%.30s%s%.30s", above.unit[0] ? above.unit : "1",
             below.unit[0] ? "/" : "", below.unit);
    return out;
}

bool gb_quantity_is_label(const struct gb_field *field)
{
    static const char *const names[] = {"trial",    "seed",    "replication",   "slot_ns",
                                        "retail",   "feed_in", "retail_lowest", "feed_in_highest",
                                        "n_meters", "n_slots"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], field->name) == 0)
            return true;
    return false;
}
