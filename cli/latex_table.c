#include "cli/latex_table.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli/latex_text.h"
#include "cli/message.h"

/* Widths in pt. */
#define GAP_PT 6.0          /* between columns: twice the \tabcolsep that is set */
#define COLUMN_PT 229.0     /* of article in two columns */
#define TEXT_PT 345.0       /* of article in one */
#define LINES_OF_A_FLOAT 44 /* that a page has room for below a caption of three lines */
#define FLOATS_OF_A_TABLE 4 /* beyond, they are put on pages behind it, and in between */
#define FLOATS_AT_ONCE 16
#define QUANTITIES_AT_ONCE 6 /* of two tables, each of no more than FLOATS_OF_A_TABLE */
#define ROWS_OF_A_GROUP 3    /* at least, on the mean, of those that make a table narrower */
#define LINES_OF_A_PART 3    /* rules, heads and the gap above */

/* ---- heads */

/* Heads may go on in a line below, behind a blank or a point. returns the bytes up to there */
static size_t piece_of(const char *head)
{
    size_t n = strcspn(head, " .");

    return head[n] == '.' && head[n + 1] ? n + 1 : head[n] == ' ' ? n : strlen(head);
}

static double longest_piece(const char *head)
{
    double longest = 0.0, width;

    for (size_t n; *head; head += n + (head[n] == ' ')) {
        n = piece_of(head);
        width = gb_latex_width(head, n);
        longest = width > longest ? width : longest;
    }
    return longest;
}

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
        used = piece_of(line);
        for (const char *next = line + used; *next; next = line + used) {
            n = (*next == ' ') + piece_of(next + (*next == ' '));
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

/* ---- where columns go */

enum place { IN_COLUMN, ABOVE_ROWS, IN_CAPTION };

struct layout {
    const struct gb_latex_table *table;
    size_t n_columns, n_rows; /* without heads */
    double *widths;           /* of each column */
    enum place *places;
};

static const char *cell_of(const struct layout *layout, size_t row, size_t column)
{
    return layout->table->cells[(row + !layout->table->is_headless) * layout->n_columns + column];
}

static const char *head_of(const struct layout *layout, size_t column)
{
    return layout->table->is_headless ? "" : layout->table->cells[column];
}

static void measure(struct layout *layout)
{
    for (size_t c = 0; c < layout->n_columns; c++) {
        double widest = longest_piece(head_of(layout, c));

        for (size_t row = 0; row < layout->n_rows; row++) {
            const char *cell = cell_of(layout, row, c);
            double width = gb_latex_width(cell, strlen(cell));

            widest = width > widest ? width : widest;
        }
        layout->widths[c] = widest;
    }
}

/* Words begin at the left, also where keys do. */
static char alignment_of(const struct layout *layout, size_t column)
{
    for (size_t row = 0; column < layout->table->n_keys && row < layout->n_rows; row++)
        if (isalpha((unsigned char)cell_of(layout, row, column)[0]))
            return 'l';
    return layout->table->alignment[column];
}

static void place_constants(struct layout *layout)
{
    size_t n = layout->table->n_keys + layout->table->has_counts;

    for (size_t c = 0; layout->n_rows > 1 && c < n; c++) {
        bool is_constant = true;

        for (size_t row = 1; is_constant && row < layout->n_rows; row++)
            is_constant = strcmp(cell_of(layout, row, c), cell_of(layout, 0, c)) == 0;
        if (is_constant)
            layout->places[c] = IN_CAPTION;
    }
}

/* The column behind those that fit beside the keys, from `first` on: one at least. */
static size_t end_of_part(const struct layout *layout, size_t first, double *width)
{
    size_t end = first;

    *width = -GAP_PT;
    for (size_t c = 0; c < layout->table->n_keys; c++)
        if (layout->places[c] == IN_COLUMN)
            *width += layout->widths[c] + GAP_PT;
    for (bool has_any = false; end < layout->n_columns; end++) {
        if (layout->places[end] != IN_COLUMN)
            continue;
        if (has_any && *width + layout->widths[end] + GAP_PT > TEXT_PT)
            break;
        *width += layout->widths[end] + GAP_PT;
        has_any = true;
    }
    return end;
}

static size_t n_parts_of(const struct layout *layout, double *widest)
{
    double width;
    size_t n = 0;

    *widest = 0.0;
    for (size_t c = layout->table->n_keys; c < layout->n_columns; n++) {
        c = end_of_part(layout, c, &width);
        *widest = width > *widest ? width : *widest;
    }
    return n;
}

static bool begins_group(const struct layout *layout, size_t row)
{
    for (size_t c = 0; c < layout->table->n_keys; c++)
        if (layout->places[c] == ABOVE_ROWS &&
            (row == 0 || strcmp(cell_of(layout, row, c), cell_of(layout, row - 1, c)) != 0))
            return true;
    return false;
}

/* Of what stands above a row, in one line. */
static double group_width(const struct layout *layout, size_t row)
{
    double width = 0.0;

    for (size_t c = 0; c < layout->table->n_keys; c++)
        if (layout->places[c] == ABOVE_ROWS)
            width += gb_latex_width(head_of(layout, c), strlen(head_of(layout, c))) +
                     gb_latex_width(cell_of(layout, row, c), strlen(cell_of(layout, row, c))) +
                     gb_latex_width(" 0 , ", 5);
    return width;
}

static double widest_group(const struct layout *layout)
{
    double widest = 0.0;

    for (size_t row = 0; row < layout->n_rows; row++) {
        double width = group_width(layout, row);

        widest = width > widest ? width : widest;
    }
    return widest;
}

static size_t n_groups_of(const struct layout *layout)
{
    size_t n = 0;

    for (size_t row = 0; row < layout->n_rows; row++)
        n += begins_group(layout, row);
    return n;
}

/* The key that makes fewest groups, beside those above rows already, goes there, too. One stays.
 * returns whether there was one */
static bool lift_key(struct layout *layout)
{
    size_t best = SIZE_MAX, fewest = SIZE_MAX, n_left = 0;

    for (size_t c = 0; c < layout->table->n_keys; c++) {
        size_t n;

        if (layout->places[c] != IN_COLUMN)
            continue;
        n_left++;
        layout->places[c] = ABOVE_ROWS;
        n = n_groups_of(layout);
        layout->places[c] = IN_COLUMN;
        if (n < fewest) {
            fewest = n;
            best = c;
        }
    }
    if (n_left > 1)
        layout->places[best] = ABOVE_ROWS;
    return n_left > 1;
}

/* Whether so many keys above rows are worth their lines. */
static bool has_good_groups(const struct layout *layout)
{
    return n_groups_of(layout) * ROWS_OF_A_GROUP <= layout->n_rows &&
           widest_group(layout) <= TEXT_PT;
}

/* Above rows stand no more keys than it takes for columns to have as few parts as they can have,
 * and be it many where one column alone is too wide beside all keys. */
static void lift_keys(struct layout *layout)
{
    struct layout trial = *layout;
    size_t n_bytes = layout->n_columns * sizeof *trial.places, fewest, n;
    double narrowest, widest;

    trial.places = malloc(n_bytes + 1);
    if (!trial.places)
        gb_message_exhausted("a table");
    memcpy(trial.places, layout->places, n_bytes);
    fewest = n_parts_of(&trial, &narrowest);
    while ((fewest > 1 || narrowest > TEXT_PT) && lift_key(&trial)) {
        if (narrowest <= TEXT_PT && !has_good_groups(&trial))
            break;
        n = n_parts_of(&trial, &widest);
        if (n >= fewest && narrowest <= TEXT_PT)
            continue;
        memcpy(layout->places, trial.places, n_bytes);
        fewest = n;
        narrowest = widest;
    }
    free(trial.places);
}

/* ---- printing */

static void print_caption(const struct layout *layout, size_t number, size_t n_floats, FILE *out)
{
    const char *text = layout->table->caption;
    const char *before = "; ";

    fputs("\\caption{", out);
    fputc(toupper((unsigned char)text[0]), out);
    gb_latex_print_breakable(text + 1, out);
    for (size_t c = 0; c < layout->n_columns; c++) {
        if (layout->places[c] != IN_CAPTION)
            continue;
        bool is_count = c == layout->table->n_keys;

        fputs(before, out);
        gb_latex_print_breakable(is_count ? cell_of(layout, 0, c) : head_of(layout, c), out);
        fputs(is_count ? " " : " = ", out);
        gb_latex_print_breakable(is_count ? head_of(layout, c) : cell_of(layout, 0, c), out);
        before = ", ";
    }
    if (n_floats > 1)
        fprintf(out, " (%zu of %zu)", number, n_floats);
    fputs("}\n", out);
}

static bool is_in_part(const struct layout *layout, size_t column, size_t first, size_t end)
{
    bool is_asked = column < layout->table->n_keys || (column >= first && column < end);

    return is_asked && layout->places[column] == IN_COLUMN;
}

static void print_group(const struct layout *layout, size_t row, size_t n_shown, bool is_first,
                        FILE *out)
{
    bool is_wide = group_width(layout, row) > TEXT_PT; /* then it has a line a key */
    const char *before = "";

    fprintf(out, "%s\\multicolumn{%zu}{@{}l}{", is_first ? "" : "\\addlinespace\n", n_shown);
    for (size_t c = 0; c < layout->table->n_keys; c++) {
        if (layout->places[c] != ABOVE_ROWS)
            continue;
        if (before[0] && is_wide)
            fprintf(out, ",} \\\\\n\\multicolumn{%zu}{@{}l}{", n_shown);
        else
            fputs(before, out);
        gb_latex_print(head_of(layout, c), out);
        fputs(" = ", out);
        gb_latex_print(cell_of(layout, row, c), out);
        before = ", ";
    }
    fputs("} \\\\\n", out);
}

static void print_row(const struct layout *layout, size_t row, size_t first, size_t end, FILE *out)
{
    const char *before = "";

    for (size_t c = 0; c < layout->n_columns; c++)
        if (is_in_part(layout, c, first, end)) {
            fputs(before, out);
            part_from_above(before[0] ? "" : cell_of(layout, row, c), out);
            gb_latex_print(cell_of(layout, row, c), out);
            before = " & ";
        }
    fputs(" \\\\\n", out);
}

static void print_heads(const struct layout *layout, size_t first, size_t end, FILE *out)
{
    const char *before = "";

    for (size_t c = 0; c < layout->n_columns; c++)
        if (is_in_part(layout, c, first, end)) {
            fputs(before, out);
            part_from_above(before[0] ? "" : head_of(layout, c), out);
            print_head(head_of(layout, c), alignment_of(layout, c), layout->widths[c], out);
            before = " & ";
        }
    fputs(" \\\\\n\\midrule\n", out);
}

/* Columns [first, end) behind the keys, of rows [from, to). */
static void print_tabular(const struct layout *layout, size_t first, size_t end, size_t from,
                          size_t to, FILE *out)
{
    size_t n_shown = 0;

    fputs("\\begin{tabular}{@{}", out);
    for (size_t c = 0; c < layout->n_columns; c++)
        if (is_in_part(layout, c, first, end)) {
            fputc(alignment_of(layout, c), out);
            n_shown++;
        }
    fputs("@{}}\n\\toprule\n", out);
    if (!layout->table->is_headless)
        print_heads(layout, first, end, out);
    for (size_t row = from; row < to; row++) {
        if ((row == from && n_groups_of(layout) > 0) || begins_group(layout, row))
            print_group(layout, row, n_shown, row == from, out);
        print_row(layout, row, first, end, out);
    }
    fputs("\\bottomrule\n\\end{tabular}\n", out);
}

/* With the gap above. */
static size_t n_lines_of_group(const struct layout *layout, size_t row)
{
    size_t n = 0;

    if (group_width(layout, row) <= TEXT_PT)
        return n_groups_of(layout) > 0 ? 2 : 0;
    for (size_t c = 0; c < layout->table->n_keys; c++)
        n += layout->places[c] == ABOVE_ROWS;
    return n + 1;
}

/* The row behind those from `from` on that so many lines have room for. */
static size_t end_of_rows(const struct layout *layout, size_t from, size_t n_lines)
{
    size_t used = 0, row = from;

    for (; row < layout->n_rows; row++) {
        size_t n = 1;

        if (row == from || begins_group(layout, row))
            n += n_lines_of_group(layout, row);
        if (row > from && used + n > n_lines)
            break;
        used += n;
    }
    return row;
}

/* A float with parts [first, behind) of rows [from, to). */
static void print_float(const struct layout *layout, size_t first, size_t behind, size_t from,
                        size_t to, const char *environment, FILE *out)
{
    double width;

    for (size_t c = first, end; c < behind; c = end) {
        end = end_of_part(layout, c, &width);
        fputs(c > first ? "\n\\medskip\n" : "", out);
        print_tabular(layout, c, end, from, to, out);
    }
    fprintf(out, "\\end{%s}\n", environment);
}

/* Prints all of them, or, with out NULL, counts.
 * n_floats  of the count before */
static size_t go_through(const struct layout *layout, size_t n_floats, FILE *out)
{
    double widest, width;
    size_t n_parts = n_parts_of(layout, &widest), number = 0, behind, end;
    size_t together = LINES_OF_A_FLOAT / n_parts - LINES_OF_A_PART;
    bool are_together = LINES_OF_A_FLOAT > n_parts * (LINES_OF_A_PART + 1) &&
                        end_of_rows(layout, 0, together) == layout->n_rows;
    bool is_narrow = widest <= COLUMN_PT && widest_group(layout) <= COLUMN_PT;
    const char *environment = is_narrow ? "table" : "table*";

    for (size_t first = layout->table->n_keys; first < layout->n_columns; first = behind) {
        behind = are_together ? layout->n_columns : end_of_part(layout, first, &width);
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
                environment, GAP_PT / 2);
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
    size_t n_columns = strlen(table->alignment);
    struct layout layout = {.table = table,
                            .n_columns = n_columns,
                            .n_rows = table->n / n_columns - !table->is_headless,
                            .widths = calloc(n_columns + 1, sizeof *layout.widths),
                            .places = calloc(n_columns + 1, sizeof *layout.places)};

    if (!layout.widths || !layout.places)
        gb_message_exhausted("a table");
    if (layout.n_rows == 0)
        goto done;
    measure(&layout);
    if (table->caption[0]) {
        place_constants(&layout);
        lift_keys(&layout);
        go_through(&layout, go_through(&layout, 0, NULL), out);
    } else {
        print_tabular(&layout, table->n_keys, n_columns, 0, layout.n_rows, out);
    }
done:
    free(layout.widths);
    free(layout.places);
}
