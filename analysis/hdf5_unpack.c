#include "analysis/hdf5_unpack.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "analysis/hdf5_chunk_priv.h"
#include "base/bytes.h"

#define HEADER_BYTES 2   /* of a zlib stream (RFC 1950) */
#define CHECKSUM_BYTES 4 /* behind it */
#define MIN_PLANE 1024   /* bytes from which on runs of zeros are worth knowing */

struct gb_hdf5_unpacker {
    z_stream stream; /* begun once, reset for each chunk */
    uint8_t *packed, *planes;
    size_t packed_size, planes_size;
    size_t plane; /* bytes of a plane of which the zeros are known; 0: none */
    struct gb_hdf5_zeros zeros[GB_HDF5_MAX_PLANES];
};

/* A chunk that is being unpacked: n_planes of `plane` bytes. */
struct chunk {
    struct gb_hdf5_unpacker *unpacker;
    size_t plane, n_planes;
    size_t n_there; /* planes up to the last that is not known to be zero; those behind it are not
                     * written */
    uLong adler;    /* of what is unpacked so far */
};

/* ---- life */

static struct gb_hdf5_unpacker *create_unpacker(void)
{
    struct gb_hdf5_unpacker *unpacker = calloc(1, sizeof *unpacker);

    if (unpacker && inflateInit2(&unpacker->stream, -MAX_WBITS) != Z_OK) {
        free(unpacker);
        unpacker = NULL;
    }
    return unpacker;
}

