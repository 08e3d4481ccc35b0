/* Orders that were sent, and amendments of them, and what became of each: receipt, latency, row of
 * /orders. They are filed by interval and meter, so that the ledger's answer finds them again, and
 * dropped once the match is known, every sender has its answer and no table will show them. */
#ifndef EXPERIMENTS_RUN_SENT_ORDERS_H
#define EXPERIMENTS_RUN_SENT_ORDERS_H

#include "analysis/row_sink.h"
#include "experiments/run/gateway.h"
#include "experiments/run/intervals.h"
#include "experiments/run/kpis.h"

#define GB_NO_ORDER UINT32_MAX

/* What a message says of an order, kept where orders trade as they come. */
struct gb_run_terms {
    uint32_t live;        /* of its sender's orders, or GB_NO_ORDER; see requotes.h */
    uint8_t is_amendment; /* of an order that was accepted before, cancels among them */
    uint8_t is_cancel;
    uint8_t part; /* which order of its sender in this interval */
    uint8_t side, type, source;
    struct gb_energy total;
    struct gb_price quote;
};
/* Which order a message amends. */
struct gb_run_amended {
    uint32_t live, number; /* number: among the accepted of the interval */
    uint32_t wake_up;      /* counted from 1 */
    uint8_t part;
    bool is_cancel;
};

struct gb_run_sent_orders { /* written by sent_orders.c alone */
    const struct gb_run_environment *env;
    const struct gb_run_gateway *gateway;
    struct gb_run_kpis *kpis;
    struct gb_run_interval_orders *at; /* per place */
    size_t n_places;
};

/* All borrowed for life. */
void gb_run_sent_orders_init(struct gb_run_sent_orders *sent, const struct gb_run_environment *env,
                             const struct gb_run_gateway *gateway, struct gb_run_kpis *kpis);
void gb_run_sent_orders_clear(struct gb_run_sent_orders *sent);
void gb_run_sent_orders_open(struct gb_run_sent_orders *sent, size_t place, int64_t interval);
void gb_run_sent_orders_retire(struct gb_run_sent_orders *sent, size_t place);

/* ---- who sends. An order is named by its number in the interval's list, or GB_NO_ORDER. */
/* n more; *first is the number of the first, the others follow. false after a failure */
bool gb_run_sent_orders_add(struct gb_run_sent_orders *sent, size_t place, size_t n,
                            const uint32_t *meter, const int64_t *sent_ns, uint32_t *first);
/* Says what each of them holds: a new order, or an amendment. part, live: as in its terms */
void gb_run_sent_orders_begin(struct gb_run_sent_orders *sent, size_t place, uint32_t number,
                              const struct gb_order *order, uint32_t part, uint32_t live);
void gb_run_sent_orders_begin_amendment(struct gb_run_sent_orders *sent, size_t place,
                                        uint32_t number, const struct gb_order *order,
                                        const struct gb_run_amended *amended);
/* It is asked for or written to soon: fetches it. */
void gb_run_sent_orders_look_ahead(const struct gb_run_sent_orders *sent, size_t place,
                                   uint32_t number);
/* So are those of a meter: their head, and once that is there the first of them. */
void gb_run_sent_orders_look_far_ahead(const struct gb_run_sent_orders *sent, size_t place,
                                       uint32_t meter);
void gb_run_sent_orders_look_ahead_of(const struct gb_run_sent_orders *sent, size_t place,
                                      uint32_t meter);
/* The nonce under which it leaves. */
void gb_run_sent_orders_sign(struct gb_run_sent_orders *sent, size_t place, uint32_t number,
                             uint64_t nonce);
/* It was refused under the one nonce, and goes on under the other. */
void gb_run_sent_orders_rename(struct gb_run_sent_orders *sent, size_t place, uint32_t meter,
                               uint64_t old_nonce, uint64_t new_nonce);

/* ---- who learns of it */
uint32_t gb_run_sent_orders_find(const struct gb_run_sent_orders *sent, size_t place,
                                 uint32_t meter, uint64_t nonce);
/* Its terms, where orders trade as they come. */
const struct gb_run_terms *gb_run_sent_orders_terms(const struct gb_run_sent_orders *sent,
                                                    size_t place, uint32_t number);
/* What the ledger says, while its block is there. */
void gb_run_sent_orders_receipt(struct gb_run_sent_orders *sent, size_t place, uint32_t number,
                                const struct gb_contract_event *event);
/* Stable at its entry node: its sender knows, if it did not before. */
void gb_run_sent_orders_acknowledge(struct gb_run_sent_orders *sent, size_t place, uint32_t number);
/* No pool took it until it was too late.
 * arrived_ns  when it first knocked at one */
void gb_run_sent_orders_give_up(struct gb_run_sent_orders *sent, size_t place, uint32_t number,
                                int64_t arrived_ns);
void gb_run_sent_orders_match(struct gb_run_sent_orders *sent, size_t place,
                              const struct gb_interval_view *view);
/* Orders whose sender has no answer yet. */
size_t gb_run_sent_orders_n_open(const struct gb_run_sent_orders *sent, size_t place);
/* The rows of /orders; none below output.level market. */
void gb_run_sent_orders_show(struct gb_run_sent_orders *sent, size_t place,
                             const struct gb_row_sink *sink);

#endif
