#include "models/agents/outside_priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

_Static_assert((int)GRIDBOURSE_AMENDMENT == (int)GB_ABOUT_AMENDMENT &&
                   (int)GRIDBOURSE_CANCEL == (int)GB_ABOUT_CANCEL &&
                   (int)GRIDBOURSE_LATE == (int)GB_ANSWER_LATE &&
                   (int)GRIDBOURSE_SUPERSEDED == (int)GB_ANSWER_SUPERSEDED &&
                   (int)GRIDBOURSE_ALREADY_DONE == (int)GB_ANSWER_ALREADY_DONE,
               "users see what messages are about, and their answers");
_Static_assert((int)GRIDBOURSE_BUY == (int)GB_BUY && (int)GRIDBOURSE_SELL == (int)GB_SELL &&
                   GRIDBOURSE_BETA_OF_MARKET == GB_BETA_OF_MARKET,
               "users see the sides and betas of the market");

/* The columns of a batch as users see them, in the order of struct outside's arrays. */
enum {
    RESERVE,
    FEED_IN,
    RETAIL,
    QUOTE,
    STANDING,
    LAST_PRICE,
    BEST_BID,
    BEST_ASK,
    TOTAL,
    N_COLUMNS
};

struct outside {
    struct gb_outside_source source;
    struct gridbourse_market market;
    void *own; /* the strategy's state */
    bool is_open;
    struct gb_error *failure;
    struct gb_tariff tariff; /* everybody's, where tariffs do not differ */
    char why[GB_OUTSIDE_WHY_SIZE];
    int64_t *reserves; /* per meter: to buy, then to sell */
    size_t capacity;   /* scratch, of a batch */
    int64_t *columns[N_COLUMNS];
    double *uniform;
    uint8_t *standing;
    size_t n_shouts, n_fills, n_receipts; /* capacities */
    struct gridbourse_shout *shouts;
    struct gridbourse_fill *fills;
    struct gridbourse_receipt *receipts;
};

char *gb_outside_beside(const char *folder, const char *name)
{
    bool is_beside = folder && name[0] != '/';
    size_t size = (is_beside ? strlen(folder) : 0) + strlen(name) + 4;
    char *path = malloc(size);

    /* with a slash in any case: else dlopen() would look elsewhere */
    if (path)
        snprintf(path, size, "%s%s%s",
                 is_beside        ? folder
                 : name[0] == '/' ? ""
                                  : ".",
                 name[0] == '/' ? "" : "/", name);
    return path;
}

/* ---- failures */

static bool has_failed(const struct outside *outside)
{
    return outside->failure->status != GB_OK;
}

/* Did the call end well? If not, the run ends with what the strategy says of it. */
static bool went_well(struct outside *outside, int code, const char *call)
{
    if (code == 0)
        return true;
    outside->why[sizeof outside->why - 1] = '\0';
    if (outside->why[0])
        gb_fail(outside->failure, GB_EREFUSED, "the %s '%s': %s", outside->source.kind,
                outside->source.name, outside->why);
    else
        gb_fail(outside->failure, GB_EREFUSED,
                "the %s '%s': %s() returned %d and wrote no reason (market->why)",
                outside->source.kind, outside->source.name, call, code);
    return false;
}

/* The quote of element i of a batch. */
static void refuse_price(struct outside *outside, size_t i, int64_t interval, uint32_t meter,
                         uint8_t side)
{
    char given[32], lowest[32], highest[32];
    int64_t *const *columns = outside->columns;

    gb_fail(outside->failure, GB_EREFUSED,
            "the %s '%s' quotes %s for meter %" PRIu32 ", which %s in slot %" PRId64
            "; expected a price within %s, %s to %s",
            outside->source.kind, outside->source.name,
            gb_format_decimal(columns[QUOTE][i], 6, given, sizeof given), meter,
            side == GB_SELL ? "sells" : "buys", interval,
            outside->market.reserve_buy ? "the band" : "its own tariff of the slot",
            gb_format_decimal(columns[FEED_IN][i], 6, lowest, sizeof lowest),
            gb_format_decimal(columns[RETAIL][i], 6, highest, sizeof highest));
}

/* Hands the quotes out if every one lies within its meter's tariff; `instead` where they do not. */
static void take_quotes(struct outside *outside, int64_t interval, size_t n, const uint32_t *meter,
                        const uint8_t *side, const int64_t *instead, struct gb_price *quote_out)
{
    const int64_t *quote = outside->columns[QUOTE];

    for (size_t i = 0; i < n && !has_failed(outside); i++)
        if (quote[i] < outside->columns[FEED_IN][i] || quote[i] > outside->columns[RETAIL][i])
            refuse_price(outside, i, interval, meter[i], side[i]);
    for (size_t i = 0; i < n; i++)
        quote_out[i].ticks = has_failed(outside) ? instead[i] : quote[i];
}

