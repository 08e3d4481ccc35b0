#include "analysis/hdf5_chunk_priv.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "analysis/hdf5_shuffle_priv.h"
#include "base/bytes.h"

#define MAX_PLANES GB_HDF5_MAX_PLANES
#define PIECE_EXTRA 64   /* bytes of a piece, beyond those that zlib's bound counts for all */
#define ADLER_BASE 65521 /* RFC 1950 */

struct gb_hdf5_packer {
    z_stream stream; /* begun once, reset for each piece */
    uint8_t *shuffled, *packed;
    size_t shuffled_size, packed_size;
    size_t n_packed;                        /* of the chunk at hand */
    struct gb_hdf5_zeros zeros[MAX_PLANES]; /* by the number of planes */
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
    struct gb_hdf5_zeros *kept = &packer->zeros[planes - 1];
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

bool gb_hdf5_pack_zeros(struct gb_hdf5_zeros zeros[GB_HDF5_MAX_PLANES], size_t n)
{
    struct gb_hdf5_packer *packer = create_packer();
    uint8_t *planes = calloc(MAX_PLANES, n);
    bool ok = packer && planes &&
              reach(&packer->packed, &packer->packed_size,
                    deflateBound(&packer->stream, MAX_PLANES * n) + PIECE_EXTRA);

    for (size_t k = 1; ok && k <= MAX_PLANES; k++) {
        packer->n_packed = 0;
        put_zeros(packer, planes, k * n, k);
    }
    if (ok)
        memcpy(zeros, packer->zeros, sizeof packer->zeros);
    free(planes);
    gb_hdf5_packer_free(packer);
    return ok;
}

unsigned long gb_hdf5_adler_of_zeros(unsigned long adler, size_t n)
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
        adler = is_empty ? gb_hdf5_adler_of_zeros(adler, n_bytes)
                         : adler32(adler, bytes, (uInt)n_bytes);
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
        gb_hdf5_shuffle(packer->shuffled, values, n, size);
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
