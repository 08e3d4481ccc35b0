/* Readings come in any order of their intervals, and some never come; those that follow each other
 * make a span, known at both ends. The first span of a meter begins with its installation; further
 * ones wait, in ascending order, for what lies before them: a reading, or that all intervals of the
 * gap are final and unread, upon which the gap is billed. So a meter that is read in order has no
 * span but the first.
 *
 * A reading must agree with its neighbours on both sides, as far as there are any, and be possible
 * in itself: no register runs backwards or further than a meter may move in a slot, and what the
 * household took is what came in less what went out. */
#include "chain/contracts/registers_priv.h"

#include <stdlib.h>

#include "base/memory.h"

enum gb_status gb_registers_init(struct gb_known_registers *known, size_t n_meters,
                                 int64_t limit_wh, struct gb_error *err)
{
    known->limit_wh = limit_wh;
    while (2 * known->surely_wh + 1 <= (uint64_t)limit_wh)
        known->surely_wh = 2 * known->surely_wh + 1;
    known->n_meters = n_meters;
    known->free_span = GB_NO_SPAN;
    known->meters = gb_memory_wide(n_meters + 1, sizeof *known->meters);
    if (!known->meters)
        return gb_fail(err, GB_ENOMEM, "no memory for the registers of %zu meters", n_meters);
    for (size_t i = 0; i < n_meters; i++)
        known->meters[i] = (struct gb_known_meter){.last_interval = -1, .span = GB_NO_SPAN};
    return GB_OK;
}

void gb_registers_clear(struct gb_known_registers *known)
{
    free(known->meters);
    free(known->spans);
}

/* ---- what registers may show */

/* Has the highest bit where it is below 0 or beyond the limit. */
static uint64_t beyond(const struct gb_known_registers *known, uint64_t wh)
{
    return wh | ((uint64_t)known->limit_wh - wh);
}

bool gb_registers_are_within(const struct gb_known_registers *known,
                             const struct gb_moved_registers *moved)
{
    return (beyond(known, moved->import_wh) | beyond(known, moved->export_wh) |
            beyond(known, moved->solar_wh) | beyond(known, moved->wind_wh) |
            beyond(known, moved->charge_wh) | beyond(known, moved->discharge_wh) |
            beyond(known, moved->taken_wh)) >>
               63 ==
           0;
}

/* ---- spans */

struct place {
    uint32_t before, after;
}; /* GB_NO_SPAN before: the first span */

static struct place place_of(const struct gb_known_registers *known,
                             const struct gb_known_meter *first, int64_t interval)
{
    struct place place = {GB_NO_SPAN, first->span};

    while (place.after != GB_NO_SPAN && known->spans[place.after].first <= interval) {
        place.before = place.after;
        place.after = known->spans[place.after].next;
    }
    return place;
}

static int64_t last_before(const struct gb_known_registers *known,
                           const struct gb_known_meter *first, struct place place)
{
    return place.before == GB_NO_SPAN ? first->last_interval : known->spans[place.before].last;
}

static bool fits_between(const struct gb_known_registers *known, int64_t last,
                         const struct gb_registers *end, int64_t first,
                         const struct gb_registers *start)
{
    return last + 1 == first ? gb_registers_are_same(end, start)
                             : gb_registers_could_move(known, end, start);
}

enum gb_receipt gb_registers_check_among(const struct gb_known_registers *known, uint32_t meter,
                                         const struct gb_reading_message *body)
{
    const struct gb_known_meter *first = &known->meters[meter];
    struct place place = place_of(known, first, body->interval);
    int64_t last = last_before(known, first, place);
    const struct gb_registers *end =
        place.before == GB_NO_SPAN ? &first->registers : &known->spans[place.before].end;

    if (body->interval <= last)
        return GB_RECEIPT_ALREADY_DONE;
    if (!gb_registers_are_positive(&body->start) || !gb_registers_are_positive(&body->end) ||
        !gb_registers_could_move(known, &body->start, &body->end) ||
        !fits_between(known, last, end, body->interval, &body->start))
        return GB_RECEIPT_WRONG_REGISTERS;
    if (place.after != GB_NO_SPAN &&
        !fits_between(known, body->interval, &body->end, known->spans[place.after].first,
                      &known->spans[place.after].start))
        return GB_RECEIPT_WRONG_REGISTERS;
    return GB_RECEIPT_OK;
}

static void free_span(struct gb_known_registers *known, uint32_t span)
{
    known->spans[span].next = known->free_span;
    known->free_span = span;
    known->n_spans_waiting--;
}

