#include "experiments/scenario/yaml_write.h"

#include <stdbool.h>
#include <string.h>

#define WIDTH 100

void gb_yaml_write_quoted(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c == '\n')
            fputs("\\n", out);
        else if (c < ' ' || c == 0x7f)
            fprintf(out, "\\x%02x", c);
        else
            fputc(c, out);
    }
    fputc('"', out);
}

/* May the text stand as a block? Plain lines only: no control characters, no blanks that a reader
 * might take for indentation or drop, and one line break at the end. */
static bool fits_block(const char *text)
{
    size_t length = strlen(text);

    if (length == 0 || text[length - 1] != '\n' || (length > 1 && text[length - 2] == '\n'))
        return false;
    for (size_t i = 0; i < length; i++) {
        bool begins = i == 0 || text[i - 1] == '\n';
        if ((text[i] < ' ' && text[i] != '\n') || text[i] == 0x7f ||
            (begins && (text[i] == ' ' || text[i] == '\n')))
            return false;
    }
    return true;
}

void gb_yaml_write_block(FILE *out, const char *text, int indent)
{
    if (!fits_block(text)) {
        gb_yaml_write_quoted(out, text);
        return;
    }
    fputs("|", out);
    while (*text) {
        size_t length = strcspn(text, "\n");
        fprintf(out, "\n%*s%.*s", indent, "", (int)length, text);
        text += length + 1;
    }
}

void gb_yaml_write_comment(FILE *out, const char *indent, const char *text)
{
    size_t capacity = WIDTH - strlen(indent) - 2;

    while (*text) {
        size_t length = strlen(text);
        if (length > capacity) {
            for (length = capacity; length > 0 && text[length] != ' '; length--)
                continue;
            if (length == 0)
                length = capacity;
        }
        fprintf(out, "%s# %.*s\n", indent, (int)length, text);
        text += length + (text[length] == ' ');
    }
}
