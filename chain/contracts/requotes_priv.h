/* What becomes of an interval between two rounds: the first one as it is published, and the
 * amendments that stand on the ledger until the second one is closed.
 *
 * An amendment counts with the close, if it came in time (in a block <= H). Until then each order
 * is held for the largest total that it may come to have. */
#ifndef CHAIN_CONTRACTS_REQUOTES_PRIV_H
#define CHAIN_CONTRACTS_REQUOTES_PRIV_H

#include "chain/contracts/event.h"
#include "chain/contracts/failure_priv.h"
#include "chain/contracts/order_book_priv.h"
#include "chain/wire/hash.h"
#include "models/market/mechanism.h"

struct gb_requote { /* an amendment */
    struct gb_order_origin origin;
    uint32_t order;
    struct gb_price price;
    struct gb_energy total;
};

struct gb_requoted_order {
    uint64_t nonce;          /* of its latest amendment; 0: none */
    struct gb_energy filled; /* by round 1 */
    struct gb_energy most;   /* largest total so far */
    bool is_over;            /* nothing is left, or its latest amendment leaves nothing */
};

struct gb_requotes {       /* written by requotes.c alone; all zero is empty */
    bool is_open;          /* round 1 is over, round 2 is not */
    struct gb_round round; /* the first one; its arrays are its own */
    struct gb_hash root;   /* Merkle root over its trades; zero with hashing off */
    struct gb_requoted_order *orders;
    size_t n, capacity;
    struct gb_requote *items; /* in the ledger's order */
};

/* Frees what it holds and is empty. */
void gb_requotes_release(struct gb_requotes *requotes);
/* Round 1 is over: keeps it. false: a failure is kept */
bool gb_requotes_begin(struct gb_requotes *requotes, struct gb_failure *failure,
                       const struct gb_order_book *book, const struct gb_round *round);
/* Works the root over its trades out. */
void gb_requotes_seal(struct gb_requotes *requotes, int64_t interval);
/* The largest total of an order becomes this one, if it is larger; false: a failure is kept */
bool gb_requotes_add(struct gb_requotes *requotes, struct gb_failure *failure,
                     const struct gb_requote *requote);
/* No amendment is taken any more. */
void gb_requotes_end(struct gb_requotes *requotes);

/* What an order of the book is held for. */
static inline struct gb_energy gb_requotes_held(const struct gb_requotes *requotes,
                                                const struct gb_order_book *book, size_t order)
{
    return requotes->orders ? requotes->orders[order].most : book->orders[order].quantity;
}

#endif
