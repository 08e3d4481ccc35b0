#include "cli/latex_table.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "cli/latex_text.h"

#define COLUMN_PT 229.0     /* of article in two columns */
#define LINES_OF_A_FLOAT 44 /* that a page has room for below a caption of three lines */
#define FLOATS_OF_A_TABLE 4 /* beyond, they are put on pages behind it, and in between */
#define FLOATS_AT_ONCE 16
#define QUANTITIES_AT_ONCE 6 /* of two tables, each of no more than FLOATS_OF_A_TABLE */
#define LINES_OF_A_PART 3    /* rules, heads and the gap above */

/* Before a text behind the end of a line or a rule, which take such a beginning for their own. */
static void part_from_above(const char *text, FILE *out)
{
    fputs(*text == '[' || *text == '*' ? "{}" : "", out);
}

/* As many pieces a line as the column has room for. */
static void print_head(const char *head, char alignment, double width, FILE *out)
{
    size_t used = 0, n;

    if (gb_latex_width(head, strlen(head)) <= width) {
        gb_latex_print(head, out);
        return;
    }
    fprintf(out, "\\shortstack[%c]{", alignment);
    for (const char *line = head; *line; line += used + (line[used] == ' ')) {
        used = gb_latex_piece(line);
        for (const char *next = line + used; *next; next = line + used) {
            n = (*next == ' ') + gb_latex_piece(next + (*next == ' '));
            if (gb_latex_width(line, used + n) > width)
                break;
            used += n;
        }
        fputs(line == head ? "" : "\\\\", out);
        part_from_above(line, out);
        gb_latex_print_part(line, used, out);
    }
    fputc('}', out);
}

static void print_caption(const struct gb_latex_layout *layout, size_t number, size_t n_floats,
                          FILE *out)
{
    const char *text = layout->table->caption;
    const char *before = "; ";

    fputs("\\caption{", out);
    fputc(toupper((unsigned char)text[0]), out);
    gb_latex_print_breakable(text + 1, out);
    for (size_t c = 0; c < layout->n_columns; c++) {
        if (layout->places[c] != GB_LATEX_IN_CAPTION)
            continue;
        bool is_count = c == layout->table->n_keys;

        fputs(before, out);
        gb_latex_print_breakable(is_count ? gb_latex_cell(layout, 0, c) : gb_latex_head(layout, c),
                                 out);
        fputs(is_count ? " " : " = ", out);
        gb_latex_print_breakable(is_count ? gb_latex_head(layout, c) : gb_latex_cell(layout, 0, c),
                                 out);
        before = ", ";
    }
    if (n_floats > 1)
        fprintf(out, " (%zu of %zu)", number, n_floats);
    fputs("}\n", out);
}

static bool is_in_part(const struct gb_latex_layout *layout, size_t column, size_t first,
                       size_t end)
{
    bool is_asked = column < layout->table->n_keys || (column >= first && column < end);

    return is_asked && layout->places[column] == GB_LATEX_IN_COLUMN;
}

static void print_group(const struct gb_latex_layout *layout, size_t row, size_t n_shown,
                        bool is_first, FILE *out)
{
    bool is_wide =
        gb_latex_group_width(layout, row) > GB_LATEX_TEXT_PT; /* then it has a line a key */
    const char *before = "";

    fprintf(out, "%s\\multicolumn{%zu}{@{}l}{", is_first ? "" : "\\addlinespace\n", n_shown);
    for (size_t c = 0; c < layout->table->n_keys; c++) {
        if (layout->places[c] != GB_LATEX_ABOVE_ROWS)
            continue;
        if (before[0] && is_wide)
            fprintf(out, ",} \\\\\n\\multicolumn{%zu}{@{}l}{", n_shown);
        else
            fputs(before, out);
        gb_latex_print(gb_latex_head(layout, c), out);
        fputs(" = ", out);
        gb_latex_print(gb_latex_cell(layout, row, c), out);
        before = ", ";
    }
    fputs("} \\\\\n", out);
}

static void print_row(const struct gb_latex_layout *layout, size_t row, size_t first, size_t end,
                      FILE *out)
{
    const char *before = "";

    for (size_t c = 0; c < layout->n_columns; c++)
        if (is_in_part(layout, c, first, end)) {
            fputs(before, out);
            part_from_above(before[0] ? "" : gb_latex_cell(layout, row, c), out);
            gb_latex_print(gb_latex_cell(layout, row, c), out);
            before = " & ";
        }
    fputs(" \\\\\n", out);
}

static void print_heads(const struct gb_latex_layout *layout, size_t first, size_t end, FILE *out)
{
    const char *before = "";

    for (size_t c = 0; c < layout->n_columns; c++)
        if (is_in_part(layout, c, first, end)) {
            fputs(before, out);
            part_from_above(before[0] ? "" : gb_latex_head(layout, c), out);
            print_head(gb_latex_head(layout, c), gb_latex_alignment(layout, c), layout->widths[c],
                       out);
            before = " & ";
        }
    fputs(" \\\\\n\\midrule\n", out);
}

