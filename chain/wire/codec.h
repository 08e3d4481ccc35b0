/* The canonical encoding: an XDR subset (RFC 4506), big-endian in units of four bytes.
 *
 *   u32, i32, u64, i64   4 or 8 bytes               flag     u32, 0 or 1
 *   choice               u32 below a known bound    fixed    n bytes, n a multiple of 4
 *   opaque               u32 length, bytes, zeros up to the next multiple of 4
 *   array                u32 count, then its elements
 *
 * A value has one encoding only. A decoder refuses what it would not write itself: unknown choices,
 * other flags, padding that is not zero, bytes left over; so encode(decode(b)) = b for every b it
 * accepts. Both sides remember their first failure and go on harmlessly (puts are dropped, takes
 * give zeros), so that a caller checks once at the end. */
#ifndef CHAIN_WIRE_CODEC_H
#define CHAIN_WIRE_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"
#include "base/status.h"

/* Each appends one value in its canonical form; without memory it is dropped, see gb_bytes. */
static inline void gb_put_u32(struct gb_bytes *to, uint32_t value)
{
    uint8_t *p = gb_bytes_add_space(to, 4);

    if (p)
        gb_big_endian_u32(p, value);
}

static inline void gb_put_u64(struct gb_bytes *to, uint64_t value)
{
    uint8_t *p = gb_bytes_add_space(to, 8);

    if (p)
        gb_big_endian_u64(p, value);
}

static inline void gb_put_i32(struct gb_bytes *to, int32_t value)
{
    gb_put_u32(to, (uint32_t)value);
}

static inline void gb_put_i64(struct gb_bytes *to, int64_t value)
{
    gb_put_u64(to, (uint64_t)value);
}

/* n  a multiple of 4: hashes, keys, signatures */
static inline void gb_put_fixed(struct gb_bytes *to, const void *bytes, size_t n)
{
    gb_bytes_add(to, bytes, n);
}

/* n  at most 2^32 - 1; bytes may be NULL where it is 0 */
void gb_put_opaque(struct gb_bytes *to, const void *bytes, size_t n);

/* Reads borrowed bytes from the front. */
struct gb_decoder {
    const uint8_t *bytes;
    size_t n, at;
    const char *expected; /* NULL while all is well; else what was missing at `at` */
    char found[64];       /* the name that stands there instead, where it is one; or "" */
};

/* Remembers the first failure: what was expected (a static string) at byte `at`. */
void gb_decoder_refuse(struct gb_decoder *decoder, size_t at, const char *expected);

/* The next n bytes, or NULL where fewer are left. */
static inline const uint8_t *gb_take_space(struct gb_decoder *decoder, size_t n)
{
    if (decoder->expected || decoder->n - decoder->at < n) {
        gb_decoder_refuse(decoder, decoder->at, "more bytes");
        return NULL;
    }
    decoder->at += n;
    return decoder->bytes + decoder->at - n;
}

/* Each takes one value from the front; after a refusal it gives zeros. */
static inline uint32_t gb_take_u32(struct gb_decoder *decoder)
{
    const uint8_t *p = gb_take_space(decoder, 4);

    return p ? gb_from_big_endian_u32(p) : 0;
}

static inline uint64_t gb_take_u64(struct gb_decoder *decoder)
{
    uint64_t high = gb_take_u32(decoder);

    return high << 32 | gb_take_u32(decoder);
}

static inline int32_t gb_take_i32(struct gb_decoder *decoder)
{
    return (int32_t)gb_take_u32(decoder);
}

static inline int64_t gb_take_i64(struct gb_decoder *decoder)
{
    return (int64_t)gb_take_u64(decoder);
}

static inline void gb_take_fixed(struct gb_decoder *decoder, void *out, size_t n)
{
    const uint8_t *p = gb_take_space(decoder, n);

    if (p)
        memcpy(out, p, n);
    else
        memset(out, 0, n);
}

/* A number from `first` to `last`; anything else is refused with `expected`. */
uint32_t gb_take_choice(struct gb_decoder *decoder, uint32_t first, uint32_t last,
                        const char *expected);
bool gb_take_flag(struct gb_decoder *decoder);
/* The count of an array whose elements take at least `element_size` bytes each: never more than the
 * bytes left could hold, so that memory for it may be taken at once. */
uint32_t gb_take_count(struct gb_decoder *decoder, size_t element_size, const char *expected);
/* An opaque: its bytes (borrowed from the input) and length. NULL: refused */
const uint8_t *gb_take_opaque(struct gb_decoder *decoder, size_t *n);

/* GB_OK if everything was read and nothing is left; else GB_EINPUT: "at byte 8: expected ...". */
enum gb_status gb_decoder_end(struct gb_decoder *decoder, struct gb_error *err);

#endif
