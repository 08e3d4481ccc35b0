#include "experiments/run/sent_orders.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "experiments/run/causes.h"

struct sent_order { /* when an order was sent, and what became of it */
    int64_t sent_ns;
    uint32_t nonce;     /* of its meter */
    uint32_t next;      /* next order of the same meter in this interval, or GB_NO_ORDER */
    uint32_t number;    /* among the accepted of the interval, or GB_NO_NUMBER */
    uint8_t receipt;    /* enum gb_receipt; GB_N_RECEIPTS: not on the ledger yet, or never */
    uint8_t late_cause; /* enum gb_late_cause: if it is late, then by this */
    uint8_t n_again;    /* times it was signed again, 255 and more */
    bool is_amendment;
    bool is_acknowledged; /* stable at its entry node */
};

struct gb_run_interval_orders {
    int64_t interval;
    bool is_matched;
    uint32_t *first; /* per meter: into orders, or GB_NO_ORDER; where there are orders */
    struct sent_order *orders;
    struct gb_valuation *valuations; /* the same index */
    struct gb_run_terms *terms;      /* the same index; NULL where orders stand until the match */
    struct gb_order_row *rows;       /* the same index; NULL below output.level market */
    size_t n, capacity;              /* the arrays stay when the orders go */
    size_t n_open;
    size_t n_at_once; /* answered as soon as they were sent; counted when the orders go */
};

void gb_run_sent_orders_init(struct gb_run_sent_orders *sent, const struct gb_run_environment *env,
                             const struct gb_run_gateway *gateway, struct gb_run_kpis *kpis)
{
    *sent = (struct gb_run_sent_orders){.env = env, .gateway = gateway, .kpis = kpis};
}

void gb_run_sent_orders_open(struct gb_run_sent_orders *sent, size_t place, int64_t interval)
{
    if (!gb_run_reach_place((void **)&sent->at, &sent->n_places, place, sizeof *sent->at,
                            sent->env->error))
        return;
    struct gb_run_interval_orders *of = &sent->at[place];

    of->interval = interval;
    of->is_matched = false;
    of->n_open = 0;
}

static void free_arrays(struct gb_run_interval_orders *of)
{
    free(of->first);
    free(of->orders);
    free(of->valuations);
    free(of->terms);
    free(of->rows);
    *of = (struct gb_run_interval_orders){
        .interval = of->interval, .is_matched = of->is_matched, .n_open = of->n_open};
}

static bool are_accepted(const struct gb_run_interval_orders *of)
{
    size_t n = 0;

    while (n < of->n && of->orders[n].receipt == GB_RECEIPT_OK)
        n++;
    return n == of->n && !of->terms; /* with terms they may have been amended since */
}

/* All orders of the interval are known by then: they were filed when it opened. */
static void drop(const struct gb_run_sent_orders *sent, struct gb_run_interval_orders *of)
{
    size_t place = (size_t)(of - sent->at);

    gb_run_kpis_sent_welfare(sent->kpis, place, of->interval, of->valuations, of->n,
                             are_accepted(of));
    if (of->n_at_once > 0)
        gb_run_kpis_latency(sent->kpis, place, 0, of->n_at_once);
    of->n_at_once = 0;
    if (of->capacity > GB_RUN_KEPT_CAPACITY || sent->env->n > GB_RUN_KEPT_CAPACITY)
        free_arrays(of);
    of->n = 0;
}

void gb_run_sent_orders_retire(struct gb_run_sent_orders *sent, size_t place)
{
    drop(sent, &sent->at[place]);
}

void gb_run_sent_orders_clear(struct gb_run_sent_orders *sent)
{
    for (size_t place = 0; place < sent->n_places; place++)
        free_arrays(&sent->at[place]);
    free(sent->at);
    sent->at = NULL;
    sent->n_places = 0;
}

static void drop_if_over(const struct gb_run_sent_orders *sent, struct gb_run_interval_orders *of)
{
    if (of->n_open == 0 && of->is_matched && !of->rows)
        drop(sent, of);
}

/* ---- who sends */

static bool has_rows(const struct gb_run_sent_orders *sent)
{
    return sent->env->scenario->output_level >= GB_OUTPUT_MARKET;
}

