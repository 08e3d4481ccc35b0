#include "base/parts.h"

#include <stdatomic.h>
#include <stdbool.h>

#include "base/parallel.h"

/* ---- tasks */

/* A thread begins with a share of its own, the same in every sweep over the same items, so that
 * what it wrote in the last sweep is near to it still; then it helps others with what is left of
 * theirs. A line of the cache a share, as each is counted by another thread. */
#define LINE 64
enum { MAX_SHARES = 64 };

struct share {
    _Alignas(LINE) atomic_size_t next;
    size_t end;
};

struct queue {
    void (*task)(void *context, size_t k);
    void *context;
    size_t n_shares;
    struct share shares[MAX_SHARES];
};

static void fill(struct queue *queue, size_t n, size_t n_threads)
{
    size_t n_shares = n_threads < MAX_SHARES ? n_threads : MAX_SHARES;

    queue->n_shares = n_shares;
    for (size_t i = 0; i < n_shares; i++) {
        atomic_init(&queue->shares[i].next, n * i / n_shares);
        queue->shares[i].end = n * (i + 1) / n_shares;
    }
}

static void take(struct queue *queue, size_t thread)
{
    for (size_t i = 0; i < queue->n_shares; i++) {
        struct share *share = &queue->shares[(thread + i) % queue->n_shares];

        for (size_t k; (k = atomic_fetch_add(&share->next, 1)) < share->end;)
            queue->task(queue->context, k);
    }
}

#ifdef _OPENMP
/* In a team. A thread that comes when all are taken finds nothing, and one that has not come by
 * then has its turn taken by the caller. */
static void share_with_team(struct queue *queue, size_t n_others)
{
    for (size_t i = 0; i < n_others; i++) {
#pragma omp task firstprivate(queue)
        take(queue, (size_t)omp_get_thread_num());
    }
    take(queue, (size_t)omp_get_thread_num());
#pragma omp taskwait
}
#endif

void gb_tasks_run(size_t n, void (*task)(void *context, size_t k), void *context)
{
    struct queue queue = {.task = task, .context = context};

#ifdef _OPENMP
    bool is_in_team = omp_in_parallel();
    size_t n_threads = (size_t)(is_in_team ? omp_get_num_threads() : omp_get_max_threads());

    fill(&queue, n, n_threads);
    if (is_in_team) {
        share_with_team(&queue, (n < n_threads ? n : n_threads) - (n > 0));
        return;
    }
#pragma omp parallel
    take(&queue, (size_t)omp_get_thread_num());
#else
    fill(&queue, n, 1);
    take(&queue, 0);
#endif
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
