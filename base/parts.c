#include "base/parts.h"

#include <stdatomic.h>

#include "base/parallel.h"

/* ---- tasks */

struct queue {
    void (*task)(void *context, size_t k);
    void *context;
    size_t n;
    atomic_size_t next;
};

static void take(struct queue *queue)
{
    for (size_t k; (k = atomic_fetch_add(&queue->next, 1)) < queue->n;)
        queue->task(queue->context, k);
}

#ifdef _OPENMP
/* In a team. A thread that comes when all are taken finds nothing, and one that has not come by
 * then has its turn taken by the caller. */
static void share_with_team(struct queue *queue, size_t n_others)
{
    for (size_t i = 0; i < n_others; i++) {
#pragma omp task firstprivate(queue)
        take(queue);
    }
    take(queue);
#pragma omp taskwait
}
#endif

void gb_tasks_run(size_t n, void (*task)(void *context, size_t k), void *context)
{
    struct queue queue = {.task = task, .context = context, .n = n};

#ifdef _OPENMP
    if (omp_in_parallel()) {
        size_t n_threads = (size_t)omp_get_num_threads();
        share_with_team(&queue, (n < n_threads ? n : n_threads) - (n > 0));
        return;
    }
#endif
#pragma omp parallel
    take(&queue);
}

void gb_team_run(size_t n, void (*work)(void *context), void *context)
{
#ifdef _OPENMP
    if (gb_is_worth_threads(n) && !omp_in_parallel()) {
#pragma omp parallel
#pragma omp master
        work(context);
        return;
    }
#else
    (void)n;
#endif
    work(context);
}

/* ---- parts */

struct sweep {
    void (*work)(void *context, size_t first, size_t n);
    void *context;
    size_t n;
};

static void work_at(const struct sweep *sweep, size_t first)
{
    size_t left = sweep->n - first;

    sweep->work(sweep->context, first, left < GB_PART ? left : GB_PART);
}

static void work_part(void *of_all, size_t k)
{
    work_at(of_all, k * GB_PART);
}

void gb_parts_run(size_t n, void (*work)(void *context, size_t first, size_t n), void *context)
{
    struct sweep sweep = {work, context, n};

    if (gb_is_worth_threads(n)) {
        gb_tasks_run((n + GB_PART - 1) / GB_PART, work_part, &sweep);
        return;
    }
    for (size_t first = 0; first < n; first += GB_PART)
        work_at(&sweep, first);
}
