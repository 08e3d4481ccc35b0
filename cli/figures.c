/* gridbourse figures: what a result can show, with script and data beside the pictures. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/figures.h"
#include "base/edit_distance.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/figure_window.h"
#include "cli/interrupt.h"
#include "cli/measured_loads.h"
#include "cli/message.h"
#include "cli/result_input.h"
#include "cli/series_options.h"
#include "cli/slot_moment.h"
#include "cli/stored_cases.h"
#include "cli/stored_market.h"

#define MAX_FORMATS 8
#define MAX_NAMES 32
#define SWEEP_FIGURE "curves"      /* what the options of sweeps draw unasked */
#define METER_FIGURE "meter"       /* and that of a meter */
#define MEASURED_FIGURE "measured" /* and a measured series */

struct request {
    const char *path, *folder;
    char only[256];                   /* names by commas; empty: all */
    const char *formats[MAX_FORMATS]; /* NULL-terminated */
    int64_t trial;                    /* -1: the first one */
    const char *at;                   /* a moment, as typed */
    struct gb_window_request window;
    char currency[GB_CURRENCY_SIZE];
    struct gb_conditions where, against; /* as typed */
    struct gb_home_choice homes;         /* of `where`, once the result is read */
    struct gb_figure_request figure;
    const char *beside; /* the file of a measured series, or NULL */
    struct gb_series_options series;
    bool says_of_series; /* whether anything was said of it */
    struct gb_loads measured;
    bool is_list; /* name the figures and stop */
};

static int list_figures(void)
{
    for (const struct gb_figure *figure = gb_figures; figure->name; figure++)
        printf("%-12s %s\n", figure->name, figure->summary);
    return GB_EXIT_DONE;
}

/* Makes the folder and those above it that are missing.
 * n_stood  out: bytes of the path of the part that stood before */
static enum gb_status make_folder(const char *folder, size_t *n_stood, struct gb_error *err)
{
    char *path = strdup(folder);
    enum gb_status status = path ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory");
    struct stat info;
    bool is_any_made = false;

    *n_stood = 0;
    for (char *slash = path; status == GB_OK && slash;) {
        slash = slash[0] ? strchr(slash + 1, '/') : NULL;
        if (slash)
            *slash = '\0';
        if (mkdir(path, 0777) != 0) {
            if (errno != EEXIST)
                status = gb_fail(err, GB_EFILE, "cannot make the folder '%s': %s", path,
                                 strerror(errno));
            if (!is_any_made)
                *n_stood = strlen(path);
        } else
            is_any_made = true;
        if (slash)
            *slash = '/';
    }
    free(path);
    if (status == GB_OK && (stat(folder, &info) != 0 || !S_ISDIR(info.st_mode)))
        status = gb_fail(err, GB_EINPUT, "cannot draw into '%s': it is no folder", folder);
    return status;
}

/* Takes away again what was made, as far as it is empty. */
static void remove_folder(const char *folder, size_t n_stood)
{
    char *path = strdup(folder), *end;

    while (path && strlen(path) > n_stood && rmdir(path) == 0 && (end = strrchr(path, '/')))
        *end = '\0';
    free(path);
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

/* Writes and draws one figure. A figure that the result cannot show is skipped, with the reason,
 * unless it was asked for by name.
 * is_drawn  out: whether it was */
static enum gb_status make_figure(const struct gb_figure *figure, const struct request *request,
                                  bool has_gnuplot, bool *is_drawn, struct gb_error *err)
{
    struct gb_error why = {0};
    enum gb_status status = gb_figure_write(figure, &request->figure, request->folder, &why);

    *is_drawn = false;
    if (status == GB_OK)
        status = draw(figure, request, has_gnuplot, &why);
    if (status == GB_EREFUSED && !request->only[0]) {
        gb_message_note("%s: skipped, %s", figure->name, why.text);
        return GB_OK;
    }
    *is_drawn = status == GB_OK;
    return status == GB_OK ? GB_OK
                           : gb_fail(err, status, "figure '%s': %s", figure->name, why.text);
}

/* Whether `name` stands in a list by commas, of n characters in all. */
static bool is_listed(const char *list, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = list; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (strcspn(at, ",") == length && strncmp(at, name, length) == 0)
            return true;
    return false;
}

/* The figures that show the whole market, where some homes are asked about: in one line. */
static void note_whole_market(const struct request *request)
{
    char text[GB_HOME_CHOICE_TEXT_SIZE], list[512] = "";

    for (const struct gb_figure *figure = gb_figures; figure->name; figure++)
        if (!gb_figure_may_show(figure, &request->figure))
            snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", list[0] ? ", " : "",
                     figure->name);
    if (list[0] && !request->only[0])
        gb_message_note("skipped, for they show the whole market and not homes of %s alone: %s",
                        gb_home_choice_describe(&request->homes, text), list);
}

