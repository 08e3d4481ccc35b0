#include "cli/join.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *gb_join(const char *a, const char *b)
{
    size_t size = strlen(a) + strlen(b) + 1;
    char *text = malloc(size);

    if (text)
        snprintf(text, size, "%s%s", a, b);
    return text;
}
