#include "cli/wrap.h"

#include <stdbool.h>
#include <string.h>

/* Characters of UTF-8, of which a column is one. */
static int width_of(const char *text, size_t n)
{
    int width = 0;

    for (size_t i = 0; i < n; i++)
        width += ((unsigned char)text[i] & 0xc0) != 0x80;
    return width;
}

/* Bytes up to the next blank outside of brackets; a bracket that is not closed ends at a blank. */
static size_t piece_length(const char *text)
{
    bool is_closed = text[0] == '[' && strchr(text, ']');
    size_t n = is_closed ? strcspn(text, "]") : 0;

    return n + strcspn(text + n, " ");
}

void gb_wrap_print(const char *text, int column, int indent, FILE *out)
{
    bool is_first = true;

    for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
        size_t n = piece_length(text);
        int width = width_of(text, n);

        if (!is_first && column + 1 + width > GB_WRAP_WIDTH) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
        } else if (!is_first) {
            fputc(' ', out);
            column++;
        }
        fwrite(text, 1, n, out);
        column += width;
        text += n;
        is_first = false;
    }
    fputc('\n', out);
}
