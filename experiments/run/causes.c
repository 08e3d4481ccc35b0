#include "experiments/run/causes.h"

#include <stdlib.h>

struct gb_run_interval_causes {
    uint64_t close_nonce, open_nonce;       /* of the operator's latest; 0: not sent */
    bool is_close_refused, is_open_refused; /* and signed again */
    uint8_t missed;                         /* enum gb_missed_cause */
    uint8_t open_place;                     /* enum gb_whereabouts: of its open at the deadline */
};

enum gb_late_cause gb_run_late_cause(int64_t gate_ns, int64_t sent_ns,
                                     const struct gb_passage *passage)
{
    if (sent_ns >= gate_ns)
        return GB_LATE_SENT;
    if (passage->arrived_ns >= gate_ns)
        return GB_LATE_LINK;
    return passage->sealed_ns >= gate_ns ? GB_LATE_POOL : GB_LATE_CONSENSUS;
}

void gb_run_causes_init(struct gb_run_causes *causes, const struct gb_run_environment *env,
                        const struct gb_run_gateway *gateway,
                        const struct gb_run_intervals *intervals)
{
    *causes = (struct gb_run_causes){.env = env, .gateway = gateway, .intervals = intervals};
}

void gb_run_causes_clear(struct gb_run_causes *causes)
{
    free(causes->at);
    causes->at = NULL;
}

void gb_run_causes_open(struct gb_run_causes *causes, size_t place)
{
    if (gb_run_reach_place((void **)&causes->at, &causes->n_places, place, sizeof *causes->at,
                           causes->env->error))
        causes->at[place] = (struct gb_run_interval_causes){.missed = GB_MISSED_NOT};
}

void gb_run_causes_sent(struct gb_run_causes *causes, size_t place,
                        const struct gb_message *message)
{
    if (message->kind == GB_MESSAGE_CLOSE)
        causes->at[place].close_nonce = message->nonce;
    else if (message->kind == GB_MESSAGE_OPEN)
        causes->at[place].open_nonce = message->nonce;
}

void gb_run_causes_resubmitted(struct gb_run_causes *causes, int64_t interval,
                               const struct gb_message *message)
{
    size_t place = gb_run_intervals_find(causes->intervals, interval);

    if (place == GB_NO_PLACE)
        return;
    gb_run_causes_sent(causes, place, message);
    causes->at[place].is_close_refused |= message->kind == GB_MESSAGE_CLOSE;
    causes->at[place].is_open_refused |= message->kind == GB_MESSAGE_OPEN;
}

void gb_run_causes_no_match(struct gb_run_causes *causes, size_t place)
{
    struct gb_run_interval_causes *of = &causes->at[place];

    if (of->missed != GB_MISSED_NOT)
        return;
    if (of->is_close_refused) {
        of->missed = GB_MISSED_CLOSE_REFUSED;
        return;
    }
    switch (gb_run_gateway_whereabouts(causes->gateway, GB_MESSAGE_CLOSE, of->close_nonce)) {
    case GB_ON_ITS_LINK: of->missed = GB_MISSED_CLOSE_LINK; break;
    case GB_AT_A_POOL: of->missed = GB_MISSED_CLOSE_POOL; break;
    case GB_IN_A_BLOCK: of->missed = GB_MISSED_CLOSE_CONSENSUS; break;
    }
}

void gb_run_causes_deadline(struct gb_run_causes *causes, size_t place)
{
    struct gb_run_interval_causes *of = &causes->at[place];

    of->open_place =
        (uint8_t)gb_run_gateway_whereabouts(causes->gateway, GB_MESSAGE_OPEN, of->open_nonce);
}

void gb_run_causes_missed(struct gb_run_causes *causes, size_t place,
                          const struct gb_contract_event *event)
{
    struct gb_run_interval_causes *of = &causes->at[place];
    enum gb_whereabouts where = GB_IN_A_BLOCK;

    if (of->missed != GB_MISSED_NOT)
        return;
    if (event->message == GB_MESSAGE_OPEN) { /* in a block sealed behind the deadline */
        struct gb_passage passage = gb_run_gateway_passage(causes->gateway, &event->position);
        int64_t due_ns = gb_run_due_ns(causes->env, causes->intervals->at[place]);

        where = passage.arrived_ns >= due_ns ? GB_ON_ITS_LINK : GB_AT_A_POOL;
    } else {
        where = (enum gb_whereabouts)of->open_place;
    }
    of->missed = of->is_open_refused || where == GB_IN_A_BLOCK ? GB_MISSED_OPEN_REFUSED
                 : where == GB_ON_ITS_LINK                     ? GB_MISSED_OPEN_LINK
                                                               : GB_MISSED_OPEN_POOL;
}

void gb_run_causes_given_up(struct gb_run_causes *causes, const struct gb_message *message,
                            int64_t arrived_ns)
{
    bool is_close = message->kind == GB_MESSAGE_CLOSE;

    if (!is_close && message->kind != GB_MESSAGE_OPEN)
        return;
    int64_t interval = is_close ? message->body.close.interval : message->body.open.interval;
    size_t place = gb_run_intervals_find(causes->intervals, interval);
    if (place == GB_NO_PLACE || causes->at[place].missed != GB_MISSED_NOT)
        return;
    if (is_close) /* at the start its link would have been blamed */
        causes->at[place].missed = GB_MISSED_CLOSE_POOL;
    else
        causes->at[place].missed = arrived_ns >= gb_run_due_ns(causes->env, interval)
                                       ? GB_MISSED_OPEN_LINK
                                       : GB_MISSED_OPEN_POOL;
}

uint8_t gb_run_causes_of(const struct gb_run_causes *causes, size_t place)
{
    return causes->at[place].missed;
}
