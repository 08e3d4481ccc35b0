#include "cli/message.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/param.h"
#include "base/utf8.h"
#include "cli/crash_handler.h"
#include "cli/interrupt.h"
#include "cli/wrap.h"

/* Longer texts of a failure are paragraphs; shorter ones stay whole, to be searched and copied. */
enum { MAX_ON_ONE_LINE = 300 };

bool gb_message_is_terminal(FILE *stream)
{
    const char *term = getenv("TERM");

    return isatty(fileno(stream)) && !(term && strcmp(term, "dumb") == 0);
}

bool gb_message_has_colour(FILE *stream)
{
    const char *no_color = getenv("NO_COLOR");

    return gb_message_is_terminal(stream) && !(no_color && no_color[0]);
}

/* A name in a message may hold anything; what would do something to a terminal, or look like
 * another line, is shown as \\xNN. */
static void put_escaped(const char *text, FILE *out)
{
    size_t length;

    for (; *text; text += length) {
        uint32_t character = gb_utf8_decode((const unsigned char *)text, &length);
        char bytes[8] = "";

        length = character ? length : 1;
        memcpy(bytes, text, length);
        if (gb_utf8_is_plain(bytes, false))
            fputs(bytes, out);
        else
            for (size_t i = 0; i < length; i++)
                fprintf(out, "\\x%02x", (unsigned char)bytes[i]);
    }
}

__attribute__((format(printf, 2, 0))) static void print_line(const char *label, const char *format,
                                                             va_list args)
{
    char text[16384]; /* a few paths at their longest */
    bool colour = label[0] && gb_message_has_colour(stderr);

    fprintf(stderr, "%s%s%s", colour ? "\033[1;31m" : "", label, colour ? "\033[0m" : "");
    vsnprintf(text, sizeof text, format, args);
    put_escaped(text, stderr);
    fputc('\n', stderr);
}

void gb_message_error(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_line("gridbourse: ", format, args);
    va_end(args);
}

void gb_message_print_name(const char *name, FILE *out)
{
    put_escaped(name, out);
}

void gb_message_note(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_line("", format, args);
    va_end(args);
}

/* Bytes of the next line of a long text: up to the end of its sentence, or the last word that fits.
 */
static size_t line_length(const char *text, size_t width)
{
    const char *end = strstr(text, ". ");
    size_t n = end ? (size_t)(end - text) + 1 : strlen(text);

    if (n <= width)
        return n;
    for (size_t cut = width; cut > 0; cut--)
        if (text[cut] == ' ')
            return cut;
    return strcspn(text, " "); /* one word */
}

static void print_lines(const char *text)
{
    size_t n = line_length(text, GB_WRAP_WIDTH - strlen("gridbourse: "));

    gb_message_error("%.*s", (int)n, text);
    for (text += n; *(text += strspn(text, " ")); text += n) {
        n = line_length(text, GB_WRAP_WIDTH - 2);
        gb_message_note("  %.*s", (int)n, text);
    }
}

int gb_message_failure(const struct gb_error *err)
{
    const char *text = err->text[0] ? err->text : gb_status_text(err->status);

    if (strlen(text) > MAX_ON_ONE_LINE)
        print_lines(text);
    else
        gb_message_error("%s", text);
    switch (err->status) {
    case GB_ECONFIG:
    case GB_EINPUT: return GB_EXIT_WRONG_USE;
    case GB_EINTERRUPTED: return GB_EXIT_INTERRUPTED;
    default: return GB_EXIT_FAILED;
    }
}

_Noreturn void gb_message_exhausted(const char *what)
{
    gb_crash_handler_end(); /* this is no crash */
    gb_message_error("no memory for %s", what);
    exit(GB_EXIT_FAILED);
}

int gb_message_wrong_use(const struct gb_command *command, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_line("gridbourse: ", format, args);
    va_end(args);
    int column = fprintf(stderr, "usage: gridbourse %s ", command->name);
    gb_wrap_print(command->usage, column, column, stderr);
    return GB_EXIT_WRONG_USE;
}

const char *gb_message_plural(int64_t n)
{
    return n == 1 ? "" : "s";
}

/* Asked of the pipe itself: the write that failed may lie far back, and its errno with it. */
static bool has_lost_reader(void)
{
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};

    return poll(&output, 1, 0) == 1 && (output.revents & POLLERR);
}

bool gb_message_stdout_is_complete(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    int reason = errno;
    if (has_lost_reader())
        gb_interrupt_end_by_pipe();
    errno = reason;
    gb_message_error("cannot write the output: %s", strerror(errno));
    return false;
}
