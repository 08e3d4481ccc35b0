/* gridbourse figures: what a result can show, with script and data beside the pictures. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/figures.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/crash_handler.h"
#include "cli/interrupt.h"
#include "cli/message.h"
#include "cli/pair.h"
#include "cli/paper_case.h"
#include "cli/stored_market.h"

#define MAX_FORMATS 8

struct request {
    const char *path, *folder, *only;
    const char *formats[MAX_FORMATS]; /* NULL-terminated */
    int64_t trial, slot;              /* trial -1: the first one */
    bool is_list;                     /* name the figures and stop */
};

static int list_figures(void)
{
    for (const struct gb_figure *figure = gb_figures; figure->name; figure++)
        printf("%-10s %s\n", figure->name, figure->summary);
    return GB_EXIT_DONE;
}

/* "pdf,svg" as a list; false, the reason printed, where a format is unknown. */
static bool read_formats(struct request *request, char *text)
{
    size_t n = 0;

    for (char *word = strtok(text, ","); word; word = strtok(NULL, ",")) {
        const char *const *known = gb_figure_formats;

        while (*known && strcmp(*known, word) != 0)
            known++;
        if (!*known || n + 1 == MAX_FORMATS) {
            gb_message_wrong_use(&gb_command_figures, "figures: '%s' is no format (pdf, svg, png)",
                                 word);
            return false;
        }
        request->formats[n++] = *known;
    }
    request->formats[n] = NULL;
    if (n == 0)
        gb_message_wrong_use(&gb_command_figures, "figures: no format is named (pdf, svg, png)");
    return n > 0;
}

/* Makes the folder and those above it that are missing. */
static enum gb_status make_folder(const char *folder, struct gb_error *err)
{
    char *path = strdup(folder);
    enum gb_status status = path ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory");
    struct stat info;

    for (char *slash = path; status == GB_OK && slash;) {
        slash = slash[0] ? strchr(slash + 1, '/') : NULL;
        if (slash)
            *slash = '\0';
        if (mkdir(path, 0777) != 0 && errno != EEXIST)
            status =
                gb_fail(err, GB_EFILE, "cannot make the folder '%s': %s", path, strerror(errno));
        if (slash)
            *slash = '/';
    }
    free(path);
    if (status == GB_OK && (stat(folder, &info) != 0 || !S_ISDIR(info.st_mode)))
        status = gb_fail(err, GB_EINPUT, "cannot draw into '%s': it is no folder", folder);
    return status;
}

/* Draws one figure in every format. `has_gnuplot` false: prints how to draw it instead. */
static enum gb_status draw(const struct gb_figure *figure, const struct request *request,
                           bool has_gnuplot, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    for (size_t i = 0; status == GB_OK && request->formats[i]; i++) {
        char command[8192];

        if (has_gnuplot)
            status = gb_figure_draw(figure, request->folder, request->formats[i], err);
        else
            printf("%s\n", gb_figure_command(figure, request->folder, request->formats[i], command,
                                             sizeof command));
        if (gb_interrupt_came()) {
            *err = (struct gb_error){0}; /* Ctrl-C reaches gnuplot too: that is no failure */
            return gb_fail(err, GB_EINTERRUPTED, "interrupted: what is drawn is whole");
        }
        if (status == GB_OK && has_gnuplot)
            printf("%s/%s.%s\n", request->folder, figure->name, request->formats[i]);
    }
    return status;
}

/* Writes and draws one figure. A figure that the result cannot show is skipped with the reason,
 * unless it was asked for by name. */
static enum gb_status make_figure(const struct gb_figure *figure, const struct request *request,
                                  const struct gb_figure_request *source, bool has_gnuplot,
                                  struct gb_error *err)
{
    struct gb_error why = {0};
    enum gb_status status = gb_figure_write(figure, source, request->folder, &why);

    if (status == GB_OK)
        status = draw(figure, request, has_gnuplot, &why);
    if (status == GB_EREFUSED && !request->only) {
        gb_message_note("%s: skipped, %s", figure->name, why.text);
        return GB_OK;
    }
    return status == GB_OK ? GB_OK
                           : gb_fail(err, status == GB_EREFUSED ? GB_EINPUT : status,
                                     "figure '%s': %s", figure->name, why.text);
}

/* All figures that are wanted. One that fails does not keep the next ones from being drawn: its
 * reason is printed, and the last failure is the command's. */
static enum gb_status make_figures(const struct request *request,
                                   const struct gb_figure_request *source, struct gb_error *err)
{
    bool has_gnuplot = gb_figure_has_gnuplot();
    enum gb_status status = make_folder(request->folder, err);

    if (status != GB_OK)
        return status;
    if (!has_gnuplot)
        gb_message_note("gnuplot is not installed: scripts and data are written; this draws them:");
    for (const struct gb_figure *figure = gb_figures; figure->name; figure++) {
        struct gb_error why = {0};

        if (request->only && strcmp(request->only, figure->name) != 0)
            continue;
        if (make_figure(figure, request, source, has_gnuplot, &why) == GB_OK)
            continue;
        if (status != GB_OK)
            gb_message_failure(err);
        *err = why;
        status = why.status;
        if (status == GB_EINTERRUPTED)
            break;
    }
    return status;
}

