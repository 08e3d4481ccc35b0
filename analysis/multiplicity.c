#include "analysis/multiplicity.h"

#include <math.h>
#include <stdlib.h>

struct rank {
    double p;
    size_t place;
};

static int compare_ranks(const void *a, const void *b)
{
    const struct rank *x = a, *y = b;

    return x->p != y->p ? (x->p > y->p) - (x->p < y->p) : (x->place > y->place) ? 1 : -1;
}

size_t gb_family_size(const double *p, size_t n)
{
    size_t size = 0;

    for (size_t i = 0; i < n; i++)
        if (!isnan(p[i]))
            size++;
    return size;
}

bool gb_family_adjust(const double *p, double *adjusted, size_t n)
{
    struct rank *ranks = malloc((n + 1) * sizeof *ranks);
    size_t size = 0;
    double at_least = 0.0;

    if (!ranks)
        return false;
    for (size_t i = 0; i < n; i++) {
        adjusted[i] = NAN;
        if (!isnan(p[i]))
            ranks[size++] = (struct rank){p[i], i};
    }
    qsort(ranks, size, sizeof *ranks, compare_ranks);
    for (size_t r = 0; r < size; r++) {
        at_least = fmax(at_least, fmin(1.0, (double)(size - r) * ranks[r].p));
        adjusted[ranks[r].place] = at_least;
    }
    free(ranks);
    return true;
}

double gb_family_level(double level, size_t size)
{
    return size == 0 ? level : 1.0 - (1.0 - level) / (double)size;
}
