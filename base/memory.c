#include "base/memory.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* From here on the C library asks the system for memory of its own, which comes zeroed and goes
 * back when it is freed. */
#define WIDE_BYTES ((size_t)33 << 20)

void *gb_memory_zeroed(size_t alignment, size_t size)
{
    assert(size > 0 && alignment > 0 && (alignment & (alignment - 1)) == 0);
    if (size > SIZE_MAX - alignment)
        return NULL;
    /* aligned_alloc() wants whole multiples */
    size_t whole = (size + alignment - 1) / alignment * alignment;
    void *object = aligned_alloc(alignment, whole);

    return object ? memset(object, 0, whole) : NULL;
}

void *gb_memory_wide(size_t n, size_t size)
{
    char *items = calloc(n, size);

#ifdef MADV_HUGEPAGE
    long page = sysconf(_SC_PAGESIZE);
    if (items && page > 0 && n * size >= WIDE_BYTES) {
        size_t skipped = (size_t)page - (uintptr_t)items % (size_t)page;
        madvise(items + skipped, n * size - skipped, MADV_HUGEPAGE); /* where not: small pages */
    }
#endif
    return items;
}

void *gb_memory_paged(size_t size)
{
    if (size % GB_LARGE_PAGE > 0)
        return malloc(size);
    void *pages = aligned_alloc(GB_LARGE_PAGE, size);
#ifdef MADV_HUGEPAGE
    if (pages)
        madvise(pages, size, MADV_HUGEPAGE); /* where not: small pages */
#endif
    return pages;
}
