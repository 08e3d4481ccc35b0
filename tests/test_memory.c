/* Objects whose type asks for more alignment than calloc() gives, and arrays of many megabytes. */
#include "base/memory.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"

#include "tests/tap.h"

enum { OBJECTS = 64 };

static void objects_lie_where_their_type_asks(void)
{
    for (size_t alignment = alignof(char); alignment <= 4096; alignment *= 2) {
        void *objects[OBJECTS];
        for (size_t i = 0; i < OBJECTS; i++) {
            objects[i] = gb_memory_zeroed(alignment, 1 + 37 * i);
            if (!EXPECT(objects[i] && (uintptr_t)objects[i] % alignment == 0))
                return;
        }
        for (size_t i = 0; i < OBJECTS; i++)
            free(objects[i]);
    }
}

static void objects_are_zero_where_memory_was_used_before(void)
{
    enum { SIZE = 5000 };
    static const unsigned char zeros[SIZE];

    for (int i = 0; i < OBJECTS; i++) {
        unsigned char *object = gb_memory_zeroed(64, SIZE);
        EXPECT(object && memcmp(object, zeros, SIZE) == 0);
        if (object)
            memset(object, 0xff, SIZE);
        free(object);
    }
}

static void what_no_memory_holds_is_refused(void)
{
    volatile size_t beyond = SIZE_MAX; /* else the compiler says so first */

    EXPECT(gb_memory_zeroed(64, beyond) == NULL);
    EXPECT(gb_memory_zeroed(64, beyond - 64) == NULL);
    EXPECT(gb_memory_zeroed(64, beyond / 2) == NULL);
}

/* From one item to many megabytes, where large pages are asked for, in memory used before. */
static void wide_arrays_are_zero_to_their_last_byte(void)
{
    enum { ROW = 1736 };
    static const unsigned char zeros[ROW];
    static const size_t numbers[] = {0, 1, 1000, 19000, 20000, 50000}; /* up to 87 MB */

    for (size_t i = 0; i < 2 * sizeof numbers / sizeof numbers[0]; i++) {
        size_t n = numbers[i / 2], n_zeroed = 0;
        unsigned char *rows = gb_memory_wide(n, ROW);

        if (!EXPECT(rows || n == 0))
            return;
        for (size_t k = 0; k < n; k++)
            n_zeroed += memcmp(rows + k * ROW, zeros, ROW) == 0;
        EXPECT(n_zeroed == n);
        if (n > 0)
            memset(rows, 0xff, n * ROW);
        free(rows);
    }
}

static void wide_arrays_that_no_memory_holds_are_refused(void)
{
    volatile size_t beyond = SIZE_MAX;

    EXPECT(gb_memory_wide(beyond, 1) == NULL);
    EXPECT(gb_memory_wide(beyond / 8, 16) == NULL); /* more bytes than a size_t counts */
}

static void pages_hold_what_is_asked_for(void)
{
    static const size_t sizes[] = {1, 5000, GB_LARGE_PAGE, GB_LARGE_PAGE + 16, 3 * GB_LARGE_PAGE};

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        unsigned char *bytes = gb_memory_paged(sizes[i]);

        if (!EXPECT(bytes != NULL))
            return;
        memset(bytes, 0xff, sizes[i]);
        if (sizes[i] % GB_LARGE_PAGE == 0)
            EXPECT((uintptr_t)bytes % GB_LARGE_PAGE == 0);
        free(bytes);
    }
    volatile size_t beyond = SIZE_MAX;
    EXPECT(gb_memory_paged(beyond / GB_LARGE_PAGE * GB_LARGE_PAGE) == NULL);
}

/* What the system says of the mapping that holds the address (proc_pid_smaps(5)): "hg" where large
 * pages were asked for. false where it says nothing */
static bool find_flags(const void *address, char flags[256])
{
    FILE *maps = fopen("/proc/self/smaps", "r");
    char line[512];
    unsigned long long first, end, wanted = (unsigned long long)(uintptr_t)address;
    bool is_here = false, is_found = false;

    while (maps && !is_found && fgets(line, sizeof line, maps)) {
        if (sscanf(line, "%llx-%llx ", &first, &end) == 2)
            is_here = first <= wanted && wanted < end;
        else if (is_here)
            is_found = sscanf(line, "VmFlags: %255[^\n]", flags) == 1;
    }
    if (maps)
        fclose(maps);
    return is_found;
}

static void arrays_of_megabytes_ask_for_large_pages(void)
{
    enum { BYTES = 8 << 20 };
    char *wide = gb_memory_wide(BYTES, 1), *grown = gb_array_resize(NULL, BYTES, 1);
    char flags[256];

    if (access("/sys/kernel/mm/transparent_hugepage/enabled", R_OK) != 0 ||
        !find_flags(wide + BYTES / 2, flags)) {
        tap_skip("no large pages, or no word of them, on this system");
    } else {
        EXPECT(strstr(flags, "hg") != NULL);
        EXPECT(find_flags(grown + BYTES / 2, flags) && strstr(flags, "hg"));
    }
    free(wide);
    free(grown);
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(objects_lie_where_their_type_asks),
                                            TAP(objects_are_zero_where_memory_was_used_before),
                                            TAP(what_no_memory_holds_is_refused),
                                            TAP(wide_arrays_are_zero_to_their_last_byte),
                                            TAP(wide_arrays_that_no_memory_holds_are_refused),
                                            TAP(pages_hold_what_is_asked_for),
                                            TAP(arrays_of_megabytes_ask_for_large_pages),
                                            {0}};

    return tap_main("memory", tests);
}
