/* Arrays of an arena: aligned, apart from each other, where they were put, and of any size. */
#include "base/arena.h"

#include <stdint.h>
#include <string.h>

#include "tests/splitmix64.h"
#include "tests/tap.h"

enum { N_ARRAYS = 300 };

static void arrays_keep_what_is_put_into_them(void)
{
    struct gb_arena arena = {.left = 0};
    unsigned char *arrays[N_ARRAYS];
    size_t sizes[N_ARRAYS];
    uint64_t state = 3;

    for (size_t i = 0; i < N_ARRAYS; i++) {
        sizes[i] = splitmix64(&state) % (i % 50 == 7 ? 3000000 : 3000);
        arrays[i] = gb_arena_take(&arena, sizes[i], 1);
        if (!EXPECT(arrays[i] && (uintptr_t)arrays[i] % 16 == 0))
            break;
        memset(arrays[i], (int)(i % 251), sizes[i]);
    }
    for (size_t i = 0; i < N_ARRAYS; i++)
        for (size_t j = 0; j < sizes[i]; j++)
            if (arrays[i][j] != i % 251) {
                EXPECT_INT(arrays[i][j], i % 251);
                break;
            }
    EXPECT(arena.n_blocks < 20); /* a block holds as much as all before it */
    gb_arena_clear(&arena);
    EXPECT(arena.n_blocks == 0 && arena.total == 0);
    EXPECT(gb_arena_take(&arena, 3, 8) != NULL);
    gb_arena_clear(&arena);
}

static void what_no_memory_holds_is_refused(void)
{
    struct gb_arena arena = {.left = 0};
    volatile size_t beyond = SIZE_MAX;

    EXPECT(gb_arena_take(&arena, beyond, 1) == NULL);
    EXPECT(gb_arena_take(&arena, beyond / 8, 16) == NULL);
    EXPECT(gb_arena_take(&arena, PTRDIFF_MAX - 64, 1) == NULL);
    EXPECT(gb_arena_take(&arena, 1, 1) != NULL);
    gb_arena_clear(&arena);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(arrays_keep_what_is_put_into_them), TAP(what_no_memory_holds_is_refused), {0}};

    return tap_main("arena", tests);
}
