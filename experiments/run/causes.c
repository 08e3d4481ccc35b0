/* Why an order was late and why a slot was missed: one cause each. A message on its way to the
 * ledger is first on its sender's link, then at a pool, then in a block that consensus has yet to
 * make stable; where it was when its time ran out is what made it late. */
#include "experiments/run/run_priv.h"

enum gb_late_cause gb_run_late_cause(const struct gb_run *run, int64_t interval, int64_t sent_ns,
                                     const struct gb_passage *passage)
{
    int64_t gate = gate_ns(run, interval);

    if (sent_ns >= gate)
        return GB_LATE_SENT;
    if (passage->arrived_ns >= gate)
        return GB_LATE_LINK;
    return passage->sealed_ns >= gate ? GB_LATE_POOL : GB_LATE_CONSENSUS;
}

bool gb_run_is_late(const struct sent_order *sent)
{
    return sent->receipt == GB_RECEIPT_GATE_CLOSED || sent->receipt == GB_RECEIPT_LATE ||
           sent->receipt == GB_N_RECEIPTS ||
           (gb_receipt_may_pass((enum gb_receipt)sent->receipt) && sent->late_cause != GB_LATE_NOT);
}

static enum gb_whereabouts whereabouts(const struct gb_run *run, uint8_t kind, uint64_t nonce)
{
    return run->protocol->whereabouts(run->chain, GB_PARTY(GB_ROLE_OPERATOR, 0), kind, nonce);
}

void gb_run_blame_close(const struct gb_run *run, struct live_interval *live)
{
    if (live->missed_cause != GB_MISSED_NOT)
        return;
    if (live->is_close_refused) {
        live->missed_cause = GB_MISSED_CLOSE_REFUSED;
        return;
    }
    switch (whereabouts(run, GB_MESSAGE_CLOSE, live->close_nonce)) {
    case GB_ON_ITS_LINK: live->missed_cause = GB_MISSED_CLOSE_LINK; break;
    case GB_AT_A_POOL: live->missed_cause = GB_MISSED_CLOSE_POOL; break;
    case GB_IN_A_BLOCK: live->missed_cause = GB_MISSED_CLOSE_CONSENSUS; break;
    }
}

void gb_run_note_deadline(const struct gb_run *run, int64_t interval)
{
    struct live_interval *live = gb_run_live(run, interval);

    if (live && live->status == INTERVAL_PENDING)
        live->open_place = (uint8_t)whereabouts(run, GB_MESSAGE_OPEN, live->open_nonce);
}

void gb_run_blame_open(const struct gb_run *run, struct live_interval *live,
                       const struct gb_contract_event *event)
{
    enum gb_whereabouts place = GB_IN_A_BLOCK;

    if (live->missed_cause != GB_MISSED_NOT)
        return;
    if (event->message == GB_MESSAGE_OPEN) { /* in a block sealed behind the deadline */
        struct gb_passage passage =
            run->protocol->passage(run->chain, event->position.height, event->position.transaction);
        place = passage.arrived_ns >= due_ns(run, live->interval) ? GB_ON_ITS_LINK : GB_AT_A_POOL;
    } else {
        place = (enum gb_whereabouts)live->open_place;
    }
    live->missed_cause = live->is_open_refused || place == GB_IN_A_BLOCK ? GB_MISSED_OPEN_REFUSED
                         : place == GB_ON_ITS_LINK                       ? GB_MISSED_OPEN_LINK
                                                                         : GB_MISSED_OPEN_POOL;
}

void gb_run_note_resubmitted(const struct gb_run *run, int64_t interval,
                             const struct gb_message *message)
{
    struct live_interval *live = gb_run_live(run, interval);

    if (live && message->kind == GB_MESSAGE_CLOSE) {
        live->is_close_refused = true;
        live->close_nonce = message->nonce;
    } else if (live && message->kind == GB_MESSAGE_OPEN) {
        live->is_open_refused = true;
        live->open_nonce = message->nonce;
    }
}

void gb_run_blame_pool(const struct gb_run *run, const struct gb_message *message,
                       int64_t arrived_ns)
{
    bool is_close = message->kind == GB_MESSAGE_CLOSE;
    struct live_interval *live = is_close ? gb_run_live(run, message->body.close.interval)
                                 : message->kind == GB_MESSAGE_OPEN
                                     ? gb_run_live(run, message->body.open.interval)
                                     : NULL;

    if (!live || live->missed_cause != GB_MISSED_NOT)
        return;
    if (is_close) /* at the start its link would have been blamed */
        live->missed_cause = GB_MISSED_CLOSE_POOL;
    else
        live->missed_cause =
            arrived_ns >= due_ns(run, live->interval) ? GB_MISSED_OPEN_LINK : GB_MISSED_OPEN_POOL;
}
