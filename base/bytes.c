#include "base/bytes.h"

#include "base/array.h"

#define FIRST_CAPACITY 256 /* most of what is written needs no other */

bool gb_bytes_reserve(struct gb_bytes *bytes, size_t n)
{
    if (bytes->failed)
        return false;
    size_t needed = n <= SIZE_MAX - bytes->n ? bytes->n + n : SIZE_MAX;
    uint8_t *grown = gb_array_grow(bytes->bytes, &bytes->capacity,
                                   needed > FIRST_CAPACITY ? needed : FIRST_CAPACITY, 1);

    if (grown)
        bytes->bytes = grown;
    bytes->failed = !grown;
    return grown != NULL;
}
