/* Objects whose type asks for more alignment than calloc() gives. */
#include "base/memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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

int main(void)
{
    static const struct tap_test tests[] = {TAP(objects_lie_where_their_type_asks),
                                            TAP(objects_are_zero_where_memory_was_used_before),
                                            TAP(what_no_memory_holds_is_refused),
                                            {0}};

    return tap_main("memory", tests);
}
