#include "cli/quantity.h"

#include <stdbool.h>
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

static const char *label_of(const struct gb_estimand *estimand)
{
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        if (strcmp(labels[i][0], estimand->name) == 0)
            return labels[i][1];
    return estimand->field->long_name;
}

/* A part of a whole, which reads best in per cent; other ratios are of two things. */
static bool is_share(const struct gb_field *field)
{
    return field->denominator && strcmp(field->unit, "1") == 0 &&
           strcmp(field->name, "messages_per_trade") != 0;
}

struct gb_quantity gb_quantity_of(const struct gb_estimand *estimand)
{
    const struct gb_field *field = estimand->field;
    const char *label = label_of(estimand);

    if (field->kind == GB_FIELD_ENERGY)
        return (struct gb_quantity){label, "kWh", 1e-3, 3};
    if (is_share(field))
        return (struct gb_quantity){label, "%", 100.0, 2};
    if (strcmp(field->unit, "%") == 0)
        return (struct gb_quantity){label, "%", 1.0, 2};
    if (strcmp(field->unit, "ms") == 0)
        return (struct gb_quantity){label, "ms", 1.0, 1};
    if (strcmp(field->unit, "1") == 0)
        return (struct gb_quantity){label, "", 1.0, field->kind == GB_FIELD_NUMBER ? 4 : 2};
    return (struct gb_quantity){label, field->unit, 1.0, 4};
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
