/* What the ledger knows of a meter's registers. Readings come in any order of their intervals, and
 * some never come; those that follow each other make a span, known at both ends. The first span of
 * a meter begins with its installation and stands in gb_user; further ones wait, in ascending
 * order, for what lies before them: a reading, or that all intervals of the gap are final and
 * unread, upon which the gap is billed. So a meter that is read in order has no span but the first.
 *
 * A reading must agree with its neighbours on both sides, as far as there are any, and be possible
 * in itself: no register runs backwards or further than a meter may move in a slot, and what the
 * household took is what came in less what went out. */
#include "chain/contracts/contracts_priv.h"

#include <stdlib.h>

/* ---- what registers may show */

static bool is_within(const struct gb_contracts *contracts, int64_t wh)
{
    return wh >= 0 && wh <= contracts->energy_limit_wh;
}

/* Could a meter have moved from one to the other? A gap of several slots may hold no more than one:
 * its bill must fit into 64 bits. Neither register is negative, so no difference overflows. */
static bool is_possible(const struct gb_contracts *contracts, const struct gb_registers *from,
                        const struct gb_registers *to)
{
    const int64_t moved[] = {to->import_wh - from->import_wh, to->solar_wh - from->solar_wh,
                             to->wind_wh - from->wind_wh,     to->discharge_wh - from->discharge_wh,
                             to->export_wh - from->export_wh, to->charge_wh - from->charge_wh};
    int64_t load = 0;

    for (size_t i = 0; i < 6; i++) {
        if (!is_within(contracts, moved[i]))
            return false;
        load += i < 4 ? moved[i] : -moved[i];
    }
    return is_within(contracts, load);
}

static bool is_same(const struct gb_registers *a, const struct gb_registers *b)
{
    return a->import_wh == b->import_wh && a->export_wh == b->export_wh &&
           a->solar_wh == b->solar_wh && a->wind_wh == b->wind_wh && a->charge_wh == b->charge_wh &&
           a->discharge_wh == b->discharge_wh;
}

static bool is_positive(const struct gb_registers *a)
{
    return a->import_wh >= 0 && a->export_wh >= 0 && a->solar_wh >= 0 && a->wind_wh >= 0 &&
           a->charge_wh >= 0 && a->discharge_wh >= 0;
}

/* ---- spans */

struct place {
    uint32_t before, after;
}; /* GB_NO_SPAN before: the first span */

static struct place place_of(const struct gb_contracts *contracts, const struct gb_user *user,
                             int64_t interval)
{
    struct place place = {GB_NO_SPAN, user->span};

    while (place.after != GB_NO_SPAN && contracts->spans[place.after].first <= interval) {
        place.before = place.after;
        place.after = contracts->spans[place.after].next;
    }
    return place;
}

static int64_t last_before(const struct gb_contracts *contracts, const struct gb_user *user,
                           struct place place)
{
    return place.before == GB_NO_SPAN ? user->last_interval : contracts->spans[place.before].last;
}

static bool fits_between(const struct gb_contracts *contracts, int64_t last,
                         const struct gb_registers *end, int64_t first,
                         const struct gb_registers *start)
{
    return last + 1 == first ? is_same(end, start) : is_possible(contracts, end, start);
}

enum gb_receipt gb_registers_check(const struct gb_contracts *contracts, uint32_t meter,
                                   const struct gb_reading_message *body)
{
    const struct gb_user *user = &contracts->users[meter];
    struct place place = place_of(contracts, user, body->interval);
    int64_t last = last_before(contracts, user, place);
    const struct gb_registers *end =
        place.before == GB_NO_SPAN ? &user->registers : &contracts->spans[place.before].end;

    if (body->interval <= last)
        return GB_RECEIPT_ALREADY_DONE;
    if (!is_positive(&body->start) || !is_positive(&body->end) ||
        !is_possible(contracts, &body->start, &body->end) ||
        !fits_between(contracts, last, end, body->interval, &body->start))
        return GB_RECEIPT_WRONG_REGISTERS;
    if (place.after != GB_NO_SPAN &&
        !fits_between(contracts, body->interval, &body->end, contracts->spans[place.after].first,
                      &contracts->spans[place.after].start))
        return GB_RECEIPT_WRONG_REGISTERS;
    return GB_RECEIPT_OK;
}

static void free_span(struct gb_contracts *contracts, uint32_t span)
{
    contracts->spans[span].next = contracts->free_span;
    contracts->free_span = span;
    contracts->n_spans_waiting--;
}