/* Hands on what orders are for from now on, if none is for more than it was. */
static void take_totals(struct outside *outside, const struct gb_requote_batch *batch)
{
    const int64_t *total = outside->columns[TOTAL];

    for (size_t i = 0; i < batch->n && !has_failed(outside); i++)
        if (total[i] < 0 || total[i] > batch->total_wh[i])
            gb_fail(outside->failure, GB_EREFUSED,
                    "the %s '%s' wants an order of meter %" PRIu32 " in slot %" PRId64
                    " to be for %" PRId64 " Wh; expected 0 to %" PRId64
                    ", for an amendment takes energy back and adds none",
                    outside->source.kind, outside->source.name, batch->meter[i], batch->interval,
                    total[i], batch->total_wh[i]);
    if (!has_failed(outside))
        memcpy(batch->total_wh, total, batch->n * sizeof *total);
}

static void take_betas(struct outside *outside, const struct gb_quote_batch *batch, int32_t *beta)
{
    for (size_t i = 0; i < batch->n && !has_failed(outside); i++)
        if (beta[i] != GB_BETA_OF_MARKET && (beta[i] < 0 || beta[i] > GB_MILLIONTHS))
            gb_fail(outside->failure, GB_EREFUSED,
                    "the %s '%s' gives meter %" PRIu32 " a beta of %" PRId32
                    " millionths in slot %" PRId64 "; expected 0 to %" PRId64
                    ", or %d for the market's",
                    outside->source.kind, outside->source.name, batch->meter[i], beta[i],
                    batch->interval, GB_MILLIONTHS, GB_BETA_OF_MARKET);
    if (has_failed(outside))
        for (size_t i = 0; i < batch->n; i++)
            beta[i] = GB_BETA_OF_MARKET;
}

/* ---- scratch */

static bool reserve_columns(struct outside *outside, size_t n)
{
    size_t capacity = gb_array_next_capacity(outside->capacity, n);

    if (n <= outside->capacity)
        return true;
    for (int c = 0; c < N_COLUMNS; c++) {
        int64_t *grown =
            gb_array_resize(outside->columns[c], capacity, sizeof *outside->columns[c]);
        if (!grown)
            goto fail;
        outside->columns[c] = grown;
    }
    double *uniform = gb_array_resize(outside->uniform, capacity, sizeof *uniform);
    if (!uniform)
        goto fail;
    outside->uniform = uniform;
    uint8_t *standing = gb_array_resize(outside->standing, capacity, sizeof *standing);
    if (!standing)
        goto fail;
    outside->standing = standing;
    outside->capacity = capacity;
    return true;
fail:
    gb_fail(outside->failure, GB_ENOMEM, "no memory for a batch of %zu orders", n);
    return false;
}

/* ---- the family's functions */

/* Fills what both kinds of batches have, and what is quoted where nothing is answered. */
static void fill_columns(struct outside *outside, const struct gb_traits *traits, int64_t interval,
                         size_t n, const uint32_t *meter, const uint8_t *side)
{
    for (size_t i = 0; i < n; i++) {
        const struct gb_tariff *own = gb_traits_tariff(traits, interval, meter[i]);

        own = own ? own : &outside->tariff;
        outside->columns[FEED_IN][i] = own->feed_in.ticks;
        outside->columns[RETAIL][i] = own->retail.ticks;
        outside->columns[RESERVE][i] = outside->columns[QUOTE][i] =
            gb_reserve_of(traits, interval, meter[i], (enum gb_side)side[i]).ticks;
    }
}

void gb_outside_quote(const void *config, void *state, const struct gb_traits *traits,
                      const struct gb_quote_batch *batch, struct gb_price *quote_out,
                      int32_t *beta_out)
{
    struct outside *outside = state;

    (void)config;
    if (batch->n == 0 || has_failed(outside) || !reserve_columns(outside, batch->n))
        return;
    fill_columns(outside, traits, batch->interval, batch->n, batch->meter, batch->side);
    gb_quote_betas(traits, batch, beta_out);
    for (size_t i = 0; i < batch->n; i++)
        outside->uniform[i] =
            gb_draw_uniform(gb_draw_at(batch->key, gb_traits_draw_owner(traits, batch->meter[i]),
                                       batch->part[i], (uint32_t)batch->interval, 0));
    struct gridbourse_quotes quotes = {.slot = batch->interval,
                                       .n = batch->n,
                                       .meter = batch->meter,
                                       .side = batch->side,
                                       .part = batch->part,
                                       .reserve = outside->columns[RESERVE],
                                       .feed_in = outside->columns[FEED_IN],
                                       .retail = outside->columns[RETAIL],
                                       .energy_wh = batch->energy_wh,
                                       .uniform = outside->uniform,
                                       .quote = outside->columns[QUOTE],
                                       .beta = beta_out};
    went_well(outside, outside->source.strategy->quote(outside->own, &quotes), "quote");
    take_quotes(outside, batch->interval, batch->n, batch->meter, batch->side,
                outside->columns[RESERVE], quote_out);
    take_betas(outside, batch, beta_out);
}

