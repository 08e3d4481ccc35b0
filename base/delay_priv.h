/* What the files of the delay models share: the row of a duration. */
#ifndef BASE_DELAY_PRIV_H
#define BASE_DELAY_PRIV_H

#include "base/delay.h"
#include "base/param.h"

#define GB_DELAY_MAX_S 9007199.254740992 /* 2^53 ns (104 days): whole numbers in a double */

/* A duration of a model's config. */
/* clang-format off */
#define GB_DELAY_DURATION(key, config, field, example, what)                                    \
    {key, GB_PARAM_DURATION, offsetof(config, field), example, 0, GB_DELAY_MAX_S, NULL, NULL, \
     GB_LAYER_CHAIN, what}
/* clang-format on */

#endif
