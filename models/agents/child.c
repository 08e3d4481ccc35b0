#include "models/agents/child_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/duration.h"

#define LONGEST_LINE ((size_t)1 << 28)
#define READ_AT_ONCE 65536
#define PAUSE_NS 1000000 /* between two looks at whether it has ended */

/* A socket stands for both its standard input and output: who writes to one whose other end has
 * gone can ask to be told, without a signal to the whole process. */
struct gb_child {
    int socket;
    pid_t pid; /* 0: it has ended, as `status` says */
    int status;
    bool is_lost; /* it failed to answer: nobody waits for it any more */
    int64_t timeout_ns;
    char *bytes; /* received: from `line` on not handed out yet */
    size_t n, line, searched, capacity;
};

/* ---- time */

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Whole milliseconds until a moment, rounded up, for poll(). */
static int remaining_ms(int64_t until_ns)
{
    int64_t ms = (until_ns - now_ns() + 999999) / 1000000;

    return ms < 0 ? 0 : ms > 3600000 ? 3600000 : (int)ms;
}

/* ---- its end */

/* Has it ended, or does it by then? */
static bool has_ended(struct gb_child *child, int64_t until_ns)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};

    while (child->pid) {
        pid_t ended = waitpid(child->pid, &child->status, WNOHANG);

        if (ended == child->pid || (ended < 0 && errno != EINTR))
            child->pid = 0;
        else if (now_ns() >= until_ns)
            return false;
        else
            nanosleep(&pause, NULL);
    }
    return true;
}

/* Its descendants go with it: a shell may have started more than one. */
static void kill_group(struct gb_child *child)
{
    kill(-child->pid, SIGKILL);
    while (waitpid(child->pid, &child->status, 0) < 0 && errno == EINTR)
        ;
    child->pid = 0;
}

void gb_child_end(struct gb_child *child)
{
    if (!child)
        return;
    shutdown(child->socket, SHUT_WR);
    if (!has_ended(child, now_ns() + (child->is_lost ? 0 : child->timeout_ns)))
        kill_group(child);
    close(child->socket);
    free(child->bytes);
    free(child);
}

/* It closed its standard output, or does not read any more. */
static void explain_end(struct gb_child *child, char *why, size_t why_size)
{
    if (!has_ended(child, now_ns() + child->timeout_ns))
        snprintf(why, why_size, "it closed its standard output");
    else if (WIFSIGNALED(child->status))
        snprintf(why, why_size, "it was ended by signal %d (%s)", WTERMSIG(child->status),
                 strsignal(WTERMSIG(child->status)));
    else if (WEXITSTATUS(child->status) > 128) /* so says the shell */
        snprintf(why, why_size, "it was ended by signal %d (%s)", WEXITSTATUS(child->status) - 128,
                 strsignal(WEXITSTATUS(child->status) - 128));
    else if (WEXITSTATUS(child->status) == 127)
        snprintf(why, why_size, "it ended with status 127: its command was not found");
    else
        snprintf(why, why_size, "it ended with status %d", WEXITSTATUS(child->status));
}

/* ---- its beginning */

/* In the child, where nothing but calls that are safe after a fork in a thread may be made. */
_Noreturn static void become(const char *command, const char *folder, int socket)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpgid(0, 0);
    if (dup2(socket, STDIN_FILENO) >= 0 && dup2(socket, STDOUT_FILENO) >= 0 &&
        (!folder || chdir(folder) == 0))
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(126);
}

struct gb_child *gb_child_start(const char *command, const char *folder, int64_t timeout_ns,
                                char *why, size_t why_size)
{
    struct gb_child *child = calloc(1, sizeof *child);
    int sockets[2];

    if (!child || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) {
        snprintf(why, why_size, "cannot be started: %s", strerror(errno));
        free(child);
        return NULL;
    }
    pid_t pid = fork();
    if (pid == 0)
        become(command, folder, sockets[1]);
    close(sockets[1]);
    if (pid < 0) {
        snprintf(why, why_size, "cannot be started: %s", strerror(errno));
        close(sockets[0]);
        free(child);
        return NULL;
    }
    setpgid(pid, pid); /* whoever of both is first */
    fcntl(sockets[0], F_SETFL, O_NONBLOCK);
    *child = (struct gb_child){.socket = sockets[0], .pid = pid, .timeout_ns = timeout_ns};
    return child;
}

