/* Tables: cells as text, the first row their heads, if any. On the terminal columns are as wide as
 * their widest cell (in characters, not bytes), the first columns to the left, numbers to the
 * right; the same table may be written for a page: Markdown, or LaTeX (cli/latex_table.h). */
#ifndef CLI_TEXT_TABLE_H
#define CLI_TEXT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define GB_CAPTION_SIZE 320

enum gb_table_style { GB_TABLE_PLAIN, GB_TABLE_MARKDOWN, GB_TABLE_LATEX };

struct gb_text_table {
    const char *alignment; /* one letter a column, 'l' or 'r'; borrowed */
    enum gb_table_style style;
    size_t n_repeated; /* a table wider than the terminal goes on below, behind so many of its first
                          columns, its keys; 0: it stays in one piece */
    bool is_headless;  /* its first row is one as all others */
    bool has_counts;   /* behind those stands how many trials there are */
    char caption[GB_CAPTION_SIZE]; /* in LaTeX it stands in a float, under this; "": it does not */
    unsigned marks;     /* of what a note below has to explain: bits that whoever adds cells sets */
    size_t n, capacity; /* cells so far, row by row */
    char **cells;
};

/* Initialise as {.alignment = "lrr"}, rows full where columns are repeated. Cells fill row after
 * row; a cell that finds no memory is empty. */
void gb_text_table_add(struct gb_text_table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Lines that it would take in the plain style, and in how many parts, one below the other. */
size_t gb_text_table_n_lines(const struct gb_text_table *table, int indent, size_t *n_parts);
/* Empties the table; its marks stay. */
void gb_text_table_clear(struct gb_text_table *table);
/* Leaves out rows, which are full: those behind the heads that `keep` says false of, by number. */
void gb_text_table_keep(struct gb_text_table *table, const bool *keep);
/* Prints the rows, each behind `indent` blanks where the style is plain, and empties the table; in
 * Markdown an empty line ends it, or text below would be one more row. */
void gb_text_table_print(struct gb_text_table *table, int indent, FILE *out);
/* Prints a text so that a page of Markdown shows it as it stands: marks of emphasis, code, links
 * and tables are escaped. */
void gb_markdown_print(const char *text, FILE *out);

#endif
