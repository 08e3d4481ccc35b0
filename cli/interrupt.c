#include "cli/interrupt.h"

#include <signal.h>
#include <string.h>

/* A signal handler has nothing else to write to; nobody but this file sees it. */
static volatile sig_atomic_t came;

static void note(int number)
{
    (void)number;
    came = 1;
}

void gb_interrupt_watch(void)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = note;
    action.sa_flags = (int)SA_RESETHAND;        /* the second one finds the default: the end */
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool gb_interrupt_came(void)
{
    return came != 0;
}
