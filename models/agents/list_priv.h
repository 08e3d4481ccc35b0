/* Lists of pairs in one text, as options of agents are: `zip 0.5, aa 0.5`. */
#ifndef MODELS_AGENTS_LIST_PRIV_H
#define MODELS_AGENTS_LIST_PRIV_H

#include <stddef.h>
#include <string.h>

/* Reads the next word, from blanks to a blank, a comma or the end; empty where it does not fit.
 * returns what follows the blanks behind it */
static inline const char *gb_list_word(const char *text, char *word, size_t size)
{
    text += strspn(text, " ");
    size_t length = strcspn(text, " ,");

    word[0] = '\0';
    if (length < size) {
        memcpy(word, text, length);
        word[length] = '\0';
    }
    return text + length + strspn(text + length, " ");
}

#endif