static bool grow(const struct gb_run_sent_orders *sent, struct gb_run_interval_orders *of,
                 size_t needed)
{
    size_t capacity = gb_array_next_capacity(of->capacity, needed);
    struct sent_order *orders = gb_array_resize(of->orders, capacity, sizeof *orders);

    if (!orders)
        return false;
    of->orders = orders;
    struct gb_valuation *valuations = gb_array_resize(of->valuations, capacity, sizeof *valuations);
    if (!valuations)
        return false;
    of->valuations = valuations;
    if (gb_run_lets_amend(sent->env)) {
        struct gb_run_terms *terms = gb_array_resize(of->terms, capacity, sizeof *terms);

        if (!terms)
            return false;
        of->terms = terms;
    }
    if (has_rows(sent)) {
        struct gb_order_row *rows = gb_array_resize(of->rows, capacity, sizeof *rows);

        if (!rows)
            return false;
        of->rows = rows;
    }
    of->capacity = capacity;
    return true;
}

/* Capacity for so many more; false after a failure. */
static bool reserve(struct gb_run_sent_orders *sent, size_t place, size_t n)
{
    const struct gb_run_environment *env = sent->env;
    struct gb_run_interval_orders *of = &sent->at[place];

    if (!of->first)
        of->first = gb_array_resize(NULL, env->n, sizeof *of->first);
    if (!of->first || (of->n + n > of->capacity && !grow(sent, of, of->n + n))) {
        gb_fail(env->error, GB_ENOMEM, "no memory for %zu orders", of->n + n);
        return false;
    }
    if (of->n == 0)
        memset(of->first, 0xff, env->n * sizeof *of->first);
    return true;
}

bool gb_run_sent_orders_add(struct gb_run_sent_orders *sent, size_t place, size_t n,
                            const uint32_t *meter, const int64_t *sent_ns, uint32_t *first)
{
    struct gb_run_interval_orders *of = &sent->at[place];

    if (!reserve(sent, place, n))
        return false;
    *first = (uint32_t)of->n;
    for (size_t i = 0; i < n; i++) {
        of->orders[of->n] = (struct sent_order){.next = of->first[meter[i]],
                                                .sent_ns = sent_ns[i],
                                                .receipt = GB_N_RECEIPTS,
                                                .number = GB_NO_NUMBER};
        of->first[meter[i]] = (uint32_t)of->n++;
    }
    of->n_open += n;
    return true;
}

/* What every message about an order has. */
static void begin_message(struct gb_run_sent_orders *sent, struct gb_run_interval_orders *of,
                          uint32_t number, const struct gb_order *order)
{
    if (of->terms)
        of->terms[number] = (struct gb_run_terms){.live = GB_NO_ORDER,
                                                  .side = order->side,
                                                  .type = order->type,
                                                  .source = order->source,
                                                  .total = order->quantity,
                                                  .quote = order->price};
    if (of->rows)
        of->rows[number] =
            (struct gb_order_row){.interval = of->interval - sent->env->first_slot,
                                  .meter = order->owner,
                                  .side = order->side,
                                  .type = order->type,
                                  .source = order->source,
                                  .target = GB_NO_NUMBER,
                                  .quantity_wh = order->quantity.wh,
                                  .minimum_wh = order->minimum.wh,
                                  .price = order->price.ticks,
                                  .reserve = order->reserve.ticks,
                                  .beta_millionths = order->beta_millionths,
                                  .sent_ns = gb_run_shown_ns(sent->env, of->orders[number].sent_ns),
                                  .stable_ns = GB_NO_TIME};
}

void gb_run_sent_orders_begin(struct gb_run_sent_orders *sent, size_t place, uint32_t number,
                              const struct gb_order *order, uint32_t part, uint32_t live)
{
    struct gb_run_interval_orders *of = &sent->at[place];

    of->valuations[number] =
        (struct gb_valuation){order->quantity.wh, order->reserve.ticks, order->side};
    begin_message(sent, of, number, order);
    if (of->terms) {
        of->terms[number].live = live;
        of->terms[number].part = (uint8_t)part;
    }
}

void gb_run_sent_orders_begin_amendment(struct gb_run_sent_orders *sent, size_t place,
                                        uint32_t number, const struct gb_order *order,
                                        const struct gb_run_amended *amended)
{
    struct gb_run_interval_orders *of = &sent->at[place];

    /* its order is there already */
    of->valuations[number] = (struct gb_valuation){0, order->reserve.ticks, order->side};
    begin_message(sent, of, number, order);
    of->orders[number].is_amendment = true;
    of->terms[number].is_amendment = true;
    of->terms[number].is_cancel = amended->is_cancel;
    of->terms[number].part = amended->part;
    of->terms[number].live = amended->live;
    if (!of->rows)
        return;
    of->rows[number].action = amended->is_cancel ? GB_ACTION_CANCEL : GB_ACTION_AMEND;
    of->rows[number].target = amended->number;
    of->rows[number].wake_up = amended->wake_up;
}

