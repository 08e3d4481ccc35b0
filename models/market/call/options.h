/* The options of call markets: what the rows of their tables are read into. */
#ifndef MODELS_MARKET_CALL_OPTIONS_H
#define MODELS_MARKET_CALL_OPTIONS_H

#include <stdint.h>

#include "models/market/books.h"
#include "models/market/limits.h"
#include "models/market/mechanism.h"

#define GB_KEY GB_PARAM_FIELD
#define GB_KEY_OF_UNIFORM GB_PARAM_FIELD
struct gb_call_options {
#include "models/market/call/options.def"
};
#undef GB_KEY
#undef GB_KEY_OF_UNIFORM

extern const struct gb_param gb_call_params[];    /* of every call market without a factor k */
extern const struct gb_param gb_uniform_params[]; /* of `uniform` */
bool gb_call_needs_source(const struct gb_market_rules *rules);
void gb_call_limit(struct gb_market_rules *rules, int64_t export_wh, int64_t import_wh);

#endif
