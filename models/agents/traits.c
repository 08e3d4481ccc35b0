#include "models/agents/traits.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

/* Numbers of the draws at (owner, 0, 0, draw); two uniforms each. For ever, like the purposes. */
enum { DRAW_RESERVES, DRAW_SHADES, DRAW_BETA_AND_SOURCE };

static uint8_t pick_source(const struct gb_traits_config *config, double uniform)
{
    double solar = config->preference_solar;
    double wind = solar + config->preference_wind;
    double storage = wind + config->preference_storage;

    return uniform < solar     ? GB_SOURCE_SOLAR
           : uniform < wind    ? GB_SOURCE_WIND
           : uniform < storage ? GB_SOURCE_STORAGE
                               : GB_SOURCE_ANY;
}

/* Shares of D between which reserves and shades are drawn; a buyer's count from retail down. */
struct range {
    double low, high;
};
static const struct {
    struct range reserve_sell, reserve_buy, shade;
} ranges[] = {
    [GB_TRAITS_PAPER] = {{0.10, 0.50}, {0.03, 0.22}, {0.14, 0.25}},
    [GB_TRAITS_WIDE] = {{0.05, 0.60}, {0.05, 0.60}, {0.14, 0.35}},
};
const char *const gb_traits_names[] = {"paper", "wide", NULL};
const char *const gb_fees_kept_names[] = {"kept", "ignored", NULL};

/* The share of D that `uniform` picks, and its whole ticks. */
static double pick(struct range range, double uniform)
{
    return range.low + (range.high - range.low) * uniform;
}

static int64_t ticks_of(const struct gb_tariff *tariff, double share)
{
    return llround((double)(tariff->retail.ticks - tariff->feed_in.ticks) * share);
}

/* What the config says of a meter's kind. */
static const struct gb_traits_config *personal(const struct gb_traits_config *config,
                                               uint32_t meter)
{
    return config->n_kinds > 0 ? &config->kinds[config->kind_of[meter]] : config;
}

/* The config of a meter's kind with what the meter has of its own. */
static struct gb_traits_config config_of(const struct gb_traits_config *all, uint32_t meter)
{
    struct gb_traits_config config = *personal(all, meter);

    if (all->own && all->own[meter].reserve_sell.ticks != GB_PARAM_PRICE_WORD) {
        config.has_reserve_sell = true;
        config.reserve_sell = all->own[meter].reserve_sell;
    }
    if (all->own && all->own[meter].reserve_buy.ticks != GB_PARAM_PRICE_WORD) {
        config.has_reserve_buy = true;
        config.reserve_buy = all->own[meter].reserve_buy;
    }
    return config;
}

static void draw_meter(struct gb_traits *traits, uint32_t meter, const struct gb_traits_config *all,
                       struct gb_key key)
{
    const struct gb_tariff *tariff = &all->tariff;
    const struct gb_traits_config of_meter = config_of(all, meter), *config = &of_meter;
    uint32_t owner = gb_traits_draw_owner(traits, meter);
    struct gb_draw reserves = gb_draw_at(key, owner, 0, 0, DRAW_RESERVES);
    struct gb_draw shades = gb_draw_at(key, owner, 0, 0, DRAW_SHADES);
    struct gb_draw rest = gb_draw_at(key, owner, 0, 0, DRAW_BETA_AND_SOURCE);

    const struct gb_drawn_shares drawn = {
        .reserve_sell = pick(ranges[config->kind].reserve_sell, gb_draw_uniform(reserves)),
        .reserve_buy = pick(ranges[config->kind].reserve_buy, gb_draw_uniform2(reserves)),
        .shade_sell = pick(ranges[config->kind].shade, gb_draw_uniform(shades)),
        .shade_buy = pick(ranges[config->kind].shade, gb_draw_uniform2(shades)),
        .has_reserve_sell = config->has_reserve_sell,
        .has_reserve_buy = config->has_reserve_buy};

