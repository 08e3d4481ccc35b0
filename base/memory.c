#include "base/memory.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Less is not worth the call. Arrays that lie next to each other share large pages, so that they
 * need not be as long as one. */
#define WIDE_BYTES ((size_t)128 << 10)

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

void gb_memory_ask_large_pages(void *items, size_t size)
{
#ifdef MADV_HUGEPAGE
    if (!items || size < WIDE_BYTES)
        return;
    size_t before = (uintptr_t)items % (size_t)sysconf(_SC_PAGESIZE);
    madvise((char *)items - before, before + size, MADV_HUGEPAGE); /* where not: small pages */
#else
    (void)items;
    (void)size;
#endif
}

void *gb_memory_wide(size_t n, size_t size)
{
    void *items = calloc(n, size);

    gb_memory_ask_large_pages(items, n * size);
    return items;
}

size_t gb_memory_whole_pages(size_t size)
{
    if (size < GB_LARGE_PAGE / 8 || size > PTRDIFF_MAX - GB_LARGE_PAGE)
        return size;
    return (size + GB_LARGE_PAGE - 1) / GB_LARGE_PAGE * GB_LARGE_PAGE;
}

void *gb_memory_paged(size_t size)
{
    if (size % GB_LARGE_PAGE > 0)
        return malloc(size);
    void *pages = aligned_alloc(GB_LARGE_PAGE, size);
    gb_memory_ask_large_pages(pages, size);
    return pages;
}
