#include "cli/interrupt.h"

#include <signal.h>
#include <string.h>
#include <time.h>

#define AGAIN_S 1 /* one wish to stop may arrive several times at once */

/* A signal handler has nothing else to write to; nobody but this file sees it. */
static volatile sig_atomic_t came;
static volatile sig_atomic_t came_at_s;
static volatile sig_atomic_t holds_pipe; /* SIGPIPE would have ended the program */

static void note(int number)
{
    struct timespec now = {0};

    clock_gettime(CLOCK_MONOTONIC, &now);
    sig_atomic_t now_s = (sig_atomic_t)(now.tv_sec & 0x7fffffff);
    if (!came) {
        came_at_s = now_s;
        came = 1;
    } else if (now_s - came_at_s > AGAIN_S) {
        signal(number, SIG_DFL); /* pending until this handler returns: the end */
        raise(number);
    }
}

static bool is_ignored(int number)
{
    struct sigaction action;

    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void gb_interrupt_watch(void)
{
    static const int wishes[] = {SIGINT, SIGTERM, SIGHUP, SIGXCPU, SIGUSR1, SIGUSR2};
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = note;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof wishes / sizeof wishes[0]; i++)
        if (!is_ignored(wishes[i])) /* what nohup ignores stays ignored */
            sigaction(wishes[i], &action, NULL);
    gb_interrupt_outlive_reader();
}

/* The call that met the limit or the closed pipe fails, and says so. */
void gb_interrupt_outlive_reader(void)
{
    signal(SIGXFSZ, SIG_IGN);
    if (!is_ignored(SIGPIPE)) {
        signal(SIGPIPE, SIG_IGN);
        holds_pipe = 1;
    }
}

void gb_interrupt_end_by_pipe(void)
{
    if (!holds_pipe)
        return;
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
}

bool gb_interrupt_came(void)
{
    return came != 0;
}
