/* What the files of `compare` share: the request, the rows that a comparison has, and how numbers
 * with their intervals are shown to people. */
#ifndef CLI_COMPARE_PRIV_H
#define CLI_COMPARE_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/cell_kinds.h"
#include "analysis/compare.h"
#include "analysis/home_choice.h"
#include "analysis/results.h"
#include "analysis/selection.h"
#include "analysis/user_groups.h"
#include "base/status.h"
#include "cli/data_rows.h"
#include "cli/stored_cases.h"
#include "cli/stored_market.h"
#include "cli/text_table.h"

#define GB_COMPARE_USERS_SHOWN 20 /* without --all */

enum gb_compare_output { GB_COMPARE_TABLE, GB_COMPARE_CSV, GB_COMPARE_JSON };

struct gb_compare_request {
    const char *path, *ledger;
    enum gb_compare_output output;
    enum gb_table_style style; /* of a table */
    bool all;
    const char *against;             /* NULL: the market with its own grid-only runs */
    const char *columns;             /* NULL: the usual quantities */
    struct gb_conditions where;      /* on the cells shown */
    struct gb_selection shown;       /* the same, once the result is read */
    struct gb_home_choice homes;     /* those asked about, likewise */
    struct gb_kinds of_homes;        /* what they come to, where they are not all */
    size_t n_cells;                  /* of the result, shown or not; likewise */
    uint32_t n_resamples;            /* 0: Student's t */
    char currency[GB_CURRENCY_SIZE]; /* its name in the scenario */
    bool allow_missing;
    bool each_user; /* with `against`: their differences one by one */
};

/* Sides and community: a label and the two fields of the summary. Bills of slots in which a meter
 * was of neither side complete the sum; most runs have none. */
struct gb_compare_side {
    const char *label, *key, *market, *grid_only;
};
enum {
    GB_COMPARE_BUYERS,
    GB_COMPARE_SELLERS,
    GB_COMPARE_NEITHER,
    GB_COMPARE_COMMUNITY,
    GB_COMPARE_N_SIDES
};
extern const struct gb_compare_side gb_compare_sides[GB_COMPARE_N_SIDES];

/* A saving a day says something only of runs that last one: of an hour it would be 24 times an hour
 * that never came again. */
#define GB_COMPARE_PER_DAY "gain_per_user_day"
bool gb_compare_last_a_day(const struct gb_results *results);

#define GB_COMPARE_BUYERS_GAIN "buyers_gain_per_kwh"
#define GB_COMPARE_SELLERS_GAIN "sellers_gain_per_kwh"

/* As gb_cell_interval and gb_cell_compare, which without memory end the program here. */
struct gb_confidence_interval gb_compare_interval(const struct gb_results *results,
                                                  const struct gb_cell *cell, const char *name);
struct gb_comparison gb_compare_fields(const struct gb_results *results, const struct gb_cell *cell,
                                       const char *market, const char *grid_only);

/* As gb_cell_estimate, likewise. */
struct gb_confidence_interval gb_compare_estimate(const struct gb_results *results,
                                                  const struct gb_cell *cell,
                                                  const struct gb_estimand *of);

/* ---- homes that are asked about (cli/compare_homes.c) */

/* Reads what they come to; GB_EINPUT where no cell shown has such homes. Nothing where all homes
 * are asked about. */
enum gb_status gb_compare_read_homes(struct gb_compare_request *request, struct gb_results *results,
                                     const struct gb_cells *cells, struct gb_error *err);
/* Has the cell some of them in any trial? */
bool gb_compare_has_homes(const struct gb_compare_request *request,
                          const struct gb_results *results, const struct gb_cell *cell);
/* Are there as many of them, and some, in every trial of a cell and of another one? Then they can
 * be set beside each other one by one. */
bool gb_compare_homes_are_as_many(const struct gb_compare_request *request,
                                  const struct gb_results *results, const struct gb_cell *cell,
                                  const struct gb_cell *other);
/* Above tables: which homes they are of; nothing where they are of all. */
void gb_compare_explain_homes(const struct gb_compare_request *request);
/* "; homes of kind farm", or "". returns buffer */
char *gb_compare_homes_suffix(const struct gb_compare_request *request,
                              char buffer[GB_HOME_CHOICE_TEXT_SIZE]);
/* The column `homes` of a row for programs, "kind=farm"; none where it is of all. */
void gb_compare_add_homes(struct gb_data_rows *rows, const struct gb_compare_request *request);
/* Their bills and figures in the only cell. */
enum gb_status gb_compare_print_homes(const struct gb_compare_request *request,
                                      const struct gb_results *results, const struct gb_cell *cell,
                                      struct gb_error *err);

/* What --columns, --all or neither asks for (cli/compare_columns.c).
 * estimands  fresh; the caller frees it. GB_EINPUT names a column that there is none of */
enum gb_status gb_compare_columns(struct gb_estimand **estimands, size_t *n,
                                  const struct gb_compare_request *request,
                                  const struct gb_results *results, struct gb_error *err);

/* ---- how they are shown (cli/compare_show.c) */

/* What stands with a table on a page apart from the head, with the homes asked about; nothing but
 * in LaTeX. */
