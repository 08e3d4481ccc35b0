#include "cli/text_table.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "cli/message.h"

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

void gb_text_table_print(struct gb_text_table *table, int indent, FILE *out)
{
    size_t n_columns = strlen(table->alignment);
    size_t *widths = calloc(n_columns + 1, sizeof *widths);

    if (!widths)
        gb_message_exhausted("a table");
    for (size_t i = 0; i < table->n; i++) {
        size_t width = width_of(table->cells[i]), *widest = &widths[i % n_columns];

        *widest = width > *widest ? width : *widest;
    }
    for (size_t i = 0; i < table->n; i++) {
        size_t column = i % n_columns;
        bool is_last = column + 1 == n_columns || i + 1 == table->n;

        fprintf(out, "%*s", column == 0 ? indent : GAP, "");
        print_cell(table->cells[i], widths[column], table->alignment[column], is_last, out);
        if (is_last)
            fputc('\n', out);
        free(table->cells[i]);
    }
    free(widths);
    free(table->cells);
    table->cells = NULL;
    table->n = table->capacity = 0;
}