/* All figures that are wanted. One that fails does not keep the next ones from being drawn: its
 * reason is printed, and the last failure is the command's. */
static enum gb_status make_figures(const struct request *request, struct gb_error *err)
{
    bool has_gnuplot = gb_figure_has_gnuplot();
    size_t n_stood, n_drawn = 0;
    enum gb_status status = make_folder(request->folder, &n_stood, err);

    if (status != GB_OK)
        return status;
    if (!has_gnuplot)
        gb_message_note("gnuplot is not installed: scripts and data are written; this draws them:");
    note_whole_market(request);
    for (const struct gb_figure *figure = gb_figures; figure->name; figure++) {
        struct gb_error why = {0};
        bool is_drawn;

        if (request->only[0] ? !is_listed(request->only, figure->name)
                             : !gb_figure_may_show(figure, &request->figure))
            continue;
        enum gb_status drawn = make_figure(figure, request, has_gnuplot, &is_drawn, &why);
        n_drawn += is_drawn;
        if (drawn == GB_OK)
            continue;
        if (status != GB_OK)
            gb_message_failure(err);
        *err = why;
        status = drawn;
        if (status == GB_EINTERRUPTED)
            break;
    }
    if (n_drawn == 0)
        remove_folder(request->folder, n_stood);
    if (status == GB_OK && n_drawn == 0)
        status = gb_fail(err, GB_EFILE, "nothing was drawn: none of the figures can show '%s'",
                         request->path);
    return status;
}

/* What of the trial's market figures must know. */
static enum gb_status describe_market(struct request *request, const struct gb_scenario *scenario,
                                      struct gb_error *err)
{
    struct gb_figure_request *figure = &request->figure;

    figure->has_books_by_source = gb_market_needs_source(&scenario->market);
    figure->is_continuous = scenario->market.mechanism->trading != NULL;
    figure->open_ns = scenario->open_ns;
    figure->gate_ns = scenario->gate_ns;
    figure->at_ns = GB_NO_TIME;
    figure->currency = request->currency;
    if (!request->at)
        return GB_OK;
    if (figure->slot == GB_SLOT_WITH_MAX_TRADE)
        return gb_fail(err, GB_EINPUT, "'--at %s' is a moment of which slot? (--slot K)",
                       request->at);
    return gb_slot_moment_read(request->at, scenario, figure->slot, &figure->at_ns, err);
}

/* Which trial is shown, under which market, in which currency. */
static enum gb_status complete_request(struct request *request, struct gb_error *err)
{
    struct gb_figure_request *figure = &request->figure;
    const struct gb_summary_row *summary = gb_results_summary(figure->results), *shown;
    struct gb_scenario *scenario = NULL;
    enum gb_status status;

