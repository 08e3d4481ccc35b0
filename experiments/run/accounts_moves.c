/* What settled trades and executed bills of a block move: between users, who are independent of
 * each other, so that threads share them out where there are many; and in sums of all users. */
#include "experiments/run/accounts_priv.h"

#include <stdlib.h>

#include "base/parallel.h"
#include "base/parts.h"
#include "experiments/run/agents.h"
#include "models/agents/traits.h"

enum { AHEAD = 8 }; /* events */
enum { WORTH = 4 }; /* an event is as much work as so many meters of a usual sweep */

/* Events of one block about one interval, and what is asked of that for each of them. */
struct moves {
    const struct gb_run_accounts *accounts;
    size_t place;
    int64_t interval;
    struct gb_run_account *account;
    const struct gb_run_users *users;
    const struct gb_trade *trades;
    const struct gb_events *events;
    size_t first, end; /* of the events */
};

/* ---- a trade */

/* A party's part of the fees of a trade. returns what it pays of them */
static int64_t charge_trade(const struct gb_trade_fees *fees, enum gb_side side,
                            struct gb_energy energy, struct gb_run_user_extras *extras)
{
    bool buys = side == GB_BUY;

    if (gb_trade_fees_are_none(fees))
        return 0;
    gb_run_users_add(&extras->network_fees,
                     gb_cost(energy, buys ? fees->network_buyer : fees->network_seller).units);
    gb_run_users_add(&extras->market_fees,
                     gb_cost(energy, buys ? fees->market_buyer : fees->market_seller).units);
    if (buys)
        gb_run_users_add(&extras->levies, gb_cost(energy, fees->levies).units);
    return gb_cost(energy, gb_trade_fees_of(fees, side)).units;
}

/* What energy is worth to the one who does otherwise, by its own reserve of the slot: of what it
 * sells below 0. */
static inline void note_worth(const struct moves *moves, const struct gb_trade *trade,
                              enum gb_side side)
{
    const struct gb_traits *traits = moves->accounts->agents->traits;
    uint32_t meter = side == GB_BUY ? trade->buyer : trade->seller;

    if (meter != traits->deviant)
        return;
    int64_t worth = gb_cost(trade->energy, gb_own_reserve_of(traits, moves->interval, side)).units;
    moves->users->extras[meter].own_worth += side == GB_BUY ? worth : -worth;
}

static void pay(const struct moves *moves, const struct gb_trade *trade)
{
    const struct gb_run_environment *env = moves->accounts->env;
    const struct gb_trade_fees *fees = &env->scenario->trade_fees;
    struct gb_run_account *account = moves->account;
    const struct gb_run_users *users = moves->users;
    struct gb_run_user_trades *buyer = &users->trades[trade->buyer];
    const struct gb_tariff *tariff = gb_run_tariff(env, trade->buyer, moves->interval);
    int64_t paid = gb_cost(trade->energy, trade->price_buy).units;

    account->cash[trade->buyer] +=
        paid + charge_trade(fees, GB_BUY, trade->energy, &users->extras[trade->buyer]);
    account->traded_wh[trade->buyer] += trade->energy.wh;
    buyer->bought_wh += trade->energy.wh;
    buyer->paid += paid;
    buyer->bought_at_retail += gb_cost(trade->energy, tariff->retail).units;
    note_worth(moves, trade, GB_BUY);
}

static void earn(const struct moves *moves, const struct gb_trade *trade)
{
    const struct gb_run_environment *env = moves->accounts->env;
    const struct gb_trade_fees *fees = &env->scenario->trade_fees;
    struct gb_run_account *account = moves->account;
    const struct gb_run_users *users = moves->users;
    struct gb_run_user_trades *seller = &users->trades[trade->seller];
    const struct gb_tariff *tariff = gb_run_tariff(env, trade->seller, moves->interval);
    int64_t earned = gb_cost(trade->energy, trade->price_sell).units;

    account->cash[trade->seller] -=
        earned - charge_trade(fees, GB_SELL, trade->energy, &users->extras[trade->seller]);
    account->traded_wh[trade->seller] -= trade->energy.wh;
    seller->sold_wh += trade->energy.wh;
    seller->earned += earned;
    seller->sold_at_feed_in += gb_cost(trade->energy, tariff->feed_in).units;
    note_worth(moves, trade, GB_SELL);
}

/* Does a trade that respects the reserves of both its orders cost a party more than the grid, with
 * its fees? */
