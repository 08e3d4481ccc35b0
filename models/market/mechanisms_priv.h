/* The members of the registry of mechanisms, each defined in the file of its name. */
#ifndef MODELS_MARKET_MECHANISMS_PRIV_H
#define MODELS_MARKET_MECHANISMS_PRIV_H

#include "models/market/mechanism.h"

extern const struct gb_mechanism gb_mechanism_two_round;
extern const struct gb_mechanism gb_mechanism_grid_only;

#endif
