/* Figures of a result, each from one gnuplot script and the data beside it.
 *
 * A figure is a row in one array: its name, a description, its script (a .gp file under
 * analysis/figures, part of the program) and the function that writes its data. A folder of figures
 * stands for itself: the scripts and data in it draw the pictures again, without this program. */
#ifndef ANALYSIS_FIGURES_H
#define ANALYSIS_FIGURES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "analysis/loads.h"
#include "analysis/results.h"
#include "analysis/selection.h"
#include "base/status.h"

#define GB_SLOT_WITH_MAX_TRADE INT64_MIN
#define GB_FIGURE_MIN_WIDTH_MM 60.0
#define GB_FIGURE_MAX_WIDTH_MM 300.0

struct gb_figure_request {
    struct gb_results *results;
    uint64_t trial;           /* of figures that show one trial */
    int64_t slot;             /* of figures that show one slot, or GB_SLOT_WITH_MAX_TRADE */
    bool has_books_by_source; /* whether its market cleared a book a source */
    bool is_continuous;       /* and traded as orders came */
    int64_t open_ns, gate_ns; /* before a slot: opening and gate of its market */
    int64_t at_ns;            /* of figures that show a moment; GB_NO_TIME: half of that time */
    const char *currency;     /* its name on the axes: "yuan" */
    /* of figures that show a sweep */
    const char *x, *lines, *panels; /* varied keys, or NULL: chosen */
    const char *y;                  /* key figures, by commas, or NULL: the figure's own */
    struct gb_selection where;      /* cells that are shown; its items are borrowed */
    struct gb_selection against; /* those that differences are taken from; without conditions: the
                                  * cells at the first value of x */
    /* of figures over time: what of the run is shown, ns since its start; to_ns 0: all of it */
    int64_t from_ns, to_ns;
    bool has_window;                 /* whether that was asked for; else a figure may show less */
    const char *meter;               /* of the figure of one: its name or number, or NULL: chosen */
    const struct gb_loads *measured; /* of the figure that has them beside those of the run, or */
    const char *measured_name;       /* NULL; what they are called */
    /* of every figure */
    double width_mm;      /* 0: the figure's own */
    bool without_caption; /* the picture has none; the text file beside it always has */
};

struct gb_figure_page; /* what a figure prints to; its own matter */

struct gb_figure {
    const char *name, *summary;
    const char *script; /* text of its .gp file */
    enum gb_status (*write)(const struct gb_figure_request *request, struct gb_figure_page *page,
                            struct gb_error *err);
    bool is_of_homes; /* it may show some of them (analysis/home_choice.h), not the whole market
                         alone */
    double least_mm;  /* the width below which its texts stand on each other; 0: none of its own */
};

extern const struct gb_figure gb_figures[];               /* ends with a row without name */
extern const char *const gb_figure_formats[];             /* "pdf", "svg", "png", NULL */
const struct gb_figure *gb_figure_find(const char *name); /* or NULL */

/* Whether it may show the homes that the result is asked about: others than all only some can. */
bool gb_figure_may_show(const struct gb_figure *figure, const struct gb_figure_request *request);

/* Writes NAME.gp, NAME.dat, NAME.txt (the caption) and style.gp into the folder, which must exist.
 * A file that holds the same already is left as it is. GB_EREFUSED with the reason where the result
 * cannot show the figure. */
enum gb_status gb_figure_write(const struct gb_figure *figure,
                               const struct gb_figure_request *request, const char *folder,
                               struct gb_error *err);
/* Whether gnuplot can be found. */
bool gb_figure_has_gnuplot(void);
/* Draws NAME.FORMAT from the written script: under a temporary name, renamed when gnuplot was
 * content and the picture is whole. A whole picture that is newer than what it is drawn from stays.
 * GB_EFILE with gnuplot's own words or the disk's otherwise. */
enum gb_status gb_figure_draw(const struct gb_figure *figure, const char *folder,
                              const char *format, struct gb_error *err);
/* What a person types into sh to draw it: gnuplot -d -e "..." "DIR/users.gp". returns buffer */
char *gb_figure_command(const struct gb_figure *figure, const char *folder, const char *format,
                        char *buffer, size_t size);

#endif