static uint32_t take_span(struct gb_known_registers *known, struct gb_failure *failure)
{
    uint32_t span = known->free_span;

    if (span != GB_NO_SPAN) {
        known->free_span = known->spans[span].next;
    } else {
        known->spans = gb_failure_grown(failure, known->spans, &known->span_capacity,
                                        known->n_spans + 1, sizeof *known->spans);
        if (known->n_spans == known->span_capacity || known->n_spans >= GB_NO_SPAN)
            return GB_NO_SPAN; /* the failure is kept */
        span = (uint32_t)known->n_spans++;
    }
    known->n_spans_waiting++;
    return span;
}

static void insert_span(struct gb_known_registers *known, struct gb_failure *failure,
                        uint32_t meter, struct place place, const struct gb_reading_message *body)
{
    uint32_t span = take_span(known, failure);

    if (span == GB_NO_SPAN)
        return;
    known->spans[span] = (struct gb_span){.first = body->interval,
                                          .last = body->interval,
                                          .start = body->start,
                                          .end = body->end,
                                          .next = place.after};
    *(place.before == GB_NO_SPAN ? &known->meters[meter].span : &known->spans[place.before].next) =
        span;
}

void gb_registers_insert(struct gb_known_registers *known, struct gb_failure *failure,
                         uint32_t meter, const struct gb_reading_message *body)
{
    struct gb_known_meter *first = &known->meters[meter];
    struct place place = place_of(known, first, body->interval);

    if (place.before == GB_NO_SPAN && first->last_interval + 1 == body->interval) {
        first->last_interval = body->interval;
        first->registers = body->end;
    } else {
        insert_span(known, failure, meter, place, body);
    }
}

/* ---- gaps */

/* Two neighbours: nothing between them, a gap that is final, or one that waits for readings. */
enum joint { ADJACENT, FINAL_GAP, OPEN_GAP };

/* Nobody reads these any more? Intervals below final_before are final; later ones may be. */
static bool are_final(const struct gb_intervals *intervals, int64_t first, int64_t last)
{
    int64_t i = first > intervals->final_before ? first : intervals->final_before;

    while (i <= last && gb_intervals_is_over(intervals, i))
        i++;
    return i > last;
}

static enum joint look_between(const struct gb_intervals *intervals, int64_t last,
                               const struct gb_registers *end, const struct gb_span *next,
                               struct gb_gap *gap)
{
    if (last + 1 == next->first)
        return ADJACENT;
    if (!are_final(intervals, last + 1, next->first - 1))
        return OPEN_GAP;
    *gap = (struct gb_gap){last + 1, next->first - 1, *end, next->start};
    return FINAL_GAP;
}

/* Joins the first span with the one behind it. */
static void join_first(struct gb_known_registers *known, struct gb_known_meter *first)
{
    uint32_t joined = first->span;

    first->last_interval = known->spans[joined].last;
    first->registers = known->spans[joined].end;
    first->span = known->spans[joined].next;
    free_span(known, joined);
}

/* Joins a span that waits with the one behind it. */
static void join(struct gb_known_registers *known, struct gb_span *span)
{
    uint32_t joined = span->next;

    span->last = known->spans[joined].last;
    span->end = known->spans[joined].end;
    span->next = known->spans[joined].next;
    free_span(known, joined);
}

bool gb_registers_close_gap(struct gb_known_registers *known, const struct gb_intervals *intervals,
                            uint32_t meter, struct gb_gap *gap)
{
    struct gb_known_meter *first = &known->meters[meter];
    struct gb_span *spans = known->spans;
    enum joint joint = ADJACENT;

    while (joint == ADJACENT && first->span != GB_NO_SPAN) {
        joint = look_between(intervals, first->last_interval, &first->registers,
                             &spans[first->span], gap);
        if (joint != OPEN_GAP)
            join_first(known, first);
    }
    for (uint32_t i = first->span; joint != FINAL_GAP && i != GB_NO_SPAN;) {
        uint32_t next = spans[i].next;
        joint = next == GB_NO_SPAN
                    ? OPEN_GAP
                    : look_between(intervals, spans[i].last, &spans[i].end, &spans[next], gap);
        if (joint == OPEN_GAP)
            i = next;
        else
            join(known, &spans[i]);
    }
    return joint == FINAL_GAP;
}

/* ---- what is known */

int64_t gb_registers_net(const struct gb_known_registers *known, uint32_t meter)
{
    const struct gb_known_meter *first = &known->meters[meter];
    int64_t net = first->registers.import_wh - first->registers.export_wh;

    for (uint32_t i = first->span; i != GB_NO_SPAN; i = known->spans[i].next)
        net += (known->spans[i].end.import_wh - known->spans[i].start.import_wh) -
               (known->spans[i].end.export_wh - known->spans[i].start.export_wh);
    return net;
}
