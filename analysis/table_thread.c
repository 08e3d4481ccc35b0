#include "analysis/table_thread_priv.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

enum { N_JOBS = 16 }; /* pages that may wait: below 16 MiB, however wide their rows */

struct job {
    struct gb_table_writer *table;
    struct gb_table_page page; /* keeps its arrays when it is written */
};

struct gb_table_thread {
    const struct gb_hdf5_out *out;
    const struct gb_results_guard *guard;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;  /* what is below */
    size_t n_waiting, first; /* jobs of the ring, the one under way among them */
    bool ends, has_failed;
    struct job
        jobs[N_JOBS]; /* those that wait belong to the thread, the others to who hands over */
};

static void write_page(const struct gb_results_guard *guard, struct job *job)
{
    if (guard->enter)
        guard->enter(guard->context);
    gb_table_writer_write(job->table, &job->page);
    if (guard->leave)
        guard->leave(guard->context);
}

/* Writes what waits until it is told to end. */
static void *write_pages(void *context)
{
    struct gb_table_thread *thread = context;

    pthread_mutex_lock(&thread->lock);
    for (;;) {
        while (thread->n_waiting == 0 && !thread->ends)
            pthread_cond_wait(&thread->changed, &thread->lock);
        if (thread->n_waiting == 0)
            break;
        struct job *job = &thread->jobs[thread->first];
        pthread_mutex_unlock(&thread->lock);
        write_page(thread->guard, job);
        pthread_mutex_lock(&thread->lock);
        thread->has_failed = thread->out->failed || thread->out->disk.error != 0;
        thread->first = (thread->first + 1) % N_JOBS;
        thread->n_waiting--;
        pthread_cond_broadcast(&thread->changed);
    }
    pthread_mutex_unlock(&thread->lock);
    return NULL;
}

/* Signals are for the first thread, but for those of a crash, which come to where it is. */
static bool start(struct gb_table_thread *thread)
{
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    sigset_t others, before;

    sigfillset(&others);
    for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++)
        sigdelset(&others, crashes[i]);
    pthread_sigmask(SIG_SETMASK, &others, &before);
    int failure = pthread_create(&thread->thread, NULL, write_pages, thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failure == 0;
}

static void release(struct gb_table_thread *thread)
{
    for (size_t i = 0; i < N_JOBS; i++)
        gb_table_page_clear(&thread->jobs[i].page);
    pthread_cond_destroy(&thread->changed);
    pthread_mutex_destroy(&thread->lock);
    free(thread);
}

struct gb_table_thread *gb_table_thread_create(const struct gb_hdf5_out *out,
                                               const struct gb_results_guard *guard)
{
    struct gb_table_thread *thread = calloc(1, sizeof *thread);

    if (!thread)
        return NULL;
    thread->out = out;
    thread->guard = guard;
    pthread_mutex_init(&thread->lock, NULL);
    pthread_cond_init(&thread->changed, NULL);
    if (start(thread))
        return thread;
    release(thread);
    return NULL;
}

void gb_table_thread_free(struct gb_table_thread *thread)
{
    if (!thread)
        return;
    pthread_mutex_lock(&thread->lock);
    thread->ends = true;
    pthread_cond_broadcast(&thread->changed);
    pthread_mutex_unlock(&thread->lock);
    pthread_join(thread->thread, NULL);
    release(thread);
}

bool gb_table_thread_hand_over(struct gb_table_thread *thread, struct gb_table_writer *table)
{
    pthread_mutex_lock(&thread->lock);
    while (thread->n_waiting == N_JOBS)
        pthread_cond_wait(&thread->changed, &thread->lock);
    bool is_well = !thread->has_failed;
    if (is_well) {
        struct job *job = &thread->jobs[(thread->first + thread->n_waiting) % N_JOBS];
        job->table = table;
        gb_table_writer_exchange(table, &job->page);
        thread->n_waiting++;
        pthread_cond_broadcast(&thread->changed);
    }
    pthread_mutex_unlock(&thread->lock);
    return is_well;
}

void gb_table_thread_settle(struct gb_table_thread *thread)
{
    if (!thread)
        return;
    pthread_mutex_lock(&thread->lock);
    while (thread->n_waiting > 0)
        pthread_cond_wait(&thread->changed, &thread->lock);
    pthread_mutex_unlock(&thread->lock);
}