    if (gb_results_n_trials(figure->results) == 0)
        return gb_fail(err, GB_EINPUT, "'%s' holds no trial", request->path);
    figure->trial = request->trial >= 0 ? (uint64_t)request->trial : summary[0].trial;
    shown = gb_results_trial(figure->results, figure->trial);
    if (!shown)
        return gb_fail(err, GB_EINPUT, "'%s' holds no trial %" PRId64, request->path,
                       request->trial);
    if (figure->slot != GB_SLOT_WITH_MAX_TRADE && figure->slot >= shown->n_slots)
        return gb_fail(err, GB_EINPUT,
                       "there is no slot %" PRId64 ": those of trial %" PRIu64 " are 0 to %" PRId64,
                       figure->slot, figure->trial, shown->n_slots - 1);
    status = gb_window_resolve(&request->window, figure, err);
    if (status == GB_OK)
        status = gb_stored_select(&figure->where, &request->homes, figure->results, &request->where,
                                  err);
    if (status == GB_OK)
        status = gb_stored_select(&figure->against, NULL, figure->results, &request->against, err);
    gb_results_choose_homes(figure->results, &request->homes);
    if (status == GB_OK)
        status = gb_stored_scenario(figure->results, (size_t)(shown - summary), &scenario, err);
    if (status == GB_OK)
        status = describe_market(request, scenario, err);
    gb_scenario_free(scenario);
    return status == GB_OK ? gb_stored_currency(figure->results, request->currency, err) : status;
}

static enum gb_status read_measured(struct request *request, struct gb_error *err)
{
    const char *name = request->beside ? strrchr(request->beside, '/') : NULL;

    if (!request->beside)
        return GB_OK;
    enum gb_status status =
        gb_measured_loads_read(&request->measured, request->beside, &request->series, err);
    if (status == GB_EFILE)
        err->status = status = GB_EINPUT; /* a series one cannot read is wrong use */
    request->figure.measured = &request->measured;
    request->figure.measured_name = name ? name + 1 : request->beside;
    return status;
}

static int figures(struct request *request)
{
    struct gb_error err = {0};
    int code = gb_result_input_open(&request->figure.results, request->path);

    if (code != GB_EXIT_DONE)
        return code;
    enum gb_status status = read_measured(request, &err);
    if (status == GB_OK)
        status = complete_request(request, &err);
    if (status == GB_OK) {
        gb_interrupt_watch();
        status = make_figures(request, &err);
    }
    gb_loads_clear(&request->measured);
    gb_home_choice_clear(&request->homes);
    gb_selection_clear(&request->figure.where);
    gb_selection_clear(&request->figure.against);
    gb_result_input_close(request->figure.results);
    return status == GB_OK ? GB_EXIT_DONE : gb_message_failure(&err);
}

/* ---- the command line */

