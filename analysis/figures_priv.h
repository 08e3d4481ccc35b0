/* The figures' data, a function each, and their scripts as text. */
#ifndef ANALYSIS_FIGURES_PRIV_H
#define ANALYSIS_FIGURES_PRIV_H

#include "analysis/figures.h"

/* What a figure's function prints to. */
struct gb_figure_page {
    FILE *settings, *data, *caption; /* caption: plain text of one paragraph */
    double width_mm;                 /* 0 until gb_page_set_width */
    bool shows_intervals;            /* over replications: the caption ends with what they are of */
};

typedef enum gb_status gb_figure_writer(const struct gb_figure_request *request,
                                        struct gb_figure_page *page, struct gb_error *err);
gb_figure_writer gb_figure_users, gb_figure_curves, gb_figure_effect, gb_figure_late,
    gb_figure_chain, gb_figure_main_effects, gb_figure_map, gb_figure_causes, gb_figure_gains,
    gb_figure_lorenz, gb_figure_clearing, gb_figure_balance, gb_figure_duration, gb_figure_kinds,
    gb_figure_storage, gb_figure_trades, gb_figure_convergence, gb_figure_latency, gb_figure_quotes,
    gb_figure_concessions, gb_figure_depth, gb_figure_meter, gb_figure_measured;

/* Made from analysis/figures/NAME.gp when the program is built. */
extern const char gb_figure_script_style[], gb_figure_script_users[], gb_figure_script_curves[],
    gb_figure_script_main_effects[], gb_figure_script_map[], gb_figure_script_causes[],
    gb_figure_script_gains[], gb_figure_script_lorenz[], gb_figure_script_clearing[],
    gb_figure_script_balance[], gb_figure_script_storage[], gb_figure_script_trades[],
    gb_figure_script_convergence[], gb_figure_script_latency[], gb_figure_script_quotes[],
    gb_figure_script_concessions[], gb_figure_script_duration[], gb_figure_script_kinds[],
    gb_figure_script_meter[], gb_figure_script_measured[];

#define GB_FIGURE_PATH_SIZE 4096
/* folder/name.suffix; false where the path is too long to be one. */
bool gb_figure_path(char path[GB_FIGURE_PATH_SIZE], const char *folder, const char *name,
                    const char *suffix);

/* ---- the page (figure_page.c) */

#define GB_COLUMN_MM 86.0 /* one column of a journal's page, and two */
#define GB_PAGE_MM 176.0

/* width_mm of the script: what was asked for, else the figure's own. returns it */
double gb_page_set_width(struct gb_figure_page *page, const struct gb_figure_request *request,
                         double own_mm);
static inline bool gb_page_is_narrow(const struct gb_figure_page *page)
{
    return page->width_mm < 120.0;
}
/* n_notes and note_1, note_2, ... of the script: the caption in lines that fit the page. */
void gb_page_set_notes(const struct gb_figure_page *page, const char *caption);

/* A setting of a script: NAME = 'text', quotes doubled as gnuplot wants them. */
void gb_figure_set_text(FILE *settings, const char *name, const char *text);
/* returns how wide a text is, in letters of the usual 8 pt */
double gb_figure_text_mm(const char *text);
/* Between names beside each other, and what a name takes that stands upright. */
#define GB_NAME_GAP_MM 1.0
#define GB_NAME_LINE_MM 3.2
/* The same of NAME_number. */
void gb_figure_set_nth(FILE *settings, const char *name, size_t number, const char *text);
/* NAME_number in lines of up to `capacity` characters. returns how many */
size_t gb_figure_set_lines(FILE *settings, const char *name, size_t number, const char *text,
                           size_t capacity);
/* A word of the data, in quotes; a quote inside it, which gnuplot cannot read there, becomes a
 * '. */
void gb_figure_put_word(FILE *data, const char *word);

/* "; homes of kind farm" where the result is asked about some homes, else nothing. */
void gb_figure_describe_homes(const struct gb_figure_request *request, FILE *out);

/* ---- axes (figure_axis.c) */

/* An axis that begins and ends on a tick. */
struct gb_axis {
    double low, high, step;
    int decimals; /* of its numbers; -1: too large or too fine for plain ones */
    int width;    /* characters of the longest number */
};
/* The axis that holds low to high, low < high, in up to about `max_steps` steps. */
struct gb_axis gb_axis_of(double low, double high, double max_steps);
/* That of estimates and their intervals: a flat line has room around it, and 0 is on the axis where
 * it is no farther from them than they are from each other. */
struct gb_axis gb_axis_of_estimates(double low, double high);
/* NAME_low, _high, _step, _width and _format of the script. */
void gb_axis_write(const struct gb_axis *axis, const char *name, FILE *settings);

/* ---- time (figure_time.c) */

/* What of a trial's slots is shown, and when that was. */
struct gb_time_window {
    int64_t from_ns, to_ns; /* since the start of the run */
    struct gb_calendar calendar;
};
/* GB_EREFUSED where nothing of the trial lies in what was asked for. */
enum gb_status gb_time_window_of(struct gb_time_window *out,
                                 const struct gb_figure_request *request, struct gb_error *err);
/* x_low, x_high, x_tics and x_label of the script, x in hours since the start of the run: clock
 * times and dates. */
void gb_time_axis_write(const struct gb_time_window *window, const struct gb_figure_page *page);
/* "1 June 2023", "1 to 7 June 2023", "1 June 2023, 06:00 to 18:00". returns buffer */
char *gb_time_window_format(const struct gb_time_window *window, char *buffer, size_t size);
static inline double gb_hours(int64_t ns)
{
    return (double)ns / 3.6e12;
}

#endif
