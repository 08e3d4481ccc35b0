#include "chain/node/sealer.h"

#include <assert.h>
#include <stdlib.h>

#include "chain/ledger/validity.h"

struct gb_sealer {
    struct gb_queue *queue;
    struct gb_pool *pool;
    int64_t min_seal_ns;
    struct gb_byzantine byzantine;
    struct gb_sealer_host host;
    struct gb_error *failure;
    /* the present turn */
    bool has_turn;
    uint32_t leader;
    uint64_t height;
    int64_t turn_began_ns;
    gb_event_handle timer;         /* 0: none */
    struct gb_transaction **taken; /* scratch: max_transactions */
    /* the block sealed last */
    uint64_t last_sealed;
    struct gb_hash parent_hash;
    int64_t parent_time_ns;
};

struct gb_sealer *gb_sealer_create(struct gb_queue *queue, const struct gb_chain_config *config,
                                   uint32_t max_transactions, struct gb_pool *pool,
                                   const struct gb_sealer_host *host, struct gb_error *failure)
{
    struct gb_sealer *sealer = calloc(1, sizeof *sealer);

    if (!sealer)
        return NULL;
    *sealer = (struct gb_sealer){
        .queue = queue,
        .pool = pool,
        .min_seal_ns = config->min_seal_ns,
        .byzantine = config->byzantine,
        .host = *host,
        .failure = failure,
        .taken = malloc(max_transactions * sizeof *sealer->taken),
        .parent_hash = config->chain_id,
        .parent_time_ns = INT64_MIN / 2,
    };
    if (!sealer->taken) {
        free(sealer);
        return NULL;
    }
    return sealer;
}

void gb_sealer_free(struct gb_sealer *sealer)
{
    if (!sealer)
        return;
    free(sealer->taken);
    free(sealer);
}

static struct gb_block *make_block(struct gb_sealer *sealer, int64_t now_ns)
{
    size_t n = gb_pool_take(sealer->pool, now_ns, sealer->taken);
    int64_t earliest = sealer->parent_time_ns + GB_BLOCK_STEP_NS;
    struct gb_header header = {.number = sealer->height,
                               .parent = sealer->parent_hash,
                               .time_ns = now_ns > earliest ? now_ns : earliest,
                               .sealer = sealer->leader};

    assert(n > 0);
    struct gb_block *block = gb_block_create(&header, sealer->taken, n);
    if (!block) {
        for (size_t i = 0; i < n; i++)
            gb_transaction_free(sealer->taken[i]);
        gb_fail(sealer->failure, GB_ENOMEM, "no memory for a block of %zu transactions", n);
        return NULL;
    }
    if (sealer->byzantine.corrupt)
        sealer->byzantine.corrupt(sealer->byzantine.context, block);
    return block;
}

static void on_timer(const struct gb_event *event)
{
    struct gb_sealer *sealer = event->subject;

    sealer->timer = 0;
    sealer->has_turn = false;
    if (sealer->failure->status != GB_OK)
        return;
    struct gb_sealed sealed = {.height = sealer->height,
                               .leader = sealer->leader,
                               .parent_hash = sealer->parent_hash,
                               .parent_time_ns = sealer->parent_time_ns,
                               .sealed_ns = event->time_ns,
                               .block = make_block(sealer, event->time_ns)};
    if (!sealed.block)
        return;
    sealer->last_sealed = sealer->height;
    sealer->parent_hash = sealed.block->proposal_hash;
    sealer->parent_time_ns = sealed.block->header.time_ns;
    sealer->host.sealed(sealer->host.context, &sealed);
}

/* Block times a step apart must not run further ahead of the clock than voters bear. */
static int64_t step_behind_parent_ns(const struct gb_sealer *sealer)
{
    return sealer->parent_time_ns + GB_BLOCK_STEP_NS - GB_CLOCK_TOLERANCE_NS;
}

int64_t gb_sealer_earliest_ns(const struct gb_sealer *sealer)
{
    int64_t waited_ns = sealer->turn_began_ns + sealer->min_seal_ns;
    int64_t step_ns = step_behind_parent_ns(sealer);

    if (!sealer->has_turn)
        return INT64_MAX;
    return waited_ns > step_ns ? waited_ns : step_ns;
}

/* Files, moves or drops the timer of the present turn: at once when a full block waits, else
 * min_seal after the turn began or, if nothing waited then, when the first transaction comes. */
void gb_sealer_plan(struct gb_sealer *sealer)
{
    if (!sealer->has_turn)
        return;
    int64_t when = gb_pool_first_ns(sealer->pool);
    int64_t full = gb_pool_full_ns(sealer->pool);
    if (when == INT64_MAX)
        return;
    if (when < sealer->turn_began_ns + sealer->min_seal_ns)
        when = sealer->turn_began_ns + sealer->min_seal_ns;
    if (full < when)
        when = full;
    if (when < step_behind_parent_ns(sealer))
        when = step_behind_parent_ns(sealer);
    if (when < gb_queue_now_ns(sealer->queue))
        when = gb_queue_now_ns(sealer->queue);
    if (sealer->timer) {
        gb_queue_reschedule(sealer->queue, sealer->timer, when);
        return;
    }
    struct gb_event event = {
        .time_ns = when, .action = on_timer, .subject = sealer, .priority = GB_PRIORITY_TIMER};
    sealer->timer = gb_queue_push(sealer->queue, &event);
    if (!sealer->timer)
        gb_fail(sealer->failure, GB_ENOMEM, "no memory for an event");
}

void gb_sealer_begin_turn(struct gb_sealer *sealer, uint32_t leader, uint64_t height)
{
    assert(!sealer->has_turn && height == sealer->last_sealed + 1);
    sealer->has_turn = true;
    sealer->leader = leader;
    sealer->height = height;
    sealer->turn_began_ns = gb_queue_now_ns(sealer->queue);
    gb_pool_begin_turn(sealer->pool, leader);
    gb_sealer_plan(sealer);
}
