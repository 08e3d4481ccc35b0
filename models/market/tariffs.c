#include "models/market/tariffs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum gb_status gb_tariffs_create(struct gb_tariffs **out, size_t n_kinds, int64_t n_slots,
                                 struct gb_error *err)
{
    struct gb_tariffs *tariffs = calloc(1, sizeof *tariffs);
    size_t n = (size_t)n_slots;

    if (tariffs && n_kinds < SIZE_MAX / sizeof *tariffs->at / n) {
        tariffs->n_kinds = n_kinds;
        tariffs->n_slots = n_slots;
        tariffs->at = calloc(n_kinds * n, sizeof *tariffs->at);
        tariffs->band = calloc(n, sizeof *tariffs->band);
    }
    if (!tariffs || !tariffs->at || !tariffs->band) {
        gb_tariffs_free(tariffs);
        return gb_fail(err, GB_ENOMEM, "no memory for the tariffs of %" PRId64 " slots", n_slots);
    }
    *out = tariffs;
    return GB_OK;
}

static void widen(struct gb_tariff *band, const struct gb_tariff *tariff)
{
    if (tariff->feed_in.ticks < band->feed_in.ticks)
        band->feed_in = tariff->feed_in;
    if (tariff->retail.ticks > band->retail.ticks)
        band->retail = tariff->retail;
}

void gb_tariffs_settle(struct gb_tariffs *tariffs)
{
    memcpy(tariffs->band, tariffs->at, (size_t)tariffs->n_slots * sizeof *tariffs->band);
    for (size_t kind = 1; kind < tariffs->n_kinds; kind++)
        for (int64_t slot = 0; slot < tariffs->n_slots; slot++)
            widen(&tariffs->band[slot], gb_tariffs_at(tariffs, kind, slot));
    tariffs->lowest_retail = tariffs->at[0].retail;
    tariffs->highest_feed_in = tariffs->at[0].feed_in;
    for (size_t i = 1; i < tariffs->n_kinds * (size_t)tariffs->n_slots; i++) {
        if (tariffs->at[i].retail.ticks < tariffs->lowest_retail.ticks)
            tariffs->lowest_retail = tariffs->at[i].retail;
        if (tariffs->at[i].feed_in.ticks > tariffs->highest_feed_in.ticks)
            tariffs->highest_feed_in = tariffs->at[i].feed_in;
    }
    tariffs->widest = tariffs->band[0];
    for (int64_t slot = 1; slot < tariffs->n_slots; slot++)
        widen(&tariffs->widest, &tariffs->band[slot]);
}

struct gb_tariffs *gb_tariffs_copy(const struct gb_tariffs *tariffs)
{
    struct gb_tariffs *copy = NULL;

    if (!tariffs || gb_tariffs_create(&copy, tariffs->n_kinds, tariffs->n_slots, NULL) != GB_OK)
        return NULL;
    memcpy(copy->at, tariffs->at, tariffs->n_kinds * (size_t)tariffs->n_slots * sizeof *copy->at);
    gb_tariffs_settle(copy);
    return copy;
}

void gb_tariffs_free(struct gb_tariffs *tariffs)
{
    if (!tariffs)
        return;
    free(tariffs->at);
    free(tariffs->band);
    free(tariffs);
}

static struct gb_tariff_arbitrage extremes_of(const struct gb_tariffs *tariffs, int64_t slot)
{
    struct gb_tariff_arbitrage out = {.slot = slot,
                                      .feed_in = gb_tariffs_at(tariffs, 0, slot)->feed_in,
                                      .retail = gb_tariffs_at(tariffs, 0, slot)->retail};

    for (size_t kind = 1; kind < tariffs->n_kinds; kind++) {
        const struct gb_tariff *tariff = gb_tariffs_at(tariffs, kind, slot);

        if (tariff->feed_in.ticks > out.feed_in.ticks) {
            out.feed_in = tariff->feed_in;
            out.feed_in_kind = kind;
        }
        if (tariff->retail.ticks < out.retail.ticks) {
            out.retail = tariff->retail;
            out.retail_kind = kind;
        }
    }
    return out;
}

bool gb_tariffs_have_arbitrage(const struct gb_tariffs *tariffs, struct gb_tariff_arbitrage *out)
{
    for (int64_t slot = 0; slot < tariffs->n_slots; slot++) {
        *out = extremes_of(tariffs, slot);
        if (out->feed_in.ticks > out->retail.ticks)
            return true;
    }
    return false;
}
