#include "analysis/pairing.h"

#include <stdlib.h>
#include <string.h>

static int compare_numbers(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* hint  the place behind the number found before: numbers ascend, so it mostly stands there */
static bool find(size_t *place, const struct gb_replication_list *list, uint32_t number,
                 size_t hint)
{
    const uint32_t *found = NULL;

    if (hint < list->n && list->numbers[hint] == number)
        found = &list->numbers[hint];
    else if (list->n)
        found = bsearch(&number, list->numbers, list->n, sizeof number, compare_numbers);
    if (found)
        *place = (size_t)(found - list->numbers);
    return found != NULL;
}

size_t gb_pairing_find(size_t *places, const struct gb_replication_list *lists, size_t n_cells)
{
    size_t n = 0, width = lists[0].n;

    for (size_t i = 0; i < lists[0].n; i++) {
        bool is_common = true;

        places[n] = i;
        for (size_t c = 1; is_common && c < n_cells; c++)
            is_common = find(&places[c * width + n], &lists[c], lists[0].numbers[i],
                             n > 0 ? places[c * width + n - 1] + 1 : 0);
        n += is_common;
    }
    return n;
}

bool gb_pairing_is_alike(const struct gb_replication_list *lists, size_t n_cells)
{
    size_t n = lists[0].n, size = sizeof *lists[0].numbers;
    bool is_alike = n > 0;

    for (size_t c = 1; is_alike && c < n_cells; c++)
        is_alike = lists[c].n == n && memcmp(lists[c].numbers, lists[0].numbers, n * size) == 0;
    return is_alike;
}