void gb_hdf5_unpacker_free(struct gb_hdf5_unpacker *unpacker)
{
    if (!unpacker)
        return;
    inflateEnd(&unpacker->stream);
    free(unpacker->packed);
    free(unpacker->planes);
    free(unpacker);
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

/* Makes it if need be, with buffers. returns false without memory */
static bool make_ready(struct gb_hdf5_unpacker **unpacker, size_t n_packed, size_t plane,
                       size_t n_planes)
{
    struct gb_hdf5_unpacker *ready = *unpacker ? *unpacker : create_unpacker();

    *unpacker = ready;
    if (!ready || !reach(&ready->packed, &ready->packed_size, n_packed) ||
        !reach(&ready->planes, &ready->planes_size, n_planes * plane))
        return false;
    if (plane >= MIN_PLANE && ready->plane != plane) {
        ready->plane = 0;
        if (!gb_hdf5_pack_zeros(ready->zeros, plane))
            return false;
        ready->plane = plane;
    }
    return true;
}

/* ---- unpacking */

/* Is what stands next so many planes of zeros, packed as they are here? */
static bool is_next(const struct chunk *chunk, size_t n_planes)
{
    const z_stream *stream = &chunk->unpacker->stream;
    const struct gb_hdf5_zeros *zeros = &chunk->unpacker->zeros[n_planes - 1];

    return zeros->n == n_planes * chunk->plane && stream->avail_in >= zeros->n_packed &&
           memcmp(stream->next_in, zeros->packed, zeros->n_packed) == 0;
}

/* Passes over planes of zeros, where they stand next. What is behind them refers to nothing before
 * them if it was packed here; if not, the checksum tells. */
static bool pass_zeros(struct chunk *chunk)
{
    z_stream *stream = &chunk->unpacker->stream;
    size_t k = chunk->unpacker->plane == chunk->plane ? stream->avail_out / chunk->plane : 0;

    if (stream->avail_out % chunk->plane != 0)
        return false;
    while (k > 0 && !is_next(chunk, k))
        k--;
    if (k == 0)
        return false;
    const struct gb_hdf5_zeros *zeros = &chunk->unpacker->zeros[k - 1];
    stream->next_in += zeros->n_packed;
    stream->avail_in -= (uInt)zeros->n_packed;
    stream->next_out += zeros->n;
    stream->avail_out -= (uInt)zeros->n;
    chunk->adler = gb_hdf5_adler_of_zeros(chunk->adler, zeros->n);
    return true;
}

/* Inflates one block of the stream. returns as inflate() does */
static int inflate_block(struct chunk *chunk)
{
    z_stream *stream = &chunk->unpacker->stream;
    const uint8_t *bytes = stream->next_out;
    size_t before = (size_t)(bytes - chunk->unpacker->planes);
    int status = inflate(stream, Z_BLOCK);
    size_t n = (size_t)(stream->next_out - bytes);

    if (n > 0) {
        size_t there = chunk->n_there * chunk->plane;

        if (there < before)
            memset(chunk->unpacker->planes + there, 0, before - there);
        chunk->n_there = (before + n - 1) / chunk->plane + 1;
    }
    chunk->adler = adler32(chunk->adler, bytes, (uInt)n);
    return status;
}

/* Whether these are the bytes with which a zlib stream begins, without a dictionary. */
static bool is_header(const uint8_t bytes[HEADER_BYTES])
{
    return (bytes[0] & 0x0f) == Z_DEFLATED && (bytes[1] & 0x20) == 0 &&
           (bytes[0] << 8 | bytes[1]) % 31 == 0;
}

/* Unpacks the zlib stream of n bytes in unpacker->packed into unpacker->planes. */
static bool inflate_chunk(struct chunk *chunk, size_t n)
{
    struct gb_hdf5_unpacker *unpacker = chunk->unpacker;
    z_stream *stream = &unpacker->stream;
    bool is_at_piece = true; /* a block begins with the next byte */
    int status = Z_OK;

    if (n < HEADER_BYTES || !is_header(unpacker->packed))
        return false;
    inflateReset(stream);
    stream->next_in = unpacker->packed + HEADER_BYTES;
    stream->avail_in = (uInt)(n - HEADER_BYTES);
    stream->next_out = unpacker->planes;
    stream->avail_out = (uInt)(chunk->n_planes * chunk->plane);
    while (status == Z_OK) {
        if (is_at_piece && pass_zeros(chunk))
            continue;
        status = inflate_block(chunk);
        is_at_piece = (stream->data_type & 0x80) != 0 && (stream->data_type & 0x07) == 0;
    }
    return status == Z_STREAM_END && stream->avail_out == 0 && stream->avail_in >= CHECKSUM_BYTES &&
           chunk->adler == gb_from_big_endian_u32(stream->next_in);
}

/* Reads the bytes of a chunk as they are in the file. returns how many, 0: none */
static size_t read_packed(struct gb_hdf5_unpacker **unpacker, hid_t dataset, size_t chunk,
                          size_t size, size_t first)
{
    size_t max = chunk * size; /* what is packed into more is HDF5's */
    hsize_t start[1] = {first}, n = 0;
    uint32_t left_out = 0;

    if (H5Dget_chunk_storage_size(dataset, start, &n) < 0 || n == 0 || n > max + max / 64 + 64)
        return 0;
    if (!make_ready(unpacker, (size_t)n, chunk, size) ||
        H5Dread_chunk(dataset, H5P_DEFAULT, start, &left_out, (*unpacker)->packed) < 0 ||
        left_out != 0)
        return 0;
    return (size_t)n;
}

bool gb_hdf5_unpack(struct gb_hdf5_unpacker **unpacker, hid_t dataset, size_t chunk, size_t size,
                    size_t first, size_t n, void *numbers)
{
    size_t n_packed = read_packed(unpacker, dataset, chunk, size, first);
    struct chunk unpacked = {*unpacker, chunk, size, 0, 1};

    if (n_packed == 0 || !inflate_chunk(&unpacked, n_packed))
        return false;
    if (n == chunk) {
        gb_hdf5_unshuffle(numbers, (*unpacker)->planes, n, size, unpacked.n_there);
        return true;
    }
    char *whole = malloc(chunk * size); /* the last chunk holds more than the column */
    if (whole) {
        gb_hdf5_unshuffle(whole, (*unpacker)->planes, chunk, size, unpacked.n_there);
        memcpy(numbers, whole, n * size);
    }
    free(whole);
    return whole != NULL;
}
