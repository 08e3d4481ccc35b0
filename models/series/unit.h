/* Units of what stands in a series, by the words that people write for them. */
#ifndef MODELS_SERIES_UNIT_H
#define MODELS_SERIES_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum gb_unit_kind {
    GB_UNIT_POWER,
    GB_UNIT_ENERGY,
    GB_UNIT_IRRADIANCE,
    GB_UNIT_OTHER,
    GB_UNIT_PRICE /* of energy */
};

struct gb_unit {
    const char *name;
    enum gb_unit_kind kind;
    int64_t watts;       /* W or Wh in one of it, where it is power or energy */
    const char *si;      /* what others are shown in, with; of a price its currency, "": any */
    double scale, shift; /* value * scale + shift */
    int64_t ticks;       /* 1e-6 currency/kWh in one of it, where it is a price */
};

/* Is it of what adds up over a step, as energy, and not of a mean over it? */
bool gb_unit_is_of_steps(const struct gb_unit *unit);

/* The unit of that name; NULL where there is none. Letters count alike, big or small, and products
 * as they are spelled: `kW h`, `kW-h` and `kilowatt-hours` are kWh. */
const struct gb_unit *gb_unit_named(const char *name, size_t n);
/* The unit that the name of a column holds: `POWER(W)`, `PJME_MW`, `KWH/hh (per half hour)`; what
 * stands in brackets first. NULL where it names none. */
const struct gb_unit *gb_unit_in(const char *name, size_t n);
/* All names, for a message: "W, kW, ...". */
const char *gb_unit_names(void);

#endif
