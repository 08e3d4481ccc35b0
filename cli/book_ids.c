#include "cli/book_ids.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "S1" or "meter-12" */
static void name_user(const struct gb_user_row *users, size_t n_users, uint32_t meter,
                      char text[GB_BOOK_ID_SIZE])
{
    if (meter < n_users && users[meter].name[0]) /* they are counted from 0 */
        snprintf(text, GB_BOOK_ID_SIZE, "%s", users[meter].name);
    else
        snprintf(text, GB_BOOK_ID_SIZE, "meter-%" PRIu32, meter);
}

static int compare_ids(const void *a, const void *b)
{
    const struct gb_book_id *const *x = a, *const *y = b;

    return strcmp((*x)->text, (*y)->text);
}

/* Sorts the ids and marks those that stand there more than once. returns whether there are any */
static bool mark_shared(struct gb_book_id **sorted, size_t n)
{
    bool is_any = false;

    qsort(sorted, n, sizeof *sorted, compare_ids);
    for (size_t i = 0; i < n; i++)
        sorted[i]->is_shared = false;
    for (size_t i = 1; i < n; i++)
        if (strcmp(sorted[i - 1]->text, sorted[i]->text) == 0) {
            sorted[i - 1]->is_shared = true;
            sorted[i]->is_shared = true;
            is_any = true;
        }
    return is_any;
}

/* Two numbered ids never agree; where one agrees with the name of another user, that order is
 * numbered next, and so it ends. */
enum gb_status gb_book_ids_make(struct gb_book_id *ids, const struct gb_book_history *history,
                                const struct gb_user_row *users, size_t n_users,
                                struct gb_error *err)
{
    size_t n = history->n_orders;
    struct gb_book_id **sorted = calloc(n + 1, sizeof *sorted);

    if (!sorted)
        return gb_fail(err, GB_ENOMEM, "no memory for the names of %zu orders", n);
    for (size_t i = 0; i < n; i++) {
        name_user(users, n_users, history->orders[i].sent.meter, ids[i].text);
        sorted[i] = &ids[i];
    }
    while (mark_shared(sorted, n))
        for (size_t i = 0; i < n; i++)
            if (ids[i].is_shared && !ids[i].is_numbered) {
                size_t length = strlen(ids[i].text);

                snprintf(ids[i].text + length, GB_BOOK_ID_SIZE - length, "-%zu", i);
                ids[i].is_numbered = true;
            }
    free(sorted);
    return GB_OK;
}
