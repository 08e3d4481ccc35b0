#include "experiments/sweep/queue.h"

#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "experiments/sweep/trial_size.h"

/* A share of an eighth leaves less than a tenth of the time to whoever waits at the end. */
#define SHARES 8

struct waiting {
    uint64_t trial, place; /* place: gb_sweep_trial_in_order */
    double size;           /* gb_trial_size */
};

struct gb_trial_queue {
    size_t n, next, capacity;
    struct waiting *trials;
    double size_left;
};

/* ---- order */

/* By powers of two of their sizes: so trials on the same physics stay together but where the chain
 * of one takes longer than physics do. */
static int compare_waiting(const void *a, const void *b)
{
    const struct waiting *x = a, *y = b;
    int x_power = ilogb(x->size), y_power = ilogb(y->size);

    if (x_power != y_power)
        return x_power > y_power ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static enum gb_status add_trial(struct gb_trial_queue *queue, const struct waiting *waiting,
                                struct gb_error *err)
{
    struct waiting *trials =
        gb_array_grow(queue->trials, &queue->capacity, queue->n + 1, sizeof *trials);

    if (!trials)
        return gb_fail(err, GB_ENOMEM, "no memory for the list of %zu trials", queue->n + 1);
    queue->trials = trials;
    queue->trials[queue->n++] = *waiting;
    queue->size_left += waiting->size;
    return GB_OK;
}

/* The size of a trial, which is that of its cell: put together once. sizes: a cell each, 0: not yet
 */
static enum gb_status find_size(double *sizes, const struct gb_sweep *sweep, uint64_t trial,
                                double *size, struct gb_error *err)
{
    double *of_cell = &sizes[trial / gb_sweep_stride(sweep)];
    struct gb_scenario *scenario = NULL;
    enum gb_status status = GB_OK;

    if (*of_cell == 0.0)
        status = gb_sweep_scenario(sweep, trial, &scenario, err);
    if (scenario)
        *of_cell = gb_trial_size(scenario);
    gb_scenario_free(scenario);
    *size = *of_cell;
    return status;
}

static enum gb_status add_trials(struct gb_trial_queue *queue, const struct gb_sweep *sweep,
                                 const struct gb_sweep_part *part, const struct gb_journal *journal,
                                 struct gb_error *err)
{
    uint64_t n = gb_sweep_n_trials(sweep);
    double *sizes = calloc(gb_sweep_n_cells(sweep) + 1, sizeof *sizes);
    enum gb_status status =
        sizes ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory for the list of trials");

    for (uint64_t i = 0; status == GB_OK && i < n; i++) {
        struct waiting waiting = {.trial = gb_sweep_trial_in_order(sweep, i), .place = i};

        if (!gb_sweep_part_has(part, waiting.trial) || gb_journal_has(journal, waiting.trial))
            continue;
        status = find_size(sizes, sweep, waiting.trial, &waiting.size, err);
        if (status == GB_OK)
            status = add_trial(queue, &waiting, err);
    }
    free(sizes);
    return status;
}

enum gb_status gb_trial_queue_create(struct gb_trial_queue **out, const struct gb_sweep *sweep,
                                     const struct gb_sweep_part *part,
                                     const struct gb_journal *journal, struct gb_error *err)
{
    struct gb_trial_queue *queue = calloc(1, sizeof *queue);
    enum gb_status status =
        queue ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory for the list of trials");

    if (status == GB_OK)
        status = add_trials(queue, sweep, part, journal, err);
    if (status != GB_OK) {
        gb_trial_queue_free(queue);
        return status;
    }
    if (queue->n > 1)
        qsort(queue->trials, queue->n, sizeof *queue->trials, compare_waiting);
    *out = queue;
    return GB_OK;
}

void gb_trial_queue_free(struct gb_trial_queue *queue)
{
    if (!queue)
        return;
    free(queue->trials);
    free(queue);
}

size_t gb_trial_queue_n(const struct gb_trial_queue *queue)
{
    return queue->n;
}

/* ---- taking */

size_t gb_trial_queue_take(struct gb_trial_queue *queue, size_t n_takers, uint64_t *trials,
                           size_t max)
{
    double share = queue->size_left / (double)(SHARES * n_takers), taken = 0.0;
    size_t n = 0;

    while (n < max && queue->next < queue->n) {
        const struct waiting *waiting = &queue->trials[queue->next];

        if (n > 0 && taken + waiting->size > share)
            break;
        taken += waiting->size;
        trials[n++] = waiting->trial;
        queue->next++;
    }
    queue->size_left -= taken;
    return n;
}
