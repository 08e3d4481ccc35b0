/* What must hold of every book under every mechanism: energy is conserved, reserves and budgets are
 * kept, nobody with a better claim goes unfilled, no pair is left that would trade; and what must
 * not matter: the numbers of owners, how sides are mixed, orders that were cancelled, and where
 * zero lies on the scale of prices. Ties are everywhere, and one shape has equal quantities. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "models/market/mechanism.h"
#include "tests/random_books.h"
#include "tests/tap.h"

enum { N_ACTIONS = 18, MOST_VALUES = 5 };

static const struct gb_mechanism *const mechanisms[] = {
    &gb_mechanism_two_round,       &gb_mechanism_continuous, &gb_mechanism_uniform,
    &gb_mechanism_pay_as_bid,      &gb_mechanism_mcafee,     &gb_mechanism_huang,
    &gb_mechanism_mid_market_rate,
};
enum { N_MECHANISMS = sizeof mechanisms / sizeof mechanisms[0] };

/* Values of options; `unconditional` is left out, which promises no reserve. */
static const struct {
    const char *key, *values[MOST_VALUES];
} choices[] = {
    {"market.books", {"pooled", "by_source"}},
    {"market.k", {"0", "0.5", "1", "0.333333"}},
    {"market.beta", {"0", "0.1", "0.712345", "1"}},
    {"market.requote.anchor",
     {"marginal_quote", "extreme_trade", "marginal_quote_filled", "last_trade", "vwap"}},
    {"market.requote.match", {"within_reserve", "crossing"}},
    {"market.requote.rounds", {"0", "1", "3", "until_cross"}},
    {"market.requote.memory", {"round", "slot"}},
    {"market.on_head_fail", {"skip", "stop"}},
    {"market.trade_price", {"midpoint", "resting"}},
};

/* A book under some rules, and what became of it. */
struct trial {
    struct gb_market_rules rules;
    bool is_pooled;
    struct gb_book_action actions[N_ACTIONS];
    size_t n;
};
struct run {
    const struct gb_mechanism *mechanism;
    void *state;
    struct gb_match match;
};

static bool is_mechanism(const struct trial *trial, const struct gb_mechanism *mechanism)
{
    return trial->rules.mechanism == mechanism;
}

static bool run_trial(struct run *run, const struct trial *trial)
{
    struct gb_error err = {0};

    *run = (struct run){.mechanism = trial->rules.mechanism};
    if (run->mechanism->create(&run->state, &trial->rules, &err) != GB_OK)
        return EXPECT(false);
    run->mechanism->begin(run->state, 0);
    return EXPECT_INT(gb_market_apply(run->mechanism, run->state, trial->actions, trial->n, &err),
                      GB_OK) &&
           EXPECT_INT(run->mechanism->finish(run->state, &run->match, &err), GB_OK);
}

static void end_run(struct run *run)
{
    run->mechanism->free(run->state);
}

/* ---- books */

static void choose_options(struct trial *trial)
{
    for (size_t c = 0; c < sizeof choices / sizeof choices[0]; c++) {
        int64_t n = 0;
        char why[128];

        while (n < MOST_VALUES && choices[c].values[n])
            n++;
        const char *value = choices[c].values[below(n)];
        if (gb_market_rules_set(&trial->rules, choices[c].key, value, why, sizeof why) &&
            strcmp(choices[c].key, "market.books") == 0)
            trial->is_pooled = strcmp(value, "pooled") == 0;
    }
}

/* Adds to every price of a book and its tariff. */
static void shift(struct trial *trial, int64_t ticks)
{
    trial->rules.tariff.feed_in.ticks += ticks;
    trial->rules.tariff.retail.ticks += ticks;
    for (size_t a = 0; a < trial->n; a++) {
        trial->actions[a].order.price.ticks += ticks;
        trial->actions[a].order.reserve.ticks += ticks;
    }
}

