/* Does the run get anywhere? What a block refuses as expired or a replay is signed again, and a
 * message is valid for 1000 blocks: where more than 1000 are sealed while each message is on its
 * way, all come too late for ever. Slots pass even then; behind the last of them such a run would
 * not end.
 *
 * The unit is the round: as many transactions refused in vain as are on their way. In a round each
 * has been refused about once, and while a single one gets through, the count begins anew. */
#ifndef EXPERIMENTS_RUN_LIVELOCK_H
#define EXPERIMENTS_RUN_LIVELOCK_H

#include "experiments/run/gateway.h"
#include "experiments/run/outbox.h"

struct gb_run_livelock { /* written by livelock.c alone */
    const struct gb_run_environment *env;
    const struct gb_run_gateway *gateway;
    const struct gb_run_outbox *outbox;
    /* Transactions refused as expired or a replay since a message was executed or refused for good,
     * and the last of them. */
    uint64_t n_in_vain;
    uint64_t height;
    uint32_t transaction;
};

/* All borrowed for life. */
void gb_run_livelock_init(struct gb_run_livelock *livelock, const struct gb_run_environment *env,
                          const struct gb_run_gateway *gateway, const struct gb_run_outbox *outbox);
/* A message was refused as expired or a replay, and is signed again. */
void gb_run_livelock_in_vain(struct gb_run_livelock *livelock,
                             const struct gb_contract_event *event);
/* A message was executed, or refused for good. */
static inline void gb_run_livelock_end(struct gb_run_livelock *livelock)
{
    livelock->n_in_vain = 0;
}
/* Behind the last slot, ends a run in which nothing but refusals has happened for too long. */
void gb_run_livelock_refuse(const struct gb_run_livelock *livelock);

#endif
