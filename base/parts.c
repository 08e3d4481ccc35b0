#include "base/parts.h"

#include "base/parallel.h"

static size_t part_of(size_t n, size_t first)
{
    return n - first < GB_PART ? n - first : GB_PART;
}

void gb_parts_run(size_t n, void (*work)(void *context, size_t first, size_t n), void *context)
{
    if (!gb_is_worth_threads(n)) {
        for (size_t first = 0; first < n; first += GB_PART)
            work(context, first, part_of(n, first));
        return;
    }
#pragma omp parallel for schedule(dynamic)
    for (size_t first = 0; first < n; first += GB_PART)
        work(context, first, part_of(n, first));
}