/* Which trial is shown, under which market, in which currency. */
static enum gb_status complete_source(const struct request *request,
                                      struct gb_figure_request *source, struct gb_error *err)
{
    const struct gb_summary_row *summary = gb_results_summary(source->results), *shown;
    struct gb_market_rules rules;
    enum gb_status status;

    if (gb_results_n_trials(source->results) == 0)
        return gb_fail(err, GB_EINPUT, "'%s' holds no trial", request->path);
    source->trial = request->trial >= 0 ? (uint64_t)request->trial : summary[0].trial;
    shown = gb_results_trial(source->results, source->trial);
    if (!shown)
        return gb_fail(err, GB_EINPUT, "'%s' holds no trial %" PRId64, request->path,
                       request->trial);
    if (source->slot != GB_SLOT_WITH_MAX_TRADE && source->slot >= shown->n_slots)
        return gb_fail(err, GB_EINPUT,
                       "there is no slot %" PRId64 ": those of trial %" PRIu64 " are 0 to %" PRId64,
                       source->slot, source->trial, shown->n_slots - 1);
    status = gb_stored_market(source->results, (size_t)(shown - summary), &rules, err);
    if (status != GB_OK)
        return status;
    source->has_books_by_source = gb_market_needs_source(&rules);
    bool is_paper;
    status = gb_paper_case_is(&is_paper, source->results, err);
    source->currency = status == GB_OK && is_paper ? "yuan" : "currency";
    return status;
}

static int figures(const struct request *request)
{
    struct gb_error err = {0};
    struct gb_figure_request source = {.slot = request->slot};
    gb_pair_settle(request->path);
    gb_crash_handler_begin(request->path);
    enum gb_status status = gb_results_open(&source.results, request->path, &err);

    if (status != GB_OK) {
        gb_crash_handler_end();
        gb_message_failure(&err);
        return status == GB_ENOMEM ? GB_EXIT_FAILED : GB_EXIT_WRONG_USE;
    }
    status = complete_source(request, &source, &err);
    if (status == GB_OK) {
        gb_interrupt_watch();
        status = make_figures(request, &source, &err);
    }
    gb_results_close(source.results);
    gb_crash_handler_end();
    return status == GB_OK ? GB_EXIT_DONE : gb_message_failure(&err);
}

static int check_request(const struct request *request)
{
    const char *names[16];
    size_t n = 0;

    if (!request->path)
        return gb_message_wrong_use(&gb_command_figures, "figures: which result? (OUT.h5)");
    if (!request->folder)
        return gb_message_wrong_use(&gb_command_figures, "figures: where to? (-d DIR)");
    if (!request->only || gb_figure_find(request->only))
        return GB_EXIT_DONE;
    for (const struct gb_figure *figure = gb_figures; figure->name && n < 15; figure++)
        names[n++] = figure->name;
    names[n] = NULL;
    const char *nearest = gb_message_nearest(request->only, names);
    return gb_message_wrong_use(&gb_command_figures, "figures: there is no figure '%s'%s%s%s",
                                request->only, nearest ? " (did you mean '" : "",
                                nearest ? nearest : "", nearest ? "'?)" : "; --list names them");
}

enum { FOLDER, ONLY, LIST, FORMAT, SLOT, TRIAL };
static const struct gb_option options[] = {
    {"--directory", "-d", "DIR", "folder for scripts, data and pictures; made if it is not there"},
    {"--only", NULL, "NAME", "draw this figure alone"},
    {"--list", NULL, NULL, "name the figures and stop"},
    {"--format", NULL, "LIST", "formats, by commas (default pdf,svg,png)"},
    {"--slot", NULL, "K", "slot of the figure 'clearing' (default the one with most trade)"},
    {"--trial", NULL, "N", "trial of figures that show one (default the first)"},
    {NULL, NULL, NULL, NULL},
};

static int take_option(void *context, const struct gb_arguments *arguments, int option)
{
    struct request *request = context;
    char formats[128];
    bool is_right = true;

    switch (option) {
    case FOLDER: request->folder = arguments->value; break;
    case ONLY: request->only = arguments->value; break;
    case LIST: request->is_list = true; break;
    case FORMAT:
        snprintf(formats, sizeof formats, "%s", arguments->value);
        is_right = read_formats(request, formats);
        break;
    default:
        is_right = gb_arguments_number(arguments, option, 0, INT64_MAX,
                                       option == SLOT ? &request->slot : &request->trial);
    }
    return is_right ? GB_EXIT_DONE : GB_EXIT_WRONG_USE;
}

static int run(int argc, char **argv)
{
    struct gb_arguments arguments = {.command = &gb_command_figures,
                                     .options = options,
                                     .operands = GB_OPERANDS_ONE_AT_MOST, /* --list takes none */
                                     .argc = argc,
                                     .argv = argv};
    struct request request = {
        .formats = {"pdf", "svg", "png"}, .trial = -1, .slot = GB_SLOT_WITH_MAX_TRADE};
    int code;

    if (!gb_arguments_read(&arguments, "result", take_option, &request, &request.path, &code))
        return code;
    if (request.is_list)
        return list_figures();
    code = check_request(&request);
    return code == GB_EXIT_DONE ? figures(&request) : code;
}

const struct gb_command gb_command_figures = {
    "figures", "OUT.h5 -d DIR [--only NAME] [--list] [--format pdf,svg,png] [--slot K] [--trial N]",
    "draw the figures that a result can show", run};