/* "pdf,svg" as a list. */
static int take_formats(struct request *request, const char *list)
{
    char text[128], *rest = NULL;
    size_t n = 0;

    snprintf(text, sizeof text, "%s", list);
    for (char *word = strtok_r(text, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
        const char *const *known = gb_figure_formats;

        while (*known && strcmp(*known, word) != 0)
            known++;
        if (!*known || n + 1 == MAX_FORMATS)
            return gb_message_wrong_use(&gb_command_figures,
                                        "figures: '%s' is no format (pdf, svg, png)", word);
        request->formats[n++] = *known;
    }
    request->formats[n] = NULL;
    return n > 0 ? GB_EXIT_DONE
                 : gb_message_wrong_use(&gb_command_figures,
                                        "figures: no format is named (pdf, svg, png)");
}

static int refuse_name(const char *name)
{
    const char *names[MAX_NAMES], *nearest;
    size_t n = 0;

    for (const struct gb_figure *figure = gb_figures; figure->name && n + 1 < MAX_NAMES; figure++)
        names[n++] = figure->name;
    names[n] = NULL;
    nearest = gb_nearest_word(name, names);
    return gb_message_wrong_use(&gb_command_figures, "figures: there is no figure '%s'%s%s%s", name,
                                nearest ? " (did you mean '" : "", nearest ? nearest : "",
                                nearest ? "'?)" : "; --list names them");
}

static int take_only(struct request *request, const char *list)
{
    char text[sizeof request->only], *rest = NULL;

    snprintf(request->only, sizeof request->only, "%s", list);
    memcpy(text, request->only, sizeof text);
    for (char *word = strtok_r(text, ",", &rest); word; word = strtok_r(NULL, ",", &rest))
        if (!gb_figure_find(word))
            return refuse_name(word);
    return request->only[0] ? GB_EXIT_DONE : refuse_name("");
}

/* "85 mm", "8.5 cm", "3.35 in"; a plain number is mm. */
static int take_width(struct request *request, const char *text)
{
    static const struct {
        const char *unit;
        double mm;
    } units[] = {{"", 1.0}, {"mm", 1.0}, {"cm", 10.0}, {"in", 25.4}};
    char *end;
    double width = strtod(text, &end), mm = 0.0;

    while (*end == ' ')
        end++;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(end, units[i].unit) == 0)
            mm = width * units[i].mm;
    if (end == text || !(mm >= GB_FIGURE_MIN_WIDTH_MM && mm <= GB_FIGURE_MAX_WIDTH_MM))
        return gb_message_wrong_use(&gb_command_figures,
                                    "figures: '--width' expects %g to %g mm ('85 mm', '3.35 in'), "
                                    "got '%s'",
                                    GB_FIGURE_MIN_WIDTH_MM, GB_FIGURE_MAX_WIDTH_MM, text);
    request->figure.width_mm = mm;
    return GB_EXIT_DONE;
}

enum {
    FOLDER,
    ONLY,
    LIST,
    FORMAT,
    X,
    Y,
    LINES,
    PANELS,
    WHERE,
    AGAINST,
    SLOT,
    AT,
    TRIAL,
    METER,
    BESIDE,
    DAY,
    FROM,
    TO,
    WIDTH,
    NO_CAPTION,
    OF_SERIES /* and those behind it */
};
static const struct gb_option options[] = {
    [FOLDER] = {"--directory", "-d", "DIR",
                "folder for scripts, data and pictures; made if it is not there"},
    [ONLY] = {"--only", NULL, "NAMES", "draw these figures alone, by commas"},
    [LIST] = {"--list", NULL, NULL, "name the figures and stop"},
    [FORMAT] = {"--format", NULL, "LIST", "formats, by commas (default pdf,svg,png)"},
    [X] = {"--x", NULL, "KEY", "of a sweep: the key along x (default the one with most numbers)"},
    [Y] = {"--y", NULL, "COLUMNS", "key figures, by commas: columns of /summary, or A/B, or A/s"},
    [LINES] = {"--lines", NULL, "KEY",
               "a line each value of this key, or of each `kind` of household"},
    [PANELS] = {"--panels", NULL, "KEY", "a panel each, likewise"},
    [WHERE] = {"--where", NULL, "KEY=VALUE",
               "cells that have this value, or these between commas; kind=NAME or strategy=NAME: "
               "these homes; may be repeated"},
    [AGAINST] = {"--against", NULL, "KEY=VALUE",
                 "of 'effect': differences from the cell with this value"},
    [SLOT] = {"--slot", NULL, "K",
              "slot of figures that show one (default the one with most trade)"},
    [AT] = {"--at", NULL, "TIME",
            "of 'depth': 90 s after the opening, or 12:03:20 (default halfway)"},
    [TRIAL] = {"--trial", NULL, "N", "trial of figures that show one (default the first)"},
    [METER] = {"--meter", NULL, "METER",
               "of 'meter': its name or number (default the one that owns most)"},
    [BESIDE] = {"--beside", NULL, "FILE",
                "of 'measured': a series of loads; options of `gridbourse series` say what it is"},
    [DAY] = {"--day", NULL, "DAY", "day shown of figures over time: from 1 on, or a date"},
    [FROM] = {"--from", NULL, "TIME", "where they begin: 06:00, or '2023-06-01 06:00'"},
    [TO] = {"--to", NULL, "TIME", "where they end"},
    [WIDTH] = {"--width", NULL, "WIDTH", "of the pictures: '85 mm' (default one or two columns)"},
    [NO_CAPTION] = {"--no-caption", NULL, NULL,
                    "no caption in the pictures; it stands in NAME.txt"},
    GB_SERIES_OPTION_ROWS(OF_SERIES),
    {0},
};

