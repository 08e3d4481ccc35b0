/* Does the run get anywhere? What a block refuses as expired or a replay is signed again, and a
 * message is valid for 1000 blocks: where more than 1000 are sealed while each message is on its
 * way, all come too late for ever. Slots pass even then; behind the last of them such a run would
 * not end.
 *
 * The unit is the round: as many transactions refused in vain as are on their way. In a round each
 * has been refused about once, and while a single one gets through, the count begins anew. */
#include <inttypes.h>

#include "experiments/run/run_priv.h"

/* Of links that spread, each round has some message that comes in time. */
#define ROUNDS_IN_VAIN 32

void gb_run_note_in_vain(struct gb_run *run, const struct gb_contract_event *event)
{
    struct livelock_watch *watch = &run->livelock;
    const struct gb_position *at = &event->position;

    if (watch->n_in_vain > 0 && watch->height == at->height &&
        watch->transaction == at->transaction)
        return;
    watch->height = at->height;
    watch->transaction = at->transaction;
    watch->n_in_vain++;
}

void gb_run_note_progress(struct gb_run *run)
{
    run->livelock.n_in_vain = 0;
}

void gb_run_refuse_livelock(struct gb_run *run)
{
    const struct gb_scenario *scenario = run->scenario;
    uint64_t n_under_way = run->protocol->n_pending(run->chain) + gb_run_n_unsent(run);
    char delay[128];

    if (gb_queue_now_ns(run->queue) < due_ns(run, run->n_slots - 1) ||
        run->livelock.n_in_vain <= ROUNDS_IN_VAIN * n_under_way)
        return;
    gb_fail(&run->error, GB_EREFUSED,
            "livelock behind the last slot: messages expire faster than they reach the ledger. The "
            "last %" PRIu64 " refusals let no reading, bill or settlement through, and %" PRIu64
            " transactions are on their way again: more than the 1000 blocks for which a message "
            "is valid are sealed within chain.client_delay %s, at up to "
            "chain.block.max_transactions %lld each and chain.block.min_seal %g ms. Put more into "
            "a block (chain.block.max_transactions, chain.concentrator), seal later "
            "(chain.block.min_seal) or take faster links (chain.client_delay)",
            run->livelock.n_in_vain, n_under_way,
            gb_delay_format(&scenario->client, delay, sizeof delay),
            (long long)scenario->block_max_transactions,
            (double)scenario->block_min_seal_ns / (double)GB_NS_PER_MS);
}
