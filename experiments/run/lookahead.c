#include "experiments/run/lookahead.h"

#include <stdlib.h>

#include "base/array.h"

struct looking {
    struct gb_run_lookahead *ahead;
    const struct gb_run_environment *env;
    gb_event_action *action;
    int64_t until_ns;
    size_t n_sent; /* other messages that may reach a pool */
};

void gb_run_lookahead_clear(struct gb_run_lookahead *ahead)
{
    free(ahead->found);
    *ahead = (struct gb_run_lookahead){0};
}

static bool add(struct gb_run_lookahead *ahead, const struct gb_event *event, uint64_t rank)
{
    struct gb_run_wake_up *grown =
        gb_array_grow(ahead->found, &ahead->capacity, ahead->n + 1, sizeof *grown);

    if (!grown)
        return false;
    ahead->found = grown;
    ahead->found[ahead->n++] = (struct gb_run_wake_up){event->time_ns, rank, event->a};
    return true;
}

/* What is no message on its way to a pool and no timer, votes and moments of slots, ends it. */
static int64_t look_at(void *context, const struct gb_event *event, uint64_t rank)
{
    struct looking *looking = context;

    if (event->action == looking->action) {
        if (!add(looking->ahead, event, rank)) {
            gb_fail(looking->env->error, GB_ENOMEM, "no memory for %zu wake-ups",
                    looking->ahead->n + 1);
            looking->until_ns = INT64_MIN;
        }
    } else if (event->priority == GB_PRIORITY_TRANSACTION || event->priority == GB_PRIORITY_TIMER) {
        looking->n_sent++;
    } else {
        looking->until_ns = event->time_ns;
    }
    return looking->until_ns;
}

static int compare(const void *a, const void *b)
{
    const struct gb_run_wake_up *x = a, *y = b;

    if (x->time_ns != y->time_ns)
        return x->time_ns < y->time_ns ? -1 : 1;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

void gb_run_lookahead_find(struct gb_run_lookahead *ahead, const struct gb_run_environment *env,
                           const struct gb_run_gateway *gateway, gb_event_action *action)
{
    struct gb_quiet quiet = gb_run_gateway_quiet(gateway);
    struct looking looking = {
        .ahead = ahead, .env = env, .action = action, .until_ns = quiet.until_ns};
    size_t n = 0;

    ahead->n = 0;
    gb_queue_look(env->queue, quiet.until_ns, look_at, &looking);
    if (ahead->n > 0)
        qsort(ahead->found, ahead->n, sizeof *ahead->found, compare);
    while (n < ahead->n && ahead->found[n].time_ns < looking.until_ns &&
           looking.n_sent + n + 1 < quiet.n_transactions)
        n++;
    ahead->n = n;
}
