#include "experiments/run/amendments.h"

#include <stdlib.h>

#define PARTS_A_WAKE_UP 4 /* orders of a meter in a slot, at most: addresses of links' draws */

struct amendment { /* until it has left, which behind a concentrator takes a while */
    struct gb_run_sent_orders *sent_orders;
    size_t place;
    uint32_t message; /* in sent_orders */
    int64_t interval;
    uint64_t amends;
    struct gb_order order;
    uint8_t part;
    bool is_cancel;
};

static void fill_amendment(void *context, size_t i, struct gb_transaction *transaction,
                           struct gb_message *message)
{
    const struct amendment *amendment = context;

    (void)i;
    (void)transaction;
    gb_run_sent_orders_sign(amendment->sent_orders, amendment->place, amendment->message,
                            message->nonce);
    message->body.order.interval = amendment->interval;
    message->body.order.order = amendment->order;
    message->body.order.amends = amendment->amends;
    message->body.order.cancels = amendment->is_cancel;
}

static void dispatch(const struct gb_run_amendments *amendments, struct amendment *amendment,
                     uint32_t wake_up)
{
    int64_t now_ns = gb_run_now_ns(amendments->env);
    struct gb_run_outgoing out = {.interval = amendment->interval,
                                  .kind = GB_MESSAGE_ORDER,
                                  .n = 1,
                                  .meter = &amendment->order.owner,
                                  .part = &amendment->part,
                                  .first_part = PARTS_A_WAKE_UP * wake_up,
                                  .is_requote = true,
                                  .sent_ns = &now_ns,
                                  .context = amendment,
                                  .fill = fill_amendment,
                                  .release = free};

    gb_run_outbox_dispatch(amendments->outbox, &out);
}

void gb_run_amendments_send(const struct gb_run_amendments *amendments, size_t place,
                            uint32_t number, struct gb_price quote, int64_t total_wh)
{
    const struct gb_run_live_order *live = gb_run_live_order(amendments->live, place, number);
    int64_t now_ns = gb_run_now_ns(amendments->env);
    bool is_cancel = total_wh <= live->filled.wh;
    struct amendment *amendment = calloc(1, sizeof *amendment);
    uint32_t message;

    if (!amendment) {
        gb_fail(amendments->env->error, GB_ENOMEM, "no memory for an amendment");
        return;
    }
    if (!gb_run_sent_orders_add(amendments->sent_orders, place, 1, &live->order.owner, &now_ns,
                                &message)) {
        free(amendment);
        return;
    }
    *amendment = (struct amendment){amendments->sent_orders,
                                    place,
                                    message,
                                    amendments->intervals->at[place],
                                    live->nonce,
                                    live->order,
                                    live->part,
                                    is_cancel};
    amendment->order.price = quote;
    if (!is_cancel)
        amendment->order.quantity.wh = total_wh;
    gb_run_sent_orders_begin_amendment(
        amendments->sent_orders, place, message, &amendment->order,
        &(struct gb_run_amended){number, live->number, live->n_wake_ups, live->part, is_cancel});
    gb_run_kpis_amendment_sent(amendments->kpis, place, is_cancel);
    uint32_t wake_up = live->n_wake_ups;
    /* before it leaves: under an ideal chain the answer is there when it has left */
    gb_run_live_orders_sent(amendments->live, place, number);
    dispatch(amendments, amendment, wake_up);
}
