/* What kind of trader a user is: reserves, shades, own beta and preferred source, drawn once a
 * replication by keyed draws, so that neither another meter nor another beta shifts anybody's.
 * source  rules, section 6 (calibrated on Table 1 of the paper) */
#ifndef MODELS_AGENTS_TRAITS_H
#define MODELS_AGENTS_TRAITS_H

#include "base/draws.h"
#include "base/status.h"
#include "models/agents/betas.h"
#include "models/agents/strategy.h"

enum gb_traits_kind { GB_TRAITS_PAPER, GB_TRAITS_WIDE };
extern const char *const gb_traits_names[]; /* in the order of the enum, then NULL */

/* What one meter has of its own, whatever its kind: prices, or GB_PARAM_PRICE_WORD; a factor, or
 * below 0. */
struct gb_own_traits {
    struct gb_price reserve_sell, reserve_buy;
    int64_t beta_millionths;
};

/* agents.fees: does an agent's reserve leave place for its part of the fees of a trade? */
enum gb_fees_kept { GB_FEES_KEPT, GB_FEES_IGNORED };
extern const char *const gb_fees_kept_names[]; /* in the order of the enum, then NULL */

struct gb_traits_config {
    enum gb_traits_kind kind;
    /* Reserves that are not drawn; the draws are made all the same, so that none moves. Where
     * tariffs differ they are held within the slot's own. */
    bool has_reserve_sell, has_reserve_buy;
    struct gb_price reserve_sell, reserve_buy;
    struct gb_tariff tariff;   /* of everybody, always */
    struct gb_trade_fees fees; /* of trades, as far as agents keep them of their reserves */
    /* Unless they differ: borrowed for the traits' life; NULL: they do not. And of which kind each
     * meter's is; NULL: all of the first. */
    const struct gb_tariffs *tariffs;
    const uint32_t *tariff_kinds;
    /* Owners of the meters' draws, borrowed for the traits' life; NULL: their numbers. */
    const uint32_t *draw_owners;
    /* shares of buyers who ask for one source, 0 to 1, together at most 1; the rest asks for any */
    double preference_solar, preference_wind, preference_storage;
    struct gb_betas_config betas;
    /* Kinds of households: of these the members above but tariff and draw_owners, and of each meter
     * which it is of; borrowed, kind_of for the traits' life. n_kinds 0: all are as above. */
    size_t n_kinds;
    const struct gb_traits_config *kinds;
    const uint32_t *kind_of;
    /* Of each meter; borrowed for the call; NULL: none has anything of its own. */
    const struct gb_own_traits *own;
    /* One who does otherwise, if there is one; a beta below 0 is what it would have, too. */
    bool has_deviant;
    uint32_t deviant;
    int64_t deviant_beta_millionths;
    struct gb_price deviant_shade, deviant_reserve; /* to its advantage */
};

/* Traits of n meters; the caller frees them. */
enum gb_status gb_traits_create(struct gb_traits **out, size_t n,
                                const struct gb_traits_config *config, struct gb_draws draws,
                                struct gb_error *err);
void gb_traits_free(struct gb_traits *traits);
/* Reserve and shade of a meter on a side in an interval. With fees, the reserve is that of its
 * quotes: the price at which, its own fees paid, a trade is worth no more to it than what it was
 * ready for; it may lie beyond the tariff, where no trade is worth anything to it. */
struct gb_price gb_reserve_by_slot(const struct gb_traits *traits, int64_t interval, uint32_t meter,
                                   enum gb_side side); /* where tariffs differ */
static inline struct gb_price gb_reserve_of(const struct gb_traits *traits, int64_t interval,
                                            uint32_t meter, enum gb_side side)
{
    if (!traits->tariffs)
        return side == GB_SELL ? traits->reserve_sell[meter] : traits->reserve_buy[meter];
    return gb_reserve_by_slot(traits, interval, meter, side);
}
/* The reserve that the one who does otherwise (gb_traits.deviant) would have by itself. */
struct gb_price gb_own_reserve_of(const struct gb_traits *traits, int64_t interval,
                                  enum gb_side side);
/* Its reserve is asked for soon: fetches it, where it is not worked out by slot. */
static inline void gb_traits_look_ahead(const struct gb_traits *traits, uint32_t meter,
                                        enum gb_side side)
{
    if (!traits->tariffs)
        __builtin_prefetch(side == GB_SELL ? &traits->reserve_sell[meter]
                                           : &traits->reserve_buy[meter]);
}
struct gb_price gb_shade_of(const struct gb_traits *traits, int64_t interval, uint32_t meter,
                            enum gb_side side);
/* The grid's prices to a meter in an interval, where tariffs differ; NULL where they do not. */
const struct gb_tariff *gb_traits_tariff(const struct gb_traits *traits, int64_t interval,
                                         uint32_t meter);

#endif
