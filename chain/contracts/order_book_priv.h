/* The order book of an interval as the ledger has it: orders and withdrawals in its order. After
 * the close those that came in time remain. */
#ifndef CHAIN_CONTRACTS_ORDER_BOOK_PRIV_H
#define CHAIN_CONTRACTS_ORDER_BOOK_PRIV_H

#include "chain/contracts/event.h"
#include "chain/contracts/failure_priv.h"
#include "chain/contracts/interval_meters_priv.h"
#include "chain/wire/genesis.h"
#include "models/market/mechanism.h"

/* A cancel, or the first half of an amendment. */
struct gb_withdrawal {
    struct gb_position position;
    uint64_t nonce;
    uint32_t order;
    uint32_t before; /* it came before the order of this number */
    bool is_amendment;
};

struct gb_order_book {
    size_t n_orders, order_capacity; /* NULL once they are gone */
    struct gb_order *orders;
    struct gb_position *positions;
    uint64_t *nonces;
    uint32_t *previous; /* the same meter's order before; GB_NO_ORDER */
    uint8_t *withdrawn;
    struct gb_energy *unmatched; /* NULL before the match */
    struct gb_energy *cut;       /* by the limits of the market; NULL: nothing was */

    size_t n_withdrawals, withdrawal_capacity;
    struct gb_withdrawal *withdrawals;
};

static inline bool gb_order_book_holds(const struct gb_order_book *book)
{
    return book->orders || book->withdrawals;
}
/* Frees what it holds; the numbers remain. */
void gb_order_book_release(struct gb_order_book *book);
/* The same, but a small book's memory becomes that of an empty `spare`, which holds none yet. */
void gb_order_book_leave(struct gb_order_book *book, struct gb_order_book *spare);

/* Where an order or a cancel comes from. */
struct gb_order_origin {
    struct gb_position position;
    uint64_t nonce;
};
/* Capacity for n orders.
 * usual  orders that an interval has, for the first memory
 * false: a failure is kept */
bool gb_order_book_reserve(struct gb_order_book *book, struct gb_failure *failure, size_t n,
                           size_t usual);
/* Adds an order to the book and to what its meter has standing.
 * returns  its number; GB_NO_ORDER: a failure is kept */
static inline uint32_t gb_order_book_add(struct gb_order_book *book,
                                         struct gb_meter_interval *meters,
                                         struct gb_failure *failure, const struct gb_order *order,
                                         const struct gb_order_origin *origin, size_t usual)
{
    size_t i = book->n_orders;

    if (i >= GB_NO_ORDER ||
        (i == book->order_capacity && !gb_order_book_reserve(book, failure, i + 1, usual)))
        return GB_NO_ORDER;
    book->orders[i] = *order;
    book->positions[i] = origin->position;
    book->nonces[i] = origin->nonce;
    book->previous[i] = meters[order->owner].latest_order;
    book->withdrawn[i] = false;
    book->n_orders++;
    gb_interval_meters_add_order(meters, order, (uint32_t)i);
    return (uint32_t)i;
}
/* The standing order of a meter that it sent under this nonce; GB_NO_ORDER. */
uint32_t gb_order_book_find(const struct gb_order_book *book,
                            const struct gb_meter_interval *meters, uint32_t meter, uint64_t nonce);
/* false: a failure is kept */
bool gb_order_book_withdraw(struct gb_order_book *book, struct gb_meter_interval *meters,
                            struct gb_failure *failure, uint32_t order,
                            const struct gb_order_origin *origin, bool is_amendment);

/* How many orders and withdrawals stand in blocks up to a height. */
size_t gb_order_book_orders_until(const struct gb_order_book *book, uint64_t height);
size_t gb_order_book_withdrawals_until(const struct gb_order_book *book, uint64_t height);
/* Drops all behind the first n_orders and n_withdrawals: orders that were withdrawn by what is
 * dropped stand, and no meter leads to an order that was. */
void gb_order_book_truncate(struct gb_order_book *book, struct gb_meter_interval *meters,
                            size_t n_orders, size_t n_withdrawals);
/* Where orders trade as they come: the order that a meter sent under this nonce, whatever has
 * become of it, or GB_NO_ORDER; an order that goes by another's quote, reserve and beta, and this
 * total; and one whose rest is taken back. */
uint32_t gb_order_book_find_sent(const struct gb_order_book *book,
                                 const struct gb_meter_interval *meters, uint32_t meter,
                                 uint64_t nonce);
void gb_order_book_amend(struct gb_order_book *book, uint32_t order, const struct gb_order *by,
                         struct gb_energy total);
void gb_order_book_cancel(struct gb_order_book *book, uint32_t order);
/* Keeps of each order what these trades do not fill. */
void gb_order_book_set_unfilled(struct gb_order_book *book, struct gb_failure *failure,
                                const struct gb_trade *trades, size_t n_trades);
/* Keeps what the match left of each order, and what of that was cut before it.
 * cut  NULL: nothing */
void gb_order_book_set_unmatched(struct gb_order_book *book, struct gb_failure *failure,
                                 const struct gb_energy *unmatched, const struct gb_energy *cut);

/* What an order of an interval may have to pay for so much of it at the worst price at which it may
 * trade. */
static inline int64_t gb_order_worst_payable(const struct gb_contract_rules *rules,
                                             int64_t interval, const struct gb_order *order,
                                             struct gb_energy energy)
{
    const struct gb_mechanism *mechanism = rules->market.mechanism;
    struct gb_price worst = order->reserve;

    if (mechanism->escrow_price)
        worst = mechanism->escrow_price(&rules->market, gb_genesis_band(rules, interval), order);
    return gb_payable(&rules->trade_fees, order->side, energy, worst);
}
/* What it holds back for that, in money units: nothing of a seller where nothing trades below 0 and
 * sellers pay no fees. */
static inline int64_t gb_order_escrow(const struct gb_contract_rules *rules, int64_t interval,
                                      const struct gb_order *order, struct gb_energy energy)
{
    return order->side == GB_SELL && rules->market.tariff.feed_in.ticks >= 0 &&
                   gb_trade_fees_of(&rules->trade_fees, GB_SELL).ticks == 0
               ? 0
               : gb_order_worst_payable(rules, interval, order, energy);
}

#endif
