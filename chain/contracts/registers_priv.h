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
/* Does the reading follow the meter's last one, with nothing behind it? Most do. */
static inline bool gb_registers_does_follow(const struct gb_known_registers *known, uint32_t meter,
                                            int64_t interval)
{
    const struct gb_known_meter *first = &known->meters[meter];

    return first->span == GB_NO_SPAN && first->last_interval + 1 == interval;
}

/* What a meter's registers moved by, modulo 2^64, and its household took meanwhile. */
struct gb_moved_registers {
    uint64_t import_wh, export_wh, solar_wh, wind_wh, charge_wh, discharge_wh, taken_wh;
};
/* Is none of them below 0 or beyond the limit? */
bool gb_registers_are_within(const struct gb_known_registers *known,
                             const struct gb_moved_registers *moved);
/* Could a meter have moved from one to the other? A gap of several slots may hold no more than one:
 * its bill must fit into 64 bits. Unsigned, since what a stranger's registers differ by may be
 * anything; and without a branch each, for hardly any reading is refused: what has no bit but the
 * lower ones of the limit is within it. */
static inline bool gb_registers_could_move(const struct gb_known_registers *known,
                                           const struct gb_registers *from,
                                           const struct gb_registers *to)
{
    struct gb_moved_registers moved = {
        .import_wh = (uint64_t)to->import_wh - (uint64_t)from->import_wh,
        .export_wh = (uint64_t)to->export_wh - (uint64_t)from->export_wh,
        .solar_wh = (uint64_t)to->solar_wh - (uint64_t)from->solar_wh,
        .wind_wh = (uint64_t)to->wind_wh - (uint64_t)from->wind_wh,
        .charge_wh = (uint64_t)to->charge_wh - (uint64_t)from->charge_wh,
        .discharge_wh = (uint64_t)to->discharge_wh - (uint64_t)from->discharge_wh};

    moved.taken_wh = moved.import_wh + moved.solar_wh + moved.wind_wh + moved.discharge_wh -
                     moved.export_wh - moved.charge_wh;
    uint64_t all = moved.import_wh | moved.export_wh | moved.solar_wh | moved.wind_wh |
                   moved.charge_wh | moved.discharge_wh | moved.taken_wh;
    return all <= known->surely_wh || gb_registers_are_within(known, &moved);
}
static inline bool gb_registers_are_same(const struct gb_registers *a, const struct gb_registers *b)
{
    return ((a->import_wh ^ b->import_wh) | (a->export_wh ^ b->export_wh) |
            (a->solar_wh ^ b->solar_wh) | (a->wind_wh ^ b->wind_wh) |
            (a->charge_wh ^ b->charge_wh) | (a->discharge_wh ^ b->discharge_wh)) == 0;
}
static inline bool gb_registers_are_positive(const struct gb_registers *a)
{
    return (a->import_wh | a->export_wh | a->solar_wh | a->wind_wh | a->charge_wh |
            a->discharge_wh) >= 0;
}
/* The check below of a reading of any interval. */
enum gb_receipt gb_registers_check_among(const struct gb_known_registers *known, uint32_t meter,
                                         const struct gb_reading_message *body);
/* May the reading be taken: is its interval unknown so far, and does it agree with itself and with
 * its neighbours? */
static inline enum gb_receipt gb_registers_check(const struct gb_known_registers *known,
                                                 uint32_t meter,
                                                 const struct gb_reading_message *body)
{
    if (!gb_registers_does_follow(known, meter, body->interval))
        return gb_registers_check_among(known, meter, body);
    /* what is known of it is not negative, nor is the same */
    return gb_registers_are_same(&known->meters[meter].registers, &body->start) &&
                   gb_registers_are_positive(&body->end) &&
                   gb_registers_could_move(known, &body->start, &body->end)
               ? GB_RECEIPT_OK
               : GB_RECEIPT_WRONG_REGISTERS;
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
