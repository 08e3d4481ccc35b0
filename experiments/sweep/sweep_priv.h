/* What reading, counting and running a sweep share: its plan as the file has it, and the cells that
 * come of it. */
#ifndef EXPERIMENTS_SWEEP_SWEEP_PRIV_H
#define EXPERIMENTS_SWEEP_SWEEP_PRIV_H

#include "experiments/sweep/sweep.h"
#include "experiments/sweep/sweep_words.h"

struct gb_sweep_key {
    char *name;   /* "market.beta" */
    bool is_text; /* its values are texts: paths */
    size_t n, capacity;
    char **values;       /* as a scenario would write them */
    size_t line, column; /* in the sweep file */
    size_t axis;         /* keys of one axis, a group of `zip`, move together */
    bool is_zipped;      /* it stands in such a group */
    bool is_averaged;    /* its values are averaged over within a replication */
};

/* A full grid over axes; the last runs fastest. */
struct gb_sweep_grid {
    size_t n_keys, n_axes;
    struct gb_sweep_key *keys; /* in the order of the file, axis by axis */
};

/* A list of settings, "key=value". */
struct gb_sweep_settings {
    size_t n;
    char **list;
    struct gb_setting_place *places; /* in the sweep file */
};

/* A case has settings and a grid of its own, over which the shared grid runs. */
struct gb_sweep_case {
    char *name; /* NULL: the sweep has no cases, and this is all of it */
    size_t line, column;
    struct gb_sweep_settings set;
    struct gb_sweep_grid grid;
};

/* A cell: which of the places of a case it is. */
struct gb_sweep_cell {
    size_t case_number;
    uint64_t place;
};

struct gb_sweep {
    struct gb_scenario *base;
    char *scenario_path;
    struct gb_sweep_options options; /* single values */
    bool has_until;                  /* `until` stands for `replications`, which follow from it */
    bool is_fixed, is_reached;       /* their number; the precision with it */
    size_t n_cases;
    struct gb_sweep_case *cases; /* one at least, once the file is read */
    struct gb_sweep_grid shared;
    struct gb_sweep_settings late; /* what nothing reads in the base, but some cell may: those of
                                      the file, then those of the command line */
    size_t n_late_of_file;
    struct gb_embedded files; /* the tables of orders that are varied */
    /* what comes of it, by gb_sweep_lay_out */
    size_t n_columns;
    const char **columns; /* names: `case`, then keys; borrowed from those above */
    uint64_t n_cells, n_merged;
    struct gb_sweep_settings unread; /* of the file, its cases and the command line: what no cell
                                        that has it reads */
    struct gb_sweep_cell *cells;
    const char **values; /* a row of columns a cell; of keys, of cases or of `pool` */
    struct gb_sweep_settings pool;
    uint64_t *order;    /* of cells, as they are run: those on the same physics together */
    uint64_t n_physics; /* different ones */
};

uint64_t gb_sweep_grid_size(const struct gb_sweep_grid *grid);
void gb_sweep_grid_clear(struct gb_sweep_grid *grid);
void gb_sweep_settings_clear(struct gb_sweep_settings *settings);
/* Adds "key=value", or `key` alone where value is NULL. returns false without memory */
bool gb_sweep_settings_add(struct gb_sweep_settings *settings, const char *key, const char *value);
/* The same of a setting that stands in the sweep file. */
bool gb_sweep_settings_add_at(struct gb_sweep_settings *settings, const char *key,
                              const char *value, struct gb_setting_place place);
/* How many places a case has: its own grid times the shared one. */
uint64_t gb_sweep_case_size(const struct gb_sweep *sweep, const struct gb_sweep_case *of);
/* The key of this name that a case or all cases vary, or NULL; and its value in a place. */
const struct gb_sweep_key *gb_sweep_find_key(const struct gb_sweep *sweep,
                                             const struct gb_sweep_case *of, const char *name);
const char *gb_sweep_value_at(const struct gb_sweep *sweep, const struct gb_sweep_case *of,
                              const struct gb_sweep_key *key, uint64_t place);
/* Puts the cells in the order in which they are run. returns false without memory
 * physics  of each cell: what of it touches physics, as one text */
bool gb_sweep_put_in_order(struct gb_sweep *sweep, const char *const *physics);
struct gb_sweep_watch;
/* The scenario of a place, replication 0; to be freed.
 * watch  notes what of all that it was given nothing reads; or NULL */
enum gb_status gb_sweep_place_scenario(const struct gb_sweep *sweep, struct gb_sweep_cell cell,
                                       struct gb_scenario **out, struct gb_sweep_watch *watch,
                                       struct gb_error *err);

#endif
