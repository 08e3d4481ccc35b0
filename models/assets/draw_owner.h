/* Whose draws are whose: the owner of a home's draws is a number that a name gives, so that one
 * home more shifts nobody else's. */
#ifndef MODELS_ASSETS_DRAW_OWNER_H
#define MODELS_ASSETS_DRAW_OWNER_H

#include <stdint.h>

/* Owners are below this: they are numbers of parties on the chain, too. */
#define GB_DRAW_OWNERS (UINT32_C(1) << 28)
/* The owner of the draws of a kind's first home: what the first four bytes of the BLAKE2b hash of
 * its name leave of GB_DRAW_OWNERS. */
uint32_t gb_kind_first_owner(const char *name);

#endif
