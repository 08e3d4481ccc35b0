/* Why an order was late and why a slot was missed: one cause each. A message on its way to the ledger
 * is first on its sender's link, then at a pool, then in a block that consensus has yet to make stable;
 * where it was when its time ran out is what made it late. */
#include "experiments/run/microgrid_priv.h"

enum gb_late_cause gb_grid_late_cause(const struct microgrid *grid, int64_t interval,
                                      int64_t sent_ns, const struct gb_passage *passage)
{
    int64_t gate = gate_ns(grid, interval);

    if (sent_ns >= gate)
        return GB_LATE_SENT;
    if (passage->arrived_ns >= gate)
        return GB_LATE_LINK;
    return passage->sealed_ns >= gate ? GB_LATE_POOL : GB_LATE_CONSENSUS;
}

static enum gb_whereabouts whereabouts(const struct microgrid *grid, uint8_t kind, uint64_t nonce)
{
    return grid->protocol->whereabouts(grid->chain, GB_PARTY(GB_ROLE_OPERATOR, 0), kind, nonce);
}

void gb_grid_blame_close(const struct microgrid *grid, struct live_interval *live)
{
    if (live->missed_cause != GB_MISSED_NOT)
        return;
    if (live->is_close_refused) {
        live->missed_cause = GB_MISSED_CLOSE_REFUSED;
        return;
    }
    switch (whereabouts(grid, GB_MESSAGE_CLOSE, live->close_nonce)) {
    case GB_ON_ITS_LINK: live->missed_cause = GB_MISSED_CLOSE_LINK; break;
    case GB_AT_A_POOL: live->missed_cause = GB_MISSED_CLOSE_POOL; break;
    case GB_IN_A_BLOCK: live->missed_cause = GB_MISSED_CLOSE_CONSENSUS; break;
    }
}

void gb_grid_blame_open(const struct microgrid *grid, struct live_interval *live,
                        const struct gb_world_event *event)
{
    enum gb_whereabouts place = GB_IN_A_BLOCK;

    if (live->missed_cause != GB_MISSED_NOT)
        return;
    if (event->message == GB_MESSAGE_OPEN) {            /* in a block sealed behind the deadline */
        struct gb_passage passage = grid->protocol->passage(
            grid->chain, event->position.height, event->position.transaction);
        place = passage.arrived_ns >= due_ns(grid, live->interval) ? GB_ON_ITS_LINK : GB_AT_A_POOL;
    } else {
        place = whereabouts(grid, GB_MESSAGE_OPEN, live->open_nonce);
    }
    live->missed_cause = live->is_open_refused || place == GB_IN_A_BLOCK ? GB_MISSED_OPEN_REFUSED
                         : place == GB_ON_ITS_LINK                       ? GB_MISSED_OPEN_LINK
                                                                         : GB_MISSED_OPEN_POOL;
}

void gb_grid_note_signed_again(const struct microgrid *grid, int64_t interval,
                          const struct gb_message *message)
{
    struct live_interval *live = gb_grid_live(grid, interval);

    if (live && message->kind == GB_MESSAGE_CLOSE) {
        live->is_close_refused = true;
        live->close_nonce = message->nonce;
    } else if (live && message->kind == GB_MESSAGE_OPEN) {
        live->is_open_refused = true;
        live->open_nonce = message->nonce;
    }
}

void gb_grid_blame_pool(const struct microgrid *grid, const struct gb_message *message)
{
    bool is_close = message->kind == GB_MESSAGE_CLOSE;
    struct live_interval *live =
        is_close                             ? gb_grid_live(grid, message->body.close.interval)
        : message->kind == GB_MESSAGE_OPEN ? gb_grid_live(grid, message->body.open.interval)
                                             : NULL;

    if (live && live->missed_cause == GB_MISSED_NOT)
        live->missed_cause = is_close ? GB_MISSED_CLOSE_POOL : GB_MISSED_OPEN_POOL;
}