static bool is_at_a_loss(const struct gb_run_environment *env, int64_t interval,
                         const struct gb_trade *trade, const struct gb_run_reserves *reserves)
{
    const struct gb_trade_fees *fees = &env->scenario->trade_fees;
    const struct gb_tariff *buyer = gb_run_tariff(env, trade->buyer, interval);
    const struct gb_tariff *seller = gb_run_tariff(env, trade->seller, interval);

    return trade->price_buy.ticks <= reserves->buyer &&
           trade->price_sell.ticks >= reserves->seller &&
           (gb_trade_fees_with(fees, GB_BUY, trade->price_buy).ticks > buyer->retail.ticks ||
            gb_trade_fees_with(fees, GB_SELL, trade->price_sell).ticks < seller->feed_in.ticks);
}

/* The trade that an event settles, as it executed. */
static struct gb_trade settled_by(const struct gb_trade *trades,
                                  const struct gb_contract_event *event)
{
    struct gb_trade trade = trades[event->index];

    trade.energy = event->executed;
    return trade;
}

/* ---- a bill */

static void count_deviation(struct gb_energy deviation, int64_t *short_wh, int64_t *long_wh)
{
    if (deviation.wh > 0)
        *short_wh += deviation.wh;
    else
        *long_wh -= deviation.wh;
}

/* What the imbalance of trades costs beyond the meter's own tariff. */
static void count_imbalance(const struct moves *moves, uint32_t meter, struct gb_energy imbalance)
{
    const struct gb_run_environment *env = moves->accounts->env;
    const struct gb_tariff *tariff = gb_run_tariff(env, meter, moves->interval);
    struct gb_run_user_trades *user = &moves->users->trades[meter];
    struct gb_tariff prices = gb_run_imbalance(env, moves->interval);

    if (imbalance.wh > 0)
        user->short_cost += imbalance.wh * (prices.retail.ticks - tariff->feed_in.ticks);
    else
        user->long_cost -= imbalance.wh * (tariff->retail.ticks - prices.feed_in.ticks);
}

static void bill(const struct moves *moves, const struct gb_contract_event *event)
{
    uint32_t meter = GB_PARTY_INDEX(event->sender);
    const struct gb_run_users *users = moves->users;

    users->at[meter].billed_wh += event->energy.wh;
    if (event->imbalance.wh != 0) {
        count_deviation(event->imbalance, &users->trades[meter].short_wh,
                        &users->trades[meter].long_wh);
        count_imbalance(moves, meter, event->imbalance);
    }
    if (event->off_schedule.wh != 0)
        count_deviation(event->off_schedule, &users->extras[meter].schedule_short_wh,
                        &users->extras[meter].schedule_long_wh);
    gb_run_accounts_mark_billed(moves->account, meter, event->amount.units);
}

/* ---- those of a block together */

/* Trades come in no order of meters: most of the time went by in waiting for what is known of them.
 * Inline in any case, for compilers leave out calls of functions that do nothing else. */
static inline __attribute__((always_inline)) void expect_trader(const struct moves *moves,
                                                                uint32_t meter)
{
    const struct gb_run_users *users = moves->users;
    const struct gb_run_account *account = moves->account;

    __builtin_prefetch(&users->trades[meter].bought_wh, 1);
    __builtin_prefetch(&users->trades[meter].sold_at_feed_in, 1);
    __builtin_prefetch(&account->cash[meter], 1);
    __builtin_prefetch(&account->traded_wh[meter], 1);
}

static inline __attribute__((always_inline)) void look_ahead(const struct moves *moves, size_t i,
                                                             const struct gb_run_part *part)
{
    if (i + AHEAD >= moves->end)
        return;
    const struct gb_contract_event *event = gb_event_at(moves->events, i + AHEAD);
    if (event->kind == GB_EVENT_TRADE_SETTLED) {
        const struct gb_trade *trade = &moves->trades[event->index];

        if (gb_run_is_in(part, trade->buyer))
            expect_trader(moves, trade->buyer);
        if (gb_run_is_in(part, trade->seller))
            expect_trader(moves, trade->seller);
    } else if (event->kind == GB_EVENT_BILLED &&
               gb_run_is_in(part, GB_PARTY_INDEX(event->sender))) {
        uint32_t meter = GB_PARTY_INDEX(event->sender);

        __builtin_prefetch(&moves->users->at[meter].billed_wh, 1);
        __builtin_prefetch(&moves->account->bills[meter], 1);
        __builtin_prefetch(&moves->account->cash[meter], 1);
    }
}