void gb_compare_caption(const struct gb_compare_request *request, struct gb_text_table *table,
                        const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Above tables of cells with the grid: what their intervals are, and what they extend over. */
void gb_compare_explain_intervals(const struct gb_compare_request *request,
                                  const struct gb_results *results, const struct gb_cell *cell);
/* What the numbers of a cell are of: "trial", or "replication" where one is a mean of several. */
const char *gb_compare_sample(const struct gb_cell *cell);
/* What intervals over replications extend over: "It extends over households and behaviour, given
 * this weather and this chain." */
void gb_compare_note_extent(const struct gb_compare_request *request,
                            const struct gb_results *results, const char *subject);

#define GB_COMPARE_UNIT_SIZE 64
/* A unit as shown: "EUR/kWh" for "currency/kWh". returns buffer */
char *gb_compare_unit(const struct gb_compare_request *request, const char *unit,
                      char buffer[GB_COMPARE_UNIT_SIZE]);
/* What stands behind prices: " EUR per kWh", " per kWh" where the scenario names no currency.
 * returns buffer */
char *gb_compare_per_kwh(const struct gb_compare_request *request,
                         char buffer[GB_COMPARE_UNIT_SIZE]);
/* The name of the result, where a line begins, as the style wants it. */
void gb_compare_print_path(const struct gb_compare_request *request);
/* Prints lines beside tables: as they are, as comments where LaTeX would set them, or so that
 * Markdown shows them as they are. */
void gb_compare_note(const struct gb_compare_request *request, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* So many decimals that of a number, or of half an interval, more is shown than 0.0000 or 0.0001:
 * those given, or where it is below two units of the last of them two digits that count. */
int gb_compare_decimals(double number, int decimals);
/* Adds a table's cell: "12.3456", "12.35 ± 0.21 kWh", "12.35 [12.11, 12.62]", "-" where there is no
 * number; behind it, where some trials have no such number, how many do.
 * decimals  at least, for half an interval as above */
void gb_compare_add_interval(struct gb_text_table *table, struct gb_confidence_interval interval,
                             double scale, int decimals, bool with_sign, const char *unit);
/* Four of them: with the market, grid-only, difference, change. */
void gb_compare_add_comparison(struct gb_text_table *table, const struct gb_comparison *comparison);
/* Adds the value of a varied key. */
void gb_compare_add_key(struct gb_text_table *table, const char *value);

/* What stands for a number or value that there is none of, and why there is none: a table's marks.
 */
#define GB_COMPARE_DASH "-"
enum {
    GB_DASH_UNREAD = 1,    /* a key that the cell does not read */
    GB_DASH_NEAR_ZERO = 2, /* a ratio of something to nearly nothing */
    GB_DASH_UNDEFINED = 4, /* in no trial is there such a number */
    GB_DASH_UNTESTED = 8,  /* of differences */
    GB_DASH_FEW = 16,      /* bounds of the bootstrap: too few replications */
    GB_DASH_LOST = 32      /* likewise: too many resamples without a t */
};
/* The mark of bounds that a bootstrap does not give; 0: it does, or was not asked for. */
unsigned gb_compare_dash_of(enum gb_interval_kind kind);
/* Under tables with such marks, what their dashes mean. */
void gb_compare_explain_dashes(const struct gb_compare_request *request, unsigned marks);

/* Heads of a table with a column a quantile of gb_user_quantiles. */
void gb_compare_add_quantile_heads(struct gb_text_table *table, const char *low, const char *high);

/* ---- trials that are not there (cli/compare_missing.c) */

/* ": 1260 trials"; of a sweep that is not finished ": 38 of 1260 trials"; where --where leaves some
 * out ": 60 of the 1260 trials". */
void gb_compare_print_n_trials(const struct gb_compare_request *request,
                               const struct gb_results *results, const struct gb_cells *shown);
/* Of a cell: "20", "20, deterministic", where it lacks some "18 of 20"; of an average
 * replications. */
void gb_compare_add_n_trials(struct gb_text_table *table, const struct gb_results *results,
                             const struct gb_cell *cell);
/* Above the tables: over which keys the sweep averages, where --where does not choose a value. */
void gb_compare_explain_average(const struct gb_compare_request *request,
                                const struct gb_results *results);
/* Above the tables of one shard: which it is, and of how many. */
void gb_compare_explain_part(const struct gb_compare_request *request,
                             const struct gb_results *results);
/* Above the tables: what fixed the number of replications, and whether that was enough. */
void gb_compare_explain_stages(const struct gb_compare_request *request,
                               const struct gb_results *results);
/* Under a table of a sweep that lacks trials: which, and why. */
void gb_compare_explain_missing(const struct gb_compare_request *request,
                                const struct gb_results *results);

/* What sets groups of users apart (cli/compare_groups.c). */
struct gb_compare_grouping {
    enum gb_user_grouping by;
    const char *head, *title; /* of a table */
    const char *who;          /* "users of %s", in rows of data */
};
#define GB_COMPARE_N_GROUPINGS 2
extern const struct gb_compare_grouping gb_compare_groupings[GB_COMPARE_N_GROUPINGS];
/* A row a group. */
void gb_compare_print_groups(const struct gb_compare_request *request,
                             const struct gb_results *results,
                             const struct gb_compare_grouping *grouping,
                             const struct gb_user_group *groups, size_t n);

/* ---- the outputs */

/* All about the only cell (cli/compare_cell.c). */
enum gb_status gb_compare_print_cell(const struct gb_compare_request *request,
                                     struct gb_results *results, const struct gb_cells *cells,
                                     struct gb_error *err);
/* One row a cell (cli/compare_sweep.c). */
enum gb_status gb_compare_print_sweep(const struct gb_compare_request *request,
                                      const struct gb_results *results,
                                      const struct gb_cells *cells, struct gb_error *err);
/* One row a cell and quantity, numbers with all their digits (cli/compare_data.c). */
enum gb_status gb_compare_print_data(const struct gb_compare_request *request,
                                     struct gb_results *results, const struct gb_cells *cells,
                                     enum gb_data_format format, struct gb_error *err);

/* Every cell against the reference of --against (cli/compare_against.c). */
enum gb_status gb_compare_print_against(const struct gb_compare_request *request,
                                        struct gb_results *results, const struct gb_cells *cells,
                                        struct gb_error *err);

#endif
