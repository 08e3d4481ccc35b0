#include "analysis/hdf5_chunk_priv.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/bytes.h"

#define MAX_PLANES 8     /* bytes of a number */
#define PIECE_EXTRA 64   /* bytes of a piece, beyond those that zlib's bound counts for all */
#define ADLER_BASE 65521 /* RFC 1950 */

/* A run of zeros, deflated. */
struct zeros {
    size_t n, n_packed; /* 0: none is kept */
    uint8_t packed[120];
};

struct gb_hdf5_packer {
    z_stream stream; /* begun once, reset for each piece */
    uint8_t *shuffled, *packed;
    size_t shuffled_size, packed_size;
    size_t n_packed;                /* of the chunk at hand */
    struct zeros zeros[MAX_PLANES]; /* by the number of planes */
};

/* ---- life */

static struct gb_hdf5_packer *create_packer(void)
{
    struct gb_hdf5_packer *packer = calloc(1, sizeof *packer);

    if (packer && deflateInit2(&packer->stream, GB_HDF5_DEFLATE_LEVEL, Z_DEFLATED, -MAX_WBITS,
                               MAX_MEM_LEVEL - 1, Z_RLE) != Z_OK) {
        free(packer);
        packer = NULL;
    }
    return packer;
}

void gb_hdf5_packer_free(struct gb_hdf5_packer *packer)
{
    if (!packer)
        return;
    deflateEnd(&packer->stream);
    free(packer->shuffled);
    free(packer->packed);
    free(packer);
}

static bool reach(uint8_t **buffer, size_t *size, size_t n)
{
    if (n <= *size)
        return true;
    free(*buffer);
    *buffer = malloc(n);
    *size = *buffer ? n : 0;
    return *buffer != NULL;
}

/* A packer with buffers for n bytes; NULL without memory. */
static struct gb_hdf5_packer *ready_packer(struct gb_hdf5_out *out, size_t n)
{
    struct gb_hdf5_packer *packer = out->packer ? out->packer : create_packer();

    out->packer = packer;
    if (packer && reach(&packer->shuffled, &packer->shuffled_size, n) &&
        reach(&packer->packed, &packer->packed_size,
              deflateBound(&packer->stream, n) + (MAX_PLANES + 1) * PIECE_EXTRA))
        return packer;
    gb_hdf5_no_memory(out);
    return NULL;
}

/* ---- shuffling */

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

/* All lowest bytes first, then all second ones, and so on: the order of the file, little-endian,
 * whatever that of the machine is. Eight numbers at a time, so that each byte is no store of its
 * own. */
static void shuffle_numbers(uint8_t *to, const char *from, size_t n, size_t size)
{
    size_t i = 0;

    for (; i + 8 <= n; i += 8) {
        uint64_t words[8];

        for (size_t k = 0; k < 8; k++)
            words[k] = load(from + (i + k) * size, size);
        transpose(words);
        for (size_t byte = 0; byte < size; byte++)
            gb_little_endian_u64(to + byte * n + i, words[byte]);
    }
    for (; i < n; i++)
        for (size_t byte = 0; byte < size; byte++)
            to[byte * n + i] = (uint8_t)(load(from + i * size, size) >> 8 * byte);
}

/* ---- packing */

/* Deflates bytes to the end of what is packed. The piece ends with a whole byte and needs nothing
 * that was before it. */
static void put_piece(struct gb_hdf5_packer *packer, const uint8_t *bytes, size_t n)
{
    z_stream *stream = &packer->stream;

    deflateReset(stream);
    stream->next_in = (Bytef *)(uintptr_t)bytes;
    stream->avail_in = (uInt)n;
    stream->next_out = packer->packed + packer->n_packed;
    stream->avail_out = (uInt)(packer->packed_size - packer->n_packed);
    deflate(stream, Z_SYNC_FLUSH);
    packer->n_packed += stream->total_out;
}

static void put_bytes(struct gb_hdf5_packer *packer, const void *bytes, size_t n)
{
    memcpy(packer->packed + packer->n_packed, bytes, n);
    packer->n_packed += n;
}

/* Zeros of so many planes: the same piece again and again. */
static void put_zeros(struct gb_hdf5_packer *packer, const uint8_t *bytes, size_t n, size_t planes)
{
    struct zeros *kept = &packer->zeros[planes - 1];
    size_t before = packer->n_packed;

    if (kept->n == n) {
        put_bytes(packer, kept->packed, kept->n_packed);
        return;
    }
    put_piece(packer, bytes, n);
    if (packer->n_packed - before > sizeof kept->packed)
        return;
    kept->n = n;
    kept->n_packed = packer->n_packed - before;
    memcpy(kept->packed, packer->packed + before, kept->n_packed);
}

/* The checksum of a zlib stream that goes on with n zeros. */
static uLong adler_of_zeros(uLong adler, size_t n)
{
    uint64_t low = adler & 0xffff, high = adler >> 16;

    return (uLong)((high + n % ADLER_BASE * low) % ADLER_BASE << 16 | low);
}

static bool is_zero(const uint8_t *plane, size_t n)
{
    return plane[0] == 0 && memcmp(plane, plane + 1, n - 1) == 0;
}

/* One zlib stream (RFC 1950) of planes of n bytes each. */
static void pack(struct gb_hdf5_packer *packer, const uint8_t *planes, size_t n_planes, size_t n)
{
    static const uint8_t head[] = {0x78, 0x01}, last_block[] = {0x03, 0x00};
    uint8_t checksum[4];
    uLong adler = 1;

    packer->n_packed = 0;
    put_bytes(packer, head, sizeof head);
    for (size_t first = 0, end; first < n_planes; first = end) {
        const uint8_t *bytes = planes + first * n;
        bool is_empty = is_zero(bytes, n);

        for (end = first + 1; end < n_planes && is_zero(planes + end * n, n) == is_empty; end++)
            ;
        size_t n_bytes = (end - first) * n;
        if (is_empty)
            put_zeros(packer, bytes, n_bytes, end - first);
        else
            put_piece(packer, bytes, n_bytes);
        adler = is_empty ? adler_of_zeros(adler, n_bytes) : adler32(adler, bytes, (uInt)n_bytes);
    }
    put_bytes(packer, last_block, sizeof last_block);
    gb_big_endian_u32(checksum, (uint32_t)adler);
    put_bytes(packer, checksum, sizeof checksum);
}

/* Numbers byte by byte of theirs, flags and hashes as they are. */
static void pack_values(struct gb_hdf5_packer *packer, enum gb_field_kind kind, size_t n,
                        const void *values)
{
    size_t size = gb_field_size(kind);

    if (size == sizeof(uint64_t) || size == sizeof(uint32_t)) {
        shuffle_numbers(packer->shuffled, values, n, size);
        pack(packer, packer->shuffled, size, n);
    } else
        pack(packer, values, 1, n * size);
}

void gb_hdf5_write_chunk(struct gb_hdf5_out *out, hid_t column, enum gb_field_kind kind,
                         hsize_t first, size_t n, const void *values)
{
    hsize_t start[2] = {first, 0};
    struct gb_hdf5_packer *packer = ready_packer(out, n * gb_field_size(kind));

    if (!packer)
        return;
    if (first > 0)
        gb_hdf5_extend(out, column, kind == GB_FIELD_HASH ? GB_HASH_BYTES : 0, first + n);
    pack_values(packer, kind, n, values);
    gb_hdf5_did(out,
                H5Dwrite_chunk(column, H5P_DEFAULT, 0, start, packer->n_packed, packer->packed));
}
