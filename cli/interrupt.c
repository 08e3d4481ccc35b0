#include "cli/interrupt.h"

#include <signal.h>
#include <string.h>
#include <time.h>

#define AGAIN_S 1                       /* one wish to stop may arrive several times at once */

/* A signal handler has nothing else to write to; nobody but this file sees it. */
static volatile sig_atomic_t came;
static volatile sig_atomic_t came_at_s;

static void note(int number)
{
    struct timespec now = {0};

    clock_gettime(CLOCK_MONOTONIC, &now);
    sig_atomic_t now_s = (sig_atomic_t)(now.tv_sec & 0x7fffffff);
    if (!came) {
        came_at_s = now_s;
        came = 1;
    } else if (now_s - came_at_s > AGAIN_S) {
        signal(number, SIG_DFL);                /* pending until this handler returns: the end */
        raise(number);
    }
}

void gb_interrupt_watch(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action, before;

    memset(&action, 0, sizeof action);
    action.sa_handler = note;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);       /* what nohup ignores stays ignored */
}

bool gb_interrupt_came(void)
{
    return came != 0;
}