/* Prices lie on both sides of zero. */
static void draw(struct trial *trial, const struct shape *shape)
{
    int64_t reach = 2 * shape->n_prices * shape->tick;
    struct gb_tariff *tariff = &trial->rules.tariff;

    gb_market_rules_init(&trial->rules);
    gb_market_rules_select(&trial->rules, mechanisms[below(N_MECHANISMS)]);
    trial->rules.has_band = 1;
    tariff->feed_in.ticks = 0;
    tariff->retail.ticks = (shape->n_prices - below(2)) * shape->tick;
    if (is_mechanism(trial, &gb_mechanism_continuous)) { /* an array of levels, or a tree */
        trial->rules.has_band = shape->tick < 10;
        *tariff = (struct gb_tariff){.feed_in = {-reach}, .retail = {reach}};
    }
    choose_options(trial);
    trial->n = (size_t)below(N_ACTIONS + 1);
    random_book(shape, trial->actions, trial->n);
    shift(trial, -shape->n_prices / 2 * shape->tick);
}

/* Orders of the book by number; which of them were cancelled. */
struct orders {
    size_t n;
    struct gb_order at[N_ACTIONS];
    bool is_cancelled[N_ACTIONS];
};

static struct orders orders_of(const struct trial *trial)
{
    struct orders orders = {0};

    for (size_t a = 0; a < trial->n; a++)
        if (trial->actions[a].is_cancel)
            orders.is_cancelled[trial->actions[a].target] = true;
        else
            orders.at[orders.n++] = trial->actions[a].order;
    return orders;
}

static int64_t quote_of(const struct gb_order *order)
{
    return order->type == GB_ORDER_MARKET ? order->reserve.ticks : order->price.ticks;
}

/* ---- what must hold */

static bool may_meet(const struct trial *trial, const struct gb_order *ask,
                     const struct gb_order *bid)
{
    return trial->is_pooled || bid->source == GB_SOURCE_ANY || bid->source == ask->source;
}

static bool is_sound(const struct trial *trial, const struct gb_trade *trade,
                     const struct orders *orders)
{
    const struct gb_order *ask = &orders->at[trade->sell_order];
    const struct gb_order *bid = &orders->at[trade->buy_order];
    bool pays_operator =
        is_mechanism(trial, &gb_mechanism_mcafee) || is_mechanism(trial, &gb_mechanism_huang);
    int64_t spread = trade->price_buy.ticks - trade->price_sell.ticks;

    return trade->energy.wh > 0 && ask->side == GB_SELL && bid->side == GB_BUY &&
           trade->seller == ask->owner && trade->buyer == bid->owner &&
           trade->source == ask->source && may_meet(trial, ask, bid) &&
           ask->reserve.ticks <= trade->price_sell.ticks &&
           trade->price_buy.ticks <= bid->reserve.ticks &&
           (pays_operator ? spread >= 0 : spread == 0);
}

/* filled  receives what each order traded, up to a round */
static void fill(const struct gb_match *match, uint32_t last_round, int64_t *filled)
{
    memset(filled, 0, N_ACTIONS * sizeof *filled);
    for (size_t t = 0; t < match->n_trades; t++) {
        if (match->trades[t].round > last_round)
            continue;
        filled[match->trades[t].sell_order] += match->trades[t].energy.wh;
        filled[match->trades[t].buy_order] += match->trades[t].energy.wh;
    }
}

static bool conserves(const struct trial *trial, const struct gb_match *match,
                      const struct orders *orders)
{
    bool holds = match->n_orders == orders->n;
    int64_t filled[N_ACTIONS];

    for (size_t t = 0; holds && t < match->n_trades; t++)
        holds = is_sound(trial, &match->trades[t], orders);
    fill(match, UINT32_MAX, filled);
    for (size_t i = 0; holds && i < orders->n; i++) {
        int64_t left = match->unmatched[i].wh, wanted = orders->at[i].quantity.wh;
        bool lapses =
            is_mechanism(trial, &gb_mechanism_continuous) && orders->at[i].type == GB_ORDER_MARKET;

        holds = lapses || orders->is_cancelled[i] ? left == 0 && filled[i] <= wanted
                                                  : left + filled[i] == wanted;
    }
    return holds;
}

/* Does order i have the better claim than j, who wants the same? */
static bool goes_before(const struct trial *trial, const struct orders *orders, size_t i, size_t j)
{
    const struct gb_order *a = &orders->at[i], *b = &orders->at[j];
    int64_t p = quote_of(a), q = quote_of(b);

    if (a->side != b->side || (!trial->is_pooled && a->source != b->source))
        return false;
    return p == q ? i < j : a->side == GB_SELL ? p < q : p > q;
}

