/* The cells of a sweep as a grid of up to three factors: along x, a line each, a panel each. A
 * factor is a key that the sweep varied, in which cells differ, or the kinds of households, which
 * each cell has. What the request does not choose is chosen here; what cannot be told apart is
 * refused with what to do about it. */
#ifndef ANALYSIS_FIGURE_GRID_PRIV_H
#define ANALYSIS_FIGURE_GRID_PRIV_H

#include <stdint.h>

#include "analysis/cell_kinds.h"
#include "analysis/compare.h"
#include "analysis/estimand.h"
#include "analysis/figures_priv.h"

#define GB_MAX_CURVES 6 /* colours, dashes and markers of the style */
#define GB_MAX_PANELS 6
#define GB_SHOWN_SIZE 64
#define GB_KINDS_KEY (SIZE_MAX - 1) /* of the factor of kinds */
#define GB_KINDS_NAME "kind"        /* as a request names it */

enum gb_scale {                     /* how the values of a key stand on an axis */
                GB_SCALE_WORDS,     /* side by side, in the order of the sweep */
                GB_SCALE_NUMBERS,   /* as numbers, or as durations in `unit` */
                GB_SCALE_LOGARITHMS /* numbers over more than a decade that spread like that */
};

/* The values that a varied key takes among the cells shown, or the kinds that they have. Without a
 * key: one value, "". */
struct gb_factor {
    size_t key; /* of gb_results_varied_key, or GB_KINDS_KEY; SIZE_MAX: none */
    size_t n;   /* values */
    const char *
        *texts; /* n, borrowed from results or grid; numbers ascending, words as they came */
    char (*shown)[GB_SHOWN_SIZE]; /* n: as they are written, without what the label says of all */
    double *numbers;              /* n: where they stand on the axis; of words 0, 1, 2, ... */
    enum gb_scale scale;
    bool has_units; /* shown, each its own: durations that spread from ms to hours */
    bool has_level; /* texts[n] is one more, "-", which has no place of its own */
    char label[96]; /* "Link delay (ms)" */
    /* Where nothing reads the key: the value that another key has there and nowhere else, and that
     * key; NULL where none tells these cells from all others. */
    const char *unread_name;
    size_t unread_key;
};

struct gb_figure_grid {
    const struct gb_results *results;
    struct gb_cells cells;
    const struct gb_cell **shown; /* borrowed from cells */
    size_t n_shown, most_trials;  /* of any cell of the result */
    struct gb_factor x, lines, panels;
    struct gb_kinds kinds; /* read where lines or panels are kinds */
};

/* How far the axes of a figure extend: which of them may be keys, and over how many values. */
struct gb_axes_extent {
    bool has_x; /* it draws along a key: a result that varies none is refused */
    size_t max_x, max_lines, max_panels;
    bool has_lines, has_panels; /* whether keys may go there unasked */
    bool has_kinds;             /* whether a line or panel may be of a kind, if asked for */
};

/* GB_EREFUSED with the reason where the result has no such grid, GB_EINPUT where what was asked for
 * is not in it. */
enum gb_status gb_grid_find(struct gb_figure_grid *out, const struct gb_figure_request *request,
                            const struct gb_axes_extent *extent, struct gb_error *err);
/* The same of a figure that draws along no key and has one panel: a line a cell, at most max_lines
 * of them; of 1, one cell. */
enum gb_status gb_grid_find_lines(struct gb_figure_grid *out,
                                  const struct gb_figure_request *request, size_t max_lines,
                                  struct gb_error *err);
/* The cells that the request shows alone, without factors. */
enum gb_status gb_grid_choose(struct gb_figure_grid *out, const struct gb_figure_request *request,
                              struct gb_error *err);
void gb_grid_clear(struct gb_figure_grid *grid);
/* GB_EREFUSED with the options that choose one value of each of n keys, and why: `reason`, and the
 * keys behind it. */
enum gb_status gb_grid_refuse_keys(const struct gb_figure_grid *grid, const size_t *keys, size_t n,
                                   const char *reason, struct gb_error *err);
/* GB_EREFUSED of cells that are no complete grid, with the option that chooses the largest one. */
enum gb_status gb_grid_refuse_holes(const struct gb_figure_grid *grid, struct gb_error *err);
/* Whether two keys vary among the cells shown, and the value of each says that of the other. */
bool gb_grid_move_together(const struct gb_figure_grid *grid, size_t a, size_t b);

/* The cell at value i of x, j of lines, p of panels, or NULL: a hole. Where the axis leaves out
 * "-", a cell that does not read the key along it stands at all of its values; where the panels do,
 * in all of them. */
const struct gb_cell *gb_grid_cell(const struct gb_figure_grid *grid, size_t i, size_t j, size_t p);
/* The kind that line j of panel p is of, or NULL: of the community. */
const char *gb_grid_kind(const struct gb_figure_grid *grid, size_t j, size_t p);
/* Whether a request places the kinds of households: "kind", where no key of the sweep has that
 * name.
 */
bool gb_grid_asks_for_kinds(const struct gb_figure_request *request);
/* GB_EREFUSED where it does, of figures that show communities alone. */
enum gb_status gb_grid_refuse_kinds(const struct gb_figure_request *request, struct gb_error *err);
/* Leaves "-" out of the axis along x, where its other values are numbers, and out of the panels,
 * where each line either reads that key or does not. */
void gb_grid_level_unread(struct gb_figure_grid *grid);
/* Whether trials of a cell are missing: by the plan of the sweep, or, where the result knows none,
 * because another cell has more. */
