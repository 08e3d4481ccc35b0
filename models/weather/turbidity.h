/* Linke turbidity through the year: one value, or twelve of months, linear in between. */
#ifndef MODELS_WEATHER_TURBIDITY_H
#define MODELS_WEATHER_TURBIDITY_H

#include <stdbool.h>
#include <stdint.h>

#define GB_TURBIDITY_SAME "none" /* in place of twelve values: the same all year */

struct gb_turbidity {
    bool has_months;
    double all_year, month[12]; /* January first */
};

/* constant  of the whole year, where the text is GB_TURBIDITY_SAME
 * months    twelve numbers from 1 to 10 between commas
 * returns   false where it is neither */
bool gb_turbidity_read(struct gb_turbidity *out, double constant, const char *months);

/* That of a day (since 1970-01-01) at noon. The value of a month is that of its middle, linear from
 * one to the next, December's to January's: as tables of monthly turbidity are read.
 * source  J. Remund, L. Wald, M. Lefevre, T. Ranchin, J. Page, Worldwide Linke turbidity
 * information, ISES Solar World Congress (2003): monthly values; linear between them is our own
 * choice */
double gb_turbidity_at(const struct gb_turbidity *turbidity, int64_t day);

#endif