static int64_t price_or_none(bool is_known, struct gb_price price)
{
    return is_known ? price.ticks : GRIDBOURSE_NO_PRICE;
}

static void fill_knowledge(struct outside *outside, const struct gb_traits *traits,
                           const struct gb_requote_batch *batch)
{
    for (size_t i = 0; i < batch->n; i++) {
        const struct gb_market_knowledge *known = batch->knowledge[i];

        outside->columns[QUOTE][i] = outside->columns[STANDING][i] = batch->quote[i].ticks;
        outside->columns[TOTAL][i] = batch->total_wh[i];
        outside->columns[LAST_PRICE][i] =
            price_or_none(known->trades.has_trade, known->trades.last_price);
        outside->columns[BEST_BID][i] = price_or_none(known->has_bid, known->best_bid);
        outside->columns[BEST_ASK][i] = price_or_none(known->has_ask, known->best_ask);
        outside->uniform[i] = gb_draw_uniform(
            gb_draw_at(batch->key, gb_traits_draw_owner(traits, batch->meter[i]), batch->part[i],
                       (uint32_t)batch->interval, batch->wake_up[i]));
    }
}

void gb_outside_requote(const void *config, void *state, const struct gb_traits *traits,
                        const struct gb_requote_batch *batch, struct gb_price *quote_out)
{
    struct outside *outside = state;

    (void)config;
    for (size_t i = 0; i < batch->n; i++)
        quote_out[i] = batch->quote[i];
    if (!outside->source.strategy->requote || batch->n == 0 || has_failed(outside) ||
        !reserve_columns(outside, batch->n))
        return;
    fill_columns(outside, traits, batch->interval, batch->n, batch->meter, batch->side);
    fill_knowledge(outside, traits, batch);
    struct gridbourse_requotes requotes = {.slot = batch->interval,
                                           .n = batch->n,
                                           .meter = batch->meter,
                                           .side = batch->side,
                                           .part = batch->part,
                                           .wake_up = batch->wake_up,
                                           .elapsed = batch->elapsed,
                                           .reserve = outside->columns[RESERVE],
                                           .feed_in = outside->columns[FEED_IN],
                                           .retail = outside->columns[RETAIL],
                                           .standing = outside->columns[STANDING],
                                           .last_price = outside->columns[LAST_PRICE],
                                           .best_bid = outside->columns[BEST_BID],
                                           .best_ask = outside->columns[BEST_ASK],
                                           .filled_wh = batch->filled_wh,
                                           .uniform = outside->uniform,
                                           .quote = outside->columns[QUOTE],
                                           .total_wh = outside->columns[TOTAL]};
    went_well(outside, outside->source.strategy->requote(outside->own, &requotes), "requote");
    take_quotes(outside, batch->interval, batch->n, batch->meter, batch->side,
                outside->columns[STANDING], quote_out);
    take_totals(outside, batch);
}

static bool fill_shouts(struct outside *outside, const struct gb_market_news *news)
{
    struct gridbourse_shout *shouts =
        gb_array_grow(outside->shouts, &outside->n_shouts, news->n_shouts, sizeof *shouts);

    if (!shouts && news->n_shouts > 0) {
        gb_fail(outside->failure, GB_ENOMEM, "no memory for %zu shouts", news->n_shouts);
        return false;
    }
    outside->shouts = shouts;
    for (size_t i = 0; i < news->n_shouts; i++) {
        const struct gb_shout *shout = &news->shouts[i];

        shouts[i] =
            (struct gridbourse_shout){.quote = shout->quote.ticks,
                                      .price = price_or_none(shout->is_accepted, shout->price),
                                      .energy_wh = shout->energy.wh,
                                      .side = shout->side,
                                      .source = shout->source};
    }
    return true;
}

static bool fill_own(struct outside *outside, const struct gb_market_news *news)
{
    struct gridbourse_fill *fills =
        gb_array_grow(outside->fills, &outside->n_fills, news->n_fills, sizeof *fills);
    struct gridbourse_receipt *receipts =
        gb_array_grow(outside->receipts, &outside->n_receipts, news->n_answers, sizeof *receipts);

    if (fills)
        outside->fills = fills;
    if (receipts)
        outside->receipts = receipts;
    if ((!fills && news->n_fills > 0) || (!receipts && news->n_answers > 0)) {
        gb_fail(outside->failure, GB_ENOMEM, "no memory for %zu fills and %zu receipts",
                news->n_fills, news->n_answers);
        return false;
    }
    for (size_t i = 0; i < news->n_fills; i++) {
        const struct gb_fill *fill = &news->fills[i];

        fills[i] = (struct gridbourse_fill){.meter = fill->meter,
                                            .side = fill->side,
                                            .energy_wh = fill->energy.wh,
                                            .price = fill->price.ticks};
    }
    for (size_t i = 0; i < news->n_answers; i++) {
        const struct gb_answer *answer = &news->answers[i];

        receipts[i] =
            (struct gridbourse_receipt){answer->meter, answer->part, answer->about, answer->answer};
    }
    return true;
}

