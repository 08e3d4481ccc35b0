#include "base/edit_distance.h"

#include <string.h>

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: insert, delete, replace, swap of two neighbours.
 * source  G. Navarro, ACM Computing Surveys 33 (2001) 31-88, section 3 */
size_t gb_edit_distance(const char *a, const char *b)
{
    enum { LONGEST = 63 };
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2];
    size_t n_a = strlen(a), n_b = strlen(b);

    if (n_a > LONGEST || n_b > LONGEST) /* not a word: as far away as could be */
        return n_a > n_b ? n_a : n_b;
    for (size_t j = 0; j <= n_b; j++)
        last[j] = j;
    for (size_t i = 1; i <= n_a; i++) {
        now[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            size_t replaced = last[j - 1] + (a[i - 1] != b[j - 1]);
            now[j] = smaller(smaller(last[j], now[j - 1]) + 1, replaced);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = smaller(now[j], before[j - 2] + 1);
        }
        size_t *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[n_b];
}

const char *gb_nearest_word(const char *word, const char *const *names)
{
    const char *nearest = NULL;
    size_t min = strlen(word) / 3 + 2; /* beyond that it is another word, not a slip */

    for (; *names; names++) {
        size_t distance = gb_edit_distance(word, *names);
        if (distance < min) {
            min = distance;
            nearest = *names;
        }
    }
    return nearest;
}
