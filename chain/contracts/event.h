/* Events: what execution emits to the outside, in execution order. */
#ifndef CHAIN_CONTRACTS_EVENT_H
#define CHAIN_CONTRACTS_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/quantity.h"
#include "chain/wire/keys.h"

/* Where in the ledger a message stands. */
struct gb_position {
    uint64_t height;
    uint32_t transaction, message;
};

/* Kinds of event. */
enum gb_contract_event_kind {
    GB_EVENT_ORDER,            /* an order was accepted or refused: receipt, owner */
    GB_EVENT_MATCHED,          /* the close was executed: the match stands */
    GB_EVENT_OPENED,           /* delivery under the match */
    GB_EVENT_MISSED,           /* a missed slot: everybody on the grid */
    GB_EVENT_READING,          /* meter; receipt */
    GB_EVENT_TRADE_SETTLED,    /* trade: energy and money have moved */
    GB_EVENT_TRADE_VOIDED,     /* trade */
    GB_EVENT_BILLED,           /* meter: the grid bill of the interval was executed */
    GB_EVENT_GAP_BILLED,       /* meter: what its registers moved by in final intervals that
                                * it was not read in before; `interval` is the last of them
                                * and `index` their number */
    GB_EVENT_APPROVAL_REFUSED, /* one approval of a reading or approve did not count, the
                                * others did: receipt, sender; index: the trade it names */
    GB_EVENT_REFUSED,          /* any other message that failed: receipt, sender */
    GB_EVENT_TRADED,           /* an order that arrived, or was amended, traded at once: index of
                                * the execution in its interval */
    GB_EVENT_ROUND,            /* the first close was executed: round 1 is over, and what it left
                                * may be amended */
    GB_EVENT_CUT               /* at the match, so much of an order was cut by the market's limits:
                                * index of the order, executed */
};

/* message, sender, position and nonce are those of the message that caused the event, but for
 * BILLED and GAP_BILLED (sender: the meter), an ORDER refused as LATE at the close and a CUT (all
 * four of the order, or of the cancel that came too late). */
struct gb_contract_event {
    uint8_t kind;
    uint8_t receipt;   /* enum gb_receipt */
    uint8_t message;   /* enum gb_message_kind: nonces count by it */
    bool is_of_bundle; /* the message's bundle was refused: its own nonce is unspent */
    gb_party sender;
    uint32_t index; /* ORDER: number of the order in the slot when a new one was
                     * accepted, or where orders trade as they come one was
                     * amended or cancelled, else UINT32_MAX; TRADE*: index of
                     * the trade in the match */
    int64_t interval;
    union {
        struct { /* all but *BILLED */
            struct gb_position position;
            uint64_t nonce;            /* of the message */
            struct gb_energy executed; /* of TRADE_SETTLED: what moved; of CUT: what was
                                        * cut; else 0 */
        };
        struct {                     /* *BILLED */
            struct gb_money amount;  /* the grid bill (positive = the meter pays) */
            struct gb_energy energy; /* metered net (positive = import) */
            /* of BILLED, each settled at a price of imbalance: sold and not delivered, or bought
             * and not taken (< 0); and what the meter took beyond its schedule with the grid, or
             * left of it (< 0), where the rules have one */
            struct gb_energy imbalance, off_schedule;
        };
    };
};

/* Events in pieces: a block of thousands grows without being moved. */
#define GB_EVENTS_A_PIECE 128
struct gb_events {
    size_t n, n_pieces, capacity;
    struct gb_contract_event **pieces;
};
static inline const struct gb_contract_event *gb_event_at(const struct gb_events *events, size_t i)
{
    return &events->pieces[i / GB_EVENTS_A_PIECE][i % GB_EVENTS_A_PIECE];
}
void gb_events_keep(struct gb_events *events, size_t n_pieces); /* frees those behind so many */
void gb_events_clear(struct gb_events *events);                 /* frees them all */

#endif