const struct gb_run_terms *gb_run_sent_orders_terms(const struct gb_run_sent_orders *sent,
                                                    size_t place, uint32_t number)
{
    return &sent->at[place].terms[number];
}

void gb_run_sent_orders_sign(struct gb_run_sent_orders *sent, size_t place, uint32_t number,
                             uint64_t nonce)
{
    sent->at[place].orders[number].nonce = (uint32_t)nonce;
}

void gb_run_sent_orders_look_ahead(const struct gb_run_sent_orders *sent, size_t place,
                                   uint32_t number)
{
    const struct sent_order *order = &sent->at[place].orders[number];

    __builtin_prefetch(order, 1);
    __builtin_prefetch(&order->is_acknowledged, 1); /* many lie in two lines of the cache */
}

void gb_run_sent_orders_look_far_ahead(const struct gb_run_sent_orders *sent, size_t place,
                                       uint32_t meter)
{
    if (sent->at[place].n > 0)
        __builtin_prefetch(&sent->at[place].first[meter]);
}

void gb_run_sent_orders_look_ahead_of(const struct gb_run_sent_orders *sent, size_t place,
                                      uint32_t meter)
{
    const struct gb_run_interval_orders *of = &sent->at[place];

    if (of->n > 0 && of->first[meter] != GB_NO_ORDER)
        gb_run_sent_orders_look_ahead(sent, place, of->first[meter]);
}

uint32_t gb_run_sent_orders_find(const struct gb_run_sent_orders *sent, size_t place,
                                 uint32_t meter, uint64_t nonce)
{
    const struct gb_run_interval_orders *of = &sent->at[place];
    uint32_t number = of->n > 0 ? of->first[meter] : GB_NO_ORDER;

    while (number != GB_NO_ORDER && of->orders[number].nonce != nonce)
        number = of->orders[number].next;
    return number;
}

void gb_run_sent_orders_rename(struct gb_run_sent_orders *sent, size_t place, uint32_t meter,
                               uint64_t old_nonce, uint64_t new_nonce)
{
    uint32_t number = gb_run_sent_orders_find(sent, place, meter, old_nonce);

    if (number == GB_NO_ORDER)
        return;
    struct sent_order *order = &sent->at[place].orders[number];
    order->nonce = (uint32_t)new_nonce;
    if (order->n_again < UINT8_MAX)
        order->n_again++;
}

/* ---- who learns of it */

/* Once its receipt is final: late by it, given up, or sealed so late that no receipt would have
 * helped. */
static bool is_late(const struct sent_order *order)
{
    return order->receipt == GB_RECEIPT_GATE_CLOSED || order->receipt == GB_RECEIPT_LATE ||
           order->receipt == GB_N_RECEIPTS ||
           (gb_receipt_may_pass((enum gb_receipt)order->receipt) &&
            order->late_cause != GB_LATE_NOT);
}

/* The gate before which it had to be on the ledger. */
static int64_t gate_of(const struct gb_run_sent_orders *sent, int64_t interval,
                       const struct sent_order *order)
{
    return order->is_amendment ? gb_run_amendments_end_ns(sent->env, interval)
                               : gb_run_gate_ns(sent->env, interval);
}

/* Where the order was at the gate, recorded while its block is there; it counts if the order is
 * late. Expired, a replay or too early in a block sealed at or behind the gate, it is late like
 * those beside it that learn 'gate closed'; in one sealed before, that is what it was refused for.
 */
static void note_passage(const struct gb_run_sent_orders *sent, int64_t interval,
                         struct sent_order *order, const struct gb_contract_event *event)
{
    struct gb_passage passage = gb_run_gateway_passage(sent->gateway, &event->position);

    if (gb_receipt_may_pass((enum gb_receipt)event->receipt) &&
        passage.sealed_ns < gate_of(sent, interval, order))
        order->late_cause = GB_LATE_NOT;
    else
        order->late_cause =
            (uint8_t)gb_run_late_cause(gate_of(sent, interval, order), order->sent_ns, &passage);
}

