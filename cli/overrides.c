#include "cli/overrides.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/message.h"

enum { WIDTH = 100 };

/* Prints a list of "key value (default), ", wrapped between its items. */
static void print_wrapped(const char *list, int indent)
{
    for (int column = indent; *list;) {
        const char *end = strstr(list, "), ");
        int length = (int)(end ? (size_t)(end - list) + 2 : strlen(list));

        if (column > indent && column + 1 + length > WIDTH) {
            printf("\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            putchar(' ');
            column++;
        }
        column += printf("%.*s", length, list);
        list += length + (end ? 1 : 0);
    }
    putchar('\n');
}

void gb_overrides_print(const struct gb_scenario *scenario, const char *label, int indent)
{
    struct gb_error err = {0};
    char *list = NULL;

    if (gb_scenario_overrides(scenario, &list, &err) != GB_OK)
        gb_message_exhausted("the keys that were set");
    if (list[0]) {
        printf("%-*s", indent, label);
        print_wrapped(list, indent);
    }
    free(list);
}
