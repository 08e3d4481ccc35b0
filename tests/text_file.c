#include "tests/text_file.h"

#include <stdio.h>

#include "tests/tap.h"

void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");

    EXPECT(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

bool files_are_equal(const char *a, const char *b)
{
    FILE *first = fopen(a, "rb"), *second = fopen(b, "rb");
    bool equal = first && second;
    int byte = 0;

    while (equal && byte != EOF) {
        byte = fgetc(first);
        equal = byte == fgetc(second);
    }
    if (first)
        fclose(first);
    if (second)
        fclose(second);
    return equal;
}
