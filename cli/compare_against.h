/* `compare --against`: what its files share. */
#ifndef CLI_COMPARE_AGAINST_H
#define CLI_COMPARE_AGAINST_H

#include "analysis/selection.h"
#include "analysis/versus.h"
#include "analysis/versus_groups.h"
#include "analysis/versus_users.h"
#include "cli/compare_priv.h"
#include "cli/quantity.h"

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
    size_t *leaders; /* of each key, of main effects: gb_versus_find_leaders */
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
/* Likewise; "few" or "lost" where a bootstrap gives no bounds. */
const char *gb_against_row_state(const struct gb_versus_row *row);

/* ---- what stands in tables (cli/compare_against_cells.c) */

void gb_against_add_p(struct gb_text_table *table, double p);
void gb_against_add_difference(struct gb_text_table *table, const struct gb_contrast *difference,
                               struct gb_confidence_interval interval,
                               const struct gb_quantity *quantity);
/* Which cell a row is of: a column a key, or in the plain style, where keys would take the line
 * from what they tell, one that names it by all its values. */
bool gb_against_names_cells(const struct gb_against *against);
void gb_against_add_keys(struct gb_text_table *table, const struct gb_against *against); /* heads */
void gb_against_add_cell(struct gb_text_table *table, const struct gb_against *against,
                         size_t cell);
/* A row of 8 cells behind the keys, and its heads. */
void gb_against_add_heads(struct gb_text_table *table, const struct gb_against *against);
void gb_against_add_row(struct gb_text_table *table, const struct gb_against *against,
                        const struct gb_versus_row *row, const struct gb_quantity *quantity);
/* Prints what stands above a table, or makes it its caption. */
void gb_against_add_title(const struct gb_against *against, struct gb_text_table *table,
                          const char *what, const struct gb_quantity *quantity);
/* A table of cells, to the right of their keys so many columns. Its alignment is to be freed. */
struct gb_text_table gb_against_open_table(const struct gb_against *against, size_t n_columns,
                                           char **alignment);

/* Adds the key of a main effect and those that vary together with it, joined by "; "; the values of
 * them all in a cell. */
void gb_against_add_effect_keys(struct gb_text_table *table, const struct gb_against *against,
                                const struct gb_main_effect *effect);
void gb_against_add_effect_values(struct gb_text_table *table, const struct gb_against *against,
                                  const struct gb_main_effect *effect, size_t cell);

/* ---- how much is shown (cli/compare_against_bound.c) */

#define GB_AGAINST_LINES_OF_TABLE 60 /* for people, without --all */
#define GB_AGAINST_LINES_IN_ALL 200  /* of the tables of quantities, where --columns names none */

/* Whether there is a bound: in the plain style, without --all. */
bool gb_against_is_bounded(const struct gb_against *against);
/* A difference beside its standard error, without sign; -1 where there is none. */
double gb_against_size(const struct gb_contrast *difference);
/* Leaves rows out of a table that is too long, whatever it is printed to, those of least size.
 * sizes    of its n rows behind the heads, as gb_against_size
 * returns  how many are left out */
size_t gb_against_bound(const struct gb_against *against, struct gb_text_table *table, int indent,
                        const double *sizes, size_t n);
/* Under a table: how many rows of n are left out, and how to get them. */
void gb_against_note_left_out(const struct gb_against *against, size_t n_left, size_t n);

/* ---- the tables; each returns the marks of what it printed */

/* A quantity: its cells, then its main effects (cli/compare_against_family.c). */
unsigned gb_against_print_family(const struct gb_against *against,
                                 const struct gb_against_family *family);
/* Lines that this takes. */
size_t gb_against_family_n_lines(const struct gb_against *against,
                                 const struct gb_against_family *family);
/* Does the quantity differ anywhere? */
bool gb_against_differs(const struct gb_against *against, const struct gb_against_family *family);
/* All quantities that are shown: where their tables are too long together, a line a cell first, and
 * then tables as far as there is room (cli/compare_against_summary.c). */
unsigned gb_against_print_families(const struct gb_against *against);
/* Groups of users, and users (cli/compare_against_people.c). */
unsigned gb_against_print_people(const struct gb_against *against);

/* Tables for people, on a terminal or a page (cli/compare_against_show.c). */
void gb_against_print(const struct gb_against *against);
/* The same rows for programs (cli/compare_against_data.c). */
void gb_against_print_data(const struct gb_against *against, enum gb_data_format format);

#endif