/* Columns [first, end) behind the keys, of rows [from, to). */
static void print_tabular(const struct gb_latex_layout *layout, size_t first, size_t end,
                          size_t from, size_t to, FILE *out)
{
    size_t n_shown = 0;

    fputs("\\begin{tabular}{@{}", out);
    for (size_t c = 0; c < layout->n_columns; c++)
        if (is_in_part(layout, c, first, end)) {
            fputc(gb_latex_alignment(layout, c), out);
            n_shown++;
        }
    fputs("@{}}\n\\toprule\n", out);
    if (!layout->table->is_headless)
        print_heads(layout, first, end, out);
    for (size_t row = from; row < to; row++) {
        if ((row == from && gb_latex_n_groups(layout) > 0) || gb_latex_begins_group(layout, row))
            print_group(layout, row, n_shown, row == from, out);
        print_row(layout, row, first, end, out);
    }
    fputs("\\bottomrule\n\\end{tabular}\n", out);
}

/* With the gap above. */
static size_t n_lines_of_group(const struct gb_latex_layout *layout, size_t row)
{
    size_t n = 0;

    if (gb_latex_group_width(layout, row) <= GB_LATEX_TEXT_PT)
        return gb_latex_n_groups(layout) > 0 ? 2 : 0;
    for (size_t c = 0; c < layout->table->n_keys; c++)
        n += layout->places[c] == GB_LATEX_ABOVE_ROWS;
    return n + 1;
}

/* The row behind those from `from` on that so many lines have room for. */
static size_t end_of_rows(const struct gb_latex_layout *layout, size_t from, size_t n_lines)
{
    size_t used = 0, row = from;

    for (; row < layout->n_rows; row++) {
        size_t n = 1;

        if (row == from || gb_latex_begins_group(layout, row))
            n += n_lines_of_group(layout, row);
        if (row > from && used + n > n_lines)
            break;
        used += n;
    }
    return row;
}

/* A float with parts [first, behind) of rows [from, to). */
static void print_float(const struct gb_latex_layout *layout, size_t first, size_t behind,
                        size_t from, size_t to, const char *environment, FILE *out)
{
    double width;

    for (size_t c = first, end; c < behind; c = end) {
        end = gb_latex_end_of_part(layout, c, &width);
        fputs(c > first ? "\n\\medskip\n" : "", out);
        print_tabular(layout, c, end, from, to, out);
    }
    fprintf(out, "\\end{%s}\n", environment);
}

/* Prints all of them, or, with out NULL, counts.
 * n_floats  of the count before */
static size_t go_through(const struct gb_latex_layout *layout, size_t n_floats, FILE *out)
{
    double widest, width;
    size_t n_parts = gb_latex_n_parts(layout, &widest), number = 0, behind, end;
    assert(n_parts > 0); /* no table has keys alone */
    size_t together = LINES_OF_A_FLOAT / n_parts - LINES_OF_A_PART;
    bool are_together = LINES_OF_A_FLOAT > n_parts * (LINES_OF_A_PART + 1) &&
                        end_of_rows(layout, 0, together) == layout->n_rows;
    bool is_narrow = widest <= COLUMN_PT && gb_latex_widest_group(layout) <= COLUMN_PT;
    const char *environment = is_narrow ? "table" : "table*";

    for (size_t first = layout->table->n_keys; first < layout->n_columns; first = behind) {
        behind = are_together ? layout->n_columns : gb_latex_end_of_part(layout, first, &width);
        for (size_t from = 0; from < layout->n_rows; from = end) {
            end = are_together ? layout->n_rows
                               : end_of_rows(layout, from, LINES_OF_A_FLOAT - LINES_OF_A_PART);
            if (!out) {
                number++;
                continue;
            }
            if (number > 0 && number % FLOATS_AT_ONCE == 0)
                fputs("\\clearpage\n", out);
            number++;
            fprintf(
                out,
                "\\begin{%s}\n\\centering\\footnotesize\\sloppy\\setlength{\\tabcolsep}{%gpt}\n",
                environment, GB_LATEX_GAP_PT / 2);
            print_caption(layout, number, n_floats, out);
            print_float(layout, first, behind, from, end, environment, out);
        }
    }
    if (out && number > FLOATS_OF_A_TABLE)
        fputs("\\clearpage\n", out);
    return number;
}

void gb_latex_table_flush(size_t n, FILE *out)
{
    if (n > 0 && n % QUANTITIES_AT_ONCE == 0)
        fputs("\\clearpage\n", out);
}

void gb_latex_table_print(const struct gb_latex_table *table, FILE *out)
{
    struct gb_latex_layout layout;

    gb_latex_layout_make(&layout, table);
    if (layout.n_rows > 0 && table->caption[0])
        go_through(&layout, go_through(&layout, 0, NULL), out);
    else if (layout.n_rows > 0)
        print_tabular(&layout, table->n_keys, layout.n_columns, 0, layout.n_rows, out);
    gb_latex_layout_clear(&layout);
}
