/* `compare --against`: what its files share. */
#ifndef CLI_COMPARE_AGAINST_H
#define CLI_COMPARE_AGAINST_H

#include "analysis/selection.h"
#include "analysis/versus.h"
#include "analysis/versus_groups.h"
#include "analysis/versus_users.h"
#include "cli/compare_priv.h"

/* A quantity over all cells compared. */
struct gb_against_family {
    struct gb_estimand estimand;
    struct gb_versus_row *rows; /* gb_versus_n_compared of them */
    size_t size;                /* tests made */
    struct gb_main_effect *effects;
    size_t n_effects, effects_size; /* effects_size: tests made of them */
};

struct gb_against {
    const struct gb_compare_request *request;
    struct gb_results *results;
    const struct gb_cells *cells;
    struct gb_selection reference;
    struct gb_versus *versus;
    enum gb_grid grid;
    struct gb_against_family *families;
    size_t n_families;
    /* Of each of gb_compare_groupings, unless --columns names others or users are of one group. */
    struct gb_against_groups {
        struct gb_versus_group *list;
        size_t n, size; /* size: tests made */
    } groups[GB_COMPARE_N_GROUPINGS];
    bool has_other_numbers;     /* of users: some cell, so that `users` is NULL */
    struct gb_users_row *users; /* gb_versus_n_compared of them; NULL: it has no users, or --columns
                                 * names others */
    /* of --users, a list a row of users; else NULL */
    struct gb_user_difference **each_user;
    size_t *n_each;
};

/* Whether --where shows a cell. */
bool gb_against_shows(const struct gb_against *against, size_t cell);
/* "estimated", "equal", "deterministic", "near zero", "single", "missing" or "none". */
const char *gb_against_state(const struct gb_contrast *difference, bool is_withheld);

/* Tables for people, on a terminal or a page (cli/compare_against_show.c). */
void gb_against_print(const struct gb_against *against);
/* The same rows for programs (cli/compare_against_data.c). */
void gb_against_print_data(const struct gb_against *against, enum gb_data_format format);

#endif
