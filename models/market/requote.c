#include "models/market/requote.h"

#include <assert.h>
#include <stddef.h>

const char *const gb_anchor_names[] = {"marginal_quote", "extreme_trade", "marginal_quote_filled",
                                       "last_trade",     "vwap",          NULL};

struct gb_price gb_requote_towards(const struct gb_order *order, int64_t beta_millionths,
                                   const struct gb_anchors *anchors)
{
    int64_t beta =
        order->beta_millionths == GB_BETA_OF_MARKET ? beta_millionths : order->beta_millionths;
    struct gb_price quote = order->type == GB_ORDER_MARKET ? order->reserve : order->price;

    if (order->side == GB_SELL)
        return anchors->has_ask ? gb_requote_ask(beta, quote, anchors->ask, order->reserve) : quote;
    return anchors->has_bid ? gb_requote_bid(beta, quote, anchors->bid, order->reserve) : quote;
}

static void raise_to(struct gb_price *high, struct gb_price price, bool is_first)
{
    if (is_first || price.ticks > high->ticks)
        *high = price;
}

static void lower_to(struct gb_price *low, struct gb_price price, bool is_first)
{
    if (is_first || price.ticks < low->ticks)
        *low = price;
}

void gb_trade_statistics_add(struct gb_trade_statistics *statistics, struct gb_price ask,
                             struct gb_price bid, struct gb_price price, struct gb_energy energy,
                             bool ask_is_filled, bool bid_is_filled)
{
    raise_to(&statistics->high_ask, ask, !statistics->has_trade);
    lower_to(&statistics->low_bid, bid, !statistics->has_trade);
    raise_to(&statistics->high_price, price, !statistics->has_trade);
    lower_to(&statistics->low_price, price, !statistics->has_trade);
    statistics->has_trade = true;
    statistics->last_price = price;
    statistics->value += (__int128)price.ticks * energy.wh;
    statistics->volume += energy.wh;
    if (ask_is_filled) {
        raise_to(&statistics->high_filled_ask, ask, !statistics->has_filled_ask);
        statistics->has_filled_ask = true;
    }
    if (bid_is_filled) {
        lower_to(&statistics->low_filled_bid, bid, !statistics->has_filled_bid);
        statistics->has_filled_bid = true;
    }
}

void gb_trade_statistics_merge(struct gb_trade_statistics *statistics,
                               const struct gb_trade_statistics *later)
{
    bool is_first = !statistics->has_trade;

    if (!later->has_trade)
        return;
    raise_to(&statistics->high_ask, later->high_ask, is_first);
    lower_to(&statistics->low_bid, later->low_bid, is_first);
    raise_to(&statistics->high_price, later->high_price, is_first);
    lower_to(&statistics->low_price, later->low_price, is_first);
    statistics->has_trade = true;
    statistics->last_price = later->last_price;
    statistics->value += later->value;
    statistics->volume += later->volume;
    if (later->has_filled_ask)
        raise_to(&statistics->high_filled_ask, later->high_filled_ask, !statistics->has_filled_ask);
    if (later->has_filled_bid)
        lower_to(&statistics->low_filled_bid, later->low_filled_bid, !statistics->has_filled_bid);
    statistics->has_filled_ask |= later->has_filled_ask;
    statistics->has_filled_bid |= later->has_filled_bid;
}

/* Volume-weighted. */
static struct gb_price mean_price(__int128 value, __int128 volume)
{
    return (struct gb_price){(int64_t)gb_divide_wide_half_even(value, volume)};
}

struct gb_anchors gb_trade_statistics_anchors(const struct gb_trade_statistics *statistics,
                                              enum gb_anchor anchor)
{
    struct gb_price mean;

    assert(statistics->has_trade);
    switch (anchor) {
    case GB_ANCHOR_MARGINAL_QUOTE:
        return (struct gb_anchors){1, 1, statistics->high_ask, statistics->low_bid};
    case GB_ANCHOR_EXTREME_TRADE:
        return (struct gb_anchors){1, 1, statistics->high_price, statistics->low_price};
    case GB_ANCHOR_MARGINAL_QUOTE_FILLED:
        return (struct gb_anchors){statistics->has_filled_ask, statistics->has_filled_bid,
                                   statistics->high_filled_ask, statistics->low_filled_bid};
    case GB_ANCHOR_LAST_TRADE:
        return (struct gb_anchors){1, 1, statistics->last_price, statistics->last_price};
    case GB_ANCHOR_VWAP:
        mean = mean_price(statistics->value, statistics->volume);
        return (struct gb_anchors){1, 1, mean, mean};
    }
    assert(!"an anchor of the list");
    return (struct gb_anchors){0};
}
