#include "cli/text_table.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "cli/latex_table.h"
#include "cli/message.h"
#include "cli/wrap.h"

#define GAP 3 /* blanks between columns */

void gb_text_table_add(struct gb_text_table *table, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (char *at = text; (at = strpbrk(at, "\t\r\n")) != NULL;)
        *at = ' '; /* a name may hold them; a cell is one line */
    char **cells = gb_array_grow(table->cells, &table->capacity, table->n + 1, sizeof *cells);
    char *cell = strdup(text);

    if (!cells || !cell)
        gb_message_exhausted("a table");
    table->cells = cells;
    table->cells[table->n++] = cell;
}

/* Characters of a UTF-8 text: bytes that do not continue another. */
static size_t width_of(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static void print_cell(const char *text, size_t width, char alignment, bool is_last, FILE *out)
{
    size_t own = width_of(text);
    int pad = width > own ? (int)(width - own) : 0;

    if (alignment == 'r')
        fprintf(out, "%*s", pad, "");
    fputs(text, out);
    if (alignment == 'l' && !is_last)
        fprintf(out, "%*s", pad, "");
}

static size_t *measure_columns(const struct gb_text_table *table, size_t n_columns)
{
    size_t *widths = calloc(n_columns + 1, sizeof *widths);

    if (!widths)
        gb_message_exhausted("a table");
    for (size_t i = 0; i < table->n; i++) {
        size_t width = width_of(table->cells[i]), *widest = &widths[i % n_columns];

        *widest = width > *widest ? width : *widest;
    }
    return widths;
}

/* The column behind the last one that fits beside the repeated ones, from `first` on: one at least,
 * however wide those are that are repeated. */
static size_t end_of_part(const struct gb_text_table *table, const size_t *widths, size_t first,
                          size_t n_columns, size_t indent)
{
    size_t width = indent, end = first, least = first > 0 ? first : table->n_repeated;

    for (size_t c = 0; first > 0 && c < table->n_repeated; c++)
        width += widths[c] + GAP;
    while (end < n_columns && (end <= least || width + widths[end] <= GB_WRAP_WIDTH))
        width += widths[end++] + GAP;
    return table->n_repeated > 0 ? end : n_columns;
}

/* Columns [first, end) of all rows, behind the repeated ones. */
static void print_part(const struct gb_text_table *table, const size_t *widths, size_t first,
                       size_t end, int indent, FILE *out)
{
    size_t n_columns = strlen(table->alignment);
    size_t n_before = first > 0 ? table->n_repeated : 0, n = n_before + end - first;

    for (size_t row = 0; row * n_columns < table->n; row++)
        for (size_t k = 0; k < n; k++) {
            size_t c = k < n_before ? k : first + k - n_before, at = row * n_columns + c;
            bool is_last = k + 1 == n || at + 1 == table->n;

            fprintf(out, "%*s", k == 0 ? indent : GAP, "");
            print_cell(table->cells[at], widths[c], table->alignment[c], is_last, out);
            if (is_last) {
                fputc('\n', out);
                break;
            }
        }
}

static void print_plain(const struct gb_text_table *table, size_t n_columns, int indent, FILE *out)
{
    size_t *widths = measure_columns(table, n_columns), end;

    for (size_t first = 0; first < n_columns; first = end) {
        end = end_of_part(table, widths, first, n_columns, (size_t)indent);
        if (first > 0)
            fputc('\n', out);
        print_part(table, widths, first, end, indent, out);
    }
    free(widths);
}

/* ---- for pages */

/* Would Markdown, or what many add to it, read more into this byte of a cell than what it shows:
 * emphasis, code, mathematics, a dash, a tag, an entity, a link? */
static bool is_markup(const char *text, const char *at)
{
    char before = at > text ? at[-1] : '\0';

    switch (*at) {
    case '-': return at[1] == '-' || before == '-';
    case '(': return before == ']';
    case '<': return isalpha((unsigned char)at[1]) || (at[1] && strchr("/!?", at[1]));
    case '&': return isalnum((unsigned char)at[1]) || at[1] == '#';
    default: return strchr("\\`*_|~$^", *at) != NULL;
    }
}

void gb_markdown_print(const char *text, FILE *out)
{
    for (const char *at = text; *at; at++) {
        if (is_markup(text, at))
            fputc('\\', out);
        fputc(*at, out);
    }
}

/* Under heads, which Markdown's tables always have. */
static void print_markdown_rule(const struct gb_text_table *table, FILE *out)
{
    fputc('|', out);
    for (const char *c = table->alignment; *c; c++)
        fputs(*c == 'r' ? "---:|" : "---|", out);
    fputc('\n', out);
}

static void print_markdown(const struct gb_text_table *table, FILE *out)
{
    size_t n_columns = strlen(table->alignment);

    for (size_t c = 0; table->is_headless && c < n_columns; c++)
        fputs(c + 1 < n_columns ? "| " : "| |\n", out);
    if (table->is_headless)
        print_markdown_rule(table, out);
    for (size_t i = 0; i < table->n; i++) {
        bool is_last = (i + 1) % n_columns == 0;

        fputs(i % n_columns == 0 ? "| " : " | ", out);
        gb_markdown_print(table->cells[i], out);
        fputs(is_last ? " |\n" : "", out);
        if (i + 1 == n_columns && !table->is_headless)
            print_markdown_rule(table, out);
    }
    fputc('\n', out);
}

/* ---- the table */

size_t gb_text_table_n_lines(const struct gb_text_table *table, int indent, size_t *n_parts)
{
    size_t n_columns = strlen(table->alignment), *widths = measure_columns(table, n_columns);
    size_t n_rows = (table->n + n_columns - 1) / n_columns;

    *n_parts = 0;
    for (size_t first = 0; first < n_columns; ++*n_parts)
        first = end_of_part(table, widths, first, n_columns, (size_t)indent);
    free(widths);
    return *n_parts * (n_rows + 1) - 1; /* an empty line sets parts apart */
}

void gb_text_table_keep(struct gb_text_table *table, const bool *keep)
{
    size_t n_columns = strlen(table->alignment), n_kept = n_columns;

    for (size_t i = n_columns; i < table->n; i++)
        if (keep[i / n_columns - 1])
            table->cells[n_kept++] = table->cells[i];
        else
            free(table->cells[i]);
    table->n = n_kept;
}

void gb_text_table_clear(struct gb_text_table *table)
{
    for (size_t i = 0; i < table->n; i++)
        free(table->cells[i]);
    free(table->cells);
    table->cells = NULL;
    table->n = table->capacity = 0;
}

void gb_text_table_print(struct gb_text_table *table, int indent, FILE *out)
{
    size_t n_columns = strlen(table->alignment);

    if (table->style == GB_TABLE_MARKDOWN)
        print_markdown(table, out);
    else if (table->style == GB_TABLE_LATEX)
        gb_latex_table_print(&(struct gb_latex_table){table->alignment, table->caption,
                                                      table->cells, table->n, table->n_repeated,
                                                      table->is_headless, table->has_counts},
                             out);
    else
        print_plain(table, n_columns, indent, out);
    gb_text_table_clear(table);
}
