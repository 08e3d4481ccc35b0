/* Tariffs that differ: by slot, and by kind of household. One that is the same for everybody at all
 * times needs none of this: it is a struct gb_tariff. */
#ifndef MODELS_MARKET_TARIFFS_H
#define MODELS_MARKET_TARIFFS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "models/market/tariff.h"

#define GB_TARIFFS_MOST (UINT32_C(1) << 24) /* kinds by slots: a minute each for 31 years */

struct gb_tariffs { /* written by tariffs.c, but for `at` before it is settled */
    size_t n_kinds; /* at least 1 */
    int64_t n_slots;
    struct gb_tariff *at;    /* of kind k in slot s: at[k * n_slots + s] */
    struct gb_tariff *band;  /* of a slot: the lowest feed-in and the highest retail of all kinds */
    struct gb_tariff widest; /* the same over all slots */
    struct gb_price lowest_retail, highest_feed_in; /* of all kinds and slots */
};

/* All at 0, to be filled in and settled; GB_ENOMEM. The caller frees it. */
enum gb_status gb_tariffs_create(struct gb_tariffs **out, size_t n_kinds, int64_t n_slots,
                                 struct gb_error *err);
/* Bands, from the tariffs of all kinds and slots. */
void gb_tariffs_settle(struct gb_tariffs *tariffs);
/* NULL of NULL, and without memory. */
struct gb_tariffs *gb_tariffs_copy(const struct gb_tariffs *tariffs);
void gb_tariffs_free(struct gb_tariffs *tariffs);

/* A slot in which somebody could buy from the grid what somebody else sells to it for more. */
struct gb_tariff_arbitrage {
    int64_t slot;
    size_t feed_in_kind, retail_kind; /* the highest feed-in, the lowest retail */
    struct gb_price feed_in, retail;
};
/* The first of them. returns false where there is none */
bool gb_tariffs_have_arbitrage(const struct gb_tariffs *tariffs, struct gb_tariff_arbitrage *out);

/* Slots before the first and behind the last have their tariffs. */
static inline int64_t gb_tariffs_slot(const struct gb_tariffs *tariffs, int64_t slot)
{
    return slot < 0 ? 0 : slot < tariffs->n_slots ? slot : tariffs->n_slots - 1;
}

static inline const struct gb_tariff *gb_tariffs_at(const struct gb_tariffs *tariffs, size_t kind,
                                                    int64_t slot)
{
    return &tariffs->at[(int64_t)kind * tariffs->n_slots + gb_tariffs_slot(tariffs, slot)];
}

static inline const struct gb_tariff *gb_tariffs_band(const struct gb_tariffs *tariffs,
                                                      int64_t slot)
{
    return &tariffs->band[gb_tariffs_slot(tariffs, slot)];
}

#endif