/* Of call markets: where somebody trades, all with a better claim have nothing left. In the
 * two-round auction that is so of the first round. Under huang all bear the same part of an excess,
 * up to a Wh. */
static bool serves_claims(const struct trial *trial, const struct gb_match *match,
                          const struct orders *orders)
{
    bool shares = is_mechanism(trial, &gb_mechanism_huang);
    int64_t filled[N_ACTIONS];

    if (is_mechanism(trial, &gb_mechanism_continuous) || (shares && !trial->is_pooled))
        return true;
    fill(match, 1, filled);
    for (size_t i = 0; i < orders->n; i++)
        for (size_t j = 0; j < orders->n; j++) {
            int64_t left = orders->at[i].quantity.wh - filled[i];
            int64_t others = orders->at[j].quantity.wh - filled[j];

            if (filled[j] > 0 && !orders->is_cancelled[i] && goes_before(trial, orders, i, j) &&
                left > (shares ? others + 1 : 0))
                return false;
        }
    return true;
}

/* Would these two still trade? */
static bool would_trade(const struct trial *trial, const struct gb_match *match,
                        const struct orders *orders, size_t ask, size_t bid)
{
    int64_t sum = trial->rules.tariff.feed_in.ticks + trial->rules.tariff.retail.ticks;
    int64_t a = match->last_quote[ask].ticks, b = match->last_quote[bid].ticks;
    const struct gb_order *buyer = &orders->at[bid];

    if (match->unmatched[ask].wh == 0 || match->unmatched[bid].wh == 0 ||
        !may_meet(trial, &orders->at[ask], buyer))
        return false;
    if (is_mechanism(trial, &gb_mechanism_two_round) && !trial->is_pooled &&
        buyer->source == GB_SOURCE_ANY)
        return false; /* it has a quote in each book, of which one is known */
    if (is_mechanism(trial, &gb_mechanism_mid_market_rate)) {
        int64_t rate = gb_divide_half_even(sum, 2);

        return a <= rate && rate <= b;
    }
    return a <= b;
}

/* mcafee and huang leave out pairs that cross: that is their price for honesty. */
static bool leaves_no_pair(const struct trial *trial, const struct gb_match *match,
                           const struct orders *orders)
{
    if (is_mechanism(trial, &gb_mechanism_mcafee) || is_mechanism(trial, &gb_mechanism_huang))
        return true;
    for (size_t i = 0; i < orders->n; i++)
        for (size_t j = 0; j < orders->n; j++)
            if (orders->at[i].side == GB_SELL && orders->at[j].side == GB_BUY &&
                would_trade(trial, match, orders, i, j))
                return false;
    return true;
}

/* ---- what must not matter */

/* Owners of a relabelled book are what is missing from so many. */
#define OWNERS 7000

/* What was done to a book: prices moved, orders renamed (origin NULL: not), owners renamed. */
struct change {
    int64_t ticks;
    const uint32_t *origin;
    bool has_other_owners;
};

static uint32_t owner_before(const struct change *change, uint32_t owner)
{
    return change->has_other_owners ? OWNERS - owner : owner;
}

static uint32_t order_before(const struct change *change, uint32_t order)
{
    return change->origin ? change->origin[order] : order;
}

static bool same_trades(const struct gb_match *match, const struct gb_match *other,
                        const struct change *change)
{
    bool is_same = match->n_trades == other->n_trades;

    for (size_t t = 0; is_same && t < match->n_trades; t++) {
        struct gb_trade back = other->trades[t];

        back.price_buy.ticks -= change->ticks;
        back.price_sell.ticks -= change->ticks;
        back.seller = owner_before(change, back.seller);
        back.buyer = owner_before(change, back.buyer);
        back.sell_order = order_before(change, back.sell_order);
        back.buy_order = order_before(change, back.buy_order);
        is_same = same_trade(&back, &match->trades[t]);
    }
    return is_same;
}

/* An even number of ticks: halves are rounded to even. */
static bool is_same_when_shifted(const struct trial *trial, const struct gb_match *match,
                                 const struct shape *shape)
{
    struct trial moved = *trial;
    const struct change change = {.ticks = 2 * (below(201) - 100) * shape->tick};
    struct run run;

    shift(&moved, change.ticks);
    bool holds = run_trial(&run, &moved) && same_trades(match, &run.match, &change);
    end_run(&run);
    return holds;
}

