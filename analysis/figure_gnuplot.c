/* Pictures: gnuplot draws them from what a figure wrote. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analysis/figures_priv.h"
#include "base/file.h"
#include "base/new_file.h"

#define PATH_SIZE GB_FIGURE_PATH_SIZE
#define WORDS_SIZE 512 /* of gnuplot's own words in an error */

extern char **environ;

bool gb_figure_has_gnuplot(void)
{
    const char *path = getenv("PATH");

    while (path && *path) {
        size_t n = strcspn(path, ":");
        char program[PATH_SIZE];

        snprintf(program, sizeof program, "%.*s/gnuplot", (int)n, n ? path : ".");
        if (access(program, X_OK) == 0)
            return true;
        path += n + (path[n] == ':');
    }
    return false;
}

/* The settings that a script takes from outside, as one gnuplot command. */
static void format_settings(char *buffer, size_t size, const char *folder, const char *format,
                            const char *out)
{
    size_t n = (size_t)snprintf(buffer, size, "fmt = '%s'; dir = '", format);
    const char *parts[] = {folder, "/'", out ? "; out = '" : NULL, out, out ? "'" : NULL};

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        for (const char *at = parts[i]; at && *at && n + 3 < size; at++) {
            bool is_path = i == 0 || i == 3;

            if (is_path && *at == '\'')
                buffer[n++] = '\''; /* gnuplot doubles quotes inside quotes */
            buffer[n++] = *at;
        }
    buffer[n] = '\0';
}

/* A line of text that is cut off where its buffer ends. */
struct line {
    char *buffer;
    size_t size, n;
};

static void put_character(struct line *line, char character)
{
    if (line->n + 1 >= line->size)
        return;
    line->buffer[line->n++] = character;
    line->buffer[line->n] = '\0';
}

static void put_text(struct line *line, const char *text)
{
    for (; *text; text++)
        put_character(line, *text);
}

/* A word for sh between double quotes, in which settings with their own single quotes stay
 * readable. */
static void put_quoted(struct line *line, const char *word)
{
    put_character(line, '"');
    for (; *word; word++) {
        if (strchr("\"$`\\", *word))
            put_character(line, '\\');
        put_character(line, *word);
    }
    put_character(line, '"');
}

char *gb_figure_command(const struct gb_figure *figure, const char *folder, const char *format,
                        char *buffer, size_t size)
{
    char settings[PATH_SIZE], script[PATH_SIZE];
    struct line line = {buffer, size, 0};

    buffer[0] = '\0';
    format_settings(settings, sizeof settings, folder, format, NULL);
    snprintf(script, sizeof script, "%s/%s.gp", folder, figure->name);
    put_text(&line, "gnuplot -d -e ");
    put_quoted(&line, settings);
    put_character(&line, ' ');
    put_quoted(&line, script);
    return buffer;
}

/* Reads what the child says until it closes its end; keeps the last words, for gnuplot repeats the
 * whole command before it says what is wrong. */
static void read_words(int from, char words[WORDS_SIZE])
{
    char buffer[256];
    size_t n = 0;
    ssize_t got;

    while ((got = read(from, buffer, sizeof buffer)) > 0 || (got < 0 && errno == EINTR))
        for (ssize_t i = 0; i < got; i++) {
            bool is_blank = buffer[i] == ' ' || buffer[i] == '\n';

            if (n + 1 == WORDS_SIZE) {
                memmove(words, words + WORDS_SIZE / 2, WORDS_SIZE - WORDS_SIZE / 2);
                n -= WORDS_SIZE / 2;
            }
            if (!is_blank || (n > 0 && words[n - 1] != ' '))
                words[n++] = is_blank ? ' ' : buffer[i];
        }
    words[n] = '\0';
}

