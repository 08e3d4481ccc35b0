/* What the files of the delay models share: the row of a duration. */
#ifndef BASE_DELAY_PRIV_H
#define BASE_DELAY_PRIV_H

#include "base/delay.h"
#include "base/param.h"

/* A duration of a model's config; up to 2^53 ns, which gb_delay_parse checks. */
/* clang-format off */
#define GB_DELAY_DURATION(key, config, field, example, what) \
    {key, GB_PARAM_DURATION, offsetof(config, field), example, 0, 0, NULL, NULL, GB_LAYER_CHAIN, what}
/* clang-format on */

#endif