/* ---- lines */

/* Waits until it takes or gives bytes (events of poll). false at the limit */
static bool wait_for(struct gb_child *child, short *events, int64_t until_ns)
{
    struct pollfd ready = {.fd = child->socket, .events = *events};
    int n;

    while ((n = poll(&ready, 1, remaining_ms(until_ns))) <= 0)
        if ((n < 0 && errno != EINTR) || now_ns() >= until_ns)
            return false;
    *events = ready.revents;
    return true;
}

/* Reads what has come. returns the bytes, 0 at its end, less without any */
static ssize_t take_bytes(struct gb_child *child)
{
    char *bytes = gb_array_grow(child->bytes, &child->capacity, child->n + READ_AT_ONCE, 1);

    if (!bytes) {
        errno = ENOMEM;
        return 0;
    }
    child->bytes = bytes;
    ssize_t n = recv(child->socket, bytes + child->n, READ_AT_ONCE, 0);
    if (n > 0)
        child->n += (size_t)n;
    else if (n < 0 && errno != EAGAIN && errno != EINTR)
        return 0;
    return n;
}

static bool send_all(struct gb_child *child, const char *bytes, size_t n, char *why,
                     size_t why_size)
{
    int64_t until_ns = now_ns() + child->timeout_ns;
    char limit[32];

    while (n > 0) {
        ssize_t sent = send(child->socket, bytes, n, MSG_NOSIGNAL);

        if (sent > 0) {
            bytes += sent;
            n -= (size_t)sent;
            continue;
        }
        if (sent < 0 && errno != EAGAIN && errno != EINTR) {
            explain_end(child, why, why_size);
            return false;
        }
        /* who prints before it has read all would wait for us as we do for it */
        short events = POLLIN | POLLOUT;
        if (!wait_for(child, &events, until_ns)) {
            snprintf(why, why_size,
                     "it did not read what it was sent within %s (agents.process_timeout)",
                     gb_duration_format(child->timeout_ns, limit, sizeof limit));
            return false;
        }
        if (events & POLLIN && take_bytes(child) == 0) {
            explain_end(child, why, why_size);
            return false;
        }
    }
    return true;
}

bool gb_child_send(struct gb_child *child, const char *bytes, size_t n, char *why, size_t why_size)
{
    child->is_lost = child->is_lost || !send_all(child, bytes, n, why, why_size);
    return !child->is_lost;
}

/* The line that is there already, or NULL. */
static char *next_line(struct gb_child *child)
{
    char *newline = child->n > child->searched
                        ? memchr(child->bytes + child->searched, '\n', child->n - child->searched)
                        : NULL;

    child->searched = child->n;
    if (!newline)
        return NULL;
    char *line = child->bytes + child->line;
    *newline = '\0';
    child->line = child->searched = (size_t)(newline - child->bytes) + 1;
    return line;
}

/* Moves the bytes that were not handed out to the front. */
static void drop_lines(struct gb_child *child)
{
    if (child->line == 0)
        return;
    memmove(child->bytes, child->bytes + child->line, child->n - child->line);
    child->n -= child->line;
    child->line = child->searched = 0;
}

/* Reads until a line is there. */
static char *await_line(struct gb_child *child, char *why, size_t why_size)
{
    int64_t until_ns = now_ns() + child->timeout_ns;
    char limit[32], *line;

    while (!(line = next_line(child))) {
        short events = POLLIN;

        if (child->n > LONGEST_LINE) {
            snprintf(why, why_size, "a line of it is longer than %zu bytes", LONGEST_LINE);
            return NULL;
        }
        if (!wait_for(child, &events, until_ns)) {
            snprintf(why, why_size, "no reply within %s (agents.process_timeout)",
                     gb_duration_format(child->timeout_ns, limit, sizeof limit));
            return NULL;
        }
        if (take_bytes(child) == 0) {
            explain_end(child, why, why_size);
            return NULL;
        }
    }
    return line;
}

char *gb_child_receive(struct gb_child *child, char *why, size_t why_size)
{
    drop_lines(child);
    char *line = await_line(child, why, why_size);

    child->is_lost = child->is_lost || !line;
    return line;
}
