/* Values that are sets of words: `[weather, chain]`, or without the brackets. */
#include <stdio.h>
#include <string.h>

#include "base/param_priv.h"
#include "base/text.h"

/* Behind the blanks at its front; those at its end are cut off. */
static char *trimmed(char *text)
{
    size_t length = strlen(text);

    while (length > 0 && text[length - 1] == ' ')
        text[--length] = '\0';
    return text + strspn(text, " ");
}

/* Adds the word to the set; false where it is no choice, or there already. */
static bool add_word(const struct gb_param *row, const char *word, uint32_t *words)
{
    for (int i = 0; row->choices[i]; i++)
        if (strcmp(row->choices[i], word) == 0) {
            bool is_new = !(*words >> i & 1);

            *words |= UINT32_C(1) << i;
            return is_new;
        }
    return false;
}

bool gb_param_parse_words(const struct gb_param *row, const char *text, uint32_t *words,
                          char *wrong, size_t size)
{
    char copy[GB_PARAM_TEXT_SIZE], *list;

    snprintf(copy, sizeof copy, "%s", text);
    list = trimmed(copy);
    size_t length = strlen(list);
    if (length > 1 && list[0] == '[' && list[length - 1] == ']') {
        list[length - 1] = '\0';
        list++;
    }
    *words = 0;
    while (list) {
        char *comma = strchr(list, ',');

        if (comma)
            *comma = '\0';
        const char *word = trimmed(list);
        if (!add_word(row, word, words)) {
            snprintf(wrong, size, "%s", word);
            return false;
        }
        list = comma ? comma + 1 : NULL;
    }
    return true;
}

void gb_param_format_words(const struct gb_param *row, uint32_t words, char *buffer, size_t size)
{
    const char *before = "[";

    buffer[0] = '\0';
    for (int i = 0; row->choices[i]; i++)
        if (words >> i & 1) {
            gb_text_append(buffer, size, "%s%s", before, row->choices[i]);
            before = ", ";
        }
    gb_text_append(buffer, size, "]");
}