    if (traits->drawn)
        traits->drawn[meter] = drawn;
    traits->reserve_sell[meter].ticks =
        tariff->feed_in.ticks + ticks_of(tariff, drawn.reserve_sell);
    traits->reserve_buy[meter].ticks = tariff->retail.ticks - ticks_of(tariff, drawn.reserve_buy);
    if (config->has_reserve_sell)
        traits->reserve_sell[meter] = config->reserve_sell;
    if (config->has_reserve_buy)
        traits->reserve_buy[meter] = config->reserve_buy;
    traits->shade_sell[meter].ticks = ticks_of(tariff, drawn.shade_sell);
    traits->shade_buy[meter].ticks = ticks_of(tariff, drawn.shade_buy);
    gb_betas_draw(traits->betas, meter, gb_draw_uniform(rest));
    if (all->own && all->own[meter].beta_millionths >= 0)
        gb_betas_fix(traits->betas, meter, (int32_t)all->own[meter].beta_millionths);
    traits->preferred_source[meter] = pick_source(config, gb_draw_uniform2(rest));
}

static struct gb_price within(const struct gb_tariff *tariff, int64_t ticks)
{
    return ticks < tariff->feed_in.ticks  ? tariff->feed_in
           : ticks > tariff->retail.ticks ? tariff->retail
                                          : (struct gb_price){ticks};
}

/* One does otherwise than it would; nothing is drawn for that, so that all else stays. */
static void deviate(struct gb_traits *traits, const struct gb_traits_config *config)
{
    uint32_t meter = config->deviant;

    traits->deviant = config->has_deviant ? meter : GB_NO_DEVIANT;
    if (!config->has_deviant)
        return;
    traits->further_shade = config->deviant_shade;
    traits->further_reserve = config->deviant_reserve;
    if (config->deviant_beta_millionths >= 0)
        gb_betas_fix(traits->betas, meter, (int32_t)config->deviant_beta_millionths);
    if (config->tariffs)
        return; /* its reserves are those of slots */
    traits->own_reserve_sell = traits->reserve_sell[meter];
    traits->own_reserve_buy = traits->reserve_buy[meter];
    traits->reserve_sell[meter] =
        within(&config->tariff, traits->own_reserve_sell.ticks + config->deviant_reserve.ticks);
    traits->reserve_buy[meter] =
        within(&config->tariff, traits->own_reserve_buy.ticks - config->deviant_reserve.ticks);
}

/* Reserves were those of what is paid and got in all; from here on they are those of prices. Where
 * tariffs differ each slot's are (gb_reserve_of). */
static void keep_fees(struct gb_traits *traits)
{
    const struct gb_trade_fees *fees = &traits->fees;

    for (size_t i = 0; !traits->tariffs && i < traits->n; i++) {
        traits->reserve_sell[i] = gb_trade_fees_without(fees, GB_SELL, traits->reserve_sell[i]);
        traits->reserve_buy[i] = gb_trade_fees_without(fees, GB_BUY, traits->reserve_buy[i]);
    }
    traits->own_reserve_sell = gb_trade_fees_without(fees, GB_SELL, traits->own_reserve_sell);
    traits->own_reserve_buy = gb_trade_fees_without(fees, GB_BUY, traits->own_reserve_buy);
}

static enum gb_status create_betas(struct gb_betas **out, size_t n,
                                   const struct gb_traits_config *config, struct gb_error *err)
{
    if (config->n_kinds == 0)
        return gb_betas_create(out, n, &config->betas, err);
    struct gb_betas_config *configs = malloc(config->n_kinds * sizeof *configs);
    if (!configs)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu kinds of users", config->n_kinds);
    for (size_t k = 0; k < config->n_kinds; k++)
        configs[k] = config->kinds[k].betas;
    enum gb_status status =
        gb_betas_create_by_kind(out, n, configs, config->n_kinds, config->kind_of, err);
    free(configs);
    return status;
}

enum gb_status gb_traits_create(struct gb_traits **out, size_t n,
                                const struct gb_traits_config *config, struct gb_draws draws,
                                struct gb_error *err)
{
    struct gb_key key = gb_draws_key(draws, GB_PURPOSE_TRAITS);
    struct gb_traits *traits = calloc(1, sizeof *traits);
    size_t capacity = n > 0 ? n : 1;

