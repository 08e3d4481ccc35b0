#include "analysis/hdf5_shuffle_priv.h"

#include <string.h>

#include "base/bytes.h"

/* A number of 4 or 8 bytes, as an integer of the same bits. */
static uint64_t load(const char *from, size_t size)
{
    uint32_t half;
    uint64_t whole;

    if (size == sizeof half) {
        memcpy(&half, from, sizeof half);
        return half;
    }
    memcpy(&whole, from, sizeof whole);
    return whole;
}

static void store(char *to, uint64_t number, size_t size)
{
    uint32_t half = (uint32_t)number;

    if (size == sizeof half)
        memcpy(to, &half, sizeof half);
    else
        memcpy(to, &number, sizeof number);
}

/* ---- eight numbers at a time, so that each byte is no load and store of its own */

static void exchange(uint64_t *low, uint64_t *high, unsigned shift, uint64_t mask)
{
    uint64_t differs = (*low >> shift ^ *high) & mask;

    *low ^= differs << shift;
    *high ^= differs;
}

/* Byte j of word i becomes byte i of word j: halves change places, then quarters, then bytes. */
static void transpose(uint64_t words[8])
{
    for (unsigned i = 0; i < 4; i++)
        exchange(&words[i], &words[i + 4], 32, UINT64_C(0x00000000ffffffff));
    for (unsigned i = 0; i < 4; i++)
        exchange(&words[i + i / 2 * 2], &words[i + i / 2 * 2 + 2], 16,
                 UINT64_C(0x0000ffff0000ffff));
    for (unsigned i = 0; i < 8; i += 2)
        exchange(&words[i], &words[i + 1], 8, UINT64_C(0x00ff00ff00ff00ff));
}

void gb_hdf5_shuffle(uint8_t *planes, const char *numbers, size_t n, size_t size)
{
    size_t i = 0;

    for (; i + 8 <= n; i += 8) {
        uint64_t words[8];

        for (size_t k = 0; k < 8; k++)
            words[k] = load(numbers + (i + k) * size, size);
        transpose(words);
        for (size_t byte = 0; byte < size; byte++)
            gb_little_endian_u64(planes + byte * n + i, words[byte]);
    }
    for (; i < n; i++)
        for (size_t byte = 0; byte < size; byte++)
            planes[byte * n + i] = (uint8_t)(load(numbers + i * size, size) >> 8 * byte);
}

/* ---- back */

static uint64_t gather(const uint8_t *planes, size_t n, size_t n_planes, size_t i)
{
    uint64_t number = 0;

    for (size_t byte = 0; byte < n_planes; byte++)
        number |= (uint64_t)planes[byte * n + i] << 8 * byte;
    return number;
}

/* Most columns are of small numbers. */
static void unshuffle_small(char *numbers, const uint8_t *planes, size_t n, size_t size,
                            size_t n_planes)
{
    const uint8_t *high = planes + (n_planes - 1) * n;
    unsigned shift = n_planes == 2 ? 8 : 0; /* else the plane is joined with itself */

    for (size_t i = 0; i < n; i++)
        store(numbers + i * size, planes[i] | (uint64_t)high[i] << shift, size);
}

void gb_hdf5_unshuffle(char *numbers, const uint8_t *planes, size_t n, size_t size, size_t n_planes)
{
    size_t i = 0;

    if (n_planes == 0) {
        memset(numbers, 0, n * size);
        return;
    }
    if (n_planes <= 2) {
        unshuffle_small(numbers, planes, n, size, n_planes);
        return;
    }
    for (; i + 8 <= n; i += 8) {
        uint64_t words[8] = {0};

        for (size_t byte = 0; byte < n_planes; byte++)
            words[byte] = gb_from_little_endian_u64(planes + byte * n + i);
        transpose(words);
        for (size_t k = 0; k < 8; k++)
            store(numbers + (i + k) * size, words[k], size);
    }
    for (; i < n; i++)
        store(numbers + i * size, gather(planes, n, n_planes, i), size);
}
