/* What reading and running a sweep share. */
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
};

struct gb_sweep {
    struct gb_scenario *base;
    char *scenario_path;
    struct gb_sweep_options options; /* single values */
    size_t n_keys;
    struct gb_sweep_key *keys; /* in the order of the file */
    struct gb_embedded files;  /* the tables of orders that are varied */
};

/* Number of the value that key `key` has in a cell; the last key runs fastest. */
size_t gb_sweep_value_number(const struct gb_sweep *sweep, size_t key, uint64_t cell);
uint64_t gb_sweep_n_cells(const struct gb_sweep *sweep);
/* "key=value" of every key in a cell; list has capacity for n_keys, each to be freed. */
enum gb_status gb_sweep_settings(const struct gb_sweep *sweep, uint64_t cell, char **list,
                                 struct gb_error *err);

#endif