void gb_run_sent_orders_receipt(struct gb_run_sent_orders *sent, size_t place, uint32_t number,
                                const struct gb_contract_event *event)
{
    struct gb_run_interval_orders *of = &sent->at[place];
    struct sent_order *order = &of->orders[number];
    bool was_accepted = order->receipt == GB_RECEIPT_OK;
    bool is_accepted = event->receipt == GB_RECEIPT_OK;

    /* what the ideal protocol accepts no close finds late: there is nothing to note */
    if (event->receipt != GB_RECEIPT_LATE && !(sent->env->is_ideal && is_accepted))
        note_passage(sent, of->interval, order, event);
    order->receipt = event->receipt;
    order->number = is_accepted && !order->is_amendment ? event->index : GB_NO_NUMBER;
    if (of->rows) {
        of->rows[number].height = event->position.height;
        of->rows[number].transaction = event->position.transaction;
        of->rows[number].message = event->position.message;
    }
    enum gb_late_cause cause =
        !is_accepted && is_late(order) ? (enum gb_late_cause)order->late_cause : GB_LATE_NOT;
    if (order->is_amendment)
        gb_run_kpis_amended(sent->kpis, place, was_accepted, (enum gb_receipt)event->receipt,
                            cause);
    else
        gb_run_kpis_receipt(sent->kpis, place, was_accepted, (enum gb_receipt)event->receipt,
                            cause);
}

static void answer(const struct gb_run_sent_orders *sent, struct gb_run_interval_orders *of,
                   struct sent_order *order)
{
    order->is_acknowledged = true;
    of->n_open--;
    drop_if_over(sent, of);
}

void gb_run_sent_orders_acknowledge(struct gb_run_sent_orders *sent, size_t place, uint32_t number)
{
    struct gb_run_interval_orders *of = &sent->at[place];
    struct sent_order *order = &of->orders[number];

    if (order->is_acknowledged)
        return;
    /* the ideal protocol executes in batches to save time, but stands for one that commits every
     * order as it is sent */
    int64_t stable_ns = sent->env->is_ideal ? order->sent_ns : gb_run_now_ns(sent->env);
    if (of->rows)
        of->rows[number].stable_ns = gb_run_shown_ns(sent->env, stable_ns);
    if (sent->env->is_ideal)
        of->n_at_once++;
    else
        gb_run_kpis_latency(sent->kpis, place, stable_ns - order->sent_ns, 1);
    answer(sent, of, order);
}

void gb_run_sent_orders_give_up(struct gb_run_sent_orders *sent, size_t place, uint32_t number,
                                int64_t arrived_ns)
{
    struct gb_run_interval_orders *of = &sent->at[place];
    struct sent_order *order = &of->orders[number];
    const struct gb_passage passage = {.arrived_ns = arrived_ns, .sealed_ns = INT64_MAX};
    enum gb_late_cause cause =
        gb_run_late_cause(gate_of(sent, of->interval, order), order->sent_ns, &passage);

    order->late_cause = (uint8_t)cause;
    if (order->is_amendment)
        gb_run_kpis_amendment_late(sent->kpis, place, cause);
    else
        gb_run_kpis_late(sent->kpis, place, cause);
    answer(sent, of, order);
}

void gb_run_sent_orders_match(struct gb_run_sent_orders *sent, size_t place,
                              const struct gb_interval_view *view)
{
    struct gb_run_interval_orders *of = &sent->at[place];

    of->is_matched = true;
    for (size_t i = 0; of->rows && i < of->n; i++) {
        uint32_t number = of->orders[i].number;

        if (number == GB_NO_NUMBER || number >= view->n_orders)
            continue;
        of->rows[i].cut_wh = view->cut ? view->cut[number].wh : 0;
        of->rows[i].matched_wh = view->orders[number].quantity.wh - view->unmatched[number].wh;
    }
    drop_if_over(sent, of);
}

size_t gb_run_sent_orders_n_open(const struct gb_run_sent_orders *sent, size_t place)
{
    return sent->at[place].n_open;
}

void gb_run_sent_orders_show(struct gb_run_sent_orders *sent, size_t place,
                             const struct gb_row_sink *sink)
{
    struct gb_run_interval_orders *of = &sent->at[place];

    if (gb_run_is_warm_up(sent->env, of->interval))
        return;
    for (size_t i = 0; of->rows && i < of->n; i++) {
        const struct sent_order *order = &of->orders[i];
        struct gb_order_row *row = &of->rows[i];

        row->number = order->number;
        row->status = order->receipt;
        row->late_cause = is_late(order) ? order->late_cause : GB_LATE_NOT;
        row->n_again = order->n_again;
        gb_row_sink_append(sink, GB_TABLE_ORDERS, row, sent->env->error);
    }
}