/* Starts gnuplot, waits for it and keeps what it wrote to stderr. returns its exit status, or -1 */
static int run_gnuplot(char *const *arguments, char words[WORDS_SIZE])
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t restored;
    int ends[2], status = -1, started;
    pid_t child;

    words[0] = '\0';
    if (pipe(ends) < 0)
        return -1;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    sigemptyset(&restored); /* what the caller may ignore */
    sigaddset(&restored, SIGPIPE);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &restored);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    started = posix_spawnp(&child, arguments[0], &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (started == 0) {
        read_words(ends[0], words);
        while (waitpid(child, &status, 0) < 0 && errno == EINTR)
            continue;
    } else
        snprintf(words, WORDS_SIZE, "%s", strerror(started));
    close(ends[0]);
    return started == 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Whether the picture is there to its last bytes: gnuplot is content with a disk that is full. */
static bool is_whole(const char *path, const char *format)
{
    static const struct {
        const char *format, *end;
        size_t n;
    } ends[] = {{"pdf", "%%EOF", 5}, {"svg", "</svg>", 6}, {"png", "IEND\xae\x42\x60\x82", 8}};
    char tail[16];
    size_t n = sizeof tail;

    if (!gb_file_tail(path, tail, &n))
        return false;
    for (size_t f = 0; f < sizeof ends / sizeof ends[0]; f++)
        for (size_t at = 0; strcmp(ends[f].format, format) == 0 && at + ends[f].n <= n; at++)
            if (memcmp(tail + at, ends[f].end, ends[f].n) == 0)
                return true;
    return false;
}

/* Why nothing can be written behind the picture's last byte, or 0: gnuplot does not tell. */
static int errno_of_writing(const char *path)
{
    static const char block[65536]; /* what is left of a full disk is less */
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0666), reason = 0;
    ssize_t written = 1;

    if (file < 0)
        return errno;
    for (size_t n = 0; n < sizeof block && reason == 0; n += (size_t)written) {
        written = write(file, block, sizeof block - n);
        if (written <= 0) {
            reason = written < 0 ? errno : ENOSPC;
            written = 1;
        }
    }
    if (close(file) < 0 && reason == 0)
        reason = errno;
    return reason;
}

/* The reason of a picture that did not come to be. What gnuplot says while it ends well is a
 * warning, of a missing locale say, and no reason. */
static enum gb_status fail_to_draw(const char *picture, const char *part, const char *words,
                                   int exit_status, struct gb_error *err)
{
    int reason = exit_status == 0 ? errno_of_writing(part) : 0;

    if (reason != 0)
        return gb_fail(err, GB_EFILE, "cannot write the figure '%s': %s", picture,
                       strerror(reason));
    if (!words[0])
        words = exit_status == 0 ? "the picture breaks off"
                                 : "it was stopped, or ended with an error and without a word";
    return gb_fail(err, GB_EFILE, "gnuplot could not draw '%s': %s", picture, words);
}

static bool is_newer(const struct stat *picture, const char *path)
{
    struct stat source;

    return stat(path, &source) == 0 && (picture->st_mtim.tv_sec > source.st_mtim.tv_sec ||
                                        (picture->st_mtim.tv_sec == source.st_mtim.tv_sec &&
                                         picture->st_mtim.tv_nsec > source.st_mtim.tv_nsec));
}

/* Whether the picture is whole and newer than all that it is drawn from. */
static bool is_current(const char *picture, const char *format, const char *folder,
                       const char *name)
{
    char script[PATH_SIZE], data[PATH_SIZE], style[PATH_SIZE];
    struct stat info;

    return gb_figure_path(script, folder, name, "gp") &&
           gb_figure_path(data, folder, name, "dat") &&
           gb_figure_path(style, folder, "style", "gp") && stat(picture, &info) == 0 &&
           is_newer(&info, script) && is_newer(&info, data) && is_newer(&info, style) &&
           is_whole(picture, format);
}

enum gb_status gb_figure_draw(const struct gb_figure *figure, const char *folder,
                              const char *format, struct gb_error *err)
{
    static char program[] = "gnuplot", plain[] = "-d", execute[] = "-e";
    char script[PATH_SIZE], picture[PATH_SIZE], part[PATH_SIZE], settings[3 * PATH_SIZE];
    char *const arguments[] = {program, plain, execute, settings, script, NULL};
    char words[WORDS_SIZE], suffix[16];
    int exit_status;

    snprintf(suffix, sizeof suffix, "%s.part", format);
    if (!gb_figure_path(script, folder, figure->name, "gp") ||
        !gb_figure_path(picture, folder, figure->name, format) ||
        !gb_figure_path(part, folder, figure->name, suffix))
        return gb_fail(err, GB_EFILE, "the path of the folder '%s' is too long", folder);
    if (is_current(picture, format, folder, figure->name))
        return GB_OK;
    format_settings(settings, sizeof settings, folder, format, part);
    exit_status = run_gnuplot(arguments, words);
    if (exit_status != 0 || !is_whole(part, format)) {
        fail_to_draw(picture, part, words, exit_status, err);
        unlink(part);
        return GB_EFILE;
    }
    if (!gb_file_publish(part, picture)) {
        gb_fail(err, GB_EFILE, "cannot write the figure '%s': %s", picture, strerror(errno));
        unlink(part);
        return GB_EFILE;
    }
    return GB_OK;
}
