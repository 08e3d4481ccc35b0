#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/message.h"

#define TERMINAL_EVERY_S 0.1
#define PLAIN_EVERY_S 5.0

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void gb_progress_start(struct gb_progress *progress, const char *unit, bool is_quiet)
{
    double now = now_s();

    *progress = (struct gb_progress){.unit = unit,
                                     .is_quiet = is_quiet,
                                     .start_s = now,
                                     .shown_s = now,
                                     .is_terminal = gb_message_is_terminal(stderr)};
}

/* "42 s", "3 min 05 s", "2 h 07 min". */
static void format_seconds(double seconds, char *buffer, size_t size)
{
    int64_t s = (int64_t)(seconds + 0.5);

    if (s < 60)
        snprintf(buffer, size, "%" PRId64 " s", s);
    else if (s < 3600)
        snprintf(buffer, size, "%" PRId64 " min %02" PRId64 " s", s / 60, s % 60);
    else
        snprintf(buffer, size, "%" PRId64 " h %02" PRId64 " min", s / 3600, s / 60 % 60);
}

/* Columns of the terminal, which may change while work goes on; SIZE_MAX where it does not tell. */
static size_t width_of_terminal(void)
{
#ifdef TIOCGWINSZ
    struct winsize size;

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
#endif
    return SIZE_MAX;
}

/* The longest of the forms that leaves the last column free: a line that wraps is not taken away by
 * the next one. */
static void format_line(const struct gb_progress *progress, int64_t done, int64_t total,
                        double elapsed, size_t width, char *line, size_t size)
{
    double percent = 100.0 * (double)done / (double)total;
    char left[64];

    format_seconds(elapsed / (double)done * (double)(total - done), left, sizeof left);
    size_t n = (size_t)snprintf(line, size,
                                "%" PRId64 " of %" PRId64 " %s (%.0f %%), %.*f a second, "
                                "%s left",
                                done, total, progress->unit, percent, (double)done < 10 * elapsed,
                                (double)done / elapsed, left);
    if (n >= width)
        n = (size_t)snprintf(line, size, "%" PRId64 " of %" PRId64 ", %s left", done, total, left);
    if (n >= width)
        n = (size_t)snprintf(line, size, "%.0f %%", percent);
    if (n >= width)
        line[0] = '\0';
}

void gb_progress_show(struct gb_progress *progress, int64_t done, int64_t total)
{
    double now = now_s(), elapsed = now - progress->start_s;
    char line[256];

    if (progress->is_quiet || done <= 0 || total <= 0 ||
        now - progress->shown_s < (progress->is_terminal ? TERMINAL_EVERY_S : PLAIN_EVERY_S))
        return;
    format_line(progress, done, total, elapsed,
                progress->is_terminal ? width_of_terminal() : SIZE_MAX, line, sizeof line);
    fprintf(stderr, progress->is_terminal ? "\r\033[K%s" : "%s\n", line);
    fflush(stderr);
    progress->has_line = progress->is_terminal;
    progress->shown_s = now;
}

void gb_progress_end(struct gb_progress *progress)
{
    if (progress->has_line)
        fputs("\r\033[K", stderr);
    progress->has_line = false;
}
