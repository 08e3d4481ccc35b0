/* The figures' data, a function each, and their scripts as text. */
#ifndef ANALYSIS_FIGURES_PRIV_H
#define ANALYSIS_FIGURES_PRIV_H

#include "analysis/figures.h"

typedef enum gb_status gb_figure_writer(const struct gb_figure_request *request, FILE *settings,
                                        FILE *data, struct gb_error *err);
gb_figure_writer gb_figure_users, gb_figure_beta, gb_figure_effect, gb_figure_clearing,
    gb_figure_balance;

/* Made from analysis/figures/NAME.gp when the program is built. */
extern const char gb_figure_script_style[], gb_figure_script_users[], gb_figure_script_beta[],
    gb_figure_script_effect[], gb_figure_script_clearing[], gb_figure_script_balance[];

/* A setting of a script: NAME = 'text', quotes doubled as gnuplot wants them. */
void gb_figure_set_text(FILE *settings, const char *name, const char *text);

/* An axis that begins and ends on a tick. */
struct gb_axis {
    double low, high, step;
    int decimals; /* of its numbers; -1: too large or too fine for plain ones */
    int width;    /* characters of the longest number */
};
/* The axis that holds low to high, low < high, in up to about `max_steps` steps. */
struct gb_axis gb_axis_of(double low, double high, double max_steps);
/* NAME_low, _high, _step, _width and _format of the script. */
void gb_axis_write(const struct gb_axis *axis, const char *name, FILE *settings);

/* A word of the data, in quotes; a quote inside it, which gnuplot cannot read there, becomes a
 * '. */
void gb_figure_put_word(FILE *data, const char *word);

#endif
