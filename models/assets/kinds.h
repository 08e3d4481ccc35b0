/* Kinds of households: what each home of a kind owns, and how its own config differs from that of
 * the others. Meters stand kind by kind, in the order of the kinds, so that those of one kind are
 * neighbours. Behind the kinds stand the settings of rows of a list that say otherwise than theirs
 * (models/assets/listed.h): each is that kind with other values, and its meters stand among those
 * of the kind. A scenario without kinds is one of a single kind whose homes draw what they own.
 *
 * A home's draws are addressed by the name of its kind and its ordinal within it, so that one home
 * more of a kind, or another kind beside it, shifts nobody else's: the owner of its draws is a
 * number that the name gives, plus the ordinal. Without kinds it is the number of the meter. */
#ifndef MODELS_ASSETS_KINDS_H
#define MODELS_ASSETS_KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "models/assets/draw_owner.h"
#include "models/assets/physics_config.h"

/* The kinds of a config, which the caller frees; one of all meters where it names none, which owns
 * nothing for certain.
 * returns NULL without memory */
struct gb_kind *gb_kinds_of(const struct gb_physics_config *config, size_t *n_kinds);
/* Would two homes of these kinds share their draws? */
bool gb_kinds_overlap(const struct gb_kind *a, const struct gb_kind *b);
/* The owner of every meter's draws, n_meters of them, which the caller frees. GB_ENOMEM */
enum gb_status gb_draw_owners(uint32_t **out, const struct gb_physics_config *config,
                              struct gb_error *err);
/* The kind of every meter, by its place in the config, n_meters of them, which the caller frees.
 * GB_ENOMEM */
enum gb_status gb_kinds_of_meters(uint32_t **out, const struct gb_physics_config *config,
                                  struct gb_error *err);
/* Do two configs say the same of physics? Padding between members may differ where all members are
 * equal: then they seem not to. */
bool gb_physics_are_equal(const struct gb_physics_config *a, const struct gb_physics_config *b);

#endif
