#include "base/patience.h"

#ifdef _OPENMP
#include <omp.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

/* Makes a team of its own, of more threads than there are processors, which sleeps for good. */
static void *rest(void *unused)
{
    int n = 0;

    (void)unused;
#pragma omp parallel num_threads(omp_get_num_procs() + 1) reduction(+ : n)
    n++;
    for (;;)
        pause();
    return NULL;
}

/* Signals are for the threads that work. */
static void begin_to_rest(void)
{
    pthread_t thread;
    sigset_t all, before;

    sigfillset(&all);
    if (pthread_sigmask(SIG_BLOCK, &all, &before) != 0)
        return;
    if (pthread_create(&thread, NULL, rest, NULL) == 0)
        pthread_detach(thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void gb_patience_begin(void)
{
    if (omp_get_max_threads() < 2)
        return;
#ifdef __clang__
    kmp_set_blocktime(0); /* LLVM's can be told, and needs no team for it */
    (void)begin_to_rest;
#else
    begin_to_rest();
#endif
}
#else
void gb_patience_begin(void)
{
}
#endif
