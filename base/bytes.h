/* Numbers as bytes, and a buffer of bytes that grows as it is written to. It remembers that memory
 * ran out and drops what follows, so that a writer of many small pieces asks once, at the end. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The bytes of a number, the highest first. Written out, not as loops: so compilers see one swap of
 * bytes and one store. */
static inline void gb_big_endian_u32(uint8_t out[4], uint32_t value)
{
    out[0] = (uint8_t)(value >> 24);
    out[1] = (uint8_t)(value >> 16);
    out[2] = (uint8_t)(value >> 8);
    out[3] = (uint8_t)value;
}

static inline void gb_big_endian_u64(uint8_t out[8], uint64_t value)
{
    gb_big_endian_u32(out, (uint32_t)(value >> 32));
    gb_big_endian_u32(out + 4, (uint32_t)value);
}

/* The lowest first. */
static inline void gb_little_endian_u64(uint8_t out[8], uint64_t value)
{
    out[0] = (uint8_t)value;
    out[1] = (uint8_t)(value >> 8);
    out[2] = (uint8_t)(value >> 16);
    out[3] = (uint8_t)(value >> 24);
    out[4] = (uint8_t)(value >> 32);
    out[5] = (uint8_t)(value >> 40);
    out[6] = (uint8_t)(value >> 48);
    out[7] = (uint8_t)(value >> 56);
}

/* The number that these bytes are. */
static inline uint32_t gb_from_big_endian_u32(const uint8_t in[4])
{
    return (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 | (uint32_t)in[2] << 8 | in[3];
}

static inline uint64_t gb_from_little_endian_u64(const uint8_t in[8])
{
    return (uint64_t)in[7] << 56 | (uint64_t)in[6] << 48 | (uint64_t)in[5] << 40 |
           (uint64_t)in[4] << 32 | (uint64_t)in[3] << 24 | (uint64_t)in[2] << 16 |
           (uint64_t)in[1] << 8 | in[0];
}

/* Starts from {0}; the bytes are released with free(). One that starts from an array of the
 * caller's, {.bytes = array, .capacity = sizeof array}, must not outgrow it. */
struct gb_bytes {
    uint8_t *bytes;
    size_t n, capacity;
    bool failed; /* memory ran out: the bytes are incomplete */
};

/* Reserves capacity for n more bytes at once. false: no memory, remembered in `failed` */
bool gb_bytes_reserve(struct gb_bytes *bytes, size_t n);

/* Adds n bytes that the caller fills in, or NULL without memory. */
static inline uint8_t *gb_bytes_add_space(struct gb_bytes *bytes, size_t n)
{
    if (bytes->capacity - bytes->n < n && !gb_bytes_reserve(bytes, n))
        return NULL;
    bytes->n += n;
    return bytes->bytes + bytes->n - n;
}

/* items  n bytes; may be NULL where n is 0 */
static inline void gb_bytes_add(struct gb_bytes *bytes, const void *items, size_t n)
{
    uint8_t *space = n > 0 ? gb_bytes_add_space(bytes, n) : NULL;

    if (space)
        memcpy(space, items, n);
}

#endif