/* What is counted of them; apart from the account, which the threads of the parts read meanwhile.
 */
struct counted {
    size_t n_billed;
    int64_t paid, n_at_a_loss, revenue, purchases;
};

static void count_settled(const struct moves *moves, const struct gb_contract_event *event,
                          const struct gb_trade *trade, struct counted *counted)
{
    const struct gb_run_accounts *accounts = moves->accounts;
    const struct gb_run_account *account = moves->account;
    const struct gb_run_reserves *reserves = &account->trade_reserves[event->index];
    uint8_t *flags = &account->trade_flags[event->index];

    *flags |= GB_RUN_SETTLED;
    if (account->trade_rows) {
        account->trade_rows[event->index].settled_height = event->position.height;
        account->trade_rows[event->index].executed_wh = event->executed.wh;
    }
    counted->paid += gb_cost(trade->energy, trade->price_buy).units;
    counted->n_at_a_loss += is_at_a_loss(accounts->env, moves->interval, trade, reserves);
    gb_run_kpis_settled(accounts->kpis, moves->place, trade, reserves,
                        (*flags & GB_RUN_FIRST_CHOICE) != 0);
}

static void count_bill(const struct gb_contract_event *event, struct counted *counted)
{
    int64_t units = event->amount.units;

    counted->n_billed++;
    *(units > 0 ? &counted->revenue : &counted->purchases) += llabs(units);
}

/* Goes through them.
 * part     whose users they move energy and money between; NULL: nobody's
 * counted  to which is added what they add to sums of all users, some of which are of real numbers
 *          and know but one order; NULL: nothing */
static inline void go_through(const struct moves *moves, const struct gb_run_part *part,
                              struct counted *counted)
{
    bool looks_ahead = part && moves->accounts->env->n > GB_RUN_KEPT_CAPACITY;

    for (size_t i = moves->first; i < moves->end; i++) {
        const struct gb_contract_event *event = gb_event_at(moves->events, i);

        if (looks_ahead)
            look_ahead(moves, i, part);
        if (event->kind == GB_EVENT_TRADE_SETTLED) {
            struct gb_trade trade = settled_by(moves->trades, event);

            if (part && gb_run_is_in(part, trade.buyer))
                pay(moves, &trade);
            if (part && gb_run_is_in(part, trade.seller))
                earn(moves, &trade);
            if (counted)
                count_settled(moves, event, &trade, counted);
        } else if (event->kind == GB_EVENT_BILLED) {
            if (part && gb_run_is_in(part, GB_PARTY_INDEX(event->sender)))
                bill(moves, event);
            if (counted)
                count_bill(event, counted);
        }
    }
}

struct taken {
    const struct moves *moves;
    struct counted *counted;
};

/* The sums, which are longest, first; then a part of the users each. */
static void take_kth(void *of_all, size_t k)
{
    const struct taken *taken = of_all;
    size_t n = taken->moves->accounts->env->n;

    if (k == 0) {
        struct counted counted = {0}; /* apart from what other threads write to */

        go_through(taken->moves, NULL, &counted);
        *taken->counted = counted;
    } else {
        struct gb_run_part part = gb_run_part_of(n, k - 1, GB_RUN_PARTS);
        go_through(taken->moves, &part, NULL);
    }
}

void gb_run_accounts_take(struct gb_run_accounts *accounts, size_t place,
                          const struct gb_events *events, size_t first, size_t end)
{
    struct gb_run_account *account = &accounts->at[place];
    struct counted counted = {0};
    int64_t interval = accounts->intervals->at[place];
    size_t n_trades;
    const struct moves moves = {
        accounts,
        place,
        interval,
        account,
        gb_run_users_at(accounts, place),
        gb_contracts_trades(gb_run_gateway_contracts(accounts->gateway), interval, &n_trades),
        events,
        first,
        end};

    if (gb_is_worth_threads(WORTH * (end - first))) {
        gb_tasks_run(1 + GB_RUN_PARTS, take_kth, &(struct taken){&moves, &counted});
    } else {
        struct gb_run_part all = gb_run_part_of(accounts->env->n, 0, 1);

        go_through(&moves, &all, &counted);
    }
    account->n_billed += counted.n_billed;
    account->paid += counted.paid;
    accounts->n_at_a_loss += counted.n_at_a_loss;
    gb_run_kpis_billed(accounts->kpis, place, counted.revenue, counted.purchases);
}
