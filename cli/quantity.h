/* How what is estimated of a cell is named and shown to people: label, unit, scale and digits. */
#ifndef CLI_QUANTITY_H
#define CLI_QUANTITY_H

#include <stdbool.h>

#include "analysis/estimand.h"
#include "analysis/schema.h"

struct gb_quantity {
    const char *label; /* "buyers' cost"; borrowed from the estimand, where it has a name alone */
    double scale;      /* from the estimand's unit to the one shown */
    int decimals;
    char unit[GB_ESTIMAND_UNIT_SIZE]; /* as shown: "kWh", "%", "" of a count */
};

/* Of a number; of one column over another in the one unit for each of the other, of equal units in
 * %. */
struct gb_quantity gb_quantity_of(const struct gb_estimand *estimand);
/* Whether a field says what a trial was rather than what came of it: its number, seed, tariff. */
bool gb_quantity_is_label(const struct gb_field *field);

#endif