/* Owners get other numbers, and where orders wait for a gate those that were cancelled go and all
 * sells move before all buys. */
static bool is_same_when_relabelled(const struct trial *trial, const struct gb_match *match,
                                    const struct orders *orders)
{
    struct trial moved = *trial;
    bool waits = !is_mechanism(trial, &gb_mechanism_continuous);
    uint32_t origin[N_ACTIONS];
    const struct change change = {.origin = waits ? origin : NULL, .has_other_owners = true};
    struct run run;

    moved.n = waits ? 0 : moved.n;
    for (int side = GB_SELL; waits && side >= GB_BUY; side--)
        for (uint32_t i = 0; i < orders->n; i++)
            if (orders->at[i].side == side && !orders->is_cancelled[i]) {
                origin[moved.n] = i;
                moved.actions[moved.n++] = (struct gb_book_action){.order = orders->at[i]};
            }
    for (size_t a = 0; a < moved.n; a++)
        moved.actions[a].order.owner = OWNERS - moved.actions[a].order.owner;
    bool holds = run_trial(&run, &moved) && same_trades(match, &run.match, &change);
    end_run(&run);
    return holds;
}

/* ---- */

static void play(size_t n_books, const struct shape *shape, uint64_t seed)
{
    size_t n_with_trades[N_MECHANISMS] = {0};

    for (size_t book = 0; book < n_books; book++) {
        struct trial trial = {0};
        struct run run;
        size_t m = 0;

        random_state = seed + book * 1000003;
        draw(&trial, shape);
        struct orders orders = orders_of(&trial);
        const char *broken = NULL;
        if (!run_trial(&run, &trial))
            broken = "could not be cleared";
        else if (!conserves(&trial, &run.match, &orders))
            broken = "does not conserve energy, or breaks a reserve or the budget";
        else if (!serves_claims(&trial, &run.match, &orders))
            broken = "leaves a better claim unfilled";
        else if (!leaves_no_pair(&trial, &run.match, &orders))
            broken = "leaves a pair that would trade";
        else if (!is_same_when_shifted(&trial, &run.match, shape))
            broken = "depends on where zero lies";
        else if (!is_same_when_relabelled(&trial, &run.match, &orders))
            broken = "depends on owners, on how sides mix, or on what was cancelled";
        while (mechanisms[m] != trial.rules.mechanism)
            m++;
        n_with_trades[m] += !broken && run.match.n_trades > 0;
        end_run(&run);
        if (!EXPECT(!broken)) {
            tap_note("book %zu of seed %" PRIu64 ", %s: %s", book, seed,
                     trial.rules.mechanism->member.name, broken);
            return;
        }
    }
    for (size_t m = 0; m < N_MECHANISMS; m++) /* each was really tried */
        EXPECT(n_with_trades[m] > n_books / 40);
}

static void ties_and_cancels_keep_what_every_mechanism_promises(void)
{
    const struct shape tight = {.n_prices = 6, .tick = 1, .n_quantities = 4, .has_cancels = true};

    play(n_random_books() / 4, &tight, 1);
}

static void equal_quantities_keep_what_every_mechanism_promises(void)
{
    const struct shape equal = {.n_prices = 7, .tick = 3, .n_quantities = 1, .has_cancels = true};

    play(n_random_books() / 4, &equal, UINT64_C(1) << 40);
}

static void prices_of_a_tariff_keep_what_every_mechanism_promises(void)
{
    const struct shape band = {.n_prices = 29, .tick = 10001, .n_quantities = 9};

    play(n_random_books() / 4, &band, UINT64_C(1) << 41);
}

static void prices_beyond_32_bits_keep_what_every_mechanism_promises(void)
{
    const struct shape wide = {.n_prices = 40, .tick = INT64_C(660000001), .n_quantities = 900};

    play(n_random_books() / 4, &wide, UINT64_C(1) << 42);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(ties_and_cancels_keep_what_every_mechanism_promises),
        TAP(equal_quantities_keep_what_every_mechanism_promises),
        TAP(prices_of_a_tariff_keep_what_every_mechanism_promises),
        TAP(prices_beyond_32_bits_keep_what_every_mechanism_promises),
        {0}};
    return tap_main("invariants", tests);
}
