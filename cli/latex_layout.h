/* Where the columns of a table for LaTeX go, so that it fits the text of an article: into columns,
 * above the rows that share a key, or into the caption. */
#ifndef CLI_LATEX_LAYOUT_H
#define CLI_LATEX_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

/* Widths in pt. */
#define GB_LATEX_GAP_PT 6.0    /* between columns: twice the \tabcolsep that is set */
#define GB_LATEX_TEXT_PT 345.0 /* of article in one column */

enum gb_latex_place { GB_LATEX_IN_COLUMN, GB_LATEX_ABOVE_ROWS, GB_LATEX_IN_CAPTION };

/* All borrowed; members as in cli/text_table.h. */
struct gb_latex_table {
    const char *alignment, *caption;
    char *const *cells;
    size_t n;      /* cells, row by row; rows are full */
    size_t n_keys; /* its first columns say what a row is of */
    bool is_headless, has_counts;
};

struct gb_latex_layout {
    const struct gb_latex_table *table; /* borrowed */
    size_t n_columns, n_rows;           /* without heads */
    double *widths;                     /* of each column */
    enum gb_latex_place *places;        /* of each column; without a caption all are columns */
};

/* Ends the program where there is no memory. */
void gb_latex_layout_make(struct gb_latex_layout *layout, const struct gb_latex_table *table);
void gb_latex_layout_clear(struct gb_latex_layout *layout);

static inline const char *gb_latex_cell(const struct gb_latex_layout *layout, size_t row,
                                        size_t column)
{
    return layout->table->cells[(row + !layout->table->is_headless) * layout->n_columns + column];
}

static inline const char *gb_latex_head(const struct gb_latex_layout *layout, size_t column)
{
    return layout->table->is_headless ? "" : layout->table->cells[column];
}

/* Heads may go on in a line below, behind a blank or a point. returns the bytes up to there */
size_t gb_latex_piece(const char *head);
/* l or r; words begin at the left, also where keys do. */
char gb_latex_alignment(const struct gb_latex_layout *layout, size_t column);

/* ---- parts: columns that stand beside each other, behind the keys of their rows */

/* The column behind those that fit beside the keys, from `first` on: one at least.
 * width  out: theirs and the keys' */
size_t gb_latex_end_of_part(const struct gb_latex_layout *layout, size_t first, double *width);
size_t gb_latex_n_parts(const struct gb_latex_layout *layout, double *widest);

/* ---- groups: rows that share the keys above them */

bool gb_latex_begins_group(const struct gb_latex_layout *layout, size_t row);
size_t gb_latex_n_groups(const struct gb_latex_layout *layout);
/* Of what stands above a row, in one line. */
double gb_latex_group_width(const struct gb_latex_layout *layout, size_t row);
double gb_latex_widest_group(const struct gb_latex_layout *layout);

#endif
