#include "models/assets/kinds.h"

#include <stdlib.h>
#include <string.h>

#include "models/assets/listed.h"

struct gb_kind *gb_kinds_of(const struct gb_physics_config *config, size_t *n_kinds)
{
    size_t n = config->n_kinds > 0 ? config->n_kinds : 1;
    struct gb_kind *kinds = calloc(n, sizeof *kinds);

    if (!kinds)
        return NULL;
    *n_kinds = n;
    if (config->n_kinds > 0)
        memcpy(kinds, config->kinds, n * sizeof *kinds);
    else
        *kinds = (struct gb_kind){.n_meters = config->fleet.n_meters,
                                  .n_homes = config->fleet.n_meters,
                                  .pv = config->pv,
                                  .turbine = config->turbine,
                                  .household = config->household,
                                  .battery = config->battery,
                                  .ev = config->ev,
                                  .heat_pump = config->heat_pump,
                                  .connection = config->connection};
    return kinds;
}

bool gb_kinds_overlap(const struct gb_kind *a, const struct gb_kind *b)
{
    return (b->first_owner - a->first_owner) % GB_DRAW_OWNERS < (uint64_t)a->n_meters ||
           (a->first_owner - b->first_owner) % GB_DRAW_OWNERS < (uint64_t)b->n_meters;
}

enum gb_status gb_draw_owners(uint32_t **out, const struct gb_physics_config *config,
                              struct gb_error *err)
{
    size_t n = (size_t)config->fleet.n_meters, meter = 0;
    uint32_t *owners = malloc((n + 1) * sizeof *owners);

    if (!owners)
        return gb_fail(err, GB_ENOMEM, "no memory for the draws of %zu meters", n);
    for (; config->listed && meter < n; meter++)
        owners[meter] = config->listed[meter].draw_owner;
    for (size_t k = 0; !config->listed && k < config->n_kinds; k++)
        for (int64_t i = 0; i < config->kinds[k].n_meters; i++)
            owners[meter++] = (config->kinds[k].first_owner + (uint32_t)i) % GB_DRAW_OWNERS;
    for (; meter < n; meter++)
        owners[meter] = (uint32_t)meter;
    *out = owners;
    return GB_OK;
}

enum gb_status gb_kinds_of_meters(uint32_t **out, const struct gb_physics_config *config,
                                  struct gb_error *err)
{
    size_t n = (size_t)config->fleet.n_meters, meter = 0;
    uint32_t *kinds = calloc(n + 1, sizeof *kinds);

    if (!kinds)
        return gb_fail(err, GB_ENOMEM, "no memory for the kinds of %zu meters", n);
    for (; config->listed && meter < n; meter++)
        kinds[meter] = config->listed[meter].settings;
    for (size_t k = 0; !config->listed && k < config->n_kinds; k++)
        for (int64_t i = 0; i < config->kinds[k].n_meters; i++)
            kinds[meter++] = (uint32_t)k;
    *out = kinds;
    return GB_OK;
}

bool gb_physics_are_equal(const struct gb_physics_config *a, const struct gb_physics_config *b)
{
    struct gb_physics_config other;

    memcpy(&other, b, sizeof other);
    if (a->n_kinds != b->n_kinds || !a->listed != !b->listed)
        return false;
    other.kinds = a->kinds;
    other.listed = a->listed;
    const void *left = a, *right = &other, *kinds = a->kinds, *others = b->kinds;
    const void *listed = a->listed, *others_listed = b->listed;
    return memcmp(left, right, sizeof other) == 0 &&
           (a->n_kinds == 0 || memcmp(kinds, others, a->n_kinds * sizeof *a->kinds) == 0) &&
           (!listed ||
            memcmp(listed, others_listed, (size_t)a->fleet.n_meters * sizeof *a->listed) == 0);
}
