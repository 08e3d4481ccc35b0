/* Receipts: what became of a message, a word each. */
#ifndef CHAIN_CONTRACTS_RECEIPT_H
#define CHAIN_CONTRACTS_RECEIPT_H

#include <stdbool.h>

#define GB_RECEIPT_LIST(X)                                                             \
    X(GB_RECEIPT_OK, "ok")                                                             \
    X(GB_RECEIPT_UNREGISTERED, "unregistered")                                         \
    X(GB_RECEIPT_SUSPENDED, "suspended")                                               \
    X(GB_RECEIPT_BAD_SIGNATURE, "bad signature")                                       \
    X(GB_RECEIPT_REPLAY, "replay")                                                     \
    X(GB_RECEIPT_EXPIRED, "expired")                                                   \
    X(GB_RECEIPT_OUT_OF_BAND, "price or reserve outside the band")                     \
    X(GB_RECEIPT_OUTSIDE_RESERVE, "quote outside its own reserve")                     \
    X(GB_RECEIPT_BEYOND_CAPACITY, "beyond capacity")                                   \
    X(GB_RECEIPT_UNDERFUNDED, "underfunded")                                           \
    X(GB_RECEIPT_BELOW_MINIMUM, "below the minimum quantity")                          \
    X(GB_RECEIPT_GATE_CLOSED, "gate closed")                                           \
    X(GB_RECEIPT_LATE, "executed above the height of the close")                       \
    X(GB_RECEIPT_MALFORMED, "malformed")                                               \
    X(GB_RECEIPT_NOT_ALLOWED, "not allowed for this sender")                           \
    X(GB_RECEIPT_UNKNOWN_TARGET, "unknown order, trade or interval")                   \
    X(GB_RECEIPT_ALREADY_DONE, "already done")                                         \
    X(GB_RECEIPT_WRONG_ROOT, "root differs from what the contract computed")           \
    X(GB_RECEIPT_TOO_EARLY, "too early")                                               \
    X(GB_RECEIPT_WRONG_REGISTERS, "registers contradict each other or other readings") \
    X(GB_RECEIPT_SUPERSEDED, "superseded by a later message about the same order")

enum gb_receipt {
#define GB_RECEIPT_MEMBER(name, text) name,
    GB_RECEIPT_LIST(GB_RECEIPT_MEMBER)
#undef GB_RECEIPT_MEMBER
        GB_N_RECEIPTS
};
const char *gb_receipt_text(enum gb_receipt receipt);
/* Was the message itself executed, accepted or not? Its sender was not who it said otherwise, or it
 * came again, or too late for its own last valid height. */
static inline bool gb_receipt_is_of_execution(enum gb_receipt receipt)
{
    switch (receipt) {
    case GB_RECEIPT_UNREGISTERED:
    case GB_RECEIPT_SUSPENDED:
    case GB_RECEIPT_BAD_SIGNATURE:
    case GB_RECEIPT_REPLAY:
    case GB_RECEIPT_EXPIRED: return false;
    default: return true;
    }
}
/* Refused for when it came, not for what it says: signed again, the same may be accepted. */
static inline bool gb_receipt_may_pass(enum gb_receipt receipt)
{
    return receipt == GB_RECEIPT_TOO_EARLY || receipt == GB_RECEIPT_EXPIRED ||
           receipt == GB_RECEIPT_REPLAY;
}

#endif