void gb_outside_observe(const void *config, void *state, const struct gb_traits *traits,
                        const struct gb_market_news *news)
{
    struct outside *outside = state;

    (void)config, (void)traits;
    if (!outside->source.strategy->observe || has_failed(outside) ||
        !reserve_columns(outside, news->n_meters) || !fill_shouts(outside, news) ||
        !fill_own(outside, news))
        return;
    for (size_t i = 0; i < news->n_meters; i++)
        outside->standing[i] = news->standing[news->meters[i]];
    struct gridbourse_news seen = {.slot = news->interval,
                                   .n_shouts = news->n_shouts,
                                   .shouts = outside->shouts,
                                   .n_meters = news->n_meters,
                                   .meter = news->meters,
                                   .standing = outside->standing,
                                   .n_fills = news->n_fills,
                                   .fills = outside->fills,
                                   .n_receipts = news->n_answers,
                                   .receipts = outside->receipts};
    went_well(outside, outside->source.strategy->observe(outside->own, &seen), "observe");
}

void gb_outside_reward(void *state, const struct gb_slot_outcome *outcome)
{
    struct outside *outside = state;

    if (!outside->source.strategy->reward || has_failed(outside))
        return;
    struct gridbourse_outcome seen = {.slot = outcome->interval,
                                      .n = outcome->n,
                                      .cost = outcome->cost,
                                      .cost_grid_only = outcome->cost_grid_only,
                                      .traded_wh = outcome->traded_wh};
    went_well(outside, outside->source.strategy->reward(outside->own, &seen), "reward");
}

/* ---- life */

void gb_outside_close(void *state)
{
    struct outside *outside = state;

    if (!outside)
        return;
    if (outside->is_open && outside->source.strategy->close)
        outside->source.strategy->close(outside->own);
    if (outside->source.release)
        outside->source.release(outside->source.held);
    for (int c = 0; c < N_COLUMNS; c++)
        free(outside->columns[c]);
    free(outside->uniform);
    free(outside->standing);
    free(outside->shouts);
    free(outside->fills);
    free(outside->receipts);
    free(outside->reserves);
    free(outside);
}

static void fill_market(struct outside *outside, const struct gb_strategy_facts *facts,
                        const struct gb_traits *traits)
{
    for (size_t meter = 0; meter < traits->n; meter++) {
        outside->reserves[meter] = traits->reserve_buy[meter].ticks;
        outside->reserves[traits->n + meter] = traits->reserve_sell[meter].ticks;
    }
    outside->market = (struct gridbourse_market){
        .seed = facts->seed,
        .replication = facts->replication,
        .n_meters = (uint32_t)traits->n,
        .first_slot = facts->first_slot,
        .n_slots = facts->n_slots,
        .slot_ns = facts->slot_ns,
        .open_ns = facts->open_ns,
        .gate_ns = facts->gate_ns,
        .feed_in = facts->tariff.feed_in.ticks,
        .retail = facts->tariff.retail.ticks,
        .reserve_buy = traits->tariffs ? NULL : outside->reserves,
        .reserve_sell = traits->tariffs ? NULL : outside->reserves + traits->n,
        .fee = facts->fee.units,
        .options = outside->source.options,
        .why = outside->why,
        .why_size = sizeof outside->why};
}

enum gb_status gb_outside_open(void **state, const struct gb_outside_source *source,
                               const struct gb_strategy_facts *facts,
                               const struct gb_traits *traits, struct gb_error *failure)
{
    struct outside *outside = calloc(1, sizeof *outside);

    if (outside)
        outside->reserves = calloc(2 * traits->n + 1, sizeof *outside->reserves);
    if (!outside || !outside->reserves) {
        free(outside);
        if (source->release)
            source->release(source->held);
        return gb_fail(failure, GB_ENOMEM, "no memory for the strategy of %zu agents", traits->n);
    }
    outside->source = *source;
    outside->own = source->state;
    outside->failure = failure;
    outside->tariff = facts->tariff;
    fill_market(outside, facts, traits);
    outside->is_open =
        !source->strategy->open ||
        went_well(outside, source->strategy->open(&outside->market, &outside->own), "open");
    if (outside->is_open) {
        *state = outside;
        return GB_OK;
    }
    gb_outside_close(outside);
    return failure->status;
}