static int take_option(void *context, const struct gb_arguments *arguments, int option)
{
    struct request *request = context;
    struct gb_figure_request *figure = &request->figure;
    const char **texts[] = {
        [FOLDER] = &request->folder,    [X] = &figure->x,           [Y] = &figure->y,
        [LINES] = &figure->lines,       [PANELS] = &figure->panels, [DAY] = &request->window.day,
        [FROM] = &request->window.from, [TO] = &request->window.to, [AT] = &request->at,
        [METER] = &figure->meter,       [BESIDE] = &request->beside};
    if (option >= OF_SERIES) {
        request->says_of_series = true;
        return gb_series_options_take(&request->series, arguments, OF_SERIES, option);
    }
    int64_t *number = option == SLOT ? &figure->slot : &request->trial;

    switch (option) {
    case LIST: request->is_list = true; return GB_EXIT_DONE;
    case NO_CAPTION: figure->without_caption = true; return GB_EXIT_DONE;
    case ONLY: return take_only(request, arguments->value);
    case FORMAT: return take_formats(request, arguments->value);
    case WIDTH: return take_width(request, arguments->value);
    case WHERE: return gb_conditions_add(&request->where, &gb_command_figures, arguments->value);
    case AGAINST:
        request->against = (struct gb_conditions){1, {arguments->value}};
        return GB_EXIT_DONE;
    case SLOT:
    case TRIAL:
        return gb_arguments_number(arguments, option, 0, INT64_MAX, number) ? GB_EXIT_DONE
                                                                            : GB_EXIT_WRONG_USE;
    default: *texts[option] = arguments->value; return GB_EXIT_DONE;
    }
}

static int run(int argc, char **argv)
{
    struct gb_arguments arguments = {.command = &gb_command_figures,
                                     .options = options,
                                     .operands = GB_OPERANDS_ONE_AT_MOST, /* --list takes none */
                                     .argc = argc,
                                     .argv = argv};
    struct request request = {
        .formats = {"pdf", "svg", "png"}, .trial = -1, .figure = {.slot = GB_SLOT_WITH_MAX_TRADE}};
    int code;

    if (!gb_arguments_read(&arguments, "result", take_option, &request, &request.path, &code))
        return code;
    if (request.is_list)
        return list_figures();
    if (!request.path)
        return gb_message_wrong_use(&gb_command_figures, "figures: which result? (OUT.h5)");
    if (request.says_of_series && !request.beside)
        return gb_message_wrong_use(&gb_command_figures,
                                    "figures: that is said of which series? (--beside FILE)");
    if (!request.folder)
        return gb_message_wrong_use(&gb_command_figures, "figures: where to? (-d DIR)");
    if (!request.only[0] &&
        (request.figure.x || request.figure.y || request.figure.lines || request.figure.panels))
        snprintf(request.only, sizeof request.only, SWEEP_FIGURE);
    else if (!request.only[0] && request.figure.meter)
        snprintf(request.only, sizeof request.only, METER_FIGURE);
    else if (!request.only[0] && request.beside)
        snprintf(request.only, sizeof request.only, MEASURED_FIGURE);
    return figures(&request);
}

const struct gb_command gb_command_figures = {
    "figures",
    "OUT.h5 -d DIR [--only NAMES] [--list] [--format pdf,svg,png] [--x KEY] [--y COLUMNS] "
    "[--lines KEY] [--panels KEY] [--where KEY=VALUE,...] ...",
    "draw the figures that a result can show", run};
