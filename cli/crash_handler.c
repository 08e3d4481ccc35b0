#include "cli/crash_handler.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

#include "cli/command.h"

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

#define MAX_UNFINISHED 4
#define STACK_BYTES 65536 /* of the handler: the program's may be what overflowed */

static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGABRT};
#define N_CRASHES (sizeof crashes / sizeof crashes[0])

/* A signal handler has nothing else to read from; nobody but this file sees it. NULL: no guard */
static const char *volatile guarded;
static const char *volatile unfinished[MAX_UNFINISHED];
static volatile sig_atomic_t n_unfinished;

static void say(const char *text)
{
    if (write(STDERR_FILENO, text, strlen(text)) < 0)
        return; /* nobody listens, and nothing more can be done */
}

static void end(void)
{
    for (int i = 0; i < n_unfinished; i++)
        unlink(unfinished[i]);
    say("gridbourse: HDF5 crashed over '");
    say(guarded);
    say("': memory ran out inside it, or the file is damaged in a way that it does not survive\n");
    _exit(GB_EXIT_FAILED);
}

static void end_by_signal(int number)
{
    (void)number;
    end();
}

/* HDF5 calls exit() where a list of its own finds no memory. */
static void end_by_exit(void)
{
    if (guarded)
        end();
}

static void set_handlers(void (*handler)(int))
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = handler == SIG_DFL ? 0 : SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < N_CRASHES; i++)
        sigaction(crashes[i], &action, NULL);
}

void gb_crash_handler_begin(const char *path)
{
    static char stack[STACK_BYTES];
    static bool is_registered;
    const stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};

    if (IS_SANITIZED)
        return;
    if (!is_registered)
        is_registered = atexit(end_by_exit) == 0;
    guarded = path;
    sigaltstack(&other, NULL);
    set_handlers(end_by_signal);
}

void gb_crash_handler_remove(const char *path)
{
    if (!path || n_unfinished == MAX_UNFINISHED)
        return;
    unfinished[n_unfinished] = path;
    n_unfinished++;
}

void gb_crash_handler_end(void)
{
    n_unfinished = 0;
    if (IS_SANITIZED)
        return;
    guarded = NULL;
    set_handlers(SIG_DFL);
}