static uint32_t take_span(struct gb_contracts *contracts)
{
    uint32_t span = contracts->free_span;

    if (span != GB_NO_SPAN) {
        contracts->free_span = contracts->spans[span].next;
    } else {
        contracts->spans =
            gb_contracts_grown(contracts, contracts->spans, &contracts->span_capacity,
                               contracts->n_spans + 1, sizeof *contracts->spans);
        if (contracts->n_spans == contracts->span_capacity || contracts->n_spans >= GB_NO_SPAN)
            return GB_NO_SPAN; /* the failure is kept */
        span = (uint32_t)contracts->n_spans++;
    }
    contracts->n_spans_waiting++;
    return span;
}

/* ---- gaps */

/* Nobody reads these any more? Intervals below final_before are final; later ones may be. */
static bool are_final(const struct gb_contracts *contracts, int64_t first, int64_t last)
{
    int64_t i = first > contracts->final_before ? first : contracts->final_before;

    while (i <= last && gb_intervals_is_over(contracts, i))
        i++;
    return i > last;
}

/* Is there no gap between two neighbours, or none that waits for anything? Such a one is billed. */
static bool close_gap(struct gb_contracts *contracts, uint32_t meter, int64_t last,
                      const struct gb_registers *end, int64_t first,
                      const struct gb_registers *start)
{
    if (last + 1 == first)
        return true;
    if (!are_final(contracts, last + 1, first - 1))
        return false;
    gb_billing_gap(contracts, meter, last + 1, first - 1, end, start);
    return true;
}

/* Joins the first span with those that wait, then those with each other. */
static void join_spans(struct gb_contracts *contracts, uint32_t meter)
{
    struct gb_user *user = &contracts->users[meter];
    struct gb_span *spans = contracts->spans;

    while (user->span != GB_NO_SPAN &&
           close_gap(contracts, meter, user->last_interval, &user->registers,
                     spans[user->span].first, &spans[user->span].start)) {
        uint32_t joined = user->span;
        user->last_interval = spans[joined].last;
        user->registers = spans[joined].end;
        user->span = spans[joined].next;
        free_span(contracts, joined);
    }
    for (uint32_t i = user->span; i != GB_NO_SPAN;) {
        uint32_t next = spans[i].next;
        if (next == GB_NO_SPAN || !close_gap(contracts, meter, spans[i].last, &spans[i].end,
                                             spans[next].first, &spans[next].start)) {
            i = next;
            continue;
        }
        spans[i].last = spans[next].last;
        spans[i].end = spans[next].end;
        spans[i].next = spans[next].next;
        free_span(contracts, next);
    }
}

static void insert_span(struct gb_contracts *contracts, uint32_t meter, struct place place,
                        const struct gb_reading_message *body)
{
    uint32_t span = take_span(contracts);

    if (span == GB_NO_SPAN)
        return;
    contracts->spans[span] = (struct gb_span){.first = body->interval,
                                              .last = body->interval,
                                              .start = body->start,
                                              .end = body->end,
                                              .next = place.after};
    *(place.before == GB_NO_SPAN ? &contracts->users[meter].span
                                 : &contracts->spans[place.before].next) = span;
}

void gb_registers_add(struct gb_contracts *contracts, uint32_t meter,
                      const struct gb_reading_message *body)
{
    struct gb_user *user = &contracts->users[meter];
    struct place place = place_of(contracts, user, body->interval);

    if (gb_intervals_is_over(contracts, body->interval)) /* late: it only bills */
        gb_billing_gap(contracts, meter, body->interval, body->interval, &body->start, &body->end);
    if (place.before == GB_NO_SPAN && close_gap(contracts, meter, user->last_interval,
                                                &user->registers, body->interval, &body->start)) {
        user->last_interval = body->interval;
        user->registers = body->end;
    } else {
        insert_span(contracts, meter, place, body);
    }
    if (user->span != GB_NO_SPAN)
        join_spans(contracts, meter);
}

void gb_registers_close_gaps(struct gb_contracts *contracts)
{
    for (size_t i = 0; contracts->n_spans_waiting > 0 && i < contracts->n_users; i++)
        if (contracts->users[i].span != GB_NO_SPAN)
            join_spans(contracts, (uint32_t)i);
}

int64_t gb_registers_net(const struct gb_contracts *contracts, uint32_t meter)
{
    const struct gb_user *user = &contracts->users[meter];
    int64_t net = user->registers.import_wh - user->registers.export_wh;

    for (uint32_t i = user->span; i != GB_NO_SPAN; i = contracts->spans[i].next)
        net += (contracts->spans[i].end.import_wh - contracts->spans[i].start.import_wh) -
               (contracts->spans[i].end.export_wh - contracts->spans[i].start.export_wh);
    return net;
}

int64_t gb_contracts_last_reading(const struct gb_contracts *contracts, uint32_t meter)
{
    return contracts->users[meter].last_interval;
}
