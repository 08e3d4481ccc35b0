/* What the connections of homes carry: load.limit, at least four times a home's mean load. What is
 * beyond is owed, and comes as soon as the connection carries it. Hardly any home owes anything: it
 * is kept for those that do. Nothing is owed when slot 0 begins, so that it does not matter how far
 * back slots before it are computed. */
#ifndef MODELS_ASSETS_LOAD_LIMIT_H
#define MODELS_ASSETS_LOAD_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/assets/fleet.h"

struct gb_load_limits; /* closed */

/* n_seen: slots at whose ends it is kept what homes owe. fleet: borrowed. NULL: no memory */
struct gb_load_limits *gb_load_limits_create(const struct gb_fleet *fleet, size_t n_seen);
void gb_load_limits_free(struct gb_load_limits *limits);

/* Where nobody asks for the power of slot `interval`, *power_w NULL, and homes may owe of it, puts
 * there room that stays the limits'. returns whether there was memory for it */
bool gb_load_limits_lend(struct gb_load_limits *limits, int64_t interval, double **power_w);

/* Holds slot `interval`, the next one, of meters [first, first + n), a part (base/parts.h), to
 * their limits; threads may hold other parts at once.
 * row      where it is kept what they owe at its end, 0 to n_seen - 1
 * power_w  of all meters
 * most_w   the greatest of theirs; a greater one does as well
 * returns  whether there was memory for it */
bool gb_load_limits_hold(struct gb_load_limits *limits, int64_t interval, size_t row, size_t first,
                         size_t n, double most_w, double *power_w);

/* Holds what is expected of meters [first, first + n) in a slot to their limits, and adds what they
 * owe still of what they owed at the end of the slot that was seen, where all slots between are
 * expected to be like this one.
 * row      of the slot that was seen
 * between  slots between it and this one
 * power_w  of those meters
 * most_w   the greatest of them; a greater one does as well */
void gb_load_limits_believe(const struct gb_load_limits *limits, size_t row, int64_t between,
                            size_t first, size_t n, double most_w, double *power_w);

#endif
