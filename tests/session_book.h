/* What the orders of a slot come to that a ledger took, by the auctions of the oracles, which share
 * no code with the market's: which messages count, in which order, and what they trade. */
#ifndef TESTS_SESSION_BOOK_H
#define TESTS_SESSION_BOOK_H

#include "chain/wire/transaction.h"
#include "models/market/books.h"
#include "models/market/mechanism.h"

enum { SESSION_BOOK_MESSAGES = 96, SESSION_BOOK_CLOSES = 2 };

struct session_book {
    int64_t interval;
    enum gb_books books;
    size_t
        n_messages; /* orders, amendments and cancels that were accepted, in the ledger's order */
    struct gb_message messages[SESSION_BOOK_MESSAGES];
    uint64_t blocks[SESSION_BOOK_MESSAGES]; /* that hold them */
    size_t n_closes;
    struct {
        uint64_t height, block; /* that it names, and of its own block */
    } closes[SESSION_BOOK_CLOSES];
};

void session_book_begin(struct session_book *book, int64_t interval, enum gb_books books);
/* block  that holds the message, which was accepted */
void session_book_hear(struct session_book *book, const struct gb_message *message, uint64_t block);
/* Are these the trades of the slot, each within both reserves and the band, and the operator's
 * difference what the mechanism promises? In an auction of which the gates are over, or in one that
 * trades as orders come. */
bool session_book_trades(const struct session_book *book, const struct gb_market_rules *rules,
                         const struct gb_trade *trades, size_t n);

#endif
