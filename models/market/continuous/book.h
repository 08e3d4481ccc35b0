/* The book of the continuous auction: an order trades as it arrives against those that rest, best
 * price first and then by place, until it is filled or nothing crosses, and what is left of a limit
 * order rests. Orders are numbered from 0 as they arrive, keep their number through amendments, and
 * lie in one array in which those of a price are linked, so that nothing is allocated for an order
 * once the arrays have grown.
 *
 * By source a sale meets bids for its source and bids for any in one queue, and a bid for any sees
 * all books: one order with one remainder, one quote, one place.
 * source  rules, section 10 */
#ifndef MODELS_MARKET_CONTINUOUS_BOOK_H
#define MODELS_MARKET_CONTINUOUS_BOOK_H

#include "base/status.h"
#include "models/market/books.h"
#include "models/market/trade.h"

/* market.trade_price: both quotes' midpoint, half to even, or that of the order that rested */
enum gb_trade_price { GB_TRADE_PRICE_MIDPOINT, GB_TRADE_PRICE_RESTING };
/* market.self_trade: where both orders are of one owner, who loses what is left */
enum gb_self_trade {
    GB_SELF_TRADE_ALLOWED,
    GB_SELF_TRADE_NEWEST,
    GB_SELF_TRADE_OLDEST,
    GB_SELF_TRADE_BOTH
};

struct gb_continuous_rules {
    enum gb_books books;
    enum gb_trade_price trade_price;
    enum gb_self_trade self_trade;
    bool has_band; /* prices lie in [low, high], ticks */
    int64_t low, high;
};

struct gb_continuous_book; /* closed */

enum gb_status gb_continuous_book_create(struct gb_continuous_book **out,
                                         const struct gb_continuous_rules *rules,
                                         struct gb_error *err);
void gb_continuous_book_free(struct gb_continuous_book *book);
/* Empties the book; memory stays. */
void gb_continuous_book_clear(struct gb_continuous_book *book);

/* An order arrives: a limit order, or one that lapses with what does not trade at once
 * (GB_ORDER_IOC, and GB_ORDER_MARKET, which is one at its reserve), of which alone a minimum is
 * heeded: at least so much at once, or nothing. Its number is how many came before it.
 * returns GB_ERANGE with the reason and nothing changed, GB_ENOMEM */
enum gb_status gb_continuous_book_add(struct gb_continuous_book *book, const struct gb_order *order,
                                      struct gb_error *err);

/* Both name an order of the book, and count: one with a lower nonce than the last applied to its
 * order is superseded. Refused, they leave the order as it was.
 * total    of an amendment: Wh, with what is filled already; no more than that cancels the rest.
 *          Within the bounds of an order
 * returns  GB_ERANGE with the reason and nothing changed, GB_ENOMEM */
enum gb_fate gb_continuous_book_fate(const struct gb_continuous_book *book, uint32_t order,
                                     uint64_t nonce); /* what would become of one */
enum gb_fate gb_continuous_book_cancel(struct gb_continuous_book *book, uint32_t order,
                                       uint64_t nonce);
enum gb_status gb_continuous_book_amend(struct gb_continuous_book *book, uint32_t order,
                                        uint64_t nonce, struct gb_price price,
                                        struct gb_energy total, enum gb_fate *fate,
                                        struct gb_error *err);

/* The trades so far, in the order in which they were made; valid until the next change. */
const struct gb_trade *gb_continuous_book_trades(const struct gb_continuous_book *book, size_t *n);
size_t gb_continuous_book_n_orders(const struct gb_continuous_book *book);
/* What rests of an order, and its quote: the latest. */
struct gb_energy gb_continuous_book_left(const struct gb_continuous_book *book, uint32_t order);
struct gb_price gb_continuous_book_quote(const struct gb_continuous_book *book, uint32_t order);

#endif
