#include "models/market/call/options.h"

#include <string.h>

#define GB_KEY(...) GB_PARAM_ROW(struct gb_call_options, __VA_ARGS__)
#define GB_KEY_OF_UNIFORM(...)

const struct gb_param gb_call_params[] = {
#include "models/market/call/options.def"
    {0},
};

#undef GB_KEY_OF_UNIFORM
#define GB_KEY_OF_UNIFORM GB_KEY

const struct gb_param gb_uniform_params[] = {
#include "models/market/call/options.def"
    {0},
};

bool gb_call_needs_source(const struct gb_market_rules *rules)
{
    struct gb_call_options options;

    memcpy(&options, rules->options, sizeof options);
    return options.books == GB_BOOKS_BY_SOURCE;
}

void gb_call_limit(struct gb_market_rules *rules, int64_t export_wh, int64_t import_wh)
{
    struct gb_call_options options;

    memcpy(&options, rules->options, sizeof options);
    options.export_limit_wh = gb_limit_or(options.export_limit_wh, export_wh);
    options.import_limit_wh = gb_limit_or(options.import_limit_wh, import_wh);
    memcpy(rules->options, &options, sizeof options);
}
