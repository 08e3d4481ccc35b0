/* How much of a comparison of cells a person is shown who asks for no more: of a long table the
 * rows whose differences are largest beside their standard errors. */
#include <math.h>
#include <stdlib.h>

#include "cli/compare_against.h"
#include "cli/message.h"

#define LEAST_ROWS 10 /* of a table in many parts, too */

bool gb_against_is_bounded(const struct gb_against *against)
{
    return against->request->style == GB_TABLE_PLAIN && !against->request->all;
}

double gb_against_size(const struct gb_contrast *difference)
{
    switch (difference->kind) {
    case GB_CONTRAST_ESTIMATED:
        return difference->n > 1 ? fabs(difference->estimate) / difference->standard_error : 0.0;
    case GB_CONTRAST_CONSTANT: return INFINITY;
    case GB_CONTRAST_EQUAL: return 0.0;
    default: return -1.0;
    }
}

struct placed {
    double size;
    size_t row;
};

static int largest_first(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;

    return x->size != y->size ? (x->size < y->size) - (x->size > y->size)
                              : (x->row > y->row) - (x->row < y->row);
}

/* Which of n rows are the `most` largest. NULL without memory */
static bool *find_largest(const double *sizes, size_t n, size_t most)
{
    struct placed *rows = malloc((n + 1) * sizeof *rows);
    bool *keep = calloc(n + 1, sizeof *keep);

    for (size_t i = 0; rows && i < n; i++)
        rows[i] = (struct placed){sizes[i], i};
    if (rows && keep) {
        qsort(rows, n, sizeof *rows, largest_first);
        for (size_t i = 0; i < most && i < n; i++)
            keep[rows[i].row] = true;
    }
    if (!rows) {
        free(keep);
        keep = NULL;
    }
    free(rows);
    return keep;
}

size_t gb_against_bound(const struct gb_against *against, struct gb_text_table *table, int indent,
                        const double *sizes, size_t n)
{
    size_t n_parts, most;

    if (!gb_against_is_bounded(against) ||
        gb_text_table_n_lines(table, indent, &n_parts) <= GB_AGAINST_LINES_OF_TABLE)
        return 0;
    most = GB_AGAINST_LINES_OF_TABLE / n_parts;
    most = most > LEAST_ROWS + 2 ? most - 2 : LEAST_ROWS; /* heads, and the line between parts */
    if (n <= most)
        return 0;
    bool *keep = find_largest(sizes, n, most);
    if (!keep)
        gb_message_exhausted("a table");
    gb_text_table_keep(table, keep);
    free(keep);
    return n - most;
}

void gb_against_note_left_out(const struct gb_against *against, size_t n_left, size_t n)
{
    if (n_left > 0)
        gb_compare_note(against->request,
                        "  ... and %zu of %zu rows, whose differences are smaller beside their "
                        "standard errors: --all shows\n  them, --csv and --json have them, --where "
                        "chooses cells",
                        n_left, n);
}
