/* The multi-unit double auction of Huang, Scheller-Wolf and Sycara. The last ask and the last bid
 * that cross set the prices and go without: buyers before pay that bid, sellers before get that
 * ask, the difference is the market operator's. What the longer side has too much is borne in equal
 * parts by all on it, so that nobody's share depends on its quote.
 * source  P. Huang, A. Scheller-Wolf, K. Sycara (2002), "Design of a multi-unit double auction
 *         e-market", Computational Intelligence 18, doi:10.1111/1467-8640.t01-1-00206 */
#include "models/market/call/call_priv.h"

#include <stdlib.h>

typedef __int128 wide; /* sums of a side's Wh */

static int64_t left_of(const struct gb_call *call, const struct gb_sorted_side *side, size_t i)
{
    return call->orders.left[side->at[i].order].wh;
}

/* What a side bears when nobody on it bears more than `most` Wh. */
static wide sum_up_to(const struct gb_call *call, const struct gb_sorted_side *side, int64_t most)
{
    wide sum = 0;

    for (size_t i = 0; i < side->n; i++) {
        int64_t left = left_of(call, side, i);

        sum += left < most ? left : most;
    }
    return sum;
}

/* The most Wh that each of a side can bear so that all together bear no more than `excess`, which
 * is less than the side has. */
static int64_t equal_part(const struct gb_call *call, const struct gb_sorted_side *side,
                          wide excess)
{
    int64_t low = 0, high = GB_QUANTITY_LIMIT_WH;

    while (low < high) { /* low can be borne, what is above high cannot */
        int64_t middle = low + (high - low + 1) / 2;

        if (sum_up_to(call, side, middle) <= excess)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

/* Takes `excess` off what a side has left in equal parts; nobody bears more than it has, and the
 * Wh that no equal parts hold are borne by the last.
 * borne  receives what each of the side bears */
static void take_off(struct gb_call *call, const struct gb_sorted_side *side, wide excess,
                     int64_t *borne)
{
    int64_t part = equal_part(call, side, excess);
    wide rest = excess - sum_up_to(call, side, part);

    for (size_t i = side->n; i-- > 0;) {
        int64_t left = left_of(call, side, i);
        bool bears_more = rest > 0 && left > part;

        borne[i] = (left < part ? left : part) + bears_more;
        rest -= bears_more;
        gb_order_store_set_left(&call->orders, side->at[i].order, left - borne[i]);
    }
}

static void give_back(struct gb_call *call, const struct gb_sorted_side *side, const int64_t *borne)
{
    for (size_t i = 0; i < side->n; i++)
        gb_order_store_set_left(&call->orders, side->at[i].order,
                                left_of(call, side, i) + borne[i]);
}

/* Those before the marginal pair meet, each of the longer side with what it does not bear. */
static enum gb_status meet_evenly(struct gb_call *call, struct gb_call_book *book)
{
    wide supply = sum_up_to(call, &book->sides[GB_SELL], GB_QUANTITY_LIMIT_WH);
    wide demand = sum_up_to(call, &book->sides[GB_BUY], GB_QUANTITY_LIMIT_WH);
    const struct gb_sorted_side *longer = &book->sides[supply > demand ? GB_SELL : GB_BUY];
    int64_t *borne = malloc((longer->n + 1) * sizeof *borne);

    if (!borne)
        return GB_ENOMEM;
    take_off(call, longer, supply > demand ? supply - demand : demand - supply, borne);
    enum gb_status status = gb_call_meet(call, book);
    give_back(call, longer, borne);
    free(borne);
    return status;
}

static enum gb_status settle(struct gb_call *call, struct gb_call_book *book)
{
    struct gb_price ask = gb_call_marginal(call, book, GB_SELL);
    struct gb_price bid = gb_call_marginal(call, book, GB_BUY);

    gb_call_take_back(call, book->first_trade);
    book->sides[GB_SELL].n = book->met[GB_SELL] - 1;
    book->sides[GB_BUY].n = book->met[GB_BUY] - 1;
    if (book->sides[GB_SELL].n == 0 || book->sides[GB_BUY].n == 0)
        return GB_OK;
    enum gb_status status = meet_evenly(call, book);
    gb_call_price_all(call, book, bid, ask);
    return status;
}

static const struct gb_call_rule rule = {
    .mechanism = "huang", .params = gb_call_params, .settle = settle};

static enum gb_status huang_create(void **state, const struct gb_market_rules *rules,
                                   struct gb_error *err)
{
    return gb_call_create(state, &rule, rules, err);
}

const struct gb_mechanism gb_mechanism_huang = {
    .member = {.name = "huang",
               .summary = "Huang et al. 2002: the last pair sets two prices and goes without",
               .params = gb_call_params,
               .config_size = sizeof(struct gb_call_options)},
    .create = huang_create,
    GB_CALL_FUNCTIONS,
};
