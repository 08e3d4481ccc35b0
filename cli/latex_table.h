/* Tables for pages set by LaTeX, with the package booktabs: floats that fit the text of an article
 * in one column, 345 pt, and a column of one in two, 229 pt, where they are as narrow. */
#ifndef CLI_LATEX_TABLE_H
#define CLI_LATEX_TABLE_H

#include <stddef.h>
#include <stdio.h>

#include "cli/latex_layout.h"

/* Writes a table. In a float, under its caption:
 *   - of its keys, and of its trials, what all rows have in common stands in the caption;
 *   - in a table that is too wide, keys stand above the rows that share them, and columns for which
 *     there is no room follow below, behind the keys of their rows;
 *   - a table longer than a page goes on in the next float: "(2 of 3)".
 * One without a caption is a tabular alone, in one piece. */
void gb_latex_table_print(const struct gb_latex_table *table, FILE *out);
/* Between quantities of one or two tables, of which there were n: LaTeX holds 52 floats without
 * text between them, so that some are put on pages before the next. */
void gb_latex_table_flush(size_t n, FILE *out);

#endif