    if (!traits)
        goto fail;
    traits->n = n;
    traits->draw_owners = config->draw_owners;
    traits->learning = gb_draws_key(draws, GB_PURPOSE_LEARNING);
    traits->mix = gb_draws_key(draws, GB_PURPOSE_MIX);
    traits->reserve_sell = gb_memory_wide(capacity, sizeof *traits->reserve_sell);
    traits->reserve_buy = gb_memory_wide(capacity, sizeof *traits->reserve_buy);
    traits->shade_sell = gb_memory_wide(capacity, sizeof *traits->shade_sell);
    traits->shade_buy = gb_memory_wide(capacity, sizeof *traits->shade_buy);
    traits->preferred_source = calloc(capacity, sizeof *traits->preferred_source);
    traits->tariffs = config->tariffs;
    traits->tariff_kinds = config->tariff_kinds;
    traits->fees = config->fees;
    if (config->tariffs)
        traits->drawn = calloc(capacity, sizeof *traits->drawn);
    if (!traits->reserve_sell || !traits->reserve_buy || !traits->shade_sell ||
        !traits->shade_buy || !traits->preferred_source || (config->tariffs && !traits->drawn))
        goto fail;
    if (create_betas(&traits->betas, n, config, err) != GB_OK) {
        gb_traits_free(traits);
        return GB_ENOMEM;
    }
    for (size_t meter = 0; meter < n; meter++)
        draw_meter(traits, (uint32_t)meter, config, key);
    deviate(traits, config);
    keep_fees(traits);
    *out = traits;
    return GB_OK;
fail:
    gb_traits_free(traits);
    return gb_fail(err, GB_ENOMEM, "no memory for the traits of %zu users", n);
}

void gb_traits_free(struct gb_traits *traits)
{
    if (!traits)
        return;
    free(traits->reserve_sell);
    free(traits->reserve_buy);
    free(traits->shade_sell);
    free(traits->shade_buy);
    gb_betas_free(traits->betas);
    free(traits->preferred_source);
    free(traits->drawn);
    free(traits);
}

const struct gb_tariff *gb_traits_tariff(const struct gb_traits *traits, int64_t interval,
                                         uint32_t meter)
{
    if (!traits->tariffs)
        return NULL;
    return gb_tariffs_at(traits->tariffs, traits->tariff_kinds ? traits->tariff_kinds[meter] : 0,
                         interval);
}

/* Of what is paid and got in all, under the slot's own tariff. */
static struct gb_price own_by_slot(const struct gb_traits *traits, int64_t interval, uint32_t meter,
                                   enum gb_side side)
{
    const struct gb_tariff *tariff = gb_traits_tariff(traits, interval, meter);
    const struct gb_drawn_shares *drawn = &traits->drawn[meter];

    if (side == GB_SELL ? drawn->has_reserve_sell : drawn->has_reserve_buy)
        return within(tariff, side == GB_SELL ? traits->reserve_sell[meter].ticks
                                              : traits->reserve_buy[meter].ticks);
    return (struct gb_price){side == GB_SELL
                                 ? tariff->feed_in.ticks + ticks_of(tariff, drawn->reserve_sell)
                                 : tariff->retail.ticks - ticks_of(tariff, drawn->reserve_buy)};
}

/* The same by which it acts. */
static struct gb_price reserve_by_slot(const struct gb_traits *traits, int64_t interval,
                                       uint32_t meter, enum gb_side side)
{
    struct gb_price own = own_by_slot(traits, interval, meter, side);
    int64_t further =
        side == GB_SELL ? traits->further_reserve.ticks : -traits->further_reserve.ticks;

    if (meter != traits->deviant)
        return own;
    return within(gb_traits_tariff(traits, interval, meter), own.ticks + further);
}

struct gb_price gb_own_reserve_of(const struct gb_traits *traits, int64_t interval,
                                  enum gb_side side)
{
    if (!traits->tariffs)
        return side == GB_SELL ? traits->own_reserve_sell : traits->own_reserve_buy;
    return gb_trade_fees_without(&traits->fees, side,
                                 own_by_slot(traits, interval, traits->deviant, side));
}

struct gb_price gb_reserve_by_slot(const struct gb_traits *traits, int64_t interval, uint32_t meter,
                                   enum gb_side side)
{
    return gb_trade_fees_without(&traits->fees, side,
                                 reserve_by_slot(traits, interval, meter, side));
}

struct gb_price gb_shade_of(const struct gb_traits *traits, int64_t interval, uint32_t meter,
                            enum gb_side side)
{
    if (!traits->tariffs)
        return side == GB_SELL ? traits->shade_sell[meter] : traits->shade_buy[meter];
    const struct gb_drawn_shares *drawn = &traits->drawn[meter];

    return (struct gb_price){ticks_of(gb_traits_tariff(traits, interval, meter),
                                      side == GB_SELL ? drawn->shade_sell : drawn->shade_buy)};
}
