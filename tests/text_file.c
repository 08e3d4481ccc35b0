#include "tests/text_file.h"

#include <stdio.h>

#include "tests/tap.h"

void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");

    EXPECT(file && fputs(text, file) >= 0 && fclose(file) == 0);
}
