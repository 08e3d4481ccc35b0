#include "experiments/run/livelock.h"

#include <inttypes.h>

/* Of links that spread, each round has some message that comes in time. */
#define ROUNDS_IN_VAIN 32

void gb_run_livelock_init(struct gb_run_livelock *livelock, const struct gb_run_environment *env,
                          const struct gb_run_gateway *gateway, const struct gb_run_outbox *outbox)
{
    *livelock = (struct gb_run_livelock){.env = env, .gateway = gateway, .outbox = outbox};
}

void gb_run_livelock_in_vain(struct gb_run_livelock *livelock,
                             const struct gb_contract_event *event)
{
    const struct gb_position *at = &event->position;

    if (livelock->n_in_vain > 0 && livelock->height == at->height &&
        livelock->transaction == at->transaction)
        return;
    livelock->height = at->height;
    livelock->transaction = at->transaction;
    livelock->n_in_vain++;
}

void gb_run_livelock_refuse(const struct gb_run_livelock *livelock)
{
    const struct gb_run_environment *env = livelock->env;
    const struct gb_scenario *scenario = env->scenario;
    uint64_t n_under_way =
        gb_run_gateway_n_pending(livelock->gateway) + gb_run_outbox_n_unsent(livelock->outbox);
    char delay[128];

    if (gb_run_now_ns(env) < gb_run_due_ns(env, env->n_slots - 1) ||
        livelock->n_in_vain <= ROUNDS_IN_VAIN * n_under_way)
        return;
    gb_fail(env->error, GB_EREFUSED,
            "livelock behind the last slot: messages expire faster than they reach the ledger. The "
            "last %" PRIu64 " refusals let no reading, bill or settlement through, and %" PRIu64
            " transactions are on their way again. Expected is that a message arrives within the "
            "1000 blocks for which it is valid; more are sealed within chain.client_delay %s, at "
            "up to chain.block.max_transactions %lld each and chain.block.min_seal %g ms. Put more "
            "into a block (chain.block.max_transactions, chain.concentrator), seal later "
            "(chain.block.min_seal) or take faster links (chain.client_delay)",
            livelock->n_in_vain, n_under_way,
            gb_delay_format(&scenario->client, delay, sizeof delay),
            (long long)scenario->block_max_transactions,
            (double)scenario->block_min_seal_ns / (double)GB_NS_PER_MS);
}
