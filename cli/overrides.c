#include "cli/overrides.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/message.h"
#include "cli/text_table.h"

enum { WIDTH = 100 };

static void print_item(const char *item, int length, bool is_markdown)
{
    char *text = is_markdown ? strndup(item, (size_t)length) : NULL;

    if (text)
        gb_markdown_print(text, stdout);
    else
        printf("%.*s", length, item);
    free(text);
}

/* Prints a list of "key value (default), ", wrapped between its items. */
static void print_wrapped(const char *list, int indent, bool is_markdown)
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
        print_item(list, length, is_markdown);
        column += length;
        list += length + (end ? 1 : 0);
    }
    putchar('\n');
}

void gb_overrides_print(const struct gb_scenario *scenario, const char *label, int indent,
                        bool is_markdown)
{
    struct gb_error err = {0};
    char *list = NULL;

    if (gb_scenario_overrides(scenario, &list, &err) != GB_OK)
        gb_message_exhausted("the keys that were set");
    if (list[0]) {
        printf("%-*s", indent, label);
        print_wrapped(list, indent, is_markdown);
    }
    free(list);
}