bool gb_grid_lacks_trials(const struct gb_figure_grid *grid, const struct gb_cell *cell);
/* GB_EREFUSED where a replication of the cell is an average of trials, for figures that know trials
 * alone. */
enum gb_status gb_grid_refuse_average(const struct gb_results *results, const struct gb_cell *cell,
                                      struct gb_error *err);
/* Of the cells shown: "6 trials", "4 to 6 trials", of one that lacks some by the plan "4 of 6
 * trials"; "6 replications" where each is a mean of several trials. returns buffer */
#define GB_TRIALS_SIZE 64
char *gb_grid_sample(const struct gb_figure_grid *grid, char buffer[GB_TRIALS_SIZE]);
/* name_1, name_2, ... of the script, of a figure with a curve a cell: what lacks trials has their
 * number in its name. */
void gb_grid_name_lines(const struct gb_figure_grid *grid, FILE *settings);
/* "trial" or "trials", "replication" or "replications" likewise, for n of them. */
const char *gb_grid_sample_unit(const struct gb_cell *cell, uint64_t n);
/* gb_figure_describe_homes, and "; of cells with slot = 15 min" of what the request chose, else
 * nothing. */
void gb_grid_describe(const struct gb_figure_request *request, FILE *out);
/* "slot = 15 min or 30 min, market.beta = 0.1" of the conditions alone. */
void gb_grid_describe_selection(const struct gb_results *results,
                                const struct gb_selection *selection, FILE *out);

/* ---- factors (figure_factor.c) */

/* Gathers the values of varied key `key` (SIZE_MAX: of none) among n cells. returns false without
 * memory */
bool gb_factor_fill(struct gb_factor *factor, const struct gb_results *results,
                    const struct gb_cell *const *cells, size_t n, size_t key);
/* The kinds as words. returns false without memory */
bool gb_factor_fill_kinds(struct gb_factor *factor, const struct gb_kinds *kinds);
/* Takes "-" off an axis whose other values, two at least, are numbers then: the cells that have it
 * are alike at all of them. */
void gb_factor_level_unread(struct gb_factor *factor);
/* Takes "-" off where the factor has another value: the cells that have it are alike at all of
 * them. */
void gb_factor_repeat_unread(struct gb_factor *factor);
void gb_factor_clear(struct gb_factor *factor);
/* Whether a value among them is "-": that of a cell in which nothing reads the key. */
bool gb_factor_has_unread(const struct gb_factor *factor);
/* Names the cells that do not read its key by another key, none of those that are placed in the
 * figure, for these say it already. */
void gb_factor_name_unread(struct gb_factor *factor, const struct gb_results *results,
                           const struct gb_cell *const *cells, size_t n, const size_t placed[3]);
/* "; pay_as_bid: nothing reads market.beta there" of some factors, for a caption; of those whose
 * cells no other key names "; -: a key that nothing reads there". */
void gb_factors_describe_unread(const struct gb_factor *const *factors, size_t n,
                                const struct gb_results *results, FILE *caption);
/* x_low, x_high, x_tics, x_label, is_log_x, are_words of the script: an axis for a panel so wide */
void gb_factor_write_axis(const struct gb_factor *factor, double panel_mm, FILE *settings);
/* What a key is called on an axis: "Validators" of chain.nodes; the key itself where it has no
 * other name. */
void gb_key_label_write(char *label, size_t size, const char *key);

/* ---- key figures (figure_indicator.c) */

/* A key figure: a column of /summary or of /kinds, or one over another as a ratio of sums, or over
 * the length of the run. */
struct gb_indicator {
    struct gb_estimand of;       /* over another column or the time: a column */
    const struct gb_field *over; /* NULL: `of` itself, or */
    bool is_per_second;          /* over the seconds of the run */
    bool is_weighted; /* `of` is over `over` already: above the line stand both, multiplied */
    const struct gb_kinds *kinds; /* borrowed, */
    const char *kind;             /* and the kind that it is of; NULL: of /summary */
    double scale;                 /* from the column's unit to the one shown */
    double least, most;           /* that it can be as shown, by what it is; of none infinite */
    char name[96];                /* "n_late/n_orders" */
    char label[128];              /* "Late orders", without the unit */
    char unit[64];                /* "%"; empty: a plain number */
};

/* Behind "intervals" in the caption of a figure where some go beyond a share's ends. */
#define GB_SHARE_IS_CUT ", drawn as far as a share can go (the data have the rest)"

/* Of a figure of no value of a key figure: its name. */
#define GB_NO_VALUE                                                                                \
    "no cell has a value of %s: there is none, or what it is a share of is too uncertain over so " \
    "few trials to divide by"

/* Reads a name as --y takes it, of /summary or /kinds; of the latter kinds and kind are to be set
 * before it has values. GB_EINPUT with the nearest name where there is none. */
enum gb_status gb_indicator_find(struct gb_indicator *out, enum gb_table table, const char *name,
                                 const struct gb_figure_request *request, struct gb_error *err);
/* The same of the homes that the result is asked about together, where those are not all.
 * homes  {0}; to be cleared in any case, once the indicator is no longer used */
enum gb_status gb_indicator_find_of_homes(struct gb_indicator *out, struct gb_kinds *homes,
                                          const char *name, const struct gb_figure_request *request,
                                          struct gb_error *err);
struct gb_confidence_interval gb_indicator_of(const struct gb_indicator *indicator,
                                              const struct gb_results *results,
                                              const struct gb_cell *cell);
/* Its difference between two cells, paired by replication. */
struct gb_confidence_interval gb_indicator_paired(const struct gb_indicator *indicator,
                                                  const struct gb_results *results,
                                                  const struct gb_cell *cell,
                                                  const struct gb_cell *base);

#endif
