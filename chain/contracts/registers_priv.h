/* What the ledger knows of each meter's registers. */
#ifndef CHAIN_CONTRACTS_REGISTERS_PRIV_H
#define CHAIN_CONTRACTS_REGISTERS_PRIV_H

#include "chain/contracts/intervals_priv.h"

#define GB_NO_SPAN UINT32_MAX

/* A meter's first span: registers at the end of the last interval up to which every Wh is known,
 * read or billed with a gap; zero and -1 before the first. */
struct gb_known_meter {
    int64_t last_interval;
    struct gb_registers registers;
    uint32_t span; /* the next one; GB_NO_SPAN */
};

/* Readings of a meter that follow each other, but not yet on those before. */
struct gb_span {
    int64_t first, last; /* intervals */
    struct gb_registers start, end;
    uint32_t next; /* of the meter, later; GB_NO_SPAN */
};

struct gb_known_registers {
    int64_t limit_wh;   /* that a register may move by in a slot, or in a gap */
    uint64_t surely_wh; /* the largest 2^k - 1 up to it */
    size_t n_meters;
    struct gb_known_meter *meters;
    size_t n_spans, span_capacity, n_spans_waiting;
    struct gb_span *spans;
    uint32_t free_span; /* a chain of them; GB_NO_SPAN */
};

/* Intervals first to last, final and unread, and the registers before and after them. */
struct gb_gap {
    int64_t first, last;
    struct gb_registers start, end;
};

enum gb_status gb_registers_init(struct gb_known_registers *known, size_t n_meters,
                                 int64_t limit_wh, struct gb_error *err);
void gb_registers_clear(struct gb_known_registers *known);
/* May the reading be taken: is its interval unknown so far, and does it agree with itself and with
 * its neighbours? */
enum gb_receipt gb_registers_check(const struct gb_known_registers *known, uint32_t meter,
                                   const struct gb_reading_message *body);
/* Does the reading follow the meter's last one, with nothing behind it? Most do. */
static inline bool gb_registers_does_follow(const struct gb_known_registers *known, uint32_t meter,
                                            int64_t interval)
{
    const struct gb_known_meter *first = &known->meters[meter];

    return first->span == GB_NO_SPAN && first->last_interval + 1 == interval;
}
void gb_registers_insert(struct gb_known_registers *known, struct gb_failure *failure,
                         uint32_t meter, const struct gb_reading_message *body);
/* Takes a reading that was checked; it may leave gaps to close. */
static inline void gb_registers_add(struct gb_known_registers *known, struct gb_failure *failure,
                                    uint32_t meter, const struct gb_reading_message *body)
{
    struct gb_known_meter *first = &known->meters[meter];

    if (gb_registers_does_follow(known, meter, body->interval)) {
        first->last_interval = body->interval;
        first->registers = body->end;
    } else {
        gb_registers_insert(known, failure, meter, body);
    }
}
static inline bool gb_registers_has_spans_waiting(const struct gb_known_registers *known,
                                                  uint32_t meter)
{
    return known->meters[meter].span != GB_NO_SPAN;
}
/* Joins a meter's spans up to and over the next gap of which all intervals are final.
 * gap  out: that one; untouched where there is none
 * returns whether there was one, which is to be billed: there may be another behind it */
bool gb_registers_close_gap(struct gb_known_registers *known, const struct gb_intervals *intervals,
                            uint32_t meter, struct gb_gap *gap);
/* Net of all that is known of a meter, in Wh; import positive. */
int64_t gb_registers_net(const struct gb_known_registers *known, uint32_t meter);

#endif
